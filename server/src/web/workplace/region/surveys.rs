//! Questions to schools: a school answers them here, and the samenwerkingsverband sees what came in and closes
//! a round before its time.

use axum::{
    Router,
    extract::{Path, Query},
    response::IntoResponse,
    routing::get,
};
use http::header;
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
    replies: "Antwoorden", "Answers";
    waits: "nog niet", "not yet";
    new: "Nieuwe vragen aan scholen", "New questions to schools";
    opens: "Open vanaf", "Open from";
    reminded: "Wie nog geen antwoord gaf, krijgt een mail zoveel dagen voor de laatste dag",
        "Who has not answered gets a mail so many days before the last day";
    not_reminded: "Er gaan geen herinneringen uit.", "No reminders are sent.";
    file: "Antwoorden als bestand", "Answers as a file";
    close: "Sluit deze ronde eerder", "Close this round early";
    close_hint: "Daarna kan niemand meer antwoorden, en krijgt niemand meer een herinnering.",
        "After that nobody can answer, and nobody is reminded.";
    do_close: "Sluit de ronde", "Close the round";
    gone: "De vragen en antwoorden zijn weg. We bewaren ze twee jaar na het einde van de ronde.",
        "The questions and answers are gone. We keep them for two years after the end of the round.";
}

/// As many answers as a page holds.
const MOST: i32 = 200;

pub(super) fn routes() -> Router<Workplace> {
    Router::new()
        .route("/region/surveys", get(list))
        .route("/region/surveys/{id}", get(show).post(change))
        .route("/region/surveys/{id}/answers.csv", get(file))
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
        opens => shown::day(&one.open_date, language),
        until => shown::day(&one.due_date, language),
        reminders => one.reminder_days.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        open => matches!(one.state(), pb::survey::State::Open),
        asked => one.asked_count,
        answered => one.answered_count,
        gone => one.questions.is_empty(),
    }
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let ask = pb::ListSurveysRequest { page_token: asked.page, ..Default::default() };
    let found = SurveyServiceClient::new(visit.calls()).list_surveys(ask).await?.into_inner();
    let values = context! {
        own,
        runs => allowed(&visit, Action::RunSurvey),
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

/// What was answered, in words.
fn said(question: &pb::SurveyQuestion, value: &pb::SurveyValue, language: Language) -> String {
    let own = words(language);
    match &value.value {
        None => String::new(),
        Some(Given::Number(number)) => number.to_string(),
        Some(Given::Choice(number)) => {
            let at = usize::try_from(*number).ok().and_then(|number| number.checked_sub(1));
            in_language(at.and_then(|at| question.options.get(at)), language).to_owned()
        }
        Some(Given::Yes(true)) => own.yes.to_owned(),
        Some(Given::Yes(false)) => own.no.to_owned(),
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

/// What is asked, with its unit.
fn asks(question: &pb::SurveyQuestion, language: Language) -> String {
    let text = in_language(question.text.as_ref(), language);
    match &question.unit {
        Some(unit) => format!("{text} ({})", in_language(Some(unit), language)),
        None => text.to_owned(),
    }
}

/// A question as a field.
fn field(at: usize, question: &pb::SurveyQuestion, value: &str, language: Language) -> Value {
    let own = words(language);
    let mut label = asks(question, language);
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
        let given = found.questions.iter().enumerate().map(|(at, question)| {
            let value = one.values.get(at).map(|value| said(question, value, language));
            context! { label => asks(question, language), value => value.unwrap_or_default() }
        });
        context! {
            said => given.collect::<Vec<_>>(),
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
    let shown_etag = tried.typed.get("etag").map(String::as_str).unwrap_or_default();
    let etag =
        tried.faults.as_ref().map_or(found.etag.as_str(), |faults| faults.etag(shown_etag, &found.etag));
    let values = context! {
        own, answers, fields, etag,
        runs => allowed(visit, Action::RunSurvey),
        survey => survey(&found, language),
        mine => before.map(|one| day(one.answer_time.as_ref())).unwrap_or_default(),
        replies => replies.replies.iter().map(reply).collect::<Vec<_>>(),
        next => next(&format!("/region/surveys/{id}"), &[], ("page", &replies.next_page_token)),
    };
    let title = in_language(found.title.as_ref(), language);
    Ok(page(visit, ("workplace/region/survey.html", title), tried, values))
}

/// The answers, to take along.
async fn file(visit: Visit, Path(id): Path<String>) -> Shown {
    let ask =
        pb::ExportSurveyRequest { name: format!("surveys/{id}"), format: pb::MonitorFormat::Csv.into() };
    let file = SurveyServiceClient::new(visit.calls()).export_survey(ask).await?.into_inner();
    let headers = [
        (header::CONTENT_TYPE, file.content_type),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.file_name)),
    ];
    Ok((headers, file.content).into_response())
}

async fn close(visit: &Visit, id: &str, form: &Posted) -> Shown {
    let ask = pb::CloseSurveyRequest {
        name: format!("surveys/{id}"),
        etag: form.given("etag")?.to_owned(),
        request_id: form.given("request_id")?.to_owned(),
    };
    let answer = SurveyServiceClient::new(visit.calls()).close_survey(ask).await;
    match Tried::of(answer, form)? {
        None => Ok(see_other(&format!("/region/surveys/{id}"))),
        Some(tried) => one(visit, id, "", &tried).await,
    }
}

async fn change(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    if form.one("do")? == "close" {
        return close(&visit, &id, &form).await;
    }
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
