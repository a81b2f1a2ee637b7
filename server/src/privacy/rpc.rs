//! Rights, on the wire.

use schakel_domain::{
    access::{Action, Class},
    ids::{CaseId, DestructionId, LegalHoldId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use tokio_stream::Iter;
use tonic::{Request, Response, Status};

use super::{
    approve::approve,
    destructions::{self, Kind},
    erase, export, find, holds, profile, reading, rectify, restrict, retention, rights, statement, wire,
};
use crate::{
    app::App,
    error::Result,
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
        page::{Bound, cut},
    },
};

/// A piece of an export.
const PIECE: usize = 64 << 10;

type Pieces = Iter<std::vec::IntoIter<Result<pb::ExportSubjectResponse, Status>>>;

#[tonic::async_trait]
impl pb::privacy_service_server::PrivacyService for App {
    type ExportSubjectStream = Pieces;

    async fn find_subject(
        &self,
        request: Request<pb::FindSubjectRequest>,
    ) -> Result<Response<pb::FindSubjectResponse>, Status> {
        let grant = permit(&request, Action::ExportSubject)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let sought = reading::sought(&mut fields, &request);
        let sought = &fields.finish(sought)?;
        let cases = self.write(&grant, None, |tx| async move { find::find(&tx, sought).await }).await?;
        Ok(Response::new(pb::FindSubjectResponse { cases: cases.iter().map(ToString::to_string).collect() }))
    }

    async fn get_case_rights(
        &self,
        request: Request<pb::GetCaseRightsRequest>,
    ) -> Result<Response<pb::CaseRights>, Status> {
        let grant = permit(&request, Action::ExportSubject)?;
        let mut fields = Fields::default();
        let case = fields.parse("name", &request.into_inner().name);
        let case: CaseId = fields.finish(case)?;
        let found = self.write(&grant, None, |tx| async move { rights::get(&tx, case).await }).await?;
        Ok(Response::new(wire::rights(&found)))
    }

    async fn restrict_case(
        &self,
        request: Request<pb::RestrictCaseRequest>,
    ) -> Result<Response<pb::CaseRights>, Status> {
        let grant = permit(&request, Action::RestrictCase)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = reading::restriction(&mut fields, &request);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                restrict::restrict(&tx, wish).await.map(|rights| wire::rights(&rights))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn lift_restriction(
        &self,
        request: Request<pb::LiftRestrictionRequest>,
    ) -> Result<Response<pb::CaseRights>, Status> {
        let grant = permit(&request, Action::LiftRestriction)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let case = fields.parse("name", &request.name);
        let note = fields.parse_if("note", &request.note);
        let (asked, case) = fields.finish(asked.zip(case))?;
        let note = note.as_ref();
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                restrict::lift(&tx, case, note).await.map(|rights| wire::rights(&rights))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn set_legal_hold(
        &self,
        request: Request<pb::SetLegalHoldRequest>,
    ) -> Result<Response<pb::CaseRights>, Status> {
        let grant = permit(&request, Action::HoldCase)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let case = fields.parse("case", &request.case);
        let reason = fields.parse("reason", &request.reason);
        let (asked, (case, reason)) = fields.finish(asked.zip(case.zip(reason)))?;
        let reason = &reason;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                holds::set(&tx, case, reason).await.map(|rights| wire::rights(&rights))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn lift_legal_hold(
        &self,
        request: Request<pb::LiftLegalHoldRequest>,
    ) -> Result<Response<pb::CaseRights>, Status> {
        let grant = permit(&request, Action::HoldCase)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let case = fields.parse("case", &request.case);
        let hold = fields.parse("name", &request.name);
        let (asked, (case, hold)) = fields.finish(asked.zip(case.zip(hold)))?;
        let hold: LegalHoldId = hold;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                holds::lift(&tx, case, hold).await.map(|rights| wire::rights(&rights))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn export_subject(
        &self,
        request: Request<pb::ExportSubjectRequest>,
    ) -> Result<Response<Pieces>, Status> {
        let grant = permit(&request, Action::ExportSubject)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let case = fields.parse("case", &request.case);
        let format = fields.choice("format", request.format, pb::export_subject_request::Format::as_str_name);
        let person = fields.parse_if("person", &request.person);
        let (case, format) = fields.finish(case.zip(format))?;
        let wish = export::Wish { case, format, person };
        let file = self.write(&grant, None, |tx| async move { export::export(&tx, wish).await }).await?;
        let pieces: Vec<_> =
            file.chunks(PIECE).map(|piece| Ok(pb::ExportSubjectResponse { piece: piece.to_vec() })).collect();
        Ok(Response::new(tokio_stream::iter(pieces)))
    }

    async fn rectify_subject(
        &self,
        request: Request<pb::RectifySubjectRequest>,
    ) -> Result<Response<pb::Rectification>, Status> {
        let grant = permit(&request, Action::RectifySubject)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = reading::rectification(&mut fields, &request, today);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                rectify::rectify(&tx, wish).await.map(|made| wire::rectification(&made))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn propose_erasure(
        &self,
        request: Request<pb::ProposeErasureRequest>,
    ) -> Result<Response<pb::Destruction>, Status> {
        let grant = permit(&request, Action::ProposeErasure)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let case = fields.parse("case", &request.case);
        let ground = fields.choice("ground", request.ground, pb::ErasureGround::as_str_name);
        let asked_by = fields.choice("asked_by", request.asked_by, pb::Requester::as_str_name);
        let ((asked, case), (ground, asked_by)) = fields.finish(asked.zip(case).zip(ground.zip(asked_by)))?;
        let wish = erase::Wish { case, ground, asked_by };
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                erase::propose(&tx, wish).await.map(|one| wire::destruction(&one, true, false))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn approve_erasure(
        &self,
        request: Request<pb::ApproveErasureRequest>,
    ) -> Result<Response<pb::Destruction>, Status> {
        let grant = permit(&request, Action::ApproveErasure)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id = fields.parse("name", &request.name);
        let (asked, id) = fields.finish(asked.zip(id))?;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                approve(&tx, Kind::Erasure, id).await.map(|one| wire::destruction(&one, true, true))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_retention_profile(
        &self,
        request: Request<pb::GetRetentionProfileRequest>,
    ) -> Result<Response<pb::RetentionProfile>, Status> {
        let grant = permit(&request, Action::ManageRetention)?;
        let standing = profile::get(&self.read(grant)).await?;
        Ok(Response::new(wire::profile(&standing)))
    }

    async fn set_retention_profile(
        &self,
        request: Request<pb::SetRetentionProfileRequest>,
    ) -> Result<Response<pb::RetentionProfile>, Status> {
        let grant = permit(&request, Action::ManageRetention)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wanted = request.profile.unwrap_or_default();
        let etag = fields.etag("profile.etag", &wanted.etag);
        let terms = reading::profile(&mut fields, &wanted.terms);
        let (asked, (etag, terms)) = fields.finish(asked.zip(etag.zip(terms)))?;
        let terms = &terms;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                profile::set(&tx, etag, terms).await.map(|standing| wire::profile(&standing))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn plan_retention(
        &self,
        request: Request<pb::PlanRetentionRequest>,
    ) -> Result<Response<pb::Destruction>, Status> {
        let grant = permit(&request, Action::ManageRetention)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let asked = fields.finish(asked)?;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                retention::plan(&tx).await.map(|one| wire::destruction(&one, false, false))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn approve_retention(
        &self,
        request: Request<pb::ApproveRetentionRequest>,
    ) -> Result<Response<pb::Destruction>, Status> {
        let grant = permit(&request, Action::ApproveRetention)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id = fields.parse("name", &request.name);
        let (asked, id) = fields.finish(asked.zip(id))?;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                approve(&tx, Kind::Retention, id).await.map(|one| wire::destruction(&one, false, true))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_destruction(
        &self,
        request: Request<pb::GetDestructionRequest>,
    ) -> Result<Response<pb::Destruction>, Status> {
        let grant = permit(&request, Action::ManageRetention)?;
        let mut fields = Fields::default();
        let id = fields.parse("name", &request.into_inner().name);
        let id: DestructionId = fields.finish(id)?;
        let names_case = grant.classes().has(Class::K2);
        let one = destructions::get(&self.read(grant), id).await?;
        Ok(Response::new(wire::destruction(&one, names_case, true)))
    }

    async fn list_destructions(
        &self,
        request: Request<pb::ListDestructionsRequest>,
    ) -> Result<Response<pb::ListDestructionsResponse>, Status> {
        let grant = permit(&request, Action::ManageRetention)?;
        let request = request.into_inner();
        let bound = Bound { app: self, grant: &grant, filter: String::new() };
        let mut fields = Fields::default();
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let page = fields.finish(page)?;
        let names_case = grant.classes().has(Class::K2);
        let mut found = destructions::list(&self.read(grant.clone()), &page).await?;
        let next = cut(&mut found, page.size, |one| one.id.0);
        Ok(Response::new(pb::ListDestructionsResponse {
            destructions: found.iter().map(|one| wire::destruction(one, names_case, false)).collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn verify_statement(
        &self,
        request: Request<pb::VerifyStatementRequest>,
    ) -> Result<Response<pb::VerifyStatementResponse>, Status> {
        permit(&request, Action::ManageRetention)?;
        let file = request.into_inner().statement;
        let mut fields = Fields::default();
        if file.is_empty() {
            fields.refuse("statement", Refusal::FieldRequired);
        }
        fields.check()?;
        let valid = statement::verify(&self.keys, &file).is_some();
        Ok(Response::new(pb::VerifyStatementResponse { valid }))
    }
}
