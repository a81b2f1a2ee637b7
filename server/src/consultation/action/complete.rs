//! Open → done, by its owner or whoever booked the meeting.

use schakel_domain::{
    access::{Class, Classes, Denied},
    ids::{ActionId, ConsultationId, PersonId},
};
use schakel_proto::v1 as pb;

use super::{list, store};
use crate::{
    access::authenticate::today,
    consultation::{reach, store as meetings},
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// Keeps that an action is done.
///
/// # Errors
/// `ACTION_NOT_FOUND`, not allowed, `CASE_CLOSED`, `CASE_RESTRICTED`.
pub(super) async fn complete(tx: &Tx, id: ActionId) -> Result<pb::AgreedAction> {
    let row = store::hold(tx, id).await?;
    let meeting = meetings::get(tx, ConsultationId(row.consultation_id)).await?;
    let around = reach::around(tx, std::slice::from_ref(&meeting)).await?;
    let grant = tx.grant();
    let actor = grant.actor().map(PersonId);
    grant.to("ACTION", |reached| reach::holds(&meeting, around.first(), grant.actor(), reached))?;
    if actor != Some(PersonId(row.owner_id)) && actor != Some(meeting.booked_by) {
        return Err(Denied::ActionNotAllowed.into());
    }
    for around in &around {
        grant.allows(around.state())?;
    }
    if row.done_on.is_none() {
        store::done(tx, id, today(tx.now()), grant.actor()).await?;
        tx.audit(Line {
            deed: Deed::U,
            object: "action",
            id: Some(id.0),
            subject: meeting.case.map(|_| meeting.subject),
            classes: Classes::of(&[Class::K1]),
        })
        .await?;
    }
    let row = store::hold(tx, id).await?;
    list::shown(tx, vec![row]).await?.pop().ok_or(Error::NotFound("ACTION"))
}
