//! What comes back by mail, and what of it counts (RFC 5546, RFC 6047).
//!
//! [`read`] takes a mail apart; [`content`] says what it wants; [`authenticated`] and a
//! [`Tag`] say who may want it; [`decide`] says what comes of it. Only an answer and a proposal can; all
//! else is put aside with its [`Reason`].

mod decide;
mod loops;
mod mail;
mod mime;
mod reason;
mod report;
mod results;
mod tag;

pub use self::{
    decide::{Content, Invited, Known, Verdict, content, decide},
    mail::{Mail, head, read},
    mime::{MOST_OCTETS, TooMuch},
    reason::Reason,
    report::{Fate, Report},
    results::authenticated,
    tag::{LONGEST, PROOF, SECRET, Tag},
};
