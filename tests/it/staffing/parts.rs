//! Meetings about several children when time is short: they give way, wait and are filled in whole.

use schakel_domain::{access::Role, ids::PersonId};
use schakel_proto::v1::{
    self as pb,
    availability_service_client::AvailabilityServiceClient,
    consultation::{ShortNotice, State},
    on_call_service_client::OnCallServiceClient,
    substitute_participants_request::Choice,
};
use schakel_tests::{
    reason,
    seed_meetings::{seat, stamp},
};

use super::{
    crisis::{crises, crisis, minutes_from_now},
    substitutes::{ill, proposed, staffing},
};
use crate::parts::{Team, again, minutes};

/// A crisis about the first child that can only begin in a quarter of an hour, when the doctor, on
/// call, is at the part of the second child in a meeting about the other two.
struct Called {
    team: Team,
    whole: pb::Consultation,
}

impl Called {
    async fn start() -> Self {
        let team = Team::start().await;
        let scene = &team.scene;
        let shift = pb::OnCallShift {
            team: scene.team.to_string(),
            person: team.doctor.0.to_string(),
            role: pb::Role::Jeugdarts.into(),
            start_time: Some(stamp(scene.later(0))),
            end_time: Some(stamp(scene.later(24))),
            ..Default::default()
        };
        let request = pb::CreateOnCallShiftRequest {
            on_call_shift: Some(shift),
            request_id: scene.server.request_id(),
        };
        let mut roster = OnCallServiceClient::new(scene.planner.1.clone());
        roster.create_on_call_shift(request).await.unwrap();
        let soon = scene.server.app.now() + chrono::TimeDelta::minutes(15);
        let mut meeting = team.meeting(soon, &[1, 2]);
        meeting.short_notice = ShortNotice::Urgent.into();
        let (colleague, _) = scene.server.person(Role::Iber, scene.school).await;
        meeting.participants[0] = seat(colleague, pb::Role::Iber);
        let whole = team.book(meeting).await.unwrap();
        scene.server.news().await;
        Self { team, whole }
    }

    async fn crisis(&self) -> pb::BookCrisisResponse {
        let case = self.team.families[0].case.to_string();
        let within = Some(prost_types::Duration { seconds: 75 * 60, nanos: 0 });
        let request = pb::BookCrisisRequest {
            within,
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            ..crisis(&self.team.scene, &case, 1)
        };
        crises(&self.team.scene).book_crisis(request).await.unwrap().into_inner()
    }

    async fn get(&self, name: &str) -> pb::Consultation {
        self.team.get(&self.team.scene.iber.1, name).await.unwrap()
    }
}

#[tokio::test]
async fn c04_a_meeting_of_several_children_gives_way_with_all_its_parts() {
    let called = Called::start().await;
    let done = called.crisis().await;
    assert_eq!(minutes_from_now(&called.team.scene, done.consultation.unwrap().start_time), 15);
    assert_eq!(done.displaced.len(), 1, "the part of one child takes the whole meeting with it");
    assert_eq!(done.displaced[0].name, called.whole.name);
    let after = called.get(&called.whole.name).await;
    assert_eq!(after.start_time, done.displaced[0].new_start_time);
    assert_eq!(minutes_from_now(&called.team.scene, after.start_time), 75, "when the doctor is free again");
    assert_eq!(after.parts.iter().map(|part| minutes(&after, part)).collect::<Vec<_>>(), [0, 20]);
    for part in &after.parts {
        assert_eq!(called.get(&part.consultation).await.sequence, 1);
    }
    let mails = called.team.scene.server.news().await;
    assert_eq!(mails.len(), 3 + 2 + 3, "the crisis, the fixed members, and who comes for one child");
}

#[tokio::test]
async fn c04_a_meeting_of_several_children_that_finds_no_time_waits_for_each_of_them() {
    let called = Called::start().await;
    let scene = &called.team.scene;
    let absence = pb::Absence {
        person: scene.smw.0.to_string(),
        kind: pb::absence::Kind::Leave.into(),
        valid_from: "2026-11-23".into(),
        valid_until: "2027-01-31".into(),
        from: "11:05".into(),
        ..Default::default()
    };
    let away = pb::CreateAbsenceRequest { absence: Some(absence), request_id: scene.server.request_id() };
    AvailabilityServiceClient::new(scene.server.administrator()).create_absence(away).await.unwrap();
    let done = called.crisis().await;
    assert_eq!(done.displaced[0].new_start_time, None);
    let after = called.get(&called.whole.name).await;
    assert_eq!(after.state, State::Cancelled as i32);
    assert!(after.parts.iter().all(|part| part.state == State::Cancelled as i32));
    let list = crises(scene).list_waiting(pb::ListWaitingRequest::default()).await.unwrap().into_inner();
    let mut waits: Vec<_> = list.waiting_entries.iter().map(|one| one.case.clone()).collect();
    waits.sort();
    let mut children: Vec<_> = called.team.families[1..].iter().map(|one| one.case.to_string()).collect();
    children.sort();
    assert_eq!(waits, children);
    let least = prost_types::Duration { seconds: 30 * 60, nanos: 0 };
    assert!(list.waiting_entries.iter().all(|one| one.duration == Some(least)), "as long as one has to be");
}

