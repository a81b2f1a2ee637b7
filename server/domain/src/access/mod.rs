//! Who may do what: one table of role × action × relation, from which both the
//! check of one object and the scope of a list follow.

mod action;
mod class;
pub mod consent;
mod hold;
mod policy;
mod purpose;
mod role;
mod standing;
mod table;

pub use action::{Action, CaseUse};
pub use class::{Class, Classes};
pub use hold::Hold;
pub use policy::{Denied, Leave, Reach, Relation, may, purposes};
pub use purpose::Purpose;
pub use role::Role;
pub use standing::{BOARD, CaseState, DOORZETTINGSMACHT, Reached, Standing, TIME_BOX_DAYS};
