//! Calendars of staff: who could come to a meeting, and who carries how much.

use chrono::{DurationRound, TimeDelta};
use schakel_domain::{
    availability::{
        self as search, Calendar, Candidate, DayWindow, Days, Person, Preference, Search, Seat, SeatKind,
        Site, USUAL_WEIGHT, limits::week, workload::Load,
    },
    ids::{OrganisationId, PersonId},
    time::Period,
};

use super::{calendars, hours::USUAL_ZONE};
use crate::{error::Result, store::Read};

/// The search looks in steps of five minutes.
const STEP: TimeDelta = TimeDelta::minutes(5);
/// Whoever is asked to stand in has to be free, on whatever day it is.
const ANY_TIME: DayWindow = DayWindow { earliest: 0, latest: 24 * 60, days: Days::EveryDay };

/// The calendars of some professionals: everybody in a search that asks for one after another.
pub struct Staff(Search);

impl Staff {
    /// Loads them for meetings in `window` at these `places`, in nine statements.
    pub async fn load(
        read: &Read,
        persons: &[PersonId],
        (window, places): (Period, &[OrganisationId]),
    ) -> Result<Self> {
        let sites: Vec<Site> = places.iter().map(|place| Site::At(*place)).collect();
        let calendars::Known { mut calendars, travel } =
            calendars::of(read, persons, (window, &sites), |_| false).await?;
        let people = persons.iter().map(|person| {
            let mut calendar = calendars.remove(person).unwrap_or_default();
            // Nobody without any hours in the register is held to them.
            calendar.hours = calendar.hours.filter(|hours| !hours.is_empty());
            Person { id: (*person).into(), calendar }
        });
        Ok(Self(Search {
            window,
            duration: 0,
            grid: 5,
            zone: USUAL_ZONE,
            day_window: ANY_TIME,
            now: read.now(),
            not_before: read.now(),
            closed: Vec::new(),
            site: Site::Remote,
            travel,
            quorum: None,
            excluded: Vec::new(),
            hold: None,
            people: people.collect(),
            seats: Vec::new(),
            limit: 1,
        }))
    }

    /// Who of them could come to a meeting at `time`, there or anywhere: at work, not taken, in
    /// time from where they were, and willing to have one more.
    pub fn free_at(&mut self, time: Period, place: Option<OrganisationId>) -> Vec<PersonId> {
        let floor = |at: chrono::DateTime<chrono::Utc>| at.duration_trunc(STEP).unwrap_or(at);
        let (start, end) = (floor(time.start()), floor(time.end() + STEP - TimeDelta::microseconds(1)));
        let search = &mut self.0;
        search.window = Period::new(start, end).unwrap_or(time);
        // Nothing lasts so long: then nobody can.
        search.duration = u16::try_from((end - start).num_minutes()).unwrap_or(u16::MAX);
        search.site = place.map_or(Site::Remote, Site::At);
        let mut free = Vec::new();
        for at in 0..search.people.len() {
            search.seats = vec![alone(at)];
            if search::feasible_starts(search).is_ok_and(|starts| starts.contains(&start)) {
                free.push(PersonId(search.people[at].id.0));
            }
        }
        free
    }

    fn calendar(&self, person: PersonId) -> Option<&Calendar> {
        let mut people = self.0.people.iter();
        people.find(|one| one.id == person.into()).map(|one| &one.calendar)
    }

    /// Minutes of meetings in the week of `time`.
    pub fn week_minutes(&self, person: PersonId, time: Period) -> i64 {
        let week = week(time, USUAL_ZONE);
        self.calendar(person).map_or(0, |calendar| calendar.load_in(week).meetings)
    }

    /// How many meetings stand in a window, and how many minutes of meetings and of work.
    pub fn load_of(&self, person: PersonId, window: Period) -> (usize, Load) {
        let Some(calendar) = self.calendar(person) else { return (0, Load::default()) };
        (calendar.meetings().filter(|time| time.overlaps(window)).count(), calendar.load_in(window))
    }
}

/// A table of one.
fn alone(person: usize) -> Seat {
    Seat {
        key: String::new(),
        kind: SeatKind::Professional,
        required: true,
        weight: USUAL_WEIGHT,
        candidates: vec![Candidate { person, role: None, preference: Preference::Named, acquainted: false }],
    }
}

/// When `persons` are away during `window`, each stretch apart, in one statement.
pub async fn away(read: &Read, persons: &[PersonId], window: Period) -> Result<Vec<(PersonId, Period)>> {
    use schakel_domain::{availability::local::date_of, time::Validity};
    let (first, until) = (date_of(USUAL_ZONE, window.start()), date_of(USUAL_ZONE, window.end()));
    let days = Validity::new(first, Some(until)).unwrap_or(Validity::since(first));
    let rows = crate::directory::absence::during(read, persons, days).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let inside = super::absence::stretch(row)?.within(window);
        found.extend(inside.map(|period| (PersonId(row.person_id), period)));
    }
    Ok(found)
}
