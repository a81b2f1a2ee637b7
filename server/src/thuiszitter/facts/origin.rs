//! What a case says of itself, as entries of a log: when it is opened, and of a case from before there were logs.

use std::collections::{BTreeMap, VecDeque};

use chrono::NaiveDate;
use schakel_domain::thuiszitter::{
    AbsenceGround, AbsenceKind, Enrolment, EscalationLevel, Event, MissedTime, Moment, Said, Stage, next,
};
use strum::IntoEnumIterator;

use crate::{
    access::{authenticate::today, circle::Circle},
    thuiszitter::case::Case,
};

/// What the first day of an absence is: of one that only threatens it is worry, not absence.
pub(super) fn beginning(kind: AbsenceKind) -> Moment {
    if kind == AbsenceKind::Dreigend { Moment::Signalled } else { Moment::FirstAbsenceDay }
}

/// The level with that number; 4 for any beyond.
pub(in crate::thuiszitter) fn level(number: u8) -> EscalationLevel {
    EscalationLevel::iter().nth(usize::from(number)).unwrap_or(EscalationLevel::L4)
}

/// What was established of it. Since when it has a school and lives where it does, nobody said.
pub(super) fn said_by(case: &Case, circle: &Circle) -> Vec<Said> {
    let absence = &case.absence;
    let enrolled = circle.school.is_some() && absence.kind != AbsenceKind::Absoluut;
    let enrolment = if enrolled { Enrolment::Enrolled } else { Enrolment::NotEnrolled };
    let mut said = vec![
        Said::Enrolment(NaiveDate::MIN, enrolment),
        Said::Kind(absence.first_day, absence.kind),
        Said::Happened(beginning(absence.kind), absence.first_day),
    ];
    said.extend(circle.gemeente.parse().ok().map(|gemeente| Said::Residence(NaiveDate::MIN, gemeente)));
    if absence.kind != AbsenceKind::Dreigend {
        said.push(Said::Happened(Moment::Signalled, today(case.opened)));
    }
    let missed = absence.hours.iter().map(|missed| {
        let minutes = u16::from(missed.hours) * 60;
        Said::Missed(MissedTime { date: missed.date, minutes, ground: AbsenceGround::Ongeoorloofd })
    });
    said.extend(missed);
    let moments = &case.milestones.moments;
    said.extend(moments.iter().map(|(moment, on)| Said::Happened(*moment, *on)));
    if case.milestones.extended
        && let Some(&asked) = moments.get(&Moment::AdmissionRequested)
    {
        // That it was announced is known, not when: it is taken as in time.
        said.push(Said::Happened(Moment::AdmissionExtended, asked));
    }
    if let Some(&agreed) = moments.get(&Moment::OppMade) {
        // The date is that of the agreement with the parents.
        said.push(Said::Happened(Moment::ActionPartAgreed, agreed));
    }
    said
}

/// What was decided of it, on the day that it was opened: a shortest way to its stage.
pub(super) fn decided(case: &Case) -> Vec<Said> {
    let day = today(case.opened);
    let mut said: Vec<_> = road(case.stage).into_iter().map(|event| Said::Step(day, event)).collect();
    if case.level > 0 {
        said.push(Said::Level(day, level(case.level)));
    }
    said.extend(case.outcome.map(|(outcome, date)| Said::Ended(date, outcome)));
    said
}

/// Steps that lead from the first stage to `stage`, as few as there are.
fn road(stage: Stage) -> Vec<Event> {
    let mut roads: BTreeMap<Stage, Vec<Event>> = BTreeMap::from([(Stage::Signaal, Vec::new())]);
    let mut open = VecDeque::from([Stage::Signaal]);
    while let Some(from) = open.pop_front() {
        let road = roads.get(&from).cloned().unwrap_or_default();
        for event in Event::iter() {
            if let Ok(to) = next(from, event)
                && !roads.contains_key(&to)
            {
                roads.insert(to, road.iter().copied().chain([event]).collect());
                open.push_back(to);
            }
        }
    }
    roads.remove(&stage).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_has_a_road_to_it() {
        for stage in Stage::iter() {
            let reached = road(stage).into_iter().try_fold(Stage::Signaal, next);
            assert_eq!(reached, Ok(stage));
        }
        assert_eq!(road(Stage::Gesloten), [Event::OutcomeRecorded]);
    }

    #[test]
    fn levels_are_numbered() {
        for (number, expected) in (0..).zip(EscalationLevel::iter()) {
            assert_eq!(level(number), expected);
        }
        assert_eq!(level(9), EscalationLevel::L4);
    }
}
