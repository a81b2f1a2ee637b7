//! The server: one port for gRPC, gRPC-web and HTTP; one door to the database.
//!
//! A call, room by room: `access::layer` finds the caller, `<subject>/rpc.rs` reads all
//! fields and makes one call, `<subject>/<verb>.rs` is the story in one transaction,
//! the domain decides, `<subject>/store.rs` remembers; what must follow (mail) is an
//! outbox row of the same transaction, taken up by `invitation/worker.rs`.

use mimalloc::MiMalloc;

pub mod access;
pub mod app;
pub mod audit;
pub mod availability;
pub mod consultation;
pub mod demo;
pub mod directory;
pub mod edge;
pub mod entity;
pub mod error;
pub mod feed;
pub mod hulpvraag;
pub mod invitation;
pub mod monitor;
pub mod operate;
pub mod outward;
pub mod privacy;
pub mod run;
pub mod serve;
pub mod settings;
pub mod store;
pub mod subscription;
pub mod telemetry;
pub mod thuiszitter;
pub mod tls;
pub mod web;
pub mod wire;
pub mod world;

/// A call is thousands of small pieces of memory that come and go together. With the allocator of the C
/// library a sixth of the time of a busy server was spent on them.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;
