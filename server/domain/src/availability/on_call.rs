//! Whom to call first: who is on call at an instant, in the order of the roster.

use chrono::{DateTime, Utc};

use crate::{access::Role, ids::PersonId, time::Period};

/// The longest stretch on call, in days.
pub const MAX_DAYS: i64 = 31;
/// The last place in the order of calling.
pub const MAX_ORDER: i32 = 20;

/// A stretch on call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// When.
    pub time: Period,
    /// 1 is called first.
    pub order: i32,
}

/// Who is on call at `at`, first to be called first, each once.
#[must_use]
pub fn at(shifts: &[Shift], at: DateTime<Utc>) -> Vec<Shift> {
    let mut now: Vec<Shift> = shifts.iter().copied().filter(|shift| shift.time.contains(at)).collect();
    now.sort_by_key(|shift| (shift.order, shift.time.start(), shift.person));
    let mut seen = std::collections::BTreeSet::new();
    now.retain(|shift| seen.insert(shift.person));
    now
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_roster_says_the_order_and_a_shift_ends_when_the_next_begins() {
        let day = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let shift = |who, from, until, order| Shift {
            person: PersonId(Uuid::from_u128(who)),
            role: Role::Smw,
            time: Period::new(day(from), day(until)).unwrap(),
            order,
        };
        let shifts = [
            shift(1, "2026-11-23T17:00:00Z", "2026-11-24T08:00:00Z", 2),
            shift(2, "2026-11-23T17:00:00Z", "2026-11-24T08:00:00Z", 1),
            shift(3, "2026-11-24T08:00:00Z", "2026-11-24T17:00:00Z", 1),
            shift(2, "2026-11-23T16:00:00Z", "2026-11-24T09:00:00Z", 3),
        ];
        let who = |when| at(&shifts, day(when)).iter().map(|s| s.person.0.as_u128()).collect::<Vec<_>>();
        assert_eq!(who("2026-11-23T20:00:00Z"), [2, 1]);
        assert_eq!(who("2026-11-24T08:00:00Z"), [3, 2]);
        assert!(who("2026-11-25T08:00:00Z").is_empty());
    }
}
