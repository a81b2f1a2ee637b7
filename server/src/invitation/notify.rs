//! Tells the privacy officer, and who keeps the case together, that the glass was broken, who waited
//! that a time is kept, who booked a meeting or proposed times that somebody is not reached, who booked one that
//! somebody proposes something, and who has to mend a hand-over that it was given back: by a mail that says only
//! that there is something to read.

use schakel_domain::{
    consultation::proposal::State,
    ical::Party,
    ids::{ConsultationId, EmergencyId, PersonId, ProposalId, RegionId, TimePollId, WaitingEntryId},
    invitation::notice,
    text::Name,
};
use uuid::Uuid;

use super::{
    about,
    letters::{self, Envelope},
};
use crate::{
    access::{Grant, Worker, affiliation, authenticate::today, emergency, professional, region},
    app::App,
    consultation::{self, poll, proposal, waiting},
    error::{Error, Result},
    store::{
        Tx,
        outbox::{Ended, Kind, Leased, Work},
    },
    thuiszitter::handover::returned,
};

/// Notices that are taken up together.
const MOST: u32 = 20;

/// Turns emergencies, offers, bounces, proposals and hand-overs given back that nobody was told of into
/// mails; says how many.
pub async fn notify_due(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Invitations, region);
    let mut done = 0;
    let kinds = [
        Kind::EmergencyStarted,
        Kind::OfferMade,
        Kind::AddressBounced,
        Kind::MailAside,
        Kind::ProposalMade,
        Kind::HandoverReturned,
    ];
    for kind in kinds {
        if !app.read(grant.clone()).is_due(kind).await? {
            continue;
        }
        let lease = |tx: std::sync::Arc<Tx>| async move { tx.lease(kind, MOST).await };
        let leased = app.write(&grant, None, lease).await?;
        for row in &leased {
            app.write(&grant, None, |tx| async move { notify(&tx, row, kind).await }).await?;
        }
        done += leased.len();
    }
    Ok(done)
}

/// The mails and the end of the row are one transaction: everybody is told once.
async fn notify(tx: &Tx, row: &Leased, kind: Kind) -> Result<()> {
    if !tx.end(row, &Ended::Done).await? {
        return Ok(());
    }
    let (told, about) = match kind {
        Kind::OfferMade => (waited(tx, row).await?, row.subject_id),
        Kind::EmergencyStarted => (watched(tx, row).await?, row.subject_id),
        Kind::ProposalMade => (proposed(tx, row).await?, row.subject_id),
        // Its own id: it is not how far an invitation to that meeting came.
        Kind::HandoverReturned => (returned::told(tx, ConsultationId(row.subject_id)).await?, row.id),
        // Its own id: it is not how far the invitation of whoever booked came, and that it bounces is
        // told to nobody.
        Kind::AddressBounced | Kind::MailAside => (booked(tx, row).await?, row.id),
        Kind::ConsultationChanged
        | Kind::SeriesChanged
        | Kind::TimePollChanged
        | Kind::CaseEvent
        | Kind::CaseChanged
        | Kind::SubscriptionEvent
        | Kind::TimeFreed
        | Kind::ProposalRefused
        | Kind::Mail => (Vec::new(), row.subject_id),
    };
    // Whoever works here no longer could not sign in to read it.
    let here = affiliation::of(tx, &told, today(tx.now())).await?;
    let told: Vec<PersonId> =
        told.into_iter().filter(|person| here.iter().any(|post| post.person == *person)).collect();
    let sender = region::sender_name(tx).await?;
    for (person, known) in professional::of(tx, &told).await? {
        let name = (known.display_name.as_str(), known.email.as_str());
        let Some(mail) = mail(tx, (about, person), name, &sender).await? else { continue };
        let dedupe = format!("{}/{}", row.id, person.0);
        tx.enqueue(Work { dedupe, ..mail }).await?;
    }
    Ok(())
}

async fn watched(tx: &Tx, row: &Leased) -> Result<Vec<PersonId>> {
    emergency::told(tx, EmergencyId(row.subject_id)).await
}

/// Whoever asked for a meeting, as long as a time is kept for it.
async fn waited(tx: &Tx, row: &Leased) -> Result<Vec<PersonId>> {
    match waiting::store::get(tx, WaitingEntryId(row.subject_id)).await {
        Ok(entry) => Ok(entry.offer.map(|_| entry.requested_by).into_iter().collect()),
        // Its case has gone.
        Err(Error::NotFound(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Whoever booked the meeting that a mail belongs to, or proposed the times that it asks about: what came of the
/// mail can be looked up there.
async fn booked(tx: &Tx, row: &Leased) -> Result<Vec<PersonId>> {
    if let Some(meeting) = about::meeting(tx, row.subject_id).await? {
        return Ok(vec![meeting.booked_by]);
    }
    match poll::store::get(tx, TimePollId(row.subject_id)).await {
        Ok(poll) => Ok(vec![poll.made_by]),
        // It is about neither, or has gone.
        Err(Error::NotFound(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Whoever booked the meeting for which somebody proposes something, as long as that can be decided.
async fn proposed(tx: &Tx, row: &Leased) -> Result<Vec<PersonId>> {
    let found = async {
        let proposal = proposal::store::get(tx, ProposalId(row.subject_id)).await?;
        let meeting = consultation::store::get(tx, proposal.meeting).await?;
        Ok::<_, Error>((proposal.now(&meeting, tx.now()), meeting.booked_by))
    };
    match found.await {
        Ok((State::Open, booked_by)) => Ok(vec![booked_by]),
        // It was decided, or its case has gone.
        Ok(_) | Err(Error::NotFound(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// None to nobody's address: who has none reads it here, and the others hear of it all the same.
async fn mail(
    tx: &Tx,
    (about, person): (Uuid, PersonId),
    (name, address): (&str, &str),
    sender: &Name,
) -> Result<Option<Work>> {
    let settings = &tx.app().settings;
    let Some((name, email)) = name.parse().ok().zip(address.parse().ok()) else {
        tracing::info!("somebody without an address is not told that something waits for them");
        return Ok(None);
    };
    let to = Party { name, email };
    let from = Party { name: sender.clone(), email: settings.mail.sender.clone() };
    let letter = notice(&to.name, sender, &settings.public_url);
    let id = tx.new_id();
    let corrupt = |_| Error::Corrupt { table: "professional", column: "email" };
    let rendered = letters::render(tx, (id, "notice"), letter, [&from, &to]).map_err(corrupt)?;
    let keys = tx.subject_keys_or_new(&[person.0]).await?;
    let envelope = Envelope { id, subject: about, recipient: person.0, to: &to.email };
    letters::sealed(tx, &keys, &envelope, rendered).map(Some)
}
