//! OPEN → REFUSED: the meeting stays as it is, and whoever proposed something else hears that.

use schakel_domain::{consultation::proposal::Event, ids::ProposalId};

use super::{Proposal, accept::load, store};
use crate::{
    consultation::tell,
    error::Result,
    store::{
        Tx,
        audit::Deed,
        outbox::{Kind, Work},
    },
};

/// Refuses it, unless something else is proposed by now than the caller read.
pub(super) async fn refuse(tx: &Tx, (id, etag): (ProposalId, i32)) -> Result<Proposal> {
    let (mut proposal, loaded) = load(tx, (id, etag)).await?;
    proposal.state = proposal.now(&loaded.meeting, tx.now()).after(Event::Refuse)?;
    proposal.decide(tx);
    store::update(tx, &mut proposal).await?;
    tell::audit(tx, &[&loaded.meeting], Deed::U).await?;
    tx.enqueue(Work {
        kind: Kind::ProposalRefused,
        dedupe: id.0.to_string(),
        subject: id.0,
        due: tx.now(),
        note: None,
        mail: None,
    })
    .await?;
    Ok(proposal)
}
