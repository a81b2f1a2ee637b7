//! Periods, validity, wall clocks and the clocks that deadlines are counted with.

mod civil;
mod clock;
mod day_time;
mod instant;
mod months;
mod period;
mod since;
mod validity;
mod words;

pub use civil::{repeated, typed, wall_clock, zone};
pub use clock::DeadlineClock;
pub use day_time::DayTime;
pub use instant::{bounded, cut};
pub use months::{add_months, back_months};
pub use period::{Period, union};
pub use since::Since;
pub use validity::Validity;
pub(crate) use words::MONTHS;
pub use words::day_in_words;
