//! iCalendar bytes: what we write, and how what others write is read without loss.

pub mod line;
pub mod read;

mod unfold;

pub use line::{Line, Value};
pub use read::{Component, ReadError};
