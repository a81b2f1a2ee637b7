//! Hours, absences, files and the search, on the wire.

use std::sync::Arc;

use chrono::NaiveDate;
use schakel_domain::{
    access::Action,
    ids::{AbsenceId, AffiliationId, PersonId, WeeklyHoursId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use sea_orm::{Condition, ExprTrait, sea_query::Expr};
use tonic::{Request, Response, Status, Streaming};

use super::{absence, change, compare, date_override, find, hours, import, limits, store};
use crate::{
    access::authenticate::today,
    app::App,
    directory,
    error::Result,
    store::Tx,
    wire::{
        call::{asked, permit},
        fields::Fields,
        page::{Bound, cut},
    },
};

/// Valid on `day`, or at any time when ended ones are shown too.
fn valid(day: Option<NaiveDate>) -> Condition {
    let Some(day) = day else { return Condition::all() };
    let still =
        Condition::any().add(Expr::col("valid_until").is_null()).add(Expr::col("valid_until").gte(day));
    Condition::all().add(Expr::col("valid_from").lte(day)).add(still)
}

/// The part of a name that must be there.
fn given<M>(fields: &mut Fields, field: &str, message: Option<M>) -> Option<M> {
    if message.is_none() {
        fields.refuse(field, Refusal::FieldRequired);
    }
    message
}

#[tonic::async_trait]
impl pb::availability_service_server::AvailabilityService for App {
    async fn get_weekly_hours(
        &self,
        request: Request<pb::GetWeeklyHoursRequest>,
    ) -> Result<Response<pb::WeeklyHours>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let mut fields = Fields::default();
        let id: Option<WeeklyHoursId> = fields.parse("name", &request.get_ref().name);
        let id = fields.finish(id)?;
        let row = store::get(&self.read(grant), id.0).await?;
        Ok(Response::new(hours::to_wire(&row)))
    }

    async fn list_weekly_hours(
        &self,
        request: Request<pb::ListWeeklyHoursRequest>,
    ) -> Result<Response<pb::ListWeeklyHoursResponse>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let request = request.into_inner();
        let filter = [&request.person, &request.affiliation, &request.valid_on].map(String::as_str).join("|");
        let filter = format!("{filter}|{}", request.show_ended);
        let bound = Bound { app: self, grant: &grant, filter };
        let mut fields = Fields::default();
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let person: Option<PersonId> = fields.parse_if("person", &request.person);
        let affiliation: Option<AffiliationId> = fields.parse_if("affiliation", &request.affiliation);
        let day = fields.date_if("valid_on", &request.valid_on);
        let page = fields.finish(page)?;
        let read = self.read(grant.clone());
        let day = (!request.show_ended).then(|| day.unwrap_or_else(|| today(read.now())));
        let asked = valid(day)
            .add_option(person.map(|person| Expr::col("person_id").eq(person.0)))
            .add_option(affiliation.map(|affiliation| Expr::col("affiliation_id").eq(affiliation.0)));
        let mut rows = store::list(&read, asked, &page).await?;
        let next = cut(&mut rows, page.size, |row| row.id);
        Ok(Response::new(pb::ListWeeklyHoursResponse {
            weekly_hours: rows.iter().map(hours::to_wire).collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn create_weekly_hours(
        &self,
        request: Request<pb::CreateWeeklyHoursRequest>,
    ) -> Result<Response<pb::WeeklyHours>, Status> {
        let grant = permit(&request, Action::WriteAvailability)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = given(&mut fields, "weekly_hours", request.weekly_hours.as_ref()).and_then(|wire| {
            let affiliation = fields.parse("weekly_hours.affiliation", &wire.affiliation);
            affiliation.zip(hours::Block::read(&mut fields, wire, today(self.now())))
        });
        let (asked, (affiliation, block)) = fields.finish(asked.zip(wish))?;
        let block = &block;
        let made = |tx: Arc<Tx>| async move {
            hours::create(&tx, affiliation, block).await.map(|row| hours::to_wire(&row))
        };
        Ok(Response::new(self.answer(&grant, &asked, made).await?))
    }

    async fn update_weekly_hours(
        &self,
        request: Request<pb::UpdateWeeklyHoursRequest>,
    ) -> Result<Response<pb::WeeklyHours>, Status> {
        let grant = permit(&request, Action::WriteAvailability)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let paths = change::mask(&mut fields, request.update_mask.as_ref(), hours::CHANGES);
        let given = given(&mut fields, "weekly_hours", request.weekly_hours).unwrap_or_default();
        let id: Option<WeeklyHoursId> = fields.parse("weekly_hours.name", &given.name);
        let etag = fields.etag("weekly_hours.etag", &given.etag);
        let (asked, which) = fields.finish(asked.zip(id.zip(etag)))?;
        let (paths, given) = (&paths, &given);
        let changed = |tx: Arc<Tx>| async move {
            hours::update(&tx, which, paths, given).await.map(|row| hours::to_wire(&row))
        };
        Ok(Response::new(self.answer(&grant, &asked, changed).await?))
    }

    async fn end_weekly_hours(
        &self,
        request: Request<pb::EndWeeklyHoursRequest>,
    ) -> Result<Response<pb::WeeklyHours>, Status> {
        let grant = permit(&request, Action::WriteAvailability)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<WeeklyHoursId> = fields.parse("name", &request.name);
        let last = fields.date("valid_until", &request.valid_until);
        let etag = fields.etag("etag", &request.etag);
        let ((asked, id), (last, etag)) = fields.finish(asked.zip(id).zip(last.zip(etag)))?;
        let ended = |tx: Arc<Tx>| async move {
            hours::end(&tx, id, last, etag).await.map(|row| hours::to_wire(&row))
        };
        Ok(Response::new(self.answer(&grant, &asked, ended).await?))
    }

    async fn get_absence(
        &self,
        request: Request<pb::GetAbsenceRequest>,
    ) -> Result<Response<pb::Absence>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let mut fields = Fields::default();
        let id: Option<AbsenceId> = fields.parse("name", &request.get_ref().name);
        let id = fields.finish(id)?;
        let row = directory::absence::get(&self.read(grant), id.0).await?;
        Ok(Response::new(absence::to_wire(&row)))
    }

    async fn list_absences(
        &self,
        request: Request<pb::ListAbsencesRequest>,
    ) -> Result<Response<pb::ListAbsencesResponse>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let request = request.into_inner();
        let filter = format!("{}|{}|{}", request.person, request.valid_on, request.show_ended);
        let bound = Bound { app: self, grant: &grant, filter };
        let mut fields = Fields::default();
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let person: Option<PersonId> = fields.parse_if("person", &request.person);
        let day = fields.date_if("valid_on", &request.valid_on);
        let page = fields.finish(page)?;
        let read = self.read(grant.clone());
        let day = (!request.show_ended).then(|| day.unwrap_or_else(|| today(read.now())));
        let asked = valid(day).add_option(person.map(|person| Expr::col("person_id").eq(person.0)));
        let mut rows = directory::absence::list(&read, asked, &page).await?;
        let next = cut(&mut rows, page.size, |row| row.id);
        Ok(Response::new(pb::ListAbsencesResponse {
            absences: rows.iter().map(absence::to_wire).collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn create_absence(
        &self,
        request: Request<pb::CreateAbsenceRequest>,
    ) -> Result<Response<pb::Absence>, Status> {
        let grant = permit(&request, Action::WriteAvailability)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = given(&mut fields, "absence", request.absence.as_ref()).and_then(|wire| {
            let person = fields.parse("absence.person", &wire.person);
            person.zip(absence::Days::read(&mut fields, wire))
        });
        let (asked, (person, days)) = fields.finish(asked.zip(wish))?;
        let made = |tx: Arc<Tx>| async move {
            absence::create(&tx, person, days).await.map(|row| absence::to_wire(&row))
        };
        Ok(Response::new(self.answer(&grant, &asked, made).await?))
    }

    async fn update_absence(
        &self,
        request: Request<pb::UpdateAbsenceRequest>,
    ) -> Result<Response<pb::Absence>, Status> {
        let grant = permit(&request, Action::WriteAvailability)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let paths = change::mask(&mut fields, request.update_mask.as_ref(), absence::CHANGES);
        let given = given(&mut fields, "absence", request.absence).unwrap_or_default();
        let id: Option<AbsenceId> = fields.parse("absence.name", &given.name);
        let etag = fields.etag("absence.etag", &given.etag);
        let (asked, which) = fields.finish(asked.zip(id.zip(etag)))?;
        let (paths, given) = (&paths, &given);
        let changed = |tx: Arc<Tx>| async move {
            absence::update(&tx, which, paths, given).await.map(|row| absence::to_wire(&row))
        };
        Ok(Response::new(self.answer(&grant, &asked, changed).await?))
    }

    async fn end_absence(
        &self,
        request: Request<pb::EndAbsenceRequest>,
    ) -> Result<Response<pb::Absence>, Status> {
        let grant = permit(&request, Action::WriteAvailability)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<AbsenceId> = fields.parse("name", &request.name);
        let last = fields.date("valid_until", &request.valid_until);
        let etag = fields.etag("etag", &request.etag);
        let ((asked, id), (last, etag)) = fields.finish(asked.zip(id).zip(last.zip(etag)))?;
        let ended = |tx: Arc<Tx>| async move {
            absence::end(&tx, id, last, etag).await.map(|row| absence::to_wire(&row))
        };
        Ok(Response::new(self.answer(&grant, &asked, ended).await?))
    }

    async fn get_date_override(
        &self,
        request: Request<pb::GetDateOverrideRequest>,
    ) -> Result<Response<pb::DateOverride>, Status> {
        date_override::rpc::get(self, request).await
    }

    async fn list_date_overrides(
        &self,
        request: Request<pb::ListDateOverridesRequest>,
    ) -> Result<Response<pb::ListDateOverridesResponse>, Status> {
        date_override::rpc::list(self, request).await
    }

    async fn set_date_override(
        &self,
        request: Request<pb::SetDateOverrideRequest>,
    ) -> Result<Response<pb::DateOverride>, Status> {
        date_override::rpc::set_one(self, request).await
    }

    async fn remove_date_override(
        &self,
        request: Request<pb::RemoveDateOverrideRequest>,
    ) -> Result<Response<pb::DateOverride>, Status> {
        date_override::rpc::remove_one(self, request).await
    }

    async fn get_meeting_limits(
        &self,
        request: Request<pb::GetMeetingLimitsRequest>,
    ) -> Result<Response<pb::MeetingLimits>, Status> {
        limits::rpc::get(self, request).await
    }

    async fn set_meeting_limits(
        &self,
        request: Request<pb::SetMeetingLimitsRequest>,
    ) -> Result<Response<pb::MeetingLimits>, Status> {
        limits::rpc::set(self, request).await
    }

    async fn import_availability(
        &self,
        request: Request<Streaming<pb::ImportRequest>>,
    ) -> Result<Response<pb::ImportResponse>, Status> {
        import::rpc(self, request).await
    }

    async fn find_slots(
        &self,
        request: Request<pb::FindSlotsRequest>,
    ) -> Result<Response<pb::FindSlotsResponse>, Status> {
        let grant = permit(&request, Action::FindSlots)?;
        let asked = request.into_inner();
        let (answer, lines) = find::find(self.read(grant.clone()), &asked).await?;
        let lines = &lines;
        let (line, count) = (find::line(&asked), answer.slots.len());
        let audit = |tx: Arc<Tx>| async move {
            tx.audit_counted(line, count).await?;
            tx.audit_all(lines).await
        };
        self.write(&grant, None, audit).await?;
        Ok(Response::new(answer))
    }

    async fn compare_teams(
        &self,
        request: Request<pb::CompareTeamsRequest>,
    ) -> Result<Response<pb::CompareTeamsResponse>, Status> {
        let grant = permit(&request, Action::FindSlots)?;
        let asked = request.into_inner();
        let (answer, lines) = compare::compare(self.read(grant.clone()), &asked).await?;
        let count = answer.teams.iter().map(|team| team.slots.len()).sum();
        let (line, lines) = (find::line(&asked.search.unwrap_or_default()), &lines);
        let audit = |tx: Arc<Tx>| async move {
            tx.audit_counted(line, count).await?;
            tx.audit_all(lines).await
        };
        self.write(&grant, None, audit).await?;
        Ok(Response::new(answer))
    }
}
