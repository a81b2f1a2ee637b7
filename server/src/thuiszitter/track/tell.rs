//! What happened in a track, in the log of facts where a clock knows it, and in the timeline.

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{Class, Classes},
    ids::FactId,
    refusal::Language,
    text::FreeText,
    thuiszitter::{
        Fact, Moment, Said, stands,
        track::{TrackKind, TrackStep},
    },
};

use crate::{
    error::Result,
    store::{Tx, audit::Deed},
    thuiszitter::{
        advance_case::must_write,
        facts::{Ending, Reasons, Writing, class, log::New},
        history::{self, Detail},
        view,
    },
};

/// What the timeline tells.
pub(super) struct Line<'a> {
    /// What it calls it.
    pub kind: &'a str,
    /// Which track, and which step of it, for who sees the content of education.
    pub of: (TrackKind, Option<TrackStep>),
    /// What it is for the clocks, and on which day.
    pub happened: Option<(Moment, NaiveDate)>,
    /// Of which class it is.
    pub written: Class,
    /// Why, of what the log takes only with the reason for it.
    pub why: Option<&'a FreeText>,
}

/// Writes it, and tells which fact that was. A fact that stands already is not written twice: it would
/// have to be corrected twice.
///
/// # Errors
/// Not allowed for a fact whose class the caller may not see.
pub(super) async fn tell(
    tx: &Tx,
    writing: Writing,
    line: Line<'_>,
    language: Language,
) -> Result<Option<FactId>> {
    let said = line.happened.map(|(moment, on)| Said::Happened(moment, on));
    if let Some(said) = &said {
        must_write(writing.classes, class::of_said(said))?;
    }
    let facts = writing.log.facts();
    let standing = stands(&facts, DateTime::<Utc>::MAX_UTC);
    let new = said.filter(|said| standing.iter().all(|fact| fact.said.as_ref() != Some(said)));
    write(tx, writing, (line, new.map(New::from)), language).await
}

/// What stands in the log in the place of an entry: itself, or the last of its corrections; none when that
/// was taken back.
pub(super) fn in_place_of(log: &[Fact], id: FactId) -> Option<FactId> {
    let standing = stands(log, DateTime::<Utc>::MAX_UTC);
    let mut place = id;
    // Each entry corrects one before it, so this ends.
    for _ in log {
        if standing.iter().any(|fact| fact.id == place) {
            return Some(place);
        }
        place = log.iter().find(|fact| fact.corrects == Some(place))?.id;
    }
    None
}

/// Writes the line of the timeline, and `new` in the log when there is something; tells which fact that was.
pub(super) async fn write(
    tx: &Tx,
    mut writing: Writing,
    (line, new): (Line<'_>, Option<New>),
    language: Language,
) -> Result<Option<FactId>> {
    let (track, step) = line.of;
    // What a doctor said is told to nobody who sees the content of education alone.
    let step = step.filter(|step| matches!(step.class(), Class::K4));
    let track = Some((track.to_string(), step.map(|step| step.to_string()).unwrap_or_default()));
    let detail = Detail { track, ..Detail::default() };
    let written: Classes = [line.written].into_iter().collect();
    let (case, child) = (writing.case.id, writing.circle.child);
    let Some(new) = new else {
        history::note(tx, (case, child), line.kind, &detail).await?;
        let seen = Classes::of(&[Class::K3]).or(written);
        tx.audit(view::line(Deed::U, case, child, seen)).await?;
        return Ok(None);
    };
    let told = new.said.iter().filter(|said| said.needs_reason()).cloned();
    let reasons: Reasons = told.zip(line.why.cloned()).collect();
    let ids = writing.append_with(tx, (vec![new], &reasons)).await?;
    writing.end(tx, Ending { kind: line.kind, field: "track", detail, written, language }).await?;
    Ok(ids.first().copied())
}
