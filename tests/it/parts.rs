//! A meeting about several children: a part for each, of which nobody meets more than their own.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    feed_service_client::FeedServiceClient, thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::entity::case_circle;
use schakel_tests::{
    As, reason,
    seed_meetings::{Family, Scene, seat, stamp},
    told, violations,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

/// Three children of one school, and a doctor who comes for the second.
pub(crate) struct Team {
    pub(crate) scene: Scene,
    pub(crate) families: Vec<Family>,
    pub(crate) doctor: (schakel_domain::ids::PersonId, As),
}

impl Team {
    pub(crate) async fn start() -> Self {
        let scene = Scene::start().await;
        let mut families = vec![scene.family.clone()];
        for _ in 0..2 {
            families.push(scene.server.family(scene.school).await);
        }
        let doctor = scene.server.person(Role::Jeugdarts, scene.team).await;
        Self { scene, families, doctor }
    }

    pub(crate) fn part(&self, child: usize) -> pb::consultation::Part {
        let family = &self.families[child];
        let mut participants = vec![seat(family.parents[0], pb::Role::Ouder)];
        if child == 1 {
            participants.push(seat(self.doctor.0, pb::Role::Jeugdarts));
        }
        pb::consultation::Part {
            case: family.case.to_string(),
            duration: Some(prost_types::Duration { seconds: 20 * 60, nanos: 0 }),
            participants,
            ..Default::default()
        }
    }

    pub(crate) fn meeting(&self, start: DateTime<Utc>, children: &[usize]) -> pb::Consultation {
        pb::Consultation {
            kind: pb::consultation::Kind::Ondersteuningsteam.into(),
            school: self.scene.school.to_string(),
            start_time: Some(stamp(start)),
            duration: Some(prost_types::Duration { seconds: 75 * 60, nanos: 0 }),
            place: pb::consultation::Place::School.into(),
            participants: vec![
                seat(self.scene.iber.0, pb::Role::Iber),
                seat(self.scene.smw.0, pb::Role::Smw),
            ],
            parts: children.iter().map(|child| self.part(*child)).collect(),
            ..Default::default()
        }
    }

    pub(crate) async fn book(&self, meeting: pb::Consultation) -> Result<pb::Consultation, tonic::Status> {
        let booking = self.scene.booking(meeting);
        self.scene.meetings().book_consultation(booking).await.map(tonic::Response::into_inner)
    }

    pub(crate) async fn booked(&self) -> pb::Consultation {
        self.book(self.meeting(self.scene.later(48), &[0, 1, 2])).await.unwrap()
    }

    pub(crate) async fn get(&self, channel: &As, name: &str) -> Result<pb::Consultation, tonic::Status> {
        let mut client = ConsultationServiceClient::new(channel.clone());
        let ask = pb::GetConsultationRequest { name: name.to_owned() };
        client.get_consultation(ask).await.map(tonic::Response::into_inner)
    }

    async fn list(&self, channel: &As) -> Vec<pb::Consultation> {
        let mut client = ConsultationServiceClient::new(channel.clone());
        let list = pb::ListConsultationsRequest::default();
        client.list_consultations(list).await.unwrap().into_inner().consultations
    }

    pub(crate) async fn update(
        &self,
        meeting: &pb::Consultation,
        parts: Vec<pb::consultation::Part>,
    ) -> Result<pb::Consultation, tonic::Status> {
        let request = pb::UpdatePartsRequest {
            name: meeting.name.clone(),
            parts,
            etag: meeting.etag.clone(),
            request_id: self.scene.server.request_id(),
        };
        self.scene.meetings().update_parts(request).await.map(tonic::Response::into_inner)
    }

    pub(crate) async fn record(
        &self,
        name: &str,
        outcome: pb::Outcome,
    ) -> Result<pb::Consultation, tonic::Status> {
        let meeting = self.get(&self.scene.iber.1, name).await?;
        let request = pb::RecordOutcomeRequest {
            name: name.to_owned(),
            outcome: Some(outcome),
            etag: meeting.etag,
            request_id: self.scene.server.request_id(),
        };
        self.scene.meetings().record_outcome(request).await.map(tonic::Response::into_inner)
    }

    pub(crate) fn outcome(&self, child: usize) -> pb::Outcome {
        let parent = self.families[child].parents[0].to_string();
        pb::Outcome {
            attended: vec![self.scene.iber.0.to_string(), self.scene.smw.0.to_string(), parent.clone()],
            child_heard: pb::outcome::ChildHeard::ThroughOthers.into(),
            child_heard_note: "Via moeder.".into(),
            jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::Nee.into(),
            jgt_decided_with: vec![parent],
            summary: format!("Afspraak over kind {child}."),
            ..Default::default()
        }
    }
}

pub(crate) fn minutes(from: &pb::Consultation, part: &pb::consultation::Part) -> i64 {
    (part.start_time.unwrap().seconds - from.start_time.unwrap().seconds) / 60
}

pub(crate) fn again(part: &pb::consultation::Part) -> pb::consultation::Part {
    pb::consultation::Part { consultation: part.consultation.clone(), ..Default::default() }
}

#[tokio::test]
async fn b16_a_meeting_has_a_part_for_each_of_three_children() {
    let team = Team::start().await;
    let booked = team.booked().await;
    assert_eq!((booked.case.as_str(), booked.parts.len()), ("", 3));
    assert_eq!(booked.parts.iter().map(|part| minutes(&booked, part)).collect::<Vec<_>>(), [0, 20, 40]);
    for (part, family) in booked.parts.iter().zip(&team.families) {
        assert_eq!(part.case, family.case.to_string());
        assert_eq!(part.state, pb::consultation::State::Planned as i32);
        let own = team.get(&team.scene.iber.1, &part.consultation).await.unwrap();
        assert_eq!((own.case.as_str(), own.within.as_str()), (part.case.as_str(), booked.name.as_str()));
        assert_ne!(own.reference, booked.reference);
        let fixed: Vec<bool> = own.participants.iter().map(|seat| seat.fixed).collect();
        assert_eq!(&fixed[..3], [true, true, false]);
        assert_eq!(own.participants[2].person, family.parents[0].to_string());
    }
    let waiting: Vec<_> = booked.parts.iter().map(|part| part.without_consent.clone()).collect();
    let (smw, doctor) = (pb::Role::Smw as i32, pb::Role::Jeugdarts as i32);
    assert_eq!(waiting, [vec![smw], vec![smw, doctor], vec![smw]], "nobody has consented yet");
    assert_eq!(team.get(&team.scene.iber.1, &booked.name).await.unwrap(), booked);
}

#[tokio::test]
async fn b16_a_part_is_refused_as_every_meeting_about_a_child_is() {
    let team = Team::start().await;
    let mut wrong = team.meeting(team.scene.later(48), &[0, 1, 2]);
    wrong.parts[0].participants.clear();
    wrong.parts[1].participants[0] = seat(team.families[2].parents[0], pb::Role::Ouder);
    wrong.parts[2].start_time = Some(stamp(team.scene.later(48) + TimeDelta::minutes(30)));
    let refused = team.book(wrong).await.unwrap_err();
    let expected = [
        "consultation.parts[0].participants: PARENT_REQUIRED",
        "consultation.parts[1].participants: PARENT_REQUIRED",
        "consultation.parts[1].participants[0].person: PARTICIPANT_UNKNOWN",
        "consultation.parts[2].start_time: TIME_RANGE_INVALID",
    ];
    assert_eq!(violations(&refused), expected);

    let mut wrong = team.meeting(team.scene.later(48), &[0]);
    wrong.participants.push(seat(team.families[0].parents[0], pb::Role::Ouder));
    wrong.parts[0].duration = Some(prost_types::Duration { seconds: 76 * 60, nanos: 0 });
    let refused = team.book(wrong).await.unwrap_err();
    let expected = [
        "consultation.participants[2].person: PARTICIPANT_UNKNOWN",
        "consultation.participants[2].role: FIELD_INVALID",
        "consultation.parts[0].participants[0]: DUPLICATE_ATTENDEE",
        "consultation.parts[0].start_time: TIME_OUT_OF_BOUNDS",
    ];
    let mut found = violations(&refused);
    found.sort();
    assert_eq!(found, expected);

    let mut mdo = team.meeting(team.scene.later(48), &[0]);
    mdo.kind = pb::consultation::Kind::Mdo.into();
    let refused = violations(&team.book(mdo).await.unwrap_err());
    assert_eq!(refused, ["consultation.case: FIELD_INVALID", "consultation.parts: TOO_MANY_ATTENDEES"]);

    let other = team.scene.server.school("98AA01", "GM9901").await;
    let stranger = team.scene.server.family(other).await;
    let mut foreign = team.meeting(team.scene.later(48), &[0]);
    foreign.parts[0].case = stranger.case.to_string();
    assert_eq!(reason(&team.book(foreign).await.unwrap_err()), "CASE_NOT_FOUND");
    team.scene.server.close(&team.families[1], team.scene.school).await;
    let closed = team.meeting(team.scene.later(48), &[0, 1]);
    assert_eq!(reason(&team.book(closed).await.unwrap_err()), "CASE_CLOSED");
}

#[tokio::test]
async fn b16_who_comes_for_one_part_finds_nothing_of_the_others() {
    let team = Team::start().await;
    let booked = team.booked().await;
    let (doctor, own) = (&team.doctor.1, &booked.parts[1].consultation);
    let seen = team.get(doctor, own).await.unwrap();
    assert_eq!((seen.within.as_str(), seen.case.as_str(), seen.parts.len()), ("", "", 0));
    assert_eq!(seen.start_time, booked.parts[1].start_time);
    let listed = team.list(doctor).await;
    assert_eq!(listed.iter().map(|meeting| &meeting.name).collect::<Vec<_>>(), [own]);
    let nothing = format!("consultations/{}", uuid::Uuid::from_u128(7));
    let unknown = team.get(doctor, &nothing).await.unwrap_err();
    for other in [&booked.name, &booked.parts[0].consultation, &booked.parts[2].consultation] {
        let refused = team.get(doctor, other).await.unwrap_err();
        assert_eq!(told(&refused), told(&unknown), "as if it never was");
    }
    for family in [&team.families[0], &team.families[2]] {
        let mut cases = ThuiszitterServiceClient::new(doctor.clone());
        let ask = pb::GetCaseRequest { name: family.case.to_string() };
        assert_eq!(reason(&cases.get_case(ask).await.unwrap_err()), "CASE_NOT_FOUND");
    }
    // A fixed member without consent sees the times of all parts, and of none whose it is.
    let fixed = team.get(&team.scene.smw.1, &booked.name).await.unwrap();
    assert_eq!(fixed.parts.len(), 3);
    assert!(fixed.parts.iter().all(|part| part.case.is_empty() && part.without_consent.is_empty()));
}

#[tokio::test]
async fn b16_who_comes_for_one_part_is_taken_and_told_for_its_time_alone() {
    let team = Team::start().await;
    let start = team.scene.later(48);
    let booked = team.booked().await;
    let mails = team.scene.server.news().await;
    // Two fixed members, three parents, and the doctor: one mail each.
    assert_eq!(mails.len(), 6);
    let references: Vec<_> = mails.iter().filter(|mail| mail.text().contains(&booked.reference)).collect();
    assert_eq!(references.len(), 2, "the fixed members hear of the whole");
    let second = team.get(&team.scene.iber.1, &booked.parts[1].consultation).await.unwrap();
    let doctor = format!("{}@maasduin.example", team.doctor.0.0.simple());
    let mail = mails.iter().find(|mail| mail.to() == doctor).unwrap();
    assert!(mail.text().contains(&second.reference) && !mail.text().contains(&booked.reference));
    let amsterdam = |time: DateTime<Utc>| time.with_timezone(&chrono_tz::Europe::Amsterdam);
    let begins = amsterdam(start + TimeDelta::minutes(20)).format("%Y%m%dT%H%M%S").to_string();
    let ends = amsterdam(start + TimeDelta::minutes(40)).format("%Y%m%dT%H%M%S").to_string();
    assert_eq!((mail.property("DTSTART"), mail.property("DTEND")), (begins.clone(), ends));

    let http = team.scene.server.http().await;
    for (channel, events) in [(&team.doctor.1, 1), (&team.scene.smw.1, 1)] {
        let ask = pb::CreateFeedRequest { request_id: team.scene.server.request_id(), ..Default::default() };
        let made = FeedServiceClient::new(channel.clone()).create_feed(ask).await.unwrap().into_inner();
        let path = made.url.strip_prefix("https://schakel.example").unwrap().to_owned();
        let feed = http.get(&path).await.body;
        assert_eq!(feed.matches("BEGIN:VEVENT").count(), events, "{feed}");
        assert_eq!(feed.contains(&begins), std::ptr::eq(channel, &raw const team.doctor.1));
    }

    // During the third part the doctor is free; the school is not.
    let later = start + TimeDelta::minutes(40);
    let mut mdo = team.scene.mdo(later);
    let (other, helper) = (
        team.scene.server.person(Role::Iber, team.scene.school).await,
        team.scene.server.family(team.scene.school).await,
    );
    mdo.case = helper.case.to_string();
    mdo.participants = vec![
        seat(other.0, pb::Role::Iber),
        seat(team.doctor.0, pb::Role::Jeugdarts),
        seat(helper.parents[0], pb::Role::Ouder),
    ];
    let mut early = mdo.clone();
    early.start_time = Some(stamp(start + TimeDelta::minutes(30)));
    assert_eq!(reason(&team.book(early).await.unwrap_err()), "TIME_CONFLICT");
    team.book(mdo.clone()).await.unwrap();
    mdo.participants[1] = seat(team.scene.smw.0, pb::Role::Smw);
    assert_eq!(reason(&team.book(mdo).await.unwrap_err()), "TIME_CONFLICT");
}

#[tokio::test]
async fn b16_each_part_has_its_own_outcome_and_the_last_one_closes_the_meeting() {
    let team = Team::start().await;
    let booked = team.booked().await;
    let part = |at: usize| booked.parts[at].consultation.as_str();
    assert_eq!(reason(&team.record(part(0), team.outcome(0)).await.unwrap_err()), "CONSULTATION_NOT_HELD");
    team.scene.server.clock.advance(TimeDelta::hours(50));
    assert_eq!(reason(&team.record(&booked.name, team.outcome(0)).await.unwrap_err()), "PARTS_OPEN");
    let foreign = team.record(part(0), team.outcome(1)).await.unwrap_err();
    let unknown = "PARTICIPANT_UNKNOWN";
    assert_eq!(
        violations(&foreign),
        [format!("outcome.attended[2]: {unknown}"), format!("outcome.jgt_decided_with[0]: {unknown}")]
    );
    let held = team.record(part(0), team.outcome(0)).await.unwrap();
    assert_eq!(held.outcome.as_ref().unwrap().summary, "Afspraak over kind 0.");
    assert!(held.outcome.unwrap().quorum_met);
    let nothing = team.get(&team.doctor.1, part(0)).await.unwrap_err();
    assert_eq!(reason(&nothing), "CONSULTATION_NOT_FOUND");
    team.record(part(1), team.outcome(1)).await.unwrap();
    let open = team.get(&team.scene.iber.1, &booked.name).await.unwrap();
    assert_eq!(open.state, pb::consultation::State::Planned as i32);
    let passed = pb::Outcome { not_held: true, ..Default::default() };
    let skipped = team.record(part(2), passed.clone()).await.unwrap();
    assert_eq!((skipped.state, skipped.outcome), (pb::consultation::State::Cancelled as i32, None));
    let closed = team.get(&team.scene.iber.1, &booked.name).await.unwrap();
    assert_eq!(closed.state, pb::consultation::State::Held as i32);
    assert!(closed.participants.iter().all(|seat| seat.attended));
    assert_eq!(reason(&team.record(&booked.name, passed).await.unwrap_err()), "OUTCOME_RECORDED");
}

#[tokio::test]
async fn b16_parts_move_with_their_meeting_and_alone_only_within_it() {
    let team = Team::start().await;
    let booked = team.booked().await;
    team.scene.server.news().await;
    let moving = |name: &str, etag: &str, hours| pb::MoveConsultationRequest {
        name: name.to_owned(),
        start_time: Some(stamp(team.scene.later(hours))),
        etag: etag.to_owned(),
        request_id: team.scene.server.request_id(),
        ..Default::default()
    };
    let part = team.get(&team.scene.iber.1, &booked.parts[0].consultation).await.unwrap();
    let refused = team.scene.meetings().move_consultation(moving(&part.name, &part.etag, 72)).await;
    assert_eq!(reason(&refused.unwrap_err()), "PART_OF_MEETING");
    let moved = team.scene.meetings().move_consultation(moving(&booked.name, &booked.etag, 72)).await;
    let moved = moved.unwrap().into_inner();
    assert_eq!(moved.parts.iter().map(|part| minutes(&moved, part)).collect::<Vec<_>>(), [0, 20, 40]);
    team.scene.server.clock.advance(TimeDelta::minutes(5));
    assert_eq!(team.scene.server.news().await.len(), 6);
    let shorter = pb::MoveConsultationRequest {
        duration: Some(prost_types::Duration { seconds: 45 * 60, nanos: 0 }),
        start_time: moved.start_time,
        ..moving(&moved.name, &moved.etag, 0)
    };
    let refused = team.scene.meetings().move_consultation(shorter).await.unwrap_err();
    assert_eq!(violations(&refused), ["duration: TIME_OUT_OF_BOUNDS"]);

    // The first and the last change places; the second stays, and its people hear nothing.
    let [first, second, third] = <[_; 3]>::try_from(moved.parts.clone()).unwrap();
    let swapped = team.update(&moved, vec![again(&third), again(&second), again(&first)]).await.unwrap();
    let order: Vec<_> = swapped.parts.iter().map(|part| part.case.as_str()).collect();
    assert_eq!(order, [third.case.as_str(), &second.case, &first.case]);
    team.scene.server.clock.advance(TimeDelta::minutes(5));
    assert_eq!(team.scene.server.news().await.len(), 2, "two parents");
    assert_eq!(reason(&team.update(&moved, Vec::new()).await.unwrap_err()), "ETAG_MISMATCH");

    // One goes and another comes back in its place.
    let fewer = team.update(&swapped, vec![again(&third), again(&second)]).await.unwrap();
    let gone = team.get(&team.scene.iber.1, &first.consultation).await.unwrap();
    assert_eq!(gone.state, pb::consultation::State::Cancelled as i32);
    let more = team.update(&fewer, vec![again(&second), team.part(0), again(&third)]).await.unwrap();
    let coming = |part: &&pb::consultation::Part| part.state == pb::consultation::State::Planned as i32;
    assert_eq!(more.parts.iter().filter(coming).count(), 3);
    let twice = team.update(&more, vec![again(&second), again(&second)]).await.unwrap_err();
    assert_eq!(violations(&twice), ["parts[1].consultation: FIELD_INVALID"]);
    let unknown = pb::consultation::Part { consultation: booked.name.clone(), ..Default::default() };
    assert_eq!(reason(&team.update(&more, vec![unknown]).await.unwrap_err()), "CONSULTATION_NOT_FOUND");
    let within = team.get(&team.scene.iber.1, &second.consultation).await.unwrap();
    assert_eq!(reason(&team.update(&within, Vec::new()).await.unwrap_err()), "PART_OF_MEETING");

    let cancel = pb::CancelConsultationRequest {
        name: more.name.clone(),
        etag: more.etag.clone(),
        request_id: team.scene.server.request_id(),
    };
    let off = team.scene.meetings().cancel_consultation(cancel).await.unwrap().into_inner();
    assert!(off.parts.iter().all(|part| part.state == pb::consultation::State::Cancelled as i32));
    team.book(team.meeting(team.scene.later(72), &[0, 1, 2])).await.unwrap();
}

#[tokio::test]
async fn b16_a_fixed_member_is_replaced_at_the_meeting_and_all_its_parts() {
    let team = Team::start().await;
    let booked = team.booked().await;
    let deputy = team.scene.server.person(Role::Smw, team.scene.team).await;
    let replace = |name: &str, etag: &str| pb::ReplaceParticipantRequest {
        name: name.to_owned(),
        leaves: team.scene.smw.0.to_string(),
        comes: Some(seat(deputy.0, pb::Role::Smw)),
        etag: etag.to_owned(),
        request_id: team.scene.server.request_id(),
    };
    let part = team.get(&team.scene.iber.1, &booked.parts[0].consultation).await.unwrap();
    let refused = team.scene.meetings().replace_participant(replace(&part.name, &part.etag)).await;
    assert_eq!(reason(&refused.unwrap_err()), "PART_OF_MEETING");
    let replaced = replace(&booked.name, &booked.etag);
    team.scene.meetings().replace_participant(replaced).await.unwrap();
    assert_eq!(team.list(&deputy.1).await.len(), 4);
    assert_eq!(team.list(&team.scene.smw.1).await.len(), 0);
    let gone = team.get(&team.scene.smw.1, &booked.parts[0].consultation).await.unwrap_err();
    assert_eq!(reason(&gone), "CONSULTATION_NOT_FOUND");
    // At one part, whoever comes for that part alone is replaced as at any meeting.
    let own = team.get(&team.scene.iber.1, &booked.parts[1].consultation).await.unwrap();
    let nurse = team.scene.server.person(Role::Jeugdverpleegkundige, team.scene.team).await;
    let request = pb::ReplaceParticipantRequest {
        name: own.name.clone(),
        leaves: team.doctor.0.to_string(),
        comes: Some(seat(nurse.0, pb::Role::Jeugdverpleegkundige)),
        etag: own.etag,
        request_id: team.scene.server.request_id(),
    };
    team.scene.meetings().replace_participant(request).await.unwrap();
    assert_eq!(team.list(&nurse.1).await.len(), 1);
}

#[tokio::test]
async fn b16_who_does_not_see_every_part_brings_nobody_to_all_of_them() {
    let team = Team::start().await;
    let booked = team.booked().await;
    // One of the children has moved to another school since.
    let school = team.scene.server.school("99BB00", "GM9901").await;
    let rows = team.scene.server.rows().await;
    case_circle::Entity::update_many()
        .col_expr(case_circle::Column::SchoolId, Expr::value(school.0))
        .filter(case_circle::Column::CaseId.eq(team.families[2].case.0))
        .exec(&rows)
        .await
        .unwrap();
    let deputy = team.scene.server.person(Role::Smw, team.scene.team).await;
    let (_, iber) = team.scene.server.person(Role::Iber, team.scene.school).await;
    let replace = pb::ReplaceParticipantRequest {
        name: booked.name.clone(),
        leaves: team.scene.smw.0.to_string(),
        comes: Some(seat(deputy.0, pb::Role::Smw)),
        etag: booked.etag,
        request_id: team.scene.server.request_id(),
    };
    let mut meetings = ConsultationServiceClient::new(iber);
    let refused = meetings.replace_participant(replace).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    assert_eq!(team.list(&deputy.1).await.len(), 0);
}
