//! From which age until when a child goes to a school of a sector, and its last year in primary education.

use chrono::NaiveDate;

use super::{codes::Sector, leerplicht::birthday, school_year::SchoolYear};

/// The age from which a child can be a pupil (WPO art. 39(1)); for some special schools it is three, and the
/// Inspectie may exempt (WEC art. 39).
const FIRST: u8 = 4;
/// Who turns this in a school year leaves primary education at its end (WPO art. 39(4)).
const LEAVES_PRIMARY: u8 = 14;
/// In the school year in which they turn this, most children are in groep 8 or have gone on. No law says so.
const USUALLY_GOES_ON: u8 = 12;
/// Who turns this in a school year is in special secondary education until its end (WEC art. 39); in other
/// secondary education no law says until when.
const LEAVES_SECONDARY: u8 = 20;

/// How the age of a child fits a school on a day.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AgeFit {
    /// Younger than children there are.
    TooYoung,
    /// As others there.
    Fits,
    /// At the end of this school year it leaves by law.
    LastYear,
    /// Older than children there are: by now it should have left.
    TooOld,
}

/// The first day on which a child can be a pupil: its fourth birthday.
#[must_use]
pub fn pupil_from(birth: NaiveDate) -> NaiveDate {
    birthday(birth, FIRST)
}

/// The last school year in which a child can be in primary education: that in which it turns fourteen.
#[must_use]
pub fn last_primary_year(birth: NaiveDate) -> SchoolYear {
    SchoolYear::of(birthday(birth, LEAVES_PRIMARY))
}

/// Whether most children of that age are in groep 8, or have gone on.
#[must_use]
pub fn usually_goes_on(birth: NaiveDate, date: NaiveDate) -> bool {
    SchoolYear::of(birthday(birth, USUALLY_GOES_ON)) <= SchoolYear::of(date)
}

/// How the age of a child fits a school of that sector on a day.
#[must_use]
pub fn age_fit(sector: Sector, birth: NaiveDate, date: NaiveDate) -> AgeFit {
    let (first, last, by_law) = match sector {
        Sector::Po => (pupil_from(birth), last_primary_year(birth), true),
        Sector::Vo => {
            let usual = SchoolYear::of(birthday(birth, USUALLY_GOES_ON));
            (usual.first_day(), SchoolYear::of(birthday(birth, LEAVES_SECONDARY)), false)
        }
    };
    let year = SchoolYear::of(date);
    if date < first {
        AgeFit::TooYoung
    } else if year > last {
        AgeFit::TooOld
    } else if by_law && year == last {
        AgeFit::LastYear
    } else {
        AgeFit::Fits
    }
}

/// What is unusual about a child at a school of a region: told, and never in the way.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AgeWarning {
    /// The school is of a sector that the samenwerkingsverband does not serve.
    OtherSector,
    /// Younger than children are at such a school, or than the samenwerkingsverband serves.
    TooYoung,
    /// Older than that: another samenwerkingsverband serves it.
    TooOld,
    /// By law this is its last school year in primary education.
    LastYear,
    /// Most children of that age are in groep 8 or have gone on, and nobody said so of this one.
    PerhapsLastYear,
}

impl AgeWarning {
    /// What is unusual today about a child of a samenwerkingsverband that serves these sectors, at a school of
    /// `school`; none of a child without one. `told` is whether somebody said that it is in groep 8.
    #[must_use]
    pub fn of(
        served: &[Sector],
        school: Option<Sector>,
        birth: NaiveDate,
        (told, today): (bool, NaiveDate),
    ) -> Vec<Self> {
        let Some(sector) = school else { return Self::beyond(served, birth, today).into_iter().collect() };
        let other = !served.is_empty() && !served.contains(&sector);
        let age = match age_fit(sector, birth, today) {
            AgeFit::TooYoung => Some(Self::TooYoung),
            AgeFit::TooOld => Some(Self::TooOld),
            AgeFit::LastYear => Some(Self::LastYear),
            AgeFit::Fits => {
                let perhaps = matches!(sector, Sector::Po) && !told && usually_goes_on(birth, today);
                perhaps.then_some(Self::PerhapsLastYear)
            }
        };
        other.then_some(Self::OtherSector).into_iter().chain(age).collect()
    }

