//! The register of the region.

pub mod store;
