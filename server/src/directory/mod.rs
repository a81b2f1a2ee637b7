//! The register of the region: seven kinds of things with one story, and the files that fill it.

pub mod absence;
pub mod affiliated;
mod affiliation;
mod area;
pub mod calendar;
mod cluster;
pub mod coverage;
pub mod import;
mod link;
mod person;
mod reading;
mod resource;
pub mod route;
mod route_text;
mod rpc;
mod school;
mod store;
mod team;
mod verbs;

pub use cluster::Cluster;
pub use school::School;
pub use team::Team;
