//! The norms of a region: shown, tried on the open cases, taken into use from a day on.

use chrono::TimeDelta;
use schakel_domain::{access::Role, thuiszitter::Profile};
use schakel_proto::v1::{self as pb, policy_service_client::PolicyServiceClient};
use schakel_server::thuiszitter::facts::recompute::work;
use schakel_tests::{As, reason, violations};
use serde_json::{Value, json};
use tonic::Status;

use super::{Region, absent, named, since};

/// The support team after eight school days, in place of ten.
const SOONER: &str = r#"{"version": "2026-2", "norms": [{
    "id": "R10", "name_nl": "Ondersteuningsteam na acht schooldagen", "name_en": "Support team after eight school days",
    "basis": {"source": "Regionale werkafspraak", "text_of": "2026"}, "kind": "REGIONAL",
    "starts_at": "FIRST_ABSENCE_DAY", "term": {"length": 8, "clock": "TEACHING_DAYS"},
    "ends_when": ["OT_HELD", "RONDETAFEL_HELD", "RETURNED"], "roles": ["IBER", "ZORGCOORDINATOR"],
    "until_stage": "LEERPLICHTONDERZOEK"
}]}"#;

async fn in_use(client: &As, asked: pb::GetPolicyProfileRequest) -> pb::PolicyProfile {
    PolicyServiceClient::new(client.clone()).get_policy_profile(asked).await.unwrap().into_inner()
}

async fn set(
    client: &As,
    request: pb::SetPolicyProfileRequest,
) -> Result<pb::SetPolicyProfileResponse, Status> {
    let answer = PolicyServiceClient::new(client.clone()).set_policy_profile(request).await;
    answer.map(tonic::Response::into_inner)
}

/// The wish to use `json` from a day on.
fn wish(region: &Region, json: &str, valid_from: &str) -> pb::SetPolicyProfileRequest {
    pb::SetPolicyProfileRequest {
        json: json.into(),
        valid_from: valid_from.into(),
        etag: "1".into(),
        request_id: region.server.request_id(),
        ..Default::default()
    }
}

/// The day of R10, and what the timeline tells of deadlines that moved.
async fn team(region: &Region, case: &pb::Case) -> (String, Vec<String>) {
    let timeline = region.timeline(case).await;
    let due = timeline.deadlines.iter().find(|deadline| deadline.norm == "R10").unwrap().due_date.clone();
    let told = timeline.events.into_iter().filter(|event| event.kind == "DEADLINES_MOVED");
    (due, told.map(|event| event.text).collect())
}

/// Ten school days after 23 November is 7 December, eight 3 December.
#[tokio::test]
async fn e03_norms_of_a_region_are_tried_and_move_deadlines_from_their_first_day() {
    let region = Region::start().await;
    let (server, keeper) = (&region.server, &region.on_ladder);
    let recent = since("2026-11-23", absent(region.school));
    let case = region.open(recent.clone()).await;
    region.open(named("Bram Tuinman", recent)).await;
    let round = async || work(&server.app, server.founded.region).await.unwrap();
    round().await;
    let now = in_use(keeper, pb::GetPolicyProfileRequest::default()).await;
    assert_eq!(
        (now.version.as_str(), now.valid_from.as_str(), now.etag.as_str()),
        ("2026-1", "2026-08-01", "1")
    );

    let trying = pb::SetPolicyProfileRequest { validate_only: true, ..wish(&region, SOONER, "2026-11-30") };
    let tried = set(keeper, trying).await.unwrap();
    assert_eq!((tried.case_count, tried.moved_case_count), (2, 2));
    let norms: Vec<_> = tried.moved_norms.iter().map(|one| (one.norm.as_str(), one.case_count)).collect();
    assert_eq!(norms, [("R10", 2)]);
    assert_eq!(in_use(keeper, pb::GetPolicyProfileRequest::default()).await, now, "a trial changes nothing");

    let loading = wish(&region, SOONER, "2026-11-30");
    let loaded = set(keeper, loading.clone()).await.unwrap();
    assert_eq!(set(keeper, loading).await.unwrap(), loaded, "sent twice, it happens once");
    let next = loaded.profile.unwrap();
    let versions: Vec<_> =
        next.versions.iter().map(|one| (one.version.as_str(), one.valid_from.as_str())).collect();
    assert_eq!(versions, [("2026-1", "2026-08-01"), ("2026-2", "2026-11-30")]);
    let stale = set(keeper, wish(&region, SOONER, "2026-12-07")).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");

    // The last day of the old norms, and the first of the new ones.
    server.clock.advance(TimeDelta::days(6));
    round().await;
    assert_eq!(team(&region, &case).await, ("2026-12-07".to_owned(), Vec::new()));
    assert_eq!(in_use(keeper, pb::GetPolicyProfileRequest::default()).await.version, "2026-1");
    server.clock.advance(TimeDelta::days(1));
    assert_eq!(round().await, 2);
    let (due, told) = team(&region, &case).await;
    let sentence = "Ondersteuningsteam na acht schooldagen gaat van 7 december 2026 naar 3 december 2026, want de afspraken zijn veranderd.";
    assert!(due == "2026-12-03" && told.len() == 1 && told[0].contains(sentence), "{due} {told:?}");
    assert_eq!(in_use(keeper, pb::GetPolicyProfileRequest::default()).await.version, "2026-2");
    let before = pb::GetPolicyProfileRequest { date: "2026-11-29".into(), draft: false };
    assert_eq!(in_use(keeper, before).await.version, "2026-1");
}

