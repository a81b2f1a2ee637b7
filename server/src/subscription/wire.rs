//! Subscriptions on the wire; their addresses and secrets never are.

use schakel_domain::{
    ids::{OrganisationId, SubscriptionId},
    refusal::Language,
    subscription::State,
    thuiszitter::ChangeKind,
};
use schakel_proto::v1 as pb;

use super::store::{self, Model};
use crate::{
    error::{Result, language},
    wire::{enums::number, fields::Fields, time::timestamp_of},
};

/// The kinds that are asked for, each once.
pub(super) fn kinds(fields: &mut Fields, wire: &[i32]) -> Vec<ChangeKind> {
    let mut kinds = Vec::with_capacity(wire.len());
    for (at, kind) in wire.iter().enumerate() {
        let kind: Option<ChangeKind> =
            fields.choice(format!("kinds[{at}]"), *kind, pb::case_change::Kind::as_str_name);
        kinds.extend(kind.filter(|kind| !kinds.contains(kind)));
    }
    kinds
}

/// What is told of a subscription.
pub(super) fn to_wire(row: &Model) -> Result<pb::Subscription> {
    let state = store::tries(row)?.state;
    let kinds = store::kinds(row)?;
    let kind = |kind: &ChangeKind| number("KIND", &kind.to_string(), pb::case_change::Kind::from_str_name);
    Ok(pb::Subscription {
        name: SubscriptionId(row.id).to_string(),
        organisation: OrganisationId(row.organisation_id).to_string(),
        host: row.host.clone(),
        kinds: kinds.iter().map(kind).collect(),
        state: number("STATE", &state.to_string(), pb::subscription::State::from_str_name),
        create_time: timestamp_of(row.created_at),
        last_try_time: row.tried_at.and_then(timestamp_of),
        last_delivery_time: row.delivered_at.and_then(timestamp_of),
        failure_count: row.failures,
        failing_since_time: row.failing_since.and_then(timestamp_of),
        last_error: row.last_error.clone(),
        pause_time: row.paused_at.and_then(timestamp_of),
        task: task(state, language()).to_owned(),
        overlap_end_time: row.former_until.and_then(timestamp_of),
    })
}

/// What the organisation has to do.
fn task(state: State, language: Language) -> &'static str {
    match (state, language) {
        (State::Active, _) => "",
        (State::PausedAfterFailures, Language::Dutch) => {
            "Uw systeem krijgt geen meldingen meer, want het adres werkt niet. Herstel het adres en stuur daarna een proefbericht."
        }
        (State::PausedAfterFailures, Language::English) => {
            "Your system is told nothing any more, because the address does not work. Mend the address and then send a test."
        }
    }
}
