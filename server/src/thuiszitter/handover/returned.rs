//! Hand-overs that were given back: who has to mend them, by mail once and in their list until it is done.

use std::collections::HashMap;

use schakel_domain::{
    consultation::{Kind, State},
    ids::{CaseId, ConsultationId, OrganisationId, PersonId},
    thuiszitter::handover::HandoverAnswer,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{known::answers, tables::Tables};
use crate::{
    access::{
        affiliation,
        authenticate::today,
        circle::{self, Circle},
    },
    consultation::{self, meeting::Meeting},
    entity::thuiszitter::{Column, Entity},
    error::{Error, Result},
    store::Read,
};

/// A hand-over that was given back and that nobody mended.
#[derive(Debug, Clone)]
pub struct Returned {
    /// The meeting at which it was.
    pub meeting: ConsultationId,
    /// Who has to mend it: who keeps the case together and who sat there for the school that the child leaves;
    /// without either whoever booked the meeting. Nobody of the school that gave it back.
    pub persons: Vec<PersonId>,
}

/// Whom to tell that the hand-over at this meeting was given back, as long as nobody mended it.
///
/// # Errors
/// When the database fails.
pub async fn told(read: &Read, id: ConsultationId) -> Result<Vec<PersonId>> {
    let case = match consultation::store::get(read, id).await {
        Ok(meeting) => meeting.case,
        // Its case has gone.
        Err(Error::NotFound(_)) => None,
        Err(error) => return Err(error),
    };
    let Some(case) = case else { return Ok(Vec::new()) };
    let back = waiting(read, &[case.0]).await?.remove(&case);
    Ok(back.filter(|back| back.meeting == id).map(|back| back.persons).unwrap_or_default())
}

/// Those of these cases whose last hand-over was given back, whoever asks: the caller of this owes the
/// policy. A constant number of statements; one where nothing was given back.
///
/// # Errors
/// When the database fails.
pub async fn waiting(read: &Read, cases: &[Uuid]) -> Result<HashMap<CaseId, Returned>> {
    let answers = answers(read, cases).await?;
    let back = answers.iter().filter(|(_, (_, answer))| matches!(answer, HandoverAnswer::Refused(_)));
    let back: Vec<ConsultationId> = back.filter_map(|(name, _)| name.parse().ok()).collect();
    if back.is_empty() {
        return Ok(HashMap::new());
    }
    let met = consultation::store::of_ids(read, &back).await?;
    let mut cases: Vec<Uuid> = met.iter().filter_map(|meeting| meeting.case).map(|case| case.0).collect();
    cases.sort_unstable();
    cases.dedup();
    let mut meetings = consultation::store::of_cases(read, &cases).await?;
    let mut circles = circle::find_each(read, &cases).await?;
    // What is closed or put aside is not worked on: nobody has to act on it.
    circles.retain(|circle| circle.open && circle.hold.is_none());
    let last: Vec<(Meeting, Circle)> = circles
        .into_iter()
        .filter_map(|circle| {
            let of_case = meetings.remove(&circle.case).unwrap_or_default();
            // They come by start: the last one is the one that counts.
            let meeting = of_case.into_iter().rev().find(is_hand_over)?;
            back.contains(&meeting.id).then_some((meeting, circle))
        })
        .collect();
    mending(read, &last).await
}

fn is_hand_over(meeting: &Meeting) -> bool {
    matches!(meeting.kind, Kind::WarmeOverdracht) && !matches!(meeting.state, State::Cancelled)
}

/// Who keeps each case together.
async fn regisseurs(read: &Read, cases: &[Uuid]) -> Result<HashMap<Uuid, PersonId>> {
    let rows = Entity::find()
        .select_only()
        .columns([Column::Id, Column::RegisseurId])
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Id.is_in(cases.iter().copied()))
        .into_tuple::<(Uuid, Option<Uuid>)>()
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().filter_map(|(case, person)| Some((case, PersonId(person?)))).collect())
}

async fn mending(read: &Read, last: &[(Meeting, Circle)]) -> Result<HashMap<CaseId, Returned>> {
    let all: Vec<_> = last.iter().map(|(meeting, circle)| (Some(meeting), circle)).collect();
    let tables = Tables::of(read, &all).await?;
    let cases: Vec<Uuid> = last.iter().map(|(_, circle)| circle.case.0).collect();
    let keepers = regisseurs(read, &cases).await?;
    let mut persons: Vec<PersonId> =
        keepers.values().copied().chain(last.iter().map(|(meeting, _)| meeting.booked_by)).collect();
    persons.sort_unstable();
    persons.dedup();
    let posts = affiliation::of(read, &persons, today(read.now())).await?;
    let works_at = |person: PersonId, school: Option<OrganisationId>| {
        posts.iter().any(|post| post.person == person && Some(post.organisation) == school)
    };
    let mut found = HashMap::with_capacity(last.len());
    for (meeting, circle) in last {
        let schools = tables.schools(Some(meeting.id), circle);
        // After a move the child's own school is the one that gave it back.
        let mends =
            |person: &PersonId| works_at(*person, schools.sending) || !works_at(*person, schools.receiving);
        let keeper = keepers.get(&circle.case.0).copied().filter(mends);
        let mut persons = tables.people_of(meeting.id, schools.sending);
        persons.extend(keeper);
        if persons.is_empty() {
            persons.extend(Some(meeting.booked_by).filter(mends));
        }
        persons.sort_unstable();
        persons.dedup();
        found.insert(circle.case, Returned { meeting: meeting.id, persons });
    }
    Ok(found)
}
