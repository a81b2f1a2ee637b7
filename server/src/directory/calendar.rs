//! On which days schools teach: their region's holidays and their own closed days.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{DefaultHasher, Hasher},
    sync::Arc,
};

use schakel_domain::{
    dutch::{
        HolidayRegion, SchoolCalendar, SchoolHolidays, SchoolOverrides,
        codes::{Sector, SwvCode},
    },
    ids::SchoolId,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::holidays;
use crate::{
    access::region,
    entity::{school, school_closure},
    error::{Error, Result},
    store::{Read, memory::Memory},
};

/// When a school teaches, and the others of its holiday region.
pub type Remembered = Memory<(Uuid, SchoolId, HolidayRegion), Arc<(SchoolCalendar, SchoolCalendar)>>;

/// What the calendars of a region follow from, as a number.
pub type Bases = Memory<Uuid, u64>;

/// A longer closure is taken to be this long, so that no row makes a calendar endless.
const LONGEST: usize = 400;

/// The calendars of some schools, and of the schools around children that have none.
#[derive(Debug, Clone, Default)]
pub struct Calendars {
    schools: HashMap<Uuid, SchoolCalendar>,
    sectors: HashMap<Uuid, Sector>,
    /// That of the samenwerkingsverband.
    sector: Option<Sector>,
    gemeenten: HashMap<String, HolidayRegion>,
    published: SchoolHolidays,
}

impl Calendars {
    /// The holidays that are known.
    pub fn published(&self) -> &SchoolHolidays {
        &self.published
    }

    /// Those of a holiday region, without the closed days of any school.
    pub fn of_region(&self, region: HolidayRegion) -> SchoolCalendar {
        SchoolCalendar::new(region, &self.published, &SchoolOverrides::default())
    }

    /// Of a school, when the region has it.
    pub fn own(&self, school: SchoolId) -> Option<&SchoolCalendar> {
        self.schools.get(&school.0)
    }

    /// Whether the child's school is one for primary or secondary education; as the samenwerkingsverband where
    /// nobody said so.
    pub fn sector(&self, school: Option<SchoolId>) -> Option<Sector> {
        self.said_sector(school).or(self.sector.filter(|_| school.is_some()))
    }

    /// The same only where somebody said so of the school.
    pub fn said_sector(&self, school: Option<SchoolId>) -> Option<Sector> {
        self.sectors.get(&school?.0).copied()
    }

    /// Whether the samenwerkingsverband itself is one for primary or secondary education.
    pub fn own_sector(&self) -> Option<Sector> {
        self.sector
    }

    /// Of the child's school; without one, the holidays of the schools of its gemeente.
    pub fn of(&self, school: Option<SchoolId>, gemeente: &str) -> SchoolCalendar {
        if let Some(calendar) = school.and_then(|school| self.schools.get(&school.0)) {
            return calendar.clone();
        }
        let region = self.gemeenten.get(gemeente).copied().unwrap_or(HolidayRegion::Midden);
        SchoolCalendar::new(region, &self.published, &SchoolOverrides::default())
    }
}

/// Another number whenever anything changed that a calendar of the region follows from: its schools with
/// their sector, holidays and closed days, and what is published. Whatever else the register says, and what other
/// regions do, leaves it as it is. In another build it may be another.
pub async fn basis(read: &Read) -> Result<u64> {
    let (region, count) = (read.region(), read.register_count().await?);
    let memory = &read.app().remembered.calendar_bases;
    if let Some(known) = memory.one(count, &region) {
        return Ok(known);
    }
    let schools: Vec<(Uuid, String, String, String)> = school::Entity::find()
        .select_only()
        .columns([
            school::Column::Id,
            school::Column::GemeenteCode,
            school::Column::HolidayRegion,
            school::Column::Sector,
        ])
        .filter(school::Column::RegionId.eq(region))
        .order_by_asc(school::Column::Id)
        .into_tuple()
        .all(&read.db())
        .await?;
    let closed = school_closure::Entity::find()
        .filter(school_closure::Column::RegionId.eq(region))
        .order_by_asc(school_closure::Column::SchoolId)
        .order_by_asc(school_closure::Column::Position)
        .all(&read.db())
        .await?;
    let published = holidays::published(read).await?;
    let mut hasher = DefaultHasher::new();
    hasher.write(format!("{schools:?} {closed:?} {published:?}").as_bytes());
    let found = hasher.finish();
    memory.keep(count, [(region, found)]);
    Ok(found)
}

/// The calendar of one school.
///
/// # Errors
/// `SCHOOL_NOT_FOUND`.
pub async fn school_calendar(read: &Read, school: SchoolId) -> Result<SchoolCalendar> {
    let mut found = calendars(read, &[school], &[]).await?;
    found.schools.remove(&school.0).ok_or(Error::NotFound("SCHOOL"))
}

/// The calendar of a school whose holidays are known to be those of `region`, and that of the
/// region; two statements at most.
pub async fn in_region(
    read: &Read,
    school: SchoolId,
    region: HolidayRegion,
) -> Result<Arc<(SchoolCalendar, SchoolCalendar)>> {
    let (key, count) = ((read.region(), school, region), read.register_count().await?);
    let memory = &read.app().remembered.teaching_days;
    if let Some(known) = memory.one(count, &key) {
        return Ok(known);
    }
    let own = closures(read, &BTreeSet::from([school.0])).await?.remove(&school.0).unwrap_or_default();
    let published = holidays::published(read).await?;
    let of = |overrides: &SchoolOverrides| SchoolCalendar::new(region, &published, overrides);
    let found = Arc::new((of(&own), of(&SchoolOverrides::default())));
    memory.keep(count, [(key, Arc::clone(&found))]);
    Ok(found)
}

/// The schools' own closed days, in one statement.
async fn closures(read: &Read, schools: &BTreeSet<Uuid>) -> Result<HashMap<Uuid, SchoolOverrides>> {
    let rows = school_closure::Entity::find()
        .filter(school_closure::Column::RegionId.eq(read.region()))
        .filter(school_closure::Column::SchoolId.is_in(schools.iter().copied()))
        .all(&read.db())
        .await?;
    let mut closed: HashMap<Uuid, SchoolOverrides> = HashMap::new();
    for row in rows {
        let days = row.first_day.iter_days().take_while(|day| *day <= row.last_day).take(LONGEST);
        let own = closed.entry(row.school_id).or_default();
        if row.opened {
            own.opened.extend(days);
        } else {
            own.closed.extend(days);
        }
    }
    Ok(closed)
}

/// The calendars of `schools`, and the holidays that hold in `gemeenten`, in four statements.
pub async fn calendars(read: &Read, schools: &[SchoolId], gemeenten: &[String]) -> Result<Calendars> {
    let wanted: BTreeSet<Uuid> = schools.iter().map(|school| school.0).collect();
    if wanted.is_empty() && gemeenten.is_empty() {
        return Ok(Calendars { published: holidays::published(read).await?, ..Calendars::default() });
    }
    let either = Condition::any()
        .add(school::Column::Id.is_in(wanted.iter().copied()))
        .add(school::Column::GemeenteCode.is_in(gemeenten.iter().cloned()));
    let rows = school::Entity::find()
        .filter(school::Column::RegionId.eq(read.region()))
        .filter(either)
        .order_by_asc(school::Column::Id)
        .all(&read.db())
        .await?;
    let mut closed = closures(read, &wanted).await?;
    let published = holidays::published(read).await?;
    let swv: Option<SwvCode> = region::swv_code(read).await?.parse().ok();
    let mut found = Calendars { sector: swv.map(|code| code.sector()), ..Calendars::default() };
    for row in rows {
        let region: HolidayRegion = row
            .holiday_region
            .parse()
            .map_err(|_| Error::Corrupt { table: "school", column: "holiday_region" })?;
        if wanted.contains(&row.id) {
            let own = closed.remove(&row.id).unwrap_or_default();
            // Empty while nobody said so.
            if let Ok(sector) = row.sector.parse::<Sector>() {
                found.sectors.insert(row.id, sector);
            }
            found.schools.insert(row.id, SchoolCalendar::new(region, &published, &own));
        }
        found.gemeenten.entry(row.gemeente_code).or_insert(region);
    }
    found.published = published;
    Ok(found)
}
