//! What only holds in the Netherlands: codes, ages, holidays, terms.

pub mod bsn;
pub mod codes;
pub mod consent_age;
pub mod leerplicht;
pub mod public_holidays;
pub mod school_age;
mod school_calendar;
mod school_holidays;
mod school_year;
pub mod termijnenwet;

pub use public_holidays::PublicHoliday;
pub(crate) use school_calendar::monday;
pub use school_calendar::{Replacement, SchoolCalendar, SchoolOverrides, TeachingDay};
pub use school_holidays::{Holiday, HolidayKind, HolidayRegion, SchoolHolidays};
pub use school_year::{Counted, SchoolYear, Warning};
