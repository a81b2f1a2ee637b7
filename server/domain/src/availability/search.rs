//! The question: who must meet, for how long, and when at all.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use uuid::Uuid;

use super::{
    agenda::{CalendarId, Site},
    calendar::Person,
    grain::GRAIN_MINUTES,
    travel::Travel,
};
use crate::{
    access::Role,
    refusal::{Refusal, Violation},
    time::{DayTime, Period},
};

/// The longest window that is searched.
pub const MAX_WINDOW_DAYS: i64 = 366;
/// The most seats at one table.
pub const MAX_SEATS: usize = 100;
/// The most candidates for one seat.
pub const MAX_CANDIDATES: usize = 50;
/// The most slots in one answer.
pub const MAX_SLOTS: usize = 100;

/// Which days of the week may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// Monday to Friday.
    Weekdays,
    /// Saturday and Sunday too.
    EveryDay,
}

/// The part of the day in which a meeting begins and ends, on the clock of the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayWindow {
    /// Minutes since midnight.
    pub earliest: u16,
    /// Minutes since midnight by which the meeting is over; 1440 is midnight.
    pub latest: u16,
    /// The days of the week.
    pub days: Days,
}

/// Why nobody meets on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClosedReason {
    /// A public holiday.
    PublicHoliday,
    /// A holiday of the school concerned.
    SchoolHoliday,
    /// A day without lessons at the school concerned.
    StudyDay,
}

/// A local date on which nobody meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosedDay {
    /// The date in the zone of the search.
    pub date: NaiveDate,
    /// Why.
    pub reason: ClosedReason,
}

/// How a candidate came to a seat, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Preference {
    /// Asked for by name: no other would do.
    Named,
    /// The link person of the school.
    Linked,
    /// The deputy of the link person.
    Deputy,
    /// Another member of the team with the same role.
    TeamMember,
}

/// Somebody, or a room, that can take a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The place in [`Search::people`].
    pub person: usize,
    /// As what they would come; a room comes as nothing.
    pub role: Option<Role>,
    /// How much they are wanted.
    pub preference: Preference,
    /// Whether they helped with the same case before.
    pub acquainted: bool,
}

/// What a seat is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SeatKind {
    /// A professional: counts for the quorum.
    Professional,
    /// A parent or a child.
    Private,
    /// A room.
    Room,
}

/// A place at the table: a named person (one candidate), a role or a room (several).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// What the caller calls the seat.
    pub key: String,
    /// What it is for.
    pub kind: SeatKind,
    /// Without the person there is no meeting; an optional seat only ranks.
    pub required: bool,
    /// The points that an empty optional seat costs; usually [`USUAL_WEIGHT`].
    pub weight: u16,
    /// Who can take it. One person takes one seat at a time.
    pub candidates: Vec<Candidate>,
}

/// What an empty optional seat costs where nothing else is said.
pub const USUAL_WEIGHT: u16 = 40;

/// A search for times at which every required seat is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The whole meeting lies inside.
    pub window: Period,
    /// Length in minutes of elapsed time, a multiple of 5.
    pub duration: u16,
    /// Starts lie on multiples of this many minutes of the clock, a multiple of 5; usually 15.
    pub grid: u16,
    /// The clock of the grid, the day window and the closed days.
    pub zone: Tz,
    /// When on a day.
    pub day_window: DayWindow,
    /// When it is asked: a person's minimum notice counts from it.
    pub now: DateTime<Utc>,
    /// No start before this instant.
    pub not_before: DateTime<Utc>,
    /// Days without meetings.
    pub closed: Vec<ClosedDay>,
    /// Where people come together: who sits elsewhere in a fixed block then cannot come, and
    /// who meets elsewhere before or after needs the way.
    pub site: Site,
    /// How long the way takes.
    pub travel: Travel,
    /// At least so many professional seats are filled, required ones among them.
    pub quorum: Option<usize>,
    /// Who is not to come.
    pub excluded: Vec<CalendarId>,
    /// A booking that takes nobody: the hold that the meeting will replace, or the meeting
    /// itself when it is to be moved.
    pub hold: Option<Uuid>,
    /// Everybody and every room that can take a seat, once.
    pub people: Vec<Person>,
    /// The table.
    pub seats: Vec<Seat>,
    /// How many slots are wanted, 1 to [`MAX_SLOTS`].
    pub limit: usize,
}

impl Search {
    /// Everything wrong with the question, at once; empty if it can be answered.
    pub fn check(&self) -> Vec<Violation> {
        let window = self.window.duration();
        let DayWindow { earliest, latest, .. } = self.day_window;
        let stepped = |minutes: u16| {
            minutes > 0 && minutes <= DayTime::END.minutes() && minutes.is_multiple_of(GRAIN_MINUTES)
        };
        let rules = [
            (window.num_days() > MAX_WINDOW_DAYS, "window", Refusal::TimeRangeInvalid),
            (window.num_minutes() < self.duration.into(), "window", Refusal::TimeRangeInvalid),
            (!stepped(self.duration), "duration", Refusal::DurationInvalid),
            (!stepped(self.grid), "grid", Refusal::FieldInvalid),
            (earliest >= latest || latest > DayTime::END.minutes(), "day_window", Refusal::TimeRangeInvalid),
            (self.seats.is_empty(), "seats", Refusal::FieldRequired),
            (self.seats.len() > MAX_SEATS, "seats", Refusal::TooManyAttendees),
            (!(1..=MAX_SLOTS).contains(&self.limit), "limit", Refusal::FieldInvalid),
        ];
        let unknown = self.seats.iter().enumerate().filter(|(_, seat)| {
            seat.candidates.iter().any(|candidate| candidate.person >= self.people.len())
        });
        let crowded =
            self.seats.iter().enumerate().filter(|(_, seat)| seat.candidates.len() > MAX_CANDIDATES);
        rules
            .into_iter()
            .filter(|(broken, ..)| *broken)
            .map(|(_, field, refusal)| Violation::new(field, refusal))
            .chain(
                crowded.map(|(at, _)| {
                    Violation::new(format!("seats[{at}].candidates"), Refusal::TooManyAttendees)
                }),
            )
            .chain(
                unknown.map(|(at, _)| {
                    Violation::new(format!("seats[{at}].candidates"), Refusal::PersonNotFound)
                }),
            )
            .collect()
    }

    /// The length in grains.
    pub(super) fn grains(&self) -> usize {
        usize::from(self.duration / GRAIN_MINUTES)
    }
}
