//! Where a child lives: a gemeente that the register does not have is taken by a second word alone.

use std::collections::BTreeSet;

use schakel_domain::{
    bound::Bound,
    refusal::{Refusal, Violation},
    thuiszitter::{Fact, Said},
};

use crate::{
    access::{
        circle::Circle,
        organisation::{self, OrganisationKind},
    },
    error::{Error, Result},
    store::Read,
};

/// The gemeente that `said` tells that the child lives in.
pub(super) fn told_by(said: &Said) -> Option<&str> {
    if let Said::Residence(_, gemeente) = said { Some(gemeente.as_str()) } else { None }
}

/// Where a case says that the child lives, lived or will live: who reaches it, and the facts that stand.
pub(super) fn stood<'a>(circle: &'a Circle, standing: &[&'a Fact]) -> Vec<&'a str> {
    let told = standing.iter().filter_map(|fact| told_by(fact.said.as_ref()?));
    told.chain([circle.gemeente.as_str()]).collect()
}

/// What is wrong with the gemeenten that are `told`, unless somebody confirmed them: one that the register does
/// not have and that `stood` nowhere before. A slip would keep the case from who serves the child.
pub(super) async fn unconfirmed(
    read: &Read,
    (stood, told): (&[&str], &[&str]),
    confirmed: bool,
) -> Result<Option<Violation>> {
    let new: BTreeSet<&str> = told.iter().copied().filter(|code| !stood.contains(code)).collect();
    if confirmed || new.is_empty() {
        return Ok(None);
    }
    let wanted: Vec<_> = new.iter().map(|code| (OrganisationKind::Gemeente, Some(*code))).collect();
    let known = organisation::coded(read, &wanted).await?;
    let outside = new.iter().any(|code| known.iter().all(|one| one.code != *code));
    let violation =
        || Violation::bound("confirm_outside_region", Refusal::FieldRequired, Bound::OutsideRegion);
    Ok(outside.then(violation))
}

/// Refuses such a gemeente.
///
/// # Errors
/// A violation of `confirm_outside_region`.
pub(super) async fn must_be_known(read: &Read, told: (&[&str], &[&str]), confirmed: bool) -> Result<()> {
    match unconfirmed(read, told, confirmed).await? {
        Some(violation) => Err(Error::Invalid(vec![violation])),
        None => Ok(()),
    }
}
