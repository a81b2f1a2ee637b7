//! Every call writes exactly the lines that it owes: made once each, and once each in vain.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, access_service_client::AccessServiceClient, audit_service_client::AuditServiceClient,
    availability_service_client::AvailabilityServiceClient,
    consultation_service_client::ConsultationServiceClient, fact_service_client::FactServiceClient,
    feed_service_client::FeedServiceClient, inbox_service_client::InboxServiceClient,
    message_service_client::MessageServiceClient, monitor_service_client::MonitorServiceClient,
    report_service_client::ReportServiceClient, thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::entity::audit;
use schakel_tests::{
    TestServer,
    seed_meetings::{Scene, seat, stamp},
};
use sea_orm::{EntityTrait, QueryOrder};

use crate::thuiszitter::absent;

macro_rules! call {
    ($story:ident: $client:ident.$call:ident($request:expr) => $method:literal) => {{
        let request = $request;
        let done = $client.$call(request).await.unwrap().into_inner();
        $story.after($method).await;
        done
    }};
}

mod ladder;
mod owed;
mod parts;
mod plan;
mod polls;
mod register;
mod requests;
mod rights;
mod series;
mod sessions;
mod signals;
mod staffing;
mod surveys;
mod tracks;

use owed::{ELSEWHERE, FREE, OWED};

/// Every method that the protos name: its service and its name.
fn methods() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("proto/schakel/v1");
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let mut service = String::new();
        for line in text.lines().map(str::trim) {
            let word = |rest: &str| rest.split([' ', '(']).next().unwrap().to_owned();
            if let Some(rest) = line.strip_prefix("service ") {
                service = word(rest);
            } else if let Some(rest) = line.strip_prefix("rpc ") {
                found.push((service.clone(), word(rest)));
            }
        }
    }
    assert!(found.len() > 80, "{found:?}");
    found
}

/// A line in few words.
fn told(row: &audit::Model) -> String {
    let mut words = vec![row.action.clone(), row.object_type.clone(), row.field_classes.clone()];
    words.extend((row.row_count != 1).then(|| format!("×{}", row.row_count)));
    words.extend((row.outcome != "OK").then(|| row.outcome.clone()));
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// All lines that stand in the log, oldest first.
async fn rows(server: &TestServer) -> Vec<audit::Model> {
    let db = server.rows().await;
    let rows = audit::Entity::find().order_by_asc(audit::Column::Id).all(&db).await.unwrap();
    db.close().await.unwrap();
    rows
}

/// The calls that were made, each with what it wrote down.
struct Story {
    scene: Scene,
    made: BTreeMap<String, Vec<String>>,
    seen: usize,
}

impl Story {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let seen = rows(&scene.server).await.len();
        Self { scene, made: BTreeMap::new(), seen }
    }

    /// Passes over what was made ready.
    async fn skip(&mut self) {
        self.seen = rows(&self.scene.server).await.len();
    }

    /// Keeps what the call of `method` that was just made wrote down.
    async fn after(&mut self, method: &str) {
        let rows = rows(&self.scene.server).await;
        let new = &rows[self.seen..];
        assert!(new.iter().all(|row| row.method.ends_with(&format!("/{method}"))), "{method}: {new:?}");
        let mut lines: Vec<_> = new.iter().map(told).collect();
        lines.sort_by_key(|line| (line.starts_with('R'), line.clone()));
        self.seen = rows.len();
        self.made.insert(method.to_owned(), lines);
    }
}

