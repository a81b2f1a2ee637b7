//! Who comes and where exactly: behind a code that goes to the mailbox on file, and works once.

use axum::response::Response;
use http::StatusCode;
use minijinja::{Value, context};
use schakel_domain::{audit::function, refusal::Language};

use super::{
    Opened, see,
    shown::{facts, title},
    words::words,
};
use crate::{
    app::App,
    consultation::{
        details::{self, Details},
        page::spend,
    },
    error::Result,
    invitation::answers,
    web::{
        form::{ANSWER_REQUIRED, Fields, LINK_INVALID},
        page,
        problem::Problem,
        wishes::{CODE_INVALID, CODE_NOT_SENT},
    },
};

/// The form that takes the code.
pub(super) fn ask_code(app: &App, opened: &Opened) -> Result<Response, Problem> {
    if !opened.open(app) {
        return Err(LINK_INVALID);
    }
    let values = context! {
        title => title(opened, opened.language.unwrap_or_default()),
        code_path => opened.to("/code"),
    };
    Ok(page::render(StatusCode::OK, "code.html", values))
}

/// Mails a code, then asks for it.
pub(super) async fn send_code(app: &App, opened: &Opened) -> Result<Response, Problem> {
    if !opened.open(app) {
        return Err(LINK_INVALID);
    }
    let of = opened.of();
    let sent = opened.change(app, |tx, _| async move { answers::send_code(&tx, of).await }).await?;
    if sent { Ok(see(&opened.to("/meer"))) } else { Err(CODE_NOT_SENT) }
}

/// Takes the code and shows what stands behind it.
pub(super) async fn take(app: &App, opened: &Opened, fields: &Fields) -> Result<Response, Problem> {
    if !opened.open(app) {
        return Err(LINK_INVALID);
    }
    let given = fields.one("code")?;
    if given.is_empty() {
        return Err(ANSWER_REQUIRED);
    }
    let of = opened.of();
    let found = opened
        .change(app, |tx, meeting| async move {
            if !spend(&tx, of, given).await? {
                return Ok(None);
            }
            details::open(&tx, &meeting, of.person).await.map(Some)
        })
        .await?;
    Ok(shown(opened, &found.ok_or(CODE_INVALID)?))
}

fn shown(opened: &Opened, details: &Details) -> Response {
    let languages = opened.languages();
    let half = |language: &Language| {
        let words = words(*language);
        let mut all = facts(opened, *language);
        all.extend(details.school.iter().map(|name| (words.school, name.clone())));
        all.extend(details.rooms.iter().map(|name| (words.room, name.clone())));
        let professional =
            |(name, role): &(String, _)| format!("{name}, {}", function(<&str>::from(role), *language));
        let mut people: Vec<String> = details.professionals.iter().map(professional).collect();
        people.extend(details.parents.then(|| words.parent.to_owned()));
        context! { words, title => title(opened, *language), facts => all, people }
    };
    let values = context! {
        halves => languages.iter().map(half).collect::<Vec<Value>>(),
        lang => words(languages.first().copied().unwrap_or_default()).lang,
        back => opened.to(""),
    };
    page::render(StatusCode::OK, "details.html", values)
}
