//! Why there is no time: who or what, and when there would be one without it.

use schakel_domain::{
    availability::{Blocker, CalendarId, Cause, ClosedReason, Impossible, Search, Why},
    ids::PersonId,
    refusal::Language,
};
use schakel_proto::v1::find_slots_response::Obstacle;

use super::{table::Table, words};
use crate::wire::time::timestamp;

/// Every cause in a sentence.
pub(super) fn to_wire(
    none: &Impossible,
    search: &Search,
    table: &Table,
    language: Language,
) -> Vec<Obstacle> {
    if none.causes.is_empty() {
        return vec![too_short(search, language)];
    }
    none.causes.iter().map(|cause| of_cause(cause, search, table, language)).collect()
}

fn of_cause(cause: &Cause, search: &Search, table: &Table, language: Language) -> Obstacle {
    let mut seats: Vec<i32> = cause.blockers.iter().filter_map(seat_of).collect();
    seats.dedup();
    let reason = match &cause.blockers[..] {
        [only] => code(only),
        _several => "TOGETHER",
    };
    let sentences: Vec<String> =
        cause.blockers.iter().map(|blocker| sentence(blocker, search, table, language)).collect();
    Obstacle {
        seats,
        reason: reason.to_owned(),
        text: sentences.join(" "),
        without_it: cause.nearest.iter().map(|start| timestamp(*start)).collect(),
        slots: i32::try_from(cause.slots).unwrap_or(i32::MAX),
    }
}

/// The window holds no start at all.
fn too_short(search: &Search, language: Language) -> Obstacle {
    let required = search.seats.iter().zip(0..).filter(|(seat, _)| seat.required);
    let text = match language {
        Language::Dutch => "In deze periode past het overleg niet. Kies een langere periode.",
        Language::English => "The meeting does not fit into this period. Choose a longer one.",
    };
    Obstacle {
        seats: required.map(|(_, at)| at).collect(),
        reason: "TOGETHER".to_owned(),
        text: text.to_owned(),
        without_it: Vec::new(),
        slots: 0,
    }
}

fn seat_of(blocker: &Blocker) -> Option<i32> {
    match blocker {
        Blocker::Seat { seat } | Blocker::Person { seat, .. } => i32::try_from(*seat).ok(),
        Blocker::DayWindow
        | Blocker::ClosedDays { .. }
        | Blocker::Notice
        | Blocker::Grid
        | Blocker::Quorum => None,
    }
}

fn code(blocker: &Blocker) -> &'static str {
    match blocker {
        Blocker::DayWindow | Blocker::Grid => "DAY_WINDOW",
        Blocker::ClosedDays { .. } => "CLOSED_DAYS",
        Blocker::Notice => "NOTICE",
        Blocker::Quorum => "QUORUM",
        Blocker::Seat { .. } => "TOGETHER",
        Blocker::Person { whys, .. } => match &whys[..] {
            [Why::OutsideHours | Why::FixedElsewhere] => "NO_HOURS",
            [Why::Absent] => "ABSENT",
            [Why::Busy] => "BUSY",
            [Why::Travel] => "TRAVEL",
            [Why::Limit] => "LIMIT",
            [Why::Notice] => "NOTICE",
            _several => "TOGETHER",
        },
    }
}

/// Dutch or English.
fn said(language: Language, dutch: &str, english: &str) -> String {
    match language {
        Language::Dutch => dutch.to_owned(),
        Language::English => english.to_owned(),
    }
}

fn sentence(blocker: &Blocker, search: &Search, table: &Table, language: Language) -> String {
    let fixed = |dutch: &str, english: &str| said(language, dutch, english);
    match blocker {
        Blocker::DayWindow => fixed(
            "Overleg is van maandag tot en met vrijdag, van 08:15 tot 17:00.",
            "Meetings are held from Monday to Friday, from 08:15 to 17:00.",
        ),
        Blocker::ClosedDays { reasons } if reasons.iter().all(|why| *why == ClosedReason::PublicHoliday) => {
            fixed("Op feestdagen is er geen overleg.", "No meetings are held on public holidays.")
        }
        Blocker::ClosedDays { .. } => fixed(
            "Op feestdagen en vrije dagen van de school is er geen overleg.",
            "No meetings are held on public holidays and on the school's days off.",
        ),
        Blocker::Notice => fixed(
            "Dit is te kort van tevoren voor dit soort overleg.",
            "This is too short notice for this kind of meeting.",
        ),
        Blocker::Grid => fixed("Overleg begint op een heel kwartier.", "Meetings begin on the quarter."),
        Blocker::Quorum => fixed(
            "Er kunnen te weinig beroepskrachten tegelijk.",
            "Too few professionals can come at the same time.",
        ),
        Blocker::Seat { seat } => {
            let seat = words::seat(search, table, *seat, language);
            let cannot = fixed("kan niet tegelijk met de anderen.", "cannot come when the others can.");
            format!("{seat} {cannot}")
        }
        Blocker::Person { who, whys, .. } => {
            let name = words::name(table, PersonId(who.0), language);
            if matches!(&whys[..], [Why::OutsideHours]) && has_no_hours(search, *who) {
                let none =
                    fixed("heeft geen werktijden in het register", "has no working hours in the register");
                return format!("{name} {none}.");
            }
            let alone = search.seats.len() == 1;
            let whys: Vec<String> = whys.iter().map(|why| of_person(*why, alone, language)).collect();
            format!("{name} {}.", whys.join(&fixed(" en ", " and ")))
        }
    }
}

/// Whether nobody has entered the hours of a professional.
fn has_no_hours(search: &Search, who: CalendarId) -> bool {
    let calendar = search.people.iter().find(|person| person.id == who).map(|person| &person.calendar);
    calendar.is_some_and(|calendar| {
        calendar.hours.as_ref().is_some_and(Vec::is_empty) && calendar.overrides.is_empty()
    })
}

/// Why somebody cannot, to follow their name; `alone` when nobody else is asked for.
fn of_person(why: Why, alone: bool, language: Language) -> String {
    let (dutch, english) = match why {
        Why::OutsideHours if alone => ("werkt dan niet", "does not work then"),
        Why::OutsideHours => (
            "werkt niet op de tijden waarop de anderen kunnen",
            "does not work at the times at which the others can",
        ),
        Why::FixedElsewhere => ("zit dan op een andere plek", "sits at another place then"),
        Why::Absent => ("is dan afwezig", "is away then"),
        Why::Busy => ("heeft dan al een ander overleg", "has another meeting then"),
        Why::Travel => (
            "is dan onderweg of heeft pauze tussen twee afspraken",
            "is on the way or has a pause between two meetings then",
        ),
        Why::Limit => (
            "heeft dan al genoeg afspraken op die dag of in die week",
            "has enough meetings that day or week",
        ),
        Why::Notice => ("wil het eerder weten", "wants to know earlier"),
    };
    said(language, dutch, english)
}
