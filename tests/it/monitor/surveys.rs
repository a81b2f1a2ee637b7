//! Rounds of questions to schools: who is asked, told, reminded and counted, and what came of it.

use chrono::{DateTime, Utc};
use schakel_domain::{access::Role, ids::PersonId, invitation::forbidden_word};
use schakel_proto::v1::{
    self as pb, survey_question::Form, survey_service_client::SurveyServiceClient, survey_value::Value,
};
use schakel_server::{
    app::App, entity::survey_school, monitor::survey::worker::tell_due, privacy::worker as daily,
};
use schakel_tests::{As, TestServer, mailbox::Mail, reason, statements, violations, workplace::signed_in};
use sea_orm::{ConnectionTrait, EntityTrait};
use tonic::Status;

use super::Region;

mod pages;

type Surveys = SurveyServiceClient<As>;

fn surveys(client: &As) -> Surveys {
    Surveys::new(client.clone())
}

fn text(nl: &str, en: &str) -> pb::SurveyText {
    pb::SurveyText { nl: nl.into(), en: en.into() }
}

fn question(form: Form, nl: &str, en: &str) -> pb::SurveyQuestion {
    pb::SurveyQuestion { text: Some(text(nl, en)), form: form.into(), ..Default::default() }
}

/// One question of each form, open from Tuesday 24 November up to Friday 4 December.
fn round() -> pb::Survey {
    let places = pb::SurveyQuestion {
        unit: Some(text("leerlingen", "pupils")),
        ..question(Form::WholeNumber, "Voor hoeveel is er extra hulp?", "How many have extra help?")
    };
    let who = pb::SurveyQuestion {
        options: [("de school", "the school"), ("het team", "the team")].map(|(nl, en)| text(nl, en)).into(),
        ..question(Form::Choice, "Wie geeft die hulp?", "Who gives it?")
    };
    let more =
        pb::SurveyQuestion { optional: true, ..question(Form::ShortText, "Wat mist u?", "What is missing?") };
    pb::Survey {
        title: Some(text("Thuiszitters en basisondersteuning", "Basic support")),
        open_date: "2026-11-24".into(),
        due_date: "2026-12-04".into(),
        reminder_days: vec![7, 1],
        questions: vec![places, who, question(Form::YesNo, "Is dat genoeg?", "Is it enough?"), more],
        ..Default::default()
    }
}

fn values(given: Vec<Value>) -> Vec<pb::SurveyValue> {
    given.into_iter().map(|value| pb::SurveyValue { value: Some(value) }).collect()
}

fn answers() -> Vec<pb::SurveyValue> {
    values(vec![Value::Number(12), Value::Choice(2), Value::Yes(false), Value::Text("=1+1".into())])
}

impl Region {
    async fn ask(&self, client: &As, request: pb::CreateSurveyRequest) -> Result<pb::Survey, Status> {
        let request = pb::CreateSurveyRequest { request_id: self.server.request_id(), ..request };
        surveys(client).create_survey(request).await.map(tonic::Response::into_inner)
    }

    async fn asked(&self, survey: pb::Survey) -> pb::Survey {
        let request = pb::CreateSurveyRequest { survey: Some(survey), ..Default::default() };
        self.ask(&self.keeper, request).await.unwrap()
    }

    async fn answer(
        &self,
        client: &As,
        survey: &pb::Survey,
        values: Vec<pb::SurveyValue>,
    ) -> Result<pb::SurveyReply, Status> {
        let request_id = self.server.request_id();
        let request = pb::AnswerSurveyRequest { name: survey.name.clone(), values, request_id };
        surveys(client).answer_survey(request).await.map(tonic::Response::into_inner)
    }

    async fn survey(&self, client: &As, survey: &pb::Survey) -> Result<pb::Survey, Status> {
        let request = pb::GetSurveyRequest { name: survey.name.clone() };
        surveys(client).get_survey(request).await.map(tonic::Response::into_inner)
    }

    async fn replies(&self, client: &As, survey: &pb::Survey, only_missing: bool) -> Vec<pb::SurveyReply> {
        let request =
            pb::ListSurveyRepliesRequest { survey: survey.name.clone(), only_missing, ..Default::default() };
        surveys(client).list_survey_replies(request).await.unwrap().into_inner().replies
    }

