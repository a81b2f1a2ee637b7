//! Who is on call, and what gives way to a crisis.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{access::Role, ids::PersonId};
use schakel_proto::v1::{
    self as pb, availability_service_client::AvailabilityServiceClient,
    consultation_service_client::ConsultationServiceClient, get_on_call_request::Where,
    get_on_call_response::contact::Reason, kind_service_client::KindServiceClient,
    on_call_service_client::OnCallServiceClient, staffing_service_client::StaffingServiceClient,
};
use schakel_tests::{
    As, reason,
    seed_meetings::{Scene, seat, stamp},
    violations,
};

fn roster(client: &As) -> OnCallServiceClient<As> {
    OnCallServiceClient::new(client.clone())
}

/// A shift of somebody of the scene's team, for hours from now.
fn shift(
    scene: &Scene,
    person: PersonId,
    (from, until): (i64, i64),
    order: i32,
) -> pb::CreateOnCallShiftRequest {
    let on_call_shift = pb::OnCallShift {
        team: scene.team.to_string(),
        person: person.to_string(),
        role: pb::Role::Smw.into(),
        start_time: Some(stamp(scene.later(from))),
        end_time: Some(stamp(scene.later(until))),
        phone_order: order,
        ..Default::default()
    };
    pb::CreateOnCallShiftRequest { on_call_shift: Some(on_call_shift), request_id: scene.server.request_id() }
}

pub(super) async fn on_call(
    scene: &Scene,
    person: PersonId,
    hours: (i64, i64),
    order: i32,
) -> pb::OnCallShift {
    let made = roster(&scene.planner.1).create_on_call_shift(shift(scene, person, hours, order)).await;
    made.unwrap().into_inner()
}

#[tokio::test]
async fn c04_the_roster_says_whom_to_call_and_who_comes_after() {
    let scene = Scene::start().await;
    let (second, _) = scene.server.person(Role::Smw, scene.team).await;
    let now = on_call(&scene, second, (0, 12), 1).await;
    on_call(&scene, scene.smw.0, (12, 24), 1).await;
    let mut client = roster(&scene.iber.1);
    let ask = |r#where, at: Option<DateTime<Utc>>| pb::GetOnCallRequest {
        r#where: Some(r#where),
        at: at.map(stamp),
    };
    let school = || Where::School(scene.school.to_string());
    let who = |found: pb::GetOnCallResponse| -> Vec<(String, i32)> {
        found.contacts.into_iter().map(|one| (one.person, one.reason)).collect()
    };
    let found = client.get_on_call(ask(school(), None)).await.unwrap().into_inner();
    assert_eq!(found.contacts[0].end_time, now.end_time);
    let called = (second.to_string(), Reason::OnCall as i32);
    let link = (scene.smw.0.to_string(), Reason::LinkPerson as i32);
    assert_eq!(who(found), [called, link]);
    let tonight = client.get_on_call(ask(school(), Some(scene.later(13)))).await.unwrap().into_inner();
    assert_eq!(who(tonight)[0], (scene.smw.0.to_string(), Reason::OnCall as i32));
    let team = Where::Team(scene.team.to_string());
    let of_team = client.get_on_call(ask(team, Some(scene.later(48)))).await.unwrap().into_inner();
    assert!(of_team.contacts.iter().all(|one| one.reason == Reason::TeamMember as i32));
    let listed = client.list_on_call_shifts(pb::ListOnCallShiftsRequest::default()).await.unwrap();
    assert_eq!(listed.into_inner().on_call_shifts.len(), 2);

    let empty = scene.server.team("WT09").await;
    let nobody = client.get_on_call(ask(Where::Team(empty.to_string()), None)).await.unwrap_err();
    assert_eq!(reason(&nobody), "NOBODY_ON_CALL");
    let (_, strange) = scene.server.person(Role::WijkteamCoordinator, empty).await;
    let theirs = shift(&scene, second, (0, 12), 1);
    let refused = roster(&strange).create_on_call_shift(theirs).await.unwrap_err();
    assert_eq!(reason(&refused), "TEAM_NOT_FOUND");
    let remove = |request_id| pb::RemoveOnCallShiftRequest {
        name: now.name.clone(),
        etag: now.etag.clone(),
        request_id,
    };
    let refused = roster(&strange).remove_on_call_shift(remove(scene.server.request_id())).await;
    assert_eq!(reason(&refused.unwrap_err()), "ON_CALL_SHIFT_NOT_FOUND");
    roster(&scene.planner.1).remove_on_call_shift(remove(scene.server.request_id())).await.unwrap();
    let outsider = shift(&scene, scene.iber.0, (0, 12), 1);
    let refused = roster(&scene.planner.1).create_on_call_shift(outsider).await.unwrap_err();
    assert_eq!(violations(&refused), ["on_call_shift.person: PERSON_NOT_FOUND"]);
}

