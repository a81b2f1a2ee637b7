//! How a case can end, and what each end counts as.

use chrono::NaiveDate;

use super::{facts::Facts, ground::ExemptionGround};
use crate::refusal::Language;

/// The recorded end of a case, or of its absence.
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
pub enum Outcome {
    /// Full timetable at the own school.
    TerugEigenSchool,
    /// Reduced timetable agreed in the plan.
    TerugOpbouw,
    /// Enrolled at another school of the same kind.
    PlaatsingAndereSchool,
    /// Enrolled in special primary education.
    PlaatsingSbo,
    /// Enrolled in special education.
    PlaatsingSo,
    /// Enrolled in special secondary education.
    PlaatsingVso,
    /// Placed at an orthopedagogisch-didactisch centrum.
    PlaatsingOpdc,
    /// Enrolled in vocational education.
    PlaatsingMbo,
    /// Enrolled at a private (B3) school.
    PlaatsingParticulier,
    /// Education and care in one arrangement; stays enrolled.
    Onderwijszorgarrangement,
    /// Care without education.
    ZorgZonderOnderwijs,
    /// LPW art. 5 onder a: bodily or psychological grounds. Called "5a" in the field; not article 5a.
    #[strum(serialize = "VRIJSTELLING_5_ONDER_A")]
    Vrijstelling5OnderA,
    /// LPW art. 5 onder b: objections to the direction of the schools.
    #[strum(serialize = "VRIJSTELLING_5_ONDER_B")]
    Vrijstelling5OnderB,
    /// LPW art. 5 onder c: a school abroad.
    #[strum(serialize = "VRIJSTELLING_5_ONDER_C")]
    Vrijstelling5OnderC,
    /// LPW art. 5a: a travelling life.
    #[strum(serialize = "VRIJSTELLING_5A_TREKKEND")]
    Vrijstelling5aTrekkend,
    /// LPW art. 15: sufficient education otherwise.
    #[strum(serialize = "VRIJSTELLING_15_ANDER_ONDERWIJS")]
    Vrijstelling15AnderOnderwijs,
    /// LPW art. 3a: substitute programme from 14.
    #[strum(serialize = "VERVANGEND_3A")]
    Vervangend3a,
    /// LPW art. 3b: substitute programme in the last year.
    #[strum(serialize = "VERVANGEND_3B")]
    Vervangend3b,
    /// Was not enrolled anywhere, now is.
    Ingeschreven,
    /// Moved to another gemeente.
    VerhuisdNaarGemeente,
    /// Left the country.
    UitNederland,
    /// Turned eighteen.
    #[strum(serialize = "UITGESTROOMD_18")]
    Uitgestroomd18,
    /// Has a startkwalificatie.
    Startkwalificatie,
    /// Was never absent: an error of registration.
    AdministratiefOnjuist,
    /// Died.
    Overleden,
}

impl Outcome {
    /// As people say it. At what kind of place a child is, is told nobody who only reads a log.
    #[must_use]
    pub fn name(self, language: Language) -> &'static str {
        let (dutch, english) = match self {
            Self::TerugEigenSchool => ("Terug op de eigen school", "Back at the own school"),
            Self::TerugOpbouw => ("Terug op school, met opbouw", "Back at school, building up"),
            Self::PlaatsingAndereSchool
            | Self::PlaatsingSbo
            | Self::PlaatsingSo
            | Self::PlaatsingVso
            | Self::PlaatsingOpdc
            | Self::PlaatsingMbo
            | Self::PlaatsingParticulier => ("Geplaatst op een andere plek", "Placed elsewhere"),
            Self::Onderwijszorgarrangement => {
                ("Onderwijszorgarrangement", "Arrangement of education and care")
            }
            Self::ZorgZonderOnderwijs => ("Zorg zonder onderwijs", "Care without education"),
            Self::Vrijstelling5OnderA => ("Vrijstelling artikel 5 onder a", "Exemption, article 5 under a"),
            Self::Vrijstelling5OnderB => ("Vrijstelling artikel 5 onder b", "Exemption, article 5 under b"),
            Self::Vrijstelling5OnderC => ("Vrijstelling artikel 5 onder c", "Exemption, article 5 under c"),
            Self::Vrijstelling5aTrekkend => ("Vrijstelling artikel 5a", "Exemption, article 5a"),
            Self::Vrijstelling15AnderOnderwijs => ("Vrijstelling artikel 15", "Exemption, article 15"),
            Self::Vervangend3a => ("Vervangende leerplicht, artikel 3a", "Substitute programme, article 3a"),
            Self::Vervangend3b => ("Vervangende leerplicht, artikel 3b", "Substitute programme, article 3b"),
            Self::Ingeschreven => ("Ingeschreven op een school", "Enrolled at a school"),
            Self::VerhuisdNaarGemeente => ("Verhuisd naar een andere gemeente", "Moved to another gemeente"),
            Self::UitNederland => ("Weg uit Nederland", "Left the Netherlands"),
            Self::Uitgestroomd18 => ("18 jaar geworden", "Turned 18"),
            Self::Startkwalificatie => ("Startkwalificatie behaald", "Qualified"),
            Self::AdministratiefOnjuist => ("Het dossier klopte niet", "The case was a mistake"),
            Self::Overleden => ("Overleden", "Died"),
        };
        match language {
            Language::Dutch => dutch,
            Language::English => english,
        }
    }
}

