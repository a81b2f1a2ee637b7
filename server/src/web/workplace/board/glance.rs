//! The region in figures at a glance: the first thing on Today for who sees of cases figures alone.

use minijinja::{Value, context};
use pb::monitor_service_client::MonitorServiceClient;
use schakel_proto::v1 as pb;

use super::{figures, ways::sees_figures_alone};
use crate::web::workplace::{shown, trouble::Trouble, visit::Visit, words::words};

words! {
    heading: "Kinderen thuis in uw regio", "Children at home in your region";
    on: "Stand op", "As on";
    outside: "Dit zijn cijfers van de laatste volle maand. Ze zijn afgerond op 5. Een streepje is te weinig om te tonen, of geen. Dossiers ziet u niet.",
        "These are figures of the last full month. They are rounded to 5. A dash is too few to show, or none. You see no cases.";
    withheld: "te weinig kinderen om te tonen", "too few children to show";
    place: "Waar", "Where";
    open: "Open", "Open";
    inflow: "Erbij gekomen", "Came in";
    outflow: "Afgesloten", "Closed";
    total: "Totaal", "Total";
    nowhere: "zonder gemeente", "without a gemeente";
    period: "In het laatste volle kwartaal", "In the last full quarter";
    board: "Bekijk het hele overzicht", "See the whole board";
}

/// Figures of each gemeente and of all, and the way to the board; nothing for who may see cases, or
/// no figures.
pub(in crate::web::workplace) async fn glance(visit: &Visit) -> Result<Option<Value>, Trouble> {
    if !sees_figures_alone(visit) {
        return Ok(None);
    }
    let own = words(visit.language);
    let ask = pb::GetMonitorRequest { group_by: pb::MonitorGroup::Gemeente.into(), ..Default::default() };
    let table = MonitorServiceClient::new(visit.calls()).get_monitor(ask).await?.into_inner();
    let total = table.total.clone().unwrap_or_default();
    let row = |row: &pb::MonitorRow| {
        let names = [row.display_name.as_str(), row.key.as_str(), own.nowhere];
        let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        context! { name, open => figures::figure(row, "OPEN") }
    };
    Ok(Some(context! {
        own,
        date => shown::day(&table.date, visit.language),
        rows => table.rows.iter().map(row).collect::<Vec<_>>(),
        open => figures::figure(&total, "OPEN"),
        inflow => figures::figure(&total, "INFLOW"),
        outflow => figures::figure(&total, "OUTFLOW"),
    }))
}
