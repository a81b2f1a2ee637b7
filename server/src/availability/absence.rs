//! Absences: read, listed, made, changed, ended.

use chrono::NaiveDate;
use schakel_domain::{
    availability::AbsenceKind,
    ids::{AbsenceId, PersonId},
    refusal::Refusal,
    time::Validity,
};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::change;
use crate::{
    access::professional,
    directory::absence::{self as store, Model},
    error::{Error, Result},
    store::{Tx, audit::Deed},
    wire::{
        enums::number,
        fields::{Fields, text},
    },
};

/// What can change.
pub(super) const CHANGES: &[&str] = &["kind", "valid_from", "valid_until"];
const OBJECT: &str = "absence";

/// An absence as somebody wants it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    kind: AbsenceKind,
    validity: Validity,
}

impl Days {
    /// Reads every field that can change.
    pub(super) fn read(fields: &mut Fields, wire: &pb::Absence) -> Option<Self> {
        let kind = fields.choice("absence.kind", wire.kind, pb::absence::Kind::as_str_name);
        let validity = change::days(fields, OBJECT, (&wire.valid_from, &wire.valid_until), None);
        Some(Self { kind: kind?, validity: validity? })
    }

    fn row(self, tx: &Tx, id: Uuid, person: Uuid, version: i32) -> Model {
        Model {
            region_id: tx.region(),
            id,
            person_id: person,
            kind: self.kind.to_string(),
            valid_from: self.validity.from(),
            valid_until: self.validity.until(),
            version,
        }
    }
}

/// Nothing → valid.
pub(super) async fn create(tx: &Tx, person: PersonId, days: Days) -> Result<Model> {
    change::may_write(tx.grant(), person)?;
    if !professional::of(tx, &[person]).await?.contains_key(&person) {
        return Err(Error::field("absence.person", Refusal::PersonNotFound));
    }
    let row = days.row(tx, tx.new_id(), person.0, 1);
    store::insert(tx, vec![row.clone()]).await?;
    tx.audit(change::line(Deed::C, OBJECT, row.id, person)).await?;
    Ok(row)
}

/// Valid → valid, changed; `paths` name the fields, `given` holds them.
pub(super) async fn update(
    tx: &Tx,
    (id, etag): (AbsenceId, i32),
    paths: &[&str],
    given: &pb::Absence,
) -> Result<Model> {
    let old = store::hold(tx, id.0).await?;
    change::may_write(tx.grant(), PersonId(old.person_id))?;
    change::check(tx, (old.version, etag), old.valid_until)?;
    let mut wire = to_wire(&old);
    for path in paths {
        match *path {
            "kind" => wire.kind = given.kind,
            "valid_from" => wire.valid_from.clone_from(&given.valid_from),
            _ => wire.valid_until.clone_from(&given.valid_until),
        }
    }
    let mut fields = Fields::default();
    let days = Days::read(&mut fields, &wire);
    let days = fields.finish(days)?;
    keep(tx, days.row(tx, old.id, old.person_id, old.version + 1)).await
}

/// Valid → ended; the last day counts.
pub(super) async fn end(tx: &Tx, id: AbsenceId, last: NaiveDate, etag: i32) -> Result<Model> {
    let mut row = store::hold(tx, id.0).await?;
    change::may_write(tx.grant(), PersonId(row.person_id))?;
    if row.version != etag {
        return Err(Error::Stale);
    }
    row.valid_until = change::ended(store::validity(&row)?, last)?.until();
    row.version += 1;
    keep(tx, row).await
}

async fn keep(tx: &Tx, row: Model) -> Result<Model> {
    store::update(tx, row.clone()).await?;
    tx.audit(change::line(Deed::U, OBJECT, row.id, PersonId(row.person_id))).await?;
    Ok(row)
}

/// On the wire.
pub(super) fn to_wire(row: &Model) -> pb::Absence {
    pb::Absence {
        name: AbsenceId(row.id).to_string(),
        person: PersonId(row.person_id).to_string(),
        kind: number("KIND", &row.kind, pb::absence::Kind::from_str_name),
        valid_from: row.valid_from.to_string(),
        valid_until: text(row.valid_until),
        etag: row.version.to_string(),
    }
}
