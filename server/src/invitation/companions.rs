//! Tells who comes along with a parent, at that parent's own choice, what the parent is told.
//!
//! Such a mail is for nobody whom the register knows: it is sealed under a key of its own, which
//! goes once it is sent.

use std::collections::HashMap;

use schakel_domain::{
    ical::Party,
    ids::{ConsultationId, PersonId},
    invitation::{Agreed, CompanionWish, Notice, companion_letter},
    reference::Reference,
};

use super::letters::{self, Envelope};
use crate::{
    access::wishes::store::Kept,
    error::Result,
    store::{Tx, messages::along, outbox::Work},
};

/// What all mails about one meeting share.
pub(super) struct About<'a> {
    pub meeting: ConsultationId,
    pub reference: Reference,
    pub agreed: Agreed,
    pub sender: &'a Party,
}

/// The mails to those who come along with whoever gets `notices`, by what those parents wished.
pub(super) async fn mails(
    tx: &Tx,
    about: &About<'_>,
    notices: &[Notice],
    wishes: &HashMap<PersonId, Kept>,
) -> Result<Vec<Work>> {
    let kinds: HashMap<PersonId, _> = notices.iter().map(|notice| (notice.person, notice.kind)).collect();
    let mut mails = Vec::new();
    for kept in wishes.values() {
        let chosen = kept.wishes.supporter.clone();
        let Some((name, email)) = chosen.and_then(|one| Some((one.name, one.email?))) else { continue };
        let Some(kind) = kinds.get(&kept.person) else { continue };
        let letter = companion_letter(&CompanionWish {
            kind: *kind,
            reference: about.reference,
            recipient: &name,
            sender: &about.sender.name,
            agreed: about.agreed,
        });
        let (id, to) = (tx.new_id(), Party { name, email });
        let Ok(rendered) = letters::render(tx, (id, "along"), letter, [about.sender, &to]) else {
            tracing::error!(mail = %id, "a letter to who comes along cannot be written");
            continue;
        };
        let keys = tx.subject_keys_or_new(&[id]).await?;
        let envelope = Envelope { id, subject: id, recipient: id, to: &to.email };
        let dedupe = along(about.meeting.0, id);
        mails.push(Work { dedupe, ..letters::sealed(tx, &keys, &envelope, rendered)? });
    }
    Ok(mails)
}
