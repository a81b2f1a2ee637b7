//! Instants as the databases keep them: whole microseconds, in this century.

use chrono::{DateTime, Datelike, SubsecRound, Utc};

use crate::refusal::Refusal;

/// The instant without what is finer than a microsecond: the smallest step that
/// both databases keep.
#[must_use]
pub fn cut(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.trunc_subsecs(6)
}

/// The cut instant, if it can be planned: from 2000-01-01T00:00Z, before 2100-01-01T00:00Z.
pub fn bounded(instant: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    if (2000..2100).contains(&instant.year()) { Ok(cut(instant)) } else { Err(Refusal::TimeOutOfBounds) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn only_this_century_can_be_planned() {
        for (text, allowed) in [
            ("0001-01-01T00:00:00Z", false),
            ("1999-12-31T23:59:59.999999999Z", false),
            ("2000-01-01T00:00:00Z", true),
            ("2099-12-31T23:59:59Z", true),
            ("2100-01-01T00:00:00Z", false),
            ("9999-01-01T00:00:00Z", false),
        ] {
            assert_eq!(bounded(at(text)).is_ok(), allowed, "{text}");
        }
    }

    #[test]
    fn nanoseconds_are_cut_not_rounded() {
        assert_eq!(bounded(at("2026-11-21T08:00:00.123456999Z")), Ok(at("2026-11-21T08:00:00.123456Z")));
    }
}
