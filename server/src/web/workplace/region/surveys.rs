//! Questions to schools: a school answers them here, and the samenwerkingsverband sees who has.

use axum::{
    Router,
    extract::{Path, Query},
    routing::get,
};
use minijinja::{Value, context};
use pb::{survey_question::Form, survey_service_client::SurveyServiceClient, survey_value::Value as Given};
use schakel_domain::{access::Action, invitation::dates, refusal::Language};
use schakel_proto::v1 as pb;

use super::{Asked, Tried, allowed, next, option, page};
use crate::web::workplace::{
    Workplace, shown,
    trouble::{Shown, Trouble, see_other},
    visit::{Posted, Visit},
    words::words,
};

words! {
    title: "Vragen aan scholen", "Questions to schools";
    none: "Er zijn nu geen vragen.", "There are no questions now.";
    until: "Antwoord kan tot en met", "Answers are taken until";
    begins: "begint op", "begins on";
    open: "open", "open";
    closed: "gesloten", "closed";
    counted: "Scholen die antwoord gaven", "Schools that have answered";
    of: "van de", "of";
    yours: "Uw school gaf antwoord op", "Your school answered on";
    not_yet: "Uw school gaf nog geen antwoord.", "Your school has not answered yet.";
    nobody: "Noem in uw antwoorden geen namen. U kunt uw antwoorden veranderen zolang de vragen open zijn.",
        "Please name nobody in your answers. You can change them as long as the questions are open.";
    may_be_open: "mag leeg blijven", "may be left open";
    yes: "ja", "yes";
    no: "nee", "no";
    send: "Versturen", "Send";
    school: "School", "School";
    answered: "Antwoord gegeven op", "Answered on";
    told: "Laatste mail", "Last mail";
}

/// As many answers as a page holds.
const MOST: i32 = 200;

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/region/surveys", get(list)).route("/region/surveys/{id}", get(show).post(change))
}

fn in_language(words: Option<&pb::SurveyText>, language: Language) -> &str {
    words.map_or("", |words| match language {
        Language::Dutch => words.nl.as_str(),
        Language::English => words.en.as_str(),
    })
}

/// A round for a template.
fn survey(one: &pb::Survey, language: Language) -> Value {
    context! {
        path => format!("/region/{}", one.name),
        first_day => one.open_date.as_str(),
        begins => shown::day(&one.open_date, language),
        label => in_language(one.title.as_ref(), language),
        until => shown::day(&one.due_date, language),
        open => matches!(one.state(), pb::survey::State::Open),
        asked => one.asked_count,
        answered => one.answered_count,
    }
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let ask = pb::ListSurveysRequest { page_token: asked.page, ..Default::default() };
    let found = SurveyServiceClient::new(visit.calls()).list_surveys(ask).await?.into_inner();
    let values = context! {
        own,
        surveys => found.surveys.iter().map(|one| survey(one, language)).collect::<Vec<_>>(),
        next => next("/region/surveys", &[], ("page", &found.next_page_token)),
    };
    Ok(page(&visit, ("workplace/region/surveys.html", own.title), &Tried::default(), values))
}

async fn show(visit: Visit, Path(id): Path<String>, Query(asked): Query<Asked>) -> Shown {
    one(&visit, &id, &asked.page, &Tried::default()).await
}

/// The field of a form that answers the question at a place, as the API names it.
fn field_of(at: usize) -> String {
    format!("values[{at}]")
}

/// What was answered before, as the field of its question shows it.
fn typed(value: &pb::SurveyValue) -> String {
    match &value.value {
        None => String::new(),
        Some(Given::Number(number) | Given::Choice(number)) => number.to_string(),
        Some(Given::Yes(true)) => "yes".to_owned(),
        Some(Given::Yes(false)) => "no".to_owned(),
        Some(Given::Text(text)) => text.clone(),
    }
}

