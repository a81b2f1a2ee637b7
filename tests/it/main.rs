//! What the server does, seen through its public surface.

mod access;
mod feed;
mod invitation;
mod web;
