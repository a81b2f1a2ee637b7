//! A provider of youth help comes when a problem exceeds the school: why is written down, sealed.

use std::collections::HashMap;

use schakel_domain::{
    directory::partner::is_beyond_school,
    ids::ConsultationId,
    refusal::{Refusal, Violation},
    text::FreeText,
};
use uuid::Uuid;

use super::{meeting::Meeting, table::Guest};
use crate::{
    error::Result,
    store::{Read, Tx, vault::Place},
};

/// A shorter reason says nothing.
const SHORTEST: usize = 20;

fn place(meeting: ConsultationId) -> Place {
    Place { table: "consultation", column: "sealed_provider_reason", row: meeting.0 }
}

/// What forbids that `guests` are asked for `reason`.
pub(super) fn unexplained(guests: &[Guest], reason: Option<&FreeText>) -> Option<Violation> {
    let at = guests.iter().position(|guest| is_beyond_school(guest.role));
    match (at, reason) {
        (Some(at), None) => {
            Some(Violation::new(format!("participants[{at}].role"), Refusal::ProviderReasonRequired))
        }
        (_, Some(reason)) if reason.as_str().trim().chars().count() < SHORTEST => {
            Some(Violation::new("provider_reason", Refusal::ReasonTooShort))
        }
        (Some(_) | None, Some(_)) | (None, None) => None,
    }
}

/// The reason as it is kept, under the key of whom the meeting is about.
pub(super) async fn sealed(tx: &Tx, meeting: &Meeting, reason: Option<&FreeText>) -> Result<Option<Vec<u8>>> {
    let Some(reason) = reason else { return Ok(None) };
    let keys = tx.subject_keys_or_new(&[meeting.subject]).await?;
    tx.seal(&keys, meeting.subject, place(meeting.id), reason.as_str()).map(Some)
}

/// The reasons of those of `meetings` that have one, in one statement or none; of an erased child
/// nothing. Whoever calls owes audit lines.
pub async fn reasons(read: &Read, meetings: &[&Meeting]) -> Result<HashMap<ConsultationId, String>> {
    let given = |meeting: &&Meeting| meeting.sealed_provider_reason.is_some();
    let with: Vec<&Meeting> = meetings.iter().copied().filter(given).collect();
    if with.is_empty() {
        return Ok(HashMap::new());
    }
    let subjects: Vec<Uuid> = with.iter().map(|meeting| meeting.subject).collect();
    let keys = read.subject_keys(&subjects).await?;
    let mut reasons = HashMap::new();
    for meeting in with.into_iter().filter(|meeting| keys.knows(meeting.subject)) {
        let sealed = meeting.sealed_provider_reason.as_deref();
        if let Some(reason) = keys.open_if(meeting.subject, place(meeting.id), sealed)? {
            reasons.insert(meeting.id, reason);
        }
    }
    Ok(reasons)
}
