//! Proposals of times in an export, and what suits the parent who reads it.

use schakel_domain::ids::PersonId;

use super::{
    form::{TimePoll, Voter, Wished},
    gather::Gatherer,
};
use crate::{
    access::{circle::Circle, wishes},
    consultation::poll,
    error::Result,
    store::Tx,
};

impl Gatherer<'_> {
    /// Every proposal about the case, oldest first.
    pub(super) async fn time_polls(&self, circle: &Circle) -> Result<Vec<TimePoll>> {
        let all = poll::store::of_case(self.tx, circle.case).await?;
        Ok(all.into_iter().map(|one| self.time_poll(circle, &one)).collect())
    }

    fn time_poll(&self, circle: &Circle, one: &poll::TimePoll) -> TimePoll {
        let made_as = one.voter(one.made_by).map(|voter| voter.role.to_string());
        TimePoll {
            proposal: one.id.to_string(),
            reference: one.reference.clone(),
            kind: one.kind.to_string(),
            state: one.state.to_string(),
            school: self.called(one.school.map(|school| school.0)),
            minutes: one.length.num_minutes(),
            place: one.place.to_string(),
            parent_exception: one.parent_exception.map(|why| why.to_string()),
            options: one.options.clone(),
            answer_before: one.deadline,
            consultation: one.consultation.map(|meeting| meeting.to_string()),
            made_as,
            created_at: one.created,
            changed_at: one.updated,
            deadline_told_at: one.noted,
            voters: one.voters.iter().map(|own| voter(own, circle.has(own.person))).collect(),
        }
    }
}

/// One who was asked; by name when `is_named`.
pub(super) fn voter(voter: &poll::Voter, is_named: bool) -> Voter {
    Voter {
        role: voter.role.to_string(),
        person: is_named.then(|| voter.person.to_string()),
        optional: voter.optional,
        votes: voter.votes.iter().flatten().map(ToString::to_string).collect(),
        answered_at: voter.answered,
        asked_at: voter.asked,
        reminded_at: voter.reminded,
        released_at: voter.released,
    }
}

/// What suits `reader`, when a parent of the case: each parent's wishes are that parent's own.
pub(super) async fn wishes(tx: &Tx, circle: &Circle, reader: PersonId) -> Result<Option<Wished>> {
    if reader == circle.child {
        return Ok(None);
    }
    let kept = wishes::store::find(tx, circle.case, reader).await?;
    Ok(kept.map(|kept| {
        let wishes = kept.wishes;
        let supporter = wishes.supporter.as_ref();
        Wished {
            meeting_language: wishes.language,
            interpreter: wishes.interpreter,
            earliest: wishes.earliest.map(|time| time.to_string()),
            latest: wishes.latest.map(|time| time.to_string()),
            never_on: wishes.never.iter().map(ToString::to_string).collect(),
            online: wishes.online,
            large_print: wishes.large_print,
            supporter_kind: supporter.map(|one| one.kind.to_string()),
            supporter_name: supporter.map(|one| one.name.as_str().to_owned()),
            supporter_email: supporter
                .and_then(|one| one.email.as_ref())
                .map(|email| email.as_str().to_owned()),
            changed_at: kept.updated,
        }
    }))
}
