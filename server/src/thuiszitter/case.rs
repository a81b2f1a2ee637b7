//! A case as it stands in the register: what its log of facts comes to at present.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    consultation,
    ids::{CaseId, PersonId},
    text::{FreeText, Name},
    thuiszitter::{AbsenceKind, Moment, Outcome, Stage, escalation::rungs, home_until},
};

use super::facts::level_of;
use crate::{access::authenticate::today, consultation::meeting::Meeting};

/// Whether anybody works on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Yes.
    Open,
    /// It has an outcome.
    Closed,
}

/// Hours missed on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Missed {
    /// The day.
    pub date: NaiveDate,
    /// 1 to 12.
    pub hours: u8,
}

/// The absence as somebody established it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// Why the child is not at school.
    pub kind: AbsenceKind,
    /// Since when, or since when that threatens.
    pub first_day: NaiveDate,
    /// What was missed without a valid reason, a day once.
    pub hours: Vec<Missed>,
}

/// What happened and when, as the profile's norms name it.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Milestones {
    /// The dates.
    pub moments: BTreeMap<Moment, NaiveDate>,
    /// Whether the school announced that it needs the second term for its decision.
    pub extended: bool,
}

/// The moments that people enter; the others follow from what the case goes through.
pub const ENTERED: [Moment; 9] = [
    Moment::Enrolled,
    Moment::ExtraSupportDecided,
    Moment::OppMade,
    Moment::AdmissionRequested,
    Moment::AdmissionDecided,
    Moment::ReportedToDuo,
    Moment::OfferMade,
    Moment::ChildHeard,
    Moment::OppRegistered,
];

/// What ends with an absence: after a relapse it happened to the one before.
pub(super) const ENDED: [Moment; 5] = [
    Moment::Returned,
    Moment::AttendanceStable,
    Moment::AftercareFirst,
    Moment::AftercareSecond,
    Moment::AftercareLast,
];

impl Milestones {
    /// Takes over what was entered anew; what the case went through stays.
    pub fn enter(&mut self, entered: Self) {
        self.moments.retain(|moment, _| !ENTERED.contains(moment));
        self.moments.extend(entered.moments);
        self.extended = entered.extended;
    }
}

/// By what a case is known in another system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExternalReference {
    /// Which system.
    pub system: Name,
    /// By what it is known there.
    pub id: Name,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Which.
    pub id: CaseId,
    /// The spoken reference.
    pub reference: String,
    /// Open or closed.
    pub state: State,
    /// Where the work stands.
    pub stage: Stage,
    /// 0 to 4.
    pub level: u8,
    /// By which the child is found again.
    pub child_index: Vec<u8>,
    /// Why and since when.
    pub absence: Absence,
    /// What happened.
    pub milestones: Milestones,
    /// What the school asks.
    pub question: Option<FreeText>,
    /// Who keeps it together.
    pub regisseur: Option<PersonId>,
    /// When something happens next.
    pub next_action: Option<NaiveDate>,
    /// How it ended, and the day of the evidence.
    pub outcome: Option<(Outcome, NaiveDate)>,
    /// When it was opened.
    pub opened: DateTime<Utc>,
    /// When it was closed.
    pub closed: Option<DateTime<Utc>>,
    /// How often it was reopened.
    pub reopened: i32,
    /// The etag.
    pub version: i32,
    /// By what it is known elsewhere.
    pub external: Vec<ExternalReference>,
}

impl Case {
    /// Calendar days from the first day to the return or the outcome, whichever came first, or to today.
    pub fn days_absent(&self, today: NaiveDate) -> i32 {
        let until = self.outcome.map_or(today, |(_, date)| date);
        let back = self.milestones.moments.get(&Moment::Returned).copied();
        let until = home_until(self.absence.first_day, back, until);
        i32::try_from((until - self.absence.first_day).num_days().max(0)).unwrap_or(i32::MAX)
    }

    /// Raises or lowers the level; every level that is reached has a date from then on.
    pub fn escalate(&mut self, level: u8, today: NaiveDate) {
        for moment in rungs(level_of(self.level), level_of(level)) {
            self.milestones.moments.insert(moment, today);
        }
        self.level = level;
    }
}

/// The moment that a meeting is, once it was held.
pub(super) fn held(meeting: &Meeting) -> Option<(Moment, NaiveDate)> {
    use consultation::Kind;
    let moment = match meeting.kind {
        Kind::Verzuimgesprek => Moment::SchoolTalkHeld,
        Kind::Consult => Moment::ConsultHeld,
        Kind::Ondersteuningsteam => Moment::OtHeld,
        Kind::Rondetafel => Moment::RondetafelHeld,
        Kind::WarmeOverdracht => Moment::WarmlyHandedOver,
        Kind::Mdo
        | Kind::Crisis
        | Kind::Terugkeer
        | Kind::Evaluatie
        | Kind::Nazorg
        | Kind::Kennismaking
        | Kind::Intake
        | Kind::Rok
        | Kind::Clusterraad
        | Kind::OogoBestuurlijk
        | Kind::OogoAmbtelijk
        | Kind::BocBezoek
        | Kind::OppEvaluatie
        | Kind::SmwBlok
        | Kind::JgzConsult
        | Kind::Huisbezoek
        | Kind::TlvOverleg
        | Kind::AnoniemConsult => return None,
    };
    (meeting.state == consultation::State::Held).then(|| (moment, today(meeting.time.start())))
}
