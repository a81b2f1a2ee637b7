//! Files that fill the register: bytes in, rows or reasons out, and what a file changes.
//!
//! [`frame`] is the parser that all formats share, [`cell`] what a cell may hold, [`duo`]
//! the open data of DUO, [`own`] the formats of Schakel, [`diff`] what an import changes.

pub mod cell;
pub mod diff;
pub mod duo;
pub mod frame;
pub mod own;
#[cfg(test)]
mod tests;

pub use diff::{Change, Diff, diff};
pub use frame::{BadRow, FileRefused, MAX_BYTES, Parsed, Record, Remedy, Row, parse, write};