    async fn close_survey(&self, survey: &pb::Survey) -> Result<pb::Survey, Status> {
        let (name, etag) = (survey.name.clone(), survey.etag.clone());
        let request = pb::CloseSurveyRequest { name, etag, request_id: self.server.request_id() };
        surveys(&self.keeper).close_survey(request).await.map(tonic::Response::into_inner)
    }
}

async fn tell(app: &App, server: &TestServer) {
    while tell_due(app, server.founded.region).await.unwrap() > 0 {}
}

/// The mails of an instant.
async fn at(server: &TestServer, time: &str) -> Vec<Mail> {
    server.clock.set(time.parse::<DateTime<Utc>>().unwrap());
    tell(&server.app, server).await;
    server.news().await
}

fn is_to(mail: &Mail, person: PersonId) -> bool {
    mail.to().starts_with(&person.0.simple().to_string())
}

#[tokio::test]
async fn d07_every_school_is_asked_once_and_reminded_while_it_has_not_answered() {
    let region = Region::start().await;
    let server = &region.server;
    let (iber, one) = server.person(Role::Iber, region.schools[0]).await;
    server.person(Role::Directeur, region.schools[0]).await;
    let (director, _) = server.person(Role::Directeur, region.schools[1]).await;
    let survey = region.asked(round()).await;
    assert_eq!((survey.state(), survey.asked_count), (pb::survey::State::Open, 2));
    assert!(at(server, "2026-11-23T10:00:00Z").await.is_empty(), "it opens tomorrow");
    assert!(at(server, "2026-11-24T06:30:00Z").await.is_empty(), "before eight in the morning");
    let mails = at(server, "2026-11-24T09:00:00Z").await;
    assert_eq!(mails.len(), 2, "one to each school");
    assert!(mails.iter().any(|mail| is_to(mail, iber)) && mails.iter().any(|mail| is_to(mail, director)));
    for mail in &mails {
        let text = mail.text();
        let link = "https://schakel.example/region/surveys";
        assert!(text.contains("vrijdag 4 december 2026") && text.contains(link), "{text}");
        for part in [mail.subject(), text.replace(&mail.to_name(), "")] {
            assert_eq!(forbidden_word(&part), None, "{part}");
            assert!(!part.contains("hulp") && !part.contains("basisondersteuning"), "{part}");
        }
    }
    assert!(at(server, "2026-11-24T15:00:00Z").await.is_empty());
    tell(&server.another().await, server).await;
    assert!(server.news().await.is_empty(), "nor by another server");

    server.clock.set("2026-11-25T09:00:00Z".parse().unwrap());
    let reply = region.answer(&one, &survey, answers()).await.unwrap();
    assert_eq!((reply.told_date.as_str(), reply.values.len()), ("2026-11-24", 4));
    let mails = at(server, "2026-11-27T09:00:00Z").await;
    assert_eq!(mails.len(), 1, "a week before, to who has not answered");
    assert!(is_to(&mails[0], director) && mails[0].text().contains("Wij hebben uw antwoord nog niet."));
    assert!(at(server, "2026-12-02T09:00:00Z").await.is_empty());
    assert_eq!(at(server, "2026-12-03T09:00:00Z").await.len(), 1, "the day before");
    assert!(at(server, "2026-12-04T09:00:00Z").await.is_empty());

    let found = region.survey(&region.keeper, &survey).await.unwrap();
    assert_eq!((found.asked_count, found.answered_count, found.response_percent), (2, 1, 50));
    let missing = region.replies(&region.keeper, &survey, true).await;
    assert_eq!(missing.len(), 1);
    assert_eq!(
        (missing[0].display_name.as_str(), missing[0].told_date.as_str()),
        ("School 90BB00", "2026-12-03")
    );
    assert!(missing[0].answer_time.is_none() && missing[0].values.is_empty());
}

