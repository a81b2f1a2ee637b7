//! What the server does, seen through its public surface.

mod access;
mod consultation;
mod hulpvraag;
mod race;
