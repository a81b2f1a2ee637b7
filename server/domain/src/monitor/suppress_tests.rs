//! A reader who attacks what is told finds no small count.

use proptest::prelude::*;

use super::*;

/// A table with its margins: rows × columns, then the totals of the rows, of the columns, and of all.
fn table(cells: &[Vec<u32>]) -> Sums {
    let columns = cells[0].len();
    let width = columns + 1;
    let mut counts = Vec::new();
    for row in cells {
        counts.extend(row);
        counts.push(row.iter().sum());
    }
    for column in 0..columns {
        counts.push(cells.iter().map(|row| row[column]).sum());
    }
    counts.push(cells.iter().flatten().sum());
    let rows = 0..=cells.len();
    let across = rows.map(|row| Line {
        whole: row * width + columns,
        parts: (0..columns).map(|c| row * width + c).collect(),
    });
    let down = (0..width).map(|column| Line {
        whole: cells.len() * width + column,
        parts: (0..cells.len()).map(|row| row * width + column).collect(),
    });
    Sums { lines: across.chain(down).collect(), counts }
}

/// Whether some table agrees with all that is told and has `value` at `at`: every count that the
/// reader does not know is tried in turn, which is slow and overlooks nothing.
fn possible(sums: &Sums, mut bounds: Bounds, (at, value): (usize, i64), left: &mut u32) -> bool {
    if value < bounds[at].0 || value > bounds[at].1 {
        return false;
    }
    bounds[at] = (value, value);
    loop {
        let moved =
            sums.lines.iter().fold(false, |moved, line| !narrow(&mut bounds, line).is_empty() | moved);
        if bounds.iter().any(|(low, high)| low > high) {
            return false;
        }
        if !moved {
            break;
        }
    }
    let open = (0..bounds.len()).filter(|at| bounds[*at].0 < bounds[*at].1);
    let Some(next) = open.min_by_key(|at| bounds[*at].1 - bounds[*at].0) else { return true };
    *left = left.saturating_sub(1);
    // An attack that runs out of time has found nothing out.
    *left == 0
        || (bounds[next].0..=bounds[next].1.min(bounds[next].0 + 400))
            .any(|value| possible(sums, bounds.clone(), (next, value), left))
}

/// The small counts of which a reader can find out the one value they have.
fn found_out(sums: &Sums, told: &[Option<u32>], small: SmallNumber) -> Vec<usize> {
    let hidden: Vec<bool> = told.iter().map(Option::is_none).collect();
    let bounds = System::of(sums, small).seen(&hidden);
    let is_found = |at: &usize| {
        let true_value = i64::from(sums.counts[*at]);
        let other = (bounds[*at].0..=bounds[*at].1)
            .filter(|value| *value != true_value)
            .any(|value| possible(sums, bounds.clone(), (*at, value), &mut 4_000));
        small.hides(sums.counts[*at]) && !other
    };
    (0..sums.counts.len()).filter(is_found).collect()
}

/// The small counts for which the bounds of a reader leave one value.
pub(in crate::monitor) fn exactly_known(sums: &Sums, hidden: &[bool], small: SmallNumber) -> Vec<usize> {
    let bounds = System::of(sums, small).seen(hidden);
    let is_known = |at: &usize| small.hides(sums.counts[*at]) && bounds[*at].0 >= bounds[*at].1;
    (0..sums.counts.len()).filter(is_known).collect()
}

/// Of the totals that are withheld, those that could be told: no small count would follow from it, and no
/// sum would have one term alone that is not told.
fn withheld_for_nothing(sums: &Sums, told: &[Option<u32>], small: SmallNumber) -> Vec<usize> {
    let system = System::of(sums, small);
    let is_top = |at: &usize| sums.lines.iter().all(|line| !line.parts.contains(at));
    let is_harmless = |at: &usize| {
        let mut hidden: Vec<bool> = told.iter().map(Option::is_none).collect();
        hidden[*at] = false;
        let bounds = system.seen(&hidden);
        let is_open = |at: usize| bounds[at].0 < bounds[at].1;
        let is_alone = |line: &Line| alone(&hidden, line, is_open).is_some_and(|one| sums.counts[one] > 0);
        system.known(&bounds).is_empty() && !sums.lines.iter().any(is_alone)
    };
    let withheld = (0..told.len()).filter(|at| told[*at].is_none() && sums.counts[*at] >= small.threshold());
    withheld.filter(is_top).filter(is_harmless).collect()
}

