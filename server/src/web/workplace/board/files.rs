//! The figures as files to take along, and the pictures of the page.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, header};
use minijinja::{Value, context};
use pb::{MonitorFormat, MonitorPlot, monitor_service_client::MonitorServiceClient};
use schakel_domain::monitor::line;
use schakel_proto::v1 as pb;

use super::{asked::Asked, late::without_offer};
use crate::{
    access::authenticate::today,
    web::{
        problem::NOT_FOUND,
        workplace::{
            shown,
            trouble::{Shown, Trouble},
            visit::Visit,
        },
    },
};

/// `/board.csv`: the table.
pub(super) async fn csv(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    let file = exported(&visit, asked.file(MonitorFormat::Csv, MonitorPlot::Unspecified)).await?;
    Ok(kept(file))
}

/// `/board.json`: the same for programs.
pub(super) async fn json(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    let file = exported(&visit, asked.file(MonitorFormat::Json, MonitorPlot::Unspecified)).await?;
    Ok(kept(file))
}

/// `/board/bands.svg`, and so on: a picture to look at, or its numbers to keep.
pub(super) async fn picture(visit: Visit, Path(file): Path<String>, Query(asked): Query<Asked>) -> Shown {
    let (plot, ending) = file.split_once('.').unwrap_or_default();
    let plot = match plot {
        "bands" => MonitorPlot::Bands,
        "survival" => MonitorPlot::Survival,
        "tiles" => MonitorPlot::Tiles,
        _ => return Err(NOT_FOUND.into()),
    };
    let format = match ending {
        "svg" => return Ok(open(exported(&visit, asked.file(MonitorFormat::Svg, plot)).await?)),
        "csv" => MonitorFormat::Csv,
        "json" => MonitorFormat::Json,
        _ => return Err(NOT_FOUND.into()),
    };
    Ok(kept(exported(&visit, asked.file(format, plot)).await?))
}

/// `/board/breaches.csv`: every term that passed, of the cases that the caller reads.
pub(super) async fn breaches(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    let mut monitor = MonitorServiceClient::new(visit.calls());
    let mut ask = asked.breaches();
    let mut text = line(BREACH);
    loop {
        let page = monitor.list_breaches(ask.clone()).await?.into_inner();
        page.breaches.iter().for_each(|one| text.push_str(&row(one)));
        if page.next_page_token.is_empty() {
            break;
        }
        ask.page_token = page.next_page_token;
    }
    Ok(kept(of_breaches("breaches", text, &visit)))
}

/// `/board/late.csv`: the open cases without an offer after three months, longest first.
pub(super) async fn late(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    let waiting = without_offer(&visit, &asked).await?.ok_or(NOT_FOUND)?;
    let rows: String = waiting.iter().map(row).collect();
    Ok(kept(of_breaches("late", line(BREACH) + &rows, &visit)))
}

/// The columns of a file of terms that passed.
const BREACH: [&str; 10] =
    ["case", "reference", "norm", "name", "basis", "due_date", "met_date", "late_days", "state", "acts"];

fn of_breaches(word: &str, text: String, visit: &Visit) -> pb::ExportMonitorResponse {
    pb::ExportMonitorResponse {
        content_type: "text/csv; charset=utf-8".to_owned(),
        file_name: format!("{word}-{}.csv", today(visit.app.now())),
        content: text.into_bytes(),
    }
}

fn row(one: &pb::Breach) -> String {
    let acts: Vec<&str> = one.acts().map(|role| role.as_str_name().trim_start_matches("ROLE_")).collect();
    let (late_days, acts) = (one.late_days.to_string(), acts.join(" "));
    line([
        one.case.as_str(),
        one.reference.as_str(),
        one.norm.as_str(),
        one.display_name.as_str(),
        one.basis.as_str(),
        one.due_date.as_str(),
        one.met_date.as_str(),
        late_days.as_str(),
        one.state().as_str_name().trim_start_matches("STATE_"),
        acts.as_str(),
    ])
}

async fn exported(
    visit: &Visit,
    ask: pb::ExportMonitorRequest,
) -> Result<pb::ExportMonitorResponse, Trouble> {
    Ok(MonitorServiceClient::new(visit.calls()).export_monitor(ask).await?.into_inner())
}

/// For the browser to show.
fn open(file: pb::ExportMonitorResponse) -> Response {
    let mut response = file.content.into_response();
    put(&mut response, header::CONTENT_TYPE, &file.content_type);
    response
}

/// For the browser to keep.
pub(super) fn kept(file: pb::ExportMonitorResponse) -> Response {
    let as_file = format!("attachment; filename=\"{}\"", file.file_name);
    let mut response = open(file);
    put(&mut response, header::CONTENT_DISPOSITION, &as_file);
    response
}

fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// The numbers of the picture of durations, month by month: `date` and the `counts` of its bands,
/// of which one that is withheld is none.
pub(super) async fn months(visit: &Visit, asked: &Asked) -> Result<Vec<Value>, Trouble> {
    let file = exported(visit, asked.file(MonitorFormat::Csv, MonitorPlot::Bands)).await?;
    let text = String::from_utf8_lossy(&file.content);
    let month = |line: &str| {
        let mut cells = line.split(',');
        let date = cells.next().unwrap_or_default();
        let figure = |cell: &str| {
            let count = cell.parse::<u32>().ok();
            context! { count => count.unwrap_or_default(), withheld => count.is_none() }
        };
        let counts: Vec<Value> = cells.map(figure).collect();
        context! { counts, date => shown::day(date, visit.language) }
    };
    Ok(text.lines().skip(1).map(month).collect())
}
