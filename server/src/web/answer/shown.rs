//! The page of the meeting and one's own answer.

use axum::response::Response;
use http::StatusCode;
use minijinja::{Value, context};
use schakel_domain::{
    consultation::{Answer, proposal::Kind, proposal::State},
    invitation::dates,
    refusal::Language,
};

use super::{
    CHOICES, Opened,
    words::{self, REASONS, words},
};
use crate::{
    app::App,
    consultation::{meeting::Seat, proposal},
    web::{form, page, problem::Problem},
};

/// Shows it.
pub(super) async fn page(app: &App, opened: &Opened) -> Result<Response, Problem> {
    let (meeting, of) = (&opened.meeting, opened.of());
    let read = app.read(opened.grant.clone());
    let made = proposal::store::of_person(&read, of.meeting, of.person).await;
    let mut made = made.map_err(|error| form::behind_link(&error))?;
    made.retain(|one| one.now(meeting, app.now()) == State::Open);
    let languages = opened.languages();
    let halves: Vec<Value> = languages.iter().map(|language| half(app, opened, &made, *language)).collect();
    let known = [Language::Dutch, Language::English].map(|language| {
        let given = opened.language == Some(language);
        context! { words => words(language), given => if given { "true" } else { "false" } }
    });
    let values = context! {
        halves,
        lang => words(languages.first().copied().unwrap_or_default()).lang,
        languages => known,
        label => languages.iter().map(|one| words(*one).language).collect::<Vec<_>>().join(" / "),
        open => opened.open(app),
        path => opened.path.as_str(),
        code_path => opened.to("/code"),
        file_path => opened.to("/overleg.ics"),
    };
    Ok(page::render(StatusCode::OK, "answer.html", values))
}

/// The heading in a language.
pub(super) fn title(opened: &Opened, language: Language) -> String {
    format!("{} {}", words(language).meeting, opened.meeting.reference)
}

/// When and where.
pub(super) fn facts(opened: &Opened, language: Language) -> Vec<(&'static str, String)> {
    let (meeting, words) = (&opened.meeting, words(language));
    let place = match language {
        Language::Dutch => meeting.place.dutch(),
        Language::English => meeting.place.english(),
    };
    let when = dates::span(meeting.time.start(), meeting.time.end(), language);
    vec![(words.when, when), (words.place, place.to_owned())]
}

/// One language of the page.
fn half(app: &App, opened: &Opened, made: &[proposal::Proposal], language: Language) -> Value {
    let (meeting, words) = (&opened.meeting, words(language));
    let own = meeting.seat(opened.claims.person);
    let given = own.map(|seat| seat.answer).unwrap_or_default();
    let over = meeting.time.end() <= app.now();
    let proposed = made.iter().map(|one| {
        let when = one.time.map(|time| dates::span(time.start(), time.end(), language));
        words::proposed(one.kind, when.as_deref(), language)
    });
    context! {
        words,
        title => title(opened, language),
        status => words::status(meeting.state, given, over, language),
        proposed => proposed.collect::<Vec<_>>(),
        facts => facts(opened, language),
        choices => choices(given, language),
        reasons => reasons(own, language),
        ways => ways(app, opened, language),
        details => opened.open(app),
        hint => words::hint(app.settings.mail.telephone.as_deref(), &meeting.reference, language),
    }
}

/// The buttons: yes and maybe, then no, which takes a reason.
fn choices(given: Answer, language: Language) -> Vec<Value> {
    let words = words(language);
    let button = |&(value, answer): &(&str, Answer)| {
        let label = match answer {
            Answer::Accepted => words.yes,
            Answer::Tentative => words.maybe,
            Answer::Declined | Answer::NeedsAction => words.no,
        };
        context! { value, label, given => if answer == given { "true" } else { "false" } }
    };
    CHOICES.iter().map(button).collect()
}

fn reasons(own: Option<&Seat>, language: Language) -> Vec<Value> {
    let kept = own.and_then(|seat| seat.reason);
    let none = context! { value => "", label => words(language).no_reason, given => kept.is_none() };
    let some = REASONS.iter().map(|&(value, reason)| {
        context! { value, label => words::reason(reason, language), given => kept == Some(reason) }
    });
    std::iter::once(none).chain(some).collect()
}

/// What else can be said: where it leads and what it is called.
fn ways(app: &App, opened: &Opened, language: Language) -> Vec<Value> {
    if !opened.proposable(app) {
        return Vec::new();
    }
    let words = words(language);
    let way = |kind| match kind {
        Kind::OtherTime => ("ander-moment", words.other_time),
        Kind::SomebodyElse => ("iemand-anders", words.somebody_else),
    };
    // A part is moved with its meeting, and by whoever plans that.
    let kinds = [Kind::OtherTime, Kind::SomebodyElse].into_iter();
    let kinds = kinds.filter(|kind| !kind.moves() || opened.meeting.within.is_none());
    kinds
        .map(way)
        .map(
            |(part, label)| context! { href => format!("{}/{part}?taal={}", opened.path, words.lang), label },
        )
        .collect()
}