pub(super) fn crises(scene: &Scene) -> StaffingServiceClient<As> {
    StaffingServiceClient::new(scene.iber.1.clone())
}

/// A crisis about a case, within hours.
pub(super) fn crisis(scene: &Scene, case: &str, hours: i64) -> pb::BookCrisisRequest {
    pb::BookCrisisRequest {
        case: case.to_owned(),
        within: Some(prost_types::Duration { seconds: hours * 3600, nanos: 0 }),
        request_id: scene.server.request_id(),
        ..Default::default()
    }
}

/// A meeting of the social worker with others than those of a crisis, from minutes to minutes from now.
async fn other_meeting(
    scene: &Scene,
    kind: pb::consultation::Kind,
    (from, until): (i64, i64),
) -> pb::Consultation {
    let start = scene.server.app.now() + TimeDelta::minutes(from);
    let mut wish = scene.mdo(start);
    let (second, _) = scene.server.person(Role::Iber, scene.school).await;
    wish.kind = kind.into();
    wish.short_notice = pb::consultation::ShortNotice::Urgent.into();
    wish.duration = Some(prost_types::Duration { seconds: (until - from) * 60, nanos: 0 });
    wish.participants[0] = seat(second, pb::Role::Iber);
    if kind == pb::consultation::Kind::Mdo {
        let family = scene.server.family(scene.school).await;
        wish.case = family.case.to_string();
        wish.participants[2] = seat(family.parents[0], pb::Role::Ouder);
    } else {
        wish.case = String::new();
        wish.school = scene.school.to_string();
        wish.participants.truncate(2);
    }
    scene.meetings().book_consultation(scene.booking(wish)).await.unwrap().into_inner()
}

/// The region says that meetings of this kind are the first to give way.
async fn matters_least(scene: &Scene, kind: pb::consultation::Kind) {
    let (_, keeper) = scene.server.person(Role::Beheerder, scene.server.founded.organisation).await;
    let mut kinds = KindServiceClient::new(keeper);
    let ask = pb::GetKindRequest { kind: kind.into(), ..Default::default() };
    let known = kinds.get_kind(ask).await.unwrap().into_inner();
    let change = pb::UpdateKindRequest {
        kind: Some(pb::KindRules { priority: pb::kind_rules::Priority::Policy.into(), ..known }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["priority".into()] }),
        valid_from: "2026-11-23".into(),
        request_id: scene.server.request_id(),
    };
    kinds.update_kind(change).await.unwrap();
}

async fn get(scene: &Scene, name: &str) -> pb::Consultation {
    let ask = pb::GetConsultationRequest { name: name.to_owned() };
    scene.meetings().get_consultation(ask).await.unwrap().into_inner()
}

/// What a change of a meeting would change; mails go out meanwhile.
fn stands(meeting: &pb::Consultation) -> (String, i32, Option<prost_types::Timestamp>, String) {
    (meeting.name.clone(), meeting.state, meeting.start_time, meeting.etag.clone())
}

pub(super) fn minutes_from_now(scene: &Scene, at: Option<prost_types::Timestamp>) -> i64 {
    (at.unwrap().seconds - scene.server.app.now().timestamp()) / 60
}

