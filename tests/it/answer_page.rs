//! The pages behind the link of an invitation: what else than yes and no can be said there, in which
//! language, and what stands behind a code.

use chrono::TimeDelta;
use pb::participant::{Answer, DeclineReason};
use schakel_domain::{ical, invitation::forbidden_word};
use schakel_proto::v1 as pb;
use schakel_tests::{
    browser::{document, look},
    http::{Answer as Page, Http},
    mailbox::Mail,
    seed_meetings::Scene,
    violations,
};
use serde_json::Value;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("accept", "application/json");
const PARTS: [&str; 6] = ["", "/ander-moment", "/iemand-anders", "/overleg.ics", "/code", "/meer"];
const PARENT: &str = "thuis@familie.example";

/// An MDO and the link of the mail to the parent.
struct Invited {
    scene: Scene,
    http: Http,
    booked: pb::Consultation,
    link: String,
}

impl Invited {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let http = scene.server.http().await;
        let booked = scene.booked(scene.later(50)).await;
        let mails = scene.server.news().await;
        let link = mails.iter().find(|mail| mail.to() == PARENT).unwrap().link();
        Self { scene, http, booked, link }
    }

    /// Without the link in it, whose random signs may spell anything.
    fn said(&self, page: &Page) -> String {
        page.body.replace(&self.link, "/r/x")
    }

    async fn get(&self, part: &str) -> Page {
        self.http.get(&format!("{}{part}", self.link)).await
    }

    async fn post(&self, part: &str, body: &str) -> Page {
        self.http.send("POST", &format!("{}{part}", self.link), &[FORM, JSON], body).await
    }

    /// The parent's seat.
    async fn seat(&self) -> pb::Participant {
        let request = pb::GetConsultationRequest { name: self.booked.name.clone() };
        let mut read = self.scene.meetings().get_consultation(request).await.unwrap().into_inner();
        read.participants.remove(2)
    }

    /// The code in the newest mail.
    async fn code(&self) -> String {
        let mails = self.scene.server.news().await;
        assert_eq!((mails.len(), mails[0].to()), (1, PARENT.to_owned()));
        let text = mails[0].text();
        text.lines().find_map(|line| line.strip_prefix("Uw code is: ")).unwrap().to_owned()
    }
}

#[tokio::test]
async fn x06_a_link_takes_a_decline_with_a_neutral_reason() {
    let invited = Invited::start().await;
    assert!(invited.get("").await.body.contains("U hoeft niet te zeggen waarom."));
    for (body, answer, reason) in [
        ("answer=decline", Answer::Declined, DeclineReason::Unspecified),
        ("answer=decline&reason=", Answer::Declined, DeclineReason::Unspecified),
        ("answer=decline&reason=far", Answer::Declined, DeclineReason::TooFar),
        ("answer=decline&reason=call", Answer::Declined, DeclineReason::CallMe),
        ("answer=accept&reason=call", Answer::Accepted, DeclineReason::Unspecified),
    ] {
        assert_eq!(invited.post("", body).await.status, 303, "{body}");
        let seat = invited.seat().await;
        assert_eq!((seat.answer(), seat.decline_reason()), (answer, reason), "{body}");
    }
    for body in ["answer=decline&reason=ruzie", "answer=decline&reason=far&reason=call"] {
        let refused = invited.post("", body).await;
        assert_eq!((refused.status, refused.reason().as_str()), (400, "ANSWER_INVALID"), "{body}");
    }
    let own = |answer: Answer, reason: DeclineReason| pb::AnswerConsultationRequest {
        name: invited.booked.name.clone(),
        answer: answer.into(),
        decline_reason: reason.into(),
        request_id: invited.scene.server.request_id(),
    };
    let mut iber = invited.scene.meetings();
    let said = iber.answer_consultation(own(Answer::Declined, DeclineReason::PreferOnline)).await.unwrap();
    assert_eq!(said.into_inner().participants[0].decline_reason(), DeclineReason::PreferOnline);
    let wrong = iber.answer_consultation(own(Answer::Accepted, DeclineReason::TooFar)).await.unwrap_err();
    assert_eq!(violations(&wrong), ["decline_reason: FIELD_INVALID"]);
}

