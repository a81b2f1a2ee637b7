//! Reports: the named ones of a quarter or a school year, their files, and the cases behind a figure.

mod asked;
mod said;
mod table;

use axum::{Router, extract::Query, routing::get};
use minijinja::{Value, context};
use pb::{directory_service_client::DirectoryServiceClient, report_service_client::ReportServiceClient};
use schakel_domain::{access::Action, refusal::Language};
use schakel_proto::v1 as pb;

pub(super) use self::said::figure;
use self::{
    asked::{Asked, KINDS},
    table::Telling,
};
use super::{
    Places,
    files::kept,
    late::linked,
    option,
    ways::{allowed, page},
};
use crate::web::workplace::{
    Workplace,
    region::names::walk,
    shown,
    trouble::{Faults, Shown, Trouble},
    visit::Visit,
    words::words,
};

words! {
    title: "Rapporten", "Reports";
    intro: "Kies een rapport. U ziet cijfers van een kwartaal of een schooljaar.",
        "Choose a report. You see figures of a quarter or a school year.";
    choose: "Kies een rapport", "Choose a report";
    kind: "Rapport", "Report";
    about: "Over", "About";
    all: "alles wat u mag tellen", "all that you may count";
    date: "Dag in de periode", "Day in the period";
    date_hint: "Een dag in het kwartaal of het schooljaar dat u wilt zien. Leeg is vandaag.",
        "A day in the quarter or the school year that you want to see. Empty is today.";
    by: "Per", "By";
    show: "Toon", "Show";
    made: "Afgedrukt van Schakel op", "Printed from Schakel on";
    period: "Periode:", "Period:";
    until: "tot en met", "until";
    not_over: "Deze periode is nog niet voorbij. Er is geteld tot en met de laatste dag die er staat.",
        "This period is not over. What is counted goes up to the last day that is named.";
    asked: "U vroeg", "You asked for";
    period_before: "dit is de laatste periode die toen voorbij was.", "this is the last period that was over by then.";
    exact: "U ziet alle dossiers die u mag zien, precies geteld.", "You see all cases that you may see, counted exactly.";
    rounded: "U ziet cijfers van de regio, van de laatste periode die voorbij is. Ze zijn afgerond op 5.",
        "You see figures of the region, of the last period that is over. They are rounded to 5.";
    once: "Elk kind telt één keer, hoe vaak iets ook gebeurde. Vragen en overleggen tellen elk één keer.",
        "Each child counts once, however often something happened. Questions and meetings each count once.";
    less: "minder dan", "less than";
    or_secret: "of niet te zeggen zonder een klein getal te verraden", "or not to be told without giving a small number away";
    less_why: "Een streepje betekent: het getal is te klein om te tonen. Dat is minder dan",
        "A dash means: the number is too small to show. That is less than";
    more_why: "Het kan ook 0 zijn. Soms staat er ook een streepje bij een groter getal. Anders kunt u het kleine getal uitrekenen.",
        "It may be 0 as well. Sometimes a larger number has a dash too. Otherwise you could work out the small number.";
    not_yours: "niet voor uw rol", "not for your role";
    not_yours_why: "Een streepje betekent: dit getal is niet voor uw rol.", "A dash means: this number is not for your role.";
    obliged: "Hoeveel kinderen naar school moeten", "How many children must go to school";
    obliged_why: "Het aantal komt van de gemeente. De beheerder van de regio vult het in, op de pagina Aanbod.",
        "The number comes from the gemeente. The administrator of the region fills it in, on the page Supply.";
    gemeente: "Gemeente", "Gemeente";
    leerplichtig: "Leerplichtig", "Leerplichtig";
    kwalificatieplichtig: "Kwalificatieplichtig", "Kwalificatieplichtig";
    unfilled: "niet ingevuld", "not filled in";
    total: "Totaal", "Total";
    figure: "Wat is geteld", "What is counted";
    count: "Aantal", "Count";
    basis: "Grondslag", "Basis";
    of_these: "waarvan", "of these";
    behind: "dossiers", "cases";
    rows: "Per plaats", "By place";
    rows_note: "Wat overal 0 is, staat niet in deze tabel.", "What is 0 everywhere is not in this table.";
    no_rows: "Er is niets om per plaats te tonen.", "There is nothing to show by place.";
    place: "Waar", "Where";
    median: "De helft van de gevraagde overleggen was gehouden binnen zoveel dagen na de vraag",
        "Half of the meetings that were asked for were held within so many days of the question";
    smw: "Minuten van schoolmaatschappelijk werkers en gezinswerkers", "Minutes of school social workers and family workers";
    jgz: "Minuten van jeugdartsen en jeugdverpleegkundigen", "Minutes of youth doctors and nurses";
    kilometres: "De helft van de plaatsingen buiten de wijk is niet verder dan zoveel kilometer",
        "Half of the placements outside the wijk are no farther than so many kilometres";
    kilometres_of_most: "Negen van de tien zijn niet verder dan zoveel kilometer", "Nine in ten are no farther than so many kilometres";
    beside_note: "Per plaats staan deze getallen in het bestand.", "By place these numbers are in the file.";
    files: "Bestanden", "Files";
    csv: "Rapport als CSV", "Report as CSV";
    json: "Rapport als JSON", "Report as JSON";
    list_csv: "De lijst als CSV", "The list as CSV";
    list_json: "De lijst als JSON", "The list as JSON";
    list_note: "Het bestand is de lijst zelf: een regel per kind, zonder naam. Elk kind heeft een schuilnaam, die in één schooljaar dezelfde blijft. Schakel schrijft op dat u deze kinderen hebt gezien.",
        "The file is the list itself: a row for each child, without a name. Each child has a pseudonym, which stays the same within one school year. Schakel writes down that you have seen these children.";
    leerplichttelling: "Leerplichttelling", "Leerplichttelling (count of compulsory schooling)";
    leerplichttelling_note: "Van een schooljaar: verzuim, vrijstellingen, proces-verbaal en Halt, zoals een gemeente het aan OCW vertelt (Leerplichtwet, artikel 25). Het kind telt bij de gemeente waar het woonde. Het aantal kinderen dat leerplichtig is, komt van de gemeente; de beheerder vult het in.",
        "Of a school year: absence, exemptions, proces-verbaal and Halt, as a gemeente tells OCW (LPW art. 25). A child counts for the gemeente in which it lived. The number of children that must go to school comes from the gemeente; the administrator fills it in.";
    jaarverslag: "Jaarverslag leerplicht", "Annual report";
    jaarverslag_note: "Van een schooljaar: de leerplichttelling, en wat er met de dossiers is gedaan. Voor de gemeenteraad, voor 1 oktober (Leerplichtwet, artikel 25).",
        "Of a school year: the leerplichttelling, and the work on the cases. For the gemeenteraad, before 1 October (LPW art. 25).";
    thuiszitters: "Kwartaallijst thuiszitters", "Quarterly list of thuiszitters";
    thuiszitters_note: "Van een kwartaal, opgeteld in het schooljaar: de lijst die het samenwerkingsverband naar de Inspectie stuurt. Juli van het vorige schooljaar staat op de lijst van juli tot en met september.",
        "Of a quarter, cumulative in the school year: the list that the samenwerkingsverband sends to the Inspectie. July of the former school year is on the list of July to September.";
    consultations: "Overleggen", "Meetings";
    consultations_note: "Van een kwartaal: overleggen over kinderen, hoe snel ze er waren en wie erbij was.",
        "Of a quarter: meetings about children, how soon they were held and who was there.";
    demand: "Vragen aan wijkteam en JGZ", "Questions to wijkteam and JGZ";
    demand_note: "Van een schooljaar: wat scholen vroegen aan het wijkteam en de jeugdgezondheidszorg.",
        "Of a school year: what schools asked of the wijkteam and the youth health care.";
    placements: "Plaatsingen", "Placements";
    placements_note: "Van een schooljaar: kinderen die naar een andere school gingen, binnen of buiten de wijk van de school die zij verlieten. De afstand is die van het midden van die wijk naar de nieuwe school. Waar een kind woont, telt niet mee. Zijn de cijfers afgerond? Dan is de afstand dat ook, en u ziet hem alleen bij veel plaatsingen.",
        "Of a school year: children who went to another school, inside or outside the wijk of the school that they left. The distance is that from the middle of that wijk to the new school. Where a child lives does not count. Are the figures rounded? Then the distance is too, and you see it only of many placements.";
    opp: "Ontwikkelingsperspectieven (OPP)", "Ontwikkelingsperspectieven (OPP)";
    opp_note: "Van een schooljaar: kinderen met een OPP, of het is besproken met de ouders, en of ROD het weet.",
        "Of a school year: children with an OPP, whether it was evaluated with the parents, and whether ROD knows it.";
    continuity: "Tijd tussen scholen", "Time between schools";
    continuity_note: "Van een schooljaar: kinderen die een week of langer op geen school stonden ingeschreven.",
        "Of a school year: children who were enrolled at no school for a week or longer.";
    cases_title: "Dossiers bij een getal", "Cases behind a number";
    cases_note: "Schakel schrijft op dat u deze dossiers hebt gezien. Een overleg of vraag zonder dossier staat er niet bij.",
        "Schakel writes down that you have seen these cases. A meeting or question without a case is not in the list.";
    case: "Dossier", "Case";
    no_cases: "Er zijn bij dit getal geen dossiers die u mag zien.", "There are no cases behind this number that you may see.";
    beside: "Bij dit getal horen ook:", "This number also counts:";
    without_case: "Overleggen of vragen zonder dossier", "Meetings or questions without a case";
    of_listed: "Nog een overleg of vraag over een dossier uit de lijst", "Another meeting or question about a case in the list";
    of_unseen: "Over een dossier dat u nu niet mag zien", "About a case that you may not see now";
    next: "Meer dossiers", "More cases";
    back: "Terug naar het rapport", "Back to the report";
}

