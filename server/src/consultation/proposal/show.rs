//! Proposals as whoever plans sees them: who could not come at another time, and who would come
//! instead; a constant number of statements.

use std::{collections::HashMap, sync::Arc};

use schakel_domain::{
    access::{Class, Classes},
    consultation::{self, proposal::State},
    ids::{ConsultationId, PersonId},
    time::Period,
};
use uuid::Uuid;

use super::{Proposal, Substitute, place};
use crate::{
    access::{Grant, professional},
    app::App,
    availability::{busy::Booking, proposed},
    consultation::{meeting::Meeting, missing, reach, seats, show, store as meetings},
    error::Result,
    store::{Read, Tx, audit::Line},
};

/// A proposal as the caller sees it.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    /// As it was kept.
    pub proposal: Proposal,
    /// Where it stands now.
    pub state: State,
    /// Who would come, for who may see who comes.
    pub substitute: Option<Substitute>,
    /// The professional with that address.
    pub known: Option<PersonId>,
    /// Who or what is taken at the other time; none where that is not asked, or not the caller's to know.
    pub taken: Option<Vec<Uuid>>,
    /// Those of them at the table.
    pub persons: Vec<PersonId>,
}

/// Those of `proposals` whose meetings the caller reaches; `plans` is its leave to change meetings, if
/// it has any. Who is taken then is told of the meetings that this reaches: whoever only sits at one could
/// propose one time after another and read everybody's calendar.
pub(super) async fn all(
    app: &App,
    (grant, plans): (&Grant, Option<Grant>),
    proposals: Vec<Proposal>,
) -> Result<Vec<Shown>> {
    let read = app.read(grant.clone());
    let ids: Vec<ConsultationId> = proposals.iter().map(|one| one.meeting).collect();
    let found = meetings::of_ids(&read, &ids).await?;
    let planned = match plans {
        Some(plans) => reach::reached(&app.read(plans), found.clone()).await?,
        None => Vec::new(),
    };
    let planned: Vec<ConsultationId> = planned.into_iter().map(|(meeting, _)| meeting.id).collect();
    let reached = reach::reached(&read, found).await?;
    let seen = |one: &Proposal| reached.iter().find(|(meeting, _)| meeting.id == one.meeting);
    let names = |one: &Proposal| {
        one.sealed_substitute.is_some() && seen(one).is_some_and(|(_, classes)| classes.has(Class::K2))
    };
    if !proposals.iter().any(names) {
        return open(&read, &proposals, (&reached, &planned)).await.map(|(shown, _)| shown);
    }
    let (proposals, reached, planned) = (&proposals, &reached, &planned);
    app.write(grant, None, |tx: Arc<Tx>| async move {
        let (shown, lines) = open(&tx, proposals, (reached, planned)).await?;
        tx.audit_all(&lines).await?;
        Ok(shown)
    })
    .await
}

/// What a change made of a proposal, in the transaction of who may make it.
pub(super) async fn changed(tx: &Tx, proposal: Proposal) -> Result<Option<Shown>> {
    let planned = [proposal.meeting];
    let found = meetings::of_ids(tx, &planned).await?;
    let reached = reach::reached(tx, found).await?;
    let (mut shown, lines) = open(tx, &[proposal], (&reached, &planned)).await?;
    tx.audit_all(&lines).await?;
    Ok(shown.pop())
}

async fn open(
    read: &Read,
    proposals: &[Proposal],
    (reached, planned): (&[(Meeting, Classes)], &[ConsultationId]),
) -> Result<(Vec<Shown>, Vec<Line>)> {
    let mut substitutes = substitutes(read, proposals, reached).await?;
    let addresses: Vec<String> = substitutes.values().map(|one| one.email.as_str().to_owned()).collect();
    let known = professional::by_emails(read, &addresses).await?;
    let mut taken = taken(read, proposals, (reached, planned)).await?;
    let mut lines: Vec<Line> = Vec::new();
    let mut shown = Vec::with_capacity(proposals.len());
    for proposal in proposals {
        let Some((meeting, _)) = reached.iter().find(|(meeting, _)| meeting.id == proposal.meeting) else {
            continue;
        };
        let substitute = substitutes.remove(&proposal.id.0);
        if substitute.is_some() && !lines.iter().any(|line| line.id == Some(meeting.id.0)) {
            lines.extend(show::lines(meeting, Classes::of(&[Class::K1, Class::K2])));
        }
        let address = substitute.as_ref().map(|one| one.email.as_str().to_lowercase());
        let taken = taken.remove(&proposal.id.0);
        let at_table = |id: &Uuid| meeting.seat(PersonId(*id)).map(|seat| seat.person);
        shown.push(Shown {
            state: proposal.now(meeting, read.now()),
            known: address.and_then(|address| known.get(&address).copied()),
            persons: taken.iter().flatten().filter_map(at_table).collect(),
            taken,
            substitute,
            proposal: proposal.clone(),
        });
    }
    Ok((shown, lines))
}

