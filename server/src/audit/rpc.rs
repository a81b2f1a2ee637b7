//! The log for the privacy officer, on the wire.

use schakel_domain::{access::Action, ids::PersonId, refusal::Refusal};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    read::{Wanted, lines},
    who_saw::{Whose, who_saw},
    wire,
};
use crate::{
    app::App,
    error::language,
    wire::{call::permit, fields::Fields, page::Bound},
};

fn whose(fields: &mut Fields, child: &str, case: &str) -> Option<Whose> {
    let person: Option<PersonId> = fields.parse_if("child", child);
    let file = match case.parse() {
        Ok(reference) => Some(Whose::Reference(reference)),
        Err(_) => fields.parse_if("case", case).map(Whose::Case),
    };
    if child.is_empty() == case.is_empty() {
        let refusal = if child.is_empty() { Refusal::FieldRequired } else { Refusal::FieldInvalid };
        fields.refuse("child", refusal);
    }
    person.map(Whose::Person).or(file)
}

#[tonic::async_trait]
impl pb::audit_service_server::AuditService for App {
    async fn who_saw(
        &self,
        request: Request<pb::WhoSawRequest>,
    ) -> Result<Response<pb::WhoSawResponse>, Status> {
        let grant = permit(&request, Action::ReadAudit)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let whose = whose(&mut fields, &request.child, &request.case);
        let from = fields.date_if("from_date", &request.from_date);
        let until = fields.date_if("until_date", &request.until_date);
        let whose = fields.finish(whose)?;
        let wanted = &Wanted { from, until, ..Wanted::default() };
        let names = request.release_names;
        let found =
            self.write(&grant, None, |tx| async move { who_saw(&tx, whose, wanted, names).await }).await?;
        Ok(Response::new(pb::WhoSawResponse { sights: wire::sights(&found, language()) }))
    }

    async fn list_audit_lines(
        &self,
        request: Request<pb::ListAuditLinesRequest>,
    ) -> Result<Response<pb::ListAuditLinesResponse>, Status> {
        let grant = permit(&request, Action::ReadAudit)?;
        let request = request.into_inner();
        let filter = [&request.subject, &request.actor, &request.from_date, &request.until_date];
        let bound = Bound { app: self, grant: &grant, filter: filter.map(String::as_str).join("|") };
        let mut fields = Fields::default();
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let wanted = &Wanted {
            subject: fields.parse_if("subject", &request.subject),
            actor: fields.parse_if("actor", &request.actor),
            from: fields.date_if("from_date", &request.from_date),
            until: fields.date_if("until_date", &request.until_date),
        };
        let page = &fields.finish(page)?;
        let (rows, places, next) =
            self.write(&grant, None, |tx| async move { lines(&tx, wanted, page).await }).await?;
        let line = |row: crate::entity::audit::Model| {
            let seq = places.get(&row.id).copied().unwrap_or_default();
            wire::line(row, seq)
        };
        Ok(Response::new(pb::ListAuditLinesResponse {
            lines: rows.into_iter().map(line).collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }
}
