//! Those who wait for a time, and whose turn it is.

use chrono::TimeDelta;
use schakel_domain::ids::{CaseId, SchoolId};
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    staffing_service_client::StaffingServiceClient, waiting_entry::Urgency,
};
use schakel_server::{consultation::waiting::worker, entity::case_circle};
use schakel_tests::{As, reason, violations};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::region::{Region, Somebody, person, role, shown};

/// A school whose social worker has no hours yet, and two cases of it.
struct Queue {
    region: Region,
    iber: Somebody,
    smw: Somebody,
    client: As,
}

impl Queue {
    async fn start() -> Self {
        let region = Region::start().await;
        let iber = region.full_time("IB", &region.school, pb::Role::Iber).await;
        let smw = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
        region.link(pb::Role::Smw, &smw, None).await;
        let client = region.acting(&iber).await;
        let queue = Self { region, iber, smw, client };
        queue.look().await;
        queue
    }

    fn staffing(&self) -> StaffingServiceClient<As> {
        StaffingServiceClient::new(self.client.clone())
    }

    /// Has the list looked through, as the server does.
    async fn look(&self) {
        worker::work(&self.region.server.app, self.region.server.founded.region).await.unwrap();
    }

    async fn join(&self, urgency: Urgency) -> pb::WaitingEntry {
        let (case, parents) = self.region.case().await;
        let entry = pb::WaitingEntry {
            kind: pb::consultation::Kind::Mdo.into(),
            case,
            place: pb::consultation::Place::School.into(),
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            seats: vec![person(&self.iber.name), role(pb::Role::Smw), person(&parents[0].to_string())],
            urgency: urgency.into(),
            ..Default::default()
        };
        let request = pb::JoinWaitingListRequest {
            waiting_entry: Some(entry),
            request_id: self.region.server.request_id(),
        };
        let joined = self.staffing().join_waiting_list(request).await.unwrap().into_inner();
        self.region.server.clock.advance(TimeDelta::minutes(1));
        joined
    }

    async fn list(&self) -> Vec<pb::WaitingEntry> {
        let list = pb::ListWaitingRequest { school: self.region.school.clone(), ..Default::default() };
        self.staffing().list_waiting(list).await.unwrap().into_inner().waiting_entries
    }

    /// What stands on the list under this name.
    async fn of(&self, entry: &pb::WaitingEntry) -> pb::WaitingEntry {
        self.list().await.into_iter().find(|one| one.name == entry.name).unwrap()
    }

    async fn accept(&self, entry: &pb::WaitingEntry) -> Result<pb::Consultation, tonic::Status> {
        let request = pb::AcceptOfferRequest {
            name: entry.name.clone(),
            etag: entry.etag.clone(),
            request_id: self.region.server.request_id(),
            ..Default::default()
        };
        self.staffing().accept_offer(request).await.map(tonic::Response::into_inner)
    }

    async fn leave(&self, entry: &pb::WaitingEntry) -> Result<pb::WaitingEntry, tonic::Status> {
        let request = pb::LeaveWaitingListRequest {
            name: entry.name.clone(),
            etag: entry.etag.clone(),
            request_id: self.region.server.request_id(),
        };
        self.staffing().leave_waiting_list(request).await.map(tonic::Response::into_inner)
    }

    /// One hour of the social worker's on one date.
    async fn an_hour(&self, date: &str) {
        let day = pb::DateOverride {
            affiliation: self.smw.affiliation.clone(),
            date: date.into(),
            hours: vec![pb::date_override::Hours { from: "10:00".into(), until: "11:00".into() }],
            ..Default::default()
        };
        let request = pb::SetDateOverrideRequest {
            date_override: Some(day),
            request_id: self.region.server.request_id(),
        };
        self.region.availability().set_date_override(request).await.unwrap();
        self.look().await;
    }
}

fn states(list: &[pb::WaitingEntry]) -> Vec<(String, &'static str)> {
    list.iter().map(|one| (one.name.clone(), one.state().as_str_name())).collect()
}

