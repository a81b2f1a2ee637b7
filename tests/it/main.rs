//! What the server does, seen through its public surface.

#![expect(clippy::unwrap_used, reason = "what a test counts on either holds or fails it")]

mod access;
mod architecture;
mod availability;
mod clock;
mod consultation;
mod counts;
mod directory;
mod door;
mod enums;
mod feed;
mod frames;
mod home;
mod hulpvraag;
mod import;
mod invitation;
mod missing;
mod privacy;
mod process;
mod race;
mod refusals;
mod region;
mod schema;
mod slots;
mod tenancy;
mod thuiszitter;
mod vault;
mod web;
