//! A second person approves, and what was proposed is destroyed: rows, mails, keys.

use std::collections::HashSet;

use schakel_domain::{
    access::{Class, Classes},
    ids::{CaseId, ConsultationId, DestructionId},
    privacy::{ErasureGround, Reason, Statement},
    refusal::Refusal,
};
use uuid::Uuid;

use super::{
    destructions::{self, Destruction, Kind, State},
    dossier::Dossier,
    plan::{self, Going, Plan},
    profile, retention,
    statement::sign,
};
use crate::{
    access::{authenticate::today, region},
    consultation::{cancel::cancel, reach::Known},
    error::{Error, Result},
    invitation::farewell,
    store::{
        Tx,
        audit::{Deed, Line},
        sweep::{Sweep, Tally},
    },
    thuiszitter::rights,
};

/// Every class: what is destroyed is destroyed whole.
const WHOLE: Classes = Classes::of(&[
    Class::K1,
    Class::K2,
    Class::K3,
    Class::K4,
    Class::K5,
    Class::K6,
    Class::K7,
    Class::K8,
    Class::K9,
]);

/// Approves what somebody else proposed, and destroys it.
///
/// # Errors
/// `DESTRUCTION_NOT_FOUND`, `ALREADY_ENDED`, `SECOND_PERSON_REQUIRED`, `LEGAL_HOLD`,
/// `PROPOSAL_OUTDATED`.
pub(super) async fn approve(tx: &Tx, kind: Kind, id: DestructionId) -> Result<Destruction> {
    let mut one = destructions::get_to_change(tx, id).await?;
    if one.kind != kind {
        return Err(Error::NotFound("DESTRUCTION"));
    }
    if one.state != State::Proposed {
        return Err(Refusal::AlreadyEnded.into());
    }
    let approver = tx.grant().actor();
    if approver.is_none() || approver == Some(one.proposed_by) {
        return Err(Refusal::SecondPersonRequired.into());
    }
    let parts = destructions::parts(tx, id).await?;
    let dossiers = again(tx, &one, &parts).await?;
    one.state = State::Running;
    one.approved_by = approver;
    one.approved_as = tx.grant().role();
    one.approved = Some(tx.now());
    destructions::update(tx, &one).await?;

    let mut rows = Tally::new();
    let going = plan::by_case(&parts);
    let mut whole = Vec::new();
    for dossier in &dossiers {
        let parts = going.get(&dossier.case.id.0).map(Vec::as_slice).unwrap_or_default();
        if destroy(tx, dossier, parts, &mut rows).await? {
            whole.push(dossier.case.id.0);
        }
    }
    destructions::forget_parts(tx, id, &whole).await?;
    one.plan.rows = rows;
    one.state = State::Done;
    one.case = None;
    one.statement = Some(statement(tx, &one).await?);
    destructions::update(tx, &one).await?;
    Ok(one)
}

/// Judges again what was proposed: nothing goes that must stay by now, and no case that has
/// grown since.
async fn again(tx: &Tx, one: &Destruction, parts: &[Going]) -> Result<Vec<Dossier>> {
    let terms = profile::get(tx).await?;
    let reason = match one.kind {
        Kind::Erasure => Reason::Erasure(one.ground.unwrap_or(ErasureGround::Request)),
        Kind::Retention if terms.profile.is_complete() => Reason::Retention,
        Kind::Retention => return Err(retention::unset(&terms.profile)),
    };
    let outdated = || Error::from(Refusal::ProposalOutdated);
    let mut dossiers = Vec::new();
    for (case, wanted) in plan::by_case(parts) {
        let dossier = match Dossier::find(tx, CaseId(case)).await {
            Err(Error::NotFound(_)) => return Err(outdated()),
            found => found?,
        };
        if dossier.held {
            return Err(Refusal::LegalHold.into());
        }
        let now = Plan::default().judge(&dossier, (&terms.profile, reason), today(tx.now()));
        let now: HashSet<Uuid> = now.iter().map(|part| part.id).collect();
        // A case takes all its parts with it: none may have come since.
        let grown = wanted.contains(&case) && now.iter().any(|part| !wanted.contains(part));
        if grown || wanted.iter().any(|part| !now.contains(part)) {
            return Err(outdated());
        }
        dossiers.push(dossier);
    }
    if dossiers.is_empty() {
        return Err(outdated());
    }
    Ok(dossiers)
}

/// Destroys the parts of one case; says whether that was the whole case.
async fn destroy(tx: &Tx, dossier: &Dossier, parts: &[Uuid], rows: &mut Tally) -> Result<bool> {
    let mut doomed = dossier.doomed(tx, parts).await?;
    let about = (dossier.case.id, dossier.circle.child);
    let mut lines = dossier.lines(Deed::D, WHOLE);
    if doomed.whole {
        let identity = Classes::of(&[Class::K2]);
        lines.extend(dossier.former.iter().map(|(former, ..)| dossier.line(Deed::D, *former, identity)));
    }
    tx.audit_all(&lines).await?;
    let mut off: Vec<ConsultationId> = Vec::new();
    for meeting in dossier.coming(tx).filter(|meeting| doomed.meetings.contains(&meeting.id.0)) {
        cancel(tx, Known { id: meeting.id, etag: meeting.version }).await?;
        off.push(meeting.id);
    }
    if !off.is_empty() {
        doomed.mails_until = Some(farewell::say(tx, &off, &doomed.persons).await?);
    }
    plan::sweep(tx, &doomed, Sweep::Delete, rows).await?;
    if !doomed.whole {
        rights::note(tx, about, "PARTS_DESTROYED", None).await?;
    }
    Ok(doomed.whole)
}

async fn statement(tx: &Tx, one: &Destruction) -> Result<String> {
    let signed = sign(
        &tx.app().keys,
        &Statement {
            form: Statement::FORM.to_owned(),
            name: one.id.to_string(),
            kind: one.kind.to_string(),
            region: region::display_name(tx).await?,
            destroyed_at: tx.now(),
            proposed_as: one.proposed_as.clone(),
            approved_as: one.approved_as.clone(),
            parts: one.plan.parts.clone(),
            rows: one.plan.rows.clone(),
            keys: one.plan.keys,
        },
    )?;
    let line = Line {
        deed: Deed::D,
        object: "destruction",
        id: Some(one.id.0),
        subject: None,
        classes: Classes::of(&[Class::K0]),
    };
    tx.audit(line).await?;
    serde_json::to_string(&signed).map_err(|_| Error::Corrupt { table: "destruction", column: "statement" })
}
