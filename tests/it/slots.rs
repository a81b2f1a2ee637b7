//! Times at which a table can meet: found, ranked, explained.

use schakel_proto::v1::{self as pb, consultation::Kind};
use schakel_tests::{descriptions, reason, statements, violations};
use tonic::Code;

use crate::region::{Region, at, hour, person, role, shown};

const WEEK: (&str, &str) = ("2026-11-23T23:00:00Z", "2026-11-28T00:00:00Z");

fn starts(found: &pb::FindSlotsResponse) -> Vec<String> {
    found.slots.iter().map(|slot| shown(slot.start_time.as_ref())).collect()
}

fn reasons(found: &pb::FindSlotsResponse) -> Vec<&str> {
    found.obstacles.iter().map(|obstacle| obstacle.reason.as_str()).collect()
}

#[tokio::test]
async fn x01_a_time_is_found_for_roles_and_a_parent_within_hours_and_around_meetings() {
    let region = Region::start().await;
    let ib = region.full_time("IB", &region.school, pb::Role::Iber).await;
    let smw = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    region.hours(&smw, 2, ("09:00", "12:00")).await;
    region.hours(&smw, 4, ("13:00", "17:00")).await;
    region.link(pb::Role::Smw, &smw, None).await;
    let (case, parents) = region.case().await;
    let parent = parents[0].to_string();
    // Tuesday 09:00 to 11:30 in Amsterdam.
    region.busy(&parent, "2026-11-24T08:00:00Z", "2026-11-24T10:30:00Z").await;
    let mut finder = region.coordinator().await;
    let seats = vec![role(pb::Role::Iber), role(pb::Role::Smw), person(&parent)];
    let ask = pb::FindSlotsRequest { case, ..hour(&region.school, seats, WEEK) };
    let found = finder.find_slots(ask.clone()).await.unwrap().into_inner();
    assert!(found.obstacles.is_empty() && found.warnings.is_empty());
    let starts = starts(&found);
    assert_eq!(starts.len(), 10, "an hour fits on Thursday afternoon only: {starts:?}");
    assert!(starts.iter().all(|start| start.starts_with("Thu 26-11")), "{starts:?}");
    let best = &found.slots[0];
    let taken: Vec<_> = best.seats.iter().map(|taken| (taken.seat, taken.person.as_str())).collect();
    assert_eq!(taken, [(0, ib.name.as_str()), (1, smw.name.as_str()), (2, parent.as_str())]);
    assert_eq!(best.points, best.reasons.iter().map(|reason| reason.points).sum::<i32>());
    let link = best.reasons.iter().find(|reason| reason.code == "LINK_PERSON").unwrap();
    assert_eq!(link.text, "Mevrouw SMW1 is de vaste contactpersoon van de school en kan dan.");
    let again = finder.find_slots(ask).await.unwrap().into_inner();
    assert_eq!(found, again, "the same register gives the same answer");
}

#[tokio::test]
async fn x01_without_a_time_it_is_told_who_makes_it_impossible_and_when_it_would_do() {
    let region = Region::start().await;
    let ib = region.full_time("IB", &region.school, pb::Role::Iber).await;
    let smw = region.full_time("SMW1", &region.team, pb::Role::Smw).await;
    region.link(pb::Role::Smw, &smw, None).await;
    region.away(&smw, "2026-11-23", "2026-12-06").await;
    let mut finder = region.coordinator().await;
    let seats = vec![person(&ib.name), role(pb::Role::Smw)];
    let found = finder.find_slots(hour(&region.school, seats, WEEK)).await.unwrap().into_inner();
    assert!(found.slots.is_empty());
    let absent = found.obstacles.iter().find(|obstacle| obstacle.reason == "ABSENT").unwrap();
    assert_eq!((absent.seats.as_slice(), absent.text.as_str()), (&[1][..], "Mevrouw SMW1 is dan afwezig."));
    assert_eq!(shown(absent.without_it.first()), "Tue 24-11 08:15");

    let lone = hour(&region.school, vec![person(&ib.name)], ("2026-12-24T23:00:00Z", "2026-12-26T00:00:00Z"));
    let christmas = finder.find_slots(lone).await.unwrap().into_inner();
    assert_eq!(reasons(&christmas), ["CLOSED_DAYS"]);
}

