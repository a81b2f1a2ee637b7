//! One mail about several meetings: a letter with a line for each, and a file with all of them for the
//! reader's calendar.

use std::collections::{BTreeMap, HashMap};

use lettre::{
    Message as Mail,
    message::{
        MultiPart,
        header::{ContentDisposition, ContentTransferEncoding},
    },
};
use schakel_domain::{
    ical::{self, Busy, Entry, Event, Party, Status},
    ids::{ConsultationId, PersonId},
    invitation::{
        Item, Notice, NoticeKind, Reading, Several, backoff::LONGEST, letter_of_several, several_betrays,
    },
};
use uuid::Uuid;

use super::{
    companions::{self, About},
    held::Pace,
    news::{News, is_last, link, payload, reference},
    prepare::{line, recipients_of, remind},
    readings,
    render::{Rendered, Unfit, automatic, body, mailbox, part},
    store::{self, Channel, Record},
};
use crate::{
    access::{region, wishes::store::Kept},
    error::Result,
    store::{
        Tx,
        outbox::{self, Kind, Work},
    },
};

/// What somebody is told of several meetings, by start.
pub(super) type Own<'a> = Vec<(&'a News, Notice)>;

/// Writes one mail to each person about all of theirs; who comes along is told of each beside it.
pub(super) async fn write(tx: &Tx, due: BTreeMap<PersonId, Own<'_>>, pace: &Pace) -> Result<()> {
    let persons: Vec<PersonId> = due.keys().copied().collect();
    let mut meetings: Vec<ConsultationId> = due.values().flatten().map(|(news, _)| news.meeting.id).collect();
    meetings.sort_unstable();
    meetings.dedup();
    let recipients = pace.speaking(recipients_of(tx, &meetings, &persons).await?);
    let uuids: Vec<Uuid> = persons.iter().map(|person| person.0).collect();
    let keys = tx.subject_keys_or_new(&uuids).await?;
    let organizer =
        Party { name: region::sender_name(tx).await?, email: tx.app().settings.mail.sender.clone() };
    let wanted = due.iter().flat_map(|(person, own)| {
        own.iter().filter_map(move |(news, _)| Some((news.meeting.case?, *person)))
    });
    let (wishes, mut lines) = readings::of_each(tx, &wanted.collect()).await?;
    let (mut mails, mut records) = (Vec::new(), Vec::new());
    let mut nowhere: Vec<(Uuid, (String, Uuid), &'static str)> = Vec::new();
    for (person, mut own) in due {
        let id = tx.new_id();
        let about = own.iter().find_map(|(news, _)| news.meeting.member).map_or(id, |part| part.series.0);
        let recipient = recipients.get(&person);
        if recipient.is_some_and(|recipient| !recipient.is_ours) {
            own.retain(|(_, notice)| is_last(notice.method));
        }
        if recipient.is_some_and(|recipient| recipient.private) {
            lines.extend(own.iter().map(|(news, _)| line(news.meeting.id, person)));
        }
        let mut newest: Option<&Kept> = None;
        for (news, notice) in &own {
            let kept = news.meeting.case.and_then(|case| wishes.get(&(case, person)));
            let Some(kept) = kept else { continue };
            newest = newest.into_iter().chain([kept]).max_by_key(|kept| (kept.updated, kept.id));
            let (reference, agreed) = (reference(&news.meeting)?, news.standing.agreed);
            let told = About { meeting: news.meeting.id, reference, agreed, sender: &organizer };
            let along = HashMap::from([(person, kept.clone())]);
            mails.extend(companions::mails(tx, &told, &[*notice], &along).await?);
        }
        let dedupe = format!("{about}/{}/{id}", person.0);
        let to = recipient.and_then(|one| Some((one, one.party(!own.is_empty())?)));
        let Some((recipient, party)) = to else {
            nowhere.push((about, (dedupe, person.0), "NO_ADDRESS"));
            continue;
        };
        let reading = recipient.reading(newest, false);
        let Ok(rendered) = render(tx, (id, &organizer, party), reading, &own) else {
            tracing::error!(mail = %id, "a letter that says too much is not sent");
            nowhere.push((about, (dedupe, person.0), "LETTER_UNFIT"));
            continue;
        };
        for (news, notice) in &own {
            let before = news.records.get(&person);
            let first = before.and_then(Record::thread).unwrap_or(&rendered.message_id);
            records.push((
                news.meeting.id,
                Record {
                    told: notice.told(&news.standing),
                    notices: before.map_or(0, |record| record.notices) + 1,
                    first_message_id: first.to_owned(),
                    channel: Channel::Mail,
                    remind: remind(pace, news, notice, tx.now()),
                },
            ));
        }
        let plain = format!("{}\r\n{}", party.email.as_str(), rendered.bytes);
        let useful = own.iter().map(|(news, _)| news.standing.agreed.end).max().unwrap_or(tx.now());
        let mail = outbox::Mail {
            id,
            recipient: person.0,
            message_id: rendered.message_id,
            sequence: 0,
            sealed: tx.seal(&keys, person.0, payload(id), &plain)?,
            expires: useful.min(tx.now() + LONGEST),
        };
        let (subject, due) = (about, tx.now());
        mails.push(Work { kind: Kind::Mail, dedupe, subject, due, note: None, mail: Some(mail) });
    }
    tx.enqueue_all(mails).await?;
    for (about, mail, reason) in nowhere {
        tx.bury(about, vec![mail], reason).await?;
    }
    store::keep_all(tx, &records).await?;
    tx.audit_all(&lines).await
}

/// One mail: the letter, and a file with all the meetings for the reader's calendar.
fn render(
    tx: &Tx,
    (id, organizer, recipient): (Uuid, &Party, &Party),
    reading: Reading,
    own: &[(&News, Notice)],
) -> Result<Rendered, Unfit> {
    let links: Vec<String> =
        own.iter().map(|(news, notice)| link(tx, &news.meeting, notice.person)).collect();
    let items = own.iter().zip(&links).map(|((news, notice), link)| {
        let reference = reference(&news.meeting).map_err(|_| Unfit)?;
        Ok(Item { kind: notice.kind, reference, agreed: news.standing.agreed, link })
    });
    let items: Vec<Item> = items.collect::<Result<_, Unfit>>()?;
    let several = Several {
        recipient: &recipient.name,
        sender: &organizer.name,
        items: &items,
        telephone: tx.app().settings.mail.telephone.as_deref(),
        reading,
    };
    if several_betrays(&several).is_some() {
        return Err(Unfit);
    }
    let entries: Vec<Entry> = own.iter().zip(&items).map(|(news, item)| entry(news, item)).collect();
    let calendar = ical::published(organizer, tx.now(), &entries);
    ical::check_published(&calendar, &entries).map_err(|_| Unfit)?;
    let letter = letter_of_several(&several);
    let domain = organizer.email.as_str().rsplit_once('@').map_or("", |(_, domain)| domain);
    let message_id = format!("{id}.series@{domain}");
    let mail = automatic(Mail::builder(), &letter);
    let printable = ContentTransferEncoding::QuotedPrintable;
    let alternative = MultiPart::alternative()
        .boundary(format!("alternative-{}", id.simple()))
        .singlepart(part("text/plain; charset=utf-8")?.body(body(letter.text, printable)?))
        .singlepart(part("text/html; charset=utf-8")?.body(body(letter.html, printable)?));
    let attachment = part("text/calendar; charset=utf-8; method=PUBLISH; name=\"overleggen.ics\"")?
        .header(ContentDisposition::attachment("overleggen.ics"))
        .body(body(calendar, ContentTransferEncoding::Base64)?);
    let mixed = MultiPart::mixed().boundary(format!("mixed-{}", id.simple()));
    let mail = mail
        .from(mailbox(organizer)?)
        .to(mailbox(recipient)?)
        .subject(letter.subject)
        .date(tx.now().into())
        .message_id(Some(format!("<{message_id}>")))
        .multipart(mixed.multipart(alternative).singlepart(attachment))
        .map_err(|_| Unfit)?;
    let bytes = String::from_utf8(mail.formatted()).map_err(|_| Unfit)?;
    Ok(Rendered { message_id, bytes })
}

/// A meeting in the file, with the texts that its own messages have.
fn entry((news, notice): &(&News, Notice), item: &Item) -> Entry {
    let (status, description) = match notice.kind {
        NoticeKind::Invitation | NoticeKind::Update => (
            Status::Confirmed,
            format!("Antwoorden en meer lezen: {link}\nAnswer and read more: {link}", link = item.link),
        ),
        NoticeKind::Cancellation | NoticeKind::Withdrawal => (Status::Cancelled, String::new()),
    };
    let event = Event {
        uid: news.meeting.uid.clone(),
        sequence: notice.sequence,
        start: item.agreed.start,
        end: item.agreed.end,
        summary: format!("Overleg {}", item.reference),
        description,
        location: item.agreed.place.dutch().to_owned(),
        url: None,
        created: news.meeting.created,
        last_modified: news.meeting.updated,
        busy: Busy::Busy,
        alarm: None,
    };
    Entry { event, status }
}
