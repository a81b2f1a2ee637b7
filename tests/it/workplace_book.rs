//! The pages Book and Meeting: booked in three requests, moved, cancelled, answered live, recorded.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use pb::{
    availability_service_client::AvailabilityServiceClient,
    consultation::{Kind, State},
    consultation_service_client::ConsultationServiceClient,
    participant::Answer as Said,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_domain::{access::Role, ids::PersonId};
use schakel_proto::v1 as pb;
use schakel_tests::{
    browser::{document, look},
    http::Answer,
    seed_meetings::Scene,
    statements,
    workplace::{Browser, SESSION, signed_in},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::thuiszitter::absent;

/// No stream is waited for longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Gives somebody of the register a working week, 08:00 to 18:00.
async fn works(scene: &Scene, person: PersonId) {
    let list = pb::ListAffiliationsRequest { person: person.to_string(), ..Default::default() };
    let held = scene.server.directory().list_affiliations(list).await.unwrap().into_inner().affiliations;
    let mut hours = AvailabilityServiceClient::new(scene.server.administrator());
    for weekday in 1..=5 {
        let weekly_hours = pb::WeeklyHours {
            affiliation: held[0].name.clone(),
            weekday,
            from: "08:00".into(),
            until: "18:00".into(),
            ..Default::default()
        };
        let ask = pb::CreateWeeklyHoursRequest {
            weekly_hours: Some(weekly_hours),
            request_id: scene.server.request_id(),
        };
        hours.create_weekly_hours(ask).await.unwrap();
    }
}

/// A region in which IB'er and social worker work, with a case and the IB'er's browser.
pub(crate) async fn school() -> (Scene, pb::Case, Browser) {
    let scene = Scene::start().await;
    works(&scene, scene.iber.0).await;
    works(&scene, scene.smw.0).await;
    let case = opened(&scene).await;
    let browser = signed_in(&scene.server, scene.iber.0).await;
    (scene, case, browser)
}

async fn opened(scene: &Scene) -> pb::Case {
    let opening = pb::OpenCaseRequest {
        case: Some(absent(scene.school)),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let mut cases = ThuiszitterServiceClient::new(scene.iber.1.clone());
    cases.open_case(opening).await.unwrap().into_inner()
}

/// The hidden fields of the first form that leads to `action`.
pub(crate) fn hidden(page: &Answer, action: &str) -> Vec<(String, String)> {
    let begin = format!("action=\"{action}\"");
    let found = page.body.split_once(&begin).unwrap_or_else(|| panic!("{action}: {}", page.body));
    let form = found.1.split_once("</form>").unwrap().0;
    let fields = form.split("<input type=\"hidden\" name=\"").skip(1);
    fields
        .map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"").unwrap();
            (name.to_owned(), rest.split_once('"').unwrap().0.to_owned())
        })
        .collect()
}

/// Sends that form, with `more` fields.
pub(crate) async fn send(browser: &Browser, page: &Answer, action: &str, more: &[(&str, &str)]) -> Answer {
    let kept = hidden(page, action);
    let mut fields: Vec<(&str, &str)> =
        kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend_from_slice(more);
    browser.post_bare(action, &fields).await
}

pub(crate) fn has(page: &Answer, status: u16, texts: &[&str]) {
    assert_eq!(page.status, status, "{}", page.body);
    for text in texts {
        assert!(page.body.contains(text), "{text}\n{}", page.body);
    }
}

fn start_of(pick: &str) -> DateTime<Utc> {
    let seconds = pick.split(' ').next().unwrap().parse().unwrap();
    DateTime::from_timestamp(seconds, 0).unwrap()
}

pub(crate) async fn get(scene: &Scene, name: &str) -> pb::Consultation {
    let ask = pb::GetConsultationRequest { name: name.to_owned() };
    scene.meetings().get_consultation(ask).await.unwrap().into_inner()
}

