//! Days on which nobody meets: public holidays, and at a school its holidays and closures.

use std::collections::BTreeSet;

use schakel_domain::{
    availability::{ClosedDay, ClosedReason, local},
    dutch::{HolidayRegion, SchoolYear, TeachingDay, public_holidays},
    ids::SchoolId,
    time::Period,
};

use super::hours::USUAL_ZONE;
use crate::{directory::calendar, error::Result, store::Read};

/// The closed days of a window.
#[derive(Debug, Default)]
pub(super) struct Closed {
    pub(super) days: Vec<ClosedDay>,
    /// School years whose holidays are not known: nothing was assumed about them.
    pub(super) unknown: BTreeSet<SchoolYear>,
}

/// The closed days of `window`; with a school the meeting is held there. At most two statements.
pub(super) async fn during(
    read: &Read,
    window: Period,
    school: Option<(SchoolId, HolidayRegion)>,
) -> Result<Closed> {
    let calendars = match school {
        Some((school, region)) => Some(calendar::in_region(read, school, region).await?),
        None => None,
    };
    let (own, region) = calendars.as_deref().map(|(own, region)| (own, region)).unzip();
    let mut closed = Closed::default();
    let first = local::date_of(USUAL_ZONE, window.start());
    let last = local::date_of(USUAL_ZONE, window.end());
    for date in first.iter_days().take_while(|date| *date <= last) {
        if public_holidays::is_day_off(date) {
            closed.days.push(ClosedDay { date, reason: ClosedReason::PublicHoliday });
            continue;
        }
        match own.map_or(TeachingDay::Yes, |own| own.is_teaching_day(date)) {
            TeachingDay::Yes => {}
            TeachingDay::Unknown => {
                closed.unknown.insert(SchoolYear::of(date));
            }
            TeachingDay::No => {
                let teaches = region.map(|region| region.is_teaching_day(date));
                let reason = if teaches == Some(TeachingDay::No) {
                    ClosedReason::SchoolHoliday
                } else {
                    ClosedReason::StudyDay
                };
                closed.days.push(ClosedDay { date, reason });
            }
        }
    }
    Ok(closed)
}
