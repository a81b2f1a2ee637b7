//! Calls about rosters, crises, substitutes and waiting, made once each.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, availability_service_client::AvailabilityServiceClient,
    on_call_service_client::OnCallServiceClient, seat::Who, staffing_service_client::StaffingServiceClient,
};
use schakel_server::consultation::waiting::worker;
use schakel_tests::seed_meetings::{Scene, stamp};

use super::Story;

fn id(story: &Story) -> String {
    story.scene.server.request_id()
}

/// Everybody of the scene works all week: a time is sought within hours only.
async fn hours(scene: &Scene) {
    let mut directory = scene.server.directory();
    let mut availability = AvailabilityServiceClient::new(scene.server.administrator());
    for person in [scene.iber.0, scene.smw.0] {
        let list = pb::ListAffiliationsRequest { person: person.to_string(), ..Default::default() };
        let posts = directory.list_affiliations(list).await.unwrap().into_inner().affiliations;
        for weekday in 1..=5 {
            let block = pb::WeeklyHours {
                affiliation: posts[0].name.clone(),
                weekday,
                from: "08:00".into(),
                until: "18:00".into(),
                ..Default::default()
            };
            let request_id = scene.server.request_id();
            let request = pb::CreateWeeklyHoursRequest { weekly_hours: Some(block), request_id };
            availability.create_weekly_hours(request).await.unwrap();
        }
    }
}

pub(super) async fn staffing(story: &mut Story) {
    hours(&story.scene).await;
    story.seen = super::rows(&story.scene.server).await.len();
    let mut planner = OnCallServiceClient::new(story.scene.planner.1.clone());
    let mut iber = StaffingServiceClient::new(story.scene.iber.1.clone());
    let shift = pb::OnCallShift {
        team: story.scene.team.to_string(),
        person: story.scene.smw.0.to_string(),
        role: pb::Role::Smw.into(),
        start_time: Some(stamp(story.scene.later(0))),
        end_time: Some(stamp(story.scene.later(24))),
        ..Default::default()
    };
    let shift = pb::CreateOnCallShiftRequest { on_call_shift: Some(shift), request_id: id(story) };
    let shift = call!(story: planner.create_on_call_shift(shift) => "CreateOnCallShift");
    let list = pb::ListOnCallShiftsRequest::default();
    call!(story: planner.list_on_call_shifts(list) => "ListOnCallShifts");
    let r#where = Some(pb::get_on_call_request::Where::School(story.scene.school.to_string()));
    call!(story: planner.get_on_call(pb::GetOnCallRequest { r#where, at: None }) => "GetOnCall");
    let case = story.scene.family.case.to_string();
    let crisis = pb::BookCrisisRequest { case: case.clone(), request_id: id(story), ..Default::default() };
    let crisis = call!(story: iber.book_crisis(crisis) => "BookCrisis").consultation.unwrap();
    let gone = pb::RemoveOnCallShiftRequest { name: shift.name, etag: shift.etag, request_id: id(story) };
    call!(story: planner.remove_on_call_shift(gone) => "RemoveOnCallShift");

    let (other, _) = story.scene.server.person(Role::Smw, story.scene.team).await;
    let leaves = story.scene.smw.0.to_string();
    let ask = pb::ProposeSubstitutesRequest { person: leaves.clone(), ..Default::default() };
    call!(story: iber.propose_substitutes(ask) => "ProposeSubstitutes");
    let choice = pb::substitute_participants_request::Choice {
        consultation: crisis.name,
        substitute: other.to_string(),
        etag: crisis.etag,
    };
    let choices = vec![choice];
    let swap = pb::SubstituteParticipantsRequest { person: leaves, choices, request_id: id(story) };
    call!(story: iber.substitute_participants(swap) => "SubstituteParticipants");
    let mut own_team = StaffingServiceClient::new(story.scene.planner.1.clone());
    let ask = pb::ListTeamMeetingsRequest { team: story.scene.team.to_string(), ..Default::default() };
    call!(story: own_team.list_team_meetings(ask) => "ListTeamMeetings");
    waiting(story, &mut iber, &case).await;
    let own = pb::get_workload_request::Of::Person(story.scene.iber.0.to_string());
    let ask = pb::GetWorkloadRequest { of: Some(own), ..Default::default() };
    call!(story: iber.get_workload(ask) => "GetWorkload");
}

async fn waiting(story: &mut Story, iber: &mut StaffingServiceClient<schakel_tests::As>, case: &str) {
    let seat = |who| pb::Seat { who: Some(who), ..Default::default() };
    let entry = |story: &Story| pb::WaitingEntry {
        kind: pb::consultation::Kind::Mdo.into(),
        case: case.to_owned(),
        place: pb::consultation::Place::School.into(),
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        seats: vec![
            seat(Who::Person(story.scene.iber.0.to_string())),
            seat(Who::Role(pb::Role::Smw.into())),
            seat(Who::Person(story.scene.family.parents[0].to_string())),
        ],
        ..Default::default()
    };
    let join = |story: &Story| pb::JoinWaitingListRequest {
        waiting_entry: Some(entry(story)),
        request_id: id(story),
    };
    let first = call!(story: iber.join_waiting_list(join(story)) => "JoinWaitingList");
    let leave = pb::LeaveWaitingListRequest { name: first.name, etag: first.etag, request_id: id(story) };
    call!(story: iber.leave_waiting_list(leave) => "LeaveWaitingList");
    iber.join_waiting_list(join(story)).await.unwrap();
    let server = &story.scene.server;
    worker::work(&server.app, server.founded.region).await.unwrap();
    story.seen = super::rows(server).await.len();
    let list = pb::ListWaitingRequest::default();
    let waits = call!(story: iber.list_waiting(list) => "ListWaiting").waiting_entries.remove(0);
    let accept = pb::AcceptOfferRequest {
        name: waits.name,
        etag: waits.etag,
        request_id: id(story),
        ..Default::default()
    };
    let booked = call!(story: iber.accept_offer(accept) => "AcceptOffer");
    let notice = story.scene.later(0) + TimeDelta::hours(12);
    assert!(booked.start_time.unwrap().seconds > notice.timestamp());
    // What comes next in the story wants the same people.
    let cancel =
        pb::CancelConsultationRequest { name: booked.name, etag: booked.etag, request_id: id(story) };
    story.scene.meetings().cancel_consultation(cancel).await.unwrap();
    story.seen = super::rows(&story.scene.server).await.len();
}
