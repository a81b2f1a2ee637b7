//! Renders one mail, once: letter, calendar, and the tree of parts that mail programs understand.
//!
//! multipart/mixed, whose first child is multipart/alternative with text, HTML and, last,
//! the calendar (RFC 6047 §2.4; Outlook looks nowhere else); then the same calendar
//! as a file for programs that know no invitations.

use chrono::{DateTime, TimeDelta, Utc};
use lettre::{
    Message as Mail,
    message::{
        Body, Mailbox, MultiPart, SinglePart, SinglePartBuilder,
        header::{ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use schakel_domain::{
    consultation::Answer,
    ical::{self, Attendee, Busy, Event, Message, Method, PartStat, Party},
    invitation::{self, CalendarTexts, Letter, Wish},
    text::EmailAddress,
};
use uuid::Uuid;

use crate::consultation::meeting::Meeting;

/// What one mail is made of.
pub(super) struct Draft<'a> {
    /// The outbox row's id.
    pub(super) id: Uuid,
    /// The letter; its link is this person's own.
    pub(super) wish: Wish<'a>,
    /// What the calendar part does.
    pub(super) method: Method,
    /// Its `SEQUENCE`.
    pub(super) sequence: u32,
    /// The meeting.
    pub(super) meeting: &'a Meeting,
    /// From whom: the region's name and the one address of all mail.
    pub(super) organizer: &'a Party,
    /// Where the answer goes by mail, when mail is read.
    pub(super) reply_to: Option<&'a EmailAddress>,
    /// That address is also the organiser's in the calendar.
    pub(super) by_token: bool,
    /// To whom.
    pub(super) recipient: &'a Party,
    /// What they answered.
    pub(super) answer: Answer,
    /// The first message to this person about this meeting.
    pub(super) first_message_id: Option<&'a str>,
    /// So long before the start the calendar sounds an alarm.
    pub(super) alarm: Option<TimeDelta>,
    /// Now.
    pub(super) now: DateTime<Utc>,
}

/// A mail, ready to be sealed.
pub(super) struct Rendered {
    /// Without angle brackets.
    pub(super) message_id: String,
    /// ASCII, lines end in CRLF.
    pub(super) bytes: String,
}

/// The mail says something that it must not, or cannot be written; it is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unfit;

/// Renders `draft`; the same draft gives the same bytes.
pub(super) fn render(draft: &Draft) -> Result<Rendered, Unfit> {
    render_with(draft, invitation::letter(&draft.wish))
}

/// The same with another letter; whether that says too much is for its writer to look.
pub(super) fn render_with(draft: &Draft, letter: Letter) -> Result<Rendered, Unfit> {
    // A random link may spell a word by chance; its address may not.
    let host = draft.wish.link.rsplit_once('/').map_or("", |(host, _)| host);
    if invitation::betrays(&Wish { link: host, ..draft.wish }).is_some() {
        return Err(Unfit);
    }
    let calendar = calendar(draft)?;
    let does = match draft.method {
        Method::Request => "req",
        Method::Cancel(_) => "can",
        Method::DeclineCounter => "dec",
    };
    let domain = draft.organizer.email.as_str().rsplit_once('@').map_or("", |(_, domain)| domain);
    let message_id = format!("{}.{}.{does}@{domain}", draft.id, draft.sequence);
    let mail = headers(draft, &letter, &message_id)?;
    let bytes = mail.multipart(parts(draft, letter, calendar)?).map_err(|_| Unfit)?.formatted();
    String::from_utf8(bytes).map(|bytes| Rendered { message_id, bytes }).map_err(|_| Unfit)
}

fn headers(
    draft: &Draft,
    letter: &Letter,
    message_id: &str,
) -> Result<lettre::message::MessageBuilder, Unfit> {
    let mut mail = automatic(Mail::builder(), letter)
        .from(mailbox(draft.organizer)?)
        .to(mailbox(draft.recipient)?)
        .subject(&letter.subject)
        .date(draft.now.into())
        .message_id(Some(format!("<{message_id}>")));
    if let Some(address) = draft.reply_to {
        mail = mail.reply_to(Mailbox::new(None, address.as_str().parse().map_err(|_| Unfit)?));
    }
    if let Some(first) = draft.first_message_id {
        mail = mail.in_reply_to(format!("<{first}>")).references(format!("<{first}>"));
    }
    Ok(mail)
}

/// What every mail says of itself: nobody wrote it (RFC 3834), so no program answers it, and in which
/// languages it is.
pub(super) fn automatic(
    mail: lettre::message::MessageBuilder,
    letter: &Letter,
) -> lettre::message::MessageBuilder {
    let raw = |name, text: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), text.to_owned());
    mail.raw_header(raw("Auto-Submitted", "auto-generated"))
        .raw_header(raw("X-Auto-Response-Suppress", "OOF, AutoReply"))
        .raw_header(raw("Content-Language", letter.languages()))
}

