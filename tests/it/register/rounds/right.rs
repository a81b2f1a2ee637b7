//! Which meeting is the hand-over that is due, which answer stands, and which school is which.

use chrono::TimeDelta;
use pb::handover::{Reason, Side, State};
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{
    TestServer, reason,
    seed_meetings::{Scene, stamp},
};

use super::{Round, all, counts, easter};

/// Timelines tell what happened to meetings.
async fn told(server: &TestServer) {
    schakel_server::thuiszitter::worker::work(&server.app, server.founded.region).await.unwrap();
}

#[tokio::test]
async fn e09_what_was_given_back_before_it_was_held_or_moved_waits_for_an_answer_again() {
    let round = Round::start().await;
    let (server, iber) = (&round.scene.server, &round.scene.iber.1);
    let booked = round.book().await;
    let back = (State::Refused, Reason::Incomplete);
    let refused = round.answer(&round.carer.1, &booked, back).await.unwrap();
    assert_eq!((refused.state(), refused.acts()), (State::Refused, Side::Sending));
    let moving = pb::MoveConsultationRequest {
        name: booked.name.clone(),
        start_time: Some(stamp(round.scene.later(72))),
        etag: booked.etag.clone(),
        request_id: server.request_id(),
        ..Default::default()
    };
    let moved = round.scene.meetings().move_consultation(moving).await.unwrap().into_inner();
    told(server).await;
    let one = all(iber).await.handovers.remove(0);
    let now = (one.state(), one.acts(), one.reason());
    assert_eq!(now, (State::Booked, Side::Unspecified, Reason::Unspecified), "another day");

    round.answer(&round.carer.1, &moved, back).await.unwrap();
    server.clock.advance(TimeDelta::hours(74));
    assert_eq!(all(iber).await.refused_count, 1);
    round.held(&moved).await;
    told(server).await;
    let one = all(iber).await.handovers.remove(0);
    assert_eq!((one.state(), one.acts()), (State::Held, Side::Receiving), "it was held after all");
    round.answer(&round.carer.1, &moved, back).await.unwrap();
    let one = all(iber).await.handovers.remove(0);
    assert_eq!((one.state(), one.reason()), (State::Refused, Reason::Incomplete), "of what was held");
}

/// A child in its last year changed school in November; it goes on to the next one from April on (T24C).
#[tokio::test]
async fn e09_an_earlier_hand_over_does_not_hide_the_one_that_is_due() {
    let round = Round::of(Scene::start().await).await;
    let (server, iber) = (&round.scene.server, &round.scene.iber.1);
    let booked = round.book().await;
    server.clock.advance(TimeDelta::hours(50));
    round.held(&booked).await;
    round.answer(&round.carer.1, &booked, (State::Confirmed, Reason::Unspecified)).await.unwrap();
    assert_eq!(counts(&all(iber).await), [0, 0, 0, 1, 0], "nothing else is due");
    round.goes_on().await;
    let due = all(iber).await;
    assert_eq!(counts(&due), [1, 0, 0, 0, 0]);
    let one = &due.handovers[0];
    assert_eq!((one.consultation.as_str(), one.due_date.as_str()), ("", "2027-06-30"));
    assert_eq!((one.acts(), one.answer_date.as_str()), (Side::Sending, ""));
    assert_eq!(
        counts(&all(&round.carer.1).await),
        [0, 0, 0, 1, 0],
        "who knows of no norm sees what was held"
    );

    server.clock.set(easter());
    let booked = round.book().await;
    let one = all(iber).await.handovers.remove(0);
    assert_eq!((one.state(), one.consultation.as_str()), (State::Booked, booked.name.as_str()));
    server.clock.advance(TimeDelta::hours(50));
    round.held(&booked).await;
    let one = all(iber).await.handovers.remove(0);
    assert_eq!((one.state(), one.due_date.as_str()), (State::Held, ""));
}

/// A child went to another school in November and goes back in April: that is a hand-over to its first school.
#[tokio::test]
async fn e09_a_child_that_goes_back_is_received_by_the_school_that_it_left() {
    let round = Round::of(Scene::start().await).await;
    let (iber, carer) = (&round.scene.iber.1, &round.carer.1);
    round.moves(iber, &round.next).await;
    round.scene.server.clock.set(easter());
    let booked = round.book_by(carer, round.wish()).await;
    let ways = (round.next.clone(), round.scene.school.to_string());
    let one = all(carer).await.handovers.remove(0);
    assert_eq!((one.sending_school, one.receiving_school), ways);
    let back = (State::Refused, Reason::Incomplete);
    let sending = round.answer(carer, &booked, back).await.unwrap_err();
    assert_eq!(reason(&sending), "ACTION_NOT_ALLOWED", "the school that the child leaves");
    round.answer(iber, &booked, back).await.unwrap();
    // And the same once it moved.
    round.moves(carer, &ways.1).await;
    let one = all(iber).await.handovers.remove(0);
    assert_eq!((one.sending_school, one.receiving_school), ways);
    round.answer(iber, &booked, back).await.unwrap();
}

/// The care coordinator of the next school works at another one too, and comes for the child as that.
#[tokio::test]
async fn e09_whoever_works_at_two_schools_answers_for_the_one_for_which_they_act() {
    let round = Round::start().await;
    let (server, carer) = (&round.scene.server, round.carer.0);
    let other = server.school("99WO00", "GM9901").await;
    server.affiliate(carer, Role::Zorgcoordinator, other).await;
    let bearer = format!("Bearer {}", server.secret(carer).await);
    let acting = |school: &str| {
        let organisation = school.replace("schools/", "organisations/");
        server.with_headers(&[("authorization", &bearer), ("schakel-acting-for", &organisation)])
    };
    let booked = round.book().await;
    server.clock.advance(TimeDelta::hours(50));
    round.held(&booked).await;
    let other = other.to_string();
    for school in [&round.next, &other] {
        let one = all(&acting(school)).await.handovers.remove(0);
        assert_eq!(one.receiving_school, *school);
    }
    let yes = (State::Confirmed, Reason::Unspecified);
    let refused = round.answer(&round.scene.iber.1, &booked, yes).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    let yes = round.answer(&acting(&other), &booked, yes).await.unwrap();
    assert_eq!((yes.state(), &yes.receiving_school), (State::Confirmed, &other));
    let one = all(&round.scene.iber.1).await.handovers.remove(0);
    assert_eq!(one.receiving_school, other, "the school that answered");
}
