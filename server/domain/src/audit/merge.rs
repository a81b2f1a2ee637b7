//! Like things of one day in one line (NEN 7513:2018 allows that for what is shown to a data subject).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use uuid::Uuid;

use crate::access::Classes;

/// A line of the log, as far as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// In the Netherlands.
    pub day: NaiveDate,
    /// For which organisation; none for the system itself.
    pub organisation: Option<Uuid>,
    /// In which function, as the log keeps it: roles separated by spaces, or a worker's kind.
    pub function: String,
    /// The letter of NEN 7513.
    pub deed: String,
    /// What for.
    pub purpose: String,
    /// Whether with emergency access.
    pub emergency: bool,
    /// Which classes.
    pub classes: Classes,
    /// Who.
    pub actor: Option<Uuid>,
}

/// What somebody did on one day, however often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Everything but who and how often; with every class that was seen.
    pub seen: Seen,
    /// How often.
    pub times: u32,
    /// Who, all of them.
    pub actors: BTreeSet<Uuid>,
}

/// Merges what is alike, newest day first.
pub fn merge(lines: impl IntoIterator<Item = Seen>) -> Vec<Day> {
    let mut days = BTreeMap::new();
    for seen in lines {
        let key = (
            std::cmp::Reverse(seen.day),
            seen.organisation,
            seen.function.clone(),
            seen.deed.clone(),
            seen.purpose.clone(),
            seen.emergency,
        );
        let actor = seen.actor;
        let day = days.entry(key).or_insert_with(|| Day {
            seen: Seen { actor: None, classes: Classes::default(), ..seen.clone() },
            times: 0,
            actors: BTreeSet::new(),
        });
        day.seen.classes = day.seen.classes.or(seen.classes);
        day.times += 1;
        day.actors.extend(actor);
    }
    days.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Class;

    fn seen(day: &str, deed: &str, actor: u128, class: Class, emergency: bool) -> Seen {
        Seen {
            day: day.parse().unwrap(),
            organisation: Some(Uuid::from_u128(1)),
            function: "IBER".into(),
            deed: deed.into(),
            purpose: "terugkeer_school".into(),
            emergency,
            classes: Classes::of(&[class]),
            actor: Some(Uuid::from_u128(actor)),
        }
    }

    #[test]
    fn what_is_alike_on_one_day_is_one_line_and_nothing_is_lost() {
        let days = merge([
            seen("2026-11-23", "R", 1, Class::K2, false),
            seen("2026-11-24", "R", 1, Class::K2, false),
            seen("2026-11-23", "R", 2, Class::K3, false),
            seen("2026-11-23", "U", 1, Class::K2, false),
            seen("2026-11-23", "R", 1, Class::K2, true),
        ]);
        let told: Vec<_> = days
            .iter()
            .map(|day| {
                (
                    day.seen.day.to_string(),
                    day.seen.deed.as_str(),
                    day.seen.emergency,
                    day.times,
                    day.actors.len(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("2026-11-24".to_owned(), "R", false, 1, 1),
                ("2026-11-23".to_owned(), "R", false, 2, 2),
                ("2026-11-23".to_owned(), "R", true, 1, 1),
                ("2026-11-23".to_owned(), "U", false, 1, 1),
            ]
        );
        assert_eq!(days[1].seen.classes, Classes::of(&[Class::K2, Class::K3]));
        assert_eq!(days[1].seen.actor, None, "who it was stands apart");
    }
}
