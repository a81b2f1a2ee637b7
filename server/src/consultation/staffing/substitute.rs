//! Somebody cannot come: which meetings it concerns, who could come instead, and all replaced at once.

use std::collections::{BTreeSet, HashMap};

use schakel_domain::{
    access::{Denied, Role, Standing},
    availability::CalendarId,
    consultation::{
        Place, State,
        substitute::{Candidate, Vacancy, rank},
    },
    ids::{ConsultationId, OrganisationId, PersonId, SchoolId, TeamId},
    refusal::Refusal,
    time::{Period, Validity},
};

use super::store::hold_all;
use crate::{
    access::{
        Reached, affiliation,
        authenticate::today,
        circle::{self, Circle},
        professional,
    },
    availability::{busy, work::Staff},
    consultation::{
        meeting::Meeting,
        missing,
        reach::{self, Known, Loaded},
        replace::swap,
        store,
        table::Guest,
    },
    directory::route,
    error::{Error, Result},
    store::{Read, Tx},
};

/// The most meetings of one answer.
const MOST: usize = 200;
/// The most substitutes of one meeting.
const MOST_EACH: usize = 20;

/// A meeting at which somebody has to be replaced, and who could come.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    /// The meeting.
    pub meeting: Meeting,
    /// As what the person would come.
    pub role: Role,
    /// Best first.
    pub substitutes: Vec<Candidate>,
}

/// Proposals, and the names of those in them.
#[derive(Debug, Clone, Default)]
pub(super) struct Proposals {
    /// By time.
    pub meetings: Vec<Proposal>,
    /// Of professionals.
    pub names: HashMap<PersonId, String>,
    /// Those of whom the caller may know how much they carry.
    pub loads: BTreeSet<PersonId>,
}

/// Somebody who cannot come, with every role that they have, had or will have.
struct Leaver {
    person: PersonId,
    posts: Vec<(affiliation::Post, Validity)>,
}

impl Leaver {
    async fn load(read: &Read, person: PersonId) -> Result<Self> {
        Ok(Self { person, posts: affiliation::ever(read, person).await? })
    }

    /// Where they sit at `meeting` for: the post of that role on its day or, once they have none,
    /// the last that they had.
    fn sits_for(&self, meeting: &Meeting) -> Option<OrganisationId> {
        let role = meeting.seat(self.person)?.role;
        let of_role = || self.posts.iter().filter(|(post, _)| post.role == role);
        let then = of_role().find(|(_, days)| days.holds_on(meeting.day()));
        let last = || {
            let over = of_role().filter(|(_, days)| days.until().is_some_and(|until| until < meeting.day()));
            over.max_by_key(|(_, days)| days.until())
        };
        then.or_else(last).map(|(post, _)| post.organisation)
    }

    /// Whether `meeting` stands to the caller as `reached` says: as any change of it does, or as one
    /// from which somebody of the caller's own team `is_missing`.
    fn holds(
        &self,
        read: &Read,
        (meeting, is_missing): (&Meeting, bool),
        around: Option<&Standing>,
        reached: &Reached,
    ) -> bool {
        // What is put aside is told to nobody beside its own circle.
        let is_told = meeting.case.is_none() || around.is_some_and(|around| around.hold.is_none());
        match reached {
            Reached::Team(team) => {
                is_missing && is_told && self.sits_for(meeting) == Some(TeamId(*team).into())
            }
            Reached::Region
            | Reached::School(_)
            | Reached::SchoolEscalated(_)
            | Reached::Escalated(_)
            | Reached::Residence(_)
            | Reached::Invited(_)
            | Reached::Own(_)
            | Reached::Case(_)
            | Reached::Held => reach::holds(meeting, around, read.grant().actor(), reached),
        }
    }
}

