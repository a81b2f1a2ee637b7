//! Facts are told about a case, and the case shows what they come to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    bound::Bound,
    dutch::leerplicht::halt_takes,
    ids::{CaseId, FactId},
    refusal::{Language, Refusal, Violation},
    thuiszitter::{AbsenceKind, EscalationLevel, Known, Moment, Said, impossible, stands},
};
use schakel_proto::v1 as pb;

use super::{
    class,
    log::{Log, New, Reasons},
    moved::Before,
    origin,
    project::projected,
    stretch::{Told, each_day},
    wire::to_wire,
};
use crate::{
    access::{
        authenticate::today,
        circle::{self, Circle},
    },
    error::{Error, Result},
    store::{Tx, audit::Deed},
    thuiszitter::{
        advance_case::must_write,
        case::Case,
        handover::after,
        history::{self, Detail},
        residence, store,
        view::line,
    },
};

/// A log that is being written in.
pub(in crate::thuiszitter) struct Writing {
    pub circle: Circle,
    pub classes: Classes,
    pub case: Case,
    pub log: Log,
    before: Before,
}

/// How writing ends.
pub(in crate::thuiszitter) struct Ending<'a> {
    /// What the timeline calls it.
    pub kind: &'a str,
    /// Which field of the request is wrong when the log no longer says why or since when the child is away.
    pub field: &'a str,
    /// What the timeline tells beside the deadlines that moved.
    pub detail: Detail,
    /// Which classes were written.
    pub written: Classes,
    pub language: Language,
}

/// What writing came to.
pub(in crate::thuiszitter) struct Written {
    pub moved: Vec<pb::MovedDeadline>,
    pub etag: String,
}

impl Writing {
    /// Opens the log of a case.
    ///
    /// # Errors
    /// `CASE_NOT_FOUND`, `CASE_CLOSED`, `CASE_RESTRICTED`; not allowed without sight of absence.
    pub(in crate::thuiszitter) async fn begin(tx: &Tx, id: CaseId) -> Result<Self> {
        // Nobody who tells a fact has read the case: whoever comes second is not refused for it.
        store::in_turn(tx, id).await?;
        let reached = circle::reach(tx, id).await?;
        Self::reached(tx, id, reached).await
    }

    /// The same, also of a closed case if `is_told` says that what is to be written is told of it since.
    ///
    /// # Errors
    /// As [`Writing::begin`].
    pub(in crate::thuiszitter) async fn begin_or_after(
        tx: &Tx,
        id: CaseId,
        is_told: impl Fn(&Self) -> bool,
    ) -> Result<Self> {
        let begun = Self::begin(tx, id).await;
        if !matches!(begun, Err(Error::Refused(Refusal::CaseClosed, _))) {
            return begun;
        }
        let reached = circle::reach_to_end(tx, id).await?;
        let writing = Self::reached(tx, id, reached).await?;
        if is_told(&writing) { Ok(writing) } else { begun }
    }

    /// Whether `said` is told of the case since it ended.
    pub(super) fn is_told_after(&self, said: &Said) -> bool {
        self.case.outcome.is_some_and(|(outcome, _)| after::is_told_of(outcome, said))
    }

    async fn reached(tx: &Tx, id: CaseId, (circle, classes): (Circle, Classes)) -> Result<Self> {
        must_write(classes, Class::K3)?;
        let case = store::get(tx, id, circle.child).await?;
        let log = Log::begin(tx, &case, &circle).await?;
        let before = Before::of(tx, &circle, &log).await?;
        Ok(Self { circle, classes, case, log, before })
    }

