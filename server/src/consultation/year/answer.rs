//! What is told of a year plan.

use schakel_domain::{
    consultation::year::{Outcome, Planned, Stretch},
    ids::PersonId,
    refusal::Language,
};
use schakel_proto::v1::{self as pb, planned_meeting::Result as Done};

use super::{
    book::Booked,
    propose::{Proposal, guests},
    tables::Laid,
};
use crate::{
    access::rpc::role_to_wire,
    consultation::series::words::unknown_year,
    error::language,
    wire::{fields::text, time::timestamp},
};

/// Everybody who is named as the reason of a meeting without a time.
const MOST_NAMED: usize = 10;

/// The whole plan, with what was booked of it.
pub(super) fn to_wire(proposal: &Proposal, booked: Option<&Booked>) -> pb::PlanYearResponse {
    let tables: Vec<pb::PlannedTable> = tables(proposal, booked);
    let count = |done: Done| {
        let meetings = tables.iter().flat_map(|table| &table.meetings);
        i32::try_from(meetings.filter(|meeting| meeting.result == i32::from(done)).count())
            .unwrap_or(i32::MAX)
    };
    pb::PlanYearResponse {
        planned_count: count(Done::Planned),
        impossible_count: count(Done::Impossible),
        warnings: warnings(proposal),
        tables,
    }
}

/// That nothing was assumed about some school years.
pub(super) fn warnings(proposal: &Proposal) -> Vec<String> {
    proposal.unknown.iter().map(|year| unknown_year(*year)).collect()
}

/// The tables of a plan.
pub(super) fn tables(proposal: &Proposal, booked: Option<&Booked>) -> Vec<pb::PlannedTable> {
    let tables = proposal.tables.iter().zip(&proposal.outcomes).enumerate();
    tables
        .map(|(at, (table, outcomes))| {
            let meeting = |(which, outcome): (usize, &Outcome)| {
                let stretch = &table.stretches[which];
                match outcome {
                    Outcome::Planned(planned) => {
                        let own = booked.map(|booked| booked.meetings[at][which]);
                        let told = planned_to_wire(proposal, table, (planned, stretch));
                        match own {
                            // Somebody else was quicker.
                            Some(None) => pb::PlannedMeeting {
                                result: Done::Impossible.into(),
                                reasons: vec![late()],
                                participants: Vec::new(),
                                ..told
                            },
                            own => pb::PlannedMeeting { consultation: text(own.flatten()), ..told },
                        }
                    }
                    Outcome::Impossible { without } => {
                        impossible_to_wire(proposal, table, (without, stretch))
                    }
                }
            };
            pb::PlannedTable {
                subject: table.subject.name(),
                display_name: table.subject.display_name(),
                series: text(booked.and_then(|booked| booked.series[at])),
                meetings: outcomes.iter().enumerate().map(meeting).collect(),
            }
        })
        .collect()
}

fn planned_to_wire(
    proposal: &Proposal,
    table: &Laid,
    (planned, stretch): (&Planned, &Stretch),
) -> pb::PlannedMeeting {
    let participants = guests(table, planned).into_iter().map(|guest| pb::Participant {
        person: guest.person.to_string(),
        role: role_to_wire(guest.role),
        optional: guest.optional,
        display_name: proposal.names.get(&guest.person).cloned().unwrap_or_default(),
        ..Default::default()
    });
    let absent = planned.chosen.iter().filter(|chosen| chosen.is_none()).count();
    let mut reasons = vec![near(planned.days_off), choices(planned.choices)];
    reasons.extend((absent > 0).then(|| without_optional(absent)));
    pb::PlannedMeeting {
        result: Done::Planned.into(),
        start_time: Some(timestamp(planned.time.start())),
        end_time: Some(timestamp(planned.time.end())),
        first_date: stretch.first.to_string(),
        last_date: stretch.last.to_string(),
        participants: participants.collect(),
        days_off: i32::try_from(planned.days_off).unwrap_or(i32::MAX),
        choices: i32::try_from(planned.choices).unwrap_or(i32::MAX),
        reasons,
        ..Default::default()
    }
}

fn impossible_to_wire(
    proposal: &Proposal,
    table: &Laid,
    (without, stretch): (&[usize], &Stretch),
) -> pb::PlannedMeeting {
    let reason = |seat: &usize| {
        let seat = &table.seats[*seat];
        match &seat.fits[..] {
            [] => nobody(&seat.role.to_string()),
            [(only, _)] => cannot(&called(proposal, *only)),
            _several => cannot(&seat.role.to_string()),
        }
    };
    let reasons: Vec<String> = without.iter().map(reason).collect();
    let fits = without.iter().flat_map(|seat| &table.seats[*seat].fits);
    pb::PlannedMeeting {
        result: Done::Impossible.into(),
        first_date: stretch.first.to_string(),
        last_date: stretch.last.to_string(),
        reasons: if reasons.is_empty() { vec![together()] } else { reasons },
        without: fits.take(MOST_NAMED).map(|(person, _)| person.to_string()).collect(),
        ..Default::default()
    }
}

/// A professional's name; a parent or child has none here.
fn called(proposal: &Proposal, person: PersonId) -> String {
    let private = || say("Een ouder of het kind".into(), "A parent or the child".into());
    proposal.names.get(&person).cloned().unwrap_or_else(private)
}

fn near(days: i64) -> String {
    match days {
        0 => {
            say("Dit is de beste dag van deze periode.".into(), "This is the best day of this period.".into())
        }
        1 => say("Dit is 1 dag naast de beste dag.".into(), "This is 1 day off the best day.".into()),
        _ => say(
            format!("Dit is {days} dagen naast de beste dag."),
            format!("This is {days} days off the best day."),
        ),
    }
}

fn choices(count: usize) -> String {
    say(
        format!("In deze periode kunnen allen op {count} tijdstippen."),
        format!("In this period everybody can at {count} times."),
    )
}

fn without_optional(count: usize) -> String {
    say(
        format!("Voor {count} plaatsen die niet verplicht zijn kan niemand."),
        format!("Nobody can for {count} seats that are optional."),
    )
}

fn nobody(role: &str) -> String {
    say(format!("Niemand heeft hier de functie {role}."), format!("Nobody has the role {role} here."))
}

fn cannot(who: &str) -> String {
    say(format!("{who} kan niet wanneer de anderen kunnen."), format!("{who} cannot when the others can."))
}

fn together() -> String {
    say(
        "Er is geen tijdstip waarop allen kunnen; dat ligt niet aan één van hen.".into(),
        "There is no time at which all can, and no single one of them is the reason.".into(),
    )
}

fn late() -> String {
    say("Dit tijdstip is net bezet geraakt.".into(), "This time has just been taken.".into())
}

/// Picks the Dutch or the English of a pair.
pub(super) fn say(dutch: String, english: String) -> String {
    match language() {
        Language::Dutch => dutch,
        Language::English => english,
    }
}
