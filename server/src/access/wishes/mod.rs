//! What suits each parent of a case: given, changed, and asked by whoever plans.

mod keep;
mod rpc;
pub mod store;
mod wire;

use chrono::NaiveDate;
use chrono_tz::Tz;
use schakel_domain::{
    access::{CaseState, CaseUse, Class, Classes},
    availability::{WeeklyHours, Wishes},
    ids::{CaseId, PersonId},
};

use self::store::Kept;
use super::circle;
use crate::{
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
    },
};

/// That the wishes of a parent were read, written or used for a mail.
pub fn line(deed: Deed, kept: &Kept) -> Line {
    let classes = Classes::of(&[Class::K2]);
    Line { deed, object: "wishes", id: Some(kept.id), subject: Some(kept.person.0), classes }
}

/// The wishes of a parent behind a link of their own; none when they gave none.
///
/// # Errors
/// `CASE_NOT_FOUND` for who is no parent of it, `CASE_CLOSED`, `CASE_RESTRICTED`.
pub async fn own(tx: &Tx, case: CaseId, person: PersonId) -> Result<Option<Kept>> {
    is_parent(tx, case, person).await?;
    let kept = store::find(tx, case, person).await?;
    if let Some(kept) = &kept {
        tx.audit(line(Deed::R, kept)).await?;
    }
    Ok(kept)
}

/// Keeps what a parent said behind a link of their own, in place of what they said before.
///
/// # Errors
/// As [`own`], and every violation of the wishes.
pub async fn keep_own(tx: &Tx, case: CaseId, person: PersonId, wishes: &Wishes) -> Result<()> {
    is_parent(tx, case, person).await?;
    let before = store::find(tx, case, person).await?;
    keep::write(tx, (case, person), before, wishes).await?;
    Ok(())
}

async fn is_parent(tx: &Tx, case: CaseId, person: PersonId) -> Result<()> {
    let circle = circle::find(tx, case).await?.ok_or(Error::NotFound("CASE"))?;
    if !circle.parents.iter().any(|(parent, _)| *parent == person) {
        return Err(Error::NotFound("CASE"));
    }
    let state = circle.standing().state();
    if state == CaseState::Archived {
        return Err(Error::NotFound("CASE"));
    }
    Ok(state.allows(CaseUse::Write)?)
}

/// The hours in which those of `persons` can come who gave wishes for `case`, from `since` on, in
/// two statements; and the audit lines that whoever uses them owes.
pub async fn hours(
    read: &Read,
    case: CaseId,
    persons: &[PersonId],
    (zone, since): (Tz, NaiveDate),
) -> Result<(Vec<(PersonId, Vec<WeeklyHours>)>, Vec<Line>)> {
    let kept = store::of_case(read, case, persons).await?;
    let lines = kept.iter().map(|kept| line(Deed::R, kept)).collect();
    let hours = kept.iter().filter_map(|kept| Some((kept.person, kept.wishes.hours(zone, since)?)));
    Ok((hours.collect(), lines))
}
