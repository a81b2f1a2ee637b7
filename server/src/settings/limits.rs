//! What one caller, one connection and all of them together may take, with the usual values.

use std::{fmt, net::IpAddr, ops::RangeInclusive, str::FromStr, time::Duration};

use serde::Deserialize;

/// The limits of the public port. Every value may be changed in `[limits]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitSettings {
    /// What one message to us may weigh; a file comes in several of at most 64 KiB each.
    pub message_bytes: u32,
    /// What one message from us may weigh.
    pub answer_bytes: u32,
    /// What all headers of a request may weigh together.
    pub header_bytes: u32,
    /// Calls at once on one connection.
    pub streams: u32,
    /// Connections at once.
    pub connections: u32,
    /// Connections at once from one address; not for proxies and not for this machine itself.
    pub connections_per_address: u32,
    /// How long a TLS handshake may take.
    pub handshake_seconds: u32,
    /// How long the headers of a request, or the first bytes of a connection, may take.
    pub header_seconds: u32,
    /// How fast a body must come once it has been slow for `header_seconds`.
    pub body_bytes_per_second: u32,
    /// No call runs longer.
    pub call_seconds: u32,
    /// After how long without a word the other end is asked whether it is there.
    pub keepalive_seconds: u32,
    /// How long it may take to answer that.
    pub keepalive_answer_seconds: u32,
    /// How old a connection gets before it is asked to go.
    pub connection_seconds: u32,
    /// How long a connection that was asked to go may still take.
    pub connection_grace_seconds: u32,
    /// Calls that run at once in this process.
    pub in_flight: u32,
    /// Calls that wait for a place; what comes after these is refused at once.
    pub queue: u32,
    /// What one person may read, a minute.
    pub person_reads_per_minute: u32,
    /// What one person may change, a minute.
    pub person_writes_per_minute: u32,
    /// What all people of one region may read, a minute.
    pub region_reads_per_minute: u32,
    /// What all people of one region may change, a minute.
    pub region_writes_per_minute: u32,
    /// What one system may read, an hour.
    pub system_reads_per_hour: u32,
    /// What one system may change, an hour.
    pub system_writes_per_hour: u32,
    /// Credentials that do not fit, a minute and address.
    pub bad_credentials_per_minute: u32,
    /// Addresses of feeds and links that do not fit, a minute and address; as many passwords of feeds.
    pub guesses_per_minute: u32,
    /// Attempts to sign in to the pages, a minute and address: leaving for the provider and coming
    /// back are one each.
    pub sign_ins_per_minute: u32,
    /// The same of all addresses together.
    pub all_sign_ins_per_minute: u32,
    /// Whole calendars, an hour and feed; "nothing changed" is not counted.
    pub feed_bodies_per_hour: u32,
    /// How long the server says that it is going, before it takes no more connections.
    pub notice_seconds: u32,
    /// How long calls that run may still take once it takes no more.
    pub drain_seconds: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            message_bytes: 1 << 20,
            answer_bytes: 8 << 20,
            header_bytes: 16 << 10,
            streams: 100,
            connections: 1_000,
            connections_per_address: 200,
            handshake_seconds: 10,
            header_seconds: 10,
            body_bytes_per_second: 1 << 10,
            call_seconds: 30,
            keepalive_seconds: 60,
            keepalive_answer_seconds: 20,
            connection_seconds: 30 * 60,
            connection_grace_seconds: 60,
            in_flight: 64,
            queue: 256,
            person_reads_per_minute: 1_200,
            person_writes_per_minute: 300,
            region_reads_per_minute: 12_000,
            region_writes_per_minute: 3_000,
            system_reads_per_hour: 500,
            system_writes_per_hour: 200,
            bad_credentials_per_minute: 100,
            guesses_per_minute: 20,
            sign_ins_per_minute: 60,
            all_sign_ins_per_minute: 1_200,
            feed_bodies_per_hour: 60,
            notice_seconds: 3,
            drain_seconds: 20,
        }
    }
}

impl LimitSettings {
    /// For an example on one machine, which is loaded, shown and tried as fast as it goes.
    pub fn generous() -> Self {
        const MANY: u32 = 10_000_000;
        Self {
            person_reads_per_minute: MANY,
            person_writes_per_minute: MANY,
            region_reads_per_minute: MANY,
            region_writes_per_minute: MANY,
            bad_credentials_per_minute: MANY,
            guesses_per_minute: MANY,
            sign_ins_per_minute: MANY,
            all_sign_ins_per_minute: MANY,
            notice_seconds: 0,
            ..Self::default()
        }
    }

