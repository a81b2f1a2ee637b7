//! The ledger of hours that education and gemeente put into a wijk together, and where the supply falls short.

use chrono::{Datelike, NaiveDate};

use crate::{
    access::Role,
    dutch::{SchoolCalendar, TeachingDay},
    monitor::Period,
    time::Validity,
};

/// Who puts hours into a wijk.
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
pub enum Source {
    /// The samenwerkingsverband and its boards.
    Education,
    /// The gemeente: wijkteam and JGZ.
    Municipality,
}

impl Source {
    /// Of whose hours somebody's are; none of a school's own people, of who does a task of law, and of
    /// parents and children.
    #[must_use]
    pub fn of(role: Role) -> Option<Self> {
        match role {
            Role::Bocer
            | Role::SwvAdviseur
            | Role::Gedragswetenschapper
            | Role::Trajectbegeleider
            | Role::AmbulantBegeleider => Some(Self::Education),
            Role::Smw
            | Role::Gezinswerker
            | Role::Jeugdarts
            | Role::Jeugdverpleegkundige
            | Role::Indicatiesteller => Some(Self::Municipality),
            Role::Iber
            | Role::Zorgcoordinator
            | Role::Directeur
            | Role::Thuiszitterscoordinator
            | Role::TlvCommissie
            | Role::Doorzettingsmacht
            | Role::WijkteamCoordinator
            | Role::Leerplichtambtenaar
            | Role::Gezinsvoogd
            | Role::Doorstroomcoach
            | Role::Onderwijsconsulent
            | Role::Jeugdhulpverlener
            | Role::PedagogischMedewerker
            | Role::Beheerder
            | Role::Fg
            | Role::Beleidsmedewerker
            | Role::Ouder
            | Role::Jeugdige
            | Role::Tolk
            | Role::Steunpuntmedewerker => None,
        }
    }
}

/// Hours of a week that somebody keeps for a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// 1 is Monday.
    pub weekday: u32,
    /// How long.
    pub minutes: u32,
    /// From when until when.
    pub days: Validity,
}

impl Block {
    /// Whether it is of that day, were the school open.
    #[must_use]
    pub fn is_on(&self, day: NaiveDate) -> bool {
        day.weekday().number_from_monday() == self.weekday && self.days.holds_on(day)
    }

    /// The minutes of it in the period: on days on which the school teaches, as far as that is known.
    #[must_use]
    pub fn minutes_in(&self, period: Period, school: &SchoolCalendar) -> u32 {
        let all = period.from().iter_days().take_while(|day| *day <= period.until());
        let taught = all.filter(|day| self.is_on(*day) && school.is_teaching_day(*day) != TeachingDay::No);
        self.minutes.saturating_mul(u32::try_from(taught.count()).unwrap_or(u32::MAX))
    }
}

/// Where the supply of a wijk falls short of what is asked of it.
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
pub enum Gap {
    /// Nobody put hours into it.
    NoHours,
    /// More hours were used than education or gemeente put into it.
    HoursUsedUp,
    /// No school of it has a provision.
    NoProvision,
    /// Children wait for its provisions, and no place is free.
    WaitingList,
    /// Schools asked for somebody and had no answer.
    Unanswered,
}

/// What a wijk has, and what is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Supply {
    /// Minutes granted and used, of education.
    pub education: (u32, u32),
    /// The same of the gemeente.
    pub municipality: (u32, u32),
    /// How many provisions.
    pub provisions: u32,
    /// Places, and how many are taken.
    pub places: (u32, u32),
    /// How many children wait.
    pub waiting: u32,
    /// Questions without an answer; none where that is not told.
    pub unanswered: Option<u32>,
}

impl Supply {
    /// Where it falls short.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        let sources = [self.education, self.municipality];
        let granted = sources.iter().any(|(granted, _)| *granted > 0);
        let used_up = sources.iter().any(|(granted, used)| *granted > 0 && used > granted);
        let (places, taken) = self.places;
        [
            (!granted, Gap::NoHours),
            (used_up, Gap::HoursUsedUp),
            (self.provisions == 0, Gap::NoProvision),
            (self.waiting > 0 && taken >= places, Gap::WaitingList),
            (self.unanswered.is_some_and(|count| count > 0), Gap::Unanswered),
        ]
        .into_iter()
        .filter_map(|(is, gap)| is.then_some(gap))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dutch::HolidayRegion;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Mondays from 5 October to 2 November 2026 in Midden: 5, 12, 26 October and 2 November; on the 19th
    /// it is autumn holiday.
    #[test]
    fn hours_kept_for_a_school_are_used_on_days_that_it_teaches() {
        let block = Block { weekday: 1, minutes: 240, days: Validity::since(day("2026-08-31")) };
        let period = Period::new(day("2026-10-05"), day("2026-11-02")).unwrap();
        assert_eq!(block.minutes_in(period, &SchoolCalendar::shipped(HolidayRegion::Midden)), 4 * 240);
        assert!(block.is_on(day("2026-10-19")) && !block.is_on(day("2026-10-20")));
        assert!(!block.is_on(day("2026-08-24")), "before it began");
    }

    #[test]
    fn a_gap_is_what_is_granted_less_than_used_or_waited_for() {
        assert_eq!(Supply::default().gaps(), [Gap::NoHours, Gap::NoProvision]);
        let enough = Supply {
            education: (600, 600),
            municipality: (600, 0),
            provisions: 1,
            places: (10, 9),
            waiting: 2,
            unanswered: Some(0),
        };
        assert_eq!(enough.gaps(), []);
        let short = Supply { education: (600, 601), places: (10, 10), unanswered: Some(1), ..enough };
        assert_eq!(short.gaps(), [Gap::HoursUsedUp, Gap::WaitingList, Gap::Unanswered]);
        assert_eq!(Supply { unanswered: None, ..enough }.gaps(), []);
    }

    #[test]
    fn whose_hours_somebodys_are_follows_from_the_role() {
        assert_eq!(Source::of(Role::Smw), Some(Source::Municipality));
        assert_eq!(Source::of(Role::Trajectbegeleider), Some(Source::Education));
        assert_eq!(Source::of(Role::Iber), None);
    }
}
