//! The pages show nobody what the calls would not: every page × every role, with what stands in the
//! cases as canaries.
//!
//! A canary that a page shows must come from an answer that the same person gets from the API.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use schakel_domain::{access::Role, ids::RegionId};
use schakel_proto::v1::{
    self as pb, access_service_client::AccessServiceClient, monitor_service_client::MonitorServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_tests::{
    As,
    raw::{Method, call, methods},
    workplace::{Browser, signed_in_at},
};
use strum::IntoEnumIterator;

use super::{
    requests::rows,
    step,
    world::{Relation, State, World},
};

/// Every page of the workplace; `{case}` and `{consultation}` stand for each one of the world.
pub(crate) const PAGES: &[&str] = &[
    "/today",
    "/sessions",
    "/cases",
    "/cases/new",
    "/cases/{case}",
    "/cases/{case}/act",
    "/cases/{case}/advance",
    "/cases/{case}/answered",
    "/cases/{case}/ask",
    "/cases/{case}/change",
    "/cases/{case}/check",
    "/cases/{case}/close",
    "/cases/{case}/complete",
    "/cases/{case}/consent",
    "/cases/{case}/correct",
    "/cases/{case}/de-escalate",
    "/cases/{case}/decide",
    "/cases/{case}/drop",
    "/cases/{case}/escalate",
    "/cases/{case}/fact",
    "/cases/{case}/fact?of=exemption",
    "/cases/{case}/happened",
    "/cases/{case}/household",
    "/cases/{case}/missed",
    "/cases/{case}/move",
    "/cases/{case}/rejoinder",
    "/cases/{case}/reopen",
    "/cases/{case}/track",
    "/cases/{case}/track-back",
    "/cases/{case}/track-change",
    "/cases/{case}/track-step",
    "/cases/{case}/unask",
    "/cases/{case}/view",
    "/cases/{case}/who-saw",
    "/cases/{case}/withdraw",
    "/book",
    "/book?case={case}",
    "/consultations",
    "/consultations/{consultation}",
    "/consultations/{consultation}/move",
    "/consultations/{consultation}/overleg.ics",
    "/consultations/{consultation}/outcome",
    "/handovers",
    "/team",
    "/hulpvragen",
    "/board",
    "/board?by=gemeente",
    "/board?by=school&date=2026-11-24",
    "/board.csv?by=none",
    "/board.json?by=school",
    "/board/bands.svg",
    "/board/survival.svg",
    "/board/tiles.svg",
    "/board/breaches.csv",
    "/board/late.csv",
    "/board/reports",
    "/board/reports?kind=jaarverslag&by=gemeente",
    "/board/reports?kind=thuiszitters",
    "/board/reports.csv?kind=thuiszitters",
    "/board/reports.json?kind=consultations&by=wijk",
    "/board/reports/cases?kind=jaarverslag&figure=CASES",
    "/board/cycle",
    "/board/cycle?plan=jeugdplan&gemeente_code=GM9901&year=2027",
    "/board/indicators",
    "/board/supply",
    "/board/supply.csv",
    "/board/supply.json?school_year=2025-2026",
    "/region",
    "/region/schools",
    "/region/links",
    "/region/clusters",
    "/region/teams",
    "/region/people",
    "/region/hours",
    "/region/calendars",
    "/region/mail",
    "/region/feeds",
    "/region/tokens",
    "/region/tokens/systems",
    "/region/subscriptions",
    "/region/surveys",
    "/region/surveys/new",
    "/region/import",
    "/region/year-plan",
];

/// What is shown to who has not signed in, and what is the same for everybody.
const OUTSIDE: [&str; 4] = ["/sign-in", "/sign-in/start", "/sign-in/leave", "/assets/{name}"];

/// Addresses of forms, which lead whoever looks there to the page on which the form stands.
const FORMS: [&str; 13] = [
    "/cases/find",
    "/book/search",
    "/book/time",
    "/book/release",
    "/book/held",
    "/consultations/{id}/answer",
    "/consultations/{id}/replace",
    "/consultations/{id}/add",
    "/consultations/{id}/remove",
    "/consultations/{id}/cancel",
    "/consultations/{id}/resend",
    "/consultations/{id}/proposal/accept",
    "/consultations/{id}/proposal/refuse",
];

/// Streams, which have no end to wait for; their own tests hold them to the policy.
const STREAMS: [&str; 1] = ["/consultations/{id}/events"];

/// Pages of one thing of the register, in which no case has a part.
pub(crate) const REGISTER: [&str; 6] = [
    "/region/schools/{id}",
    "/region/clusters/{id}",
    "/region/teams/{id}",
    "/region/people/{id}",
    "/region/surveys/{id}",
    "/region/surveys/{id}/answers.csv",
];

/// Who looks: of somebody whose membership has ended there is no session.
const RELATIONS: [Relation; 4] =
    [Relation::Own, Relation::OtherSchool, Relation::OtherGemeente, Relation::OtherRegion];

/// People that look at once.
const AT_ONCE: usize = 8;

/// Something that stands in the cases of these states.
struct Canary {
    text: String,
    states: Vec<State>,
}

/// The address of each page for these states.
fn addresses(world: &World, states: &[State]) -> Vec<String> {
    let mut all = Vec::new();
    for page in PAGES {
        if !page.contains('{') {
            all.push((*page).to_owned());
            continue;
        }
        for state in states {
            let things = &world.things[state];
            let id = |name: &str| name.split_once('/').unwrap().1.to_owned();
            for meeting in [&things.planned, &things.held] {
                let path = page.replace("{case}", &id(&things.case.name));
                all.push(path.replace("{consultation}", &id(&meeting.name)));
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Writes words that stand nowhere else into the open cases, as who may see a secret address.
async fn plant(world: &World) -> Vec<Canary> {
    let client = world.client(Role::Leerplichtambtenaar, Relation::Own);
    let mut cases = ThuiszitterServiceClient::new(client);
    let mut planted = Vec::new();
    for (at, state) in [State::Open, State::Escalated].into_iter().enumerate() {
        let name = world.things[&state].case.name.clone();
        let mut case = cases.get_case(pb::GetCaseRequest { name }).await.unwrap().into_inner();
        let words = ["kind", "ouder", "vraag"].map(|what| format!("Qzxwk{what} {state}"));
        let [child, parent, question] = words.clone();
        let (email, phone) = (format!("qzxwk{state}@thuis.example"), format!("06 9753 124{at}"));
        case.child.as_mut().unwrap().display_name = child;
        case.question = question;
        case.parents[0].display_name = parent;
        case.parents[0].email.clone_from(&email);
        case.parents[0].phone.clone_from(&phone);
        case.parents[0].address_confidential = true;
        let paths = ["child", "parents", "question"].map(str::to_owned).to_vec();
        let change = pb::UpdateCaseRequest {
            case: Some(case),
            update_mask: Some(prost_types::FieldMask { paths }),
            request_id: world.server.request_id(),
            ..Default::default()
        };
        cases.update_case(change).await.unwrap();
        let all = words.into_iter().chain([email, phone]);
        planted.extend(all.map(|text| Canary { text, states: vec![state] }));
    }
    planted
}

/// What stands in one case and no other, and what the same words say in all of them.
fn standing(world: &World) -> Vec<Canary> {
    let mut all = Vec::new();
    for state in State::iter() {
        let things = &world.things[&state];
        let child = things.case.child.clone().unwrap_or_default().display_name;
        let meetings = [&things.planned, &things.held].map(|meeting| meeting.reference.clone());
        let texts = [vec![things.case.reference.clone(), child], meetings.to_vec()].concat();
        let texts = texts.into_iter().filter(|text| !text.is_empty());
        all.extend(texts.map(|text| Canary { text, states: vec![state] }));
    }
    let first = &world.things[&State::Open].case;
    let shared = [
        first.question.as_str(),
        first.parents[0].display_name.as_str(),
        first.parents[0].email.as_str(),
        "Wij beginnen met twee uur per dag.",
        "Zij wil na de herfst beginnen.",
        "Het lokaal laten zien.",
        "Twee ochtenden naar school.",
        "Wie kan thuis meekijken?",
        "Terug in de klas.",
    ];
    let shared = shared.into_iter().filter(|text| !text.is_empty()).map(str::to_owned);
    all.extend(shared.map(|text| Canary { text, states: State::iter().collect() }));
    all
}

/// Where somebody works; none who has no account.
async fn region(client: &As) -> Option<RegionId> {
    let me = AccessServiceClient::new(client.clone()).who_am_i(pb::WhoAmIRequest {}).await.ok()?;
    me.into_inner().region.parse().ok()
}

/// The methods that read, those first that tell most.
fn readers() -> Vec<Method> {
    let reads = |method: &Method| {
        let verbs = [".Get", ".List", ".Find", ".WhoSaw", ".WhoAmI"];
        !method.streams && verbs.iter().any(|verb| method.name.contains(verb))
    };
    let mut all: Vec<Method> = methods().into_iter().filter(reads).collect();
    let tells_most =
        ["GetCase", "ListTasks", "ListConsultations", "GetConsultation", "ListCases", "GetTimeline"];
    all.sort_by_key(|method| !tells_most.iter().any(|name| method.name.ends_with(name)));
    all
}

fn contains(answer: &[u8], text: &str) -> bool {
    answer.windows(text.len()).any(|part| part == text.as_bytes())
}

/// Which of the canaries no answer of the API to this person has.
async fn unexplained<'a>(world: &World, client: &As, mut seen: Vec<&'a Canary>) -> Vec<&'a Canary> {
    for method in readers() {
        let row = rows().find(|row| row.method == method.name).unwrap();
        let states: BTreeSet<State> = seen.iter().flat_map(|canary| canary.states.clone()).collect();
        for state in states {
            let request = (row.request)(world, &world.things[&state]);
            if let Ok(answer) = call(client.clone(), &method, request).await {
                seen.retain(|canary| !contains(&answer, &canary.text));
            }
        }
        if seen.is_empty() {
            break;
        }
    }
    seen
}

/// Somebody at a browser.
struct Looking {
    role: Role,
    relation: Relation,
    client: As,
    browser: Browser,
}

impl Looking {
    /// Signs somebody in; none who has no account.
    async fn of(world: &World, (role, relation): (Role, Relation)) -> Option<Self> {
        let (person, client) = world.people[&(role, relation)].clone();
        let browser = signed_in_at(&world.server, region(&client).await?, person).await;
        Some(Self { role, relation, client, browser })
    }
}

/// What is wrong with the pages of one person.
async fn faults(world: Arc<World>, looking: Looking, canaries: Arc<Vec<Canary>>) -> Vec<String> {
    let Looking { role, relation, client, browser } = looking;
    let states: Vec<State> = match relation {
        Relation::Own => State::iter().collect(),
        Relation::OtherWijk
        | Relation::OtherSchool
        | Relation::OtherGemeente
        | Relation::ExMember
        | Relation::OtherRegion => vec![State::Open, State::Restricted],
    };
    let mut found = Vec::new();
    let mut shown: BTreeMap<usize, String> = BTreeMap::new();
    for path in addresses(&world, &states) {
        let page = browser.get(&path).await;
        if page.status >= 500 {
            found.push(format!("{role} {relation} {path}: {}", page.status));
        }
        let here = canaries.iter().enumerate().filter(|(_, canary)| page.body.contains(&canary.text));
        for (at, _) in here {
            shown.entry(at).or_insert_with(|| path.clone());
        }
    }
    let seen = shown.keys().map(|at| &canaries[*at]).collect();
    let told = unexplained(&world, &client, seen).await;
    for canary in told {
        let at = canaries.iter().position(|one| one.text == canary.text).unwrap();
        found.push(format!("{role} {relation} {}: {}", shown[&at], canary.text));
    }
    found.extend(figures(&browser, &client).await.map(|fault| format!("{role} {relation} {fault}")));
    found
}

/// Figures are those of the API, or none.
async fn figures(browser: &Browser, client: &As) -> Option<String> {
    let csv = pb::ExportMonitorRequest { format: pb::MonitorFormat::Csv.into(), ..Default::default() };
    let told = MonitorServiceClient::new(client.clone()).export_monitor(csv).await;
    let file = browser.get("/board.csv?by=none").await;
    let board = browser.get("/board").await;
    let right = match told {
        Ok(told) => board.status == 200 && file.bytes == told.into_inner().content,
        Err(_) => board.status == 404 && file.status == 404,
    };
    (!right).then(|| format!("/board: {} {}", board.status, file.status))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn x11_no_page_shows_anybody_what_a_call_would_not() {
    let world = World::start().await;
    let mut canaries = standing(&world);
    canaries.extend(plant(&world).await);
    let (world, canaries) = (Arc::new(world), Arc::new(canaries));
    let step = step(false);
    let everybody = RELATIONS.iter().flat_map(|relation| Role::iter().map(move |role| (role, *relation)));
    let looking: Vec<(Role, Relation)> = everybody
        .enumerate()
        .filter(|(at, (_, relation))| at.is_multiple_of(step) || (step < 7 && *relation == Relation::Own))
        .map(|(_, who)| who)
        .collect();
    let mut running = tokio::task::JoinSet::new();
    let (mut found, mut looked) = (Vec::new(), 0);
    for who in looking {
        let Some(looking) = Looking::of(&world, who).await else { continue };
        if running.len() >= AT_ONCE {
            found.extend(running.join_next().await.unwrap().unwrap());
        }
        running.spawn(faults(Arc::clone(&world), looking, Arc::clone(&canaries)));
        looked += 1;
    }
    while let Some(done) = running.join_next().await {
        found.extend(done.unwrap());
    }
    println!("{looked} people looked at {} pages for {} canaries", PAGES.len(), canaries.len());
    assert!(looked > 5);
    found.sort_unstable();
    assert!(found.is_empty(), "{}", found.join("\n"));
    // And whoever may see them does: the pages are no empty ones.
    let iber = Looking::of(&world, (Role::Iber, Relation::Own)).await.unwrap();
    let today = iber.browser.get("/today").await;
    assert!(today.body.contains(&world.things[&State::Open].planned.reference), "{}", today.body);
}

/// What stands between the brackets that are open at the begin of `text`.
fn within(text: &str) -> &str {
    let mut depth = 1;
    for (at, sign) in text.char_indices() {
        match sign {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

/// Every path of the workplace that can be looked at, as its sources have them.
fn routes() -> BTreeSet<String> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src/web/workplace")];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    let sources = files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "rs"));
    let mut found = BTreeSet::new();
    for source in sources {
        let text = std::fs::read_to_string(source).unwrap();
        for route in text.split(".route(").skip(1).map(within) {
            let Some((path, handler)) =
                route.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'))
            else {
                continue;
            };
            let mut words = handler.split(|sign: char| !sign.is_alphanumeric() && sign != '_');
            if words.any(|word| word == "get") {
                found.insert(path.to_owned());
            }
        }
    }
    found
}

fn is_page_of(route: &str, page: &str) -> bool {
    let page = page.split('?').next().unwrap_or_default();
    let (route, page): (Vec<_>, Vec<_>) = (route.split('/').collect(), page.split('/').collect());
    route.len() == page.len()
        && route.iter().zip(&page).all(|(own, asked)| own == asked || own.starts_with('{'))
}

#[test]
fn every_page_of_the_workplace_is_one_of_the_matrix() {
    let routes = routes();
    assert!(routes.contains("/today") && routes.contains("/board"), "{routes:?}");
    let known =
        |route: &str| OUTSIDE.contains(&route) || STREAMS.contains(&route) || REGISTER.contains(&route);
    let unseen: Vec<_> = routes
        .iter()
        .filter(|route| {
            !known(route)
                && !FORMS.contains(&route.as_str())
                && !PAGES.iter().any(|page| is_page_of(route, page))
        })
        .collect();
    assert!(unseen.is_empty(), "in no list of tests/it/matrix/pages.rs: {unseen:?}");
}
