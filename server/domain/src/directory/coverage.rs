//! Which schools have no team that comes: every school is tied to one.

use chrono::NaiveDate;

use super::routing::{Link, Register};
use crate::ids::{PersonId, SchoolId, SchoolTeamLinkId, TeamId};

/// What a team's schools ask and what its people can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeamLoad {
    /// The team.
    pub team: TeamId,
    /// Minutes a week that its ties and open requests ask.
    pub asked: u32,
    /// Minutes a week in the weekly hours of its members.
    pub offered: u32,
}

/// A hole in the cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gap {
    /// No tie holds on this day.
    NoLink {
        /// The school.
        school: SchoolId,
    },
    /// Every link person of the school is away.
    LinkPersonAway {
        /// The school.
        school: SchoolId,
        /// The tie.
        link: SchoolTeamLinkId,
        /// Who is away.
        person: PersonId,
        /// Who comes instead; `None` if there is no deputy or the deputy is away too.
        deputy: Option<PersonId>,
    },
    /// More is asked of the team than the limit.
    OverLoad {
        /// The team.
        team: TeamId,
        /// Asked per hundred offered; `None` if nothing is offered.
        percent: Option<u32>,
    },
}

/// Every gap on a day, in the order of the enum and then of the ids. `limit` is the load
/// in per cent up to which a team is not a gap.
pub fn gaps(
    register: &Register,
    schools: &[SchoolId],
    loads: &[TeamLoad],
    (day, limit): (NaiveDate, u32),
) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = schools.iter().flat_map(|school| of_school(register, *school, day)).collect();
    gaps.extend(loads.iter().filter_map(|load| over(*load, limit)));
    gaps.sort_unstable();
    gaps.dedup();
    gaps
}

fn of_school(register: &Register, school: SchoolId, day: NaiveDate) -> Vec<Gap> {
    let away =
        |person: PersonId| register.away.iter().any(|(away, days)| *away == person && days.holds_on(day));
    let active: Vec<&Link> =
        register.links.iter().filter(|link| link.school == school && link.validity.holds_on(day)).collect();
    if active.is_empty() {
        return vec![Gap::NoLink { school }];
    }
    active
        .iter()
        .filter(|link| {
            let same = active.iter().filter(|other| other.role == link.role);
            same.into_iter().all(|other| away(other.person))
        })
        .map(|link| Gap::LinkPersonAway {
            school,
            link: link.id,
            person: link.person,
            deputy: link.deputy.filter(|deputy| !away(*deputy)),
        })
        .collect()
}

/// Ties that hold on a day and whose role nobody could stand in for: no tie of the school
/// for that role names a deputy. In the order of schools and ids.
pub fn without_deputy(register: &Register, day: NaiveDate) -> Vec<(SchoolId, SchoolTeamLinkId)> {
    let active: Vec<&Link> = register.links.iter().filter(|link| link.validity.holds_on(day)).collect();
    let stands_in = |link: &Link| {
        let same = active.iter().filter(|other| (other.school, other.role) == (link.school, link.role));
        same.into_iter().any(|other| other.deputy.is_some())
    };
    let mut found: Vec<_> =
        active.iter().filter(|link| !stands_in(link)).map(|link| (link.school, link.id)).collect();
    found.sort_unstable();
    found
}

fn over(load: TeamLoad, limit: u32) -> Option<Gap> {
    let TeamLoad { team, asked, offered } = load;
    let percent = (u64::from(asked) * 100).checked_div(offered.into());
    let over = percent.map_or(asked > 0, |_| u64::from(asked) * 100 > u64::from(limit) * u64::from(offered));
    let percent = percent.map(|percent| u32::try_from(percent).unwrap_or(u32::MAX));
    over.then_some(Gap::OverLoad { team, percent })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{access::Role, time::Validity};

    fn day() -> NaiveDate {
        "2026-11-24".parse().unwrap()
    }

    fn school(number: u128) -> SchoolId {
        SchoolId(Uuid::from_u128(number))
    }

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn link(number: u128) -> Link {
        Link {
            id: SchoolTeamLinkId(Uuid::from_u128(number)),
            school: school(number),
            team: TeamId(Uuid::from_u128(9)),
            role: Role::Smw,
            person: person(number),
            deputy: Some(person(number + 100)),
            validity: Validity::since(day()),
        }
    }

    #[test]
    fn schools_without_a_tie_and_ties_on_leave_are_gaps() {
        let register = Register {
            links: vec![link(1), link(2)],
            away: vec![(person(2), Validity::since(day()))],
            ..Register::default()
        };
        assert_eq!(
            gaps(&register, &[school(1), school(2), school(3)], &[], (day(), 100)),
            [
                Gap::NoLink { school: school(3) },
                Gap::LinkPersonAway {
                    school: school(2),
                    link: link(2).id,
                    person: person(2),
                    deputy: Some(person(102))
                },
            ]
        );
    }

    #[test]
    fn a_tie_without_a_deputy_stands_alone_unless_another_of_its_role_has_one() {
        let alone = |number| Link { deputy: None, ..link(number) };
        let beside = Link { id: link(7).id, school: school(1), ..link(1) };
        let register = Register { links: vec![alone(2), alone(1), beside], ..Register::default() };
        assert_eq!(without_deputy(&register, day()), [(school(2), link(2).id)]);
    }

    #[test]
    fn a_team_at_its_limit_is_no_gap_and_one_minute_more_is() {
        let team = TeamId(Uuid::from_u128(9));
        let over = |asked, offered| over(TeamLoad { team, asked, offered }, 100).is_some();
        assert_eq!([over(480, 480), over(481, 480), over(0, 0), over(1, 0)], [false, true, false, true]);
    }
}
