//! How long a mail that did not go waits before it is tried again.

use chrono::TimeDelta;

/// After the first, second, … failed try; the last is kept. Greylisting lets the second or
/// third pass (RFC 6647 §4.2), a relay that is repaired finds no rush.
const SECONDS: [i64; 6] = [30, 120, 480, 1_800, 3_600, 7_200];

/// No mail is tried for longer, however far away its meeting is.
pub const LONGEST: TimeDelta = TimeDelta::hours(48);

/// The wait after that many failed tries.
#[must_use]
pub fn backoff(attempts: u32) -> TimeDelta {
    let nth = usize::try_from(attempts).unwrap_or(usize::MAX).clamp(1, SECONDS.len());
    TimeDelta::seconds(SECONDS[nth - 1])
}

/// `wait` up to a fifth shorter or longer, so that mails that failed together do not all
/// come back together. 0 is the shortest, 255 the longest.
#[must_use]
pub fn spread(wait: TimeDelta, random: u8) -> TimeDelta {
    let fifth = wait.num_milliseconds() / 5;
    wait + TimeDelta::milliseconds(fifth * (2 * i64::from(random) - 255) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_grow_to_two_hours_and_stay_there() {
        let waits: Vec<i64> = (0..9).map(|attempts| backoff(attempts).num_seconds()).collect();
        assert_eq!(waits, [30, 30, 120, 480, 1_800, 3_600, 7_200, 7_200, 7_200]);
        assert_eq!(backoff(u32::MAX).num_hours(), 2);
    }

    #[test]
    fn a_wait_is_spread_by_a_fifth_to_either_side() {
        let wait = TimeDelta::seconds(30);
        assert_eq!([0, 255].map(|random| spread(wait, random).num_seconds()), [24, 36]);
        assert!((0..=255).all(|random| (24..=36).contains(&spread(wait, random).num_seconds())));
    }
}
