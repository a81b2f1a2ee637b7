//! Signals as somebody reads them: opened, with a line for each.

use schakel_domain::{ids::SignalId, monitor::signal::State};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::{
    store::{self, Filter, Signal},
    wire::to_wire,
};
use crate::{
    error::{Error, Result},
    store::{Tx, audit::Deed},
    wire::page::{Page, cut},
};

/// One of them.
///
/// # Errors
/// `SIGNAL_NOT_FOUND`.
pub(super) async fn get(tx: &Tx, id: SignalId) -> Result<pb::Signal> {
    let signal = store::get(tx, id).await?;
    tx.grant().to("SIGNAL", |reached| signal.holds(reached))?;
    one(tx, signal).await
}

/// A page of those that the caller reaches, and after which the next one begins.
pub(super) async fn list(
    tx: &Tx,
    filter: &Filter,
    page: &Page<Uuid>,
) -> Result<(Vec<pb::Signal>, Option<Uuid>)> {
    let mut signals = store::list(tx, filter, page).await?;
    let next = cut(&mut signals, page.size, |signal| signal.id.0);
    Ok((open(tx, &signals).await?, next))
}

/// What a change made of one.
pub(super) async fn one(tx: &Tx, signal: Signal) -> Result<pb::Signal> {
    open(tx, &[signal]).await?.pop().ok_or(Error::NotFound("SIGNAL"))
}

/// Opens several in a constant number of statements.
async fn open(tx: &Tx, signals: &[Signal]) -> Result<Vec<pb::Signal>> {
    let keys: Vec<Uuid> = signals.iter().map(|signal| signal.id.0).collect();
    let keys = tx.subject_keys(&keys).await?;
    let lines: Vec<_> = signals.iter().map(|signal| signal.line(Deed::R)).collect();
    tx.audit_all(&lines).await?;
    let one = |signal: &Signal| {
        // Of one that was withdrawn after a copy was made, the row comes back with the copy, and its key does not.
        if matches!(signal.state, State::Withdrawn) || !keys.knows(signal.id.0) {
            let gone = Signal { state: State::Withdrawn, ..signal.clone() };
            return Ok(to_wire(&gone, String::new(), String::new()));
        }
        let text = keys.open(signal.id.0, signal.place("sealed_text"), &signal.sealed_text)?;
        let answer = signal.sealed_answer.as_deref();
        let answer = keys.open_if(signal.id.0, signal.place("sealed_answer"), answer)?;
        Ok(to_wire(signal, text, answer.unwrap_or_default()))
    };
    signals.iter().map(one).collect()
}
