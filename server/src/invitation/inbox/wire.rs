//! What came by mail, on the wire.

use schakel_domain::ids::{ConsultationId, InboundMailId, PersonId};
use schakel_proto::v1 as pb;

use super::store;
use crate::{
    entity::inbound_mail::Model,
    error::Result,
    store::vault::SubjectKeys,
    wire::{fields::text, time::timestamp_of},
};

/// A mail that was put aside, for whoever may see who comes to the meeting.
pub(super) fn to_wire(row: &Model, keys: &SubjectKeys) -> Result<pb::InboundMail> {
    let from = keys.open_if(row.subject_id, store::sender(row.id), row.sealed_from.as_deref())?;
    let said = keys.open_if(row.subject_id, store::text(row.id), row.sealed_text.as_deref())?;
    Ok(pb::InboundMail {
        name: InboundMailId(row.id).to_string(),
        consultation: ConsultationId(row.consultation_id).to_string(),
        person: text(row.person_id.map(PersonId)),
        receive_time: timestamp_of(row.received_at),
        method: row.method.clone(),
        answer: row.answer.clone(),
        reason: row.reason.clone(),
        sender: from.unwrap_or_default(),
        text: said.unwrap_or_default(),
        dismiss_time: row.dismissed_at.and_then(timestamp_of),
    })
}