#[tokio::test]
async fn x15_a_freed_time_goes_to_the_most_urgent_and_then_to_who_waits_longest() {
    let queue = Queue::start().await;
    let first = queue.join(Urgency::Routine).await;
    let second = queue.join(Urgency::Routine).await;
    let urgent = queue.join(Urgency::Urgent).await;
    queue.look().await;
    let waiting = [&urgent, &first, &second].map(|one| (one.name.clone(), "STATE_WAITING"));
    assert_eq!(states(&queue.list().await), waiting, "in the order of service");
    let early = queue.accept(&first).await.unwrap_err();
    assert_eq!(reason(&early), "NO_OFFER");

    queue.region.server.news().await;
    queue.an_hour("2026-12-01").await;
    let offered = queue.of(&urgent).await;
    assert_eq!(offered.state(), pb::waiting_entry::State::Offered);
    let offer = offered.offer.clone().unwrap();
    assert_eq!(shown(offer.start_time.as_ref()), "Tue 01-12 10:00");
    assert_eq!(offer.persons, std::slice::from_ref(&queue.smw.name));
    assert_eq!(queue.of(&first).await.state(), pb::waiting_entry::State::Waiting);
    let mails = queue.region.server.news().await;
    assert_eq!((mails.len(), mails[0].to()), (1, "ib@team.example".to_owned()));
    assert!(!mails[0].text().contains("Tue") && !mails[0].text().contains("10:00"), "{}", mails[0].text());

    let booked = queue.accept(&offered).await.unwrap();
    assert_eq!(shown(booked.start_time.as_ref()), "Tue 01-12 10:00");
    let people: Vec<_> = booked.participants.iter().map(|one| one.role).collect();
    assert_eq!(people, [pb::Role::Iber, pb::Role::Smw, pb::Role::Ouder].map(i32::from));
    assert_eq!(queue.list().await.len(), 2);
    // The time comes free again: who waits longest has it now.
    let mut meetings = ConsultationServiceClient::new(queue.client.clone());
    let cancel = pb::CancelConsultationRequest {
        name: booked.name,
        etag: booked.etag,
        request_id: queue.region.server.request_id(),
    };
    meetings.cancel_consultation(cancel).await.unwrap();
    queue.look().await;
    assert_eq!(queue.of(&first).await.state(), pb::waiting_entry::State::Offered);
    assert_eq!(queue.of(&second).await.state(), pb::waiting_entry::State::Waiting);
}

#[tokio::test]
async fn x15_an_offer_that_nobody_takes_goes_to_the_next_and_nobody_loses_its_place() {
    let queue = Queue::start().await;
    let first = queue.join(Urgency::Soon).await;
    let second = queue.join(Urgency::Soon).await;
    queue.an_hour("2026-12-03").await;
    let offered = queue.of(&first).await;
    assert_eq!(offered.state(), pb::waiting_entry::State::Offered);
    queue.region.server.clock.advance(TimeDelta::hours(25));
    let late = queue.accept(&offered).await.unwrap_err();
    assert_eq!(reason(&late), "NO_OFFER");
    queue.look().await;
    let next = queue.of(&second).await;
    assert_eq!(next.state(), pb::waiting_entry::State::Offered);
    assert_eq!(states(&queue.list().await)[0], (first.name.clone(), "STATE_WAITING"), "its place is kept");
    // Whoever leaves gives the time back; who rested may have it again.
    let left = queue.leave(&next).await.unwrap();
    assert_eq!(left.state(), pb::waiting_entry::State::Left);
    let again = pb::WaitingEntry { etag: left.etag.clone(), ..next };
    assert_eq!(reason(&queue.leave(&again).await.unwrap_err()), "ALREADY_ENDED");
    queue.look().await;
    assert_eq!(queue.of(&first).await.state(), pb::waiting_entry::State::Waiting, "it rests a day");
    queue.region.server.clock.advance(TimeDelta::hours(25));
    queue.look().await;
    assert_eq!(queue.of(&first).await.state(), pb::waiting_entry::State::Offered);
}

