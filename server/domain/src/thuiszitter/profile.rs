//! The policy profile: every number of a region's process as data, with its legal basis.

use std::{collections::BTreeSet, str::FromStr};

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};

use super::{facts::Moment, stage::Stage};
use crate::{access::Role, refusal::Refusal, time::DeadlineClock};

/// A length of time and the clock that counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// How many units of the clock.
    pub length: u16,
    /// What is counted.
    pub clock: DeadlineClock,
}

/// Where a number comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Law and article, pact, or regional agreement.
    pub source: String,
    /// Which text of it was read, by year or date; none if taken over unread.
    pub text_of: Option<String>,
}

/// What kind of duty a norm is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NormKind {
    /// The length stands in a law.
    Legal,
    /// Agreed nationally.
    Pact,
    /// Agreed in the region, or the region's reading of a law without a length.
    Regional,
}

/// How high a stuck case has been, or must be, taken.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EscalationLevel {
    /// Nowhere.
    #[default]
    L0,
    /// Thuiszitterscoördinator or boc'er.
    L1,
    /// Directors of samenwerkingsverband, leerplicht and school board.
    L2,
    /// Whoever holds doorzettingsmacht in the region.
    L3,
    /// Outside: onderwijsconsulent, Geschillencommissie. Never suggested by the clock.
    L4,
}

/// A longer term that must be announced before the first one ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The announcement.
    pub announced: Moment,
    /// What it adds to the due date.
    pub term: Term,
}

/// One deadline that a case can have.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Norm {
    /// Unique in the profile; kept from version to version.
    pub id: String,
    /// Dutch name.
    pub name_nl: String,
    /// English name.
    pub name_en: String,
    /// Where it comes from.
    pub basis: Basis,
    /// What kind of duty it is.
    pub kind: NormKind,
    /// The moment from which it runs.
    pub starts_at: Moment,
    /// If this happened later than the start, it runs from here.
    pub not_before: Option<Moment>,
    /// How long.
    pub term: Term,
    /// The first of these on or after the start meets it.
    pub ends_when: Vec<Moment>,
    /// Whether the Algemene termijnenwet moves its end off days off.
    #[serde(default)]
    pub awb: bool,
    /// A second term.
    pub extension: Option<Extension>,
    /// Who must act.
    #[serde(deserialize_with = "roles")]
    pub roles: Vec<Role>,
    /// The last stage in which it still matters unmet; none: until the case is closed.
    pub until_stage: Option<Stage>,
    /// The level to which a case goes when it is due and unmet.
    pub escalates_to: Option<EscalationLevel>,
}

/// How much missed time must be reported.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportThreshold {
    /// Minutes without valid reason.
    pub minutes: u32,
    /// Within this many consecutive teaching weeks.
    pub teaching_weeks: u16,
    /// Where it comes from.
    pub basis: Basis,
}

/// When absence counts as long: after more than this term.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongAbsence {
    /// More than this.
    pub term: Term,
    /// Below this age in years.
    pub below_age: u8,
    /// Where it comes from.
    pub basis: Basis,
}

/// All numbers of a region's process, as they hold from a day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Who keeps it.
    pub name: String,
    /// Stored with every date that was computed from it.
    pub version: String,
    /// The first day on which it is used.
    pub valid_from: NaiveDate,
    /// When unauthorised hours must be reported.
    pub report_threshold: ReportThreshold,
    /// When absence is long.
    pub long_absence: LongAbsence,
    /// This many days before it is due, a deadline is due soon.
    pub due_soon_days: u16,
    /// Every deadline.
    pub norms: Vec<Norm>,
}

/// Roles by their names in the API.
fn roles<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Role>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    names.iter().map(|name| Role::from_str(name).map_err(serde::de::Error::custom)).collect()
}

impl Profile {
    /// The profile that a new region starts with: the law as read, the Thuiszitterspact,
    /// and common regional agreements to be replaced by the region's own.
    #[must_use]
    pub fn shipped() -> Self {
        Self::shipped_text().parse().expect("the shipped profile is read by a test")
    }

