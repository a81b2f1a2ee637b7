//! Asks people which time suits, reminds them, and tells them and the maker how it ends.

use std::collections::HashMap;

use schakel_domain::{
    access::{CaseState, Class, Classes},
    consultation::poll::{self, Notice},
    ical::Party,
    ids::{PersonId, RegionId, TimePollId},
    invitation::{PollWish, changed_letter, code_letter, poll_betrays, poll_letter},
    reference::Reference,
};
use uuid::Uuid;

use super::{
    letters::{self, Envelope},
    prepare::{Recipient, recipients},
    readings, silence,
    worker::postpone,
};
use crate::{
    access::{Grant, Worker, circle, region, wishes::store::Kept},
    app::App,
    consultation::{
        page::CODE_MINUTES,
        poll::{
            TimePoll, expire,
            link::{self, Link},
            store::{self, Told},
        },
    },
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
        outbox::{Ended, Kind, Leased, Work},
        vault::SubjectKeys,
    },
};

/// Proposals that are taken up together.
const MOST: u32 = 20;

/// Looks at the proposals that have come to a moment; says how many.
pub async fn poll_due(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Invitations, region);
    if !app.read(grant.clone()).is_due(Kind::TimePollChanged).await? {
        return Ok(0);
    }
    let leased =
        app.write(&grant, None, |tx| async move { tx.lease(Kind::TimePollChanged, MOST).await }).await?;
    for row in &leased {
        if let Err(error) = one(app, &grant, row).await {
            tracing::error!(%error, change = %row.id, "a proposal could not be told");
            postpone(app, &grant, row).await?;
        }
    }
    Ok(leased.len())
}

/// The mails and the end of the row are one transaction.
async fn one(app: &App, grant: &Grant, row: &Leased) -> Result<()> {
    app.write(grant, None, |tx| async move {
        if !tx.end(row, &Ended::Done).await? {
            return Ok(());
        }
        match tell(&tx, TimePollId(row.subject_id)).await {
            // There is nothing left to tell about.
            Err(Error::NotFound("TIME_POLL")) => Ok(()),
            done => done,
        }
    })
    .await
}

/// What all letters about one proposal share.
struct News {
    poll: TimePoll,
    reference: Reference,
    sender: Party,
    keys: SubjectKeys,
    wishes: HashMap<PersonId, Kept>,
}

/// Under whose name the region mails.
pub(super) async fn sender(tx: &Tx) -> Result<Party> {
    Ok(Party { name: region::sender_name(tx).await?, email: tx.app().settings.mail.sender.clone() })
}

/// Tells everybody who is to be told something now. Told twice in a row, the second finds nobody.
async fn tell(tx: &Tx, id: TimePollId) -> Result<()> {
    let mut poll = store::get_to_change(tx, id).await?;
    expire::expire(tx, &mut poll).await?;
    expire::forget(tx, &poll).await?;
    let due = stands(tx, &poll, poll::due(&poll.standing(), tx.now())).await?;
    if due.is_empty() {
        return Ok(());
    }
    let persons: Vec<PersonId> = due.iter().map(|(person, _)| *person).collect();
    let uuids: Vec<Uuid> = persons.iter().map(|person| person.0).collect();
    let known = recipients(tx, &persons).await?;
    let reference = poll.reference.parse();
    let (wishes, audited) = readings::of(tx, poll.case.as_slice(), &persons).await?;
    let news = News {
        wishes,
        reference: reference.map_err(|_| Error::Corrupt { table: "time_poll", column: "reference" })?,
        sender: sender(tx).await?,
        keys: tx.subject_keys_or_new(&uuids).await?,
        poll,
    };
    let mut outcome = Outcome { audited, ..Outcome::default() };
    for (person, notice) in &due {
        outcome.add(tx, &news, (*person, *notice), &known).await?;
    }
    let of = |wanted| -> Vec<PersonId> {
        due.iter().filter(|(_, notice)| *notice == wanted).map(|(person, _)| *person).collect()
    };
    store::told(tx, id, Told::Asked, &of(Notice::Ask)).await?;
    store::told(tx, id, Told::Reminded, &of(Notice::Remind)).await?;
    store::told(tx, id, Told::Released, &of(Notice::Release)).await?;
    if !of(Notice::Note).is_empty() {
        store::note(tx, &news.poll).await?;
    }
    outcome.keep(tx, id).await
}