#[tokio::test]
async fn x06_what_cannot_be_proposed_is_said_and_changes_nothing() {
    let invited = Invited::start().await;
    for (part, body, status, reason) in [
        ("/ander-moment", "", 400, "ANSWER_REQUIRED"),
        ("/ander-moment", "date=2026-11-26&time=", 400, "ANSWER_REQUIRED"),
        ("/ander-moment", "date=26-11-2026&time=10%3A00", 400, "PROPOSAL_TIME_INVALID"),
        ("/ander-moment", "date=2026-11-26&time=laat", 400, "PROPOSAL_TIME_INVALID"),
        ("/ander-moment", "date=2026-11-20&time=10%3A00", 400, "PROPOSAL_TIME_INVALID"),
        ("/ander-moment", "date=2026-11-25&time=11%3A00", 400, "PROPOSAL_TIME_INVALID"),
        ("/ander-moment", "date=2029-11-25&time=11%3A00", 400, "PROPOSAL_TIME_INVALID"),
        ("/ander-moment", "date=2027-03-28&time=02%3A30", 400, "PROPOSAL_TIME_INVALID"),
        ("/iemand-anders", "name=Imke", 400, "ANSWER_REQUIRED"),
        ("/iemand-anders", "name=Imke&email=nergens", 400, "SUBSTITUTE_INVALID"),
        ("/iemand-anders", "name=%0A%00&email=imke%40elders.example", 400, "SUBSTITUTE_INVALID"),
        ("/meer", "code=", 400, "ANSWER_REQUIRED"),
        ("/meer", "code=123456", 403, "CODE_INVALID"),
        ("/overleg.ics", "", 405, "METHOD_NOT_ALLOWED"),
        ("/nergens", "", 404, "LINK_INVALID"),
        ("", "taal=fr", 400, "ANSWER_INVALID"),
    ] {
        let refused = invited.post(part, body).await;
        assert_eq!((refused.status, refused.reason().as_str()), (status, reason), "{part} {body}");
    }
    assert_eq!(invited.seat().await.answer(), Answer::NeedsAction);
    assert_eq!(invited.scene.server.number("SELECT COUNT(*) FROM counter_proposal").await, 0);
    // Whoever proposes again and again is asked to call.
    let proposals = pb::proposal_service_client::ProposalServiceClient::new(invited.scene.iber.1.clone());
    for nth in 0..10 {
        let body = format!("date=2026-11-26&time=1{}%3A00", nth % 6);
        assert_eq!(invited.post("/ander-moment", &body).await.status, 303, "{nth}");
        let mut proposals = proposals.clone();
        let open = proposals.list_proposals(pb::ListProposalsRequest::default()).await.unwrap();
        let pb::Proposal { name, etag, .. } = open.into_inner().proposals.remove(0);
        let request_id = invited.scene.server.request_id();
        proposals.refuse_proposal(pb::RefuseProposalRequest { name, etag, request_id }).await.unwrap();
    }
    let enough = invited.post("/ander-moment", "date=2026-11-26&time=10%3A00").await;
    assert_eq!((enough.status, enough.reason().as_str()), (409, "PROPOSAL_CLOSED"));
}

#[tokio::test]
async fn x06_who_said_no_and_why_has_still_said_so_after_a_proposal() {
    let invited = Invited::start().await;
    invited.post("", "answer=decline&reason=far").await;
    for (part, body) in [
        ("/ander-moment", "date=2026-11-26&time=10%3A00"),
        ("/iemand-anders", "name=Imke&email=imke%40elders.example"),
    ] {
        assert_eq!(invited.post(part, body).await.status, 303, "{part}");
        let seat = invited.seat().await;
        let said = (seat.answer(), seat.decline_reason());
        assert_eq!(said, (Answer::Declined, DeclineReason::TooFar), "{part}");
    }
}

