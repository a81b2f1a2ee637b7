//! Series: booked whole or in parts, changed from a date on, called off, told in one mail.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{access::Role, invitation::forbidden_word};
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient, occurrence::Result as Done,
    series_service_client::SeriesServiceClient,
};
use schakel_tests::{
    As, reason,
    seed_meetings::{Scene, seat, stamp},
    statements, violations,
};
use tonic::Code;

use crate::region::shown;

mod whole;

/// Tuesday 24 November 2026, 13:00 in Amsterdam.
fn tuesday() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn series(scene: &Scene) -> SeriesServiceClient<As> {
    SeriesServiceClient::new(scene.iber.1.clone())
}

/// Half an hour of IB'er and social worker at school, about no child.
fn consult(scene: &Scene) -> pb::Consultation {
    pb::Consultation {
        kind: pb::consultation::Kind::Consult.into(),
        start_time: Some(stamp(tuesday())),
        duration: Some(prost_types::Duration { seconds: 1800, nanos: 0 }),
        place: pb::consultation::Place::School.into(),
        school: scene.school.to_string(),
        participants: vec![seat(scene.iber.0, pb::Role::Iber), seat(scene.smw.0, pb::Role::Smw)],
        parent_exception: pb::consultation::ParentException::Anonymous.into(),
        ..Default::default()
    }
}

fn weekly(scene: &Scene, recurrence: &str) -> pb::BookSeriesRequest {
    pb::BookSeriesRequest {
        consultation: Some(consult(scene)),
        recurrence: recurrence.into(),
        mode: pb::BookingMode::AllOrNothing.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    }
}

async fn booked(scene: &Scene, recurrence: &str) -> pb::BookSeriesResponse {
    series(scene).book_series(weekly(scene, recurrence)).await.unwrap().into_inner()
}

/// Result and original date of each.
fn told(response: &pb::BookSeriesResponse) -> Vec<(Done, &str)> {
    response.occurrences.iter().map(|one| (one.result(), one.original_date.as_str())).collect()
}

async fn meetings(scene: &Scene, name: &str) -> Vec<pb::Consultation> {
    let got = series(scene).get_series(pb::GetSeriesRequest { name: name.to_owned() }).await.unwrap();
    got.into_inner().consultations
}

fn metadata(status: &tonic::Status, key: &str) -> String {
    let info = tonic_types::StatusExt::get_details_error_info(status).unwrap();
    info.metadata.get(key).cloned().unwrap_or_default()
}

#[tokio::test]
async fn x05_a_series_skips_or_moves_holidays_and_each_meeting_is_one_of_its_own() {
    use Done::{Booked, Moved, Skipped};
    let scene = Scene::start().await;
    let rule = "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270112";
    let asked = weekly(&scene, rule);
    let response = series(&scene).book_series(asked.clone()).await.unwrap().into_inner();
    let expected = [
        (Booked, "2026-11-24"),
        (Booked, "2026-12-01"),
        (Booked, "2026-12-08"),
        (Booked, "2026-12-15"),
        (Skipped, "2026-12-22"),
        (Skipped, "2026-12-29"),
        (Booked, "2027-01-05"),
        (Booked, "2027-01-12"),
    ];
    assert_eq!(told(&response), expected);
    let skipped = &response.occurrences[4];
    assert_eq!((skipped.reason.as_str(), skipped.consultation.as_str()), ("SCHOOL_HOLIDAY", ""));
    assert_eq!(skipped.text, "Een school heeft dan vakantie. Er is dan geen overleg.");
    let again = series(&scene).book_series(asked).await.unwrap().into_inner();
    assert_eq!(response, again, "the same request has one effect");

    let own = response.series.unwrap();
    assert_eq!(
        (own.coming_count, own.time_of_day.as_str(), own.first_date.as_str()),
        (6, "13:00", "2026-11-24")
    );
    let all = meetings(&scene, &own.name).await;
    assert_eq!(all.len(), 6);
    assert!(all.iter().all(|meeting| meeting.series == own.name && !meeting.series_exception));
    assert!(all.iter().all(|meeting| meeting.start_time == meeting.original_start_time));
    let references: std::collections::BTreeSet<_> = all.iter().map(|meeting| &meeting.reference).collect();
    assert_eq!(references.len(), 6);

    let mut moved = weekly(&scene, rule);
    moved.consultation.as_mut().unwrap().start_time = Some(stamp(tuesday() + TimeDelta::hours(1)));
    moved.on_closed = pb::series::OnClosed::Move.into();
    moved.left_out_dates = vec!["2026-12-01".into()];
    moved.extra_dates = vec!["2026-12-03".into()];
    let moved = series(&scene).book_series(moved).await.unwrap().into_inner();
    assert_eq!(
        told(&moved)[1..7],
        [
            (Skipped, "2026-12-01"),
            (Booked, "2026-12-03"),
            (Booked, "2026-12-08"),
            (Booked, "2026-12-15"),
            (Skipped, "2026-12-22"),
            (Moved, "2026-12-29")
        ]
    );
    assert_eq!(shown(moved.occurrences[6].start_time.as_ref()), "Mon 04-01 14:00");
}

