//! The schema, one step at a time, for SQLite and PostgreSQL from the same text.
//!
//! A step is SQL in common words: `UUID`, `BYTES`, `INSTANT` (microseconds since 1970,
//! UTC), `LONG`, `DATE`, `BOOL`, `INT`, `TEXT`. [`dialect`] spells them for the database at hand;
//! what truly differs (overlap and append-only guards) is written out for both.

pub use sea_orm_migration::{DbErr, MigratorTrait, SchemaManager};
use sea_orm_migration::{
    prelude::{ConnectionTrait, async_trait},
    sea_orm::DbBackend,
};

mod m20261121_000001_access;
mod m20261121_000002_directory;
mod m20261121_000003_availability;
mod m20261121_000004_hulpvraag;
mod m20261121_000005_consultation;
mod m20261121_000006_thuiszitter;
mod m20261121_000007_invitation;
mod m20261121_000008_hold;
mod m20261121_000009_identity;
mod m20261121_000010_consent;
mod m20261121_000011_audit;
mod m20261121_000012_vault;
mod m20261121_000013_privacy;
mod m20261122_000014_agenda;
mod m20261122_000016_outside;
mod m20261122_000017_kinds;
mod m20261122_000018_series;
mod m20261122_000019_staff;
mod m20261122_000020_polls;
mod m20261122_000021_register;
mod m20261122_000022_former;
mod m20261122_000029_register_change;
mod m20261123_000023_relay;
mod m20261123_000024_letters;
mod m20261123_000026_feed;
mod m20261123_000027_answers;
mod m20261123_000028_inbox;
mod m20261123_000030_told;
mod m20261123_000031_facts;
mod m20261123_000032_plan;
mod m20261123_000033_escalation;
mod m20261123_000034_monitor;
mod m20261123_000035_subscription;
mod m20261123_000040_span_version;
mod m20261123_000041_information;
mod m20261123_000042_tracks;
mod m20261123_000044_task_reminder;
mod m20261123_000046_category;
mod m20261123_000047_provision;
mod m20261123_000048_hours;
mod m20261123_000050_sessions;
mod m20261123_000052_signal;
mod m20261123_000053_indicator;
mod m20261123_000054_survey;
mod m20261123_000055_milestone;
mod m20261123_000056_step_back;
mod m20261123_000057_session_purpose;
mod m20261123_000058_household;
mod m20261123_000060_sums;
mod m20261123_000061_duty;
mod m20261123_000062_tried;
mod m20261123_000064_external_references;
mod m20261123_000065_fact_reason;
mod m20261123_000066_school_sector;
mod m20261123_000067_practice;
mod m20261123_000068_track_until;
mod m20261123_000069_obliged;

