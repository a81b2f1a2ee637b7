//! What opened a case to others, in an export: consents and emergencies.

use schakel_domain::{
    access::{Class, consent::Party},
    ids::PersonId,
};

use super::{
    form::{Broken, Consent, Signed},
    gather::Gatherer,
};
use crate::{
    access::{
        circle::Circle,
        consent::told::{self, Told},
        emergency,
    },
    error::Result,
};

/// What `person` is to the child.
fn relation(circle: &Circle, person: PersonId) -> &'static str {
    if person == circle.child {
        "CHILD"
    } else if circle.has(person) {
        "PARENT"
    } else {
        "OTHER"
    }
}

impl Gatherer<'_> {
    /// Every consent, oldest first.
    pub(super) async fn consents(&self, circle: &Circle) -> Result<Vec<Consent>> {
        let all = told::of_case(self.tx, (circle.case, circle.child)).await?;
        Ok(all.into_iter().map(|one| self.given(circle, one)).collect())
    }

    fn given(&self, circle: &Circle, told: Told) -> Consent {
        let name = |party: &Party| match party {
            Party::Organisation(organisation) => self.called(Some(organisation.0)).unwrap_or_default(),
            Party::Role(role) => role.to_string(),
        };
        let consent = &told.consent;
        let withdrawn_by = told.withdrawn.and_then(|(_, by)| by);
        Consent {
            purpose: consent.purpose.to_string(),
            gives: consent.gives.iter().map(name).collect(),
            receives: consent.receives.iter().map(name).collect(),
            classes: consent.classes.to_string(),
            given_date: consent.given,
            meeting_date: told.meeting,
            expire_date: consent.expires,
            exception: consent.exception.map(|exception| exception.to_string()),
            signatures: told
                .signed
                .iter()
                .map(|(person, date)| Signed {
                    signer: relation(circle, *person),
                    person: circle.has(*person).then(|| person.to_string()),
                    date: *date,
                })
                .collect(),
            note: told.note,
            recorded_at: told.recorded,
            withdrawn_at: told.withdrawn.map(|(at, _)| at),
            withdrawn_by: withdrawn_by.map(|person| relation(circle, person)),
            withdrawal_note: told.withdrawal,
        }
    }

    /// Every emergency, oldest first, for who may see who looked (K10).
    pub(super) async fn emergencies(&self, circle: &Circle) -> Result<Vec<Broken>> {
        if !self.classes.has(Class::K10) {
            return Ok(Vec::new());
        }
        let all = emergency::of_case(self.tx, circle.case).await?;
        let broken = all.into_iter().map(|one| Broken {
            starts_at: one.started,
            ends_at: one.ends,
            ended_at: one.ended,
            organisation: self.called(Some(one.organisation.0)),
            role: one.role.to_string(),
            reason: one.reason,
        });
        Ok(broken.collect())
    }
}
