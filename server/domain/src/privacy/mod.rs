//! Rights of the people concerned, and the end of what is kept: terms, what goes, what stays and why.

mod fate;
mod ground;
mod page;
mod retention;
mod statement;
mod words;

pub use fate::{Fate, File, Part, PartKind, Reason, Why, fates, kept};
pub use ground::{ErasureGround, Fact, Requester, RestrictionGround};
pub use page::page;
pub use retention::{Length, Profile, RetentionClass, Start, Term};
pub use statement::{Destroyed, Signed, Statement};
pub use words::label;