async fn says(scene: &Scene, meeting: &pb::Consultation, answer: Said) {
    let ask = pb::AnswerConsultationRequest {
        name: meeting.name.clone(),
        answer: answer.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    ConsultationServiceClient::new(scene.smw.1.clone()).answer_consultation(ask).await.unwrap();
}

#[tokio::test]
async fn a_meeting_about_a_case_is_booked_in_three_requests() {
    let (scene, case, browser) = school().await;
    let page = browser.get(&format!("/book?case={}&kind=MDO", case.name)).await;
    has(
        &page,
        200,
        &["Tijden die kunnen", "vaste contactpersoon", "<table class=\"week\"", "Noor Oudshoorn"],
    );
    let chosen = page.value("pick");
    let confirm = send(&browser, &page, "/book/time", &[("pick", &chosen)]).await;
    has(&confirm, 200, &["Klopt dit?", "vastgehouden", "Multidisciplinair overleg", &case.reference]);
    let booked = send(&browser, &confirm, "/book", &[]).await;
    assert_eq!(booked.status, 303, "{}", booked.body);
    let meeting = get(&scene, booked.header("location").trim_start_matches('/')).await;
    assert_eq!((meeting.kind(), meeting.state()), (Kind::Mdo, State::Planned));
    assert_eq!(meeting.start_time.unwrap().seconds, start_of(&chosen).timestamp());
    assert_eq!((meeting.case.as_str(), meeting.participants.len()), (case.name.as_str(), 3));
    let shown = browser.follow(booked).await;
    has(&shown, 200, &[&meeting.reference, "nog geen antwoord", "Noor Oudshoorn", "data-events"]);
    // The same form once more is the same booking.
    let again = send(&browser, &confirm, "/book", &[]).await;
    assert_eq!(again.header("location"), format!("/{}", meeting.name));
    has(&browser.get("/consultations").await, 200, &["Overleggen"]);
}

#[tokio::test]
async fn a_time_on_the_week_is_booked_like_one_of_the_list() {
    let (scene, case, browser) = school().await;
    let page = browser.get(&format!("/book?case={}&kind=VERZUIMGESPREK&minutes=30", case.name)).await;
    has(&page, 200, &["Wie er kan in de week van", "iedereen die moet komen, kan"]);
    let week = page.body.split_once("<table class=\"week\"").unwrap().1;
    let start = week.split_once("name=\"pick\" value=\"").unwrap().1.split_once('"').unwrap().0;
    let table = page.value("table");
    assert!(table.contains(&scene.iber.0.to_string()), "{table}");
    let confirm = send(&browser, &page, "/book/time", &[("pick", start), ("table", &table)]).await;
    let booked = send(&browser, &confirm, "/book", &[]).await;
    assert_eq!(booked.status, 303, "{}", booked.body);
    let meeting = get(&scene, booked.header("location").trim_start_matches('/')).await;
    assert_eq!(meeting.start_time.unwrap().seconds.to_string(), start);
}

#[tokio::test]
async fn who_was_too_late_is_shown_the_times_that_are_left() {
    let (scene, case, browser) = school().await;
    let page = browser.get(&format!("/book?case={}&kind=MDO", case.name)).await;
    let chosen = page.value("pick");
    scene.booked(start_of(&chosen)).await;
    let late = send(&browser, &page, "/book/time", &[("pick", &chosen)]).await;
    has(&late, 409, &["Iemand was u net voor", "Tijden die kunnen"]);
    assert!(!late.body.contains(&format!("value=\"{chosen}\"")), "the time is gone");
    let other = late.value("pick");
    let confirm = send(&browser, &late, "/book/time", &[("pick", &other)]).await;
    assert_eq!(send(&browser, &confirm, "/book", &[]).await.status, 303);
}

#[tokio::test]
async fn a_time_that_is_held_can_be_let_go() {
    let (_scene, case, browser) = school().await;
    let page = browser.get(&format!("/book?case={}&kind=MDO", case.name)).await;
    let chosen = page.value("pick");
    let confirm = send(&browser, &page, "/book/time", &[("pick", &chosen)]).await;
    has(&browser.get("/book").await, 200, &["Tijden die u nu vasthoudt"]);
    let hold = confirm.value("hold");
    let back = send(&browser, &confirm, "/book/release", &[("hold", &hold)]).await;
    assert_eq!(back.status, 303, "{}", back.body);
    let page = browser.follow(back).await;
    has(&page, 200, &[&chosen]);
    assert!(!page.body.contains("Tijden die u nu vasthoudt"));
}

#[tokio::test]
async fn without_a_time_it_is_told_what_must_give_way() {
    let scene = Scene::start().await;
    works(&scene, scene.iber.0).await;
    let case = opened(&scene).await;
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let page = browser.get(&format!("/book?case={}&kind=MDO", case.name)).await;
    has(&page, 200, &["Er is geen tijd waarop iedereen kan", "Dit staat in de weg"]);
    assert!(!page.body.contains("mogen wegblijven"), "an MDO cannot do without somebody of the team");
    let (iber, smw) = (scene.iber.0, scene.smw.0);
    let path = format!("/book?case={}&kind=VERZUIMGESPREK&seat={iber}:IBER&seat={smw}:SMW", case.name);
    let page = browser.get(&path).await;
    has(&page, 200, &["Er is geen tijd waarop iedereen kan", "Zoek een tijd waarop zij mogen wegblijven"]);
    let without = send(&browser, &page, "/book/search", &[]).await;
    assert_eq!(without.status, 303, "{}", without.body);
    has(&browser.follow(without).await, 200, &["Tijden die kunnen"]);
    let with_case = format!("/book?kind=ROK&case={}", case.name);
    for (asked, told) in [("/book?kind=MDO", "Kies een dossier"), (with_case.as_str(), "Kies geen dossier")] {
        has(&browser.get(asked).await, 200, &[told]);
    }
    assert_eq!(browser.get("/book?kind=FEEST").await.status, 400);
}

#[tokio::test]
async fn no_school_of_a_large_region_is_left_out() {
    let scene = Scene::start().await;
    let codes: Vec<String> = (0..201).map(|nth| format!("{}BB{:02}", 10 + nth / 100, nth % 100)).collect();
    for code in &codes {
        scene.server.school(code, "GM9901").await;
    }
    let page = signed_in(&scene.server, scene.iber.0).await.get("/book").await;
    let names: Vec<String> = codes.iter().map(|code| format!("School {code}")).collect();
    has(&page, 200, &names.iter().map(String::as_str).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_table_too_large_for_an_address_is_looked_for_all_the_same() {
    let (scene, case, browser) = school().await;
    let seat = format!("{}:SMW", scene.smw.0);
    let asked = [("said", "yes"), ("case", case.name.as_str()), ("kind", "MDO")];
    let with = |seats: usize| -> Vec<(&str, &str)> {
        asked.into_iter().chain(std::iter::repeat_n(("seat", seat.as_str()), seats)).collect()
    };
    let few = browser.post("/book/search", &with(1)).await;
    assert!(few.status == 303 && few.header("location").starts_with("/book?case=cases/"), "{few:?}");
    has(&browser.follow(few).await, 200, &["Wie komt er"]);
    let many = browser.post("/book/search", &with(40)).await;
    has(&many, 200, &["Wie komt er", "Zoek opnieuw"]);
}

#[tokio::test]
async fn a_meeting_moves_to_a_time_of_the_week_and_an_old_page_moves_nothing() {
    let (scene, _, browser) = school().await;
    let booked = scene.booked(scene.later(50)).await;
    let path = format!("/{}/move", booked.name);
    let page = browser.get(&path).await;
    has(&page, 200, &["Nu hier", "data-move", "draggable=\"true\"", "type=\"radio\" name=\"start\""]);
    let start = page.value("start");
    let stale = [
        ("form", page.value("form")),
        ("request_id", page.value("request_id")),
        ("etag", "0".to_owned()),
        ("start", start.clone()),
        ("short_notice", "SHORT_NOTICE_URGENT".to_owned()),
    ];
    let stale = stale.each_ref().map(|(name, value)| (*name, value.as_str()));
    let kept = format!("name=\"start\" value=\"{start}\" checked");
    let refused = browser.post_bare(&path, &stale).await;
    has(&refused, 409, &["role=\"alert\"", &kept, "value=\"SHORT_NOTICE_URGENT\" selected"]);
    let moved =
        send(&browser, &page, &path, &[("start", &start), ("short_notice", "SHORT_NOTICE_URGENT")]).await;
    assert_eq!((moved.status, moved.header("location")), (303, format!("/{}", booked.name).as_str()));
    let now = get(&scene, &booked.name).await;
    assert_eq!((now.sequence, now.start_time.unwrap().seconds.to_string()), (1, start.clone()));
    let mut old = hidden(&page, &path);
    old.iter_mut().find(|(name, _)| name == "request_id").unwrap().1 = scene.server.request_id();
    let mut fields: Vec<(&str, &str)> =
        old.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("start", &start));
    has(&browser.post_bare(&path, &fields).await, 409, &["role=\"alert\""]);
}

#[tokio::test]
async fn somebody_is_replaced_mail_goes_again_and_the_meeting_is_cancelled() {
    let (scene, _, browser) = school().await;
    let booked = scene.booked(scene.later(50)).await;
    let helper = scene.server.person(Role::Smw, scene.team).await;
    let path = format!("/{}", booked.name);
    let (leaves, comes) = (scene.smw.0.to_string(), format!("{}:SMW", helper.0));
    let request_id = scene.server.request_id();
    let fields = [
        ("leaves", leaves.as_str()),
        ("comes", comes.as_str()),
        ("etag", booked.etag.as_str()),
        ("request_id", request_id.as_str()),
    ];
    let replaced = browser.post(&format!("{path}/replace"), &fields).await;
    assert_eq!((replaced.status, replaced.header("location")), (303, path.as_str()), "{}", replaced.body);
    let now = get(&scene, &booked.name).await;
    let there = |person: PersonId| now.participants.iter().any(|at| at.person == person.to_string());
    assert!(there(helper.0) && !there(scene.smw.0));
    let page = browser.get(&path).await;
    has(&page, 200, &["Berichten", "Stuur opnieuw"]);
    let resent = send(&browser, &page, &format!("{path}/resend"), &[("person", &helper.0.to_string())]).await;
    assert_eq!(resent.status, 303, "{}", resent.body);
    let page = browser.get(&path).await;
    let off = send(&browser, &page, &format!("{path}/cancel"), &[]).await;
    assert_eq!(off.status, 303, "{}", off.body);
    assert_eq!(get(&scene, &booked.name).await.state(), State::Cancelled);
    let page = browser.follow(off).await;
    has(&page, 200, &["afgezegd"]);
    assert!(!page.body.contains("/cancel") && !page.body.contains("data-events"), "nothing is left to do");
}

#[tokio::test]
async fn who_is_invited_answers_and_sees_no_form_of_those_who_plan() {
    let (scene, case, _) = school().await;
    let booked = scene.booked(scene.later(50)).await;
    let browser = signed_in(&scene.server, scene.smw.0).await;
    for denied in
        [format!("/book?case={}&kind=MDO", case.name), "/book".into(), format!("/{}/move", booked.name)]
    {
        assert_eq!(browser.get(&denied).await.status, 404, "{denied}");
    }
    let path = format!("/{}", booked.name);
    let page = browser.get(&path).await;
    has(&page, 200, &["Uw antwoord", "Ik kom niet"]);
    for form in ["/cancel\"", "/replace\"", "/add\"", "/remove\"", "/move\"", "/resend\"", "/outcome\""] {
        assert!(!page.body.contains(form), "{form}");
    }
    let request_id = scene.server.request_id();
    let fields = [("etag", booked.etag.as_str()), ("request_id", request_id.as_str())];
    assert_eq!(browser.post(&format!("{path}/cancel"), &fields).await.status, 404);
    let more = [("answer", "ANSWER_DECLINED"), ("decline_reason", "DECLINE_REASON_TOO_FAR")];
    let said = send(&browser, &page, &format!("{path}/answer"), &more).await;
    assert_eq!(said.status, 303, "{}", said.body);
    has(&browser.follow(said).await, 200, &["komt niet", "te ver weg"]);
    let stranger = signed_in(&scene.server, scene.planner.0).await;
    assert_eq!(stranger.get(&path).await.status, 404);
}

/// A second window of the same browser, in which the events of a meeting come in.
struct Window {
    stream: TcpStream,
    came: Vec<u8>,
}

impl Window {
    /// Opened, and told how the meeting stands.
    async fn open(scene: &Scene, browser: &Browser, meeting: &pb::Consultation) -> Self {
        let mut stream = TcpStream::connect(scene.server.http().await.address()).await.unwrap();
        let asked = format!(
            "GET /{}/events?case={} HTTP/1.1\r\nhost: schakel.example\r\nconnection: close\r\n\
             cookie: {SESSION}={}\r\n\r\n",
            meeting.name,
            meeting.case,
            browser.cookie(SESSION)
        );
        stream.write_all(asked.as_bytes()).await.unwrap();
        let mut window = Self { stream, came: Vec::new() };
        window.until("event: meeting\ndata: {").await;
        window
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.came).into_owned()
    }

    /// Whether more came.
    async fn more(&mut self) -> bool {
        self.stream.read_buf(&mut self.came).await.unwrap_or_default() > 0
    }

    /// Reads on until this has come.
    async fn until(&mut self, text: &str) {
        let reading = async {
            while !self.text().contains(text) {
                assert!(self.more().await, "{text}: {}", self.text());
            }
        };
        tokio::time::timeout(PATIENCE, reading).await.expect("it comes");
    }

    /// All that came, once the stream has ended.
    async fn ended(mut self) -> String {
        let reading = async { while self.more().await {} };
        tokio::time::timeout(PATIENCE, reading).await.expect("the stream ends");
        self.text()
    }
}

#[tokio::test]
async fn an_answer_is_told_as_it_comes_and_nothing_after_signing_out() {
    let (scene, _, browser) = school().await;
    let booked = scene.booked(scene.later(50)).await;
    let mut window = Window::open(&scene, &browser, &booked).await;
    says(&scene, &booked, Said::Accepted).await;
    window.until("\"mark\":\"accepted\"").await;
    assert_eq!(browser.post("/sign-out", &[]).await.status, 303);
    says(&scene, &booked, Said::Declined).await;
    let told = window.ended().await;
    assert!(
        told.starts_with("HTTP/1.1 200 ") && told.contains("content-type: text/event-stream\r\n"),
        "{told}"
    );
    assert!(!told.contains("declined"), "nothing is told after signing out: {told}");
}

#[tokio::test]
async fn a_stream_is_for_who_sees_the_meeting_and_ends_when_the_server_stops() {
    let (scene, _, browser) = school().await;
    let booked = scene.booked(scene.later(50)).await;
    let stranger = signed_in(&scene.server, scene.planner.0).await;
    assert_eq!(stranger.get(&format!("/{}/events", booked.name)).await.status, 404);
    let window = Window::open(&scene, &browser, &booked).await;
    scene.server.app.stopping.cancel();
    assert!(window.ended().await.contains("event: meeting"));
}

#[tokio::test]
async fn a_stream_uses_no_session_and_ends_with_it() {
    let (scene, _, browser) = school().await;
    let booked = scene.booked(scene.later(50)).await;
    let window = Window::open(&scene, &browser, &booked).await;
    scene.server.clock.advance(TimeDelta::minutes(31));
    assert!(window.ended().await.contains("event: meeting"));
    assert_eq!(browser.get("/today").await.status, 303);
}

#[tokio::test]
async fn what_came_of_a_meeting_is_recorded_on_its_page() {
    let (scene, _, browser) = school().await;
    let booked = scene.booked(scene.later(2 * 24)).await;
    let path = format!("/{}/outcome", booked.name);
    assert!(!browser.get(&format!("/{}", booked.name)).await.body.contains("/outcome\""), "not yet held");
    scene.server.clock.advance(TimeDelta::hours(50));
    let browser = signed_in(&scene.server, scene.iber.0).await;
    has(&browser.get(&format!("/{}", booked.name)).await, 200, &[&path]);
    let page = browser.get(&path).await;
    has(&page, 200, &["Wie was er", "Is het kind gehoord", "Is hulp van het jeugdteam gewenst", "Actie 1"]);
    let empty = send(&browser, &page, &path, &[]).await;
    has(&empty, 422, &["Er klopt iets niet"]);
    let (iber, smw) = (scene.iber.0.to_string(), scene.smw.0.to_string());
    let fields = [
        ("attended", iber.as_str()),
        ("attended", smw.as_str()),
        ("child_heard", "CHILD_HEARD_THROUGH_OTHERS"),
        ("child_heard_note", "Via moeder."),
        ("jgt_hulp_gewenst", "JGT_HULP_GEWENST_NIET_BESPROKEN"),
        ("summary", "Rustige opbouw."),
        ("action_text", "Rooster maken"),
        ("action_owner", iber.as_str()),
        ("action_due", "2026-12-01"),
    ];
    let kept = send(&browser, &empty, &path, &fields).await;
    assert_eq!(kept.status, 303, "{}", kept.body);
    assert_eq!(get(&scene, &booked.name).await.state(), State::Held);
    has(&browser.follow(kept).await, 200, &["geweest", "Rustige opbouw.", "Via moeder.", "Rooster maken"]);
}

#[tokio::test]
async fn the_week_asks_as_often_of_one_meeting_as_of_many() {
    let (scene, _, browser) = school().await;
    scene.booked(scene.later(50)).await;
    browser.get("/consultations").await;
    let (page, one) = statements(browser.get("/consultations")).await;
    has(&page, 200, &["Multidisciplinair overleg"]);
    for hours in [52, 74] {
        scene.booked(scene.later(hours)).await;
    }
    browser.get("/consultations").await;
    let (_, three) = statements(browser.get("/consultations")).await;
    assert_eq!(one.len(), three.len(), "{three:#?}");
}

#[tokio::test]
async fn book_and_meeting_shut_nobody_out() {
    let (scene, case, browser) = school().await;
    let booked = scene.booked(scene.later(50)).await;
    let today = browser.get("/today").await.body;
    let path = today.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{path}")).await.body;
    let whole = |page: &Answer| {
        page.body.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"))
    };
    let times = browser.get(&format!("/book?case={}&kind=MDO", case.name)).await;
    let confirm = send(&browser, &times, "/book/time", &[("pick", &times.value("pick"))]).await;
    let mut pages = vec![("book-times", times), ("book-confirm", confirm)];
    for (name, path) in [
        ("book", "/book".to_owned()),
        ("meeting", format!("/{}", booked.name)),
        ("meeting-move", format!("/{}/move", booked.name)),
        ("meeting-outcome", format!("/{}/outcome", booked.name)),
        ("meetings", "/consultations".to_owned()),
    ] {
        pages.push((name, browser.get(&path).await));
    }
    for (name, page) in &pages {
        assert_eq!(page.status, 200, "{name}: {}", page.body);
        for hidden in ["<script>", "style=", "onclick", "http://", "https://"] {
            assert!(!page.body.contains(hidden), "{name}: {hidden}");
        }
    }
    let documents: Vec<_> = pages.iter().map(|(name, page)| document(name, &whole(page))).collect();
    look("book_and_meeting_shut_nobody_out", &documents);
}
