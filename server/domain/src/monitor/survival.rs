//! How long it takes until something comes, with those for whom it has not come yet: Kaplan–Meier.
//!
//! The estimate is that of Kaplan and Meier (JASA 1958, 53: 457–481), its variance Greenwood's (1926),
//! its band the pointwise one on the scale of log(−log S), which never leaves 0 to 1 (Kalbfleisch and
//! Prentice 1980; Klein and Moeschberger, *Survival Analysis*, 2nd ed. 2003, §4.3): with
//! σ² = Σ d/(n(n−d)) and z = 1.96, S^exp(±z·σ/ln S). Censored and ended on one day: who is
//! censored that day is still at risk on it. Before the first event and after the curve has reached 0
//! the band has no width.

use std::collections::BTreeMap;

use super::suppress::{SmallNumber, rounded};

/// The 97.5th percentile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// What is waited for.
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
pub enum End {
    /// The first meeting that was held with a parent at the table.
    FirstMeeting,
    /// The first fitting offer.
    Offer,
    /// An outcome that solves it for the Thuiszitterspact.
    Solved,
}

/// One stretch of waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spell {
    /// How long, in calendar days.
    pub days: u32,
    /// Whether what is waited for came; else it was not there yet when the looking ended.
    pub came: bool,
}

/// The curve from one day on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Calendar days since the first day.
    pub days: u32,
    /// How many waited just before.
    pub at_risk: u32,
    /// For how many it came on this day.
    pub came: u32,
    /// How many were last seen waiting on this day.
    pub censored: u32,
    /// The part that still waits after this day.
    pub survival: f64,
    /// The lower end of the 95 % band.
    pub lower: f64,
    /// The upper end of it.
    pub upper: f64,
}

/// The whole curve.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Survival {
    /// One for each day on which something was seen, in order.
    pub points: Vec<Point>,
    /// The first day by which half no longer waits; none while that has not come.
    pub median: Option<u32>,
    /// The ends of its 95 % band: where the band's ends reach half.
    pub median_band: (Option<u32>, Option<u32>),
}

/// The estimate over `spells`, in any order.
#[must_use]
pub fn curve(spells: &[Spell]) -> Survival {
    let mut days: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for spell in spells {
        let (came, censored) = days.entry(spell.days).or_default();
        if spell.came { *came += 1 } else { *censored += 1 }
    }
    let mut at_risk = u32::try_from(spells.len()).unwrap_or(u32::MAX);
    let (mut survival, mut variance) = (1.0_f64, 0.0_f64);
    let mut points = Vec::with_capacity(days.len());
    for (days, (came, censored)) in days {
        let (n, d) = (f64::from(at_risk), f64::from(came));
        if came > 0 {
            survival = if came == at_risk { 0.0 } else { survival * (n - d) / n };
            variance += d / (n * (n - d));
        }
        let (lower, upper) = band(survival, variance);
        points.push(Point { days, at_risk, came, censored, survival, lower, upper });
        at_risk -= came + censored;
    }
    let reaches = |of: fn(&Point) -> f64| points.iter().find(|point| is_half(of(point))).map(|p| p.days);
    let median = reaches(|point| point.survival);
    let median_band = (reaches(|point| point.lower), reaches(|point| point.upper));
    Survival { points, median, median_band }
}

