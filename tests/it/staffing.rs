//! When time is short: dates apart, limits, who is on call, crises, substitutes, waiting.

mod crisis;
mod limits;
mod parts;
mod substitutes;
mod team;
mod waiting;
