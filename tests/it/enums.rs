//! Every word of the wire is a word of the domain, and back: a new one cannot be forgotten on either side.

use std::{fmt::Display, str::FromStr};

use schakel_domain::{
    access::{Class, Hold, Role, consent},
    availability::{AbsenceKind, wishes::SupporterKind},
    consultation::{
        Agreement, Answer, ChildHeard, DeclineReason, JgtHulpGewenst, Kind, ParentException, Place,
        ShortNotice, State,
        kinds::{About, Priority, Record},
        poll, proposal,
        series::{Mode, OnClosed},
        waiting,
        year::{Step, cycle},
    },
    directory::import::cell::{AreaKind, ClusterKind, TeamKind},
    dutch::{HolidayRegion, consent_age::ConsentHolder},
    feed::{Detail, ScopeKind},
    hulpvraag,
    ids::{ConsultationId, PersonId, TeamId},
    invitation::Sample,
    monitor::{self, report, survey},
    privacy, subscription, thuiszitter,
};
use schakel_proto::v1 as pb;
use schakel_server::{
    access::{circle::Gezag, organisation::OrganisationKind},
    availability::import::ImportKind as CalendarFile,
    directory::import::ImportKind as RegisterFile,
    wire::enums::{bare, number},
};
use uuid::Uuid;

/// No enum has numbers beyond this.
const FARTHEST: i32 = 200;

