//! A step that was a mistake is taken back.

use pb::{
    timeline::deadline,
    track::{Kind, Outcome, State},
};
use schakel_proto::v1 as pb;
use schakel_tests::{reason, violations};

use super::{Tracking, Tracks, step, waiting};

#[tokio::test]
async fn e12_a_step_that_was_a_mistake_is_taken_back_with_its_fact_and_its_terms() {
    let tracking = Tracking::start().await;
    let (iber, by) = &tracking.plan.iber;
    let track = tracking.begin(by, tracking.track(Kind::Placement, *iber)).await.unwrap();
    let nothing = tracking.back(by, &track, step::Kind::TlvApplied).await.unwrap_err();
    assert_eq!(reason(&nothing), "STEP_NOT_ALLOWED");
    let applied = tracking.go(by, &track, step(step::Kind::TlvApplied, "2026-11-16")).await.unwrap();
    let granted = tracking.go(by, &applied, step(step::Kind::TlvGranted, "2026-11-20")).await.unwrap();
    assert_eq!(tracking.stands("T16").await.unwrap().2, deadline::State::Met);

    let stale = tracking.back(by, &applied, step::Kind::TlvGranted).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    let earlier = tracking.back(by, &granted, step::Kind::TlvApplied).await.unwrap_err();
    assert_eq!(reason(&earlier), "STEP_NOT_ALLOWED", "another step rests on it");
    let hidden = tracking.back(&tracking.plan.smw.1, &granted, step::Kind::TlvGranted).await.unwrap_err();
    assert_eq!(reason(&hidden), "ACTION_NOT_ALLOWED");
    let early = pb::TakeBackTrackStepRequest {
        name: granted.name.clone(),
        step: step::Kind::TlvGranted.into(),
        next_date: "2026-11-15".into(),
        etag: granted.etag.clone(),
        request_id: tracking.id(),
    };
    let early = Tracks::new(by.clone()).take_back_track_step(early).await.unwrap_err();
    assert_eq!(violations(&early), ["next_date: TIME_OUT_OF_BOUNDS"]);

    let waits = tracking.back(by, &granted, step::Kind::TlvGranted).await.unwrap();
    assert_eq!((waits.steps.clone(), waits.etag.as_str()), (applied.steps, "4"));
    let (due, met, _) = tracking.stands("T16").await.unwrap();
    assert_eq!((due.as_str(), met.as_str()), ("2027-01-11", ""), "it waits for a decision again");
    assert_eq!(waiting(by).await, [(track.name.clone(), "2026-12-03".to_owned())]);
    let events = tracking.plan.region.timeline(&tracking.plan.case).await.events;
    let told = events.iter().find(|event| event.kind == "TRACK_STEP_TAKEN_BACK").unwrap();
    assert!(told.text.contains("Plaatsing: TLV toegekend."), "{}", told.text);
    let begun = tracking.back(by, &waits, step::Kind::TlvApplied).await.unwrap();
    assert!(begun.steps.is_empty());
    assert_eq!(tracking.stands("T16").await, None);
    let again = tracking.go(by, &begun, step(step::Kind::TlvApplied, "2026-11-17")).await.unwrap();
    assert_eq!(tracking.list(by).await, [again]);
}

#[tokio::test]
async fn e12_a_track_that_ended_by_mistake_runs_again() {
    let tracking = Tracking::start().await;
    let (iber, by) = &tracking.plan.iber;
    tracking.begin(by, tracking.track(Kind::ParentObjection, *iber)).await.unwrap();
    let dispute = tracking.begin(by, tracking.track(Kind::Dispute, *iber)).await.unwrap();
    let ended = (step(step::Kind::Ended, "2026-11-23"), Outcome::Withdrawn);
    let ended = tracking.end(by, &dispute, ended).await.unwrap();
    let runs = tracking.back(by, &ended, step::Kind::Ended).await.unwrap();
    let told = (runs.state(), runs.outcome(), runs.close_date.as_str(), runs.next_date.as_str());
    assert_eq!(told, (State::Open, Outcome::Unspecified, "", "2026-12-03"));
    assert_eq!(tracking.stands("T15").await.unwrap().2, deadline::State::Suspended, "it waits again");
    assert_eq!(tracking.stands("T14").await.unwrap().0, "2027-01-25");

    let settled = (step(step::Kind::Ended, "2026-11-23"), Outcome::Settled);
    let settled = tracking.end(by, &runs, settled).await.unwrap();
    tracking.begin(by, tracking.track(Kind::Dispute, *iber)).await.unwrap();
    let twice = tracking.back(by, &settled, step::Kind::Ended).await.unwrap_err();
    assert_eq!(reason(&twice), "ALREADY_EXISTS", "another runs");
}

/// Two placements, each applied for on 16 November: that is one fact, and it stands while either says so.
#[tokio::test]
async fn e12_what_two_steps_say_is_taken_back_with_the_last_of_them() {
    let tracking = Tracking::start().await;
    let (iber, by) = &tracking.plan.iber;
    let ended = || (step(step::Kind::Ended, "2026-11-20"), Outcome::Unspecified);
    let mut placements = Vec::new();
    for _ in 0..2 {
        let track = tracking.begin(by, tracking.track(Kind::Placement, *iber)).await.unwrap();
        let applied = tracking.go(by, &track, step(step::Kind::TlvApplied, "2026-11-16")).await.unwrap();
        let back = tracking.go(by, &applied, step(step::Kind::TlvWithdrawn, "2026-11-20")).await.unwrap();
        placements.push(tracking.end(by, &back, ended()).await.unwrap());
    }
    assert_eq!(tracking.told(by, pb::Moment::TlvRequested).await, 1);
    for (placement, left) in placements.iter().zip([1, 0]) {
        let mut track = placement.clone();
        for kind in [step::Kind::Ended, step::Kind::TlvWithdrawn, step::Kind::TlvApplied] {
            track = tracking.back(by, &track, kind).await.unwrap();
        }
        assert!(track.steps.is_empty());
        for moment in [pb::Moment::TlvRequested, pb::Moment::TlvWithdrawn] {
            assert_eq!(tracking.told(by, moment).await, left, "{moment:?}");
        }
        tracking.end(by, &track, ended()).await.unwrap();
    }
}
