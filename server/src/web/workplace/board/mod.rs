//! Board: how many children wait, where and for how long; what is late; and all of it as pictures and files.

mod asked;
pub(in crate::web::workplace) mod cycle;
mod figures;
mod files;
pub(in crate::web::workplace) mod glance;
mod indicators;
mod late;
mod reports;
mod supply;
mod ways;

use axum::{Router, extract::Query, routing::get};
use http::StatusCode;
use minijinja::{Value, context};
use pb::monitor_service_client::MonitorServiceClient;
use schakel_domain::access::{Action, Relation, Role, may};
use schakel_proto::v1 as pb;

use self::asked::Asked;
use super::{
    Workplace,
    region::names::walk,
    shown,
    trouble::{Faults, Shown, Trouble},
    visit::Visit,
    words::words,
};
use crate::access::authenticate::today;

words! {
    title: "Overzicht", "Board";
    contents: "Op deze pagina", "On this page";
    choose: "Kies wat u wilt zien", "Choose what to see";
    about: "Over", "About";
    all: "alles wat u mag tellen", "all that you may count";
    gemeenten: "Gemeente waar het kind woont", "Gemeente where the child lives";
    clusters: "Cluster van scholen", "Cluster of schools";
    schools: "School", "School";
    date: "Op", "On";
    date_hint: "Een dag die voorbij is mag ook. Leeg is vandaag.", "A day in the past is fine. Empty is today.";
    from: "Vanaf", "From";
    from_hint: "Eerste dag van de periode voor instroom en uitstroom. Leeg is 13 weken eerder.",
        "First day of the period for who came and went. Empty is 13 weeks earlier.";
    month_hint: "U ziet de laatste hele maand tot en met deze dag. Instroom en uitstroom zijn van het laatste hele kwartaal. Leeg is vandaag.",
        "You see the last full month up to this day. Who came and went is of the last full quarter. Empty is today.";
    asked: "U vroeg", "You asked for";
    month_before: "dit is de laatste hele maand daarvoor.", "this is the last full month before it.";
    quarters: "U kunt hier geen eigen begin van de periode kiezen: u ziet hele kwartalen.",
        "You cannot choose the first day of the period here: you see whole quarters.";
    by: "Per", "By";
    by_wijk: "wijk van de school", "wijk of the school";
    by_gemeente: "gemeente van het kind", "gemeente of the child";
    by_school: "school", "school";
    by_cluster: "cluster", "cluster";
    by_none: "niets: alleen het totaal", "nothing: the total only";
    end: "Wachten op", "Waiting for";
    end_first_meeting: "eerste gesprek met ouders", "first meeting with parents";
    end_offer: "passend aanbod", "fitting offer";
    end_solved: "oplossing", "solution";
    show: "Toon", "Show";
    at_home: "Open dossiers, naar dagen thuis", "Open cases, by days at home";
    empty: "Er waren op deze dag geen open dossiers.", "There were no open cases on this day.";
    on: "Stand op", "As on";
    made: "Afgedrukt van Schakel op", "Printed from Schakel on";
    exact: "U ziet alle dossiers die u mag zien, precies geteld.", "You see all cases that you may see, counted exactly.";
    rounded: "U ziet cijfers van de regio. Ze zijn afgerond op 5. Aantallen onder dit getal staan er niet:",
        "You see figures of the region. They are rounded to 5. Counts below this number are not told:";
    withheld: "te weinig kinderen om te tonen", "too few children to show";
    withheld_why: "Een streepje betekent: te weinig kinderen om te tonen, of geen. Soms staat er ook een streepje bij een groter getal. Anders kunt u het kleine getal uitrekenen.",
        "A dash means: too few children to show, or none. Sometimes a larger number has a dash too. Otherwise you could work out the small number.";
    place: "Waar", "Where";
    total: "Totaal", "Total";
    no_wijk: "zonder school of wijk", "without a school or wijk";
    no_gemeente: "zonder gemeente", "without a gemeente";
    no_school: "zonder school", "without a school";
    no_cluster: "zonder cluster", "without a cluster";
    open: "Open", "Open";
    under_4: "tot 4 weken", "under 4 weeks";
    from_4: "4 tot 13 weken", "4 to 13 weeks";
    from_13: "13 tot 26 weken", "13 to 26 weeks";
    from_26: "26 tot 52 weken", "26 to 52 weeks";
    from_52: "52 weken of langer", "52 weeks or longer";
    period: "In de periode", "In the period";
    until: "tot en met", "until";
    inflow: "Erbij gekomen", "Came in";
    outflow: "Afgesloten", "Closed";
    within: "Binnen drie maanden een aanbod of oplossing", "Offered or solved within three months";
    late: "Niet binnen drie maanden", "Not within three months";
    solved: "Afgesloten met een oplossing", "Closed with a solution";
    lasting: "Opgelost gebleven tot na 12 weken nazorg", "Still solved after 12 weeks of aftercare";
    relapsed: "Binnen 12 weken opnieuw thuis", "At home again within 12 weeks";
    unfollowed: "Na 12 weken niet alle nazorg gedaan", "After 12 weeks not all aftercare was done";
    pending: "12 weken nazorg nog niet voorbij", "12 weeks of aftercare not over yet";
    alarms: "Te laat en zonder vervolg", "Late and without a next step";
    no_alarms: "Er is niets te laat.", "Nothing is late.";
    no_regisseur: "Zonder regisseur", "Without a regisseur";
    no_next_action: "Zonder volgende stap", "Without a next step";
    pact_late: "Niet binnen drie maanden een aanbod of oplossing", "Not offered or solved within three months";
    pact_in_period: "In de periode: niet binnen drie maanden een aanbod of oplossing",
        "In the period: not offered or solved within three months";
    late_csv: "Deze dossiers als CSV", "These cases as CSV";
    figures_only: "U ziet hier alleen aantallen.", "You see counts only.";
    breaches: "Verlopen termijnen", "Terms that have passed";
    other_breaches: "Toon de andere verlopen termijnen", "Show the other terms that have passed";
    none_open: "Geen van deze termijnen is nog open.", "None of these terms is still open.";
    on_screen: "De andere verlopen termijnen zijn niet afgedrukt. In Schakel is er een CSV-bestand met alle.",
        "The other terms that have passed are not printed. Schakel has a CSV file of all of them.";
    basis: "Grondslag", "Basis";
    how_late: "Te laat", "Late";
    still_open: "nog open", "still open";
    met_late: "te laat gehaald", "met late";
    turn: "Aan zet", "Whose turn";
    one_day: "dag", "day";
    breaches_csv: "Verlopen termijnen als CSV", "Terms that have passed as CSV";
    term: "Termijn", "Term";
    was_due: "Had gemoeten op", "Was due on";
    case: "Dossier", "Case";
    cases: "Dossiers", "Cases";
    count: "Aantal", "Count";
    what: "Wat", "What";
    more: "en meer dan hier past", "and more than fits here";
    pictures: "Afbeeldingen", "Pictures";
    bands_alt: "Staafdiagram: open dossiers naar dagen thuis, aan het eind van elk van twaalf maanden. De getallen staan eronder.",
        "Bar chart: open cases by days at home, at the end of each of twelve months. The numbers are below it.";
    tiles_alt: "Kaart van tegels: open dossiers per wijk. De getallen staan in de tabel bovenaan.",
        "Map of tiles: open cases by wijk. The numbers are in the table at the top.";
    survival_alt: "Lijn: het deel van de kinderen dat nog wacht, per week. De getallen staan in de tabel ernaast.",
        "Line: the part of the children that still waits, by week. The numbers are in the table beside it.";
    numbers: "De getallen van deze afbeelding", "The numbers of this picture";
    month: "Einde van de maand", "End of the month";
    waiting: "Hoe lang duurt het?", "How long does it take?";
    half: "de helft wacht niet meer na", "half no longer wait after";
    days: "dagen", "days";
    between: "met 95% zekerheid", "with 95% certainty";
    to: "tot", "to";
    none: "meer dan de helft wacht nog, of er zijn te weinig kinderen om het te zeggen",
        "more than half still wait, or there are too few children to tell";
    too_few: "er zijn te weinig kinderen om te zeggen na hoeveel weken de helft niet meer wacht",
        "there are too few children to tell after how many weeks half no longer wait";
    began: "Van kinderen van wie de eerste dag thuis viel van", "Of children whose first day at home was from";
    region_only: "Hoe lang het duurt, tonen wij alleen van de hele regio. Van een gemeente alleen zegt het te veel over een paar kinderen.",
        "How long it takes is shown of the whole region only. Of one gemeente it says too much about a few children.";
    cut: "Na deze weken zijn er te weinig kinderen om verder te tonen. Ook ertussen staan alleen weken waarin het er genoeg waren.",
        "After these weeks there are too few children to show more. In between, too, only weeks with enough of them are shown.";
    after: "Na", "After";
    weeks: "weken", "weeks";
    still: "Wacht nog", "Still waits";
    band: "95%-band", "95% band";
    at_risk: "Wachtend kort ervoor", "Waiting just before";
    no_curve: "Er zijn te weinig kinderen om dit te tonen.", "There are too few children to show this.";
    column_key: "code van de plaats; TOTAL is het totaal, NONE is zonder plaats", "code of the place; TOTAL is the total, NONE is without a place";
    column_stage: "open, in deze fase van het dossier", "open, in this stage of the case";
    column_label: "open, met dit kenmerk", "open, with this label";
    column_median: "na zoveel dagen wacht de helft niet meer", "after so many days half no longer wait";
    files: "Bestanden", "Files";
    csv: "Tabel als CSV", "Table as CSV";
    json: "Tabel als JSON", "Table as JSON";
    picture: "Afbeelding (SVG)", "Picture (SVG)";
    picture_csv: "Getallen als CSV", "Numbers as CSV";
}

