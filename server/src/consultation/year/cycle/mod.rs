//! The cycle of an ondersteuningsplan or jeugdplan: what is due when and why, from the milestones of a year, the
//! meetings that were held and what the samenwerkingsverband says is done. `goal` is what was agreed in it, and how far that is.

mod goal;
mod goal_store;
mod mark;
mod rpc;
mod show;
mod store;