#[tokio::test]
async fn b03_the_page_speaks_the_language_that_is_chosen() {
    let invited = Invited::start().await;
    let both = invited.get("").await.body;
    assert!(both.contains("Komt u?") && both.contains("Will you come?"));
    let english = invited.get("?taal=en").await.body;
    assert!(english.contains("<html lang=\"en\">") && !english.contains("Komt u?"));
    assert!(invited.get("").await.body.contains("Komt u?"), "looking keeps nothing");
    let took = invited.post("?taal=en", "answer=accept").await;
    assert_eq!(took.header("location"), format!("{}?taal=en", invited.link));

    let changes = "SELECT COUNT(*) FROM audit WHERE action = 'U' AND actor_kind = 'link'";
    let before = invited.scene.server.number(changes).await;
    for _ in 0..2 {
        let kept = invited.post("", "taal=en").await;
        assert_eq!((kept.status, kept.header("location")), (303, invited.link.as_str()));
        let written = invited.scene.server.number(changes).await;
        assert_eq!(written, before + 1, "a choice is written down, the same again is none");
    }
    for part in ["", "/ander-moment", "/iemand-anders"] {
        let page = invited.get(part).await.body;
        assert!(page.contains("<html lang=\"en\">") && !page.contains("lang=\"nl\">\n<p"), "{part}");
    }
    assert!(invited.get("?taal=nl").await.body.contains("Komt u?"));
    // Another meeting has a page of its own.
    invited.scene.booked(invited.scene.later(74)).await;
    let news = invited.scene.server.news().await;
    let other = news.iter().find(|mail| mail.to() == PARENT).unwrap();
    assert!(other.subject().starts_with("Uitnodiging"), "{}", other.subject());
    // The letters to whoever chose follow.
    let moving = pb::MoveConsultationRequest {
        name: invited.booked.name.clone(),
        start_time: Some(schakel_tests::seed_meetings::stamp(invited.scene.later(54))),
        etag: {
            let request = pb::GetConsultationRequest { name: invited.booked.name.clone() };
            invited.scene.meetings().get_consultation(request).await.unwrap().into_inner().etag
        },
        request_id: invited.scene.server.request_id(),
        ..Default::default()
    };
    invited.scene.meetings().move_consultation(moving).await.unwrap();
    invited.scene.server.clock.advance(TimeDelta::minutes(2));
    let news = invited.scene.server.news().await;
    let to = |address: &str| news.iter().find(|mail| mail.to() == address).unwrap();
    assert!(to(PARENT).subject().starts_with("Changed"));
    assert_eq!(news.iter().filter(|mail| mail.subject().starts_with("Gewijzigd")).count(), 2);
}

#[tokio::test]
async fn x06_the_meeting_is_downloaded_as_a_calendar_file() {
    let invited = Invited::start().await;
    let file = invited.get("/overleg.ics").await;
    assert_eq!(
        (file.status, file.header("content-type")),
        (200, "text/calendar; charset=utf-8; method=PUBLISH")
    );
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"overleg.ics\"");
    let read = ical::calendars_within(file.body.as_bytes(), &ical::Limits::OWN).unwrap();
    assert_eq!(read.len(), 1);
    let meeting = invited.scene.server.read_meeting(invited.booked.name.parse().unwrap()).await;
    for line in [
        "METHOD:PUBLISH".to_owned(),
        format!("UID:{}", meeting.uid),
        format!("SUMMARY:Overleg {}", meeting.reference),
        "DTSTART;TZID=Europe/Amsterdam:20261125T110000".to_owned(),
    ] {
        assert!(file.body.contains(&line), "{line}: {}", file.body);
    }
    assert!(!file.body.contains("ATTENDEE") && !file.body.contains("/r/"));
    assert_eq!(forbidden_word(&file.body.replace(&meeting.reference, "").replace(&meeting.uid, "")), None);
}

