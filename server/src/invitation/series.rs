//! Turns a change of whole series into mails: one to each person, about all meetings of all of them.

use std::collections::{BTreeMap, HashMap};

use lettre::{
    Message as Mail,
    message::{
        MultiPart,
        header::{ContentDisposition, ContentTransferEncoding, HeaderName, HeaderValue},
    },
};
use schakel_domain::{
    access::{Class, Classes},
    ical::{self, Busy, Entry, Event, Party, Status},
    ids::{ConsultationId, PersonId, RegionId, SeriesId},
    invitation::{
        Item, Notice, NoticeKind, Several, Standing, Told, backoff::LONGEST, letter_of_several, notices,
        several_betrays,
    },
    reference::Reference,
};
use uuid::Uuid;

use super::{
    link::LinkClaims,
    prepare::{LINK_OUTLIVES, alone, is_last, payload, recipients, standing},
    render::{Rendered, Unfit, body, mailbox, part},
    store::{self, Record},
    worker::postpone,
};
use crate::{
    access::{Grant, Worker, region},
    app::App,
    consultation::{meeting::Meeting, series},
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
        outbox::{self, Ended, Kind, Leased, Work},
    },
};

/// Changes that are taken up together: a year plan of a region is one mail to each person.
const MOST: u32 = 200;

/// Turns changes of series that are due into mails; says how many changes.
pub(super) async fn prepare_due(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Invitations, region);
    if !app.read(grant.clone()).is_due(Kind::SeriesChanged).await? {
        return Ok(0);
    }
    let leased =
        &app.write(&grant, None, |tx| async move { tx.lease(Kind::SeriesChanged, MOST).await }).await?;
    if let Err(error) = tell(app, &grant, leased).await {
        tracing::error!(%error, "changes of series could not be told together");
        // One that cannot be told does not hold up the others.
        for row in leased {
            if let Err(error) = tell(app, &grant, std::slice::from_ref(row)).await {
                tracing::error!(%error, change = %row.id, "a change of a series could not be told");
                postpone(app, &grant, row).await?;
            }
        }
    }
    Ok(leased.len())
}

/// The mails and the ends of the rows are one transaction: a change is told once.
async fn tell(app: &App, grant: &Grant, rows: &[Leased]) -> Result<()> {
    app.write(grant, None, |tx| async move {
        let mut ours = Vec::with_capacity(rows.len());
        for row in rows {
            if tx.end(row, &Ended::Done).await? {
                ours.push(SeriesId(row.subject_id));
            }
        }
        prepare(&tx, &ours).await
    })
    .await
}

/// A meeting about which somebody is told something.
struct News {
    meeting: Meeting,
    standing: Standing,
    records: HashMap<PersonId, Record>,
}

/// Tells everybody who does not know yet how the meetings of `series` stand, each person once.
async fn prepare(tx: &Tx, series: &[SeriesId]) -> Result<()> {
    let meetings = series::meetings(tx, series).await?;
    let ids: Vec<ConsultationId> = meetings.iter().map(|meeting| meeting.id).collect();
    alone(tx, &ids).await?;
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut told: HashMap<ConsultationId, HashMap<PersonId, Record>> = HashMap::new();
    for (meeting, record) in store::records(tx, &uuids).await? {
        told.entry(meeting).or_default().insert(record.told.person, record);
    }
    let mut news: Vec<News> = meetings
        .into_iter()
        .map(|meeting| News {
            standing: standing(tx, &meeting),
            records: told.remove(&meeting.id).unwrap_or_default(),
            meeting,
        })
        .collect();
    news.sort_by_key(|news| news.standing.agreed.start);
    let mut due: BTreeMap<PersonId, Vec<(&News, Notice)>> = BTreeMap::new();
    for one in &news {
        let known: Vec<Told> = one.records.values().map(|record| record.told).collect();
        for notice in notices(&known, &one.standing) {
            due.entry(notice.person).or_default().push((one, notice));
        }
    }
    if due.is_empty() {
        return Ok(());
    }
    write(tx, due).await
}

