//! Instants and lengths of time on the wire.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use schakel_domain::refusal::Refusal;

use super::fields::Fields;

/// As a protobuf timestamp.
pub fn timestamp(instant: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: instant.timestamp(),
        nanos: i32::try_from(instant.timestamp_subsec_nanos()).unwrap_or_default(),
    }
}

/// From a column, as a protobuf timestamp.
pub fn timestamp_of(micros: i64) -> Option<prost_types::Timestamp> {
    DateTime::from_timestamp_micros(micros).map(timestamp)
}

/// As a protobuf duration.
pub fn duration(length: TimeDelta) -> prost_types::Duration {
    prost_types::Duration { seconds: length.num_seconds(), nanos: length.subsec_nanos() }
}

impl Fields {
    /// A required instant between 2000 and 2100, cut to microseconds.
    pub fn instant(&mut self, field: &str, wire: Option<&prost_types::Timestamp>) -> Option<DateTime<Utc>> {
        let Some(wire) = wire else {
            self.refuse(field, Refusal::FieldRequired);
            return None;
        };
        let valid = (-62_135_596_800..=253_402_300_799).contains(&wire.seconds);
        let instant = u32::try_from(wire.nanos)
            .ok()
            .filter(|nanos| valid && *nanos < 1_000_000_000)
            .and_then(|nanos| DateTime::from_timestamp(wire.seconds, nanos));
        match instant {
            None => self.refuse(field, Refusal::TimestampInvalid),
            Some(instant) if !(2000..2100).contains(&instant.year()) => {
                self.refuse(field, Refusal::TimeOutOfBounds);
            }
            Some(instant) => return Some(chrono::SubsecRound::trunc_subsecs(instant, 6)),
        }
        None
    }

    /// An instant that may be absent.
    pub fn instant_if(
        &mut self,
        field: &str,
        wire: Option<&prost_types::Timestamp>,
    ) -> Option<DateTime<Utc>> {
        wire.and_then(|wire| self.instant(field, Some(wire)))
    }

    /// A required length of time in whole seconds, more than nothing and at most eight hours.
    pub fn length(&mut self, field: &str, wire: Option<&prost_types::Duration>) -> Option<TimeDelta> {
        let Some(wire) = wire else {
            self.refuse(field, Refusal::FieldRequired);
            return None;
        };
        if wire.nanos != 0 || !(1..=8 * 3600).contains(&wire.seconds) {
            self.refuse(field, Refusal::TimeRangeInvalid);
            return None;
        }
        Some(TimeDelta::seconds(wire.seconds))
    }
}
