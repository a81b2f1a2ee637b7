//! What every generated region promises.

mod availability;
mod cases;
mod counts;
mod files;

use chrono::NaiveDate;

use super::{Region, Size};

const SIZES: [Size; 2] = [Size::Full, Size::Small];

/// A Saturday, so that every date has to be moved.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn region(size: Size) -> Region {
    Region::generate(size, 7, first_day())
}

/// Each size with several seeds, for what must hold whatever is drawn.
fn regions() -> impl Iterator<Item = Region> {
    SIZES.into_iter().flat_map(|size| (0..6).map(move |seed| Region::generate(size, seed, first_day())))
}
