//! What comes back by mail: a mailbox is read, and what an invited person says in it is taken like what
//! is said behind a link.
//!
//! `worker` keeps a connection to the IMAP server (`session`). Of each mail `find` looks which
//! invitation it is about, `known` what stands, the rules of `schakel_domain::inbox` what comes of it, and
//! `take` does that in one transaction. What changes nothing stays where whoever plans sees it (`rpc`).

mod bounce;
mod confirm;
mod find;
mod known;
mod rpc;
mod session;
mod store;
pub mod sweep;
mod take;
mod wire;
pub mod worker;
