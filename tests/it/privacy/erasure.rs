//! A child is erased by two persons: afterwards it is as if it never was.

use std::collections::BTreeMap;

use pb::ErasureGround;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    hulpvraag_service_client::HulpvraagServiceClient, thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_tests::{TestServer, reason};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, Value};
use tonic::Status;
use uuid::Uuid;

use super::{Life, Rights, whole};

fn metadata(status: &Status, key: &str) -> String {
    let info = tonic_types::StatusExt::get_details_error_info(status).unwrap();
    info.metadata.get(key).cloned().unwrap_or_default()
}

async fn count(db: &DatabaseConnection, sql: String, value: Option<Value>) -> i64 {
    let backend = db.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, value);
    db.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// How many rows each table has.
async fn sizes(server: &TestServer) -> BTreeMap<String, i64> {
    let db = server.rows().await;
    let tables = whole::columns(&db).await.into_iter().map(|(table, _)| table);
    let mut sizes = BTreeMap::new();
    for table in tables {
        let rows = count(&db, format!("SELECT count(*) FROM {table}"), None).await;
        sizes.insert(table, rows);
    }
    db.close().await.unwrap();
    sizes
}

/// Where in the whole database one of `ids` stands: as bytes, or as text.
pub(super) async fn mentions(server: &TestServer, ids: &[Uuid]) -> Vec<String> {
    let db = server.rows().await;
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let mut found = Vec::new();
    for (table, column) in whole::columns(&db).await {
        for id in ids {
            let (hex, text) = (id.simple().to_string(), id.to_string());
            let searched = if postgres {
                format!("CAST({column} AS text)")
            } else {
                format!(
                    "(CASE typeof({column}) WHEN 'blob' THEN lower(hex({column})) ELSE CAST({column} AS text) END)"
                )
            };
            let sql = format!(
                "SELECT count(*) FROM {table} WHERE {searched} LIKE '%{hex}%' OR {searched} LIKE '%{text}%'"
            );
            if count(&db, sql, None).await > 0 {
                found.push(format!("{table}.{column}"));
            }
        }
    }
    db.close().await.unwrap();
    found.sort();
    found.dedup();
    found
}

pub(super) fn uuid(name: &str) -> Uuid {
    name.rsplit_once('/').unwrap().1.parse().unwrap()
}

#[tokio::test]
async fn x10_an_erasure_tells_beforehand_exactly_what_goes_and_leaves_nothing() {
    let life = Life::start().await;
    let server = &life.scene.server;
    let coming = life.book(life.scene.later(240)).await;
    life.open_up().await;
    life.plan().await;
    Box::pin(life.tracks()).await;
    life.escalate().await;
    life.ask().await;
    life.work().await;
    let proposal = life.propose(&life.school(), ErasureGround::Unlawful).await.unwrap();
    assert_eq!((proposal.state(), proposal.meetings_cancelled), (pb::destruction::State::Proposed, 1));
    assert_eq!(proposal.case, life.case.name);
    let told: BTreeMap<String, i32> =
        proposal.rows.iter().map(|rows| (rows.table.clone(), rows.count)).collect();
    let before = sizes(server).await;
    let done = life.approve(&life.fg, &proposal.name).await.unwrap();
    assert_eq!((done.state(), done.case.as_str()), (pb::destruction::State::Done, ""));
    let after = sizes(server).await;
    // Calling the meeting off frees its people before anything is destroyed, and leaves mails
    // with keys of their own; the approval's own answer is kept.
    let moved = ["outbox", "request", "subject_key", "busy", "busy_span", "case_guest"];
    let gone: BTreeMap<String, i32> = before
        .iter()
        .map(|(table, rows)| (table.clone(), i32::try_from(rows - after[table]).unwrap()))
        .filter(|(table, rows)| *rows > 0 && !moved.contains(&table.as_str()))
        .collect();
    let exact = told
        .iter()
        .filter(|(table, _)| gone.contains_key(*table))
        .map(|(t, n)| (t.clone(), *n))
        .collect::<BTreeMap<_, _>>();
    // The parts that were proposed wait in a table of their own until they are gone.
    let (parts, gone): (Vec<_>, Vec<_>) =
        gone.into_iter().partition(|(table, _)| table == "destruction_part");
    assert_eq!(parts.len(), 1);
    assert_eq!(gone.into_iter().collect::<BTreeMap<_, _>>(), exact);
    for table in [
        "thuiszitter",
        "case_event",
        "plan_action",
        "information_request",
        "case_track",
        "track_step",
        "consultation",
        "hulpvraag",
        "action",
        "person",
        "case_circle",
        "invitation",
        "consent",
        "consent_signature",
        "emergency",
        "case_decision",
        "decision_check",
        "case_view",
    ] {
        assert!(told.contains_key(table), "{table} {told:?}");
    }
    assert_eq!(told["person"], 3);

    let mut ids = vec![life.child().0, uuid(&life.hulpvraag)];
    ids.extend(life.parents().iter().map(|parent| parent.0));
    assert_eq!(mentions(server, &ids).await, ["audit.object_id"], "the log keeps only numbers");
    let of_case = [uuid(&life.case.name), uuid(&life.held.name)];
    assert_eq!(mentions(server, &of_case).await, ["audit.object_id"]);
    let of_coming = mentions(server, &[uuid(&coming.name)]).await;
    assert_eq!(
        of_coming,
        ["audit.object_id", "outbox.dedupe", "outbox.subject_id"],
        "until the mails are sent"
    );
}

