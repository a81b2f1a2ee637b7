//! Areas, schools, teams and links, and who is responsible where.
//!
//! [`routing`] finds the team and the people for a school and a child, [`coverage`] the
//! schools that have none, [`import`] reads the files that fill the register, [`partner`] says as
//! what the people of other organisations come, [`skills`] what people speak and offer.

pub mod coverage;
pub mod import;
pub mod partner;
pub mod routing;
pub mod skills;

pub use coverage::{Gap, TeamLoad, gaps, without_deputy};
pub use routing::{Register, Route, RoutingRule, RuleTried, route};
