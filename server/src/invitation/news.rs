//! Meetings with what everybody was told of them, and what is to be told.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::Role,
    ical::Method,
    ids::{ConsultationId, PersonId},
    invitation::{Agreed, Notice, Participant, Standing, Told, ToldKind, notices},
    reference::Reference,
};
use uuid::Uuid;

use super::{
    held::Held,
    link::LinkClaims,
    silence,
    store::{self, Record},
};
pub(super) use crate::consultation::turns::alone;
use crate::{
    consultation::{self, meeting::Meeting},
    error::{Error, Result},
    store::{Tx, vault::Place},
};

/// For how long after a meeting its links still say what it was.
const LINK_OUTLIVES: chrono::TimeDelta = chrono::TimeDelta::days(1);

/// A meeting, and what everybody was told of it.
pub(super) struct News {
    pub(super) meeting: Meeting,
    pub(super) standing: Standing,
    pub(super) records: HashMap<PersonId, Record>,
    /// Who is told nothing of it any more: the family of a child that has died.
    pub(super) hushed: HashSet<PersonId>,
}

impl News {
    /// What is to be told of it, by person.
    pub(super) fn notices(&self) -> Vec<Notice> {
        self.notices_without(&HashSet::new())
    }

    /// The same, had `untold` never been told anything.
    fn notices_without(&self, untold: &HashSet<PersonId>) -> Vec<Notice> {
        let told = self.records.values().map(|record| record.told);
        let told: Vec<Told> = told.filter(|told| !untold.contains(&told.person)).collect();
        let mut notices = notices(&told, &self.standing);
        notices.retain(|notice| !self.hushed.contains(&notice.person));
        notices
    }

    /// When it begins, and when `person` was told that it would.
    pub(super) fn starts(&self, person: PersonId) -> Vec<DateTime<Utc>> {
        let told = self.records.get(&person).filter(|record| record.told.kind == ToldKind::Invited);
        let told = told.map(|record| record.told.agreed.start);
        told.into_iter().chain([self.standing.agreed.start]).collect()
    }
}

/// These meetings, each alone with this transaction; those that are no more are left out.
pub(super) async fn load(tx: &Tx, ids: &[ConsultationId]) -> Result<Vec<News>> {
    alone(tx, ids).await?;
    of_meetings(tx, consultation::store::of_ids(tx, ids).await?).await
}

/// The same of meetings that are at hand, by start.
pub(super) async fn of_meetings(tx: &Tx, meetings: Vec<Meeting>) -> Result<Vec<News>> {
    let uuids: Vec<Uuid> = meetings.iter().map(|meeting| meeting.id.0).collect();
    let mut told: HashMap<ConsultationId, HashMap<PersonId, Record>> = HashMap::new();
    for (meeting, record) in store::records(tx, &uuids).await? {
        told.entry(meeting).or_default().insert(record.told.person, record);
    }
    let concerned = meetings.iter().flat_map(|meeting| {
        let records = told.get(&meeting.id).into_iter().flat_map(HashMap::keys).copied();
        let persons = meeting.persons().into_iter().chain(records);
        persons.filter_map(move |person| Some((meeting.case?, person)))
    });
    let hushed = silence::hushed(tx, &concerned.collect()).await?;
    let mut news: Vec<News> = meetings
        .into_iter()
        .map(|meeting| News {
            standing: standing(tx, &meeting),
            records: told.remove(&meeting.id).unwrap_or_default(),
            hushed: hushed
                .iter()
                .filter_map(|(case, person)| (meeting.case == Some(*case)).then_some(*person))
                .collect(),
            meeting,
        })
        .collect();
    news.sort_by_key(|news| news.standing.agreed.start);
    Ok(news)
}

/// What is to be told of some meetings.
pub(super) struct Due {
    /// Now, of each.
    pub(super) now: Vec<Vec<Notice>>,
    /// Later.
    pub(super) later: Vec<Held>,
}

