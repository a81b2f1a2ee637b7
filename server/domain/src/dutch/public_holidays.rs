//! The Dutch public holidays of any year, computed.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A day that Dutch calendars mark. Three meanings differ and are asked apart: whether
/// it is a day off, whether terms run past it, and whether a given school teaches.
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
pub enum PublicHoliday {
    /// 1 January.
    Nieuwjaarsdag,
    /// The Friday before Easter; no official day off, though many schools close.
    GoedeVrijdag,
    /// Easter Sunday.
    EerstePaasdag,
    /// Easter Monday.
    TweedePaasdag,
    /// 27 April, or 26 April when the 27th is a Sunday.
    Koningsdag,
    /// 5 May.
    Bevrijdingsdag,
    /// Ascension Day, the Thursday 39 days after Easter.
    Hemelvaartsdag,
    /// Whit Sunday.
    EerstePinksterdag,
    /// Whit Monday.
    TweedePinksterdag,
    /// 25 December.
    EersteKerstdag,
    /// 26 December.
    TweedeKerstdag,
}

impl PublicHoliday {
    /// Whether the country is off that year: always, but Goede Vrijdag never and
    /// Bevrijdingsdag only in lustrum years (2025, 2030, …).
    pub fn is_day_off(self, year: i32) -> bool {
        match self {
            Self::GoedeVrijdag => false,
            Self::Bevrijdingsdag => year % 5 == 0,
            Self::Nieuwjaarsdag
            | Self::EerstePaasdag
            | Self::TweedePaasdag
            | Self::Koningsdag
            | Self::Hemelvaartsdag
            | Self::EerstePinksterdag
            | Self::TweedePinksterdag
            | Self::EersteKerstdag
            | Self::TweedeKerstdag => true,
        }
    }

    /// Whether it is, or is equated with, a generally recognised holiday: Algemene
    /// termijnenwet art. 3(1) and (2). The Sundays of Easter and Whitsun are not listed
    /// there, being Sundays; 5 May is, every year.
    pub fn stops_terms(self) -> bool {
        match self {
            Self::EerstePaasdag | Self::EerstePinksterdag => false,
            Self::Nieuwjaarsdag
            | Self::GoedeVrijdag
            | Self::TweedePaasdag
            | Self::Koningsdag
            | Self::Bevrijdingsdag
            | Self::Hemelvaartsdag
            | Self::TweedePinksterdag
            | Self::EersteKerstdag
            | Self::TweedeKerstdag => true,
        }
    }
}

/// The Gregorian Easter Sunday as days after 21 March (Meeus, Jones, Butcher).
fn easter_after_equinox(year: i32) -> u64 {
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let correction = century - century / 4 - (8 * century + 13) / 25;
    let epact = (19 * golden + correction + 15) % 30;
    let late = (golden + 11 * epact) / 319;
    let to_sunday = (2 * (century % 4) + 2 * (rest / 4) - epact + late + 32 - rest % 4) % 7;
    u64::try_from(epact - late + to_sunday + 1).unwrap_or_default()
}

/// The eleven holidays of a year; Koningsdag as it is since 2014.
fn unsorted(year: i32) -> [(Option<NaiveDate>, PublicHoliday); 11] {
    let on = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let after_equinox = |days: u64| on(3, 21)?.checked_add_days(Days::new(days));
    let easter = easter_after_equinox(year);
    let good_friday = after_equinox(easter).and_then(|day| day.checked_sub_days(Days::new(2)));
    let kings_day = on(4, 27).filter(|day| day.weekday() != Weekday::Sun).or(on(4, 26));
    [
        (on(1, 1), PublicHoliday::Nieuwjaarsdag),
        (good_friday, PublicHoliday::GoedeVrijdag),
        (after_equinox(easter), PublicHoliday::EerstePaasdag),
        (after_equinox(easter + 1), PublicHoliday::TweedePaasdag),
        (kings_day, PublicHoliday::Koningsdag),
        (on(5, 5), PublicHoliday::Bevrijdingsdag),
        (after_equinox(easter + 39), PublicHoliday::Hemelvaartsdag),
        (after_equinox(easter + 49), PublicHoliday::EerstePinksterdag),
        (after_equinox(easter + 50), PublicHoliday::TweedePinksterdag),
        (on(12, 25), PublicHoliday::EersteKerstdag),
        (on(12, 26), PublicHoliday::TweedeKerstdag),
    ]
}

