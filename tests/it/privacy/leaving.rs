//! A parent is taken out of a case, and a case closes or rests: what was planned and sought follows.

mod silence;

use pb::{ErasureGround, export_subject_request::Format, time_poll::State, waiting_entry::State as Waits};
use schakel_proto::v1::{
    self as pb, series_service_client::SeriesServiceClient, staffing_service_client::StaffingServiceClient,
    time_poll_service_client::TimePollServiceClient,
};
use schakel_server::consultation::waiting::worker;
use schakel_tests::{http::Http, mailbox::Mail, reason, seed_meetings::stamp, violations};
use serde_json::Value;

use super::{
    Life,
    erasure::{mentions, uuid},
};

const FORM: [(&str, &str); 2] =
    [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];

impl Life {
    /// Waits for a meeting with the social worker and the second parent.
    pub(super) async fn wait(&self) -> pb::WaitingEntry {
        let who =
            |person: String| pb::Seat { who: Some(pb::seat::Who::Person(person)), ..Default::default() };
        let entry = pb::WaitingEntry {
            kind: pb::consultation::Kind::Mdo.into(),
            case: self.case.name.clone(),
            place: pb::consultation::Place::School.into(),
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            seats: vec![
                who(self.scene.iber.0.to_string()),
                who(self.scene.smw.0.to_string()),
                who(self.parents()[0].to_string()),
                who(self.parents()[1].to_string()),
            ],
            ..Default::default()
        };
        let request = pb::JoinWaitingListRequest { waiting_entry: Some(entry), request_id: self.id() };
        let mut staffing = StaffingServiceClient::new(self.scene.iber.1.clone());
        staffing.join_waiting_list(request).await.unwrap().into_inner()
    }

    async fn waiting(&self) -> Vec<pb::WaitingEntry> {
        let list = pb::ListWaitingRequest { school: self.scene.school.to_string(), ..Default::default() };
        let mut staffing = StaffingServiceClient::new(self.scene.iber.1.clone());
        staffing.list_waiting(list).await.unwrap().into_inner().waiting_entries
    }

    /// The case without its second parent.
    pub(super) async fn part(&mut self) {
        let read = pb::GetCaseRequest { name: self.case.name.clone() };
        let mut case = self.keeper.get_case(read).await.unwrap().into_inner();
        case.parents.truncate(1);
        let request = pb::UpdateCaseRequest {
            case: Some(case),
            update_mask: Some(prost_types::FieldMask { paths: vec!["parents".into()] }),
            request_id: self.id(),
            ..Default::default()
        };
        self.case = self.keeper.update_case(request).await.unwrap().into_inner();
    }

    async fn meeting(&self, name: &str) -> pb::Consultation {
        let get = pb::GetConsultationRequest { name: name.to_owned() };
        self.scene.meetings().get_consultation(get).await.unwrap().into_inner()
    }

    async fn poll(&self, name: &str) -> pb::TimePoll {
        let get = pb::GetTimePollRequest { name: name.to_owned() };
        let mut polls = TimePollServiceClient::new(self.scene.iber.1.clone());
        polls.get_time_poll(get).await.unwrap().into_inner()
    }

    fn to(&self, address: &str) -> Vec<Mail> {
        self.scene.server.mailbox().into_iter().filter(|mail| mail.to() == address).collect()
    }
}

const SECRET: &str = "pim@geheim.example";

