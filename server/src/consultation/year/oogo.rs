//! The road to an ondersteuningsplan: milestones back from the Inspectie, and overleg between them.

use schakel_domain::{
    consultation::{
        Kind,
        series::{Closed, Mode},
        year::{Milestone, Step, Stretch, milestones},
    },
    refusal::Refusal,
};
use schakel_proto::v1::{self as pb, consultation::Kind as WireKind, plan_oogo_response as wire};

use super::{
    answer::say,
    propose::{Proposal, propose},
    question::{SeatWish, What, seats, what},
    tables::{lay_region, region_closed},
};
use crate::{consultation::series::wire::mode, error::Result, store::Read, wire::fields::Fields};

const MOST_ROUNDS: i32 = 6;

/// Rounds of overleg of one sort.
#[derive(Debug, Clone)]
pub(super) struct Rounds {
    step: Step,
    times: usize,
    kind: Option<Kind>,
    seats: Vec<SeatWish>,
}

/// What is asked.
#[derive(Debug, Clone)]
pub(super) struct Question {
    year: i32,
    ambtelijk: Rounds,
    bestuurlijk: Rounds,
    what: What,
    pub(super) mode: Mode,
}

impl Question {
    /// Reads it.
    pub(super) fn read(fields: &mut Fields, wire: &pb::PlanOogoRequest) -> Option<Self> {
        if !(2020..2100).contains(&wire.year) {
            fields.refuse("year", Refusal::TimeOutOfBounds);
        }
        let ambtelijk = rounds(
            fields,
            ("ambtelijk", Step::OogoAmbtelijk),
            (wire.ambtelijk_rounds, wire.ambtelijk_kind),
            &wire.ambtelijk_seats,
        );
        let bestuurlijk = rounds(
            fields,
            ("bestuurlijk", Step::OogoBestuurlijk),
            (wire.bestuurlijk_rounds, wire.bestuurlijk_kind),
            &wire.bestuurlijk_seats,
        );
        let what = what(fields, wire.duration.as_ref(), wire.place);
        let mode = mode(fields, wire.mode, wire.dry_run);
        Some(Self {
            year: wire.year,
            ambtelijk: ambtelijk?,
            bestuurlijk: bestuurlijk?,
            what: what?,
            mode: mode?,
        })
    }
}

fn rounds(
    fields: &mut Fields,
    (name, step): (&str, Step),
    (times, kind): (i32, i32),
    wire: &[pb::PlanSeat],
) -> Option<Rounds> {
    if !(0..=MOST_ROUNDS).contains(&times) {
        fields.refuse(format!("{name}_rounds"), Refusal::FieldInvalid);
    }
    let times = usize::try_from(times).unwrap_or_default();
    let seats = seats(fields, &format!("{name}_seats"), wire);
    if times == 0 {
        return Some(Rounds { step, times, kind: None, seats: seats? });
    }
    let kind = fields.choice(format!("{name}_kind"), kind, WireKind::as_str_name);
    if wire.is_empty() {
        fields.refuse(format!("{name}_seats"), Refusal::FieldRequired);
    }
    Some(Rounds { step, times, kind: Some(kind?), seats: seats? })
}

/// The milestones, on days on which no school of the region has holidays.
pub(super) async fn road(read: &Read, question: &Question) -> Result<(Closed, Vec<Milestone>)> {
    let closed = region_closed(read).await?;
    let times = (question.ambtelijk.times, question.bestuurlijk.times);
    let steps = milestones(question.year, times, |day| closed.is_open_weekday(day));
    Ok((closed, steps))
}

/// Times for the rounds of overleg on the road.
pub(super) async fn plan(
    read: &Read,
    question: &Question,
    (closed, steps): &(Closed, Vec<Milestone>),
) -> Result<Proposal> {
    let mut tables = Vec::new();
    for rounds in [&question.ambtelijk, &question.bestuurlijk] {
        let Some(kind) = rounds.kind else { continue };
        let own = steps.iter().filter(|one| one.step == rounds.step);
        let stretches: Vec<Stretch> = own.filter_map(|one| one.stretch).collect();
        tables.push(lay_region(read, (kind, question.what.place, &rounds.seats), (closed, stretches)).await?);
    }
    propose(read, question.what, tables).await
}

/// A milestone in words.
pub(super) fn to_wire(one: &Milestone) -> wire::Milestone {
    let text = match one.step {
        Step::Draft => say(
            "Het concept gaat naar gemeenten en scholen.".into(),
            "The draft goes to gemeenten and schools.".into(),
        ),
        Step::OogoAmbtelijk => say(
            format!("Ambtelijk overleg, ronde {}.", one.round),
            format!("Overleg of officials, round {}.", one.round),
        ),
        Step::OogoBestuurlijk => say(
            format!("Bestuurlijk overleg, ronde {}, gericht op overeenstemming.", one.round),
            format!("Overleg of the boards, round {}, aimed at agreement.", one.round),
        ),
        Step::OprConsent => say(
            "De ondersteuningsplanraad heeft ingestemd.".into(),
            "The ondersteuningsplanraad has consented.".into(),
        ),
        Step::Decision => say("Het bestuur stelt het plan vast.".into(), "The board adopts the plan.".into()),
        Step::ToInspectie => say(
            "Het plan is bij de Inspectie (vóór 1 mei).".into(),
            "The Inspectie has the plan (before 1 May).".into(),
        ),
    };
    wire::Milestone {
        step: one.step.to_string(),
        round: i32::try_from(one.round).unwrap_or(i32::MAX),
        due_date: one.due.to_string(),
        text,
    }
}
