//! The pages on which another time is proposed, or who comes instead.

use axum::response::Response;
use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Europe::Amsterdam;
use http::StatusCode;
use minijinja::{Value, context};
use schakel_domain::{
    consultation::proposal::Source,
    refusal::{Language, Refusal},
    time::typed,
};

use super::{
    Opened, say, see,
    shown::{facts, title},
    words::{self, words},
};
use crate::{
    access::authenticate::today,
    app::App,
    consultation::proposal::{
        Substitute,
        make::{self, What},
    },
    error::Result,
    web::{
        form::{ANSWER_REQUIRED, Fields},
        page,
        problem::Problem,
    },
};

const TIME_INVALID: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    reason: "PROPOSAL_TIME_INVALID",
    dutch: "Dit tijdstip kan niet. Kies een dag en een tijd na nu en binnen een jaar, en een ander moment dan nu is \
        afgesproken. Ga terug en probeer het opnieuw.",
    english: "This time is not possible. Choose a day and a time from now on and within a year, and another time than \
        was agreed. Go back and try again.",
};
const WHO_INVALID: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    reason: "SUBSTITUTE_INVALID",
    dutch: "Vul een naam en een e-mailadres in. Ga terug en probeer het opnieuw.",
    english: "Fill in a name and an e-mail address. Go back and try again.",
};
const CLOSED: Problem = Problem {
    status: StatusCode::CONFLICT,
    reason: "PROPOSAL_CLOSED",
    dutch: "U kunt hier nu niets voorstellen. Bel ons.",
    english: "You cannot propose anything here now. Please call us.",
};

/// A field of a form.
struct Input {
    name: &'static str,
    kind: &'static str,
    label: &'static str,
    value: String,
    /// The first day that can be chosen.
    least: String,
    longest: u16,
    complete: &'static str,
}

/// The form for another time.
pub(super) fn ask_time(app: &App, opened: &Opened) -> Result<Response, Problem> {
    if !opened.proposable(app) || opened.meeting.within.is_some() {
        return Err(CLOSED);
    }
    let start = opened.meeting.time.start().with_timezone(&Amsterdam);
    let today = today(app.now()).to_string();
    Ok(form(opened, |language| {
        let words = words(language);
        let minutes = opened.meeting.time.duration().num_minutes();
        let input = |name, kind, label| Input {
            name,
            kind,
            label,
            value: String::new(),
            least: String::new(),
            longest: 0,
            complete: "off",
        };
        let fields = [
            Input { least: today.clone(), ..input("date", "date", words.day) },
            Input { value: start.format("%H:%M").to_string(), ..input("time", "time", words.hour) },
        ];
        (words.time_heading, vec![words::length(minutes, language), words.time_until.to_owned()], fields)
    }))
}

/// The form for somebody else.
pub(super) fn ask_who(app: &App, opened: &Opened) -> Result<Response, Problem> {
    if !opened.proposable(app) {
        return Err(CLOSED);
    }
    Ok(form(opened, |language| {
        let words = words(language);
        let input = |name, kind, label, longest| Input {
            name,
            kind,
            label,
            value: String::new(),
            least: String::new(),
            longest,
            // Whoever fills it in is not the one who comes.
            complete: "off",
        };
        let fields = [input("name", "text", words.person, 200), input("email", "email", words.email, 254)];
        (words.else_heading, vec![words.else_ask.to_owned(), words.else_until.to_owned()], fields)
    }))
}

fn form(opened: &Opened, of: impl Fn(Language) -> (&'static str, Vec<String>, [Input; 2])) -> Response {
    let languages = opened.languages();
    let half = |language: &Language| {
        let (heading, said, fields) = of(*language);
        let fields: Vec<Value> = fields
            .into_iter()
            .map(|Input { name, kind, label, value, least, longest, complete }| {
                context! { name, kind, label, value, least, longest, complete }
            })
            .collect();
        context! {
            words => words(*language),
            title => title(opened, *language),
            facts => facts(opened, *language),
            heading, said, fields,
        }
    };
    let values = context! {
        halves => languages.iter().map(half).collect::<Vec<_>>(),
        lang => words(languages.first().copied().unwrap_or_default()).lang,
        back => opened.to(""),
    };
    page::render(StatusCode::OK, "propose.html", values)
}

/// Takes another time.
pub(super) async fn take_time(app: &App, opened: &Opened, fields: &Fields) -> Result<Response, Problem> {
    let (day, hour) = (fields.one("date")?, fields.one("time")?);
    if day.is_empty() || hour.is_empty() {
        return Err(ANSWER_REQUIRED);
    }
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").map_err(|_| TIME_INVALID)?;
    // A browser sends seconds only where they were asked for.
    let hour = NaiveTime::parse_from_str(hour, "%H:%M").map_err(|_| TIME_INVALID)?;
    let start = typed(Amsterdam, day.and_time(hour)).map_err(|_| TIME_INVALID)?;
    take(app, opened, &What::OtherTime(start)).await
}

/// Takes who would come.
pub(super) async fn take_who(app: &App, opened: &Opened, fields: &Fields) -> Result<Response, Problem> {
    let substitute = Substitute {
        name: fields.given("name")?.parse().map_err(|_: Refusal| WHO_INVALID)?,
        email: fields.given("email")?.parse().map_err(|_: Refusal| WHO_INVALID)?,
    };
    take(app, opened, &What::SomebodyElse(substitute)).await
}

async fn take(app: &App, opened: &Opened, what: &What) -> Result<Response, Problem> {
    let of = opened.of();
    let done = opened
        .change(app, |tx, _| async move {
            let made = make::make(&tx, (of.meeting, of.person), what, Source::Web).await?;
            say(&tx, &made, of).await
        })
        .await;
    done.map_err(|problem| match problem.reason {
        "TIME_OUT_OF_BOUNDS" => TIME_INVALID,
        "PROPOSAL_CLOSED" | "PART_OF_MEETING" => CLOSED,
        _ => problem,
    })?;
    Ok(see(&opened.to("")))
}
