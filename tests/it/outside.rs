//! Calendars that people keep elsewhere: asked for politely, read with care, told as busy and no more.

use chrono::TimeDelta;
use schakel_proto::v1::{
    self as pb, availability_service_client::AvailabilityServiceClient,
    outside_service_client::OutsideServiceClient,
};
use schakel_server::{availability::outside::worker::work, settings::Network};
use schakel_tests::{
    As, TestServer, elsewhere::Elsewhere, reason, seed_meetings::Scene, statements, violations,
};
use tonic::{Code, Status};

use crate::region::{Region, hour, person, shown};

type Outside = OutsideServiceClient<As>;

const WEEK: (&str, &str) = ("2026-11-23T23:00:00Z", "2026-11-28T00:00:00Z");

/// A calendar with these lines in one event each.
fn calendar(events: &[&str]) -> String {
    let event = |(n, lines): (usize, &&str)| {
        format!("BEGIN:VEVENT\r\nUID:{n}@elders.example\r\nSUMMARY:Tandarts\r\n{lines}\r\nEND:VEVENT\r\n")
    };
    let events: String = events.iter().enumerate().map(event).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n{events}END:VCALENDAR\r\n")
}

/// Every weekday from nine to noon, on the Dutch clock.
const MORNINGS: &str = "DTSTART;TZID=\"W. Europe Standard Time\":20261102T090000\r\nDURATION:PT3H\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR";

async fn upload(
    client: &mut Outside,
    server: &TestServer,
    (person, name): (&str, &str),
    file: &[u8],
) -> Result<pb::OutsideCalendar, Status> {
    let request_id = server.request_id();
    let messages: Vec<_> = file
        .chunks(65_536)
        .map(|chunk| pb::UploadOutsideCalendarRequest {
            person: person.to_owned(),
            name: name.to_owned(),
            request_id: request_id.clone(),
            chunk: chunk.to_vec(),
        })
        .collect();
    client.upload_outside_calendar(tokio_stream::iter(messages)).await.map(tonic::Response::into_inner)
}

fn of_address(server: &TestServer, person: &str, address: &str) -> pb::CreateOutsideCalendarRequest {
    let outside_calendar =
        pb::OutsideCalendar { person: person.to_owned(), address: address.to_owned(), ..Default::default() };
    pb::CreateOutsideCalendarRequest {
        outside_calendar: Some(outside_calendar),
        request_id: server.request_id(),
    }
}

/// A server that asks on this machine, and its administrator's calendars.
async fn asking() -> (TestServer, Outside, String) {
    let server = TestServer::start_changed(|settings| {
        settings.outside.network = Network::Loopback;
        settings.outside.patience_seconds = 1;
    })
    .await;
    let client = OutsideServiceClient::new(server.administrator());
    let person = server.founded.administrator.to_string();
    (server, client, person)
}