/// What a form says of a question. What is no number is left to the server to refuse.
fn given(question: &pb::SurveyQuestion, typed: &str) -> pb::SurveyValue {
    if typed.is_empty() {
        return pb::SurveyValue::default();
    }
    let number = || typed.parse().unwrap_or(-1);
    let value = match question.form() {
        Form::WholeNumber => Given::Number(number()),
        Form::Choice => Given::Choice(number()),
        Form::YesNo => Given::Yes(typed == "yes"),
        Form::ShortText | Form::Unspecified => Given::Text(typed.to_owned()),
    };
    pb::SurveyValue { value: Some(value) }
}

/// A question as a field.
fn field(at: usize, question: &pb::SurveyQuestion, value: &str, language: Language) -> Value {
    let own = words(language);
    let mut label = in_language(question.text.as_ref(), language).to_owned();
    if let Some(unit) = &question.unit {
        label = format!("{label} ({})", in_language(Some(unit), language));
    }
    if question.optional {
        label = format!("{label} ({})", own.may_be_open);
    }
    let choices = question.options.iter().zip(1_i32..);
    let options: Vec<Value> = match question.form() {
        Form::Choice => {
            choices.map(|(one, at)| option(&at.to_string(), in_language(Some(one), language))).collect()
        }
        Form::YesNo => vec![option("yes", own.yes), option("no", own.no)],
        Form::WholeNumber | Form::ShortText | Form::Unspecified => Vec::new(),
    };
    let kind = if matches!(question.form(), Form::WholeNumber) { "number" } else { "text" };
    context! { name => field_of(at), label, options, kind, value, required => !question.optional }
}

async fn found(visit: &Visit, id: &str) -> Result<pb::Survey, Trouble> {
    let ask = pb::GetSurveyRequest { name: format!("surveys/{id}") };
    Ok(SurveyServiceClient::new(visit.calls()).get_survey(ask).await?.into_inner())
}

async fn one(visit: &Visit, id: &str, after: &str, tried: &Tried) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let found = found(visit, id).await?;
    let ask = pb::ListSurveyRepliesRequest {
        survey: found.name.clone(),
        page_size: MOST,
        page_token: after.to_owned(),
        ..Default::default()
    };
    let replies = SurveyServiceClient::new(visit.calls()).list_survey_replies(ask).await?.into_inner();
    let day = |wire: Option<&prost_types::Timestamp>| {
        shown::instant(wire).map(|at| dates::date(at, language)).unwrap_or_default()
    };
    let reply = |one: &pb::SurveyReply| {
        context! {
            school => one.display_name.as_str(),
            answered => day(one.answer_time.as_ref()),
            told => shown::day(&one.told_date, language),
        }
    };
    // A school sees one row: its own.
    let answers = allowed(visit, Action::AnswerSurvey);
    let before = replies.replies.first().filter(|_| answers);
    let value = |at: usize| {
        let kept = || before.and_then(|reply| reply.values.get(at)).map(typed).unwrap_or_default();
        tried.typed.get(&field_of(at)).cloned().unwrap_or_else(kept)
    };
    let fields = found.questions.iter().enumerate();
    let fields: Vec<Value> = fields.map(|(at, question)| field(at, question, &value(at), language)).collect();
    let values = context! {
        own, answers, fields,
        survey => survey(&found, language),
        mine => before.map(|one| day(one.answer_time.as_ref())).unwrap_or_default(),
        replies => replies.replies.iter().map(reply).collect::<Vec<_>>(),
        next => next(&format!("/region/surveys/{id}"), &[], ("page", &replies.next_page_token)),
    };
    let title = in_language(found.title.as_ref(), language);
    Ok(page(visit, ("workplace/region/survey.html", title), tried, values))
}

async fn change(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    let survey = found(&visit, &id).await?;
    let mut values = Vec::with_capacity(survey.questions.len());
    for (at, question) in survey.questions.iter().enumerate() {
        values.push(given(question, form.one(&field_of(at))?));
    }
    let request_id = form.given("request_id")?.to_owned();
    let ask = pb::AnswerSurveyRequest { name: survey.name, values, request_id };
    let answer = SurveyServiceClient::new(visit.calls()).answer_survey(ask).await;
    match Tried::of(answer, &form)? {
        None => Ok(see_other(&format!("/region/surveys/{id}"))),
        Some(tried) => one(&visit, &id, "", &tried).await,
    }
}
