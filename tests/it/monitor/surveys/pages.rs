//! Rounds of questions on pages: a school answers, and whoever asks sees the answers come in.

use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, survey_value::Value};
use schakel_tests::workplace::signed_in;

use super::{Region, round};
use crate::workplace_book::has;

#[tokio::test]
async fn d07_a_school_answers_on_a_page_and_the_samenwerkingsverband_sees_who_has() {
    let region = Region::start().await;
    let server = &region.server;
    let (iber, _) = server.person(Role::Iber, region.schools[0]).await;
    let survey = region.asked(pb::Survey { open_date: String::new(), ..round() }).await;
    let path = format!("/region/{}", survey.name);
    let school = signed_in(server, iber).await;
    let list = school.get("/region/surveys").await;
    assert!(list.status == 200 && list.body.contains(&path), "{}", list.body);
    let page = school.get(&path).await;
    for part in
        ["Voor hoeveel is er extra hulp? (leerlingen)", "het team", "Uw school gaf nog geen antwoord."]
    {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(!page.body.contains("School 90BB00"), "no other school");
    let id = server.request_id();
    let wrong = [("request_id", id.as_str()), ("values[0]", "veel"), ("values[1]", "2"), ("values[2]", "no")];
    let refused = school.post(&path, &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("id=\"fault-values[0]\""), "{}", refused.body);
    let id = server.request_id();
    let right = [("request_id", id.as_str()), ("values[0]", "12"), ("values[1]", "2"), ("values[2]", "no")];
    assert_eq!(school.post(&path, &right).await.status, 303);
    let page = school.get(&path).await;
    assert!(page.body.contains("Uw school gaf antwoord op maandag 23 november 2026."), "{}", page.body);
    let told = region.replies(&region.keeper, &survey, false).await;
    assert_eq!(told[0].values[1].value, Some(Value::Choice(2)));

    let (keeper, _) = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
    let page = signed_in(server, keeper).await.get(&path).await;
    for part in ["Scholen die antwoord gaven: 1 van de 2.", "School 90BB00"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    // A round that has yet to begin does not look open.
    region.asked(round()).await;
    let list = signed_in(server, keeper).await.get("/region/surveys").await;
    assert!(list.body.contains("begint op 24 november 2026"), "{}", list.body);
}

#[tokio::test]
async fn d07_a_round_is_opened_and_closed_on_a_page_on_which_its_answers_come_in() {
    let region = Region::start().await;
    let server = &region.server;
    let (iber, _) = server.person(Role::Iber, region.schools[0]).await;
    let (keeper, _) = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
    let (school, keeper) = (signed_in(server, iber).await, signed_in(server, keeper).await);
    let (list, new) = ("/region/surveys", "/region/surveys/new");
    assert_eq!(school.get(new).await.status, 404);
    assert!(!school.get(list).await.body.contains(new) && keeper.get(list).await.body.contains(new));
    has(&keeper.get(new).await, 200, &["name=\"questions\" value=\"3\"", "SCHOOL 90BB00"]);

    let ids = [(); 5].map(|()| server.request_id());
    let kept = |id: usize| {
        vec![
            ("request_id", ids[id].as_str()),
            ("questions", "3"),
            ("survey.title.nl", "Basisondersteuning"),
            ("survey.title.en", "Basic support"),
            ("survey.due_date", "2026-12-04"),
            ("survey.reminder_days", "7, 1"),
            // The first question was left empty: it does not count.
            ("survey.questions[1].text.nl", "Voor hoeveel is er extra hulp?"),
            ("survey.questions[1].text.en", "How many have extra help?"),
            ("survey.questions[1].form", "FORM_WHOLE_NUMBER"),
            ("survey.questions[2].text.nl", "Wie geeft die hulp?"),
            ("survey.questions[2].text.en", "Who gives it?"),
            ("survey.questions[2].form", "FORM_CHOICE"),
        ]
    };
    let mut wrong = kept(0);
    wrong.push(("survey.questions[2].options", "de school | the school\nhet team"));
    let page = keeper.post(new, &wrong).await;
    let faults = ["id=\"fault-survey.questions[0].unit\"", "id=\"fault-survey.questions[1].options\""];
    has(&page, 422, &faults);
    has(
        &page,
        422,
        &["Voor hoeveel is er extra hulp?", "de school | the school", "value=\"Basisondersteuning\""],
    );
    let mut more = kept(1);
    more.push(("do", "more"));
    has(&keeper.post(new, &more).await, 200, &["survey.questions[3].text.nl", "How many have extra help?"]);

    let mut right = kept(2);
    right.extend([
        ("survey.questions[1].unit.nl", "leerlingen"),
        ("survey.questions[1].unit.en", "pupils"),
        ("survey.questions[2].options", "de school | the school\nhet team | the team"),
        ("survey.questions[2].optional", "yes"),
    ]);
    let opened = keeper.post(new, &right).await;
    assert_eq!(opened.status, 303, "{}", opened.body);
    let path = opened.header("location").to_owned();
    has(
        &keeper.follow(opened).await,
        200,
        &["0 van de 2", "Open vanaf 23 november 2026", "7, 1", "nog niet"],
    );
    let answers = [("request_id", ids[3].as_str()), ("values[0]", "12"), ("values[1]", "2")];
    assert_eq!(school.post(&path, &answers).await.status, 303);
    let page = keeper.get(&path).await;
    has(&page, 200, &["1 van de 2", "Voor hoeveel is er extra hulp? (leerlingen)", ">12<", ">het team<"]);
    let file = keeper.get(&format!("{path}/answers.csv")).await;
    has(&file, 200, &["school,id,answered_on", ",12,het team"]);
    assert_eq!(school.get(&format!("{path}/answers.csv")).await.status, 404);

    let etag = page.value("etag");
    let close = [("request_id", ids[4].as_str()), ("do", "close"), ("etag", etag.as_str())];
    assert_eq!(school.post(&path, &close).await.status, 404, "only who asks closes it");
    assert_eq!(keeper.post(&path, &close).await.status, 303);
    has(&keeper.get(&path).await, 200, &["gesloten", ">het team<"]);
    let (late, again) = (server.request_id(), server.request_id());
    let answers = [("request_id", late.as_str()), ("values[0]", "13"), ("values[1]", "1")];
    has(&school.post(&path, &answers).await, 422, &["role=\"alert\""]);
    let close = [("request_id", again.as_str()), ("do", "close"), ("etag", etag.as_str())];
    has(&keeper.post(&path, &close).await, 422, &["role=\"alert\""]);
}
