//! The register of the region: eleven kinds of things with one story, and the files that fill it.

pub mod absence;
pub mod affiliated;
mod affiliation;
mod area;
pub mod calendar;
mod cluster;
pub mod contacts;
pub mod coverage;
pub mod expertise;
pub mod gathering;
pub mod guide;
mod holidays;
pub mod import;
pub mod interpreters;
pub mod link;
pub mod names;
mod partner;
mod person;
pub mod places;
pub mod provision;
mod reading;
mod resource;
pub mod room;
pub mod route;
mod route_text;
mod rpc;
mod school;
mod store;
mod team;
mod verbs;

pub use area::Area;
pub use cluster::Cluster;
pub use person::Person;
pub use school::School;
pub use team::Team;
