//! Rounds of questions to schools: opened, answered, read, taken out, closed.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use schakel_client::v1::{self as pb, survey_question::Form, survey_value::Value};

use crate::{
    entry::every_page,
    failure::Failure,
    privacy,
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Ask schools questions
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator survey create --title Basisondersteuning --title-en 'Basic support' --due-date 2026-12-18 --remind 7 --question 'WHOLE_NUMBER;Voor hoeveel is er hulp?;How many have help?;leerlingen;pupils' --question 'YES_NO?;Is dat genoeg?;Is it enough?'"
    )]
    Create(Create),
    /// One of them, with how many answered
    #[command(after_help = "Example: schakelctl --as thuiszitterscoordinator survey show surveys/0198…")]
    Show {
        /// `surveys/…`
        name: Reference,
    },
    /// Those that the caller may see, newest first
    #[command(after_help = "Example: schakelctl survey list")]
    List {
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// Answer for one's school, a value for each question in their order
    #[command(after_help = "Example: schakelctl --as iber survey answer surveys/0198… 12 yes")]
    Answer {
        /// `surveys/…`
        name: Reference,
        /// A number, the number of an option, yes or no, a text; `-` leaves it open
        #[arg(required = true)]
        values: Vec<String>,
    },
    /// What each school answered
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator survey replies surveys/0198… --missing"
    )]
    Replies {
        /// `surveys/…`
        name: Reference,
        /// Only schools that have not answered
        #[arg(long)]
        missing: bool,
        /// At most this many
        #[arg(long, default_value_t = 1000)]
        limit: usize,
    },
    /// Remove a short text that names somebody after all, for good
    #[command(
        after_help = "Example: schakelctl --as coordinator survey redact surveys/0198… --school @school --question 4"
    )]
    Redact {
        /// `surveys/…`
        name: Reference,
        /// Whose answer
        #[arg(long)]
        school: Reference,
        /// To which question, from 1
        #[arg(long)]
        question: i32,
    },
    /// The answers as a file
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator survey export surveys/0198… csv --out antwoorden.csv"
    )]
    Export {
        /// `surveys/…`
        name: Reference,
        /// csv or json
        format: Choice<pb::MonitorFormat>,
        /// Where to write it [default: the name that the server gives it]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Close one before its last day
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator survey close surveys/0198… --etag 1"
    )]
    Close {
        /// `surveys/…`
        name: Reference,
        /// As `survey show` tells it
        #[arg(long)]
        etag: String,
    },
}

#[derive(Args)]
pub(crate) struct Create {
    /// In Dutch
    #[arg(long)]
    title: String,
    /// In English
    #[arg(long)]
    title_en: String,
    /// The first day [default: today]
    #[arg(long, value_name = "DATE")]
    open_date: Option<NaiveDate>,
    /// The last day on which it is answered
    #[arg(long, value_name = "DATE")]
    due_date: NaiveDate,
    /// Remind so many days before; more than once: on each
    #[arg(long, value_name = "DAYS")]
    remind: Vec<i32>,
    /// FORM;Dutch;English, then of a `WHOLE_NUMBER` its unit and of a `CHOICE` each option, in Dutch;English;
    /// `FORM?` may be left open
    #[arg(long, value_name = "QUESTION", required = true)]
    question: Vec<String>,
    /// Only the schools of this cluster; more than once: of each
    #[arg(long)]
    cluster: Vec<Reference>,
    /// Only this school; more than once: each
    #[arg(long)]
    school: Vec<Reference>,
}

fn text(nl: &str, en: &str) -> pb::SurveyText {
    pb::SurveyText { nl: nl.to_owned(), en: en.to_owned() }
}

fn question(spec: &str) -> Outcome<pb::SurveyQuestion> {
    let parts: Vec<&str> = spec.split(';').map(str::trim).collect();
    let [form, nl, en, rest @ ..] = parts.as_slice() else {
        return Err(Failure::Usage("a question is FORM;Dutch;English".to_owned()));
    };
    let (form, optional) = form.strip_suffix('?').map_or((*form, false), |form| (form, true));
    let Choice(form) = form.parse::<Choice<Form>>().map_err(Failure::Usage)?;
    let mut pairs = rest.chunks(2).map(|pair| text(pair[0], pair.get(1).copied().unwrap_or_default()));
    let mut question =
        pb::SurveyQuestion { text: Some(text(nl, en)), form: form.into(), optional, ..Default::default() };
    if matches!(form, Form::WholeNumber) {
        question.unit = pairs.next();
    }
    question.options = pairs.collect();
    Ok(question)
}

/// What is typed for a question.
fn value(question: &pb::SurveyQuestion, typed: &str) -> Outcome<pb::SurveyValue> {
    if typed == "-" {
        return Ok(pb::SurveyValue::default());
    }
    let number = || typed.parse::<i32>().map_err(|_| Failure::Usage(format!("{typed} is no whole number")));
    let value = match question.form() {
        Form::WholeNumber => Value::Number(number()?),
        Form::Choice => Value::Choice(number()?),
        Form::YesNo => match typed {
            "yes" | "ja" => Value::Yes(true),
            "no" | "nee" => Value::Yes(false),
            _ => return Err(Failure::Usage(format!("{typed}: say yes or no"))),
        },
        Form::ShortText | Form::Unspecified => Value::Text(typed.to_owned()),
    };
    Ok(pb::SurveyValue { value: Some(value) })
}