#[tokio::test]
async fn x05_the_clock_on_the_wall_stays_when_summer_begins() {
    let scene = Scene::start().await;
    let response = booked(&scene, "FREQ=MONTHLY;BYDAY=4TU;COUNT=8").await;
    let held = response.occurrences.iter().filter(|one| one.start_time.is_some());
    let starts: Vec<String> = held.map(|one| shown(one.start_time.as_ref())).collect();
    assert!(starts.len() > 3 && starts.iter().all(|start| start.ends_with("13:00")), "{starts:?}");
    let seconds: Vec<i64> = response
        .occurrences
        .iter()
        .filter_map(|one| one.start_time)
        .map(|at| at.seconds % 86_400 / 3600)
        .collect();
    assert!(seconds.contains(&12) && seconds.contains(&11), "winter and summer: {seconds:?}");
}

#[tokio::test]
async fn x05_a_taken_date_refuses_the_whole_or_is_told_with_other_times() {
    let scene = Scene::start().await;
    scene.booked("2026-12-08T12:00:00Z".parse().unwrap()).await;
    let rule = "FREQ=WEEKLY;COUNT=4";
    let proposal = pb::BookSeriesRequest { dry_run: true, mode: 0, ..weekly(&scene, rule) };
    let proposed = series(&scene).book_series(proposal).await.unwrap().into_inner();
    assert!(proposed.series.is_none());
    assert_eq!(told(&proposed)[2], (Done::Conflict, "2026-12-08"));
    assert_eq!(proposed.occurrences[2].next_free_times.len(), 3);
    assert_eq!(shown(proposed.occurrences[2].next_free_times.first()), "Tue 08-12 14:00");

    let refused = series(&scene).book_series(weekly(&scene, rule)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "TIME_CONFLICT".into()));
    assert_eq!(metadata(&refused, "conflicts"), "2026-12-08T12:00:00Z");
    let mut list = ConsultationServiceClient::new(scene.iber.1.clone());
    let all = list.list_consultations(pb::ListConsultationsRequest::default()).await.unwrap().into_inner();
    assert_eq!(all.consultations.len(), 1, "nothing of the whole is left");

    let each = pb::BookSeriesRequest { mode: pb::BookingMode::Each.into(), ..weekly(&scene, rule) };
    let some = series(&scene).book_series(each.clone()).await.unwrap().into_inner();
    let results: Vec<Done> = some.occurrences.iter().map(pb::Occurrence::result).collect();
    assert_eq!(results, [Done::Booked, Done::Booked, Done::Conflict, Done::Booked]);
    let all_taken = pb::BookSeriesRequest { request_id: scene.server.request_id(), ..each };
    let refused = series(&scene).book_series(all_taken).await.unwrap_err();
    assert_eq!(reason(&refused), "TIME_CONFLICT");
}

#[tokio::test]
async fn x05_a_rule_that_is_not_understood_or_leaves_no_date_is_refused() {
    let scene = Scene::start().await;
    let ask = async |rule: &str| series(&scene).book_series(weekly(&scene, rule)).await.unwrap_err();
    assert_eq!(violations(&ask("FREQ=DAILY").await), ["recurrence: FIELD_INVALID"]);
    assert_eq!(violations(&ask("FREQ=WEEKLY;BYDAY=WE").await), ["recurrence: FIELD_INVALID"]);
    let far = pb::BookSeriesRequest {
        extra_dates: vec!["2029-01-02".into()],
        ..weekly(&scene, "FREQ=WEEKLY;COUNT=2")
    };
    let far = series(&scene).book_series(far).await.unwrap_err();
    assert_eq!(violations(&far), ["recurrence: TIME_OUT_OF_BOUNDS"]);
    let zone =
        pb::BookSeriesRequest { time_zone: "Mars/Phobos".into(), mode: 0, ..weekly(&scene, "FREQ=WEEKLY") };
    let zone = series(&scene).book_series(zone).await.unwrap_err();
    assert_eq!(violations(&zone), ["time_zone: TIMEZONE_UNKNOWN", "mode: FIELD_REQUIRED"]);
}

