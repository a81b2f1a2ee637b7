//! An erasure is proposed (AVG art. 17): what would go and what stays, row by row, before anything does.

use std::collections::HashMap;

use schakel_domain::{
    ids::{CaseId, DestructionId},
    privacy::{ErasureGround, Reason, Requester},
    refusal::Refusal,
};

use super::{
    destructions::{self, Destruction, Kind, State},
    dossier::Dossier,
    plan::{self, Going, Plan},
    profile,
    restrict::must_identify,
    rights,
};
use crate::{
    access::authenticate::today,
    error::{Error, Result},
    store::{Tx, audit::Deed, sweep::Sweep},
};

/// The erasure that is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub case: CaseId,
    pub ground: ErasureGround,
    pub asked_by: Requester,
}

/// Proposes it.
///
/// # Errors
/// `CASE_NOT_FOUND`, `LEGAL_HOLD`, `NOTHING_TO_DESTROY` with the reason why.
pub(super) async fn propose(tx: &Tx, wish: Wish) -> Result<Destruction> {
    let (dossier, classes) = Dossier::reach(tx, wish.case).await?;
    must_identify(classes)?;
    if dossier.held {
        return Err(Refusal::LegalHold.into());
    }
    let mut plan = Plan { asked_by: Some(wish.asked_by), ..Plan::default() };
    let terms = profile::get(tx).await?;
    let reason = Reason::Erasure(wish.ground);
    let going = plan.judge(&dossier, (&terms.profile, reason), today(tx.now()));
    if going.is_empty() {
        return Err(nothing(&plan));
    }
    count(tx, &mut plan, &dossier, &going).await?;
    tx.audit_all(&dossier.lines(Deed::R, classes.and(rights::SHOWN))).await?;
    let one = new(tx, Kind::Erasure, plan);
    let one = Destruction { ground: Some(wish.ground), case: Some(wish.case), ..one };
    destructions::insert(tx, &one, &going).await?;
    Ok(one)
}

/// A proposal of the caller.
pub(super) fn new(tx: &Tx, kind: Kind, plan: Plan) -> Destruction {
    Destruction {
        id: DestructionId(tx.new_id()),
        kind,
        state: State::Proposed,
        ground: None,
        case: None,
        plan,
        proposed_by: tx.grant().actor().unwrap_or_default(),
        proposed_as: tx.grant().role(),
        proposed: tx.now(),
        approved_by: None,
        approved_as: String::new(),
        approved: None,
        statement: None,
    }
}

/// Counts the rows of those parts of `dossier` that go.
pub(super) async fn count(tx: &Tx, plan: &mut Plan, dossier: &Dossier, going: &[Going]) -> Result<()> {
    let parts: Vec<_> = going.iter().map(|part| part.id).collect();
    let doomed = dossier.doomed(tx, &parts).await?;
    plan.keys += u32::try_from(doomed.persons.len()).unwrap_or(u32::MAX);
    let called_off = dossier.coming(tx).filter(|meeting| doomed.meetings.contains(&meeting.id.0)).count();
    plan.cancelled += u32::try_from(called_off).unwrap_or(u32::MAX);
    plan::sweep(tx, &doomed, Sweep::Count, &mut plan.rows).await
}

/// Why nothing goes, in words that programs read.
pub(super) fn nothing(plan: &Plan) -> Error {
    let mut why = HashMap::new();
    if let Some(stays) = plan.stays.iter().max_by_key(|stays| stays.until) {
        why.insert("why".to_owned(), stays.why.to_string());
        why.extend(stays.until.map(|until| ("until".to_owned(), until.to_string())));
    }
    Error::Refused(Refusal::NothingToDestroy, why)
}
