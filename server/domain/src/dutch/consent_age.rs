//! Who consents to youth help and to sharing about it, by the age on a day.

use chrono::NaiveDate;

use super::leerplicht::{age_on, birthday};

/// Whose consent is needed (Jeugdwet). Ask it for the day of the meeting, not of the
/// request: a birthday between the two changes the answer.
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
pub enum ConsentHolder {
    /// Below 12: every parent with gezag (art. 7.3.15(1)).
    Ouders,
    /// 12 to 15: the youth and every parent with gezag (art. 7.3.4(2), whose exceptions a
    /// person weighs).
    JeugdigeEnOuders,
    /// 16 and 17: the youth alone (art. 7.3.5).
    Jeugdige,
    /// From 18: of age; gezag has ended (BW 1:233, 1:245).
    Meerderjarige,
}

/// Whose consent is needed on that day.
#[must_use]
pub fn holder_on(birth: NaiveDate, date: NaiveDate) -> ConsentHolder {
    match age_on(birth, date) {
        0..12 => ConsentHolder::Ouders,
        12..16 => ConsentHolder::JeugdigeEnOuders,
        16..18 => ConsentHolder::Jeugdige,
        18.. => ConsentHolder::Meerderjarige,
    }
}

/// The next birthday after `date` on which the answer changes, so that consent can be
/// asked anew in time; none from 18.
#[must_use]
pub fn next_change(birth: NaiveDate, date: NaiveDate) -> Option<NaiveDate> {
    [12, 16, 18].map(|age| birthday(birth, age)).into_iter().find(|&birthday| date < birthday)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_changes_on_the_birthday_itself() {
        // Jeugdwet 7.3.15(1), 7.3.4(2), 7.3.5.
        let birth: NaiveDate = "2014-11-24".parse().unwrap();
        let mut date: NaiveDate = "2026-11-21".parse().unwrap();
        for (before, changes_on, after) in [
            (ConsentHolder::Ouders, "2026-11-24", ConsentHolder::JeugdigeEnOuders),
            (ConsentHolder::JeugdigeEnOuders, "2030-11-24", ConsentHolder::Jeugdige),
            (ConsentHolder::Jeugdige, "2032-11-24", ConsentHolder::Meerderjarige),
        ] {
            let change = next_change(birth, date).unwrap();
            assert_eq!(change.to_string(), changes_on);
            assert_eq!(holder_on(birth, change.pred_opt().unwrap()), before);
            assert_eq!(holder_on(birth, change), after);
            date = change;
        }
        assert_eq!(next_change(birth, date), None);
    }
}
