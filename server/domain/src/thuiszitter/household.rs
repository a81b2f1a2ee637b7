//! Which open cases are about children of one household, told by how their parents are reached, and the
//! legal basis without which nobody may ask.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::{
    refusal::Refusal,
    text::{EmailAddress, Name},
};

/// More cases than a family has children share an address or a number only when it is an institution's.
const MOST_CASES: usize = 10;
/// A shorter number is an extension, or a slip.
const SHORTEST_NUMBER: usize = 9;

/// Why a region may look for the households of children, and for how long: it always ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdBasis {
    /// The law article or agreement.
    pub legal: Name,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
}

impl HouseholdBasis {
    /// Refuses `TIME_RANGE_INVALID` when the last day comes before the first.
    pub fn new(legal: Name, from: NaiveDate, until: NaiveDate) -> Result<Self, Refusal> {
        if until < from { Err(Refusal::TimeRangeInvalid) } else { Ok(Self { legal, from, until }) }
    }

    /// Whether it holds on that day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

/// How somebody is reached, in the form in which two are compared.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Way(String);

impl std::fmt::Debug for Way {
    /// Never the address or the number.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Way(..)")
    }
}

impl Way {
    /// By mail; capitals do not count, as no mailbox of a family knows them.
    #[must_use]
    pub fn mail(address: &EmailAddress) -> Self {
        Self(address.as_str().to_lowercase())
    }

    /// By telephone: the digits, as they are dialled within the Netherlands; none when there are too few.
    #[must_use]
    pub fn telephone(number: &str) -> Option<Self> {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let abroad = if number.trim_start().starts_with('+') { "31" } else { "0031" };
        let dialled = match digits.strip_prefix(abroad) {
            Some(rest) => format!("0{}", rest.trim_start_matches('0')),
            None => digits,
        };
        (dialled.len() >= SHORTEST_NUMBER).then_some(Self(dialled))
    }
}

/// The other cases of which a parent is reached as a parent of `own` is. What is reached `at_work`, and what
/// more cases share than a family has children, ties nobody.
#[must_use]
pub fn household<K: Copy + Ord>(
    own: K,
    cases: &BTreeMap<K, BTreeSet<Way>>,
    at_work: &BTreeSet<Way>,
) -> Vec<K> {
    let Some(ways) = cases.get(&own) else { return Vec::new() };
    let shared_by = |way: &Way| cases.values().filter(|others| others.contains(way)).count();
    let tying: BTreeSet<&Way> =
        ways.iter().filter(|&way| !at_work.contains(way) && shared_by(way) <= MOST_CASES).collect();
    let others = cases.iter().filter(|(case, _)| **case != own);
    others.filter(|(_, ways)| ways.iter().any(|way| tying.contains(way))).map(|(case, _)| *case).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(address: &str) -> Way {
        Way::mail(&address.parse().unwrap())
    }

    fn cases(ways: &[&[Way]]) -> BTreeMap<usize, BTreeSet<Way>> {
        ways.iter().map(|ways| ways.iter().cloned().collect()).enumerate().collect()
    }

    #[test]
    fn a_basis_holds_from_its_first_day_to_its_last() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        let basis = |from, until| HouseholdBasis::new("Jeugdwet 7.1".parse().unwrap(), day(from), day(until));
        let week = basis(2, 8).unwrap();
        assert_eq!([1, 2, 8, 9].map(|at| week.holds_on(day(at))), [false, true, true, false]);
        assert_eq!(basis(2, 1), Err(Refusal::TimeRangeInvalid));
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        let own = Way::telephone("06 1234 5678");
        for other in ["0612345678", "+31 6 12345678", "+31 (0)6-12345678", "0031612345678"] {
            assert_eq!(Way::telephone(other), own, "{other}");
        }
        assert_ne!(Way::telephone("+32 612345678"), own);
        assert_eq!((Way::telephone("1234"), Way::telephone("")), (None, None));
        assert_eq!(mail("Noor@thuis.example"), mail("noor@thuis.example"));
    }

    #[test]
    fn cases_are_tied_by_a_shared_way_and_by_nothing_else() {
        let (noor, bas, number) =
            (mail("noor@x.nl"), mail("bas@x.nl"), Way::telephone("0612345678").unwrap());
        let [first, third] = [[noor.clone(), number.clone()], [bas.clone(), number]];
        let all = cases(&[&first, &[noor], &[bas], &third, &[]]);
        let tied = |own: usize| household(own, &all, &BTreeSet::new());
        assert_eq!((tied(0), tied(1)), (vec![1, 3], vec![0]));
        assert!(tied(4).is_empty() && tied(9).is_empty(), "without a way, and what is not compared");
    }

    #[test]
    fn an_address_of_work_or_of_an_institution_ties_nobody() {
        let guardian = mail("voogd@gi.example");
        let two = cases(&[std::slice::from_ref(&guardian); 2]);
        assert!(household(0, &two, &BTreeSet::from([guardian.clone()])).is_empty());
        let many = cases(&[std::slice::from_ref(&guardian); MOST_CASES + 1]);
        assert!(household(0, &many, &BTreeSet::new()).is_empty());
        let family = cases(&[std::slice::from_ref(&guardian); MOST_CASES]);
        assert_eq!(household(0, &family, &BTreeSet::new()).len(), MOST_CASES - 1);
    }
}
