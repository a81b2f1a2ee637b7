//! The kinds of entries of the register and of availability, each with its options and calls.

pub(crate) mod absence;
pub(crate) mod affiliation;
pub(crate) mod area;
pub(crate) mod cluster;
pub(crate) mod hours;
pub(crate) mod link;
pub(crate) mod person;
pub(crate) mod provision;
pub(crate) mod school;
pub(crate) mod team;
