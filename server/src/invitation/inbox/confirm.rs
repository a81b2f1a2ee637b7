//! Asks somebody to answer on the page, when a mail says that it is theirs and nobody vouches for that.

use chrono::TimeDelta;
use schakel_domain::{
    access::{Class, Classes},
    ical::Party,
    ids::PersonId,
    invitation::confirm_letter,
};

use super::store;
use crate::{
    access::region,
    consultation::{
        meeting::Meeting,
        page::{self, Of},
    },
    error::Result,
    invitation::{
        letters::{self, Envelope},
        news::{link, reference},
        prepare::recipients_of,
        silence,
    },
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// So often is enough, however many mails a stranger sends.
const PAUSE: TimeDelta = TimeDelta::days(1);

/// Mails the link to `person`, at the address that is on file, and to no other.
pub(super) async fn ask(tx: &Tx, meeting: &Meeting, person: PersonId) -> Result<()> {
    if silence::is_hushed(tx, meeting.case, person).await? {
        return Ok(());
    }
    if !store::asks(tx, (meeting.id, person), tx.now() - PAUSE).await? {
        return Ok(());
    }
    let known = recipients_of(tx, &[meeting.id], &[person]).await?;
    let Some(recipient) = known.get(&person) else { return Ok(()) };
    let Some(party) = recipient.party(false) else { return Ok(()) };
    let sender = Party { name: region::sender_name(tx).await?, email: tx.app().settings.mail.sender.clone() };
    let (id, link) = (tx.new_id(), link(tx, meeting, person));
    let reading = recipient.reading(None, false);
    let letter = confirm_letter([&party.name, &sender.name], reading, reference(meeting)?, &link);
    let Ok(rendered) = letters::render(tx, (id, "confirm"), letter, [&sender, party]) else {
        tracing::error!(mail = %id, "it cannot be asked whether a mail was somebody's");
        return Ok(());
    };
    let keys = tx.subject_keys_or_new(&[person.0]).await?;
    // About the page and not the meeting: it is not how far the invitation came.
    let of = Of { meeting: meeting.id, person };
    let envelope = Envelope { id, subject: page::id(tx, of).await?, recipient: person.0, to: &party.email };
    tx.enqueue(letters::sealed(tx, &keys, &envelope, rendered)?).await?;
    if recipient.private {
        let classes = Classes::of(&[Class::K1, Class::K2]);
        let (object, meeting) = ("invitation", Some(meeting.id.0));
        tx.audit(Line { deed: Deed::E, object, id: meeting, subject: Some(person.0), classes }).await?;
    }
    Ok(())
}