const PAGE: &str = "workplace/board.html";

/// Its templates.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    (PAGE, include_str!("../../templates/workplace/board.html")),
    ("workplace/board_ways.html", include_str!("../../templates/workplace/board_ways.html")),
    ("workplace/board_columns.html", include_str!("../../templates/workplace/board_columns.html")),
    (reports::PAGE, include_str!("../../templates/workplace/report.html")),
    (reports::CASES, include_str!("../../templates/workplace/report_cases.html")),
    (supply::PAGE, include_str!("../../templates/workplace/supply.html")),
    (supply::SPENDING, include_str!("../../templates/workplace/supply_spending.html")),
    (supply::OBLIGED, include_str!("../../templates/workplace/supply_obliged.html")),
    (indicators::PAGE, include_str!("../../templates/workplace/indicators.html")),
    (cycle::PAGE, include_str!("../../templates/workplace/cycle.html")),
    (cycle::GOALS, include_str!("../../templates/workplace/cycle_goals.html")),
];

pub(super) fn routes() -> Router<Workplace> {
    Router::new()
        .route("/board", get(show))
        .route("/board.csv", get(files::csv))
        .route("/board.json", get(files::json))
        .route("/board/breaches.csv", get(files::breaches))
        .route("/board/late.csv", get(files::late))
        .route("/board/{file}", get(files::picture))
        .merge(reports::routes())
        .merge(supply::routes())
        .merge(indicators::routes())
        .merge(cycle::routes())
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    let own = words(visit.language);
    let mut monitor = MonitorServiceClient::new(visit.calls());
    let table = match monitor.get_monitor(asked.table()).await {
        Ok(table) => table.into_inner(),
        Err(status) => {
            let faults = Faults::of(status)?;
            let places = Places::of(&visit, !ways::sees_figures_alone(&visit)).await?;
            let values =
                context! { own, faults => &faults, form => places.form(&asked), ways => ways::ways(&visit) };
            let page = (PAGE, own.title);
            return Ok(visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, page, values));
        }
    };
    let places = Places::of(&visit, table.exact).await?;
    let curve = monitor.get_survival(asked.survival()).await?.into_inner();
    let months = files::months(&visit, &asked).await?;
    let now = today(visit.app.now());
    let late = late::late(&visit, &asked, (&table, now)).await?;
    let total = table.total.clone().unwrap_or_default();
    let nowhere = asked.nowhere(visit.language);
    let rows: Vec<Value> =
        table.rows.iter().map(|row| figures::row(row, &places.gemeenten, nowhere)).collect();
    let day = |iso: &str| shown::day(iso, visit.language);
    let values = context! {
        own, months, late, rows,
        ways => ways::ways(&visit),
        form => places.form(&asked),
        query => asked.query(),
        exact => table.exact,
        threshold => table.threshold,
        date => day(&table.date),
        asked => other_day(&asked, &table).map(day),
        asked_from => !table.exact && !asked.from.is_empty(),
        since => day(&table.from_date),
        until => day(&table.until_date),
        printed => day(&now.to_string()),
        total => figures::row(&total, &[], own.total),
        empty => figures::is_empty(&table),
        withheld => figures::withholds(&table),
        by_wijk => asked.group() == pb::MonitorGroup::Wijk,
        period => figures::period(&total, own),
        columns => figures::columns(own),
        medians => figures::medians((&table, &curve), !asked.from.is_empty(), own),
        curve => figures::curve(&curve),
        began => day(&curve.from_date),
        until_then => day(&curve.until_date),
        is_part => !asked.scope.is_empty(),
        waits_for => asked.end_in_words(own),
    };
    Ok(visit.page(PAGE, own.title, values))
}

