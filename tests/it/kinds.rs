//! The kinds of meetings: adjusted by a region from a day on, and what follows from their rules.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, consultation::Kind, consultation_service_client::ConsultationServiceClient,
    kind_service_client::KindServiceClient, thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_tests::{
    As, descriptions, reason,
    seed_meetings::{Scene, seat, stamp},
    violations,
};
use tonic::Code;

use crate::thuiszitter::{absent, named, parent};

async fn keeper(scene: &Scene) -> KindServiceClient<As> {
    let (_, channel) = scene.server.person(Role::Beheerder, scene.server.founded.organisation).await;
    KindServiceClient::new(channel)
}

async fn get(client: &mut KindServiceClient<As>, kind: Kind, date: &str) -> pb::KindRules {
    let ask = pb::GetKindRequest { kind: kind.into(), date: date.to_owned() };
    client.get_kind(ask).await.unwrap().into_inner()
}

fn change(scene: &Scene, rules: pb::KindRules, paths: &[&str], from: &str) -> pb::UpdateKindRequest {
    pb::UpdateKindRequest {
        kind: Some(rules),
        update_mask: Some(prost_types::FieldMask { paths: paths.iter().map(ToString::to_string).collect() }),
        valid_from: from.to_owned(),
        request_id: scene.server.request_id(),
    }
}

async fn book(scene: &Scene, meeting: pb::Consultation) -> Result<pb::Consultation, tonic::Status> {
    let booking = scene.booking(meeting);
    scene.meetings().book_consultation(booking).await.map(tonic::Response::into_inner)
}

async fn record(
    scene: &Scene,
    booked: &pb::Consultation,
    outcome: pb::Outcome,
) -> Result<pb::Consultation, tonic::Status> {
    let request = pb::RecordOutcomeRequest {
        name: booked.name.clone(),
        outcome: Some(outcome),
        etag: booked.etag.clone(),
        request_id: scene.server.request_id(),
    };
    scene.meetings().record_outcome(request).await.map(tonic::Response::into_inner)
}

fn of_length(minutes: i64) -> prost_types::Duration {
    prost_types::Duration { seconds: minutes * 60, nanos: 0 }
}

#[tokio::test]
async fn b01_a_region_adjusts_a_kind_from_a_day_on_and_the_days_before_keep_theirs() {
    let scene = Scene::start().await;
    let mut kinds = keeper(&scene).await;
    let all = kinds.list_kinds(pb::ListKindsRequest::default()).await.unwrap().into_inner().kinds;
    assert_eq!(all.iter().map(|rules| rules.kind).collect::<Vec<_>>(), (1..=23).collect::<Vec<_>>());
    let mdo = get(&mut kinds, Kind::Mdo, "").await;
    assert_eq!((mdo.max_minutes, mdo.etag.as_str(), mdo.valid_from.as_str()), (120, "0", ""));
    let longer = pb::KindRules { max_minutes: 150, quorum: 99, ..mdo.clone() };
    let asked = change(&scene, longer.clone(), &["max_minutes"], "2026-12-01");
    let set = kinds.update_kind(asked.clone()).await.unwrap().into_inner();
    assert_eq!((set.max_minutes, set.quorum, set.etag.as_str()), (150, mdo.quorum, "1"));
    assert_eq!(kinds.update_kind(asked).await.unwrap().into_inner(), set, "the same request, one effect");
    assert_eq!(get(&mut kinds, Kind::Mdo, "2026-11-30").await.max_minutes, 120);
    assert_eq!(get(&mut kinds, Kind::Mdo, "2026-12-01").await, set);
    let stale = kinds.update_kind(change(&scene, longer, &["max_minutes"], "2026-12-01")).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale)), (Code::Aborted, "ETAG_MISMATCH".to_owned()));

    let long = |start| pb::Consultation { duration: Some(of_length(140)), ..scene.mdo(start) };
    let before = book(&scene, long("2026-11-30T09:00:00Z".parse().unwrap())).await.unwrap_err();
    assert_eq!(violations(&before), ["consultation.duration: DURATION_INVALID"]);
    book(&scene, long("2026-12-01T09:00:00Z".parse().unwrap())).await.unwrap();
}

