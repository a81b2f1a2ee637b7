//! The cycle of an ondersteuningsplan or jeugdplan: what is due when and why, from the milestones of a year, the
//! meetings that were held and what the samenwerkingsverband says is done. `open` is what is still to be done of
//! all plans that are on their way; `goal` is what was agreed in one, and how far that is.

mod goal;
mod goal_store;
mod mark;
mod open;
mod rpc;
mod show;
mod store;

pub use open::{OpenStep, open_steps};
pub use show::{plan_to_wire, round_to_wire, step_to_wire};