/// Every step, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn sea_orm_migration::MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_access::Step),
            Box::new(m20261121_000002_directory::Step),
            Box::new(m20261121_000003_availability::Step),
            Box::new(m20261121_000004_hulpvraag::Step),
            Box::new(m20261121_000005_consultation::Step),
            Box::new(m20261121_000006_thuiszitter::Step),
            Box::new(m20261121_000007_invitation::Step),
            Box::new(m20261121_000008_hold::Step),
            Box::new(m20261121_000009_identity::Step),
            Box::new(m20261121_000010_consent::Step),
            Box::new(m20261121_000011_audit::Step),
            Box::new(m20261121_000012_vault::Step),
            Box::new(m20261121_000013_privacy::Step),
            Box::new(m20261122_000014_agenda::Step),
            Box::new(m20261122_000016_outside::Step),
            Box::new(m20261122_000017_kinds::Step),
            Box::new(m20261122_000018_series::Step),
            Box::new(m20261122_000019_staff::Step),
            Box::new(m20261122_000020_polls::Step),
            Box::new(m20261122_000021_register::Step),
            Box::new(m20261122_000022_former::Step),
            Box::new(m20261122_000029_register_change::Step),
            Box::new(m20261123_000023_relay::Step),
            Box::new(m20261123_000024_letters::Step),
            Box::new(m20261123_000026_feed::Step),
            Box::new(m20261123_000027_answers::Step),
            Box::new(m20261123_000028_inbox::Step),
            Box::new(m20261123_000030_told::Step),
            Box::new(m20261123_000031_facts::Step),
            Box::new(m20261123_000032_plan::Step),
            Box::new(m20261123_000033_escalation::Step),
            Box::new(m20261123_000034_monitor::Step),
            Box::new(m20261123_000035_subscription::Step),
            Box::new(m20261123_000040_span_version::Step),
            Box::new(m20261123_000041_information::Step),
            Box::new(m20261123_000042_tracks::Step),
            Box::new(m20261123_000044_task_reminder::Step),
            Box::new(m20261123_000046_category::Step),
            Box::new(m20261123_000047_provision::Step),
            Box::new(m20261123_000048_hours::Step),
            Box::new(m20261123_000050_sessions::Step),
            Box::new(m20261123_000052_signal::Step),
            Box::new(m20261123_000053_indicator::Step),
            Box::new(m20261123_000054_survey::Step),
            Box::new(m20261123_000055_milestone::Step),
            Box::new(m20261123_000056_step_back::Step),
            Box::new(m20261123_000057_session_purpose::Step),
            Box::new(m20261123_000058_household::Step),
            Box::new(m20261123_000060_sums::Step),
            Box::new(m20261123_000061_duty::Step),
            Box::new(m20261123_000062_tried::Step),
            Box::new(m20261123_000064_external_references::Step),
            Box::new(m20261123_000065_fact_reason::Step),
            Box::new(m20261123_000066_school_sector::Step),
            Box::new(m20261123_000067_practice::Step),
            Box::new(m20261123_000068_track_until::Step),
            Box::new(m20261123_000069_obliged::Step),
        ]
    }
}

/// The tables of which changes are counted in `register_change`.
pub fn counted() -> impl Iterator<Item = &'static str> {
    m20261122_000029_register_change::COUNTED.iter().chain(m20261123_000060_sums::COUNTED).copied()
}

/// The tables of the whole schema, children before parents.
pub const TABLES: &[&str] = &[
    "household_basis",
    "duty_done",
    "plan_goal",
    "plan_milestone",
    "survey_school",
    "survey",
    "web_session",
    "subscription",
    "register_change",
    "consultation_share",
    "region_agreement",
    "excluded_postcode",
    "cluster_guide",
    "provision",
    "granted_hours",
    "support_spending",
    "obliged",
    "signal",
    "indicator_value",
    "indicator",
    "expertise",
    "person_language",
    "partner",
    "parent_wishes",
    "answer_page",
    "counter_proposal",
    "time_poll_link",
    "time_poll_voter",
    "time_poll_option",
    "time_poll",
    "audit_seal",
    "audit_leaf",
    "emergency",
    "consent_signature",
    "consent",
    "destruction_part",
    "destruction",
    "retention_profile",
    "rectification",
    "legal_hold",
    "feed",
    "task_reminder",
    "held_news",
    "mail_wishes",
    "mail_profile",
    "invitation",
    "mail_address",
    "outbox",
    "kind_profile",
    "plan_action",
    "information_request",
    "track_step",
    "case_track",
    "monitor_case",
    "case_view",
    "decision_check",
    "case_decision",
    "case_computation",
    "case_fact",
    "case_event",
    "thuiszitter",
    "action",
    "consultation_room",
    "participant",
    "consultation",
    "series",
    "hulpvraag",
    "inbound_mail",
    "hold",
    "travel_usual",
    "travel",
    "place_point",
    "room",
    "busy_span",
    "busy",
    "waiting_seat",
    "waiting_entry",
    "on_call_shift",
    "meeting_limits",
    "date_override",
    "outside_calendar",
    "school_holiday",
    "absence",
    "weekly_hours",
    "school_team_link",
    "team_area",
    "team",
    "cluster_member",
    "cluster",
    "school_closure",
    "school",
    "area",
    "policy_profile",
    "audit",
    "request",
    "key_check",
    "erasure",
    "mail_pause",
    "login",
    "system_token",
    "system_client",
    "token",
    "subject_key",
    "case_guest",
    "case_parent",
    "case_circle",
    "affiliation",
    "professional",
    "person",
    "organisation",
    "region",
];

