//! The answers as a file: a row for each school, a column for each question.

use std::collections::BTreeSet;

use schakel_domain::{
    ids::SurveyId,
    monitor::survey::{Form, Question},
    refusal::Language,
};
use schakel_proto::v1::ExportSurveyResponse;

use super::store::{self, Reply};
use crate::{
    access::authenticate::today,
    directory::names,
    error::Result,
    monitor::export::{Format, csv, json_by},
    store::Read,
};

/// What stands before the answers.
const OWN: [&str; 3] = ["school", "id", "answered_on"];

/// Makes it, with the words of `language`.
///
/// # Errors
/// `SURVEY_NOT_FOUND`.
pub(super) async fn export(
    read: &Read,
    id: SurveyId,
    (format, language): (Format, Language),
) -> Result<ExportSurveyResponse> {
    let survey = store::get(read, id, today(read.now())).await?;
    let replies = store::replies(read, id).await?;
    let schools: BTreeSet<_> = replies.iter().map(|row| row.school).collect();
    let names = names::schools(read, &schools).await?;
    let mut rows: Vec<Vec<String>> = replies
        .iter()
        .map(|reply| {
            let name = names.get(&reply.school).cloned().unwrap_or_default();
            cells(&survey.questions, (reply, name), language)
        })
        .collect();
    rows.sort();
    let mut head = OWN.map(str::to_owned).to_vec();
    // Two questions in the same words are two columns.
    head.extend(survey.questions.iter().zip(1..).map(|(question, at)| title(question, at, language)));
    let counts: BTreeSet<String> = survey
        .questions
        .iter()
        .zip(head.iter().skip(OWN.len()))
        .filter(|(question, _)| matches!(question.form, Form::WholeNumber))
        .map(|(_, title)| title.clone())
        .collect();
    rows.insert(0, head);
    let (content_type, ending, content) = match format {
        Format::Json => ("application/json", "json", json_by(&rows, |title| counts.contains(title))),
        // There are no pictures of answers: what is asked for as one was refused.
        Format::Csv | Format::Svg => ("text/csv; charset=utf-8", "csv", csv(&rows)),
    };
    Ok(ExportSurveyResponse {
        content_type: content_type.to_owned(),
        file_name: format!("survey-{}.{ending}", survey.round.due),
        content: content.into_bytes(),
    })
}

fn title(question: &Question, at: usize, language: Language) -> String {
    let text = question.text.of(language);
    match &question.unit {
        Some(unit) => format!("{at}. {text} ({})", unit.of(language)),
        None => format!("{at}. {text}"),
    }
}

fn cells(questions: &[Question], (reply, name): (&Reply, String), language: Language) -> Vec<String> {
    let day = reply.answered.map(|at| today(at).to_string()).unwrap_or_default();
    let mut cells = vec![name, reply.school.to_string(), day];
    let given = reply.values.iter().map(Option::as_ref).chain(std::iter::repeat(None));
    cells.extend(questions.iter().zip(given).map(|(question, value)| question.shown(value, language)));
    cells
}
