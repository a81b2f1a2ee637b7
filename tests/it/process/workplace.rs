//! The workplace in a real browser: what people do there, and what mail, feed and API then say of it.

mod long;
mod pages;
mod planned;
mod policy;

use std::{
    collections::BTreeSet,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Europe::Amsterdam;
use schakel_client::v1 as pb;
use schakel_domain::{invitation::dates, refusal::Language};
use schakel_server::demo::{
    load,
    region::{Region, Size},
};
use schakel_tests::{
    http::Http,
    mails::read_independently,
    needs::{Need, pictures},
    program::{Outside, Program},
};
use serde_json::{Value, json};

fn region() -> Region {
    Region::generate(Size::Small, 9901, NaiveDate::from_ymd_opt(2026, 11, 23).unwrap())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn begins(meeting: &pb::Consultation) -> DateTime<Utc> {
    DateTime::from_timestamp(meeting.start_time.unwrap().seconds, 0).unwrap()
}

/// The program with its mail server, and the browser that walks through its pages.
struct Stage {
    name: &'static str,
    outside: Outside,
    program: Program,
    tools: String,
    browser: String,
}

impl Stage {
    /// None where a part of it is missing; then `name` is named as skipped.
    fn set(name: &'static str) -> Option<Self> {
        Self::set_with(name, Program::start)
    }

    /// The same, with the program started so.
    fn set_with(name: &'static str, start: fn(&Outside) -> Program) -> Option<Self> {
        let outside = Outside::binary(name)?.with_smtp(name)?;
        let (tools, browser) = (Need::BrowserTools.or_skip(name)?, Need::Chromium.or_skip(name)?);
        let program = start(&outside);
        Some(Self { name, outside, program, tools, browser })
    }

    /// Walks as `tests/independent/workplace.mjs` knows it, and says what the pages showed.
    fn walk(&self, walk: &str, given: &Value) -> Value {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("independent").join("workplace.mjs");
        let mut walking = Command::new("node")
            .arg(script)
            .args([&self.tools, &self.browser, &format!("http://{}", self.program.address)])
            .arg(walk)
            .args(pictures())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        walking.stdin.take().unwrap().write_all(given.to_string().as_bytes()).unwrap();
        let told = walking.wait_with_output().unwrap();
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        let seen: Value = serde_json::from_slice(&told.stdout).unwrap();
        assert_eq!(seen["faults"], json!([]), "{walk}");
        seen
    }

    /// The case of the story, as its school opens it.
    async fn case(&self) -> pb::Case {
        let iber = self.program.as_person("iber").await;
        let schools = load::schools(&iber).await.unwrap();
        let case = load::to_wire(region().case_of_the_story(), &schools);
        let ask = pb::OpenCaseRequest { case: Some(case), request_id: load::fresh(), ..Default::default() };
        iber.thuiszitter().open_case(ask).await.unwrap().into_inner()
    }

    /// A meeting about it, with `guests` at the table beside its school and parents.
    async fn booked(&self, case: &pb::Case, guests: &[&str]) -> pb::Consultation {
        let iber = self.program.as_person("iber").await;
        let parents = case.parents.iter().map(|parent| parent.person.clone());
        let table = parents.chain(["iber"].iter().chain(guests).map(|who| self.program.named(who)));
        let seat = |person| pb::Seat { who: Some(pb::seat::Who::Person(person)), ..Default::default() };
        let hour = Some(prost_types::Duration { seconds: 3600, nanos: 0 });
        let ask = pb::FindSlotsRequest {
            school: self.program.named("school"),
            case: case.name.clone(),
            seats: table.map(seat).collect(),
            duration: hour,
            ..Default::default()
        };
        let slots = iber.availability().find_slots(ask).await.unwrap().into_inner().slots;
        let participants = slots[0].seats.iter().map(|taken| pb::Participant {
            person: taken.person.clone(),
            role: taken.role,
            ..Default::default()
        });
        let consultation = pb::Consultation {
            kind: pb::consultation::Kind::Mdo.into(),
            case: case.name.clone(),
            start_time: slots[0].start_time,
            duration: hour,
            place: pb::consultation::Place::School.into(),
            school: self.program.named("school"),
            participants: participants.collect(),
            ..Default::default()
        };
        let ask = pb::BookConsultationRequest {
            consultation: Some(consultation),
            request_id: load::fresh(),
            ..Default::default()
        };
        iber.consultation().book_consultation(ask).await.unwrap().into_inner()
    }

    /// The meeting of a page as the API lists it for `who`: nothing on the page was otherwise.
    async fn agrees(&self, who: &str, page: &Value) -> pb::Consultation {
        let person = self.program.as_person(who).await;
        let ask = pb::GetConsultationRequest { name: text(&page["name"]).to_owned() };
        let told = person.consultation().get_consultation(ask).await.unwrap().into_inner();
        let ask = pb::ListConsultationsRequest { case: told.case.clone(), ..Default::default() };
        let listed = person.consultation().list_consultations(ask).await.unwrap().into_inner().consultations;
        assert!(listed.iter().any(|one| one.name == told.name && one.reference == told.reference));
        assert_eq!(told.state, pb::consultation::State::Planned as i32);
        assert_eq!(page["state"], "gepland");
        assert!(text(&page["heading"]).ends_with(&told.reference), "{page}");
        let length = TimeDelta::seconds(told.duration.unwrap().seconds);
        assert_eq!(page["when"], dates::span(begins(&told), begins(&told) + length, Language::Dutch));
        let shown = page["table"].as_array().unwrap().iter().map(|seat| text(&seat["person"]));
        let seated = told.participants.iter().map(|seat| seat.person.as_str());
        assert_eq!(shown.collect::<BTreeSet<_>>(), seated.collect::<BTreeSet<_>>());
        told
    }

    /// The mails about a meeting, once `all` of them came.
    async fn mails(&self, meeting: &pb::Consultation, all: usize) -> Vec<Value> {
        let folder = &self.outside.smtp.as_ref().unwrap().2;
        for _ in 0..1800 {
            let mut mails = read_independently(folder, self.name).unwrap();
            mails.retain(|mail| text(&mail["subject"]).contains(&meeting.reference));
            if mails.len() >= all {
                assert_eq!(mails.len(), all, "no more than there should be");
                return mails;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("only some mails came:\n{}", self.program.log());
    }

    /// What is written to somebody for this meeting: its time, one identity, and no child in it.
    fn tells(meeting: &pb::Consultation, mail: &Value, method: &str) -> String {
        let calendar = &mail["calendar"];
        assert_eq!(calendar["method"], method, "{mail}");
        assert_eq!(calendar["attendee"], format!("mailto:{}", text(&mail["to"])));
        assert_eq!(DateTime::parse_from_rfc3339(text(&calendar["start"])).unwrap(), begins(meeting));
        let own = format!("{} {}", text(&mail["to"]), text(&mail["to_name"])).to_lowercase();
        let whole = mail.to_string().to_lowercase();
        for token in region().tokens() {
            let token = token.to_lowercase();
            assert!(own.contains(&token) || !whole.contains(&token), "{token} in {mail}");
        }
        text(&calendar["uid"]).to_owned()
    }

    /// Everybody at the table has one invitation, and all are to the same; its UID.
    async fn everybody_is_invited(&self, meeting: &pb::Consultation) -> String {
        let mails = self.mails(meeting, meeting.participants.len()).await;
        let to: BTreeSet<&str> = mails.iter().map(|mail| text(&mail["to"])).collect();
        assert_eq!(to.len(), meeting.participants.len(), "one mail a person");
        let uids: BTreeSet<String> = mails.iter().map(|mail| Self::tells(meeting, mail, "REQUEST")).collect();
        assert_eq!(uids.len(), 1);
        uids.into_iter().next().unwrap()
    }

    /// What stands in the feed at that address, its lines unfolded.
    async fn calendar(&self, address: &str) -> String {
        let path = address.strip_prefix(&format!("http://{}", self.program.address)).unwrap();
        let answer = Http::at(self.program.address.parse().unwrap()).get(path).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body.replace("\r\n ", "")
    }

    /// The feed at that address has the meeting, at its time, and no child in it.
    async fn feed_shows(&self, address: &str, meeting: &pb::Consultation, uid: &str) {
        let calendar = self.calendar(address).await;
        let own = format!("UID:{uid}\r\n");
        let event = calendar.split("BEGIN:VEVENT").find(|event| event.contains(&own)).unwrap_or_default();
        let start = begins(meeting).with_timezone(&Amsterdam).format("%Y%m%dT%H%M%S");
        let start = format!("DTSTART;TZID=Europe/Amsterdam:{start}\r\n");
        assert!(event.contains(&start), "{start} of {uid} in {calendar}");
        assert!(event.contains(&meeting.reference), "{event}");
        let calendar = calendar.to_lowercase();
        assert!(region().tokens().iter().all(|token| !calendar.contains(&token.to_lowercase())));
    }

    /// A feed of somebody's own meetings.
    async fn feed_of(&self, who: &str) -> String {
        let ask = pb::CreateFeedRequest { request_id: load::fresh(), ..Default::default() };
        self.program.as_person(who).await.feed().create_feed(ask).await.unwrap().into_inner().url
    }

    /// An IB'er books about her case, and everything says the same of it.
    async fn books(&self, walk: &str) {
        let case = self.case().await;
        let given = json!({ "reference": case.reference, "kind": "Multidisciplinair overleg" });
        let seen = self.walk(walk, &given);
        let page = &seen["meeting"];
        let meeting = self.agrees("iber", page).await;
        assert_eq!(meeting.case, case.name);
        assert_eq!(page["offered"], page["when"], "the time that was chosen");
        for seat in page["table"].as_array().unwrap() {
            assert!(text(&page["confirmed"]).contains(text(&seat["name"])), "{page}");
            assert_eq!(seat["answer"], "nog geen antwoord");
        }
        assert_eq!(seen["today"], json!([meeting.name]));
        let uid = self.everybody_is_invited(&meeting).await;
        self.feed_shows(text(&seen["feed"]), &meeting, &uid).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ib_er_with_ten_minutes_books_a_meeting_about_her_case_in_a_browser() {
    const NAME: &str = "an_ib_er_with_ten_minutes_books_a_meeting_about_her_case_in_a_browser";
    let Some(stage) = Stage::set(NAME) else { return };
    stage.books("ib-er").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_is_booked_in_a_browser_with_keys_alone() {
    let Some(stage) = Stage::set("a_meeting_is_booked_in_a_browser_with_keys_alone") else { return };
    stage.books("keyboard").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wijkteam_sees_what_was_booked_and_the_school_replaces_who_is_away() {
    const NAME: &str = "a_wijkteam_sees_what_was_booked_and_the_school_replaces_who_is_away";
    let Some(stage) = Stage::set(NAME) else { return };
    let meeting = stage.booked(&stage.case().await, &["smw"]).await;
    let table = meeting.participants.len();
    let uid = stage.everybody_is_invited(&meeting).await;
    let smw = i32::from(pb::Role::Smw);
    // Who comes to this school for the team, and who stands in.
    let leaves = stage.program.named("smw");
    let comes = stage.program.named("deputy");

    let day = begins(&meeting).with_timezone(&Amsterdam).date_naive().to_string();
    let heading = format!("Multidisciplinair overleg {}", meeting.reference);
    let seen = stage.walk("away", &json!({ "meeting": heading, "day": day }));
    assert_eq!(seen["asked"], json!([meeting.name]));
    assert_eq!(seen["meeting"]["heading"], json!(heading));
    let names = seen["meeting"]["table"].as_array().unwrap().iter().map(|seat| text(&seat["name"]));
    assert_eq!(names.filter(|name| *name == "ouder").count(), 2, "without consent she meets no names");
    let iber = stage.program.as_person("iber").await;
    let ask = pb::GetConsultationRequest { name: meeting.name.clone() };
    let vacant = iber.consultation().get_consultation(ask).await.unwrap().into_inner();
    assert_eq!(vacant.needs_substitute, std::slice::from_ref(&leaves));

    let given = json!({ "reference": meeting.reference, "leaves": leaves, "comes": format!("{comes}:SMW") });
    let seen = stage.walk("replacing", &given);
    assert!(text(&seen["alarms"]).contains(&meeting.reference), "{seen}");
    assert_eq!(seen["warned"], true);
    let now = stage.agrees("iber", &seen["meeting"]).await;
    assert!(now.participants.iter().any(|seat| seat.person == comes && seat.role == smw));
    assert!(now.participants.iter().all(|seat| seat.person != leaves) && now.needs_substitute.is_empty());

    let mails = stage.mails(&meeting, table + 2).await;
    for (person, method) in [(&leaves, "CANCEL"), (&comes, "REQUEST")] {
        let ask = pb::GetPersonRequest { name: person.clone() };
        let address = iber.directory().get_person(ask).await.unwrap().into_inner().email;
        let theirs = |mail: &&Value| mail["to"] == address && mail["calendar"]["method"] == method;
        let told: Vec<String> =
            mails.iter().filter(theirs).map(|mail| Stage::tells(&now, mail, method)).collect();
        assert_eq!(told, std::slice::from_ref(&uid), "{method}");
    }
    stage.feed_shows(&stage.feed_of("iber").await, &now, &uid).await;
    let left = stage.calendar(&stage.feed_of("smw").await).await;
    let seated =
        left.split("BEGIN:VEVENT").any(|event| event.contains(&uid) && event.contains("STATUS:CONFIRMED"));
    assert!(!seated, "{left}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thuiszitterscoordinator_acts_on_a_case_escalates_it_and_books_in_a_browser() {
    const NAME: &str = "a_thuiszitterscoordinator_acts_on_a_case_escalates_it_and_books_in_a_browser";
    let Some(stage) = Stage::set(NAME) else { return };
    let case = stage.case().await;
    let given = json!({
        "reference": case.reference,
        "case": case.name,
        "kind": "Rondetafelgesprek",
        "action": "Rooster voor halve dagen maken.",
        "due": "2026-12-04",
        "level": "Niveau 2: directeuren",
        "reason": "School en gemeente komen er samen niet uit.",
    });
    let seen = stage.walk("thuiszitterscoördinator", &given);
    assert!(text(&seen["plan"]).contains("Rooster voor halve dagen maken. loopt"), "{}", seen["plan"]);
    assert!(text(&seen["level"]).contains("Niveau 2: directeuren."), "{}", seen["level"]);

    let person = stage.program.as_person("thuiszitterscoordinator").await;
    let ask = pb::GetCaseRequest { name: case.name.clone() };
    let now = person.thuiszitter().get_case(ask).await.unwrap().into_inner();
    assert_eq!(now.escalation_level, 2);
    let ask = pb::ListPlanActionsRequest { case: case.name.clone(), ..Default::default() };
    let actions = person.plan().list_plan_actions(ask).await.unwrap().into_inner().plan_actions;
    assert_eq!(actions.len(), 1);
    assert_eq!(actions[0].text, "Rooster voor halve dagen maken.");
    assert_eq!(actions[0].due_date, "2026-12-04");
    assert_eq!(actions[0].state, pb::plan_action::State::Open as i32);

    let meeting = stage.agrees("thuiszitterscoordinator", &seen["meeting"]).await;
    assert_eq!(meeting.kind, pb::consultation::Kind::Rondetafel as i32);
    assert!(text(&seen["listed"]).contains(&meeting.reference), "{}", seen["listed"]);
    let uid = stage.everybody_is_invited(&meeting).await;
    stage.feed_shows(&stage.feed_of("thuiszitterscoordinator").await, &meeting, &uid).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leerplichtambtenaar_finds_a_case_writes_down_her_view_and_answers_in_a_browser() {
    const NAME: &str = "a_leerplichtambtenaar_finds_a_case_writes_down_her_view_and_answers_in_a_browser";
    let Some(stage) = Stage::set(NAME) else { return };
    let case = stage.case().await;
    let meeting = stage.booked(&case, &["smw", "leerplichtambtenaar"]).await;
    let own = stage.program.named("leerplichtambtenaar");
    let view = "Een melding is nu nog niet nodig.";
    let given = json!({
        "reference": case.reference,
        "meeting": format!("Multidisciplinair overleg {}", meeting.reference),
        "person": own,
        "view": view,
    });
    let seen = stage.walk("leerplichtambtenaar", &given);
    assert_eq!(seen["asked"], json!([meeting.name]));
    assert!(text(&seen["views"]).contains(view), "{}", seen["views"]);

    let person = stage.program.as_person("leerplichtambtenaar").await;
    let ask = pb::ListViewsRequest { case: case.name.clone() };
    let views = person.escalation().list_views(ask).await.unwrap().into_inner().views;
    assert_eq!(views.len(), 1);
    assert_eq!((views[0].text.as_str(), views[0].role), (view, pb::Role::Leerplichtambtenaar as i32));
    assert!(!views[0].organisation.is_empty() && views[0].person.is_empty(), "her gemeente says it");

    let told = stage.agrees("leerplichtambtenaar", &seen["meeting"]).await;
    let answer = |person: &str| told.participants.iter().find(|seat| seat.person == person).unwrap().answer;
    assert_eq!(answer(&own), pb::participant::Answer::Accepted as i32);
    let seat =
        seen["meeting"]["table"].as_array().unwrap().iter().find(|seat| seat["person"] == own).unwrap();
    assert_eq!(seat["answer"], "komt");
    let uid = stage.everybody_is_invited(&told).await;
    stage.feed_shows(text(&seen["feed"]), &told, &uid).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_watches_the_figures_keeps_them_as_a_file_from_the_browser() {
    const NAME: &str = "whoever_watches_the_figures_keeps_them_as_a_file_from_the_browser";
    let Some(stage) = Stage::set(NAME) else { return };
    let person = stage.program.as_person("thuiszitterscoordinator").await;
    let ask = pb::ListAreasRequest { kind: pb::area::Kind::Gemeente.into(), ..Default::default() };
    let areas = person.directory().list_areas(ask).await.unwrap().into_inner().areas;
    let residence = stage.program.named("residence");
    let gemeente = areas.iter().find(|area| area.code != residence).unwrap();
    let seen = stage.walk("figures", &json!({ "gemeente": gemeente.display_name }));

    let of = pb::monitor_scope::Of::GemeenteCode(gemeente.code.clone());
    let ask = pb::ExportMonitorRequest {
        scope: Some(pb::MonitorScope { of: Some(of) }),
        group_by: pb::MonitorGroup::School.into(),
        format: pb::MonitorFormat::Csv.into(),
        ..Default::default()
    };
    let told = person.monitor().export_monitor(ask).await.unwrap().into_inner();
    assert_eq!(seen["name"], told.file_name);
    let csv = String::from_utf8(told.content).unwrap();
    assert_eq!(seen["csv"], csv, "the file is what the API gives");
    // Name, and from `open` on the six numbers of the page; the total comes first in the file, last on the page.
    let mut rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    rows.rotate_left(1);
    let rows: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| {
            let name = if row[0] == "TOTAL" { "Totaal" } else { row[1] };
            [name].iter().chain(&row[6..12]).copied().collect()
        })
        .collect();
    assert!(rows.len() > 1, "{csv}");
    assert_eq!(seen["rows"], json!(rows));
    for token in region().tokens() {
        assert!(!csv.to_lowercase().contains(&token.to_lowercase()), "{token} in {csv}");
    }
}