/// Spells a step's SQL for `backend`.
fn dialect(sql: &str, backend: DbBackend) -> String {
    let words: &[(&str, &str)] = if backend == DbBackend::Postgres {
        &[
            ("UUID", "uuid"),
            ("BYTES", "bytea"),
            ("INSTANT", "bigint"),
            ("LONG", "bigint"),
            ("DATE", "date"),
            ("BOOL", "boolean"),
            ("INT", "integer"),
            ("STRICT", ""),
        ]
    } else {
        &[
            ("UUID", "BLOB"),
            ("BYTES", "BLOB"),
            ("INSTANT", "INTEGER"),
            ("LONG", "INTEGER"),
            ("DATE", "TEXT"),
            ("BOOL", "INTEGER"),
            ("INT", "INTEGER"),
        ]
    };
    sql.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .map(|token| {
            let word = token.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let rest = &token[word.len()..];
            words
                .iter()
                .find(|(common, _)| *common == word)
                .map_or_else(|| token.to_owned(), |(_, own)| format!("{own}{rest}"))
        })
        .collect()
}

/// Runs `common`, then what only this database needs.
async fn run(manager: &SchemaManager<'_>, common: &str, sqlite: &str, postgres: &str) -> Result<(), DbErr> {
    let backend = manager.get_database_backend();
    let own = if backend == DbBackend::Postgres { postgres } else { sqlite };
    let connection = manager.get_connection();
    if backend == DbBackend::Postgres {
        // A table with something left to do at the commit cannot be altered.
        connection.execute_unprepared("SET CONSTRAINTS ALL IMMEDIATE").await?;
    }
    for sql in [dialect(common, backend), own.to_owned()] {
        if !sql.trim().is_empty() {
            connection.execute_unprepared(&sql).await?;
        }
    }
    Ok(())
}

/// Drops tables, newest first.
async fn drop(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables {
        manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
    }
    Ok(())
}

/// Declares one step: its SQL up, and on the way down the tables it drops and the SQL
/// that takes back what it did to others.
macro_rules! step {
    (up: $up:expr, sqlite: $sqlite:expr, postgres: $postgres:expr, down: [$($table:literal),* $(,)?], $(undo: $undo:expr,)? $(sqlite_down: $sqlite_down:expr,)? postgres_down: $postgres_down:expr $(,)?) => {
        /// This step.
        #[derive(sea_orm_migration::prelude::DeriveMigrationName)]
        pub(crate) struct Step;

        #[sea_orm_migration::prelude::async_trait::async_trait]
        impl sea_orm_migration::MigrationTrait for Step {
            async fn up(&self, manager: &sea_orm_migration::SchemaManager) -> Result<(), sea_orm_migration::DbErr> {
                crate::run(manager, $up, $sqlite, $postgres).await
            }

            async fn down(&self, manager: &sea_orm_migration::SchemaManager) -> Result<(), sea_orm_migration::DbErr> {
                crate::drop(manager, &[$($table),*]).await?;
                $(crate::run(manager, $undo, "", "").await?;)?
                $(crate::run(manager, "", $sqlite_down, "").await?;)?
                crate::run(manager, "", "", $postgres_down).await
            }

            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }
        }
    };
}
use step;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_spelled_anew() {
        assert_eq!(
            dialect("id UUID NOT NULL, INTERVAL INT)", DbBackend::Sqlite),
            "id BLOB NOT NULL, INTERVAL INTEGER)"
        );
        assert_eq!(dialect(") STRICT;", DbBackend::Postgres), ") ;");
    }
}