/// Those of `due` that fit how the case stands: about one that is not worked on, and to who is
/// its parent no longer, nothing is told but that it is off; the family of a child that has died is not
/// told that either.
async fn stands(
    tx: &Tx,
    poll: &TimePoll,
    mut due: Vec<(PersonId, Notice)>,
) -> Result<Vec<(PersonId, Notice)>> {
    let Some(case) = poll.case.filter(|_| !due.is_empty()) else { return Ok(due) };
    let circle = circle::find(tx, case).await?;
    let open = circle.as_ref().filter(|circle| circle.standing().state() == CaseState::Open);
    let hushed = silence::hushed(tx, &due.iter().map(|(person, _)| (case, *person)).collect()).await?;
    due.retain(|(person, notice)| {
        if hushed.contains(&(case, *person)) {
            return false;
        }
        let private = poll.voter(*person).is_some_and(|voter| voter.role.is_private());
        let told = open.is_some_and(|circle| !private || circle.has(*person));
        told || (*notice == Notice::Release && circle.is_some())
    });
    Ok(due)
}

/// What comes of the notices, to be written in one statement a table.
#[derive(Default)]
struct Outcome {
    mails: Vec<Work>,
    nowhere: Vec<(String, Uuid)>,
    unfit: Vec<(String, Uuid)>,
    audited: Vec<Line>,
}

impl Outcome {
    async fn add(
        &mut self,
        tx: &Tx,
        news: &News,
        (person, notice): (PersonId, Notice),
        known: &HashMap<PersonId, Recipient>,
    ) -> Result<()> {
        let (id, subject) = (tx.new_id(), news.poll.id.0);
        let recipient = known.get(&person);
        if recipient.is_some_and(|recipient| recipient.private) {
            self.audited.push(opened(subject, person));
        }
        let dedupe = || (format!("{subject}/{}/{id}", person.0), person.0);
        let last = notice == Notice::Release;
        let Some((recipient, party)) = recipient.and_then(|one| Some((one, one.party(last)?))) else {
            self.nowhere.push(dedupe());
            return Ok(());
        };
        let link = match notice {
            Notice::Ask | Notice::Remind => {
                format!("{}/p/{}", tx.app().settings.public_url, link::make(tx, news.poll.id, person).await?)
            }
            Notice::Note => tx.app().settings.public_url.clone(),
            Notice::Release => String::new(),
        };
        let wish = PollWish {
            notice,
            reference: news.reference,
            recipient: &party.name,
            sender: &news.sender.name,
            options: &news.poll.spans(),
            place: news.poll.place,
            deadline: news.poll.deadline,
            link: &link,
            telephone: tx.app().settings.mail.telephone.as_deref(),
            reading: recipient.reading(news.wishes.get(&person), false),
        };
        // A random link may spell a word by chance; its address may not.
        let betrays = poll_betrays(&PollWish { link: &tx.app().settings.public_url, ..wish }).is_some();
        let what = <&str>::from(notice);
        let rendered = letters::render(tx, (id, what), poll_letter(&wish), [&news.sender, party]);
        let Some(rendered) = rendered.ok().filter(|_| !betrays) else {
            tracing::error!(mail = %id, "a letter that says too much is not sent");
            self.unfit.push(dedupe());
            return Ok(());
        };
        let envelope = Envelope { id, subject, recipient: person.0, to: &party.email };
        self.mails.push(letters::sealed(tx, &news.keys, &envelope, rendered)?);
        Ok(())
    }