#[tokio::test]
async fn x10_after_an_erasure_every_call_answers_as_if_the_child_never_was() {
    let life = Life::start().await;
    life.book(life.scene.later(240)).await;
    let proposal = life.propose(&life.fg, ErasureGround::Order).await.unwrap();
    life.approve(&life.other_fg, &proposal.name).await.unwrap();
    let never = |kind: &str| format!("{kind}/{}", life.id());
    let mut cases = ThuiszitterServiceClient::new(life.scene.iber.1.clone());
    let mut told = Vec::new();
    for name in [life.case.name.clone(), never("cases")] {
        let read = cases.get_case(pb::GetCaseRequest { name: name.clone() }).await.unwrap_err();
        let timeline = cases
            .get_timeline(pb::GetTimelineRequest { name: name.clone(), ..Default::default() })
            .await
            .unwrap_err();
        let rights = life.fg.clone().get_case_rights(pb::GetCaseRightsRequest { name }).await.unwrap_err();
        told.push([read, timeline, rights].map(|status| (reason(&status), status.message().to_owned())));
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0][0].0, "CASE_NOT_FOUND");
    let mut meetings = ConsultationServiceClient::new(life.scene.smw.1.clone());
    let gone = pb::GetConsultationRequest { name: life.held.name.clone() };
    assert_eq!(reason(&meetings.get_consultation(gone).await.unwrap_err()), "CONSULTATION_NOT_FOUND");
    let mut requests = HulpvraagServiceClient::new(life.scene.planner.1.clone());
    let gone = pb::GetHulpvraagRequest { name: life.hulpvraag.clone() };
    assert_eq!(reason(&requests.get_hulpvraag(gone).await.unwrap_err()), "HULPVRAAG_NOT_FOUND");
    assert!(
        requests
            .list_hulpvragen(pb::ListHulpvragenRequest::default())
            .await
            .unwrap()
            .into_inner()
            .hulpvragen
            .is_empty()
    );
    let listed = cases.list_cases(pb::ListCasesRequest::default()).await.unwrap().into_inner();
    assert!(listed.cases.iter().all(|case| case.name != life.case.name));
    let letter = pb::FindSubjectRequest { reference: life.case.reference.clone(), ..Default::default() };
    assert!(life.fg.clone().find_subject(letter).await.unwrap().into_inner().cases.is_empty());
    // What is kept for answers that are asked again is gone too: the old id opens nothing.
    let again = pb::OpenCaseRequest {
        case: Some(crate::thuiszitter::absent(life.scene.school)),
        request_id: life.id(),
        ..Default::default()
    };
    assert_ne!(cases.open_case(again).await.unwrap().into_inner().name, life.case.name);
}

