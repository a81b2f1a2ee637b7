//! A case goes up or down the ladder: the level and its moments become facts, and the deadlines follow.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes, Denied},
    bound::Bound,
    ids::{CaseId, OrganisationId, PersonId, SchoolId},
    refusal::{Language, Refusal},
    text::FreeText,
    thuiszitter::{
        EscalationLevel, Said,
        escalation::{lowered, may_lower, may_raise, raised, rungs},
    },
};
use schakel_proto::v1 as pb;

use super::roles;
use crate::{
    access::{
        affiliation, circle,
        organisation::{self, OrganisationKind},
        professional,
    },
    error::{Error, Result},
    store::Tx,
    thuiszitter::{
        advance_case::must_write,
        facts::{Ending, Writing},
        history::Detail,
        voice::Voice,
    },
};

/// A step that is asked for.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub case: CaseId,
    pub etag: i32,
    pub to: EscalationLevel,
    pub date: NaiveDate,
    pub reason: FreeText,
    pub voice: Voice,
}

/// Who acts from then on: an organisation, and perhaps somebody there.
pub(super) type Whom = (OrganisationId, Option<PersonId>);

/// What a step came to.
pub(super) struct Stepped {
    pub level: i32,
    pub moved: Vec<pb::MovedDeadline>,
    pub etag: String,
}

/// Takes a case up, to `whom`.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_CLOSED`, `CASE_RESTRICTED`; not allowed for who does not stand on that
/// rung; `ETAG_MISMATCH`, `LEVEL_NOT_ALLOWED`, `ORGANISATION_NOT_FOUND`; a violation of `date`, `person` or, for another school
/// than the child's at level 1, `organisation`.
pub(super) async fn escalate_case(tx: &Tx, step: &Step, whom: Whom, language: Language) -> Result<Stepped> {
    let (writing, from) = begin(tx, step).await?;
    if !may_raise(&roles(tx), step.to) {
        return Err(Denied::ActionNotAllowed.into());
    }
    must_be_at(&writing, step)?;
    raised(from, step.to)?;
    if matches!(step.to, EscalationLevel::L1) {
        must_concern(tx, whom.0, writing.circle.school).await?;
    }
    let whom = Some(called(tx, whom, step.date).await?);
    end(tx, writing, (step, from, language), ("CASE_ESCALATED", whom)).await
}

/// Takes a case down.
///
/// # Errors
/// As [`escalate_case`], but for the organisation.
pub(super) async fn deescalate_case(tx: &Tx, step: &Step, language: Language) -> Result<Stepped> {
    let (writing, from) = begin(tx, step).await?;
    if !may_lower(&roles(tx), from) {
        return Err(Denied::ActionNotAllowed.into());
    }
    must_be_at(&writing, step)?;
    lowered(from, step.to)?;
    end(tx, writing, (step, from, language), ("CASE_DEESCALATED", None)).await
}

async fn begin(tx: &Tx, step: &Step) -> Result<(Writing, EscalationLevel)> {
    let writing = Writing::begin(tx, step.case).await?;
    must_write(writing.classes, Class::K4)?;
    let level = writing.level();
    Ok((writing, level))
}

fn must_be_at(writing: &Writing, step: &Step) -> Result<()> {
    if writing.case.version == step.etag { Ok(()) } else { Err(Error::Stale) }
}

/// Refuses another school than the child's: on the first rung it has no part in the case.
async fn must_concern(tx: &Tx, whom: OrganisationId, school: Option<SchoolId>) -> Result<()> {
    let is_school = organisation::get(tx, whom).await?.kind == OrganisationKind::School.to_string();
    if is_school && school.is_none_or(|school| OrganisationId::from(school) != whom) {
        return Err(Error::bound("organisation", Refusal::FieldInvalid, Bound::OwnSchool));
    }
    Ok(())
}

/// What who acts is called, in the timeline.
async fn called(tx: &Tx, (organisation, person): Whom, date: NaiveDate) -> Result<String> {
    let name = organisation::get(tx, organisation).await?.display_name;
    let Some(person) = person else { return Ok(name) };
    let posts = affiliation::of(tx, &[person], date).await?;
    if posts.iter().all(|post| post.organisation != organisation) {
        return Err(Error::field("person", Refusal::FieldInvalid));
    }
    let person = professional::get(tx, person).await?.display_name;
    Ok(format!("{name} ({person})"))
}

async fn end(
    tx: &Tx,
    mut writing: Writing,
    (step, from, language): (&Step, EscalationLevel, Language),
    (kind, whom): (&str, Option<String>),
) -> Result<Stepped> {
    // The level of a day is the last that was told of it: one before another would not be shown.
    if writing.level_since().is_some_and(|since| step.date < since) {
        return Err(Error::bound("date", Refusal::TimeOutOfBounds, Bound::SinceLevel));
    }
    if step.date < writing.first_day() {
        return Err(Error::bound("date", Refusal::TimeOutOfBounds, Bound::SinceFirstDay));
    }
    let happened = rungs(from, step.to).map(|moment| Said::Happened(moment, step.date));
    let said = std::iter::once(Said::Level(step.date, step.to)).chain(happened);
    writing.append(tx, said.map(Into::into).collect()).await?;
    let level = step.to as u8;
    writing.case.level = level;
    writing.circle.escalate(level, step.date);
    circle::update(tx, &writing.circle).await?;
    let detail = Detail {
        levels: Some((from as u8, level)),
        whom,
        day: Some(step.date),
        voice: Some(step.voice.clone()),
        said: Some(step.reason.as_str().to_owned()),
        ..Detail::default()
    };
    let written = Classes::of(&[Class::K4]);
    let done = writing.end(tx, Ending { kind, field: "case", detail, written, language }).await?;
    Ok(Stepped { level: i32::from(level), moved: done.moved, etag: done.etag })
}