async fn only(client: &mut Outside, person: &str) -> pb::OutsideCalendar {
    let ask = pb::ListOutsideCalendarsRequest { person: person.to_owned() };
    let mut all = client.list_outside_calendars(ask).await.unwrap().into_inner().outside_calendars;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[tokio::test]
async fn x01_a_calendar_elsewhere_makes_busy_and_tells_no_more() {
    let region = Region::start().await;
    let ib = region.full_time("IB", &region.school, pb::Role::Iber).await;
    let mut client = OutsideServiceClient::new(region.server.administrator());
    let strange = "DTSTART;TZID=Onbekend:20261125T090000\r\nDURATION:PT1H";
    let file = calendar(&[MORNINGS, strange]);
    let told = upload(&mut client, &region.server, (&ib.name, ""), file.as_bytes()).await.unwrap();
    assert_eq!((told.unread_count, told.unread_reason.as_str()), (1, "TIMEZONE_UNKNOWN"));
    assert!(told.busy_count > 500 && told.address.is_empty() && told.host.is_empty());
    assert_eq!(shown(told.known_until_time.as_ref()), "Thu 23-11 09:00");

    let mut finder = region.coordinator().await;
    let ask = hour(&region.school, vec![person(&ib.name)], WEEK);
    // What the first question reads of the register is remembered.
    finder.find_slots(ask.clone()).await.unwrap();
    let (found, sent) = statements(finder.find_slots(ask.clone())).await;
    let found = found.unwrap().into_inner();
    let starts: Vec<String> = found.slots.iter().map(|slot| shown(slot.start_time.as_ref())).collect();
    assert!(!starts.is_empty());
    assert!(starts.iter().all(|start| !(" 09:00".." 12:00").contains(&&start[9..])), "{starts:?}");
    for _ in 0..3 {
        upload(&mut client, &region.server, (&ib.name, ""), file.as_bytes()).await.unwrap();
    }
    let (again, more) = statements(finder.find_slots(ask)).await;
    assert_eq!((again.unwrap().into_inner(), more.len()), (found, sent.len()));

    let free = upload(&mut client, &region.server, (&ib.name, &told.name), calendar(&[]).as_bytes()).await;
    assert_eq!(free.unwrap().busy_count, 0);
}

#[tokio::test]
async fn x01_whoever_is_busy_elsewhere_is_booked_only_by_who_says_so() {
    let scene = Scene::start().await;
    let start = scene.later(48);
    let mut client = OutsideServiceClient::new(scene.smw.1.clone());
    let event = format!("DTSTART:{}\r\nDURATION:PT1H", start.format("%Y%m%dT%H%M%SZ"));
    let smw = scene.smw.0.to_string();
    upload(&mut client, &scene.server, (&smw, ""), calendar(&[&event]).as_bytes()).await.unwrap();
    let refused = scene.meetings().book_consultation(scene.booking(scene.mdo(start))).await.unwrap_err();
    assert_eq!(reason(&refused), "TIME_CONFLICT");
    let details = tonic_types::StatusExt::get_details_error_info(&refused).unwrap();
    let first = details.metadata["next_free_times"].split(',').next().unwrap().to_owned();
    assert!(
        first.parse::<chrono::DateTime<chrono::Utc>>().unwrap() >= start + TimeDelta::hours(1),
        "{first}"
    );
    let over = pb::BookConsultationRequest { over_outside_busy: true, ..scene.booking(scene.mdo(start)) };
    let booked = scene.meetings().book_consultation(over).await.unwrap().into_inner();
    let twice = pb::BookConsultationRequest { over_outside_busy: true, ..scene.booking(scene.mdo(start)) };
    assert_eq!(reason(&scene.meetings().book_consultation(twice).await.unwrap_err()), "TIME_CONFLICT");
    drop(booked);
    scene.server.news().await;
}

#[tokio::test]
async fn c07_an_address_is_asked_again_politely_and_an_unchanged_calendar_costs_no_body() {
    let (server, mut client, person) = asking().await;
    let elsewhere = Elsewhere::start(&calendar(&[MORNINGS])).await;
    let ask = of_address(&server, &person, &elsewhere.at("/moved"));
    let made = client.create_outside_calendar(ask.clone()).await.unwrap().into_inner();
    assert_eq!(client.create_outside_calendar(ask).await.unwrap().into_inner(), made);
    assert_eq!((made.address.as_str(), made.host.as_str(), made.busy_count), ("", "127.0.0.1", 0));
    let region = server.founded.region;
    assert_eq!(work(&server.app, region).await.unwrap(), 1);
    assert_eq!(work(&server.app, region).await.unwrap(), 0, "not due any more");
    let first = only(&mut client, &person).await;
    assert!(first.busy_count > 500 && first.last_error.is_empty() && first.read_time.is_some());
    assert_eq!(elsewhere.asked().len(), 2, "the redirect and the calendar");

    server.clock.advance(TimeDelta::minutes(29));
    assert_eq!(work(&server.app, region).await.unwrap(), 0, "not yet due");
    server.clock.advance(TimeDelta::minutes(17));
    assert_eq!(work(&server.app, region).await.unwrap(), 1);
    assert!(elsewhere.asked()[1].to_lowercase().contains("if-none-match: \"1\""));
    let second = only(&mut client, &person).await;
    assert_eq!((second.busy_count, second.read_time), (first.busy_count, first.read_time));
    assert_ne!(second.last_fetch_time, first.last_fetch_time);

    elsewhere.put(&calendar(&[]));
    let refresh =
        pb::RefreshOutsideCalendarRequest { name: made.name.clone(), request_id: server.request_id() };
    client.refresh_outside_calendar(refresh.clone()).await.unwrap();
    assert_eq!(work(&server.app, region).await.unwrap(), 0, "not twice in a minute");
    server.clock.advance(TimeDelta::minutes(1));
    assert_eq!(work(&server.app, region).await.unwrap(), 1);
    assert_eq!(only(&mut client, &person).await.busy_count, 0);

    // What is known runs out: after half a year the same calendar is had whole again.
    elsewhere.asked();
    server.clock.advance(TimeDelta::days(200));
    assert_eq!(work(&server.app, region).await.unwrap(), 1);
    assert!(elsewhere.asked().iter().all(|head| !head.to_lowercase().contains("if-none-match")));

    let delete = pb::DeleteOutsideCalendarRequest { name: made.name, request_id: server.request_id() };
    client.delete_outside_calendar(delete.clone()).await.unwrap();
    let gone = pb::DeleteOutsideCalendarRequest { request_id: server.request_id(), ..delete };
    let refused = client.delete_outside_calendar(gone).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::NotFound, "OUTSIDE_CALENDAR_NOT_FOUND"));
}