    async fn keep(self, tx: &Tx, id: TimePollId) -> Result<()> {
        tx.enqueue_all(self.mails).await?;
        tx.bury(id.0, self.nowhere, "NO_ADDRESS").await?;
        tx.bury(id.0, self.unfit, "LETTER_UNFIT").await?;
        tx.audit_all(&self.audited).await
    }
}

/// That a private address was opened for a mail.
pub(super) fn opened(poll: Uuid, person: PersonId) -> Line {
    Line {
        deed: Deed::E,
        object: "invitation",
        id: Some(poll),
        subject: Some(person.0),
        classes: Classes::of(&[Class::K1, Class::K2]),
    }
}

/// Mails a code to whoever was asked by `link`. Says whether one could be sent: only so many can
/// be asked for, and not everybody has an address.
pub async fn send_code(tx: &Tx, link: Link) -> Result<bool> {
    if silence::is_hushed(tx, store::get(tx, link.poll).await?.case, link.person).await? {
        return Ok(false);
    }
    let Some(code) = link::new_code(tx, link).await? else { return Ok(false) };
    let known = recipients(tx, &[link.person]).await?;
    let Some(recipient) = known.get(&link.person) else { return Ok(false) };
    let Some(party) = recipient.party(false) else { return Ok(false) };
    let (id, sender) = (tx.new_id(), sender(tx).await?);
    let letter =
        code_letter([&party.name, &sender.name], recipient.reading(None, false), &code, CODE_MINUTES);
    let Ok(rendered) = letters::render(tx, (id, "code"), letter, [&sender, party]) else { return Ok(false) };
    let keys = tx.subject_keys_or_new(&[link.person.0]).await?;
    let envelope = Envelope { id, subject: link.poll.0, recipient: link.person.0, to: &party.email };
    tx.enqueue(letters::sealed(tx, &keys, &envelope, rendered)?).await?;
    if recipient.private {
        tx.audit(opened(link.poll.0, link.person)).await?;
    }
    Ok(true)
}

/// Tells whoever was asked by `link` that what they answered was changed behind it, at the address
/// that is on file: the link may have gone to somebody else. Once an hour at most.
pub async fn say_changed(tx: &Tx, link: Link) -> Result<()> {
    let poll = store::get(tx, link.poll).await?;
    if silence::is_hushed(tx, poll.case, link.person).await? {
        return Ok(());
    }
    let known = recipients(tx, &[link.person]).await?;
    let Some(recipient) = known.get(&link.person) else { return Ok(()) };
    let Some(party) = recipient.party(false) else { return Ok(()) };
    let reference = poll.reference.parse();
    let reference: Reference =
        reference.map_err(|_| Error::Corrupt { table: "time_poll", column: "reference" })?;
    let (id, sender) = (tx.new_id(), sender(tx).await?);
    let telephone = tx.app().settings.mail.telephone.as_deref();
    let parties = [&party.name, &sender.name];
    let letter = changed_letter(parties, recipient.reading(None, false), reference, telephone);
    let Ok(rendered) = letters::render(tx, (id, "changed"), letter, [&sender, party]) else {
        tracing::error!(mail = %id, "that an answer was changed cannot be told");
        return Ok(());
    };
    let keys = tx.subject_keys_or_new(&[link.person.0]).await?;
    let envelope = Envelope { id, subject: link.poll.0, recipient: link.person.0, to: &party.email };
    let hour = tx.now().timestamp() / 3600;
    let dedupe = format!("{}/{}/changed/{hour}", link.poll.0, link.person.0);
    tx.enqueue(Work { dedupe, ..letters::sealed(tx, &keys, &envelope, rendered)? }).await?;
    if recipient.private {
        tx.audit(opened(link.poll.0, link.person)).await?;
    }
    Ok(())
}