#[tokio::test]
async fn x01_a_search_that_begins_in_the_past_begins_now_and_one_that_ends_there_is_refused() {
    let region = Region::start().await;
    let ib = region.full_time("IB", &region.school, pb::Role::Iber).await;
    region.away(&ib, "2026-11-23", "2026-11-23").await;
    let mut finder = region.coordinator().await;
    let ask = |from, until| hour(&region.school, vec![person(&ib.name)], (from, until));
    let past = finder.find_slots(ask("2026-11-16T08:00:00Z", "2026-11-23T08:00:00Z")).await.unwrap_err();
    assert_eq!(violations(&past), ["end_time: TIME_OUT_OF_BOUNDS"]);
    assert!(descriptions(&past)[0].ends_with("(> 2026-11-23T08:00:00Z)"), "{past:?}");
    let short = finder.find_slots(ask("2026-11-23T07:15:00Z", "2026-11-23T08:15:00Z")).await.unwrap_err();
    assert_eq!(violations(&short), ["end_time: TIME_RANGE_INVALID"]);
    // It is nine o'clock: of the morning before it nothing is offered, neither with her nor without.
    let today = finder.find_slots(ask("2026-11-20T08:00:00Z", "2026-11-23T23:00:00Z")).await.unwrap();
    let today = today.into_inner();
    assert!(today.slots.is_empty());
    assert_eq!(shown(today.obstacles[0].without_it.first()), "Mon 23-11 09:00");
    let begun = finder.find_slots(ask("2026-11-20T08:00:00Z", "2026-11-24T23:00:00Z")).await.unwrap();
    let begun = begun.into_inner();
    assert!(starts(&begun).iter().all(|start| start.starts_with("Tue 24-11")), "{begun:?}");
    assert!(!begun.slots.is_empty());
}

#[tokio::test]
async fn x01_who_is_asked_for_alone_is_not_told_about_others() {
    let region = Region::start().await;
    let smw = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    region.hours(&smw, 2, ("09:00", "12:00")).await;
    let mut finder = region.coordinator().await;
    let wednesday = ("2026-11-24T23:00:00Z", "2026-11-25T23:00:00Z");
    let ask = hour(&region.school, vec![person(&smw.name)], wednesday);
    let none = finder.find_slots(ask).await.unwrap().into_inner();
    assert_eq!(reasons(&none), ["NO_HOURS"]);
    assert_eq!(none.obstacles[0].text, "Mevrouw SMW1 werkt dan niet.");
}

#[tokio::test]
async fn x01_a_search_for_a_kind_keeps_to_its_notice_unless_short_notice_will_do() {
    let region = Region::start().await;
    let ib = region.full_time("IB", &region.school, pb::Role::Iber).await;
    let mut finder = region.coordinator().await;
    // So long that all times are in the answer.
    let ask = |kind: Kind, allow_short_notice| pb::FindSlotsRequest {
        duration: Some(prost_types::Duration { seconds: 5 * 3600, nanos: 0 }),
        kind: kind.into(),
        allow_short_notice,
        max_slots: 50,
        ..hour(&region.school, vec![person(&ib.name)], ("2026-11-23T08:00:00Z", "2026-11-25T17:00:00Z"))
    };
    // It is Monday, nine o'clock: an MDO asks twelve hours, a rondetafel two days, a crisis none.
    for (kind, allow, first) in [
        (Kind::Unspecified, false, "Mon 23-11 09:00"),
        (Kind::Crisis, false, "Mon 23-11 09:00"),
        (Kind::Mdo, false, "Tue 24-11 08:15"),
        (Kind::Mdo, true, "Mon 23-11 09:00"),
        (Kind::Rondetafel, false, "Wed 25-11 09:15"),
    ] {
        let found = finder.find_slots(ask(kind, allow)).await.unwrap().into_inner();
        let earliest = found.slots.iter().map(|slot| slot.start_time.unwrap().seconds).min().unwrap();
        let earliest = prost_types::Timestamp { seconds: earliest, nanos: 0 };
        assert_eq!(shown(Some(&earliest)), first, "{kind:?}");
    }
    // In the notice itself there is no time, and it is told why.
    let today = pb::FindSlotsRequest { end_time: Some(at("2026-11-23T17:00:00Z")), ..ask(Kind::Mdo, false) };
    let none = finder.find_slots(today).await.unwrap().into_inner();
    assert_eq!(reasons(&none), ["NOTICE"]);
    assert!(none.obstacles[0].text.contains("te kort van tevoren"), "{none:?}");
}

