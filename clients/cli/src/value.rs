//! What may stand behind an option, and what becomes of it on the wire.

use std::{convert::Infallible, ffi::OsStr, marker::PhantomData, str::FromStr};

use chrono::NaiveDate;
use clap::{
    Arg, Command,
    builder::{PossibleValue, TypedValueParser, ValueParserFactory},
};
use schakel_client::v1 as pb;

use crate::session::{Names, Outcome};

/// A resource name, or `@name` of the profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference(pub(crate) String);

impl FromStr for Reference {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

/// The same of an organisation, which may be a school or a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Organisation(Reference);

impl FromStr for Organisation {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        text.parse().map(Self)
    }
}

/// Turns an option into a field.
pub(crate) trait Value {
    type Wire;
    fn wire(self, names: &Names) -> Outcome<Self::Wire>;
}

impl Value for String {
    type Wire = String;

    fn wire(self, _: &Names) -> Outcome<String> {
        Ok(self)
    }
}

impl Value for i32 {
    type Wire = i32;

    fn wire(self, _: &Names) -> Outcome<i32> {
        Ok(self)
    }
}

impl Value for NaiveDate {
    type Wire = String;

    fn wire(self, _: &Names) -> Outcome<String> {
        Ok(self.to_string())
    }
}

impl Value for Reference {
    type Wire = String;

    fn wire(self, names: &Names) -> Outcome<String> {
        names.resolve(&self)
    }
}

impl Value for Organisation {
    type Wire = String;

    fn wire(self, names: &Names) -> Outcome<String> {
        names.organisation(&self.0)
    }
}

/// An enum of the protos: its name on the wire starts with a prefix that people need not type.
pub(crate) trait Enumerated: Copy + Send + Sync + 'static + TryFrom<i32> + Into<i32> {
    const PREFIX: &'static str;
    fn wire_name(self) -> &'static str;
}

/// A value of an enum, typed without its prefix and in any case: `smw` is `ROLE_SMW`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Choice<E>(pub(crate) E);

impl<E: Enumerated> Choice<E> {
    /// All that can be chosen; the numbers of the protos have no holes.
    fn all() -> impl Iterator<Item = E> {
        (1..).map_while(|number| E::try_from(number).ok())
    }

    fn bare(value: E) -> &'static str {
        let name = value.wire_name();
        name.strip_prefix(E::PREFIX).unwrap_or(name)
    }
}

impl<E: Enumerated> FromStr for Choice<E> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = text.replace('-', "_").to_uppercase();
        let wanted = wanted.strip_prefix(E::PREFIX).unwrap_or(&wanted);
        Self::all().find(|value| Self::bare(*value) == wanted).map(Self).ok_or_else(|| {
            let all: Vec<_> = Self::all().map(Self::bare).collect();
            format!("choose one of {}", all.join(", "))
        })
    }
}

/// Reads a choice, and lets help and completion tell what there is to choose.
#[derive(Clone)]
pub(crate) struct Choices<E>(PhantomData<E>);

impl<E: Enumerated> ValueParserFactory for Choice<E> {
    type Parser = Choices<E>;

    fn value_parser() -> Choices<E> {
        Choices(PhantomData)
    }
}

impl<E: Enumerated> TypedValueParser for Choices<E> {
    type Value = Choice<E>;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        text: &OsStr,
    ) -> Result<Choice<E>, clap::Error> {
        let read = <Choice<E> as FromStr>::from_str;
        TypedValueParser::parse_ref(&read, command, argument, text)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Choice::<E>::all().map(|value| PossibleValue::new(Choice::bare(value)))))
    }
}

impl<E: Enumerated> Value for Choice<E> {
    type Wire = i32;

    fn wire(self, _: &Names) -> Outcome<i32> {
        Ok(self.0.into())
    }
}

macro_rules! enumerated {
    ($($name:ty: $prefix:literal,)*) => {
        $(
            impl Enumerated for $name {
                const PREFIX: &'static str = $prefix;

                fn wire_name(self) -> &'static str {
                    self.as_str_name()
                }
            }
        )*
    };
}

