//! Absences: read, listed, made, changed, ended.

use chrono::{NaiveDate, TimeDelta};
use schakel_domain::{
    availability::{Absence, AbsenceKind},
    ids::{AbsenceId, PersonId},
    refusal::Refusal,
    time::{DayTime, Period, Validity, repeated},
};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::{change, freed, hours::USUAL_ZONE};
use crate::{
    access::{authenticate::today, professional},
    directory::absence::{self as store, Model},
    error::{Error, Result},
    store::{Tx, audit::Deed},
    wire::{
        enums::number,
        fields::{Fields, text},
    },
};

/// What can change.
pub(super) const CHANGES: &[&str] = &["kind", "valid_from", "valid_until", "from", "until"];
const OBJECT: &str = "absence";
/// Days after which an absence that has a time of day and no last day is as good as for ever.
const WITHOUT_END: i64 = 3_660;

/// An absence as somebody wants it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    kind: AbsenceKind,
    validity: Validity,
    from: Option<DayTime>,
    until: Option<DayTime>,
}

impl Days {
    /// Reads every field that can change.
    pub(super) fn read(fields: &mut Fields, wire: &pb::Absence) -> Option<Self> {
        let kind = fields.choice("absence.kind", wire.kind, pb::absence::Kind::as_str_name);
        let validity = change::days(fields, OBJECT, (&wire.valid_from, &wire.valid_until), None);
        let from: Option<DayTime> = fields.parse_if("absence.from", &wire.from);
        let until: Option<DayTime> = fields.parse_if("absence.until", &wire.until);
        if until.is_some() && wire.valid_until.is_empty() {
            fields.refuse("absence.valid_until", Refusal::FieldRequired);
        }
        let one_day = validity.is_some_and(|days| days.until() == Some(days.from()));
        let (start, end) = (from.unwrap_or(DayTime::START), until.unwrap_or(DayTime::END));
        if (one_day && end <= start) || from == Some(DayTime::END) || until == Some(DayTime::START) {
            fields.refuse("absence.until", Refusal::TimeRangeInvalid);
        }
        Some(Self { kind: kind?, validity: validity?, from, until })
    }

    fn row(self, tx: &Tx, id: Uuid, person: Uuid, version: i32) -> Model {
        Model {
            region_id: tx.region(),
            id,
            person_id: person,
            kind: self.kind.to_string(),
            valid_from: self.validity.from(),
            valid_until: self.validity.until(),
            from_minute: self.from.map(|time| time.minutes().into()),
            until_minute: self.until.map(|time| time.minutes().into()),
            version,
        }
    }
}

/// Nothing → valid.
pub(super) async fn create(tx: &Tx, person: PersonId, days: Days) -> Result<Model> {
    change::may_report(tx, person).await?;
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
    change::may_report(tx, PersonId(old.person_id)).await?;
    change::check(tx, (old.version, etag), old.valid_until)?;
    let mut wire = to_wire(&old);
    for path in paths {
        match *path {
            "kind" => wire.kind = given.kind,
            "valid_from" => wire.valid_from.clone_from(&given.valid_from),
            "from" => wire.from.clone_from(&given.from),
            "until" => wire.until.clone_from(&given.until),
            _ => wire.valid_until.clone_from(&given.valid_until),
        }
    }
    let mut fields = Fields::default();
    let days = Days::read(&mut fields, &wire);
    let days = fields.finish(days)?;
    keep(tx, days.row(tx, old.id, old.person_id, old.version + 1)).await
}

/// Valid → ended; the last day counts. Yet to begin, and never to → taken back, and gone.
pub(super) async fn end(tx: &Tx, id: AbsenceId, last: NaiveDate, etag: i32) -> Result<Model> {
    let mut row = store::hold(tx, id.0).await?;
    change::may_report(tx, PersonId(row.person_id)).await?;
    if row.version != etag {
        return Err(Error::Stale);
    }
    let days = store::validity(&row)?;
    row.version += 1;
    if days.taken_back(last, today(tx.now())) {
        store::remove(tx, &[row.id]).await?;
        row.valid_until = Some(last);
        return told(tx, Deed::D, row).await;
    }
    row.valid_until = change::ended(days, last)?.until();
    keep(tx, row).await
}

async fn keep(tx: &Tx, row: Model) -> Result<Model> {
    store::update(tx, row.clone()).await?;
    told(tx, Deed::U, row).await
}

async fn told(tx: &Tx, deed: Deed, row: Model) -> Result<Model> {
    freed::tell(tx, row.id, row.version).await?;
    tx.audit(change::line(deed, OBJECT, row.id, PersonId(row.person_id))).await?;
    Ok(row)
}

/// A row as the search knows it: whole days, or from and until a time of day.
pub(super) fn stretch(row: &Model) -> Result<Absence> {
    let days = store::validity(row)?;
    if row.from_minute.is_none() && row.until_minute.is_none() {
        return Ok(Absence::Days { days, zone: USUAL_ZONE });
    }
    let corrupt = |column| Error::Corrupt { table: "absence", column };
    let at = |date: NaiveDate, minute: Option<i32>, usual: DayTime| {
        let time = minute.map_or(Some(usual), |minute| DayTime::new(u16::try_from(minute).ok()?).ok());
        time.map(|time| repeated(USUAL_ZONE, time.on(date)))
    };
    let start = at(days.from(), row.from_minute, DayTime::START).ok_or(corrupt("from_minute"))?;
    let end = match days.until() {
        Some(last) => at(last, row.until_minute, DayTime::END).ok_or(corrupt("until_minute"))?,
        // Nobody plans so far ahead.
        None => start + TimeDelta::days(WITHOUT_END),
    };
    // A gap of the clock can swallow it.
    Ok(Period::new(start, end).map_or(Absence::Days { days, zone: USUAL_ZONE }, Absence::Time))
}

fn time(minute: Option<i32>) -> String {
    minute.map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60)).unwrap_or_default()
}

/// On the wire.
pub(super) fn to_wire(row: &Model) -> pb::Absence {
    pb::Absence {
        name: AbsenceId(row.id).to_string(),
        person: PersonId(row.person_id).to_string(),
        kind: number("KIND", &row.kind, pb::absence::Kind::from_str_name),
        valid_from: row.valid_from.to_string(),
        valid_until: text(row.valid_until),
        from: time(row.from_minute),
        until: time(row.until_minute),
        etag: row.version.to_string(),
    }
}