/// The report.
pub(super) const PAGE: &str = "workplace/report.html";
/// The cases behind a figure of it.
pub(super) const CASES: &str = "workplace/report_cases.html";
/// Where those are.
const CASES_PATH: &str = "/board/reports/cases";

pub(super) fn routes() -> Router<Workplace> {
    Router::new()
        .route("/board/reports", get(show))
        .route("/board/reports.csv", get(csv))
        .route("/board/reports.json", get(json))
        .route("/board/reports/cases", get(cases))
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    let own = words(visit.language);
    let report = match ReportServiceClient::new(visit.calls()).get_report(asked.report()).await {
        Ok(report) => report.into_inner(),
        Err(status) => {
            let faults = Faults::of(status)?;
            let places = Places::of(&visit, allowed(&visit, Action::ReadCase)).await?;
            let values = context! { own, form => form(&asked, &places, own) };
            return Ok(page(&visit, (PAGE, own.title), Some(&faults), values));
        }
    };
    let places = Places::of(&visit, report.exact).await?;
    let telling = Telling {
        asked: &asked,
        language: visit.language,
        leads: report.exact && allowed(&visit, Action::ReadCase),
        gemeenten: &places.gemeenten,
    };
    let (kind, total) = (asked.kind(), report.total.clone().unwrap_or_default());
    let day = |iso: &str| shown::day(iso, visit.language);
    let less = format!("{} {}, {}", own.less, report.threshold, own.or_secret);
    let values = context! {
        own,
        form => form(&asked, &places, own),
        query => asked.query(),
        heading => (kind.label)(own),
        note => (kind.note)(own),
        is_list => !kind.outside,
        from => day(&report.from_date),
        until => day(&report.until_date),
        asked => other_day(&asked, &report).map(day),
        complete => report.complete,
        exact => report.exact,
        threshold => report.threshold,
        unseen => if report.exact { own.not_yours } else { less.as_str() },
        withheld => table::withholds(&report),
        obliged => table::obliged(&report, &places.gemeenten),
        total => telling.total(&total),
        // The columns of the list are words.
        columns => if kind.outside { telling.columns(&total) } else { Vec::new() },
        beside => table::beside(&total, own),
        grouped => asked.group() != pb::MonitorGroup::Unspecified,
        rows => telling.rows(&report),
    };
    Ok(page(&visit, (PAGE, own.title), None, values))
}

