//! The stages of a case and the events that move it between them.

use Stage::{
    Arrangement, Consult, Gesloten, Leerplichtonderzoek, Melding, Nazorg, Plan, Rondetafel, Signaal,
    Terugkeer,
};

use crate::{
    access::Role,
    refusal::{Language, Refusal},
};

/// Where the work on a case stands. Not a reporting category and not an outcome: those
/// are derived and recorded apart. Ordered as the work usually goes.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumCount,
    strum::EnumIter,
    strum::IntoStaticStr,
    serde::Serialize,
    serde::Deserialize,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Stage {
    /// S0: worrying absence, or staying at home threatens.
    Signaal,
    /// S1: the school asks school social work or youth health care.
    Consult,
    /// S2: reported to DUO (LPW art. 21a), or parents refuse.
    Melding,
    /// S3: the leerplichtambtenaar investigates (LPW art. 22).
    Leerplichtonderzoek,
    /// S4: everyone at one table, to come to one plan and one regisseur.
    Rondetafel,
    /// S5: the plan is carried out.
    Plan,
    /// S6: a place, a toelaatbaarheidsverklaring or care is being arranged.
    Arrangement,
    /// S7: back, building up.
    Terugkeer,
    /// S8: stable, with check points.
    Nazorg,
    /// S9: an outcome is recorded.
    Gesloten,
}

impl Stage {
    /// As people say it.
    #[must_use]
    pub fn name(self, language: Language) -> &'static str {
        let (dutch, english) = match self {
            Signaal => ("Signaal", "Signal"),
            Consult => ("Advies gevraagd", "Advice asked"),
            Melding => ("Gemeld", "Reported"),
            Leerplichtonderzoek => ("Onderzoek leerplicht", "Attendance inquiry"),
            Rondetafel => ("Rondetafel", "Round table"),
            Plan => ("Plan loopt", "Plan under way"),
            Arrangement => ("Plek of hulp regelen", "Arranging a place or help"),
            Terugkeer => ("Terug op school", "Returning to school"),
            Nazorg => ("Nazorg", "Aftercare"),
            Gesloten => ("Gesloten", "Closed"),
        };
        match language {
            Language::Dutch => dutch,
            Language::English => english,
        }
    }
}

/// What happened to a case that may move it.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Event {
    /// The school asked for advice.
    ConsultAsked,
    /// The head reported the absence, or the gemeente found a child without school.
    Reported,
    /// The leerplichtambtenaar took the report up.
    InvestigationOpened,
    /// A rondetafel was called, for the first time or because the plan is stuck.
    RondetafelCalled,
    /// A plan was agreed, or adjusted after the return or placement failed.
    PlanAgreed,
    /// What is needed exceeds the school: a place or provision is sought.
    PlaceSought,
    /// The first attended day.
    Returned,
    /// The build-up is complete.
    AttendanceStable,
    /// Absent again.
    Relapsed,
    /// An outcome was recorded.
    OutcomeRecorded,
}

/// The stage after the event, else `STAGE_NOT_ALLOWED`.
///
/// Work may skip stages forward; it goes back only to another rondetafel, and after a
/// relapse, always in the same case: from the return or aftercare to the plan, which
/// still exists; from a closed case to the signal, since what is needed now is unknown.
pub fn next(stage: Stage, event: Event) -> Result<Stage, Refusal> {
    match (event, stage) {
        (Event::ConsultAsked, Signaal) => Ok(Consult),
        (Event::Reported, Signaal | Consult) => Ok(Melding),
        (Event::InvestigationOpened, Melding) => Ok(Leerplichtonderzoek),
        (Event::RondetafelCalled, Signaal | Consult | Melding | Leerplichtonderzoek | Plan | Arrangement) => {
            Ok(Rondetafel)
        }
        (Event::PlanAgreed, Consult | Leerplichtonderzoek | Rondetafel | Arrangement | Terugkeer)
        | (Event::Relapsed, Terugkeer | Nazorg) => Ok(Plan),
        (Event::PlaceSought, Leerplichtonderzoek | Rondetafel | Plan) => Ok(Arrangement),
        (
            Event::Returned,
            Signaal | Consult | Melding | Leerplichtonderzoek | Rondetafel | Plan | Arrangement,
        ) => Ok(Terugkeer),
        (Event::AttendanceStable, Terugkeer) => Ok(Nazorg),
        (Event::Relapsed, Gesloten) => Ok(Signaal),
        (
            Event::OutcomeRecorded,
            Signaal | Consult | Melding | Leerplichtonderzoek | Rondetafel | Plan | Arrangement | Terugkeer
            | Nazorg,
        ) => Ok(Gesloten),
        (
            Event::ConsultAsked
            | Event::Reported
            | Event::InvestigationOpened
            | Event::RondetafelCalled
            | Event::PlanAgreed
            | Event::PlaceSought
            | Event::Returned
            | Event::AttendanceStable
            | Event::Relapsed
            | Event::OutcomeRecorded,
            Signaal | Consult | Melding | Leerplichtonderzoek | Rondetafel | Plan | Arrangement | Terugkeer
            | Nazorg | Gesloten,
        ) => Err(Refusal::StageNotAllowed),
    }
}

