//! The figures of a region as they are told across organisations: one set, of which every answer is a part.
//!
//! The region, its gemeenten and in each the wijken are one system of sums, measure by measure. It
//! is suppressed once, as a whole; an answer about the region, a gemeente or a wijk only picks from
//! it. So two answers never tell more than one, and what is subtracted from what makes no difference.

use std::collections::BTreeMap;

use super::{
    measure::{Counts, Measure},
    suppress::{Line, SmallNumber, Sums, suppress},
};

/// Where a case counts: the gemeente in which the child lives, and of its school the wijk; empty without one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// For example GM0537.
    pub gemeente: String,
    /// For example WK053701.
    pub wijk: String,
}

/// What is told of each measure: none is withheld, which may be zero too. What is not in it is zero.
pub type Told = BTreeMap<Measure, Option<u32>>;

/// How many of each figure a place has; what is not in it, none.
pub type Figures<M> = BTreeMap<M, u32>;

/// Of which part of the region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Region,
    Gemeente(String),
    Wijk(Place),
}

/// All that is told of a region about one day and period: by the measures of the monitor, or by the
/// figures of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published<M = Measure>(BTreeMap<Node, BTreeMap<M, Option<u32>>>);

/// What the monitor tells across organisations of a day, as far as a report tells the same.
#[derive(Debug, Clone)]
pub struct Elsewhere<M> {
    /// What it counts.
    pub counts: BTreeMap<Place, Counts>,
    /// What is small in it.
    pub small: SmallNumber,
    /// Which figure of the report is which measure.
    pub same: Vec<(M, Measure)>,
}

impl Published<Measure> {
    /// Suppresses the counts of all places at once.
    #[must_use]
    pub fn of(places: &BTreeMap<Place, Counts>, small: SmallNumber) -> Self {
        let (nodes, within) = tree(places);
        // How many and how long come first: they are shown month by month too, where stage and labels
        // are not known, and must be the same there, unless a small stage or label follows from them.
        let first: Vec<Measure> = Measure::all().filter(|measure| measure.is_of_duration()).collect();
        let sums = Measure::sums();
        let told =
            suppress(&system(&nodes, &within, (first.as_slice(), sums.as_slice())), small, &BTreeMap::new());
        let all: Vec<Measure> = Measure::all().collect();
        let mut settled = BTreeMap::new();
        for (node, told) in told.chunks(first.len()).enumerate() {
            for (measure, told) in first.iter().zip(told) {
                let at = all.iter().position(|one| one == measure);
                settled.extend(at.map(|at| (node * all.len() + at, told.is_none())));
            }
        }
        let told = suppress(&system(&nodes, &within, (all.as_slice(), sums.as_slice())), small, &settled);
        let rows = nodes.into_iter().zip(told.chunks(all.len()));
        let told =
            rows.map(|((node, _), told)| (node, all.iter().copied().zip(told.iter().copied()).collect()));
        Self(told.collect())
    }
}

impl<M: Copy + Ord> Published<M> {
    /// Suppresses the counts of all places at once, of figures with the sums among them. What the monitor
    /// tells of the same cases is withheld here where it is there, and told here where it is there,
    /// unless it is small. It is of the same cases in those places where both counts are the same: in others
    /// the report knows of more, such as what was told later of days before a case was opened.
    #[must_use]
    pub fn of_figures(
        places: &BTreeMap<Place, Figures<M>>,
        (all, sums): (&[M], &[(M, Vec<M>)]),
        small: SmallNumber,
        elsewhere: &[Elsewhere<M>],
    ) -> Self {
        let (nodes, within) = tree(places);
        let system = system(&nodes, &within, (all, sums));
        let mut settled = BTreeMap::new();
        for monitor in elsewhere {
            let told = Published::<Measure>::of(&monitor.counts, monitor.small);
            let counts: BTreeMap<Node, Counts> = tree(&monitor.counts).0.into_iter().collect();
            for (figure, measure) in &monitor.same {
                let Some(place) = all.iter().position(|one| one == figure) else { continue };
                for (node, (which, _)) in nodes.iter().enumerate() {
                    let at = node * all.len() + place;
                    let count = counts.get(which).and_then(|counts| counts.get(measure));
                    if count.copied().unwrap_or_default() != system.counts[at] {
                        continue;
                    }
                    match told.0.get(which).and_then(|told| told.get(measure)) {
                        Some(None) => {
                            settled.insert(at, true);
                        }
                        Some(Some(_)) if !small.hides(system.counts[at]) => {
                            settled.insert(at, false);
                        }
                        Some(Some(_)) | None => {}
                    }
                }
            }
        }
        let told = suppress(&system, small, &settled);
        let rows = nodes.into_iter().zip(told.chunks(all.len()));
        let told =
            rows.map(|((node, _), told)| (node, all.iter().copied().zip(told.iter().copied()).collect()));
        Self(told.collect())
    }

