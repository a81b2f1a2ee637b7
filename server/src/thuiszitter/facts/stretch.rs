//! A stretch of absence is told as one fact, and stands in the log as one for each day on which the school taught.

use chrono::NaiveDate;
use schakel_domain::{
    dutch::SchoolCalendar,
    refusal::{Refusal, Violation},
    thuiszitter::{MissedTime, Said, school_days},
};

/// More facts than anybody tells at once.
pub(super) const MOST: usize = 100;

/// One fact of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// Where it stands there.
    pub path: String,
    /// What it says.
    pub said: Said,
    /// Of missed time the last day of the stretch that begins on its day, if it is one.
    pub until: Option<NaiveDate>,
}

/// What all of them say, of a stretch on each of its days.
///
/// # Errors
/// A violation of each stretch without such days, or with more of them than there is room for beside the rest.
pub(super) fn each_day(told: &[Told], calendar: &SchoolCalendar) -> Result<Vec<Said>, Vec<Violation>> {
    let (mut said, mut wrong) = (Vec::with_capacity(told.len()), Vec::new());
    let mut count = told.len();
    for one in told {
        let (Said::Missed(time), Some(last)) = (&one.said, one.until) else {
            said.push(one.said.clone());
            continue;
        };
        match school_days(calendar, (time.date, last), MOST + 1 - count) {
            Ok(days) => {
                count += days.len() - 1;
                said.extend(days.into_iter().map(|date| Said::Missed(MissedTime { date, ..*time })));
            }
            Err(bound) => {
                let field = format!("{}.missed.until_date", one.path);
                wrong.push(Violation::bound(field, Refusal::FieldInvalid, bound));
            }
        }
    }
    if wrong.is_empty() { Ok(said) } else { Err(wrong) }
}
