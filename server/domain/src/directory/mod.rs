//! Areas, schools, teams and links, and who is responsible where.
//!
//! [`routing`] finds the team and the people for a school and a child, [`coverage`] the
//! schools that have none, [`import`] reads the files that fill the register.

pub mod coverage;
pub mod import;
pub mod routing;

pub use coverage::{Gap, TeamLoad, gaps, without_deputy};
pub use routing::{Register, Route, RoutingRule, RuleTried, route};
