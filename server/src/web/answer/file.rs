//! The meeting as a calendar file: the same event as in the mail, with nobody in it but who sends it.

use axum::response::{IntoResponse, Response};
use http::header;
use schakel_domain::{
    consultation::State,
    ical::{self, Busy, Entry, Event, Party, Status},
    refusal::Language,
};

use super::{Opened, shown::title};
use crate::{
    access::region,
    app::App,
    error::Result,
    web::{form, problem::Problem},
};

/// Hands it out. It takes no answer: whoever shares a calendar does not share that.
pub(super) async fn download(app: &App, opened: &Opened) -> Result<Response, Problem> {
    let read = app.read(opened.grant.clone());
    let name = region::sender_name(&read).await.map_err(|error| form::behind_link(&error))?;
    let organizer = Party { name, email: app.settings.mail.sender.clone() };
    let meeting = &opened.meeting;
    let status = match meeting.state {
        State::Planned | State::Held => Status::Confirmed,
        State::Cancelled => Status::Cancelled,
    };
    let event = Event {
        uid: meeting.uid.clone(),
        sequence: meeting.sequence,
        start: meeting.time.start(),
        end: meeting.time.end(),
        summary: title(opened, Language::Dutch),
        description: String::new(),
        location: meeting.place.dutch().to_owned(),
        url: None,
        created: meeting.created,
        last_modified: meeting.updated,
        busy: Busy::Busy,
        alarm: None,
    };
    let file = ical::published(&organizer, meeting.updated, &[Entry { event, status }]);
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8; method=PUBLISH"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"overleg.ics\""),
    ];
    Ok((headers, file).into_response())
}
