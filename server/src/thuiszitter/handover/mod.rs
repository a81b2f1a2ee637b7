//! What goes from one to the next: a child that moves or goes on to its next school, a cluster that gets
//! another guide.

pub(super) mod after;
mod answer;
mod known;
mod move_case;
mod reassign;
pub mod returned;
mod round;
mod rpc;
mod sides;
mod tables;
