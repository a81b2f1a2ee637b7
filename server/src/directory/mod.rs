//! The register of the region.
