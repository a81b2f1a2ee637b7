//! Reminds people of meetings that come: each as their function and their wishes have it, nobody of what
//! is off, over, declined, or not yet told as it stands.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    consultation::{Answer, State},
    ical::Party,
    ids::{ConsultationId, PersonId, RegionId},
    invitation::{NoticeKind, ToldKind, Wish, reminder_betrays, reminder_letter, reminders::Due},
};
use uuid::Uuid;

use super::{
    held::Pace,
    letters::{self, Envelope},
    news::{self, News, has_interpreter, link, reference},
    prepare::{Recipient, line, recipients_of},
    readings, store,
};
use crate::{
    access::{Grant, Worker, region, wishes::store::Kept},
    app::App,
    error::Result,
    store::{Tx, outbox::Work},
};

/// Rows that are looked at together.
const MOST: u64 = 200;
/// After how long it is tried again what could not be told.
const AGAIN: TimeDelta = TimeDelta::minutes(5);

/// Looks whom to remind, and reminds them; says how many people were looked at.
pub(super) async fn remind_due(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Invitations, region);
    let due = store::to_remind(&app.read(grant.clone()), MOST).await?;
    let mut meetings: BTreeMap<ConsultationId, Vec<PersonId>> = BTreeMap::new();
    for (meeting, person) in &due {
        meetings.entry(*meeting).or_default().push(*person);
    }
    for (meeting, persons) in &meetings {
        let (meeting, persons) = (*meeting, persons.as_slice());
        let told = app.write(&grant, None, |tx| async move { remind(&tx, meeting, persons).await }).await;
        if let Err(error) = told {
            tracing::error!(%error, %meeting, "nobody could be reminded");
            let later = |tx: std::sync::Arc<Tx>| async move {
                store::remind_at(&tx, meeting, persons, Some(tx.now() + AGAIN)).await
            };
            app.write(&grant, None, later).await?;
        }
    }
    Ok(due.len())
}

/// What is done about one person.
struct Look {
    person: PersonId,
    now: bool,
    next: Option<DateTime<Utc>>,
}

/// The mails and the next moments are one transaction: each moment reminds once.
async fn remind(tx: &Tx, id: ConsultationId, persons: &[PersonId]) -> Result<()> {
    let Some(news) = news::load(tx, &[id]).await?.pop() else { return Ok(()) };
    // Somebody else may have looked in between.
    let heard = store::heard(tx, id, persons).await?;
    let persons: Vec<PersonId> = heard.keys().copied().collect();
    let pace = Pace::of(tx, &persons).await?;
    let looks: Vec<Look> =
        heard.iter().map(|(person, heard)| look(&news, *person, *heard, &pace, tx.now())).collect();
    let reminded: Vec<PersonId> = looks.iter().filter(|look| look.now).map(|look| look.person).collect();
    // Whoever could not be written to was not reminded, and is looked at again all the same.
    let mailed = mail(tx, &news, &reminded, &pace).await?;
    store::reminded(tx, id, &mailed).await?;
    let mut moments: BTreeMap<Option<DateTime<Utc>>, Vec<PersonId>> = BTreeMap::new();
    for look in looks {
        moments.entry(look.next).or_default().push(look.person);
    }
    for (next, persons) in moments {
        store::remind_at(tx, id, &persons, next).await?;
    }
    Ok(())
}

fn look(news: &News, person: PersonId, heard: DateTime<Utc>, pace: &Pace, now: DateTime<Utc>) -> Look {
    let never = Look { person, now: false, next: None };
    let standing = &news.standing;
    let knows = news.records.get(&person).is_some_and(|record| {
        let told = record.told;
        told.kind == ToldKind::Invited && told.standing == standing.sequence && told.agreed == standing.agreed
    });
    // Whoever does not know yet how it stands is told, and then looked at again.
    let told = knows && standing.state == State::Planned && !news.hushed.contains(&person);
    let seat = news.meeting.seat(person).filter(|_| told);
    let Some(seat) = seat else { return never };
    let (remind, start) = (pace.remind(person, seat.role), standing.agreed.start);
    let after = |heard| match remind.due(start, heard, now) {
        Due::At(at) => Some(at),
        Due::Now | Due::Never => None,
    };
    match remind.due(start, heard, now) {
        Due::Never => never,
        Due::At(at) => Look { next: Some(at), ..never },
        // Who may still accept is looked at again: whoever does has just heard of what was past by then.
        Due::Now if seat.answer == Answer::Declined => Look { next: after(now), ..never },
        Due::Now => match pace.quiet_until(now).filter(|over| *over < start) {
            Some(over) => Look { next: Some(over), ..never },
            None => Look { now: true, next: after(now), ..never },
        },
    }
}

