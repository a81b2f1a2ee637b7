//! How the age of a child fits its school: what no law allows is refused, and of what is unusual the caller is
//! warned.

use chrono::NaiveDate;
use schakel_domain::{
    dutch::{
        codes::Sector,
        school_age::{AgeFit, AgeWarning, age_fit, can_enrol, pupil_from},
    },
    refusal::{Refusal, Violation},
    thuiszitter::{AbsenceKind, Facts, Moment, Profile},
};
use schakel_proto::v1::{self as pb, case::warning};

use super::{
    case::{Absence, Milestones},
    facts::standing::Around,
};
use crate::{
    error::{Error, Result},
    wire::enums::number,
};

/// Refuses an enrolment that no law allows, and an absence from lessons of a child that was too young for them.
///
/// # Errors
/// A violation of each day.
pub(super) fn must_be_possible(
    said_sector: Option<Sector>,
    birth: NaiveDate,
    absence: &Absence,
    milestones: &Milestones,
) -> Result<()> {
    let mut wrong = Vec::new();
    if misses_lessons(absence.kind) && absence.first_day < pupil_from(birth) {
        wrong.push(Violation::new("case.absence.first_day", Refusal::TimeOutOfBounds));
    }
    let enrolled = milestones.moments.get(&Moment::Enrolled);
    if enrolled.is_some_and(|on| !can_enrol(said_sector, birth, *on)) {
        wrong.push(Violation::new("case.milestones.enrolment_date", Refusal::TimeOutOfBounds));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// Whether only a pupil can be away so.
fn misses_lessons(kind: AbsenceKind) -> bool {
    match kind {
        AbsenceKind::RelatiefOngeoorloofd
        | AbsenceKind::Luxe
        | AbsenceKind::Ziek
        | AbsenceKind::ZiekMaarBelastbaar
        | AbsenceKind::Geschorst => true,
        AbsenceKind::Absoluut | AbsenceKind::Dreigend | AbsenceKind::VrijstellingAangevraagd => false,
    }
}

/// Refuses that a child goes to a school for primary education after the school year in which it turned
/// fourteen.
///
/// # Errors
/// A violation of `school`.
pub(super) fn must_take(said_sector: Option<Sector>, birth: Option<NaiveDate>, day: NaiveDate) -> Result<()> {
    let takes = said_sector.zip(birth).is_none_or(|(sector, birth)| match sector {
        Sector::Po => !matches!(age_fit(sector, birth, day), AgeFit::TooOld),
        Sector::Vo => true,
    });
    if takes { Ok(()) } else { Err(Error::field("school", Refusal::TimeOutOfBounds)) }
}

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
    AgeWarning::of(served, around.sector, birth, (told, today))
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
