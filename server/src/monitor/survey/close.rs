//! Closes a round before its time.

use schakel_domain::{
    access::{Class, Classes},
    ids::SurveyId,
    monitor::survey::Round,
};
use schakel_proto::v1 as pb;

use super::{
    show::with_counts,
    store::{self, Survey},
};
use crate::{
    access::authenticate::today,
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// Closes it, when it is still at `version`.
///
/// # Errors
/// `SURVEY_NOT_FOUND`, `ALREADY_ENDED`; stale when it changed since.
pub(super) async fn close(tx: &Tx, id: SurveyId, version: i32) -> Result<pb::Survey> {
    let day = today(tx.now());
    let before = store::get(tx, id, day).await?;
    if before.version != version {
        return Err(Error::Stale);
    }
    before.round.is_open(day)?;
    store::close(tx, &before, day).await?;
    let (object, classes) = ("survey", Classes::of(&[Class::K0]));
    tx.audit(Line { deed: Deed::U, object, id: Some(id.0), subject: None, classes }).await?;
    let round = Round { closed: Some(day), ..before.round.clone() };
    let after = Survey { round, version: version + 1, ..before };
    let mut answer = with_counts(tx, vec![after]).await?;
    Ok(answer.remove(0))
}
