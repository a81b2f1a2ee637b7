//! A meeting about several children: a part for each, which is a meeting of its own.
//!
//! A part has its own table, reference, calendar object, outcome and visibility, by the same code as
//! every meeting. The fixed members sit at its table too, marked as such: the whole
//! meeting takes and tells them. Whoever comes for one part meets nothing of the others.

mod draft;
mod follow;
mod shown;
pub(super) mod update;
pub(super) mod wire;

pub(super) use draft::{Newcomer, Turn, Which, crowded, drafts, laid};
pub(super) use follow::{allowed, cancelled, close, may_end, moved, replaced};
pub(super) use shown::{Around, around};
pub(super) use update::all_seen;
