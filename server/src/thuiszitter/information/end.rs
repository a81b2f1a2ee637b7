//! What was asked is answered, declined or not needed any more.

use chrono::NaiveDate;
use schakel_domain::{
    ids::{CaseId, InformationRequestId},
    refusal::Refusal,
    thuiszitter::information::InformationState,
};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::{is_told, shown, store, wire::to_wire};
use crate::{
    access::{circle, consent::sharing::Sharing},
    error::{Error, Result},
    store::{Tx, audit::Deed},
    thuiszitter::{
        history::{self, Detail},
        view::line,
    },
};

/// How a request ends, as the caller read it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ending {
    pub id: InformationRequestId,
    pub etag: i32,
    pub state: InformationState,
    pub on: NaiveDate,
}

const MISSING: Error = Error::NotFound("INFORMATION_REQUEST");

/// Keeps how it ended.
///
/// # Errors
/// `INFORMATION_REQUEST_NOT_FOUND` when there is none or the caller does not see it, alike; `CASE_CLOSED`,
/// `CASE_RESTRICTED`, `ETAG_MISMATCH`, `ALREADY_ENDED`; a violation of a day before it was asked.
pub(super) async fn end(tx: &Tx, ending: &Ending) -> Result<pb::InformationRequest> {
    let row = store::find(tx, ending.id).await?;
    // Asked in any case: how long a refusal takes tells nobody whether there is one.
    let case = row.as_ref().map_or(CaseId(Uuid::max()), |row| CaseId(row.case_id));
    let reached = circle::reach(tx, case).await;
    let (circle, _) =
        reached.map_err(|error| if matches!(error, Error::NotFound(_)) { MISSING } else { error })?;
    let mut request = store::open(tx, &row.ok_or(MISSING)?, circle.child).await?;
    let class = request.kind.class();
    let sharing = Sharing::of(tx, &[case.0]).await?;
    if !is_told(tx, (&circle, &sharing), ((request.organisation, request.role), class)) {
        return Err(MISSING);
    }
    if request.version != ending.etag {
        return Err(Error::Stale);
    }
    if request.state.must_end().is_ok() {
        return Err(Refusal::AlreadyEnded.into());
    }
    if ending.on < request.asked {
        return Err(Error::field("end_date", Refusal::TimeOutOfBounds));
    }
    request.state = ending.state;
    request.ended = Some(ending.on);
    store::update(tx, &mut request, circle.child).await?;
    let kind = match ending.state {
        InformationState::Asked | InformationState::Received => "INFORMATION_RECEIVED",
        InformationState::Declined => "INFORMATION_DECLINED",
        InformationState::Withdrawn => "INFORMATION_WITHDRAWN",
    };
    history::note(tx, (case, circle.child), kind, &Detail::default()).await?;
    tx.audit(line(Deed::U, case, circle.child, shown(class))).await?;
    Ok(to_wire(&request))
}
