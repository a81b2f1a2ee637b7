//! The cycle of an ondersteuningsplan or jeugdplan: what is due when and why, from the milestones of a year, the
//! meetings that were held and what the samenwerkingsverband says is done.

mod mark;
mod rpc;
mod show;
mod store;
