//! What happened in a track, in the log of facts where a clock knows it, and in the timeline.

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{Class, Classes},
    refusal::Language,
    thuiszitter::{
        Moment, Said, stands,
        track::{TrackKind, TrackStep},
    },
};

use crate::{
    error::Result,
    store::{Tx, audit::Deed},
    thuiszitter::{
        advance_case::must_write,
        facts::{Ending, Writing, class},
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
}

/// Writes it. A fact that stands already is not written twice: it would have to be corrected twice.
///
/// # Errors
/// Not allowed for a fact whose class the caller may not see.
pub(super) async fn tell(tx: &Tx, mut writing: Writing, line: Line<'_>, language: Language) -> Result<()> {
    let (track, step) = line.of;
    // What a doctor said is told to nobody who sees the content of education alone.
    let step = step.filter(|step| matches!(step.class(), Class::K4));
    let track = Some((track.to_string(), step.map(|step| step.to_string()).unwrap_or_default()));
    let detail = Detail { track, ..Detail::default() };
    let written: Classes = [line.written].into_iter().collect();
    let said = line.happened.map(|(moment, on)| Said::Happened(moment, on));
    if let Some(said) = &said {
        must_write(writing.classes, class::of_said(said))?;
    }
    let facts = writing.log.facts();
    let standing = stands(&facts, DateTime::<Utc>::MAX_UTC);
    let new = said.filter(|said| standing.iter().all(|fact| fact.said.as_ref() != Some(said)));
    let (case, child) = (writing.case.id, writing.circle.child);
    let Some(new) = new else {
        history::note(tx, (case, child), line.kind, &detail).await?;
        let seen = Classes::of(&[Class::K3]).or(written);
        return tx.audit(view::line(Deed::U, case, child, seen)).await;
    };
    writing.append(tx, vec![new.into()]).await?;
    writing.end(tx, Ending { kind: line.kind, field: "track", detail, written, language }).await?;
    Ok(())
}