/// Whether an outcome solved what a count is about.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Solved {
    /// Solved.
    Yes,
    /// Solved only as a part of an agreed plan.
    IfInPlan,
    /// Not solved.
    No,
    /// Another gemeente's now.
    Transferred,
    /// The law asks nothing any more; neither solved nor open.
    Ended,
    /// Never belonged in the count.
    Removed,
}

/// What must happen next.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum FollowUp {
    /// Aftercare as with every return.
    Aftercare,
    /// Not fully back: attendance is followed in per cent.
    FollowAttendance,
    /// Solved for the pact, yet stays in sight.
    StayVisible,
    /// The Inspectie's form keeps the row; never shown as a success.
    KeepInExemptionRegister,
    /// A warm hand-over to the new gemeente.
    HandOverToGemeente,
    /// A warm hand-over to the Doorstroompunt.
    HandOverToDoorstroompunt,
    /// All mail to the family stops at once, and what was to come is off; the program tells them nothing.
    /// Professionals hear that a meeting is off, as always, and not why.
    StopAllMail,
    /// Nothing.
    Nothing,
}

impl FollowUp {
    /// Whether somebody still looks in after the case is closed, at each check point of aftercare: the child goes
    /// to school again, has a school again, or stays in sight. It is counted of all that is solved for the pact.
    #[must_use]
    pub fn looks_in(self) -> bool {
        match self {
            Self::Aftercare | Self::FollowAttendance | Self::StayVisible => true,
            Self::KeepInExemptionRegister
            | Self::HandOverToGemeente
            | Self::HandOverToDoorstroompunt
            | Self::StopAllMail
            | Self::Nothing => false,
        }
    }

    /// Whether somebody else goes on with the child, to whom it is handed over.
    #[must_use]
    pub fn hands_over(self) -> bool {
        match self {
            Self::HandOverToGemeente | Self::HandOverToDoorstroompunt => true,
            Self::Aftercare
            | Self::FollowAttendance
            | Self::StayVisible
            | Self::KeepInExemptionRegister
            | Self::StopAllMail
            | Self::Nothing => false,
        }
    }
}

/// How an outcome is counted. The counts use different definitions, so one outcome can
/// solve one and not the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountsAs {
    /// For long unauthorised absence (LRV), of those enrolled.
    pub lrv: Solved,
    /// For the Thuiszitterspact: a fitting offer of education and/or care.
    pub pact: Solved,
    /// For absence without enrolment.
    pub absoluut: Solved,
    /// Whether it leaves the count of absence.
    pub leaves_count: bool,
    /// Whether it enters the count of exemptions and substitute programmes.
    pub enters_exemption: bool,
    /// Whether a date of enrolment must prove it: a promised place is no place.
    pub needs_enrolment_date: bool,
    /// What must happen next.
    pub follow_up: FollowUp,
}

/// Leaves every count with the same answer.
const fn leaves(solved: Solved, follow_up: FollowUp) -> CountsAs {
    CountsAs {
        lrv: solved,
        pact: solved,
        absoluut: solved,
        leaves_count: true,
        enters_exemption: false,
        needs_enrolment_date: false,
        follow_up,
    }
}

/// Solves nothing and stays in the count.
const STAYS: CountsAs = CountsAs { leaves_count: false, ..leaves(Solved::No, FollowUp::StayVisible) };

/// Out of the count of absence, into that of exemptions: solves nothing.
const EXEMPT: CountsAs =
    CountsAs { enters_exemption: true, ..leaves(Solved::No, FollowUp::KeepInExemptionRegister) };

impl Outcome {
    /// Whether the family hears nothing of the case any more.
    #[must_use]
    pub fn silences(self) -> bool {
        matches!(self.counts_as().follow_up, FollowUp::StopAllMail)
    }

