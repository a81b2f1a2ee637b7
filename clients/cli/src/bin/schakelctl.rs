//! The client alone.

fn main() {}
