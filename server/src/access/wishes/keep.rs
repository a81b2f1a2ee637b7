//! Nothing or given → given: what a parent said is written down.

use schakel_domain::{
    access::{Class, Denied},
    availability::Wishes,
    ids::{CaseId, PersonId},
    refusal::{Refusal, Violation},
};

use super::{
    line,
    store::{self, Kept},
};
use crate::{
    access::circle,
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// What somebody writes down for a parent.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub case: CaseId,
    pub person: PersonId,
    pub wishes: Wishes,
    pub etag: i32,
}

/// Writes it down.
///
/// # Errors
/// `ACTION_NOT_ALLOWED` where consent has not opened who the parents are, `CASE_NOT_FOUND`, `CASE_CLOSED`, `CASE_RESTRICTED`, `PERSON_NOT_FOUND` for who is no parent.
pub(super) async fn keep(tx: &Tx, wish: &Wish) -> Result<Kept> {
    let (circle, classes) = circle::reach(tx, wish.case).await?;
    if !classes.has(Class::K2) {
        return Err(Denied::ActionNotAllowed.into());
    }
    if !circle.parents.iter().any(|(parent, _)| *parent == wish.person) {
        return Err(Error::field("parent_wishes.person", Refusal::PersonNotFound));
    }
    let before = store::find(tx, wish.case, wish.person).await?;
    if before.as_ref().map_or(0, |before| before.version) != wish.etag {
        return Err(Error::Stale);
    }
    write(tx, (wish.case, wish.person), before, &wish.wishes).await
}

/// The next version of `before`.
pub(super) async fn write(
    tx: &Tx,
    (case, person): (CaseId, PersonId),
    before: Option<Kept>,
    wishes: &Wishes,
) -> Result<Kept> {
    let found = wishes.check();
    if !found.is_empty() {
        let named = |one: Violation| Violation { field: format!("parent_wishes.{}", one.field), ..one };
        return Err(Error::Invalid(found.into_iter().map(named).collect()));
    }
    let deed = if before.is_some() { Deed::U } else { Deed::C };
    let kept = Kept {
        id: before.as_ref().map_or_else(|| tx.new_id(), |before| before.id),
        case,
        person,
        wishes: wishes.clone(),
        updated: tx.now(),
        version: before.map_or(0, |before| before.version) + 1,
    };
    store::put(tx, &kept).await?;
    tx.audit(line(deed, &kept)).await?;
    Ok(kept)
}