#[tokio::test]
async fn d07_a_school_without_a_contact_is_asked_once_it_has_one_and_a_closed_round_asks_nobody() {
    let region = Region::start().await;
    let server = &region.server;
    let survey = region.asked(round()).await;
    assert!(at(server, "2026-11-24T09:00:00Z").await.is_empty());
    let (director, _) = server.person(Role::Directeur, region.schools[1]).await;
    // Of both schools: one mail of the round.
    server.affiliate(director, Role::Directeur, region.schools[0]).await;
    let mails = at(server, "2026-11-25T09:00:00Z").await;
    assert_eq!(mails.len(), 1);
    let stale = pb::Survey { etag: "7".into(), ..survey.clone() };
    assert_eq!(reason(&region.close_survey(&stale).await.unwrap_err()), "ETAG_MISMATCH");
    let closed = region.close_survey(&survey).await.unwrap();
    assert_eq!((closed.state(), closed.closed_date.as_str()), (pb::survey::State::Closed, "2026-11-25"));
    assert_eq!(reason(&region.close_survey(&closed).await.unwrap_err()), "ALREADY_ENDED");
    assert!(at(server, "2026-11-27T09:00:00Z").await.is_empty(), "nobody is reminded");
}

#[tokio::test]
async fn d07_a_school_answers_for_itself_until_the_last_day_and_what_it_says_last_counts() {
    let region = Region::start().await;
    let server = &region.server;
    let one = region.somebody(Role::Iber, region.schools[0]).await;
    let other = region.somebody(Role::Directeur, region.schools[1]).await;
    let only = vec![region.schools[0].to_string()];
    let request = pb::CreateSurveyRequest { survey: Some(round()), schools: only, ..Default::default() };
    let survey = region.ask(&region.keeper, request).await.unwrap();
    assert_eq!(survey.asked_count, 1);
    let early = region.answer(&one, &survey, answers()).await.unwrap_err();
    assert_eq!(reason(&early), "SURVEY_NOT_FOUND", "it opens tomorrow");
    server.clock.set("2026-11-24T09:00:00Z".parse().unwrap());
    let seen = region.survey(&one, &survey).await.unwrap();
    assert_eq!((seen.questions.len(), seen.asked_count), (4, 0), "no counts to a school");
    assert_eq!(reason(&region.survey(&other, &survey).await.unwrap_err()), "SURVEY_NOT_FOUND");
    assert_eq!(reason(&region.answer(&other, &survey, answers()).await.unwrap_err()), "SURVEY_NOT_FOUND");
    assert!(
        surveys(&other)
            .list_surveys(pb::ListSurveysRequest::default())
            .await
            .unwrap()
            .into_inner()
            .surveys
            .is_empty()
    );

    let wrong = values(vec![Value::Number(-1), Value::Choice(0), Value::Text("111222333".into())]);
    assert_eq!(
        violations(&region.answer(&one, &survey, wrong).await.unwrap_err()),
        ["values[0]: FIELD_INVALID", "values[1]: FIELD_INVALID", "values[2]: BSN_REFUSED"]
    );
    let wrong = values(vec![Value::Yes(true), Value::Choice(3)]);
    assert_eq!(
        violations(&region.answer(&one, &survey, wrong).await.unwrap_err()),
        ["values[0]: FIELD_INVALID", "values[1]: FIELD_INVALID", "values[2]: FIELD_REQUIRED"]
    );
    region.answer(&one, &survey, answers()).await.unwrap();
    let again = values(vec![Value::Number(14), Value::Choice(1), Value::Yes(true)]);
    region.answer(&one, &survey, again).await.unwrap();
    let told = region.replies(&region.keeper, &survey, false).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].values[0].value, Some(Value::Number(14)));
    assert_eq!(told[0].values[3].value, None, "it was left open");
    assert_eq!(region.replies(&one, &survey, false).await, told);

    server.clock.set("2026-12-04T22:30:00Z".parse().unwrap());
    region.answer(&one, &survey, answers()).await.unwrap();
    server.clock.set("2026-12-05T09:00:00Z".parse().unwrap());
    assert_eq!(reason(&region.answer(&one, &survey, answers()).await.unwrap_err()), "ALREADY_ENDED");
    let over = region.survey(&region.keeper, &survey).await.unwrap();
    assert_eq!((over.state(), over.response_percent), (pb::survey::State::Closed, 100));
}

