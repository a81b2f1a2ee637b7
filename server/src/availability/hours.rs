//! Weekly hours: read, listed, made, changed, ended.

use chrono::NaiveDate;
use chrono_tz::Tz;
use schakel_domain::{
    ids::{AffiliationId, PersonId, SchoolId, WeeklyHoursId},
    refusal::Refusal,
    time::{DayTime, Validity, zone},
};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::{
    change, freed,
    store::{self, Model},
};
use crate::{
    access::authenticate::today,
    directory::{affiliated, route},
    error::{Error, Result},
    store::{Tx, audit::Deed},
    wire::fields::{Fields, text},
};

/// What can change.
pub(super) const CHANGES: &[&str] =
    &["weekday", "from", "until", "time_zone", "school", "valid_from", "valid_until"];
const OBJECT: &str = "weekly_hours";
/// Where no zone is named.
pub const USUAL_ZONE: Tz = chrono_tz::Europe::Amsterdam;

/// A block as somebody wants it.
#[derive(Debug, Clone)]
pub(super) struct Block {
    weekday: i32,
    from: DayTime,
    until: DayTime,
    zone: Tz,
    school: Option<SchoolId>,
    validity: Validity,
}

impl Block {
    /// Reads every field that can change; without a first day it is `first`.
    pub(super) fn read(fields: &mut Fields, wire: &pb::WeeklyHours, first: NaiveDate) -> Option<Self> {
        let weekday = Some(wire.weekday).filter(|day| (1..=7).contains(day));
        match wire.weekday {
            0 => fields.refuse("weekly_hours.weekday", Refusal::FieldRequired),
            _ if weekday.is_none() => fields.refuse("weekly_hours.weekday", Refusal::FieldInvalid),
            _ => {}
        }
        let from: Option<DayTime> = fields.parse("weekly_hours.from", &wire.from);
        let until: Option<DayTime> = fields.parse("weekly_hours.until", &wire.until);
        if from.zip(until).is_some_and(|(from, until)| until <= from) {
            fields.refuse("weekly_hours.until", Refusal::TimeRangeInvalid);
        }
        let zone = match wire.time_zone.as_str() {
            "" => Some(USUAL_ZONE),
            name => zone(name).map_err(|refusal| fields.refuse("weekly_hours.time_zone", refusal)).ok(),
        };
        let school = fields.parse_if("weekly_hours.school", &wire.school);
        let validity = change::days(fields, OBJECT, (&wire.valid_from, &wire.valid_until), Some(first));
        Some(Self { weekday: weekday?, from: from?, until: until?, zone: zone?, school, validity: validity? })
    }

    fn row(&self, tx: &Tx, id: Uuid, (affiliation, person): (Uuid, Uuid), version: i32) -> Model {
        Model {
            region_id: tx.region(),
            id,
            affiliation_id: affiliation,
            person_id: person,
            weekday: self.weekday,
            from_minute: self.from.minutes().into(),
            until_minute: self.until.minutes().into(),
            time_zone: self.zone.name().to_owned(),
            school_id: self.school.map(|school| school.0),
            valid_from: self.validity.from(),
            valid_until: self.validity.until(),
            version,
        }
    }

    async fn check(&self, tx: &Tx) -> Result<()> {
        match self.school {
            Some(school) if !route::exists(tx, school).await? => {
                Err(Error::field("weekly_hours.school", Refusal::SchoolNotFound))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Nothing → valid.
pub(super) async fn create(tx: &Tx, affiliation: AffiliationId, block: &Block) -> Result<Model> {
    let unknown = Error::field("weekly_hours.affiliation", Refusal::AffiliationNotFound);
    let person = affiliated::find(tx, affiliation).await?.ok_or(unknown)?.person_id;
    change::may_write(tx.grant(), PersonId(person))?;
    block.check(tx).await?;
    let row = block.row(tx, tx.new_id(), (affiliation.0, person), 1);
    store::insert(tx, vec![row.clone()]).await?;
    freed::tell(tx, row.id, row.version).await?;
    tx.audit(change::line(Deed::C, OBJECT, row.id, PersonId(person))).await?;
    Ok(row)
}

/// Valid → valid, changed; `paths` name the fields, `given` holds them.
pub(super) async fn update(
    tx: &Tx,
    (id, etag): (WeeklyHoursId, i32),
    paths: &[&str],
    given: &pb::WeeklyHours,
) -> Result<Model> {
    let old = store::hold(tx, id.0).await?;
    change::may_write(tx.grant(), PersonId(old.person_id))?;
    change::check(tx, (old.version, etag), old.valid_until)?;
    let mut wire = to_wire(&old);
    for path in paths {
        match *path {
            "weekday" => wire.weekday = given.weekday,
            "from" => wire.from.clone_from(&given.from),
            "until" => wire.until.clone_from(&given.until),
            "time_zone" => wire.time_zone.clone_from(&given.time_zone),
            "school" => wire.school.clone_from(&given.school),
            "valid_from" => wire.valid_from.clone_from(&given.valid_from),
            _ => wire.valid_until.clone_from(&given.valid_until),
        }
    }
    let mut fields = Fields::default();
    let block = Block::read(&mut fields, &wire, today(tx.now()));
    let block = fields.finish(block)?;
    block.check(tx).await?;
    let row = block.row(tx, old.id, (old.affiliation_id, old.person_id), old.version + 1);
    keep(tx, row).await
}

/// Valid → ended; the last day counts. Yet to begin, and never to → taken back, and gone.
pub(super) async fn end(tx: &Tx, id: WeeklyHoursId, last: NaiveDate, etag: i32) -> Result<Model> {
    let mut row = store::hold(tx, id.0).await?;
    change::may_write(tx.grant(), PersonId(row.person_id))?;
    if row.version != etag {
        return Err(Error::Stale);
    }
    let days = store::block(&row)?.validity;
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

/// On the wire.
pub(super) fn to_wire(row: &Model) -> pb::WeeklyHours {
    let time = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
    pb::WeeklyHours {
        name: WeeklyHoursId(row.id).to_string(),
        affiliation: AffiliationId(row.affiliation_id).to_string(),
        weekday: row.weekday,
        from: time(row.from_minute),
        until: time(row.until_minute),
        time_zone: row.time_zone.clone(),
        school: text(row.school_id.map(SchoolId)),
        valid_from: row.valid_from.to_string(),
        valid_until: text(row.valid_until),
        etag: row.version.to_string(),
    }
}