/// The wire's words without their prefix, 0 left out; each is read as a domain value and
/// written back as itself.
fn words<W, T>(prefix: &str, name: fn(&W) -> &'static str, from: fn(&str) -> Option<W>) -> Vec<String>
where
    W: TryFrom<i32> + Into<i32>,
    T: FromStr + Display,
{
    let values = (1..FARTHEST).filter_map(|at| Some((at, W::try_from(at).ok()?)));
    let told = values.map(|(at, value)| {
        let value: T = bare::<W, T>(name(&value)).unwrap_or_else(|| panic!("{} means nothing", name(&value)));
        assert_eq!(number(prefix, &value.to_string(), from), at, "{value} is not written as it is read");
        value.to_string()
    });
    told.collect()
}

/// `words` as a set, and all that the domain knows.
fn agree(wire: Vec<String>, domain: impl IntoIterator<Item = impl ToString>) {
    let sorted = |mut words: Vec<String>| {
        words.sort();
        words
    };
    let domain = domain.into_iter().map(|value| value.to_string()).collect();
    assert_eq!(sorted(wire), sorted(domain), "left on the wire, right in the domain");
}

macro_rules! mirrors {
    ($($test:ident: $wire:ty, $prefix:literal => $domain:ty, $all:expr;)*) => {$(
        #[test]
        fn $test() {
            agree(words::<$wire, $domain>($prefix, <$wire>::as_str_name, <$wire>::from_str_name), $all);
        }
    )*};
}

/// All values of an enum.
fn all<T: Copy + strum::IntoEnumIterator>() -> impl Iterator<Item = T> {
    T::iter()
}

mirrors! {
    roles: pb::Role, "ROLE" => Role, all::<Role>();
    kinds_of_meetings: pb::consultation::Kind, "KIND" => Kind, all::<Kind>();
    states_of_meetings: pb::consultation::State, "STATE" => State, all::<State>();
    letters: pb::preview_letter_request::Kind, "KIND" => Sample, all::<Sample>();
    places: pb::consultation::Place, "PLACE" => Place, all::<Place>();
    parent_exceptions: pb::consultation::ParentException, "PARENT_EXCEPTION"
        => ParentException, all::<ParentException>();
    closed_days_of_series: pb::series::OnClosed, "ON_CLOSED" => OnClosed, all::<OnClosed>();
    modes_of_booking: pb::BookingMode, "BOOKING_MODE" => Mode, all::<Mode>();
    states_of_proposals: pb::time_poll::State, "STATE" => poll::State, all::<poll::State>();
    kinds_of_counter_proposals: pb::proposal::Kind, "KIND" => proposal::Kind, all::<proposal::Kind>();
    states_of_counter_proposals: pb::proposal::State, "STATE" => proposal::State, all::<proposal::State>();
    sources_of_counter_proposals: pb::proposal::Source, "SOURCE" => proposal::Source, all::<proposal::Source>();
    reasons_of_a_no: pb::participant::DeclineReason, "DECLINE_REASON" => DeclineReason, all::<DeclineReason>();
    votes: pb::time_poll::Vote, "VOTE" => poll::Vote, all::<poll::Vote>();
    supporters: pb::parent_wishes::supporter::Kind, "KIND" => SupporterKind, all::<SupporterKind>();
    short_notices: pb::consultation::ShortNotice, "SHORT_NOTICE" => ShortNotice, all::<ShortNotice>();
    agreements: pb::outcome::Agreement, "AGREEMENT" => Agreement, all::<Agreement>();
    priorities: pb::kind_rules::Priority, "PRIORITY" => Priority, all::<Priority>();
    what_kinds_are_about: pb::kind_rules::About, "ABOUT" => About, all::<About>();
    what_kinds_record: pb::kind_rules::Record, "RECORD" => Record, all::<Record>();
    answers: pb::participant::Answer, "ANSWER" => Answer, all::<Answer>();
    help_wanted: pb::outcome::JgtHulpGewenst, "JGT_HULP_GEWENST" => JgtHulpGewenst, all::<JgtHulpGewenst>();
    children_heard: pb::outcome::ChildHeard, "CHILD_HEARD" => ChildHeard, all::<ChildHeard>();
    absences_of_professionals: pb::absence::Kind, "KIND" => AbsenceKind, all::<AbsenceKind>();
    urgencies: pb::waiting_entry::Urgency, "URGENCY" => waiting::Urgency, all::<waiting::Urgency>();
    states_of_waiting: pb::waiting_entry::State, "STATE" => waiting::State, all::<waiting::State>();
    holiday_regions: pb::HolidayRegion, "HOLIDAY_REGION" => HolidayRegion, all::<HolidayRegion>();
    kinds_of_teams: pb::team::Kind, "KIND" => TeamKind, all::<TeamKind>();
    kinds_of_work_areas: pb::team::work_area::Kind, "KIND" => AreaKind, all::<AreaKind>();
    kinds_of_clusters: pb::cluster::Kind, "KIND" => ClusterKind, all::<ClusterKind>();
    kinds_of_organisations: pb::organisation::Kind, "KIND" => OrganisationKind, all::<OrganisationKind>();
    exceptions_of_consent: pb::consent::Exception, "EXCEPTION" => consent::Exception, all::<consent::Exception>();
    classes_of_consent: pb::DataClass, "DATA_CLASS" => Class, all::<Class>().filter(|class| consent::GIVEN.has(*class));
    kinds_of_changes: pb::case_change::Kind, "KIND" => thuiszitter::ChangeKind, all::<thuiszitter::ChangeKind>();
    states_of_subscriptions: pb::subscription::State, "STATE" => subscription::State, all::<subscription::State>();
    scopes_of_feeds: pb::feed::Scope, "SCOPE" => ScopeKind, all::<ScopeKind>();
    details_of_feeds: pb::feed::Detail, "DETAIL" => Detail, all::<Detail>();
    moments: pb::Moment, "MOMENT" => thuiszitter::Moment, all::<thuiszitter::Moment>();
    grounds_of_absence: pb::AbsenceGround, "ABSENCE_GROUND"
        => thuiszitter::AbsenceGround, all::<thuiszitter::AbsenceGround>();
    grounds_of_exemption: pb::ExemptionGround, "EXEMPTION_GROUND"
        => thuiszitter::ExemptionGround, all::<thuiszitter::ExemptionGround>();
    circumstances: pb::Circumstance, "CIRCUMSTANCE"
        => thuiszitter::Circumstance, all::<thuiszitter::Circumstance>();
    states_of_decisions: pb::decision::State, "STATE"
        => thuiszitter::escalation::Compliance, all::<thuiszitter::escalation::Compliance>();
    what_views_are_about: pb::case_view::About, "ABOUT"
        => thuiszitter::view::About, all::<thuiszitter::view::About>();
    what_is_asked_of_partners: pb::information_request::Kind, "KIND"
        => thuiszitter::information::InformationKind, all::<thuiszitter::information::InformationKind>();
    states_of_questions_to_partners: pb::information_request::State, "STATE"
        => thuiszitter::information::InformationState, all::<thuiszitter::information::InformationState>();
    states_of_hand_overs: pb::handover::State, "STATE"
        => thuiszitter::handover::HandoverState, all::<thuiszitter::handover::HandoverState>();
    reasons_to_give_a_hand_over_back: pb::handover::Reason, "REASON"
        => thuiszitter::handover::HandoverReason, all::<thuiszitter::handover::HandoverReason>();
    sides_of_hand_overs: pb::handover::Side, "SIDE"
        => thuiszitter::handover::HandoverSide, all::<thuiszitter::handover::HandoverSide>();
    kinds_of_tracks: pb::track::Kind, "KIND"
        => thuiszitter::track::TrackKind, all::<thuiszitter::track::TrackKind>();
    grounds_of_tracks: pb::track::Ground, "GROUND"
        => thuiszitter::track::TrackGround, all::<thuiszitter::track::TrackGround>();
    states_of_tracks: pb::track::State, "STATE"
        => thuiszitter::track::TrackState, all::<thuiszitter::track::TrackState>();
    outcomes_of_tracks: pb::track::Outcome, "OUTCOME"
        => thuiszitter::track::TrackOutcome, all::<thuiszitter::track::TrackOutcome>();
    steps_of_tracks: pb::track::step::Kind, "KIND"
        => thuiszitter::track::TrackStep, all::<thuiszitter::track::TrackStep>();
    enrolments: pb::Enrolment, "ENROLMENT" => thuiszitter::Enrolment, all::<thuiszitter::Enrolment>();
    steps_of_cases: pb::CaseStep, "CASE_STEP" => thuiszitter::Event, all::<thuiszitter::Event>();
    kinds_of_reports: pb::DuoKind, "DUO_KIND" => thuiszitter::DuoKind, all::<thuiszitter::DuoKind>();
    holders_of_consent: pb::ConsentHolder, "CONSENT_HOLDER" => ConsentHolder, all::<ConsentHolder>();
    gezag: pb::case::parent::Gezag, "GEZAG" => Gezag, all::<Gezag>();
    holds: pb::case_rights::Hold, "HOLD" => Hold, all::<Hold>();
    requesters: pb::Requester, "REQUESTER" => privacy::Requester, all::<privacy::Requester>();
    grounds_of_restriction: pb::RestrictionGround, "RESTRICTION_GROUND"
        => privacy::RestrictionGround, all::<privacy::RestrictionGround>();
    grounds_of_erasure: pb::ErasureGround, "ERASURE_GROUND"
        => privacy::ErasureGround, all::<privacy::ErasureGround>();
    classes_of_retention: pb::RetentionClass, "RETENTION_CLASS"
        => privacy::RetentionClass, all::<privacy::RetentionClass>();
    ends_of_waiting: pb::WaitingEnd, "WAITING_END" => monitor::End, all::<monitor::End>();
    reports: pb::ReportKind, "REPORT_KIND" => report::Kind, all::<report::Kind>();
    sources_of_hours: pb::HoursSource, "HOURS_SOURCE" => report::Source, all::<report::Source>();
    plans_of_policy: pb::PlanKind, "PLAN_KIND" => cycle::Plan, all::<cycle::Plan>();
    steps_to_a_plan: pb::PlanStep, "PLAN_STEP" => Step, all::<Step>();
    states_of_milestones: pb::plan_milestone::State, "STATE" => cycle::Progress, all::<cycle::Progress>();
    forms_of_questions: pb::survey_question::Form, "FORM" => survey::Form, all::<survey::Form>();
    states_of_surveys: pb::survey::State, "STATE" => survey::State, all::<survey::State>();
    gaps_of_supply: pb::SupplyGap, "SUPPLY_GAP" => report::Gap, all::<report::Gap>();
    categories_of_signals: pb::signal::Category, "CATEGORY"
        => monitor::signal::Category, all::<monitor::signal::Category>();
    states_of_signals: pb::signal::State, "STATE"
        => monitor::signal::State, all::<monitor::signal::State>();
    units_of_indicators: pb::indicator::Unit, "UNIT"
        => monitor::indicator::Unit, all::<monitor::indicator::Unit>();
    directions_of_indicators: pb::indicator::Direction, "DIRECTION"
        => monitor::indicator::Direction, all::<monitor::indicator::Direction>();
    verdicts_of_indicators: pb::IndicatorVerdict, "INDICATOR_VERDICT"
        => monitor::indicator::Verdict, all::<monitor::indicator::Verdict>();
    categories_of_questions: pb::hulpvraag::Category, "CATEGORY"
        => hulpvraag::Category, all::<hulpvraag::Category>();
    starts_of_terms: pb::retention_term::Start, "START" => privacy::Start, all::<privacy::Start>();
}

/// The wire's names without prefix, 0 left out.
fn names<W: TryFrom<i32>>(prefix: &str, name: fn(&W) -> &'static str) -> Vec<String> {
    let values = (1..FARTHEST).filter_map(|at| W::try_from(at).ok());
    values.map(|value| name(&value).strip_prefix(prefix).unwrap().to_owned()).collect()
}

#[test]
fn states_of_requests() {
    use hulpvraag::State::{Accepted, Declined, Done, Forwarded, Planned, Requested};
    let (by, consultation) = (PersonId(Uuid::nil()), ConsultationId(Uuid::nil()));
    let states = [
        Requested,
        Forwarded { to: TeamId(Uuid::nil()) },
        Accepted { by },
        Declined,
        Planned { by, consultation },
        Done { by, consultation: None },
    ];
    let told = states.map(|state| match state {
        Requested | Forwarded { .. } | Accepted { .. } | Declined | Planned { .. } | Done { .. } => {
            <&str>::from(state)
        }
    });
    agree(names("STATE_", pb::hulpvraag::State::as_str_name), told);
}

/// Where a word of the wire is not the domain's own, the translator's own tests compare them;
/// here only that none is left over.
#[test]
fn words_of_cases() {
    agree(names("STAGE_", pb::Stage::as_str_name), all::<thuiszitter::Stage>());
    let outcomes = names("CASE_OUTCOME_", pb::CaseOutcome::as_str_name);
    assert_eq!(outcomes.len(), all::<thuiszitter::Outcome>().count());
    let deadlines = names("STATE_", pb::timeline::deadline::State::as_str_name);
    agree(deadlines, all::<thuiszitter::DeadlineState>());
    agree(names("KIND_", pb::timeline::deadline::Kind::as_str_name), all::<thuiszitter::NormKind>());
}

#[test]
fn kinds_of_files() {
    let known = all::<RegisterFile>().map(|kind| kind.to_string());
    let known = known.chain(all::<CalendarFile>().map(|kind| kind.to_string()));
    agree(names("KIND_", pb::import_request::Kind::as_str_name), known);
}
