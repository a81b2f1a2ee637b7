//! A mail that a relay took did not arrive: its state says so, and whoever booked the meeting hears it.

use schakel_domain::{ids::RegionId, text::EmailAddress};
use uuid::Uuid;

use crate::{
    access::{Grant, Worker},
    app::App,
    error::Result,
    invitation::deliver::unreached,
    store::{mail_address::FLAGGED, messages::sent, outbox::MAILBOX_REFUSED},
};

/// A mail server said so for good, and not about the mailbox.
const REFUSED_LATER: &str = "SMTP_PERMANENT";

/// Notes it once. The mailbox that the mail went to takes no further mail when it is one of those that
/// are `gone`: with a relay in between it would never be heard to refuse twice in a row.
pub(super) async fn note(app: &App, region: RegionId, mail: Uuid, gone: &[String]) -> Result<()> {
    let grant = Grant::worker(Worker::Inbox, region);
    app.write(&grant, None, |tx| async move {
        let went = sent(&tx, &[mail]).await?.pop();
        let same = |index: &Vec<u8>| {
            let gone = gone.iter().filter_map(|address| address.parse::<EmailAddress>().ok());
            gone.map(|address| tx.address_index(&address)).any(|gone| gone == *index)
        };
        let mailbox = went.and_then(|went| went.address_index).filter(same);
        let reason = if mailbox.is_some() { MAILBOX_REFUSED } else { REFUSED_LATER };
        let Some(lost) = tx.undelivered(mail, reason).await? else { return Ok(()) };
        if let Some(index) = mailbox {
            for _ in 0..FLAGGED {
                tx.address_refused(&index, reason).await?;
            }
        }
        tx.enqueue(unreached(lost.subject_id, lost.recipient_id, tx.now())).await
    })
    .await
}
