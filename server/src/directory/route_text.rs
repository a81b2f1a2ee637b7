//! What each rule of routing looked at and found, in a sentence.

use schakel_domain::{
    directory::{RoutingRule, RuleTried, routing::Why},
    refusal::Language,
};
use schakel_proto::v1 as pb;

/// A rule that was tried; `team` is the name of the team that was found in the end.
pub(super) fn rule(
    tried: &RuleTried,
    team: &str,
    language: Language,
) -> pb::route_school_response::RuleTried {
    let (looked_at, unknown) = of(tried.rule, language);
    let why = match (&tried.why, language) {
        (Why::Found(_), Language::Dutch) => format!("{looked_at}: dat is {team}."),
        (Why::Found(_), Language::English) => format!("{looked_at}: that is {team}."),
        (Why::FirstOf(teams), Language::Dutch) => {
            format!("{looked_at}: dat zijn {} teams; {team} staat vooraan.", teams.len())
        }
        (Why::FirstOf(teams), Language::English) => {
            format!("{looked_at}: those are {} teams; {team} comes first.", teams.len())
        }
        (Why::Elsewhere(neighbour), Language::Dutch) => {
            format!("{looked_at}: dat is {} ({}).", neighbour.display_name, neighbour.code)
        }
        (Why::Elsewhere(neighbour), Language::English) => {
            format!("{looked_at}: that is {} ({}).", neighbour.display_name, neighbour.code)
        }
        (Why::NotKnown, _) => unknown.to_owned(),
        (Why::NoTeam, Language::Dutch) => format!("{looked_at}: geen."),
        (Why::NoTeam, Language::English) => format!("{looked_at}: none."),
    };
    pb::route_school_response::RuleTried { rule: tried.rule.to_string(), matched: tried.matched, why }
}

/// What the rule looks at, and what is said when that is not known.
fn of(rule: RoutingRule, language: Language) -> (&'static str, &'static str) {
    match (rule, language) {
        (RoutingRule::SchoolLink, Language::Dutch) => {
            ("Het team waaraan de school is gekoppeld", "Van de school is geen koppeling bekend.")
        }
        (RoutingRule::SchoolLink, Language::English) => {
            ("The team that the school is linked to", "No link of the school is known.")
        }
        (RoutingRule::SchoolInArea, Language::Dutch) => {
            ("Het team dat deze school in zijn werkgebied noemt", "De school is niet bekend.")
        }
        (RoutingRule::SchoolInArea, Language::English) => {
            ("The team that names this school in its work area", "The school is not known.")
        }
        (RoutingRule::PostcodeOfChild, Language::Dutch) => {
            ("Het team voor de postcode van het kind", "De postcode van het kind is niet gevraagd.")
        }
        (RoutingRule::PostcodeOfChild, Language::English) => {
            ("The team for the child's postcode", "The child's postcode was not asked for.")
        }
        (RoutingRule::WijkOfChild, Language::Dutch) => {
            ("Het team voor de wijk van het kind", "De wijk van het kind is niet gevraagd.")
        }
        (RoutingRule::WijkOfChild, Language::English) => {
            ("The team for the child's wijk", "The child's wijk was not asked for.")
        }
        (RoutingRule::WijkOfSchool, Language::Dutch) => {
            ("Het team voor de wijk waarin de school staat", "De wijk van de school is niet bekend.")
        }
        (RoutingRule::WijkOfSchool, Language::English) => {
            ("The team for the wijk in which the school stands", "The wijk of the school is not known.")
        }
        (RoutingRule::PostcodeOfNeighbour, Language::Dutch) => {
            ("Het samenwerkingsverband voor deze postcode", "De postcode hoort bij dit samenwerkingsverband.")
        }
        (RoutingRule::PostcodeOfNeighbour, Language::English) => (
            "The samenwerkingsverband that serves this postcode",
            "This samenwerkingsverband serves the postcode.",
        ),
        (RoutingRule::GemeenteOfSchool, Language::Dutch) => {
            ("Het team voor de gemeente waarin de school staat", "De gemeente van de school is niet bekend.")
        }
        (RoutingRule::GemeenteOfSchool, Language::English) => (
            "The team for the gemeente in which the school stands",
            "The gemeente of the school is not known.",
        ),
    }
}