/// Who has the next move in a stage, most responsible first; a case's regisseur comes
/// before all of them where there is one.
#[must_use]
pub fn acts(stage: Stage) -> &'static [Role] {
    match stage {
        Signaal | Terugkeer => &[Role::Iber, Role::Zorgcoordinator],
        Consult => {
            &[Role::Iber, Role::Zorgcoordinator, Role::Smw, Role::Jeugdarts, Role::Jeugdverpleegkundige]
        }
        Melding => &[Role::Directeur, Role::Leerplichtambtenaar],
        Leerplichtonderzoek => &[Role::Leerplichtambtenaar],
        Rondetafel => &[Role::Thuiszitterscoordinator, Role::SwvAdviseur, Role::Leerplichtambtenaar],
        Plan => &[Role::Trajectbegeleider, Role::Iber, Role::Zorgcoordinator, Role::Smw],
        Arrangement => &[Role::TlvCommissie, Role::Directeur, Role::Indicatiesteller],
        Nazorg => &[Role::Iber, Role::Zorgcoordinator, Role::Smw],
        Gesloten => &[],
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, str::FromStr};

    use strum::IntoEnumIterator;

    use super::*;

    /// A row per event: for each stage S0 to S9 the number of the next, or `.` if refused.
    const TABLE: [(Event, &str); 10] = [
        (Event::ConsultAsked, "1........."),
        (Event::Reported, "22........"),
        (Event::InvestigationOpened, "..3......."),
        (Event::RondetafelCalled, "4444.44..."),
        (Event::PlanAgreed, ".5.55.55.."),
        (Event::PlaceSought, "...666...."),
        (Event::Returned, "7777777..."),
        (Event::AttendanceStable, ".......8.."),
        (Event::Relapsed, ".......550"),
        (Event::OutcomeRecorded, "999999999."),
    ];

    #[test]
    fn every_event_in_every_stage_does_what_the_table_says() {
        assert_eq!(TABLE.map(|(event, _)| event).to_vec(), Event::iter().collect::<Vec<_>>());
        for (event, row) in TABLE {
            for (stage, cell) in Stage::iter().zip(row.chars()) {
                let expected = cell
                    .to_digit(10)
                    .and_then(|n| Stage::iter().nth(n as usize))
                    .ok_or(Refusal::StageNotAllowed);
                assert_eq!(next(stage, event), expected, "{event} in {stage}");
            }
        }
    }

    #[test]
    fn every_case_can_reach_every_stage_and_be_closed_and_reopened() {
        for start in Stage::iter() {
            let mut reached = BTreeSet::from([start]);
            for _ in Stage::iter() {
                let step: Vec<_> = reached
                    .iter()
                    .flat_map(|&stage| Event::iter().filter_map(move |event| next(stage, event).ok()))
                    .collect();
                reached.extend(step);
            }
            assert_eq!(reached.len(), Stage::iter().count(), "from {start}");
        }
    }

    #[test]
    fn a_stage_that_waits_names_who_acts() {
        for stage in Stage::iter() {
            assert_eq!(acts(stage).is_empty(), stage == Stage::Gesloten, "{stage}");
            assert_eq!(Stage::from_str(&stage.to_string()), Ok(stage));
        }
    }
}
