//! Who works when: weekly patterns, absence, and the mornings an SMW sits at a school.

use chrono::{NaiveDate, NaiveTime, Timelike, Weekday};
use schakel_domain::{access::Role, availability::AbsenceKind};

use super::{
    people::{Person, SAMENWERKINGSVERBAND},
    schools::School,
    teams::Team,
};

/// One stretch of a weekly pattern; valid for the whole of [`super::SchoolYear`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    pub person: String,
    /// Where; one of the person's affiliations.
    pub organisation: String,
    pub day: Weekday,
    pub from: NaiveTime,
    pub to: NaiveTime,
}

impl Hours {
    /// Length in minutes.
    pub fn minutes(&self) -> u32 {
        (self.to.num_seconds_from_midnight() - self.from.num_seconds_from_midnight()) / 60
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    pub person: String,
    pub kind: AbsenceKind,
    pub from: NaiveDate,
    /// Last day away.
    pub until: NaiveDate,
}

/// A weekly stretch that an SMW spends at a school, within the hours for the team.
/// It is a series to book, not a pattern to import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolBlock {
    pub person: String,
    pub school: String,
    pub day: Weekday,
    pub from: NaiveTime,
    pub to: NaiveTime,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Day,
    Morning,
}

type Pattern = &'static [(Weekday, Part)];

use Part::{Day, Morning};
use Weekday::{Fri, Mon, Thu, Tue, Wed};

/// Sixteen to twenty-eight hours. Everybody works Tuesday and Thursday, so that a school,
/// its team and leerplicht always meet.
const PART_TIME: [Pattern; 6] = [
    &[(Tue, Day), (Thu, Day), (Fri, Morning)],
    &[(Mon, Day), (Tue, Day), (Thu, Day)],
    &[(Tue, Day), (Thu, Day)],
    &[(Tue, Day), (Thu, Day), (Fri, Day)],
    &[(Tue, Day), (Wed, Morning), (Thu, Day)],
    &[(Tue, Day), (Wed, Morning), (Thu, Day), (Fri, Day)],
];

const FULL_TIME: [Pattern; 3] = [
    &[(Mon, Day), (Tue, Day), (Wed, Day), (Thu, Day), (Fri, Day)],
    &[(Mon, Day), (Tue, Day), (Thu, Day), (Fri, Day)],
    &[(Mon, Day), (Tue, Day), (Wed, Morning), (Thu, Day), (Fri, Day)],
];

/// Who serves two places: the first and the second.
const SHARED_PART_TIME: [Pattern; 2] = [&[(Mon, Morning), (Tue, Day)], &[(Thu, Day), (Fri, Morning)]];
const SHARED_FULL_TIME: [Pattern; 2] = [&[(Mon, Day), (Tue, Day), (Wed, Morning)], &[(Thu, Day), (Fri, Day)]];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    School,
    Team,
    Office,
}

impl Place {
    fn of(role: Role, organisation: &str) -> Self {
        let head = role == Role::Directeur && organisation.len() == 6 && organisation != SAMENWERKINGSVERBAND;
        if role == Role::Iber || head {
            Self::School
        } else if is_of_a_team(role) {
            Self::Team
        } else {
            Self::Office
        }
    }
}

fn is_of_a_team(role: Role) -> bool {
    [
        Role::WijkteamCoordinator,
        Role::Smw,
        Role::Gezinswerker,
        Role::Jeugdarts,
        Role::Jeugdverpleegkundige,
        Role::Indicatiesteller,
    ]
    .contains(&role)
}

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).expect("a time of day")
}

/// The team meets on Monday until eleven; a school is empty on Wednesday afternoon.
fn morning(place: Place, day: Weekday) -> (NaiveTime, NaiveTime) {
    match (place, day) {
        (Place::School, _) => (time(8, 15), time(12, 15)),
        (Place::Team, Mon) => (time(11, 0), time(12, 30)),
        (Place::Team | Place::Office, _) => (time(8, 30), time(12, 30)),
    }
}

fn afternoon(place: Place, day: Weekday) -> Option<(NaiveTime, NaiveTime)> {
    match (place, day) {
        (Place::School, Wed) => None,
        (Place::School, _) => Some((time(12, 45), time(16, 30))),
        (Place::Team | Place::Office, _) => Some((time(13, 0), time(17, 0))),
    }
}

fn rows(person: &Person, affiliation: usize, pattern: Pattern) -> Vec<Hours> {
    let affiliation = &person.affiliations[affiliation];
    let place = Place::of(affiliation.role, &affiliation.organisation);
    let stretch = |day, (from, to)| Hours {
        person: person.code.clone(),
        organisation: affiliation.organisation.clone(),
        day,
        from,
        to,
    };
    let mut rows = Vec::new();
    for &(day, part) in pattern {
        rows.push(stretch(day, morning(place, day)));
        if part == Day {
            rows.extend(afternoon(place, day).map(|times| stretch(day, times)));
        }
    }
    rows
}

/// The weekly pattern of everybody: three in five part-time.
pub(super) fn weeks(people: &[Person], teams: &[Team], schools: &[School]) -> Vec<Hours> {
    let crowded = |team: &str| schools.iter().filter(|school| school.team == team).count() > 4;
    let alone = |team: &str| people.iter().filter(|person| person.is(Role::Smw, team)).count() == 1;
    let needed: Vec<&str> =
        teams.iter().map(|team| team.code.as_str()).filter(|team| crowded(team) && alone(team)).collect();
    people
        .iter()
        .enumerate()
        .flat_map(|(n, person)| {
            let first = &person.affiliations[0];
            let needed = first.role == Role::Smw && needed.contains(&first.organisation.as_str());
            week(person, n, needed)
        })
        .collect()
}

fn week(person: &Person, n: usize, needed: bool) -> Vec<Hours> {
    if person.affiliations.len() > 1 {
        let shared =
            if person.affiliations[0].role == Role::Iber { SHARED_PART_TIME } else { SHARED_FULL_TIME };
        return (0..2).flat_map(|i| rows(person, i, shared[i])).collect();
    }
    let pattern =
        if n % 5 < 3 && !needed { PART_TIME[n % PART_TIME.len()] } else { FULL_TIME[n % FULL_TIME.len()] };
    rows(person, 0, pattern)
}

/// Gives an SMW's mornings, Tuesday and Thursday first, to the linked schools: two hours
/// each when two share a morning.
pub(super) fn school_blocks(person: &str, schools: &[&str], hours: &[Hours]) -> Vec<SchoolBlock> {
    let mornings: Vec<&Hours> = [Tue, Thu, Fri, Wed]
        .iter()
        .filter_map(|&day| hours.iter().find(|h| h.person == person && h.day == day && h.from < time(11, 0)))
        .collect();
    let mut blocks = Vec::new();
    for (n, school) in schools.iter().enumerate().take(2 * mornings.len()) {
        let morning = mornings[n % mornings.len()];
        let shared = schools.len() > mornings.len() + n % mornings.len();
        let half = time(10, 30);
        let (from, to) = match (shared, n < mornings.len()) {
            (false, _) => (morning.from, morning.to),
            (true, true) => (morning.from, half),
            (true, false) => (half, morning.to),
        };
        let (person, school) = (person.to_owned(), (*school).to_owned());
        blocks.push(SchoolBlock { person, school, day: morning.day, from, to });
    }
    blocks
}
