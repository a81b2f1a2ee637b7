//! The policy profile: every number of a region's process as data, with its legal basis.

mod check;
mod read;
mod rule;

use std::str::FromStr;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;

pub use rule::{Rule, Term, YearDay};

use super::{ground::Circumstance, moment::Moment, stage::Stage};
use crate::{
    access::Role,
    dutch::codes::Sector,
    refusal::{Language, Refusal, Violation},
};

/// Where a number comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Law and article, pact, or regional agreement.
    pub source: String,
    /// Which text of it was read, by year or date; none if taken over unread.
    pub text_of: Option<String>,
    /// Whether it names no number of days, and the length is how the region reads it.
    #[serde(default)]
    pub read: bool,
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

/// Whose duty a norm is about: each is computed from facts of its own.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Subject {
    /// One child.
    #[default]
    Case,
    /// The samenwerkingsverband.
    Samenwerkingsverband,
    /// A gemeente.
    Gemeente,
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

/// A stretch between two moments in which a clock stands still. The day of the second
/// moment counts again ("tot de dag waarop").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// What stops the clock.
    pub from: Moment,
    /// What lets it run again.
    pub until: Moment,
    /// Whether the day of the first moment still counts (Awb art. 4:15), or not (WPO art. 43(4)).
    #[serde(default)]
    pub from_next_day: bool,
}

/// One deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Whose duty.
    pub about: Subject,
    /// The first and last start for which it holds, each if any.
    pub in_force: (Option<NaiveDate>, Option<NaiveDate>),
    /// The moment from which it runs.
    pub starts_at: Moment,
    /// If this happened later than the start, it runs from here.
    pub not_before: Option<Moment>,
    /// If that norm's term ends later than the start, it runs from its end.
    pub after_term_of: Option<String>,
    /// It exists only if all of these hold.
    pub only_if: Vec<Circumstance>,
    /// It does not exist if one of these holds.
    pub unless: Vec<Circumstance>,
    /// How long.
    pub rule: Rule,
    /// It cannot be met before this.
    pub opens_at: Option<Moment>,
    /// It is not due before the day of this.
    pub not_due_before: Option<Moment>,
    /// The first of these on or after the start meets it.
    pub ends_when: Vec<Moment>,
    /// The first of these stops it without having met it.
    pub stops_when: Vec<Moment>,
    /// The date is the first, not the last, on which `ends_when` may come.
    pub earliest: bool,
    /// Whether the Algemene termijnenwet moves its end off days off.
    pub awb: bool,
    /// A second term.
    pub extension: Option<Extension>,
    /// When it stands still.
    pub paused: Vec<Pause>,
    /// Who must act.
    pub roles: Vec<Role>,
    /// The last stage in which it still matters unmet; none: until the case is closed.
    pub until_stage: Option<Stage>,
    /// The level to which a case goes when it is due and unmet.
    pub escalates_to: Option<EscalationLevel>,
}

impl Norm {
    /// Its name.
    #[must_use]
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::Dutch => &self.name_nl,
            Language::English => &self.name_en,
        }
    }
}

/// How much missed time must be reported.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportThreshold {
    /// Minutes without valid reason.
    pub minutes: u32,
    /// Within this many consecutive teaching weeks.
    pub teaching_weeks: u16,
    /// A child that stays away is reported again after this at the earliest; none: any day.
    #[serde(default)]
    pub again_after: Option<Term>,
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

/// When sick reports are many.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SickOften {
    /// This many reports.
    pub times: u16,
    /// Within this many consecutive teaching weeks.
    pub teaching_weeks: u16,
    /// Where it comes from.
    pub basis: Basis,
}

/// How much leave a head may grant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveLimit {
    /// Days in a school year.
    pub days: u16,
    /// Where it comes from.
    pub basis: Basis,
}

/// All numbers of a region's process, as they hold from a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Who keeps it.
    pub name: String,
    /// Stored with every date that was computed from it.
    pub version: String,
    /// The first day on which it is used.
    pub valid_from: NaiveDate,
    /// The last day, if it ends by itself.
    pub valid_until: Option<NaiveDate>,
    /// Prepared and never used: law that is not in force yet.
    pub draft: bool,
    /// When unauthorised hours must be reported.
    pub report_threshold: ReportThreshold,
    /// When absence is long.
    pub long_absence: LongAbsence,
    /// When sick reports are many; none: never.
    pub sick_often: Option<SickOften>,
    /// Beyond how much leave the leerplichtambtenaar decides; none: never.
    pub leave_limit: Option<LeaveLimit>,
    /// Below this age the Doorstroompunt looks after who left without startkwalificatie;
    /// none: at no age.
    pub doorstroompunt_below_age: Option<u8>,
    /// How long before a birthday that changes who consents it is asked anew; none: no task.
    pub consent_notice: Option<Term>,
    /// This many days before it is due, a deadline is due soon.
    pub due_soon_days: u16,
    /// Counts below this are told to nobody outside their own scope; none: below 10. Never below 5.
    pub small_number: Option<u16>,
    /// Which sectors the region serves, where that is more than the code of its samenwerkingsverband says:
    /// one organisation may work for those of both.
    pub serves: Vec<Sector>,
    /// Every deadline.
    pub norms: Vec<Norm>,
}

