//! What the server does, seen through its public surface.

mod access;
mod availability;
mod region;
mod slots;