/// The day that was asked for, where the figures are of another.
fn other_day<'a>(asked: &'a Asked, table: &pb::GetMonitorResponse) -> Option<&'a str> {
    Some(asked.date.as_str()).filter(|date| !date.is_empty() && *date != table.date)
}

/// What can be chosen from.
struct Places {
    /// Code and name of each.
    gemeenten: Vec<(String, String)>,
    /// Of what figures can be asked: a heading, and under it the value and name of each.
    scopes: Vec<(Heading, Vec<(String, String)>)>,
    exact: bool,
    own: &'static Words,
}

/// What stands above places of one sort.
type Heading = &'static str;

impl Places {
    /// Those whose figures the caller may hope for: a school's own people have only their own, and a
    /// gemeente its own residents. What is refused all the same is the call's to refuse.
    async fn of(visit: &Visit, exact: bool) -> Result<Self, Trouble> {
        let own = words(visit.language);
        let ask = pb::ListAreasRequest { kind: pb::area::Kind::Gemeente.into(), ..Default::default() };
        let areas = walk!(visit, list_areas, areas, ask);
        let gemeenten: Vec<_> = areas.into_iter().map(|area| (area.code, area.display_name)).collect();
        let roles: Vec<Role> = visit.session.acting.iter().map(|at| at.role).collect();
        let ways = may(&roles, Action::ReadMonitor, None).map(|leave| leave.reaches).unwrap_or_default();
        let region = ways.iter().any(|way| matches!(way.relation, Relation::Region));
        let residents = ways.iter().any(|way| matches!(way.relation, Relation::Residence));
        let mut scopes = Vec::new();
        if region {
            scopes.push((own.gemeenten, gemeenten.clone()));
        }
        if exact && (region || residents) {
            let found = walk!(visit, list_clusters, clusters, pb::ListClustersRequest::default());
            scopes.push((own.clusters, found.into_iter().map(|one| (one.name, one.display_name)).collect()));
            let found = walk!(visit, list_schools, schools, pb::ListSchoolsRequest::default());
            scopes.push((own.schools, found.into_iter().map(|one| (one.name, one.display_name)).collect()));
        }
        scopes.retain(|(_, places)| !places.is_empty());
        Ok(Self { gemeenten, scopes, exact, own })
    }

