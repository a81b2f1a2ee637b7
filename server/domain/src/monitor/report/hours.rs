//! The ledger of hours that education and gemeente put into a wijk together, and where the supply falls short.

use crate::{
    access::Role,
    availability::WeeklyHours,
    dutch::{SchoolCalendar, TeachingDay},
    monitor::Period,
    time,
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

/// The stretches of the period in which somebody was there for a school: those of the `block` on days on
/// which it teaches, as far as that is known, less those `away`.
#[must_use]
pub fn kept(
    block: &WeeklyHours,
    (period, school): (Period, &SchoolCalendar),
    away: &[time::Period],
) -> Vec<time::Period> {
    let days = period.from().iter_days().take_while(|day| *day <= period.until());
    days.filter_map(|day| block.on(day).filter(|_| school.is_teaching_day(day) != TeachingDay::No))
        .flat_map(|stretch| without(stretch, away))
        .collect()
}

/// What is left of a stretch without `others`.
fn without(stretch: time::Period, others: &[time::Period]) -> Vec<time::Period> {
    let mut left = vec![stretch];
    for other in others.iter().filter(|other| other.overlaps(stretch)) {
        let both_sides = |part: time::Period| {
            let before = time::Period::new(part.start(), part.end().min(other.start()));
            let after = time::Period::new(part.start().max(other.end()), part.end());
            before.into_iter().chain(after)
        };
        left = left.into_iter().flat_map(both_sides).collect();
    }
    left
}

/// The minutes of some stretches.
#[must_use]
pub fn minutes(stretches: &[time::Period]) -> u32 {
    let all: i64 = stretches.iter().map(|stretch| stretch.duration().num_minutes()).sum();
    u32::try_from(all).unwrap_or(u32::MAX)
}

/// The minutes of a meeting outside the stretches that are kept anyway.
#[must_use]
pub fn minutes_outside(meeting: time::Period, kept: &[time::Period]) -> u32 {
    minutes(&without(meeting, kept))
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
    use chrono::{DateTime, NaiveDate, Utc, Weekday};
    use chrono_tz::Europe::Amsterdam;
    use uuid::Uuid;

    use super::*;
    use crate::{
        availability::Hours,
        dutch::HolidayRegion,
        ids::AffiliationId,
        time::{DayTime, Validity},
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn stretch(from: &str, until: &str) -> time::Period {
        time::Period::new(at(from), at(until)).unwrap()
    }

    /// Mondays from nine to one in Amsterdam, from 31 August 2026.
    fn mondays() -> WeeklyHours {
        let hours = Hours { from: DayTime::new(540).unwrap(), until: DayTime::new(780).unwrap() };
        let since = Validity::since(day("2026-08-31"));
        WeeklyHours::new(AffiliationId(Uuid::nil()), (Weekday::Mon, hours), Amsterdam, since).unwrap()
    }

    /// From 5 October to 2 November 2026 in Midden: 5, 12, 26 October and 2 November; on the 19th
    /// it is autumn holiday.
    #[test]
    fn hours_kept_for_a_school_are_used_on_days_that_it_teaches() {
        let school = &SchoolCalendar::shipped(HolidayRegion::Midden);
        let period = Period::new(day("2026-10-05"), day("2026-11-02")).unwrap();
        let all = kept(&mondays(), (period, school), &[]);
        assert_eq!((all.len(), minutes(&all)), (4, 4 * 240));
        let early = Period::new(day("2026-08-24"), day("2026-08-30")).unwrap();
        assert!(kept(&mondays(), (early, school), &[]).is_empty(), "before it began");
        let mut ended = mondays();
        ended.validity = Validity::new(day("2026-08-31"), Some(day("2026-10-12"))).unwrap();
        assert_eq!(minutes(&kept(&ended, (period, school), &[])), 2 * 240);
    }

    #[test]
    fn who_is_away_keeps_no_hours_and_a_meeting_counts_where_nothing_was_kept() {
        let school = &SchoolCalendar::shipped(HolidayRegion::Midden);
        let period = Period::new(day("2026-10-05"), day("2026-10-12")).unwrap();
        // Until ten on the 5th, an hour from ten to eleven on the 12th; 07:00 UTC is nine o'clock.
        let away = [
            stretch("2026-10-04T22:00:00Z", "2026-10-05T08:00:00Z"),
            stretch("2026-10-12T08:00:00Z", "2026-10-12T09:00:00Z"),
        ];
        let kept = kept(&mondays(), (period, school), &away);
        assert_eq!(
            kept,
            [
                stretch("2026-10-05T08:00:00Z", "2026-10-05T11:00:00Z"),
                stretch("2026-10-12T07:00:00Z", "2026-10-12T08:00:00Z"),
                stretch("2026-10-12T09:00:00Z", "2026-10-12T11:00:00Z"),
            ]
        );
        assert_eq!(minutes(&kept), 2 * 180);
        for (from, until, counted) in [
            ("2026-10-12T07:00:00Z", "2026-10-12T08:00:00Z", 0),
            ("2026-10-12T08:00:00Z", "2026-10-12T09:00:00Z", 60),
            ("2026-10-12T10:30:00Z", "2026-10-12T11:30:00Z", 30),
            ("2026-10-12T06:30:00Z", "2026-10-12T12:00:00Z", 30 + 60 + 60),
            ("2026-10-13T07:00:00Z", "2026-10-13T08:00:00Z", 60),
        ] {
            assert_eq!(minutes_outside(stretch(from, until), &kept), counted, "{from}");
        }
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
