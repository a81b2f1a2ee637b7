//! What each wijk has and what is asked of it: hours granted, used and left, provisions, questions, gaps.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use schakel_domain::{
    consultation::State,
    dutch::SchoolYear,
    ids::{PersonId, SchoolId},
    monitor::{
        Period,
        report::{Block, Figure, Gap, Kind, Source, Supply},
    },
};
use uuid::Uuid;

use super::{get, granted, units::around};
use crate::{
    access::{authenticate::today, circle},
    availability::kept::{Kept, at_schools},
    consultation::figures::during,
    directory::{
        calendar::calendars,
        places::{Places, places},
        provision,
    },
    error::Result,
    monitor::{
        population::{Scope, is_exact},
        table::Group,
    },
    store::Read,
};

/// What one wijk has.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub wijk: String,
    pub name: String,
    pub supply: Supply,
    /// The etags of what was granted, of education and of the gemeente.
    pub versions: [i32; 2],
    /// Questions of the year; none where that is not told.
    pub asked: Option<u32>,
    pub gaps: Vec<Gap>,
}

/// Of a school year, up to today; every wijk that a school stands in or that has hours, by name.
pub(super) async fn supply(read: &Read, year: SchoolYear) -> Result<(Period, Vec<Row>)> {
    let now = today(read.now());
    let period = Period::school_year_of(year.first_day()).up_to(now);
    let places = places(read, period.until()).await?;
    let granted = granted::of(read, year).await?;
    let used = used(read, period, &places, now).await?;
    let rooms = provision::rooms(read, period.until()).await?;
    let demand = demand(read, (year, now)).await?;
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let wijken = places.schools.values().map(|school| school.wijk.clone());
    for wijk in wijken.chain(granted.keys().map(|(wijk, _)| wijk.clone())).filter(|wijk| !wijk.is_empty()) {
        let name = places.areas.get(&wijk).cloned().unwrap_or_default();
        let (asked, unanswered) = match &demand {
            Some(demand) => demand.get(&wijk).copied().unwrap_or((Some(0), Some(0))),
            None => (None, None),
        };
        let of = |source: Source| {
            let (hours, version) = granted.get(&(wijk.clone(), source)).copied().unwrap_or_default();
            let minutes = u32::try_from(hours).unwrap_or_default().saturating_mul(60);
            ((minutes, used.get(&(wijk.clone(), source)).copied().unwrap_or_default()), version)
        };
        let ((education, one), (municipality, other)) = (of(Source::Education), of(Source::Municipality));
        let supply = Supply { education, municipality, unanswered, ..Supply::default() };
        let row = Row { wijk: wijk.clone(), name, supply, versions: [one, other], asked, gaps: Vec::new() };
        rows.insert(wijk, row);
    }
    for (school, stands) in &places.schools {
        let (Some(row), Some(room)) = (rows.get_mut(&stands.wijk), rooms.get(school)) else { continue };
        row.supply.provisions += room.provisions;
        row.supply.places.0 += room.places;
        row.supply.places.1 += room.taken;
        row.supply.waiting += room.waiting;
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    for row in &mut rows {
        row.gaps = row.supply.gaps();
    }
    rows.sort_by(|one, other| (&one.name, &one.wijk).cmp(&(&other.name, &other.wijk)));
    Ok((period, rows))
}

/// Minutes by wijk and source: of hours that somebody keeps for a school, and of meetings that were held
/// outside those. Nothing of a year that is still to come.
async fn used(
    read: &Read,
    period: Period,
    places: &Places,
    now: NaiveDate,
) -> Result<HashMap<(String, Source), u32>> {
    let mut used: HashMap<(String, Source), u32> = HashMap::new();
    if period.from() > now {
        return Ok(used);
    }
    let wijk_of = |school: SchoolId| places.schools.get(&school.0).map(|stands| stands.wijk.clone());
    let kept = at_schools(read, period.from(), period.until()).await?;
    let schools: Vec<SchoolId> = kept.iter().map(|one| one.school).collect();
    let calendars = calendars(read, &schools, &[]).await?;
    let mut blocks: HashMap<(PersonId, SchoolId), Vec<Block>> = HashMap::new();
    for Kept { person, role, school, weekday, minutes, days } in kept {
        let block = Block { weekday, minutes, days };
        blocks.entry((person, school)).or_default().push(block);
        let (Some(source), Some(wijk)) = (Source::of(role), wijk_of(school)) else { continue };
        let Some(calendar) = calendars.own(school) else { continue };
        let sum = used.entry((wijk, source)).or_default();
        *sum = sum.saturating_add(block.minutes_in(period, calendar));
    }
    let schools: HashMap<Uuid, SchoolId> = circle::counted(read)
        .await?
        .into_iter()
        .filter_map(|circle| Some((circle.case.0, circle.school?)))
        .collect();
    let (from, until) = around(period);
    for meeting in during(read, from, until).await? {
        let day = today(meeting.start);
        // A part of a meeting takes no time of its own.
        if !matches!(meeting.state, State::Held) || meeting.is_part || !period.has(day) {
            continue;
        }
        let of_case = meeting.case.and_then(|case| schools.get(&case.0).copied());
        let Some(school) = meeting.school.or(of_case) else { continue };
        let Some(wijk) = wijk_of(school) else { continue };
        for seat in meeting.seats.iter().filter(|seat| seat.attended != Some(false)) {
            let own = blocks.get(&(seat.person, school)).map(Vec::as_slice).unwrap_or_default();
            let Some(source) = Source::of(seat.role) else { continue };
            if !own.iter().any(|block| block.is_on(day)) {
                let sum = used.entry((wijk.clone(), source)).or_default();
                *sum = sum.saturating_add(meeting.minutes);
            }
        }
    }
    Ok(used)
}

/// How many questions were asked and not answered, by wijk.
type Demand = HashMap<String, (Option<u32>, Option<u32>)>;

/// Of the questions that the caller counts; none of all where they are not told yet.
async fn demand(read: &Read, (year, now): (SchoolYear, NaiveDate)) -> Result<Option<Demand>> {
    let over = year.last_day() <= now;
    if year.first_day() > now || (!is_exact(read.grant()) && !over) {
        return Ok(None);
    }
    let date = year.last_day().min(now);
    let wanted = get::Wanted { kind: Kind::Demand, date, scope: Scope::All, group: Some(Group::Wijk) };
    let report = get::report(read, &wanted).await?;
    let mut demand = Demand::new();
    for row in report.rows {
        let of = |wanted: Figure| {
            row.figures.iter().find(|(figure, _)| *figure == wanted).and_then(|(_, told)| *told)
        };
        let sum = |one: Option<u32>, other: Option<u32>| Some(one?.saturating_add(other?));
        let here = demand.entry(row.key.clone()).or_insert((Some(0), Some(0)));
        *here = (sum(here.0, of(Figure::Asked)), sum(here.1, of(Figure::Unanswered)));
    }
    Ok(Some(demand))
}