#[tokio::test]
async fn x01_an_address_that_leads_to_neighbours_or_never_ends_is_left_and_its_busy_time_stays() {
    let (server, mut client, person) = asking().await;
    let elsewhere = Elsewhere::start(&calendar(&[MORNINGS])).await;
    for (path, error) in [
        ("/private", "ADDRESS_REFUSED"),
        ("/metadata", "ADDRESS_REFUSED"),
        ("/mapped", "ADDRESS_REFUSED"),
        ("/file", "ADDRESS_REFUSED"),
        ("/round", "TOO_MANY_REDIRECTS"),
        ("/endless", "TOO_LARGE"),
        ("/slow", "TIMED_OUT"),
        ("/nothing", "HTTP_404"),
        ("/page", "CALENDAR_UNREADABLE"),
    ] {
        let ask = of_address(&server, &person, &elsewhere.at(path));
        let made = client.create_outside_calendar(ask).await.unwrap().into_inner();
        assert_eq!(work(&server.app, server.founded.region).await.unwrap(), 1, "{path}");
        let told = only(&mut client, &person).await;
        assert_eq!(told.last_error, error, "{path}");
        assert!(
            told.next_fetch_time.unwrap().seconds - told.last_fetch_time.unwrap().seconds >= 1800,
            "{path}"
        );
        let request_id = server.request_id();
        client
            .delete_outside_calendar(pb::DeleteOutsideCalendarRequest { name: made.name, request_id })
            .await
            .unwrap();
    }
    // What was read once counts while the address fails, and it is asked ever less often.
    let ask = of_address(&server, &person, &elsewhere.at("/cal.ics"));
    client.create_outside_calendar(ask).await.unwrap();
    work(&server.app, server.founded.region).await.unwrap();
    elsewhere.put("<html>");
    let mut waits = Vec::new();
    for _ in 0..3 {
        server.clock.advance(TimeDelta::hours(3));
        assert_eq!(work(&server.app, server.founded.region).await.unwrap(), 1);
        let told = only(&mut client, &person).await;
        assert!(told.busy_count > 500 && told.last_error == "CALENDAR_UNREADABLE");
        waits.push((told.next_fetch_time.unwrap().seconds - told.last_fetch_time.unwrap().seconds) / 60);
    }
    assert_eq!(waits, [30, 60, 120]);
}

#[tokio::test]
async fn x01_only_public_addresses_over_tls_are_asked_unless_in_development() {
    let server = TestServer::start().await;
    let mut client = OutsideServiceClient::new(server.administrator());
    let person = server.founded.administrator.to_string();
    for address in [
        "http://agenda.example/a.ics",
        "ftp://agenda.example/a",
        "agenda",
        "https://",
        "https://a:b@agenda.example/",
    ] {
        let refused =
            client.create_outside_calendar(of_address(&server, &person, address)).await.unwrap_err();
        assert_eq!(violations(&refused), ["outside_calendar.address: FIELD_INVALID"], "{address}");
    }
    let refused = client.create_outside_calendar(of_address(&server, &person, "")).await.unwrap_err();
    assert_eq!(violations(&refused), ["outside_calendar.address: FIELD_REQUIRED"]);
    let ask = of_address(&server, &person, "webcal://127.0.0.1/geheim.ics");
    let made = client.create_outside_calendar(ask).await.unwrap().into_inner();
    assert_eq!(made.host, "127.0.0.1");
    work(&server.app, server.founded.region).await.unwrap();
    assert_eq!(only(&mut client, &person).await.last_error, "ADDRESS_REFUSED");
}