pub(super) fn mailbox(party: &Party) -> Result<Mailbox, Unfit> {
    let address = party.email.as_str().parse().map_err(|_| Unfit)?;
    Ok(Mailbox::new(Some(party.name.as_str().to_owned()), address))
}

fn parts(draft: &Draft, letter: Letter, calendar: String) -> Result<MultiPart, Unfit> {
    let boundary = |part| format!("{part}-{}", draft.id.simple());
    let method = draft.method.as_str();
    let file = match draft.method {
        Method::Request => "uitnodiging.ics",
        Method::Cancel(_) => "afgezegd.ics",
        Method::DeclineCounter => "blijft-zo.ics",
    };
    let printable = ContentTransferEncoding::QuotedPrintable;
    let base64 = ContentTransferEncoding::Base64;
    let alternative = MultiPart::alternative()
        .boundary(boundary("alternative"))
        .singlepart(part("text/plain; charset=utf-8")?.body(body(letter.text, printable)?))
        .singlepart(part("text/html; charset=utf-8")?.body(body(letter.html, printable)?))
        .singlepart(
            part(&format!("text/calendar; charset=utf-8; method={method}"))?
                .body(body(calendar.clone(), base64)?),
        );
    let attachment = part(&format!("application/ics; name=\"{file}\""))?
        .header(ContentDisposition::attachment(file))
        .body(body(calendar, base64)?);
    Ok(MultiPart::mixed().boundary(boundary("mixed")).multipart(alternative).singlepart(attachment))
}

pub(super) fn part(kind: &str) -> Result<SinglePartBuilder, Unfit> {
    Ok(SinglePart::builder().content_type(ContentType::parse(kind).map_err(|_| Unfit)?))
}

pub(super) fn body(content: String, encoding: ContentTransferEncoding) -> Result<Body, Unfit> {
    Body::new_with_encoding(content, encoding).map_err(|_| Unfit)
}

/// The calendar, read once more as a stranger would before it goes.
fn calendar(draft: &Draft) -> Result<String, Unfit> {
    let CalendarTexts { summary, description, location } = invitation::calendar_texts(&draft.wish);
    let meeting = draft.meeting;
    let event = Event {
        uid: meeting.uid.clone(),
        sequence: draft.sequence,
        start: draft.wish.agreed.start,
        end: draft.wish.agreed.end,
        summary,
        description,
        location,
        url: None,
        created: meeting.created,
        last_modified: meeting.updated,
        busy: Busy::Busy,
        alarm: draft.alarm,
    };
    let attendee = Attendee {
        party: draft.recipient.clone(),
        partstat: partstat(draft.answer),
        rsvp: true,
        delegated_from: None,
    };
    let mut organizer = draft.organizer.clone();
    if let Some(address) = draft.reply_to.filter(|_| draft.by_token) {
        organizer.email = address.clone();
    }
    let message = Message {
        method: draft.method,
        dtstamp: draft.now,
        organizer: &organizer,
        attendee: &attendee,
        event: &event,
    };
    let ics = ical::message(&message);
    ical::check(&ics, &message).map_err(|_| Unfit)?;
    Ok(ics)
}

fn partstat(answer: Answer) -> PartStat {
    match answer {
        Answer::NeedsAction => PartStat::NeedsAction,
        Answer::Accepted => PartStat::Accepted,
        Answer::Declined => PartStat::Declined,
        Answer::Tentative => PartStat::Tentative,
    }
}
