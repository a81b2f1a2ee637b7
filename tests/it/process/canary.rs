//! A thousand children with words that stand nowhere else: none of them is found outside their seals.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use schakel_client::{Connection, v1 as pb};
use schakel_server::demo::{
    load,
    region::{Region, Size},
};
use schakel_tests::{
    Folder, database,
    needs::{Need, full_drill},
    program::{FIRST, Outside, Program},
};
use sea_orm::{ConnectionTrait, Statement};

const NAME: &str = "no_word_about_a_child_is_found_outside_its_seal";

/// Every canary begins so: one search finds any.
const STEM: &str = "qzxwk";

/// A word that stands nowhere else; letters only, so that it may be a name.
fn canary(what: char, number: usize) -> String {
    let letters = (0..4).map(|place| {
        let digit = number / 20_usize.pow(place) % 20;
        char::from(b'a' + u8::try_from(digit).unwrap())
    });
    format!("{STEM}{what}{}", letters.collect::<String>())
}

/// A case full of canaries.
fn case(template: &pb::Case, number: usize) -> pb::Case {
    let mut case = template.clone();
    let child = case.child.as_mut().unwrap();
    child.display_name = format!("{} {}", canary('c', number), canary('f', number));
    for (at, parent) in case.parents.iter_mut().enumerate() {
        let own = number * 2 + at;
        parent.display_name = canary('p', own);
        parent.email = format!("{}@canary.example", canary('e', own));
        parent.phone = format!("06 0000 {}", canary('t', own));
    }
    case.question = format!("Hoe komt {} weer in de klas?", canary('q', number));
    case
}

