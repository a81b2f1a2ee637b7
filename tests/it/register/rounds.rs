//! Rounds of hand-overs: what is due, booked, held and answered, and whose turn it is.

mod right;

use chrono::{DateTime, TimeDelta, Utc};
use pb::{
    handover::{Reason, Side, State},
    timeline::deadline,
};
use schakel_domain::{access::Role, ids::PersonId, invitation::forbidden_word};
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    fact_service_client::FactServiceClient, handover_service_client::HandoverServiceClient,
    task::Kind as TaskKind, task_service_client::TaskServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_tests::{
    As,
    browser::{document, look},
    mailbox::Mail,
    reason,
    seed_meetings::{Scene, seat, stamp},
    violations,
    workplace::{Browser, signed_in},
};
use tonic::Status;

use crate::{
    thuiszitter::{absent, named},
    workplace_book::has,
};

/// The Tuesday after Easter of 2027.
fn easter() -> DateTime<Utc> {
    DateTime::from_timestamp(1_806_998_400, 0).unwrap()
}

/// A child of the scene's school in its last year there, and the care coordinator of the next school.
struct Round {
    scene: Scene,
    case: pb::Case,
    next: String,
    carer: (PersonId, As),
    colleague: As,
}

impl Round {
    async fn start() -> Self {
        let scene = Scene::start().await;
        scene.server.clock.set(easter());
        Self::of(scene).await
    }

    async fn of(scene: Scene) -> Self {
        let server = &scene.server;
        let next = server.school("99VO00", "GM9901").await;
        let carer = server.person(Role::Zorgcoordinator, next).await;
        let colleague = server.person(Role::Zorgcoordinator, next).await.1;
        let case = named("Kind in groep acht", absent(scene.school));
        let case = pb::Case { next_action_date: "2027-04-20".into(), ..case };
        let ask =
            pb::OpenCaseRequest { case: Some(case), request_id: server.request_id(), ..Default::default() };
        let case = ThuiszitterServiceClient::new(scene.iber.1.clone()).open_case(ask).await.unwrap();
        Self { case: case.into_inner(), next: next.to_string(), carer, colleague, scene }
    }

    /// The child is in its last year.
    async fn goes_on(&self) {
        let dated =
            pb::fact::Dated { moment: pb::Moment::LastPrimaryYearBegan.into(), date: "2026-08-31".into() };
        let fact = pb::Fact { said: Some(pb::fact::Said::Happened(dated)), ..Default::default() };
        let tell = pb::RecordFactsRequest {
            case: self.case.name.clone(),
            facts: vec![fact],
            request_id: self.scene.server.request_id(),
            ..Default::default()
        };
        FactServiceClient::new(self.scene.iber.1.clone()).record_facts(tell).await.unwrap();
    }

    /// Both schools and the parent meet in two days.
    fn wish(&self) -> pb::Consultation {
        let parent = self.case.parents[0].person.parse().unwrap();
        pb::Consultation {
            kind: pb::consultation::Kind::WarmeOverdracht.into(),
            case: self.case.name.clone(),
            start_time: Some(stamp(self.scene.later(48))),
            duration: Some(prost_types::Duration { seconds: 1800, nanos: 0 }),
            place: pb::consultation::Place::School.into(),
            participants: vec![
                seat(self.scene.iber.0, pb::Role::Iber),
                seat(self.carer.0, pb::Role::Zorgcoordinator),
                seat(parent, pb::Role::Ouder),
            ],
            ..Default::default()
        }
    }

    async fn book(&self) -> pb::Consultation {
        self.book_by(&self.scene.iber.1, self.wish()).await
    }

    async fn book_by(&self, by: &As, wish: pb::Consultation) -> pb::Consultation {
        let mut meetings = ConsultationServiceClient::new(by.clone());
        meetings.book_consultation(self.scene.booking(wish)).await.unwrap().into_inner()
    }

