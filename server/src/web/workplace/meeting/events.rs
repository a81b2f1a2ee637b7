//! Who answered what, as it happens: server-sent events (WHATWG HTML §9.2) from the watch of the API.
//!
//! A stream tells nothing after the session is over, and ends with it; it uses no session, so that
//! a page that was left open keeps nobody signed in. It holds a connection, of which an address has
//! its share and a person another, and it ends when the server stops.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::Path,
    response::IntoResponse,
};
use http::{HeaderName, header};
use pb::consultation_service_client::ConsultationServiceClient;
use schakel_domain::refusal::Language;
use schakel_proto::v1 as pb;
use serde_json::json;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

use super::get_meeting;
use crate::{
    access::session,
    web::workplace::{shown, trouble::Shown, visit::Visit},
};

/// How often it is shown that the stream lives, and looked whether the session does.
const BEAT: Duration = Duration::from_secs(5);
/// How much waits for a slow browser.
const WAITING: usize = 4;

type Sender = mpsc::Sender<Result<Bytes, Infallible>>;

pub(super) async fn stream(visit: Visit, Path(id): Path<String>) -> Shown {
    let open = visit.app.edge.stream(visit.session.signed_in.login.0)?;
    // The watch begins first: what happens between the two is told. It is of this meeting alone,
    // so that no audit line says that somebody saw another.
    let consultation = format!("consultations/{id}");
    let ask = pb::WatchConsultationsRequest { consultation, ..Default::default() };
    let changes = ConsultationServiceClient::new(visit.calls()).watch_consultations(ask).await?.into_inner();
    let meeting = get_meeting(&visit, &id).await?;
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        tell(visit, meeting, changes, sender).await;
        drop(open);
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        // A proxy that gathers an answer would keep it for ever.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(ReceiverStream::new(receiver))).into_response())
}

async fn tell(
    visit: Visit,
    meeting: pb::Consultation,
    changes: Streaming<pb::WatchConsultationsResponse>,
    sender: Sender,
) {
    let stopping = visit.app.stopping.clone();
    tokio::select! {
        () = sender.closed() => {}
        () = stopping.cancelled() => {}
        () = run(&visit, &meeting, changes, &sender) => {}
    }
}

async fn run(
    visit: &Visit,
    meeting: &pb::Consultation,
    mut changes: Streaming<pb::WatchConsultationsResponse>,
    sender: &Sender,
) {
    let mut beat = tokio::time::interval(BEAT);
    let mut text = event(meeting, visit.language);
    loop {
        if !session::lasts(&visit.app, &visit.session).await.unwrap_or_default() {
            return;
        }
        if sender.send(Ok(Bytes::from(text))).await.is_err() {
            return;
        }
        text = loop {
            tokio::select! {
                _ = beat.tick() => break ":\n\n".to_owned(),
                change = changes.message() => match change {
                    Ok(Some(change)) => {
                        if let Some(news) = change.consultation {
                            break event(&news, visit.language);
                        }
                    }
                    Ok(None) | Err(_) => return,
                },
            }
        };
    }
}

/// The meeting as the page shows it: `when`, `state`, and of each participant `person`, `name`,
/// `role`, `answer` and its `mark`.
fn event(meeting: &pb::Consultation, language: Language) -> String {
    let table: Vec<serde_json::Value> = (meeting.participants.iter())
        .map(|one| {
            let role = shown::role(one.role(), language);
            let name = if one.display_name.is_empty() { role.as_str() } else { one.display_name.as_str() };
            json!({
                "person": one.person,
                "name": name,
                "role": role,
                "answer": shown::answer(one.answer(), language),
                "mark": shown::mark(one.answer()),
            })
        })
        .collect();
    let when = shown::span(meeting.start_time.as_ref(), meeting.duration.as_ref(), language);
    let told = json!({ "when": when, "state": shown::state(meeting.state(), language), "table": table });
    // JSON has no line breaks of its own, so that it is one line of data.
    format!("event: meeting\ndata: {told}\n\n")
}