/// The day that was asked for, where the figures are of a period that was over by then.
fn other_day<'a>(asked: &'a Asked, report: &pb::GetReportResponse) -> Option<&'a str> {
    let period = report.from_date.as_str()..=report.until_date.as_str();
    Some(asked.date.as_str()).filter(|date| !(report.exact || date.is_empty() || period.contains(date)))
}

/// What a report is called that the call names so.
pub(super) fn label(kind: &str, language: Language) -> &'static str {
    let known = KINDS.iter().find(|one| one.number.as_str_name() == kind);
    known.map_or("", |one| (one.label)(words(language)))
}

/// The form, with what was asked.
fn form(asked: &Asked, places: &Places, own: &Words) -> Value {
    let chosen = asked.kind().word;
    let kinds = KINDS.iter().filter(|one| places.exact || one.outside);
    let kinds: Vec<Value> = kinds.map(|one| option(one.word, (one.label)(own), one.word == chosen)).collect();
    context! {
        kinds,
        kind => chosen,
        scopes => places.scopes(&asked.scope),
        groups => places.groups(asked.group()),
        date => asked.date.as_str(),
    }
}

/// `/board/reports.csv`: the report, or the list, as the call writes it.
async fn csv(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    file(&visit, asked.file(pb::MonitorFormat::Csv)).await
}