    /// The case goes to `school`.
    async fn moves(&self, by: &As, school: &str) {
        let get = pb::GetCaseRequest { name: self.case.name.clone() };
        let case = ThuiszitterServiceClient::new(by.clone()).get_case(get).await.unwrap().into_inner();
        let moving = pb::MoveCaseRequest {
            name: case.name,
            school: school.to_owned(),
            etag: case.etag,
            request_id: self.scene.server.request_id(),
            ..Default::default()
        };
        HandoverServiceClient::new(by.clone()).move_case(moving).await.unwrap();
    }

    async fn held(&self, booked: &pb::Consultation) {
        let parent = self.case.parents[0].person.clone();
        let outcome = pb::Outcome {
            attended: vec![self.scene.iber.0.to_string(), self.carer.0.to_string(), parent.clone()],
            child_heard: pb::outcome::ChildHeard::Directly.into(),
            child_heard_note: "Vertelde wat helpt.".into(),
            jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::NogNiet.into(),
            jgt_decided_with: vec![parent],
            ..Default::default()
        };
        let ask = pb::RecordOutcomeRequest {
            name: booked.name.clone(),
            outcome: Some(outcome),
            etag: booked.etag.clone(),
            request_id: self.scene.server.request_id(),
        };
        self.scene.meetings().record_outcome(ask).await.unwrap();
    }

    async fn answer(
        &self,
        by: &As,
        booked: &pb::Consultation,
        (state, reason): (State, Reason),
    ) -> Result<pb::Handover, Status> {
        let ask = pb::AnswerHandoverRequest {
            consultation: booked.name.clone(),
            state: state.into(),
            reason: reason.into(),
            request_id: self.scene.server.request_id(),
        };
        HandoverServiceClient::new(by.clone()).answer_handover(ask).await.map(tonic::Response::into_inner)
    }
}

async fn list(by: &As, ask: pb::ListHandoversRequest) -> pb::ListHandoversResponse {
    HandoverServiceClient::new(by.clone()).list_handovers(ask).await.unwrap().into_inner()
}

async fn all(by: &As) -> pb::ListHandoversResponse {
    list(by, pb::ListHandoversRequest::default()).await
}

/// How many are missing, booked, held, confirmed and refused.
fn counts(round: &pb::ListHandoversResponse) -> [i32; 5] {
    [round.missing_count, round.booked_count, round.held_count, round.confirmed_count, round.refused_count]
}