#[tokio::test]
async fn x01_a_parent_is_never_named_and_a_stranger_is_nobody() {
    let region = Region::start().await;
    let (case, parents) = region.case().await;
    let parent = parents[1].to_string();
    region.busy(&parent, "2026-11-24T07:00:00Z", "2026-11-24T14:00:00Z").await;
    region.busy(&parent, "2026-11-24T14:00:00Z", "2026-11-24T17:00:00Z").await;
    let mut finder = region.coordinator().await;
    let tuesday = ("2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z");
    let ask = pb::FindSlotsRequest { case, ..hour(&region.school, vec![person(&parent)], tuesday) };
    let found = finder.find_slots(ask.clone()).await.unwrap().into_inner();
    let busy = found.obstacles.iter().find(|obstacle| obstacle.reason == "BUSY").unwrap();
    assert_eq!(busy.text, "Een ouder heeft dan al een ander overleg.");
    let without_case = pb::FindSlotsRequest { case: String::new(), ..ask };
    let refused = finder.find_slots(without_case).await.unwrap_err();
    assert_eq!(violations(&refused), ["seats[0].person: PERSON_NOT_FOUND"]);
}

#[tokio::test]
async fn x01_holidays_close_a_school_and_an_unknown_year_is_told() {
    let region = Region::start().await;
    let ib = region.full_time("IB", &region.school, pb::Role::Iber).await;
    let mut finder = region.coordinator().await;
    let ask = |window| hour(&region.school, vec![person(&ib.name)], window);
    let holidays = ("2026-12-20T23:00:00Z", "2026-12-24T23:00:00Z");
    let at_school = finder.find_slots(ask(holidays)).await.unwrap().into_inner();
    assert_eq!((at_school.slots.len(), reasons(&at_school)), (0, vec!["CLOSED_DAYS"]));
    let elsewhere = pb::FindSlotsRequest { school: String::new(), ..ask(holidays) };
    assert!(!finder.find_slots(elsewhere).await.unwrap().into_inner().slots.is_empty());
    region.server.clock.advance(chrono::TimeDelta::days(300));
    let next_year = ask(("2027-10-04T00:00:00Z", "2027-10-06T00:00:00Z"));
    let found = finder.find_slots(next_year).await.unwrap().into_inner();
    assert!(found.warnings[0].contains("2027-2028"), "{:?}", found.warnings);
    assert!(!found.slots.is_empty());
}

#[tokio::test]
async fn a06_a_role_is_asked_for_and_the_deputy_comes_when_the_link_person_is_away() {
    let region = Region::start().await;
    let link = region.full_time("SMW1", &region.team, pb::Role::Smw).await;
    let deputy = region.full_time("SMW2", &region.team, pb::Role::Smw).await;
    region.full_time("SMW3", &region.team, pb::Role::Smw).await;
    region.link(pb::Role::Smw, &link, Some(&deputy)).await;
    let mut finder = region.coordinator().await;
    let ask = hour(&region.school, vec![role(pb::Role::Smw)], WEEK);
    let who = |found: &pb::FindSlotsResponse| {
        let best = &found.slots[0];
        let codes: Vec<_> = best.reasons.iter().map(|reason| reason.code.clone()).collect();
        (best.seats[0].person.clone(), codes)
    };
    let (person, codes) = who(&finder.find_slots(ask.clone()).await.unwrap().into_inner());
    assert!(person == link.name && codes.contains(&"LINK_PERSON".into()), "{codes:?}");
    region.away(&link, "2026-11-23", "2026-12-06").await;
    let (person, codes) = who(&finder.find_slots(ask).await.unwrap().into_inner());
    assert!(person == deputy.name && codes.contains(&"DEPUTY".into()), "{codes:?}");

    let nobody = hour(&region.school, vec![role(pb::Role::Jeugdarts)], WEEK);
    let refused = finder.find_slots(nobody).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "NO_PERSON_FOR_ROLE"));
}