    /// Of what figures can be asked, with what was.
    fn scopes(&self, chosen: &str) -> Vec<Value> {
        let scope = |(heading, places): &(Heading, Vec<(String, String)>)| {
            let options: Vec<Value> =
                places.iter().map(|(value, label)| option(value, label, value == chosen)).collect();
            context! { heading => *heading, options }
        };
        self.scopes.iter().map(scope).collect()
    }

    /// By what the rows can differ, with what was asked.
    fn groups(&self, chosen: pb::MonitorGroup) -> Vec<Value> {
        let told = asked::GROUPS.iter().filter(|one| self.exact || one.outside);
        told.map(|one| option(one.word, (one.label)(self.own), one.group == chosen)).collect()
    }

    /// The form, with what was asked.
    fn form(&self, asked: &Asked) -> Value {
        let ends: Vec<Value> = asked::ENDS
            .iter()
            .map(|(word, end, label)| option(word, label(self.own), *end == asked.end()))
            .collect();
        context! {
            ends,
            exact => self.exact,
            scopes => self.scopes(&asked.scope),
            groups => self.groups(asked.group()),
            date => asked.date.as_str(),
            from => asked.from.as_str(),
        }
    }
}

/// A choice of the form.
fn option(value: &str, label: &str, chosen: bool) -> Value {
    context! { value, label, chosen }
}
