//! What an IMAP server says (RFC 9051, RFC 3501), as far as reading one mailbox needs it: octets in,
//! answers out, with a bound on everything that is kept.

mod reader;
mod words;

pub use self::{
    reader::{Broken, Ended, Fetched, Reader, Response},
    words::{plain, quoted},
};