#[tokio::test]
async fn e03_norms_that_are_wrong_change_nothing_and_say_all_that_is_wrong() {
    let region = Region::start().await;
    let keeper = &region.on_ladder;
    let now = in_use(keeper, pb::GetPolicyProfileRequest::default()).await;
    let wrong = r#"{"version": " ", "colour": "blue", "due_soon_days": "x", "norms": [{"id": "T01"}]}"#;
    for validate_only in [true, false] {
        let asked = pb::SetPolicyProfileRequest { validate_only, ..wish(&region, wrong, "2026-11-22") };
        let told = violations(&set(keeper, asked).await.unwrap_err());
        for expected in [
            "valid_from: TIME_OUT_OF_BOUNDS",
            "json.due_soon_days: FIELD_INVALID",
            "json.norms[0].term: FIELD_REQUIRED",
            "json.norms[0].name_nl: FIELD_REQUIRED",
            "json.colour: FIELD_INVALID",
        ] {
            assert!(told.iter().any(|one| one == expected), "{expected}: {told:?}");
        }
    }
    let refused =
        async |json: &str, from: &str| violations(&set(keeper, wish(&region, json, from)).await.unwrap_err());
    assert_eq!(refused("", "2026-11-23").await, ["json: FIELD_REQUIRED"]);
    assert_eq!(refused("no", "2026-11-23").await, ["json: FIELD_INVALID"]);
    let long = format!("{}{SOONER}", " ".repeat(128 << 10));
    assert_eq!(refused(&long, "2026-11-23").await, ["json: TEXT_TOO_LONG"]);
    let unknown = format!("{{\"version\": \"2\", \"{}\": 1}}", "a".repeat(9000));
    assert_eq!(refused(&unknown, "2026-11-23").await, [format!("json.{}: FIELD_INVALID", "a".repeat(100))]);
    // A version is used once.
    assert_eq!(refused("{}", "2026-11-23").await, ["json.version: FIELD_INVALID"]);
    let ends = r#"{"version": "2", "valid_until": "2027-08-01"}"#;
    assert_eq!(refused(ends, "2026-11-23").await, ["json.valid_until: FIELD_INVALID"]);
    assert_eq!(in_use(keeper, pb::GetPolicyProfileRequest::default()).await, now);

    let school = region.server.person(Role::Iber, region.school).await.1;
    let not_theirs = set(&school, wish(&region, SOONER, "2026-11-23")).await.unwrap_err();
    assert_eq!(reason(&not_theirs), "ACTION_NOT_ALLOWED");
    assert_eq!(in_use(&school, pb::GetPolicyProfileRequest::default()).await, now, "everybody reads them");
}

#[tokio::test]
async fn e03_the_draft_for_the_new_law_is_tried_and_taken_into_use_from_its_day() {
    let region = Region::start().await;
    let keeper = &region.on_ladder;
    region.open(absent(region.school)).await;
    let draft = in_use(keeper, pb::GetPolicyProfileRequest { draft: true, ..Default::default() }).await;
    assert!(draft.draft && draft.valid_from.is_empty() && draft.json.contains("W01"));
    let trying =
        pb::SetPolicyProfileRequest { validate_only: true, ..wish(&region, &draft.json, "2027-08-01") };
    assert_eq!(set(keeper, trying).await.unwrap().case_count, 1);
    let taken = set(keeper, wish(&region, &draft.json, "2027-08-01")).await.unwrap().profile.unwrap();
    assert_eq!((taken.draft, taken.version.as_str()), (false, draft.version.as_str()));
    let on = async |date: &str| {
        let asked = pb::GetPolicyProfileRequest { date: date.into(), draft: false };
        in_use(keeper, asked).await.json.contains("W01")
    };
    assert!(!on("2027-07-31").await && on("2027-08-01").await);
}

/// As a region that was founded with an older version: without T10A.
#[tokio::test]
async fn norms_that_a_later_version_ships_are_shown_of_a_day_before_all_others_and_can_be_added() {
    let region = Region::start().await;
    let keeper = &region.on_ladder;
    let mut older: Value = serde_json::from_str(Profile::shipped_text()).unwrap();
    let is_new = |norm: &Value| norm["id"] == "T10A";
    older["version"] = "2026-1-ours".into();
    older["norms"].as_array_mut().unwrap().retain(|norm| !is_new(norm));
    let whole =
        pb::SetPolicyProfileRequest { whole: true, ..wish(&region, &older.to_string(), "2026-11-23") };
    set(keeper, whole).await.unwrap();
    let ours = in_use(keeper, pb::GetPolicyProfileRequest::default()).await;
    assert!(!ours.json.contains("T10A"));

    let first = pb::GetPolicyProfileRequest { date: "2000-01-01".into(), draft: false };
    let shipped = in_use(keeper, first).await.json;
    assert_eq!(shipped, Profile::shipped_text());
    let mut shipped: Value = serde_json::from_str(&shipped).unwrap();
    let norms = shipped["norms"].as_array_mut().unwrap();
    norms.retain(is_new);
    let more = json!({ "version": "2026-2", "norms": norms }).to_string();
    let add = pb::SetPolicyProfileRequest { etag: ours.etag, ..wish(&region, &more, "2026-12-01") };
    let added = set(keeper, add).await.unwrap().profile.unwrap().json.parse::<Profile>().unwrap();
    let (before, all) = (ours.json.parse::<Profile>().unwrap(), Profile::shipped());
    assert_eq!(added.norm("T10A"), all.norm("T10A"));
    assert_eq!(added.norms.len(), before.norms.len() + 1);
}
