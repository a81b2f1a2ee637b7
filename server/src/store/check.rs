//! Whether everything that is sealed still opens: asked after a rotation and after a restore.

use schakel_domain::ids::RegionId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    Statement,
};
use uuid::Uuid;

use super::{
    Read,
    vault::{self, Place},
};
use crate::{
    access::{Grant, Worker},
    app::App,
    entity::request,
    error::Result,
};

/// A sealed column: where its row's id, region and subject stand.
struct Sealed {
    table: &'static str,
    column: &'static str,
    /// The subject, and what must be joined to find it.
    subject: &'static str,
    from: &'static str,
}

const CASE: &str = "JOIN case_circle AS circle ON circle.region_id = t.region_id AND circle.case_id = ";

const fn own(table: &'static str, column: &'static str, subject: &'static str) -> Sealed {
    Sealed { table, column, subject, from: "" }
}

/// About the child of the row's case.
const fn of_case(table: &'static str, column: &'static str) -> Sealed {
    Sealed { table, column, subject: "circle.child_id", from: "t.case_id" }
}

/// Every sealed column but the stored answers, which concern no one subject. A test holds
/// this to the schema.
const COLUMNS: &[Sealed] = &[
    own("person", "sealed_name", "t.id"),
    own("person", "sealed_email", "t.id"),
    own("person", "sealed_phone", "t.id"),
    own("person", "sealed_birth_date", "t.id"),
    Sealed { table: "thuiszitter", column: "sealed_facts", subject: "circle.child_id", from: "t.id" },
    Sealed { table: "thuiszitter", column: "sealed_question", subject: "circle.child_id", from: "t.id" },
    Sealed { table: "thuiszitter", column: "sealed_references", subject: "circle.child_id", from: "t.id" },
    of_case("case_event", "sealed_detail"),
    of_case("case_fact", "sealed_fact"),
    of_case("case_fact", "sealed_reason"),
    of_case("case_decision", "sealed_text"),
    of_case("decision_check", "sealed_found"),
    of_case("case_view", "sealed_text"),
    Sealed {
        table: "case_computation",
        column: "sealed_computation",
        subject: "circle.child_id",
        from: "t.id",
    },
    of_case("plan_action", "sealed_text"),
    of_case("plan_action", "sealed_reason"),
    of_case("information_request", "sealed_note"),
    of_case("track_step", "sealed_note"),
    Sealed { table: "monitor_case", column: "sealed_life", subject: "circle.child_id", from: "t.id" },
    own("hulpvraag", "sealed_question", "t.subject_id"),
    own("hulpvraag", "sealed_reason", "t.subject_id"),
    own("signal", "sealed_text", "t.id"),
    own("signal", "sealed_answer", "t.id"),
    own("consultation", "sealed_outcome", "t.subject_id"),
    own("consultation", "sealed_provider_reason", "t.subject_id"),
    Sealed { table: "action", column: "sealed_text", subject: "meeting.subject_id", from: "" },
    own("outbox", "sealed_payload", "t.recipient_id"),
    own("inbound_mail", "sealed_from", "t.subject_id"),
    own("inbound_mail", "sealed_text", "t.subject_id"),
    of_case("consent", "sealed_note"),
    of_case("consent", "sealed_withdrawal"),
    of_case("emergency", "sealed_reason"),
    of_case("legal_hold", "sealed_reason"),
    own("parent_wishes", "sealed_wishes", "t.person_id"),
    own("rectification", "sealed_before", "t.person_id"),
    own("rectification", "sealed_statement", "t.person_id"),
    own("rectification", "sealed_reason", "t.person_id"),
    own("counter_proposal", "sealed_substitute", "t.subject_id"),
    own("outside_calendar", "sealed_address", "t.person_id"),
    own("subscription", "sealed_address", "t.organisation_id"),
    own("subscription", "sealed_secret", "t.organisation_id"),
    own("subscription", "sealed_former_secret", "t.organisation_id"),
];

/// Rows read at once.
const BATCH: u32 = 1000;

