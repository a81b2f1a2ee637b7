//! Telling participants: mails, and the answers that come back.

pub mod transport;
