//! Finds a time for every meeting of the tables: all calendars at once, then in memory.

use std::collections::{BTreeSet, HashMap, hash_map::Entry};

use chrono::{NaiveDate, TimeDelta};
use schakel_domain::{
    availability::{Candidate, Person, Seat, SeatKind, Site, USUAL_WEIGHT, local},
    consultation::{
        self, Kind, KindRules,
        year::{Frame, Outcome, Planned, Table, plan},
    },
    dutch::SchoolYear,
    ids::{OrganisationId, PersonId},
    refusal::Violation,
    time::Period,
};

use super::{
    question::What,
    tables::{Laid, people},
};
use crate::{
    access::{authenticate::today, professional},
    availability::{
        DAY, GRID, USUAL_ZONE,
        calendars::{self, Known},
    },
    consultation::{
        book, kind,
        meeting::Meeting,
        provider,
        table::{self, Around, Guest},
    },
    error::{Error, Result},
    store::Read,
};

/// Tables with the times of their meetings.
pub(super) struct Proposal {
    pub(super) what: What,
    pub(super) tables: Vec<Laid>,
    /// Per table, per stretch.
    pub(super) outcomes: Vec<Vec<Outcome>>,
    /// The names of the professionals.
    pub(super) names: HashMap<PersonId, String>,
    /// What the region asks of the kinds of the tables.
    pub(super) rules: HashMap<Kind, KindRules>,
    /// School years whose holidays are not known.
    pub(super) unknown: BTreeSet<SchoolYear>,
}

/// Plans `tables`; four statements.
pub(super) async fn propose(read: &Read, what: What, tables: Vec<Laid>) -> Result<Proposal> {
    let persons = people(&tables);
    let mut rules: HashMap<Kind, KindRules> = HashMap::new();
    for table in &tables {
        if let Entry::Vacant(new) = rules.entry(table.kind) {
            new.insert(kind::rules(read, table.kind, today(read.now())).await?);
        }
    }
    let stretches = tables.iter().flat_map(|table| &table.stretches);
    let first = stretches.clone().map(|stretch| stretch.first).min();
    let last = stretches.map(|stretch| stretch.last).max();
    let mut all: Vec<PersonId> = persons.keys().copied().collect();
    all.sort_unstable();
    let whole = first.zip(last).and_then(|(first, last)| window(first, last));
    let whole = whole.map_or_else(|| Period::new(read.now(), read.now() + TimeDelta::days(1)), Ok)?;
    let sites: Vec<Site> = tables.iter().map(|table| table.site).collect();
    let is_private = |person| persons.get(&person).copied().unwrap_or(false);
    let known = calendars::of(read, &all, (whole, &sites), is_private).await?;
    let frame = Frame {
        minutes: what.minutes,
        grid: GRID,
        zone: USUAL_ZONE,
        day_window: DAY,
        now: read.now(),
        not_before: read.now() + notice(&rules),
        travel: known.travel.clone(),
    };
    let asked: Vec<Table> = tables.iter().map(|table| asked(table, &known)).collect();
    // Seconds of work for a large region: not on a thread that answers others.
    let planned = tokio::task::spawn_blocking(move || plan(&frame, asked)).await;
    let outcomes = planned.map_err(|_| Error::Corrupt { table: "none", column: "plan" })?;
    let names = professional::of(read, &all).await?;
    let dates = tables.iter().flat_map(|table| {
        let days = table.stretches.iter().flat_map(|stretch| [stretch.first, stretch.last]);
        table.closed.unknown(days)
    });
    let unknown = dates.collect();
    let names = names.into_iter().map(|(person, row)| (person, row.display_name.clone())).collect();
    let proposal = Proposal { what, tables, outcomes, names, rules, unknown };
    proposal.check(read)?;
    Ok(proposal)
}

fn window(first: NaiveDate, last: NaiveDate) -> Option<Period> {
    let (first, last) = (local::day(USUAL_ZONE, first)?, local::day(USUAL_ZONE, last)?);
    Period::new(first.start(), last.end()).ok()
}

