//! An entry of the log is put right by a later one, or taken back; it stays where it is.

use schakel_domain::{
    access::Class,
    ids::FactId,
    refusal::{Language, Refusal},
    thuiszitter::{Said, stands},
};
use schakel_proto::v1 as pb;

use super::{
    log::{self, New, Reasons},
    record_facts::{Ending, Writing},
};
use crate::{
    access::authenticate::today,
    error::{Error, Result},
    store::Tx,
    thuiszitter::{handover::after, history::Detail, residence},
};

const MISSING: Error = Error::NotFound("FACT");

/// What is so instead.
pub(super) struct Correction {
    /// None takes the entry back.
    pub said: Option<Said>,
    /// Why, where it is told with a reason.
    pub reasons: Reasons,
    /// Whether it is said that the register need not have the gemeente.
    pub outside: bool,
}

/// Puts what `wish` says in the place of entry `id`.
///
/// # Errors
/// `FACT_NOT_FOUND` when there is none or it is not the caller's, alike; `CASE_CLOSED` for what is not told of a
/// case since it ended, `CASE_RESTRICTED`; `ETAG_MISMATCH` when it was corrected before; a violation for what is no
/// correction of it, and of a gemeente that the register does not have and nobody confirmed.
pub(super) async fn correct_fact(
    tx: &Tx,
    id: FactId,
    wish: &Correction,
    language: Language,
) -> Result<pb::CorrectFactResponse> {
    let Correction { said, reasons, outside } = wish;
    let case = log::case_of(tx, id).await?;
    // Asked in any case: how long a refusal takes tells nobody whether there is one.
    let case = case.unwrap_or(schakel_domain::ids::CaseId(uuid::Uuid::max()));
    let begun = Writing::begin_or_after(tx, case, |writing| is_of_end(writing, id, said.as_ref())).await;
    let mut writing =
        begun.map_err(|error| if matches!(error, Error::NotFound(_)) { MISSING } else { error })?;
    let entry = writing.log.entries().iter().find(|entry| entry.fact.id == id).ok_or(MISSING)?;
    let class = writing.log.class(&entry.fact);
    if !writing.classes.has(class) {
        return Err(MISSING);
    }
    if writing.log.entries().iter().any(|other| other.fact.corrects == Some(id)) {
        return Err(Error::Stale);
    }
    let Some(old) = entry.fact.said.clone().filter(is_established) else {
        return Err(Error::field("name", Refusal::FieldInvalid));
    };
    if let Some(said) = said {
        if !is_correction(&old, said) {
            return Err(Error::field("fact", Refusal::FieldInvalid));
        }
        let facts = writing.log.facts();
        let standing = stands(&facts, chrono::DateTime::<chrono::Utc>::MAX_UTC);
        let stood = residence::stood(&writing.circle, &standing);
        let lives: Vec<&str> = residence::told_by(said).into_iter().collect();
        let mut violations: Vec<_> = writing.check("fact", said)?.into_iter().collect();
        violations.extend(residence::unconfirmed(tx, (&stood, &lives), *outside).await?);
        if !violations.is_empty() {
            return Err(Error::Invalid(violations));
        }
    }
    let new = New { corrects: Some(id), said: said.clone() };
    let ids = writing.append_with(tx, (vec![new], reasons)).await?;
    if let Some((outcome, ended)) = writing.case.outcome.filter(|_| !writing.circle.open) {
        // It waits to be handed over by what stands now.
        let closed = writing.case.closed.map_or(ended, today);
        let due = after::due(tx, (&writing.case, &writing.circle), (outcome, closed)).await?;
        writing.case.next_action = due;
    }
    let field = if said.is_some() { "fact" } else { "name" };
    let why = (!reasons.is_empty()).then_some(Class::K4);
    let classes = std::iter::once(class).chain(why).collect();
    let (kind, detail) = ("FACT_CORRECTED", Detail::default());
    let written = writing.end(tx, Ending { kind, field, detail, written: classes, language }).await?;
    Ok(pb::CorrectFactResponse {
        fact: ids.first().and_then(|id| writing.shown(*id, language)),
        moved: written.moved,
        etag: written.etag,
    })
}

/// Whether entry `id` is told of a closed case since it ended, and what is to stand in its place too.
fn is_of_end(writing: &Writing, id: FactId, said: Option<&Said>) -> bool {
    let entry = writing.log.entries().iter().find(|entry| entry.fact.id == id);
    let old = entry.and_then(|entry| entry.fact.said.as_ref());
    old.is_some_and(|old| writing.is_told_after(old)) && said.is_none_or(|said| writing.is_told_after(said))
}

/// Whether it was established, not decided.
fn is_established(said: &Said) -> bool {
    !matches!(said, Said::Step(..) | Said::Level(..) | Said::Ended(..))
}

/// Whether one is about the same thing as the other: it is then of the same class too.
fn is_correction(old: &Said, new: &Said) -> bool {
    match (old, new) {
        (Said::Happened(old, _), Said::Happened(new, _)) => old == new,
        (Said::Holds(old, _), Said::Holds(new, _)) => old == new,
        (old, new) => std::mem::discriminant(old) == std::mem::discriminant(new),
    }
}
