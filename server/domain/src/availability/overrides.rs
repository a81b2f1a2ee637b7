//! What a person works on one date instead of the weekly hours of the same affiliation.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::hours::Hours;
use crate::{
    ids::{AffiliationId, OrganisationId},
    refusal::Refusal,
};

/// The hours of one affiliation on one date; none at all is a day off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Whose weekly hours do not hold on that date.
    pub affiliation: AffiliationId,
    /// The local date.
    pub date: NaiveDate,
    hours: Vec<Hours>,
    /// Whose wall clock the hours are on.
    pub zone: Tz,
    /// The school where the person sits; `None`: free to travel.
    pub place: Option<OrganisationId>,
}

impl Override {
    /// Hours anywhere, in order; `TIME_RANGE_INVALID` when one ends before it starts or
    /// begins within another.
    pub fn new(
        affiliation: AffiliationId,
        (date, zone): (NaiveDate, Tz),
        mut hours: Vec<Hours>,
    ) -> Result<Self, Refusal> {
        hours.sort_by_key(|stretch| stretch.from);
        let backwards = hours.iter().any(|stretch| stretch.from >= stretch.until);
        if backwards || hours.windows(2).any(|two| two[1].from < two[0].until) {
            return Err(Refusal::TimeRangeInvalid);
        }
        Ok(Self { affiliation, date, hours, zone, place: None })
    }

    /// The same hours, fixed at a school or at none.
    #[must_use]
    pub fn at(self, place: Option<OrganisationId>) -> Self {
        Self { place, ..self }
    }

    /// The stretches, in order.
    pub fn hours(&self) -> &[Hours] {
        &self.hours
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Amsterdam;
    use uuid::Uuid;

    use super::*;
    use crate::time::DayTime;

    #[test]
    fn stretches_within_each_other_are_refused() {
        let stretch =
            |from, until| Hours { from: DayTime::new(from).unwrap(), until: DayTime::new(until).unwrap() };
        let date = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let of = AffiliationId(Uuid::from_u128(1));
        let made = |hours| Override::new(of, (date, Amsterdam), hours).is_ok();
        assert!(made(Vec::new()) && made(vec![stretch(780, 900), stretch(540, 720)]));
        assert!(!made(vec![stretch(540, 720), stretch(700, 900)]));
        assert!(!made(vec![stretch(540, 540)]));
    }
}
