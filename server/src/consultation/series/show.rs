//! Series as one caller sees them, and leave to change one.

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
    let found = reach::reached(&read, meetings).await?;
    if found.is_empty() {
        return Err(Error::NotFound("SERIES"));
    }
    let meetings: Vec<Meeting> = found.iter().map(|(meeting, _)| meeting.clone()).collect();
    let shown = show::open(app, grant, found).await?;
    Ok(pb::GetSeriesResponse {
        series: Some(wire::to_wire(&series, &meetings, read.now())),
        consultations: shown.iter().map(to_wire).collect(),
    })
}

/// A page of series; one more than it holds when there are more.
pub(super) async fn list(
    read: &Read,
    school: Option<SchoolId>,
    page: &Page<Uuid>,
) -> Result<Vec<(Series, Vec<Meeting>)>> {
    let series = store::list(read, school, page).await?;
    let ids: Vec<SeriesId> = series.iter().map(|series| series.id).collect();
    let meetings = many::of_series(read, &ids).await?;
    let reached = reach::reached(read, meetings).await?;
    let own = |series: &Series| {
        let own = reached.iter().map(|(meeting, _)| meeting);
        own.filter(|meeting| meeting.member.is_some_and(|part| part.series == series.id)).cloned().collect()
    };
    Ok(series.into_iter().map(|series| (series.clone(), own(&series))).collect())
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