/// What each of `news` is to tell to `only`, or to everybody, and what of it waits, by `held`. Whoever's
/// only mail nobody has tried to send is as good as untold: that mail is replaced and not followed by "your
/// meeting has changed". A mail that waits to be sent goes for what is told in its place, or when nothing is
/// left to tell; what is told later leaves it, or its reader would hear nothing until then.
pub(super) async fn due(
    tx: &Tx,
    news: &mut [News],
    only: Option<PersonId>,
    mut held: impl FnMut(&News, &Notice) -> Option<DateTime<Utc>>,
) -> Result<Due> {
    let ours = |notices: Vec<Notice>| -> Vec<Notice> {
        notices.into_iter().filter(|notice| only.is_none_or(|only| only == notice.person)).collect()
    };
    let all: Vec<Vec<Notice>> = news.iter().map(|one| ours(one.notices())).collect();
    let concerned = news.iter().zip(&all).filter(|(_, notices)| !notices.is_empty());
    let subjects: Vec<Uuid> = concerned.map(|(one, _)| one.meeting.id.0).collect();
    let mut due = Due { now: Vec::with_capacity(news.len()), later: Vec::new() };
    if subjects.is_empty() {
        due.now.resize(news.len(), Vec::new());
        return Ok(due);
    }
    let untried: HashSet<(Uuid, Uuid)> = tx.untried(&subjects).await?.into_iter().collect();
    let mut unsaid: Vec<(ConsultationId, PersonId)> = Vec::new();
    let mut outdated: Vec<(Uuid, Vec<Uuid>)> = Vec::new();
    for (one, notices) in news.iter_mut().zip(all) {
        let meeting = one.meeting.id;
        let never = |notice: &&Notice| {
            let known = one.records.get(&notice.person);
            known.is_some_and(|record| record.notices == 1) && untried.contains(&(meeting.0, notice.person.0))
        };
        let untold: HashSet<PersonId> = notices.iter().filter(never).map(|notice| notice.person).collect();
        let anew = one.notices_without(&untold);
        let (mut now, mut gone) = (Vec::new(), Vec::new());
        for notice in notices {
            let anew = anew.iter().find(|anew| anew.person == notice.person);
            match anew.map(|anew| (anew, held(one, &notice))) {
                Some((_, Some(until))) => {
                    due.later.push(Held { person: notice.person, meeting, due: until });
                    continue;
                }
                Some((anew, None)) => now.push(*anew),
                None => {}
            }
            gone.push(notice.person);
        }
        unsaid.extend(gone.iter().filter(|person| untold.contains(person)).map(|person| (meeting, *person)));
        one.records.retain(|person, _| !(untold.contains(person) && gone.contains(person)));
        if !gone.is_empty() {
            outdated.push((meeting.0, gone.into_iter().map(|person| person.0).collect()));
        }
        due.now.push(now);
    }
    store::forget(tx, &unsaid).await?;
    tx.supersede(&outdated).await?;
    Ok(due)
}

/// The meeting's own reference.
pub(super) fn reference(meeting: &Meeting) -> Result<Reference> {
    meeting.reference.parse().map_err(|_| Error::Corrupt { table: "consultation", column: "reference" })
}

/// Whether an interpreter sits at the table.
pub(super) fn has_interpreter(meeting: &Meeting) -> bool {
    meeting.table.iter().any(|seat| seat.role == Role::Tolk)
}

pub(super) fn standing(tx: &Tx, meeting: &Meeting) -> Standing {
    Standing {
        sequence: meeting.sequence,
        state: meeting.state,
        agreed: Agreed { start: meeting.time.start(), end: meeting.time.end(), place: meeting.place },
        participants: meeting
            .table
            .iter()
            // Whoever sits through the whole meeting is told of that, not of its parts.
            .filter(|seat| !seat.fixed)
            .map(|seat| Participant { person: seat.person, answer: seat.answer })
            .collect(),
        now: tx.now(),
    }
}

/// Whether nothing follows it: whoever gets it takes the meeting out of the calendar.
pub(super) fn is_last(method: Method) -> bool {
    match method {
        Method::Request | Method::DeclineCounter => false,
        Method::Cancel(_) => true,
    }
}

/// Where `person` answers about `meeting` as it stands: whoever was asked twice has messages with
/// numbers of their own.
pub(super) fn link(tx: &Tx, meeting: &Meeting, person: PersonId) -> String {
    let claims = LinkClaims {
        region: tx.grant().region(),
        consultation: meeting.id,
        person,
        sequence: meeting.sequence,
        expires: meeting.time.end() + LINK_OUTLIVES,
    };
    claims.url(tx.app())
}

/// Where a sealed mail stands.
pub(super) fn payload(row: Uuid) -> Place {
    Place { table: "outbox", column: "sealed_payload", row }
}
