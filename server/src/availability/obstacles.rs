//! Why there is no time: who or what, and when there would be one without it.

use schakel_domain::{
    availability::{Blocker, Cause, ClosedReason, Impossible, Search},
    refusal::Language,
};
use schakel_proto::v1::find_slots_response::Obstacle;

use super::{table::Table, words};
use crate::wire::time::timestamp;

/// More than this many obstacles is no explanation any more.
const MOST: usize = 20;

/// Every cause in a sentence.
pub(super) fn to_wire(
    none: &Impossible,
    search: &Search,
    table: &Table,
    language: Language,
) -> Vec<Obstacle> {
    match none {
        Impossible::Single(causes) | Impossible::Pairs(causes) => {
            causes.iter().take(MOST).map(|cause| of_cause(cause, search, table, language)).collect()
        }
        Impossible::Several => vec![together(search, language)],
    }
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
    }
}

fn together(search: &Search, language: Language) -> Obstacle {
    let required = search.seats.iter().zip(0..).filter(|(seat, _)| seat.required);
    let text = match language {
        Language::Dutch => "Meer dan twee dingen samen maken het onmogelijk. Kies een langere periode.",
        Language::English => "More than two things together make it impossible. Choose a longer period.",
    };
    Obstacle {
        seats: required.map(|(_, at)| at).collect(),
        reason: "TOGETHER".to_owned(),
        text: text.to_owned(),
        without_it: Vec::new(),
    }
}

fn seat_of(blocker: &Blocker) -> Option<i32> {
    match blocker {
        Blocker::Seat { seat }
        | Blocker::OutsideHours { seat, .. }
        | Blocker::FixedElsewhere { seat, .. }
        | Blocker::Absent { seat, .. }
        | Blocker::Busy { seat, .. } => i32::try_from(*seat).ok(),
        Blocker::DayWindow | Blocker::ClosedDays { .. } | Blocker::Notice | Blocker::Grid => None,
    }
}

fn code(blocker: &Blocker) -> &'static str {
    match blocker {
        Blocker::DayWindow | Blocker::Grid => "DAY_WINDOW",
        Blocker::ClosedDays { .. } => "CLOSED_DAYS",
        Blocker::Notice => "NOTICE",
        Blocker::Seat { .. } => "TOGETHER",
        Blocker::OutsideHours { .. } | Blocker::FixedElsewhere { .. } => "NO_HOURS",
        Blocker::Absent { .. } => "ABSENT",
        Blocker::Busy { .. } => "BUSY",
    }
}

fn sentence(blocker: &Blocker, search: &Search, table: &Table, language: Language) -> String {
    let dutch = language == Language::Dutch;
    let fixed = |nl: &str, en: &str| if dutch { nl.to_owned() } else { en.to_owned() };
    let of = |name: String, nl: &str, en: &str| format!("{name} {}", if dutch { nl } else { en });
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
        Blocker::Notice => fixed("Dit is al voorbij.", "This is in the past."),
        Blocker::Grid => fixed("Overleg begint op een heel kwartier.", "Meetings begin on the quarter."),
        Blocker::Seat { seat } => of(
            words::seat(search, table, *seat, language),
            "kan niet tegelijk met de anderen.",
            "cannot come when the others can.",
        ),
        Blocker::OutsideHours { person, .. } => of(
            words::name(table, *person, language),
            "werkt niet op de tijden waarop de anderen kunnen.",
            "does not work at the times at which the others can.",
        ),
        Blocker::FixedElsewhere { person, .. } => of(
            words::name(table, *person, language),
            "zit dan op een andere plek.",
            "sits at another place then.",
        ),
        Blocker::Absent { person, .. } => {
            of(words::name(table, *person, language), "is dan afwezig.", "is away then.")
        }
        Blocker::Busy { person, .. } => of(
            words::name(table, *person, language),
            "heeft dan al een ander overleg.",
            "has another meeting then.",
        ),
    }
}
