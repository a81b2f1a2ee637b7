//! What the holder of doorzettingsmacht decided is written down, with who has to do it by when.

use chrono::NaiveDate;
use schakel_domain::{
    access::Class,
    ids::{CaseId, DecisionId, OrganisationId, PersonId},
    refusal::Refusal,
    text::FreeText,
    thuiszitter::escalation::{decides, may_decide},
};
use schakel_proto::v1 as pb;

use super::{
    SHOWN,
    store::{self, Decision},
    wire::decisions_to_wire,
};
use crate::{
    access::{affiliation, circle, organisation},
    error::{Error, Result},
    store::{Tx, audit::Deed},
    thuiszitter::{
        advance_case::must_write,
        facts::{level_of, level_on, log::Log},
        history::{self, Detail},
        store as cases,
        view::line,
    },
};

/// A decision that is to be written down.
#[derive(Debug, Clone)]
pub(super) struct Deciding {
    pub case: CaseId,
    pub decider: PersonId,
    pub date: NaiveDate,
    pub text: FreeText,
    pub obliged: OrganisationId,
    pub due: NaiveDate,
}

/// Writes it down.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_CLOSED`, `CASE_RESTRICTED`; `LEVEL_NOT_ALLOWED` when the case is not, or
/// was not on that day, where somebody decides; `ORGANISATION_NOT_FOUND`; a violation of `decider`
/// who did not hold the power then.
pub(super) async fn decide(tx: &Tx, wish: &Deciding) -> Result<pb::Decision> {
    let (circle, classes) = circle::reach(tx, wish.case).await?;
    must_write(classes, Class::K4)?;
    let case = cases::get(tx, wish.case, circle.child).await?;
    decides(level_of(case.level))?;
    let log = Log::of(tx, (wish.case, circle.child)).await?.or_origin(&case, &circle);
    decides(level_on(&log.facts(), wish.date))?;
    let posts = affiliation::of(tx, &[wish.decider], wish.date).await?;
    if !may_decide(posts.iter().map(|post| post.role)) {
        return Err(Error::field("decider", Refusal::FieldInvalid));
    }
    let obliged = organisation::get(tx, wish.obliged).await?.display_name;
    let new = Decision {
        id: DecisionId(tx.new_id()),
        case: wish.case,
        decider: wish.decider,
        on: wish.date,
        obliged: wish.obliged,
        due: wish.due,
        recorded: tx.now(),
        organisation: tx.grant().organisation().map(OrganisationId),
        role: tx.grant().role(),
        version: 1,
        sealed_text: Vec::new(),
        checks: Vec::new(),
    };
    let kept = store::insert(tx, circle.child, new, wish.text.as_str()).await?;
    let detail = Detail { whom: Some(obliged), day: Some(wish.due), ..Detail::default() };
    history::note(tx, (wish.case, circle.child), "DECISION_TAKEN", &detail).await?;
    tx.audit(line(Deed::U, wish.case, circle.child, classes.and(SHOWN))).await?;
    let mut told = decisions_to_wire(tx, circle.child, classes, &[kept]).await?;
    told.pop().ok_or(Error::NotFound("DECISION"))
}
