//! The secrets in the addresses of our mails. They come from the root, so that the address of an
//! invitation is the same for as long as the meeting lives; the database keeps only hashes.

use schakel_domain::{
    ids::{ConsultationId, PersonId},
    inbox::{PROOF, SECRET, Tag},
    text::EmailAddress,
};
use uuid::Uuid;

use crate::{
    app::App,
    store::keys::{KeyRing, Use, sha256},
};

/// By which an answer of `person` about a meeting is known.
pub(super) fn secret(
    keys: &KeyRing,
    region: Uuid,
    meeting: ConsultationId,
    person: PersonId,
) -> [u8; SECRET] {
    let of = [region.as_bytes().as_slice(), meeting.0.as_bytes(), person.0.as_bytes()].concat();
    first(&keys.mac(Use::ReplyTag, &of))
}

/// As it is kept.
pub(super) fn hash(secret: &[u8]) -> Vec<u8> {
    sha256(secret)
}

/// Where `person` answers about a meeting by mail, when mail is read.
pub(super) fn address(
    app: &App,
    region: Uuid,
    meeting: ConsultationId,
    person: PersonId,
) -> Option<EmailAddress> {
    let mail = &app.settings.mail;
    let tag = Tag::Answer(secret(&app.keys, region, meeting, person));
    tag.address(&mail.sender, mail.inbox.as_ref()?.separator)
}

/// Whom a relay tells that a mail does not arrive: us, when mail is read, by an address that names the mail.
pub(super) fn envelope_sender(app: &App, mail: Uuid) -> EmailAddress {
    let sender = &app.settings.mail.sender;
    let tag = Tag::Bounce { mail: *mail.as_bytes(), proof: proof(&app.keys, mail) };
    let separator = app.settings.mail.inbox.as_ref().map(|inbox| inbox.separator);
    separator.and_then(|separator| tag.address(sender, separator)).unwrap_or_else(|| sender.clone())
}

/// What shows that the id of `mail` came from us.
pub(super) fn proof(keys: &KeyRing, mail: Uuid) -> [u8; PROOF] {
    first(&keys.mac(Use::BounceTag, mail.as_bytes()))
}

fn first<const LENGTH: usize>(mac: &[u8; 32]) -> [u8; LENGTH] {
    std::array::from_fn(|at| mac[at])
}
