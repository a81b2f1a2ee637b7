//! One meeting as a calendar file: the event that the reader's own feed has for it, to the byte.

use axum::{extract::Path, response::IntoResponse};
use chrono::TimeDelta;
use http::header;
use pb::{consultation::State, participant::Answer};
use schakel_domain::{
    consultation::Place,
    feed::Detail,
    ical::{self, Busy, Entry, Event, Status},
};
use schakel_proto::v1 as pb;

use super::{begins, get_meeting};
use crate::web::{
    problem::NOT_FOUND,
    workplace::{shown, trouble::Shown, visit::Visit},
};

/// As much as a feed tells by itself: the reference and the class of place, never about whom it is.
const DETAIL: Detail = Detail::Title;

/// Hands it out to whoever may see the meeting.
pub(super) async fn download(visit: Visit, Path(id): Path<String>) -> Shown {
    let meeting = get_meeting(&visit, &id).await?;
    let start = begins(&meeting).ok_or(NOT_FOUND)?;
    let length = meeting.duration.as_ref().map_or(0, |length| length.seconds);
    let place: Option<Place> = meeting.place().as_str_name().trim_start_matches("PLACE_").parse().ok();
    let status = match meeting.state() {
        State::Unspecified | State::Planned | State::Held => Status::Confirmed,
        State::Cancelled => Status::Cancelled,
    };
    // What others do takes none of the reader's time, nor does what the reader declined.
    let seat = meeting.participants.iter().find(|at| at.person == visit.me.person);
    let busy = match seat.map(pb::Participant::answer) {
        None | Some(Answer::Declined) => Busy::Free,
        Some(Answer::Unspecified | Answer::NeedsAction | Answer::Accepted | Answer::Tentative) => Busy::Busy,
    };
    let event = Event {
        uid: meeting.uid.clone(),
        sequence: u32::try_from(meeting.sequence).unwrap_or_default(),
        start,
        end: start + TimeDelta::seconds(length),
        summary: DETAIL.summary(&meeting.reference),
        description: String::new(),
        location: place.map(|place| DETAIL.location(place, None)).unwrap_or_default(),
        url: None,
        created: shown::instant(meeting.create_time.as_ref()).unwrap_or(start),
        last_modified: shown::instant(meeting.update_time.as_ref()).unwrap_or(start),
        busy,
        alarm: None,
    };
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"overleg.ics\""),
    ];
    Ok((headers, ical::file(&Entry { event, status })).into_response())
}