async fn cases(story: &mut Story) -> pb::Case {
    let server = &story.scene.server;
    let mut iber = ThuiszitterServiceClient::new(story.scene.iber.1.clone());
    let (_, keeper) = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
    let on_ladder = keeper.clone();
    let mut keeper = ThuiszitterServiceClient::new(keeper);
    let id = |story: &Story| story.scene.server.request_id();
    let (case, request_id) = (Some(absent(story.scene.school)), id(story));
    let opening = pb::OpenCaseRequest { case, request_id, ..Default::default() };
    let case = call!(story: iber.open_case(opening) => "OpenCase");
    let name = case.name.clone();
    call!(story: iber.get_case(pb::GetCaseRequest { name: name.clone() }) => "GetCase");
    call!(story: iber.list_cases(pb::ListCasesRequest::default()) => "ListCases");
    let mut monitor = MonitorServiceClient::new(story.scene.iber.1.clone());
    call!(story: monitor.list_breaches(pb::ListBreachesRequest { page_size: 1, ..Default::default() }) => "ListBreaches");
    call!(story: iber.get_timeline(pb::GetTimelineRequest { name: name.clone(), ..Default::default() }) => "GetTimeline");
    let change = pb::UpdateCaseRequest {
        case: Some(pb::Case { question: "Hoe dan wel?".into(), ..case }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["question".into()] }),
        request_id: id(story),
        ..Default::default()
    };
    let case = call!(story: iber.update_case(change) => "UpdateCase");
    let case = facts(story, &case).await;
    plan::plan(story, &case).await;
    tracks::tracks(story, &case).await;
    tracks::requests(story, &case).await;
    tracks::household(story, &case).await;
    let case = ladder::ladder(story, &on_ladder, &case).await;
    let step = pb::AdvanceCaseRequest {
        name: name.clone(),
        stage: pb::Stage::Consult.into(),
        parents_involved: "Besproken.".into(),
        next_action_date: "2026-11-30".into(),
        etag: case.etag,
        request_id: id(story),
        ..pb::AdvanceCaseRequest::default()
    };
    let case = call!(story: iber.advance_case(step) => "AdvanceCase");
    let ending = pb::CloseCaseRequest {
        name: name.clone(),
        outcome: pb::CaseOutcome::TerugEigenSchool.into(),
        outcome_date: "2026-11-23".into(),
        note: "Weer op school.".into(),
        etag: case.etag,
        request_id: id(story),
        ..pb::CloseCaseRequest::default()
    };
    let case = call!(story: keeper.close_case(ending) => "CloseCase");
    let again = pb::ReopenCaseRequest {
        name,
        first_day: "2026-11-23".into(),
        etag: case.etag,
        request_id: id(story),
        ..pb::ReopenCaseRequest::default()
    };
    let case = call!(story: keeper.reopen_case(again) => "ReopenCase");
    figures(story).await;
    case
}

async fn figures(story: &mut Story) {
    let mut iber = MonitorServiceClient::new(story.scene.iber.1.clone());
    call!(story: iber.get_monitor(pb::GetMonitorRequest::default()) => "GetMonitor");
    let asked = pb::GetSurvivalRequest { end: pb::WaitingEnd::Offer.into(), ..Default::default() };
    call!(story: iber.get_survival(asked) => "GetSurvival");
    let asked =
        pb::ListMonitorCasesRequest { measure: "STAGE_SIGNAAL".into(), page_size: 1, ..Default::default() };
    call!(story: iber.list_monitor_cases(asked) => "ListMonitorCases");
    let asked = pb::ExportMonitorRequest { format: pb::MonitorFormat::Csv.into(), ..Default::default() };
    call!(story: iber.export_monitor(asked) => "ExportMonitor");
    let mut iber = ReportServiceClient::new(story.scene.iber.1.clone());
    let kind = pb::ReportKind::Jaarverslag.into();
    call!(story: iber.get_report(pb::GetReportRequest { kind, ..Default::default() }) => "GetReport");
    let figure = "CASES".to_owned();
    let asked = pb::ListReportCasesRequest { kind, figure, page_size: 1, ..Default::default() };
    call!(story: iber.list_report_cases(asked) => "ListReportCases");
    let kind = pb::ReportKind::Thuiszitters.into();
    let format = pb::MonitorFormat::Csv.into();
    let asked = pb::ExportReportRequest { kind, format, ..Default::default() };
    call!(story: iber.export_report(asked) => "ExportReport");
    let mut keeper = ReportServiceClient::new(story.scene.server.administrator());
    let hours = pb::GrantedHours {
        school_year: "2026-2027".into(),
        wijk_code: "WK990101".into(),
        source: pb::HoursSource::Education.into(),
        hours: 40,
        etag: "0".into(),
    };
    let request_id = story.scene.server.request_id();
    let setting = pb::SetGrantedHoursRequest { granted_hours: Some(hours), request_id };
    call!(story: keeper.set_granted_hours(setting) => "SetGrantedHours");
    let spending = pb::SupportSpending {
        school_year: "2026-2027".into(),
        wijk_code: "WK990101".into(),
        way: pb::SupportWay::Bought.into(),
        euros: 40_000,
        children: 12,
        etag: "0".into(),
    };
    let request_id = story.scene.server.request_id();
    let setting = pb::SetSupportSpendingRequest { support_spending: Some(spending), request_id };
    call!(story: keeper.set_support_spending(setting) => "SetSupportSpending");
    let obliged = pb::Obliged {
        school_year: "2026-2027".into(),
        gemeente_code: "GM9901".into(),
        leerplichtig: Some(4_310),
        kwalificatieplichtig: Some(520),
        etag: "0".into(),
    };
    let request_id = story.scene.server.request_id();
    let setting = pb::SetObligedRequest { obliged: Some(obliged), request_id };
    call!(story: keeper.set_obliged(setting) => "SetObliged");
    call!(story: keeper.get_obliged(pb::GetObligedRequest::default()) => "GetObliged");
    call!(story: iber.get_supply(pb::GetSupplyRequest::default()) => "GetSupply");
    let asked = pb::ExportSupplyRequest { format, ..Default::default() };
    call!(story: iber.export_supply(asked) => "ExportSupply");
    surveys::surveys(story).await;
}

