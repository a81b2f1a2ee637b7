//! How the age of a child fits its school: of what is unusual the caller is warned.

use chrono::NaiveDate;
use schakel_domain::{
    dutch::{codes::Sector, school_age::AgeWarning},
    thuiszitter::{Facts, Moment, Profile},
};
use schakel_proto::v1::{self as pb, case::warning};

use super::facts::standing::Around;
use crate::wire::enums::number;

/// What is unusual today about the child; nothing while nobody knows when it was born.
pub(super) fn warnings(
    profile: &Profile,
    around: &Around,
    facts: &Facts,
    today: NaiveDate,
) -> Vec<AgeWarning> {
    let Some(birth) = around.birth else { return Vec::new() };
    let own: Vec<Sector> = around.own_sector.into_iter().collect();
    let served = if profile.serves.is_empty() { &own } else { &profile.serves };
    let told = facts.happened(Moment::LastPrimaryYearBegan, today).is_some();
    AgeWarning::of(served, profile.sector(around.said_sector, around.sector), birth, (told, today))
}

/// A warning, with the field that it is about.
pub(super) fn to_wire(warning: AgeWarning) -> pb::case::Warning {
    let field = match warning {
        AgeWarning::OtherSector => "case.school",
        AgeWarning::TooYoung | AgeWarning::TooOld | AgeWarning::LastYear | AgeWarning::PerhapsLastYear => {
            "case.child.birth_date"
        }
    };
    let reason = number("REASON", warning.into(), warning::Reason::from_str_name);
    pb::case::Warning { field: field.to_owned(), reason }
}
