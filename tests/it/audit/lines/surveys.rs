//! A round of questions to schools: asked, answered, read, taken out, closed.

use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, survey_service_client::SurveyServiceClient};

use super::Story;

/// Each call of it.
pub(super) async fn surveys(story: &mut Story) {
    let id = |story: &Story| story.scene.server.request_id();
    let organisation = story.scene.server.founded.organisation;
    let (_, keeper) = story.scene.server.person(Role::Thuiszitterscoordinator, organisation).await;
    let mut keeper = SurveyServiceClient::new(keeper);
    let words = || Some(pb::SurveyText { nl: "Is er hulp?".into(), en: "Is there help?".into() });
    let form = pb::survey_question::Form::ShortText.into();
    let survey = pb::Survey {
        title: words(),
        due_date: "2027-01-29".into(),
        questions: vec![pb::SurveyQuestion { text: words(), form, ..Default::default() }],
        ..Default::default()
    };
    let asking =
        pb::CreateSurveyRequest { survey: Some(survey), request_id: id(story), ..Default::default() };
    let survey = call!(story: keeper.create_survey(asking) => "CreateSurvey");
    let name = survey.name.clone();
    let mut iber = SurveyServiceClient::new(story.scene.iber.1.clone());
    call!(story: iber.get_survey(pb::GetSurveyRequest { name: name.clone() }) => "GetSurvey");
    call!(story: iber.list_surveys(pb::ListSurveysRequest::default()) => "ListSurveys");
    let values = vec![pb::SurveyValue { value: Some(pb::survey_value::Value::Text("Ja.".into())) }];
    let answer = pb::AnswerSurveyRequest { name: name.clone(), values, request_id: id(story) };
    let answered = call!(story: iber.answer_survey(answer) => "AnswerSurvey");
    let redacting = pb::RedactSurveyReplyRequest {
        survey: name.clone(),
        school: answered.school,
        question: 1,
        request_id: id(story),
    };
    call!(story: keeper.redact_survey_reply(redacting) => "RedactSurveyReply");
    let asked = pb::ListSurveyRepliesRequest { survey: name.clone(), ..Default::default() };
    call!(story: keeper.list_survey_replies(asked) => "ListSurveyReplies");
    let asked = pb::ExportSurveyRequest { name: name.clone(), format: pb::MonitorFormat::Csv.into() };
    call!(story: keeper.export_survey(asked) => "ExportSurvey");
    let closing = pb::CloseSurveyRequest { name, etag: survey.etag, request_id: id(story) };
    call!(story: keeper.close_survey(closing) => "CloseSurvey");
}
