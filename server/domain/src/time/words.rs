//! Dates as people write them.

use chrono::{Datelike, NaiveDate};

use crate::refusal::Language;

/// Dutch in full, Dutch in short (`mrt` is the usual form, not `maa`), English.
pub(crate) const MONTHS: [(&str, &str, &str); 12] = [
    ("januari", "jan", "January"),
    ("februari", "feb", "February"),
    ("maart", "mrt", "March"),
    ("april", "apr", "April"),
    ("mei", "mei", "May"),
    ("juni", "jun", "June"),
    ("juli", "jul", "July"),
    ("augustus", "aug", "August"),
    ("september", "sep", "September"),
    ("oktober", "okt", "October"),
    ("november", "nov", "November"),
    ("december", "dec", "December"),
];

/// `3 maart 2026`, `3 March 2026`.
#[must_use]
pub fn day_in_words(date: NaiveDate, language: Language) -> String {
    let (dutch, _, english) = MONTHS[date.month0() as usize];
    let month = match language {
        Language::Dutch => dutch,
        Language::English => english,
    };
    format!("{} {month} {}", date.day(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_no_leading_nought() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 3).unwrap();
        assert_eq!(day_in_words(day, Language::Dutch), "3 maart 2026");
        assert_eq!(day_in_words(day, Language::English), "3 March 2026");
    }
}
