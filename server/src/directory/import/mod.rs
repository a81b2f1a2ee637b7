//! Files that fill the register.

pub mod gather;
pub mod report;