async fn facts(story: &mut Story, case: &pb::Case) -> pb::Case {
    let id = |story: &Story| story.scene.server.request_id();
    let mut facts = FactServiceClient::new(story.scene.iber.1.clone());
    let dated = pb::fact::Dated { moment: pb::Moment::OfferMade.into(), date: "2026-11-20".into() };
    let offer = pb::Fact { said: Some(pb::fact::Said::Happened(dated)), ..Default::default() };
    let told = pb::RecordFactsRequest {
        case: case.name.clone(),
        facts: vec![offer],
        request_id: id(story),
        ..Default::default()
    };
    let told = call!(story: facts.record_facts(told) => "RecordFacts");
    let name = told.facts[0].name.clone();
    let wrong = pb::CorrectFactRequest { name, fact: None, request_id: id(story), ..Default::default() };
    let etag = call!(story: facts.correct_fact(wrong) => "CorrectFact").etag;
    let asked = pb::ListFactsRequest { case: case.name.clone(), ..Default::default() };
    call!(story: facts.list_facts(asked) => "ListFacts");
    let asked = pb::GetStandingRequest { case: case.name.clone(), ..Default::default() };
    call!(story: facts.get_standing(asked) => "GetStanding");
    pb::Case { etag, ..case.clone() }
}

async fn meetings(story: &mut Story) {
    let mut iber = story.scene.meetings();
    let mut smw = ConsultationServiceClient::new(story.scene.smw.1.clone());
    let id = |story: &Story| story.scene.server.request_id();
    let booking = story.scene.booking(story.scene.mdo(story.scene.later(48)));
    let booked = call!(story: iber.book_consultation(booking) => "BookConsultation");
    let name = booked.name.clone();
    call!(story: iber.get_consultation(pb::GetConsultationRequest { name: name.clone() }) => "GetConsultation");
    call!(story: iber.list_consultations(pb::ListConsultationsRequest::default()) => "ListConsultations");
    let start = story.scene.later(72);
    let moving = pb::MoveConsultationRequest {
        name: name.clone(),
        start_time: Some(stamp(start)),
        etag: booked.etag,
        request_id: id(story),
        ..Default::default()
    };
    let moved = call!(story: iber.move_consultation(moving) => "MoveConsultation");
    let answer = pb::AnswerConsultationRequest {
        name: name.clone(),
        answer: pb::participant::Answer::Accepted.into(),
        request_id: id(story),
        ..Default::default()
    };
    let moved = call!(story: smw.answer_consultation(answer) => "AnswerConsultation").etag.max(moved.etag);
    let (other, _) = story.scene.server.person(Role::Smw, story.scene.team).await;
    let replacing = pb::ReplaceParticipantRequest {
        name: name.clone(),
        leaves: story.scene.smw.0.to_string(),
        comes: Some(seat(other, pb::Role::Smw)),
        etag: moved,
        request_id: id(story),
    };
    let replaced = call!(story: iber.replace_participant(replacing) => "ReplaceParticipant");
    let mut messages = MessageServiceClient::new(story.scene.iber.1.clone());
    let list = pb::ListMessagesRequest { consultation: name.clone(), ..Default::default() };
    call!(story: messages.list_messages(list) => "ListMessages");
    let again = pb::ResendInvitationRequest {
        consultation: name.clone(),
        person: other.to_string(),
        request_id: id(story),
    };
    call!(story: messages.resend_invitation(again) => "ResendInvitation");
    let aside = story.scene.server.put_aside(name.parse().unwrap(), story.scene.family.parents[0]).await;
    let mut inbox = InboxServiceClient::new(story.scene.iber.1.clone());
    let list = pb::ListInboundMailsRequest { consultation: name.clone(), ..Default::default() };
    call!(story: inbox.list_inbound_mails(list) => "ListInboundMails");
    let dismiss = pb::DismissInboundMailRequest { name: aside.to_string(), request_id: id(story) };
    call!(story: inbox.dismiss_inbound_mail(dismiss) => "DismissInboundMail");
    let (third, _) = story.scene.server.person(Role::Smw, story.scene.team).await;
    let adding = pb::AddParticipantRequest {
        name: name.clone(),
        comes: Some(seat(third, pb::Role::Smw)),
        etag: replaced.etag,
        request_id: id(story),
    };
    let etag = call!(story: iber.add_participant(adding) => "AddParticipant").etag;
    let leaves = third.to_string();
    let removing = pb::RemoveParticipantRequest { name: name.clone(), leaves, etag, request_id: id(story) };
    let etag = call!(story: iber.remove_participant(removing) => "RemoveParticipant").etag;
    let cancel = pb::CancelConsultationRequest { name: name.clone(), etag, request_id: id(story) };
    let etag = call!(story: iber.cancel_consultation(cancel) => "CancelConsultation").etag;
    let again = pb::ReinstateConsultationRequest { name, etag, request_id: id(story), ..Default::default() };
    call!(story: iber.reinstate_consultation(again) => "ReinstateConsultation");
}

