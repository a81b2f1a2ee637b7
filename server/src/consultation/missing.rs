//! Who at a coming table cannot come: away then, or no longer in service. It follows from the
//! register at each look, so that it is never out of date.

use std::collections::{BTreeSet, HashMap};

use schakel_domain::{
    consultation::State,
    ids::{ConsultationId, PersonId},
    time::{Period, Validity},
};
use sea_orm::{ColumnTrait, Condition, sea_query::Query};

use super::meeting::Meeting;
use crate::{
    access::{affiliation, authenticate::today},
    availability::work,
    directory::absence,
    entity::{consultation, participant},
    error::Result,
    store::{Read, instant::to_column},
};

/// Coming meetings at whose table somebody sits who is, or will be, away or out of service.
pub(super) fn possibly(read: &Read) -> Condition {
    let away = absence::from_day(today(read.now()));
    let ending = affiliation::ending(read);
    let missing = Condition::any()
        .add(participant::Column::PersonId.in_subquery(away))
        .add(participant::Column::PersonId.in_subquery(ending));
    let tables = Query::select()
        .column(participant::Column::ConsultationId)
        .from(participant::Entity)
        .cond_where(
            Condition::all()
                .add(participant::Column::RegionId.eq(read.region()))
                .add(participant::Column::Fixed.eq(false))
                .add(missing),
        )
        .to_owned();
    Condition::all()
        .add(consultation::Column::State.eq(State::Planned.to_string()))
        .add(consultation::Column::StartsAt.gt(to_column(read.now())))
        .add(consultation::Column::Id.in_subquery(tables))
}

/// Those missing from each of `meetings` that is yet to come, in two statements at most. Whoever sits
/// at all parts is missing from the whole meeting, where they are replaced.
pub(super) async fn of(read: &Read, meetings: &[&Meeting]) -> Result<HashMap<ConsultationId, Vec<PersonId>>> {
    let coming = meetings.iter().filter(|m| m.state == State::Planned && m.time.start() > read.now());
    let coming: Vec<&Meeting> = coming.copied().collect();
    let persons: BTreeSet<PersonId> =
        coming.iter().flat_map(|meeting| meeting.called_professionals()).collect();
    let persons: Vec<PersonId> = persons.into_iter().collect();
    let first = coming.iter().map(|meeting| meeting.time.start()).min();
    let last = coming.iter().map(|meeting| meeting.time.end()).max();
    let Some((first, last)) = first.zip(last) else { return Ok(HashMap::new()) };
    let away = work::away(read, &persons, Period::new(first, last)?).await?;
    let posts = affiliation::days_of(read, &persons).await?;
    let missing = coming.into_iter().map(|meeting| {
        let gone = meeting.called_professionals().filter(|person| {
            let is_away = away.iter().any(|(who, time)| who == person && time.overlaps(meeting.time));
            is_away || has_left(&posts, *person, meeting)
        });
        (meeting.id, gone.collect::<Vec<_>>())
    });
    Ok(missing.filter(|(_, gone)| !gone.is_empty()).collect())
}

/// Whoever never had a role here is another region's.
fn has_left(posts: &[(PersonId, Validity)], person: PersonId, meeting: &Meeting) -> bool {
    let mut own = posts.iter().filter(|(who, _)| *who == person).peekable();
    own.peek().is_some() && own.all(|(_, days)| !days.holds_on(meeting.day()))
}
