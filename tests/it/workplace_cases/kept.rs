//! What the pages about cases keep: what was typed, what somebody else wrote meanwhile, and all of a
//! long case.

use chrono::{NaiveDate, TimeDelta};
use pb::{fact_service_client::FactServiceClient, thuiszitter_service_client::ThuiszitterServiceClient};
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{seed_meetings::Scene, workplace::signed_in};
use sea_orm::{ConnectionTrait, DbBackend};

use super::{opened, page, sent, taken};

/// What a colleague makes of the question of a case, through the call.
async fn asks(scene: &Scene, case: &pb::Case, question: &str) {
    let mut cases = ThuiszitterServiceClient::new(scene.iber.1.clone());
    let ask = pb::GetCaseRequest { name: case.name.clone() };
    let kept = cases.get_case(ask).await.unwrap().into_inner();
    let changed =
        pb::Case { name: kept.name, etag: kept.etag, question: question.to_owned(), ..Default::default() };
    let paths = vec!["question".to_owned()];
    let ask = pb::UpdateCaseRequest {
        case: Some(changed),
        update_mask: Some(prost_types::FieldMask { paths }),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    cases.update_case(ask).await.unwrap();
}

#[tokio::test]
async fn what_was_left_alone_is_not_sent_and_what_it_would_replace_is_shown() {
    let (scene, case, browser) = opened().await;
    let path = format!("{}/change", page(&case));
    let form = browser.get(&path).await;
    let kept = ["request_id", "etag", "was:case.next_action_date", "was:case.regisseur", "was:case.question"]
        .map(|name| (name, form.value(name)));
    let kept = || kept.iter().map(|(name, value)| (*name, value.as_str()));
    let (question, keeper) = (form.value("was:case.question"), form.value("was:case.regisseur"));
    let filled = |date: &'static str| [("case.next_action_date", date), ("case.regisseur", keeper.as_str())];
    let own = [("case.question", "Een eigen vraag.")];
    let wrong: Vec<_> = kept().chain(filled("gisteren")).chain(own).collect();
    let refused = browser.post(&path, &wrong).await;
    assert_eq!((refused.status, refused.value("etag")), (422, form.value("etag")), "{}", refused.body);

    asks(&scene, &case, "Wat zegt de collega?").await;
    let other: Vec<_> = kept().chain(filled("2026-12-02")).chain(own).collect();
    let refused = browser.post(&path, &other).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let told = "Er staat nu: Wat zegt de collega?";
    assert!(refused.body.contains(told) && refused.body.contains("Een eigen vraag."), "{}", refused.body);
    assert_ne!(refused.value("etag"), form.value("etag"), "it was told, and can be sent again");

    let left = [("case.question", question.as_str())];
    let untouched: Vec<_> = kept().chain(filled("2026-12-02")).chain(left).collect();
    let refused = browser.post(&path, &untouched).await;
    assert!(refused.status == 422 && !refused.body.contains("Er staat nu:"), "{}", refused.body);
    assert_eq!(refused.value("was:case.question"), "Wat zegt de collega?");
    assert!(refused.body.contains(">Wat zegt de collega?</textarea>"), "{}", refused.body);
    let (etag, request) = (refused.value("etag"), refused.value("request_id"));
    let seen = [
        ("etag", etag.as_str()),
        ("request_id", request.as_str()),
        ("was:case.next_action_date", "2026-11-25"),
        ("was:case.regisseur", keeper.as_str()),
        ("was:case.question", "Wat zegt de collega?"),
        ("case.question", "Wat zegt de collega?"),
    ];
    let last: Vec<_> = seen.into_iter().chain(filled("2026-12-02")).collect();
    let taken = browser.post(&path, &last).await;
    assert_eq!(taken.status, 303, "{}", taken.body);
    let home = browser.follow(taken).await;
    assert!(home.body.contains("Wat zegt de collega?") && home.body.contains("2 december 2026"));
}

#[tokio::test]
async fn a_case_names_its_regisseur_or_says_that_there_is_none() {
    let (scene, case, browser) = opened().await;
    let regisseur = scene.iber.0.to_string();
    let path = page(&case);
    let change = |regisseur| {
        [
            ("case.next_action_date", "2026-12-02"),
            ("case.question", "Wat helpt haar?"),
            ("case.regisseur", regisseur),
        ]
    };
    let free = taken(&browser, &format!("{path}/change"), &change("")).await;
    assert!(free.body.contains("<dt>Regisseur</dt><dd>niemand</dd>"), "{}", free.body);
    let ask = pb::GetPersonRequest { name: regisseur.clone() };
    let name = scene.server.directory().get_person(ask).await.unwrap().into_inner().display_name;
    let kept = taken(&browser, &format!("{path}/change"), &change(&regisseur)).await;
    assert!(kept.body.contains(&format!("<dt>Regisseur</dt><dd>{name}</dd>")), "{}", kept.body);
}

#[tokio::test]
async fn of_a_long_case_the_newest_facts_are_shown_first() {
    let (scene, case, browser) = opened().await;
    let mut log = FactServiceClient::new(scene.iber.1.clone());
    let last = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let missed = |minutes: i32| {
        let said = pb::fact::Missed {
            date: (last - TimeDelta::days(i64::from(minutes % 20))).to_string(),
            minutes: minutes % 700 + 1,
            ground: pb::AbsenceGround::Ongeoorloofd.into(),
            ..Default::default()
        };
        pb::Fact { said: Some(pb::fact::Said::Missed(said)), ..Default::default() }
    };
    for hundred in 0..11 {
        let ask = pb::RecordFactsRequest {
            case: case.name.clone(),
            facts: (0..100).map(|nth| missed(hundred * 100 + nth)).collect(),
            request_id: scene.server.request_id(),
            ..Default::default()
        };
        log.record_facts(ask).await.unwrap();
    }
    scene.server.clock.advance(TimeDelta::minutes(1));
    let newest = [("facts[0].missed.date", "2026-11-20"), ("facts[0].missed.minutes", "719")];
    let newest = newest.into_iter().chain([("facts[0].missed.ground", "ONGEOORLOOFD")]).collect::<Vec<_>>();
    let home = taken(&browser, &format!("{}/missed", page(&case)), &newest).await.body;
    let (_, facts) = home.split_once("id=\"facts\"").unwrap();
    let (_, rows) = facts.split_once("<tbody>").unwrap();
    let first = rows.split_once("</tr>").unwrap().0;
    assert!(first.contains("719 minuten gemist"), "{first}");
    assert!(!facts.contains("De nieuwste staan er niet bij."), "none is left out");
}

#[tokio::test]
async fn a_form_of_which_nobody_knows_what_became_is_kept_and_sent_again_as_the_same() {
    let (scene, case, browser) = opened().await;
    let path = format!("{}/missed", page(&case));
    let form = browser.get(&path).await;
    let (token, request) = (form.value("form"), form.value("request_id"));
    let fields = [
        ("form", token.as_str()),
        ("request_id", request.as_str()),
        ("facts[0].missed.date", "2026-11-20"),
        ("facts[0].missed.minutes", "300"),
        ("facts[0].missed.ground", "ONGEOORLOOFD"),
    ];
    let db = scene.server.rows().await;
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let (full, free) = if postgres {
        (
            "CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'FULL'; END $$;
             CREATE TRIGGER audit_full BEFORE INSERT ON audit FOR EACH STATEMENT EXECUTE FUNCTION full_up();",
            "DROP TRIGGER audit_full ON audit;",
        )
    } else {
        (
            "CREATE TRIGGER audit_full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'FULL'); END;",
            "DROP TRIGGER audit_full;",
        )
    };
    db.execute_unprepared(full).await.unwrap();
    let unsure = browser.post_bare(&path, &fields).await;
    assert_eq!(unsure.status, 503, "{unsure:?}");
    assert!(unsure.body.contains("Misschien is het toch gebeurd"), "{}", unsure.body);
    assert!(!unsure.body.contains("Er is niets veranderd"), "{}", unsure.body);
    assert!(unsure.body.contains(&format!("action=\"{path}\"")), "{}", unsure.body);
    let kept = fields.map(|(name, _)| (name, unsure.value(name)));
    let kept: Vec<_> = kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(kept, fields, "all that was filled in, and the same request");
    db.execute_unprepared(free).await.unwrap();
    for _ in 0..2 {
        assert_eq!(browser.post_bare(&path, &kept).await.status, 303);
    }
    let told = browser.get(&page(&case)).await.body;
    let (_, told) = told.split_once("id=\"facts\"").unwrap();
    assert_eq!(told.matches(">Op 20 november 2026 300 minuten gemist").count(), 1, "{told}");
}

#[tokio::test]
async fn a_closing_that_was_a_mistake_is_taken_back_on_the_page_and_closed_nothing_is_said_of_now() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let open = browser.get(&path).await;
    assert!(open.body.contains("Telt als") && open.body.contains("Volgende stap"), "{}", open.body);
    let keeper =
        scene.server.person(Role::Thuiszitterscoordinator, scene.server.founded.organisation).await.0;
    let keeper = signed_in(&scene.server, keeper).await;
    let end = [("outcome", "UITGESTROOMD_18"), ("outcome_date", "2026-11-20")];
    let closed = taken(&keeper, &format!("{path}/close"), &end).await;
    assert!(closed.body.contains("18 jaar geworden"), "{}", closed.body);
    assert!(!closed.body.contains("Telt als") && !closed.body.contains("Volgende stap"), "{}", closed.body);
    assert!(closed.body.contains("Overdragen, uiterlijk op"), "{}", closed.body);
    let (_, facts) = closed.body.split_once("id=\"facts\"").unwrap();
    assert!(facts.contains(&format!("href=\"{path}/reopen\"")), "the outcome is corrected there: {facts}");
    assert_eq!(browser.get(&format!("{path}/reopen")).await.status, 404, "who may not close");
    let form = format!("{path}/reopen");
    let unsaid = sent(&keeper, &form, &[]).await;
    assert!(unsaid.status == 422 && unsaid.body.contains("fault-first_day"), "{}", unsaid.body);
    let again = taken(&keeper, &form, &[("closed_by_mistake", "yes")]).await;
    assert!(again.body.contains("was een vergissing") && again.body.contains("/advance\""), "{}", again.body);
    assert!(
        again.body.contains("Telt als") && !again.body.contains("Overdragen, uiterlijk"),
        "{}",
        again.body
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_part_of_a_field_stands_at_the_field_and_is_said_once() {
    let (_scene, case, browser) = opened().await;
    let change = format!("{}/change", page(&case));
    let form = browser.get(&change).await;
    let kept = ["request_id", "etag", "was:case.next_action_date", "was:case.regisseur", "was:case.question"]
        .map(|name| (name, form.value(name)));
    let kept = kept.iter().map(|(name, value)| (*name, value.as_str()));
    let typed = [
        ("case.next_action_date", "2026-11-25"),
        ("case.regisseur", kept.clone().find(|(name, _)| *name == "was:case.regisseur").unwrap().1),
        ("case.question", kept.clone().find(|(name, _)| *name == "was:case.question").unwrap().1),
        ("was:case.external_references", ""),
        ("case.external_references", "Bekend in andere systemen"),
    ];
    let all: Vec<_> = kept.chain(typed).collect();
    let refused = browser.post(&change, &all).await;
    assert!(refused.status == 422, "{refused:?}");
    assert!(refused.body.contains("fault-case.external_references"), "{}", refused.body);
    assert!(refused.body.contains("een dubbele punt en het kenmerk"), "{}", refused.body);
    assert!(!refused.body.contains("Dit veld is verplicht."), "{}", refused.body);
}
