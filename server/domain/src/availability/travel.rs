//! How long people are under way between two meetings.

use std::collections::HashMap;

use super::agenda::Site;
use crate::ids::OrganisationId;

/// The longest way that counts, in minutes: four hours, as long as a lead may be.
pub const LONGEST_WAY: u16 = 240;
/// What a region starts with, in minutes.
pub const USUAL_WAY: u16 = 20;

/// A road is longer than the line as the crow flies.
const DETOUR: f64 = 1.3;
/// Through town and over the dike, in kilometres an hour.
const SPEED: f64 = 30.0;
/// To leave, to park and to get in, in minutes.
const DOORS: f64 = 5.0;
/// Ways are told in steps of this many minutes.
const STEP: f64 = 5.0;
const EARTH_KM: f64 = 6371.0;

/// A point on the map (WGS 84), in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Point {
    /// North of the equator.
    pub latitude: i32,
    /// East of Greenwich.
    pub longitude: i32,
}

impl Point {
    /// As the crow flies.
    pub fn kilometres(self, other: Self) -> f64 {
        let radians = |micro: i32| (f64::from(micro) / 1_000_000.0).to_radians();
        let half = |from: i32, to: i32| ((radians(to) - radians(from)) / 2.0).sin().powi(2);
        let across = radians(self.latitude).cos() * radians(other.latitude).cos();
        let chord = half(self.latitude, other.latitude) + across * half(self.longitude, other.longitude);
        2.0 * EARTH_KM * chord.sqrt().min(1.0).asin()
    }

    /// The same, to the nearest kilometre.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "half around the earth at most"
    )]
    pub fn whole_kilometres(self, other: Self) -> u32 {
        self.kilometres(other).round() as u32
    }

    /// The middle of points that lie as near each other as those of a region; of none there is none.
    pub fn middle(points: &[Self]) -> Option<Self> {
        let count = i64::try_from(points.len()).ok().filter(|count| *count > 0)?;
        let mean = |of: fn(&Self) -> i32| {
            let sum: i64 = points.iter().map(|point| i64::from(of(point))).sum();
            i32::try_from(sum / count).ok()
        };
        Some(Self { latitude: mean(|point| point.latitude)?, longitude: mean(|point| point.longitude)? })
    }

    /// The minutes that the way takes by this estimate, in steps of five.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 5 and LONGEST_WAY")]
    pub fn minutes(self, other: Self) -> u16 {
        let under_way = self.kilometres(other) * DETOUR / SPEED * 60.0 + DOORS;
        let steps = (under_way / STEP).ceil() * STEP;
        steps.min(f64::from(LONGEST_WAY)) as u16
    }
}

/// What is known of the ways between places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Travel {
    /// Minutes from one place to another, where somebody said so; the way back is the same
    /// unless it is said too.
    pub said: HashMap<(OrganisationId, OrganisationId), u16>,
    /// Where places are.
    pub points: HashMap<OrganisationId, Point>,
    /// Minutes between places of which nothing more is known.
    pub usual: u16,
}

impl Default for Travel {
    fn default() -> Self {
        Self { said: HashMap::new(), points: HashMap::new(), usual: USUAL_WAY }
    }
}

impl Travel {
    /// Minutes from one site to another: none to or from a screen or a telephone.
    pub fn minutes(&self, from: Site, to: Site) -> u16 {
        match (from, to) {
            (Site::Remote, _) | (_, Site::Remote) => 0,
            (Site::Unknown, _) | (_, Site::Unknown) => self.usual,
            (Site::At(from), Site::At(to)) if from == to => 0,
            (Site::At(from), Site::At(to)) => self.between(from, to),
        }
    }

    fn between(&self, from: OrganisationId, to: OrganisationId) -> u16 {
        let said = self.said.get(&(from, to)).or_else(|| self.said.get(&(to, from)));
        let estimate = || Some(self.points.get(&from)?.minutes(*self.points.get(&to)?));
        said.copied().or_else(estimate).unwrap_or(self.usual).min(LONGEST_WAY)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn site(number: u128) -> Site {
        Site::At(OrganisationId(Uuid::from_u128(number)))
    }

    fn point(latitude: i32, longitude: i32) -> Point {
        Point { latitude, longitude }
    }

    // Venlo station to Roermond station: 22 km as the crow flies.
    #[test]
    fn a_way_is_estimated_from_the_distance() {
        let (venlo, roermond) = (point(51_364_700, 6_171_900), point(51_192_500, 5_994_400));
        let km = venlo.kilometres(roermond);
        assert!((22.0..24.0).contains(&km), "{km}");
        assert_eq!(venlo.minutes(roermond), 65);
        assert_eq!(venlo.minutes(venlo), 5);
        assert_eq!(venlo.minutes(point(-51_000_000, -170_000_000)), LONGEST_WAY);
    }

    #[test]
    fn the_middle_of_points_lies_between_them_and_a_distance_is_in_whole_kilometres() {
        let (venlo, roermond) = (point(51_364_700, 6_171_900), point(51_192_500, 5_994_400));
        assert_eq!(Point::middle(&[]), None);
        assert_eq!(Point::middle(&[venlo]), Some(venlo));
        let middle = Point::middle(&[venlo, roermond]).unwrap();
        assert_eq!(middle, point(51_278_600, 6_083_150));
        assert_eq!((venlo.whole_kilometres(venlo), venlo.whole_kilometres(roermond)), (0, 23));
        assert_eq!(venlo.whole_kilometres(middle), 11);
    }

    #[test]
    fn what_was_said_goes_before_the_estimate_and_the_usual_comes_last() {
        let id = |number| OrganisationId(Uuid::from_u128(number));
        let travel = Travel {
            said: HashMap::from([((id(1), id(2)), 35), ((id(2), id(3)), 10), ((id(3), id(2)), 25)]),
            points: HashMap::from([
                (id(1), point(51_364_700, 6_171_900)),
                (id(4), point(51_192_500, 5_994_400)),
            ]),
            usual: 20,
        };
        for (from, to, minutes) in [
            (site(1), site(2), 35),
            (site(2), site(1), 35),
            (site(2), site(3), 10),
            (site(3), site(2), 25),
            (site(1), site(4), 65),
            (site(3), site(4), 20),
            (site(3), site(3), 0),
            (site(3), Site::Unknown, 20),
            (Site::Unknown, Site::Unknown, 20),
            (Site::Unknown, Site::Remote, 0),
            (Site::Remote, site(1), 0),
        ] {
            assert_eq!(travel.minutes(from, to), minutes, "{from:?} to {to:?}");
        }
    }

    proptest! {
        #[test]
        fn an_estimate_is_the_same_back_and_in_whole_steps(
            a in 50_700_000i32..53_600_000, b in 3_300_000i32..7_300_000,
            c in 50_700_000i32..53_600_000, d in 3_300_000i32..7_300_000,
        ) {
            let (one, other) = (point(a, b), point(c, d));
            let minutes = one.minutes(other);
            prop_assert_eq!(minutes, other.minutes(one));
            prop_assert!(minutes % 5 == 0 && (5..=LONGEST_WAY).contains(&minutes));
        }
    }
}