#[tokio::test]
async fn e09_a_round_tells_of_each_child_how_far_it_is_and_who_has_to_act() {
    let round = Round::start().await;
    let (server, iber) = (&round.scene.server, &round.scene.iber.1);
    let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await.1;
    assert_eq!(all(&keeper).await, pb::ListHandoversResponse::default(), "nothing is due");

    round.goes_on().await;
    let due = all(iber).await;
    assert_eq!((counts(&due), due.overdue_count), ([1, 0, 0, 0, 0], 0));
    let one = &due.handovers[0];
    assert_eq!((one.case.as_str(), one.consultation.as_str()), (round.case.name.as_str(), ""));
    assert_eq!(
        (one.state(), one.acts(), one.due_date.as_str()),
        (State::Proposed, Side::Sending, "2027-06-30")
    );
    assert_eq!(
        (one.sending_school.clone(), one.receiving_school.as_str()),
        (round.scene.school.to_string(), "")
    );
    assert_eq!(all(&keeper).await, due, "the keeper of the register sees all of it");
    assert!(all(&round.carer.1).await.handovers.is_empty(), "the next school knows of nobody yet");
    let before = pb::ListHandoversRequest { school_year: "2025-2026".into(), ..Default::default() };
    assert!(list(&keeper, before).await.handovers.is_empty());

    let booked = round.book().await;
    let one = all(iber).await.handovers.remove(0);
    assert_eq!((one.state(), one.acts()), (State::Booked, Side::Unspecified));
    assert_eq!((&one.consultation, &one.receiving_school), (&booked.name, &round.next));
    assert_eq!(one.due_date, "2027-06-30");
    let there = all(&round.carer.1).await;
    assert_eq!(counts(&there), [0, 1, 0, 0, 0]);
    let envelope = pb::Handover { case: String::new(), due_date: String::new(), ..one };
    assert_eq!(there.handovers, [envelope], "the envelope, and no child");

    server.clock.advance(TimeDelta::hours(50));
    assert_eq!(all(iber).await.handovers[0].acts(), Side::Sending, "nobody recorded what came of it");
    round.held(&booked).await;
    let held = all(iber).await;
    assert_eq!(counts(&held), [0, 0, 1, 0, 0]);
    let one = &held.handovers[0];
    assert_eq!((one.state(), one.acts(), one.due_date.as_str()), (State::Held, Side::Receiving, ""));

    let back = (State::Refused, Reason::Incomplete);
    let back = round.answer(&round.carer.1, &booked, back).await.unwrap();
    assert_eq!(
        (back.state(), back.reason(), back.acts()),
        (State::Refused, Reason::Incomplete, Side::Sending)
    );
    assert_eq!(counts(&all(&keeper).await), [0, 0, 0, 0, 1]);
    let yes = (State::Confirmed, Reason::Unspecified);
    let yes = round.answer(&round.carer.1, &booked, yes).await.unwrap();
    assert_eq!(
        (yes.state(), yes.reason(), yes.acts()),
        (State::Confirmed, Reason::Unspecified, Side::Unspecified)
    );
    assert_eq!((yes.answer_date.as_str(), yes.case.as_str()), ("2027-04-08", ""));
    let done = all(&keeper).await;
    assert_eq!((counts(&done), done.overdue_count), ([0, 0, 0, 1, 0], 0));
    let of = |sending: String, receiving: String| pb::ListHandoversRequest {
        school_year: "2026-2027".into(),
        sending_school: sending,
        receiving_school: receiving,
    };
    let school = round.scene.school.to_string();
    for (ask, found) in [
        (of(school.clone(), String::new()), 1),
        (of(String::new(), round.next.clone()), 1),
        (of(school.clone(), round.next.clone()), 1),
        (of(round.next.clone(), String::new()), 0),
        (of(String::new(), school), 0),
    ] {
        assert_eq!(list(&keeper, ask.clone()).await.handovers.len(), found, "{ask:?}");
    }
    let ask = pb::GetTimelineRequest { name: round.case.name.clone(), ..Default::default() };
    let timeline = ThuiszitterServiceClient::new(iber.clone()).get_timeline(ask).await.unwrap().into_inner();
    let told = timeline.events.iter().filter(|event| event.kind.starts_with("HANDOVER_"));
    let told: Vec<&str> = told.map(|event| event.kind.as_str()).collect();
    assert_eq!(told, ["HANDOVER_INCOMPLETE", "HANDOVER_CONFIRMED"]);
    let met = timeline.deadlines.iter().find(|deadline| deadline.norm == "T24C").unwrap();
    assert_eq!(met.met_date, "2027-04-08", "a hand-over that was held meets the norm");
}

