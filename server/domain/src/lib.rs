//! The rules of Schakel as functions of values: no I/O, no clock, no randomness.
//!
//! Read in this order: [`ids`] and [`text`] (what may exist at all), [`refusal`]
//! (every way a rule says no), [`time`] and [`dutch`] (calendars and codes), then
//! one module per subject, each named as on every other floor of the house.

pub mod access;
pub mod audit;
pub mod availability;
pub mod bound;
pub mod consultation;
pub mod directory;
pub mod dutch;
pub mod feed;
pub mod hulpvraag;
pub mod ical;
pub mod ids;
pub mod imap;
pub mod inbox;
pub mod invitation;
pub mod mail;
pub mod monitor;
pub mod privacy;
pub mod reference;
pub mod refusal;
pub mod subscription;
pub mod text;
pub mod thuiszitter;
pub mod time;
