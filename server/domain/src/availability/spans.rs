//! The compact form of a calendar: its spans as bytes, some 22 each, cheap to keep and to read.
//!
//! One byte of version, the number of places and their ids; then each span by start: a byte of
//! flags, start since the one before, length, lead, the booking, the place's number, the expiry.
//! Numbers are in seven bits a byte, the lowest first; whole minutes where all three are.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use super::agenda::{Site, Span};
use crate::{ids::OrganisationId, time::Period};

const VERSION: u8 = 1;
const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 24 * 60 * MINUTE;

const WHOLE_MINUTES: u8 = 1;
const REMOTE: u8 = 2;
const AT: u8 = 4;
const EXPIRES: u8 = 8;

/// Spans by start as bytes.
pub fn encode(spans: &[Span]) -> Vec<u8> {
    let mut places: Vec<Uuid> = spans.iter().filter_map(place).collect();
    places.sort_unstable();
    places.dedup();
    let mut out = vec![VERSION];
    put(&mut out, places.len() as u64);
    for place in &places {
        out.extend(place.as_bytes());
    }
    let mut before = 0;
    for span in spans {
        let start = span.time.start().timestamp_micros();
        let numbers = [start - before, micros(span.time.duration()), micros(span.lead)];
        before = start;
        let whole = numbers.iter().all(|number| number % MINUTE == 0);
        out.push(flags(span) | if whole { WHOLE_MINUTES } else { 0 });
        let unit = if whole { MINUTE } else { 1 };
        for number in numbers {
            put(&mut out, (number / unit).cast_unsigned());
        }
        out.extend(span.booking.as_bytes());
        if let Some(place) = place(span) {
            put(&mut out, places.binary_search(&place).unwrap_or_default() as u64);
        }
        if let Some(expires) = span.expires {
            put(&mut out, expires.timestamp_micros().cast_unsigned());
        }
    }
    out
}

/// Spans from bytes; nothing if these are none.
pub fn decode(bytes: &[u8]) -> Option<Vec<Span>> {
    let mut bytes = Bytes(bytes);
    if bytes.one()? != VERSION {
        return None;
    }
    let count = usize::try_from(bytes.number()?).ok()?;
    let mut places = Vec::new();
    for _ in 0..count {
        places.push(OrganisationId(bytes.uuid()?));
    }
    let mut spans = Vec::with_capacity(bytes.0.len() / 20);
    let (mut before, mut clock) = (0, Clock::new());
    while !bytes.0.is_empty() {
        let (span, start) = span(&mut bytes, &places, (before, &mut clock))?;
        before = start;
        spans.push(span);
    }
    Some(spans)
}

/// The next span, and when it starts.
fn span(
    bytes: &mut Bytes<'_>,
    places: &[OrganisationId],
    (before, clock): (i64, &mut Clock),
) -> Option<(Span, i64)> {
    let flags = bytes.one()?;
    let unit = if flags & WHOLE_MINUTES == 0 { 1 } else { MINUTE };
    let mut number = || i64::try_from(bytes.number()?).ok()?.checked_mul(unit);
    let (since, length, lead) = (number()?, number()?, number()?);
    let start = before.checked_add(since)?;
    let time = Period::new(clock.at(start)?, clock.at(start.checked_add(length)?)?).ok()?;
    let booking = bytes.uuid()?;
    let site = match flags & (REMOTE | AT) {
        0 => Site::Unknown,
        REMOTE => Site::Remote,
        AT => Site::At(*places.get(usize::try_from(bytes.number()?).ok()?)?),
        _both => return None,
    };
    let expires = match flags & EXPIRES {
        0 => None,
        _set => Some(clock.at(i64::try_from(bytes.number()?).ok()?)?),
    };
    Some((Span { booking, time, lead: TimeDelta::microseconds(lead), site, expires }, start))
}

fn flags(span: &Span) -> u8 {
    let site = match span.site {
        Site::Remote => REMOTE,
        Site::At(_) => AT,
        Site::Unknown => 0,
    };
    site | if span.expires.is_some() { EXPIRES } else { 0 }
}

