//! The round of a school year: the children whose hand-over is due in it, and the meetings at which it is.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use schakel_domain::{
    access::{Class, Classes},
    consultation::Kind,
    dutch::SchoolYear,
    ids::{CaseId, ConsultationId, PersonId, SchoolId},
    thuiszitter::{
        Moment,
        handover::{HandoverState, is_waited_for},
    },
};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::{
    known::{Known, answers},
    tables::Tables,
};
use crate::{
    access::{Grant, authenticate::today, circle, sharing::guests},
    app::App,
    consultation::{meeting::Meeting, reach, shared},
    error::Result,
    store::{Read, audit::Line},
    thuiszitter::{
        store,
        task::waits::{self, Seen},
    },
    wire::fields::text,
};

/// Which round is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub year: SchoolYear,
    pub sending: Option<SchoolId>,
    pub receiving: Option<SchoolId>,
}

impl Wanted {
    fn holds(&self, one: &pb::Handover) -> bool {
        let is = |wanted: Option<SchoolId>, school: &str| wanted.is_none() || text(wanted) == school;
        is(self.sending, &one.sending_school) && is(self.receiving, &one.receiving_school)
    }

    fn has(&self, day: NaiveDate) -> bool {
        (self.year.first_day()..=self.year.last_day()).contains(&day)
    }

    /// Wide enough for any time zone; what is found is held to its day.
    fn bounds(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        let (first, last) = (midnight(self.year.first_day()), midnight(self.year.last_day()));
        (first - TimeDelta::days(1), last + TimeDelta::days(2))
    }
}

/// All of it that the caller sees, here and at tables of other regions; what is shown of a child is
/// written down before it is told.
pub(super) async fn list(app: &App, grant: &Grant, wanted: &Wanted) -> Result<Vec<pb::Handover>> {
    let mut told = of_region(app, grant, wanted, None).await?;
    let person = PersonId(grant.actor().unwrap_or_default());
    let found = guests::elsewhere(&app.read(grant.clone()), person, None).await?;
    let own = told.len();
    for (region, ids) in shared::by_region(found) {
        told.extend(of_region(app, &grant.at_table_in(region), wanted, Some(ids.as_slice())).await?);
    }
    let elsewhere = told.len() - own;
    if elsewhere > 0 {
        app.write(grant, None, |tx| async move { shared::listed(&tx, elsewhere).await }).await?;
    }
    told.sort_by_cached_key(|one| {
        let start = one.start_time.map_or(i64::MAX, |time| time.seconds);
        (one.sending_display_name.clone(), start, one.case.clone(), one.consultation.clone())
    });
    Ok(told)
}

/// The round of one region; with `tables` only the meetings among these.
async fn of_region(
    app: &App,
    grant: &Grant,
    wanted: &Wanted,
    tables: Option<&[ConsultationId]>,
) -> Result<Vec<pb::Handover>> {
    let (told, lines) = round(&app.read(grant.clone()), wanted, tables).await?;
    if !lines.is_empty() {
        let lines = &lines;
        app.write(grant, None, |tx| async move { tx.audit_all(lines).await }).await?;
    }
    Ok(told)
}

/// The hand-overs, and the lines that they owe; a constant number of statements.
async fn round(
    read: &Read,
    wanted: &Wanted,
    tables: Option<&[ConsultationId]>,
) -> Result<(Vec<pb::Handover>, Vec<Line>)> {
    let due = if tables.is_none() { due(read, wanted).await? } else { HashMap::new() };
    let mut met: HashMap<CaseId, (Meeting, Classes)> = HashMap::new();
    for (meeting, classes) in reach::reached_of_kind(read, Kind::WarmeOverdracht, wanted.bounds()).await? {
        let counts = wanted.has(meeting.day()) && tables.is_none_or(|ids| ids.contains(&meeting.id));
        let Some(case) = meeting.case.filter(|_| counts) else { continue };
        if due.get(&case).is_none_or(|due| is_waited_for(meeting.state, meeting.day(), due.opens)) {
            // They come by start: the last one is the one that counts.
            met.insert(case, (meeting, classes));
        }
    }
    let mut ids: Vec<Uuid> = met.keys().chain(due.keys()).map(|case| case.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let circles = circle::find_each(read, &ids).await?;
    let answers = answers(read, &ids).await?;
    let known: Vec<Known<'_>> = circles
        .iter()
        .filter_map(|circle| {
            let (found, due) = (met.get(&circle.case), due.get(&circle.case));
            let meeting = found.map(|(meeting, _)| meeting);
            let seen = found.map(|(_, classes)| *classes).unwrap_or_default();
            let one = Known {
                circle,
                classes: seen.or(due.map(|due| due.classes).unwrap_or_default()),
                meeting,
                answered: meeting.and_then(|meeting| answers.get(&meeting.id.to_string()).copied()),
                due: due.map(|due| due.day),
            };
            // What is closed or put aside is not worked on: nobody has to act on it.
            let worked_on = circle.open && circle.hold.is_none();
            (worked_on || matches!(one.state(), HandoverState::Confirmed)).then_some(one)
        })
        .collect();
    let of: Vec<_> = known.iter().map(|one| (one.meeting, one.circle)).collect();
    let schools = Tables::of(read, &of).await?;
    let (mut told, mut lines) = (Vec::new(), Vec::new());
    for one in &known {
        let wire = one.to_wire(&schools, read.now());
        if wanted.holds(&wire) {
            told.push(wire);
            lines.extend(one.line());
        }
    }
    Ok((told, lines))
}

/// A hand-over for which norms wait.
struct Due {
    /// What is seen of the case.
    classes: Classes,
    /// The last day.
    day: NaiveDate,
    /// The first day on which it can be held, where the norm gives one.
    opens: Option<NaiveDate>,
}

/// The open cases whose hand-over is due in the round, of whom the caller sees absence.
async fn due(read: &Read, wanted: &Wanted) -> Result<HashMap<CaseId, Due>> {
    let rows = store::open_within(read, circle::reached(read)).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let circles = circle::reach_all(read, &ids).await?;
    let profile = store::profile(read, today(read.now())).await?;
    let seen: Vec<Seen<'_>> = rows
        .iter()
        .filter_map(|row| {
            let (circle, classes) = circles.get(&row.id)?;
            classes.has(Class::K3).then_some(Seen { row, circle, classes: *classes })
        })
        .collect();
    let waits = waits::of(read, &profile, &seen).await?;
    let mut due = HashMap::new();
    for one in &seen {
        let of_case = waits.get(&one.row.id).into_iter().flat_map(|waits| waits.iter());
        let days = of_case.filter_map(|wait| {
            let norm = profile.norm(wait.norm.as_deref()?)?;
            let waits = wait.met.is_none() && norm.ends_when.contains(&Moment::WarmlyHandedOver);
            Some((wait.due.filter(|_| waits)?, wait.opens))
        });
        if let Some((day, opens)) = days.filter(|(day, _)| wanted.has(*day)).min() {
            due.insert(one.circle.case, Due { classes: one.classes, day, opens });
        }
    }
    Ok(due)
}
