//! The norms of a region: read by everybody, and taken into use by the samenwerkingsverband from a day on.

mod rpc;
mod store;
mod take_up;
