//! Why a date is what it is: as values, and in a sentence that a parent can follow.

use chrono::NaiveDate;

use super::{
    moment::Moment,
    profile::{Norm, Rule, Term, YearDay},
};
use crate::{
    dutch::SchoolYear,
    refusal::Language,
    time::{DeadlineClock, MONTHS, day_in_words},
};

/// What a date is counted from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Start {
    /// A moment.
    Moment(Moment),
    /// The end of another norm's term, by its id.
    TermOf(String),
}

/// A second term that was announced in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Extended {
    /// When it was announced.
    pub announced_on: NaiveDate,
    /// What it added.
    pub term: Term,
}

/// Everything that made a date.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reason {
    /// The law and article, or agreement.
    pub source: String,
    /// Whether that names no number of days, and the length is how the region reads it.
    #[serde(default)]
    pub read: bool,
    /// The version of the profile.
    pub profile: String,
    /// What it is counted from.
    pub from: Start,
    /// On which day that was, or will be.
    pub from_on: NaiveDate,
    /// How it is counted.
    pub rule: Rule,
    /// The second term.
    pub extended: Option<Extended>,
    /// First and last day of each stretch in which the clock stood still.
    pub stood_still: Vec<(NaiveDate, NaiveDate)>,
    /// The moment before which it is not due, and its day, where that made the date later.
    pub held_until: Option<(Moment, NaiveDate)>,
    /// The day off on which the term would have ended (Algemene termijnenwet art. 1).
    pub day_off: Option<NaiveDate>,
    /// The school years whose holidays are missing: there is no date then.
    pub unknown: Vec<String>,
}

impl Reason {
    /// Nothing but a rule and a start.
    pub(super) fn of(norm: &Norm, profile: &str, from: Start, from_on: NaiveDate) -> Self {
        Self {
            source: norm.basis.source.clone(),
            read: norm.basis.read,
            profile: profile.to_owned(),
            from,
            from_on,
            rule: norm.rule,
            extended: None,
            stood_still: Vec::new(),
            held_until: None,
            day_off: None,
            unknown: Vec::new(),
        }
    }

    pub(super) fn lacks(&mut self, year: SchoolYear) {
        self.unknown.push(year.to_string());
    }

    /// How many days the clock stood still.
    #[must_use]
    pub fn days_still(&self) -> i64 {
        self.stood_still.iter().map(|(first, last)| (*last - *first).num_days() + 1).sum()
    }

    /// In short sentences: `6 weken na 3 maart 2026 (aanmelding). Ook vakantieweken tellen
    /// mee. Bron: WPO art. 40(6), profiel 2026-1.`
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let mut sentences = vec![self.counted(language)];
        let day = |date| day_in_words(date, language);
        if let Some(extended) = self.extended {
            let (length, on) = (length(extended.term, language), day(extended.announced_on));
            sentences.push(match language {
                Language::Dutch => format!("Uitstel gemeld op {on}: {length} erbij."),
                Language::English => format!("Extension announced on {on}: {length} more."),
            });
        }
        if !self.stood_still.is_empty() {
            let days = self.days_still();
            sentences.push(match (language, days) {
                (Language::Dutch, 1) => "De termijn stond 1 dag stil.".into(),
                (Language::Dutch, _) => format!("De termijn stond {days} dagen stil."),
                (Language::English, 1) => "The term stood still for 1 day.".into(),
                (Language::English, _) => format!("The term stood still for {days} days."),
            });
        }
        if let Some((moment, on)) = self.held_until {
            let (name, on) = (moment.name(language), day(on));
            sentences.push(match language {
                Language::Dutch => format!("Niet eerder dan {on} ({name})."),
                Language::English => format!("Not before {on} ({name})."),
            });
        }
        if let Some(off) = self.day_off {
            let off = day(off);
            sentences.push(match language {
                Language::Dutch => format!("De termijn loopt af op {off}. Dat is een vrije dag of te vroeg. Daarom schuift de datum op naar een werkdag."),
                Language::English => format!("The term ends on {off}. That is a day off or too early. So the date moves to a working day."),
            });
        }
        if !self.unknown.is_empty() {
            let years = self.unknown.join(", ");
            sentences.push(match language {
                Language::Dutch => {
                    format!("De vakanties van {years} zijn nog niet bekend. Daarom is er nog geen datum.")
                }
                Language::English => {
                    format!("The holidays of {years} are not known yet. So there is no date yet.")
                }
            });
        }
        let (source, profile) = (&self.source, &self.profile);
        sentences.push(match language {
            Language::Dutch => format!("Bron: {source}, profiel {profile}."),
            Language::English => format!("Source: {source}, profile {profile}."),
        });
        if self.read {
            sentences.push(match language {
                Language::Dutch => {
                    "De bron noemt geen aantal dagen. De regio heeft deze termijn gekozen.".into()
                }
                Language::English => "The source names no number of days. The region chose this term.".into(),
            });
        }
        sentences.join(" ")
    }

    fn counted(&self, language: Language) -> String {
        let on = day_in_words(self.from_on, language);
        let start = match (&self.from, language) {
            (Start::Moment(moment), _) => format!("{on} ({})", moment.name(language)),
            (Start::TermOf(norm), Language::Dutch) => format!("{on} (einde van termijn {norm})"),
            (Start::TermOf(norm), Language::English) => format!("{on} (end of term {norm})"),
        };
        match (self.rule, language) {
            (Rule::After(term), Language::Dutch) => {
                format!("{} na {start}. {}", length(term, language), explained(term.clock, language))
            }
            (Rule::After(term), Language::English) => {
                format!("{} after {start}. {}", length(term, language), explained(term.clock, language))
            }
            (Rule::Counting(term), Language::Dutch) => format!(
                "{} vanaf {start}; die dag telt mee. {}",
                length(term, language),
                explained(term.clock, language)
            ),
            (Rule::Counting(term), Language::English) => format!(
                "{} from {start}, that day included. {}",
                length(term, language),
                explained(term.clock, language)
            ),
            (Rule::DayAfter(term), Language::Dutch) => format!(
                "De dag na {} vanaf {start}. {}",
                length(term, language),
                explained(term.clock, language)
            ),
            (Rule::DayAfter(term), Language::English) => format!(
                "The day after {} from {start}. {}",
                length(term, language),
                explained(term.clock, language)
            ),
            (Rule::Before(term), Language::Dutch) => {
                format!("Minstens {} voor {start}.", length(term, language))
            }
            (Rule::Before(term), Language::English) => {
                format!("At least {} before {start}.", length(term, language))
            }
            (Rule::EachSchoolYear, Language::Dutch) => {
                format!("Elk schooljaar een keer, vanaf {start}. Een schooljaar loopt tot en met 31 juli.")
            }
            (Rule::EachSchoolYear, Language::English) => {
                format!("Once in each school year, from {start}. A school year ends on 31 July.")
            }
            (Rule::FullSchoolYear, Language::Dutch) => {
                format!("Het einde van het eerste hele schooljaar na {start}.")
            }
            (Rule::FullSchoolYear, Language::English) => {
                format!("The end of the first whole school year after {start}.")
            }
            (Rule::On { date, .. }, Language::Dutch) => {
                format!("Uiterlijk {}, geteld vanaf {start}.", year_day(date, language))
            }
            (Rule::On { date, .. }, Language::English) => {
                format!("By {} at the latest, from {start}.", year_day(date, language))
            }
            (Rule::OnBefore { date, .. }, Language::Dutch) => {
                format!("Uiterlijk {} voor {start}.", year_day(date, language))
            }
            (Rule::OnBefore { date, .. }, Language::English) => {
                format!("By {} before {start}.", year_day(date, language))
            }
            (Rule::First, Language::Dutch) => format!("Dit moest klaar zijn op {start}."),
            (Rule::First, Language::English) => format!("This had to be done by {start}."),
        }
    }
}

