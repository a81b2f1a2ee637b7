//! A membership that ends opens nothing from its commit on: no read, no stream, no consent.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_tests::{reason, seed_meetings::Scene};
use tonic::Code;

use crate::thuiszitter::absent;

/// Reads that are under way while the membership ends.
const READS: usize = 1_000;
/// At once: the server lets a connection open a hundred streams.
const AT_ONCE: usize = 64;

/// Ends the school's membership of the IB'er yesterday.
async fn end(scene: &Scene) {
    let mut register = scene.server.directory();
    let list = pb::ListAffiliationsRequest { person: scene.iber.0.to_string(), ..Default::default() };
    let held = register.list_affiliations(list).await.unwrap().into_inner().affiliations.remove(0);
    let end = pb::EndAffiliationRequest {
        name: held.name,
        valid_until: "2026-11-22".into(),
        etag: held.etag,
        request_id: scene.server.request_id(),
    };
    register.end_affiliation(end).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn x11_of_a_thousand_reads_none_begun_after_a_membership_ended_succeeds() {
    let scene = Scene::start().await;
    let opening = pb::OpenCaseRequest {
        case: Some(absent(scene.school)),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let mut cases = ThuiszitterServiceClient::new(scene.iber.1.clone());
    let name = cases.open_case(opening).await.unwrap().into_inner().name;
    let ended = Arc::new(AtomicBool::new(false));
    let (before, late) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let places = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let reads: Vec<_> = (0..READS)
        .map(|_| {
            let (ended, before, late) = (Arc::clone(&ended), Arc::clone(&before), Arc::clone(&late));
            let (places, name, mut cases) = (Arc::clone(&places), name.clone(), cases.clone());
            tokio::spawn(async move {
                let _place = places.acquire().await.unwrap();
                let after = ended.load(Ordering::SeqCst);
                match cases.get_case(pb::GetCaseRequest { name }).await {
                    Ok(_) if after => late.fetch_add(1, Ordering::SeqCst),
                    Ok(_) => before.fetch_add(1, Ordering::SeqCst),
                    Err(status) => {
                        assert_eq!(reason(&status), "ACCOUNT_DISABLED");
                        0
                    }
                }
            })
        })
        .collect();
    while before.load(Ordering::SeqCst) < READS / 10 {
        tokio::task::yield_now().await;
    }
    end(&scene).await;
    ended.store(true, Ordering::SeqCst);
    for read in reads {
        read.await.unwrap();
    }
    let (before, late) = (before.load(Ordering::SeqCst), late.load(Ordering::SeqCst));
    println!("{READS} reads: {before} begun before the end succeeded, {late} begun after it");
    assert!(before < READS, "the membership ended while they were under way");
    assert_eq!(late, 0);
}

// The clock stands still: the stream is not asked again because time has passed.
#[tokio::test]
async fn x11_a_stream_tells_nothing_after_the_membership_of_its_watcher_ended() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    let all = pb::WatchConsultationsRequest::default();
    let mut events = scene.meetings().watch_consultations(all).await.unwrap().into_inner();
    end(&scene).await;
    let answer = pb::AnswerConsultationRequest {
        name: booked.name,
        answer: pb::participant::Answer::Accepted.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let mut smw = ConsultationServiceClient::new(scene.smw.1.clone());
    smw.answer_consultation(answer).await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(10), events.message()).await.unwrap();
    let ended = ended.unwrap_err();
    assert_eq!((ended.code(), reason(&ended).as_str()), (Code::PermissionDenied, "ACCOUNT_DISABLED"));
}
