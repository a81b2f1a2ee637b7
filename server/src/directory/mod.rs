//! The register of the region.

pub mod absence;
pub mod affiliated;
pub mod coverage;
pub mod days;
pub mod import;
pub mod route;
mod route_text;
