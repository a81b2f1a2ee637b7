//! Hours of single dates: set, read, listed, removed.

pub(super) mod rpc;
pub(super) mod store;

use chrono::NaiveDate;
use chrono_tz::Tz;
use schakel_domain::{
    availability::{Hours, Override},
    ids::{AffiliationId, DateOverrideId, PersonId, SchoolId},
    refusal::Refusal,
    time::{DayTime, zone},
};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use self::store::Model;
use super::{change, freed, hours::USUAL_ZONE};
use crate::{
    directory::{affiliated, route},
    error::{Error, Result},
    store::{Tx, audit::Deed},
    wire::fields::{Fields, text},
};

const OBJECT: &str = "date_override";
/// The most stretches of one date.
const MOST_HOURS: usize = 8;

/// A date as somebody wants it.
#[derive(Debug, Clone)]
struct Wish {
    affiliation: AffiliationId,
    day: Override,
    zone: Tz,
    school: Option<SchoolId>,
    /// The version that it replaces; none for the first.
    etag: Option<i32>,
}

impl Wish {
    fn read(fields: &mut Fields, wire: &pb::DateOverride) -> Option<Self> {
        let affiliation = fields.parse("date_override.affiliation", &wire.affiliation);
        let date = fields.date("date_override.date", &wire.date);
        let hours = hours(fields, &wire.hours);
        let zone = match wire.time_zone.as_str() {
            "" => Some(USUAL_ZONE),
            name => zone(name).map_err(|refusal| fields.refuse("date_override.time_zone", refusal)).ok(),
        };
        let school: Option<SchoolId> = fields.parse_if("date_override.school", &wire.school);
        let etag = if wire.etag.is_empty() { None } else { fields.etag("date_override.etag", &wire.etag) };
        let (affiliation, zone): (AffiliationId, Tz) = (affiliation?, zone?);
        let day = Override::new(affiliation, (date?, zone), hours?)
            .map_err(|refusal| fields.refuse("date_override.hours", refusal))
            .ok()?
            .at(school.map(Into::into));
        Some(Self { affiliation, day, zone, school, etag })
    }

    fn row(&self, tx: &Tx, (id, person): (Uuid, Uuid), version: i32) -> Model {
        Model {
            region_id: tx.region(),
            id,
            affiliation_id: self.affiliation.0,
            person_id: person,
            date: self.day.date,
            hours: store::written(self.day.hours()),
            time_zone: self.zone.name().to_owned(),
            school_id: self.school.map(|school| school.0),
            version,
        }
    }
}

fn hours(fields: &mut Fields, wire: &[pb::date_override::Hours]) -> Option<Vec<Hours>> {
    if wire.len() > MOST_HOURS {
        fields.refuse("date_override.hours", Refusal::FieldInvalid);
        return None;
    }
    let mut read = |(at, wire): (usize, &pb::date_override::Hours)| {
        let from: Option<DayTime> = fields.parse(format!("date_override.hours[{at}].from"), &wire.from);
        let until: Option<DayTime> = fields.parse(format!("date_override.hours[{at}].until"), &wire.until);
        Some(Hours { from: from?, until: until? })
    };
    let all: Vec<Option<Hours>> = wire.iter().enumerate().map(&mut read).collect();
    all.into_iter().collect()
}

/// Nothing, or what stood → these hours.
async fn set(tx: &Tx, wish: &Wish) -> Result<Model> {
    let unknown = Error::field("date_override.affiliation", Refusal::AffiliationNotFound);
    let person = affiliated::find(tx, wish.affiliation).await?.ok_or(unknown)?.person_id;
    change::may_write(tx.grant(), PersonId(person))?;
    if let Some(school) = wish.school
        && !route::exists(tx, school).await?
    {
        return Err(Error::field("date_override.school", Refusal::SchoolNotFound));
    }
    let old = store::of_date(tx, wish.affiliation, wish.day.date).await?;
    let (row, deed) = match (old, wish.etag) {
        (None, None) => (wish.row(tx, (tx.new_id(), person), 1), Deed::C),
        (Some(old), Some(etag)) if old.version == etag => {
            (wish.row(tx, (old.id, person), old.version + 1), Deed::U)
        }
        (Some(_), None) => return Err(Refusal::AlreadyExists.into()),
        (Some(_) | None, Some(_)) => return Err(Error::Stale),
    };
    store::put(tx, row.clone(), deed == Deed::C).await?;
    freed::tell(tx, row.id, row.version).await?;
    tx.audit(change::line(deed, OBJECT, row.id, PersonId(person))).await?;
    Ok(row)
}

/// Set → gone.
async fn remove(tx: &Tx, id: DateOverrideId, etag: i32) -> Result<Model> {
    let row = store::hold(tx, id.0).await?;
    change::may_write(tx.grant(), PersonId(row.person_id))?;
    if row.version != etag {
        return Err(Error::Stale);
    }
    store::remove(tx, id.0).await?;
    freed::tell(tx, row.id, row.version + 1).await?;
    tx.audit(change::line(Deed::D, OBJECT, row.id, PersonId(row.person_id))).await?;
    Ok(row)
}

/// The first day that a list shows.
fn first(day: Option<NaiveDate>, today: NaiveDate) -> NaiveDate {
    day.unwrap_or(today)
}

/// On the wire.
fn to_wire(row: &Model) -> Result<pb::DateOverride> {
    let hours = store::read(&row.hours)?.into_iter().map(|stretch| pb::date_override::Hours {
        from: stretch.from.to_string(),
        until: stretch.until.to_string(),
    });
    Ok(pb::DateOverride {
        name: DateOverrideId(row.id).to_string(),
        affiliation: AffiliationId(row.affiliation_id).to_string(),
        person: PersonId(row.person_id).to_string(),
        date: row.date.to_string(),
        hours: hours.collect(),
        time_zone: row.time_zone.clone(),
        school: text(row.school_id.map(SchoolId)),
        etag: row.version.to_string(),
    })
}