async fn write(tx: &Tx, due: BTreeMap<PersonId, Vec<(&News, Notice)>>) -> Result<()> {
    let persons: Vec<PersonId> = due.keys().copied().collect();
    let recipients = recipients(tx, &persons).await?;
    let uuids: Vec<Uuid> = persons.iter().map(|person| person.0).collect();
    let keys = tx.subject_keys_or_new(&uuids).await?;
    let organizer =
        Party { name: region::sender_name(tx).await?, email: tx.app().settings.mail.sender.clone() };
    let (mut mails, mut records, mut lines) = (Vec::new(), Vec::new(), Vec::new());
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
        let dedupe = format!("{about}/{}/{id}", person.0);
        let Some(party) = recipient.and_then(|recipient| recipient.party(!own.is_empty())) else {
            nowhere.push((about, (dedupe, person.0), "NO_ADDRESS"));
            continue;
        };
        let Ok(rendered) = render(tx, (id, &organizer, party), &own) else {
            tracing::error!(mail = %id, "a letter that says too much is not sent");
            nowhere.push((about, (dedupe, person.0), "LETTER_UNFIT"));
            continue;
        };
        for (news, notice) in &own {
            let before = news.records.get(&person);
            let first = before.map(|record| record.first_message_id.clone());
            records.push((
                news.meeting.id,
                Record {
                    told: notice.told(&news.standing),
                    notices: before.map_or(0, |record| record.notices) + 1,
                    first_message_id: first.unwrap_or_else(|| rendered.message_id.clone()),
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

fn line(meeting: ConsultationId, person: PersonId) -> Line {
    let classes = Classes::of(&[Class::K1, Class::K2]);
    Line { deed: Deed::E, object: "invitation", id: Some(meeting.0), subject: Some(person.0), classes }
}

/// One mail: the letter, and a file with all the meetings for the reader's calendar.
fn render(
    tx: &Tx,
    (id, organizer, recipient): (Uuid, &Party, &Party),
    own: &[(&News, Notice)],
) -> Result<Rendered, Unfit> {
    let links: Vec<String> = own.iter().map(|(news, notice)| link(tx, news, *notice)).collect();
    let items = own.iter().zip(&links).map(|((news, notice), link)| {
        let reference: Reference = news.meeting.reference.parse().map_err(|_| Unfit)?;
        Ok(Item { kind: notice.kind, reference, agreed: news.standing.agreed, link })
    });
    let items: Vec<Item> = items.collect::<Result<_, Unfit>>()?;
    let several = Several {
        recipient: &recipient.name,
        sender: &organizer.name,
        items: &items,
        telephone: tx.app().settings.mail.telephone.as_deref(),
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
    let raw = |name, text: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), text.to_owned());
    let printable = ContentTransferEncoding::QuotedPrintable;
    let alternative = MultiPart::alternative()
        .boundary(format!("alternative-{}", id.simple()))
        .singlepart(part("text/plain; charset=utf-8")?.body(body(letter.text, printable)?))
        .singlepart(part("text/html; charset=utf-8")?.body(body(letter.html, printable)?));
    let attachment = part("text/calendar; charset=utf-8; method=PUBLISH; name=\"overleggen.ics\"")?
        .header(ContentDisposition::attachment("overleggen.ics"))
        .body(body(calendar, ContentTransferEncoding::Base64)?);
    let mixed = MultiPart::mixed().boundary(format!("mixed-{}", id.simple()));
    let mail = Mail::builder()
        .from(mailbox(organizer)?)
        .to(mailbox(recipient)?)
        .subject(letter.subject)
        .date(tx.now().into())
        .message_id(Some(format!("<{message_id}>")))
        .raw_header(raw("Auto-Submitted", "auto-generated"))
        .raw_header(raw("X-Auto-Response-Suppress", "OOF, AutoReply"))
        .raw_header(raw("Content-Language", "nl"))
        .multipart(mixed.multipart(alternative).singlepart(attachment))
        .map_err(|_| Unfit)?;
    let bytes = String::from_utf8(mail.formatted()).map_err(|_| Unfit)?;
    Ok(Rendered { message_id, bytes })
}

fn link(tx: &Tx, news: &News, notice: Notice) -> String {
    let claims = LinkClaims {
        region: tx.grant().region(),
        consultation: news.meeting.id,
        person: notice.person,
        sequence: notice.sequence,
        expires: news.standing.agreed.end + LINK_OUTLIVES,
    };
    claims.url(tx.app())
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
    };
    Entry { event, status }
}