    /// A child without a school that is too young, or too old, for everything that is served.
    fn beyond(served: &[Sector], birth: NaiveDate, today: NaiveDate) -> Option<Self> {
        let fits: Vec<AgeFit> = served.iter().map(|sector| age_fit(*sector, birth, today)).collect();
        if fits.iter().any(|fit| matches!(fit, AgeFit::Fits | AgeFit::LastYear)) {
            return None;
        }
        let young = fits.iter().any(|fit| matches!(fit, AgeFit::TooYoung));
        (!fits.is_empty()).then_some(if young { Self::TooYoung } else { Self::TooOld })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn fit(sector: Sector, birth: &str, date: &str) -> AgeFit {
        age_fit(sector, day(birth), day(date))
    }

    #[test]
    fn c09_primary_education_is_from_the_fourth_birthday_until_the_school_year_of_the_fourteenth() {
        // WPO art. 39(1), (4). Worked out by hand; school years turn on 1 August.
        for (birth, date, expected) in [
            ("2022-11-24", "2026-11-23", AgeFit::TooYoung),
            ("2022-11-23", "2026-11-23", AgeFit::Fits),
            // Fourteen on the last day of 2025-2026: that was the last year.
            ("2012-07-31", "2025-07-31", AgeFit::Fits),
            ("2012-07-31", "2025-08-01", AgeFit::LastYear),
            ("2012-07-31", "2026-07-31", AgeFit::LastYear),
            ("2012-07-31", "2026-08-01", AgeFit::TooOld),
            // A day younger: fourteen on the first day of 2026-2027, a whole year longer.
            ("2012-08-01", "2026-07-31", AgeFit::Fits),
            ("2012-08-01", "2026-08-01", AgeFit::LastYear),
            ("2012-08-01", "2027-07-31", AgeFit::LastYear),
            ("2012-08-01", "2027-08-01", AgeFit::TooOld),
        ] {
            assert_eq!(fit(Sector::Po, birth, date), expected, "{birth} {date}");
        }
    }

    #[test]
    fn c09_a_child_of_29_february_is_four_and_fourteen_on_1_march() {
        // Born 29 February 2012: four on 29 February 2016, fourteen on 1 March 2026, in 2025-2026.
        assert_eq!(fit(Sector::Po, "2012-02-29", "2016-02-28"), AgeFit::TooYoung);
        assert_eq!(fit(Sector::Po, "2012-02-29", "2016-02-29"), AgeFit::Fits);
        assert_eq!(fit(Sector::Po, "2012-02-29", "2025-07-31"), AgeFit::Fits);
        assert_eq!(fit(Sector::Po, "2012-02-29", "2025-08-01"), AgeFit::LastYear);
        assert_eq!(fit(Sector::Po, "2012-02-29", "2026-08-01"), AgeFit::TooOld);
        assert_eq!(pupil_from(day("2096-02-29")), day("2100-03-01"), "2100 has no 29 February");
        assert_eq!(last_primary_year(day("2012-02-29")).to_string(), "2025-2026");
    }

    #[test]
    fn c09_secondary_education_is_from_about_twelve_until_the_school_year_of_the_twentieth_birthday() {
        for (birth, date, expected) in [
            // Twelve on 31 July 2027, so within 2026-2027; a day younger is for a year later.
            ("2015-07-31", "2026-08-01", AgeFit::Fits),
            ("2015-07-31", "2026-07-31", AgeFit::TooYoung),
            ("2015-08-01", "2027-07-31", AgeFit::TooYoung),
            ("2015-08-01", "2027-08-01", AgeFit::Fits),
            // Twenty on 31 July 2026 and on 1 August 2026.
            ("2006-07-31", "2026-07-31", AgeFit::Fits),
            ("2006-07-31", "2026-08-01", AgeFit::TooOld),
            ("2006-08-01", "2027-07-31", AgeFit::Fits),
            ("2006-08-01", "2027-08-01", AgeFit::TooOld),
        ] {
            assert_eq!(fit(Sector::Vo, birth, date), expected, "{birth} {date}");
        }
    }

    #[test]
    fn c09_most_children_go_on_at_the_end_of_the_school_year_in_which_they_turn_twelve() {
        for (birth, date, expected) in [
            ("2015-07-31", "2026-07-31", false),
            ("2015-07-31", "2026-08-01", true),
            ("2015-08-01", "2027-07-31", false),
            ("2015-08-01", "2027-08-01", true),
        ] {
            assert_eq!(usually_goes_on(day(birth), day(date)), expected, "{birth} {date}");
        }
    }

    #[test]
    fn c09_a_child_of_another_sector_or_age_is_warned_of() {
        let (po, both) = ([Sector::Po], [Sector::Po, Sector::Vo]);
        let today = day("2026-11-23");
        let of = |served: &[Sector], school, birth: &str, told| {
            let found = AgeWarning::of(served, school, day(birth), (told, today));
            found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        for (school, birth, expected) in [
            (Some(Sector::Po), "2017-05-14", ""),
            (Some(Sector::Vo), "2012-05-14", "OTHER_SECTOR"),
            (Some(Sector::Vo), "2017-05-14", "OTHER_SECTOR TOO_YOUNG"),
            (Some(Sector::Po), "2022-11-24", "TOO_YOUNG"),
            (Some(Sector::Po), "2012-07-31", "TOO_OLD"),
            (Some(Sector::Po), "2012-08-01", "LAST_YEAR"),
            (Some(Sector::Po), "2015-07-31", "PERHAPS_LAST_YEAR"),
            (Some(Sector::Po), "2015-08-01", ""),
            (None, "2017-05-14", ""),
            (None, "2012-08-01", ""),
            (None, "2012-07-31", "TOO_OLD"),
            (None, "2022-11-24", "TOO_YOUNG"),
        ] {
            assert_eq!(of(&po, school, birth, false), expected, "{school:?} {birth}");
        }
        assert_eq!(of(&po, Some(Sector::Po), "2015-07-31", true), "", "somebody said so");
        assert_eq!(of(&both, Some(Sector::Vo), "2012-05-14", false), "");
        assert_eq!(of(&both, None, "2012-05-14", false), "", "the one serves whom the other does not");
        assert_eq!(of(&[], None, "2012-05-14", false), "", "nobody knows whom it serves");
    }
}
