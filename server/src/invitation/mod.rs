//! Telling participants: mails, and the answers that come back.
//!
//! A change of a meeting leaves a row in the outbox. `prepare` turns it into at most one
//! sealed mail per person, `deliver` sends those, `worker` keeps both going. The `link`
//! in a mail is the only way to answer without signing in.

mod companions;
pub mod deliver;
pub mod farewell;
mod letters;
pub mod link;
pub mod notify;
pub mod polls;
mod prepare;
mod render;
mod series;
pub mod store;
pub mod transport;
pub mod worker;
