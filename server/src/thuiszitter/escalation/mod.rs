//! The ladder of escalation: levels, decisions by doorzettingsmacht, and the views of the parties.

mod check;
mod decide;
mod level;
mod list;
mod record_view;
mod rpc;
pub(super) mod store;
mod told;
mod view_store;
mod wire;

pub use self::told::{ToldCheck, ToldDecision, ToldView, decisions, views};

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{Class, Classes, Role},
    ids::CaseId,
    thuiszitter::{EscalationLevel, escalation::suggested},
};

use crate::{
    error::Result,
    store::{Read, Tx},
};

/// What a list of decisions or views shows.
const SHOWN: Classes = Classes::of(&[Class::K3, Class::K4]);

/// The roles by which the caller acts.
fn roles(tx: &Tx) -> Vec<Role> {
    tx.grant().role().split(' ').filter_map(|role| role.parse().ok()).collect()
}

/// The level that a case at `level` should be taken to on `day`, as it was known at an instant:
/// what the clock says, and what became of its decisions.
pub(super) async fn suggested_level(
    read: &Read,
    case: CaseId,
    (level, clock): (EscalationLevel, EscalationLevel),
    (as_of, day): (Option<DateTime<Utc>>, NaiveDate),
) -> Result<EscalationLevel> {
    let until = as_of.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let all = store::of_case(read, case).await?;
    let known = all.iter().filter(|decision| decision.recorded <= until && decision.on <= day);
    Ok(suggested(clock, level, known.map(|decision| decision.state(until, day))))
}
