//! What is known of a person's time, or of a room's.

use super::{
    agenda::{CalendarId, Span},
    hours::{Absence, WeeklyHours},
    limits::Limits,
    overrides::Override,
};
use crate::{ids::OrganisationId, time::Period};

/// What is known of a person's time around the window.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// Weekly hours; `None` for a parent, a child or a room: free in the day window.
    pub hours: Option<Vec<WeeklyHours>>,
    /// Dates on which an affiliation's weekly hours do not count.
    pub overrides: Vec<Override>,
    /// Stretches away.
    pub absences: Vec<Absence>,
    /// Meetings and holds, in any region, by start. For the weekly limit those of the whole
    /// first and last week are wanted.
    pub busy: Vec<Span>,
    /// Stretches taken in a calendar that the person keeps elsewhere: what for and where is not
    /// known, so they count for no limit and no way.
    pub elsewhere: Vec<Period>,
    /// Whether the way between two places takes time: it does for professionals.
    pub travels: bool,
    /// What the person asks to be spared.
    pub limits: Limits,
    /// Minutes of meetings in the weeks around the window, for a fair division.
    pub load: u32,
}

impl Calendar {
    /// As it counts for a meeting of `places` together, such as the schools of a cluster: whoever
    /// sits at one of them comes from there; hours fixed elsewhere hold as ever.
    #[must_use]
    pub fn coming_from(mut self, places: &[OrganisationId]) -> Self {
        let held = |place: Option<OrganisationId>| place.filter(|place| !places.contains(place));
        for block in self.hours.iter_mut().flatten() {
            block.place = held(block.place);
        }
        for other in &mut self.overrides {
            other.place = held(other.place);
        }
        self
    }
}

/// A calendar and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The natural person, or the room.
    pub id: CalendarId,
    /// When they can.
    pub calendar: Calendar,
}