#[tokio::test]
async fn x01_a_calendar_elsewhere_is_ones_own_or_the_administrators_and_at_most_ten() {
    let scene = Scene::start().await;
    let (smw, iber) = (scene.smw.0.to_string(), scene.iber.0.to_string());
    let mut own = OutsideServiceClient::new(scene.smw.1.clone());
    let mut other = OutsideServiceClient::new(scene.iber.1.clone());
    let empty = calendar(&[]);
    let made = upload(&mut own, &scene.server, (&smw, ""), empty.as_bytes()).await.unwrap();
    let foreign = upload(&mut other, &scene.server, (&smw, ""), empty.as_bytes()).await.unwrap_err();
    assert_eq!(reason(&foreign), "PERSON_NOT_FOUND");
    let listed = other.list_outside_calendars(pb::ListOutsideCalendarsRequest { person: smw.clone() }).await;
    assert_eq!(reason(&listed.unwrap_err()), "PERSON_NOT_FOUND");
    let taken = upload(&mut own, &scene.server, (&iber, &made.name), empty.as_bytes()).await.unwrap_err();
    assert_eq!(reason(&taken), "OUTSIDE_CALENDAR_NOT_FOUND");
    let delete =
        pb::DeleteOutsideCalendarRequest { name: made.name.clone(), request_id: scene.server.request_id() };
    let refused = other.delete_outside_calendar(delete).await.unwrap_err();
    assert_eq!(reason(&refused), "OUTSIDE_CALENDAR_NOT_FOUND");
    let parent = scene.family.parents[0].to_string();
    let mut administrator = OutsideServiceClient::new(scene.server.administrator());
    let private =
        upload(&mut administrator, &scene.server, (&parent, ""), empty.as_bytes()).await.unwrap_err();
    assert_eq!(violations(&private), ["person: PERSON_NOT_FOUND"]);
    for _ in 1..10 {
        upload(&mut administrator, &scene.server, (&smw, ""), empty.as_bytes()).await.unwrap();
    }
    let full = upload(&mut own, &scene.server, (&smw, ""), empty.as_bytes()).await.unwrap_err();
    assert_eq!(reason(&full), "TOO_MANY_CALENDARS");
}

#[tokio::test]
async fn x01_the_calendar_of_who_has_left_is_asked_no_more_and_forgotten() {
    let scene = Scene::start().await;
    let person = scene.smw.0.to_string();
    let mut own = OutsideServiceClient::new(scene.smw.1.clone());
    let ask = of_address(&scene.server, &person, "webcal://127.0.0.1/geheim.ics");
    own.create_outside_calendar(ask).await.unwrap();
    scene.server.end_affiliations(scene.smw.0).await;
    scene.server.clock.advance(TimeDelta::days(1));
    let (app, region) = (&scene.server.app, scene.server.founded.region);
    assert_eq!(work(app, region).await.unwrap(), 0, "nobody asks");
    let kept = "SELECT COUNT(*) FROM outside_calendar";
    assert_eq!(scene.server.number(kept).await, 1);
    schakel_server::privacy::worker::work(app, region).await.unwrap();
    assert_eq!(scene.server.number(kept).await, 0);
    let line = "SELECT COUNT(*) FROM audit WHERE action = 'D' AND object_type = 'outside_calendar'";
    assert_eq!(scene.server.number(line).await, 1);
}

#[tokio::test]
async fn x16_a_file_that_is_no_calendar_or_made_to_hurt_is_refused_at_once() {
    let server = TestServer::start().await;
    let mut client = OutsideServiceClient::new(server.administrator());
    let person = server.founded.administrator.to_string();
    let deep = "BEGIN:X\n".repeat(100);
    let many = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR", "BEGIN:VEVENT\nEND:VEVENT\n".repeat(6000));
    for file in ["", "<html>", "BEGIN:VCALENDAR\n", &deep, &many] {
        let file = if file.is_empty() { " " } else { file };
        let refused = upload(&mut client, &server, (&person, ""), file.as_bytes()).await.unwrap_err();
        assert_eq!(violations(&refused), ["chunk: CALENDAR_UNREADABLE"]);
    }
    let refused = upload(&mut client, &server, (&person, ""), &vec![b'A'; (1 << 20) + 1]).await.unwrap_err();
    assert_eq!(violations(&refused), ["chunk: MESSAGE_TOO_LARGE"]);
    let bombs =
        ["FREQ=SECONDLY", "FREQ=DAILY;COUNT=1000000000", "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30;COUNT=9999"]
            .map(|rule| format!("DTSTART:19700101T000000Z\r\nDURATION:PT1S\r\nRRULE:{rule}"));
    let file = calendar(&bombs.each_ref().map(String::as_str));
    let told = upload(&mut client, &server, (&person, ""), file.as_bytes()).await.unwrap();
    // The third has no date at all, and that is found in few steps.
    assert_eq!((told.unread_count, told.unread_reason.as_str(), told.busy_count), (2, "RULE_TOO_COSTLY", 0));
}