async fn own(story: &mut Story) {
    let id = |story: &Story| story.scene.server.request_id();
    let mut access = AccessServiceClient::new(story.scene.iber.1.clone());
    let token =
        pb::CreateTokenRequest { display_name: "laptop".into(), valid_days: 1, request_id: id(story) };
    let name = call!(story: access.create_token(token) => "CreateToken").token.unwrap().name;
    call!(story: access.revoke_token(pb::RevokeTokenRequest { name, request_id: id(story) }) => "RevokeToken");
    call!(story: access.who_am_i(pb::WhoAmIRequest {}) => "WhoAmI");
    call!(story: access.list_tokens(pb::ListTokensRequest::default()) => "ListTokens");
    sessions::sessions(story).await;
    let mut feeds = FeedServiceClient::new(story.scene.iber.1.clone());
    let feed = call!(story: feeds.create_feed(pb::CreateFeedRequest { request_id: id(story), ..Default::default() }) => "CreateFeed");
    let name = feed.feed.unwrap().name;
    call!(story: feeds.list_feeds(pb::ListFeedsRequest::default()) => "ListFeeds");
    let again = pb::RotateFeedRequest { name: name.clone(), request_id: id(story) };
    call!(story: feeds.rotate_feed(again) => "RotateFeed");
    call!(story: feeds.revoke_feed(pb::RevokeFeedRequest { name, request_id: id(story) }) => "RevokeFeed");
    let mut slots = AvailabilityServiceClient::new(story.scene.iber.1.clone());
    let absence = pb::Absence {
        person: story.scene.iber.0.to_string(),
        kind: pb::absence::Kind::Leave.into(),
        valid_from: "2026-12-21".into(),
        ..Default::default()
    };
    let ask = pb::CreateAbsenceRequest { absence: Some(absence), request_id: id(story) };
    call!(story: slots.create_absence(ask) => "CreateAbsence");
    call!(story: slots.list_absences(pb::ListAbsencesRequest::default()) => "ListAbsences");
    let ask = pb::FindSlotsRequest {
        case: story.scene.family.case.to_string(),
        seats: vec![crate::region::person(&story.scene.iber.0.to_string())],
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        ..Default::default()
    };
    call!(story: slots.find_slots(ask.clone()) => "FindSlots");
    let seats = vec![crate::region::role(pb::Role::Smw)];
    let search = pb::FindSlotsRequest { seats, school: story.scene.school.to_string(), ..ask };
    let ask = pb::CompareTeamsRequest { search: Some(search), ..Default::default() };
    call!(story: slots.compare_teams(ask) => "CompareTeams");
    let mut directory = story.scene.server.directory();
    let person = pb::Person { code: "X1".into(), display_name: "Mo Test".into(), ..Default::default() };
    let ask = pb::CreatePersonRequest { person: Some(person), request_id: id(story) };
    let person = call!(story: directory.create_person(ask) => "CreatePerson").name;
    let affiliation = pb::Affiliation {
        person: person.clone(),
        organisation: format!("organisations/{}", story.scene.team.0),
        role: pb::Role::Smw.into(),
        ..Default::default()
    };
    let ask = pb::CreateAffiliationRequest { affiliation: Some(affiliation), request_id: id(story) };
    call!(story: directory.create_affiliation(ask) => "CreateAffiliation");
    call!(story: directory.get_person(pb::GetPersonRequest { name: person }) => "GetPerson");
}

/// What a method of the register or of people's own hours owes by its name.
fn by_name(method: &str) -> usize {
    usize::from(!["Get", "List", "Route"].iter().any(|verb| method.starts_with(verb)))
}