#[tokio::test]
async fn b01_a_region_asks_for_whom_it_wants_and_never_for_less_than_the_law() {
    let scene = Scene::start().await;
    let mut kinds = keeper(&scene).await;
    let mdo = get(&mut kinds, Kind::Mdo, "").await;
    let less = pb::KindRules {
        record: vec![pb::kind_rules::Record::Attendance.into()],
        must_come: vec![pb::kind_rules::AnyOf { roles: vec![pb::Role::Ouder.into()] }],
        may_come: vec![pb::Role::Smw.into()],
        quorum: 0,
        ..mdo.clone()
    };
    let asked = change(&scene, less, &["record", "must_come", "may_come", "quorum"], "2026-11-23");
    let refused = kinds.update_kind(asked).await.unwrap_err();
    let mut told = violations(&refused);
    told.sort();
    let expected = [
        "kind.may_come: PARENT_REQUIRED",
        "kind.must_come[0]: FIELD_INVALID",
        "kind.quorum: FIELD_INVALID",
        "kind.record: FIELD_REQUIRED",
    ];
    assert_eq!(told, expected);
    let refused = kinds.update_kind(change(&scene, mdo.clone(), &["about"], "2026-11-01")).await.unwrap_err();
    assert_eq!(violations(&refused), ["valid_from: TIME_OUT_OF_BOUNDS", "update_mask: MASK_INVALID"]);

    let mut must_come = mdo.must_come.clone();
    must_come.push(pb::kind_rules::AnyOf { roles: vec![pb::Role::Leerplichtambtenaar.into()] });
    let stricter = pb::KindRules { must_come, ..mdo };
    kinds.update_kind(change(&scene, stricter.clone(), &["must_come"], "2026-11-23")).await.unwrap();
    let refused = book(&scene, scene.mdo(scene.later(48))).await.unwrap_err();
    assert_eq!(violations(&refused), ["consultation.participants: ROLE_REQUIRED"]);
    let mut mdo = scene.mdo(scene.later(48));
    mdo.participants.push(seat(scene.leerplicht.0, pb::Role::Leerplichtambtenaar));
    book(&scene, mdo).await.unwrap();
    let mut iber = KindServiceClient::new(scene.iber.1.clone());
    let denied = iber.update_kind(change(&scene, stricter, &["must_come"], "2026-11-23")).await.unwrap_err();
    assert_eq!(reason(&denied), "ACTION_NOT_ALLOWED");
}

