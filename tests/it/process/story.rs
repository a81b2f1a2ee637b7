//! The story of the readme, through the released program with a real SMTP server.

use schakel_client::{Connection, v1 as pb};
use schakel_server::demo::{
    load,
    region::{Region, Size},
};
use schakel_tests::{
    mails::read_independently,
    program::{Outside, Program},
};
use serde_json::{Value, json};

const NAME: &str = "the_story_is_walked_through_the_program";

fn region() -> Region {
    Region::generate(Size::Small, 9901, chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap())
}

/// What each step hands to the next.
struct Walk {
    program: Program,
    iber: Connection,
    school: String,
    case: pb::Case,
    parents: Vec<String>,
    consultation: pb::Consultation,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_is_walked_through_the_program() {
    let Some(outside) = Outside::binary(NAME).and_then(|outside| outside.with_smtp(NAME)) else { return };
    let program = Program::start(&outside);
    the_beheerder_imports_twice(&program).await;
    let mut walk = an_ib_er_opens_a_case(program).await;
    let slot = she_asks_for_times(&walk).await;
    she_books(&mut walk, &slot).await;
    let folder = outside.smtp.as_ref().unwrap().2.clone();
    let invitations = wait_for_mails(&walk, &folder, 5).await;
    check_invitations(&walk, &invitations);
    they_answer_and_she_moves(&mut walk, &invitations).await;
    one_is_replaced(&mut walk).await;
    a_series_is_told_too(&walk, &folder).await;
    the_feed_shows_it(&walk).await;
    the_outcome_moves_the_case(&mut walk).await;
    the_case_closes_and_reopens(&mut walk).await;
    nothing_has_leaked(&walk, &folder);
    assert!(walk.program.terminate().success(), "SIGTERM ends it cleanly");
}

/// Step 1.
async fn the_beheerder_imports_twice(program: &Program) {
    let beheerder = program.as_person("beheerder").await;
    let (_, bytes) = region().files().into_iter().find(|(file, _)| *file == "vestigingen.csv").unwrap();
    let again = load::import_file(&beheerder, pb::import_request::Kind::Schools, &bytes, true).await.unwrap();
    assert_eq!((again.created, again.updated, again.closed), (0, 0, 0), "a second import changes nothing");
    assert_eq!(again.unchanged, 8);
    let spoilt: Vec<u8> =
        bytes.split(|b| *b == b'\n').map(|line| [line, b"\n"].concat()).collect::<Vec<_>>()[..3].concat();
    let spoilt = String::from_utf8_lossy(&spoilt).replace(";9", ";x");
    let told = load::import_file(&beheerder, pb::import_request::Kind::Schools, spoilt.as_bytes(), true)
        .await
        .unwrap();
    assert!(told.bad_row_count > 0 && told.bad_rows[0].line > 1 && !told.bad_rows[0].remedy.is_empty());
}

/// Step 2.
async fn an_ib_er_opens_a_case(program: Program) -> Walk {
    let iber = program.as_person("iber").await;
    let school = program.named("school");
    let schools = load::schools(&iber).await.unwrap();
    let case = load::to_wire(region().case_of_the_story(), &schools);
    let ask = pb::OpenCaseRequest { case: Some(case), request_id: load::fresh(), ..Default::default() };
    let case = iber.thuiszitter().open_case(ask).await.unwrap().into_inner();
    let timeline = pb::GetTimelineRequest { name: case.name.clone(), ..Default::default() };
    let timeline = iber.thuiszitter().get_timeline(timeline).await.unwrap().into_inner();
    assert!(timeline.deadlines.len() >= 4, "{:?}", timeline.deadlines);
    assert!(
        timeline.deadlines.iter().all(|deadline| !deadline.basis.is_empty() && !deadline.clock.is_empty())
    );
    let parents: Vec<String> = case.parents.iter().map(|parent| parent.person.clone()).collect();
    assert_eq!(parents.len(), 2);
    Walk { program, iber, school, case, parents, consultation: pb::Consultation::default() }
}

fn seats(walk: &Walk) -> Vec<pb::Seat> {
    use pb::seat::Who;
    let person = |name: &String| pb::Seat {
        who: Some(Who::Person(name.clone())),
        optional: false,
        ..Default::default()
    };
    let role = |role: pb::Role| pb::Seat {
        who: Some(Who::Role(role.into())),
        optional: false,
        ..Default::default()
    };
    let own = walk.program.named("iber");
    vec![
        person(&walk.parents[0]),
        person(&walk.parents[1]),
        person(&own),
        role(pb::Role::Smw),
        role(pb::Role::Leerplichtambtenaar),
    ]
}

/// Step 3.
async fn she_asks_for_times(walk: &Walk) -> pb::Slot {
    let ask = pb::RouteSchoolRequest {
        school: walk.school.clone(),
        residence_gemeente_code: walk.case.residence_gemeente_code.clone(),
        valid_on: String::new(),
        ..Default::default()
    };
    let route = walk.iber.directory().route_school(ask).await.unwrap().into_inner();
    assert!(route.rules.iter().any(|rule| rule.matched && !rule.why.is_empty()), "{route:?}");
    let ask = pb::FindSlotsRequest {
        school: walk.school.clone(),
        case: walk.case.name.clone(),
        seats: seats(walk),
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        ..Default::default()
    };
    let found = walk.iber.availability().find_slots(ask).await.unwrap().into_inner();
    assert!(!found.slots.is_empty(), "{:?}", found.obstacles);
    assert!(found.slots.iter().all(|slot| !slot.reasons.is_empty() && slot.seats.len() == 5));
    found.slots[0].clone()
}

/// Step 4.
async fn she_books(walk: &mut Walk, slot: &pb::Slot) {
    let participants = slot.seats.iter().map(|taken| pb::Participant {
        person: taken.person.clone(),
        role: taken.role,
        ..Default::default()
    });
    let consultation = pb::Consultation {
        kind: pb::consultation::Kind::Mdo.into(),
        case: walk.case.name.clone(),
        start_time: slot.start_time,
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        place: pb::consultation::Place::School.into(),
        school: walk.school.clone(),
        participants: participants.collect(),
        ..Default::default()
    };
    let ask = pb::BookConsultationRequest {
        consultation: Some(consultation),
        request_id: load::fresh(),
        ..Default::default()
    };
    walk.consultation = walk.iber.consultation().book_consultation(ask.clone()).await.unwrap().into_inner();
    let twice = pb::BookConsultationRequest { request_id: load::fresh(), ..ask };
    let refused = walk.iber.consultation().book_consultation(twice).await.unwrap_err();
    assert_eq!(schakel_tests::reason(&refused), "TIME_CONFLICT");
    let details = tonic_types::StatusExt::get_details_error_info(&refused).unwrap();
    assert!(!details.metadata["next_free_times"].is_empty());
}

/// The mails about this consultation, once there are `least` of them.
async fn wait_for_mails(walk: &Walk, folder: &std::path::Path, least: usize) -> Vec<Value> {
    for _ in 0..600 {
        let kept = std::fs::read_dir(folder).map(Iterator::count).unwrap_or_default();
        if kept >= least {
            let mails = read_independently(folder, NAME).unwrap();
            let of_this =
                |mail: &Value| mail["subject"].as_str().unwrap().contains(&walk.consultation.reference);
            let mails: Vec<Value> = mails.into_iter().filter(of_this).collect();
            if mails.len() >= least {
                return mails;
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("only some mails came:\n{}", walk.program.log());
}

/// One REQUEST each, alone on it, in the tree that every client reads.
fn check_invitations(walk: &Walk, mails: &[Value]) {
    assert_eq!(mails.len(), 5);
    let tree = json!([
        "multipart/mixed",
        ["multipart/alternative", "text/plain", "text/html", "text/calendar"],
        "application/ics"
    ]);
    let mut recipients: Vec<&str> = Vec::new();
    for mail in mails {
        assert_eq!(mail["tree"], tree);
        let calendar = &mail["calendar"];
        assert_eq!((calendar["method"].as_str(), calendar["sequence"].as_i64()), (Some("REQUEST"), Some(0)));
        assert_eq!(calendar["attendee"], format!("mailto:{}", mail["to"].as_str().unwrap()));
        assert_eq!(calendar["partstat"], "NEEDS-ACTION");
        assert_eq!(calendar["uid"], mails[0]["calendar"]["uid"]);
        assert_eq!(mail["auto_submitted"], "auto-generated");
        recipients.push(mail["to"].as_str().unwrap());
    }
    recipients.sort_unstable();
    recipients.dedup();
    assert_eq!(recipients.len(), 5, "one mail a person");
    assert_eq!(walk.consultation.participants.len(), 5);
}

/// The answer link in a mail.
fn link(mail: &Value) -> String {
    let text = mail["texts"][0].as_str().unwrap();
    let start = text.find("http://").unwrap();
    text[start..].split_whitespace().next().unwrap().to_owned()
}

/// Posts an answer as a browser does.
fn answer(link: &str, answer: &str) -> u16 {
    use std::io::{Read, Write};
    let rest = link.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let body = format!("answer={answer}");
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(
        stream,
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response.split(' ').nth(1).unwrap().parse().unwrap()
}

/// Step 5, first half.
async fn they_answer_and_she_moves(walk: &mut Walk, mails: &[Value]) {
    let watch = pb::WatchConsultationsRequest { case: walk.case.name.clone(), ..Default::default() };
    let mut stream = walk.iber.consultation().watch_consultations(watch).await.unwrap().into_inner();
    let parent =
        mails.iter().find(|mail| !mail["to"].as_str().unwrap().contains("maasduin")).unwrap_or(&mails[0]);
    assert_eq!(answer(&link(parent), "decline"), 303);
    let seen = stream.message().await.unwrap().unwrap().consultation.unwrap();
    let declined = pb::participant::Answer::Declined as i32;
    assert_eq!(seen.participants.iter().filter(|participant| participant.answer == declined).count(), 1);

    let times = she_asks_for_times(walk).await;
    let ask = pb::MoveConsultationRequest {
        name: walk.consultation.name.clone(),
        start_time: times.start_time,
        duration: None,
        place: 0,
        etag: seen.etag,
        request_id: load::fresh(),
        short_notice: 0,
        ..Default::default()
    };
    walk.consultation = walk.iber.consultation().move_consultation(ask).await.unwrap().into_inner();
    assert_eq!(walk.consultation.sequence, 1);
    let asked_again = pb::participant::Answer::NeedsAction as i32;
    assert!(walk.consultation.participants.iter().all(|participant| participant.answer == asked_again));
    assert_eq!(answer(&link(parent), "accept"), 409, "an old link only says that it changed");
}

/// Step 5, second half.
async fn one_is_replaced(walk: &mut Walk) {
    let smw = walk.consultation.participants.iter().find(|seat| seat.role == pb::Role::Smw as i32).unwrap();
    let ask = pb::ListPersonsRequest { role: pb::Role::Smw.into(), page_size: 200, ..Default::default() };
    let others = walk.iber.directory().list_persons(ask).await.unwrap().into_inner().persons;
    let comes = others.into_iter().find(|person| person.name != smw.person).unwrap();
    let ask = pb::ReplaceParticipantRequest {
        name: walk.consultation.name.clone(),
        leaves: smw.person.clone(),
        comes: Some(pb::Participant { person: comes.name.clone(), role: smw.role, ..Default::default() }),
        etag: walk.consultation.etag.clone(),
        request_id: load::fresh(),
    };
    walk.consultation = walk.iber.consultation().replace_participant(ask).await.unwrap().into_inner();
    assert!(walk.consultation.participants.iter().any(|participant| participant.person == comes.name));

    let ask = pb::CancelConsultationRequest {
        name: walk.consultation.name.clone(),
        etag: walk.consultation.etag.clone(),
        request_id: load::fresh(),
    };
    let cancelled = walk.iber.consultation().cancel_consultation(ask).await.unwrap().into_inner();
    assert_eq!(cancelled.state, pb::consultation::State::Cancelled as i32);
    let slot = she_asks_for_times(walk).await;
    she_books(walk, &slot).await;
}

/// Meetings that are booked together are told in one mail each.
async fn a_series_is_told_too(walk: &Walk, folder: &std::path::Path) {
    let who = |seat: &&pb::Participant| [pb::Role::Iber, pb::Role::Smw].map(i32::from).contains(&seat.role);
    let asked = pb::FindSlotsRequest {
        school: walk.school.clone(),
        seats: walk
            .consultation
            .participants
            .iter()
            .filter(who)
            .map(|seat| pb::Seat {
                who: Some(pb::seat::Who::Person(seat.person.clone())),
                ..Default::default()
            })
            .collect(),
        duration: Some(prost_types::Duration { seconds: 1800, nanos: 0 }),
        ..Default::default()
    };
    let found = walk.iber.availability().find_slots(asked).await.unwrap().into_inner();
    let first = pb::Consultation {
        kind: pb::consultation::Kind::Consult.into(),
        start_time: found.slots[0].start_time,
        duration: Some(prost_types::Duration { seconds: 1800, nanos: 0 }),
        place: pb::consultation::Place::School.into(),
        school: walk.school.clone(),
        participants: walk.consultation.participants.iter().filter(who).cloned().collect(),
        parent_exception: pb::consultation::ParentException::Anonymous.into(),
        ..Default::default()
    };
    let ask = pb::BookSeriesRequest {
        consultation: Some(first),
        recurrence: "FREQ=WEEKLY;COUNT=3".into(),
        mode: pb::BookingMode::Each.into(),
        request_id: load::fresh(),
        ..Default::default()
    };
    let booked = walk.iber.series().book_series(ask).await.unwrap().into_inner();
    let name = booked.series.unwrap().name;
    let got = walk.iber.series().get_series(pb::GetSeriesRequest { name }).await.unwrap().into_inner();
    let reference = &got.consultations[0].reference;
    for _ in 0..600 {
        let mails = read_independently(folder, NAME).unwrap();
        if mails.iter().filter(|mail| mail["texts"][0].as_str().unwrap().contains(reference)).count() == 2 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("a series was not told:\n{}", walk.program.log());
}

/// Step 6.
async fn the_feed_shows_it(walk: &Walk) {
    let ask = pb::CreateFeedRequest { request_id: load::fresh(), ..Default::default() };
    let url = walk.iber.feed().create_feed(ask).await.unwrap().into_inner().url;
    let (status, headers, body) = get(&url, None);
    assert_eq!(status, 200);
    assert!(body.contains(&walk.consultation.reference) && body.starts_with("BEGIN:VCALENDAR\r\n"), "{body}");
    let shown = body.to_lowercase();
    assert!(region().tokens().iter().all(|token| !shown.contains(&token.to_lowercase())), "{body}");
    let etag = headers.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned();
    assert_eq!(get(&url, Some(&etag)).0, 304);
}

fn get(url: &str, etag: Option<&str>) -> (u16, String, String) {
    use std::io::{Read, Write};
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    let condition = etag.map(|etag| format!("If-None-Match: {etag}\r\n")).unwrap_or_default();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{condition}\r\n").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_owned(), body.to_owned())
}

/// Step 7.
async fn the_outcome_moves_the_case(walk: &mut Walk) {
    let ask = pb::AdvanceClockRequest { by: Some(prost_types::Duration { seconds: 35 * 86_400, nanos: 0 }) };
    walk.iber.clock().advance_clock(ask).await.unwrap();
    let ask = pb::GetConsultationRequest { name: walk.consultation.name.clone() };
    let held = walk.iber.consultation().get_consultation(ask).await.unwrap().into_inner();
    let mut outcome = pb::Outcome {
        attended: held.participants.iter().map(|participant| participant.person.clone()).collect(),
        child_heard: pb::outcome::ChildHeard::ThroughOthers.into(),
        child_heard_note: "Verteld door de ouders.".into(),
        summary: "Terug met een rooster in opbouw.".into(),
        actions: vec![pb::outcome::Action {
            name: String::new(),
            text: "Rooster maken.".into(),
            owner: walk.program.named("iber"),
            due_date: "2027-02-01".into(),
        }],
        ..Default::default()
    };
    let ask = |outcome: &pb::Outcome| pb::RecordOutcomeRequest {
        name: held.name.clone(),
        outcome: Some(outcome.clone()),
        etag: held.etag.clone(),
        request_id: load::fresh(),
    };
    let refused = walk.iber.consultation().record_outcome(ask(&outcome)).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::InvalidArgument, "it cannot be closed without jgt_hulp_gewenst");
    outcome.jgt_hulp_gewenst = pb::outcome::JgtHulpGewenst::Ja.into();
    outcome.jgt_decided_with.clone_from(&walk.parents);
    let recorded = walk.iber.consultation().record_outcome(ask(&outcome)).await.unwrap().into_inner();
    let hulpvraag = recorded.outcome.unwrap().hulpvraag;
    assert!(hulpvraag.starts_with("hulpvragen/"));

    let coordinator = walk.program.as_person("coordinator").await;
    let ask = pb::GetHulpvraagRequest { name: hulpvraag };
    let before = coordinator.hulpvraag().get_hulpvraag(ask.clone()).await.unwrap().into_inner();
    assert!(before.question.is_empty() && before.case.is_empty(), "before accepting: time, school and role");
    let ask = pb::AcceptHulpvraagRequest {
        name: before.name,
        person: walk.program.named("smw"),
        etag: before.etag,
        request_id: load::fresh(),
    };
    let accepted = coordinator.hulpvraag().accept_hulpvraag(ask).await.unwrap().into_inner();
    assert_eq!(accepted.state, pb::hulpvraag::State::Accepted as i32);
    advance(walk, pb::Stage::Consult).await;
}

async fn advance(walk: &mut Walk, stage: pb::Stage) {
    let ask = pb::GetCaseRequest { name: walk.case.name.clone() };
    let case = walk.iber.thuiszitter().get_case(ask).await.unwrap().into_inner();
    let ask = pb::AdvanceCaseRequest {
        name: case.name,
        stage: stage.into(),
        parents_involved: "Aan tafel besproken.".into(),
        next_action_date: "2027-01-25".into(),
        etag: case.etag,
        request_id: load::fresh(),
        ..pb::AdvanceCaseRequest::default()
    };
    walk.case = walk.iber.thuiszitter().advance_case(ask).await.unwrap().into_inner();
}

/// Step 8.
async fn the_case_closes_and_reopens(walk: &mut Walk) {
    let coordinator = walk.program.as_person("thuiszitterscoordinator").await;
    let ask = pb::CloseCaseRequest {
        name: walk.case.name.clone(),
        outcome: pb::CaseOutcome::TerugEigenSchool.into(),
        outcome_date: "2026-12-15".into(),
        note: "Weer hele dagen op school.".into(),
        etag: walk.case.etag.clone(),
        request_id: load::fresh(),
        ..pb::CloseCaseRequest::default()
    };
    let closed = coordinator.thuiszitter().close_case(ask).await.unwrap().into_inner();
    assert_eq!(closed.state, pb::case::State::Closed as i32);
    let ask = pb::ReopenCaseRequest {
        name: closed.name.clone(),
        first_day: "2026-12-21".into(),
        etag: closed.etag,
        request_id: load::fresh(),
        ..pb::ReopenCaseRequest::default()
    };
    let reopened = coordinator.thuiszitter().reopen_case(ask).await.unwrap().into_inner();
    assert_eq!((reopened.name.as_str(), reopened.reopened), (walk.case.name.as_str(), 1));
    let ask = pb::GetTimelineRequest { name: reopened.name, ..Default::default() };
    let timeline = walk.iber.thuiszitter().get_timeline(ask).await.unwrap().into_inner();
    for kind in ["CASE_OPENED", "CONSULTATION_BOOKED", "OUTCOME_RECORDED", "CASE_CLOSED", "CASE_REOPENED"] {
        assert!(timeline.events.iter().any(|event| event.kind == kind), "{kind} in {:?}", timeline.events);
    }
}

/// Every word of every child and parent, sought in all that the program wrote.
#[expect(clippy::print_stdout, reason = "the figure of the drill")]
fn nothing_has_leaked(walk: &Walk, folder: &std::path::Path) {
    let region = region();
    let tokens = region.tokens();
    let mut scanned = 0;
    let mut files: Vec<_> =
        ["schakel.db", "schakel.db-wal"].map(|name| walk.program.folder.join(name)).to_vec();
    files.push(walk.program.folder.with_extension("log"));
    for file in files {
        let Ok(bytes) = std::fs::read(&file) else { continue };
        scanned += bytes.len();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for token in &tokens {
            assert!(!text.contains(&token.to_lowercase()), "{token} in {}", file.display());
        }
    }
    let mails = read_independently(folder, NAME).unwrap();
    for mail in &mails {
        let own =
            format!("{} {}", mail["to"].as_str().unwrap(), mail["to_name"].as_str().unwrap()).to_lowercase();
        let all = mail.to_string().to_lowercase();
        scanned += all.len();
        for token in &tokens {
            let token = token.to_lowercase();
            assert!(own.contains(&token) || !all.contains(&token), "{token} in the mail {}", mail["file"]);
        }
    }
    println!(
        "{} tokens sought in {scanned} bytes of database, log and {} mails: 0 found",
        tokens.len(),
        mails.len()
    );
}