#[tokio::test]
async fn c04_a_crisis_takes_the_first_free_time_of_who_is_on_call_the_school_and_a_parent() {
    let scene = Scene::start().await;
    let (second, _) = scene.server.person(Role::Smw, scene.team).await;
    on_call(&scene, second, (2, 24), 1).await;
    let case = scene.family.case.to_string();
    let request = crisis(&scene, &case, 24);
    let booked = crises(&scene).book_crisis(request.clone()).await.unwrap().into_inner();
    let meeting = booked.consultation.clone().unwrap();
    assert_eq!(minutes_from_now(&scene, meeting.start_time), 120, "not before the shift begins");
    let people: Vec<_> = meeting.participants.iter().map(|one| one.person.clone()).collect();
    assert_eq!(people, [second, scene.iber.0, scene.family.parents[0]].map(|one| one.to_string()));
    assert_eq!(meeting.kind, pb::consultation::Kind::Crisis as i32);
    assert!(booked.displaced.is_empty());
    let again = crises(&scene).book_crisis(request).await.unwrap().into_inner();
    assert_eq!(again, booked, "the same request has one effect");

    let lone = scene.server.school("99AB00", "GM9901").await;
    let (_, client) = scene.server.person(Role::Iber, lone).await;
    let family = scene.server.family(lone).await;
    let nobody = crisis(&scene, &family.case.to_string(), 24);
    let refused = StaffingServiceClient::new(client).book_crisis(nobody).await.unwrap_err();
    assert_eq!(reason(&refused), "NOBODY_ON_CALL");
    let strange = crises(&scene).book_crisis(crisis(&scene, &family.case.to_string(), 24)).await;
    assert_eq!(reason(&strange.unwrap_err()), "CASE_NOT_FOUND");
}

#[tokio::test]
async fn c04_the_least_important_meeting_gives_way_is_moved_and_everybody_is_told() {
    let scene = Scene::start().await;
    on_call(&scene, scene.smw.0, (0, 3), 1).await;
    matters_least(&scene, pb::consultation::Kind::Kennismaking).await;
    let child = other_meeting(&scene, pb::consultation::Kind::Mdo, (15, 75)).await;
    let acquaintance = other_meeting(&scene, pb::consultation::Kind::Kennismaking, (75, 180)).await;
    scene.server.news().await;
    let case = scene.family.case.to_string();
    let rehearsal = pb::BookCrisisRequest { dry_run: true, ..crisis(&scene, &case, 3) };
    let told = crises(&scene).book_crisis(rehearsal).await.unwrap().into_inner();
    assert_eq!(told.consultation.as_ref().unwrap().name, "");
    let before = get(&scene, &acquaintance.name).await;
    assert_eq!(stands(&before), stands(&acquaintance), "a rehearsal changes nothing");
    assert!(scene.server.news().await.is_empty(), "and tells nobody");

    let done = crises(&scene).book_crisis(crisis(&scene, &case, 3)).await.unwrap().into_inner();
    let times = |one: &pb::DisplacedConsultation| (one.start_time, one.new_start_time);
    let moved = done.displaced.iter().map(times).collect::<Vec<_>>();
    assert_eq!(told.displaced.iter().map(times).collect::<Vec<_>>(), moved, "it comes as it was told");
    let meeting = done.consultation.unwrap();
    assert_eq!(minutes_from_now(&scene, meeting.start_time), 75);
    assert_eq!(stands(&get(&scene, &child.name).await), stands(&child), "what is about a child stays");
    let after = get(&scene, &acquaintance.name).await;
    assert_eq!(after.state, pb::consultation::State::Planned as i32);
    assert_eq!((after.sequence, Some(after.start_time)), (1, moved.first().map(|(_, new)| *new)));
    assert_eq!(minutes_from_now(&scene, after.start_time), 135, "right after the crisis");
    let mails = scene.server.news().await;
    assert_eq!(mails.len(), 3 + 2, "three come to the crisis, two to another time");
}