#[tokio::test]
async fn x10_every_call_about_a_child_writes_exactly_the_lines_that_it_owes() {
    let mut story = Story::start().await;
    let story = &mut story;
    meetings(story).await;
    requests::requests(story).await;
    series::series(story).await;
    own(story).await;
    rights::agenda(story).await;
    staffing::staffing(story).await;
    polls::polls(story).await;
    signals::signals(story).await;
    signals::indicators(story).await;
    let case = cases(story).await;
    parts::outcome(story).await;
    parts::parts(story).await;
    parts::kinds(story).await;
    let server = &story.scene.server;
    let (_, fg) = server.person(Role::Fg, server.founded.organisation).await;
    let mut log = AuditServiceClient::new(fg);
    let ask = pb::WhoSawRequest { case: case.name.clone(), ..Default::default() };
    call!(story: log.who_saw(ask) => "WhoSaw");
    let ask = pb::ListAuditLinesRequest { page_size: 5, ..Default::default() };
    call!(story: log.list_audit_lines(ask) => "ListAuditLines");
    register::handovers(story).await;
    rights::consents(story, &case).await;
    rights::emergency(story, &case).await;
    rights::credentials(story).await;
    rights::rights(story, &case).await;

    let owed: BTreeMap<String, Vec<String>> = [OWED, polls::OWED]
        .concat()
        .lines()
        .filter_map(|line| line.trim().split_once(": "))
        .map(|(method, lines)| (method.to_owned(), lines.split(" | ").map(str::to_owned).collect()))
        .collect();
    for (method, lines) in &story.made {
        match owed.get(method) {
            Some(owed) => assert_eq!(lines, owed, "{method}"),
            None => assert_eq!(
                lines.len(),
                by_name(method) * usize::from(!FREE.contains(&method.as_str())),
                "{method}"
            ),
        }
    }
    for (service, method) in methods() {
        let of_register = ["AgendaService", "AvailabilityService", "DirectoryService", "OutsideService"]
            .contains(&service.as_str());
        let told = owed.contains_key(&method) || [FREE, ELSEWHERE].concat().contains(&method.as_str());
        assert!(of_register || told, "{service}/{method}: say what it owes");
        assert!(!owed.contains_key(&method) || story.made.contains_key(&method), "{method} is not made here");
    }
}

#[tokio::test]
async fn x10_every_call_that_is_refused_writes_that_down_and_not_whom_it_was_about() {
    let server = TestServer::start().await;
    let (_, officer) = server.person(Role::Beleidsmedewerker, server.founded.organisation).await;
    let token = AccessServiceClient::new(officer)
        .create_token(pb::CreateTokenRequest {
            display_name: "test".into(),
            valid_days: 1,
            request_id: server.request_id(),
        })
        .await
        .unwrap()
        .into_inner();
    let http = server.http().await;
    let bearer = format!("Bearer {}", token.secret);
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let headers = [
        ("content-type", "application/grpc-web+proto"),
        ("authorization", bearer.as_str()),
        ("traceparent", trace),
    ];
    let (mut denied, mut seen) = (BTreeSet::new(), rows(&server).await.len());
    for (service, method) in methods() {
        if method.starts_with("Watch") {
            // A stream that stays open; its calls are those of a list.
            continue;
        }
        let path = format!("/schakel.v1.{service}/{method}");
        let answer = http.send_bytes("POST", &path, &headers, &[0, 0, 0, 0, 0]).await;
        let text = String::from_utf8_lossy(&answer.bytes);
        let is_refused = answer.header("grpc-status") == "7" || text.contains("grpc-status:7");
        let rows = rows(&server).await;
        let new: Vec<_> = rows[seen..].iter().filter(|row| row.object_type == "call").collect();
        seen = rows.len();
        assert_eq!(new.len(), usize::from(is_refused), "{method}");
        for row in new {
            assert_eq!(row.method, path);
            assert!(row.outcome.starts_with("PERMISSION_DENIED "), "{}", row.outcome);
            assert_eq!((row.subject_ref.as_ref(), row.object_id, row.row_count), (None, None, 0));
            assert_eq!((row.action.as_str(), row.role.as_str()), ("E", "BELEIDSMEDEWERKER"));
            assert_eq!((row.trace.as_str(), row.origin.as_str()), (trace, "127.0.0.1"));
            denied.insert(method.clone());
        }
    }
    println!("{} methods refuse a policy officer, each with its line", denied.len());
    for method in ["GetCase", "BookConsultation", "CreateSchool", "WhoSaw", "ListAuditLines", "FindSlots"] {
        assert!(denied.contains(method), "{method}");
    }
}
