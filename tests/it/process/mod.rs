//! The real program in processes of its own: the story, kills, settings that cannot be.

mod canary;
mod http2;
mod kill;
mod python;
mod rotation;
mod settings;
mod story;
mod typed;