#[tokio::test]
async fn x10_everybody_at_a_coming_table_hears_by_the_usual_mail_that_it_is_off() {
    let life = Life::start().await;
    let coming = life.book(life.scene.later(240)).await;
    let before = life.scene.server.news().await.len();
    let proposal = life.propose(&life.school(), ErasureGround::Unlawful).await.unwrap();
    life.approve(&life.fg, &proposal.name).await.unwrap();
    let mails = life.scene.server.news().await;
    let told: Vec<_> = mails.iter().filter(|mail| mail.calendar().contains("METHOD:CANCEL")).collect();
    let mut to: Vec<_> = told.iter().map(|mail| mail.to()).collect();
    to.sort_unstable();
    assert_eq!(told.len(), 4, "{before} {to:?}");
    assert!(to.contains(&"noor@thuis.example".to_owned()) && to.contains(&"pim@geheim.example".to_owned()));
    assert!(told.iter().all(|mail| mail.subject().contains(&coming.reference) || mail.text().contains(&coming.reference)));
    // The keys under which the last mails to the parents lay go with the next daily round.
    let sizes_before = sizes(&life.scene.server).await["subject_key"];
    let (app, region) = (&life.scene.server.app, life.scene.server.founded.region);
    schakel_server::privacy::worker::work(app, region).await.unwrap();
    assert_eq!(sizes_before - sizes(&life.scene.server).await["subject_key"], 2);
}

#[tokio::test]
async fn x10_who_proposes_an_erasure_may_not_approve_it_and_a_legal_hold_stops_both() {
    let life = Life::start().await;
    let proposal = life.propose(&life.fg, ErasureGround::Unlawful).await.unwrap();
    let alone = life.approve(&life.fg, &proposal.name).await.unwrap_err();
    assert_eq!(reason(&alone), "SECOND_PERSON_REQUIRED");
    let school = life.approve(&life.school(), &proposal.name).await.unwrap_err();
    assert_eq!(reason(&school), "ACTION_NOT_ALLOWED");
    let reason_to_keep = pb::SetLegalHoldRequest {
        case: life.case.name.clone(),
        reason: "Klacht.".into(),
        request_id: life.id(),
    };
    let held = life.fg.clone().set_legal_hold(reason_to_keep).await.unwrap().into_inner();
    assert_eq!(reason(&life.approve(&life.other_fg, &proposal.name).await.unwrap_err()), "LEGAL_HOLD");
    assert_eq!(reason(&life.propose(&life.fg, ErasureGround::Order).await.unwrap_err()), "LEGAL_HOLD");
    let ended = pb::LiftLegalHoldRequest {
        case: life.case.name.clone(),
        name: held.legal_holds[0].name.clone(),
        request_id: life.id(),
    };
    life.fg.clone().lift_legal_hold(ended).await.unwrap();
    // A meeting that nobody looked at is not destroyed along.
    life.book(life.scene.later(240)).await;
    assert_eq!(reason(&life.approve(&life.other_fg, &proposal.name).await.unwrap_err()), "PROPOSAL_OUTDATED");
    assert!(life.rights(&life.fg).await.is_ok(), "nothing went");
    let unknown = life.approve(&life.fg, &format!("destructions/{}", life.id())).await.unwrap_err();
    assert_eq!(reason(&unknown), "DESTRUCTION_NOT_FOUND");

    let again = life.propose(&life.fg, ErasureGround::Unlawful).await.unwrap();
    let request = pb::ApproveErasureRequest { name: again.name.clone(), request_id: life.id() };
    let done = life.other_fg.clone().approve_erasure(request.clone()).await.unwrap().into_inner();
    assert_eq!(
        life.other_fg.clone().approve_erasure(request).await.unwrap().into_inner(),
        done,
        "one id, one effect"
    );
    assert_eq!(reason(&life.approve(&life.other_fg, &again.name).await.unwrap_err()), "ALREADY_ENDED");
    assert_eq!(reason(&life.approve(&life.other_fg, &proposal.name).await.unwrap_err()), "PROPOSAL_OUTDATED");
}