    /// Whether the absence ended with it. Of who is exempt the facts say so, for as long as they do: the child is
    /// at home, and without the exemption it is absent.
    #[must_use]
    pub fn ends_absence(self) -> bool {
        let counts = self.counts_as();
        counts.leaves_count && !counts.enters_exemption
    }

    /// The exemption or substitute programme that it speaks of.
    pub fn exemption(self) -> Option<ExemptionGround> {
        match self {
            Self::Vrijstelling5OnderA => Some(ExemptionGround::Art5OnderA),
            Self::Vrijstelling5OnderB => Some(ExemptionGround::Art5OnderB),
            Self::Vrijstelling5OnderC => Some(ExemptionGround::Art5OnderC),
            Self::Vrijstelling5aTrekkend => Some(ExemptionGround::Art5aTrekkend),
            Self::Vrijstelling15AnderOnderwijs => Some(ExemptionGround::Art15AnderOnderwijs),
            Self::Vervangend3a => Some(ExemptionGround::Art3a),
            Self::Vervangend3b => Some(ExemptionGround::Art3b),
            Self::TerugEigenSchool
            | Self::TerugOpbouw
            | Self::PlaatsingAndereSchool
            | Self::PlaatsingSbo
            | Self::PlaatsingSo
            | Self::PlaatsingVso
            | Self::PlaatsingOpdc
            | Self::PlaatsingMbo
            | Self::PlaatsingParticulier
            | Self::Onderwijszorgarrangement
            | Self::ZorgZonderOnderwijs
            | Self::Ingeschreven
            | Self::VerhuisdNaarGemeente
            | Self::UitNederland
            | Self::Uitgestroomd18
            | Self::Startkwalificatie
            | Self::AdministratiefOnjuist
            | Self::Overleden => None,
        }
    }

    /// Whether the facts have the exemption that it speaks of on both days: that of the evidence and that of
    /// the closing, which may lie in different school years. An outcome that speaks of none agrees with
    /// all facts.
    #[must_use]
    pub fn agrees(self, facts: &Facts, days: [NaiveDate; 2]) -> bool {
        self.exemption().is_none_or(|ground| days.iter().all(|day| facts.is_exempt(ground, *day)))
    }