impl Sealed {
    fn sql(&self) -> String {
        let Self { table, column, subject, from } = self;
        let region = if *table == "person" { "NULL" } else { "t.region_id" };
        let joined = match *table {
            "action" => "JOIN consultation AS meeting ON meeting.region_id = t.region_id AND meeting.id = t.consultation_id".to_owned(),
            _ if from.is_empty() => String::new(),
            _ => format!("{CASE}{from}"),
        };
        // Notes for a timeline hold ids only, and are not sealed.
        let kind = if *table == "outbox" { "AND t.kind = 'MAIL'" } else { "" };
        format!(
            "SELECT {region} AS region_id, t.id AS row_id, {subject} AS subject_id, t.{column} AS sealed
             FROM {table} AS t {joined}
             WHERE t.{column} IS NOT NULL AND t.id > $1 {kind} ORDER BY t.id LIMIT {BATCH}"
        )
    }
}

#[derive(FromQueryResult)]
struct Value {
    region_id: Option<Uuid>,
    row_id: Uuid,
    subject_id: Uuid,
    sealed: Vec<u8>,
}

/// What became of one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The table.
    pub table: &'static str,
    /// The column's name.
    pub name: &'static str,
    /// Values that open.
    pub open: u64,
    /// Values of people who were erased, which nobody can open.
    pub erased: u64,
    /// Values that should open and do not.
    pub unreadable: u64,
}

/// The names of all columns that are checked, as `table.column`.
pub fn columns() -> Vec<String> {
    let mut all: Vec<_> = COLUMNS.iter().map(|one| format!("{}.{}", one.table, one.column)).collect();
    all.push("request.sealed_answer".to_owned());
    all
}

impl App {
    /// Opens every sealed value of every table, and forgets it at once.
    pub async fn check_sealed(&self) -> Result<Vec<Found>> {
        let read = self.read(Grant::worker(Worker::Keys, RegionId(Uuid::nil())));
        let mut all = Vec::with_capacity(COLUMNS.len() + 1);
        for column in COLUMNS {
            all.push(read.check_column(column).await?);
        }
        all.push(read.check_answers().await?);
        Ok(all)
    }
}

impl Read {
    async fn check_column(&self, column: &Sealed) -> Result<Found> {
        let backend = self.db().get_database_backend();
        let (table, name) = (column.table, column.column);
        let mut checked = Found { table, name, open: 0, erased: 0, unreadable: 0 };
        let mut after = Uuid::nil();
        loop {
            let asked = Statement::from_sql_and_values(backend, column.sql(), [after.into()]);
            let rows = Value::find_by_statement(asked).all(&self.db()).await?;
            let Some(last) = rows.last() else { return Ok(checked) };
            after = last.row_id;
            let mut subjects: Vec<Uuid> = rows.iter().map(|row| row.subject_id).collect();
            subjects.sort_unstable();
            subjects.dedup();
            let keys = self.readable_keys(&subjects).await?;
            for row in rows {
                let place = Place { table, column: name, row: row.row_id };
                if keys.opens(row.region_id.unwrap_or_default(), row.subject_id, place, &row.sealed) {
                    checked.open += 1;
                } else if self.was_erased(row.subject_id).await? {
                    checked.erased += 1;
                } else {
                    checked.unreadable += 1;
                }
            }
        }
    }

    async fn check_answers(&self) -> Result<Found> {
        let mut checked =
            Found { table: "request", name: "sealed_answer", open: 0, erased: 0, unreadable: 0 };
        let mut after = Uuid::nil();
        loop {
            let rows = request::Entity::find()
                .filter(request::Column::RequestId.gt(after))
                .order_by_asc(request::Column::RequestId)
                .limit(u64::from(BATCH))
                .all(&self.db())
                .await?;
            let Some(last) = rows.last() else { return Ok(checked) };
            after = last.request_id;
            for row in rows {
                if vault::answer(self, row.request_id, row.kek_id.as_deref(), &row.sealed_answer).is_ok() {
                    checked.open += 1;
                } else {
                    checked.unreadable += 1;
                }
            }
        }
    }
}
