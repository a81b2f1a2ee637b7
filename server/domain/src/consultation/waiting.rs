//! Who waits for a time, and whose turn it is when one comes free.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::refusal::Refusal;

/// How long an offered time is kept.
pub const OFFER: TimeDelta = TimeDelta::hours(24);
/// How long whoever let an offer go is passed over.
pub const REST: TimeDelta = TimeDelta::hours(24);

/// How much it matters that it is soon, the least first.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Urgency {
    /// When it can be.
    #[default]
    Routine,
    /// Before others.
    Soon,
    /// Before all.
    Urgent,
}

/// Where an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// There is no time yet.
    Waiting,
    /// A time is kept for it.
    Offered,
    /// It has become a meeting.
    Booked,
    /// It is no longer wanted.
    Left,
}

/// What happens to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A time is kept for it.
    Offer,
    /// The offer ran out.
    Expire,
    /// The offer was taken.
    Accept,
    /// It is taken off the list.
    Leave,
}

impl State {
    /// The state after an event; `NO_OFFER` when there is none to take, `ALREADY_ENDED` once it
    /// is booked or left.
    pub fn after(self, event: Event) -> Result<Self, Refusal> {
        match (self, event) {
            (Self::Waiting, Event::Offer) => Ok(Self::Offered),
            (Self::Offered, Event::Expire) => Ok(Self::Waiting),
            (Self::Offered, Event::Accept) => Ok(Self::Booked),
            (Self::Waiting | Self::Offered, Event::Leave) => Ok(Self::Left),
            (Self::Waiting, Event::Expire | Event::Accept) | (Self::Booked | Self::Left, Event::Accept) => {
                Err(Refusal::NoOffer)
            }
            (Self::Offered, Event::Offer)
            | (Self::Booked | Self::Left, Event::Offer | Event::Expire | Event::Leave) => {
                Err(Refusal::AlreadyEnded)
            }
        }
    }
}

/// Somebody who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiter {
    /// Which entry.
    pub id: Uuid,
    /// How much it matters.
    pub urgency: Urgency,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Let an offer go, and is passed over until then.
    pub rests_until: Option<DateTime<Utc>>,
}

/// Those whose turn can come at `now`, in their order: the most urgent first, and of those
/// who has waited longest. Whoever comes later in it waits for nobody who fits as well.
#[must_use]
pub fn in_turn(mut waiting: Vec<Waiter>, now: DateTime<Utc>) -> Vec<Waiter> {
    waiting.retain(|one| one.rests_until.is_none_or(|until| until <= now));
    waiting.sort_by_key(|one| (std::cmp::Reverse(one.urgency), one.since, one.id));
    waiting
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    #[test]
    fn only_an_offer_is_accepted_and_what_has_ended_stays_so() {
        let (waiting, offered) = (State::Waiting, State::Offered);
        assert_eq!(waiting.after(Event::Offer), Ok(offered));
        assert_eq!(offered.after(Event::Expire), Ok(waiting));
        assert_eq!(waiting.after(Event::Accept), Err(Refusal::NoOffer));
        for ended in [State::Booked, State::Left] {
            assert_eq!(ended.after(Event::Accept), Err(Refusal::NoOffer));
            assert_eq!(ended.after(Event::Leave), Err(Refusal::AlreadyEnded));
        }
    }

    /// An entry and which of three kinds of time it fits.
    fn entry() -> impl Strategy<Value = (u8, i64, [bool; 3])> {
        (0_u8..3, 0_i64..50, any::<[bool; 3]>())
    }

    fn waiters(entries: &[(u8, i64, [bool; 3])]) -> Vec<Waiter> {
        let urgencies = [Urgency::Routine, Urgency::Soon, Urgency::Urgent];
        let one = |(id, (urgency, since, _)): (u128, &(u8, i64, [bool; 3]))| Waiter {
            id: Uuid::from_u128(id),
            urgency: urgencies[usize::from(*urgency)],
            since: at(*since),
            rests_until: None,
        };
        (1..).zip(entries).map(one).collect()
    }

    proptest! {
        #[test]
        fn nobody_is_overtaken_by_a_later_one_of_the_same_urgency_that_fits_the_same(
            entries in prop::collection::vec(entry(), 1..12),
            times in prop::collection::vec(0_usize..3, 0..30),
        ) {
            let mut left = waiters(&entries);
            let fits = |waiter: &Waiter, time: usize| {
                entries[usize::try_from(waiter.id.as_u128()).unwrap() - 1].2[time]
            };
            for time in times {
                let order = in_turn(left.clone(), at(100));
                let Some(served) = order.iter().find(|one| fits(one, time)).copied() else {
                    prop_assert!(left.iter().all(|one| !fits(one, time)), "a time is left over only when nobody fits");
                    continue;
                };
                let overtaken = left.iter().find(|one| {
                    fits(one, time)
                        && (one.urgency > served.urgency
                            || (one.urgency == served.urgency && one.since < served.since))
                });
                prop_assert_eq!(overtaken, None);
                left.retain(|one| one.id != served.id);
            }
        }

        #[test]
        fn everybody_who_fits_is_served_once_no_new_ones_come(entries in prop::collection::vec(entry(), 1..12)) {
            let mut left = waiters(&entries);
            // As many times of one kind as there are entries.
            for _ in 0..entries.len() {
                let order = in_turn(left.clone(), at(100));
                let served = order.iter().find(|one| entries[usize::try_from(one.id.as_u128()).unwrap() - 1].2[0]);
                let Some(served) = served.copied() else { break };
                left.retain(|one| one.id != served.id);
            }
            let starves = |one: &Waiter| entries[usize::try_from(one.id.as_u128()).unwrap() - 1].2[0];
            prop_assert!(!left.iter().any(starves));
        }

        #[test]
        fn who_rests_is_passed_over_and_comes_back_in_its_old_place(
            entries in prop::collection::vec(entry(), 2..12), which in any::<prop::sample::Index>(),
        ) {
            let all = waiters(&entries);
            let whole = in_turn(all.clone(), at(100));
            let mut resting = all.clone();
            let one = which.get(&all).id;
            for waiter in &mut resting {
                if waiter.id == one {
                    waiter.rests_until = Some(at(124));
                }
            }
            let ids = |list: &[Waiter]| list.iter().map(|waiter| waiter.id).collect::<Vec<_>>();
            let passed = ids(&in_turn(resting.clone(), at(123)));
            prop_assert_eq!(passed, ids(&whole).into_iter().filter(|id| *id != one).collect::<Vec<_>>());
            prop_assert_eq!(ids(&in_turn(resting, at(124))), ids(&whole));
        }
    }
}
