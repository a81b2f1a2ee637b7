//! The schema goes up and down, is what the entities say, and guards what no program may break.

use std::collections::BTreeSet;

use schakel_domain::refusal::Refusal;
use schakel_migrations::{Migrator, MigratorTrait, TABLES};
use schakel_server::{
    entity::{audit, busy, case_circle, case_event, person, region, thuiszitter},
    error::Error,
};
use schakel_tests::{
    Folder, database,
    needs::{Need, in_turn},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait,
    IdenStatic, Iterable, Statement,
};
use uuid::Uuid;

/// sea-orm's own table of the steps taken.
const STEPS: &str = "seaql_migrations";
const HOUR: i64 = 3_600_000_000;

/// An empty database, without a schema.
async fn empty() -> (Folder, DatabaseConnection) {
    let folder = Folder::new();
    let url = database(&folder).await;
    let url = if url.starts_with("sqlite:") { format!("{url}?mode=rwc") } else { url };
    (folder, sea_orm::Database::connect(url).await.unwrap())
}

async fn migrated() -> (Folder, DatabaseConnection) {
    let (folder, db) = empty().await;
    Migrator::up(&db, None).await.unwrap();
    (folder, db)
}

/// The first column of what `postgres` or `sqlite` asks.
async fn texts(db: &DatabaseConnection, postgres: &str, sqlite: &str) -> BTreeSet<String> {
    let backend = db.get_database_backend();
    let sql = if backend == DbBackend::Postgres { postgres } else { sqlite };
    let rows = db.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

async fn tables(db: &DatabaseConnection) -> BTreeSet<String> {
    let mut tables = texts(
        db,
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'",
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .await;
    tables.remove(STEPS);
    tables
}

/// What is in the schema beside tables: triggers, functions, indexes of our own.
async fn rest(db: &DatabaseConnection) -> BTreeSet<String> {
    texts(
        db,
        "SELECT proname::text FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
         WHERE nspname = 'public' AND proname = 'append_only'
         UNION SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL",
    )
    .await
}

fn all_tables() -> BTreeSet<String> {
    TABLES.iter().map(|table| (*table).to_owned()).collect()
}

#[tokio::test]
async fn the_schema_goes_up_and_down_and_up_again() {
    let (_folder, db) = empty().await;
    Migrator::up(&db, None).await.unwrap();
    assert_eq!(tables(&db).await, all_tables());
    let (first, steps) = (rest(&db).await, Migrator::migrations().len());
    for step in 1..=steps {
        Migrator::down(&db, Some(1)).await.unwrap_or_else(|error| panic!("step {step} down: {error}"));
    }
    assert_eq!(tables(&db).await, BTreeSet::new());
    assert_eq!(rest(&db).await, BTreeSet::new());
    Migrator::up(&db, None).await.unwrap();
    assert_eq!(tables(&db).await, all_tables());
    assert_eq!(rest(&db).await, first);
}

/// Columns as `name` or `name?` when they may be empty: those of the database.
async fn columns(db: &DatabaseConnection, table: &str) -> BTreeSet<String> {
    texts(
        db,
        &format!(
            "SELECT column_name || CASE is_nullable WHEN 'YES' THEN '?' ELSE '' END
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
        ),
        &format!(
            "SELECT name || CASE \"notnull\" WHEN 0 THEN '?' ELSE '' END FROM pragma_table_info('{table}')"
        ),
    )
    .await
}

/// The same of the entity, which is also read once.
async fn entity<E>(db: &DatabaseConnection) -> BTreeSet<String>
where
    E: EntityTrait,
    E::Column: ColumnTrait,
{
    E::find().all(db).await.unwrap();
    let column = |column: E::Column| {
        let empty = if column.def().is_null() { "?" } else { "" };
        format!("{}{empty}", column.as_str())
    };
    E::Column::iter().map(column).collect()
}

macro_rules! entities {
    ($db:expr, $($table:ident)*) => {
        [$((stringify!($table), entity::<schakel_server::entity::$table::Entity>($db).await)),*]
    };
}

#[tokio::test]
async fn entities_are_what_the_schema_says() {
    let (_folder, db) = migrated().await;
    let entities = entities![&db,
        absence action affiliation answer_page area audit audit_leaf audit_seal busy busy_span case_circle case_computation case_decision case_event
        case_fact case_guest case_parent case_track case_view cluster cluster_guide cluster_member consent consent_signature consultation
        consultation_room consultation_share counter_proposal date_override decision_check destruction destruction_part duty_done emergency erasure
        excluded_postcode expertise feed granted_hours held_news hold household_basis hulpvraag inbound_mail indicator indicator_value information_request invitation key_check kind_profile legal_hold login
        mail_address mail_pause mail_profile mail_wishes meeting_limits monitor_case obliged on_call_shift organisation
        outbox outside_calendar parent_wishes participant partner person person_language place_point plan_action plan_goal plan_milestone
        policy_profile professional provision rectification
        region region_agreement register_change request retention_profile room school school_closure school_holiday
        school_team_link series signal subject_key subscription support_spending survey survey_school system_client system_token task_reminder team team_area thuiszitter
        time_poll time_poll_link time_poll_option time_poll_voter token track_step travel travel_usual waiting_entry
        waiting_seat web_session weekly_hours
    ];
    let named: BTreeSet<String> = entities.iter().map(|(table, _)| (*table).to_owned()).collect();
    assert_eq!(named, all_tables());
    for (table, entity) in entities {
        assert_eq!(entity, columns(&db, table).await, "{table}");
    }
}

fn a_person(id: Uuid) -> person::ActiveModel {
    person::ActiveModel {
        id: Set(id),
        private: Set(false),
        sealed_name: Set(None),
        sealed_email: Set(None),
        sealed_phone: Set(None),
        sealed_birth_date: Set(None),
        address_confidential: Set(false),
        language: Set("nl".into()),
        created_at: Set(0),
    }
}

/// A person who is taken for the hours `from` to `until`.
async fn take(
    db: &DatabaseConnection,
    person: Uuid,
    meeting: u128,
    from: i64,
    until: i64,
) -> Result<(), DbErr> {
    let row = busy::ActiveModel {
        calendar_id: Set(person),
        booking_id: Set(Uuid::from_u128(meeting)),
        region_id: Set(Uuid::nil()),
        starts_at: Set(from * HOUR),
        ends_at: Set(until * HOUR),
        lead: Set(0),
        remote: Set(false),
        place_id: Set(None),
        expires_at: Set(None),
    };
    busy::Entity::insert(row).exec_without_returning(db).await.map(|_| ())
}

/// Moves that meeting.
async fn shift(
    db: &DatabaseConnection,
    person: Uuid,
    meeting: u128,
    from: i64,
    until: i64,
) -> Result<(), DbErr> {
    let row = busy::ActiveModel {
        calendar_id: Set(person),
        booking_id: Set(Uuid::from_u128(meeting)),
        starts_at: Set(from * HOUR),
        ends_at: Set(until * HOUR),
        ..Default::default()
    };
    busy::Entity::update(row).exec(db).await.map(|_| ())
}

fn is_conflict(done: Result<(), DbErr>) -> bool {
    match done.map_err(Error::from) {
        Ok(()) => false,
        Err(Error::Refused(Refusal::TimeConflict, _)) => true,
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_database_itself_refuses_to_take_a_person_twice() {
    let (_folder, db) = migrated().await;
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    for id in [one, other] {
        person::Entity::insert(a_person(id)).exec_without_returning(&db).await.unwrap();
    }
    take(&db, one, 1, 10, 12).await.unwrap();
    for (from, until) in [(10, 12), (11, 13), (9, 11), (9, 13), (10, 11), (5, 11)] {
        assert!(is_conflict(take(&db, one, 2, from, until).await), "{from} to {until}");
    }
    take(&db, one, 2, 12, 13).await.expect("back to back after");
    take(&db, one, 3, 9, 10).await.expect("back to back before");
    take(&db, other, 1, 10, 12).await.expect("somebody else");

    assert!(is_conflict(shift(&db, one, 2, 11, 13).await), "moved into another");
    assert!(is_conflict(shift(&db, one, 3, 9, 11).await), "made longer into another");
    shift(&db, one, 2, 13, 14).await.expect("moved to free time");
    shift(&db, one, 1, 11, 13).await.expect("moved over where it was itself");
    assert!(is_conflict(take(&db, one, 4, 12, 13).await), "the move counts");
}

/// Changes what must stay free before a meeting.
async fn lead(db: &DatabaseConnection, person: Uuid, meeting: u128, hours: i64) -> Result<(), DbErr> {
    let row = busy::ActiveModel {
        calendar_id: Set(person),
        booking_id: Set(Uuid::from_u128(meeting)),
        lead: Set(hours * HOUR),
        ..Default::default()
    };
    busy::Entity::update(row).exec(db).await.map(|_| ())
}

#[tokio::test]
async fn x02_the_database_itself_keeps_the_way_to_a_meeting_free() {
    let (_folder, db) = migrated().await;
    let one = Uuid::from_u128(1);
    take(&db, one, 1, 10, 12).await.unwrap();
    take(&db, one, 2, 14, 16).await.unwrap();
    lead(&db, one, 2, 2).await.expect("back to back with the way");
    assert!(is_conflict(lead(&db, one, 2, 3).await), "the way begins before the meeting before ends");
    assert!(is_conflict(take(&db, one, 3, 12, 13).await), "on the way");
    assert!(is_conflict(shift(&db, one, 1, 11, 13).await), "moved into the way");
    lead(&db, one, 2, 1).await.unwrap();
    take(&db, one, 3, 12, 13).await.expect("before the way");
    assert!(is_conflict(lead(&db, one, 3, 1).await));
    take(&db, one, 4, 24, 32).await.expect("as long as can be");
    take(&db, one, 5, 36, 37).await.unwrap();
    lead(&db, one, 5, 4).await.expect("four hours after eight");
    assert!(is_conflict(take(&db, one, 6, 32, 33).await));
    lead(&db, one, 4, 5).await.expect_err("no way is longer than four hours");
}

/// A case with one event, and one audit line.
async fn a_past(db: &DatabaseConnection) {
    let (region_id, id) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let region = region::Model {
        id: region_id,
        swv_code: "PO9901".into(),
        display_name: "SWV".into(),
        sender_name: "Overleg".into(),
        created_at: 0,
    };
    region::Entity::insert(region::ActiveModel::from(region)).exec_without_returning(db).await.unwrap();
    person::Entity::insert(a_person(id)).exec_without_returning(db).await.unwrap();
    let circle = case_circle::Model {
        region_id,
        case_id: id,
        school_id: None,
        gemeente_code: "GM0983".into(),
        child_id: id,
        open: true,
        hold: None,
        escalation_level: 0,
        escalated_on: None,
    };
    case_circle::Entity::insert(case_circle::ActiveModel::from(circle))
        .exec_without_returning(db)
        .await
        .unwrap();
    let case = thuiszitter::ActiveModel {
        region_id: Set(region_id),
        id: Set(id),
        reference: Set("K7Q-4MD".into()),
        state: Set("OPEN".into()),
        stage: Set("SIGNALLED".into()),
        escalation_level: Set(0),
        child_index: Set(vec![1]),
        first_absence_day: Set("2026-11-02".parse().unwrap()),
        sealed_facts: Set(vec![1]),
        opened_at: Set(0),
        reopened: Set(0),
        version: Set(1),
        ..Default::default()
    };
    thuiszitter::Entity::insert(case).exec_without_returning(db).await.unwrap();
    let event = case_event::ActiveModel {
        region_id: Set(region_id),
        id: Set(id),
        case_id: Set(id),
        at: Set(0),
        kind: Set("OPENED".into()),
        role: Set("IB".into()),
        subject: Set("case".into()),
        ..Default::default()
    };
    case_event::Entity::insert(event).exec_without_returning(db).await.unwrap();
    let line = audit::ActiveModel {
        region_id: Set(region_id),
        id: Set(id),
        at: Set(0),
        actor_kind: Set("USER".into()),
        role: Set("IB".into()),
        purpose: Set(String::new()),
        action: Set("READ".into()),
        method: Set("GetCase".into()),
        rule_id: Set("own_school".into()),
        object_type: Set("case".into()),
        field_classes: Set("K2".into()),
        row_mac: Set(vec![1]),
        ..Default::default()
    };
    audit::Entity::insert(line).exec_without_returning(db).await.unwrap();
}

#[tokio::test]
async fn what_happened_can_be_neither_changed_nor_removed() {
    let (_folder, db) = migrated().await;
    a_past(&db).await;
    let mut forgeries = vec![
        "UPDATE audit SET role = 'FG'",
        "DELETE FROM audit",
        "UPDATE case_event SET kind = 'CLOSED'",
        "DELETE FROM case_event",
    ];
    if db.get_database_backend() == DbBackend::Postgres {
        forgeries.extend(["TRUNCATE audit", "TRUNCATE case_event"]);
    }
    for forgery in forgeries {
        let refused = db.execute_unprepared(forgery).await.expect_err(forgery);
        assert!(refused.to_string().contains("APPEND_ONLY"), "{forgery}: {refused}");
    }
    assert_eq!(audit::Entity::find().all(&db).await.unwrap()[0].role, "IB");
    assert_eq!(case_event::Entity::find().all(&db).await.unwrap()[0].kind, "OPENED");
}

#[test]
fn a_run_without_postgresql_says_so() {
    if !in_turn() {
        Need::Postgres.or_skip("everything of tests/it on PostgreSQL");
    }
}