#[tokio::test]
async fn t06_a_parent_who_is_taken_out_of_a_case_hears_that_once_and_nothing_more() {
    let mut life = Life::start().await;
    let http = life.scene.server.http().await;
    let gone = life.parents()[1];
    let coming = life.book(life.scene.later(240)).await;
    let poll = life.ask().await;
    let entry = life.wait().await;
    life.scene.server.news().await;
    let mails = life.to(SECRET);
    let invitation = mails.iter().find(|mail| mail.subject().starts_with("Uitnodiging")).unwrap().link();
    let asked = mails.iter().find(|mail| mail.subject().starts_with("Wanneer")).unwrap().poll_link();
    assert_eq!(http.get(&asked).await.status, 200);

    life.part().await;
    let news = life.scene.server.news().await;
    assert_eq!(news.len(), 1, "nobody else is told");
    assert_eq!(news[0].to(), SECRET);
    assert!(news[0].subject().starts_with("U hoeft niet te komen"), "{}", news[0].subject());
    assert!(news[0].calendar().contains("METHOD:CANCEL"));
    let now = life.meeting(&coming.name).await;
    assert_eq!(now.participants.len(), coming.participants.len() - 1);
    assert!(now.participants.iter().all(|one| one.person != gone.to_string()));
    assert_eq!(now.state(), pb::consultation::State::Planned);
    assert!(life.poll(&poll.name).await.voters.iter().all(|one| one.person != gone.to_string()));
    let waits = life.waiting().await;
    assert_eq!((waits.len(), &waits[0].name, waits[0].seats.len()), (1, &entry.name, 3));
    let busy = "SELECT COUNT(*) FROM busy b JOIN consultation c ON c.id = b.booking_id \
                JOIN participant p ON p.consultation_id = c.id WHERE b.calendar_id = p.person_id AND p.role = 'OUDER' \
                AND c.state = 'PLANNED'";
    assert_eq!(life.scene.server.number(busy).await, 1, "the other parent's time is taken still");
    for (link, form, status) in [
        (&asked, "vote-0=yes&vote-1=yes", 404),
        (&invitation, "answer=accept", 409),
        (&format!("{asked}/code"), "", 404),
    ] {
        let refused = http.send("POST", link, &FORM, form).await;
        assert_eq!(refused.status, status, "{link}");
        assert!(refused.reason().starts_with("LINK_"), "{}", refused.reason());
    }
    assert_eq!(http.get(&asked).await.status, 404);

    let moving = pb::MoveConsultationRequest {
        name: now.name.clone(),
        start_time: Some(stamp(life.scene.later(264))),
        etag: now.etag,
        request_id: life.id(),
        ..Default::default()
    };
    life.scene.meetings().move_consultation(moving).await.unwrap();
    life.scene.server.clock.advance(chrono::TimeDelta::hours(80));
    let later = life.scene.server.news().await;
    assert!(!later.is_empty() && later.iter().all(|mail| mail.to() != SECRET), "not of a move, nor reminded");
}

/// What a page behind a link must not tell.
async fn tells_nothing(http: &Http, link: &str, form: &str, (status, why): (u16, &str)) {
    let page = http.get(link).await;
    let refused = http.send("POST", link, &FORM, form).await;
    assert_eq!((refused.status, refused.reason().as_str()), (status, why), "{link}");
    for body in [page.body, refused.body] {
        for word in ["dossier", "beperkt", "case", "restricted"] {
            assert!(!body.to_lowercase().contains(word), "{word}: {body}");
        }
    }
}

#[tokio::test]
async fn x10_a_case_that_rests_asks_nobody_for_a_time_and_links_do_not_tell_why() {
    let life = Life::start().await;
    let http = life.scene.server.http().await;
    life.book(life.scene.later(240)).await;
    let poll = life.ask().await;
    let entry = life.wait().await;
    life.scene.server.news().await;
    let mails = life.to(SECRET);
    let invitation = mails.iter().find(|mail| mail.subject().starts_with("Uitnodiging")).unwrap().link();
    let asked = mails.iter().find(|mail| mail.subject().starts_with("Wanneer")).unwrap().poll_link();
    let restrict = pb::RestrictCaseRequest {
        name: life.case.name.clone(),
        ground: pb::RestrictionGround::Accuracy.into(),
        request_id: life.id(),
        ..Default::default()
    };
    life.fg.clone().restrict_case(restrict).await.unwrap();
    assert_eq!(life.poll(&poll.name).await.state(), State::Cancelled);
    let waits = life.waiting().await;
    assert_eq!((&waits[0].name, waits[0].state()), (&entry.name, Waits::Waiting));
    worker::work(&life.scene.server.app, life.scene.server.founded.region).await.unwrap();
    assert_eq!(life.waiting().await[0].state(), Waits::Waiting, "no time is kept");
    let news = life.scene.server.news().await;
    assert_eq!(news.len(), 4);
    assert!(news.iter().all(|mail| mail.subject().starts_with("U hoeft geen tijdstip meer te kiezen")));
    tells_nothing(&http, &asked, "vote-0=yes&vote-1=yes", (409, "POLL_CLOSED")).await;
    tells_nothing(&http, &invitation, "answer=accept", (409, "ANSWER_CLOSED")).await;
    assert!(!http.get(&invitation).await.body.contains("<form"));
    life.scene.server.clock.advance(chrono::TimeDelta::hours(80));
    assert!(life.scene.server.news().await.is_empty(), "nobody is reminded");
    life.scene.server.execute("UPDATE case_circle SET hold = 'ARCHIVED'").await;
    assert_eq!(http.get(&asked).await.status, 404);
    assert_eq!(http.get(&invitation).await.status, 404);
}

#[tokio::test]
async fn x10_a_case_that_closes_seeks_no_time_any_more() {
    let mut life = Life::start().await;
    let http = life.scene.server.http().await;
    let poll = life.ask().await;
    life.wait().await;
    life.scene.server.news().await;
    let asked =
        life.to(SECRET).iter().find(|mail| mail.subject().starts_with("Wanneer")).unwrap().poll_link();
    life.close().await;
    assert_eq!(life.poll(&poll.name).await.state(), State::Cancelled);
    assert!(life.waiting().await.is_empty());
    let left = "SELECT COUNT(*) FROM waiting_entry WHERE state = 'LEFT' AND hold_id IS NULL";
    assert_eq!(life.scene.server.number(left).await, 1);
    tells_nothing(&http, &asked, "vote-0=yes&vote-1=yes", (409, "POLL_CLOSED")).await;
    assert!(!http.get(&asked).await.body.contains("<form"));
}

