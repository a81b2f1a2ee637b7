//! Who may do what: one table of role × action × relation, from which both the
//! check of one object and the scope of a list follow.

mod action;
mod class;
mod hold;
mod policy;
mod role;

pub use action::{Action, Purpose};
pub use class::{Class, Classes};
pub use hold::Hold;
pub use policy::{Denied, Reach, Relation, may};
pub use role::Role;
