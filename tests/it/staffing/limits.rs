//! Hours of single dates, parts of days away, and how many meetings somebody takes.

use chrono::TimeDelta;
use schakel_proto::v1::{self as pb, availability_service_client::AvailabilityServiceClient};
use schakel_tests::{reason, seed_meetings::Scene, violations};
use tonic::Code;

use crate::region::{Region, Somebody, hour, person, shown};

const WEEK: (&str, &str) = ("2026-11-23T23:00:00Z", "2026-11-28T00:00:00Z");

async fn starts(region: &Region, finder: &mut crate::region::Availability, who: &Somebody) -> Vec<String> {
    let ask = pb::FindSlotsRequest { max_slots: 50, ..hour(&region.school, vec![person(&who.name)], WEEK) };
    let found = finder.find_slots(ask).await.unwrap().into_inner();
    let mut starts: Vec<String> = found.slots.iter().map(|slot| shown(slot.start_time.as_ref())).collect();
    starts.sort();
    starts
}

fn day(who: &Somebody, date: &str, hours: &[(&str, &str)]) -> pb::DateOverride {
    let hours = hours
        .iter()
        .map(|(from, until)| pb::date_override::Hours { from: (*from).into(), until: (*until).into() });
    pb::DateOverride {
        affiliation: who.affiliation.clone(),
        date: date.into(),
        hours: hours.collect(),
        ..Default::default()
    }
}

#[tokio::test]
async fn x01_a_date_has_its_own_hours_instead_of_the_week() {
    let region = Region::start().await;
    let smw = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    region.hours(&smw, 2, ("09:00", "10:00")).await;
    region.hours(&smw, 4, ("09:00", "10:00")).await;
    let mut finder = region.coordinator().await;
    assert_eq!(starts(&region, &mut finder, &smw).await, ["Thu 26-11 09:00", "Tue 24-11 09:00"]);
    let mut own = region.availability();
    let set = |date_override| pb::SetDateOverrideRequest {
        date_override: Some(date_override),
        request_id: region.server.request_id(),
    };
    let off = own.set_date_override(set(day(&smw, "2026-11-24", &[]))).await.unwrap().into_inner();
    own.set_date_override(set(day(&smw, "2026-11-25", &[("13:00", "14:00")]))).await.unwrap();
    assert_eq!(off.person, smw.name);
    assert_eq!(starts(&region, &mut finder, &smw).await, ["Thu 26-11 09:00", "Wed 25-11 13:00"]);

    let again = own.set_date_override(set(day(&smw, "2026-11-24", &[]))).await.unwrap_err();
    assert_eq!((again.code(), reason(&again)), (Code::FailedPrecondition, "ALREADY_EXISTS".into()));
    let late = pb::DateOverride { etag: "7".into(), ..day(&smw, "2026-11-24", &[]) };
    assert_eq!(reason(&own.set_date_override(set(late)).await.unwrap_err()), "ETAG_MISMATCH");
    let wrong = day(&smw, "2026-11-27", &[("09:00", "12:00"), ("11:00", "13:00")]);
    let wrong = own.set_date_override(set(wrong)).await.unwrap_err();
    assert_eq!(violations(&wrong), ["date_override.hours: TIME_RANGE_INVALID"]);

    let list = pb::ListDateOverridesRequest { person: smw.name.clone(), ..Default::default() };
    let listed = own.list_date_overrides(list).await.unwrap().into_inner().date_overrides;
    assert_eq!(listed.iter().map(|one| one.date.as_str()).collect::<Vec<_>>(), ["2026-11-24", "2026-11-25"]);
    let remove = pb::RemoveDateOverrideRequest {
        name: off.name.clone(),
        etag: off.etag,
        request_id: region.server.request_id(),
    };
    own.remove_date_override(remove).await.unwrap();
    let gone = own.get_date_override(pb::GetDateOverrideRequest { name: off.name }).await.unwrap_err();
    assert_eq!(reason(&gone), "DATE_OVERRIDE_NOT_FOUND");
    let now = starts(&region, &mut finder, &smw).await;
    assert_eq!(now, ["Thu 26-11 09:00", "Tue 24-11 09:00", "Wed 25-11 13:00"]);
}

#[tokio::test]
async fn x01_somebody_is_away_for_a_part_of_a_day() {
    let region = Region::start().await;
    let smw = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    region.hours(&smw, 2, ("09:00", "12:00")).await;
    let mut finder = region.coordinator().await;
    let mut own = region.availability();
    let create = |from: &str, until: &str| pb::CreateAbsenceRequest {
        absence: Some(pb::Absence {
            person: smw.name.clone(),
            kind: pb::absence::Kind::Away.into(),
            valid_from: "2026-11-24".into(),
            valid_until: "2026-11-24".into(),
            from: from.into(),
            until: until.into(),
            ..Default::default()
        }),
        request_id: region.server.request_id(),
    };
    let wrong = own.create_absence(create("11:00", "10:00")).await.unwrap_err();
    assert_eq!(violations(&wrong), ["absence.until: TIME_RANGE_INVALID"]);
    let made = own.create_absence(create("09:30", "10:45")).await.unwrap().into_inner();
    assert_eq!((made.from.as_str(), made.until.as_str()), ("09:30", "10:45"));
    assert_eq!(starts(&region, &mut finder, &smw).await, ["Tue 24-11 10:45", "Tue 24-11 11:00"]);
    // Routing sends somebody else only for whole days away.
    region.link(pb::Role::Smw, &smw, None).await;
    let route = pb::RouteSchoolRequest {
        school: region.school.clone(),
        valid_on: "2026-11-24".into(),
        ..Default::default()
    };
    let route = region.server.directory().route_school(route).await.unwrap().into_inner();
    assert!(format!("{route:?}").contains(&smw.name), "{route:?}");
}

