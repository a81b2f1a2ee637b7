//! Moments have names, and more than one day.

use strum::IntoEnumIterator;

use super::*;

#[test]
fn every_moment_has_a_name_in_both_languages() {
    for moment in Moment::iter() {
        assert!(!moment.name(Language::Dutch).is_empty() && !moment.name(Language::English).is_empty());
        assert_eq!(moment.to_string().parse(), Ok(moment));
    }
    for language in [Language::Dutch, Language::English] {
        let names: BTreeSet<&str> = Moment::iter().map(|moment| moment.name(language)).collect();
        assert_eq!(names.len(), Moment::iter().count(), "no two have the same");
    }
}

#[test]
fn a_moment_that_comes_twice_has_two_days() {
    let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
    let moments: Moments = [5, 3, 5, 9].map(|d| (Moment::SickReported, day(d))).into_iter().collect();
    assert_eq!(moments.until(Moment::SickReported, day(30)).count(), 3);
    assert_eq!(moments.last(Moment::SickReported, day(8)), Some(day(5)));
    assert_eq!(moments.last(Moment::SickReported, day(2)), None);
    assert_eq!(moments.last(Moment::Returned, day(8)), None);
}
