//! The meetings of a school year, planned together: spread over the teaching days, within
//! everybody's hours, nobody at two tables.

pub mod cycle;
pub mod goal;
mod oogo;
mod planner;
mod spread;

pub use oogo::{Milestone, Step, milestones};
pub use planner::{Frame, Outcome, Planned, Table, plan};
pub use spread::{Rhythm, Stretch, stretches};

#[cfg(test)]
mod tests;
