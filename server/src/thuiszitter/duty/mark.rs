//! Notes that an organisation did what it owes, or that it did not.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    refusal::Refusal,
    thuiszitter::told_by,
};

use super::{
    owed::{Duty, Owner, duties},
    store,
};
use crate::{
    access::authenticate::today,
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
    thuiszitter::store::profile,
    wire::fields::too_early,
};

/// What somebody says.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub norm: String,
    pub day: NaiveDate,
    /// It was not done on that day.
    pub take_back: bool,
}

/// Notes it; gives the duty as it stands then.
///
/// # Errors
/// A violation of the norm when the organisation does not owe it, and of a day before the time that it is about.
pub(super) async fn mark(tx: &Tx, owner: Option<&Owner>, wish: &Wish) -> Result<Duty> {
    let none = || Error::field("norm", Refusal::FieldInvalid);
    let owner = owner.ok_or_else(none)?;
    let profile = profile(tx, today(tx.now())).await?;
    let norm = profile.norm(&wish.norm).filter(|norm| norm.about == owner.about);
    let moment = norm.and_then(told_by).ok_or_else(none)?;
    if wish.take_back {
        store::take_back(tx, owner.organisation, (moment, wish.day)).await?;
    } else {
        let owed = duties(tx, owner).await?.into_iter().find(|duty| duty.norm.id == wish.norm);
        if let Some(duty) = owed.filter(|duty| wish.day < duty.from) {
            return Err(Error::Invalid(vec![too_early("done_date", duty.from)]));
        }
        store::mark(tx, owner.organisation, (moment, wish.day)).await?;
    }
    let (object, id, classes) = ("duty_done", Some(owner.organisation.0), Classes::of(&[Class::K0]));
    tx.audit(Line { deed: Deed::U, object, id, subject: None, classes }).await?;
    // What was due before the region began is owed by nobody.
    duties(tx, owner).await?.into_iter().find(|duty| duty.norm.id == wish.norm).ok_or_else(none)
}
