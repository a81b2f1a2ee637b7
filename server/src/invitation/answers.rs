//! Letters that follow from the page of an invitation: the code for it, that an answer was changed, and
//! that what was proposed cannot be.

use schakel_domain::{
    consultation::{
        Answer,
        proposal::{Kind as ProposalKind, Source},
    },
    ical::{Method, Party},
    ids::{ProposalId, RegionId},
    invitation::{
        Agreed, Letter, NoticeKind, RefusedWish, Wish, changed_letter, code_letter, refused_betrays,
        refused_letter,
    },
};
use uuid::Uuid;

use super::{
    letters::{self, Envelope},
    news::{link, reference},
    polls::{opened, sender},
    prepare::recipients_of,
    readings,
    render::{Draft, Rendered, Unfit, render_with},
    reply_tag, silence,
    store::{self as told, Record},
    worker::postpone,
};
use crate::{
    access::{Grant, Worker},
    app::App,
    consultation::{
        meeting::Meeting,
        page::{self, CODE_MINUTES, Of},
        proposal, store,
    },
    error::{Error, Result},
    settings::Organizer,
    store::{
        Tx,
        outbox::{Ended, Kind, Leased, Work},
    },
};

/// Refusals that are taken up together.
const MOST: u32 = 20;

/// Mails a code to whose page it is. Says whether one could be sent: only so many can be asked
/// for, and not everybody has an address.
pub async fn send_code(tx: &Tx, of: Of) -> Result<bool> {
    let meeting = store::get(tx, of.meeting).await?;
    if silence::is_hushed(tx, meeting.case, of.person).await? {
        return Ok(false);
    }
    let Some(code) = page::new_code(tx, of).await? else { return Ok(false) };
    let known = recipients_of(tx, &[of.meeting], &[of.person]).await?;
    let Some(recipient) = known.get(&of.person) else { return Ok(false) };
    let Some(party) = recipient.party(false) else { return Ok(false) };
    let (id, sender) = (tx.new_id(), sender(tx).await?);
    let reading = recipient.reading(None, false);
    let letter = code_letter([&party.name, &sender.name], reading, &code, CODE_MINUTES);
    let Ok(rendered) = letters::render(tx, (id, "code"), letter, [&sender, party]) else { return Ok(false) };
    let keys = tx.subject_keys_or_new(&[of.person.0]).await?;
    // About the page and not the meeting: it is not how far the invitation came.
    let envelope =
        Envelope { id, subject: page::id(tx, of).await?, recipient: of.person.0, to: &party.email };
    tx.enqueue(letters::sealed(tx, &keys, &envelope, rendered)?).await?;
    if recipient.private {
        tx.audit(opened(of.meeting.0, of.person)).await?;
    }
    Ok(true)
}

/// Tells whose page it is that what they answered was changed there, at the address that is on file:
/// the link may have gone to somebody else. Once an hour at most.
pub async fn say_changed(tx: &Tx, meeting: &Meeting, of: Of) -> Result<()> {
    if silence::is_hushed(tx, meeting.case, of.person).await? {
        return Ok(());
    }
    let known = recipients_of(tx, &[of.meeting], &[of.person]).await?;
    let Some(recipient) = known.get(&of.person) else { return Ok(()) };
    let Some(party) = recipient.party(false) else { return Ok(()) };
    let (id, sender, page) = (tx.new_id(), sender(tx).await?, page::id(tx, of).await?);
    let telephone = tx.app().settings.mail.telephone.as_deref();
    let parties = [&party.name, &sender.name];
    let letter = changed_letter(parties, recipient.reading(None, false), reference(meeting)?, telephone);
    let Ok(rendered) = letters::render(tx, (id, "changed"), letter, [&sender, party]) else {
        tracing::error!(mail = %id, "that an answer was changed cannot be told");
        return Ok(());
    };
    let keys = tx.subject_keys_or_new(&[of.person.0]).await?;
    let envelope = Envelope { id, subject: page, recipient: of.person.0, to: &party.email };
    let hour = tx.now().timestamp() / 3600;
    let dedupe = format!("{page}/changed/{hour}");
    tx.enqueue(Work { dedupe, ..letters::sealed(tx, &keys, &envelope, rendered)? }).await?;
    if recipient.private {
        tx.audit(opened(of.meeting.0, of.person)).await?;
    }
    Ok(())
}

/// Tells those whose proposals were refused; says how many.
pub async fn refused_due(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Invitations, region);
    if !app.read(grant.clone()).is_due(Kind::ProposalRefused).await? {
        return Ok(0);
    }
    let leased =
        app.write(&grant, None, |tx| async move { tx.lease(Kind::ProposalRefused, MOST).await }).await?;
    for row in &leased {
        if let Err(error) = one(app, &grant, row).await {
            tracing::error!(%error, change = %row.id, "a refusal could not be told");
            postpone(app, &grant, row).await?;
        }
    }
    Ok(leased.len())
}

