//! Audit lines: one per data subject, in the transaction of the write or of the read.

use std::sync::LazyLock;

use schakel_domain::{access::Classes, ids::RegionId};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, Iterable,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use super::{
    Tx,
    audit_row::{self, FORM},
    instant,
};
use crate::{
    entity::audit,
    error::{Error, Result},
};

/// Lines of one statement: SQLite takes 32,766 values.
const BATCH: usize = 1_000;

tokio::task_local! {
    /// The present call's W3C `traceparent`, or empty.
    pub static TRACE: String;
}

/// This process, as the log names it: the machine and the process's number.
static INSTANCE: LazyLock<String> = LazyLock::new(|| {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}/{}", host.trim(), std::process::id())
});

/// What was done, as NEN 7513 names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumString, strum::EnumIter)]
pub enum Deed {
    /// Create.
    C,
    /// Read.
    R,
    /// Update.
    U,
    /// Delete.
    D,
    /// Search.
    S,
    /// Export.
    X,
    /// Print: made readable on paper or as a page.
    P,
    /// Execute: mail sent, feed fetched, call refused.
    E,
}

/// A line to be written. It holds no content and no name.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// What was done.
    pub deed: Deed,
    /// The kind of thing it was done to, for example `case`.
    pub object: &'static str,
    /// Which one.
    pub id: Option<Uuid>,
    /// The natural person it is about; kept as a pseudonym.
    pub subject: Option<Uuid>,
    /// The classes that were read or written.
    pub classes: Classes,
}

/// What a line says beside [`Line`].
#[derive(Clone, Copy)]
struct Ending<'a> {
    outcome: &'a str,
    rows: usize,
    /// In whose log, when it is another region's.
    region: Option<RegionId>,
}

const DONE: Ending<'static> = Ending { outcome: "OK", rows: 1, region: None };

impl Tx {
    /// Writes one line.
    pub async fn audit(&self, line: Line) -> Result<()> {
        self.audit_all(&[line]).await
    }

    /// Writes one line in the log of another region, with which something is shared.
    pub async fn audit_in(&self, region: RegionId, line: Line) -> Result<()> {
        self.write_down(&[line], Ending { region: Some(region), ..DONE }).await
    }

    /// Writes several lines in one statement.
    pub async fn audit_all(&self, lines: &[Line]) -> Result<()> {
        self.write_down(lines, DONE).await
    }

    /// Writes one line about `rows` things that were shown together.
    pub async fn audit_counted(&self, line: Line, rows: usize) -> Result<()> {
        self.write_down(&[line], Ending { rows, ..DONE }).await
    }

    /// Writes one line about a call that ended in `outcome`: the code and the reason.
    pub async fn audit_refused(&self, line: Line, outcome: &str) -> Result<()> {
        self.write_down(&[line], Ending { outcome, rows: 0, region: None }).await
    }

    async fn write_down(&self, lines: &[Line], ending: Ending<'_>) -> Result<()> {
        for some in lines.chunks(BATCH) {
            let mut insert = Query::insert();
            insert.into_table(audit::Entity).columns(audit::Column::iter());
            for line in some {
                let row = audit::ActiveModel::from(self.audit_row(line, ending));
                let value = |column| {
                    if matches!(column, audit::Column::TransactionId) {
                        return Some(self.transaction_id(ending));
                    }
                    row.get(column).into_value().map(Expr::value)
                };
                insert.values_panic(audit::Column::iter().filter_map(value));
            }
            self.db().execute(&insert).await.map_err(Error::audit)?;
        }
        Ok(())
    }

    /// By which the sealer knows which lines can no longer be joined by earlier ones. On
    /// SQLite one writes at a time, and a number above all others does.
    fn transaction_id(&self, ending: Ending<'_>) -> Expr {
        if self.is_postgres() {
            return Expr::cust("pg_current_xact_id()::text::bigint");
        }
        Expr::cust_with_values(
            "(SELECT COALESCE(MAX(transaction_id), 0) + 1 FROM audit WHERE region_id = ?)",
            [ending.region.map_or(self.region(), |region| region.0)],
        )
    }

    fn audit_row(&self, line: &Line, ending: Ending<'_>) -> audit::Model {
        let grant = self.grant();
        let keys = &self.app().keys;
        let region = ending.region.map_or(self.region(), |region| region.0);
        let deed: &str = line.deed.into();
        let mut row = audit::Model {
            region_id: region,
            id: self.new_id(),
            at: instant::to_column(self.now()),
            actor_kind: grant.actor_kind().to_owned(),
            actor_id: grant.actor(),
            organisation_id: grant.organisation(),
            role: grant.role(),
            purpose: grant.purpose().to_string(),
            action: deed.to_owned(),
            method: grant.method().to_owned(),
            rule_id: grant.rule_id().to_owned(),
            subject_ref: line.subject.map(|subject| self.subject_ref(subject)),
            object_type: line.object.to_owned(),
            object_id: line.id,
            field_classes: line.classes.to_string(),
            request_id: self.request_id(),
            row_mac: Vec::new(),
            form: FORM,
            client_id: grant.client(),
            emergency_id: grant.emergency(),
            origin: grant.origin().to_owned(),
            outcome: ending.outcome.to_owned(),
            row_count: i32::try_from(ending.rows).unwrap_or(i32::MAX),
            trace: TRACE.try_with(Clone::clone).unwrap_or_default(),
            activity: grant.purpose().activity(),
            instance: INSTANCE.clone(),
            transaction_id: 0,
        };
        row.row_mac = audit_row::mac(keys, &row);
        row
    }
}

/// The `traceparent` (W3C Trace Context §3.2.2) among `headers`, when it is one: hexadecimal
/// only, so that nothing else of a caller gets into the log.
pub fn traceparent(headers: &http::HeaderMap) -> String {
    let text = headers.get("traceparent").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let parts: Vec<&str> = text.split('-').collect();
    let lower = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    let hex = |part: &str, length| part.len() == length && part.chars().all(lower);
    let is_null = |part: &str| part.chars().all(|c| c == '0');
    match parts[..] {
        ["00", trace, parent, flags]
            if hex(trace, 32) && hex(parent, 16) && hex(flags, 2) && !is_null(trace) && !is_null(parent) =>
        {
            text.to_owned()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_well_formed_traceparent_is_kept() {
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let of = |text: &str| {
            traceparent(&http::HeaderMap::from_iter([(
                "traceparent".parse().unwrap(),
                text.parse().unwrap(),
            )]))
        };
        assert_eq!(of(good), good);
        for wrong in [
            "",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-jan@school.example-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        ] {
            assert_eq!(of(wrong), "", "{wrong}");
        }
    }
}
