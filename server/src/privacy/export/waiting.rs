//! Those who wait for a time about the case, in an export.

use schakel_domain::{access::Class, ids::PersonId};

use super::{
    form::{Waiting, WaitingSeat},
    gather::Gatherer,
};
use crate::{access::circle::Circle, consultation::waiting, error::Result};

impl Gatherer<'_> {
    /// Every entry about the case, ended ones too, longest waiting first.
    pub(super) async fn waiting(&self, circle: &Circle) -> Result<Vec<Waiting>> {
        let all = waiting::store::of_case(self.tx, circle.case).await?;
        Ok(all.into_iter().map(|one| self.entry(circle, &one)).collect())
    }

    fn entry(&self, circle: &Circle, one: &waiting::Entry) -> Waiting {
        let of_family = |person: Option<PersonId>| {
            person.filter(|person| circle.has(*person)).map(|person| person.to_string())
        };
        let exception = one.parent_exception.filter(|_| self.classes.has(Class::K4));
        Waiting {
            entry: one.id.to_string(),
            state: one.state.to_string(),
            kind: one.kind.to_string(),
            school: self.called(one.school.map(|school| school.0)),
            place: one.place.to_string(),
            minutes: one.minutes.into(),
            parent_exception: exception.map(|why| why.to_string()),
            urgency: one.urgency.to_string(),
            target_date: one.target,
            since: one.since,
            offer_starts_at: one.offer.map(|offer| offer.start),
            offer_expires_at: one.offer.map(|offer| offer.expires),
            passed_over_until: one.rests_until,
            replaces: one.replaces.map(|meeting| meeting.to_string()),
            consultation: one.consultation.map(|meeting| meeting.to_string()),
            seats: one
                .seats
                .iter()
                .map(|seat| WaitingSeat {
                    role: seat.role.to_string(),
                    person: of_family(seat.person),
                    optional: seat.optional,
                    offered: seat.offered.is_some(),
                })
                .collect(),
        }
    }
}