#[tokio::test]
async fn d07_a_text_that_names_somebody_after_all_is_removed_by_the_samenwerkingsverband() {
    let region = Region::start().await;
    let one = region.somebody(Role::Iber, region.schools[0]).await;
    let survey = region.asked(pb::Survey { open_date: String::new(), ..round() }).await;
    let named = [answers()[..3].to_vec(), values(vec![Value::Text("Noor wacht al lang.".into())])].concat();
    region.answer(&one, &survey, named).await.unwrap();
    let closed = region.close_survey(&survey).await.unwrap();
    let redact = async |client: &As, school: usize, question: i32| {
        let request = pb::RedactSurveyReplyRequest {
            survey: closed.name.clone(),
            school: region.schools[school].to_string(),
            question,
            request_id: region.server.request_id(),
        };
        surveys(client).redact_survey_reply(request).await.map(tonic::Response::into_inner)
    };
    assert_eq!(reason(&redact(&one, 0, 4).await.unwrap_err()), "ACTION_NOT_ALLOWED");
    for question in [0, 1, 5] {
        let wrong = redact(&region.keeper, 0, question).await.unwrap_err();
        assert_eq!(violations(&wrong), ["question: FIELD_INVALID"], "{question}");
    }
    let left = redact(&region.keeper, 0, 4).await.unwrap();
    let given =
        |reply: &pb::SurveyReply| reply.values.iter().map(|one| one.value.clone()).collect::<Vec<_>>();
    let rest = [Some(Value::Number(12)), Some(Value::Choice(2)), Some(Value::Yes(false)), None];
    assert_eq!(given(&left), rest);
    assert_eq!(given(&region.replies(&one, &closed, false).await[0]), rest);
    assert!(redact(&region.keeper, 1, 4).await.unwrap().values.is_empty(), "it has not answered");
}

/// A mail that would say too much is not sent, and nobody says that it was; the next working day it is tried
/// again.
#[tokio::test]
async fn d07_who_could_not_be_mailed_is_not_told_and_is_tried_again() {
    let region = Region::start().await;
    let server = &region.server;
    server.person(Role::Iber, region.schools[0]).await;
    let survey = region.asked(round()).await;
    let call = async |name: &str| {
        let rows = server.rows().await;
        let change = format!("UPDATE region SET sender_name = '{name}'");
        rows.execute_unprepared(&change).await.unwrap();
        rows.close().await.unwrap();
    };
    call("Thuiszitters Midden").await;
    assert!(at(server, "2026-11-24T09:00:00Z").await.is_empty());
    assert_eq!(region.replies(&region.keeper, &survey, false).await[0].told_date, "");
    call("Overleg Midden").await;
    assert!(at(server, "2026-11-24T10:00:00Z").await.is_empty(), "once a day");
    assert_eq!(at(server, "2026-11-25T09:00:00Z").await.len(), 1);
    assert_eq!(region.replies(&region.keeper, &survey, false).await[0].told_date, "2026-11-25");
    assert!(at(server, "2026-11-26T09:00:00Z").await.is_empty(), "a reminder comes a week before");
    assert_eq!(at(server, "2026-11-27T09:00:00Z").await.len(), 1);
}

