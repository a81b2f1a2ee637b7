//! The year that the demo has behind it: figures of it are there, add up, and nobody was mailed.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use schakel_client::{Connection, v1 as pb};
use schakel_server::{
    access::region,
    app::App,
    demo::{
        load,
        region::{Region, Size},
    },
    monitor, run,
    settings::Settings,
    world::{ShiftedClock, SystemIds},
};
use schakel_tests::program::{Outside, Program};

const NAME: &str = "the_demo_has_a_year_behind_it_that_figures_tell_and_nobody_was_mailed_about";

/// The program's own database at the program's own time, beside it.
async fn beside(folder: &Path) -> App {
    let settings = format!(
        "listen = \"127.0.0.1:0\"\npublic_url = \"http://127.0.0.1\"\nprofile = \"development\"\n\
         [database]\nurl = \"sqlite:{0}/schakel.db\"\n[keys]\nfile = \"{0}/keys.toml\"\n\
         [mail]\nsender = \"overleg@maasduin.example\"\nmaildir = \"{0}/mail\"\n",
        folder.display(),
    );
    let settings = Settings::parse(&settings, "settings").unwrap();
    let clock = Arc::new(ShiftedClock::kept_in(folder.join("clock")));
    run::attach(settings, clock, Arc::new(SystemIds::default())).await.unwrap()
}

fn figure(row: &pb::MonitorRow, measure: &str) -> i32 {
    let figure = row.figures.iter().find(|figure| figure.measure == measure).unwrap();
    assert!(!figure.withheld, "{measure}");
    figure.count
}

const BANDS: [&str; 5] =
    ["UNDER_4_WEEKS", "FROM_4_TO_13_WEEKS", "FROM_13_TO_26_WEEKS", "FROM_26_TO_52_WEEKS", "FROM_52_WEEKS"];

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_has_a_year_behind_it_that_figures_tell_and_nobody_was_mailed_about() {
    let Some(outside) = Outside::binary(NAME) else { return };
    let program = Program::start_with_past(&outside);
    let keeper = program.as_person("thuiszitterscoordinator").await;
    each_month_has_its_bands(&keeper).await;
    half_no_longer_wait(&keeper).await;
    last_school_year_is_reported(&keeper).await;
    the_cases_of_the_first_day_stand_as_they_did(&keeper).await;

    let app = beside(&program.folder).await;
    for region in region::all(&app).await.unwrap() {
        let checked = monitor::worker::check(&app, region, None).await.unwrap();
        assert_eq!(checked.differing, []);
        assert!(checked.cases > 40, "{}", checked.cases);
    }
    let mails = std::fs::read_dir(program.folder.join("mail/new")).into_iter().flatten();
    let invited = mails.map(|mail| std::fs::read_to_string(mail.unwrap().path()).unwrap());
    assert_eq!(invited.filter(|mail| mail.contains("text/calendar")).count(), 0);
}

/// In each of several months in some wijken, and in more than one band.
async fn each_month_has_its_bands(keeper: &Connection) {
    for date in ["2026-03-31", "2026-05-31", "2026-07-31", "2026-09-30", "2026-10-31"] {
        let ask = pb::GetMonitorRequest {
            date: date.into(),
            group_by: pb::MonitorGroup::Wijk.into(),
            ..Default::default()
        };
        let told = keeper.monitor().get_monitor(ask).await.unwrap().into_inner();
        let open = told.rows.iter().filter(|row| figure(row, "OPEN") > 0);
        assert!(told.exact && open.count() >= 3, "{date}: {told:?}");
        let total = told.total.unwrap();
        let bands = BANDS.map(|band| figure(&total, band));
        assert!(bands.iter().filter(|count| **count > 0).count() >= 2, "{date}: {bands:?}");
        assert_eq!(bands.iter().sum::<i32>(), figure(&total, "OPEN"), "{date}");
    }
}

async fn half_no_longer_wait(keeper: &Connection) {
    for end in [pb::WaitingEnd::FirstMeeting, pb::WaitingEnd::Offer, pb::WaitingEnd::Solved] {
        let ask = pb::GetSurvivalRequest { end: end.into(), ..Default::default() };
        let curve = keeper.monitor().get_survival(ask).await.unwrap().into_inner();
        let median = curve.median.unwrap();
        assert!(curve.points.len() > 5 && median.days.is_some_and(|days| days > 0), "{end:?}: {median:?}");
    }
}

async fn last_school_year_is_reported(keeper: &Connection) {
    let report = async |kind: pb::ReportKind| {
        let ask = pb::GetReportRequest { kind: kind.into(), date: "2026-07-31".into(), ..Default::default() };
        keeper.report().get_report(ask).await.unwrap().into_inner()
    };
    let year = report(pb::ReportKind::Jaarverslag).await;
    assert_eq!((year.from_date.as_str(), year.until_date.as_str()), ("2025-08-01", "2026-07-31"));
    assert!(year.complete && year.exact);
    let total = year.total.unwrap();
    let count = |name: &str| total.figures.iter().find(|one| one.figure == name).unwrap().count;
    for (name, least) in [("CASES_NEW", 20), ("LRV", 10), ("LRV_RETURNED", 1), ("CASES_OPEN", 5)] {
        assert!(count(name) >= least, "{name}: {}", count(name));
    }
    let quarter = report(pb::ReportKind::Consultations).await.total.unwrap();
    assert!(quarter.figures.iter().any(|one| one.count > 0), "{quarter:?}");
}

/// And beside them stand those of the past: closed ones, and one that came back.
async fn the_cases_of_the_first_day_stand_as_they_did(keeper: &Connection) {
    let list = async |state: pb::case::State| {
        let ask = pb::ListCasesRequest { state: state.into(), page_size: 200, ..Default::default() };
        keeper.thuiszitter().list_cases(ask).await.unwrap().into_inner().cases
    };
    let (open, closed) = (list(pb::case::State::Open).await, list(pb::case::State::Closed).await);
    assert!(closed.len() >= 15, "{}", closed.len());
    assert!(open.iter().chain(&closed).any(|case| case.reopened > 0));
    let references: BTreeSet<&String> = open.iter().chain(&closed).map(|case| &case.reference).collect();
    assert_eq!(references.len(), open.len() + closed.len());

    let region = Region::generate(Size::Small, 9901, chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
    let schools = load::schools(keeper).await.unwrap();
    let today =
        open.iter().filter(|case| case.open_time.is_some_and(|opened| opened.seconds >= 1_795_420_800));
    let mut found = Vec::new();
    for case in today {
        let ask = pb::GetCaseRequest { name: case.name.clone() };
        let case = keeper.thuiszitter().get_case(ask).await.unwrap().into_inner();
        found.push((case.school, case.absence.unwrap().first_day));
    }
    let seeds = region.cases.iter().skip(1);
    let mut meant: Vec<_> = seeds
        .map(|seed| {
            let school = seed.school.as_ref().map_or_else(String::new, |code| schools[code].clone());
            (school, seed.first_absence_day.to_string())
        })
        .collect();
    found.sort();
    meant.sort();
    assert_eq!(found, meant);
    // The school of the story has none, so that its people begin with an empty list.
    let story = &schools[region.case_of_the_story().school.as_ref().unwrap()];
    assert!(open.iter().chain(&closed).all(|case| case.school != *story));
}