#[tokio::test]
async fn x15_an_offered_time_is_nobody_elses_and_a_list_is_the_schools_own() {
    let queue = Queue::start().await;
    let entry = queue.join(Urgency::Routine).await;
    queue.an_hour("2026-12-01").await;
    let offer = queue.of(&entry).await.offer.unwrap();
    let (case, parents) = queue.region.case().await;
    let seat = |name: &str, role: pb::Role| pb::Participant {
        person: name.to_owned(),
        role: role.into(),
        ..Default::default()
    };
    let same = pb::Consultation {
        kind: pb::consultation::Kind::Mdo.into(),
        case,
        start_time: offer.start_time,
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        place: pb::consultation::Place::School.into(),
        participants: vec![
            seat(&queue.iber.name, pb::Role::Iber),
            seat(&queue.smw.name, pb::Role::Smw),
            seat(&parents[0].to_string(), pb::Role::Ouder),
        ],
        ..Default::default()
    };
    let mut meetings = ConsultationServiceClient::new(queue.client.clone());
    let booking = pb::BookConsultationRequest {
        consultation: Some(same),
        request_id: queue.region.server.request_id(),
        ..Default::default()
    };
    let refused = meetings.book_consultation(booking).await.unwrap_err();
    assert_eq!(reason(&refused), "TIME_CONFLICT");

    let other = crate::region::new_school(&queue.region.server, "90AB00", "WK990102").await;
    let somebody = queue.region.somebody("IB2", &other, pb::Role::Iber).await;
    let mut elsewhere = StaffingServiceClient::new(queue.region.acting(&somebody).await);
    let list = elsewhere.list_waiting(pb::ListWaitingRequest::default()).await.unwrap().into_inner();
    assert!(list.waiting_entries.is_empty());
    let leave = pb::LeaveWaitingListRequest {
        name: entry.name,
        etag: entry.etag,
        request_id: queue.region.server.request_id(),
    };
    let refused = elsewhere.leave_waiting_list(leave).await.unwrap_err();
    assert_eq!(reason(&refused), "WAITING_ENTRY_NOT_FOUND");
    // The team's planner sees that somebody waits, not who.
    let planner = queue.region.somebody("PLAN", &queue.region.team, pb::Role::WijkteamCoordinator).await;
    let mut planner = StaffingServiceClient::new(queue.region.acting(&planner).await);
    let list = planner.list_waiting(pb::ListWaitingRequest::default()).await.unwrap().into_inner();
    assert_eq!((list.waiting_entries.len(), list.waiting_entries[0].case.as_str()), (1, ""));
    let private = list.waiting_entries[0].seats[2].who.clone();
    assert_eq!(private, Some(pb::seat::Who::Role(pb::Role::Ouder.into())));
}

#[tokio::test]
async fn x15_who_waits_is_served_when_a_day_comes_within_reach_and_nobody_changes_anything() {
    let queue = Queue::start().await;
    let entry = queue.join(Urgency::Routine).await;
    queue.an_hour("2027-01-19").await;
    assert_eq!(queue.of(&entry).await.state(), pb::waiting_entry::State::Waiting, "too far ahead");
    let mut offered = None;
    for _ in 0..40 {
        queue.region.server.clock.advance(TimeDelta::days(1));
        queue.look().await;
        offered = queue.of(&entry).await.offer;
        if offered.is_some() {
            break;
        }
    }
    let offer = offered.unwrap();
    assert_eq!(shown(offer.start_time.as_ref()), "Tue 19-01 10:00");
}

#[tokio::test]
async fn x15_what_could_never_be_booked_does_not_wait() {
    let queue = Queue::start().await;
    let (case, parents) = queue.region.case().await;
    let join = |seats| pb::JoinWaitingListRequest {
        waiting_entry: Some(pb::WaitingEntry {
            kind: pb::consultation::Kind::Mdo.into(),
            case: case.clone(),
            place: pb::consultation::Place::School.into(),
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            seats,
            ..Default::default()
        }),
        request_id: queue.region.server.request_id(),
    };
    let (iber, parent) = (person(&queue.iber.name), person(&parents[0].to_string()));
    let no_parent = join(vec![iber.clone(), role(pb::Role::Smw)]);
    let refused = queue.staffing().join_waiting_list(no_parent).await.unwrap_err();
    assert_eq!(violations(&refused), ["waiting_entry.seats: PARENT_REQUIRED"]);
    let twice = join(vec![iber.clone(), iber, role(pb::Role::Smw), parent]);
    let refused = queue.staffing().join_waiting_list(twice).await.unwrap_err();
    assert_eq!(violations(&refused), ["waiting_entry.seats[1]: DUPLICATE_ATTENDEE"]);
    assert_eq!(queue.list().await, []);
}

