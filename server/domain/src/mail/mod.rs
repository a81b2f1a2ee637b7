//! Mail on its way: which bytes may leave, what a relay's answer means, when to leave a relay in
//! peace, and what a signature covers.

mod circuit;
mod dkim;
mod fit;
mod verdict;

pub use self::{
    circuit::{Circuits, TRIES},
    dkim::{SIGNED, canonical_body, signature_without_hash, signed_input},
    fit::{Unfit, fit},
    verdict::{Heard, Stage, Verdict, verdict},
};