    /// Refuses what the caller may not see, and what cannot be so in this case.
    pub(super) fn check(&self, path: &str, said: &Said) -> Result<Option<Violation>> {
        must_write(self.classes, class::of_said(said))?;
        if said.needs_reason() {
            must_write(self.classes, Class::K4)?;
        }
        if let Some(bound) = self.born().and_then(|birth| impossible(birth, said)) {
            let field = format!("{path}.{}", day_of(said));
            return Ok(Some(Violation::bound(field, Refusal::TimeOutOfBounds, bound)));
        }
        let wrong = match said {
            // A child without a school is not enrolled, whatever else is said of it.
            Said::Kind(_, kind) if self.circle.school.is_none() && *kind != AbsenceKind::Absoluut => {
                Some(format!("{path}.absence.kind"))
            }
            Said::Happened(Moment::HaltReferred, on)
                if self.before.birth().is_some_and(|birth| !halt_takes(birth, *on)) =>
            {
                let field = format!("{path}.happened.moment");
                return Ok(Some(Violation::bound(field, Refusal::FieldInvalid, Bound::HaltAge)));
            }
            Said::Happened(moment, on)
                if self.before.checked_from(*moment).is_some_and(|first| *on < first) =>
            {
                let field = format!("{path}.happened.date");
                return Ok(Some(Violation::bound(field, Refusal::TimeOutOfBounds, Bound::SinceBack)));
            }
            Said::StoodStill(suspension) if self.before.norm(&suspension.norm).is_none() => {
                Some(format!("{path}.suspension.norm"))
            }
            Said::Kind(..)
            | Said::StoodStill(_)
            | Said::Enrolment(..)
            | Said::Residence(..)
            | Said::Birth(_)
            | Said::FirstFullYear(_)
            | Said::Qualified(_)
            | Said::Happened(..)
            | Said::Missed(_)
            | Said::Exempt(_)
            | Said::Holds(..)
            | Said::Step(..)
            | Said::Level(..)
            | Said::Ended(..) => None,
        };
        Ok(wrong.map(|field| Violation::new(field, Refusal::FieldInvalid)))
    }

    /// When the child was born, for who may know: which days are refused would tell it.
    pub(in crate::thuiszitter) fn born(&self) -> Option<NaiveDate> {
        self.before.birth().filter(|_| self.classes.has(Class::K2))
    }

    /// The first day of absence or worry that the log tells, of any round.
    pub(in crate::thuiszitter) fn first_day(&self) -> NaiveDate {
        let facts = self.log.facts();
        let standing = stands(&facts, chrono::DateTime::<chrono::Utc>::MAX_UTC);
        let days = standing.into_iter().filter_map(|fact| match fact.said {
            Some(Said::Happened(Moment::FirstAbsenceDay | Moment::Signalled, on)) => Some(on),
            Some(_) | None => None,
        });
        days.chain([self.case.absence.first_day]).min().unwrap_or(self.case.absence.first_day)
    }

    /// Adds entries.
    pub(in crate::thuiszitter) async fn append(&mut self, tx: &Tx, new: Vec<New>) -> Result<Vec<FactId>> {
        self.log.append(tx, (self.case.id, self.circle.child), new).await
    }

    /// The same, each with its reason where it has one.
    pub(in crate::thuiszitter) async fn append_with(
        &mut self,
        tx: &Tx,
        (new, reasons): (Vec<New>, &Reasons),
    ) -> Result<Vec<FactId>> {
        self.log.append_with(tx, (self.case.id, self.circle.child), (new, reasons)).await
    }

    /// Has the case show what its log comes to, and its timeline tell of it as `kind`.
    ///
    /// # Errors
    /// A violation of `field` when the log no longer says why or since when the child is away.
    pub(in crate::thuiszitter) async fn end(&mut self, tx: &Tx, ending: Ending<'_>) -> Result<Written> {
        let Ending { kind, field, detail, written, language } = ending;
        let facts = self.log.facts();
        let shown = projected(&facts);
        let untold = || Error::bound(field, Refusal::FieldRequired, Bound::AbsenceTold);
        let (absence, milestones) = shown.ok_or_else(untold)?;
        (self.case.absence, self.case.milestones) = (absence, milestones);
        let known = Known::at(&facts, chrono::DateTime::<chrono::Utc>::MAX_UTC, self.before.calendar());
        let lives = known.facts.residences.on(today(tx.now())).map(ToString::to_string);
        if let Some(gemeente) = lives.filter(|gemeente| *gemeente != self.circle.gemeente) {
            self.circle.gemeente = gemeente;
            circle::update(tx, &self.circle).await?;
        }
        store::update(tx, &mut self.case, self.circle.child).await?;
        let detail = Detail { moved: self.before.texts(&self.log), ..detail };
        history::note(tx, (self.case.id, self.circle.child), kind, &detail).await?;
        let seen = Classes::of(&[Class::K3]).or(written);
        tx.audit(line(Deed::U, self.case.id, self.circle.child, seen)).await?;
        Ok(Written {
            moved: self.before.to_wire(&self.log, self.classes, language),
            etag: self.case.version.to_string(),
        })
    }

    /// At which level the case is.
    pub(in crate::thuiszitter) fn level(&self) -> EscalationLevel {
        origin::level(self.case.level)
    }