    /// Each value that is out of its bounds, with the bounds.
    pub(super) fn faults(&self) -> Vec<String> {
        const HOUR: u32 = 3_600;
        const SOME: RangeInclusive<u32> = 1..=1_000_000_000;
        let bounds = [
            ("message_bytes", self.message_bytes, 128 << 10..=16 << 20),
            ("answer_bytes", self.answer_bytes, 1 << 20..=64 << 20),
            // The HTTP/1 reader cannot do with less than 8 KiB.
            ("header_bytes", self.header_bytes, 8 << 10..=1 << 20),
            ("streams", self.streams, 1..=10_000),
            ("connections", self.connections, 1..=100_000),
            ("connections_per_address", self.connections_per_address, 1..=100_000),
            ("handshake_seconds", self.handshake_seconds, 1..=60),
            ("header_seconds", self.header_seconds, 1..=60),
            ("body_bytes_per_second", self.body_bytes_per_second, SOME),
            ("call_seconds", self.call_seconds, 1..=HOUR),
            ("keepalive_seconds", self.keepalive_seconds, 1..=HOUR),
            ("keepalive_answer_seconds", self.keepalive_answer_seconds, 1..=HOUR),
            ("connection_seconds", self.connection_seconds, 1..=24 * HOUR),
            ("connection_grace_seconds", self.connection_grace_seconds, 1..=HOUR),
            ("in_flight", self.in_flight, 1..=10_000),
            ("queue", self.queue, 0..=100_000),
            ("person_reads_per_minute", self.person_reads_per_minute, SOME),
            ("person_writes_per_minute", self.person_writes_per_minute, SOME),
            ("region_reads_per_minute", self.region_reads_per_minute, SOME),
            ("region_writes_per_minute", self.region_writes_per_minute, SOME),
            ("system_reads_per_hour", self.system_reads_per_hour, SOME),
            ("system_writes_per_hour", self.system_writes_per_hour, SOME),
            ("bad_credentials_per_minute", self.bad_credentials_per_minute, SOME),
            ("guesses_per_minute", self.guesses_per_minute, SOME),
            ("sign_ins_per_minute", self.sign_ins_per_minute, SOME),
            ("all_sign_ins_per_minute", self.all_sign_ins_per_minute, SOME),
            ("feed_bodies_per_hour", self.feed_bodies_per_hour, SOME),
            ("notice_seconds", self.notice_seconds, 0..=60),
            ("drain_seconds", self.drain_seconds, 1..=300),
        ];
        bounds
            .into_iter()
            .filter(|(_, value, bounds)| !bounds.contains(value))
            .map(|(name, value, bounds)| {
                format!("limits.{name} is {value}: between {} and {}", bounds.start(), bounds.end())
            })
            .collect()
    }
}

/// So many seconds.
pub fn seconds(number: u32) -> Duration {
    Duration::from_secs(number.into())
}

/// A stretch of addresses, for example `10.0.0.0/8`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRange {
    address: IpAddr,
    bits: u8,
}

impl AddressRange {
    /// Whether `address` lies in it; an IPv4 address written as IPv6 is the IPv4 address.
    pub fn contains(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let shift = 32 - u32::from(self.bits);
                own.to_bits().checked_shr(shift) == other.to_bits().checked_shr(shift)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let shift = 128 - u32::from(self.bits);
                own.to_bits().checked_shr(shift) == other.to_bits().checked_shr(shift)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// Not an address, or more bits than it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRange;

impl fmt::Display for NoRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a network is like 10.0.0.0/8, or one address")
    }
}

impl FromStr for AddressRange {
    type Err = NoRange;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| NoRange)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| NoRange)?;
        if bits > most { Err(NoRange) } else { Ok(Self { address, bits }) }
    }
}

impl<'de> Deserialize<'de> for AddressRange {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_own_addresses_only() {
        let inside = |network: &str, address: &str| {
            network.parse::<AddressRange>().unwrap().contains(address.parse().unwrap())
        };
        assert!(inside("10.0.0.0/8", "10.255.0.1") && !inside("10.0.0.0/8", "11.0.0.1"));
        assert!(inside("10.0.0.7", "10.0.0.7") && !inside("10.0.0.7", "10.0.0.6"));
        assert!(inside("10.0.0.0/8", "::ffff:10.0.0.1"), "the same address, as a dual socket writes it");
        assert!(inside("2001:db8::/32", "2001:db8:1::1") && !inside("2001:db8::/32", "2001:db9::1"));
        assert!(inside("0.0.0.0/0", "203.0.113.9") && !inside("0.0.0.0/0", "2001:db8::1"));
        for wrong in ["", "10.0.0.0/33", "10.0.0/8", "::1/129", "10.0.0.0/", "10.0.0.0/-1", "localhost"] {
            assert_eq!(wrong.parse::<AddressRange>(), Err(NoRange), "{wrong}");
        }
    }

    #[test]
    fn a_limit_that_lets_nobody_in_or_everybody_is_told_with_its_bounds() {
        assert!(LimitSettings::default().faults().is_empty());
        assert!(LimitSettings::generous().faults().is_empty());
        let none = LimitSettings { streams: 0, header_bytes: 100, ..LimitSettings::default() };
        assert_eq!(
            none.faults(),
            [
                "limits.header_bytes is 100: between 8192 and 1048576",
                "limits.streams is 0: between 1 and 10000"
            ]
        );
    }
}