/// The coming meetings at which `person` has to be replaced, each with who could come; a
/// constant number of statements.
///
/// # Errors
/// `PERSON_NOT_FOUND`.
pub(super) async fn propose(read: &Read, person: PersonId, window: Period) -> Result<Proposals> {
    professional::get(read, person).await?;
    let leaver = Leaver::load(read, person).await?;
    let meetings = vacant(read, &leaver, window).await?;
    let day = today(read.now());
    let organisations: BTreeSet<OrganisationId> =
        meetings.iter().filter_map(|meeting| leaver.sits_for(meeting)).collect();
    let organisations: Vec<OrganisationId> = organisations.into_iter().collect();
    let colleagues = affiliation::at_any(read, &organisations, day).await?;
    let schools: Vec<SchoolId> = meetings.iter().filter_map(|meeting| meeting.school).collect();
    let linked = route::linked(read, &schools, day).await?;
    let everybody: BTreeSet<PersonId> =
        colleagues.iter().map(|post| post.person).chain(linked.iter().map(|(_, _, who)| *who)).collect();
    let everybody: Vec<PersonId> = everybody.into_iter().filter(|who| *who != person).collect();
    let first = meetings.iter().map(|meeting| meeting.time.start()).min();
    let last = meetings.iter().map(|meeting| meeting.time.end()).max();
    let Some((first, last)) = first.zip(last) else { return Ok(Proposals::default()) };
    let places: Vec<OrganisationId> = schools.into_iter().map(OrganisationId::from).collect();
    let mut staff = Staff::load(read, &everybody, (Period::new(first, last)?, &places)).await?;
    let known = professional::of(read, &everybody).await?;
    let mut vacancies = Vec::with_capacity(meetings.len());
    let mut roles = Vec::with_capacity(meetings.len());
    for meeting in &meetings {
        let role = meeting.seat(person).map_or(Role::Smw, |seat| seat.role);
        let is_linked = |who: PersonId| {
            linked
                .iter()
                .any(|(school, own, other)| Some(*school) == meeting.school && *own == role && *other == who)
        };
        let same = |who: PersonId| colleagues.iter().any(|post| post.person == who && post.role == role);
        let free = staff.free_at(meeting.time, place_of(meeting)).into_iter().filter(|who| {
            known.contains_key(who) && (same(*who) || is_linked(*who)) && meeting.seat(*who).is_none()
        });
        let candidates = free.map(|who| Candidate {
            person: who,
            linked: is_linked(who),
            minutes: staff.week_minutes(who, meeting.time),
        });
        vacancies.push(Vacancy { time: meeting.time, candidates: candidates.collect() });
        roles.push(role);
    }
    rank(&mut vacancies);
    let proposals = meetings.into_iter().zip(roles).zip(vacancies).map(|((meeting, role), vacancy)| {
        let mut substitutes = vacancy.candidates;
        substitutes.truncate(MOST_EACH);
        Proposal { meeting, role, substitutes }
    });
    let names = known.into_iter().map(|(person, row)| (person, row.display_name.clone())).collect();
    let may_know = |post: &&affiliation::Post| {
        let is_own = |reached: &Reached| {
            *reached == Reached::Region
                || matches!(reached, Reached::Team(team) if post.organisation == TeamId(*team).into())
        };
        read.grant().reached().iter().any(|(reached, _)| is_own(reached))
    };
    let loads = colleagues.iter().filter(may_know).map(|post| post.person).collect();
    Ok(Proposals { meetings: proposals.collect(), names, loads })
}

/// Where whoever comes has to be; none where that takes no way that is known.
fn place_of(meeting: &Meeting) -> Option<OrganisationId> {
    match meeting.place {
        Place::School => meeting.school.map(OrganisationId::from),
        Place::Team | Place::Home | Place::Online | Place::Phone => None,
    }
}