/// `/board/reports.json`: the same for programs.
async fn json(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    file(&visit, asked.file(pb::MonitorFormat::Json)).await
}

async fn file(visit: &Visit, ask: pb::ExportReportRequest) -> Shown {
    let found = ReportServiceClient::new(visit.calls()).export_report(ask).await?.into_inner();
    let pb::ExportReportResponse { content_type, file_name, content } = found;
    Ok(kept(pb::ExportMonitorResponse { content_type, file_name, content }))
}

async fn cases(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    let own = words(visit.language);
    let found = ReportServiceClient::new(visit.calls()).list_report_cases(asked.cases()).await?.into_inner();
    let place = place(&visit, &asked).await?;
    let values = context! {
        own, place,
        kind => (asked.kind().label)(own),
        figure => figure(&asked.figure, visit.language),
        cases => linked(&found.called, own.case),
        beside => table::beside_cases(&found, own),
        next => asked.next(&found.next_page_token),
        back => format!("/board/reports{}", asked.query()),
    };
    Ok(page(&visit, (CASES, own.cases_title), None, values))
}

/// What the row is called of which the cases are; empty of the total.
async fn place(visit: &Visit, asked: &Asked) -> Result<String, Trouble> {
    if asked.is_nowhere() {
        return Ok(asked.nowhere(visit.language).to_owned());
    }
    let area = match asked.group() {
        pb::MonitorGroup::Unspecified => return Ok(String::new()),
        pb::MonitorGroup::School => {
            let ask = pb::GetSchoolRequest { name: asked.key.clone() };
            let school = DirectoryServiceClient::new(visit.calls()).get_school(ask).await?;
            return Ok(school.into_inner().display_name);
        }
        pb::MonitorGroup::Cluster => {
            let ask = pb::GetClusterRequest { name: asked.key.clone() };
            let cluster = DirectoryServiceClient::new(visit.calls()).get_cluster(ask).await?;
            return Ok(cluster.into_inner().display_name);
        }
        pb::MonitorGroup::Wijk => pb::area::Kind::Wijk,
        pb::MonitorGroup::Gemeente => pb::area::Kind::Gemeente,
    };
    let all =
        walk!(visit, list_areas, areas, pb::ListAreasRequest { kind: area.into(), ..Default::default() });
    let known = all.into_iter().find(|one| one.code == asked.key);
    Ok(known.map_or_else(|| asked.key.clone(), |one| one.display_name))
}
