//! Opening a round of questions to schools: what is asked, of whom, until when, and when who has not
//! answered is reminded.

use axum::{Router, routing::get};
use minijinja::{Value, context};
use pb::{survey_question::Form, survey_service_client::SurveyServiceClient};
use schakel_domain::{access::Action, monitor::survey::MOST_QUESTIONS, refusal::Language};
use schakel_proto::v1 as pb;
use tonic::Code;

use super::{
    Tried, allowed, choose,
    names::{Names, walk},
    option, page, typed,
};
use crate::web::{
    form::{ANSWER_INVALID, Fields},
    problem::{NOT_FOUND, Problem},
    workplace::{
        Workplace,
        trouble::{Faults, Shown, Trouble, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Nieuwe vragen aan scholen", "New questions to schools";
    intro: "Van elke school krijgt één persoon een mail op de eerste dag. In die mail staat niet wat u vraagt. Vraag nooit iets over één kind.",
        "One person of each school gets a mail on the first day. That mail does not say what you ask. Never ask anything about one child.";
    round: "De ronde", "The round";
    title_nl: "Titel in het Nederlands", "Title in Dutch";
    title_en: "Titel in het Engels", "Title in English";
    open_date: "Eerste dag", "First day";
    due_date: "Laatste dag om te antwoorden", "Last day to answer";
    reminders: "Herinneren, dagen ervoor", "Remind, days before";
    reminders_hint: "Bijvoorbeeld 7, 1. Ten hoogste vijf keer. Leeg: geen herinnering.",
        "For example 7, 1. At most five times. Empty: no reminder.";
    whom: "Aan wie", "To whom";
    whom_hint: "Kiest u niets, dan vraagt u het alle scholen.", "If you choose nothing, all schools are asked.";
    clusters: "Scholen van deze clusters", "Schools of these clusters";
    schools: "Deze scholen", "These schools";
    question: "Vraag", "Question";
    empty_hint: "Een vraag zonder tekst telt niet mee.", "A question without text does not count.";
    text_nl: "Vraag in het Nederlands", "Question in Dutch";
    text_en: "Vraag in het Engels", "Question in English";
    form: "Soort antwoord", "Kind of answer";
    unit_nl: "Van een getal: van wat, in het Nederlands", "Of a number: of what, in Dutch";
    unit_en: "Van een getal: van wat, in het Engels", "Of a number: of what, in English";
    options: "Van een keuze: de antwoorden", "Of a choice: the answers";
    options_hint: "Eén op elke regel: Nederlands, dan een streep, dan Engels. Bijvoorbeeld: de school | the school",
        "One on each line: Dutch, then a bar, then English. For example: de school | the school";
    optional: "Mag leeg blijven", "May be left open";
    more: "Nog een vraag", "One more question";
    send: "Open de ronde", "Open the round";
    nobody: "Met deze keuze vraagt u het geen enkele school. Kies andere scholen of clusters.",
        "With this choice no school is asked. Choose other schools or clusters.";
}

/// So many questions can be filled in at first.
const ROWS: usize = 3;
/// When who has not answered is reminded, unless somebody says otherwise.
const USUAL_REMINDERS: &str = "7, 1";
/// Parts the languages of an answer to choose.
const BAR: char = '|';

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/region/surveys/new", get(asking).post(ask))
}

/// A question as it stands in the form; of what is in two languages the Dutch comes first.
#[derive(Debug, Clone, Default)]
struct Row {
    text: [String; 2],
    form: String,
    unit: [String; 2],
    options: String,
    optional: bool,
}

fn path(at: usize) -> String {
    format!("survey.questions[{at}]")
}

fn text([nl, en]: &[String; 2]) -> pb::SurveyText {
    pb::SurveyText { nl: nl.clone(), en: en.clone() }
}

/// The two languages of a field.
fn both(form: &Fields, field: &str) -> Result<[String; 2], Problem> {
    let one = |language: &str| form.one(&format!("{field}.{language}")).map(str::to_owned);
    Ok([one("nl")?, one("en")?])
}

impl Row {
    fn read(form: &Fields, at: usize) -> Result<Self, Problem> {
        let path = path(at);
        Ok(Self {
            text: both(form, &format!("{path}.text"))?,
            form: form.one(&format!("{path}.form"))?.to_owned(),
            unit: both(form, &format!("{path}.unit"))?,
            options: form.one(&format!("{path}.options"))?.to_owned(),
            optional: form.ticked(&format!("{path}.optional"))?,
        })
    }

    fn is_empty(&self) -> bool {
        self.text.iter().chain(&self.unit).chain([&self.options]).all(String::is_empty)
    }

    fn question(&self) -> pb::SurveyQuestion {
        let option = |line: &str| {
            let (nl, en) = line.split_once(BAR).unwrap_or((line, ""));
            pb::SurveyText { nl: nl.trim().to_owned(), en: en.trim().to_owned() }
        };
        let lines = self.options.lines().filter(|line| !line.trim().is_empty());
        pb::SurveyQuestion {
            text: Some(text(&self.text)),
            form: Form::from_str_name(&self.form).unwrap_or_default().into(),
            unit: self.unit.iter().any(|text| !text.is_empty()).then(|| text(&self.unit)),
            options: lines.map(option).collect(),
            optional: self.optional,
        }
    }

    /// For the template, with what is wrong with its options: each of them has a path of its own.
    fn shown(&self, at: usize, faults: Option<&Faults>) -> Value {
        let path = path(at);
        let of_options = format!("{path}.options");
        let wrong = faults.into_iter().flat_map(|faults| &faults.fields);
        let mut wrong: Vec<&str> =
            wrong.filter(|(field, _)| field.starts_with(&of_options)).map(|(_, why)| why.as_str()).collect();
        wrong.dedup();
        context! {
            text_nl => self.text[0].as_str(),
            text_en => self.text[1].as_str(),
            form => self.form.as_str(),
            unit_nl => self.unit[0].as_str(),
            unit_en => self.unit[1].as_str(),
            options => self.options.as_str(),
            optional => self.optional,
            wrong => wrong.join(" "),
            number => at + 1,
            path,
        }
    }
}

/// What was filled in, those without a word left out; and how many could have been.
fn rows(form: &Fields) -> Result<(Vec<Row>, usize), Problem> {
    let count: usize = form.one("questions")?.parse().map_err(|_| ANSWER_INVALID)?;
    let count = count.min(MOST_QUESTIONS);
    let mut rows = (0..count).map(|at| Row::read(form, at)).collect::<Result<Vec<_>, _>>()?;
    rows.retain(|row| !row.is_empty());
    Ok((rows, count))
}

fn forms(language: Language) -> Vec<Value> {
    let all = [
        (Form::YesNo, ("ja of nee", "yes or no")),
        (Form::WholeNumber, ("een getal", "a number")),
        (Form::Choice, ("een keuze", "a choice")),
        (Form::ShortText, ("één regel tekst", "one line of text")),
    ];
    all.map(|(form, label)| option(form.as_str_name(), choose(language, label))).to_vec()
}

fn chosen(form: &Fields, name: &str) -> Vec<String> {
    form.all(name).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

/// What is filled in of the form.
#[derive(Default)]
struct Filled {
    rows: Vec<Row>,
    clusters: Vec<String>,
    schools: Vec<String>,
}

fn must(visit: &Visit) -> Result<(), Trouble> {
    if allowed(visit, Action::RunSurvey) { Ok(()) } else { Err(NOT_FOUND.into()) }
}

async fn asking(visit: Visit) -> Shown {
    must(&visit)?;
    let mut tried = Tried::default();
    tried.typed.insert("survey.reminder_days".to_owned(), USUAL_REMINDERS.to_owned());
    let rows = vec![Row::default(); ROWS];
    shown(&visit, &tried, Filled { rows, ..Filled::default() }).await
}

async fn shown(visit: &Visit, tried: &Tried, filled: Filled) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let clusters = walk!(visit, list_clusters, clusters, pb::ListClustersRequest::default());
    let schools = Names::organisations(visit).await?;
    let row = |(at, row): (usize, &Row)| row.shown(at, tried.faults.as_ref());
    let values = context! {
        own,
        rows => filled.rows.iter().enumerate().map(row).collect::<Vec<_>>(),
        forms => forms(language),
        clusters => clusters.iter().map(|one| option(&one.name, &one.display_name)).collect::<Vec<_>>(),
        schools => schools.options("schools", Some(pb::organisation::Kind::School)),
        chosen => [filled.clusters, filled.schools].concat(),
    };
    Ok(page(visit, ("workplace/region/survey_new.html", own.title), tried, values))
}

/// Days before the last one; what is no number is left to the server to refuse.
fn reminders(text: &str) -> Vec<i32> {
    let parts = text.split([',', ' ']).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().unwrap_or_default()).collect()
}