/// AVG 17(3)(b): what a law says must be kept stays, and it is said until when.
#[tokio::test]
async fn x10_a_request_takes_what_no_law_keeps_and_says_what_stays_until_when() {
    let mut life = Life::start().await;
    let open = life.propose(&life.school(), ErasureGround::Request).await.unwrap_err();
    assert_eq!((reason(&open), metadata(&open, "why")), ("NOTHING_TO_DESTROY".into(), "CASE_OPEN".into()));
    life.close().await;
    let proposal = life.propose(&life.school(), ErasureGround::Request).await.unwrap();
    let stays: Vec<_> = proposal
        .stays
        .iter()
        .map(|stays| (stays.class(), stays.until.as_str(), stays.reason.as_str()))
        .collect();
    assert_eq!(stays, [(pb::RetentionClass::Absence, "2031-11-25", "RETENTION_DUTY")]);
    let done = life.approve(&life.fg, &proposal.name).await.unwrap();
    assert!(done.rows.iter().all(|rows| rows.table != "person" && rows.table != "thuiszitter"));
    let gone = pb::GetHulpvraagRequest { name: life.hulpvraag.clone() };
    assert_eq!(reason(&life.scene.requests().get_hulpvraag(gone).await.unwrap_err()), "HULPVRAAG_NOT_FOUND");
    let mut iber = ThuiszitterServiceClient::new(life.scene.iber.1.clone());
    let timeline = iber
        .get_timeline(pb::GetTimelineRequest { name: life.case.name.clone(), ..Default::default() })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(timeline.events.last().unwrap().kind, "PARTS_DESTROYED");
    let again = life.propose(&life.school(), ErasureGround::Request).await.unwrap_err();
    assert_eq!(
        (reason(&again), metadata(&again, "until")),
        ("NOTHING_TO_DESTROY".into(), "2031-11-25".into())
    );
}

#[tokio::test]
async fn x10_the_database_lets_a_timeline_go_only_while_an_approved_destruction_runs() {
    let life = Life::start().await;
    life.propose(&life.fg, ErasureGround::Unlawful).await.unwrap();
    let db = life.scene.server.rows().await;
    for forgery in ["DELETE FROM case_event", "UPDATE destruction SET approved_by = proposed_by"] {
        assert!(db.execute_unprepared(forgery).await.is_err(), "{forgery}");
    }
    db.close().await.unwrap();
}

#[tokio::test]
async fn x10_a_foreign_case_is_neither_erased_nor_restricted_nor_known() {
    let life = Life::start().await;
    let other = life.scene.server.school("99BB00", "GM9901").await;
    let other = Rights::new(life.scene.server.person(Role::Iber, other).await.1);
    let before = kept(&life).await;
    assert_eq!(reason(&life.propose(&other, ErasureGround::Unlawful).await.unwrap_err()), "CASE_NOT_FOUND");
    let asked = pb::RestrictCaseRequest {
        name: life.case.name.clone(),
        ground: pb::RestrictionGround::Objection.into(),
        request_id: life.id(),
        ..Default::default()
    };
    assert_eq!(reason(&other.clone().restrict_case(asked).await.unwrap_err()), "CASE_NOT_FOUND");
    assert_eq!(reason(&life.rights(&other).await.unwrap_err()), "CASE_NOT_FOUND");
    assert_eq!(kept(&life).await, before);
}

/// How many rows each table has but the log, where refusals stand.
async fn kept(life: &Life) -> BTreeMap<String, i64> {
    let mut sizes = sizes(&life.scene.server).await;
    sizes.retain(|table, _| !table.starts_with("audit"));
    sizes
}
