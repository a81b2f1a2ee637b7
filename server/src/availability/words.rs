//! Why a time is good, and what is in the way, in sentences. No parent and no child is named.

use schakel_domain::{
    access::Role,
    availability::{CalendarId, Reason, Search},
    dutch::SchoolYear,
    ids::PersonId,
    refusal::Language,
};

use super::table::Table;

/// The code of a reason.
pub(super) fn code(reason: Reason) -> &'static str {
    match reason {
        Reason::Soon { .. } => "SOON",
        Reason::LinkedPersonFree { .. } => "LINK_PERSON",
        Reason::DeputyInstead { .. } => "DEPUTY",
        Reason::TeamMemberInstead { .. } => "TEAM_MEMBER",
        Reason::SameHelper { .. } => "SAME_HELPER",
        Reason::Workload { .. } => "WORKLOAD",
        Reason::OtherRoom { .. } => "OTHER_ROOM",
        Reason::Travel { .. } => "TRAVEL",
        Reason::OptionalMissing { .. } => "OPTIONAL_MISSING",
        Reason::SchoolHour { .. } => "SCHOOL_HOURS",
        Reason::EdgeOfDay => "EDGE_OF_DAY",
        Reason::Fragmentation { .. } => "FRAGMENTATION",
    }
}

/// A reason in a sentence.
pub(super) fn reason(
    reason: Reason,
    chosen: &[Option<CalendarId>],
    table: &Table,
    language: Language,
) -> String {
    let who = |seat: usize| match chosen.get(seat).copied().flatten() {
        Some(who) => name(table, PersonId(who.0), language),
        None => String::new(),
    };
    match (reason, language) {
        (Reason::Soon { days: 0 }, Language::Dutch) => "Dit is de eerste dag die kan.".into(),
        (Reason::Soon { days: 0 }, Language::English) => "This is the first possible day.".into(),
        (Reason::Soon { days: 1 }, Language::Dutch) => "Dit is 1 dag later dan de eerste dag.".into(),
        (Reason::Soon { days: 1 }, Language::English) => "This is 1 day after the first day.".into(),
        (Reason::Soon { days }, Language::Dutch) => format!("Dit is {days} dagen later dan de eerste dag."),
        (Reason::Soon { days }, Language::English) => format!("This is {days} days after the first day."),
        (Reason::LinkedPersonFree { seat }, Language::Dutch) => {
            format!("{} is de vaste contactpersoon van de school en kan dan.", who(seat))
        }
        (Reason::LinkedPersonFree { seat }, Language::English) => {
            format!("{} is the school's link person and is free then.", who(seat))
        }
        (Reason::DeputyInstead { seat }, Language::Dutch) => {
            format!("De vaste contactpersoon kan niet; {} vervangt.", who(seat))
        }
        (Reason::DeputyInstead { seat }, Language::English) => {
            format!("The link person cannot come; {} stands in.", who(seat))
        }
        (Reason::TeamMemberInstead { seat }, Language::Dutch) => {
            format!(
                "De vaste contactpersoon en de vervanger kunnen niet; {} uit het team kan wel.",
                who(seat)
            )
        }
        (Reason::TeamMemberInstead { seat }, Language::English) => {
            format!("The link person and the deputy cannot come; {} of the team can.", who(seat))
        }
        (Reason::SameHelper { seat }, Language::Dutch) => {
            format!("{} zat al eerder om de tafel voor dit kind.", who(seat))
        }
        (Reason::SameHelper { seat }, Language::English) => {
            format!("{} was at a table for this child before.", who(seat))
        }
        (Reason::Workload { seat, .. }, Language::Dutch) => {
            format!("{} heeft meer afspraken dan anderen die ook kunnen.", who(seat))
        }
        (Reason::Workload { seat, .. }, Language::English) => {
            format!("{} has more meetings than others who could come.", who(seat))
        }
        (Reason::OtherRoom { .. }, Language::Dutch) => "De best passende ruimte is bezet.".into(),
        (Reason::OtherRoom { .. }, Language::English) => "The room that fits best is taken.".into(),
        (Reason::Travel { minutes }, Language::Dutch) => {
            format!("Samen zijn de deelnemers {minutes} minuten onderweg van en naar andere afspraken.")
        }
        (Reason::Travel { minutes }, Language::English) => {
            format!("Together the participants are {minutes} minutes on the way from and to other meetings.")
        }
        (Reason::OptionalMissing { seat }, Language::Dutch) => {
            format!("Voor plaats {}, die niet verplicht is, kan niemand.", seat + 1)
        }
        (Reason::OptionalMissing { seat }, Language::English) => {
            format!("Nobody can take seat {}, which is optional.", seat + 1)
        }
        (Reason::SchoolHour { seat }, Language::Dutch) => format!("{} zit dan al op deze school.", who(seat)),
        (Reason::SchoolHour { seat }, Language::English) => {
            format!("{} is at this school then anyway.", who(seat))
        }
        (Reason::EdgeOfDay, Language::Dutch) => "Dit is aan het begin of het eind van de dag.".into(),
        (Reason::EdgeOfDay, Language::English) => "This is at the start or the end of the day.".into(),
        (Reason::Fragmentation { minutes }, Language::Dutch) => {
            format!("Ernaast blijft {minutes} minuten over waarin niets anders past.")
        }
        (Reason::Fragmentation { minutes }, Language::English) => {
            format!("It leaves {minutes} minutes beside it in which nothing else fits.")
        }
    }
}

/// How a sentence calls somebody.
pub(super) fn name(table: &Table, person: PersonId, language: Language) -> String {
    let private = || {
        let fits = table.seats.iter().flatten();
        let is_child = fits.into_iter().any(|fit| fit.person == person && fit.role == Role::Jeugdige);
        match (is_child, language) {
            (true, Language::Dutch) => "Het kind",
            (true, Language::English) => "The child",
            (false, Language::Dutch) => "Een ouder",
            (false, Language::English) => "A parent",
        }
    };
    table.names.get(&person).cloned().unwrap_or_else(|| private().to_owned())
}

/// How a sentence calls a seat: by the one person who can take it, else by its place and role.
pub(super) fn seat(search: &Search, table: &Table, seat: usize, language: Language) -> String {
    match &search.seats[seat].candidates[..] {
        [only] => name(table, PersonId(search.people[only.person].id.0), language),
        several => {
            let role = several
                .first()
                .and_then(|candidate| candidate.role)
                .map(|role| role.to_string())
                .unwrap_or_default();
            match language {
                Language::Dutch => format!("Plaats {} ({role})", seat + 1),
                Language::English => format!("Seat {} ({role})", seat + 1),
            }
        }
    }
}

/// That nothing was assumed about a school year.
pub(super) fn unknown_year(year: SchoolYear, language: Language) -> String {
    match language {
        Language::Dutch => format!(
            "De schoolvakanties van {year} zijn nog niet bekend. Kijk zelf of de gekozen dag in een vakantie valt."
        ),
        Language::English => format!(
            "The school holidays of {year} are not known yet. Check whether the chosen day falls in one."
        ),
    }
}