#[tokio::test]
async fn x14_a_fixed_member_is_replaced_at_the_meeting_and_all_its_parts_in_one_decision() {
    let team = Team::start().await;
    let (deputy, _) = team.scene.server.person(Role::Smw, team.scene.team).await;
    let booked = team.booked().await;
    ill(&team.scene, team.scene.smw.0, "2026-12-04").await;
    let list = proposed(&team.scene.iber.1, team.scene.smw.0).await;
    assert_eq!(list.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), [booked.name.as_str()]);
    assert_eq!(list[0].substitutes[0].person, deputy.to_string());
    let flagged = pb::ListConsultationsRequest { needs_substitute: true, ..Default::default() };
    let flagged = team.scene.meetings().list_consultations(flagged).await.unwrap().into_inner().consultations;
    assert_eq!(flagged.len(), 1, "the whole, and not each of its parts");
    let request = |consultation: &str, etag: &str| pb::SubstituteParticipantsRequest {
        person: team.scene.smw.0.to_string(),
        choices: vec![Choice {
            consultation: consultation.to_owned(),
            substitute: deputy.to_string(),
            etag: etag.to_owned(),
        }],
        request_id: team.scene.server.request_id(),
    };
    let part = team.get(&team.scene.iber.1, &booked.parts[0].consultation).await.unwrap();
    let mut client = staffing(&team.scene.iber.1);
    let refused = client.substitute_participants(request(&part.name, &part.etag)).await.unwrap_err();
    assert_eq!(reason(&refused), "PART_OF_MEETING");
    client.substitute_participants(request(&list[0].name, &list[0].etag)).await.unwrap();
    let sits = |meeting: &pb::Consultation, who: PersonId| {
        meeting.participants.iter().any(|one| one.person == who.to_string())
    };
    for name in [&booked.name].into_iter().chain(booked.parts.iter().map(|part| &part.consultation)) {
        let now = team.get(&team.scene.iber.1, name).await.unwrap();
        assert!(sits(&now, deputy) && !sits(&now, team.scene.smw.0), "{name}");
        assert!(now.needs_substitute.is_empty());
    }
}

#[tokio::test]
async fn b16_a_part_keeps_to_what_people_take_and_all_parts_count_as_one_meeting() {
    let team = Team::start().await;
    let scene = &team.scene;
    let booked = team.booked().await;
    let limits = pb::MeetingLimits { person: team.doctor.0.to_string(), per_day: 1, ..Default::default() };
    let request =
        pb::SetMeetingLimitsRequest { meeting_limits: Some(limits), request_id: scene.server.request_id() };
    AvailabilityServiceClient::new(team.doctor.1.clone()).set_meeting_limits(request).await.unwrap();
    // The doctor comes for a second child of the same meeting.
    let turn = |part: &pb::consultation::Part| again(part);
    let [first, second, third] = <[_; 3]>::try_from(booked.parts.clone()).unwrap();
    let fewer = team.update(&booked, vec![turn(&first), turn(&second)]).await.unwrap();
    let mut both = team.part(2);
    both.participants.push(seat(team.doctor.0, pb::Role::Jeugdarts));
    let more = team.update(&fewer, vec![turn(&first), turn(&second), both.clone()]).await.unwrap();
    assert_eq!(more.parts.iter().filter(|part| part.case == third.case).count(), 2, "one is cancelled");

    // Elsewhere on the same day the doctor has enough.
    let mut other = team.meeting(scene.later(51), &[]);
    let (colleague, _) = scene.server.person(Role::Iber, scene.school).await;
    let (substitute, _) = scene.server.person(Role::Smw, scene.team).await;
    other.participants = vec![seat(colleague, pb::Role::Iber), seat(substitute, pb::Role::Smw)];
    let child = scene.server.family(scene.school).await;
    let mut part = team.part(0);
    part.case = child.case.to_string();
    part.participants = vec![seat(child.parents[0], pb::Role::Ouder)];
    other.parts = vec![part.clone()];
    let other = team.book(other).await.unwrap();
    part.participants.push(seat(team.doctor.0, pb::Role::Jeugdarts));
    let refused = team.update(&other, vec![part]).await.unwrap_err();
    assert_eq!(reason(&refused), "LIMIT_REACHED");
}
