//! Series as one caller sees them, and leave to change one.

use std::collections::HashMap;

use schakel_domain::ids::{SchoolId, SeriesId};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::{
    store::{self, Series},
    wire,
};
use crate::{
    access::{
        Grant,
        circle::{self, Circle},
    },
    app::App,
    consultation::{many, meeting::Meeting, reach, show, wire::to_wire},
    error::{Error, Result},
    store::{Read, Tx},
    wire::page::Page,
};

/// One series with its meetings, each as far as the caller may see it.
///
/// # Errors
/// `SERIES_NOT_FOUND` when none of its meetings is the caller's to see.
pub(super) async fn get(app: &App, grant: &Grant, id: SeriesId) -> Result<pb::GetSeriesResponse> {
    let read = app.read(grant.clone());
    let series = store::get(&read, id).await?;
    let meetings = many::of_series(&read, &[id]).await?;
    let all = meetings.len();
    let found = reach::reached(&read, meetings).await?;
    if found.is_empty() {
        return Err(Error::NotFound("SERIES"));
    }
    let meetings: Vec<Meeting> = found.iter().map(|(meeting, _)| meeting.clone()).collect();
    let shown = show::open(app, grant, found).await?;
    let is_whole = meetings.len() == all;
    Ok(pb::GetSeriesResponse {
        series: Some(wire::to_wire(&series, (&meetings, is_whole), read.now())),
        consultations: shown.iter().map(to_wire).collect(),
    })
}

/// A page of series; one more than it holds when there are more.
pub(super) async fn list(read: &Read, school: Option<SchoolId>, page: &Page<Uuid>) -> Result<Vec<Seen>> {
    let series = store::list(read, school, page).await?;
    let ids: Vec<SeriesId> = series.iter().map(|series| series.id).collect();
    let meetings = many::of_series(read, &ids).await?;
    let of = |meeting: &Meeting| meeting.member.map(|part| part.series);
    let mut all: HashMap<Option<SeriesId>, usize> = HashMap::new();
    for meeting in &meetings {
        *all.entry(of(meeting)).or_default() += 1;
    }
    let reached = reach::reached(read, meetings).await?;
    let seen = series.into_iter().map(|series| {
        let own = reached.iter().map(|(meeting, _)| meeting).filter(|meeting| of(meeting) == Some(series.id));
        let meetings: Vec<Meeting> = own.cloned().collect();
        let is_whole = all.get(&Some(series.id)) == Some(&meetings.len());
        Seen { series, meetings, is_whole }
    });
    Ok(seen.collect())
}

/// A series with those of its meetings that the caller sees, and whether these are all.
pub(super) struct Seen {
    pub series: Series,
    pub meetings: Vec<Meeting>,
    pub is_whole: bool,
}

/// The circle of the case that the meetings of a series are about, once the grant lets the caller
/// change all of them.
///
/// # Errors
/// `SERIES_NOT_FOUND`, not allowed, `CASE_CLOSED`, `CASE_RESTRICTED`.
pub(super) async fn leave(tx: &Tx, meetings: &[Meeting]) -> Result<Option<Circle>> {
    let Some(first) = meetings.first() else { return Err(Error::NotFound("SERIES")) };
    let circle = match first.case {
        Some(case) => circle::find(tx, case).await?,
        None => None,
    };
    let around = circle.as_ref().map(Circle::standing);
    let grant = tx.grant();
    for meeting in meetings {
        grant.to("SERIES", |reached| reach::holds(meeting, around.as_ref(), grant.actor(), reached))?;
    }
    if let Some(around) = around {
        grant.allows(around.state())?;
    }
    Ok(circle)
}
