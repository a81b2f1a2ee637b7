//! Rounds of questions, on the wire.

use schakel_domain::{
    access::Action,
    ids::{SchoolId, SurveyId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    answer::answer,
    close::close,
    create::create,
    export::export,
    redact::{self, redact},
    show::{self, Wanted},
    wire,
};
use crate::{
    app::App,
    error::language,
    monitor::wire::file_format,
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
        page::Bound,
    },
};

#[tonic::async_trait]
impl pb::survey_service_server::SurveyService for App {
    async fn create_survey(
        &self,
        request: Request<pb::CreateSurveyRequest>,
    ) -> Result<Response<pb::Survey>, Status> {
        let grant = permit(&request, Action::RunSurvey)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wire::wish(&mut fields, &request, today);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let made = self.answer(&grant, &asked, |tx| async move { create(&tx, wish).await }).await?;
        Ok(Response::new(made))
    }

    async fn close_survey(
        &self,
        request: Request<pb::CloseSurveyRequest>,
    ) -> Result<Response<pb::Survey>, Status> {
        let grant = permit(&request, Action::RunSurvey)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<SurveyId> = fields.parse("name", &request.name);
        let version = fields.etag("etag", &request.etag);
        let ((asked, id), version) = fields.finish(asked.zip(id).zip(version))?;
        let closed = self.answer(&grant, &asked, |tx| async move { close(&tx, id, version).await }).await?;
        Ok(Response::new(closed))
    }

    async fn get_survey(
        &self,
        request: Request<pb::GetSurveyRequest>,
    ) -> Result<Response<pb::Survey>, Status> {
        let grant = permit(&request, Action::ReadSurvey)?;
        let mut fields = Fields::default();
        let id: Option<SurveyId> = fields.parse("name", &request.get_ref().name);
        let id = fields.finish(id)?;
        Ok(Response::new(show::get(&self.read(grant), id).await?))
    }

    async fn list_surveys(
        &self,
        request: Request<pb::ListSurveysRequest>,
    ) -> Result<Response<pb::ListSurveysResponse>, Status> {
        let grant = permit(&request, Action::ReadSurvey)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let bound = Bound { app: self, grant: &grant, filter: String::new() };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let page = fields.finish(page)?;
        let (surveys, next) = show::list(&self.read(grant.clone()), &page).await?;
        let next_page_token = next.map(|key| bound.token(&key)).unwrap_or_default();
        Ok(Response::new(pb::ListSurveysResponse { surveys, next_page_token }))
    }

    async fn answer_survey(
        &self,
        request: Request<pb::AnswerSurveyRequest>,
    ) -> Result<Response<pb::SurveyReply>, Status> {
        let grant = permit(&request, Action::AnswerSurvey)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<SurveyId> = fields.parse("name", &request.name);
        let values = wire::values(&mut fields, &request.values);
        let ((asked, id), values) = fields.finish(asked.zip(id).zip(values))?;
        let values = &values;
        let reply = self.answer(&grant, &asked, |tx| async move { answer(&tx, id, values).await }).await?;
        Ok(Response::new(reply))
    }

    async fn list_survey_replies(
        &self,
        request: Request<pb::ListSurveyRepliesRequest>,
    ) -> Result<Response<pb::ListSurveyRepliesResponse>, Status> {
        let grant = permit(&request, Action::ReadSurvey)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let survey: Option<SurveyId> = fields.parse("survey", &request.survey);
        let only_missing = request.only_missing;
        let bound = Bound { app: self, grant: &grant, filter: format!("{survey:?}|{only_missing}") };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let (survey, page) = fields.finish(survey.zip(page))?;
        let wanted = Wanted { survey, only_missing, page };
        let (replies, next) = show::replies(&self.read(grant.clone()), &wanted).await?;
        let next_page_token = next.map(|key| bound.token(&key)).unwrap_or_default();
        Ok(Response::new(pb::ListSurveyRepliesResponse { replies, next_page_token }))
    }

    async fn redact_survey_reply(
        &self,
        request: Request<pb::RedactSurveyReplyRequest>,
    ) -> Result<Response<pb::SurveyReply>, Status> {
        let grant = permit(&request, Action::RunSurvey)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let survey: Option<SurveyId> = fields.parse("survey", &request.survey);
        let school: Option<SchoolId> = fields.parse("school", &request.school);
        let question = usize::try_from(request.question).ok().and_then(|place| place.checked_sub(1));
        if question.is_none() {
            fields.refuse("question", Refusal::FieldInvalid);
        }
        let ((asked, survey), (school, question)) =
            fields.finish(asked.zip(survey).zip(school.zip(question)))?;
        let wish = redact::Wish { survey, school, question };
        let left = self.answer(&grant, &asked, |tx| async move { redact(&tx, wish).await }).await?;
        Ok(Response::new(left))
    }

    async fn export_survey(
        &self,
        request: Request<pb::ExportSurveyRequest>,
    ) -> Result<Response<pb::ExportSurveyResponse>, Status> {
        let grant = permit(&request, Action::RunSurvey)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let id: Option<SurveyId> = fields.parse("name", &request.name);
        let format = file_format(&mut fields, request.format);
        let (id, format) = fields.finish(id.zip(format))?;
        Ok(Response::new(export(&self.read(grant), id, (format, language())).await?))
    }
}
