//! The workplace: pages for professionals who sign in.
//!
//! A page is a client of the API. It calls the same services through the same access layer as
//! everybody ([`calls`]), so that it can show nothing that the call would not; it holds no rule
//! and reads no row. What every page has in common:
//!
//! - [`visit`] opens the session before anything else, sends whoever has none to sign in, and
//!   lets a form pass only from a page of ours with the session's own token in it.
//! - [`render`] fills a template within the frame: header, navigation, language, name.
//! - [`trouble`] turns what a call refuses into a page, or into words beside the fields of a form; what
//!   somebody wrote in a form that is not taken stands on that page once more.
//! - [`words`] keeps the sentences of a page in two languages side by side.
//! - [`fresh`] gives every form of a page a request id of its own.
//! - [`packed`] makes answers smaller where that gives nothing away.
//! - [`shown`] says kinds, roles, answers and times as people do.
//!
//! A page is a file with `routes()`, its `TEMPLATES` and its words; it is named once in
//! [`routes`] and once in [`render`].

mod assets;
mod board;
mod book;
mod calls;
mod cases;
mod cookie;
mod fresh;
mod handovers;
mod meeting;
mod packed;
mod proposed;
mod region;
mod render;
mod requests;
mod sessions;
mod shown;
mod sign_in;
mod team;
mod today;
mod trouble;
mod visit;
mod waiting;
mod words;

use axum::{Router, middleware};

use self::calls::Services;
use crate::app::App;

/// What the pages stand on.
#[derive(Clone)]
struct Workplace {
    app: App,
    services: Services,
}

/// Its routes: those behind a session, and the few before it.
pub(super) fn routes(app: &App, calls: Router) -> Router<App> {
    let workplace = Workplace { app: app.clone(), services: Services::new(calls) };
    let inside = Router::new()
        .merge(today::routes())
        .merge(board::routes())
        .merge(cases::routes())
        .merge(book::routes())
        .merge(meeting::routes())
        .merge(handovers::routes())
        .merge(region::routes())
        .merge(team::routes())
        .merge(requests::routes())
        .merge(sessions::routes())
        .merge(sign_in::inside())
        .layer(middleware::from_fn_with_state(workplace.clone(), visit::admit));
    let before = sign_in::before(app).layer(middleware::from_fn(render::protect));
    Router::new().merge(inside).merge(before).merge(assets::routes()).with_state(workplace)
}
