//! The figures of the year that the demo has behind it: each is as many cases as it lists and says to have beside
//! them, rows add up to totals, months to the stock, and no published figure is another than the exact one, rounded.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate, TimeDelta};
use schakel_client::{Connection, v1 as pb};
use schakel_domain::monitor::Band;
use schakel_server::demo::region::{Deed, Region, Size, Step};
use schakel_tests::{
    program::{Outside, Program},
    reason,
};

const NAME: &str = "each_figure_of_a_lived_year_is_as_many_cases_as_it_lists_and_they_add_up";

/// The last day of the school year that is over, and today.
const DATES: [&str; 2] = ["2026-07-31", "2026-11-23"];

const KINDS: [pb::ReportKind; 8] = [
    pb::ReportKind::Thuiszitters,
    pb::ReportKind::Leerplichttelling,
    pb::ReportKind::Jaarverslag,
    pb::ReportKind::Consultations,
    pb::ReportKind::Demand,
    pb::ReportKind::Placements,
    pb::ReportKind::Opp,
    pb::ReportKind::Continuity,
];

const GROUPS: [pb::MonitorGroup; 4] =
    [pb::MonitorGroup::Wijk, pb::MonitorGroup::Gemeente, pb::MonitorGroup::School, pb::MonitorGroup::Cluster];

/// Resource names of cases.
type Cases = BTreeSet<String>;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What a figure counts: a thing of each case, and so many of none or of one that is named already.
struct Behind {
    cases: Cases,
    beside: i32,
}

