//! Areas, schools, teams and links, and who is responsible where.

mod validity;

pub use validity::Validity;