struct Use {
    program: Program,
    iber: Connection,
    /// Secrets that were handed out, and errors that were told.
    secrets: Vec<String>,
    told: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_about_a_child_is_found_outside_its_seal() {
    let Some(mut outside) = Outside::binary(NAME) else { return };
    outside.log = Some("trace,h2=trace,hyper=trace,sqlx=trace");
    let children = if full_drill() { 1_000 } else { 50 };
    let mut databases = vec![None];
    let home = Folder::new();
    if Need::Postgres.or_skip(NAME).is_some() {
        databases.push(Some(database(&home).await));
    }
    for (at, url) in databases.into_iter().enumerate() {
        outside.database.clone_from(&url);
        let folder = home.join(&format!("data{at}"));
        let program = Program::start_in(&outside, &folder, FIRST);
        let iber = program.as_person("iber").await;
        let secrets = ["iber", "smw", "beheerder"].map(|who| program.token(who)).to_vec();
        let mut used = Use { program, iber, secrets, told: String::new() };
        let cases = open_all(&mut used, children).await;
        work_on(&mut used, &cases).await;
        meet(&mut used, &cases[0]).await;
        let Use { program, secrets, told, .. } = used;
        assert!(program.terminate().success());

        let log = std::fs::read(folder.with_extension("log")).unwrap();
        assert!(!log.is_empty() && !log.contains(&0x1b), "a file gets no colours");
        let mut scanned = Scan { bytes: told.len(), files: 0 };
        assert!(!told.to_lowercase().contains(STEM), "an error repeats what was sent: {told}");
        for name in ["schakel.db", "schakel.db-wal", "schakel.db-shm", "clock", "erasures.log", "demo"] {
            scanned.file(&folder.join(name), &secrets);
        }
        scanned.file(&folder.with_extension("log"), &secrets);
        if let Some(url) = &url {
            scanned.postgres(url, &home, &secrets).await;
        }
        scanned.mails(&folder.join("mail").join("new"));
        println!(
            "{}: {children} children with {} canaries, {} secrets, sought in {} bytes of {} files, mails and errors: 0 found",
            if url.is_some() { "PostgreSQL" } else { "SQLite" },
            children * 9,
            secrets.len(),
            scanned.bytes,
            scanned.files
        );
        assert!(scanned.bytes > 1_000_000);
    }
}

async fn open_all(used: &mut Use, children: usize) -> Vec<pb::Case> {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let region = Region::generate(Size::Small, 9901, today);
    let schools = load::schools(&used.iber).await.unwrap();
    let template = load::to_wire(region.case_of_the_story(), &schools);
    let mut cases = Vec::with_capacity(children);
    for number in 0..children {
        let ask = pb::OpenCaseRequest {
            case: Some(case(&template, number)),
            request_id: load::fresh(),
            ..Default::default()
        };
        cases.push(used.iber.thuiszitter().open_case(ask).await.unwrap().into_inner());
    }
    // What is refused is not repeated, in no field.
    let mut wrong = case(&template, 7_000);
    wrong.parents[0].email = format!("{}@", canary('e', 7_000));
    wrong.child.as_mut().unwrap().birth_date = canary('d', 7_000);
    wrong.residence_gemeente_code = canary('g', 7_000);
    let ask = pb::OpenCaseRequest { case: Some(wrong), request_id: canary('r', 7_000), ..Default::default() };
    let status = used.iber.thuiszitter().open_case(ask).await.unwrap_err();
    refused(used, "open", &status);
    let twice = pb::OpenCaseRequest {
        case: Some(case(&template, 0)),
        request_id: load::fresh(),
        ..Default::default()
    };
    let status = used.iber.thuiszitter().open_case(twice).await.unwrap_err();
    refused(used, "twice", &status);
    let strange = pb::GetCaseRequest { name: format!("cases/{}", canary('n', 7_000)) };
    let status = used.iber.thuiszitter().get_case(strange).await.unwrap_err();
    refused(used, "get", &status);
    cases
}

/// Keeps everything that an error says.
fn refused(used: &mut Use, what: &str, status: &tonic::Status) {
    let details = String::from_utf8_lossy(status.details());
    writeln!(used.told, "{what}: {status:?} {details}").unwrap();
}

/// Reads, lists, changes and asks for help.
async fn work_on(used: &mut Use, cases: &[pb::Case]) {
    let iber = &used.iber;
    let list = pb::ListCasesRequest { page_size: 200, ..Default::default() };
    assert!(!iber.thuiszitter().list_cases(list).await.unwrap().into_inner().cases.is_empty());
    for (number, case) in cases.iter().enumerate().take(20) {
        let name = case.name.clone();
        let timeline = pb::GetTimelineRequest { name: name.clone(), ..Default::default() };
        iber.thuiszitter().get_timeline(timeline).await.unwrap();
        let changed = pb::Case {
            question: format!("Verandert: {}", canary('u', number)),
            ..iber.thuiszitter().get_case(pb::GetCaseRequest { name }).await.unwrap().into_inner()
        };
        let ask = pb::UpdateCaseRequest {
            case: Some(changed),
            update_mask: Some(prost_types::FieldMask { paths: vec!["question".into()] }),
            request_id: load::fresh(),
            ..Default::default()
        };
        iber.thuiszitter().update_case(ask).await.unwrap();
        let help = pb::Hulpvraag {
            school: case.school.clone(),
            role: pb::Role::Smw.into(),
            target_date: "2026-12-14".into(),
            case: case.name.clone(),
            question: format!("Wie helpt {}?", canary('h', number)),
            ..Default::default()
        };
        let ask = pb::CreateHulpvraagRequest { hulpvraag: Some(help), request_id: load::fresh() };
        iber.hulpvraag().create_hulpvraag(ask).await.unwrap();
    }
    let ask = pb::CreateFeedRequest { request_id: load::fresh(), ..Default::default() };
    let url = iber.feed().create_feed(ask).await.unwrap().into_inner().url;
    let body = get(&url);
    assert!(body.contains("BEGIN:VCALENDAR") && !body.to_lowercase().contains(STEM));
    let secret = url.rsplit('/').next().unwrap().trim_end_matches(".ics").to_owned();
    assert!(secret.len() > 20, "{url}");
    used.secrets.push(secret);
}

fn get(url: &str) -> String {
    use std::io::{Read, Write};
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response.replace("\r\n ", "")
}

/// A meeting about the first child, watched, mailed, held and recorded.
async fn meet(used: &mut Use, case: &pb::Case) {
    let iber = &used.iber;
    let watch = pb::WatchConsultationsRequest { case: case.name.clone(), ..Default::default() };
    let mut watched = iber.consultation().watch_consultations(watch).await.unwrap().into_inner();
    let person = |name: &String, role: pb::Role| pb::Participant {
        person: name.clone(),
        role: role.into(),
        ..Default::default()
    };
    let consultation = pb::Consultation {
        kind: pb::consultation::Kind::Mdo.into(),
        case: case.name.clone(),
        start_time: Some(prost_types::Timestamp { seconds: 1_797_930_000, nanos: 0 }),
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        place: pb::consultation::Place::School.into(),
        school: case.school.clone(),
        participants: vec![
            person(&case.parents[0].person, pb::Role::Ouder),
            person(&case.parents[1].person, pb::Role::Ouder),
            person(&used.program.named("iber"), pb::Role::Iber),
            person(&used.program.named("smw"), pb::Role::Smw),
        ],
        ..Default::default()
    };
    let ask = pb::BookConsultationRequest {
        consultation: Some(consultation),
        request_id: load::fresh(),
        ..Default::default()
    };
    let booked = iber.consultation().book_consultation(ask).await.unwrap().into_inner();
    assert!(watched.message().await.unwrap().is_some());
    let mails = used.program.folder.join("mail").join("new");
    for _ in 0..300 {
        let of_this = |file: &PathBuf| text(file).contains(&booked.reference);
        if files(&mails).iter().filter(|file| of_this(file)).count() >= 4 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let ask = pb::AdvanceClockRequest { by: Some(prost_types::Duration { seconds: 35 * 86_400, nanos: 0 }) };
    iber.clock().advance_clock(ask).await.unwrap();
    let held = pb::GetConsultationRequest { name: booked.name };
    let held = iber.consultation().get_consultation(held).await.unwrap().into_inner();
    let outcome = pb::Outcome {
        attended: held.participants.iter().map(|participant| participant.person.clone()).collect(),
        child_heard: pb::outcome::ChildHeard::ThroughOthers.into(),
        child_heard_note: canary('o', 1),
        summary: canary('o', 2),
        actions: vec![pb::outcome::Action {
            name: String::new(),
            text: canary('a', 1),
            owner: used.program.named("iber"),
            due_date: "2027-02-01".into(),
        }],
        jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::Nee.into(),
        jgt_decided_with: case.parents.iter().map(|parent| parent.person.clone()).collect(),
        ..Default::default()
    };
    let ask = pb::RecordOutcomeRequest {
        name: held.name,
        outcome: Some(outcome),
        etag: held.etag,
        request_id: load::fresh(),
    };
    let recorded = iber.consultation().record_outcome(ask).await.unwrap().into_inner();
    assert_eq!(recorded.outcome.unwrap().summary, canary('o', 2), "whoever may read it does");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let found = std::fs::read_dir(folder).into_iter().flatten();
    found.map(|entry| entry.unwrap().path()).collect()
}

/// A mail as its reader sees it: headers, texts and calendar, decoded.
fn text(file: &Path) -> String {
    let raw = std::fs::read(file).unwrap();
    let Some(mail) = mail_parser::MessageParser::default().parse(&raw) else { return String::new() };
    let mut all = format!("{:?}", mail.headers());
    for part in &mail.parts {
        all += &String::from_utf8_lossy(part.contents()).replace("\r\n ", "");
    }
    all
}

struct Scan {
    bytes: usize,
    files: usize,
}

impl Scan {
    fn file(&mut self, file: &Path, secrets: &[String]) {
        let Ok(bytes) = std::fs::read(file) else { return };
        self.bytes += bytes.len();
        self.files += 1;
        let text = String::from_utf8_lossy(&bytes.to_ascii_lowercase()).into_owned();
        let found = text.find(STEM).map(|at| text[at..].chars().take(60).collect::<String>());
        assert!(found.is_none(), "{}: {}", file.display(), found.unwrap_or_default());
        for secret in secrets {
            let secret = secret.trim_start_matches("ska_").to_ascii_lowercase();
            assert!(!text.contains(&secret), "a secret in {}", file.display());
        }
    }

    /// The dump, and the files of the cluster itself with its WAL.
    async fn postgres(&mut self, url: &str, home: &Folder, secrets: &[String]) {
        let dump = home.join("dump.sql");
        let done =
            std::process::Command::new("pg_dump").args(["--dbname", url, "--file"]).arg(&dump).status();
        assert!(done.unwrap().success());
        self.file(&dump, secrets);
        let db = sea_orm::Database::connect(url).await.unwrap();
        db.execute_unprepared("CHECKPOINT").await.unwrap();
        let asked = "SELECT current_setting('data_directory') || '/base/' || oid::text FROM pg_database WHERE datname = current_database()";
        let asked = Statement::from_string(db.get_database_backend(), asked);
        let base: String = db.query_one_raw(asked).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        db.close().await.unwrap();
        let base = PathBuf::from(base);
        let wal = base.parent().and_then(Path::parent).unwrap().join("pg_wal");
        for file in files(&base).into_iter().chain(files(&wal)).filter(|file| file.is_file()) {
            self.file(&file, secrets);
        }
    }

    /// Whose mail it is may stand on it: name and address of the one recipient, and nothing else.
    fn mails(&mut self, folder: &Path) {
        for file in files(folder) {
            let mut text = text(&file);
            self.bytes += text.len();
            self.files += 1;
            let raw = std::fs::read(&file).unwrap();
            let mail = mail_parser::MessageParser::default().parse(&raw).unwrap();
            let to = mail.to().and_then(|to| to.first()).unwrap();
            for own in [to.address(), to.name()].into_iter().flatten() {
                text = text.replace(own, "");
            }
            assert!(!text.to_lowercase().contains(STEM), "{}: {text}", file.display());
        }
    }
}
