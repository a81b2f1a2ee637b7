//! A consent is withdrawn: it opens nothing from the next call on. What was read stays written down.

use schakel_domain::{
    access::{Class, Classes},
    ids::{ConsentId, PersonId},
    refusal::Refusal,
    text::FreeText,
};

use super::{
    store::{self, place},
    wire::{Shown, reach},
};
use crate::{
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// What is withdrawn, and by whom.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub id: ConsentId,
    pub etag: i32,
    /// The child or a parent; none when nobody says who.
    pub person: Option<PersonId>,
    pub note: Option<FreeText>,
}

/// Withdraws it. One that was withdrawn before stays as it is.
///
/// # Errors
/// `CONSENT_NOT_FOUND`, `ETAG_MISMATCH`.
pub(super) async fn withdraw(tx: &Tx, wish: &Wish) -> Result<Shown> {
    let (mut kept, circle, classes) = reach(tx, wish.id).await?;
    if kept.withdrawn.is_none() {
        if kept.version != wish.etag {
            return Err(Error::Stale);
        }
        if wish.person.is_some_and(|person| !circle.has(person)) {
            return Err(Error::field("person", Refusal::FieldInvalid));
        }
        if let Some(note) = &wish.note {
            let keys = tx.subject_keys_or_new(&[circle.child.0]).await?;
            let place = place("sealed_withdrawal", kept.id);
            kept.sealed_withdrawal = Some(tx.seal(&keys, circle.child.0, place, note.as_str())?);
        }
        kept.withdrawn = Some((tx.now(), wish.person));
        kept.consent.withdrawn = true;
        store::update(tx, &mut kept).await?;
        tx.tell_case(kept.case, "CONSENT_WITHDRAWN", &kept.id.to_string()).await?;
    }
    let shown = Shown::of(tx, kept, (&circle, classes.and(Classes::of(&[Class::K2])))).await?;
    tx.audit_all(&shown.lines(Deed::U)).await?;
    Ok(shown)
}
