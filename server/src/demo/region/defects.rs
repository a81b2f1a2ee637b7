//! What is wrong with the full region on purpose, for the program to find.

use chrono::NaiveDate;
use schakel_domain::{access::Role, availability::AbsenceKind};

use super::{
    Region,
    calendar::{SchoolYear, offset},
    hours::Absence,
    links::{self, Link},
    people::Staff,
    random::Random,
    schools::{School, SchoolSoort},
};

/// Where the planted defects are; all empty in a small region.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defects {
    /// Three vestigingen that no team has a link with.
    pub unlinked_schools: Vec<String>,
    /// A person with links whose leave spans the first day.
    pub on_leave: Option<String>,
    /// A team that promised 130 % of its hours.
    pub overloaded_team: Option<String>,
    /// A team member who works for two teams.
    pub second_affiliation: Option<String>,
    /// An IB'er whose address is the school's shared `ib@`.
    pub shared_mailbox: Option<String>,
}

/// A holiday that a school has and its region has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    pub school: String,
    pub name: &'static str,
    pub from: NaiveDate,
    /// Last weekday of it.
    pub until: NaiveDate,
}

impl Region {
    /// Plants every defect, away from the schools of the cases.
    pub(super) fn plant(&mut self, staff: &mut Staff, used: &[String], seed: u64) {
        let schools = candidates(&self.schools, used, seed);
        let (unlinked, rest) = schools.split_at(3);
        let order = links::busiest(&self.teams, &self.schools);
        let teams = order.iter().map(|&i| self.teams[i].code.as_str());
        let alone = teams.clone().find(|team| staff.at(Role::Smw, team).len() == 1);
        self.links.retain(|link| !unlinked.contains(&link.school));
        self.deviations = deviations(rest, self.year);
        let story = teams.clone().next().expect("a team");
        self.absences = leave(staff, &self.links, story, self.first_day);
        self.defects = Defects {
            unlinked_schools: unlinked.to_vec(),
            on_leave: self.absences.first().map(|absence| absence.person.clone()),
            overloaded_team: alone.map(str::to_owned),
            second_affiliation: links::second(staff, &self.teams),
            shared_mailbox: share_mailbox(staff, &self.schools, &rest[2..]),
        };
    }
}

/// Regular schools that stand in no case, in the order of the seed.
fn candidates(schools: &[School], used: &[String], seed: u64) -> Vec<String> {
    let free = |school: &&School| school.soort == SchoolSoort::Bao && !used.contains(&school.code);
    let mut codes: Vec<String> = schools.iter().filter(free).map(|school| school.code.clone()).collect();
    Random::stream(seed, "defects").shuffle(&mut codes);
    codes
}

/// An SMW with a deputy, not of the story's team, is on leave around the first day;
/// some family workers are away now and then.
fn leave(staff: &Staff, links: &[Link], story: &str, first_day: NaiveDate) -> Vec<Absence> {
    let away = |person: &str, kind, from, until| Absence {
        person: person.to_owned(),
        kind,
        from: offset(first_day, from),
        until: offset(first_day, until),
    };
    let on_leave = links.iter().find(|link| link.deputy.is_some() && link.team != story);
    let mut absences: Vec<Absence> =
        on_leave.iter().map(|link| away(&link.person, AbsenceKind::Leave, -14, 41)).collect();
    let workers = staff.people.iter().filter(|person| person.affiliations[0].role == Role::Gezinswerker);
    for (n, worker) in (0_i64..).zip(workers.step_by(9)) {
        absences.push(if n % 2 == 0 {
            away(&worker.code, AbsenceKind::Away, -28 - n, -24 - n)
        } else {
            away(&worker.code, AbsenceKind::Study, 10 + 7 * n, 12 + 7 * n)
        });
    }
    absences
}

/// Gives an IB'er of one of the schools, who serves no other, the school's shared address.
fn share_mailbox(staff: &mut Staff, schools: &[School], candidates: &[String]) -> Option<String> {
    let single = |code: &String| {
        staff.people.iter().position(|person| person.affiliations.len() == 1 && person.is(Role::Iber, code))
    };
    let (code, at) = candidates.iter().find_map(|code| single(code).map(|at| (code, at)))?;
    let domain = &schools.iter().find(|school| school.code == *code)?.domain;
    staff.people[at].email = format!("ib@{domain}");
    Some(staff.people[at].code.clone())
}

/// One school has a second week in May, one another week in February.
fn deviations(schools: &[String], year: SchoolYear) -> Vec<Deviation> {
    let week = |school: &String, name, month, day| {
        let from = year.monday_in_spring(month, day);
        Deviation { school: school.clone(), name, from, until: from + chrono::Days::new(4) }
    };
    match schools {
        [first, second, ..] => {
            vec![week(first, "Meivakantie, tweede week", 5, 5), week(second, "Carnavalsvakantie", 2, 8)]
        }
        _ => Vec::new(),
    }
}