#[tokio::test]
async fn a06_the_leerplichtambtenaar_is_of_the_gemeente_where_the_child_lives() {
    let region = Region::start().await;
    let (near, far) = (region.gemeente("GM9901").await, region.gemeente("GM9902").await);
    let of_school = region.full_time("LPA1", &near, pb::Role::Leerplichtambtenaar).await;
    let of_child = region.full_time("LPA2", &far, pb::Role::Leerplichtambtenaar).await;
    let (case, _) = region.case().await;
    let mut finder = region.coordinator().await;
    let ask = hour(&region.school, vec![role(pb::Role::Leerplichtambtenaar)], WEEK);
    let found = finder.find_slots(ask.clone()).await.unwrap().into_inner();
    assert_eq!(found.slots[0].seats[0].person, of_school.name);
    let found = finder.find_slots(pb::FindSlotsRequest { case, ..ask }).await.unwrap().into_inner();
    assert_eq!(found.slots[0].seats[0].person, of_child.name);
}

#[tokio::test]
async fn x18_hours_stay_on_the_wall_clock_when_the_clock_changes() {
    let region = Region::start().await;
    let ib = region.somebody("IB", &region.school, pb::Role::Iber).await;
    region.hours(&ib, 5, ("09:00", "10:00")).await;
    region.hours(&ib, 2, ("09:00", "10:00")).await;
    let mut finder = region.coordinator().await;
    // The clock goes forward on Sunday 28 March 2027; Easter Monday is the 29th.
    let ask = hour("", vec![person(&ib.name)], ("2027-03-22T00:00:00Z", "2027-04-01T00:00:00Z"));
    let found = finder.find_slots(ask).await.unwrap().into_inner();
    let mut seconds: Vec<_> = found.slots.iter().map(|slot| slot.start_time.unwrap().seconds).collect();
    seconds.sort_unstable();
    let expected = ["2027-03-23T08:00:00Z", "2027-03-26T08:00:00Z", "2027-03-30T07:00:00Z"];
    assert_eq!(seconds, expected.map(|text| at(text).seconds));
    assert!(found.slots.iter().all(|slot| shown(slot.start_time.as_ref()).ends_with("09:00")));
}

#[tokio::test]
async fn a_school_plans_at_its_own_school_only() {
    let region = Region::start().await;
    let ib = region.full_time("IB", &region.school, pb::Role::Iber).await;
    let other = crate::region::new_school(&region.server, "90AB00", "WK990102").await;
    let (case, _) = region.case().await;
    let mut finder = crate::region::Availability::new(region.acting(&ib).await);
    let own = hour(&region.school, vec![person(&ib.name)], WEEK);
    assert!(finder.find_slots(pb::FindSlotsRequest { case, ..own }).await.is_ok());
    let refused = finder.find_slots(hour(&other, vec![person(&ib.name)], WEEK)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::NotFound, "SCHOOL_NOT_FOUND"));
    let nowhere = "schools/00000000-0000-7000-8000-000000000001";
    let unknown = finder.find_slots(hour(nowhere, vec![person(&ib.name)], WEEK)).await.unwrap_err();
    assert_eq!(unknown.message(), refused.message());
    let case = "cases/00000000-0000-7000-8000-000000000001".into();
    let own = hour(&region.school, vec![person(&ib.name)], WEEK);
    let unknown = finder.find_slots(pb::FindSlotsRequest { case, ..own }).await.unwrap_err();
    assert_eq!(reason(&unknown), "CASE_NOT_FOUND");
}

