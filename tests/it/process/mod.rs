//! The real program in processes of its own: the story, kills, settings that cannot be.

mod audit;
mod calling;
mod canary;
mod hostile;
mod http2;
mod insecure;
mod kill;
mod past;
mod python;
mod recipes;
mod rotation;
mod rust;
mod settings;
mod signing_in;
mod story;
mod typed;
mod typescript;
mod workplace;
