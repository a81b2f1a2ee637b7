//! What changing hours and absences have in common: whose they are, the mask, the etag, the audit line.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    ids::{OrganisationId, PersonId},
    refusal::Refusal,
    time::Validity,
};
use uuid::Uuid;

use crate::{
    access::{Grant, Reached, affiliation, authenticate::today},
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
    wire::fields::Fields,
};

/// Whether the caller may change the calendar of `person`: its own, or the beheerder everybody's.
///
/// # Errors
/// `PERSON_NOT_FOUND`.
pub(super) fn may_write(grant: &Grant, person: PersonId) -> Result<()> {
    grant.to("PERSON", |reached| holds(reached, person, |_| false)).map(|_| ())
}

/// Whether the caller may say when `person` is away: as above, and whoever plans for a team of its members,
/// as somebody who is ill cannot always say so.
///
/// # Errors
/// `PERSON_NOT_FOUND`.
pub(super) async fn may_report(tx: &Tx, person: PersonId) -> Result<()> {
    let posts = affiliation::of(tx, &[person], today(tx.now())).await?;
    let member = |team: Uuid| posts.iter().any(|post| post.organisation == OrganisationId(team));
    tx.grant().to("PERSON", |reached| holds(reached, person, member)).map(|_| ())
}

fn holds(reached: &Reached, person: PersonId, member: impl Fn(Uuid) -> bool) -> bool {
    match reached {
        Reached::Region => true,
        Reached::Own(own) => *own == person.0,
        Reached::Team(team) => member(*team),
        Reached::School(_)
        | Reached::SchoolEscalated(_)
        | Reached::Escalated(_)
        | Reached::Residence(_)
        | Reached::Invited(_)
        | Reached::Case(_)
        | Reached::Held => false,
    }
}

/// The fields to change: those of the mask, or all of `known`.
pub(super) fn mask(
    fields: &mut Fields,
    mask: Option<&prost_types::FieldMask>,
    known: &'static [&'static str],
) -> Vec<&'static str> {
    let paths = mask.map_or(&[][..], |mask| &mask.paths);
    if paths.is_empty() || paths == ["*"] {
        return known.to_vec();
    }
    let named: Vec<&'static str> =
        known.iter().copied().filter(|field| paths.iter().any(|path| path == field)).collect();
    if paths.iter().any(|path| !known.contains(&path.as_str())) {
        fields.refuse("update_mask", Refusal::MaskInvalid);
    }
    named
}

/// First and last day; `first` is the first when none is given.
pub(super) fn days(
    fields: &mut Fields,
    object: &str,
    (from, until): (&str, &str),
    first: Option<NaiveDate>,
) -> Option<Validity> {
    let from = match first {
        Some(first) if from.is_empty() => Some(first),
        Some(_) | None => fields.date(format!("{object}.valid_from"), from),
    };
    let field = format!("{object}.valid_until");
    let last = fields.date_if(field.as_str(), until);
    Validity::new(from?, last).map_err(|refusal| fields.refuse(field, refusal)).ok()
}

/// What has ended, or was changed since it was read, does not change.
pub(super) fn check(tx: &Tx, (version, etag): (i32, i32), last: Option<NaiveDate>) -> Result<()> {
    if version != etag {
        return Err(Error::Stale);
    }
    if last.is_some_and(|last| last < today(tx.now())) {
        return Err(Refusal::AlreadyEnded.into());
    }
    Ok(())
}

/// `days` with a last day.
pub(super) fn ended(days: Validity, last: NaiveDate) -> Result<Validity> {
    days.ended_on(last).map_err(|refusal| {
        if refusal == Refusal::AlreadyEnded { refusal.into() } else { Error::field("valid_until", refusal) }
    })
}

/// The audit line of a change to somebody's calendar.
pub(super) fn line(deed: Deed, object: &'static str, id: Uuid, person: PersonId) -> Line {
    Line { deed, object, id: Some(id), subject: Some(person.0), classes: Classes::of(&[Class::K0]) }
}