/// The estimate as it is told across organisations, of a whole region: at the ends of weeks, as few as it
/// takes that for enough it came since the last one that is told, and only as long as enough still wait.
/// At risk is rounded, and the rest in whole per cents; the band is worked out from what is told, so that it
/// tells nothing more. The median is one of those ends of weeks, and there is no band of it: it says that half no
/// longer waits where the point says so too.
#[must_use]
pub fn coarse(spells: &[Spell], small: SmallNumber) -> Survival {
    let number = |is: &dyn Fn(&Spell) -> bool| {
        u32::try_from(spells.iter().filter(|spell| is(spell)).count()).unwrap_or(u32::MAX)
    };
    let came = |week: u32| number(&|spell| spell.came && spell.days <= week * 7);
    let still = |week: u32| number(&|spell| spell.days > week * 7);
    let enough = |count: u32| count >= small.threshold();
    let exact = curve(spells);
    let weeks = exact.points.last().map_or(0, |point| point.days / 7);
    let half = exact.median.map(|days| days.div_ceil(7));
    let half = half.filter(|week| enough(came(*week)) && enough(still(*week)));
    let (mut points, mut last) = (Vec::new(), 0);
    let (mut before, mut variance) = (1.0_f64, 0.0_f64);
    for week in (0..=weeks).take_while(|week| enough(still(*week))) {
        let now = came(week);
        // The week of the median is told, so that enough are left for it.
        let is_free = half.is_none_or(|half| week >= half || enough(came(half) - now));
        if !enough(now - last) || !is_free {
            continue;
        }
        let days = week * 7;
        let part = exact.points.iter().rfind(|point| point.days <= days).map_or(1.0, |point| point.survival);
        let (at_risk, survival) = (rounded(number(&|spell| spell.days >= days)), cents(part));
        // Greenwood's term: without anybody censored in between it is what is left that counts.
        variance += (1.0 - survival / before) / f64::from(at_risk);
        let (lower, upper) = band(survival, variance);
        let (lower, upper) = (cents(lower), cents(upper));
        points.push(Point { days, at_risk, came: 0, censored: 0, survival, lower, upper });
        (before, last) = (survival, now);
    }
    Survival { points, median: half.map(|week| week * 7), median_band: (None, None) }
}

/// In whole per cents.
fn cents(part: f64) -> f64 {
    (part * 100.0).round() / 100.0
}

/// Whether at most half is left; products of fractions that are exactly half may come out a hair above.
fn is_half(part: f64) -> bool {
    part <= 0.5 + 1e-12
}