impl Create {
    fn wire(self, session: &Session) -> Outcome<pb::CreateSurveyRequest> {
        let names =
            |all: &[Reference]| all.iter().map(|one| session.resolve(one)).collect::<Outcome<Vec<_>>>();
        Ok(pb::CreateSurveyRequest {
            clusters: names(&self.cluster)?,
            schools: names(&self.school)?,
            survey: Some(pb::Survey {
                title: Some(text(&self.title, &self.title_en)),
                open_date: self.open_date.map(|day| day.to_string()).unwrap_or_default(),
                due_date: self.due_date.to_string(),
                reminder_days: self.remind,
                questions: self.question.iter().map(|spec| question(spec)).collect::<Outcome<_>>()?,
                ..Default::default()
            }),
            request_id: request_id(),
        })
    }
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::Create(create) => {
                let asked = create.wire(session)?;
                Ok(Answer::of(&call!(session, survey.create_survey(asked))?))
            }
            Self::Show { name } => {
                let asked = pb::GetSurveyRequest { name: session.resolve(&name)? };
                Ok(Answer::of(&call!(session, survey.get_survey(asked))?))
            }
            Self::List { limit } => {
                let found = every_page(limit, async |page_token| {
                    let asked = pb::ListSurveysRequest { page_size: 200, page_token };
                    let answer = call!(session, survey.list_surveys(asked))?;
                    Ok((answer.surveys, answer.next_page_token))
                });
                let columns = ["open_date", "due_date", "state", "asked_count", "answered_count", "name"];
                Ok(Answer::list(&found.await?, &columns))
            }
            Self::Answer { name, values } => {
                let name = session.resolve(&name)?;
                let asked = pb::GetSurveyRequest { name: name.clone() };
                let survey = call!(session, survey.get_survey(asked))?;
                if values.len() > survey.questions.len() {
                    return Err(Failure::Usage(format!("it has {} questions", survey.questions.len())));
                }
                let values = survey.questions.iter().zip(&values).map(|(one, typed)| value(one, typed));
                let values = values.collect::<Outcome<_>>()?;
                let asked = pb::AnswerSurveyRequest { name, values, request_id: request_id() };
                Ok(Answer::of(&call!(session, survey.answer_survey(asked))?))
            }
            Self::Replies { name, missing, limit } => {
                let survey = session.resolve(&name)?;
                let found = every_page(limit, async |page_token| {
                    let asked = pb::ListSurveyRepliesRequest {
                        survey: survey.clone(),
                        only_missing: missing,
                        page_size: 200,
                        page_token,
                    };
                    let answer = call!(session, survey.list_survey_replies(asked))?;
                    Ok((answer.replies, answer.next_page_token))
                });
                let columns = ["display_name", "answer_time", "told_date", "school"];
                Ok(Answer::list(&found.await?, &columns))
            }
            Self::Redact { name, school, question } => {
                let asked = pb::RedactSurveyReplyRequest {
                    survey: session.resolve(&name)?,
                    school: session.resolve(&school)?,
                    question,
                    request_id: request_id(),
                };
                Ok(Answer::of(&call!(session, survey.redact_survey_reply(asked))?))
            }
            Self::Export { name, format, out } => {
                let asked =
                    pb::ExportSurveyRequest { name: session.resolve(&name)?, format: format.0.into() };
                let answer = call!(session, survey.export_survey(asked))?;
                let out = out.unwrap_or_else(|| PathBuf::from(&answer.file_name));
                privacy::write(&out, &answer.content)?;
                Ok(Answer::of(&pb::ExportSurveyResponse { content: Vec::new(), ..answer }))
            }
            Self::Close { name, etag } => {
                let asked =
                    pb::CloseSurveyRequest { name: session.resolve(&name)?, etag, request_id: request_id() };
                Ok(Answer::of(&call!(session, survey.close_survey(asked))?))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_typed_on_one_line_and_answered_by_its_form() {
        let Ok(number) = question("WHOLE_NUMBER;Hoeveel?;How many?;leerlingen;pupils") else {
            panic!("a whole number")
        };
        assert_eq!(number.unit, Some(text("leerlingen", "pupils")));
        assert!(number.options.is_empty() && !number.optional);
        let Ok(choice) = question("choice?;Wie?;Who?;school;school;team;team") else { panic!("a choice") };
        assert!(choice.optional && choice.options.len() == 2);
        let given = |one: &pb::SurveyQuestion, typed: &str| value(one, typed).ok().map(|given| given.value);
        assert_eq!(given(&number, "12"), Some(Some(Value::Number(12))));
        assert_eq!(given(&choice, "2"), Some(Some(Value::Choice(2))));
        assert_eq!(given(&choice, "-"), Some(None));
        assert_eq!(given(&number, "veel"), None);
        assert!(question("YES_NO;Alleen?").is_err());
    }
}
