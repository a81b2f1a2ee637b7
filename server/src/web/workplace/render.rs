//! Pages within the frame: header, navigation, language, who is signed in; and the headers that let
//! nothing run on them but our own script.

use std::sync::LazyLock;

use axum::{
    body::Body,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use minijinja::{Environment, Value, context};
use schakel_domain::{
    access::{Action, Purpose, Role, may},
    audit,
    refusal::Language,
};

use super::{
    assets::{ICON, SCRIPT, STYLE},
    board, book, cases, handovers, meeting, region, requests, sessions, sign_in, team, today,
    visit::Visit,
    words::words,
};

words! {
    lang: "nl", "en";
    skip: "Naar de inhoud", "Skip to content";
    menu: "Hoofdmenu", "Main menu";
    today: "Vandaag", "Today";
    book: "Plannen", "Book";
    meetings: "Overleggen", "Meetings";
    cases: "Dossiers", "Cases";
    team: "Team", "Team";
    board: "Overzicht", "Board";
    region: "Regio", "Region";
    signed_in: "Ingelogd als", "Signed in as";
    acting: "Namens", "On behalf of";
    switch: "Wissel", "Switch";
    purpose: "Doel", "Purpose";
    usual: "zoals gebruikelijk", "as usual";
    set: "Kies", "Choose";
    purpose_why: "Dit komt in het overzicht van wie een dossier zag.", "This is written in the list of who saw a case.";
    sign_in: "Inloggen", "Sign in";
    sign_out: "Uitloggen", "Sign out";
    sessions: "Mijn sessies", "My sessions";
    other_language: "English", "Nederlands";
    other_lang: "en", "nl";
    faults: "Er klopt iets niet", "Something is not right";
    empty: "Er is niets.", "There is nothing.";
    working: "Even geduld, wij zijn ermee bezig. Laat deze pagina open.", "One moment, we are working on it. Keep this page open.";
    progress: "Voortgang", "Progress";
    back: "Terug naar Vandaag", "Back to Today";
    refused_heading: "Deze pagina is er niet, of is niet voor u", "This page is not there, or not for you";
    refused: "Controleer het adres. Denkt u dat u dit wel mag zien? Vraag het de beheerder van uw samenwerkingsverband.",
        "Check the address. If you think you may see this, ask the administrator of your samenwerkingsverband.";
    stronger_heading: "Meld u aan met een sterker middel", "Sign in with a stronger means";
    stronger: "Voor deze pagina moet u zich sterker aanmelden. Log uit en log opnieuw in.",
        "This page needs a stronger sign-in. Sign out and sign in again.";
    conflict_heading: "Dit kan nu niet", "This is not possible now";
    busy_heading: "Het is even te druk", "The server is busy";
    busy: "Wacht een minuut en probeer het opnieuw. Er is niets veranderd.",
        "Wait a minute and try again. Nothing was changed.";
    unsure: "Misschien is het toch gebeurd, misschien niet. Dat weten wij nu niet.",
        "It may have been done, or it may not. We do not know now.";
    again_intro: "Wat u hebt ingevuld, staat nog op deze pagina. Verstuur het over een minuut opnieuw. Was het al gebeurd? Dan gebeurt het niet nog een keer.",
        "What you filled in is still on this page. Send it again in a minute. If it was already done, it is not done twice.";
    again: "Verstuur opnieuw", "Send again";
    signed_out_heading: "U bent uitgelogd", "You are signed out";
    signed_out: "U deed een tijd niets, of u bent ergens anders uitgelogd. Er is niets opgeslagen.",
        "You did nothing for a while, or were signed out elsewhere. Nothing was saved.";
    written: "Wat u hebt geschreven", "What you wrote";
    written_intro: "Wij bewaren deze tekst niet: hij staat alleen nog op deze pagina. Open de pagina opnieuw in een nieuw tabblad en kijk of er iets veranderd is. Kopieer daarna uw tekst en verstuur hem daar.",
        "We do not keep this text: it is only on this page now. Open the page again in a new tab and see whether something has changed. Then copy your text and send it there.";
    reopen: "Open de pagina opnieuw (nieuw tabblad)", "Open the page again (new tab)";
    text: "Tekst", "Text";
    failed_heading: "Er ging bij ons iets mis", "Something went wrong on our side";
    failed: "Probeer het later opnieuw. Blijft het misgaan? Bel de beheerder.",
        "Try again later. If it goes on, call the administrator.";
    busy_form: "Wacht een minuut en laad deze pagina dan opnieuw. Uw browser verstuurt dan nog eens wat u hebt ingevuld. Het gebeurt maar één keer.",
        "Wait a minute, then load this page again. Your browser then sends once more what you filled in. It is done only once.";
    reused: "Dit formulier is al eens verstuurd, met iets anders erin. Laad de pagina opnieuw en kijk wat er is veranderd.",
        "This form was sent before, with something else in it. Load the page again and see what has changed.";
}

/// The templates of every page share one environment; each page brings its own.
const FRAME: &[(&str, &str)] = &[
    ("workplace/base.html", include_str!("../templates/workplace/base.html")),
    ("workplace/parts.html", include_str!("../templates/workplace/parts.html")),
    ("workplace/trouble.html", include_str!("../templates/workplace/trouble.html")),
];

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    let pages = [
        FRAME,
        sign_in::TEMPLATES,
        today::TEMPLATES,
        board::TEMPLATES,
        cases::TEMPLATES,
        book::TEMPLATES,
        meeting::TEMPLATES,
        handovers::TEMPLATES,
        region::TEMPLATES,
        team::TEMPLATES,
        requests::TEMPLATES,
        sessions::TEMPLATES,
    ];
    for (name, source) in pages.into_iter().flatten() {
        templates.add_template(name, source).expect("the templates are tested");
    }
    templates
});

