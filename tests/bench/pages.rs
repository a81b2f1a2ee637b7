//! How long the first octet of each page takes beside that of an empty answer of the same server.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use schakel_domain::{access::Role, ids::SchoolId};
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_tests::{
    TestServer,
    workplace::{Browser, SESSION, signed_in},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::row;

/// Open cases of the region.
const CASES: usize = 100;
/// Looks at each page, one after another, each on a connection of its own that is open already.
const LOOKS: usize = 60;

/// Pages without a name of something in them; beside them one case and one meeting.
const PAGES: [&str; 21] = [
    "/today",
    "/cases",
    "/cases/new",
    "/book",
    "/consultations",
    "/board",
    "/board/bands.svg",
    "/board/survival.svg",
    "/board/tiles.svg",
    "/board.csv",
    "/region",
    "/region/schools",
    "/region/links",
    "/region/teams",
    "/region/people",
    "/region/hours",
    "/region/calendars",
    "/region/mail",
    "/region/feeds",
    "/region/tokens",
    "/region/year-plan",
];

/// From the last octet of the request to the first of the answer.
async fn first_octet(address: SocketAddr, request: &str) -> Duration {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let start = Instant::now();
    let mut first = [0_u8; 1];
    stream.read_exact(&mut first).await.unwrap();
    let took = start.elapsed();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert!(rest.starts_with(b"TTP/1.1 200"), "{}", String::from_utf8_lossy(&rest));
    took
}

async fn looks(address: SocketAddr, path: &str, cookie: &str) -> Vec<Duration> {
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: schakel.example\r\nconnection: close\r\naccept-encoding: gzip\r\n\
         sec-fetch-site: same-origin\r\n{cookie}\r\n"
    );
    let mut times = Vec::with_capacity(LOOKS);
    for _ in 0..LOOKS {
        times.push(first_octet(address, &request).await);
    }
    times.sort_unstable();
    times
}

/// A child that is at home since a day of the year before.
fn case(school: &str, nth: usize) -> pb::Case {
    pb::Case {
        school: school.to_owned(),
        residence_gemeente_code: "GM9901".into(),
        absence: Some(pb::case::Absence {
            kind: pb::case::absence::Kind::Ongeoorloofd.into(),
            first_day: format!("2026-{:02}-{:02}", 1 + nth % 10, 1 + nth % 28),
            unauthorised: Vec::new(),
        }),
        child: Some(pb::case::Child {
            person: String::new(),
            display_name: format!("Kind {nth}"),
            birth_date: "2017-05-14".into(),
        }),
        parents: vec![pb::case::Parent {
            display_name: "Noor Oudshoorn".into(),
            email: "noor@thuis.example".into(),
            gezag: pb::case::parent::Gezag::Yes.into(),
            ..Default::default()
        }],
        question: "Hoe komt zij weer in de klas?".into(),
        next_action_date: "2026-11-25".into(),
        ..Default::default()
    }
}

/// A meeting at a school, and a browser of who booked it.
async fn meeting(server: &TestServer, school: SchoolId) -> (Browser, pb::Consultation) {
    let (iber, caller) = server.person(Role::Iber, school).await;
    let (smw, _) = server.person(Role::Smw, school).await;
    let seat =
        |person: String, role: pb::Role| pb::Participant { person, role: role.into(), ..Default::default() };
    let start = server.app.now() + TimeDelta::hours(50);
    let consultation = pb::Consultation {
        kind: pb::consultation::Kind::Consult.into(),
        start_time: Some(prost_types::Timestamp { seconds: start.timestamp(), nanos: 0 }),
        duration: Some(prost_types::Duration { seconds: 1800, nanos: 0 }),
        place: pb::consultation::Place::School.into(),
        school: school.to_string(),
        participants: vec![seat(iber.to_string(), pb::Role::Iber), seat(smw.to_string(), pb::Role::Smw)],
        ..Default::default()
    };
    let (consultation, request_id) = (Some(consultation), server.request_id());
    let ask = pb::BookConsultationRequest { consultation, request_id, ..Default::default() };
    let booked = ConsultationServiceClient::new(caller).book_consultation(ask).await.unwrap().into_inner();
    (signed_in(server, iber).await, booked)
}

/// Under which a browser is signed in, as a line of its requests.
fn cookie(browser: &Browser) -> String {
    format!("cookie: {SESSION}={}\r\n", browser.cookie(SESSION))
}

/// Prints them.
pub(crate) async fn figures() {
    let server = TestServer::start().await;
    let schools = [server.school("90AA00", "GM9901").await, server.school("90BB00", "GM9902").await];
    let organisation = server.founded.organisation;
    let (keeper, client) = server.person(Role::Thuiszitterscoordinator, organisation).await;
    server.affiliate(keeper, Role::Beheerder, organisation).await;
    let mut cases = ThuiszitterServiceClient::new(client);
    let mut open = pb::Case::default();
    for nth in 0..CASES {
        let case = Some(case(&schools[nth % 2].to_string(), nth));
        // The register has none of the gemeenten.
        let (confirm_outside_region, request_id) = (true, server.request_id());
        let opening = pb::OpenCaseRequest { case, confirm_outside_region, request_id };
        open = cases.open_case(opening).await.unwrap().into_inner();
    }
    let browser = signed_in(&server, keeper).await;
    let keeps = cookie(&browser);
    let address = server.http().await.address();
    looks(address, "/livez", "").await;
    let empty = looks(address, "/livez", "").await;
    let median = empty[empty.len() / 2];
    let engine = server.app.settings.database.url.split(':').next().unwrap_or_default();
    println!("\n{engine}, {CASES} open cases, {LOOKS} looks at each page, until its first octet:\n");
    println!("| page | median | p99 | × empty |\n|---|---|---|---|");
    row("empty (/livez)", &empty, median);
    for path in PAGES {
        if browser.get(path).await.status != 200 {
            continue;
        }
        row(path, &looks(address, path, &keeps).await, median);
    }
    row("/cases/{id}", &looks(address, &format!("/{}", open.name), &keeps).await, median);
    let (browser, booked) = meeting(&server, schools[0]).await;
    let path = format!("/{}", booked.name);
    row("/consultations/{id}", &looks(address, &path, &cookie(&browser)).await, median);
}