enumerated! {
    pb::Role: "ROLE_",
    pb::HolidayRegion: "HOLIDAY_REGION_",
    pb::area::Kind: "KIND_",
    pb::cluster::Kind: "KIND_",
    pb::team::Kind: "KIND_",
    pb::team::work_area::Kind: "KIND_",
    pb::organisation::Kind: "KIND_",
    pb::absence::Kind: "KIND_",
    pb::Stage: "STAGE_",
    pb::Moment: "MOMENT_",
    pb::Enrolment: "ENROLMENT_",
    pb::AbsenceGround: "ABSENCE_GROUND_",
    pb::ExemptionGround: "EXEMPTION_GROUND_",
    pb::Circumstance: "CIRCUMSTANCE_",
    pb::decision::State: "STATE_",
    pb::case_view::About: "ABOUT_",
    pb::CaseOutcome: "CASE_OUTCOME_",
    pb::MonitorGroup: "MONITOR_GROUP_",
    pb::MonitorFormat: "MONITOR_FORMAT_",
    pb::MonitorPlot: "MONITOR_PLOT_",
    pb::WaitingEnd: "WAITING_END_",
    pb::ReportKind: "REPORT_KIND_",
    pb::HoursSource: "HOURS_SOURCE_",
    pb::provision::Audience: "AUDIENCE_",
    pb::indicator::Unit: "UNIT_",
    pb::Sector: "SECTOR_",
    pb::SupportWay: "SUPPORT_WAY_",
    pb::plan_goal::State: "STATE_",
    pb::indicator::Direction: "DIRECTION_",
    pb::signal::State: "STATE_",
    pb::signal::Category: "CATEGORY_",
    pb::survey_question::Form: "FORM_",
    pb::case::State: "STATE_",
    pb::case::absence::Kind: "KIND_",
    pb::case_change::Kind: "KIND_",
    pb::case::parent::Gezag: "GEZAG_",
    pb::consent::Exception: "EXCEPTION_",
    pb::consultation::Kind: "KIND_",
    pb::consultation::Place: "PLACE_",
    pb::consultation::ParentException: "PARENT_EXCEPTION_",
    pb::consultation::ShortNotice: "SHORT_NOTICE_",
    pb::feed::Scope: "SCOPE_",
    pb::feed::Detail: "DETAIL_",
    pb::outcome::Agreement: "AGREEMENT_",
    pb::participant::Answer: "ANSWER_",
    pb::outcome::ChildHeard: "CHILD_HEARD_",
    pb::outcome::JgtHulpGewenst: "JGT_HULP_GEWENST_",
    pb::hulpvraag::State: "STATE_",
    pb::hulpvraag::Category: "CATEGORY_",
    pb::Requester: "REQUESTER_",
    pb::RestrictionGround: "RESTRICTION_GROUND_",
    pb::ErasureGround: "ERASURE_GROUND_",
    pb::RetentionClass: "RETENTION_CLASS_",
    pb::plan_action::Side: "SIDE_",
    pb::information_request::Kind: "KIND_",
    pb::information_request::State: "STATE_",
    pb::handover::State: "STATE_",
    pb::handover::Reason: "REASON_",
    pb::track::Kind: "KIND_",
    pb::track::Ground: "GROUND_",
    pb::track::Outcome: "OUTCOME_",
    pb::track::step::Kind: "KIND_",
    pb::task::Kind: "KIND_",
    pb::export_subject_request::Format: "FORMAT_",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_typed_with_or_without_their_prefix_and_in_any_case() {
        for text in ["SMW", "smw", "ROLE_SMW"] {
            assert_eq!(text.parse(), Ok(Choice(pb::Role::Smw)), "{text}");
        }
        assert_eq!("wijkteam-coordinator".parse(), Ok(Choice(pb::Role::WijkteamCoordinator)));
    }

    #[test]
    fn a_wrong_choice_tells_the_right_ones_and_never_unspecified() {
        let error = "PLACE_UNSPECIFIED".parse::<Choice<pb::consultation::Place>>().unwrap_err();
        assert_eq!(error, "choose one of SCHOOL, TEAM, ONLINE, PHONE, HOME");
    }
}