#[tokio::test]
async fn x15_what_only_the_meeting_needs_is_told_when_the_offer_is_taken() {
    let queue = Queue::start().await;
    let (case, parents) = queue.region.case().await;
    let visit = pb::WaitingEntry {
        kind: pb::consultation::Kind::Huisbezoek.into(),
        case,
        place: pb::consultation::Place::Home.into(),
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        seats: vec![role(pb::Role::Smw), person(&parents[0].to_string())],
        ..Default::default()
    };
    let join = pb::JoinWaitingListRequest {
        waiting_entry: Some(visit),
        request_id: queue.region.server.request_id(),
    };
    let entry = queue.staffing().join_waiting_list(join).await.unwrap().into_inner();
    queue.an_hour("2026-12-01").await;
    let offered = queue.of(&entry).await;
    let alone = queue.accept(&offered).await.unwrap_err();
    assert_eq!(violations(&alone), ["consultation.participants: TWO_PROFESSIONALS_REQUIRED"]);
    let accept = pb::AcceptOfferRequest {
        name: offered.name,
        etag: offered.etag,
        request_id: queue.region.server.request_id(),
        alone_because: pb::consultation::AloneBecause::FamilyKnown.into(),
        ..Default::default()
    };
    let booked = queue.staffing().accept_offer(accept).await.unwrap().into_inner();
    assert_eq!(booked.alone_because(), pb::consultation::AloneBecause::FamilyKnown);
}

#[tokio::test]
async fn x15_what_waits_for_a_child_is_told_to_who_may_know_of_the_case() {
    let queue = Queue::start().await;
    let other = crate::region::new_school(&queue.region.server, "90AB00", "WK990102").await;
    let (case, parents) = queue.region.case().await;
    let join = pb::JoinWaitingListRequest {
        waiting_entry: Some(pb::WaitingEntry {
            kind: pb::consultation::Kind::Mdo.into(),
            case: case.clone(),
            // Only the room is there.
            school: other.clone(),
            place: pb::consultation::Place::School.into(),
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            seats: vec![person(&queue.iber.name), role(pb::Role::Smw), person(&parents[0].to_string())],
            ..Default::default()
        }),
        request_id: queue.region.server.request_id(),
    };
    let entry = queue.staffing().join_waiting_list(join).await.unwrap().into_inner();
    let leave = |etag: &str| pb::LeaveWaitingListRequest {
        name: entry.name.clone(),
        etag: etag.to_owned(),
        request_id: queue.region.server.request_id(),
    };
    let somebody = queue.region.somebody("IB2", &other, pb::Role::Iber).await;
    let mut there = StaffingServiceClient::new(queue.region.acting(&somebody).await);
    let list = there.list_waiting(pb::ListWaitingRequest::default()).await.unwrap().into_inner();
    assert_eq!(list.waiting_entries, [], "whoever lends a room learns nothing");
    let refused = there.leave_waiting_list(leave(&entry.etag)).await.unwrap_err();
    assert_eq!(reason(&refused), "WAITING_ENTRY_NOT_FOUND");

    // The child moves: its new school has the list, the old one no longer.
    let all = pb::ListWaitingRequest::default;
    let own = queue.staffing().list_waiting(all()).await.unwrap().into_inner().waiting_entries;
    assert_eq!(own.len(), 1);
    let rows = queue.region.server.rows().await;
    let id: CaseId = case.parse().unwrap();
    let school: SchoolId = other.parse().unwrap();
    case_circle::Entity::update_many()
        .col_expr(case_circle::Column::SchoolId, Expr::value(school.0))
        .filter(case_circle::Column::CaseId.eq(id.0))
        .exec(&rows)
        .await
        .unwrap();
    let refused = queue.leave(&own[0]).await.unwrap_err();
    assert_eq!(reason(&refused), "WAITING_ENTRY_NOT_FOUND");
    assert_eq!(queue.staffing().list_waiting(all()).await.unwrap().into_inner().waiting_entries, []);
    assert_eq!(there.list_waiting(all()).await.unwrap().into_inner().waiting_entries.len(), 1);
    there.leave_waiting_list(leave(&own[0].etag)).await.unwrap();
}

#[tokio::test]
async fn x15_an_offer_to_who_has_left_is_mailed_to_nobody() {
    let queue = Queue::start().await;
    queue.join(Urgency::Routine).await;
    let gone = queue.iber.name.parse().unwrap();
    queue.region.server.news().await;
    queue.region.server.end_affiliations(gone).await;
    queue.region.server.clock.advance(TimeDelta::days(1));
    queue.an_hour("2026-12-01").await;
    assert!(queue.region.server.news().await.is_empty());
}
