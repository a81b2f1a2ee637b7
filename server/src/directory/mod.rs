//! The register of the region.

pub mod links;
