//! What a samenwerkingsverband measures itself by: worked out from figures of the reports, or typed in.

mod change;
mod list;
mod rpc;
mod store;
mod wire;