#[tokio::test]
async fn x05_a_series_of_closed_days_only_is_no_series() {
    let scene = Scene::start().await;
    let mut holidays = weekly(&scene, "FREQ=WEEKLY;COUNT=2");
    holidays.consultation.as_mut().unwrap().start_time = Some(stamp("2026-12-22T12:00:00Z".parse().unwrap()));
    let refused = series(&scene).book_series(holidays).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "PLAN_INCOMPLETE".into()));
}

#[tokio::test]
async fn x05_this_and_following_becomes_a_series_that_follows_and_exceptions_stay() {
    let scene = Scene::start().await;
    let first = booked(&scene, "FREQ=WEEKLY;COUNT=4").await.series.unwrap();
    let all = meetings(&scene, &first.name).await;
    let moving = pb::MoveConsultationRequest {
        name: all[3].name.clone(),
        start_time: Some(stamp(tuesday() + TimeDelta::days(22))),
        etag: all[3].etag.clone(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let alone = scene.meetings().move_consultation(moving).await.unwrap().into_inner();
    assert!(alone.series_exception && alone.series == first.name);
    let change = pb::UpdateSeriesRequest {
        name: first.name.clone(),
        from_date: "2026-12-08".into(),
        time_of_day: "15:30".into(),
        duration: Some(prost_types::Duration { seconds: 2700, nanos: 0 }),
        mode: pb::BookingMode::AllOrNothing.into(),
        etag: first.etag.clone(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let changed = series(&scene).update_series(change.clone()).await.unwrap().into_inner();
    let results: Vec<(Done, &str)> = told(&changed);
    assert_eq!(results, [(Done::Booked, "2026-12-08"), (Done::Kept, "2026-12-15")]);
    let next = changed.series.unwrap();
    assert_eq!((next.follows.as_str(), next.first_date.as_str()), (first.name.as_str(), "2026-12-08"));
    assert_eq!(
        (next.time_of_day.as_str(), next.recurrence.as_str()),
        ("15:30", "FREQ=WEEKLY;INTERVAL=1;COUNT=2")
    );
    let before = meetings(&scene, &first.name).await;
    assert_eq!(before.len(), 2);
    let after = meetings(&scene, &next.name).await;
    assert_eq!(shown(after[0].start_time.as_ref()), "Tue 08-12 15:30");
    assert_eq!(after[0].sequence, 1);
    assert_eq!(shown(after[1].start_time.as_ref()), "Wed 16-12 13:00", "what was moved alone stays there");
    let old = pb::UpdateSeriesRequest { request_id: scene.server.request_id(), ..change.clone() };
    let stale = series(&scene).update_series(old).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale)), (Code::Aborted, "ETAG_MISMATCH".into()));

    let (deputy, _) = scene.server.person(Role::Smw, scene.team).await;
    let whole = pb::UpdateSeriesRequest {
        name: next.name.clone(),
        participants: vec![seat(scene.iber.0, pb::Role::Iber), seat(deputy, pb::Role::Smw)],
        overwrite_exceptions: true,
        mode: pb::BookingMode::AllOrNothing.into(),
        etag: next.etag,
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let whole = series(&scene).update_series(whole).await.unwrap().into_inner();
    assert_eq!(whole.series.unwrap().name, next.name, "nothing stays behind, so nothing splits");
    let after = meetings(&scene, &next.name).await;
    assert!(after.iter().all(|meeting| meeting.participants[1].person == deputy.to_string()));
    assert_eq!(shown(after[1].start_time.as_ref()), "Tue 15-12 15:30", "back to its rule");
}

#[tokio::test]
async fn x05_a_new_time_that_is_taken_refuses_the_change_or_leaves_that_meeting() {
    let scene = Scene::start().await;
    let first = booked(&scene, "FREQ=WEEKLY;COUNT=3").await.series.unwrap();
    scene.booked("2026-12-01T14:00:00Z".parse().unwrap()).await;
    let change = |mode: pb::BookingMode| pb::UpdateSeriesRequest {
        name: first.name.clone(),
        time_of_day: "15:00".into(),
        mode: mode.into(),
        etag: first.etag.clone(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let refused = series(&scene).update_series(change(pb::BookingMode::AllOrNothing)).await.unwrap_err();
    assert_eq!(metadata(&refused, "conflicts"), "2026-12-01T14:00:00Z");
    let some = series(&scene).update_series(change(pb::BookingMode::Each)).await.unwrap().into_inner();
    let results: Vec<Done> = some.occurrences.iter().map(pb::Occurrence::result).collect();
    assert_eq!(results, [Done::Booked, Done::Conflict, Done::Booked]);
    let all = meetings(&scene, &first.name).await;
    assert_eq!(shown(all[1].start_time.as_ref()), "Tue 01-12 13:00");
    assert!(all[1].series_exception);
}

#[tokio::test]
async fn x05_a_series_is_called_off_from_a_date_and_what_has_been_stays() {
    let scene = Scene::start().await;
    let first = booked(&scene, "FREQ=WEEKLY;COUNT=4").await.series.unwrap();
    scene.server.clock.advance(TimeDelta::days(3));
    let cancel = |from: &str, etag: &str| pb::CancelSeriesRequest {
        name: first.name.clone(),
        from_date: from.into(),
        etag: etag.into(),
        request_id: scene.server.request_id(),
    };
    let some = series(&scene).cancel_series(cancel("2026-12-08", &first.etag)).await.unwrap().into_inner();
    assert_eq!((some.coming_count, some.recurrence.as_str()), (1, "FREQ=WEEKLY;INTERVAL=1;UNTIL=20261207"));
    let states: Vec<i32> = meetings(&scene, &first.name).await.iter().map(|meeting| meeting.state).collect();
    let (planned, off) = (pb::consultation::State::Planned as i32, pb::consultation::State::Cancelled as i32);
    assert_eq!(states, [planned, planned, off, off]);
    // Everybody is free again.
    scene.booked("2026-12-08T12:00:00Z".parse().unwrap()).await;
    let rest = series(&scene).cancel_series(cancel("", &some.etag)).await.unwrap().into_inner();
    assert_eq!(rest.coming_count, 0);
    let none = series(&scene).cancel_series(cancel("", &rest.etag)).await.unwrap_err();
    assert_eq!(reason(&none), "ALREADY_ENDED");
}

#[tokio::test]
async fn x05_each_participant_gets_one_mail_about_all_meetings() {
    let scene = Scene::start().await;
    let mut asked = weekly(&scene, "FREQ=WEEKLY;COUNT=4");
    asked.consultation =
        Some(pb::Consultation { start_time: Some(stamp(tuesday())), ..scene.mdo(tuesday()) });
    let own = series(&scene).book_series(asked).await.unwrap().into_inner().series.unwrap();
    let all = meetings(&scene, &own.name).await;
    assert!(all.iter().all(|meeting| meeting.participants[2].display_name == "Anna de Wit"));
    let mails = scene.server.news().await;
    assert_eq!(mails.len(), 3, "four meetings, three people, three mails");
    for mail in &mails {
        assert_eq!(mail.subject(), "Uitnodiging: 4 keer overleg – vanaf di 24 nov 2026 13:00");
        let calendar = String::from_utf8(mail.part("text/calendar")).unwrap();
        assert!(calendar.contains("METHOD:PUBLISH\r\n"));
        assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 4);
        assert!(calcard::icalendar::ICalendar::parse(&calendar).is_ok());
        let text = mail.text();
        assert!(all.iter().all(|meeting| text.contains(&meeting.reference)));
        let neutral: Vec<&str> = text.lines().filter(|line| !line.contains("/r/")).collect();
        let neutral = all.iter().fold(neutral.join("\n"), |text, own| text.replace(&own.reference, ""));
        assert_eq!(forbidden_word(&neutral.replace(&mail.to_name(), "")), None);
    }
    assert!(scene.server.news().await.is_empty());
    let sent = pb::participant::Delivery::Sent as i32;
    let all = meetings(&scene, &own.name).await;
    assert!(all.iter().all(|meeting| meeting.participants.iter().all(|seat| seat.delivery == sent)));

    // One that moves alone is told alone, as the same event.
    let moving = pb::MoveConsultationRequest {
        name: all[1].name.clone(),
        start_time: Some(stamp(tuesday() + TimeDelta::days(8))),
        etag: all[1].etag.clone(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    scene.meetings().move_consultation(moving).await.unwrap();
    scene.server.clock.advance(TimeDelta::minutes(2));
    let mails = scene.server.news().await;
    assert_eq!(mails.len(), 3);
    assert_eq!(mails[0].property("SEQUENCE"), "1");
    let cancel = pb::CancelSeriesRequest {
        name: own.name,
        etag: own.etag,
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    series(&scene).cancel_series(cancel).await.unwrap();
    let mails = scene.server.news().await;
    assert_eq!(mails.len(), 3);
    let calendar = String::from_utf8(mails[0].part("text/calendar")).unwrap();
    assert_eq!(calendar.matches("STATUS:CANCELLED").count(), 4);
    assert!(mails[0].subject().starts_with("Afgezegd: 4 keer"), "{}", mails[0].subject());
}

#[tokio::test]
async fn x05_a_series_is_its_tables_and_its_schools_and_unknown_to_others() {
    let scene = Scene::start().await;
    let own = booked(&scene, "FREQ=WEEKLY;COUNT=3").await.series.unwrap();
    let mut invited = SeriesServiceClient::new(scene.smw.1.clone());
    let seen =
        invited.get_series(pb::GetSeriesRequest { name: own.name.clone() }).await.unwrap().into_inner();
    assert_eq!(seen.consultations.len(), 3);
    let change = pb::CancelSeriesRequest {
        name: own.name.clone(),
        etag: own.etag.clone(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let denied = invited.cancel_series(change.clone()).await.unwrap_err();
    assert_eq!((denied.code(), reason(&denied)), (Code::PermissionDenied, "ACTION_NOT_ALLOWED".into()));
    let school = scene.server.school("99BB00", "GM9901").await;
    let (_, other) = scene.server.person(Role::Iber, school).await;
    let mut other = SeriesServiceClient::new(other);
    let unknown = other.get_series(pb::GetSeriesRequest { name: own.name.clone() }).await.unwrap_err();
    assert_eq!(reason(&unknown), "SERIES_NOT_FOUND");
    assert_eq!(reason(&other.cancel_series(change).await.unwrap_err()), "SERIES_NOT_FOUND");
    let none = other.list_series(pb::ListSeriesRequest::default()).await.unwrap().into_inner();
    assert!(none.series.is_empty());
    let listed = series(&scene).list_series(pb::ListSeriesRequest::default()).await.unwrap().into_inner();
    assert_eq!(listed.series.len(), 1);
    assert_eq!((listed.series[0].name.clone(), listed.series[0].coming_count), (own.name, 3));
}

#[tokio::test]
async fn x05_who_comes_once_does_not_learn_when_the_others_meet() {
    let scene = Scene::start().await;
    let own = booked(&scene, "FREQ=WEEKLY;COUNT=3").await.series.unwrap();
    let second = meetings(&scene, &own.name).await.remove(1);
    let (deputy, channel) = scene.server.person(Role::Smw, scene.team).await;
    let replace = pb::ReplaceParticipantRequest {
        name: second.name.clone(),
        leaves: scene.smw.0.to_string(),
        comes: Some(seat(deputy, pb::Role::Smw)),
        etag: second.etag,
        request_id: scene.server.request_id(),
    };
    scene.meetings().replace_participant(replace).await.unwrap();
    let mut deputy = SeriesServiceClient::new(channel);
    let seen = deputy.get_series(pb::GetSeriesRequest { name: own.name.clone() }).await.unwrap().into_inner();
    assert_eq!(seen.consultations.len(), 1);
    let rule = |series: &pb::Series| {
        (series.recurrence.clone(), series.first_date.clone(), series.time_of_day.clone())
    };
    assert_eq!(rule(&seen.series.unwrap()), Default::default());
    let listed = deputy.list_series(pb::ListSeriesRequest::default()).await.unwrap().into_inner();
    assert_eq!(rule(&listed.series[0]), Default::default());
    let whole = series(&scene).get_series(pb::GetSeriesRequest { name: own.name }).await.unwrap();
    assert_eq!(whole.into_inner().series.unwrap().first_date, "2026-11-24");
}

#[tokio::test]
async fn x05_a_long_series_costs_no_more_statements_than_a_short_one() {
    let scene = Scene::start().await;
    let cost = async |count: u16, hour: i64| {
        let mut asked = weekly(&scene, &format!("FREQ=WEEKLY;COUNT={count}"));
        asked.consultation.as_mut().unwrap().start_time = Some(stamp(tuesday() + TimeDelta::hours(hour)));
        let (booked, sent) = statements(series(&scene).book_series(asked)).await;
        booked.unwrap();
        sent.len()
    };
    cost(2, 0).await;
    let (short, long) = (cost(3, 1).await, cost(40, 2).await);
    println!("statements for 3 and for 40 meetings: {short}, {long}");
    assert_eq!(short, long);
}
