//! How much of an SMW each school was promised, and what the team has.

use schakel_domain::access::Role;

use super::{hours::Hours, people::Person, schools::School};

/// Of an SMW's hours, the part that may go to schools: 55 %, which leaves a school about
/// four hours a week.
fn capacity(people: &[Person], hours: &[Hours], team: &str) -> u32 {
    let smw = |code: &str| people.iter().any(|person| person.code == code && person.is(Role::Smw, team));
    hours.iter().filter(|h| h.organisation == team && smw(&h.person)).map(Hours::minutes).sum::<u32>() * 55
        / 100
}

/// Promised minutes as a percentage of the team's capacity, rounded down.
pub(super) fn percent(schools: &[School], people: &[Person], hours: &[Hours], team: &str) -> u32 {
    let own = schools.iter().filter(|school| school.team == team);
    let promised: u32 = own.map(|school| school.smw_minutes_per_week).sum();
    promised * 100 / capacity(people, hours, team)
}

/// Promises each school its share in half hours, from two to eight hours a week; an
/// overloaded team promises 130 % of what it has, to the minute.
pub(super) fn promise(schools: &mut [School], people: &[Person], hours: &[Hours], overloaded: Option<&str>) {
    for i in 0..schools.len() {
        let team = schools[i].team.clone();
        let own =
            u32::try_from(schools.iter().filter(|school| school.team == team).count()).expect("few schools");
        let first = schools[..i].iter().all(|school| school.team != team);
        let capacity = capacity(people, hours, &team);
        schools[i].smw_minutes_per_week = if overloaded == Some(team.as_str()) {
            let promised = (capacity * 130).div_ceil(100);
            promised / own + if first { promised % own } else { 0 }
        } else {
            (capacity / own / 30 * 30).clamp(120, 480)
        };
    }
}
