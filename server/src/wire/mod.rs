//! Reading and writing protos: all violations at once, pages, etags and time.

pub mod call;
pub mod enums;
pub mod fields;
pub mod page;
pub mod time;
