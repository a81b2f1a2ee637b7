//! The real program in processes of its own: the story, kills, settings that cannot be.

mod audit;
mod canary;
mod hostile;
mod http2;
mod insecure;
mod kill;
mod python;
mod rotation;
mod settings;
mod signing_in;
mod story;
mod typed;