#[tokio::test]
async fn x06_who_comes_and_where_stands_behind_a_code() {
    let invited = Invited::start().await;
    let sent = invited.post("/code", "").await;
    assert_eq!((sent.status, sent.header("location")), (303, format!("{}/meer", invited.link).as_str()));
    let code = invited.code().await;
    let lines = "SELECT COUNT(*) FROM audit WHERE action = 'R' AND actor_kind = 'link'";
    assert!(invited.get("/meer").await.body.contains("name=\"code\""));
    assert_eq!(invited.scene.server.number(lines).await, 0);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(invited.post("/meer", &format!("code={wrong}")).await.reason(), "CODE_INVALID");
    let shown = invited.post("/meer", &format!("code={code}")).await;
    assert_eq!(shown.status, 200);
    for seat in &invited.booked.participants[..2] {
        assert!(shown.body.contains(&seat.display_name), "{}", shown.body);
    }
    assert!(shown.body.contains("intern begeleider") && shown.body.contains("ouder of verzorger"));
    for hidden in ["Wit", "Noor", "Anna", "MDO", "Multidisciplinair"] {
        assert!(!invited.said(&shown).contains(hidden), "{hidden}");
    }
    assert_eq!(invited.scene.server.number(lines).await, 1);
    assert_eq!(
        invited.post("/meer", &format!("code={code}")).await.reason(),
        "CODE_INVALID",
        "it works once"
    );
    assert_eq!(invited.post("/code", "").await.status, 303);
    let code = invited.code().await;
    invited.scene.server.clock.advance(TimeDelta::minutes(15));
    assert_eq!(
        invited.post("/meer", &format!("code={code}")).await.reason(),
        "CODE_INVALID",
        "it is too old"
    );
}

#[tokio::test]
async fn t06_an_answer_that_is_changed_is_told_to_whom_it_belongs() {
    let invited = Invited::start().await;
    for body in ["answer=accept", "answer=accept"] {
        invited.post("", body).await;
        assert!(invited.scene.server.news().await.is_empty(), "a first answer is no change");
    }
    invited.post("", "answer=decline&reason=call").await;
    let told = invited.scene.server.news().await;
    assert_eq!((told.len(), told[0].to()), (1, PARENT.to_owned()));
    assert!(told[0].subject().starts_with("Uw antwoord is veranderd"));
    assert!(!told[0].text().contains("Bel mij") && !told[0].text().contains("/r/"));
    invited.post("", "answer=tentative").await;
    assert!(invited.scene.server.news().await.is_empty(), "once an hour");
    // What is told of the page is not how far the invitation came.
    assert_eq!(invited.seat().await.delivery(), pb::participant::Delivery::Sent);
    invited.scene.server.clock.advance(TimeDelta::hours(1));
    invited.post("", "answer=accept").await;
    invited.scene.server.news().await;
    invited.scene.server.clock.advance(TimeDelta::hours(1));
    invited.post("/ander-moment", "date=2026-11-26&time=10%3A00").await;
    let news = invited.scene.server.news().await;
    let told: Vec<_> = news.iter().map(Mail::subject).filter(|one| one.starts_with("Uw antwoord")).collect();
    assert_eq!(told.len(), 1, "a yes that becomes a maybe is a change");
}

#[tokio::test]
async fn t06_what_is_proposed_on_the_page_is_told_to_whom_it_belongs() {
    let invited = Invited::start().await;
    let told = async || {
        let mut news = invited.scene.server.news().await;
        news.retain(|mail| mail.to() == PARENT);
        assert!(news.iter().all(|mail| mail.subject().starts_with("Uw antwoord is veranderd")));
        news.len()
    };
    for (answer, part, body) in [
        (None, "/iemand-anders", "name=Imke&email=imke%40elders.example"),
        (Some("answer=tentative"), "/ander-moment", "date=2026-11-26&time=10%3A00"),
        (Some("answer=decline"), "/ander-moment", "date=2026-11-26&time=12%3A00"),
    ] {
        if let Some(answer) = answer {
            invited.post("", answer).await;
        }
        told().await;
        invited.scene.server.clock.advance(TimeDelta::hours(1));
        for expected in [1, 0] {
            assert_eq!(invited.post(part, body).await.status, 303);
            assert_eq!(told().await, expected, "once an hour, whatever was answered: {answer:?}");
        }
    }
}

