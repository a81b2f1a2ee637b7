//! REPORTED → `ON_AGENDA` → ANSWERED, by whoever sets the agenda of the samenwerkingsverband.

use schakel_domain::{
    consultation,
    consultation::kinds::About,
    ids::{ConsultationId, SignalId},
    monitor::signal::{Step, after},
    refusal::Refusal,
    text::FreeText,
};
use schakel_proto::v1 as pb;

use super::{
    show,
    store::{self, Signal},
};
use crate::{
    access::authenticate::today,
    consultation::store as meetings,
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// A signal as the caller read it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub id: SignalId,
    pub etag: i32,
}

/// Puts it on the agenda of a meeting to come, instead of another where it was on one.
///
/// # Errors
/// As [`hold`]; `SIGNAL_ANSWERED`, `ALREADY_ENDED`, `CONSULTATION_NOT_FOUND`, `CONSULTATION_CANCELLED`,
/// `CONSULTATION_PAST`.
pub(super) async fn schedule(tx: &Tx, known: Known, meeting: ConsultationId) -> Result<pb::Signal> {
    let mut signal = hold(tx, known).await?;
    signal.state = after(signal.state, Step::Schedule)?;
    // Who calls it off at this moment waits, or is waited for.
    let meeting = meetings::get_to_change(tx, meeting).await?;
    // Of a meeting about a child nobody is told here that there is one.
    if meeting.case.is_some() || !matches!(meeting.kind.rules().about, About::Policy) {
        return Err(Error::NotFound("CONSULTATION"));
    }
    match meeting.state {
        consultation::State::Cancelled => return Err(Refusal::ConsultationCancelled.into()),
        consultation::State::Held => return Err(Refusal::ConsultationPast.into()),
        consultation::State::Planned if tx.now() >= meeting.time.end() => {
            return Err(Refusal::ConsultationPast.into());
        }
        consultation::State::Planned => signal.consultation = Some(meeting.id),
    }
    keep(tx, signal).await
}

/// Tells the reporter what was done with it.
///
/// # Errors
/// As [`hold`]; `SIGNAL_ANSWERED`, `ALREADY_ENDED`.
pub(super) async fn answer(tx: &Tx, known: Known, text: &FreeText) -> Result<pb::Signal> {
    let mut signal = hold(tx, known).await?;
    signal.state = after(signal.state, Step::Answer)?;
    let keys = tx.subject_keys(&[signal.id.0]).await?;
    let sealed = tx.seal(&keys, signal.id.0, signal.place("sealed_answer"), text.as_str())?;
    signal.sealed_answer = Some(sealed);
    signal.answered = Some(today(tx.now()));
    keep(tx, signal).await
}

/// One that the caller may change.
///
/// # Errors
/// `SIGNAL_NOT_FOUND`, not allowed, stale.
pub(super) async fn hold(tx: &Tx, known: Known) -> Result<Signal> {
    let signal = store::get(tx, known.id).await?;
    tx.grant().to("SIGNAL", |reached| signal.holds(reached))?;
    if signal.version == known.etag { Ok(signal) } else { Err(Error::Stale) }
}

async fn keep(tx: &Tx, mut signal: Signal) -> Result<pb::Signal> {
    store::update(tx, &mut signal).await?;
    tx.audit(signal.line(Deed::U)).await?;
    show::one(tx, signal).await
}
