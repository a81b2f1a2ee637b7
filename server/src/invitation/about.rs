//! The meeting that a mail belongs to: many are about something that belongs to a meeting.

use schakel_domain::ids::{ConsultationId, ProposalId, SeriesId};
use uuid::Uuid;

use crate::{
    consultation::{meeting::Meeting, page, proposal, series, store},
    error::{Error, Result},
    store::Read,
};

/// The meeting that mails about `subject` belong to: itself, the first of a series, that of a proposal, or
/// that of the page behind a link. None when there is none, or when it has gone.
pub(super) async fn meeting(read: &Read, subject: Uuid) -> Result<Option<Meeting>> {
    if let Some(meeting) = found(store::get(read, ConsultationId(subject)).await)? {
        return Ok(Some(meeting));
    }
    let series = series::meetings(read, &[SeriesId(subject)]).await?;
    if let Some(first) = series.into_iter().next() {
        return Ok(Some(first));
    }
    let id = match found(proposal::store::get(read, ProposalId(subject)).await)? {
        Some(proposal) => Some(proposal.meeting),
        None => page::meeting(read, subject).await?,
    };
    match id {
        Some(id) => found(store::get(read, id).await),
        None => Ok(None),
    }
}

/// None when it is not there.
fn found<T>(got: Result<T>) -> Result<Option<T>> {
    match got {
        Ok(one) => Ok(Some(one)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
