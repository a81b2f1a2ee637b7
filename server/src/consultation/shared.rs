//! Meetings across regions: they stay where they were booked, and who sits at them sees them there.

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes},
    ids::{ConsultationId, PersonId, RegionId},
};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition};
use tonic::Response;
use uuid::Uuid;

use super::{
    meeting::Meeting,
    reach,
    show::{self, Shown},
    store::{self, Filter},
    wire::to_wire,
};
use crate::{
    access::{
        Grant,
        circle::Circle,
        sharing::guests::{self, Elsewhere},
    },
    app::App,
    entity::consultation,
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
    wire::{
        fields::Fields,
        page::{Bound, Page, cut},
    },
};

fn line(deed: Deed, meeting: ConsultationId) -> Line {
    Line {
        deed,
        object: "consultation",
        id: Some(meeting.0),
        subject: None,
        classes: Classes::of(&[Class::K1]),
    }
}

/// Shares `meeting` with the regions for which somebody sits at it, and tells their logs.
/// Says whether there are any.
pub(super) async fn share(tx: &Tx, meeting: &Meeting, circle: Option<&Circle>, deed: Deed) -> Result<bool> {
    let table: Vec<_> = meeting.roles().into_iter().filter(|(_, role)| !role.is_private()).collect();
    let gemeente = circle.map(|circle| circle.gemeente.as_str());
    let regions = guests::share(tx, meeting.id, &table, gemeente).await?;
    let any = !regions.is_empty();
    for region in regions {
        tx.audit_in(region, line(deed, meeting.id)).await?;
    }
    Ok(any)
}

/// Tells the logs of the regions that share one of `meetings` that it changed.
pub(super) async fn tell(tx: &Tx, meetings: &[&Meeting]) -> Result<()> {
    let ids: Vec<ConsultationId> = meetings.iter().map(|meeting| meeting.id).collect();
    for (region, meeting) in guests::regions(tx, &ids).await? {
        tx.audit_in(region, line(Deed::U, meeting)).await?;
    }
    Ok(())
}

/// Leave at the table of another region at which the caller sits.
///
/// # Errors
/// `unknown`, when the caller sits at no such table.
pub async fn leave(app: &App, grant: &Grant, id: ConsultationId, unknown: Error) -> Result<Grant> {
    let there = guests::at_table(app, grant, id).await?.ok_or(unknown)?;
    app.write(grant, None, |tx| async move { tx.audit(line(Deed::R, id)).await }).await?;
    Ok(there)
}

/// One meeting of another region.
///
/// # Errors
/// `unknown`, when the caller does not sit at it.
pub(super) async fn get(app: &App, grant: &Grant, id: ConsultationId, unknown: Error) -> Result<Shown> {
    let there = leave(app, grant, id, unknown).await?;
    show::get(app, &there, id).await
}

/// What was found, by the region in which it is.
pub fn by_region(found: Vec<Elsewhere>) -> Vec<(RegionId, Vec<ConsultationId>)> {
    let mut regions: Vec<(RegionId, Vec<ConsultationId>)> = Vec::new();
    for at in found {
        match regions.iter_mut().find(|(region, _)| *region == at.region) {
            Some((_, ids)) => ids.push(at.meeting),
            None => regions.push((at.region, vec![at.meeting])),
        }
    }
    regions
}

/// Writes down that `count` tables of other regions were told, in the log of the caller's own.
pub async fn listed(tx: &Tx, count: usize) -> Result<()> {
    let told = Line { id: None, ..line(Deed::R, ConsultationId(Uuid::nil())) };
    tx.audit_counted(told, count).await
}

/// `ListSharedConsultations`.
pub(super) async fn list_rpc(
    app: &App,
    grant: &Grant,
    request: pb::ListSharedConsultationsRequest,
) -> Result<Response<pb::ListSharedConsultationsResponse>> {
    let mut fields = Fields::default();
    let after = fields.instant_if("after_time", request.after_time.as_ref()).unwrap_or(app.now());
    let filter = Filter { case: None, school: None, after, cancelled: request.show_cancelled };
    let given = request.after_time.map(|time| (time.seconds, time.nanos));
    let bound = Bound { app, grant, filter: format!("{given:?} {}", filter.cancelled) };
    let page = bound.read::<(i64, Uuid)>(&mut fields, request.page_size, &request.page_token);
    let page = fields.finish(page)?;
    let (shown, next) = list(app, grant, &filter, &page).await?;
    Ok(Response::new(pb::ListSharedConsultationsResponse {
        consultations: shown.iter().map(to_wire).collect(),
        next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
    }))
}

/// Some statements for each region with which this one has an agreement, whatever the meetings.
async fn list(
    app: &App,
    grant: &Grant,
    filter: &Filter,
    page: &Page<(i64, Uuid)>,
) -> Result<(Vec<Shown>, Option<(i64, Uuid)>)> {
    let person = PersonId(grant.actor().unwrap_or_default());
    let found = guests::elsewhere(&app.read(grant.clone()), person, None).await?;
    let mut shown = Vec::new();
    for (region, ids) in by_region(found) {
        let there = grant.at_table_in(region);
        let read = app.read(there.clone());
        let own = consultation::Column::Id.is_in(ids.iter().map(|id| id.0));
        let condition: Condition = filter.condition().add(own);
        let rows = store::list(&read, condition, page.after, page.size + 1).await?;
        let reached = reach::reached(&read, rows).await?;
        shown.extend(show::open(app, &there, reached).await?);
    }
    let start = |shown: &Shown| -> (DateTime<Utc>, Uuid) { (shown.meeting.time.start(), shown.meeting.id.0) };
    shown.sort_by_key(start);
    let next =
        cut(&mut shown, page.size, |one| (one.meeting.time.start().timestamp_micros(), one.meeting.id.0));
    if !shown.is_empty() {
        let count = shown.len();
        app.write(grant, None, |tx| async move { listed(&tx, count).await }).await?;
    }
    Ok((shown, next))
}