    /// Of the whole region.
    #[must_use]
    pub fn region(&self) -> BTreeMap<M, Option<u32>> {
        self.0.get(&Node::Region).cloned().unwrap_or_default()
    }

    /// Of the children that live in a gemeente.
    #[must_use]
    pub fn gemeente(&self, code: &str) -> BTreeMap<M, Option<u32>> {
        self.0.get(&Node::Gemeente(code.to_owned())).cloned().unwrap_or_default()
    }

    /// Of each gemeente, by its code.
    pub fn gemeenten(&self) -> impl Iterator<Item = (&str, &BTreeMap<M, Option<u32>>)> {
        self.0.iter().filter_map(|(node, told)| match node {
            Node::Gemeente(code) => Some((code.as_str(), told)),
            Node::Region | Node::Wijk(_) => None,
        })
    }

    /// Of each wijk, of the children that live in one gemeente.
    pub fn wijken(&self) -> impl Iterator<Item = (&Place, &BTreeMap<M, Option<u32>>)> {
        self.0.iter().filter_map(|(node, told)| match node {
            Node::Wijk(place) => Some((place, told)),
            Node::Region | Node::Gemeente(_) => None,
        })
    }
}

/// The counts of `measures` in all nodes, and every sum among them.
fn system<M: Copy + Ord>(
    nodes: &[(Node, Figures<M>)],
    within: &[Sum],
    (measures, known): (&[M], &[(M, Vec<M>)]),
) -> Sums {
    let at = |node: usize, measure: usize| node * measures.len() + measure;
    let count = |counts: &Figures<M>, measure: &M| counts.get(measure).copied().unwrap_or_default();
    let mut sums = Sums::default();
    for (node, (_, counts)) in nodes.iter().enumerate() {
        sums.counts.extend(measures.iter().map(|measure| count(counts, measure)));
        for (whole, parts) in known {
            let place = |wanted: &M| measures.iter().position(|measure| measure == wanted);
            let places: Option<Vec<usize>> = parts.iter().map(place).collect();
            let (Some(total), Some(places)) = (place(whole), places) else { continue };
            let sum: u32 = parts.iter().map(|part| count(counts, part)).sum();
            // Of days past nobody counts who has a regisseur.
            if sum == count(counts, whole) {
                let parts = places.into_iter().map(|part| at(node, part)).collect();
                sums.lines.push(Line { whole: at(node, total), parts });
            }
        }
    }
    for (whole, parts) in within {
        sums.lines.extend((0..measures.len()).map(|measure| Line {
            whole: at(*whole, measure),
            parts: parts.iter().map(|part| at(*part, measure)).collect(),
        }));
    }
    sums
}

/// A whole, and the parts that it is the sum of, by their place in a list.
type Sum = (usize, Vec<usize>);

