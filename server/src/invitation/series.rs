//! Turns a change of whole series into mails: one to each person, about all meetings of all of them.

use std::collections::BTreeMap;

use schakel_domain::ids::{ConsultationId, PersonId, RegionId, SeriesId};

use super::{
    held::{self, Held, Pace},
    news, several,
    worker::postpone,
};
use crate::{
    access::{Grant, Worker},
    app::App,
    consultation::{meeting::Meeting, series},
    error::Result,
    store::{
        Tx,
        outbox::{Ended, Kind, Leased},
    },
};

/// Changes that are taken up together: a year plan of a region is one mail to each person.
const MOST: u32 = 200;

/// Turns changes of series that are due into mails; says how many changes.
pub(super) async fn prepare_due(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Invitations, region);
    if !app.read(grant.clone()).is_due(Kind::SeriesChanged).await? {
        return Ok(0);
    }
    let leased =
        &app.write(&grant, None, |tx| async move { tx.lease(Kind::SeriesChanged, MOST).await }).await?;
    if let Err(error) = tell(app, &grant, leased).await {
        tracing::error!(%error, "changes of series could not be told together");
        // One that cannot be told does not hold up the others.
        for row in leased {
            if let Err(error) = tell(app, &grant, std::slice::from_ref(row)).await {
                tracing::error!(%error, change = %row.id, "a change of a series could not be told");
                postpone(app, &grant, row).await?;
            }
        }
    }
    Ok(leased.len())
}

/// The mails and the ends of the rows are one transaction: a change is told once.
async fn tell(app: &App, grant: &Grant, rows: &[Leased]) -> Result<()> {
    app.write(grant, None, |tx| async move {
        let mut ours = Vec::with_capacity(rows.len());
        for row in rows {
            if tx.end(row, &Ended::Done).await? {
                ours.push(SeriesId(row.subject_id));
            }
        }
        prepare(&tx, &ours).await
    })
    .await
}

/// Tells everybody who does not know yet how the meetings of `series` stand, each person once.
async fn prepare(tx: &Tx, series: &[SeriesId]) -> Result<()> {
    let meetings: Vec<Meeting> = series::meetings(tx, series).await?;
    let ids: Vec<ConsultationId> = meetings.iter().map(|meeting| meeting.id).collect();
    news::alone(tx, &ids).await?;
    let news = news::of_meetings(tx, meetings).await?;
    let mut due: BTreeMap<PersonId, several::Own> = BTreeMap::new();
    for one in &news {
        for notice in one.notices() {
            due.entry(notice.person).or_default().push((one, notice));
        }
    }
    if due.is_empty() {
        return Ok(());
    }
    let persons: Vec<PersonId> = due.keys().copied().collect();
    let pace = Pace::of(tx, &persons).await?;
    let mut later = Vec::new();
    due.retain(|person, own| {
        let all: Vec<_> = own.iter().map(|(news, notice)| (*news, notice)).collect();
        let Some(due) = pace.held_until(*person, &all, tx.now()) else { return true };
        later.extend(own.iter().map(|(news, _)| Held { person: *person, meeting: news.meeting.id, due }));
        false
    });
    held::hold(tx, &later).await?;
    several::write(tx, due, &pace).await
}