/// `0` alone is told as it is; what is told else is no small number and a multiple of five. No small count is
/// found out, and no total is withheld for nothing.
fn check(sums: &Sums, small: SmallNumber) -> Result<(), TestCaseError> {
    let told = suppress(sums, small, &BTreeMap::new());
    for (count, told) in sums.counts.iter().zip(&told) {
        if let Some(told) = told {
            prop_assert!(!small.hides(*count));
            prop_assert_eq!(told % STEP, 0);
            prop_assert!(told.abs_diff(*count) <= STEP / 2);
        }
    }
    prop_assert_eq!(found_out(sums, &told, small), Vec::<usize>::new());
    prop_assert_eq!(withheld_for_nothing(sums, &told, small), Vec::<usize>::new());
    Ok(())
}

#[test]
fn a_single_small_count_takes_another_with_it() {
    // 4 would follow from 40 − 16 − 20 if nothing else were withheld.
    let sums = Sums { counts: vec![4, 16, 20, 40], lines: vec![Line { whole: 3, parts: vec![0, 1, 2] }] };
    assert_eq!(suppress(&sums, SmallNumber::USUAL, &BTreeMap::new()), [None, None, Some(20), Some(40)]);
}

#[test]
fn a_complement_is_protected_as_the_count_itself() {
    // Of 30 open cases 28 are called so: that 2 are not would follow.
    let sums = Sums { counts: vec![30, 28, 2], lines: vec![Line { whole: 0, parts: vec![1, 2] }] };
    assert_eq!(suppress(&sums, SmallNumber::USUAL, &BTreeMap::new()), [Some(30), None, None]);
}

#[test]
fn rounding_that_gives_a_count_away_withholds_more() {
    // 13 and 13 are told as 15, 27 as 25: 25 is at most 27, 15 at least 13, so the rest would be 1.
    let line = |whole, parts: &[usize]| Line { whole, parts: parts.to_vec() };
    let sums = Sums { counts: vec![13, 13, 1, 27], lines: vec![line(3, &[0, 1, 2])] };
    let told = suppress(&sums, SmallNumber::USUAL, &BTreeMap::new());
    assert!(found_out(&sums, &told, SmallNumber::USUAL).is_empty(), "{told:?}");
    assert_eq!(told[2], None);
}

/// A region of gemeenten and their wijken, the region first and each gemeente before its wijken.
fn places(gemeenten: &[Vec<u32>]) -> Sums {
    let mut sums = Sums { counts: vec![0], lines: vec![] };
    let mut top = Vec::new();
    for wijken in gemeenten {
        let whole = sums.counts.len();
        top.push(whole);
        sums.counts.push(wijken.iter().sum());
        let parts = (whole + 1..=whole + wijken.len()).collect();
        sums.counts.extend(wijken);
        sums.lines.push(Line { whole, parts });
    }
    sums.counts[0] = top.iter().map(|at| sums.counts[*at]).sum();
    sums.lines.push(Line { whole: 0, parts: top });
    sums
}

/// With the zeros told, nine would be at least 1 each and at most 9 together.
#[test]
fn nine_single_children_are_not_told_from_the_places_without_any() {
    let mut wijken = [[0; 11]; 4];
    for nth in 0..9 {
        wijken[nth % 4][nth] = 1;
    }
    let sums = places(&wijken.map(Vec::from));
    assert_eq!((sums.counts[0], sums.counts.len()), (9, 49));
    let told = suppress(&sums, SmallNumber::USUAL, &BTreeMap::new());
    assert_eq!(told, [None; 49]);
    assert!(found_out(&sums, &told, SmallNumber::USUAL).is_empty());
    // One more, and it is a total that is told; of places nothing.
    wijken[3][10] = 1;
    let sums = places(&wijken.map(Vec::from));
    let told = suppress(&sums, SmallNumber::USUAL, &BTreeMap::new());
    assert_eq!((told[0], told[1..].iter().flatten().count()), (Some(10), 0));
}

