//! Reads rounds, and what schools answered: all to who asks, its own to a school.

use std::collections::BTreeSet;

use schakel_domain::ids::SurveyId;
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::{
    store::{self, Reply, Survey},
    wire,
};
use crate::{
    access::authenticate::today,
    directory::names,
    error::Result,
    store::Read,
    wire::page::{Page, cut},
};

/// One of them.
///
/// # Errors
/// `SURVEY_NOT_FOUND`.
pub(super) async fn get(read: &Read, id: SurveyId) -> Result<pb::Survey> {
    let survey = store::get(read, id, today(read.now())).await?;
    let mut found = with_counts(read, vec![survey]).await?;
    Ok(found.remove(0))
}

/// A page of them, the newest first, and where the next begins.
///
/// # Errors
/// When the database fails.
pub(super) async fn list(read: &Read, page: &Page<Uuid>) -> Result<(Vec<pb::Survey>, Option<Uuid>)> {
    let (surveys, next) = store::list(read, today(read.now()), page).await?;
    Ok((with_counts(read, surveys).await?, next))
}

/// On the wire, one for each and in their order; how many answered is told to who sees all schools.
///
/// # Errors
/// When the database fails.
pub(super) async fn with_counts(read: &Read, surveys: Vec<Survey>) -> Result<Vec<pb::Survey>> {
    let day = today(read.now());
    if store::own_schools(read).is_some() {
        return Ok(surveys.iter().map(|survey| wire::survey(survey, None, day)).collect());
    }
    let ids: Vec<SurveyId> = surveys.iter().map(|survey| survey.id).collect();
    let counts = store::counts(read, &ids).await?;
    let told = |survey: &Survey| {
        let counts = counts.get(&survey.id).copied().unwrap_or_default();
        wire::survey(survey, Some(counts), day)
    };
    Ok(surveys.iter().map(told).collect())
}

/// What is asked of a list of answers.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub survey: SurveyId,
    /// Only schools that have not answered.
    pub only_missing: bool,
    pub page: Page<(String, String)>,
}

/// A page of the answers, and where the next begins.
///
/// # Errors
/// `SURVEY_NOT_FOUND`.
pub(super) async fn replies(
    read: &Read,
    wanted: &Wanted,
) -> Result<(Vec<pb::SurveyReply>, Option<(String, String)>)> {
    let survey = store::get(read, wanted.survey, today(read.now())).await?;
    let mut rows = store::replies(read, survey.id).await?;
    rows.retain(|row| !wanted.only_missing || row.answered.is_none());
    let mut told = named(read, survey.id, rows).await?;
    let key = |one: &pb::SurveyReply| (one.display_name.clone(), one.school.clone());
    told.retain(|one| wanted.page.after.as_ref().is_none_or(|after| key(one) > *after));
    let next = cut(&mut told, wanted.page.size, key);
    Ok((told, next))
}

/// On the wire, by name of the school, one for each.
///
/// # Errors
/// When the database fails.
pub(super) async fn named(read: &Read, id: SurveyId, rows: Vec<Reply>) -> Result<Vec<pb::SurveyReply>> {
    let schools: BTreeSet<_> = rows.iter().map(|row| row.school).collect();
    let names = names::schools(read, &schools).await?;
    let mut told: Vec<pb::SurveyReply> = rows
        .iter()
        .map(|row| wire::reply(id, row, names.get(&row.school).map(String::as_str).unwrap_or_default()))
        .collect();
    told.sort_by(|one, other| (&one.display_name, &one.school).cmp(&(&other.display_name, &other.school)));
    Ok(told)
}
