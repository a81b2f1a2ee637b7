//! Dates in words on the Dutch clock, in Dutch and English.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Europe::Amsterdam;

use crate::{refusal::Language, time::MONTHS};

const DAYS: [(&str, &str); 7] = [
    ("maandag", "Monday"),
    ("dinsdag", "Tuesday"),
    ("woensdag", "Wednesday"),
    ("donderdag", "Thursday"),
    ("vrijdag", "Friday"),
    ("zaterdag", "Saturday"),
    ("zondag", "Sunday"),
];

fn clock(instant: DateTime<Utc>) -> NaiveDateTime {
    instant.with_timezone(&Amsterdam).naive_local()
}

fn day_name(at: NaiveDateTime, language: Language) -> &'static str {
    let (dutch, english) = DAYS[at.weekday().num_days_from_monday() as usize];
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

fn month_name(at: NaiveDateTime, language: Language) -> &'static str {
    let (dutch, _, english) = MONTHS[at.month0() as usize];
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

/// `dinsdag 24 november 2026`.
#[must_use]
pub fn date(instant: DateTime<Utc>, language: Language) -> String {
    day(clock(instant).date(), language)
}

/// The same of a day.
#[must_use]
pub fn day(day: NaiveDate, language: Language) -> String {
    let at = NaiveDateTime::from(day);
    format!("{} {} {} {}", day_name(at, language), at.day(), month_name(at, language), at.year())
}

/// `dinsdag 24 november 2026, 10:00–11:00 uur`; both dates when midnight lies between.
#[must_use]
pub fn span(start: DateTime<Utc>, end: DateTime<Utc>, language: Language) -> String {
    let (from, to) = (clock(start), clock(end));
    let (until, hour) = match language {
        Language::Dutch => ("tot", " uur"),
        Language::English => ("to", ""),
    };
    let first = format!("{}, {}", date(start, language), from.format("%H:%M"));
    if from.date() == to.date() {
        format!("{first}–{}{hour}", to.format("%H:%M"))
    } else {
        format!("{first}{hour} {until} {}, {}{hour}", date(end, language), to.format("%H:%M"))
    }
}

/// `dinsdag 24 november 2026, 10:00 uur`.
#[must_use]
pub fn moment(instant: DateTime<Utc>, language: Language) -> String {
    let hour = match language {
        Language::Dutch => " uur",
        Language::English => "",
    };
    format!("{}, {}{hour}", date(instant, language), clock(instant).format("%H:%M"))
}

/// `di 24 nov 2026 10:00` or `Tue 24 Nov 2026 10:00`, for a subject line.
#[must_use]
pub fn short(instant: DateTime<Utc>, language: Language) -> String {
    let at = clock(instant);
    let (_, short, english) = MONTHS[at.month0() as usize];
    let name = day_name(at, language);
    let (day, month) = match language {
        Language::Dutch => (&name[..2], short),
        Language::English => (&name[..3], &english[..3]),
    };
    format!("{day} {} {month} {} {}", at.day(), at.year(), at.format("%H:%M"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_meeting_is_told_in_words_on_the_dutch_clock() {
        let (start, end) = (at("2026-11-24T09:00:00Z"), at("2026-11-24T10:00:00Z"));
        assert_eq!(span(start, end, Language::Dutch), "dinsdag 24 november 2026, 10:00–11:00 uur");
        assert_eq!(span(start, end, Language::English), "Tuesday 24 November 2026, 10:00–11:00");
        assert_eq!(short(start, Language::Dutch), "di 24 nov 2026 10:00");
        assert_eq!(short(start, Language::English), "Tue 24 Nov 2026 10:00");
    }

    #[test]
    fn summer_time_and_midnight_are_dutch() {
        assert_eq!(short(at("2027-03-27T23:30:00Z"), Language::Dutch), "zo 28 mrt 2027 00:30");
        assert_eq!(short(at("2027-03-28T01:00:00Z"), Language::Dutch), "zo 28 mrt 2027 03:00");
        assert_eq!(
            span(at("2026-12-31T22:00:00Z"), at("2027-01-01T00:00:00Z"), Language::Dutch),
            "donderdag 31 december 2026, 23:00 uur tot vrijdag 1 januari 2027, 01:00 uur"
        );
    }

    #[test]
    fn short_day_names_are_the_usual_two_letters() {
        let days: Vec<_> = DAYS.iter().map(|(dutch, _)| &dutch[..2]).collect();
        assert_eq!(days, ["ma", "di", "wo", "do", "vr", "za", "zo"]);
    }
}