/// Who would come, by proposal, for meetings of which the caller may see who comes; of an erased
/// child nothing.
async fn substitutes(
    read: &Read,
    proposals: &[Proposal],
    reached: &[(Meeting, Classes)],
) -> Result<HashMap<Uuid, Substitute>> {
    let open = |one: &&Proposal| {
        let of = reached.iter().find(|(meeting, _)| meeting.id == one.meeting);
        one.sealed_substitute.is_some() && of.is_some_and(|(_, classes)| classes.has(Class::K2))
    };
    let named: Vec<&Proposal> = proposals.iter().filter(open).collect();
    if named.is_empty() {
        return Ok(HashMap::new());
    }
    let subjects: Vec<Uuid> = named.iter().map(|one| one.subject).collect();
    let keys = read.subject_keys(&subjects).await?;
    let mut found = HashMap::new();
    for one in named.into_iter().filter(|one| keys.knows(one.subject)) {
        if let Some(text) = keys.open_if(one.subject, place(one.id), one.sealed_substitute.as_deref())? {
            found.insert(one.id.0, Substitute::read(&text)?);
        }
    }
    Ok(found)
}

/// Who and which rooms are taken at the other times that can still be decided, by proposal; only of
/// meetings that are `planned` by the caller. Parts move along, with whoever comes for one of them alone.
async fn taken(
    read: &Read,
    proposals: &[Proposal],
    (reached, planned): (&[(Meeting, Classes)], &[ConsultationId]),
) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let open = |one: &Proposal| {
        let (meeting, _) = reached.iter().find(|(meeting, _)| meeting.id == one.meeting)?;
        let asked = one.kind.moves() && planned.contains(&meeting.id);
        let open = asked && one.now(meeting, read.now()) == State::Open;
        one.time.filter(|_| open).map(|time| (one.id.0, meeting, time))
    };
    let open: Vec<(Uuid, &Meeting, Period)> = proposals.iter().filter_map(open).collect();
    if open.is_empty() {
        return Ok(HashMap::new());
    }
    let wholes: Vec<ConsultationId> = open.iter().map(|(_, meeting, _)| meeting.id).collect();
    let parts = meetings::parts_of(read, &wholes).await?;
    let (mut own, mut moved) = (Vec::new(), Vec::new());
    for (proposal, meeting, time) in open {
        let by = time.start() - meeting.time.start();
        let along = parts.iter().filter(|part| part.within == Some(meeting.id));
        let along = along.filter(|part| part.state == consultation::State::Planned);
        for one in std::iter::once(meeting).chain(along) {
            // As it would be; its place here tells it from the one that stands and from other proposals.
            let id = ConsultationId(Uuid::from_u128(moved.len() as u128));
            let time = Period::new(one.time.start() + by, one.time.end() + by)?;
            own.push((proposal, meeting.id));
            moved.push(Meeting { id, time, ..one.clone() });
        }
    }
    let bookings = seats::bookings(read, &moved).await?;
    let wanted: Vec<(Booking, Vec<Uuid>)> = bookings
        .into_iter()
        .zip(&own)
        .map(|(booking, (_, whole))| {
            let with = parts.iter().filter(|part| part.within == Some(*whole)).map(|part| part.id.0);
            (booking, with.chain([whole.0]).collect())
        })
        .collect();
    let taken = proposed::whose(read, &wanted).await?;
    let missing = missing::of(read, &moved.iter().collect::<Vec<_>>()).await?;
    let mut by_proposal: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (((proposal, _), meeting), taken) in own.iter().zip(&moved).zip(taken) {
        let away = missing.get(&meeting.id).into_iter().flatten().map(|person| person.0);
        let all = by_proposal.entry(*proposal).or_default();
        all.extend(taken.into_iter().map(|calendar| calendar.0).chain(away));
    }
    for all in by_proposal.values_mut() {
        all.sort_unstable();
        all.dedup();
    }
    Ok(by_proposal)
}
