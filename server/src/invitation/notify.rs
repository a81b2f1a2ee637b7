//! Tells the privacy officer, and who keeps the case together, that the glass was broken, and
//! who waited that a time is kept: by a mail that says only that there is something to read.

use lettre::{
    Message,
    message::{
        Mailbox,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use schakel_domain::{
    ids::{EmergencyId, PersonId, RegionId, WaitingEntryId},
    invitation::{backoff::LONGEST, notice},
    text::Name,
};

use super::prepare::payload;
use crate::{
    access::{Grant, Worker, affiliation, authenticate::today, emergency, professional, region},
    app::App,
    consultation::waiting,
    error::{Error, Result},
    store::{
        Tx,
        outbox::{Ended, Kind, Leased, Mail, Work},
    },
};

/// Notices that are taken up together.
const MOST: u32 = 20;

/// Turns emergencies and offers that nobody was told of into mails; says how many.
pub async fn notify_due(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Invitations, region);
    let mut done = 0;
    for kind in [Kind::EmergencyStarted, Kind::OfferMade] {
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
    let told = match kind {
        Kind::OfferMade => waited(tx, row).await?,
        Kind::EmergencyStarted => watched(tx, row).await?,
        Kind::ConsultationChanged
        | Kind::SeriesChanged
        | Kind::TimePollChanged
        | Kind::CaseEvent
        | Kind::TimeFreed
        | Kind::Mail => Vec::new(),
    };
    // Whoever works here no longer could not sign in to read it.
    let here = affiliation::of(tx, &told, today(tx.now())).await?;
    let told: Vec<PersonId> =
        told.into_iter().filter(|person| here.iter().any(|post| post.person == *person)).collect();
    let sender = region::sender_name(tx).await?;
    for (person, known) in professional::of(tx, &told).await? {
        let mail = mail(tx, (row, person), (&known.display_name, &known.email), &sender).await?;
        tx.enqueue(mail).await?;
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

async fn mail(
    tx: &Tx,
    (row, person): (&Leased, PersonId),
    (name, address): (&str, &str),
    sender: &Name,
) -> Result<Work> {
    let id = tx.new_id();
    let settings = &tx.app().settings;
    let corrupt = || Error::Corrupt { table: "professional", column: "email" };
    let name: Name = name.parse().map_err(|_| corrupt())?;
    let letter = notice(&name, sender, &settings.public_url);
    let from = settings.mail.sender.as_str();
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let message_id = format!("{id}.notice@{domain}");
    let mailbox = |name: &Name, address: &str| {
        Ok::<_, Error>(Mailbox::new(Some(name.as_str().to_owned()), address.parse().map_err(|_| corrupt())?))
    };
    let auto =
        HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    let message = Message::builder()
        .from(mailbox(sender, from)?)
        .to(mailbox(&name, address)?)
        .subject(letter.subject)
        .date(tx.now().into())
        .message_id(Some(format!("<{message_id}>")))
        .raw_header(auto)
        .header(ContentType::TEXT_PLAIN)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(letter.text)
        .map_err(|_| corrupt())?;
    let bytes = String::from_utf8(message.formatted()).map_err(|_| corrupt())?;
    let keys = tx.subject_keys_or_new(&[person.0]).await?;
    let plain = format!("{address}\r\n{bytes}");
    let mail = Mail {
        id,
        recipient: person.0,
        message_id,
        sequence: 0,
        sealed: tx.seal(&keys, person.0, payload(id), &plain)?,
        expires: tx.now() + LONGEST,
    };
    Ok(Work {
        kind: Kind::Mail,
        dedupe: format!("{}/{}", row.id, person.0),
        subject: row.subject_id,
        due: tx.now(),
        note: None,
        mail: Some(mail),
    })
}