/// A sum that cannot be told hides nothing in the sums beside it.
#[test]
fn what_is_small_in_one_band_withholds_no_total() {
    // By band: nine wijken of 46 with one each, and 19 children spread over others; in all, 28.
    let (one, other) = (|nth: u32| u32::from(nth < 9), |nth: u32| u32::from((20..39).contains(&nth)));
    let mut sums = Sums::default();
    let bands: [&dyn Fn(u32) -> u32; 3] = [&|nth| one(nth) + other(nth), &one, &other];
    for of in bands {
        let wijken: Vec<u32> = (0..46).map(of).collect();
        let from = sums.counts.len();
        let band = places(&wijken.chunks(12).map(<[u32]>::to_vec).collect::<Vec<_>>());
        let moved = |line: Line| Line {
            whole: line.whole + from,
            parts: line.parts.into_iter().map(|at| at + from).collect(),
        };
        sums.lines.extend(band.lines.into_iter().map(moved));
        sums.counts.extend(band.counts);
    }
    let each = sums.counts.len() / 3;
    sums.lines.extend((0..each).map(|at| Line { whole: at, parts: vec![at + each, at + 2 * each] }));
    let told = suppress(&sums, SmallNumber::USUAL, &BTreeMap::new());
    // 28 in all; that 19 are in one band would tell that 9 are in the other.
    assert_eq!((told[0], told[each], told[2 * each]), (Some(30), None, None));
    let dashes: Vec<bool> = told.iter().map(Option::is_none).collect();
    assert_eq!(exactly_known(&sums, &dashes, SmallNumber::USUAL), [0_usize; 0]);
}

#[test]
fn a_zero_that_hides_a_small_count_leaves_the_larger_ones_told() {
    let sums = places(&[vec![20, 3, 0, 12], vec![40, 0]]);
    let told = suppress(&sums, SmallNumber::USUAL, &BTreeMap::new());
    // Nothing is small in the second: its zero is told.
    assert_eq!(told, [Some(75), Some(35), Some(20), None, None, Some(10), Some(40), Some(40), Some(0)]);
}

/// What is told as none tells that all below it are; those are told too.
#[test]
fn nobody_in_the_whole_region_is_told_everywhere() {
    let sums = places(&[vec![0, 0], vec![0]]);
    assert_eq!(suppress(&sums, SmallNumber::USUAL, &BTreeMap::new()), [Some(0); 6]);
}

/// Both parts are below 10, so that neither is below 9 where their sum is at least 18.
#[test]
fn a_total_is_withheld_that_gives_its_parts_away() {
    let sums = Sums { counts: vec![18, 9, 9], lines: vec![Line { whole: 0, parts: vec![1, 2] }] };
    assert_eq!(suppress(&sums, SmallNumber::USUAL, &BTreeMap::new()), [None; 3]);
}

#[test]
fn nothing_small_withholds_nothing() {
    let sums = table(&[vec![10, 23], vec![0, 41]]);
    let told = suppress(&sums, SmallNumber::USUAL, &BTreeMap::new());
    assert_eq!(told, [10, 25, 35, 0, 40, 40, 10, 65, 75].map(Some));
}

/// What was decided elsewhere gives way where a small count would follow from it.
#[test]
fn what_is_settled_is_withheld_where_nothing_else_keeps_a_small_count() {
    let sums = Sums { counts: vec![13, 13, 1, 27], lines: vec![Line { whole: 3, parts: vec![0, 1, 2] }] };
    let settled = BTreeMap::from([(0, false), (1, false), (3, false)]);
    let told = suppress(&sums, SmallNumber::USUAL, &settled);
    assert_eq!(told[2], None);
    assert!(found_out(&sums, &told, SmallNumber::USUAL).is_empty(), "{told:?}");
}

/// A zero that is withheld is withheld as any other: nothing contradicts it.
#[test]
fn a_zero_that_is_withheld_elsewhere_stays_so() {
    let sums = Sums { counts: vec![0, 12, 12], lines: vec![Line { whole: 2, parts: vec![0, 1] }] };
    let told = suppress(&sums, SmallNumber::USUAL, &BTreeMap::from([(0, true)]));
    assert_eq!(told[0], None);
}

