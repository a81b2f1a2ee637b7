//! Meetings: booked once, moved, cancelled, held.

pub mod action;
pub mod answer;
pub mod book;
pub mod cancel;
mod conflict;
pub mod kind;
pub mod meeting;
pub mod minutes;
pub mod moving;
pub mod outcome;
mod parts;
pub mod poll;
pub mod provider;
pub mod reach;
pub mod replace;
pub mod rpc;
mod seats;
pub mod shared;
mod show;
pub mod store;
pub mod sweep;
pub mod table;
mod tell;
mod watch;
mod wire;
