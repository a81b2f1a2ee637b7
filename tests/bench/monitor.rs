//! What reading the monitor of a whole region costs beside working all of it out anew from its logs.

use std::time::{Duration, Instant};

use schakel_proto::v1::{
    self as pb, fact::Said, fact_service_client::FactServiceClient,
    monitor_service_client::MonitorServiceClient, task_service_client::TaskServiceClient,
};
use schakel_server::monitor::worker::{check, work};

use crate::{cases::region, peak, timed};

/// Cases of the region, and what is told of each beside what opening it tells.
const CASES: usize = 5_000;
const FACTS: usize = 37;
/// Reads, and how often all is worked out.
const READS: usize = 50;
const TIMES: usize = 3;

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Prints the figures of a region of so many hundredths of the usual size.
pub(crate) async fn figures(percent: usize) {
    let start = Instant::now();
    let region = region((CASES * percent / 100).max(16), FACTS).await;
    let (server, app) = (&region.server, &region.server.app);
    let events = server.number("SELECT COUNT(*) FROM case_fact").await;
    println!(
        "\n{}, {} cases with {events} events, made in {:.0} s:\n",
        app.settings.database.url.split(':').next().unwrap_or_default(),
        region.cases.len(),
        start.elapsed().as_secs_f64()
    );
    let id = server.founded.region;
    let start = Instant::now();
    while work(app, id).await.unwrap() > 0 {}
    let kept = start.elapsed();
    let mut anew = Vec::new();
    for _ in 0..TIMES {
        let start = Instant::now();
        let checked = check(app, id, None).await.unwrap();
        anew.push(start.elapsed());
        assert_eq!((checked.cases, checked.differing.len()), (region.cases.len(), 0), "the same figures");
    }
    anew.sort_unstable();
    let anew = anew[TIMES / 2];
    let monitor = MonitorServiceClient::new(region.keeper.clone());
    let read = |_| {
        let mut monitor = monitor.clone();
        async move {
            let asked =
                pb::GetMonitorRequest { group_by: pb::MonitorGroup::School.into(), ..Default::default() };
            assert!(monitor.get_monitor(asked).await.unwrap().into_inner().rows.len() > 1);
        }
    };
    let first = timed(1, read).await[0];
    let again = timed(READS, read).await[READS / 2];
    let changed = after_a_change(&region, read).await;
    println!("| what | time | worked out anew ÷ it |\n|---|---|---|");
    let told = |what: &str, time: Duration| {
        println!("| {what} | {:.2} ms | {:.0} |", ms(time), anew.as_secs_f64() / time.as_secs_f64());
    };
    told("all worked out anew from the logs", anew);
    told("kept up for the first time", kept);
    told("GetMonitor per school, nobody asked before", first);
    told("GetMonitor per school, nothing changed", again);
    told("GetMonitor per school, a case changed and was kept up", changed);
    let tasks = TaskServiceClient::new(region.keeper.clone());
    let list = |_| {
        let mut tasks = tasks.clone();
        async move {
            let asked = pb::ListTasksRequest { page_size: 50, ..Default::default() };
            tasks.list_tasks(asked).await.unwrap();
        }
    };
    told("ListTasks of who sees every case, nobody asked before", timed(1, list).await[0]);
    told("ListTasks of who sees every case, nothing changed", timed(READS / 5, list).await[READS / 10]);
    println!("\nAt most {:.0} MiB in memory, with the server.", peak());
}

/// The first read after something more was told of a case.
async fn after_a_change<F: Future<Output = ()>>(
    region: &crate::cases::Region,
    mut read: impl FnMut(usize) -> F,
) -> Duration {
    let mut log = FactServiceClient::new(region.keeper.clone());
    let mut times = Vec::new();
    for case in region.cases.iter().take(READS / 5) {
        let day = schakel_server::access::authenticate::today(region.server.app.now()).to_string();
        let dated = pb::fact::Dated { moment: pb::Moment::OfferMade.into(), date: day };
        let facts = vec![pb::Fact { said: Some(Said::Happened(dated)), ..Default::default() }];
        let request_id = region.server.request_id();
        let told = pb::RecordFactsRequest { case: case.clone(), facts, request_id, ..Default::default() };
        log.record_facts(told).await.unwrap();
        while work(&region.server.app, region.server.founded.region).await.unwrap() > 0 {}
        let start = Instant::now();
        read(0).await;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    times[times.len() / 2]
}