#[tokio::test]
async fn c04_a_rehearsal_tells_nothing_about_strangers_and_is_in_the_log() {
    let scene = Scene::start().await;
    on_call(&scene, scene.smw.0, (0, 3), 1).await;
    let other = scene.server.family(scene.school).await;
    let case = scene.family.case.to_string();
    let probe = pb::BookCrisisRequest {
        dry_run: true,
        participants: vec![seat(other.parents[0], pb::Role::Ouder)],
        ..crisis(&scene, &case, 3)
    };
    let refused = crises(&scene).book_crisis(probe).await.unwrap_err();
    assert_eq!(violations(&refused), ["participants[0].person: PARTICIPANT_UNKNOWN"]);

    let told = "SELECT COUNT(*) FROM audit WHERE action = 'R' AND object_type = 'consultation' AND subject_ref IS NOT NULL";
    let before = scene.server.number(told).await;
    let rehearsal = pb::BookCrisisRequest { dry_run: true, ..crisis(&scene, &case, 3) };
    let shown = crises(&scene).book_crisis(rehearsal).await.unwrap().into_inner().consultation.unwrap();
    assert_eq!(shown.case, case);
    assert_eq!(scene.server.number(told).await - before, 2, "the child and the parent who would come");
}

#[tokio::test]
async fn c04_no_meeting_is_lost_what_finds_no_time_waits() {
    let scene = Scene::start().await;
    on_call(&scene, scene.smw.0, (0, 3), 1).await;
    let meeting = other_meeting(&scene, pb::consultation::Kind::Kennismaking, (15, 120)).await;
    let second = other_meeting(&scene, pb::consultation::Kind::Kennismaking, (120, 180)).await;
    let mut register = AvailabilityServiceClient::new(scene.server.administrator());
    let absence = pb::Absence {
        person: meeting.participants[0].person.clone(),
        kind: pb::absence::Kind::Leave.into(),
        valid_from: "2026-11-23".into(),
        valid_until: "2027-01-31".into(),
        from: "11:05".into(),
        ..Default::default()
    };
    let away = pb::CreateAbsenceRequest { absence: Some(absence), request_id: scene.server.request_id() };
    register.create_absence(away).await.unwrap();
    let case = scene.family.case.to_string();
    let done = crises(&scene).book_crisis(crisis(&scene, &case, 3)).await.unwrap().into_inner();
    assert_eq!(done.displaced.len(), 1);
    assert_eq!(minutes_from_now(&scene, done.consultation.as_ref().unwrap().start_time), 15);
    assert_eq!(done.displaced[0].new_start_time, None);
    assert_eq!(get(&scene, &meeting.name).await.state, pb::consultation::State::Cancelled as i32);
    assert_eq!(stands(&get(&scene, &second.name).await), stands(&second));
    let list = crises(&scene).list_waiting(pb::ListWaitingRequest::default()).await.unwrap().into_inner();
    let waits = &list.waiting_entries[0];
    assert_eq!(waits.urgency, pb::waiting_entry::Urgency::Urgent as i32);
    assert_eq!((waits.kind, waits.duration), (meeting.kind, meeting.duration));
    let persons: Vec<_> = waits.seats.iter().filter_map(|seat| seat.who.clone()).collect();
    let expected = meeting.participants.iter().map(|one| pb::seat::Who::Person(one.person.clone()));
    assert_eq!(persons, expected.collect::<Vec<_>>());
}

#[tokio::test]
async fn c04_a_child_in_crisis_gives_way_to_nobody() {
    let scene = Scene::start().await;
    on_call(&scene, scene.smw.0, (0, 2), 1).await;
    let other = scene.server.family(scene.school).await;
    let first = crises(&scene).book_crisis(crisis(&scene, &other.case.to_string(), 2)).await.unwrap();
    let first = first.into_inner().consultation.unwrap();
    assert_eq!(minutes_from_now(&scene, first.start_time), 15);
    let case = scene.family.case.to_string();
    let refused = crises(&scene).book_crisis(crisis(&scene, &case, 2)).await.unwrap_err();
    assert_eq!(reason(&refused), "NO_CRISIS_TIME");
    assert_eq!(stands(&get(&scene, &first.name).await), stands(&first));
    let mut later = crisis(&scene, &case, 2);
    later.within = Some(prost_types::Duration { seconds: 300_000, nanos: 0 });
    let wrong = crises(&scene).book_crisis(later).await.unwrap_err();
    assert_eq!(violations(&wrong), ["within: TIME_RANGE_INVALID"]);
    // A parent with gezag is asked, or it is said why not.
    let mut smw = ConsultationServiceClient::new(scene.smw.1.clone());
    let own = smw.list_consultations(pb::ListConsultationsRequest::default()).await.unwrap().into_inner();
    assert_eq!(own.consultations[0].name, first.name);
}