proptest! {
    /// A region and its places, of some of which it was decided elsewhere that they are told.
    #[test]
    fn no_small_count_is_known_whatever_is_settled(
        cells in prop::collection::vec((cell(), prop::bool::ANY), 1..7),
        whole in prop::bool::ANY,
    ) {
        let mut counts: Vec<u32> = cells.iter().map(|(count, _)| *count).collect();
        counts.push(counts.iter().sum());
        let lines = vec![Line { whole: cells.len(), parts: (0..cells.len()).collect() }];
        let is_settled = cells.iter().map(|(_, is)| *is).chain([whole]);
        let small = SmallNumber::USUAL;
        let settled = (0..).zip(is_settled).filter(|(at, is): &(usize, bool)| *is && !small.hides(counts[*at]));
        let settled: BTreeMap<usize, bool> = settled.map(|(at, _)| (at, false)).collect();
        let sums = Sums { counts, lines };
        let hidden: Vec<bool> = suppress(&sums, small, &settled).iter().map(Option::is_none).collect();
        prop_assert_eq!(exactly_known(&sums, &hidden, small), Vec::<usize>::new());
    }
}

#[test]
fn the_threshold_is_never_below_five() {
    assert_eq!(SmallNumber::of(Some(1)).threshold(), 5);
    assert_eq!(SmallNumber::of(Some(20)).threshold(), 20);
    assert_eq!(SmallNumber::of(None).threshold(), 10);
}

#[test]
fn the_attack_finds_what_is_not_protected() {
    let sums = Sums { counts: vec![4, 16, 20, 40], lines: vec![Line { whole: 3, parts: vec![0, 1, 2] }] };
    // Rounded numbers leave room; a reader of a table in which every other count is zero has none.
    let bare = Sums { counts: vec![4, 0, 4], lines: vec![Line { whole: 2, parts: vec![0, 1] }] };
    assert!(found_out(&sums, &[None, Some(15), Some(20), Some(40)], SmallNumber::USUAL).is_empty());
    assert!(found_out(&bare, &[None, Some(0), None], SmallNumber::USUAL).is_empty());
    let tight = Sums { counts: vec![13, 13, 1, 27], lines: vec![Line { whole: 3, parts: vec![0, 1, 2] }] };
    assert_eq!(found_out(&tight, &[Some(15), Some(15), None, Some(25)], SmallNumber::USUAL), [2]);
}

/// How many cases a wijk has.
pub(in crate::monitor) fn few() -> impl Strategy<Value = u32> {
    prop_oneof![1 => Just(0_u32), 3 => 1_u32..10, 3 => 10_u32..30]
}

/// How many of few children a wijk has.
fn sparse() -> impl Strategy<Value = u32> {
    prop_oneof![6 => Just(0_u32), 3 => Just(1), 1 => 2_u32..5]
}

fn cell() -> impl Strategy<Value = u32> {
    prop_oneof![2 => Just(0_u32), 4 => 1_u32..10, 3 => 10_u32..16, 1 => 16_u32..60]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Rows, columns and totals.
    #[test]
    fn no_small_count_of_a_table_is_found_out(
        (rows, columns) in (1_usize..4, 1_usize..4),
        cells in prop::collection::vec(cell(), 9),
        threshold in prop_oneof![Just(5_u16), Just(10), Just(12)],
    ) {
        let cells: Vec<Vec<u32>> = cells.chunks(columns).take(rows).map(<[u32]>::to_vec).collect();
        prop_assume!(cells.len() == rows && cells.iter().all(|row| row.len() == columns));
        check(&table(&cells), SmallNumber::of(Some(threshold)))?;
    }

    /// Scopes within scopes: a region, its gemeenten, their wijken. What is subtracted from what, nothing
    /// small is found out.
    #[test]
    fn no_small_count_is_found_out_by_subtracting_scopes(
        gemeenten in prop::collection::vec(prop::collection::vec(cell(), 1..4), 1..4)
    ) {
        check(&places(&gemeenten), SmallNumber::USUAL)?;
    }

    /// A region of few children in many wijken: what is told is not pointlessly little. Where no gemeente comes
    /// near the threshold, and the region has twice as many, the region is told and nothing else.
    #[test]
    fn the_total_of_a_sparse_region_is_told(
        gemeenten in prop::collection::vec(prop::collection::vec(sparse(), 1..13), 3..8)
    ) {
        let sums = places(&gemeenten);
        check(&sums, SmallNumber::USUAL)?;
        let told = suppress(&sums, SmallNumber::USUAL, &BTreeMap::new());
        let few = gemeenten.iter().all(|wijken| wijken.iter().sum::<u32>() < 8);
        if few && sums.counts[0] >= 20 {
            prop_assert_eq!(told[0], Some(rounded(sums.counts[0])));
            prop_assert_eq!(told[1..].iter().flatten().count(), 0);
        }
    }
}
