//! The year that the demo has behind it: figures of it are there, add up, and nobody was mailed.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

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
    let outsider = program.as_person("beleidsmedewerker").await;
    each_wijk_has_hours_questions_and_spending((&keeper, &outsider)).await;
    questions_were_asked_and_children_were_between_schools(&keeper).await;
    what_the_region_measures_has_values(&keeper).await;
    the_plan_of_the_region_is_followed(&keeper).await;
    schools_answered_and_noticed(&keeper).await;
    // Who plays in the story has nothing to answer yet.
    let coordinator = program.as_person("coordinator").await;
    let open = coordinator.hulpvraag().list_hulpvragen(pb::ListHulpvragenRequest::default()).await.unwrap();
    assert_eq!(open.into_inner().hulpvragen, []);
    the_holidays_of_that_year_are_known(&keeper).await;

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

/// Of this school year and the one before; one wijk falls short, and one sum is for too few to be told.
async fn each_wijk_has_hours_questions_and_spending((keeper, outsider): (&Connection, &Connection)) {
    let supply = async |client: &Connection, year: &str| {
        let ask = pb::GetSupplyRequest { school_year: year.into() };
        client.report().get_supply(ask).await.unwrap().into_inner().rows
    };
    for year in ["2025-2026", "2026-2027"] {
        let rows = supply(keeper, year).await;
        let granted = |row: &&pb::SupplyRow| row.accounts.iter().all(|one| one.granted_minutes > 0);
        assert!(rows.iter().filter(granted).count() >= 3, "{rows:?}");
        assert!(rows.iter().any(|row| row.gaps.contains(&pb::SupplyGap::NoHours.into())), "{rows:?}");
        assert!(rows.iter().any(|row| row.asked > 0), "{rows:?}");
    }
    let spent = |rows: Vec<pb::SupplyRow>| rows.into_iter().flat_map(|row| row.spending).collect::<Vec<_>>();
    let known = spent(supply(keeper, "2025-2026").await);
    assert_eq!(known.iter().filter(|one| one.euros > 0 && !one.withheld).count(), 3, "{known:?}");
    let told = spent(supply(outsider, "2025-2026").await);
    assert_eq!(told.iter().filter(|one| one.withheld).count(), 1, "{told:?}");
    assert_eq!(told.iter().filter(|one| one.euros > 0).count(), 2, "{told:?}");
}

/// The figures of both reports, of the school year that is over and of this one together.
async fn questions_were_asked_and_children_were_between_schools(keeper: &Connection) {
    let mut found: BTreeMap<String, i32> = BTreeMap::new();
    for kind in [pb::ReportKind::Demand, pb::ReportKind::Continuity] {
        for date in ["2026-07-31", "2026-11-23"] {
            let ask = pb::GetReportRequest { kind: kind.into(), date: date.into(), ..Default::default() };
            let told = keeper.report().get_report(ask).await.unwrap().into_inner().total.unwrap();
            for figure in told.figures {
                *found.entry(figure.figure).or_default() += figure.count;
            }
        }
    }
    for (name, least) in
        [("ASKED", 10), ("TAKEN", 6), ("DECLINED", 1), ("UNANSWERED", 1), ("CATEGORY_GEZIN", 1), ("GAP", 2)]
    {
        assert!(found[name] >= least, "{name}: {found:?}");
    }
    assert_eq!(found["UNANSWERED"], 1);
}

async fn what_the_region_measures_has_values(keeper: &Connection) {
    let ask = pb::ListIndicatorsRequest { school_year: "2025-2026".into(), ..Default::default() };
    let found = keeper.indicator().list_indicators(ask).await.unwrap().into_inner();
    let worked_out = |one: &&pb::IndicatorReading| {
        one.indicator.as_ref().is_some_and(|indicator| indicator.formula.is_some())
    };
    assert_eq!(found.readings.len(), 2);
    assert_eq!(found.readings.iter().filter(worked_out).count(), 1);
    assert!(found.readings.iter().all(|one| one.value_tenths.is_some()), "{found:?}");
}

/// What was agreed in the running one, and what was done of the next: nothing that was due is open.
async fn the_plan_of_the_region_is_followed(keeper: &Connection) {
    use pb::{plan_goal::State, plan_milestone::State as Stand};
    let goals = async |year: i32| {
        let ask = pb::ListPlanGoalsRequest { year };
        let found = keeper.plan_cycle().list_plan_goals(ask).await.unwrap().into_inner();
        found.plan_goals.iter().map(pb::PlanGoal::state).collect::<Vec<State>>()
    };
    assert_eq!(goals(2023).await, [State::Realised, State::UnderWay, State::NotRealised]);
    assert_eq!(goals(2027).await, [State::Planned]);
    let stands = async |year: i32| {
        let plan = pb::PlanKind::Ondersteuningsplan.into();
        let ask = pb::GetPlanCycleRequest { plan, year, ..Default::default() };
        let found = keeper.plan_cycle().get_plan_cycle(ask).await.unwrap().into_inner();
        found.milestones.iter().map(pb::PlanMilestone::state).collect::<Vec<Stand>>()
    };
    assert!(stands(2023).await.iter().all(|stand| matches!(stand, Stand::Done)));
    assert_eq!(stands(2027).await[..3], [Stand::Done, Stand::Next, Stand::Later]);
}

async fn schools_answered_and_noticed(keeper: &Connection) {
    let ask = pb::ListSurveysRequest::default();
    let found = keeper.survey().list_surveys(ask).await.unwrap().into_inner().surveys;
    let [round] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((round.state(), round.asked_count), (pb::survey::State::Closed, 8));
    assert!((2..8).contains(&round.answered_count), "{round:?}");
    let ask = pb::ListSignalsRequest::default();
    let found = keeper.signal().list_signals(ask).await.unwrap().into_inner().signals;
    let mut states: Vec<pb::signal::State> = found.iter().map(pb::Signal::state).collect();
    states.sort();
    assert_eq!(states, [pb::signal::State::Reported, pb::signal::State::Answered]);
}

/// So terms in school days have a date.
async fn the_holidays_of_that_year_are_known(keeper: &Connection) {
    let ask = pb::ListCasesRequest { page_size: 200, ..Default::default() };
    let cases = keeper.thuiszitter().list_cases(ask).await.unwrap().into_inner().cases;
    let mut dated = 0;
    for case in cases {
        let ask = pb::GetTimelineRequest { name: case.name, ..Default::default() };
        let told = keeper.thuiszitter().get_timeline(ask).await.unwrap().into_inner();
        assert!(told.warnings.iter().all(|warning| !warning.contains("2025-2026")), "{told:?}");
        let talk = told.deadlines.iter().find(|one| one.norm == "R01");
        dated += usize::from(talk.is_some_and(|one| !one.due_date.is_empty()));
    }
    assert!(dated > 5, "{dated}");
}
