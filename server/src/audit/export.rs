//! The log as a file: all of it as JSON lines or CSV, or in the terms of a standard.

use std::io::{self, Write};

use schakel_domain::ids::{OrganisationId, PersonId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    read::{LOG, Wanted},
    store,
};
use crate::{
    access::Grant,
    app::App,
    entity::audit::Model,
    error::Result,
    store::{
        audit::{Deed, Line},
        instant::from_column,
        keys::hex,
    },
};

/// Lines read at once.
const PAGE: u64 = 2_000;

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Format {
    /// One JSON object a line, every column.
    Jsonl,
    /// Every column, for a spreadsheet.
    Csv,
    /// Logboek Dataverwerkingen: a record per data subject, without the user.
    Ldv,
    /// NEN 7513, with the user.
    Nen7513,
}

/// Writes what is wanted to `out`, oldest first; that it was, is written down before.
pub async fn export(
    app: &App,
    grant: &Grant,
    wanted: &Wanted,
    format: Format,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    app.write(grant, None, |tx| async move {
        let count = store::count(&tx, wanted).await?;
        let subject = wanted.subject.map(|person| person.0);
        let line = Line { deed: Deed::X, object: "audit", id: None, subject, classes: LOG };
        tx.audit_counted(line, count).await
    })
    .await?;
    let read = app.read(grant.clone());
    head(format, out)?;
    let mut after = None;
    loop {
        let rows = store::next_lines(&read, wanted, after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(out.flush()?) };
        after = Some(last.id);
        for row in &rows {
            one(format, row, out)?;
        }
    }
}

/// What stands above the lines.
fn head(format: Format, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Jsonl | Format::Nen7513 => Ok(()),
        Format::Csv => {
            let names: Vec<String> = columns().map(|(name, _)| quoted(name)).collect();
            writeln!(out, "{}", names.join(","))
        }
        // The term stands here and not in each record.
        Format::Ldv => writeln!(
            out,
            "{}",
            json!({ "profile": { "standard": "Logboek Dataverwerkingen", "retention": "P5Y" } })
        ),
    }
}

/// One line of the log; none in the form of a standard that it is not for.
fn one(format: Format, row: &Model, out: &mut impl Write) -> anyhow::Result<()> {
    match format {
        Format::Jsonl => {
            let object: serde_json::Map<String, Value> =
                columns().map(|(name, of)| (name.to_owned(), of(row))).collect();
            writeln!(out, "{}", Value::Object(object))?;
        }
        Format::Csv => {
            let cells: Vec<String> = columns().map(|(_, of)| quoted(&plain(&of(row)))).collect();
            writeln!(out, "{}", cells.join(","))?;
        }
        Format::Ldv => {
            if let Some(subject) = &row.subject_ref {
                writeln!(out, "{}", ldv(row, subject)?)?;
            }
        }
        Format::Nen7513 => writeln!(out, "{}", nen7513(row)?)?,
    }
    Ok(())
}