/// Our own style, script and pictures; nothing written into a page runs.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// `same-origin`: without it a browser would not say where a form comes from.
const HEADERS: [(HeaderName, &str); 3] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Puts the headers of the pages on an answer.
pub(super) fn secure(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// The same, of a page before the session.
pub(super) async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    secure(response.headers_mut());
    response
}

/// Fills a template with `values` and `frame`.
fn fill(status: StatusCode, template: &str, frame: Value, values: Value) -> Response {
    let all = context! { frame, ..values };
    match TEMPLATES.get_template(template).and_then(|template| template.render(all)) {
        Ok(html) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, template, "a page cannot be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, Body::empty()).into_response()
        }
    }
}

/// A page for who is not signed in; `path` is where a change of language leads back to.
pub(super) fn bare(
    (status, language): (StatusCode, Language),
    template: &str,
    (title, path): (&str, &str),
    values: Value,
) -> Response {
    let frame = context! {
        title, path,
        words => words(language),
        style => STYLE.path.as_str(),
        script => SCRIPT.path.as_str(),
        icon => ICON.path.as_str(),
    };
    fill(status, template, frame, values)
}

/// Where a link of the navigation leads, and what somebody must be allowed to see it.
const NAVIGATION: [(&str, Action); 6] = [
    ("/book", Action::BookConsultation),
    ("/consultations", Action::ReadConsultation),
    ("/cases", Action::ReadCase),
    // Only whoever plans for a team decides on its requests.
    ("/team", Action::DecideHulpvraag),
    ("/board", Action::ReadMonitor),
    ("/region", Action::ReadDirectory),
];

fn navigation(visit: &Visit, own: &Words) -> Vec<Value> {
    let roles: Vec<Role> = visit.session.acting.iter().map(|at| at.role).collect();
    let labels = [own.book, own.meetings, own.cases, own.team, own.board, own.region];
    let allowed = NAVIGATION.iter().zip(labels).filter(|((_, action), _)| may(&roles, *action, None).is_ok());
    std::iter::once(("/today", own.today))
        .chain(allowed.map(|((href, _), label)| (*href, label)))
        .map(|(href, label)| {
            let below = visit.at.strip_prefix(href);
            let here = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            context! { href, label, here }
        })
        .collect()
}

/// For what somebody can work, where there is a choice.
fn purposes(visit: &Visit) -> Vec<Value> {
    let all = &visit.session.purposes;
    let option = |purpose: &Purpose| {
        let value = purpose.to_string();
        let label = audit::purpose(&value, visit.language).to_owned();
        context! { value, label, here => visit.session.purpose == Some(*purpose) }
    };
    if all.len() > 1 { all.iter().map(option).collect() } else { Vec::new() }
}

impl Visit {
    /// A page with this title. The template extends `workplace/base.html` and finds `values`, and
    /// `frame` with what every page has (`frame.token` belongs into every form).
    pub(super) fn page(&self, template: &str, title: &str, values: Value) -> Response {
        self.page_with(StatusCode::OK, (template, title), values)
    }

    /// The same with another status: 422 for a form that is shown again with what is wrong.
    pub(super) fn page_with(
        &self,
        status: StatusCode,
        (template, title): (&str, &str),
        values: Value,
    ) -> Response {
        let own = words(self.language);
        let organisations: Vec<Value> = (self.session.organisations.iter())
            .map(|at| {
                let name = at.organisation.to_string();
                let here = name == self.me.acting_for;
                context! { name, here, label => at.display_name.as_str() }
            })
            .collect();
        let acting = self.session.acting.first().map(|at| at.display_name.as_str()).unwrap_or_default();
        let frame = context! {
            title, organisations, acting,
            purposes => purposes(self),
            words => own,
            path => self.path.as_str(),
            at_sessions => self.at == "/sessions",
            name => self.me.display_name.as_str(),
            token => self.token.as_str(),
            navigation => navigation(self, own),
            style => STYLE.path.as_str(),
            script => SCRIPT.path.as_str(),
            icon => ICON.path.as_str(),
        };
        fill(status, template, frame, values)
    }
}
