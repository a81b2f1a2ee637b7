//! What goes from one to the next: a child that moves, a cluster that gets another guide.

mod move_case;
mod reassign;
mod rpc;
mod sides;