/// Of one that was closed, counted from that day; of one that ran out, from its last.
#[tokio::test]
async fn d07_what_was_asked_and_answered_goes_two_years_after_the_end_of_a_round() {
    let region = Region::start().await;
    let server = &region.server;
    let (iber, one) = server.person(Role::Iber, region.schools[0]).await;
    let now = || pb::Survey { open_date: String::new(), ..round() };
    let (closed, ran_out) = (region.asked(now()).await, region.asked(now()).await);
    for survey in [&closed, &ran_out] {
        region.answer(&one, survey, answers()).await.unwrap();
    }
    let closed = region.close_survey(&closed).await.unwrap();
    let sweep = async |day: &str| {
        server.clock.set(format!("{day}T12:00:00Z").parse::<DateTime<Utc>>().unwrap());
        daily::work(&server.app, server.founded.region).await.unwrap();
    };
    let kept = async || {
        let db = server.rows().await;
        let rows = survey_school::Entity::find().all(&db).await.unwrap();
        db.close().await.unwrap();
        rows.iter().filter(|row| row.answers.is_some()).count()
    };
    sweep("2028-11-22").await;
    assert_eq!(kept().await, 2);
    assert_eq!(region.survey(&region.keeper, &closed).await.unwrap(), closed);
    sweep("2028-11-23").await;
    assert_eq!(kept().await, 1, "the other ran until 4 December");
    let bare = region.survey(&region.keeper, &closed).await.unwrap();
    assert_ne!(bare.etag, closed.etag);
    assert_eq!(pb::Survey { questions: Vec::new(), etag: bare.etag.clone(), ..closed.clone() }, bare);
    assert_eq!((bare.asked_count, bare.answered_count, bare.due_date.as_str()), (2, 1, "2026-12-04"));
    let told = region.replies(&region.keeper, &closed, false).await;
    assert!(told.len() == 2 && told.iter().all(|reply| reply.values.is_empty()));
    assert_eq!(told.iter().filter(|reply| reply.answer_time.is_some()).count(), 1, "that it did is kept");
    assert_eq!(region.survey(&one, &ran_out).await.unwrap().questions.len(), 4);
    let page = signed_in(server, iber).await.get(&format!("/region/{}", closed.name)).await;
    assert!(page.body.contains("De vragen en antwoorden zijn weg."), "{}", page.body);
    sweep("2028-12-04").await;
    assert_eq!(kept().await, 0);
    sweep("2028-12-05").await;
    assert_eq!(region.survey(&region.keeper, &closed).await.unwrap(), bare, "once is enough");
}

#[tokio::test]
async fn d07_the_answers_are_a_file_in_which_no_spreadsheet_finds_a_formula() {
    let region = Region::start().await;
    let one = region.somebody(Role::Zorgcoordinator, region.schools[0]).await;
    let survey = region.asked(pb::Survey { open_date: String::new(), ..round() }).await;
    assert_eq!(survey.open_date, "2026-11-23", "today");
    region.answer(&one, &survey, answers()).await.unwrap();
    let file = |format: pb::MonitorFormat| pb::ExportSurveyRequest {
        name: survey.name.clone(),
        format: format.into(),
    };
    let csv = surveys(&region.keeper).export_survey(file(pb::MonitorFormat::Csv)).await.unwrap().into_inner();
    assert_eq!(csv.file_name, "survey-2026-12-04.csv");
    let text = String::from_utf8(csv.content).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[0].starts_with("school,id,answered_on,1. Voor hoeveel is er extra hulp? (leerlingen),"),
        "{text}"
    );
    assert!(lines[1].ends_with(",2026-11-23,12,het team,nee,'=1+1"), "{text}");
    assert!(lines[2].starts_with("School 90BB00,") && lines[2].ends_with(",,,,,"), "{text}");
    // A text stays what it is, whatever it looks like; a number is one.
    for said in ["x", "007", "1e3", "inf"] {
        let given = [answers()[..3].to_vec(), values(vec![Value::Text(said.into())])].concat();
        region.answer(&one, &survey, given).await.unwrap();
        let json = surveys(&region.keeper).export_survey(file(pb::MonitorFormat::Json)).await.unwrap();
        let rows: serde_json::Value = serde_json::from_slice(&json.into_inner().content).unwrap();
        assert_eq!(rows[0]["1. Voor hoeveel is er extra hulp? (leerlingen)"], 12);
        assert_eq!(rows[0]["4. Wat mist u?"], said);
    }
    let picture = surveys(&region.keeper).export_survey(file(pb::MonitorFormat::Svg)).await.unwrap_err();
    assert_eq!(violations(&picture), ["format: FIELD_INVALID"]);
    let refused = surveys(&one).export_survey(file(pb::MonitorFormat::Csv)).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
}