#[tokio::test]
async fn x10_who_was_a_parent_has_rights_to_their_own_part_and_goes_with_the_case() {
    let mut life = Life::start().await;
    life.ask().await;
    let gone = life.parents()[1];
    let (pim, noor) = (gone.to_string(), life.parents()[0].to_string());
    life.part().await;
    let told = life.export(&life.fg, Format::Json, &pim).await.unwrap();
    let json: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(json["parents"][0]["email"], SECRET);
    assert_eq!(json["own_part"]["meetings"].as_array().unwrap().len(), 1, "where they sat");
    assert_eq!(json["cases"].as_array().unwrap().len(), 0);
    for foreign in ["Oudshoorn", "Noor", "noor@", "Opbouw", "Oma Bertha", &noor] {
        assert!(!told.contains(foreign), "{foreign}");
    }
    let first = life.export(&life.fg, Format::Json, &noor).await.unwrap();
    assert!(first.contains("former_parents") && !first.contains(SECRET));
    let right = |person: &str| pb::RectifySubjectRequest {
        case: life.case.name.clone(),
        person: person.to_owned(),
        facts: Some(pb::PersonFacts { display_name: "Pim Zwanik".into(), ..Default::default() }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["display_name".into()] }),
        asked_by: pb::Requester::Parent.into(),
        reason: "Verkeerd overgenomen.".into(),
        request_id: life.id(),
        ..Default::default()
    };
    life.fg.clone().rectify_subject(right(&pim)).await.unwrap();
    assert!(life.export(&life.fg, Format::Json, &pim).await.unwrap().contains("Pim Zwanik\""));
    let stranger = life.fg.clone().rectify_subject(right(&life.scene.smw.0.to_string())).await.unwrap_err();
    assert_eq!(violations(&stranger), ["person: PERSON_NOT_FOUND"]);

    life.work().await;
    let proposal = life.propose(&life.school(), ErasureGround::Unlawful).await.unwrap();
    life.approve(&life.fg, &proposal.name).await.unwrap();
    let left = mentions(&life.scene.server, &[gone.0]).await;
    assert_eq!(left, [""; 0], "neither the person nor a mail to them");
    assert_eq!(reason(&life.export(&life.fg, Format::Json, &pim).await.unwrap_err()), "CASE_NOT_FOUND");
}

#[tokio::test]
async fn x10_nothing_stays_of_a_series_or_of_who_waited() {
    let life = Life::start().await;
    let mut consultation = life.scene.mdo(life.scene.later(240));
    consultation.case.clone_from(&life.case.name);
    consultation.participants[2].person = life.parents()[0].to_string();
    let book = pb::BookSeriesRequest {
        consultation: Some(consultation),
        recurrence: "FREQ=WEEKLY;COUNT=4".into(),
        mode: pb::BookingMode::AllOrNothing.into(),
        request_id: life.id(),
        ..Default::default()
    };
    let mut series = SeriesServiceClient::new(life.scene.iber.1.clone());
    let booked = series.book_series(book).await.unwrap().into_inner().series.unwrap();
    let change = pb::UpdateSeriesRequest {
        name: booked.name.clone(),
        etag: booked.etag,
        from_date: (life.scene.later(240) + chrono::TimeDelta::days(7)).date_naive().to_string(),
        place: pb::consultation::Place::Online.into(),
        mode: pb::BookingMode::AllOrNothing.into(),
        request_id: life.id(),
        ..Default::default()
    };
    let next = series.update_series(change).await.unwrap().into_inner().series.unwrap();
    let entry = life.wait().await;
    life.work().await;
    let told = life.export(&life.fg, Format::Json, "").await.unwrap();
    let json: Value = serde_json::from_str(&told).unwrap();
    let waits = &json["cases"][0]["waiting"][0];
    assert_eq!((&waits["urgency"], &waits["state"]), (&"ROUTINE".into(), &"WAITING".into()));
    assert_eq!(waits["seats"][2]["person"], life.parents()[0].to_string());
    let proposal = life.propose(&life.school(), ErasureGround::Unlawful).await.unwrap();
    assert!(proposal.rows.iter().any(|rows| rows.table == "series"));
    life.approve(&life.fg, &proposal.name).await.unwrap();
    assert_eq!(life.scene.server.number("SELECT COUNT(*) FROM series").await, 0);
    let ids = [uuid(&booked.name), uuid(&next.name), uuid(&entry.name)];
    let left = mentions(&life.scene.server, &ids).await;
    assert_eq!(left, ["audit.object_id"], "the log keeps only numbers");
}