#[tokio::test]
async fn b01_a_meeting_is_booked_in_time_or_it_is_said_why_not() {
    let scene = Scene::start().await;
    let soon = scene.mdo(scene.later(5));
    let refused = book(&scene, soon.clone()).await.unwrap_err();
    assert_eq!(violations(&refused), ["consultation.start_time: NOTICE_TOO_SHORT"]);
    // How much is asked, and which field takes the reason.
    let told = &descriptions(&refused)[0];
    assert!(told.ends_with("(≥ 12 h; short_notice)"), "{told}");
    let crisis = pb::Consultation { kind: Kind::Crisis.into(), ..soon.clone() };
    book(&scene, crisis).await.unwrap();
    let urgent = pb::consultation::ShortNotice::FamilyAsks.into();
    let later = scene.mdo(scene.later(7));
    let booked = book(&scene, pb::Consultation { short_notice: urgent, ..later }).await.unwrap();
    assert_eq!(booked.short_notice, urgent);

    let planned = scene.booked(scene.later(72)).await;
    let mut moving = pb::MoveConsultationRequest {
        name: planned.name.clone(),
        start_time: Some(stamp(scene.later(9))),
        etag: planned.etag.clone(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let refused = scene.meetings().move_consultation(moving.clone()).await.unwrap_err();
    assert_eq!(violations(&refused), ["start_time: NOTICE_TOO_SHORT"]);
    moving.short_notice = pb::consultation::ShortNotice::AllAgreed.into();
    moving.request_id = scene.server.request_id();
    let moved = scene.meetings().move_consultation(moving.clone()).await.unwrap().into_inner();
    // Later is no shorter notice, even today.
    let later = pb::MoveConsultationRequest {
        start_time: Some(stamp(scene.later(11))),
        etag: moved.etag,
        request_id: scene.server.request_id(),
        short_notice: 0,
        ..moving
    };
    scene.meetings().move_consultation(later).await.unwrap();
}

#[tokio::test]
async fn b01_an_anonymous_consultation_has_no_case_no_family_and_no_number() {
    let scene = Scene::start().await;
    let table = |people: Vec<pb::Participant>| pb::Consultation {
        kind: Kind::AnoniemConsult.into(),
        case: String::new(),
        school: scene.school.to_string(),
        duration: Some(of_length(30)),
        place: pb::consultation::Place::Phone.into(),
        participants: people,
        ..scene.mdo(scene.later(3))
    };
    let people = || vec![seat(scene.iber.0, pb::Role::Iber), seat(scene.smw.0, pb::Role::Smw)];
    let with_case = pb::Consultation { case: scene.family.case.to_string(), ..table(people()) };
    let refused = book(&scene, with_case).await.unwrap_err();
    assert_eq!(violations(&refused), ["consultation.case: FIELD_INVALID"]);
    let mut family = people();
    family.push(seat(scene.family.parents[0], pb::Role::Ouder));
    let refused = book(&scene, table(family)).await.unwrap_err();
    let expected = [
        "consultation.participants[2].role: FIELD_INVALID",
        "consultation.participants[2].person: PARTICIPANT_UNKNOWN",
    ];
    assert_eq!(violations(&refused), expected);
    let booked = book(&scene, table(people())).await.unwrap();
    scene.server.clock.advance(TimeDelta::hours(4));
    let attended = vec![scene.iber.0.to_string(), scene.smw.0.to_string()];
    let telling = pb::Outcome {
        attended: attended.clone(),
        summary: "Het gaat om 111222333.".into(),
        ..Default::default()
    };
    let refused = record(&scene, &booked, telling).await.unwrap_err();
    assert_eq!(violations(&refused), ["outcome.summary: BSN_REFUSED"]);
    let outcome = pb::Outcome { attended, summary: "Eerst de ouders vragen.".into(), ..Default::default() };
    let held = record(&scene, &booked, outcome).await.unwrap();
    assert_eq!(held.state, pb::consultation::State::Held as i32);
}

#[tokio::test]
async fn a08_a_home_visit_is_at_home_and_a_team_never_is() {
    let scene = Scene::start().await;
    let visit = pb::Consultation { kind: Kind::Huisbezoek.into(), ..scene.mdo(scene.later(48)) };
    let refused = book(&scene, visit.clone()).await.unwrap_err();
    assert_eq!(violations(&refused), ["consultation.place: FIELD_INVALID"]);
    let home = pb::consultation::Place::Home.into();
    book(&scene, pb::Consultation { place: home, ..visit }).await.unwrap();
    let team =
        pb::Consultation { kind: Kind::Ondersteuningsteam.into(), place: home, ..scene.mdo(scene.later(96)) };
    let refused = book(&scene, team).await.unwrap_err();
    assert_eq!(violations(&refused), ["consultation.place: FIELD_INVALID"]);
}

#[tokio::test]
async fn d10_a_child_is_handed_over_and_its_opp_looked_back_on_as_kinds_of_their_own() {
    let scene = Scene::start().await;
    for (at, kind) in [Kind::WarmeOverdracht, Kind::OppEvaluatie, Kind::Nazorg].into_iter().enumerate() {
        let start = scene.later(48 + 24 * i64::try_from(at).unwrap());
        let meeting =
            pb::Consultation { kind: kind.into(), duration: Some(of_length(30)), ..scene.mdo(start) };
        assert_eq!(book(&scene, meeting).await.unwrap().kind, kind as i32);
    }
}

#[tokio::test]
async fn x04_too_few_decide_nothing_unless_they_say_so() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    scene.server.clock.advance(TimeDelta::hours(50));
    let parent = scene.family.parents[0].to_string();
    let few = pb::Outcome {
        attended: vec![scene.iber.0.to_string(), parent.clone()],
        child_heard: pb::outcome::ChildHeard::Directly.into(),
        child_heard_note: "Aan tafel.".into(),
        jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::NogNiet.into(),
        jgt_decided_with: vec![parent],
        ..Default::default()
    };
    let refused = record(&scene, &booked, few.clone()).await.unwrap_err();
    let expected = ["outcome.actions: FIELD_REQUIRED", "outcome.attended: QUORUM_NOT_MET"];
    assert_eq!(violations(&refused), expected);
    let held = record(&scene, &booked, pb::Outcome { not_decided: true, ..few }).await.unwrap();
    let outcome = held.outcome.unwrap();
    assert!(outcome.not_decided && !outcome.quorum_met);
}

#[tokio::test]
async fn d01_and_d02_an_oogo_says_whether_samenwerkingsverband_and_gemeente_agree() {
    let scene = Scene::start().await;
    let keeper = scene.server.person(Role::Thuiszitterscoordinator, scene.server.founded.organisation).await;
    let directeur = scene.server.person(Role::Directeur, scene.school).await;
    let officer = scene.server.person(Role::Beleidsmedewerker, scene.gemeente).await;
    let people = vec![
        seat(directeur.0, pb::Role::Directeur),
        seat(keeper.0, pb::Role::Thuiszitterscoordinator),
        seat(officer.0, pb::Role::Beleidsmedewerker),
    ];
    let attended: Vec<String> = people.iter().map(|seat| seat.person.clone()).collect();
    let mut meetings = ConsultationServiceClient::new(keeper.1.clone());
    let oogo = pb::Consultation {
        kind: Kind::OogoBestuurlijk.into(),
        case: String::new(),
        duration: Some(of_length(120)),
        participants: people,
        ..scene.mdo(scene.later(24 * 15))
    };
    let soon = pb::Consultation { start_time: Some(stamp(scene.later(24 * 7))), ..oogo.clone() };
    let refused = meetings.book_consultation(scene.booking(soon)).await.unwrap_err();
    assert_eq!(violations(&refused), ["consultation.start_time: NOTICE_TOO_SHORT"]);
    let booked = meetings.book_consultation(scene.booking(oogo)).await.unwrap().into_inner();
    scene.server.clock.advance(TimeDelta::days(15) + TimeDelta::hours(3));
    let mut ask = pb::RecordOutcomeRequest {
        name: booked.name,
        outcome: Some(pb::Outcome { attended, ..Default::default() }),
        etag: booked.etag,
        request_id: scene.server.request_id(),
    };
    let refused = meetings.record_outcome(ask.clone()).await.unwrap_err();
    assert_eq!(violations(&refused), ["outcome.agreement: FIELD_REQUIRED"]);
    ask.outcome.as_mut().unwrap().agreement = pb::outcome::Agreement::Dispute.into();
    ask.request_id = scene.server.request_id();
    let closed = meetings.record_outcome(ask).await.unwrap().into_inner();
    assert_eq!(closed.outcome.unwrap().agreement, pb::outcome::Agreement::Dispute as i32);
}

/// A case opened by the IB'er, with a parent with gezag.
async fn opened(scene: &Scene) -> pb::Case {
    let mut cases = ThuiszitterServiceClient::new(scene.iber.1.clone());
    let case = pb::Case { parents: vec![parent("Joke Later")], ..named("Fenna Later", absent(scene.school)) };
    let request =
        pb::OpenCaseRequest { case: Some(case), request_id: scene.server.request_id(), ..Default::default() };
    cases.open_case(request).await.unwrap().into_inner()
}

async fn timeline(channel: &As, case: &pb::Case) -> pb::Timeline {
    let ask = pb::GetTimelineRequest { name: case.name.clone(), ..Default::default() };
    ThuiszitterServiceClient::new(channel.clone()).get_timeline(ask).await.unwrap().into_inner()
}

#[tokio::test]
async fn b07_who_joins_later_reads_from_then_on() {
    let scene = Scene::start().await;
    let case = opened(&scene).await;
    let guide = scene.server.person(Role::Trajectbegeleider, scene.server.founded.organisation).await;
    scene.server.clock.advance(TimeDelta::days(7));
    let mut mdo = scene.mdo(scene.later(48));
    mdo.case.clone_from(&case.name);
    mdo.participants[2] = seat(case.parents[0].person.parse().unwrap(), pb::Role::Ouder);
    mdo.participants.push(seat(guide.0, pb::Role::Trajectbegeleider));
    book(&scene, mdo).await.unwrap();
    let (app, region) = (&scene.server.app, scene.server.founded.region);
    schakel_server::thuiszitter::worker::work(app, region).await.unwrap();
    let kinds = |timeline: &pb::Timeline| -> Vec<String> {
        timeline.events.iter().map(|event| event.kind.clone()).collect()
    };
    assert_eq!(kinds(&timeline(&scene.iber.1, &case).await), ["CASE_OPENED", "CONSULTATION_BOOKED"]);
    assert_eq!(kinds(&timeline(&guide.1, &case).await), ["CONSULTATION_BOOKED"]);
}

#[tokio::test]
async fn c05_the_first_meeting_with_parents_is_counted_from_the_first_day_of_absence() {
    let scene = Scene::start().await;
    let case = opened(&scene).await;
    let parent = case.parents[0].person.clone();
    let mut talk = scene.mdo(scene.later(48));
    talk.kind = Kind::Verzuimgesprek.into();
    talk.case.clone_from(&case.name);
    talk.participants[2] = seat(parent.parse().unwrap(), pb::Role::Ouder);
    let booked = book(&scene, talk).await.unwrap();
    assert_eq!(timeline(&scene.iber.1, &case).await.first_parent_meeting_date, "");
    scene.server.clock.advance(TimeDelta::hours(50));
    let outcome = pb::Outcome {
        attended: vec![scene.iber.0.to_string(), parent.clone()],
        child_heard: pb::outcome::ChildHeard::ThroughOthers.into(),
        child_heard_note: "Via moeder.".into(),
        jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::NietBesproken.into(),
        ..Default::default()
    };
    record(&scene, &booked, outcome).await.unwrap();
    let told = timeline(&scene.iber.1, &case).await;
    assert_eq!(told.first_parent_meeting_date, "2026-11-25");
    let first = case.absence.as_ref().unwrap().first_day.parse::<chrono::NaiveDate>().unwrap();
    let held = "2026-11-25".parse::<chrono::NaiveDate>().unwrap();
    assert_eq!(i64::from(told.days_to_first_parent_meeting), (held - first).num_days());
}
