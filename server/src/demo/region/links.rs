//! The teams' members and their fixed links to schools.

use chrono::NaiveDate;
use schakel_domain::access::Role;

use super::{
    Size,
    people::{Post, Staff},
    random::Random,
    schools::School,
    teams::Team,
};

/// A school's fixed contact in a team, for one function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Vestigingscode.
    pub school: String,
    pub team: String,
    pub role: Role,
    /// Person code; a member of the team.
    pub person: String,
    /// Person code of the deputy: the other one with that role in the same team.
    pub deputy: Option<String>,
    pub since: NaiveDate,
}

const DOMAIN: &str = "teamsmaasduin.example";

/// Indices of teams, those with the most schools first.
pub(super) fn busiest(teams: &[Team], schools: &[School]) -> Vec<usize> {
    let count = |team: &Team| schools.iter().filter(|school| school.team == team.code).count();
    let mut order: Vec<usize> = (0..teams.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(count(&teams[i])), i));
    order
}

/// One role per member, team by team.
fn roles(size: Size, (teams, schools): (&[Team], &[School]), random: &mut Random) -> Vec<Vec<Role>> {
    let counts = size.staffing();
    let mut roles = vec![vec![Role::WijkteamCoordinator, Role::Smw]; teams.len()];
    for &team in busiest(teams, schools).iter().take(counts.smw - teams.len()) {
        roles[team].push(Role::Smw);
    }
    for (role, count) in
        [(Role::Jeugdverpleegkundige, counts.jeugdverpleegkundigen), (Role::Jeugdarts, counts.jeugdartsen)]
    {
        (0..count).for_each(|n| roles[n * teams.len() / count].push(role));
    }
    let first = |i: &usize| teams[..*i].iter().all(|team| team.gemeente != teams[*i].gemeente);
    let (mut order, rest): (Vec<usize>, Vec<usize>) = (0..teams.len()).partition(first);
    order.extend(rest);
    order
        .iter()
        .cycle()
        .take(counts.indicatiestellers)
        .for_each(|&team| roles[team].push(Role::Indicatiesteller));
    for n in 0..counts.gezinswerkers {
        let small: Vec<usize> = (0..roles.len()).filter(|&i| roles[i].len() < 4).collect();
        let open: Vec<usize> = (0..roles.len()).filter(|&i| roles[i].len() < 8).collect();
        let team = if small.is_empty() { *random.pick(&open) } else { small[n % small.len()] };
        roles[team].push(Role::Gezinswerker);
    }
    roles
}

/// Hires four to eight members per team.
pub(super) fn man(staff: &mut Staff, size: Size, seed: u64, at: (&[Team], &[School])) {
    let mut random = Random::stream(seed, "teams");
    for (team, roles) in at.0.iter().zip(roles(size, at, &mut random)) {
        for role in roles {
            staff.hire(&Post { role, organisation: &team.code, domain: DOMAIN });
        }
    }
}

/// Lends a family worker of the first team to the last one; returns the person's code.
pub(super) fn second(staff: &mut Staff, teams: &[Team]) -> Option<String> {
    let lender = teams.iter().find(|team| !staff.at(Role::Gezinswerker, &team.code).is_empty())?;
    let code = staff.at(Role::Gezinswerker, &lender.code).pop()?;
    let borrower = teams.last()?;
    staff.add(&code, &Post { role: Role::Gezinswerker, organisation: &borrower.code, domain: DOMAIN });
    Some(code)
}

/// Links every school to an SMW of its own team, a nurse and an Indicatiesteller.
pub(super) fn tie(staff: &Staff, teams: &[Team], schools: &[School], since: NaiveDate) -> Vec<Link> {
    let everyone = |role| -> Vec<(&Team, String)> {
        teams
            .iter()
            .flat_map(|team| staff.at(role, &team.code).into_iter().map(move |code| (team, code)))
            .collect()
    };
    let (smw, nurses) = (everyone(Role::Smw), everyone(Role::Jeugdverpleegkundige));
    let indicatiestellers = everyone(Role::Indicatiesteller);
    let mut links = Vec::new();
    for (n, school) in schools.iter().enumerate() {
        let mut link = |role, (team, person): &(&Team, String), deputy: Option<String>| {
            let (school, team) = (school.code.clone(), team.code.clone());
            links.push(Link { school, team, role, person: person.clone(), deputy, since });
        };
        let own: Vec<_> = smw.iter().filter(|(team, _)| team.code == school.team).collect();
        let deputy = (own.len() > 1).then(|| own[(n + 1) % own.len()].1.clone());
        link(Role::Smw, own[n % own.len()], deputy);
        link(Role::Jeugdverpleegkundige, &nurses[n * nurses.len() / schools.len()], None);
        let pays = indicatiestellers.iter().filter(|(team, _)| team.gemeente == school.gemeente);
        let nearest = pays.min_by_key(|(team, _)| team.code != school.team).expect("one per gemeente");
        link(Role::Indicatiesteller, nearest, None);
    }
    links
}
