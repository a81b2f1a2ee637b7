//! The rights of the people concerned, and the end of what is kept: export, rectification,
//! restriction, erasure and retention. Whatever is destroyed is proposed by one person and
//! approved by another.

mod approve;
mod columns;
mod destructions;
mod dossier;
mod erase;
mod export;
mod find;
mod holds;
mod plan;
mod profile;
mod reading;
mod rectify;
mod restrict;
mod retention;
mod rights;
mod rpc;
pub mod statement;
mod store;
mod wire;
pub mod worker;

pub use columns::{COLUMNS, Kept, TABLES_WITHOUT};
