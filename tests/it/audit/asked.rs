//! The log is asked: by the privacy officer alone, in words for parents, and as files.

use schakel_domain::{
    access::Role,
    ids::{CaseId, PersonId},
};
use schakel_proto::v1::{
    self as pb, access_service_client::AccessServiceClient, audit_service_client::AuditServiceClient,
    directory_service_client::DirectoryServiceClient, thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::{
    access::{Grant, Worker},
    audit::{
        export::{Format, export},
        read::Wanted,
        verify::{Scope, verify},
    },
    entity::audit,
};
use schakel_tests::{As, reason, seed_meetings::Scene, violations};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use tonic::Code;

use super::sealed;
use crate::thuiszitter::absent;

/// A case that was opened and read twice on one day, and the privacy officer.
struct Asked {
    scene: Scene,
    case: pb::Case,
    child: String,
    fg: AuditServiceClient<As>,
}

impl Asked {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let server = &scene.server;
        let mut cases = ThuiszitterServiceClient::new(scene.iber.1.clone());
        let ask = pb::OpenCaseRequest {
            case: Some(absent(scene.school)),
            request_id: server.request_id(),
            ..Default::default()
        };
        let case = cases.open_case(ask).await.unwrap().into_inner();
        for _ in 0..2 {
            cases.get_case(pb::GetCaseRequest { name: case.name.clone() }).await.unwrap();
        }
        let (_, fg) = server.person(Role::Fg, server.founded.organisation).await;
        let child = case.child.clone().unwrap().person;
        Self { fg: AuditServiceClient::new(fg), scene, case, child }
    }

    async fn who_saw(&self, ask: pb::WhoSawRequest) -> Vec<pb::Sight> {
        self.fg.clone().who_saw(ask).await.unwrap().into_inner().sights
    }

    /// Lines about the log itself, as deed and object.
    async fn of_the_log(&self) -> Vec<String> {
        let db = self.scene.server.rows().await;
        let rows = audit::Entity::find()
            .filter(audit::Column::ObjectType.starts_with("audit"))
            .order_by_asc(audit::Column::Id)
            .all(&db)
            .await
            .unwrap();
        db.close().await.unwrap();
        rows.iter().map(|row| format!("{} {}", row.action, row.object_type)).collect()
    }
}

#[tokio::test]
async fn x10_a_parent_is_told_who_saw_what_by_organisation_and_function() {
    let asked = Asked::start().await;
    let of_child = pb::WhoSawRequest { child: asked.child.clone(), ..Default::default() };
    let sights = asked.who_saw(of_child.clone()).await;
    let read = sights.iter().find(|sight| sight.deed == "gelezen").unwrap();
    assert_eq!(
        *read,
        pb::Sight {
            date: "2026-11-23".into(),
            organisation: "SCHOOL 99AA00".into(),
            function: "intern begeleider".into(),
            what: vec![
                "afspraken".into(),
                "namen, geboortedatum en contactgegevens".into(),
                "verzuim".into(),
                "onderwijs en de vraag van de school".into(),
            ],
            deed: "gelezen".into(),
            purpose: "terug naar school".into(),
            emergency: false,
            times: 2,
            names: Vec::new(),
        }
    );
    assert_eq!(sights.iter().map(|sight| sight.deed.as_str()).collect::<Vec<_>>(), ["vastgelegd", "gelezen"]);
    let of_case = pb::WhoSawRequest { case: asked.case.name.clone(), ..Default::default() };
    let again = asked.who_saw(of_case).await;
    assert!(again.contains(read), "the same by the case's name");
    let own = again.iter().find(|sight| sight.function == "functionaris gegevensbescherming").unwrap();
    assert_eq!(own.what, ["wie dit dossier heeft gezien"], "that the log was read stands in it too");

    let before = pb::WhoSawRequest { until_date: "2026-11-22".into(), ..of_child.clone() };
    assert_eq!(asked.who_saw(before).await, []);
    let stranger =
        pb::WhoSawRequest { child: PersonId(uuid::Uuid::from_u128(7)).to_string(), ..Default::default() };
    assert_eq!(asked.who_saw(stranger).await, [], "somebody of whom nothing is known was seen by nobody");
    assert_eq!(asked.of_the_log().await, vec!["R audit"; 4]);
}

#[tokio::test]
async fn x10_names_of_employees_are_told_only_when_released_and_that_is_written_down() {
    let asked = Asked::start().await;
    let ask = pb::WhoSawRequest { child: asked.child.clone(), ..Default::default() };
    assert!(asked.who_saw(ask.clone()).await.iter().all(|sight| sight.names.is_empty()));
    assert_eq!(asked.of_the_log().await, ["R audit"]);
    let released = asked.who_saw(pb::WhoSawRequest { release_names: true, ..ask }).await;
    let read = released.iter().find(|sight| sight.times == 2).unwrap();
    assert_eq!(read.names.len(), 1);
    assert!(read.names[0].starts_with("IBER "), "{:?}", read.names);
    assert_eq!(asked.of_the_log().await, ["R audit", "R audit", "X audit_names"]);
}

