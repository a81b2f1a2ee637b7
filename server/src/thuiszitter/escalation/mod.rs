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
    thuiszitter::{Decided, EscalationLevel, Stage, escalation::suggested},
};

use self::store::Decision;
use crate::store::Tx;

/// What a list of decisions or views shows.
const SHOWN: Classes = Classes::of(&[Class::K3, Class::K4]);

/// The roles by which the caller acts.
fn roles(tx: &Tx) -> Vec<Role> {
    tx.grant().role().split(' ').filter_map(|role| role.parse().ok()).collect()
}

/// The level that a case should be taken to on `day`, as it was known at an instant: what the clock says, and what
/// became of the `decisions` of the present round. Of a closed case none: nobody acts on it any more.
pub(super) fn suggested_level(
    decisions: &[Decision],
    (decided, clock): (&Decided, EscalationLevel),
    (as_of, day): (Option<DateTime<Utc>>, NaiveDate),
) -> EscalationLevel {
    if matches!(decided.stage_on(day).0, Stage::Gesloten) {
        return EscalationLevel::L0;
    }
    let until = as_of.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let since = decided.reopened_by(day).map(|(told, _)| told);
    let known = decisions.iter().filter(|decision| {
        decision.recorded <= until && Some(decision.recorded) > since && decision.on <= day
    });
    suggested(clock, decided.level_on(day), known.map(|decision| decision.state(until, day)))
}
