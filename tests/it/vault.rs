//! What is sealed opens where it stands and nowhere else; who is erased is so in every copy.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod erasure;
mod restore;
mod rotation;