#[tokio::test]
async fn e09_only_the_receiving_school_answers_and_once_the_meeting_was_held() {
    let round = Round::start().await;
    let booked = round.book().await;
    let yes = (State::Confirmed, Reason::Unspecified);
    let early = round.answer(&round.carer.1, &booked, yes).await.unwrap_err();
    assert_eq!(reason(&early), "CONSULTATION_NOT_HELD");
    round.scene.server.clock.advance(TimeDelta::hours(50));
    let early = round.answer(&round.carer.1, &booked, yes).await.unwrap_err();
    assert_eq!(reason(&early), "CONSULTATION_NOT_HELD", "nobody recorded that it was");
    round.held(&booked).await;
    let sending = round.answer(&round.scene.iber.1, &booked, yes).await.unwrap_err();
    assert_eq!(reason(&sending), "ACTION_NOT_ALLOWED", "the school that the child leaves");
    let absent = round.answer(&round.colleague, &booked, yes).await.unwrap_err();
    assert_eq!(reason(&absent), "CONSULTATION_NOT_FOUND", "somebody who did not sit there");
    for (given, expected) in [
        ((State::Unspecified, Reason::Unspecified), ["state: FIELD_REQUIRED"]),
        ((State::Held, Reason::Unspecified), ["state: FIELD_INVALID"]),
        ((State::Refused, Reason::Unspecified), ["reason: FIELD_REQUIRED"]),
        ((State::Confirmed, Reason::NotHeld), ["reason: FIELD_INVALID"]),
    ] {
        let refused = round.answer(&round.carer.1, &booked, given).await.unwrap_err();
        assert_eq!(violations(&refused), expected, "{given:?}");
    }
    round.answer(&round.carer.1, &booked, yes).await.unwrap();
    for again in [yes, (State::Refused, Reason::NotEnrolled)] {
        let again = round.answer(&round.carer.1, &booked, again).await.unwrap_err();
        assert_eq!(reason(&again), "ALREADY_ENDED");
    }
    let mdo = round.scene.booked(round.scene.later(48)).await;
    let other = round.answer(&round.scene.smw.1, &mdo, yes).await.unwrap_err();
    assert_eq!(violations(&other), ["consultation: FIELD_INVALID"]);
}

#[tokio::test]
async fn e09_a_child_that_moved_first_is_received_by_its_new_school() {
    let round = Round::start().await;
    round.moves(&round.scene.iber.1, &round.next).await;
    let booked = round.book_by(&round.carer.1, round.wish()).await;
    let one = all(&round.carer.1).await.handovers.remove(0);
    assert_eq!(
        (one.sending_school, one.receiving_school),
        (round.scene.school.to_string(), round.next.clone())
    );
    let back = (State::Refused, Reason::NotHeld);
    let old = round.answer(&round.scene.iber.1, &booked, back).await.unwrap_err();
    assert_eq!(reason(&old), "ACTION_NOT_ALLOWED");
    let back = round.answer(&round.carer.1, &booked, back).await.unwrap();
    assert_eq!((back.state(), back.reason()), (State::Refused, Reason::NotHeld));
    let news = round.scene.server.news().await;
    let notices = news.iter().filter(|mail| mail.subject().ends_with("er staat een bericht voor u klaar"));
    let told: Vec<String> = notices.map(Mail::to).collect();
    let [only] = told.as_slice() else { panic!("{told:?}") };
    let sender = round.scene.iber.0.0.simple().to_string();
    assert!(only.starts_with(&sender), "not who keeps the case at the school that gave it back: {only}");
}

/// The hand-overs that were given back and that somebody has to mend.
async fn to_mend(by: &As) -> Vec<pb::Task> {
    let ask = pb::ListTasksRequest { kinds: vec![TaskKind::HandoverReturned.into()], ..Default::default() };
    TaskServiceClient::new(by.clone()).list_tasks(ask).await.unwrap().into_inner().tasks
}

/// What a form of the page of hand-overs sends.
fn said<'a>(
    id: &'a str,
    booked: &'a pb::Consultation,
    (state, reason): (&'a str, &'a str),
) -> [(&'a str, &'a str); 5] {
    let consultation = booked.name.as_str();
    [
        ("request_id", id),
        ("year", "2026-2027"),
        ("consultation", consultation),
        ("state", state),
        ("reason", reason),
    ]
}

/// The page with its style in it, as it is looked at.
async fn styled(browser: &Browser, name: &str) -> serde_json::Value {
    let html = browser.get("/handovers").await.body;
    let path = html.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{path}")).await.body;
    let html = html.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"));
    document(name, &html)
}