/// The meetings that the caller reaches at which `person` is missing, by time.
async fn vacant(read: &Read, leaver: &Leaver, window: Period) -> Result<Vec<Meeting>> {
    let meetings = store::of_person(read, leaver.person, window).await?;
    let all: Vec<&Meeting> = meetings.iter().collect();
    let missing = missing::of(read, &all).await?;
    let arounds = reach::around(read, &meetings).await?;
    let mut found: Vec<Meeting> = meetings
        .into_iter()
        .filter(|meeting| missing.get(&meeting.id).is_some_and(|gone| gone.contains(&leaver.person)))
        .filter(|meeting| {
            let around = arounds.iter().find(|around| meeting.case.is_some_and(|case| case.0 == around.case));
            let reached = |reached: &Reached| leaver.holds(read, (meeting, true), around, reached);
            read.grant().to("CONSULTATION", reached).is_ok()
        })
        .collect();
    found.truncate(MOST);
    Ok(found)
}

/// Who comes at one meeting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    /// Which meeting, as the caller read it.
    pub known: Known,
    /// Who comes.
    pub comes: PersonId,
}

/// Replaces `leaves` at all these meetings, or at none.
pub(super) async fn substitute(tx: &Tx, leaves: PersonId, choices: &[Choice]) -> Result<Vec<Meeting>> {
    let absent = Leaver::load(tx, leaves).await?;
    let ids: Vec<ConsultationId> = choices.iter().map(|choice| choice.known.id).collect();
    let held = hold_all(tx, &ids).await?;
    let mut parts = store::parts_of(tx, &ids).await?;
    let come = choices.iter().map(|choice| CalendarId::from(choice.comes));
    let calendars = held.iter().flat_map(Meeting::calendars).chain(come).collect();
    busy::lock(tx, &calendars).await?;
    let missing = missing::of(tx, &held.iter().collect::<Vec<_>>()).await?;
    let mut changed = Vec::with_capacity(choices.len());
    for choice in choices {
        let meeting = held.iter().find(|meeting| meeting.id == choice.known.id);
        let meeting = meeting.cloned().ok_or(Error::NotFound("CONSULTATION"))?;
        let own = parts.extract_if(.., |part| part.within == Some(meeting.id)).collect();
        let is_missing = missing.get(&meeting.id).is_some_and(|gone| gone.contains(&leaves));
        let loaded = load(tx, (meeting, own), (&absent, is_missing)).await?.is(choice.known.etag)?;
        if loaded.meeting.state == State::Cancelled {
            return Err(Refusal::ConsultationCancelled.into());
        }
        let seat = loaded.meeting.seat(leaves).ok_or(Refusal::ParticipantUnknown)?;
        let comes = Guest { person: choice.comes, role: seat.role, optional: seat.optional };
        changed.push(swap(tx, loaded, (Some(leaves), Some(comes))).await?);
    }
    Ok(changed)
}

async fn load(
    tx: &Tx,
    (meeting, parts): (Meeting, Vec<Meeting>),
    (leaver, is_missing): (&Leaver, bool),
) -> Result<Loaded> {
    let circle = match meeting.case {
        Some(case) => circle::find(tx, case).await?,
        None => None,
    };
    let around = circle.as_ref().map(Circle::standing);
    let reached = |reached: &Reached| leaver.holds(tx, (&meeting, is_missing), around.as_ref(), reached);
    tx.grant().to("CONSULTATION", reached)?;
    // Whoever comes is told of every part: each has to stand to the caller too.
    let arounds = reach::around(tx, &parts).await?;
    for part in parts.iter().filter(|part| part.state == State::Planned) {
        let around = arounds.iter().find(|around| part.case.is_some_and(|case| case.0 == around.case));
        let reached = |reached: &Reached| leaver.holds(tx, (part, is_missing), around, reached);
        tx.grant().to("CONSULTATION", reached).map_err(|_| Denied::ActionNotAllowed)?;
    }
    if let Some(around) = around {
        tx.grant().allows(around.state())?;
    }
    Ok(Loaded { meeting, circle, parts })
}
