//! Signing in at an identity provider or, where the server is tried out, as an example person; and
//! signing out, the language, for which organisation somebody acts, and what for.

use axum::{
    Extension, Form, Router,
    extract::{Query, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use minijinja::{Value, context};
use schakel_domain::{
    access::Purpose,
    audit,
    ids::{LoginId, OrganisationId, PersonId},
    refusal::Language,
};
use serde::Deserialize;

use super::{
    Workplace,
    cookie::{self, Kept},
    render,
    trouble::{Shown, Trouble, in_query, local, see_other, unframed},
    visit::{self, Posted, Visit},
    words::words,
};
use crate::{
    access::{
        Peer, SignedIn,
        oidc::code::{Attempt, Came},
        session,
    },
    app::App,
    error::Error,
    web::problem::{NOT_FOUND, Problem, REQUEST_MALFORMED},
};

words! {
    title: "Inloggen", "Sign in";
    intro: "Log in met het account van uw organisatie.", "Sign in with the account of your organisation.";
    at: "Inloggen bij", "Sign in at";
    examples: "Kies een voorbeeldpersoon", "Choose an example person";
    invented: "Dit is een proefopstelling. Alle mensen en kinderen zijn verzonnen.",
        "This server is for trying out. All people and children are invented.";
    none: "Inloggen met de browser staat hier nog niet aan. Vraag het de beheerder.",
        "Signing in with a browser is not switched on here. Ask the administrator.";
    answering: "Kreeg u een uitnodiging per mail? Open dan de link in die mail. Inloggen hoeft niet.",
        "Did you get an invitation by e-mail? Open the link in that e-mail. You need not sign in.";
    out: "U bent uitgelogd.", "You have signed out.";
    ended: "U was al uitgelogd bij Schakel. Misschien bent u nog ingelogd bij uw organisatie.",
        "You were signed out of Schakel already. You may still be signed in at your organisation.";
    leaving: "U bent uitgelogd bij Schakel", "You have signed out of Schakel";
    still: "U gaat nu verder naar", "You now go on to";
    there: "om ook daar uit te loggen. Doe dat vooral op een computer die anderen ook gebruiken.",
        "to sign out there too. Do so above all on a computer that others use.";
    leave: "Ook uitloggen bij", "Sign out too at";
    failed: "Het inloggen is niet gelukt. Probeer het opnieuw.", "Signing in did not work. Please try again.";
    away: "De inlogdienst van uw organisatie is even niet te bereiken. Probeer het zo opnieuw.",
        "The sign-in service of your organisation cannot be reached. Try again shortly.";
    unknown: "U bent herkend, maar hebt hier vandaag geen functie. Vraag het de beheerder van uw samenwerkingsverband.",
        "You were recognised, but have no role here today. Ask the administrator of your samenwerkingsverband.";
    too_many: "Er wordt te vaak ingelogd", "Too many people sign in at once";
    too_many_wait: "U hoeft niets te veranderen. Wacht", "You need not change anything. Wait";
    too_many_then: "seconden en probeer het dan opnieuw.", "seconds, then try again.";
    back: "Terug naar inloggen", "Back to signing in";
}

/// Its templates.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("workplace/sign_in.html", include_str!("../templates/workplace/sign_in.html")),
    ("workplace/leave.html", include_str!("../templates/workplace/leave.html")),
];

/// The address to which providers send browsers back.
const BACK: &str = "/sign-in/back";

/// Before a session.
pub(super) fn before(app: &App) -> Router<Workplace> {
    let tries = Router::new().route("/sign-in/start", get(start)).route(BACK, get(back));
    let tries =
        if app.issuers.builtin().is_some() { tries.route("/sign-in/as", post(example)) } else { tries };
    let tries = tries.route_layer(middleware::from_fn_with_state(app.clone(), counted));
    Router::new()
        .route("/sign-in", get(show))
        .route("/sign-in/leave", get(leave))
        .route("/language", post(choose))
        .merge(tries)
        .layer(middleware::from_fn_with_state(app.clone(), explained))
}

/// Around all that is before a session: what goes wrong is told on a page there too.
async fn explained(State(app): State<App>, request: Request, next: Next) -> Response {
    let language = visit::language(&app, request.headers());
    unframed(next.run(request).await, language)
}

/// Around whatever may begin a session: not more of it than people do.
async fn counted(State(app): State<App>, request: Request, next: Next) -> Response {
    let from = request.extensions().get().map(|peer: &Peer| peer.address);
    let Err(error) = app.edge.signs_in(from, app.now()) else { return next.run(request).await };
    tracing::warn!(target: "security", "too many attempts to sign in with a browser");
    let language = visit::language(&app, request.headers());
    let own = words(language);
    let wait = error.retry().unwrap_or_default();
    let wait = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let text = format!("{} {wait} {}", own.too_many_wait, own.too_many_then);
    let values = context! { heading => own.too_many, text, back => "/sign-in", back_label => own.back };
    let page = (own.too_many, "/sign-in");
    let status = StatusCode::TOO_MANY_REQUESTS;
    let mut response = render::bare((status, language), "workplace/trouble.html", page, values);
    response.headers_mut().insert(header::RETRY_AFTER, wait.into());
    response
}

/// Within one.
pub(super) fn inside() -> Router<Workplace> {
    Router::new()
        .route("/sign-out", post(out))
        .route("/acting-for", post(act_for))
        .route("/purpose", post(work_for))
        .route("/awake", post(awake))
}

/// Where to go then, and what is told.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    to: String,
    #[serde(default)]
    said: String,
    /// What a provider sends back at which somebody has signed out.
    #[serde(default)]
    state: String,
}