#[tokio::test]
async fn x10_only_the_privacy_officer_reads_the_log() {
    let asked = Asked::start().await;
    for client in [asked.scene.iber.1.clone(), asked.scene.smw.1.clone(), asked.scene.server.administrator()]
    {
        let mut log = AuditServiceClient::new(client);
        let refused =
            log.who_saw(pb::WhoSawRequest { child: asked.child.clone(), ..Default::default() }).await;
        assert_eq!(reason(&refused.unwrap_err()), "ACTION_NOT_ALLOWED");
        let refused = log.list_audit_lines(pb::ListAuditLinesRequest::default()).await.unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::PermissionDenied, "ACTION_NOT_ALLOWED")
        );
    }
    let mut fg = asked.fg.clone();
    let neither = fg.who_saw(pb::WhoSawRequest::default()).await.unwrap_err();
    assert_eq!(violations(&neither), ["child: FIELD_REQUIRED"]);
    let both =
        pb::WhoSawRequest { child: asked.child.clone(), case: asked.case.name.clone(), ..Default::default() };
    assert_eq!(violations(&fg.who_saw(both).await.unwrap_err()), ["child: FIELD_INVALID"]);
    let nowhere = CaseId(uuid::Uuid::from_u128(7)).to_string();
    let nowhere = pb::WhoSawRequest { case: nowhere, ..Default::default() };
    assert_eq!(reason(&fg.who_saw(nowhere).await.unwrap_err()), "CASE_NOT_FOUND");
}

#[tokio::test]
async fn x10_the_lines_are_paged_and_narrowed_and_tell_their_place() {
    let asked = Asked::start().await;
    let region = asked.scene.server.founded.region;
    assert!(sealed(&asked.scene.server.app, region).await > 0);
    let ask = pb::ListAuditLinesRequest { subject: asked.child.clone(), page_size: 2, ..Default::default() };
    let mut fg = asked.fg.clone();
    let first = fg.list_audit_lines(ask.clone()).await.unwrap().into_inner();
    let deeds = |page: &pb::ListAuditLinesResponse| {
        page.lines.iter().map(|line| line.deed.clone()).collect::<Vec<_>>()
    };
    assert_eq!(deeds(&first), ["R", "R"]);
    assert!(first.lines.iter().all(|line| line.seq > 0 && line.outcome == "OK" && line.row_count == 1));
    let line = &first.lines[0];
    assert_eq!(line.actor, asked.scene.iber.0.to_string());
    assert_eq!(line.activity, "urn:schakel:verwerking:terugkeer_school");
    assert_eq!((line.origin.as_str(), line.rule_id.as_str()), ("127.0.0.1", "iber.read_case.own_school"));
    assert!(!line.subject_ref.is_empty() && !line.instance.is_empty() && line.trace.is_empty());
    let next = pb::ListAuditLinesRequest { page_token: first.next_page_token, ..ask };
    let second = fg.list_audit_lines(next).await.unwrap().into_inner();
    // Behind it stands that the first page was read; that line is newer than the page.
    assert_eq!(deeds(&second), ["C"]);
    let ask = pb::ListAuditLinesRequest { actor: asked.scene.smw.0.to_string(), ..Default::default() };
    assert_eq!(fg.list_audit_lines(ask).await.unwrap().into_inner().lines, []);
}

#[tokio::test]
async fn x10_what_cannot_be_written_down_is_not_shown() {
    let asked = Asked::start().await;
    let db = asked.scene.server.rows().await;
    let full = if db.get_database_backend() == sea_orm::DbBackend::Postgres {
        "CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'FULL'; END $$;
         CREATE TRIGGER audit_full BEFORE INSERT ON audit FOR EACH STATEMENT EXECUTE FUNCTION full_up();"
    } else {
        "CREATE TRIGGER audit_full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'FULL'); END;"
    };
    db.execute_unprepared(full).await.unwrap();
    let mut cases = ThuiszitterServiceClient::new(asked.scene.iber.1.clone());
    let ask = pb::GetCaseRequest { name: asked.case.name.clone() };
    let refused = cases.get_case(ask.clone()).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::Unavailable, "AUDIT_UNAVAILABLE"));
    assert!(!format!("{refused:?}").contains("FULL"), "nothing of the database's own words");
    // Nor is a caller told why it may not, when that cannot be written down.
    let mut smw = AuditServiceClient::new(asked.scene.smw.1.clone());
    let refused = smw.list_audit_lines(pb::ListAuditLinesRequest::default()).await.unwrap_err();
    assert_eq!(reason(&refused), "AUDIT_UNAVAILABLE");
    // What owes no line goes on.
    AccessServiceClient::new(asked.scene.iber.1.clone()).who_am_i(pb::WhoAmIRequest {}).await.unwrap();
    let off = if db.get_database_backend() == sea_orm::DbBackend::Postgres { " ON audit" } else { "" };
    db.execute_unprepared(&format!("DROP TRIGGER audit_full{off}")).await.unwrap();
    db.close().await.unwrap();
    cases.get_case(ask).await.unwrap();
}

