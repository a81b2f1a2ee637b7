//! Who may do what: roles now; relations, data classes and the policy table beside them.

mod role;

pub use role::Role;