#[tokio::test]
async fn t07_a_thousand_looks_at_every_page_of_a_link_change_nothing() {
    let invited = Invited::start().await;
    let tables = ["audit", "outbox", "counter_proposal", "answer_page", "participant"];
    let counted = async || {
        let mut all = Vec::new();
        for table in tables {
            all.push(invited.scene.server.number(&format!("SELECT COUNT(*) FROM {table}")).await);
        }
        all
    };
    let id = invited.booked.name.parse().unwrap();
    let before = (invited.scene.server.read_meeting(id).await, counted().await);
    for nth in 0..1000 {
        let part = PARTS[nth % PARTS.len()];
        let method = ["GET", "HEAD", "GET", "OPTIONS", "HEAD"][nth % 5];
        let query = ["", "?taal=en", "?taal=xx", "?answer=accept", "?date=2026-11-26&time=10:00"][nth % 5];
        let seen = invited.http.send(method, &format!("{}{part}{query}", invited.link), &[], "").await;
        assert!([200, 303, 405].contains(&seen.status), "{method} {part}: {}", seen.status);
    }
    assert_eq!((invited.scene.server.read_meeting(id).await, counted().await), before);
}

#[tokio::test]
async fn t20_a_link_that_is_out_of_date_does_nothing_on_any_page() {
    let invited = Invited::start().await;
    let bodies = ["answer=accept", "date=2026-11-26&time=10%3A00", "name=Imke&email=imke%40elders.example"];
    for _ in 0..2 {
        assert_eq!(invited.post("", bodies[0]).await.status, 303, "the same again is the same");
    }
    invited.scene.server.move_to(invited.booked.name.parse().unwrap(), invited.scene.later(54)).await;
    for part in PARTS {
        for body in bodies.into_iter().chain(["code=123456", "taal=en"]) {
            let refused = invited.post(part, body).await;
            assert_eq!(
                (refused.status, refused.reason().as_str()),
                (409, "LINK_SUPERSEDED"),
                "{part} {body}"
            );
        }
        let seen = invited.get(part).await;
        assert_eq!(seen.status, 409);
        assert!(!seen.body.contains(&invited.booked.reference) && !seen.body.contains("november"));
    }
    for table in ["counter_proposal", "answer_page"] {
        assert_eq!(invited.scene.server.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0);
    }
}

/// Every page of a link, as a browser gets it.
async fn documents() -> Vec<Value> {
    let invited = Invited::start().await;
    let mut pages = Vec::new();
    for (language, query) in [("both", ""), ("nl", "?taal=nl"), ("en", "?taal=en")] {
        for (name, part) in
            [("answer", ""), ("time", "/ander-moment"), ("else", "/iemand-anders"), ("code", "/meer")]
        {
            let html = invited.said(&invited.get(&format!("{part}{query}")).await);
            pages.push(document(&format!("{name}-{language}"), &html));
        }
    }
    invited.post("/code", "").await;
    let shown = invited.post("/meer", &format!("code={}", invited.code().await)).await;
    pages.push(document("details-both", &invited.said(&shown)));
    invited.post("", "answer=accept").await;
    invited.post("/ander-moment", "date=2026-11-26&time=10%3A00").await;
    pages.push(document("answered-nl", &invited.said(&invited.get("?taal=nl").await)));
    let large = invited.said(&invited.get("").await).replacen("1.125rem", "2.25rem", 1);
    pages.push(document("answered-large", &large));
    invited.scene.server.clock.advance(TimeDelta::hours(52));
    pages.push(document("over-both", &invited.said(&invited.get("").await)));
    pages
}

#[tokio::test]
async fn x06_no_page_of_a_link_has_a_fault_that_axe_finds() {
    look("x06_no_page_of_a_link_has_a_fault_that_axe_finds", &documents().await);
}

#[tokio::test]
async fn nothing_on_any_page_or_in_its_address_says_what_it_is_about() {
    for page in documents().await {
        let html = page["html"].as_str().unwrap();
        for hidden in ["Wit", "Noor", "Anna", "Bram", "MDO", "<script", "http://", "https://"] {
            assert!(!html.contains(hidden), "{}: {hidden}", page["name"]);
        }
    }
}
