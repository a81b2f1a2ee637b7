//! Books what was proposed: every table a series, all in one transaction.

use std::collections::{BTreeSet, HashMap};

use chrono::SecondsFormat;
use schakel_domain::{
    consultation::{
        series::{Mode, OnClosed, Wall},
        year::{Outcome, Planned},
    },
    ids::{CaseId, ConsultationId, PersonId, SeriesId},
    refusal::Refusal,
    time::Period,
};

use super::{
    propose::{Proposal, guests},
    tables::Laid,
};
use crate::{
    access::circle::{self, Circle},
    availability::{
        USUAL_ZONE,
        busy::{self, Booking},
        proposed::{calendars, taken},
    },
    consultation::{
        meeting::{Meeting, Member},
        seats,
        series::store::{self, Series},
        table, together,
    },
    error::{Error, Result},
    store::Tx,
};

/// What was booked of a proposal.
#[derive(Debug, Default)]
pub(super) struct Booked {
    /// Per table.
    pub(super) series: Vec<Option<SeriesId>>,
    /// Per table, per stretch.
    pub(super) meetings: Vec<Vec<Option<ConsultationId>>>,
}

/// Books it. Times are looked at once more, under the locks of everybody's calendar.
pub(super) async fn book(tx: &Tx, proposal: &Proposal, mode: Mode) -> Result<Booked> {
    if mode == Mode::AllOrNothing && proposal.impossible() > 0 {
        return Err(Refusal::PlanIncomplete.into());
    }
    let planned: Vec<(&Laid, &Planned)> =
        all(proposal).map(|(_, _, table, planned)| (table, planned)).collect();
    strangers(tx, &planned).await?;
    as_planned(tx, &planned).await?;
    let (mut meetings, mut wanted) = (Vec::with_capacity(planned.len()), Vec::with_capacity(planned.len()));
    for (at, which, table, planned) in all(proposal) {
        let meeting = proposal.meeting(tx, table, planned)?;
        wanted.push(seats::booking(&meeting, table.site));
        meetings.push((at, which, meeting));
    }
    busy::lock(tx, &calendars(&wanted)).await?;
    let clashes = taken(tx, (&wanted, &[]), false).await?;
    let none = clashes.iter().all(|clash| *clash);
    if none && planned.is_empty() {
        return Err(Refusal::PlanIncomplete.into());
    }
    if none || (mode == Mode::AllOrNothing && clashes.contains(&true)) {
        let late = wanted.iter().zip(&clashes).filter(|(_, clash)| **clash);
        let starts = late.map(|(booking, _)| booking.time.start().to_rfc3339_opts(SecondsFormat::Secs, true));
        let conflicts = ("conflicts".to_owned(), starts.collect::<Vec<_>>().join(","));
        return Err(Error::Refused(Refusal::TimeConflict, HashMap::from([conflicts])));
    }
    let free = meetings.into_iter().zip(wanted).zip(clashes).filter(|(_, clash)| !clash);
    let (meetings, bookings): (Vec<_>, Vec<Booking>) = free.map(|(both, _)| both).unzip();
    write(tx, proposal, meetings, &bookings).await
}

/// Every meeting that has a time: its table's place, its own, the table and the time.
fn all(proposal: &Proposal) -> impl Iterator<Item = (usize, usize, &Laid, &Planned)> {
    proposal.tables.iter().zip(&proposal.outcomes).enumerate().flat_map(|(at, (table, outcomes))| {
        outcomes.iter().enumerate().filter_map(move |(which, outcome)| match outcome {
            Outcome::Planned(planned) => Some((at, which, table, planned)),
            Outcome::Impossible { .. } => None,
        })
    })
}

async fn write(
    tx: &Tx,
    proposal: &Proposal,
    free: Vec<(usize, usize, Meeting)>,
    bookings: &[Booking],
) -> Result<Booked> {
    let mut booked = Booked {
        series: vec![None; proposal.tables.len()],
        meetings: proposal.outcomes.iter().map(|outcomes| vec![None; outcomes.len()]).collect(),
    };
    let (mut series, mut meetings): (Vec<Series>, Vec<Meeting>) = (Vec::new(), Vec::new());
    for (at, which, mut meeting) in free {
        let id = *booked.series[at].get_or_insert_with(|| {
            let new = one(tx, proposal, &proposal.tables[at], meeting.time);
            series.push(new.clone());
            new.id
        });
        meeting.member = Some(Member { series: id, original: meeting.time.start(), apart: false });
        booked.meetings[at][which] = Some(meeting.id);
        meetings.push(meeting);
    }
    store::insert(tx, &series).await?;
    together::insert(tx, meetings, bookings).await?;
    let told: Vec<(SeriesId, i32)> = series.iter().map(|series| (series.id, series.version)).collect();
    together::invite(tx, &told, tx.now()).await?;
    Ok(booked)
}

/// The series of a table, of dates that were chosen one by one.
fn one(tx: &Tx, proposal: &Proposal, table: &Laid, first: Period) -> Series {
    let (date, wall) = Wall::at(USUAL_ZONE, first.start());
    Series {
        id: SeriesId(tx.new_id()),
        kind: table.kind,
        recurrence: None,
        first: date,
        wall,
        length: first.duration(),
        on_closed: OnClosed::Skip,
        place: proposal.what.place,
        school: table.school,
        cluster: table.subject.cluster(),
        follows: None,
        booked_by: PersonId(tx.grant().actor().unwrap_or_default()),
        created: tx.now(),
        updated: tx.now(),
        version: 1,
    }
}

/// Whether every case still stands to the caller, and as it was planned for: at its school, and with
/// parents who have gezag. What changed since is planned anew, as a time that was taken is.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_CLOSED`, `CASE_RESTRICTED`, `TIME_CONFLICT`.
async fn as_planned(tx: &Tx, planned: &[(&Laid, &Planned)]) -> Result<()> {
    let cases: BTreeSet<CaseId> =
        planned.iter().filter_map(|(table, _)| table.circle.as_ref()).map(|circle| circle.case).collect();
    let circles = circle::reach_each(tx, &cases.into_iter().collect::<Vec<_>>()).await?;
    let now: HashMap<CaseId, Circle> = circles.into_iter().map(|circle| (circle.case, circle)).collect();
    for (table, planned) in planned {
        let Some(before) = &table.circle else { continue };
        let Some(now) = now.get(&before.case) else { return Err(Error::NotFound("CASE")) };
        let is_child = |person| now.child == person;
        let fits = |guest: table::Guest| {
            !guest.role.is_private()
                || is_child(guest.person)
                || now.parents_with_gezag().any(|parent| parent == guest.person)
        };
        if now.school != before.school || !guests(table, planned).into_iter().all(fits) {
            return Err(Refusal::TimeConflict.into());
        }
    }
    Ok(())
}

/// Refuses people who may not come as what they were chosen for.
async fn strangers(tx: &Tx, planned: &[(&Laid, &Planned)]) -> Result<()> {
    let mut professionals = Vec::new();
    for guest in planned.iter().flat_map(|(table, planned)| guests(table, planned)) {
        let known = |other: &table::Guest| (other.person, other.role) == (guest.person, guest.role);
        if !guest.role.is_private() && !professionals.iter().any(known) {
            professionals.push(guest);
        }
    }
    let wrong = table::strangers(tx, &professionals, None).await?;
    // Which seat of which table is told by the role; the request names no people by place.
    match wrong.first() {
        Some(violation) => Err(Error::field("seats", violation.refusal)),
        None => Ok(()),
    }
}
