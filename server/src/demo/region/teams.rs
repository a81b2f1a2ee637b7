//! The municipal teams, whatever each gemeente calls them, and the areas they serve.

use super::{
    geography::Wijk,
    layout::{AreaRule, GemeentePlan, Size},
    schools::School,
};

/// What a gemeente calls its front-line youth-help team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TeamKind {
    Wijkteam,
    Gebiedsteam,
    /// Jeugd- en gezinsteam.
    Jgt,
    /// Wijkgebonden jeugdondersteuningsteam.
    Jot,
}

/// One part of a team's area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Area {
    /// CBS wijk code.
    Wijk(String),
    /// The first four digits.
    Postcode(String),
    /// CBS gemeente code: everything there that no other team has.
    Gemeente(String),
    /// Vestigingscode.
    School(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    pub code: String,
    pub kind: TeamKind,
    pub name: String,
    /// Code of the gemeente that pays.
    pub gemeente: String,
    pub areas: Vec<Area>,
}

/// Teams without areas that name a school; those follow once the schools stand.
pub(super) fn form(size: Size, wijken: &[Wijk]) -> Vec<Team> {
    let mut teams = Vec::new();
    for plan in size.gemeenten() {
        let here: Vec<&Wijk> = wijken.iter().filter(|wijk| wijk.gemeente == plan.code).collect();
        for n in 0..plan.teams {
            let own: Vec<&Wijk> = here
                .iter()
                .enumerate()
                .filter(|(i, _)| i * plan.teams / plan.wijken == n)
                .map(|(_, wijk)| *wijk)
                .collect();
            let (prefix, name) = label(plan, n, &own);
            teams.push(Team {
                code: format!("{prefix}{:02}", teams.len() + 1),
                kind: plan.kind,
                name,
                gemeente: plan.code.to_owned(),
                areas: areas(plan, n, &own),
            });
        }
    }
    teams
}

fn label(plan: &GemeentePlan, n: usize, own: &[&Wijk]) -> (&'static str, String) {
    let wijk = own.first().map_or(plan.name, |wijk| wijk.name.as_str());
    match plan.kind {
        TeamKind::Wijkteam => ("WT", format!("Wijkteam {wijk}")),
        TeamKind::Gebiedsteam => ("GT", format!("Gebiedsteam {} {}", plan.name, n + 1)),
        TeamKind::Jgt => ("JGT", format!("Jeugd- en gezinsteam \"{wijk}\"")),
        TeamKind::Jot => ("JOT", format!("JOT {wijk}; {}", plan.name)),
    }
}

fn areas(plan: &GemeentePlan, n: usize, own: &[&Wijk]) -> Vec<Area> {
    match plan.areas {
        AreaRule::Wijk => own.iter().map(|wijk| Area::Wijk(wijk.code.clone())).collect(),
        AreaRule::Postcode => own.iter().map(|wijk| Area::Postcode(wijk.postcode4.clone())).collect(),
        AreaRule::RestAndSchools if n > 0 => Vec::new(),
        AreaRule::Gemeente | AreaRule::RestAndSchools => vec![Area::Gemeente(plan.code.to_owned())],
    }
}

/// Gives every team without an area its schools by name.
pub(super) fn assign_schools(teams: &mut [Team], schools: &[School]) {
    for team in teams.iter_mut().filter(|team| team.areas.is_empty()) {
        let own = schools.iter().filter(|school| school.team == team.code);
        team.areas = own.map(|school| Area::School(school.code.clone())).collect();
    }
}
