//! On which days a school teaches: its region's holidays and its own closures.

use std::collections::BTreeSet;

use schakel_domain::{
    dutch::{HolidayRegion, SchoolCalendar, SchoolHolidays, SchoolOverrides},
    ids::SchoolId,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    entity::school_closure::{Column, Entity},
    error::Result,
    store::Read,
};

/// The calendar of a school whose holidays are those of `region`; one statement.
pub async fn calendar(read: &Read, school: SchoolId, region: HolidayRegion) -> Result<SchoolCalendar> {
    let closures = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::SchoolId.eq(school.0))
        .all(&read.db())
        .await?;
    let days = |first: chrono::NaiveDate, last| first.iter_days().take_while(move |day| *day <= last);
    let closed: BTreeSet<_> =
        closures.into_iter().flat_map(|closure| days(closure.first_day, closure.last_day)).collect();
    let overrides = SchoolOverrides { closed, ..SchoolOverrides::default() };
    Ok(SchoolCalendar::new(region, &SchoolHolidays::shipped(), &overrides))
}
