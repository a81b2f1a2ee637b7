//! Any but WITHDRAWN → WITHDRAWN: it names somebody after all, or its time is over, and its words are destroyed.

use std::collections::BTreeMap;

use schakel_domain::monitor::signal::{Step, after};
use schakel_proto::v1 as pb;

use super::{
    decide::{Known, hold},
    store::{self, Signal},
    wire::to_wire,
};
use crate::{
    error::Result,
    store::{
        Tx,
        audit::Deed,
        sweep::{Doomed, Sweep},
    },
};

/// Takes it back, for its reporter or for whoever sets the agenda.
///
/// # Errors
/// As [`hold`]; `ALREADY_ENDED`.
pub(super) async fn withdraw(tx: &Tx, known: Known) -> Result<pb::Signal> {
    let mut signal = hold(tx, known).await?;
    destroy(tx, &mut signal).await?;
    Ok(to_wire(&signal, String::new(), String::new()))
}

/// Its words and answer go, the answers that were stored of it, and its key: so that no copy opens either.
///
/// # Errors
/// `ALREADY_ENDED`; stale when somebody changed it since it was read.
pub(super) async fn destroy(tx: &Tx, signal: &mut Signal) -> Result<()> {
    signal.state = after(signal.state, Step::Withdraw)?;
    (signal.sealed_text, signal.sealed_answer) = (Vec::new(), None);
    (signal.children, signal.consultation) = (None, None);
    store::update(tx, signal).await?;
    tx.audit(signal.line(Deed::D)).await?;
    let doomed = Doomed {
        case: signal.id.0,
        whole: true,
        meetings: Vec::new(),
        hulpvragen: Vec::new(),
        persons: vec![signal.id.0],
        records: Vec::new(),
        mails_until: None,
    };
    tx.sweep_kept(&doomed, Sweep::Delete, &mut BTreeMap::new()).await
}
