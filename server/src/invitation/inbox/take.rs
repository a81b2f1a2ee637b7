//! One mail: what it is about, what comes of it, and that in one transaction or not at all.

use chrono::TimeDelta;
use schakel_domain::{
    consultation::proposal::Source,
    ical::{InAnswer, Inbound as Message},
    ids::PersonId,
    inbox::{self, Content, Mail, Reason, Verdict},
    text::{EmailAddress, Name},
};

use super::{
    bounce, confirm,
    find::{About, Found, find},
    known::{Standing, may_be_asked, standing},
    store::{self, Inbound},
};
use crate::{
    access::{Grant, Worker},
    app::App,
    consultation::{
        answer::{Given, answer},
        page::Of,
        proposal::{
            Substitute,
            make::{What, make},
        },
        store as meetings,
    },
    error::{Error, Result},
    invitation::{answers, prepare},
    settings::InboxSettings,
    store::{
        Tx,
        keys::sha256,
        outbox::{Kind, Work},
    },
};

/// How often a mail is tried again that met a change of the meeting.
const TRIES: u32 = 3;
/// Mails that are counted together.
const HOUR: TimeDelta = TimeDelta::hours(1);
/// So many of one person are taken about one meeting in that time.
const MOST_TAKEN: u64 = 20;
/// So many of one person, and so many of nobody that is known, are put aside about one meeting; of more
/// only the first is kept.
const MOST_ASIDE: u64 = 50;

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// It was taken, or there was nothing to take.
    Done,
    /// It changed nothing.
    Aside(Reason),
}

/// A mail, understood.
struct Read {
    mail: Mail,
    content: Content,
    hash: Vec<u8>,
}

/// Takes a mail as it came.
pub(super) async fn take(app: &App, settings: &InboxSettings, raw: Vec<u8>) -> Result<Taken> {
    let sender = app.settings.mail.sender.as_str();
    let own = sender.rsplit_once('@').map_or("", |(_, domain)| domain).to_owned();
    // Beside the calls of others: a large mail takes a while.
    let read = tokio::task::spawn_blocking(move || understood(&raw, &own)).await;
    let Ok(read) = read else { return Ok(Taken::Aside(Reason::MimeLimits)) };
    match find(app, settings, &read.mail, &read.content).await? {
        Found::Mail(region, mail) => {
            let gone = read.mail.report.as_ref().map(|report| report.mailboxes.as_slice());
            bounce::note(app, region, mail, gone.unwrap_or_default()).await.map(|()| Taken::Done)
        }
        Found::Nothing => Ok(match read.content {
            Content::Noise => Taken::Done,
            Content::Bounce | Content::Message(_) => Taken::Aside(Reason::UnknownUid),
            Content::Nothing(reason) => Taken::Aside(reason),
        }),
        Found::Meeting(_) if read.content == Content::Noise => Ok(Taken::Done),
        Found::Meeting(about) => in_meeting(app, settings, &read, &about).await,
    }
}

fn understood(raw: &[u8], own: &str) -> Read {
    let (mail, content) = match inbox::read(raw, own) {
        Ok(mail) => {
            let content = inbox::content(&mail);
            (mail, content)
        }
        Err(_) => (inbox::head(raw, own), Content::Nothing(Reason::MimeLimits)),
    };
    let hash = match &mail.id {
        Some(id) => sha256(format!("id {id}").as_bytes()),
        None => sha256(&[b"raw ", raw].concat()),
    };
    Read { mail, content, hash }
}

async fn in_meeting(app: &App, settings: &InboxSettings, mail: &Read, about: &About) -> Result<Taken> {
    let grant = Grant::worker(Worker::Inbox, about.region);
    for _ in 0..TRIES {
        let read = app.read(grant.clone());
        let verdict = match standing(&read, about).await {
            Ok(standing) => standing.verdict(&read, settings, &mail.mail, &mail.content, about),
            // It went while the mail was read.
            Err(Error::NotFound(_)) => return Ok(Taken::Aside(Reason::UnknownUid)),
            Err(error) => return Err(error),
        };
        let (person, reason) = match verdict {
            Verdict::Known => return Ok(Taken::Done),
            Verdict::Aside(person, reason) => (person, reason),
            Verdict::Answer { person, .. }
            | Verdict::OtherTime { person, .. }
            | Verdict::SomebodyElse { person, .. }
            | Verdict::Refresh(person) => {
                match effect(app, settings, mail, about, (person, &verdict)).await {
                    Ok(()) => return Ok(Taken::Done),
                    Err(Error::Stale) => continue,
                    Err(Error::RateLimited(_)) => (Some(person), Reason::TooOften),
                    Err(Error::Refused(..) | Error::Denied(_) | Error::NotFound(_) | Error::Invalid(_)) => {
                        (Some(person), Reason::Refused)
                    }
                    Err(error) => return Err(error),
                }
            }
        };
        return aside(app, mail, about, (person, reason)).await;
    }
    Err(Error::Stale)
}