/// Every part of the region with its counts, and which parts each whole has.
fn tree<M: Copy + Ord>(places: &BTreeMap<Place, Figures<M>>) -> (Vec<(Node, Figures<M>)>, Vec<Sum>) {
    let mut sums: BTreeMap<Node, Figures<M>> = BTreeMap::from([(Node::Region, Figures::new())]);
    for (place, counts) in places {
        for node in [Node::Region, Node::Gemeente(place.gemeente.clone()), Node::Wijk(place.clone())] {
            let sum = sums.entry(node).or_default();
            for (measure, count) in counts {
                *sum.entry(*measure).or_default() += count;
            }
        }
    }
    let nodes: Vec<(Node, Figures<M>)> = sums.into_iter().collect();
    let parts = |of: &Node| {
        let is_part = |node: &Node| match (of, node) {
            (Node::Region, Node::Gemeente(_)) => true,
            (Node::Gemeente(code), Node::Wijk(place)) => place.gemeente == *code,
            (Node::Region | Node::Gemeente(_) | Node::Wijk(_), _) => false,
        };
        nodes.iter().enumerate().filter(|(_, (node, _))| is_part(node)).map(|(at, _)| at).collect::<Vec<_>>()
    };
    let within = nodes.iter().enumerate().map(|(at, (node, _))| (at, parts(node)));
    let within = within.filter(|(_, parts)| !parts.is_empty()).collect();
    (nodes, within)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        monitor::{
            Band,
            suppress::tests::{exactly_known, few},
        },
        thuiszitter::Stage,
    };

    fn place(gemeente: &str, wijk: &str) -> Place {
        Place { gemeente: gemeente.into(), wijk: wijk.into() }
    }

    fn open(count: u32) -> Counts {
        [
            (Measure::Open, count),
            (Measure::Band(Band::Under4Weeks), count),
            (Measure::Regisseur, count),
            (Measure::NextAction, count),
        ]
        .into()
    }

    #[test]
    fn a_region_less_a_gemeente_tells_nothing() {
        let places = [
            (place("GM1", "WK11"), open(40)),
            (place("GM2", "WK21"), open(3)),
            (place("GM3", "WK31"), open(20)),
            (place("GM3", "WK32"), open(22)),
        ];
        let published = Published::of(&places.into(), SmallNumber::USUAL);
        let of = |told: &Told| told.get(&Measure::Open).copied().unwrap();
        assert_eq!(of(&published.region()), Some(85));
        assert_eq!(of(&published.gemeente("GM2")), None);
        // The other that is withheld is the smallest: 85 − 40 leaves 3 and 42 together.
        assert_eq!((of(&published.gemeente("GM1")), of(&published.gemeente("GM3"))), (None, Some(40)));
        // What is withheld of a gemeente does not follow from its wijken.
        let wijken: BTreeMap<_, _> =
            published.wijken().map(|(place, told)| (place.wijk.as_str(), of(told))).collect();
        assert_eq!(wijken, [("WK11", None), ("WK21", None), ("WK31", Some(20)), ("WK32", Some(20))].into());
        assert_eq!(published.gemeenten().count(), 3);
    }

    /// A picture that knows no stages shows the same as the table.
    #[test]
    fn how_many_and_how_long_are_the_same_whatever_else_is_counted() {
        let with = |stage| {
            let mut counts = open(14);
            counts.extend([(Measure::Stage(stage), 12), (Measure::Stage(Stage::Plan), 2)]);
            let mut other = open(31);
            other.insert(Measure::Stage(stage), 31);
            let places = [(place("GM1", "WK11"), counts), (place("GM2", "WK21"), other)];
            Published::of(&places.into(), SmallNumber::USUAL)
        };
        let (one, other) = (with(Stage::Signaal), with(Stage::Gesloten));
        for (told, also) in [(one.region(), other.region()), (one.gemeente("GM1"), other.gemeente("GM1"))] {
            for measure in Measure::all().filter(|measure| measure.is_of_duration()) {
                assert_eq!(told.get(&measure), also.get(&measure));
            }
        }
        assert_eq!(one.gemeente("GM1").get(&Measure::Open), Some(&Some(15)));
        assert_eq!(one.gemeente("GM1").get(&Measure::Stage(Stage::Plan)), Some(&None));
        // That it is among stages without anybody, keeps the 2.
        assert_eq!(one.gemeente("GM1").get(&Measure::Stage(Stage::Melding)), Some(&None));
        assert_eq!(one.gemeente("GM1").get(&Measure::Stage(Stage::Signaal)), Some(&Some(10)));
    }

    /// Of the figures of a report: who was there at its start, and who came.
    const REPORT: [u8; 3] = [ALL, START, NEW];
    const ALL: u8 = 0;
    const START: u8 = 1;
    const NEW: u8 = 2;

    fn told_beside(
        report: &BTreeMap<Place, Figures<u8>>,
        monitor: BTreeMap<Place, Counts>,
    ) -> (Published<u8>, Published) {
        let small = SmallNumber::USUAL;
        let published = Published::of(&monitor, small);
        let same = vec![(START, Measure::Open)];
        let elsewhere = Elsewhere { counts: monitor, small, same };
        let sums = [(ALL, vec![START, NEW])];
        (Published::of_figures(report, (REPORT.as_slice(), sums.as_slice()), small, &[elsewhere]), published)
    }

    /// A case that was opened after the eve, of a child at home before it, is in the report alone. The
    /// monitor tells 25, 0, 15 and 15; with 0 withheld and the others told, that one would be exactly 1.
    #[test]
    fn what_the_monitor_did_not_know_yet_is_not_told_by_what_it_told() {
        let here = |nth: u32| place(&format!("GM{nth}"), &format!("WK{nth}1"));
        let start = |count| Figures::from([(ALL, count), (START, count)]);
        let monitor = [(here(1), Counts::new()), (here(2), open(13)), (here(3), open(13))];
        let report = [(here(1), start(1)), (here(2), start(13)), (here(3), start(13))];
        let (told, published) = told_beside(&report.into(), monitor.into());
        let of = |told: &BTreeMap<u8, Option<u32>>| told[&START];
        assert_eq!(published.region()[&Measure::Open], Some(25));
        assert_eq!((of(&told.region()), of(&told.gemeente("GM1"))), (None, None));
        assert_eq!((of(&told.gemeente("GM2")), of(&told.gemeente("GM3"))), (Some(15), Some(15)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Whatever a report knows more than the monitor did on the eve, or less: of no small figure a
        /// reader is left with one value, and where both know the same they tell the same.
        #[test]
        fn no_small_figure_follows_from_what_the_monitor_settled(
            wijken in prop::collection::vec((few(), few(), prop_oneof![3 => Just(0_i32), 1 => -2_i32..3]), 1..7)
        ) {
            let places = (0..).zip(&wijken).map(|(nth, wijk): (usize, _)| {
                (place(&format!("GM{}", nth % 3), &format!("WK{nth}")), wijk)
            });
            let places: Vec<_> = places.collect();
            let monitor: BTreeMap<Place, Counts> =
                places.iter().map(|(place, (start, _, _))| (place.clone(), open(*start))).collect();
            let report: BTreeMap<Place, Figures<u8>> = places
                .iter()
                .map(|(place, (start, new, later))| {
                    let start = start.saturating_add_signed(*later);
                    (place.clone(), [(ALL, start + new), (START, start), (NEW, *new)].into())
                })
                .collect();
            let (told, published) = told_beside(&report, monitor.clone());
            let (nodes, within) = tree(&report);
            let sums = [(ALL, vec![START, NEW])];
            let system = system(&nodes, &within, (REPORT.as_slice(), sums.as_slice()));
            let withheld = |at: usize| told.0[&nodes[at / 3].0][&REPORT[at % 3]].is_none();
            let hidden: Vec<bool> = (0..system.counts.len()).map(withheld).collect();
            prop_assert_eq!(exactly_known(&system, &hidden, SmallNumber::USUAL), Vec::<usize>::new());
            let counted: BTreeMap<Node, Counts> = tree(&monitor).0.into_iter().collect();
            for (node, figures) in &nodes {
                let (here, there) = (figures[&START], counted[node][&Measure::Open]);
                let told_there = published.0[node][&Measure::Open];
                if here == there && told_there.is_none() {
                    prop_assert_eq!(told.0[node][&START], None);
                }
            }
        }
    }

    #[test]
    fn an_empty_region_has_zeros() {
        let published = Published::of(&BTreeMap::new(), SmallNumber::USUAL);
        assert!(published.region().values().all(|told| *told == Some(0)));
        assert!(published.gemeente("GM1").is_empty());
    }
}
