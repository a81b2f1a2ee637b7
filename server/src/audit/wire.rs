//! The log on the wire.

use schakel_domain::{
    access::Class,
    audit as words,
    ids::{OrganisationId, PersonId},
    refusal::Language,
};
use schakel_proto::v1 as pb;
use strum::IntoEnumIterator;

use super::who_saw::Sights;
use crate::{
    entity::audit::Model,
    store::keys::hex,
    wire::{fields::text, time::timestamp_of},
};

/// A line; `seq` is 0 while it waits for its seal.
pub(super) fn line(row: Model, seq: i64) -> pb::AuditLine {
    pb::AuditLine {
        id: row.id.to_string(),
        time: timestamp_of(row.at),
        seq,
        deed: row.action,
        outcome: row.outcome,
        actor_kind: row.actor_kind,
        actor: text(row.actor_id.map(PersonId)),
        organisation: text(row.organisation_id.map(OrganisationId)),
        role: row.role,
        client: text(row.client_id),
        emergency: text(row.emergency_id),
        purpose: row.purpose,
        activity: row.activity,
        method: row.method,
        rule_id: row.rule_id,
        subject_ref: row.subject_ref.map(|subject| hex(&subject)).unwrap_or_default(),
        object_type: row.object_type,
        object_id: text(row.object_id),
        field_classes: row.field_classes,
        row_count: row.row_count,
        request_id: text(row.request_id),
        origin: row.origin,
        trace: row.trace,
        instance: row.instance,
    }
}

/// In words that a parent understands.
pub fn sights(found: &Sights, language: Language) -> Vec<pb::Sight> {
    let sight = |day: &words::Day| {
        let seen = &day.seen;
        let organisation = seen.organisation.and_then(|id| found.organisations.get(&id));
        let names = day.actors.iter().filter_map(|actor| found.names.get(&PersonId(*actor)));
        let classes = Class::iter().filter(|class| seen.classes.has(*class));
        pb::Sight {
            date: seen.day.to_string(),
            organisation: organisation.cloned().unwrap_or_default(),
            function: words::function(&seen.function, language),
            what: classes.map(|class| words::class(class, language).to_owned()).collect(),
            deed: words::deed(&seen.deed, language).to_owned(),
            purpose: words::purpose(&seen.purpose, language).to_owned(),
            emergency: seen.emergency,
            times: i32::try_from(day.times).unwrap_or(i32::MAX),
            names: names.cloned().collect(),
        }
    };
    found.days.iter().map(sight).collect()
}
