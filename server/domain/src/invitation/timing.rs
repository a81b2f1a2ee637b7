//! When somebody may be told: not in quiet hours, not more often than an address is written to, and of
//! who wants one mail a day at its time. What cannot wait goes at once.

use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use chrono_tz::{Europe::Amsterdam, Tz};

use super::notices::NoticeKind;
use crate::time::{DayTime, repeated, wall_clock};

/// The clock by which nights and digests go.
const CLOCK: Tz = Amsterdam;
/// News of a meeting that begins within so long cannot wait.
pub const URGENT: TimeDelta = TimeDelta::hours(24);
/// Within so long it does not even wait because somebody was mailed too often.
const LAST: TimeDelta = TimeDelta::hours(3);

/// When nobody is mailed what can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// From when on; the same as `until` means that no night is quiet.
    pub from: DayTime,
    /// Until when, on the same day or the next.
    pub until: DayTime,
    /// Whether Saturdays and Sundays are quiet too.
    pub weekends: bool,
}

impl Quiet {
    /// The first instant from `at` on at which it is not quiet.
    #[must_use]
    pub fn over(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let mut at = at;
        // A night, Saturday, Sunday, and the night after it.
        for _ in 0..4 {
            let wall = wall_clock(CLOCK, at);
            let (date, minute) = (wall.date(), DayTime::from(wall.time()));
            let weekend = self.weekends && matches!(wall.weekday(), Weekday::Sat | Weekday::Sun);
            let over_midnight = self.until < self.from;
            let evening = over_midnight && minute >= self.from;
            let morning = over_midnight && minute < self.until;
            let during = !over_midnight && self.from <= minute && minute < self.until;
            let tomorrow = date.succ_opt().unwrap_or(date);
            let end = match (weekend, evening, morning || during) {
                (true, ..) => tomorrow.and_time(chrono::NaiveTime::MIN),
                (false, true, _) => self.until.on(tomorrow),
                (false, false, true) => self.until.on(date),
                (false, false, false) => return at,
            };
            at = repeated(CLOCK, end).max(at);
        }
        at
    }
}

/// How many mails somebody gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// In an hour. At least 1.
    pub per_hour: u16,
    /// In a day. At least 1.
    pub per_day: u16,
}

impl Limits {
    /// When another may follow those that were `sent`; none when it may now.
    #[must_use]
    pub fn free_at(&self, sent: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let within = |most: u16, span: TimeDelta| {
            let mut lately: Vec<_> = sent.iter().copied().filter(|at| *at + span > now).collect();
            lately.sort_unstable();
            // So many have to grow old that one fewer than allowed is left.
            let old = (lately.len() + 1).checked_sub(usize::from(most.max(1)))?;
            Some(*lately.get(old.checked_sub(1)?)? + span)
        };
        within(self.per_hour, TimeDelta::hours(1)).max(within(self.per_day, TimeDelta::days(1)))
    }
}

/// What the region and the person want.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// When it is quiet.
    pub quiet: Quiet,
    /// How often somebody is mailed.
    pub limits: Limits,
    /// At which time of the day all news comes together.
    pub digest: Option<DayTime>,
}

/// When a notice is given; none when now.
///
/// `starts` is when the meeting begins, as it was told and as it is. A day before the first of them that is
/// to come the news waits for no morning and no digest any more, and three hours before it for no limit.
/// That a meeting is off, or that the person need not come, waits for no limit at all: whoever hears it
/// late comes in vain.
#[must_use]
pub fn held_until(
    kind: NoticeKind,
    starts: &[DateTime<Utc>],
    wanted: &Wanted,
    sent: &[DateTime<Utc>],
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let off = match kind {
        NoticeKind::Cancellation | NoticeKind::Withdrawal => true,
        NoticeKind::Invitation | NoticeKind::Update => false,
    };
    let first = starts.iter().copied().filter(|start| *start > now).min();
    let urgent = first.is_some_and(|first| first - now <= URGENT);
    let mut at = now;
    if let Some(digest) = wanted.digest.filter(|_| !urgent) {
        at = next(digest, now);
    } else if let Some(free) = wanted.limits.free_at(sent, now).filter(|_| !off) {
        at = free;
    }
    if !urgent {
        at = wanted.quiet.over(at);
    }
    if let Some(first) = first {
        at = at.min(first - if urgent { LAST } else { URGENT });
    }
    (at > now).then_some(at)
}