/// What has just happened, as an address says it.
fn said<'a>(word: &str, own: &'a Words) -> &'a str {
    match word {
        "out" => own.out,
        "ended" => own.ended,
        "failed" => own.failed,
        "away" => own.away,
        "unknown" => own.unknown,
        _ => "",
    }
}

async fn show(
    State(Workplace { app, .. }): State<Workplace>,
    Extension(peer): Extension<Peer>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let language = visit::language(&app, &headers);
    let own = words(language);
    let happened = if asked.said.is_empty() { &asked.state } else { &asked.said };
    let to = local(&asked.to).unwrap_or("/today");
    let examples = match examples(&app, peer, language).await {
        Ok(examples) => examples,
        Err(error) => return Trouble::from(error).into_response(),
    };
    let mut ways_out = Vec::new();
    if happened == "ended" {
        for door in app.issuers.doors() {
            if gone(&app, door.at).await.is_some() {
                ways_out.push(context! { at => door.at, label => door.display_name });
            }
        }
    }
    let doors: Vec<Value> = app
        .issuers
        .doors()
        .into_iter()
        .map(|door| context! { at => door.at, label => door.display_name })
        .collect();
    let values = context! {
        own, doors, examples, to, ways_out,
        asked => in_query(to),
        said => said(happened, own),
        bad => !matches!(happened.as_str(), "" | "out" | "ended"),
    };
    render::bare((StatusCode::OK, language), "workplace/sign_in.html", (own.title, "/sign-in"), values)
}

/// The people to choose from, for this machine only.
async fn examples(app: &App, peer: Peer, language: Language) -> crate::error::Result<Vec<Value>> {
    if app.issuers.builtin().is_none() || !peer.address.is_loopback() {
        return Ok(Vec::new());
    }
    let shown = |one: session::Example| {
        let functions: Vec<String> = (one.memberships.iter())
            .map(|at| format!("{}, {}", audit::function(&at.role.to_string(), language), at.display_name))
            .collect();
        context! { person => one.person.to_string(), name => one.display_name, functions }
    };
    Ok(session::examples(app).await?.into_iter().map(shown).collect())
}

/// To the page for signing in, with a word.
fn again(word: &str) -> Response {
    see_other(&format!("/sign-in?said={word}"))
}