#[tokio::test]
async fn the_number_of_statements_does_not_grow_with_the_people() {
    let region = Region::start().await;
    let mut finder = region.coordinator().await;
    let (case, parents) = region.case().await;
    let first = region.full_time("SMW0", &region.team, pb::Role::Smw).await;
    region.link(pb::Role::Smw, &first, None).await;
    let mut seats = vec![role(pb::Role::Smw), person(&first.name), person(&parents[0].to_string())];
    let ask = |seats: &[pb::Seat]| pb::FindSlotsRequest {
        case: case.clone(),
        ..hour(&region.school, seats.to_vec(), WEEK)
    };
    // The first call of a day is remembered with its token.
    finder.find_slots(ask(&seats)).await.unwrap();
    // And what is known of the register stays known until it changes.
    let first = region.full_time("SMW1", &region.team, pb::Role::Smw).await;
    seats.push(person(&first.name));
    let (_, few) = statements(finder.find_slots(ask(&seats))).await;
    for at in 2..6 {
        let one = region.full_time(&format!("SMW{at}"), &region.team, pb::Role::Smw).await;
        seats.push(person(&one.name));
    }
    let (found, many) = statements(finder.find_slots(ask(&seats))).await;
    assert!(found.is_ok());
    assert_eq!(few.len(), many.len(), "{many:#?}");
    assert!(many.len() <= 26, "{} with the caller, consent and the audit: {many:#?}", many.len());
}

// reliability: bad identifiers, enums, times and zones are each told by name.
#[tokio::test]
async fn every_bad_field_of_a_search_is_named_at_once() {
    let region = Region::start().await;
    let mut finder = region.coordinator().await;
    let bad = pb::FindSlotsRequest {
        school: "schools/1".into(),
        case: "x".repeat(10_000),
        seats: vec![
            pb::Seat::default(),
            person(""),
            person("persons/not-a-uuid"),
            pb::Seat { who: Some(pb::seat::Who::Role(9999)), optional: false, ..pb::Seat::default() },
            pb::Seat { who: Some(pb::seat::Who::Role(0)), optional: true, ..pb::Seat::default() },
        ],
        duration: Some(prost_types::Duration { seconds: 0, nanos: 0 }),
        start_time: Some(prost_types::Timestamp { seconds: 0, nanos: -1 }),
        end_time: Some(prost_types::Timestamp { seconds: 253_402_300_799, nanos: 0 }),
        max_slots: -1,
        place: 99,
        quorum: -1,
        excluded: vec!["persons/".into()],
        kind: 99,
        allow_short_notice: false,
    };
    let refused = finder.find_slots(bad).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(
        violations(&refused),
        [
            "school: FIELD_INVALID",
            "case: FIELD_INVALID",
            "seats[0].who: FIELD_REQUIRED",
            "seats[1].person: FIELD_REQUIRED",
            "seats[2].person: FIELD_INVALID",
            "seats[3].role: FIELD_INVALID",
            "seats[4].role: FIELD_REQUIRED",
            "duration: TIME_RANGE_INVALID",
            "start_time: TIMESTAMP_INVALID",
            "end_time: TIME_OUT_OF_BOUNDS",
            "max_slots: FIELD_INVALID",
            "place: FIELD_INVALID",
            "quorum: FIELD_INVALID",
            "excluded[0]: FIELD_INVALID",
            "kind: FIELD_INVALID",
        ]
    );
    let one = "persons/00000000-0000-7000-8000-000000000001";
    let ask = |from, until, minutes: i64| pb::FindSlotsRequest {
        duration: Some(prost_types::Duration { seconds: 60 * minutes, nanos: 0 }),
        ..hour("", vec![person(one)], (from, until))
    };
    for (from, until, minutes, expected) in [
        ("2026-11-24T09:00:00Z", "2026-11-24T09:00:00Z", 60, "end_time: TIME_RANGE_INVALID"),
        ("2026-11-24T09:00:00Z", "2031-11-24T09:00:00Z", 60, "end_time: TIME_RANGE_INVALID"),
        ("2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z", 60, "end_time: TIME_RANGE_INVALID"),
        ("2026-11-24T09:00:00Z", "2026-11-25T09:00:00Z", 7, "duration: DURATION_INVALID"),
        ("2026-11-24T09:00:00Z", "2026-11-25T09:00:00Z", 481, "duration: TIME_RANGE_INVALID"),
        ("2026-11-24T09:00:00Z", "2026-11-25T09:00:00Z", 60, "seats[0].person: PERSON_NOT_FOUND"),
    ] {
        let refused = finder.find_slots(ask(from, until, minutes)).await.unwrap_err();
        assert_eq!(violations(&refused), [expected]);
        let told = &descriptions(&refused)[0];
        assert_eq!(told.ends_with("(5, 10, 15 … 480 min)"), expected.starts_with("duration"), "{told}");
    }
}
