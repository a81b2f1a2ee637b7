//! Systems that are told when something changes in a case: what they hear, and what they never do.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod parts;
mod paused;
mod sent;
mod who;