/// The mail and the end of the row are one transaction.
async fn one(app: &App, grant: &Grant, row: &Leased) -> Result<()> {
    app.write(grant, None, |tx| async move {
        if !tx.end(row, &Ended::Done).await? {
            return Ok(());
        }
        match refused(&tx, ProposalId(row.subject_id)).await {
            // There is nothing left to tell about.
            Err(Error::NotFound("PROPOSAL" | "CONSULTATION")) => Ok(()),
            done => done,
        }
    })
    .await
}

/// Whoever left the table, or whose meeting is off or over, needs not know.
async fn refused(tx: &Tx, id: ProposalId) -> Result<()> {
    let proposal = proposal::store::get(tx, id).await?;
    let meeting = store::get(tx, proposal.meeting).await?;
    let person = proposal.person;
    if meeting.seat(person).is_none() || meeting.life().takes_answers(tx.now()).is_err() {
        return Ok(());
    }
    let known = recipients_of(tx, &[meeting.id], &[person]).await?;
    let mail = tx.new_id();
    let nowhere = || vec![(format!("{}/{mail}", id.0), person.0)];
    let Some((recipient, party)) = known.get(&person).and_then(|one| Some((one, one.party(false)?))) else {
        return tx.bury(id.0, nowhere(), "NO_ADDRESS").await;
    };
    let (wishes, mut lines) = readings::of(tx, meeting.case.as_slice(), &[person]).await?;
    let (link, sender) = (link(tx, &meeting, person), sender(tx).await?);
    let wish = RefusedWish {
        kind: proposal.kind,
        reference: reference(&meeting)?,
        recipient: &party.name,
        sender: &sender.name,
        agreed: Agreed { start: meeting.time.start(), end: meeting.time.end(), place: meeting.place },
        link: &link,
        telephone: tx.app().settings.mail.telephone.as_deref(),
        reading: recipient.reading(wishes.get(&person), false),
    };
    // A random link may spell a word by chance; its address may not.
    let betrays = refused_betrays(&RefusedWish { link: &tx.app().settings.public_url, ..wish }).is_some();
    let letter = refused_letter(&wish);
    let rendered = match (proposal.source, proposal.kind) {
        (Source::Mail, ProposalKind::OtherTime) => {
            let told = told::records(tx, &[meeting.id.0]).await?;
            let told = told.into_iter().map(|(_, record)| record).find(|record| record.told.person == person);
            declined(tx, (mail, &meeting, told.as_ref()), (&wish, letter), [&sender, party])
        }
        (Source::Web, ProposalKind::OtherTime) | (Source::Web | Source::Mail, ProposalKind::SomebodyElse) => {
            letters::render(tx, (mail, "refused"), letter, [&sender, party])
        }
    };
    let Some(rendered) = rendered.ok().filter(|_| !betrays) else {
        tracing::error!(%mail, "a letter that says too much is not sent");
        return tx.bury(id.0, nowhere(), "LETTER_UNFIT").await;
    };
    let keys = tx.subject_keys_or_new(&[person.0]).await?;
    let envelope = Envelope { id: mail, subject: id.0, recipient: person.0, to: &party.email };
    tx.enqueue(letters::sealed(tx, &keys, &envelope, rendered)?).await?;
    if recipient.private {
        lines.push(opened(meeting.id.0, person));
    }
    tx.audit_all(&lines).await
}

/// To a calendar that proposed another time in words of its own (COUNTER) the no is said in such words too
/// (DECLINECOUNTER, RFC 5546 §3.2.8): the event as its owner was last told of it.
fn declined(
    tx: &Tx,
    (id, meeting, told): (Uuid, &Meeting, Option<&Record>),
    (wish, letter): (&RefusedWish, Letter),
    [sender, party]: [&Party; 2],
) -> Result<Rendered, Unfit> {
    let seat = meeting.table.iter().find(|seat| told.is_some_and(|record| record.told.person == seat.person));
    let reply_to = seat.and_then(|seat| reply_tag::address(tx.app(), tx.region(), meeting.id, seat.person));
    let inbox = tx.app().settings.mail.inbox.as_ref();
    let draft = Draft {
        id,
        wish: Wish {
            kind: NoticeKind::Invitation,
            reference: wish.reference,
            recipient: wish.recipient,
            sender: wish.sender,
            agreed: wish.agreed,
            before: None,
            link: wish.link,
            telephone: wish.telephone,
            reading: wish.reading,
        },
        method: Method::DeclineCounter,
        sequence: told.map_or(meeting.sequence, |record| record.told.sequence),
        meeting,
        organizer: sender,
        reply_to: reply_to.as_ref(),
        by_token: inbox.is_some_and(|inbox| inbox.organizer == Organizer::Token),
        recipient: party,
        answer: seat.map_or(Answer::NeedsAction, |seat| seat.answer),
        first_message_id: told.and_then(Record::thread),
        alarm: None,
        now: tx.now(),
    };
    render_with(&draft, letter)
}
