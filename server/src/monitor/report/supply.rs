//! What each wijk has and what is asked of it: hours granted, used and left, provisions, questions, gaps.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{NaiveDate, TimeDelta};
use schakel_domain::{
    access::Action,
    consultation::State,
    dutch::SchoolYear,
    ids::{CaseId, PersonId, SchoolId},
    monitor::{
        Period,
        report::{Figure, Gap, Kind, Source, Supply, kept, minutes, minutes_outside},
    },
    time,
};

use super::{get, granted, units::around};
use crate::{
    access::{authenticate::today, circle},
    availability::{
        kept::{Kept, at_schools},
        work::away,
    },
    consultation::figures::during,
    directory::{
        calendar::calendars,
        places::{Places, places},
        provision,
    },
    error::Result,
    monitor::{
        population::{Scope, is_everywhere, is_exact},
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
    /// Whether meetings are among the hours that were used.
    pub meetings: bool,
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
    let meetings = is_everywhere(read.grant());
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
        let (versions, gaps) = ([one, other], Vec::new());
        rows.insert(wijk.clone(), Row { wijk, name, supply, versions, meetings, asked, gaps });
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

/// Minutes by wijk and source: of hours that somebody keeps for a school and is not away in, and of meetings
/// that were held outside those. Nothing of a year that is still to come. Hours kept are in the register for
/// all to see; an hour more, in a wijk of few meetings, is a child that was met about: told to who may know.
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
    let (from, until) = around(period);
    let blocks = at_schools(read, period.from(), period.until()).await?;
    let schools: Vec<SchoolId> = blocks.iter().map(|one| one.school).collect();
    let calendars = calendars(read, &schools, &[]).await?;
    let people: BTreeSet<PersonId> = blocks.iter().map(|one| one.person).collect();
    let people: Vec<PersonId> = people.into_iter().collect();
    let mut gone: HashMap<PersonId, Vec<time::Period>> = HashMap::new();
    for (person, stretch) in away(read, &people, time::Period::new(from, until)?).await? {
        gone.entry(person).or_default().push(stretch);
    }
    let mut there: HashMap<(PersonId, SchoolId), Vec<time::Period>> = HashMap::new();
    for Kept { person, role, school, block } in blocks {
        let (Some(source), Some(wijk)) = (Source::of(role), wijk_of(school)) else { continue };
        let Some(calendar) = calendars.own(school) else { continue };
        let own = gone.get(&person).map(Vec::as_slice).unwrap_or_default();
        let stretches = kept(&block, (period, calendar), own);
        let sum = used.entry((wijk, source)).or_default();
        *sum = sum.saturating_add(minutes(&stretches));
        there.entry((person, school)).or_default().extend(stretches);
    }
    if !is_everywhere(read.grant()) {
        return Ok(used);
    }
    let cases: HashMap<CaseId, Option<SchoolId>> =
        circle::counted(read).await?.into_iter().map(|circle| (circle.case, circle.school)).collect();
    for meeting in during(read, from, until).await? {
        let day = today(meeting.start);
        // A part of a meeting takes no time of its own.
        if !matches!(meeting.state, State::Held) || meeting.is_part || !period.has(day) {
            continue;
        }
        let of_case = match meeting.case.map(|case| cases.get(&case)) {
            // The case is put aside.
            Some(None) => continue,
            Some(Some(school)) => *school,
            None => None,
        };
        let Some(school) = meeting.school.or(of_case) else { continue };
        let Some(wijk) = wijk_of(school) else { continue };
        let end = meeting.start + TimeDelta::minutes(meeting.minutes.into());
        let Ok(time) = time::Period::new(meeting.start, end) else { continue };
        for seat in meeting.seats.iter().filter(|seat| seat.attended != Some(false)) {
            let own = there.get(&(seat.person, school)).map(Vec::as_slice).unwrap_or_default();
            let Some(source) = Source::of(seat.role) else { continue };
            let sum = used.entry((wijk.clone(), source)).or_default();
            *sum = sum.saturating_add(minutes_outside(time, own));
        }
    }
    Ok(used)
}

/// How many questions were asked and not answered, by wijk.
type Demand = HashMap<String, (Option<u32>, Option<u32>)>;

/// Of all questions of the region: exact, published of a year that is over, or none. Who counts a part
/// of them alone is told none: it would take what it does not see for what nobody asked. Nor is who only sets
/// hours.
async fn demand(read: &Read, (year, now): (SchoolYear, NaiveDate)) -> Result<Option<Demand>> {
    let over = year.last_day() <= now;
    let told = if is_exact(read.grant()) { is_everywhere(read.grant()) } else { over };
    let sets = read.grant().is_for(Action::WriteDirectory);
    if year.first_day() > now || !told || sets {
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
