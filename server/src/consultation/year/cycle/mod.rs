//! The cycle of an ondersteuningsplan or jeugdplan: what is due when and why, from the milestones of a year, the
//! meetings that were held and what the samenwerkingsverband says is done. `open` is what is still to be done of all plans
//! that are on their way; `goal` is what was agreed in one, and how far that is.

mod goal;
mod goal_store;
mod mark;
pub mod open;
mod rpc;
mod show;
mod store;
