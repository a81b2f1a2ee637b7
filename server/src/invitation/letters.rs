//! A letter without a calendar as one mail: text, and the same as HTML.

use lettre::{
    Message,
    message::{MultiPart, header::ContentTransferEncoding},
};
use schakel_domain::{
    ical::Party,
    invitation::{Letter, backoff::LONGEST},
    text::EmailAddress,
};
use uuid::Uuid;

use super::{
    news::payload,
    render::{Rendered, Unfit, automatic, body, mailbox, part},
};
use crate::{
    error::Result,
    store::{
        Tx,
        outbox::{Kind, Mail, Work},
        vault::SubjectKeys,
    },
};

/// To whom, and what it is about.
pub(super) struct Envelope<'a> {
    /// The row, whose id is in the `Message-ID`.
    pub id: Uuid,
    /// What it is about.
    pub subject: Uuid,
    /// Under whose key it is sealed.
    pub recipient: Uuid,
    /// Where it goes.
    pub to: &'a EmailAddress,
}

/// Renders `letter`; the same letter gives the same bytes.
pub(super) fn render(
    tx: &Tx,
    (id, what): (Uuid, &str),
    letter: Letter,
    parties: [&Party; 2],
) -> Result<Rendered, Unfit> {
    let [from, to] = parties;
    let domain = from.email.as_str().rsplit_once('@').map_or("", |(_, domain)| domain);
    let message_id = format!("{id}.{what}@{domain}");
    let mail = automatic(Message::builder(), &letter)
        .from(mailbox(from)?)
        .to(mailbox(to)?)
        .subject(letter.subject)
        .date(tx.now().into())
        .message_id(Some(format!("<{message_id}>")));
    let printable = ContentTransferEncoding::QuotedPrintable;
    let parts = MultiPart::alternative()
        .boundary(format!("alternative-{}", id.simple()))
        .singlepart(part("text/plain; charset=utf-8")?.body(body(letter.text, printable)?))
        .singlepart(part("text/html; charset=utf-8")?.body(body(letter.html, printable)?));
    let bytes = mail.multipart(parts).map_err(|_| Unfit)?.formatted();
    String::from_utf8(bytes).map(|bytes| Rendered { message_id, bytes }).map_err(|_| Unfit)
}

/// The mail as work: the address on the first line, then the mail, sealed.
pub(super) fn sealed(tx: &Tx, keys: &SubjectKeys, envelope: &Envelope, rendered: Rendered) -> Result<Work> {
    let Envelope { id, subject, recipient, to } = *envelope;
    let plain = format!("{}\r\n{}", to.as_str(), rendered.bytes);
    Ok(Work {
        kind: Kind::Mail,
        dedupe: format!("{subject}/{recipient}/{id}"),
        subject,
        due: tx.now(),
        note: None,
        mail: Some(Mail {
            id,
            recipient,
            message_id: rendered.message_id,
            sequence: 0,
            sealed: tx.seal(keys, recipient, payload(id), &plain)?,
            expires: tx.now() + LONGEST,
        }),
    })
}
