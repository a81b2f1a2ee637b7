//! The monitor, on the wire.

use chrono::NaiveDate;
use schakel_domain::{access::Action, dutch::SchoolYear, monitor::Measure, refusal::Refusal};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    breaches::{self, list_breaches},
    export::{self, Format, Plot, export},
    list_cases::{self, list_cases},
    survival::{self, survival},
    table::{self, table},
    wire,
};
use crate::{
    app::App,
    error::language,
    wire::{
        call::{caller, permit},
        fields::Fields,
        page::Bound,
    },
};

/// The day that is asked for; today when none is.
pub(super) fn day(
    fields: &mut Fields,
    field: &'static str,
    text: &str,
    today: NaiveDate,
) -> Option<NaiveDate> {
    if text.is_empty() {
        return Some(today);
    }
    let day = fields.date(field, text)?;
    if day > today {
        fields.refuse(field, Refusal::TimeOutOfBounds);
        return None;
    }
    Some(day)
}

/// The row that is asked for; none: the total.
pub(super) fn key(fields: &mut Fields, group_by: i32, key: String) -> Option<String> {
    if group_by != 0 && key.is_empty() {
        fields.refuse("key", Refusal::FieldRequired);
    }
    Some(key).filter(|key| !key.is_empty())
}

/// Since when the cases were closed of which terms are asked for; none: it is of open ones. What closed cases came to
/// is worked out case by case, so who says nothing gets this school year and the one before.
fn closed_since(
    fields: &mut Fields,
    request: &pb::ListBreachesRequest,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let from = &request.closed_from_date;
    if !request.closed {
        if !from.is_empty() {
            fields.refuse("closed_from_date", Refusal::FieldInvalid);
        }
        return None;
    }
    let usual = SchoolYear::of(today).before().first_day();
    if from.is_empty() { Some(usual) } else { day(fields, "closed_from_date", from, today) }
}

/// What every request for a table has.
struct Asked<'a> {
    scope: Option<&'a pb::MonitorScope>,
    date: &'a str,
    from_date: &'a str,
    group_by: i32,
}

impl Asked<'_> {
    fn read(&self, fields: &mut Fields, today: NaiveDate) -> Option<table::Wanted> {
        let scope = wire::scope(fields, self.scope);
        let date = day(fields, "date", self.date, today);
        let from = fields.date_if("from_date", self.from_date);
        let group = wire::group(fields, self.group_by);
        if let (Some(from), Some(date)) = (from, date)
            && from > date
        {
            fields.refuse("from_date", Refusal::TimeRangeInvalid);
        }
        Some(table::Wanted { scope: scope?, date: date?, from, group })
    }
}

macro_rules! asked {
    ($request:expr) => {
        Asked {
            scope: $request.scope.as_ref(),
            date: &$request.date,
            from_date: &$request.from_date,
            group_by: $request.group_by,
        }
    };
}

/// Of what a file is.
fn plot(fields: &mut Fields, request: &pb::ExportMonitorRequest) -> Option<Plot> {
    match pb::MonitorPlot::try_from(request.plot) {
        Ok(pb::MonitorPlot::Unspecified) if request.format == i32::from(pb::MonitorFormat::Svg) => {
            fields.refuse("plot", Refusal::FieldRequired);
            None
        }
        Ok(pb::MonitorPlot::Unspecified) => Some(Plot::Table),
        Ok(pb::MonitorPlot::Bands) => Some(Plot::Bands),
        Ok(pb::MonitorPlot::Tiles) => Some(Plot::Tiles),
        Ok(pb::MonitorPlot::Survival) => wire::end(fields, request.end).map(Plot::Survival),
        Err(_) => {
            fields.refuse("plot", Refusal::FieldInvalid);
            None
        }
    }
}

