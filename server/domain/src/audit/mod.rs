//! Who saw what of a child, told in few lines and in words that a parent understands.

mod merge;
mod words;

pub use merge::{Day, Seen, merge};
pub use words::{class, deed, function, purpose};
