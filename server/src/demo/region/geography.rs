//! Gemeenten and CBS wijken of the region.

use super::{layout::Size, names, random::Random};

/// A gemeente, by its CBS code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gemeente {
    /// `GM9901` and on.
    pub code: String,
    pub name: String,
}

/// A neighbourhood as CBS draws it; a team's area is a set of these, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wijk {
    /// `WK990101`, or with letters `WK9903AB`.
    pub code: String,
    pub name: String,
    /// Code of its gemeente.
    pub gemeente: String,
    /// The four digits that every postcode of this wijk begins with; no file says so.
    pub postcode4: String,
}

/// Every gemeente has `wijken` in one run, in the order of the layout.
pub(super) fn settle(size: Size, seed: u64) -> (Vec<Gemeente>, Vec<Wijk>) {
    let mut names = names::wijken(&mut Random::stream(seed, "wijken")).into_iter();
    let mut gemeenten = Vec::new();
    let mut wijken = Vec::new();
    for plan in size.gemeenten() {
        gemeenten.push(Gemeente { code: plan.code.to_owned(), name: plan.name.to_owned() });
        for n in 0..plan.wijken {
            wijken.push(Wijk {
                code: wijk_code(plan.code, n, plan.lettered),
                name: names.next().expect("more names than wijken"),
                gemeente: plan.code.to_owned(),
                postcode4: (5801 + 3 * wijken.len()).to_string(),
            });
        }
    }
    (gemeenten, wijken)
}

fn wijk_code(gemeente: &str, n: usize, lettered: usize) -> String {
    let digits = &gemeente[2..];
    match b"ABCDEFGH"[..lettered].get(n) {
        Some(&letter) => format!("WK{digits}A{}", char::from(letter)),
        None => format!("WK{digits}{:02}", n + 1),
    }
}