impl Profile {
    /// Of which sector a school is taken to be: what was said of it, and else what the code of the
    /// samenwerkingsverband says; where it serves more than that, nobody knows.
    #[must_use]
    pub fn sector(&self, said: Option<Sector>, by_code: Option<Sector>) -> Option<Sector> {
        said.or(by_code.filter(|_| self.serves.len() <= 1))
    }

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

    /// The draft for the Wet terugdringen schoolverzuim (Kamerstukken 36663), to compute
    /// beside the profile in use what it would change.
    #[must_use]
    pub fn terugdringen_schoolverzuim() -> Self {
        let changes = Self::terugdringen_schoolverzuim_text();
        Self::read_upon(Self::shipped_text(), changes).expect("the draft is read by a test")
    }

    /// Reads JSON, or tells everything that is wrong with it: what is missing, unknown,
    /// double or contradicts itself, each with its path.
    pub fn read(json: &str) -> Result<Self, Vec<Violation>> {
        let value = read::value(json)?;
        Self::checked(&value)
    }

    /// Reads JSON that says only what differs from another profile: fields replace fields,
    /// norms replace those of the same id, or are added.
    pub fn read_upon(base: &str, changes: &str) -> Result<Self, Vec<Violation>> {
        let value = read::upon(read::value(base)?, read::value(changes)?);
        Self::checked(&value)
    }

    /// Reads what a region takes into use from a day on: JSON that says all, or with a `base` only
    /// what differs from it. Gives the profile with its whole text. The day and that it is no draft
    /// follow from being taken into use, whatever the text says of them; it holds until another does.
    pub fn taken_up(
        base: Option<&str>,
        json: &str,
        valid_from: NaiveDate,
    ) -> Result<(Self, String), Vec<Violation>> {
        let said = read::value(json)?;
        let mut value = match base {
            Some(base) => read::upon(read::value(base)?, said),
            None => said,
        };
        if let Some(fields) = value.as_object_mut() {
            fields.insert("valid_from".to_owned(), valid_from.to_string().into());
            fields.remove("draft");
        }
        let ends = value.get("valid_until").is_some_and(|until| !until.is_null());
        let ends = ends.then(|| Violation::new("valid_until", Refusal::FieldInvalid));
        match (Self::checked(&value), ends) {
            (Ok(profile), None) => Ok((profile, value.to_string())),
            (Ok(_), Some(ends)) => Err(vec![ends]),
            (Err(wrong), ends) => Err(wrong.into_iter().chain(ends).collect()),
        }
    }

    /// What the draft for the Wet terugdringen schoolverzuim says otherwise, as JSON.
    pub const fn terugdringen_schoolverzuim_text() -> &'static str {
        include_str!("terugdringen_schoolverzuim.json")
    }

    fn checked(value: &Value) -> Result<Self, Vec<Violation>> {
        let (profile, mut wrong) = read::profile(value);
        if let Some(profile) = &profile {
            check::check(profile, &mut wrong);
        }
        match profile {
            Some(profile) if wrong.is_empty() => Ok(profile),
            Some(_) | None => Err(wrong),
        }
    }

    /// The norm with that id.
    #[must_use]
    pub fn norm(&self, id: &str) -> Option<&Norm> {
        self.norms.iter().find(|norm| norm.id == id)
    }

    /// The profile in use on a day: of those that hold, the one that began last.
    #[must_use]
    pub fn on(profiles: &[Self], date: NaiveDate) -> Option<&Self> {
        let held = profiles.iter().filter(|profile| {
            !profile.draft
                && profile.valid_from <= date
                && profile.valid_until.is_none_or(|until| date <= until)
        });
        held.max_by(|a, b| (a.valid_from, &a.version).cmp(&(b.valid_from, &b.version)))
    }
}

impl FromStr for Profile {
    type Err = Refusal;

    /// Reads JSON; `FIELD_INVALID` for anything that [`Profile::read`] tells.
    fn from_str(json: &str) -> Result<Self, Refusal> {
        Self::read(json).map_err(|_| Refusal::FieldInvalid)
    }
}

#[cfg(test)]
#[path = "profile_tests.rs"]
mod tests;