fn place(span: &Span) -> Option<Uuid> {
    match span.site {
        Site::At(place) => Some(place.0),
        Site::Remote | Site::Unknown => None,
    }
}

fn micros(length: TimeDelta) -> i64 {
    length.num_microseconds().unwrap_or(i64::MAX)
}

/// Reads instants in order, of which many are of one date: finding the date is what costs.
struct Clock {
    day: i64,
    date: NaiveDate,
}

impl Clock {
    fn new() -> Self {
        Self { day: 0, date: NaiveDate::default() }
    }

    /// The instant of so many microseconds since 1970.
    fn at(&mut self, micros: i64) -> Option<DateTime<Utc>> {
        let (day, rest) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
        if day != self.day {
            self.date = NaiveDate::from_epoch_days(i32::try_from(day).ok()?)?;
            self.day = day;
        }
        let (second, rest) = (u32::try_from(rest / SECOND).ok()?, u32::try_from(rest % SECOND).ok()?);
        let time = NaiveTime::from_num_seconds_from_midnight_opt(second, rest * 1_000)?;
        Some(self.date.and_time(time).and_utc())
    }
}

fn put(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let [lowest, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            return out.push(lowest & 0x7f);
        }
        out.push(lowest | 0x80);
    }
}

/// What is left to read.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn one(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..63).step_by(7) {
            let byte = self.one()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn uuid(&mut self) -> Option<Uuid> {
        let (id, rest) = self.0.split_at_checked(16)?;
        self.0 = rest;
        Uuid::from_slice(id).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn a_span() -> impl Strategy<Value = (i64, i64, i64, u8, u128, Option<i64>)> {
        let number = prop_oneof![(0i64..10_000).prop_map(|minutes| minutes * MINUTE), 0i64..900_000_000_000];
        let expires = prop::option::of(1_700_000_000_000_000i64..1_800_000_000_000_000);
        (number, 1i64..28_800_000_000, 0i64..14_400_000_000, 0u8..6, any::<u128>(), expires)
    }

    proptest! {
        #[test]
        fn what_is_kept_is_what_is_read(parts in prop::collection::vec(a_span(), 0..40)) {
            let mut at = 1_790_000_000_000_000;
            let mut spans = Vec::new();
            for (since, length, lead, site, booking, expires) in parts {
                at += since;
                spans.push(Span {
                    booking: Uuid::from_u128(booking),
                    time: Period::new(DateTime::from_timestamp_micros(at).unwrap(), DateTime::from_timestamp_micros(at + length).unwrap()).unwrap(),
                    lead: TimeDelta::microseconds(lead),
                    site: match site {
                        0 => Site::Remote,
                        1 => Site::Unknown,
                        place => Site::At(OrganisationId(Uuid::from_u128(place.into()))),
                    },
                    expires: expires.and_then(DateTime::from_timestamp_micros),
                });
            }
            prop_assert_eq!(decode(&encode(&spans)), Some(spans));
        }

        #[test]
        fn other_bytes_are_refused_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut versioned = vec![VERSION];
            versioned.extend(&bytes);
            for bytes in [bytes, versioned] {
                if let Some(spans) = decode(&bytes) {
                    prop_assert!(spans.len() <= bytes.len());
                }
            }
        }
    }

    #[test]
    fn a_quarter_of_meetings_is_a_few_kilobytes() {
        let start: DateTime<Utc> = "2026-11-23T08:00:00Z".parse().unwrap();
        let spans: Vec<Span> = (0u128..200)
            .zip((0..).step_by(300))
            .map(|(at, minutes)| {
                let start = start + TimeDelta::minutes(minutes);
                let time = Period::new(start, start + TimeDelta::minutes(45)).unwrap();
                let site = Site::At(OrganisationId(Uuid::from_u128(at % 9)));
                Span { lead: TimeDelta::minutes(20), ..Span::new(Uuid::from_u128(at), time, site) }
            })
            .collect();
        let bytes = encode(&spans);
        assert!(bytes.len() < 5000, "{}", bytes.len());
    }
}
