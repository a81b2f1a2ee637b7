//! How many connections there are, and how many of them from one address.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};

use crate::settings::{AddressRange, LimitSettings};

/// The places of one port.
#[derive(Debug)]
pub struct Places {
    all: usize,
    each: usize,
    proxies: Vec<AddressRange>,
    taken: Mutex<HashMap<IpAddr, usize>>,
}

/// A place, given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    household: IpAddr,
}

/// What one subscriber has: an IPv4 address, or the /64 of an IPv6 one (RFC 6177).
pub(crate) fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

impl Places {
    /// None taken yet.
    pub fn new(limits: &LimitSettings, proxies: &[AddressRange]) -> Arc<Self> {
        Arc::new(Self {
            all: limits.connections as usize,
            each: limits.connections_per_address as usize,
            proxies: proxies.to_vec(),
            taken: Mutex::default(),
        })
    }

    /// A place for a connection from `address`; none when there is none left. A proxy brings
    /// many people, and so does one on this machine.
    pub fn take(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let brings_many =
            address.to_canonical().is_loopback() || self.proxies.iter().any(|proxy| proxy.contains(address));
        let household = household(address);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.get(&household).copied().unwrap_or_default();
        if taken.values().sum::<usize>() >= self.all || (own >= self.each && !brings_many) {
            return None;
        }
        taken.insert(household, own + 1);
        Some(Place { places: Arc::clone(self), household })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.household) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.household);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_share_and_a_proxy_brings_many() {
        let limits = LimitSettings { connections: 6, connections_per_address: 2, ..LimitSettings::default() };
        let places = Places::new(&limits, &["10.0.0.0/8".parse().unwrap()]);
        let take = |address: &str| places.take(address.parse().unwrap());
        let held = [take("203.0.113.9"), take("::ffff:203.0.113.9")];
        assert!(held.iter().all(Option::is_some));
        assert!(take("203.0.113.9").is_none(), "the share is taken");
        let house = [take("2001:db8::1"), take("2001:db8::2")];
        assert!(house.iter().all(Option::is_some) && take("2001:db8::3").is_none(), "one household");
        drop(house);
        let many = ["10.0.0.1", "10.0.0.1", "10.0.0.1", "127.0.0.1"].map(take);
        assert!(many.iter().all(Option::is_some), "proxies and this machine bring many");
        assert!(take("198.51.100.1").is_none(), "all are taken");
        drop(held);
        assert!(take("198.51.100.1").is_some());
        drop(many);
        assert!(places.taken.lock().unwrap().is_empty());
    }
}
