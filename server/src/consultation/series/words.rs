//! What is told of a date of a series, in codes and in sentences.

use schakel_domain::{
    availability::ClosedReason,
    consultation::series::{Decision, Skipped},
    dutch::SchoolYear,
    refusal::Language,
};

use crate::error::language;

/// Why a date is not held, or not on its own day: a code and a sentence.
pub(super) fn reason(decision: Decision) -> (&'static str, String) {
    let (why, moved) = match decision {
        Decision::Held => return ("", String::new()),
        Decision::Moved { why, .. } => (why, true),
        Decision::Skipped(Skipped::Closed(why)) => (why, false),
        Decision::Skipped(Skipped::LeftOut) => {
            let text = say("Deze datum is overgeslagen, zoals gevraagd.", "This date is left out, as asked.");
            return ("LEFT_OUT", text);
        }
    };
    let (code, because) = closed(why);
    let then = match (moved, language()) {
        (true, Language::Dutch) => "Het overleg is daarom op een andere dag.",
        (true, Language::English) => "The meeting is on another day.",
        (false, Language::Dutch) => "Er is dan geen overleg.",
        (false, Language::English) => "There is no meeting then.",
    };
    (code, format!("{because} {then}"))
}

fn closed(why: ClosedReason) -> (&'static str, String) {
    match why {
        ClosedReason::PublicHoliday => {
            ("PUBLIC_HOLIDAY", say("Dit is een feestdag.", "This is a public holiday."))
        }
        ClosedReason::SchoolHoliday => {
            ("SCHOOL_HOLIDAY", say("Een school heeft dan vakantie.", "A school has holidays then."))
        }
        ClosedReason::StudyDay => ("STUDY_DAY", say("Een school is dan dicht.", "A school is closed then.")),
    }
}

/// That somebody is taken.
pub(super) fn taken() -> String {
    say("Iemand heeft dan al een ander overleg.", "Somebody has another meeting then.")
}

/// That a meeting stays as it is.
pub(super) fn kept() -> String {
    say(
        "Dit overleg was al apart gewijzigd en blijft zo.",
        "This meeting had changed by itself and stays so.",
    )
}

/// That nothing was assumed about a school year.
pub(in crate::consultation) fn unknown_year(year: SchoolYear) -> String {
    match language() {
        Language::Dutch => format!(
            "De schoolvakanties van {year} zijn nog niet bekend. Kijk zelf of een datum in een vakantie valt."
        ),
        Language::English => {
            format!("The school holidays of {year} are not known yet. Check whether a date falls in one.")
        }
    }
}

fn say(dutch: &str, english: &str) -> String {
    match language() {
        Language::Dutch => dutch.to_owned(),
        Language::English => english.to_owned(),
    }
}