/// How long before a meeting of any of these kinds it is booked.
fn notice(rules: &HashMap<Kind, KindRules>) -> TimeDelta {
    let hours = rules.values().map(|rules| rules.notice_hours).max().unwrap_or_default();
    TimeDelta::hours(hours.into())
}

fn asked(table: &Laid, known: &Known) -> Table {
    let schools: Vec<OrganisationId> = table.schools.iter().map(|school| (*school).into()).collect();
    let mut people: Vec<Person> = Vec::new();
    let mut places: HashMap<PersonId, usize> = HashMap::new();
    for (person, _) in table.seats.iter().flat_map(|seat| &seat.fits) {
        places.entry(*person).or_insert_with(|| {
            let calendar = known.calendars.get(person).cloned().unwrap_or_default();
            people.push(Person { id: (*person).into(), calendar: calendar.coming_from(&schools) });
            people.len() - 1
        });
    }
    let seats = table.seats.iter().enumerate().map(|(at, seat)| Seat {
        key: at.to_string(),
        kind: if seat.role.is_private() { SeatKind::Private } else { SeatKind::Professional },
        required: !seat.optional,
        weight: USUAL_WEIGHT,
        candidates: seat
            .fits
            .iter()
            .filter_map(|(person, preference)| {
                let (preference, person) = (*preference, *places.get(person)?);
                Some(Candidate { person, role: Some(seat.role), preference, acquainted: false })
            })
            .collect(),
    });
    let seats = seats.collect();
    let days = table.stretches.first().zip(table.stretches.last());
    Table {
        people,
        seats,
        site: table.site,
        closed: days.map_or(Vec::new(), |(first, last)| table.closed.days(first.first, last.last)),
        stretches: table.stretches.clone(),
    }
}

impl Proposal {
    /// The meeting of a table at its time, without a place in a series.
    pub(super) fn meeting(&self, read: &Read, table: &Laid, planned: &Planned) -> Result<Meeting> {
        let wish = book::Wish {
            kind: table.kind,
            case: table.circle.as_ref().map(|circle| circle.case),
            start: planned.time.start(),
            length: planned.time.duration(),
            place: self.what.place,
            school: table.school,
            guests: guests(table, planned),
            parent_exception: None,
            hulpvraag: None,
            rooms: Vec::new(),
            alone_because: None,
            hold: None,
            short_notice: None,
            parts: Vec::new(),
            provider_reason: None,
            over_outside_busy: false,
        };
        book::planned(read, &wish, table.circle.as_ref())
    }

    /// How many meetings have no time.
    pub(super) fn impossible(&self) -> usize {
        let all = self.outcomes.iter().flatten();
        all.filter(|outcome| matches!(outcome, Outcome::Impossible { .. })).count()
    }

    /// Everything that the rules of booking forbid of what was found, once.
    fn check(&self, read: &Read) -> Result<()> {
        let mut wrong: Vec<Violation> = Vec::new();
        for (table, outcomes) in self.tables.iter().zip(&self.outcomes) {
            for outcome in outcomes {
                let Outcome::Planned(planned) = outcome else { continue };
                let meeting = self.meeting(read, table, planned)?;
                let Some(rules) = self.rules.get(&table.kind) else { continue };
                let circle = table.circle.as_ref();
                let around = Around { circle, has_parts: table::fills(rules), rules, keeps_notice: true };
                let mut found = consultation::check(&table::wish(&meeting, around), read.now());
                found.extend(provider::unexplained(&guests(table, planned), None));
                for violation in found {
                    let field = match violation.field.as_str() {
                        "start_time" => "last_date",
                        "case" => "kind",
                        "duration" => "duration",
                        "place" => "place",
                        _ => "seats",
                    };
                    let violation = Violation { field: field.to_owned(), ..violation };
                    if !wrong.contains(&violation) {
                        wrong.push(violation);
                    }
                }
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }
}

/// Who comes.
pub(super) fn guests(table: &Laid, planned: &Planned) -> Vec<Guest> {
    let seats = table.seats.iter().zip(&planned.chosen);
    seats
        .filter_map(|(seat, chosen)| {
            chosen.map(|person| Guest { person, role: seat.role, optional: seat.optional })
        })
        .collect()
}