/// Until when news waits on that has waited long enough, when it is quiet by now; none when it is told now.
/// `starts` as in [`held_until`]: a day before the meeting nothing waits for the morning.
#[must_use]
pub fn quiet_until(starts: &[DateTime<Utc>], quiet: &Quiet, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let first = starts.iter().copied().filter(|start| *start > now).min();
    let over = quiet.over(now);
    let at = first.map_or(over, |first| over.min(first - URGENT));
    (at > now).then_some(at)
}

/// The next time that the clock shows `time`, after `now`: what happens at that very moment is news of the
/// next day, or there would be two mails.
fn next(time: DayTime, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = wall_clock(CLOCK, now).date();
    let at = repeated(CLOCK, time.on(today));
    if at > now { at } else { repeated(CLOCK, time.on(today.succ_opt().unwrap_or(today))) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn time(text: &str) -> DayTime {
        text.parse().unwrap()
    }

    fn night(weekends: bool) -> Quiet {
        Quiet { from: time("20:00"), until: time("07:00"), weekends }
    }

    const LIMITS: Limits = Limits { per_hour: 3, per_day: 5 };

    fn wanted() -> Wanted {
        Wanted { quiet: night(true), limits: LIMITS, digest: None }
    }

    #[test]
    fn the_night_and_the_weekend_are_quiet_on_the_dutch_clock() {
        let quiet = night(false);
        // Monday 23 November 2026; Amsterdam is an hour ahead.
        assert_eq!(quiet.over(at("2026-11-23T12:00:00Z")), at("2026-11-23T12:00:00Z"));
        assert_eq!(quiet.over(at("2026-11-23T19:00:00Z")), at("2026-11-24T06:00:00Z"));
        assert_eq!(quiet.over(at("2026-11-24T05:59:59Z")), at("2026-11-24T06:00:00Z"));
        assert_eq!(quiet.over(at("2026-11-24T06:00:00Z")), at("2026-11-24T06:00:00Z"));
        // Friday evening lasts until Monday morning.
        assert_eq!(night(true).over(at("2026-11-27T20:00:00Z")), at("2026-11-30T06:00:00Z"));
        assert_eq!(night(true).over(at("2026-11-28T12:00:00Z")), at("2026-11-30T06:00:00Z"));
        let noon = Quiet { from: time("12:00"), until: time("13:00"), weekends: false };
        assert_eq!(noon.over(at("2026-11-23T11:30:00Z")), at("2026-11-23T12:00:00Z"));
        let never = Quiet { until: time("12:00"), ..noon };
        assert_eq!(never.over(at("2026-11-23T11:00:00Z")), at("2026-11-23T11:00:00Z"));
        // The night in which the clock goes back is an hour longer.
        assert_eq!(quiet.over(at("2026-10-24T18:00:00Z")), at("2026-10-25T06:00:00Z"));
    }

    #[test]
    fn so_many_in_an_hour_and_so_many_in_a_day() {
        let now = at("2026-11-23T12:00:00Z");
        let ago =
            |minutes: &[i64]| -> Vec<_> { minutes.iter().map(|m| now - TimeDelta::minutes(*m)).collect() };
        assert_eq!(LIMITS.free_at(&ago(&[]), now), None);
        assert_eq!(LIMITS.free_at(&ago(&[50, 20]), now), None);
        assert_eq!(LIMITS.free_at(&ago(&[20, 50, 30]), now), Some(now + TimeDelta::minutes(10)));
        assert_eq!(LIMITS.free_at(&ago(&[60, 50, 30]), now), None, "an hour ago is no more");
        let day = [1_400, 1_000, 900, 800, 700];
        assert_eq!(LIMITS.free_at(&ago(&day), now), Some(now + TimeDelta::minutes(40)));
    }

    #[test]
    fn what_cannot_wait_does_not() {
        use NoticeKind::{Cancellation, Invitation, Update};
        let (night, noon) = (at("2026-11-23T21:00:00Z"), at("2026-11-23T11:00:00Z"));
        let morning = Some(at("2026-11-24T06:00:00Z"));
        let none = &[][..];
        let (later, soon) = (&[noon + TimeDelta::days(9)][..], &[noon + TimeDelta::hours(24)][..]);
        assert_eq!(held_until(Update, later, &wanted(), none, night), morning);
        assert_eq!(held_until(Cancellation, later, &wanted(), none, night), morning);
        assert_eq!(held_until(Update, soon, &wanted(), none, night), None);
        assert_eq!(held_until(Invitation, later, &wanted(), none, noon), None);
        let daily = Wanted { digest: Some(time("16:00")), ..wanted() };
        assert_eq!(held_until(Invitation, later, &daily, none, noon), Some(at("2026-11-23T15:00:00Z")));
        assert_eq!(held_until(Invitation, later, &daily, none, night), Some(at("2026-11-24T15:00:00Z")));
        assert_eq!(held_until(Invitation, soon, &daily, none, noon), None);
        let sharp = at("2026-11-23T15:00:00Z");
        assert_eq!(held_until(Invitation, later, &daily, none, sharp), Some(at("2026-11-24T15:00:00Z")));
        let many = [noon; 3];
        assert_eq!(held_until(Update, later, &wanted(), &many, noon), Some(at("2026-11-23T12:00:00Z")));
        assert_eq!(held_until(Update, soon, &wanted(), &many, noon), Some(at("2026-11-23T12:00:00Z")));
        let today = [noon + TimeDelta::hours(3)];
        assert_eq!(held_until(Update, &today, &wanted(), &many, noon), None);
        assert_eq!(held_until(Cancellation, later, &wanted(), &many, noon), None);
    }

    #[test]
    fn what_has_waited_long_enough_waits_for_the_morning_and_no_longer_than_it_can() {
        let evening = at("2026-11-23T21:00:00Z");
        let morning = at("2026-11-24T06:00:00Z");
        let quiet = night(false);
        let until = |hours: i64| quiet_until(&[evening + TimeDelta::hours(hours)], &quiet, evening);
        assert_eq!(until(200), Some(morning));
        assert_eq!(until(30), Some(evening + TimeDelta::hours(6)), "a day before it");
        assert_eq!(until(24), None);
        assert_eq!(until(-1), Some(morning), "what has begun is urgent no more");
        assert_eq!(quiet_until(&[evening + TimeDelta::hours(200)], &quiet, morning), None);
    }

    /// Called off on Friday evening, the meeting of Monday morning would be over before the quiet is.
    #[test]
    fn nobody_comes_because_news_waited_for_the_morning() {
        let (friday, monday) = (at("2026-11-27T19:30:00Z"), at("2026-11-30T05:30:00Z"));
        let held = held_until(NoticeKind::Cancellation, &[monday], &wanted(), &[], friday);
        assert_eq!(held, Some(monday - URGENT));
    }

    proptest! {
        #[test]
        fn news_waits_for_no_meeting_to_begin(
            minutes in 0_i64..20_000,
            ahead in 1_i64..20_000,
            sent in prop::collection::vec(0_i64..1_440, 0..9),
            digest: bool,
            off: bool,
        ) {
            let now = at("2026-11-23T00:00:00Z") + TimeDelta::minutes(minutes);
            let start = now + TimeDelta::minutes(ahead);
            let sent: Vec<_> = sent.into_iter().map(|ago| now - TimeDelta::minutes(ago)).collect();
            let wanted = Wanted { digest: digest.then(|| time("16:00")), ..wanted() };
            let kind = if off { NoticeKind::Cancellation } else { NoticeKind::Update };
            let at = held_until(kind, &[start], &wanted, &sent, now).unwrap_or(now);
            prop_assert!(at >= now && (at == now || start - at >= LAST));
        }

        #[test]
        fn it_is_never_quiet_when_the_quiet_is_over(
            minutes in 0_i64..1_000_000,
            from in 0_u16..1_440,
            until in 0_u16..1_440,
            weekends: bool,
        ) {
            let quiet = Quiet { from: DayTime::new(from).unwrap(), until: DayTime::new(until).unwrap(), weekends };
            let start = at("2026-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
            let over = quiet.over(start);
            prop_assert!(over >= start && over - start <= TimeDelta::hours(24 * 4));
            prop_assert_eq!(quiet.over(over), over);
        }

        #[test]
        fn nobody_gets_more_than_the_limit_in_any_hour(gaps in prop::collection::vec(0_i64..30, 0..80)) {
            let (mut now, mut sent) = (at("2026-11-23T12:00:00Z"), Vec::new());
            for gap in gaps {
                now += TimeDelta::minutes(gap);
                let at = LIMITS.free_at(&sent, now).unwrap_or(now);
                prop_assert!(at >= now);
                now = at;
                sent.push(at);
                let in_span = |span| sent.iter().filter(|one| **one + span > at).count();
                prop_assert!(in_span(TimeDelta::hours(1)) <= 3 && in_span(TimeDelta::days(1)) <= 5);
            }
        }
    }
}
