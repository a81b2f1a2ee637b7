//! What the server does, seen through its public surface.

#![expect(clippy::unwrap_used, reason = "what a test counts on either holds or fails it")]

mod access;
mod agenda;
mod architecture;
mod audit;
mod availability;
mod clock;
mod consent;
mod consultation;
mod counts;
mod directory;
mod documented;
mod door;
mod edges;
mod emergency;
mod enums;
mod feed;
mod frames;
mod home;
mod hostile;
mod hulpvraag;
mod identity;
mod import;
mod invitation;
mod lists;
mod matrix;
mod missing;
mod outside;
mod policy;
mod privacy;
mod process;
mod race;
mod recurrence;
mod refusals;
mod region;
mod regions;
mod register;
mod revocation;
mod schema;
mod slots;
mod tenancy;
mod thuiszitter;
mod time_poll;
mod vault;
mod web;
