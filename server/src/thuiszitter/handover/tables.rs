//! Which school sends the child and which receives it, by who sits at the tables of hand-overs.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use schakel_domain::{
    ids::{ConsultationId, OrganisationId, PersonId, RegionId},
    thuiszitter::handover::{Been, HandoverAnswer, Schools, schools},
};
use uuid::Uuid;

use crate::{
    access::{affiliation, circle::Circle, organisation, sharing::guests},
    consultation::meeting::{Meeting, Seat},
    error::Result,
    store::Read,
    thuiszitter::history,
};

/// The schools of some hand-overs, and what they are called.
pub(super) struct Tables {
    at: HashMap<ConsultationId, Schools<OrganisationId>>,
    /// For which schools each professional can sit there.
    seats: HashMap<ConsultationId, Vec<(PersonId, Vec<OrganisationId>)>>,
    names: HashMap<OrganisationId, String>,
}

impl Tables {
    /// Those of these children, each with the meeting at which it is handed over, whoever asks: the
    /// caller of this owes the policy. A constant number of statements.
    pub(super) async fn of(read: &Read, all: &[(Option<&Meeting>, &Circle)]) -> Result<Self> {
        let met: Vec<(&Meeting, &Circle)> =
            all.iter().filter_map(|(meeting, circle)| Some(((*meeting)?, *circle))).collect();
        let ids: Vec<ConsultationId> = met.iter().map(|(meeting, _)| meeting.id).collect();
        let mut persons: Vec<PersonId> =
            met.iter().flat_map(|(meeting, _)| meeting.professionals()).collect();
        persons.sort_unstable();
        persons.dedup();
        let posts = affiliation::all_of(read, &persons).await?;
        let seated = guests::seated(read, &ids).await?;
        let children: HashMap<Uuid, PersonId> =
            met.iter().map(|(_, circle)| (circle.case.0, circle.child)).collect();
        let left =
            if children.is_empty() { HashMap::new() } else { history::schools_left(read, &children).await? };
        let left = |circle: &Circle| -> Vec<(DateTime<Utc>, OrganisationId)> {
            left.get(&circle.case).into_iter().flatten().map(|(at, school)| (*at, (*school).into())).collect()
        };
        let answered = answered_for(read, &children).await?;
        let acting = read.grant().organisation().map(OrganisationId);
        let mut partners: Vec<RegionId> = seated.values().map(|(region, _)| *region).collect();
        partners.sort_unstable();
        partners.dedup();
        let mut known: Vec<OrganisationId> = seated.values().map(|(_, organisation)| *organisation).collect();
        known.extend(posts.values().flat_map(|posts| posts.iter()).map(|(post, _)| post.organisation));
        known.extend(all.iter().filter_map(|(_, circle)| circle.school).map(OrganisationId::from));
        known.extend(met.iter().flat_map(|&(_, circle)| left(circle)).map(|(_, school)| school));
        known.sort_unstable();
        known.dedup();
        let names = organisation::schools(read, &partners, &known).await?;
        let at_school = |meeting: &Meeting, seat: &Seat| -> Vec<OrganisationId> {
            let from = seated.get(&(meeting.id, seat.person)).map(|(_, organisation)| *organisation);
            let own = posts.get(&seat.person).into_iter().flat_map(|posts| posts.iter());
            let own = own.filter(|(post, days)| post.role == seat.role && days.holds_on(meeting.day()));
            let own = own.map(|(post, _)| post.organisation).filter(|_| from.is_none());
            from.into_iter().chain(own).filter(|organisation| names.contains_key(organisation)).collect()
        };
        let (mut at, mut seats) = (HashMap::with_capacity(met.len()), HashMap::with_capacity(met.len()));
        for &(meeting, circle) in &met {
            let taken = meeting.table.iter().filter(|seat| !seat.role.is_private());
            let taken: Vec<(PersonId, Vec<OrganisationId>)> =
                taken.map(|seat| (seat.person, at_school(meeting, seat))).collect();
            let table: Vec<Vec<OrganisationId>> = taken.iter().map(|(_, schools)| schools.clone()).collect();
            seats.insert(meeting.id, taken);
            let own = circle.school.map(OrganisationId::from);
            let been = Been::at(meeting.time.start(), own, &left(circle));
            let acting = acting.into_iter().chain(answered.get(&meeting.id.to_string()).copied());
            at.insert(meeting.id, schools(&table, been, &acting.collect::<Vec<_>>()));
        }
        Ok(Self { at, seats, names })
    }

    /// Which school is which at `meeting`, or for a child that nobody met about.
    pub(super) fn schools(
        &self,
        meeting: Option<ConsultationId>,
        circle: &Circle,
    ) -> Schools<OrganisationId> {
        let at = meeting.and_then(|meeting| self.at.get(&meeting).copied());
        at.unwrap_or(Schools { sending: circle.school.map(Into::into), receiving: None })
    }

    /// Who sits at `meeting` for `school`.
    pub(super) fn people_of(&self, meeting: ConsultationId, school: Option<OrganisationId>) -> Vec<PersonId> {
        let seats = self.seats.get(&meeting).into_iter().flatten();
        let own = seats.filter(|(_, schools)| school.is_some_and(|school| schools.contains(&school)));
        own.map(|(person, _)| *person).collect()
    }

    /// What it is called.
    pub(super) fn name(&self, school: Option<OrganisationId>) -> String {
        school.and_then(|school| self.names.get(&school).cloned()).unwrap_or_default()
    }
}

/// For which organisation somebody answered last to hand-overs of these children, by the name of the meeting.
async fn answered_for(
    read: &Read,
    children: &HashMap<Uuid, PersonId>,
) -> Result<HashMap<String, OrganisationId>> {
    let cases: Vec<Uuid> = children.keys().copied().collect();
    let rows = history::of_kinds(read, &cases, &HandoverAnswer::ALL.map(HandoverAnswer::event)).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.subject, OrganisationId(row.organisation_id?)))).collect())
}
