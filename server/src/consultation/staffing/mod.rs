//! Scarce time divided: crises, what gives way to them, substitutes, and who carries how much.

mod crisis;
mod in_the_way;
mod replan;
mod rpc;
mod store;
mod substitute;
mod team;
mod wire;
mod workload;
