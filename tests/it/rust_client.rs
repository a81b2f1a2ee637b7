//! The Rust client on a line that breaks: what is watched goes on, and what is changed happens once.

use std::time::Duration;

use schakel_client::{CaseWatch, Connection, ConsultationWatch, Profile, once, v1 as pb};
use schakel_proto::v1::{
    consultation_service_client::ConsultationServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_tests::{
    line::{Line, until},
    seed_meetings::Scene,
};
use tokio_util::sync::CancellationToken;

use crate::thuiszitter::{absent, named};

const QUIET: Duration = Duration::from_millis(1500);
const PATIENCE: Duration = Duration::from_secs(20);

/// A scene whose IB'er calls over a line.
struct Far {
    scene: Scene,
    line: Line,
    connection: Connection,
}

impl Far {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let (address, _) = scene.server.listen(CancellationToken::new()).await;
        let line = Line::to(address).await;
        let secret = scene.server.secret(scene.iber.0).await;
        let profile = Profile::new(format!("http://{}", line.address), secret);
        let connection = Connection::open(&profile).await.unwrap();
        Self { scene, line, connection }
    }

    async fn open(&self, name: &str) -> String {
        let opening = pb::OpenCaseRequest {
            case: Some(named(name, absent(self.scene.school))),
            request_id: self.scene.server.request_id(),
            ..Default::default()
        };
        let mut cases = ThuiszitterServiceClient::new(self.scene.iber.1.clone());
        cases.open_case(opening).await.unwrap().into_inner().name
    }

    async fn meetings(&self) -> Vec<pb::Consultation> {
        let all = pb::ListConsultationsRequest::default();
        self.scene.meetings().list_consultations(all).await.unwrap().into_inner().consultations
    }

    /// Nobody gets through while `work` is done.
    async fn away(&self, work: impl Future<Output = ()>) {
        self.line.cut();
        work.await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.line.mend();
    }
}

async fn change(watch: &mut CaseWatch) -> Option<pb::CaseChange> {
    tokio::time::timeout(PATIENCE, watch.next()).await.ok().map(Result::unwrap)
}

async fn meeting(watch: &mut ConsultationWatch) -> Option<pb::Consultation> {
    tokio::time::timeout(PATIENCE, watch.next()).await.ok().map(Result::unwrap)
}

#[tokio::test]
async fn a_watch_of_cases_goes_on_after_the_server_was_away() {
    let far = Far::start().await;
    let mut watch = far.connection.watch_cases("", "");
    assert!(tokio::time::timeout(QUIET, watch.next()).await.is_err(), "nothing has changed yet");
    let first = far.open("Bram Tuinman").await;
    let told = change(&mut watch).await.unwrap();
    assert_eq!((told.case.as_str(), watch.after()), (first.as_str(), told.name.as_str()));

    far.away(async {
        far.open("Saar Tuinman").await;
    })
    .await;
    let told = change(&mut watch).await.unwrap();
    assert_ne!(told.case, first, "what was told comes again from the server and is not told again");
    assert!(tokio::time::timeout(QUIET, watch.next()).await.is_err(), "each change once");

    let third = far.open("Daan Tuinman").await;
    assert_eq!(change(&mut watch).await.unwrap().case, third, "and it goes on");
}

#[tokio::test]
async fn a_watch_of_meetings_tells_after_a_break_what_changed_meanwhile() {
    let far = Far::start().await;
    let earlier = far.scene.booked(far.scene.later(24)).await;
    let mut watch = far.connection.watch_consultations("");
    assert!(tokio::time::timeout(QUIET, watch.next()).await.is_err(), "what stands is no change");
    let booked = far.scene.booked(far.scene.later(48)).await;
    assert_eq!(meeting(&mut watch).await.unwrap().name, booked.name);

    let mut late = String::new();
    far.away(async {
        let answer = pb::AnswerConsultationRequest {
            name: booked.name.clone(),
            answer: pb::participant::Answer::Tentative.into(),
            request_id: far.scene.server.request_id(),
            ..Default::default()
        };
        let mut smw = ConsultationServiceClient::new(far.scene.smw.1.clone());
        smw.answer_consultation(answer).await.unwrap();
        late = far.scene.booked(far.scene.later(72)).await.name;
    })
    .await;
    let mut told = Vec::new();
    while let Ok(next) = tokio::time::timeout(QUIET * 2, watch.next()).await {
        let next = next.unwrap();
        told.push((next.name, next.etag));
    }
    assert!(told.contains(&(booked.name.clone(), "2".into())), "the answer: {told:?}");
    assert!(told.contains(&(late, "1".into())), "the booking: {told:?}");
    // Its last change is so recent that it may have been missed; it is told once at most.
    told.retain(|(name, _)| *name != earlier.name);
    assert_eq!(told.len(), 2, "{told:?}");
}

#[tokio::test]
async fn a_watch_ends_when_the_server_refuses() {
    let far = Far::start().await;
    let mut strange = far.connection.watch_cases(format!("cases/{}", far.scene.server.request_id()), "");
    let refused = tokio::time::timeout(PATIENCE, strange.next()).await.unwrap().unwrap_err();
    assert_eq!(schakel_tests::reason(&refused), "CASE_NOT_FOUND");
}

#[tokio::test]
async fn a_booking_whose_answer_was_lost_is_sent_again_and_happens_once() {
    let far = Far::start().await;
    far.connection.access().who_am_i(pb::WhoAmIRequest {}).await.unwrap();
    let meeting = far.scene.mdo(far.scene.later(48));
    let ask = pb::BookConsultationRequest { consultation: Some(meeting), ..Default::default() };
    far.line.mute();
    let mut tries = 0;
    let sent = once(ask, async |ask| {
        tries += 1;
        far.connection.consultation().book_consultation(ask).await
    });
    let lost = async {
        until(async || !far.meetings().await.is_empty()).await;
        far.away(async {}).await;
    };
    let (booked, ()) = tokio::join!(sent, lost);
    let booked = booked.unwrap();
    let standing = far.meetings().await;
    assert_eq!(standing.iter().map(|one| &one.name).collect::<Vec<_>>(), [&booked.name]);
    assert!(tries > 1, "{tries}");
}