    /// The shipped profile as JSON: what a new region begins with.
    pub const fn shipped_text() -> &'static str {
        include_str!("default_profile.json")
    }

    /// The norm with that id.
    #[must_use]
    pub fn norm(&self, id: &str) -> Option<&Norm> {
        self.norms.iter().find(|norm| norm.id == id)
    }

    /// The profile in use on a day: of those that hold, the one that began last.
    #[must_use]
    pub fn on(profiles: &[Self], date: NaiveDate) -> Option<&Self> {
        let held = profiles.iter().filter(|profile| profile.valid_from <= date);
        held.max_by(|a, b| (a.valid_from, &a.version).cmp(&(b.valid_from, &b.version)))
    }

    /// What the form of the file cannot say.
    fn is_sound(&self) -> bool {
        let ids: BTreeSet<_> = self.norms.iter().map(|norm| &norm.id).collect();
        let threshold = &self.report_threshold;
        ids.len() == self.norms.len()
            && !self.version.is_empty()
            && threshold.minutes > 0
            && threshold.teaching_weeks > 0
            && self.norms.iter().all(|norm| {
                !norm.id.is_empty()
                    && !norm.basis.source.is_empty()
                    && !norm.roles.is_empty()
                    && !norm.ends_when.is_empty()
                    && norm.extension.is_none_or(|extension| extension.term.clock == norm.term.clock)
            })
    }
}

impl FromStr for Profile {
    type Err = Refusal;

    /// Reads JSON; `FIELD_INVALID` for anything missing, unknown or double.
    fn from_str(json: &str) -> Result<Self, Refusal> {
        let profile: Self = serde_json::from_str(json).map_err(|_| Refusal::FieldInvalid)?;
        if profile.is_sound() { Ok(profile) } else { Err(Refusal::FieldInvalid) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_profile_holds_the_numbers_of_law_and_pact() {
        let profile = Profile::shipped();
        for (id, length, clock, kind, source) in [
            ("T02", 6, DeadlineClock::CalendarWeeks, NormKind::Legal, "WPO art. 40(6)"),
            ("T03", 10, DeadlineClock::CalendarWeeks, NormKind::Legal, "WPO art. 40(7)"),
            ("T06", 6, DeadlineClock::CalendarWeeks, NormKind::Legal, "WPO art. 40a"),
            ("T10", 1, DeadlineClock::WorkingDays, NormKind::Regional, "LPW art. 21a(1)"),
            ("T13", 3, DeadlineClock::Months, NormKind::Pact, "Thuiszitterspact"),
            ("T16", 8, DeadlineClock::CalendarWeeks, NormKind::Legal, "Awb art. 4:13"),
        ] {
            let norm = profile.norm(id).unwrap();
            assert_eq!((norm.term, norm.kind), (Term { length, clock }, kind), "{id}");
            assert!(norm.basis.source.contains(source), "{id}: {}", norm.basis.source);
        }
        // LPW art. 21a(1).
        assert_eq!((profile.report_threshold.minutes, profile.report_threshold.teaching_weeks), (16 * 60, 4));
        // WPO art. 40(6).
        let extension = profile.norm("T02").unwrap().extension.unwrap();
        assert_eq!((extension.announced, extension.term.length), (Moment::AdmissionExtended, 4));
    }

    #[test]
    fn the_shipped_ladder_rises_with_time() {
        let profile = Profile::shipped();
        let rungs: Vec<_> =
            profile.norms.iter().filter_map(|n| Some((n.escalates_to?, n.term.length))).collect();
        assert_eq!(rungs, [(EscalationLevel::L1, 8), (EscalationLevel::L2, 10), (EscalationLevel::L3, 12)]);
    }

    #[test]
    fn a_profile_with_a_gap_or_a_double_is_refused() {
        let json = include_str!("default_profile.json");
        assert_eq!(json.parse(), Ok(Profile::shipped()));
        for (from, to) in [
            ("\"T03\"", "\"T02\""),
            ("\"DIRECTEUR\"", "\"BOSS\""),
            ("\"CALENDAR_WEEKS\"", "\"WEEKS\""),
            ("\"minutes\": 960", "\"minutes\": 0"),
            ("\"minutes\": 960", "\"minutes\": -1"),
            ("[\"OPP_MADE\"]", "[]"),
            ("\"valid_from\"", "\"validfrom\""),
            ("\"kind\": \"PACT\"", "\"kind\": \"WISH\""),
        ] {
            let changed = json.replacen(from, to, 1);
            assert_ne!(changed, json, "{from}");
            assert_eq!(changed.parse::<Profile>(), Err(Refusal::FieldInvalid), "{from} → {to}");
        }
    }

    #[test]
    fn the_profile_that_began_last_is_in_use() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let old = Profile::shipped();
        let new = Profile { version: "next".into(), valid_from: day("2027-08-01"), ..old.clone() };
        let both = [new, old];
        for (date, version) in [
            ("2026-07-31", None),
            ("2027-07-31", Some(&both[1].version)),
            ("2027-08-01", Some(&both[0].version)),
        ] {
            assert_eq!(Profile::on(&both, day(date)).map(|profile| &profile.version), version, "{date}");
        }
    }
}