    /// How it is counted.
    pub fn counts_as(self) -> CountsAs {
        match self {
            Self::TerugEigenSchool => {
                CountsAs { absoluut: Solved::No, ..leaves(Solved::Yes, FollowUp::Aftercare) }
            }
            Self::TerugOpbouw => CountsAs {
                pact: Solved::IfInPlan,
                absoluut: Solved::No,
                ..leaves(Solved::Yes, FollowUp::FollowAttendance)
            },
            Self::PlaatsingAndereSchool
            | Self::PlaatsingSbo
            | Self::PlaatsingSo
            | Self::PlaatsingVso
            | Self::PlaatsingOpdc
            | Self::PlaatsingMbo
            | Self::PlaatsingParticulier => {
                CountsAs { needs_enrolment_date: true, ..leaves(Solved::Yes, FollowUp::Aftercare) }
            }
            Self::Onderwijszorgarrangement | Self::ZorgZonderOnderwijs => {
                CountsAs { pact: Solved::Yes, ..STAYS }
            }
            Self::Vrijstelling5OnderA
            | Self::Vrijstelling5OnderB
            | Self::Vrijstelling5OnderC
            | Self::Vrijstelling5aTrekkend
            | Self::Vrijstelling15AnderOnderwijs
            | Self::Vervangend3a
            | Self::Vervangend3b => EXEMPT,
            Self::Ingeschreven => CountsAs {
                absoluut: Solved::Yes,
                needs_enrolment_date: true,
                ..leaves(Solved::No, FollowUp::FollowAttendance)
            },
            Self::VerhuisdNaarGemeente => leaves(Solved::Transferred, FollowUp::HandOverToGemeente),
            Self::Uitgestroomd18 => leaves(Solved::Ended, FollowUp::HandOverToDoorstroompunt),
            Self::UitNederland | Self::Startkwalificatie => leaves(Solved::Ended, FollowUp::Nothing),
            Self::AdministratiefOnjuist => leaves(Solved::Removed, FollowUp::Nothing),
            Self::Overleden => leaves(Solved::Ended, FollowUp::StopAllMail),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use strum::IntoEnumIterator;

    use super::*;
    use crate::thuiszitter::facts::example::{child, day};

    #[test]
    fn an_outcome_of_exemption_agrees_only_with_one_of_its_ground_on_both_days() {
        // LPW art. 5, 5a, 15, 3a, 3b.
        for outcome in Outcome::iter() {
            assert_eq!(outcome.exemption().is_some(), outcome.counts_as().enters_exemption, "{outcome}");
            for ground in ExemptionGround::iter() {
                let facts = child().exempt(ground, "2026-08-01", "2027-07-31");
                let same = outcome.exemption().is_none_or(|own| own == ground);
                let days = |of: &str, closed: &str| [day(of), day(closed)];
                assert_eq!(outcome.agrees(&facts, days("2026-08-01", "2027-07-31")), same, "{outcome}");
                for (of, closed) in [("2026-07-31", "2026-11-20"), ("2026-11-20", "2027-08-01")] {
                    let holds = outcome.exemption().is_none();
                    assert_eq!(outcome.agrees(&facts, days(of, closed)), holds, "{outcome} {of}");
                }
            }
        }
    }

    #[test]
    fn an_exemption_that_follows_another_of_its_ground_holds_on() {
        let ground = ExemptionGround::Art5OnderA;
        let years = child().exempt(ground, "2025-08-01", "2026-07-31");
        let years = years.exempt(ground, "2026-08-01", "2027-07-31");
        let days = [day("2026-07-20"), day("2026-09-01")];
        assert!(Outcome::Vrijstelling5OnderA.agrees(&years, days));
        assert!(!Outcome::Vrijstelling5aTrekkend.agrees(&years, days), "what the field calls 5a is another");
    }

    #[test]
    fn an_exemption_is_never_a_success() {
        // LPW art. 5, 5a, 15, 3a, 3b.
        for outcome in Outcome::iter() {
            let counts = outcome.counts_as();
            let solves = [counts.lrv, counts.pact, counts.absoluut].contains(&Solved::Yes);
            assert!(!(counts.enters_exemption && solves), "{outcome}");
            let name = outcome.to_string();
            let exemption = name.starts_with("VRIJSTELLING") || name.starts_with("VERVANGEND");
            assert_eq!(counts.enters_exemption, exemption, "{outcome}");
            assert_eq!(exemption, counts.follow_up == FollowUp::KeepInExemptionRegister, "{outcome}");
        }
    }

    #[test]
    fn article_5_onder_a_and_article_5a_are_two_outcomes() {
        assert_eq!(Outcome::from_str("VRIJSTELLING_5_ONDER_A"), Ok(Outcome::Vrijstelling5OnderA));
        assert_eq!(Outcome::from_str("VRIJSTELLING_5A_TREKKEND"), Ok(Outcome::Vrijstelling5aTrekkend));
        assert!(Outcome::from_str("VRIJSTELLING_5A").is_err(), "which of the two?");
    }

    #[test]
    fn a_place_counts_only_with_a_date_of_enrolment() {
        for outcome in Outcome::iter() {
            let placed = outcome.to_string().starts_with("PLAATSING") || outcome == Outcome::Ingeschreven;
            assert_eq!(outcome.counts_as().needs_enrolment_date, placed, "{outcome}");
        }
    }

    #[test]
    fn the_counts_differ_where_their_definitions_do() {
        use Solved::{Ended, IfInPlan, No, Removed, Transferred, Yes};
        for (outcome, lrv, pact, absoluut, leaves) in [
            (Outcome::TerugEigenSchool, Yes, Yes, No, true),
            (Outcome::TerugOpbouw, Yes, IfInPlan, No, true),
            (Outcome::PlaatsingSo, Yes, Yes, Yes, true),
            (Outcome::Onderwijszorgarrangement, No, Yes, No, false),
            (Outcome::ZorgZonderOnderwijs, No, Yes, No, false),
            (Outcome::Vrijstelling5OnderA, No, No, No, true),
            (Outcome::Ingeschreven, No, No, Yes, true),
            (Outcome::VerhuisdNaarGemeente, Transferred, Transferred, Transferred, true),
            (Outcome::Startkwalificatie, Ended, Ended, Ended, true),
            (Outcome::AdministratiefOnjuist, Removed, Removed, Removed, true),
        ] {
            let counts = outcome.counts_as();
            let found = (counts.lrv, counts.pact, counts.absoluut, counts.leaves_count);
            assert_eq!(found, (lrv, pact, absoluut, leaves), "{outcome}");
        }
        for outcome in Outcome::iter() {
            assert_eq!(Outcome::from_str(&outcome.to_string()), Ok(outcome));
        }
        for outcome in Outcome::iter() {
            assert_eq!(outcome.silences(), matches!(outcome, Outcome::Overleden), "{outcome}");
        }
    }
}