/// What all reminders of one meeting share.
struct Letters<'a> {
    news: &'a News,
    from: Party,
    wishes: HashMap<PersonId, Kept>,
}

/// Writes the reminders; gives whom one goes to. That an address takes no mail is told by the mail to it.
async fn mail(tx: &Tx, news: &News, persons: &[PersonId], pace: &Pace) -> Result<Vec<PersonId>> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let recipients = pace.speaking(recipients_of(tx, &[news.meeting.id], persons).await?);
    let uuids: Vec<Uuid> = persons.iter().map(|person| person.0).collect();
    let keys = tx.subject_keys_or_new(&uuids).await?;
    let (wishes, mut lines) = readings::of(tx, news.meeting.case.as_slice(), persons).await?;
    let from = Party { name: region::sender_name(tx).await?, email: tx.app().settings.mail.sender.clone() };
    let letters = Letters { news, from, wishes };
    let (mut mails, mut mailed): (Vec<Work>, Vec<(PersonId, Vec<u8>)>) = Default::default();
    for person in persons {
        let Some(recipient) = recipients.get(person) else { continue };
        let Some(to) = recipient.party(false) else { continue };
        if recipient.private {
            lines.push(line(news.meeting.id, *person));
        }
        let id = tx.new_id();
        let Some(rendered) = letters.render(tx, (id, *person), recipient, to)? else {
            tracing::error!(mail = %id, "a reminder that says too much is not sent");
            continue;
        };
        let envelope = Envelope { id, subject: news.meeting.id.0, recipient: person.0, to: &to.email };
        let mut work = letters::sealed(tx, &keys, &envelope, rendered)?;
        if let Some(mail) = &mut work.mail {
            mail.expires = mail.expires.min(news.standing.agreed.start);
        }
        mails.push(work);
        mailed.push((*person, tx.address_index(&to.email)));
    }
    let indexes: Vec<Vec<u8>> = mailed.iter().map(|(_, index)| index.clone()).collect();
    let flagged = tx.flagged(&indexes).await?;
    tx.enqueue_all(mails).await?;
    tx.audit_all(&lines).await?;
    Ok(mailed.into_iter().filter(|(_, index)| !flagged.contains(index)).map(|(person, _)| person).collect())
}

impl Letters<'_> {
    /// None for one that would say too much.
    fn render(
        &self,
        tx: &Tx,
        (id, person): (Uuid, PersonId),
        recipient: &Recipient,
        to: &Party,
    ) -> Result<Option<super::render::Rendered>> {
        let meeting = &self.news.meeting;
        let link = link(tx, meeting, person);
        let wish = Wish {
            kind: NoticeKind::Invitation,
            reference: reference(meeting)?,
            recipient: &to.name,
            sender: &self.from.name,
            agreed: self.news.standing.agreed,
            before: None,
            link: &link,
            telephone: tx.app().settings.mail.telephone.as_deref(),
            reading: recipient.reading(self.wishes.get(&person), has_interpreter(meeting)),
        };
        // A random link may spell a word by chance; its address may not.
        if reminder_betrays(&Wish { link: &tx.app().settings.public_url, ..wish }).is_some() {
            return Ok(None);
        }
        let answer = meeting.seat(person).map_or(Answer::NeedsAction, |seat| seat.answer);
        let letter = reminder_letter(&wish, answer);
        Ok(letters::render(tx, (id, "reminder"), letter, [&self.from, to]).ok())
    }
}