    /// The day on which that was last changed, whichever round of the case it was.
    pub(in crate::thuiszitter) fn level_since(&self) -> Option<NaiveDate> {
        let facts = self.log.facts();
        let standing = stands(&facts, chrono::DateTime::<chrono::Utc>::MAX_UTC);
        let days = standing.into_iter().filter_map(|fact| match fact.said {
            Some(Said::Level(on, _)) => Some(on),
            Some(_) | None => None,
        });
        days.max()
    }

    /// An entry as the caller reads it.
    pub(super) fn shown(&self, id: FactId, language: Language) -> Option<pb::Fact> {
        let entry = self.log.entries().iter().find(|entry| entry.fact.id == id)?;
        Some(to_wire(entry, None, language))
    }
}

/// The field of the first day that `said` is about.
fn day_of(said: &Said) -> &'static str {
    match said {
        Said::Kind(..) => "absence.from_date",
        Said::Enrolment(..) => "enrolled.from_date",
        Said::Residence(..) => "residence.from_date",
        Said::FirstFullYear(_) => "first_full_school_year",
        Said::Qualified(_) => "qualified_date",
        Said::Happened(..) => "happened.date",
        Said::Missed(_) => "missed.date",
        Said::Exempt(_) => "exemption.from_date",
        Said::Holds(..) => "holding.from_date",
        Said::StoodStill(_) => "suspension.from_date",
        Said::Birth(_) | Said::Step(..) | Said::Level(..) | Said::Ended(..) => "said",
    }
}

/// What is to be told of a case.
pub(super) struct Telling {
    pub told: Vec<Told>,
    /// Why, of what is told with a reason.
    pub reasons: Reasons,
    /// Whether it is said that the register need not have a gemeente.
    pub outside: bool,
}

/// Tells what `wish` says of case `id`.
///
/// # Errors
/// As [`Writing::begin`]; a violation of each fact that cannot be so, and of a gemeente that the register does not
/// have and nobody confirmed; not allowed for a fact whose class the caller may not see.
pub(super) async fn record_facts(
    tx: &Tx,
    id: CaseId,
    wish: &Telling,
    language: Language,
) -> Result<pb::RecordFactsResponse> {
    let Telling { told, reasons, outside } = wish;
    let is_told = |writing: &Writing| told.iter().all(|one| writing.is_told_after(&one.said));
    let mut writing = Writing::begin_or_after(tx, id, is_told).await?;
    let mut violations = Vec::new();
    for one in told {
        violations.extend(writing.check(&one.path, &one.said)?);
    }
    let said = each_day(told, &writing.before.calendar()).unwrap_or_else(|wrong| {
        violations.extend(wrong);
        Vec::new()
    });
    let facts = writing.log.facts();
    let standing = stands(&facts, chrono::DateTime::<chrono::Utc>::MAX_UTC);
    let lives: Vec<&str> = told.iter().filter_map(|one| residence::told_by(&one.said)).collect();
    let stood = residence::stood(&writing.circle, &standing);
    violations.extend(residence::unconfirmed(tx, (&stood, &lives), *outside).await?);
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    // What stands already is the answer: told twice, it would have to be corrected twice.
    let mut known: BTreeMap<&Said, FactId> =
        standing.into_iter().filter_map(|fact| Some((fact.said.as_ref()?, fact.id))).collect();
    let new: BTreeSet<&Said> = said.iter().filter(|one| !known.contains_key(one)).collect();
    let told = new.iter().map(|one| New::from((*one).clone())).collect();
    let ids = writing.append_with(tx, (told, reasons)).await?;
    known.extend(new.into_iter().zip(ids));
    let ids: Vec<FactId> = said.iter().filter_map(|one| known.get(one).copied()).collect();
    if !writing.circle.open && said.iter().any(|one| after::ends(&writing.case, one)) {
        writing.case.next_action = None;
    }
    let why = (!reasons.is_empty()).then_some(Class::K4);
    let classes = said.iter().map(class::of_said).chain(why).collect();
    let (kind, field, detail) = ("FACTS_RECORDED", "facts", Detail::default());
    let written = writing.end(tx, Ending { kind, field, detail, written: classes, language }).await?;
    Ok(pb::RecordFactsResponse {
        facts: ids.into_iter().filter_map(|id| writing.shown(id, language)).collect(),
        moved: written.moved,
        etag: written.etag,
    })
}