#[tokio::test]
async fn x10_what_is_not_found_is_written_down_alike_whether_it_is_there_or_not() {
    let asked = Asked::start().await;
    let elsewhere = asked.scene.server.school("99ZZ00", "GM9901").await;
    let (stranger, client) = asked.scene.server.person(Role::Iber, elsewhere).await;
    let mut cases = ThuiszitterServiceClient::new(client.clone());
    for name in [asked.case.name.clone(), CaseId(uuid::Uuid::from_u128(7)).to_string()] {
        let refused = cases.get_case(pb::GetCaseRequest { name }).await.unwrap_err();
        assert_eq!(reason(&refused), "CASE_NOT_FOUND");
    }
    let name = PersonId(uuid::Uuid::from_u128(7)).to_string();
    DirectoryServiceClient::new(client).get_person(pb::GetPersonRequest { name }).await.unwrap_err();
    let db = asked.scene.server.rows().await;
    let rows = audit::Entity::find().filter(audit::Column::ActorId.eq(stranger.0)).all(&db).await.unwrap();
    db.close().await.unwrap();
    let outcomes: Vec<_> = rows.iter().map(|row| row.outcome.as_str()).collect();
    let expected = ["NOT_FOUND CASE_NOT_FOUND", "NOT_FOUND CASE_NOT_FOUND", "NOT_FOUND PERSON_NOT_FOUND"];
    assert_eq!(outcomes, expected);
    let plain = |row: &audit::Model| audit::Model {
        id: uuid::Uuid::nil(),
        row_mac: Vec::new(),
        transaction_id: 0,
        ..row.clone()
    };
    assert_eq!(plain(&rows[0]), plain(&rows[1]), "the one that is there and the one that is not");
}

/// The log of the region in this form.
async fn exported(asked: &Asked, format: Format, wanted: &Wanted) -> String {
    let grant = Grant::worker(Worker::Auditor, asked.scene.server.founded.region);
    let mut out = Vec::new();
    export(&asked.scene.server.app, &grant, wanted, format, &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

#[tokio::test]
async fn x10_the_log_leaves_in_the_forms_of_the_standards_and_that_is_written_down() {
    let asked = Asked::start().await;
    let child: PersonId = asked.child.parse().unwrap();
    let wanted = Wanted { subject: Some(child), ..Wanted::default() };
    let iber = asked.scene.iber.0.0.to_string();

    let lines = exported(&asked, Format::Jsonl, &wanted).await;
    let lines: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let deeds: Vec<_> = lines.iter().map(|line| line["deed"].as_str().unwrap()).collect();
    assert_eq!(deeds, ["C", "R", "R", "X"], "the export stands in what is exported");
    assert_eq!(lines[1]["actor"], iber);
    assert_eq!(lines[3]["row_count"], 3);

    let ldv = exported(&asked, Format::Ldv, &Wanted::default()).await;
    assert!(!ldv.contains(&iber), "no user in Logboek Dataverwerkingen");
    assert!(!ldv.contains(&child.0.to_string()), "the data subject is a pseudonym");
    let records: Vec<serde_json::Value> =
        ldv.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records[0]["profile"]["retention"], "P5Y");
    let about = records.iter().skip(1).filter(|record| {
        record["attributes"]["dpl.core.data_subject_id"].as_str() == lines[1]["subject_ref"].as_str()
    });
    let about: Vec<_> = about.collect();
    assert_eq!(about.len(), 4, "one record per data subject");
    for field in ["trace_id", "span_id", "status", "name", "start_time", "end_time", "attributes"] {
        assert!(!about[0][field].is_null(), "{field}");
    }
    assert!(records.iter().skip(1).all(|record| record["retention"].is_null()));

    let nen = exported(&asked, Format::Nen7513, &wanted).await;
    let read: serde_json::Value = serde_json::from_str(nen.lines().nth(1).unwrap()).unwrap();
    assert_eq!(read["UserID"], asked.scene.iber.0.to_string());
    assert_eq!((&read["EventActionCode"], &read["EventOutcomeIndicator"]), (&"R".into(), &"0".into()));
    assert_eq!(read["operation"], about[1]["span_id"], "tied to the record without the user");

    let csv = exported(&asked, Format::Csv, &wanted).await;
    let mut rows = csv.lines();
    assert!(rows.next().unwrap().starts_with("\"region\",\"id\",\"time\",\"deed\""));
    assert!(rows.all(|row| row.split("\",\"").count() == 24));
    assert_eq!(asked.of_the_log().await, vec!["X audit"; 4]);
    sealed(&asked.scene.server.app, asked.scene.server.founded.region).await;
    assert_eq!(verify(&asked.scene.server.app, &Scope::default()).await.unwrap().faults, []);
}
