//! Who tells of a meeting takes turns with whoever else does, and with whoever withdraws what was told.

use schakel_domain::ids::ConsultationId;

use crate::{
    error::Result,
    store::{Tx, turn},
};

/// Two who tell of one meeting take turns.
pub async fn alone(tx: &Tx, ids: &[ConsultationId]) -> Result<()> {
    tx.alone(ids.iter().map(|id| turn::of(id.0)).collect()).await
}