/// Whether a figure is a number of cases: a meeting or question is one of a case, or of none.
fn is_of_cases(kind: pb::ReportKind) -> bool {
    !matches!(kind, pb::ReportKind::Consultations | pb::ReportKind::Demand)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_figure_of_a_lived_year_is_as_many_cases_as_it_lists_and_they_add_up() {
    let Some(outside) = Outside::binary(NAME) else { return };
    let program = Program::start_with_past(&outside);
    let keeper = program.as_person("thuiszitterscoordinator").await;
    let officer = program.as_person("leerplichtambtenaar").await;
    let outsider = program.as_person("beleidsmedewerker").await;
    let mut told = BTreeSet::new();
    for kind in KINDS {
        for date in DATES {
            // Beside each other: it is a thousand calls of each.
            let both = tokio::join!(reconciles(&keeper, kind, date), reconciles(&officer, kind, date));
            told.extend(both.0);
        }
        is_told_outside_rounded_or_not_at_all((&outsider, &keeper), kind).await;
    }
    // It is a year of which there is something to tell.
    for figure in [
        "LISTED",
        "LRV",
        "CASES",
        "SOLVED",
        "HELD",
        "HELD_ON_REQUEST",
        "ASKED",
        "PLACED",
        "PLACED_OUTSIDE_MEASURED",
        "GAP",
    ] {
        assert!(told.contains(figure), "{figure} of {told:?}");
    }
    what_is_open_stands_in_the_list(&keeper).await;
    who_came_and_went_is_the_change_of_the_stock(&keeper).await;
    every_meeting_of_the_year_is_counted_in_its_quarter(&keeper).await;
}

async fn report(
    client: &Connection,
    (kind, date): (pb::ReportKind, &str),
    group: pb::MonitorGroup,
) -> pb::GetReportResponse {
    let (kind, group_by, date) = (kind.into(), group.into(), date.to_owned());
    let ask = pb::GetReportRequest { kind, date, group_by, ..Default::default() };
    client.report().get_report(ask).await.unwrap().into_inner()
}

/// What is behind a figure of a row, or of the total where nothing is grouped.
async fn listed(
    client: &Connection,
    (kind, date): (pb::ReportKind, &str),
    (group, key): (pb::MonitorGroup, &str),
    figure: &str,
) -> Behind {
    let mut ask = pb::ListReportCasesRequest {
        kind: kind.into(),
        date: date.to_owned(),
        group_by: group.into(),
        key: key.to_owned(),
        figure: figure.to_owned(),
        page_size: 200,
        ..Default::default()
    };
    let mut cases = Cases::new();
    loop {
        let page = client.report().list_report_cases(ask.clone()).await.unwrap().into_inner();
        for case in page.cases {
            assert!(cases.insert(case), "{kind:?} {figure}: a case twice");
        }
        if page.next_page_token.is_empty() {
            // Nobody moved within the year: who counts a case sees it.
            assert_eq!(page.of_unseen, 0, "{kind:?} {figure}");
            return Behind { cases, beside: page.without_case + page.of_listed };
        }
        ask.page_token = page.next_page_token;
    }
}

/// That every figure of the total, and of each row, is as many cases as it lists, and that rows make up the
/// total; says of which figures there was something to tell.
async fn reconciles(client: &Connection, kind: pb::ReportKind, date: &str) -> Vec<String> {
    let found = report(client, (kind, date), pb::MonitorGroup::Unspecified).await;
    assert!(found.exact, "{kind:?}");
    let total = found.total.unwrap();
    let mut behind: BTreeMap<&str, Cases> = BTreeMap::new();
    for figure in &total.figures {
        let nothing = (pb::MonitorGroup::Unspecified, "");
        let found = listed(client, (kind, date), nothing, &figure.figure).await;
        agrees(kind, figure, &found);
        behind.insert(&figure.figure, found.cases);
    }
    for group in GROUPS {
        let rows = report(client, (kind, date), group).await.rows;
        let mut sums: BTreeMap<&str, i32> = BTreeMap::new();
        let mut unions: BTreeMap<&str, Cases> = BTreeMap::new();
        for row in &rows {
            let key = if row.key.is_empty() { "NONE" } else { &row.key };
            for figure in &row.figures {
                let name = figure.figure.as_str();
                *sums.entry(name).or_default() += figure.count;
                // What is nowhere is in no row.
                if figure.count == 0 && behind[name].is_empty() {
                    continue;
                }
                let found = listed(client, (kind, date), (group, key), name).await;
                agrees(kind, figure, &found);
                unions.entry(name).or_default().extend(found.cases);
            }
        }
        for figure in &total.figures {
            let name = figure.figure.as_str();
            let what = format!("{kind:?} {date} {group:?} {name}");
            let sum = sums.get(name).copied().unwrap_or_default();
            // A school in several clusters counts in each.
            if matches!(group, pb::MonitorGroup::Cluster) {
                assert!(sum >= figure.count, "{what}");
            } else {
                assert_eq!(sum, figure.count, "{what}");
            }
            assert_eq!(unions.remove(name).unwrap_or_default(), behind[name], "{what}");
        }
    }
    let some = total.figures.into_iter().filter(|figure| figure.count > 0);
    some.map(|figure| figure.figure).collect()
}

fn agrees(kind: pb::ReportKind, figure: &pb::ReportFigure, found: &Behind) {
    let (name, cases) = (&figure.figure, &found.cases);
    let listed = i32::try_from(cases.len()).unwrap();
    if figure.withheld {
        // Of enforcement: to who does not see that, neither number nor case.
        assert_eq!((figure.count, listed, found.beside), (0, 0, 0), "{kind:?} {name}");
        return;
    }
    assert_eq!(figure.count, listed + found.beside, "{kind:?} {name}: {cases:?}");
    if is_of_cases(kind) {
        assert_eq!(found.beside, 0, "{kind:?} {name}");
    }
}

/// To who sees figures alone: none below the threshold, all others within 2 of what they are, and no case.
async fn is_told_outside_rounded_or_not_at_all(
    (outsider, keeper): (&Connection, &Connection),
    kind: pb::ReportKind,
) {
    let is_quarterly = matches!(kind, pb::ReportKind::Thuiszitters | pb::ReportKind::Consultations);
    let date = if is_quarterly { "2026-09-30" } else { DATES[0] };
    let group = pb::MonitorGroup::Gemeente;
    let exact = report(keeper, (kind, date), group).await;
    let figures = exact.total.clone().unwrap().figures;
    for figure in &figures {
        let ask = pb::ListReportCasesRequest {
            kind: kind.into(),
            date: date.to_owned(),
            figure: figure.figure.clone(),
            ..Default::default()
        };
        let refused = outsider.report().list_report_cases(ask).await.unwrap_err();
        assert_eq!(reason(&refused), "AGGREGATES_ONLY", "{kind:?} {}", figure.figure);
    }
    if matches!(kind, pb::ReportKind::Thuiszitters) {
        let ask = pb::GetReportRequest { kind: kind.into(), date: date.to_owned(), ..Default::default() };
        let refused = outsider.report().get_report(ask).await.unwrap_err();
        assert_eq!(reason(&refused), "AGGREGATES_ONLY");
        return;
    }
    let told = report(outsider, (kind, date), group).await;
    assert!(!told.exact && told.complete && told.threshold > 1);
    assert_eq!((&told.from_date, &told.until_date), (&exact.from_date, &exact.until_date));
    let known: BTreeMap<&str, &pb::ReportRow> =
        exact.rows.iter().chain(&exact.total).map(|row| (row.key.as_str(), row)).collect();
    for row in told.rows.iter().chain(&told.total) {
        for figure in &row.figures {
            let own = known
                .get(row.key.as_str())
                .and_then(|row| row.figures.iter().find(|own| own.figure == figure.figure && !own.withheld));
            let what = format!("{kind:?} {} {}", row.key, figure.figure);
            if figure.withheld {
                assert_eq!(figure.count, 0, "{what}");
            } else if let Some(own) = own {
                assert!(own.count == 0 || own.count >= told.threshold, "{what} is small");
                assert!(figure.count % 5 == 0 && (figure.count - own.count).abs() <= 2, "{what}");
                assert_eq!(figure.count == 0, own.count == 0, "{what}");
            }
        }
    }
}

async fn by_wijk(keeper: &Connection, (from, until): (NaiveDate, NaiveDate)) -> Vec<pb::MonitorRow> {
    let ask = pb::GetMonitorRequest {
        date: until.to_string(),
        from_date: from.to_string(),
        group_by: pb::MonitorGroup::Wijk.into(),
        ..Default::default()
    };
    let found = keeper.monitor().get_monitor(ask).await.unwrap().into_inner();
    assert!(found.exact);
    found.rows.into_iter().chain(found.total).collect()
}

/// What of a row is told; the total is the row without a key.
fn figure(row: &pb::MonitorRow, measure: &str) -> i32 {
    let figure = row.figures.iter().find(|figure| figure.measure == measure).unwrap();
    assert!(!figure.withheld, "{measure}");
    figure.count
}

/// By wijk, how long, stage and label: the register of today, counted by hand.
async fn what_is_open_stands_in_the_list(keeper: &Connection) {
    let today = day(DATES[1]);
    let ask = pb::ListSchoolsRequest { page_size: 200, ..Default::default() };
    let schools = keeper.directory().list_schools(ask).await.unwrap().into_inner().schools;
    let wijken: BTreeMap<String, String> =
        schools.into_iter().map(|school| (school.name, school.wijk_code)).collect();
    let ask = pb::ListCasesRequest { page_size: 200, ..Default::default() };
    let page = keeper.thuiszitter().list_cases(ask).await.unwrap().into_inner();
    assert!(page.next_page_token.is_empty() && page.cases.len() > 10, "{}", page.cases.len());
    let mut meant: BTreeMap<(String, String), i32> = BTreeMap::new();
    for case in &page.cases {
        let first = today - TimeDelta::days(case.days_absent.into());
        let mut measures = vec!["OPEN".to_owned(), Band::of(first, today).to_string()];
        measures.push(case.stage().as_str_name().to_owned());
        measures.extend(case.labels.iter().map(|label| format!("LABEL_{label}")));
        let wijk = wijken.get(&case.school).cloned().unwrap_or_default();
        for measure in measures {
            *meant.entry((wijk.clone(), measure)).or_default() += 1;
        }
    }
    let mut rows = by_wijk(keeper, (today, today)).await;
    let total = rows.pop().unwrap();
    assert_eq!(figure(&total, "OPEN"), i32::try_from(page.cases.len()).unwrap());
    let is_of_today = |measure: &str| {
        let starts = ["OPEN", "UNDER_", "FROM_", "STAGE_", "LABEL_"];
        starts.iter().any(|start| measure.starts_with(start))
    };
    let mut found: BTreeMap<(String, String), i32> = BTreeMap::new();
    for row in rows {
        for figure in row.figures.into_iter().filter(|one| one.count > 0 && is_of_today(&one.measure)) {
            found.insert((row.key.clone(), figure.measure), figure.count);
        }
    }
    assert_eq!(found, meant);
}

/// Of every month of the year, in every wijk and in all of them.
async fn who_came_and_went_is_the_change_of_the_stock(keeper: &Connection) {
    let (began, today) = (day("2025-12-01"), day(DATES[1]));
    let open = |rows: &[pb::MonitorRow]| -> BTreeMap<String, i32> {
        rows.iter().map(|row| (row.key.clone(), figure(row, "OPEN"))).collect()
    };
    let eve = began.pred_opt().unwrap();
    let mut before = open(&by_wijk(keeper, (eve, eve)).await);
    let mut came = 0;
    for month in 0..12 {
        let from = began + Months::new(month);
        let until = (from + Months::new(1)).pred_opt().unwrap().min(today);
        let rows = by_wijk(keeper, (from, until)).await;
        for row in &rows {
            let moved = figure(row, "INFLOW") - figure(row, "OUTFLOW");
            let was = before.get(&row.key).copied().unwrap_or_default();
            assert_eq!(figure(row, "OPEN") - was, moved, "{} in the month from {from}", row.key);
            let solved = ["SOLVED_LASTING", "SOLVED_RELAPSED", "SOLVED_UNFOLLOWED", "SOLVED_PENDING"];
            let parts: i32 = solved.into_iter().map(|part| figure(row, part)).sum();
            assert_eq!(figure(row, "SOLVED"), parts, "{} in the month from {from}", row.key);
            assert!(parts <= figure(row, "OUTFLOW"), "{} in the month from {from}", row.key);
        }
        came += rows.last().map_or(0, |total| figure(total, "INFLOW"));
        before = open(&rows);
    }
    assert!(came > 30, "{came}");
}

/// All meetings of the year were held and everybody came: those of families with the parents at the table, and
/// those that a school asked for, about a child that is named or not.
async fn every_meeting_of_the_year_is_counted_in_its_quarter(keeper: &Connection) {
    let region = Region::generate(Size::Small, 9901, day(DATES[1]));
    let past = region.past(9901);
    let all = past.iter().flat_map(|case| &case.deeds);
    let met: Vec<NaiveDate> =
        all.filter(|(_, deed)| matches!(deed, Deed::Meets)).map(|(day, _)| *day).collect();
    let questions = region.questions(&past);
    let asked = |is_named: bool| -> Vec<NaiveDate> {
        let such = questions.iter().filter(|question| question.case.is_some() == is_named);
        let steps = such.flat_map(|question| &question.steps);
        steps.filter(|(_, step)| matches!(step, Step::Meets)).map(|(day, _)| *day).collect()
    };
    let (named, unnamed) = (asked(true), asked(false));
    for (from, until) in
        [("2026-01-01", "2026-03-31"), ("2026-04-01", "2026-06-30"), ("2026-07-01", "2026-09-30")]
    {
        let found = report(keeper, (pb::ReportKind::Consultations, until), pb::MonitorGroup::Unspecified);
        let found = found.await;
        assert_eq!((found.from_date.as_str(), found.until_date.as_str()), (from, until));
        let within = |days: &[NaiveDate]| {
            let held = days.iter().filter(|held| (day(from)..=day(until)).contains(*held));
            i32::try_from(held.count()).unwrap()
        };
        let (unasked, named, unnamed) = (within(&met), within(&named), within(&unnamed));
        let total = found.total.unwrap();
        let count = |name: &str| total.figures.iter().find(|one| one.figure == name).unwrap().count;
        assert!(unasked > 5, "{unasked}");
        for (name, meant) in [
            ("HELD", unasked + named + unnamed),
            ("ALL_CAME", unasked + named + unnamed),
            ("HELD_UNASKED", unasked),
            ("HELD_ON_REQUEST", named + unnamed),
            ("HELD_WITH_PARENTS", unasked + named),
            ("HELD_WITHOUT_PARENTS", unnamed),
            ("CHILD_HEARD_THROUGH_OTHERS", unasked + named),
        ] {
            assert_eq!(count(name), meant, "{name} from {from}");
        }
    }
}