#[tokio::test]
async fn x01_what_somebody_would_not_take_is_not_offered() {
    let region = Region::start().await;
    let smw = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    for weekday in [2, 3, 4] {
        region.hours(&smw, weekday, ("09:00", "12:00")).await;
    }
    region.busy(&smw.name, "2026-11-24T08:00:00Z", "2026-11-24T09:00:00Z").await;
    let mut finder = region.coordinator().await;
    let found = starts(&region, &mut finder, &smw).await;
    assert_eq!(found.iter().filter(|start| start.starts_with("Tue")).count(), 5, "{found:?}");
    let mut own = AvailabilityServiceClient::new(region.acting(&smw).await);
    let mut set = async |limits: pb::MeetingLimits| {
        let meeting_limits = Some(pb::MeetingLimits { person: smw.name.clone(), ..limits });
        let request_id = region.server.request_id();
        let request = pb::SetMeetingLimitsRequest { meeting_limits, request_id };
        own.set_meeting_limits(request).await.unwrap().into_inner().etag
    };
    let etag = set(pb::MeetingLimits { buffer_minutes: 30, ..Default::default() }).await;
    let found = starts(&region, &mut finder, &smw).await;
    assert_eq!(found.iter().filter(|start| start.starts_with("Tue")).count(), 3, "{found:?}");
    let etag = set(pb::MeetingLimits { per_day: 1, notice_hours: 72, etag, ..Default::default() }).await;
    let found = starts(&region, &mut finder, &smw).await;
    assert!(found.iter().all(|start| start.starts_with("Thu")), "{found:?}");
    set(pb::MeetingLimits { per_week: 1, etag, ..Default::default() }).await;
    assert!(starts(&region, &mut finder, &smw).await.is_empty());
}

async fn limit(scene: &Scene, limits: pb::MeetingLimits) -> Result<pb::MeetingLimits, tonic::Status> {
    let mut own = AvailabilityServiceClient::new(scene.smw.1.clone());
    let limits = pb::MeetingLimits { person: scene.smw.0.to_string(), ..limits };
    let request_id = scene.server.request_id();
    let request = pb::SetMeetingLimitsRequest { meeting_limits: Some(limits), request_id };
    own.set_meeting_limits(request).await.map(tonic::Response::into_inner)
}

async fn refused(scene: &Scene, start: chrono::DateTime<chrono::Utc>) -> (String, String) {
    let status = scene.meetings().book_consultation(scene.booking(scene.mdo(start))).await.unwrap_err();
    let info = tonic_types::StatusExt::get_details_error_info(&status).unwrap();
    (info.reason, info.metadata.get("limit").cloned().unwrap_or_default())
}

#[tokio::test]
async fn x01_nobody_is_booked_beyond_what_they_take() {
    let scene = Scene::start().await;
    let of_day = pb::MeetingLimits { per_day: 1, per_week: 2, ..Default::default() };
    let set = limit(&scene, of_day).await.unwrap();
    // Wednesday, Thursday, Friday of one week; Monday of the next.
    scene.booked(scene.later(48)).await;
    let full = |limit: &str| ("LIMIT_REACHED".to_owned(), limit.to_owned());
    assert_eq!(refused(&scene, scene.later(51)).await, full("PER_DAY"));
    let thursday = scene.booked(scene.later(72)).await;
    assert_eq!(refused(&scene, scene.later(96)).await, full("PER_WEEK"));
    let monday = scene.booked(scene.later(168)).await;
    let back = pb::MoveConsultationRequest {
        name: monday.name,
        start_time: Some(schakel_tests::seed_meetings::stamp(scene.later(96))),
        etag: monday.etag,
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    assert_eq!(reason(&scene.meetings().move_consultation(back).await.unwrap_err()), "LIMIT_REACHED");
    // One's own meeting does not stand in its own way.
    let later = pb::MoveConsultationRequest {
        name: thursday.name,
        start_time: Some(schakel_tests::seed_meetings::stamp(scene.later(73))),
        etag: thursday.etag,
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    scene.meetings().move_consultation(later).await.unwrap();

    let stale = limit(&scene, pb::MeetingLimits::default()).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    let buffer =
        pb::MeetingLimits { buffer_minutes: 30, notice_hours: 24, etag: set.etag, ..Default::default() };
    limit(&scene, buffer).await.unwrap();
    let soon = scene.later(48) + TimeDelta::minutes(75);
    assert_eq!(refused(&scene, soon).await, full("BUFFER"));
    scene.booked(scene.later(48) + TimeDelta::minutes(90)).await;
    assert_eq!(refused(&scene, scene.later(23)).await, full("NOTICE"));
    let wrong = limit(&scene, pb::MeetingLimits { buffer_minutes: 121, ..Default::default() }).await;
    assert_eq!(violations(&wrong.unwrap_err()), ["meeting_limits.buffer_minutes: FIELD_INVALID"]);
    let mut other = AvailabilityServiceClient::new(scene.iber.1.clone());
    let limits = pb::MeetingLimits { person: scene.smw.0.to_string(), ..Default::default() };
    let strange =
        pb::SetMeetingLimitsRequest { meeting_limits: Some(limits), request_id: scene.server.request_id() };
    assert_eq!(reason(&other.set_meeting_limits(strange).await.unwrap_err()), "PERSON_NOT_FOUND");
}