/// `6 weken`, `1 werkdag`.
fn length(term: Term, language: Language) -> String {
    let one = term.length == 1;
    let (dutch, english) = match (term.clock, one) {
        (DeadlineClock::CalendarDays, true) => ("dag", "day"),
        (DeadlineClock::CalendarDays, false) => ("dagen", "days"),
        (DeadlineClock::CalendarWeeks, true) => ("week", "week"),
        (DeadlineClock::CalendarWeeks, false) => ("weken", "weeks"),
        (DeadlineClock::Months, true) => ("maand", "month"),
        (DeadlineClock::Months, false) => ("maanden", "months"),
        (DeadlineClock::WorkingDays, true) => ("werkdag", "working day"),
        (DeadlineClock::WorkingDays, false) => ("werkdagen", "working days"),
        (DeadlineClock::TeachingDays, true) => ("schooldag", "school day"),
        (DeadlineClock::TeachingDays, false) => ("schooldagen", "school days"),
        (DeadlineClock::TeachingWeeks, true) => ("lesweek", "teaching week"),
        (DeadlineClock::TeachingWeeks, false) => ("lesweken", "teaching weeks"),
    };
    match language {
        Language::Dutch => format!("{} {dutch}", term.length),
        Language::English => format!("{} {english}", term.length),
    }
}

fn explained(clock: DeadlineClock, language: Language) -> &'static str {
    let (dutch, english) = match clock {
        DeadlineClock::CalendarDays => ("Alle dagen tellen mee.", "Every day counts."),
        DeadlineClock::CalendarWeeks => ("Ook vakantieweken tellen mee.", "Weeks of holiday count too."),
        DeadlineClock::Months => ("Vakanties tellen ook mee.", "Holidays count too."),
        DeadlineClock::WorkingDays => (
            "Zaterdag, zondag en feestdagen tellen niet mee.",
            "Saturdays, Sundays and public holidays do not count.",
        ),
        DeadlineClock::TeachingDays => (
            "Alleen dagen met les op deze school tellen mee.",
            "Only days with lessons at this school count.",
        ),
        DeadlineClock::TeachingWeeks => (
            "Alleen weken met les op deze school tellen mee.",
            "Only weeks with lessons at this school count.",
        ),
    };
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

fn year_day(date: YearDay, language: Language) -> String {
    let month = usize::try_from(date.month.saturating_sub(1)).ok().and_then(|month| MONTHS.get(month));
    let (dutch, _, english) = month.copied().unwrap_or_default();
    match language {
        Language::Dutch => format!("{} {dutch}", date.day),
        Language::English => format!("{} {english}", date.day),
    }
}

#[cfg(test)]
#[path = "reason_tests.rs"]
mod tests;
