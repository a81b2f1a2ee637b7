//! What an export tells somebody who was a parent in the case: their own part of it, and nothing of
//! the child's or of the others'.

use schakel_domain::ids::PersonId;

use super::{
    form::{Own, OwnMeeting, OwnPoll, OwnSignature},
    gather::{Gatherer, rectified},
    polls::voter,
};
use crate::{
    access::consent::told,
    consultation::poll,
    error::Result,
    privacy::{dossier::Dossier, store},
};

impl Gatherer<'_> {
    /// Where `person` sat, what they answered and signed, and what of theirs was put right.
    pub(super) async fn own(&self, dossier: &Dossier, person: PersonId) -> Result<Own> {
        let (case, child) = (dossier.case.id, dossier.circle.child);
        let left = dossier.former.iter().find(|(former, ..)| *former == person).map(|(.., at)| *at);
        let seat = |meeting: &crate::consultation::meeting::Meeting| {
            let seat = meeting.seat(person)?;
            Some(OwnMeeting {
                reference: meeting.reference.clone(),
                state: meeting.state.to_string(),
                starts_at: meeting.time.start(),
                ends_at: meeting.time.end(),
                place: meeting.place.to_string(),
                answer: seat.answer.to_string(),
                answered_at: seat.answered,
                decline_reason: seat.reason.map(|why| why.to_string()),
                attended: seat.attended,
            })
        };
        let polls = poll::store::of_case(self.tx, case).await?;
        let asked = |one: &poll::TimePoll| {
            let own = one.voter(person)?;
            Some(OwnPoll {
                reference: one.reference.clone(),
                options: one.options.clone(),
                voters: vec![voter(own, true)],
            })
        };
        let consents = told::of_case(self.tx, (case, child)).await?;
        let signed = consents.iter().filter_map(|one| {
            let (_, date) = one.signed.iter().find(|(signer, _)| *signer == person)?;
            Some(OwnSignature { purpose: one.consent.purpose.to_string(), date: *date })
        });
        let rectified = store::rectifications(self.tx, case).await?.into_iter();
        Ok(Own {
            left_at: left,
            meetings: dossier.meetings.iter().filter_map(seat).collect(),
            time_polls: polls.iter().filter_map(asked).collect(),
            consents: signed.collect(),
            rectifications: rectified
                .filter(|made| made.person == person)
                .map(|made| self::rectified(&made))
                .collect(),
        })
    }
}