/// The eleven holidays of a year in the Gregorian calendar, in order of date. Two may
/// fall on one day (Hemelvaart on 5 May, as in 2016).
#[must_use]
pub fn of_year(year: i32) -> Vec<(NaiveDate, PublicHoliday)> {
    let dated = unsorted(year).into_iter().filter_map(|(date, holiday)| Some((date?, holiday)));
    let mut holidays: Vec<_> = dated.collect();
    holidays.sort();
    holidays
}

/// What is celebrated that day: nothing, one or two.
pub fn on(date: NaiveDate) -> impl Iterator<Item = PublicHoliday> {
    let of_year = unsorted(date.year()).into_iter();
    of_year.filter(move |(day, _)| *day == Some(date)).map(|(_, holiday)| holiday)
}

/// Whether the country is off for a holiday that day; an ordinary weekend is none.
#[must_use]
pub fn is_day_off(date: NaiveDate) -> bool {
    on(date).any(|holiday| holiday.is_day_off(date.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(year: i32) -> String {
        of_year(year).iter().map(|(date, _)| date.format("%m-%d ").to_string()).collect()
    }

    #[test]
    fn three_years_stand_as_published() {
        assert_eq!(dates(2026), "01-01 04-03 04-05 04-06 04-27 05-05 05-14 05-24 05-25 12-25 12-26 ");
        assert_eq!(dates(2027), "01-01 03-26 03-28 03-29 04-27 05-05 05-06 05-16 05-17 12-25 12-26 ");
        assert_eq!(dates(2028), "01-01 04-14 04-16 04-17 04-27 05-05 05-25 06-04 06-05 12-25 12-26 ");
    }

    #[test]
    fn easter_of_extreme_years_is_right() {
        // The earliest and latest of this era, and the exceptions of the tables.
        for (year, easter) in [
            (2008, "2008-03-23"),
            (2011, "2011-04-24"),
            (2019, "2019-04-21"),
            (2025, "2025-04-20"),
            (2038, "2038-04-25"),
            (2049, "2049-04-18"),
            (2076, "2076-04-19"),
        ] {
            let found =
                of_year(year).into_iter().find(|(_, holiday)| *holiday == PublicHoliday::EerstePaasdag);
            assert_eq!(found.unwrap().0.to_string(), easter);
        }
    }

    #[test]
    fn easter_is_always_a_sunday_between_22_march_and_25_april() {
        for year in 2000..2100 {
            let easter =
                NaiveDate::from_ymd_opt(year, 3, 21).unwrap() + Days::new(easter_after_equinox(year));
            assert_eq!(easter.weekday(), Weekday::Sun, "{year}");
            assert!((1..=35).contains(&easter_after_equinox(year)), "{year}");
        }
    }

    #[test]
    fn kings_day_is_never_a_sunday() {
        assert!(dates(2025).contains("04-26 ") && !dates(2025).contains("04-27 "));
        for (date, holiday) in (2014..2100).flat_map(of_year) {
            assert!(holiday != PublicHoliday::Koningsdag || date.weekday() != Weekday::Sun, "{date}");
        }
    }

    #[test]
    fn liberation_day_is_a_day_off_once_in_five_years_but_always_stops_terms() {
        let off: Vec<_> =
            (2024..2032).filter(|&year| PublicHoliday::Bevrijdingsdag.is_day_off(year)).collect();
        assert_eq!(off, [2025, 2030]);
        assert!(PublicHoliday::Bevrijdingsdag.stops_terms());
        assert!(PublicHoliday::GoedeVrijdag.stops_terms() && !PublicHoliday::GoedeVrijdag.is_day_off(2027));
    }

    #[test]
    fn two_holidays_can_share_a_day() {
        let shared = NaiveDate::from_ymd_opt(2016, 5, 5).unwrap();
        assert_eq!(on(shared).count(), 2);
    }
}
