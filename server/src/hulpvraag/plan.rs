//! ACCEPTED → PLANNED when its meeting is booked, and back when that is cancelled.

use schakel_domain::{
    access::Class,
    hulpvraag::{State, Step, after},
    ids::{CaseId, ConsultationId, HulpvraagId},
};

use super::store;
use crate::{
    access::Reached,
    error::{Error, Result},
    store::{Read, Tx, audit::Deed},
};

/// Notes that `meeting` answers the request. The booker reaches it as the school's, or through
/// the `case` that both are about.
///
/// # Errors
/// `HULPVRAAG_STATE` unless it is ACCEPTED; `HULPVRAAG_NOT_FOUND` when it is not the caller's.
pub async fn plan(tx: &Tx, id: HulpvraagId, case: Option<CaseId>, meeting: ConsultationId) -> Result<()> {
    let mut asked = store::get(tx, id).await?;
    let same = case.is_some() && asked.case == case;
    let ours = |reached: &Reached| same || asked.holds(reached);
    tx.grant().to("HULPVRAAG", ours)?;
    if asked.case.is_some() && !same {
        return Err(Error::NotFound("HULPVRAAG"));
    }
    asked.state = after(asked.state, Step::Plan { consultation: meeting })?;
    store::update(tx, &mut asked).await?;
    tx.audit(asked.line(Deed::U, &[Class::K1])).await
}

/// Whether a meeting is still to be booked for it.
pub async fn awaits(read: &Read, id: HulpvraagId) -> Result<bool> {
    match store::get(read, id).await {
        Ok(asked) => Ok(matches!(asked.state, State::Accepted { .. })),
        Err(Error::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Notes that the meeting was called off: another has to be booked.
pub async fn unplan(tx: &Tx, id: HulpvraagId, meeting: ConsultationId) -> Result<()> {
    let mut asked = store::get(tx, id).await?;
    // One that was completed meanwhile stays so.
    let Ok(state) = after(asked.state, Step::Unplan) else { return Ok(()) };
    if asked.state.consultation() != Some(meeting) {
        return Ok(());
    }
    asked.state = state;
    store::update(tx, &mut asked).await?;
    tx.audit(asked.line(Deed::U, &[Class::K1])).await
}