async fn ask(visit: Visit, form: Posted) -> Shown {
    must(&visit)?;
    let (mut rows, count) = rows(&form)?;
    let (clusters, schools) = (chosen(&form, "clusters"), chosen(&form, "schools"));
    if form.one("do")? == "more" {
        rows.resize((count + 1).min(MOST_QUESTIONS), Row::default());
        let tried = Tried { faults: None, typed: typed(&form) };
        return shown(&visit, &tried, Filled { rows, clusters, schools }).await;
    }
    let survey = pb::Survey {
        title: Some(text(&both(&form, "survey.title")?)),
        open_date: form.one("survey.open_date")?.to_owned(),
        due_date: form.one("survey.due_date")?.to_owned(),
        reminder_days: reminders(form.one("survey.reminder_days")?),
        questions: rows.iter().map(Row::question).collect(),
        ..Default::default()
    };
    let ask = pb::CreateSurveyRequest {
        survey: Some(survey),
        clusters: clusters.clone(),
        schools: schools.clone(),
        request_id: form.given("request_id")?.to_owned(),
    };
    let status = match SurveyServiceClient::new(visit.calls()).create_survey(ask).await {
        Ok(made) => return Ok(see_other(&format!("/region/{}", made.into_inner().name))),
        Err(status) => status,
    };
    // No school at all is not there either, and what was filled in stays.
    let faults = if matches!(status.code(), Code::NotFound) {
        Faults { summary: words(visit.language).nobody.to_owned(), ..Faults::default() }
    } else {
        Faults::of(status)?
    };
    rows.resize(rows.len().max(ROWS), Row::default());
    let tried = Tried { faults: Some(faults), typed: typed(&form) };
    shown(&visit, &tried, Filled { rows, clusters, schools }).await
}