type Column = (&'static str, fn(&Model) -> Value);

/// Every column that tells something; the MAC and the sealer's number do not.
fn columns() -> impl Iterator<Item = Column> {
    fn id(id: Option<Uuid>) -> Value {
        id.map_or(Value::Null, |id| json!(id))
    }
    const ALL: &[Column] = &[
        ("region", |row| json!(row.region_id)),
        ("id", |row| json!(row.id)),
        ("time", |row| from_column(row.at).map_or(Value::Null, |at| json!(at.to_rfc3339()))),
        ("deed", |row| json!(row.action)),
        ("outcome", |row| json!(row.outcome)),
        ("actor_kind", |row| json!(row.actor_kind)),
        ("actor", |row| id(row.actor_id)),
        ("organisation", |row| id(row.organisation_id)),
        ("role", |row| json!(row.role)),
        ("client", |row| id(row.client_id)),
        ("emergency", |row| id(row.emergency_id)),
        ("purpose", |row| json!(row.purpose)),
        ("activity", |row| json!(row.activity)),
        ("method", |row| json!(row.method)),
        ("rule_id", |row| json!(row.rule_id)),
        ("subject_ref", |row| row.subject_ref.as_ref().map_or(Value::Null, |subject| json!(hex(subject)))),
        ("object_type", |row| json!(row.object_type)),
        ("object_id", |row| id(row.object_id)),
        ("field_classes", |row| json!(row.field_classes)),
        ("row_count", |row| json!(row.row_count)),
        ("request_id", |row| id(row.request_id)),
        ("origin", |row| json!(row.origin)),
        ("trace", |row| json!(row.trace)),
        ("instance", |row| json!(row.instance)),
    ];
    ALL.iter().copied()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// A cell that a spreadsheet shows and does not reckon with: a formula begins with one of
/// these, so an apostrophe stands before it.
fn quoted(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// `trace`, `parent` of a traceparent; without one the line is a trace of its own.
fn trace(row: &Model) -> (String, String) {
    let parts: Vec<&str> = row.trace.split('-').collect();
    match parts[..] {
        [_, trace, parent, _] => (trace.to_owned(), parent.to_owned()),
        _ => (row.id.simple().to_string(), String::new()),
    }
}

/// Logboek Dataverwerkingen, component Logboek. Who did it is in the other export, under the
/// same `span_id`.
fn ldv(row: &Model, subject: &[u8]) -> Result<Value> {
    let at = from_column(row.at)?.to_rfc3339();
    let (trace_id, parent_span_id) = trace(row);
    Ok(json!({
        "trace_id": trace_id,
        "span_id": span(row),
        "parent_span_id": parent_span_id,
        "status": if row.outcome == "OK" { "Ok" } else { "Unset" },
        "name": row.method,
        "start_time": at,
        "end_time": at,
        "resource": { "attributes": { "name": "schakel", "version": env!("CARGO_PKG_VERSION") } },
        "attributes": {
            "dpl.core.processing_activity_id": row.activity,
            "dpl.core.data_subject_id": hex(subject),
            "dpl.core.data_subject_id_type": "urn:schakel:pseudoniem",
        },
    }))
}

/// Eight bytes that name the line in both standards' exports: the random end of its id.
fn span(row: &Model) -> String {
    hex(&row.id.as_bytes()[8..])
}

/// NEN 7513, as far as it names fields of its own.
fn nen7513(row: &Model) -> Result<Value> {
    Ok(json!({
        "EventActionCode": row.action,
        "EventDateTime": from_column(row.at)?.to_rfc3339(),
        "EventOutcomeIndicator": if row.outcome == "OK" { "0" } else { "4" },
        "EventOutcomeDescription": row.outcome,
        "EventTypeCode": row.method,
        "UserID": row.actor_id.map_or_else(|| row.actor_kind.clone(), |id| PersonId(id).to_string()),
        "AlternateUserID": row.client_id,
        "UserOrganisation": row.organisation_id.map(|id| OrganisationId(id).to_string()),
        "RoleIDCode": row.role,
        "PurposeOfUse": row.purpose,
        "NetworkAccessPointID": row.origin,
        "NetworkAccessPointTypeCode": 2,
        "ParticipantObjectID": row.subject_ref.as_ref().map(|subject| hex(subject)),
        "ParticipantObjectTypeCode": 1,
        "ParticipantObjectSensitivity": row.field_classes,
        "ParticipantObjectDetail": { "type": row.object_type, "id": row.object_id, "count": row.row_count },
        "AuditSourceID": row.instance,
        "AuditEnterpriseSiteID": row.region_id,
        "autorisatieProtocol": row.rule_id,
        "noodtoegang": row.emergency_id,
        "operation": span(row),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_finds_no_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://x\")"] {
            assert!(quoted(formula).starts_with("\"'"), "{formula}");
        }
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }
}