fn band(survival: f64, variance: f64) -> (f64, f64) {
    if survival <= 0.0 || survival >= 1.0 {
        return (survival, survival);
    }
    let wide = (Z * variance.sqrt() / survival.ln().abs()).exp();
    (survival.powf(wide), survival.powf(1.0 / wide))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(came: &[u32], censored: &[u32]) -> Vec<Spell> {
        let one = |came| move |days: &u32| Spell { days: *days, came };
        came.iter().map(one(true)).chain(censored.iter().map(one(false))).collect()
    }

    /// The 6-MP arm of Freireich et al. 1963, as worked out in Klein and Moeschberger, table 4.1A.
    #[test]
    fn the_leukaemia_trial_of_the_textbooks() {
        let spells = of(&[6, 6, 6, 7, 10, 13, 16, 22, 23], &[6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]);
        let survival = curve(&spells);
        let expected = [
            (6, 21, 0.857),
            (7, 17, 0.807),
            (10, 15, 0.753),
            (13, 12, 0.690),
            (16, 11, 0.627),
            (22, 7, 0.538),
            (23, 6, 0.448),
        ];
        let events: Vec<_> = survival.points.iter().filter(|point| point.came > 0).collect();
        assert_eq!(events.len(), expected.len());
        for (point, (days, at_risk, part)) in events.iter().zip(expected) {
            assert_eq!((point.days, point.at_risk), (days, at_risk));
            assert!((point.survival - part).abs() < 5e-4, "{point:?}");
        }
        assert_eq!(survival.median, Some(23));
    }

    #[test]
    fn where_everybody_still_waits_there_is_no_median() {
        let survival = curve(&of(&[], &[3, 3, 9]));
        assert_eq!((survival.median, survival.median_band), (None, (None, None)));
        assert!(survival.points.iter().all(|point| point.survival > 0.999_999 && point.lower > 0.999_999));
        assert_eq!(curve(&[]), Survival::default());
    }

    #[test]
    fn ties_count_once_each_and_who_is_censored_that_day_is_at_risk_on_it() {
        let survival = curve(&of(&[5, 5], &[5, 8]));
        assert_eq!(survival.points.len(), 2);
        let first = survival.points[0];
        assert_eq!((first.at_risk, first.came, first.censored), (4, 2, 1));
        assert!((first.survival - 0.5).abs() < 1e-12);
        assert_eq!(survival.median, Some(5));
        assert_eq!(survival.points[1].at_risk, 1);
    }

    #[test]
    fn across_organisations_a_curve_is_coarse_and_ends_where_few_are_left() {
        let spells: Vec<_> = (0..80).map(|nth| Spell { days: nth * 3, came: nth % 4 != 0 }).collect();
        let told = coarse(&spells, SmallNumber::USUAL);
        assert!(told.points.len() > 3);
        assert!(told.points.iter().all(|point| point.days % 7 == 0 && point.at_risk % 5 == 0));
        assert!(told.points.iter().all(|point| point.at_risk >= 10 && point.came + point.censored == 0));
        assert!(told.points.iter().all(|point| (point.survival - cents(point.survival)).abs() < 1e-12));
        // Half no longer waits after so many whole weeks, and that week is one of the points.
        let week = curve(&spells).median.unwrap().div_ceil(7);
        assert_eq!((told.median, told.median_band), (Some(week * 7), (None, None)));
        let at = told.points.iter().find(|point| point.days == week * 7).unwrap();
        assert!(at.survival <= 0.5 && at.lower < at.survival && at.survival < at.upper);
        assert_eq!(coarse(&spells[..9], SmallNumber::USUAL), Survival::default());
        let waiting: Vec<_> = (0..40).map(|days| Spell { days, came: days < 9 }).collect();
        assert_eq!(coarse(&waiting, SmallNumber::USUAL), Survival::default());
    }

    /// Fifteen, for one of whom it came after 20 days, told of that one by 93 %.
    #[test]
    fn across_organisations_no_step_is_of_a_single_child() {
        let spells: Vec<_> = (0..15).map(|nth| Spell { days: 20 + nth * 9, came: nth < 3 }).collect();
        assert_eq!(coarse(&spells, SmallNumber::USUAL), Survival::default());
    }

    #[test]
    fn one_alone_drops_to_nothing() {
        let survival = curve(&of(&[7], &[]));
        let point = survival.points[0];
        assert_eq!((point.survival, point.lower, point.upper), (0.0, 0.0, 0.0));
        assert_eq!(survival.median, Some(7));
    }

    proptest! {
        #[test]
        fn the_curve_falls_within_its_band_and_counts_everybody(
            spells in prop::collection::vec((0_u32..60, any::<bool>()), 0..80)
        ) {
            let spells: Vec<_> = spells.into_iter().map(|(days, came)| Spell { days, came }).collect();
            let survival = curve(&spells);
            let mut last = 1.0;
            for point in &survival.points {
                prop_assert!(point.survival <= last + 1e-12);
                prop_assert!(0.0 <= point.lower && point.lower <= point.survival + 1e-12);
                prop_assert!(point.survival <= point.upper + 1e-12 && point.upper <= 1.0);
                last = point.survival;
            }
            let seen: u32 = survival.points.iter().map(|point| point.came + point.censored).sum();
            prop_assert_eq!(seen as usize, spells.len());
        }

        /// From one told point to the next it came for enough, and after each enough still wait.
        #[test]
        fn between_two_told_points_it_came_for_enough(
            spells in prop::collection::vec((0_u32..200, 0_u32..4), 0..160),
            threshold in prop_oneof![Just(5_u16), Just(10), Just(20)],
        ) {
            let spells: Vec<_> = spells.into_iter().map(|(days, end)| Spell { days, came: end > 0 }).collect();
            let small = SmallNumber::of(Some(threshold));
            let told = coarse(&spells, small);
            let number = |is: &dyn Fn(&Spell) -> bool| {
                u32::try_from(spells.iter().filter(|spell| is(spell)).count()).unwrap()
            };
            let mut from = None;
            for point in &told.points {
                let came = |spell: &Spell| {
                    spell.came && spell.days <= point.days && from.is_none_or(|from| spell.days > from)
                };
                prop_assert!(number(&came) >= small.threshold());
                prop_assert!(number(&|spell| spell.days > point.days) >= small.threshold());
                prop_assert!(point.lower <= point.survival && point.survival <= point.upper);
                from = Some(point.days);
            }
            if let Some(median) = told.median {
                prop_assert!(told.points.iter().any(|point| point.days == median));
                let exact = curve(&spells).median.unwrap();
                prop_assert!(exact <= median && median < exact + 7);
            }
        }

        /// Without censoring the estimate is the part that waits longer.
        #[test]
        fn without_censoring_it_is_the_plain_part(days in prop::collection::vec(0_u32..30, 1..40)) {
            let spells: Vec<_> = days.iter().map(|days| Spell { days: *days, came: true }).collect();
            for point in curve(&spells).points {
                let longer = days.iter().filter(|one| **one > point.days).count();
                let part = f64::from(u32::try_from(longer).unwrap()) / f64::from(u32::try_from(days.len()).unwrap());
                prop_assert!((point.survival - part).abs() < 1e-9);
            }
        }
    }
}
