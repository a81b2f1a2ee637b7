//! Somebody looks whether what was decided with doorzettingsmacht was done; what was found stays.

use schakel_domain::{
    access::Class,
    ids::{CaseId, DecisionId},
    refusal::Refusal,
    text::FreeText,
    thuiszitter::escalation::{Check, checked},
};
use schakel_proto::v1 as pb;

use super::{SHOWN, store, wire::decisions_to_wire};
use crate::{
    access::circle,
    error::{Error, Result},
    store::{Tx, audit::Deed},
    thuiszitter::{
        advance_case::must_write,
        history::{self, Detail},
        view::line,
    },
};

const MISSING: Error = Error::NotFound("DECISION");

/// What somebody found.
#[derive(Debug, Clone)]
pub(super) struct Looking {
    pub decision: DecisionId,
    pub etag: i32,
    pub check: Check,
    pub found: FreeText,
}

/// Writes it down.
///
/// # Errors
/// `DECISION_NOT_FOUND` when there is none or it is not the caller's, alike; `CASE_CLOSED`,
/// `CASE_RESTRICTED`, `ETAG_MISMATCH`, `ALREADY_ENDED`; a violation of `date`.
pub(super) async fn check_compliance(tx: &Tx, wish: &Looking) -> Result<pb::Decision> {
    let found = store::find(tx, wish.decision).await?;
    // Asked in any case: how long a refusal takes tells nobody whether there is one.
    let case = found.as_ref().map_or(CaseId(uuid::Uuid::max()), |decision| decision.case);
    let reached = circle::reach(tx, case).await;
    let missing = |error| if matches!(error, Error::NotFound(_)) { MISSING } else { error };
    let (circle, classes) = reached.map_err(missing)?;
    let mut decision = found.ok_or(MISSING)?;
    must_write(classes, Class::K4)?;
    if decision.version != wish.etag {
        return Err(Error::Stale);
    }
    match checked((decision.on, decision.due), decision.last(), wish.check) {
        Ok(()) => {}
        Err(refusal @ Refusal::TimeOutOfBounds) => return Err(Error::field("date", refusal)),
        Err(refusal) => return Err(refusal.into()),
    }
    store::add_check(tx, circle.child, &mut decision, (wish.check, wish.found.as_str())).await?;
    let kind = if wish.check.complied { "DECISION_COMPLIED" } else { "DECISION_NOT_COMPLIED" };
    let detail = Detail { day: Some(wish.check.on), ..Detail::default() };
    history::note(tx, (case, circle.child), kind, &detail).await?;
    tx.audit(line(Deed::U, case, circle.child, classes.and(SHOWN))).await?;
    let mut told = decisions_to_wire(tx, circle.child, classes, &[decision]).await?;
    told.pop().ok_or(MISSING)
}