#[tokio::test]
async fn e09_a_school_gives_a_hand_over_back_on_a_page_and_who_has_to_mend_it_is_told() {
    let round = Round::start().await;
    let (server, iber) = (&round.scene.server, &round.scene.iber);
    round.goes_on().await;
    let sender = signed_in(server, iber.0).await;
    has(
        &sender.get("/handovers").await,
        200,
        &["U bent aan zet", "plan een overleg", "kind=WARME_OVERDRACHT", "30 juni 2027"],
    );
    let booked = round.book().await;
    let receiver = signed_in(server, round.carer.0).await;
    let page = receiver.get("/handovers").await;
    has(&page, 200, &["overleg gepland", "Geef terug"]);
    assert!(!page.body.contains("Wij hebben wat wij nodig hebben"), "the meeting is to come: {}", page.body);
    server.clock.advance(TimeDelta::hours(50));
    round.held(&booked).await;
    server.news().await;

    // Their sessions ended meanwhile.
    let (sender, receiver) = (signed_in(server, iber.0).await, signed_in(server, round.carer.0).await);
    let page = receiver.get("/handovers").await;
    has(&page, 200, &["U bent aan zet", "geef antwoord", "Wij hebben wat wij nodig hebben"]);
    let case = round.case.name.as_str();
    for hidden in [case, round.case.reference.as_str(), "Kind in groep acht", "Noor"] {
        assert!(!page.body.contains(hidden), "{hidden}: {}", page.body);
    }
    let meeting = receiver.get(&format!("/{}", booked.name)).await;
    has(&meeting, 200, &["href=\"/handovers\""]);
    let id = server.request_id();
    let page = receiver.post("/handovers", &said(&id, &booked, ("STATE_REFUSED", ""))).await;
    has(&page, 422, &["role=\"alert\"", "id=\"fault-mine-1\"", "<details open>"]);
    let id = server.request_id();
    let theirs = sender.post("/handovers", &said(&id, &booked, ("STATE_REFUSED", "REASON_INCOMPLETE"))).await;
    has(&theirs, 422, &["Alleen wie voor de nieuwe school bij dit overleg zit, kan antwoorden."]);
    assert!(to_mend(&iber.1).await.is_empty() && server.news().await.is_empty(), "nothing happened yet");

    let id = server.request_id();
    let back = said(&id, &booked, ("STATE_REFUSED", "REASON_INCOMPLETE"));
    let done = receiver.post("/handovers", &back).await;
    assert_eq!((done.status, done.header("location")), (303, "/handovers?year=2026-2027"), "{}", done.body);
    let page = receiver.follow(done).await;
    has(&page, 200, &["teruggegeven", "er ontbreekt iets wat de school moet weten", "SCHOOL 99AA00: los op"]);
    assert!(!page.body.contains("U bent aan zet"), "{}", page.body);

    let news = server.news().await;
    assert_eq!(news.len(), 1, "{:?}", news.iter().map(Mail::subject).collect::<Vec<_>>());
    let mail = &news[0];
    assert!(mail.to().starts_with(&iber.0.0.simple().to_string()), "{}", mail.to());
    assert!(mail.subject().ends_with("er staat een bericht voor u klaar"), "{}", mail.subject());
    assert!(mail.text().contains("There is a message for you."), "{}", mail.text());
    for part in [mail.subject(), mail.text(), mail.html()] {
        let part = part.replace(&mail.to_name(), "");
        assert_eq!(forbidden_word(&part), None, "{part}");
        let references = [round.case.reference.as_str(), booked.reference.as_str()];
        for hidden in references.into_iter().chain(["groep acht", "overdracht", "School"]) {
            assert!(!part.contains(hidden), "{hidden}: {part}");
        }
    }
    let tasks = to_mend(&iber.1).await;
    let [task] = tasks.as_slice() else { panic!("{tasks:?}") };
    assert_eq!((task.case.as_str(), task.consultation.as_str()), (case, booked.name.as_str()));
    assert!(!task.text.contains("Kind in groep acht"));
    assert!(to_mend(&round.carer.1).await.is_empty() && to_mend(&round.colleague).await.is_empty());
    let today = sender.get("/today").await;
    has(&today, 200, &["Een warme overdracht is teruggegeven.", "href=\"/handovers\""]);
    let page = sender.get("/handovers").await;
    has(
        &page,
        200,
        &[
            "U bent aan zet",
            "los op waarom het is teruggegeven",
            "er ontbreekt iets wat de school moet weten",
            case,
        ],
    );
    let pages = [styled(&sender, "handovers-sending").await, styled(&receiver, "handovers-receiving").await];
    look("e09_a_school_gives_a_hand_over_back_on_a_page_and_who_has_to_mend_it_is_told", &pages);

    let id = server.request_id();
    let yes = receiver.post("/handovers", &said(&id, &booked, ("STATE_CONFIRMED", ""))).await;
    assert_eq!(yes.status, 303, "{}", yes.body);
    has(&sender.get("/handovers").await, 200, &["klaar", "niemand"]);
    assert!(to_mend(&iber.1).await.is_empty() && server.news().await.is_empty(), "it is mended");
}

