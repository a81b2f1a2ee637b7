//! Busy time as it is kept: eight octets a stretch, whole minutes.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::time::Period;

/// What busy time is rounded to, outward.
const MINUTE: i64 = 60;

/// The octets of sorted stretches. What lies before 1970 is left out.
pub(super) fn write(periods: &[Period]) -> Vec<u8> {
    let minute = |seconds: i64| u32::try_from(seconds.max(0)).unwrap_or(u32::MAX);
    let octets = periods.iter().flat_map(|period| {
        let from = minute(period.start().timestamp().div_euclid(MINUTE));
        // The last instant inside, so that what ends on the minute ends there.
        let last = period.end() - TimeDelta::microseconds(1);
        let until = minute(last.timestamp().div_euclid(MINUTE) + 1);
        [from.to_be_bytes(), until.to_be_bytes()].concat()
    });
    octets.collect()
}

/// The stretches that reach into `window`, as they were written.
pub(in crate::availability) fn read(octets: &[u8], window: Period) -> impl Iterator<Item = Period> {
    let instant = |octets: &[u8]| {
        let minute = octets.try_into().map(u32::from_be_bytes).ok()?;
        DateTime::<Utc>::from_timestamp(i64::from(minute) * MINUTE, 0)
    };
    octets.chunks_exact(8).filter_map(move |pair| {
        let period = Period::new(instant(&pair[..4])?, instant(&pair[4..])?).ok()?;
        period.overlaps(window).then_some(period)
    })
}

/// How many there are.
pub(super) fn count(octets: &[u8]) -> usize {
    octets.len() / 8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, until: &str) -> Period {
        Period::new(from.parse().unwrap(), until.parse().unwrap()).unwrap()
    }

    #[test]
    fn stretches_are_kept_to_the_minute_outward() {
        let exact = period("2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z");
        let odd = period("2026-11-24T11:00:30Z", "2026-11-24T11:00:31Z");
        let kept = write(&[exact, odd]);
        let year = period("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        assert_eq!(
            read(&kept, year).collect::<Vec<_>>(),
            [exact, period("2026-11-24T11:00:00Z", "2026-11-24T11:01:00Z")]
        );
        assert_eq!(read(&kept, period("2026-11-24T10:00:00Z", "2026-11-24T11:00:00Z")).count(), 0);
        assert_eq!(count(&kept), 2);
    }
}