fn with_cookies(mut response: Response, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Signed in from here on: the browser holds a new secret, and what it held before opens nothing.
async fn begun(app: &App, headers: &HeaderMap, secret: &str, to: &str) -> Result<Response, Trouble> {
    if let Some(former) = cookie::kept(app, headers, Kept::Session) {
        session::end(app, &former).await?;
    }
    let cookies = [cookie::keep(app, Kept::Session, secret), cookie::forget(app, Kept::Attempt)];
    Ok(with_cookies(see_other(local(to).unwrap_or("/today")), cookies))
}

/// Whom somebody wants to be.
#[derive(Deserialize)]
struct Chosen {
    person: String,
    #[serde(default)]
    to: String,
}

async fn example(
    State(Workplace { app, .. }): State<Workplace>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Shown {
    let builtin =
        app.issuers.builtin().filter(|_| peer.address.is_loopback() && visit::is_ours(&app, &headers));
    let (Some(builtin), Ok(person)) = (builtin, chosen.person.parse::<PersonId>()) else {
        return Err(REQUEST_MALFORMED.into());
    };
    let known = session::examples(&app).await?.into_iter().find(|one| one.person == person);
    let one = known.ok_or(NOT_FOUND)?;
    let login = builtin.login(&app, one.region, person).await?;
    let signed_in = SignedIn { session: None, login: LoginId(login.id), step_up: None };
    let secret = session::begin(&app, signed_in).await?;
    begun(&app, &headers, &secret, &chosen.to).await
}

/// At which provider.
#[derive(Deserialize)]
struct Leaving {
    at: usize,
    #[serde(default)]
    to: String,
}

/// The attempt's cookie: its secret, the provider, and where to go then.
fn remembered(attempt: &Attempt<'_>, to: &str) -> String {
    format!("{}.{}.{}", attempt.secret, attempt.at, URL_SAFE_NO_PAD.encode(local(to).unwrap_or("/today")))
}

fn recalled(cookie: &str) -> Option<(&str, usize, String)> {
    let mut parts = cookie.split('.');
    let (secret, at) = (parts.next()?, parts.next()?.parse().ok()?);
    let to = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
    Some((secret, at, String::from_utf8(to).ok()?))
}

async fn start(State(Workplace { app, .. }): State<Workplace>, Query(leaving): Query<Leaving>) -> Response {
    let mut random = [0; 32];
    app.ids.fill(&mut random);
    let (secret, redirect) = (URL_SAFE_NO_PAD.encode(random), format!("{}{BACK}", app.settings.public_url));
    let attempt = Attempt { at: leaving.at, secret: &secret, redirect: &redirect };
    match app.issuers.leave(&attempt, app.now()).await {
        Ok(address) => {
            let kept = cookie::keep(&app, Kept::Attempt, &remembered(&attempt, &leaving.to));
            with_cookies(see_other(&address), [kept])
        }
        Err(Error::NotFound(_)) => NOT_FOUND.json(),
        Err(_) => again("away"),
    }
}

async fn back(
    State(Workplace { app, .. }): State<Workplace>,
    Query(came): Query<Came>,
    headers: HeaderMap,
) -> Response {
    let kept = cookie::kept(&app, &headers, Kept::Attempt).unwrap_or_default();
    let forgotten = [cookie::forget(&app, Kept::Attempt)];
    let Some((secret, at, to)) = recalled(&kept).filter(|_| !came.code.is_empty()) else {
        return with_cookies(again("failed"), forgotten);
    };
    // A cookie can be invented: whoever has the provider asked takes a place, as with a call.
    let _place = match app.edge.enter().await {
        Ok(place) => place,
        Err(error) => {
            return visit::unframed(Problem::from(&error).status, visit::language(&app, &headers), true);
        }
    };
    let redirect = format!("{}{BACK}", app.settings.public_url);
    let attempt = Attempt { at, secret, redirect: &redirect };
    let arrived = match app.issuers.arrive(&attempt, &came, app.now()).await {
        Ok(identity) => session::begin_as(&app, identity).await.map_err(|error| (error, "unknown")),
        Err(error) => Err((error, "failed")),
    };
    let word = match arrived {
        Ok(secret) => match begun(&app, &headers, &secret, &to).await {
            Ok(response) => return response,
            Err(_) => "away",
        },
        Err((Error::Unauthenticated(why), word)) => {
            tracing::warn!(target: "security", reason = <&str>::from(&why), "not signed in with a browser");
            word
        }
        Err(_) => "away",
    };
    with_cookies(again(word), forgotten)
}

/// Signed out here, and on the way to sign out at the provider, where it offers that.
async fn out(visit: Visit, headers: HeaderMap) -> Shown {
    let app = &visit.app;
    let issuer = session::issuer(app, &visit.session).await?;
    if let Some(secret) = cookie::kept(app, &headers, Kept::Session) {
        session::end(app, &secret).await?;
    }
    let door = match issuer.and_then(|url| app.issuers.door_of(&url)) {
        Some(at) => gone(app, at).await.map(|_| at),
        None => None,
    };
    let shown = door.map_or_else(|| again("out"), |at| see_other(&format!("/sign-in/leave?at={at}")));
    Ok(with_cookies(shown, [cookie::forget(app, Kept::Session)]))
}

/// Where somebody goes who has signed out here.
async fn gone(app: &App, at: usize) -> Option<String> {
    app.issuers.leave_for_good(at, &format!("{}/sign-in", app.settings.public_url), app.now()).await
}

/// Leads on to the provider. A page, as a browser lets no form of ours end at another's address; and
/// a link on it, for who is not led.
async fn leave(
    State(Workplace { app, .. }): State<Workplace>,
    Query(leaving): Query<Leaving>,
    headers: HeaderMap,
) -> Response {
    let Some(address) = gone(&app, leaving.at).await else { return again("out") };
    let Ok(refresh) = HeaderValue::try_from(format!("0; url={address}")) else { return again("out") };
    let language = visit::language(&app, &headers);
    let own = words(language);
    let name =
        app.issuers.doors().into_iter().find(|door| door.at == leaving.at).map(|door| door.display_name);
    let values = context! { own, address, name };
    let page = (own.leaving, "/sign-in");
    let mut response = render::bare((StatusCode::OK, language), "workplace/leave.html", page, values);
    response.headers_mut().insert(header::REFRESH, refresh);
    response
}

/// Somebody is typing: that alone uses the session, which was opened on the way here.
async fn awake(_: Visit) -> StatusCode {
    StatusCode::NO_CONTENT
}

async fn act_for(visit: Visit, form: Posted) -> Shown {
    let organisation: OrganisationId = form.given("organisation")?.parse().map_err(|_| NOT_FOUND)?;
    session::act_for(&visit.app, &visit.session, organisation).await?;
    // What the page showed may not be there for the other organisation.
    Ok(see_other("/today"))
}

async fn work_for(visit: Visit, form: Posted) -> Shown {
    let purpose = match form.one("purpose")? {
        "" => None,
        word => Some(word.parse::<Purpose>().map_err(|_| REQUEST_MALFORMED)?),
    };
    session::work_for(&visit.app, &visit.session, purpose).await?;
    Ok(see_other(local(form.one("to")?).unwrap_or("/today")))
}

/// A language, and the page that is then shown in it.
#[derive(Deserialize)]
struct Speaking {
    language: String,
    #[serde(default)]
    to: String,
}

async fn choose(
    State(Workplace { app, .. }): State<Workplace>,
    headers: HeaderMap,
    Form(speaking): Form<Speaking>,
) -> Shown {
    let known = ["nl", "en"].into_iter().find(|known| *known == speaking.language);
    let language = known.filter(|_| visit::is_ours(&app, &headers)).ok_or(REQUEST_MALFORMED)?;
    let shown = see_other(local(&speaking.to).unwrap_or("/today"));
    Ok(with_cookies(shown, [cookie::keep(&app, Kept::Language, language)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_recalled_as_it_was_and_leads_nowhere_else() {
        let attempt = Attempt { at: 1, secret: "abc_-", redirect: "" };
        let kept = remembered(&attempt, "/cases?page=2");
        assert_eq!(recalled(&kept), Some(("abc_-", 1, "/cases?page=2".to_owned())));
        let kept = remembered(&attempt, "https://evil.example/");
        assert_eq!(recalled(&kept).map(|(_, _, to)| to).as_deref(), Some("/today"));
        assert_eq!(recalled(""), None);
    }
}
