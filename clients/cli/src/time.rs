//! Times as people type and read them: on the clock of Europe/Amsterdam.

use std::{fmt::Write, str::FromStr};

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;
use prost_types::{Duration, Timestamp};

/// An instant, typed as RFC 3339 or as local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) DateTime<Utc>);

impl Moment {
    pub(crate) fn wire(self) -> Timestamp {
        Timestamp { seconds: self.0.timestamp(), nanos: self.0.timestamp_subsec_nanos().cast_signed() }
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self(instant.to_utc()));
        }
        let wall = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
            .or_else(|| text.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN)))
            .ok_or("write it as 2026-11-24T10:00 (Europe/Amsterdam) or 2026-11-24T10:00:00+01:00")?;
        match Amsterdam.from_local_datetime(&wall) {
            LocalResult::Single(instant) => Ok(Self(instant.to_utc())),
            LocalResult::Ambiguous(..) => {
                Err("the clock shows this time twice: add +02:00 or +01:00".to_owned())
            }
            LocalResult::None => Err("the clock skips this time".to_owned()),
        }
    }
}

/// How long, typed as `2d4h`, `90m` or `1w`. At least a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) i64);

impl Span {
    pub(crate) fn wire(self) -> Duration {
        Duration { seconds: self.0, nanos: 0 }
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write it as 2d4h, 90m or 1w".to_owned();
        let mut rest = text;
        let mut total: i64 = 0;
        while let Some(end) = rest.find(|letter: char| !letter.is_ascii_digit()) {
            let number: i64 = rest[..end].parse().map_err(|_| wrong())?;
            let unit = match rest.as_bytes()[end] {
                b'w' => 604_800,
                b'd' => 86_400,
                b'h' => 3_600,
                b'm' => 60,
                b's' => 1,
                _ => return Err(wrong()),
            };
            total = number.checked_mul(unit).and_then(|more| total.checked_add(more)).ok_or_else(wrong)?;
            rest = &rest[end + 1..];
        }
        if rest.is_empty() && total > 0 { Ok(Self(total)) } else { Err(wrong()) }
    }
}

/// First and last day, as `FROM[:UNTIL]`; empty is without bounds.
pub(crate) fn validity(text: &str) -> Result<(Option<NaiveDate>, Option<NaiveDate>), String> {
    let (from, until) = text.split_once(':').unwrap_or((text, ""));
    let day = |text: &str| match text {
        "" => Ok(None),
        given => given.parse().map(Some).map_err(|_| "write days as 2026-08-01:2027-07-31".to_owned()),
    };
    Ok((day(from)?, day(until)?))
}

/// Whole minutes as a wire duration.
pub(crate) fn minutes(minutes: u32) -> Duration {
    Duration { seconds: i64::from(minutes) * 60, nanos: 0 }
}

/// The instant of a wire timestamp.
pub(crate) fn instant(time: Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(time.seconds, u32::try_from(time.nanos).ok()?)
}

/// For example `Tue 2026-11-24 10:00`.
pub(crate) fn local(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&Amsterdam).format("%a %Y-%m-%d %H:%M").to_string()
}

/// For example `1 h 30 min`.
pub(crate) fn length(seconds: i64) -> String {
    let mut text = String::new();
    for (unit, size) in [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)] {
        let count = match unit {
            "d" => seconds / size,
            "h" => seconds % 86_400 / size,
            "min" => seconds % 3_600 / size,
            _ => seconds % 60,
        };
        if count != 0 {
            let gap = if text.is_empty() { "" } else { " " };
            let _ = write!(text, "{gap}{count} {unit}");
        }
    }
    text
}

/// The line with every RFC 3339 instant as local time.
pub(crate) fn localised(line: &str) -> String {
    let piece = |word: &str| match DateTime::parse_from_rfc3339(word.trim_end_matches(',')) {
        Ok(instant) => local(instant.to_utc()) + if word.ends_with(',') { "," } else { "" },
        Err(_) => word.to_owned(),
    };
    let spaced = line.replace("Z,2", "Z, 2");
    spaced.split(' ').map(piece).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Result<String, String> {
        text.parse::<Moment>().map(|moment| moment.0.to_rfc3339())
    }

    #[test]
    fn a_time_without_zone_is_on_the_clock_of_amsterdam() {
        assert_eq!(moment("2026-11-24T10:00").unwrap(), "2026-11-24T09:00:00+00:00");
        assert_eq!(moment("2026-07-01 10:00").unwrap(), "2026-07-01T08:00:00+00:00");
        assert_eq!(moment("2026-11-24").unwrap(), "2026-11-23T23:00:00+00:00");
        assert_eq!(moment("2026-11-24T10:00:00-05:00").unwrap(), "2026-11-24T15:00:00+00:00");
    }

    #[test]
    fn a_time_that_the_clock_shows_twice_or_never_is_asked_again() {
        assert!(moment("2026-10-25T02:30").unwrap_err().contains("twice"));
        assert!(moment("2026-03-29T02:30").unwrap_err().contains("skips"));
        assert!(moment("tomorrow").is_err());
    }

    #[test]
    fn spans_add_up() {
        let span = |text: &str| text.parse::<Span>().map(|span| span.0);
        assert_eq!(span("2d4h"), Ok(187_200));
        assert_eq!(span("90m"), Ok(5_400));
        assert_eq!(span("1w1s"), Ok(604_801));
        for wrong in ["", "5", "0m", "-1d", "2x", "d", "99999999999999999w", "1d5"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn lengths_read_as_people_say_them() {
        assert_eq!(length(5_400), "1 h 30 min");
        assert_eq!(length(187_200), "2 d 4 h");
    }
}