#[tokio::test]
async fn d07_a_round_is_the_samenwerkingsverbands_and_says_all_that_is_wrong_with_it() {
    let region = Region::start().await;
    let iber = region.somebody(Role::Iber, region.schools[0]).await;
    let request = || pb::CreateSurveyRequest { survey: Some(round()), ..Default::default() };
    for client in [&iber, &region.officer] {
        assert_eq!(reason(&region.ask(client, request()).await.unwrap_err()), "ACTION_NOT_ALLOWED");
    }
    let unit =
        pb::SurveyQuestion { unit: Some(text("keer", "times")), ..question(Form::YesNo, "Ja?", "Yes?") };
    let wrong = pb::Survey {
        title: Some(text("Ronde", "")),
        open_date: "2026-11-22".into(),
        due_date: "2026-11-21".into(),
        reminder_days: vec![0],
        questions: vec![question(Form::WholeNumber, "Hoeveel?", "How many?"), unit],
        ..Default::default()
    };
    let wrong = pb::CreateSurveyRequest { survey: Some(wrong), ..Default::default() };
    assert_eq!(
        violations(&region.ask(&region.keeper, wrong).await.unwrap_err()),
        [
            "survey.title.en: FIELD_REQUIRED",
            "survey.open_date: TIME_OUT_OF_BOUNDS",
            "survey.due_date: TIME_RANGE_INVALID",
            "survey.reminder_days: FIELD_INVALID",
            "survey.questions[0].unit: FIELD_REQUIRED",
            "survey.questions[1].unit: FIELD_INVALID",
        ]
    );
    let none = pb::CreateSurveyRequest {
        schools: vec![format!("schools/{}", uuid::Uuid::from_u128(7))],
        ..request()
    };
    assert_eq!(reason(&region.ask(&region.keeper, none).await.unwrap_err()), "SCHOOL_NOT_FOUND");
    // The schools of a cluster.
    let cluster = pb::Cluster {
        code: "ROK1".into(),
        kind: pb::cluster::Kind::Rok.into(),
        display_name: "ROK Zuid".into(),
        members: vec![pb::cluster::Member { school: region.schools[1].to_string(), ..Default::default() }],
        ..Default::default()
    };
    let making = pb::CreateClusterRequest { cluster: Some(cluster), request_id: region.server.request_id() };
    let cluster = region.server.directory().create_cluster(making).await.unwrap().into_inner().name;
    let of_cluster = pb::CreateSurveyRequest { clusters: vec![cluster], ..request() };
    let survey = region.ask(&region.keeper, of_cluster).await.unwrap();
    let asked = region.replies(&region.keeper, &survey, false).await;
    let asked: Vec<&str> = asked.iter().map(|one| one.display_name.as_str()).collect();
    assert_eq!(asked, ["School 90BB00"]);
    let all = surveys(&region.keeper).list_surveys(pb::ListSurveysRequest::default()).await.unwrap();
    assert_eq!(all.into_inner().surveys, [survey]);
}

#[tokio::test]
async fn a_round_of_several_clusters_takes_as_many_statements_as_one_of_one() {
    let region = Region::start().await;
    let mut clusters = Vec::new();
    for (at, code) in ["ROK1", "ROK2"].into_iter().enumerate() {
        let member = pb::cluster::Member { school: region.schools[at].to_string(), ..Default::default() };
        let cluster = pb::Cluster {
            code: code.into(),
            kind: pb::cluster::Kind::Rok.into(),
            display_name: code.into(),
            members: vec![member],
            ..Default::default()
        };
        let request_id = region.server.request_id();
        let making = pb::CreateClusterRequest { cluster: Some(cluster), request_id };
        clusters.push(region.server.directory().create_cluster(making).await.unwrap().into_inner().name);
    }
    let of = |clusters: &[String]| pb::CreateSurveyRequest {
        survey: Some(round()),
        clusters: clusters.to_vec(),
        ..Default::default()
    };
    region.ask(&region.keeper, of(&clusters)).await.unwrap();
    let (one, few) = statements(region.ask(&region.keeper, of(&clusters[..1]))).await;
    let (both, many) = statements(region.ask(&region.keeper, of(&clusters))).await;
    assert_eq!((one.unwrap().asked_count, both.unwrap().asked_count), (1, 2));
    assert_eq!(few.len(), many.len(), "{many:#?}");
    let nowhere = [clusters, vec![format!("clusters/{}", uuid::Uuid::from_u128(7))]].concat();
    let refused = region.ask(&region.keeper, of(&nowhere)).await.unwrap_err();
    assert_eq!(reason(&refused), "CLUSTER_NOT_FOUND");
}
