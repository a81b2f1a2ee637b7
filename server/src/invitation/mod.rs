//! Telling participants: mails, and the answers that come back.
//!
//! A change of a meeting leaves a row in the outbox. `prepare` turns it into at most one
//! sealed mail per person, `held` tells later what can wait, `remind` reminds of what comes, `tasks`
//! says how much somebody has to do, `surveys` that a school is asked something, `deliver` sends the mails, `worker` keeps all of it going. The
//! `link` in a mail is the only way to answer without signing in.

mod about;
pub mod answers;
mod companions;
pub mod deliver;
pub mod farewell;
mod held;
pub mod inbox;
mod letters;
pub mod link;
mod messages;
mod news;
pub mod notify;
mod paper;
pub mod polls;
mod prepare;
mod profile;
mod readings;
mod relay;
mod remind;
mod render;
mod reply_tag;
mod rpc;
mod series;
mod several;
mod silence;
pub mod store;
pub mod surveys;
pub mod tasks;
pub mod transport;
pub mod worker;
