//! The named reports, on the wire.

use chrono::NaiveDate;
use schakel_domain::{access::Action, monitor::report::Figure, refusal::Refusal};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    export,
    get::{Wanted, report},
    granted,
    list_cases::{self, list_cases},
    obliged, spending,
    supply::supply,
    wire,
};
use crate::{
    access::Grant,
    app::App,
    error::{Error, Result},
    monitor::{
        rpc::{day, key},
        wire as monitor,
    },
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
        page::Bound,
    },
};

/// What every request for a report has.
struct Asked<'a> {
    kind: i32,
    date: &'a str,
    scope: Option<&'a pb::MonitorScope>,
    group_by: i32,
}

impl Asked<'_> {
    fn read(&self, fields: &mut Fields, today: NaiveDate) -> Option<Wanted> {
        let kind = fields.choice("kind", self.kind, pb::ReportKind::as_str_name);
        let date = day(fields, "date", self.date, today);
        let scope = monitor::scope(fields, self.scope);
        let group = monitor::group(fields, self.group_by);
        Some(Wanted { kind: kind?, date: date?, scope: scope?, group })
    }
}

macro_rules! asked {
    ($request:expr) => {
        Asked {
            kind: $request.kind,
            date: &$request.date,
            scope: $request.scope.as_ref(),
            group_by: $request.group_by,
        }
    };
}

/// The figure that is asked for: one of the report.
fn figure(fields: &mut Fields, text: &str, wanted: Option<&Wanted>) -> Option<Figure> {
    let figure: Option<Figure> = text.parse().ok();
    let figure = figure.filter(|figure| wanted.is_none_or(|wanted| figure.kinds().contains(&wanted.kind)));
    if figure.is_none() {
        fields.refuse("figure", if text.is_empty() { Refusal::FieldRequired } else { Refusal::FieldInvalid });
    }
    figure
}

/// Leave to see figures; else that of who keeps the register: it sets what stands beside them, and is told
/// that and no figure of a case.
pub(super) fn sees_or_sets<M>(request: &Request<M>) -> Result<Grant> {
    match permit(request, Action::ReadMonitor) {
        Err(Error::Denied(refused)) => {
            permit(request, Action::WriteDirectory).map_err(|_| Error::Denied(refused))
        }
        answer => answer,
    }
}

#[tonic::async_trait]
impl pb::report_service_server::ReportService for App {
    async fn get_report(
        &self,
        request: Request<pb::GetReportRequest>,
    ) -> Result<Response<pb::GetReportResponse>, Status> {
        let grant = permit(&request, Action::ReadMonitor)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let wanted = asked!(request).read(&mut fields, today);
        let wanted = fields.finish(wanted)?;
        let found = report(&self.read(grant), &wanted).await?;
        Ok(Response::new(wire::report(&found)))
    }

    async fn list_report_cases(
        &self,
        request: Request<pb::ListReportCasesRequest>,
    ) -> Result<Response<pb::ListReportCasesResponse>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let report = asked!(request).read(&mut fields, today);
        let figure = figure(&mut fields, &request.figure, report.as_ref());
        let filter = format!("{report:?}|{}|{}", request.key, request.figure);
        let key = key(&mut fields, request.group_by, request.key);
        let bound = Bound { app: self, grant: &grant, filter };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let ((report, figure), page) = fields.finish(report.zip(figure).zip(page))?;
        let wanted = list_cases::Wanted { report, key, figure, page };
        let (behind, beside) = list_cases(&self.read(grant.clone()), &wanted).await?;
        let called = behind.called;
        Ok(Response::new(pb::ListReportCasesResponse {
            cases: called.iter().map(|one| one.case.clone()).collect(),
            next_page_token: behind.next.map(|key| bound.token(&key)).unwrap_or_default(),
            called,
            without_case: monitor::small(beside.without_case),
            of_listed: monitor::small(beside.of_listed),
            of_unseen: monitor::small(beside.of_unseen),
        }))
    }

    async fn export_report(
        &self,
        request: Request<pb::ExportReportRequest>,
    ) -> Result<Response<pb::ExportReportResponse>, Status> {
        let grant = permit(&request, Action::ReadMonitor)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let wanted = asked!(request).read(&mut fields, today);
        let format = monitor::file_format(&mut fields, request.format);
        let (wanted, format) = fields.finish(wanted.zip(format))?;
        let read = self.read(grant);
        let found = if wanted.kind.is_told_outside() {
            export::figures(&read, &wanted, format).await?
        } else {
            export::list(&read, &wanted, format).await?
        };
        Ok(Response::new(found))
    }

    async fn set_granted_hours(
        &self,
        request: Request<pb::SetGrantedHoursRequest>,
    ) -> Result<Response<pb::GrantedHours>, Status> {
        let grant = permit(&request, Action::WriteDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wire::wish(&mut fields, request.granted_hours.as_ref());
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let answer = self.answer(&grant, &asked, |tx| async move { granted::set(&tx, wish).await }).await?;
        Ok(Response::new(answer))
    }

    async fn set_support_spending(
        &self,
        request: Request<pb::SetSupportSpendingRequest>,
    ) -> Result<Response<pb::SupportSpending>, Status> {
        let grant = permit(&request, Action::WriteDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = spending::Wish::read(&mut fields, request.support_spending.as_ref());
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let answer = self.answer(&grant, &asked, |tx| async move { spending::set(&tx, wish).await }).await?;
        Ok(Response::new(answer))
    }

    async fn set_obliged(
        &self,
        request: Request<pb::SetObligedRequest>,
    ) -> Result<Response<pb::Obliged>, Status> {
        let grant = permit(&request, Action::WriteDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = obliged::Wish::read(&mut fields, request.obliged.as_ref());
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let answer = self.answer(&grant, &asked, |tx| async move { obliged::set(&tx, wish).await }).await?;
        Ok(Response::new(answer))
    }

    async fn get_obliged(
        &self,
        request: Request<pb::GetObligedRequest>,
    ) -> Result<Response<pb::GetObligedResponse>, Status> {
        let grant = sees_or_sets(&request)?;
        let today = caller(&request)?.today;
        let mut fields = Fields::default();
        let year = wire::year(&mut fields, &request.get_ref().school_year, today);
        let year = fields.finish(year)?;
        let all = obliged::of(&self.read(grant), year).await?;
        let obliged = all.iter().map(|account| obliged::to_wire(year, account)).collect();
        Ok(Response::new(pb::GetObligedResponse { school_year: year.to_string(), obliged }))
    }

    async fn get_supply(
        &self,
        request: Request<pb::GetSupplyRequest>,
    ) -> Result<Response<pb::GetSupplyResponse>, Status> {
        let grant = sees_or_sets(&request)?;
        let today = caller(&request)?.today;
        let mut fields = Fields::default();
        let year = wire::year(&mut fields, &request.get_ref().school_year, today);
        let year = fields.finish(year)?;
        let (period, rows) = supply(&self.read(grant), year).await?;
        Ok(Response::new(wire::supply(year, period.until(), &rows)))
    }

    async fn export_supply(
        &self,
        request: Request<pb::ExportSupplyRequest>,
    ) -> Result<Response<pb::ExportSupplyResponse>, Status> {
        let grant = permit(&request, Action::ReadMonitor)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let year = wire::year(&mut fields, &request.school_year, today);
        let format = monitor::file_format(&mut fields, request.format);
        let (year, format) = fields.finish(year.zip(format))?;
        let (_, rows) = supply(&self.read(grant), year).await?;
        Ok(Response::new(export::supply(year, &rows, format)))
    }
}
