//! Restriction (AVG art. 18): the case is read, not written, until the privacy officer lifts it.

use schakel_domain::{
    access::{Class, Denied, Hold},
    ids::CaseId,
    privacy::RestrictionGround,
    refusal::Refusal,
    text::FreeText,
};

use super::{
    dossier::Dossier,
    rights::{self, CaseRights},
};
use crate::{
    access::sweep,
    consultation::{cancel::cancel, of_case, reach::Known},
    error::Result,
    store::{Tx, audit::Deed},
    thuiszitter::rights as timeline,
};

/// The restriction that is asked for.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub case: CaseId,
    pub ground: RestrictionGround,
    pub note: Option<FreeText>,
    /// Otherwise coming meetings, their mails and feeds go on: who sits at a table is not
    /// what is disputed, and a child that is at home is helped by none of them being off.
    pub cancel_meetings: bool,
}

/// Restricts it.
///
/// # Errors
/// `CASE_NOT_FOUND`, `ALREADY_RESTRICTED`.
pub(super) async fn restrict(tx: &Tx, wish: &Wish) -> Result<CaseRights> {
    let (mut dossier, classes) = Dossier::reach(tx, wish.case).await?;
    must_identify(classes)?;
    if dossier.circle.hold.is_some() {
        return Err(Refusal::AlreadyRestricted.into());
    }
    if wish.cancel_meetings {
        for meeting in dossier.coming(tx) {
            cancel(tx, Known { id: meeting.id, etag: meeting.version }).await?;
        }
    }
    // An answer would be refused, and no time is kept for what may not be done.
    of_case::rests(tx, wish.case).await?;
    dossier.circle.hold = Some(Hold::Restricted);
    sweep::set_hold(tx, wish.case, dossier.circle.hold).await?;
    let about = (wish.case, dossier.circle.child);
    let ground: &str = wish.ground.into();
    let said =
        wish.note.as_ref().map_or_else(|| ground.to_owned(), |note| format!("{ground}: {}", note.as_str()));
    timeline::note(tx, about, "CASE_RESTRICTED", said.parse().ok().as_ref()).await?;
    tx.audit_all(&dossier.lines(Deed::U, classes.and(rights::SHOWN))).await?;
    rights::of(tx, &dossier, classes).await
}

/// Refuses who may not know whom the case is about.
pub(super) fn must_identify(classes: schakel_domain::access::Classes) -> Result<()> {
    if classes.has(Class::K2) { Ok(()) } else { Err(Denied::ActionNotAllowed.into()) }
}

/// Lifts the restriction of `case`.
///
/// # Errors
/// `CASE_NOT_FOUND`, `NOT_RESTRICTED`.
pub(super) async fn lift(tx: &Tx, case: CaseId, note: Option<&FreeText>) -> Result<CaseRights> {
    let (mut dossier, classes) = Dossier::reach(tx, case).await?;
    if dossier.circle.hold != Some(Hold::Restricted) {
        return Err(Refusal::NotRestricted.into());
    }
    dossier.circle.hold = None;
    sweep::set_hold(tx, case, None).await?;
    timeline::note(tx, (case, dossier.circle.child), "RESTRICTION_LIFTED", note).await?;
    tx.audit_all(&dossier.lines(Deed::U, classes.and(rights::SHOWN))).await?;
    rights::of(tx, &dossier, classes).await
}