#[tonic::async_trait]
impl pb::monitor_service_server::MonitorService for App {
    async fn get_monitor(
        &self,
        request: Request<pb::GetMonitorRequest>,
    ) -> Result<Response<pb::GetMonitorResponse>, Status> {
        let grant = permit(&request, Action::ReadMonitor)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let wanted = asked!(request).read(&mut fields, today);
        let wanted = fields.finish(wanted)?;
        let table = table(&self.read(grant), &wanted).await?;
        Ok(Response::new(wire::table(&table)))
    }

    async fn get_survival(
        &self,
        request: Request<pb::GetSurvivalRequest>,
    ) -> Result<Response<pb::GetSurvivalResponse>, Status> {
        let grant = permit(&request, Action::ReadMonitor)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let scope = wire::scope(&mut fields, request.scope.as_ref());
        let end = wire::end(&mut fields, request.end);
        let until = day(&mut fields, "until_date", &request.until_date, today);
        let from = fields.date_if("from_date", &request.from_date);
        if let (Some(from), Some(until)) = (from, until)
            && from > until
        {
            fields.refuse("from_date", Refusal::TimeRangeInvalid);
        }
        let ((scope, end), until) = fields.finish(scope.zip(end).zip(until))?;
        let wanted = survival::Wanted { scope, end, from, until };
        let found = survival(&self.read(grant), &wanted).await?;
        Ok(Response::new(wire::curve(&found, end)))
    }

    async fn list_monitor_cases(
        &self,
        request: Request<pb::ListMonitorCasesRequest>,
    ) -> Result<Response<pb::ListMonitorCasesResponse>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let table = asked!(request).read(&mut fields, today);
        let measure = Measure::named(&request.measure);
        if measure.is_none() {
            let empty = request.measure.is_empty();
            fields.refuse("measure", if empty { Refusal::FieldRequired } else { Refusal::FieldInvalid });
        }
        let filter = format!("{table:?}|{}|{}", request.key, request.measure);
        let key = key(&mut fields, request.group_by, request.key);
        let bound = Bound { app: self, grant: &grant, filter };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let ((table, measure), page) = fields.finish(table.zip(measure).zip(page))?;
        let wanted = list_cases::Wanted { table, key, measure, page };
        let (called, next) = list_cases(&self.read(grant.clone()), &wanted).await?;
        let next_page_token = next.map(|key| bound.token(&key)).unwrap_or_default();
        let cases = called.iter().map(|one| one.case.clone()).collect();
        Ok(Response::new(pb::ListMonitorCasesResponse { cases, next_page_token, called }))
    }

    async fn list_breaches(
        &self,
        request: Request<pb::ListBreachesRequest>,
    ) -> Result<Response<pb::ListBreachesResponse>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let scope = wire::scope(&mut fields, request.scope.as_ref());
        let closed_since = closed_since(&mut fields, &request, today);
        let filter = format!("{scope:?}|{}|{closed_since:?}", request.norm);
        let bound = Bound { app: self, grant: &grant, filter };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let (scope, page) = fields.finish(scope.zip(page))?;
        let norm = Some(request.norm).filter(|norm| !norm.is_empty());
        let wanted = breaches::Wanted { scope, closed_since, norm, page, language: language() };
        let (breaches, next) = list_breaches(&self.read(grant.clone()), &wanted).await?;
        let next_page_token = next.map(|key| bound.token(&key)).unwrap_or_default();
        Ok(Response::new(pb::ListBreachesResponse { breaches, next_page_token }))
    }

    async fn export_monitor(
        &self,
        request: Request<pb::ExportMonitorRequest>,
    ) -> Result<Response<pb::ExportMonitorResponse>, Status> {
        let grant = permit(&request, Action::ReadMonitor)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let table = asked!(request).read(&mut fields, today);
        let format: Option<Format> = fields.choice("format", request.format, pb::MonitorFormat::as_str_name);
        let plot = plot(&mut fields, &request);
        let ((table, format), plot) = fields.finish(table.zip(format).zip(plot))?;
        let wanted = export::Wanted { table, format, plot, language: language() };
        Ok(Response::new(export(&self.read(grant), &wanted).await?))
    }
}
