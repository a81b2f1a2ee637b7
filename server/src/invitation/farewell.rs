//! The last mails about meetings that are to vanish, and the end of what was told about them.

use schakel_domain::ids::ConsultationId;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{
    inbox,
    news::payload,
    prepare::{When, prepare},
};
use crate::{
    entity::{
        held_news,
        invitation::{Column, Entity},
    },
    error::{Error, Result},
    store::{
        Tx,
        sweep::{Doomed, Sweep, Tally},
    },
};

/// Writes the mails by which everybody hears that `meetings` are off, now: later there is
/// nothing left to tell from. Those to `persons`, whose keys go, are sealed anew, each under
/// a key of its own that goes once it is sent. Mails with ids after the one returned are these.
pub async fn say(tx: &Tx, meetings: &[ConsultationId], persons: &[Uuid]) -> Result<Uuid> {
    let before = tx.new_id();
    prepare(tx, meetings, When::AtOnce).await?;
    let ids: Vec<Uuid> = meetings.iter().map(|meeting| meeting.0).collect();
    let corrupt = || Error::Corrupt { table: "outbox", column: "sealed_payload" };
    for mail in tx.waiting_mails(&ids, before).await? {
        let Some(recipient) = mail.recipient_id.filter(|recipient| persons.contains(recipient)) else {
            continue;
        };
        let sealed = mail.sealed_payload.as_deref().ok_or_else(corrupt)?;
        let keys = tx.subject_keys(&[recipient]).await?;
        let plain = keys.open(recipient, payload(mail.id), sealed)?;
        let own = tx.subject_keys_or_new(&[mail.id]).await?;
        tx.detach_mail(mail.id, tx.seal(&own, mail.id, payload(mail.id), &plain)?).await?;
    }
    Ok(before)
}

/// What everybody was last told, what they were to be told later, and what came back.
pub async fn sweep(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    let told = Condition::all()
        .add(Column::RegionId.eq(tx.region()))
        .add(Column::ConsultationId.is_in(doomed.meetings.iter().copied()));
    tx.sweep(Entity, told, sweep, tally).await?;
    let held = Condition::all()
        .add(held_news::Column::RegionId.eq(tx.region()))
        .add(held_news::Column::ConsultationId.is_in(doomed.meetings.iter().copied()));
    tx.sweep(held_news::Entity, held, sweep, tally).await?;
    inbox::sweep::mails(tx, doomed, sweep, tally).await
}
