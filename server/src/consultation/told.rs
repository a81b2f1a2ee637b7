//! For whom mails about a meeting are looked up, or written again.

use schakel_domain::{
    access::{Class, Classes},
    consultation::State,
    ids::ConsultationId,
    refusal::Refusal,
};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{meeting::Meeting, reach, show, store, tell};
use crate::{
    access::Grant,
    app::App,
    entity::consultation,
    error::{Error, Result},
    store::{Read, Tx, audit::Deed},
};

/// The meeting, when the caller may see who comes to it; that is then written down. None when the
/// caller may see the meeting but not its people.
///
/// # Errors
/// Not allowed, or `CONSULTATION_NOT_FOUND`.
pub async fn shown(app: &App, grant: &Grant, id: ConsultationId) -> Result<Option<Meeting>> {
    let read: &Read = &app.read(grant.clone());
    let meeting = store::get(read, id).await?;
    let around = reach::around(read, std::slice::from_ref(&meeting)).await?;
    reach::classes(read, &meeting, around.first())?;
    let found = reach::reached(read, vec![meeting]).await?.pop();
    let (meeting, classes) = found.ok_or(Error::NotFound("CONSULTATION"))?;
    if !classes.has(Class::K2) {
        return Ok(None);
    }
    let lines = &show::lines(&meeting, Classes::of(&[Class::K1, Class::K2]));
    app.write(grant, None, |tx| async move { tx.audit_all(lines).await }).await?;
    Ok(Some(meeting))
}

/// The meeting whose calendar has this `UID`, whoever asks.
pub async fn by_uid(read: &Read, uid: &str) -> Result<Option<ConsultationId>> {
    let found: Option<Uuid> = consultation::Entity::find()
        .select_only()
        .column(consultation::Column::Id)
        .filter(consultation::Column::RegionId.eq(read.region()))
        .filter(consultation::Column::Uid.eq(uid))
        .into_tuple()
        .one(&read.db())
        .await?;
    Ok(found.map(ConsultationId))
}

/// The meeting about which the caller tidies up what came by mail.
///
/// # Errors
/// Those of any change of it.
pub async fn tidied(tx: &Tx, id: ConsultationId) -> Result<Meeting> {
    let meeting = reach::load(tx, id).await?.meeting;
    tell::audit(tx, &[&meeting], Deed::U).await?;
    Ok(meeting)
}

/// The meeting that goes on, of which the caller has somebody told once more.
///
/// # Errors
/// Those of any change of it, and `CONSULTATION_CANCELLED`.
pub async fn again(tx: &Tx, id: ConsultationId) -> Result<Meeting> {
    let meeting = reach::load(tx, id).await?.meeting;
    match meeting.state {
        State::Planned => {}
        State::Cancelled => return Err(Refusal::ConsultationCancelled.into()),
        State::Held => return Err(Refusal::ConsultationPast.into()),
    }
    tell::audit(tx, &[&meeting], Deed::U).await?;
    Ok(meeting)
}
