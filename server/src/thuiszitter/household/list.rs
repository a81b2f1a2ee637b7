//! Somebody who works on a case asks who works with the other children of the household.

use schakel_domain::{
    access::{Class, Classes, Denied},
    ids::{CaseId, PersonId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;

use super::{basis, found::others, told::told};
use crate::{
    access::{
        Reached,
        authenticate::today,
        circle::{self, Circle},
    },
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
    },
    thuiszitter::{store, view::line},
};

/// Of each case is told that it is there, by whom to call.
const TOLD: Classes = Classes::of(&[Class::K1]);

/// Whom to call about the others. A line is written down about this case and about each other one.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_CLOSED`, `CASE_RESTRICTED`; not allowed for who only sits at its table;
/// `HOUSEHOLD_BASIS_MISSING`.
pub(super) async fn list(tx: &Tx, case: CaseId) -> Result<pb::ListHouseholdResponse> {
    let (circle, _) = circle::reach(tx, case).await?;
    must_act(tx, &circle).await?;
    let day = today(tx.now());
    let standing = basis::get(tx).await?;
    let basis = standing.in_force(day).ok_or(Refusal::HouseholdBasisMissing)?;
    let others = others(tx, &circle).await?;
    let circles = std::iter::once(&circle).chain(others.iter().map(|other| &other.circle));
    let lines: Vec<Line> = circles.map(|one| line(Deed::R, one.case, one.child, TOLD)).collect();
    tx.audit_all(&lines).await?;
    Ok(pb::ListHouseholdResponse {
        household_contacts: told(tx, &others, day).await?,
        legal_basis: basis.legal.as_str().to_owned(),
    })
}

/// Refuses whoever only sits at its table: to know a family's other workers is a task of those who change
/// the case, and of its regisseur.
async fn must_act(tx: &Tx, circle: &Circle) -> Result<()> {
    let mut ways = tx.grant().reached().iter().map(|(reached, _)| reached).filter(|way| circle.holds(way));
    if ways.any(|way| !matches!(way, Reached::Invited(_))) {
        return Ok(());
    }
    let kept = store::kept_by(tx, &[circle.case.0]).await?;
    let regisseur = kept.get(&circle.case.0).and_then(|(regisseur, _)| *regisseur);
    let is_regisseur = regisseur.is_some() && regisseur == tx.grant().actor().map(PersonId);
    if is_regisseur { Ok(()) } else { Err(Denied::ActionNotAllowed.into()) }
}