#[tokio::test]
async fn c07_a_subscription_to_ones_own_meetings_does_not_block_them() {
    let scene = Scene::start().await;
    let start = scene.later(48);
    scene.booked(start).await;
    let http = scene.server.http().await;
    let ask = pb::CreateFeedRequest { request_id: scene.server.request_id(), ..Default::default() };
    let mut feeds = pb::feed_service_client::FeedServiceClient::new(scene.iber.1.clone());
    let made = feeds.create_feed(ask).await.unwrap().into_inner();
    let feed = http.get(made.url.strip_prefix("https://schakel.example").unwrap()).await;
    assert!(feed.body.contains("BEGIN:VEVENT"));
    let iber = scene.iber.0.to_string();
    let mut client = OutsideServiceClient::new(scene.iber.1.clone());
    let told = upload(&mut client, &scene.server, (&iber, ""), feed.body.as_bytes()).await.unwrap();
    assert_eq!((told.busy_count, told.unread_count), (0, 0));
    scene.server.news().await;
}

const HOLIDAYS: &str = r#"{"id": "x", "content": [{"title": " ", "schoolyear": "2027-2028", "vacations": [
    {"type": "Herfstvakantie", "compulsorydates": "false", "regions": [
        {"region": "zuid", "startdate": "2027-10-15T22:00:00.000Z", "enddate": "2027-10-23T22:00:00.000Z"}]},
    {"type": "Kerstvakantie", "compulsorydates": "true", "regions": [
        {"region": "heel Nederland", "startdate": "2027-12-24T23:00:00.000Z", "enddate": "2028-01-08T23:00:00.000Z"}]}
]}]}"#;

#[tokio::test]
async fn e01_school_holidays_are_taken_as_they_are_published_and_a_school_may_teach_in_them() {
    let region = Region::start().await;
    let ib = region.full_time("IB", &region.school, pb::Role::Iber).await;
    let take = async |text: &str, dry_run| {
        let message = pb::ImportRequest {
            kind: pb::import_request::Kind::SchoolHolidays.into(),
            dry_run,
            request_id: region.server.request_id(),
            chunk: text.as_bytes().to_vec(),
        };
        region.server.directory().import(tokio_stream::iter([message])).await.unwrap().into_inner()
    };
    let counts = |told: &pb::ImportResponse| [told.created, told.updated, told.unchanged, told.bad_row_count];
    for dry_run in [true, false] {
        let told = take(HOLIDAYS, dry_run).await;
        assert_eq!((counts(&told), told.dry_run), ([4, 0, 0, 0], dry_run));
        assert_eq!(told.changes[0].code, "2027-2028 NOORD KERST");
    }
    assert_eq!(counts(&take(HOLIDAYS, false).await), [0, 0, 4, 0]);
    let later = take(&HOLIDAYS.replace("2027-10-23T22", "2027-10-22T22"), false).await;
    assert_eq!((counts(&later), &later.changes[0].columns[..]), ([0, 1, 3, 0], &["enddate".to_owned()][..]));
    assert_eq!(counts(&take("<html>", false).await), [0, 0, 0, 1]);

    region.server.clock.advance(TimeDelta::days(300));
    let mut finder: AvailabilityServiceClient<As> = region.coordinator().await;
    let autumn =
        hour(&region.school, vec![person(&ib.name)], ("2027-10-18T00:00:00Z", "2027-10-19T22:00:00Z"));
    let closed = finder.find_slots(autumn.clone()).await.unwrap().into_inner();
    assert_eq!((closed.slots.len(), closed.obstacles[0].reason.as_str()), (0, "CLOSED_DAYS"));

    // The school keeps its own week, and teaches on the Monday of the region's.
    let mut directory = region.server.directory();
    let school = directory
        .get_school(pb::GetSchoolRequest { name: region.school.clone() })
        .await
        .unwrap()
        .into_inner();
    let own = pb::school::Closure {
        display_name: "Les".into(),
        from: "2027-10-18".into(),
        until: "2027-10-18".into(),
        opened: true,
    };
    let change = pb::UpdateSchoolRequest {
        school: Some(pb::School { closures: vec![own.clone()], ..school }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["closures".into()] }),
        request_id: region.server.request_id(),
    };
    assert_eq!(directory.update_school(change).await.unwrap().into_inner().closures, [own]);
    let open = finder.find_slots(autumn).await.unwrap().into_inner();
    assert!(!open.slots.is_empty());
    assert!(open.slots.iter().all(|slot| shown(slot.start_time.as_ref()).starts_with("Mon 18-10")));
}
