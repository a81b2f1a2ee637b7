//! A consent that was signed is written down; one that not everybody signed is refused.

use chrono::{NaiveDate, TimeDelta};
use schakel_domain::{
    access::{
        Class, Classes, Purpose,
        consent::{Consent, Exception, LONGEST_DAYS, Party},
    },
    ids::{CaseId, ConsentId, PersonId},
    refusal::{Refusal, Violation},
    text::FreeText,
};

use super::{
    families,
    store::{self, Kept, place},
    wire::Shown,
};
use crate::{
    access::{
        authenticate::today,
        circle::{self, Circle},
        organisation,
    },
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// The consent as it was signed.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub case: CaseId,
    pub purpose: Purpose,
    pub gives: Vec<Party>,
    pub receives: Vec<Party>,
    pub classes: Classes,
    /// None: today.
    pub given: Option<NaiveDate>,
    /// None: the day on which it is given.
    pub meeting: Option<NaiveDate>,
    pub expires: NaiveDate,
    pub exception: Option<Exception>,
    pub signed: Vec<(PersonId, NaiveDate)>,
    pub note: Option<FreeText>,
}

/// Writes it down.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_CLOSED`, `CASE_RESTRICTED`; `SIGNER_REQUIRED` when somebody has not
/// signed who must at the child's age on the day of the meeting.
pub(super) async fn record(tx: &Tx, wish: &Wish) -> Result<Shown> {
    let (circle, classes) = circle::reach(tx, wish.case).await?;
    let day = today(tx.now());
    let given = wish.given.unwrap_or(day);
    let mut kept = Kept {
        id: ConsentId(tx.new_id()),
        case: wish.case,
        consent: Consent {
            purpose: wish.purpose,
            gives: wish.gives.clone(),
            receives: wish.receives.clone(),
            classes: wish.classes,
            given,
            expires: wish.expires,
            exception: wish.exception,
            signers: wish.signed.iter().map(|(person, _)| *person).collect(),
            withdrawn: false,
        },
        meeting: wish.meeting.unwrap_or(given),
        signed: wish.signed.clone(),
        recorded_by: PersonId(tx.grant().actor().unwrap_or_default()),
        recorded: tx.now(),
        withdrawn: None,
        version: 1,
        sealed_note: None,
        sealed_withdrawal: None,
    };
    let families = families(tx, &[wish.case.0]).await?;
    let family = families.get(&wish.case.0).ok_or(Error::NotFound("CASE"))?;
    let mut found = terms(&kept, day);
    found.extend(strangers(&kept, &circle));
    found.extend(nowhere(tx, &kept.consent).await?);
    match kept.consent.missing(family, kept.meeting) {
        None if wish.exception.is_some() => {
            found.push(Violation::new("consent.exception", Refusal::FieldInvalid));
        }
        Some(missing) if missing.is_empty() => {}
        None | Some(_) => found.push(Violation::new("consent.signatures", Refusal::SignerRequired)),
    }
    if !found.is_empty() {
        return Err(Error::Invalid(found));
    }
    if let Some(note) = &wish.note {
        let keys = tx.subject_keys_or_new(&[circle.child.0]).await?;
        kept.sealed_note =
            Some(tx.seal(&keys, circle.child.0, place("sealed_note", kept.id), note.as_str())?);
    }
    store::insert(tx, &kept).await?;
    tx.tell_case(wish.case, "CONSENT_RECORDED", &kept.id.to_string()).await?;
    let shown = Shown::of(tx, kept, (&circle, classes.or(Classes::of(&[Class::K2])))).await?;
    tx.audit_all(&shown.lines(Deed::C)).await?;
    Ok(shown)
}

/// The days: given today or before, ending after that, the meeting in between.
fn terms(kept: &Kept, day: NaiveDate) -> Vec<Violation> {
    let Consent { given, expires, .. } = kept.consent;
    let out = |field: &str| Violation::new(format!("consent.{field}"), Refusal::TimeOutOfBounds);
    let mut found = Vec::new();
    if given > day || given < day - TimeDelta::days(LONGEST_DAYS) {
        found.push(out("given_date"));
    }
    if expires < given || expires < day || expires > given + TimeDelta::days(LONGEST_DAYS) {
        found.push(out("expire_date"));
    }
    if kept.meeting < given || kept.meeting > expires {
        found.push(out("meeting_date"));
    }
    for (at, (_, signed)) in kept.signed.iter().enumerate() {
        if *signed > day {
            found.push(out(&format!("signatures[{at}].date")));
        }
    }
    found
}

/// Signatures of others than the child and the parents with gezag, and of somebody twice.
fn strangers(kept: &Kept, circle: &Circle) -> Vec<Violation> {
    let signers = &kept.consent.signers;
    let wrong = |at: usize| {
        let person = signers[at];
        let known = person == circle.child || circle.parents_with_gezag().any(|parent| parent == person);
        !known || signers[..at].contains(&person)
    };
    let wrong = (0..signers.len()).filter(|at| wrong(*at));
    wrong
        .map(|at| Violation::new(format!("consent.signatures[{at}].person"), Refusal::FieldInvalid))
        .collect()
}

/// Organisations that the region does not have.
async fn nowhere(tx: &Tx, consent: &Consent) -> Result<Vec<Violation>> {
    let mut found = Vec::new();
    for (side, parties) in [("gives", &consent.gives), ("receives", &consent.receives)] {
        for (at, party) in parties.iter().enumerate() {
            let Party::Organisation(id) = party else { continue };
            match organisation::get(tx, *id).await {
                Ok(_) => {}
                Err(Error::NotFound(_)) => {
                    let field = format!("consent.{side}[{at}].organisation");
                    found.push(Violation::new(field, Refusal::FieldInvalid));
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(found)
}
