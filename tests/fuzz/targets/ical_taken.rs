//! Whatever a calendar says, it makes busy within the window only, in separate periods.

#![no_main]

use chrono_tz::Europe::Amsterdam;
use libfuzzer_sys::fuzz_target;
use schakel_domain::{
    ical::{Asked, taken},
    time::Period,
};

fuzz_target!(|bytes: &[u8]| {
    let at = |text: &str| text.parse().expect("an instant");
    let window = Period::new(at("2026-11-01T00:00:00Z"), at("2027-11-01T00:00:00Z")).expect("a year");
    let asked = Asked { window, floating: Amsterdam, own_domain: "planner.example.nl" };
    if let Ok(taken) = taken(bytes, &asked) {
        assert!(taken.periods.iter().all(|period| window.covers(*period)));
        assert!(taken.periods.windows(2).all(|pair| pair[0].end() < pair[1].start()));
        assert_eq!(taken.unread == 0, taken.why.is_none());
    }
});