/// The children that go on, in the tasks of somebody.
async fn goes_on(by: &As) -> Vec<(String, String, deadline::State)> {
    let ask = pb::ListTasksRequest { kinds: vec![TaskKind::Transition.into()], ..Default::default() };
    let tasks = TaskServiceClient::new(by.clone()).list_tasks(ask).await.unwrap().into_inner().tasks;
    tasks.into_iter().map(|task| (task.case.clone(), task.due_date.clone(), task.state())).collect()
}

#[tokio::test]
async fn c09_a_child_that_turns_fourteen_is_a_task_and_in_the_round_until_its_hand_over_is_booked() {
    let round = Round::start().await;
    let (server, iber) = (&round.scene.server, &round.scene.iber.1);
    let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await.1;
    assert!(goes_on(iber).await.is_empty() && all(iber).await.handovers.is_empty(), "it stays");

    // Fourteen on 14 May 2027: in this school year, and nobody said anything of groep 8.
    let mut case = round.case.clone();
    case.child.as_mut().unwrap().birth_date = "2013-05-14".into();
    let ask = pb::UpdateCaseRequest {
        case: Some(case),
        update_mask: Some(prost_types::FieldMask { paths: vec!["child".to_owned()] }),
        request_id: server.request_id(),
        ..Default::default()
    };
    ThuiszitterServiceClient::new(iber.clone()).update_case(ask).await.unwrap();
    let task = |state| vec![(round.case.name.clone(), "2027-03-31".to_owned(), state)];
    // It is after Easter: hand-overs began on 1 April.
    assert_eq!(goes_on(iber).await, task(deadline::State::Overdue));
    assert!(goes_on(&keeper).await.is_empty(), "its regisseur has to");
    let due = all(iber).await;
    let [one] = due.handovers.as_slice() else { panic!("{due:?}") };
    assert_eq!((one.state(), one.due_date.as_str()), (State::Proposed, "2027-06-30"));

    round.book().await;
    assert!(goes_on(iber).await.is_empty());
    assert_eq!(counts(&all(iber).await), [0, 1, 0, 0, 0]);
}

#[tokio::test]
async fn c09_a_child_in_groep_8_is_a_task_of_its_regisseur_from_the_new_year_on() {
    let scene = Scene::start().await;
    let round = Round::of(scene).await;
    let (clock, iber) = (&round.scene.server.clock, &round.scene.iber.1);
    round.goes_on().await;
    let task = |state| vec![(round.case.name.clone(), "2027-03-31".to_owned(), state)];
    let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
    // Noon in Amsterdam of 31 December 2026, 1 January, 31 March and 1 April 2027.
    clock.set(at(1_798_714_800));
    assert!(goes_on(iber).await.is_empty());
    clock.set(at(1_798_801_200));
    assert_eq!(goes_on(iber).await, task(deadline::State::DueSoon));
    clock.set(at(1_806_487_200));
    assert_eq!(goes_on(iber).await, task(deadline::State::DueSoon));
    clock.set(at(1_806_573_600));
    assert_eq!(goes_on(iber).await, task(deadline::State::Overdue));
}