/// Does what `verdict` says by the right of whoever writes, which is that of a link; unless the meeting
/// has changed since it was said.
async fn effect(
    app: &App,
    settings: &InboxSettings,
    mail: &Read,
    about: &About,
    (person, verdict): (PersonId, &Verdict),
) -> Result<()> {
    let grant = Grant::mail(about.region, person);
    app.write(&grant, None, |tx| async move {
        // Whoever moves it meanwhile waits, or has moved it.
        meetings::get_to_change(&tx, about.meeting).await?;
        let standing = standing(&tx, about).await?;
        if standing.verdict(&tx, settings, &mail.mail, &mail.content, about) != *verdict {
            return Err(Error::Stale);
        }
        if store::taken(&tx, (about.meeting, person), tx.now() - HOUR).await? >= MOST_TAKEN {
            return Err(Error::RateLimited(std::time::Duration::ZERO));
        }
        let seat = (about.meeting, person);
        // What a program sends by itself gets nothing back: another program may answer that.
        if *verdict == Verdict::Refresh(person)
            && (!mail.mail.answerable || store::refreshed(&tx, seat, tx.now() - HOUR).await?)
        {
            return Ok(());
        }
        let row = row(&tx, mail, about, (Some(person), None), standing.subject(Some(person)));
        if !store::keep(&tx, row).await? {
            return Ok(());
        }
        let answered = match verdict {
            Verdict::Answer { answer: given, .. } => {
                answer(&tx, about.meeting, person, Given::plain(*given)).await?
            }
            Verdict::OtherTime { time, .. } => {
                make(&tx, seat, &What::OtherTime(time.start()), Source::Mail).await?
            }
            Verdict::SomebodyElse { address, .. } => {
                let substitute = Substitute { name: name(address)?, email: address.clone() };
                make(&tx, seat, &What::SomebodyElse(substitute), Source::Mail).await?
            }
            Verdict::Refresh(_) => return prepare::again(&tx, &standing.meeting, person).await,
            Verdict::Known | Verdict::Aside(..) => return Ok(()),
        };
        if let Some(message) = message(&mail.content) {
            store::made(&tx, seat, (message.sequence, message.dtstamp)).await?;
        }
        // To the address on file and once an hour, also when a program answered: a stranger who has the
        // address of the invitation would only have to write that they are one.
        if answered.changed {
            let of = Of { meeting: about.meeting, person };
            answers::say_changed(&tx, &answered.meeting, of).await?;
        }
        Ok(())
    })
    .await
}

/// A mail names nobody but by an address.
fn name(address: &EmailAddress) -> Result<Name> {
    let local = address.as_str().split('@').next().unwrap_or_default();
    Ok(local.parse::<Name>()?)
}

/// Keeps what changed nothing, where whoever plans the meeting sees it.
async fn aside(
    app: &App,
    mail: &Read,
    about: &About,
    (person, reason): (Option<PersonId>, Reason),
) -> Result<Taken> {
    let grant = Grant::worker(Worker::Inbox, about.region);
    let kept = app.write(&grant, None, |tx| async move {
        let standing = standing(&tx, about).await?;
        let number = store::put_aside(&tx, (about.meeting, person), tx.now() - HOUR).await?;
        let said = if number < MOST_ASIDE { reason } else { Reason::TooOften };
        let shown = number <= MOST_ASIDE;
        if shown {
            let row = row(&tx, mail, about, (person, Some(said)), standing.subject(person));
            let row = sealed(&tx, mail, row).await?;
            if !store::keep(&tx, row).await? {
                return Ok(());
            }
        }
        // However much there is that is not kept: how often they are asked has a limit of its own.
        if let Some(person) = person.filter(|_| may_be_asked(&mail.mail, reason)) {
            confirm::ask(&tx, &standing.meeting, person).await?;
        }
        if shown && said.wants_a_look() { look(&tx, &standing).await } else { Ok(()) }
    });
    match kept.await {
        // Whoever it is about was erased, or the meeting has gone: nothing of it is kept.
        Ok(()) | Err(Error::NotFound(_)) => Ok(Taken::Aside(reason)),
        Err(error) => Err(error),
    }
}

/// Whoever booked the meeting is told that there is something to look at, once a day.
async fn look(tx: &Tx, standing: &Standing) -> Result<()> {
    let id = standing.meeting.id.0;
    tx.enqueue(Work {
        kind: Kind::MailAside,
        dedupe: format!("{id}/{}", tx.now().date_naive()),
        subject: id,
        due: tx.now(),
        note: None,
        mail: None,
    })
    .await
}

fn message(content: &Content) -> Option<&Message> {
    match content {
        Content::Message(message) => Some(message),
        Content::Bounce | Content::Noise | Content::Nothing(_) => None,
    }
}

/// The mail as it is kept, without what was written.
fn row(
    tx: &Tx,
    mail: &Read,
    about: &About,
    (person, reason): (Option<PersonId>, Option<Reason>),
    subject: uuid::Uuid,
) -> Inbound {
    let message = message(&mail.content);
    let lines = message.map(|message| &message.attendees[..]).unwrap_or_default();
    let answer = match lines {
        [one] => one.answer.map(partstat).unwrap_or_default(),
        [] | [_, ..] => "",
    };
    Inbound {
        id: tx.new_id(),
        hash: mail.hash.clone(),
        meeting: about.meeting,
        person,
        method: message.map(|message| message.method.into()).unwrap_or_default(),
        answer: answer.to_owned(),
        reason,
        subject,
        sealed_from: None,
        sealed_text: None,
    }
}

fn partstat(answer: InAnswer) -> &'static str {
    match answer {
        InAnswer::NeedsAction => "NEEDS_ACTION",
        InAnswer::Accepted => "ACCEPTED",
        InAnswer::Declined => "DECLINED",
        InAnswer::Tentative => "TENTATIVE",
        InAnswer::Delegated => "DELEGATED",
    }
}

/// With who sent it and what it says, under the key of whom it is about.
async fn sealed(tx: &Tx, mail: &Read, mut row: Inbound) -> Result<Inbound> {
    let keys = tx.subject_keys_or_new(&[row.subject]).await?;
    let seal = |place, plain: &str| tx.seal(&keys, row.subject, place, plain);
    let from = mail.mail.from.join(", ");
    row.sealed_from = Some(seal(store::sender(row.id), &from)?);
    row.sealed_text = mail.mail.text.as_deref().map(|text| seal(store::text(row.id), text)).transpose()?;
    Ok(row)
}
