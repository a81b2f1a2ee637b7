//! Files that fill the register: told before they are applied, applied whole, and only once.

use std::time::Instant;

use schakel_domain::access::{Action, Role};
use schakel_proto::v1::import_response::change::Kind as Change;
use schakel_proto::v1::{self as pb, import_request::Kind};
use schakel_server::{
    access::{Grant, Worker},
    demo::region::{Region, Size},
    directory::import::{ImportKind, import_file, report::ChangeKind},
};
use schakel_tests::{As, TestServer, reason, violations};
use tonic::{Code, Status};

type Directory = pb::directory_service_client::DirectoryServiceClient<As>;

/// Sends a file in chunks.
async fn send(
    directory: &mut Directory,
    (kind, dry_run, id): (Kind, bool, String),
    file: &[u8],
) -> Result<pb::ImportResponse, Status> {
    let chunks = if file.is_empty() { vec![file] } else { file.chunks(65_536).collect() };
    let messages: Vec<pb::ImportRequest> = chunks
        .into_iter()
        .map(|chunk| pb::ImportRequest {
            kind: kind.into(),
            dry_run,
            request_id: id.clone(),
            chunk: chunk.to_vec(),
        })
        .collect();
    directory.import(tokio_stream::iter(messages)).await.map(tonic::Response::into_inner)
}

async fn import(server: &TestServer, kind: Kind, file: &[u8]) -> pb::ImportResponse {
    send(&mut server.directory(), (kind, false, server.request_id()), file).await.unwrap()
}

fn counts(report: &pb::ImportResponse) -> [i32; 5] {
    [report.created, report.updated, report.closed, report.unchanged, report.bad_row_count]
}

const DUO: &str = "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;STRAATNAAM;\
    HUISNUMMER-TOEVOEGING;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;TELEFOONNUMMER;\
    INTERNETADRES\r\n";

fn duo(rows: &[(&str, &str, &str)]) -> Vec<u8> {
    let line = |(board, code, name): &(&str, &str, &str)| {
        let brin = &code[..4.min(code.len())];
        format!(
            "Limburg;{board};{brin};{code};{name};Dorpsstraat;1;5900 AB;Ravelmonde;9901;Ravelmonde;;;\r\n"
        )
    };
    let text = DUO.to_owned() + &rows.iter().map(line).collect::<String>();
    // As DUO writes it: windows-1252.
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

#[tokio::test]
async fn e01_the_files_of_a_region_are_taken_whole_and_a_second_time_change_nothing() {
    let server = TestServer::start().await;
    let files = Region::generate(Size::Small, 1, "2026-11-23".parse().unwrap()).files();
    let kinds = [
        Kind::Schools,
        Kind::Wijken,
        Kind::SchoolWijken,
        Kind::Clusters,
        Kind::Teams,
        Kind::Persons,
        Kind::Links,
        Kind::WeeklyHours,
        Kind::Absences,
        Kind::Closures,
    ];
    for ((name, file), kind) in files.iter().zip(kinds) {
        let id = server.request_id();
        if matches!(kind, Kind::WeeklyHours | Kind::Absences) {
            let refused = send(&mut server.directory(), (kind, false, id), file).await.unwrap_err();
            assert_eq!(violations(&refused), ["kind: FIELD_INVALID"]);
            continue;
        }
        let told = send(&mut server.directory(), (kind, true, id), file).await.unwrap();
        let done = import(&server, kind, file).await;
        assert_eq!(pb::ImportResponse { dry_run: false, ..told }, done, "{name}");
        assert_eq!(done.bad_rows, [], "{name}");
        assert_eq!(done.created, done.rows, "{name}");
        let again = import(&server, kind, file).await;
        assert_eq!(counts(&again), [0, 0, 0, done.rows, 0], "{name}");
    }
    let list = pb::ListSchoolsRequest::default();
    let schools = server.directory().list_schools(list).await.unwrap().into_inner().schools;
    assert_eq!(schools.len(), 8);
    assert!(schools.iter().all(|school| !school.wijk_code.is_empty()));
    assert!(schools.iter().all(|school| school.holiday_region == pb::HolidayRegion::Zuid as i32));
}

#[tokio::test]
async fn e01_a_region_of_114_schools_is_in_within_seconds() {
    let server = TestServer::start().await;
    let files = Region::generate(Size::Full, 1, "2026-11-23".parse().unwrap()).files();
    let grant = Grant::worker(Worker::Setup, server.founded.region);
    let begun = Instant::now();
    for (name, kind) in [
        ("vestigingen.csv", ImportKind::Schools),
        ("wijken.csv", ImportKind::Wijken),
        ("schoolwijken.csv", ImportKind::SchoolWijken),
        ("clusters.csv", ImportKind::Clusters),
        ("teams.csv", ImportKind::Teams),
        ("personen.csv", ImportKind::Persons),
        ("koppelingen.csv", ImportKind::Links),
        ("afwijkingen.csv", ImportKind::Closures),
    ] {
        let file = files.iter().find(|(file, _)| *file == name).unwrap().1.clone();
        for first in [true, false] {
            let report = import_file(&server.app, &grant, (kind, false), file.clone()).await.unwrap();
            assert_eq!(report.bad, [], "{name}");
            let expected = if first { report.rows } else { 0 };
            assert_eq!((report.count(ChangeKind::New), report.changes.len()), (expected, expected), "{name}");
        }
    }
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn e01_a_file_of_duo_opens_renames_and_closes_schools_of_its_own_boards_only() {
    let server = TestServer::start().await;
    let first = duo(&[
        ("41234", "90AA00", "De Boële"),
        ("41234", "90AB00", "De Kei"),
        ("49999", "90AC00", "Van een ander"),
    ]);
    assert_eq!(counts(&import(&server, Kind::Schools, &first).await), [3, 0, 0, 0, 0]);
    let second = duo(&[("41234", "90AA00", "De Nieuwe Boële"), ("41234", "90AD00", "De Nieuwe")]);
    let told = send(&mut server.directory(), (Kind::Schools, true, server.request_id()), &second).await;
    let told = told.unwrap();
    assert_eq!((counts(&told), told.dry_run), ([1, 1, 1, 0, 0], true));
    let changes: Vec<_> = told.changes.iter().map(|change| (change.kind(), change.code.as_str())).collect();
    assert_eq!(changes, [(Change::New, "90AD00"), (Change::Changed, "90AA00"), (Change::Closed, "90AB00")]);
    assert_eq!(told.changes[1].columns, ["VESTIGINGSNAAM"]);
    assert_eq!(counts(&import(&server, Kind::Schools, &second).await), [1, 1, 1, 0, 0]);
    assert_eq!(counts(&import(&server, Kind::Schools, &second).await), [0, 0, 0, 2, 0]);
    server.clock.advance(chrono::TimeDelta::days(1));
    assert_eq!(counts(&import(&server, Kind::Schools, &second).await), [0, 0, 0, 2, 0]);
    let listed = server.directory().list_schools(pb::ListSchoolsRequest::default()).await.unwrap();
    let names: Vec<String> =
        listed.into_inner().schools.into_iter().map(|school| school.display_name).collect();
    assert_eq!(names, ["De Nieuwe", "De Nieuwe Boële", "Van een ander"]);
    assert_eq!(counts(&import(&server, Kind::Schools, &first).await), [1, 1, 1, 1, 0], "De Kei comes back");
    let board = pb::organisation::Kind::Board.into();
    let list = pb::ListOrganisationsRequest { kind: board, ..pb::ListOrganisationsRequest::default() };
    let boards = server.directory().list_organisations(list).await.unwrap().into_inner().organisations;
    assert_eq!(boards.len(), 2);
}

/// A file of schools of a board as DUO publishes it, with its own columns before and behind those that all three of
/// its files have.
fn published((before, behind): (&str, &str), board: &str, rows: &[(&str, &str, &str)]) -> Vec<u8> {
    const REST: &str = "STRAATNAAM CORRESPONDENTIEADRES;HUISNUMMER-TOEVOEGING CORRESPONDENTIEADRES;\
        POSTCODE CORRESPONDENTIEADRES;PLAATSNAAM CORRESPONDENTIEADRES;NODAAL GEBIED CODE;NODAAL GEBIED NAAM;\
        RPA-GEBIED CODE;RPA-GEBIED NAAM;WGR-GEBIED CODE;WGR-GEBIED NAAM;COROPGEBIED CODE;COROPGEBIED NAAM;\
        ONDERWIJSGEBIED CODE;ONDERWIJSGEBIED NAAM;RMC-REGIO CODE;RMC-REGIO NAAM;VAKANTIEREGIO";
    let line = |(kind, code, taught): &(&str, &str, &str)| {
        format!(
            "{kind}Limburg;{board};{};{code};School {code};Dorpsstraat;1;5900 AB;Ravelmonde;9901;Ravelmonde; ; ; ;\
             {taught} ; ; ; ;76;Venlo;29;Noord-Limburg;38;Noord-Limburg;37;Noord-Limburg;23;Noord-Limburg;38;\
             Gewest Limburg-Noord;Zuid\r\n",
            &code[..4]
        )
    };
    let rows: String = rows.iter().map(line).collect();
    format!("{before}{};{behind}{REST}\r\n{rows}", DUO.trim_end()).into_bytes()
}

#[tokio::test]
async fn e01_the_sector_of_a_school_is_filled_from_what_the_files_of_duo_are_certain_of() {
    let server = TestServer::start().await;
    let schools = async || {
        let listed = server.directory().list_schools(pb::ListSchoolsRequest::default()).await.unwrap();
        let mut schools = listed.into_inner().schools;
        schools.sort_by(|one, other| one.vestigingscode.cmp(&other.vestigingscode));
        schools
    };
    let sectors = async || schools().await.iter().map(pb::School::sector).collect::<Vec<_>>();
    let (none, po, vo) = (pb::Sector::Unspecified, pb::Sector::Po, pb::Sector::Vo);
    // Of a file with fewer columns nobody knows which schools stand in it.
    let bare = duo(&[("41234", "90AA00", "School 90AA00")]);
    import(&server, Kind::Schools, &bare).await;
    assert_eq!(sectors().await, [none]);
    let kinds = [
        ("(V)SO;", "90AB00", "3;SO ZMLK + VSO ZMLK;"),
        ("SBAO;", "90AC00", " ;SBAO;"),
        ("SO;", "90AD00", "3;SO ZMLK;"),
        ("VSO;", "90AE00", "4;VSO ZMOK + RP-VSO ZMOK;"),
    ];
    let special = published(("SOORT PRIMAIR ONDERWIJS;", "CLUSTER;ONDERWIJS;"), "41235", &kinds);
    assert_eq!(counts(&import(&server, Kind::Schools, &special).await), [4, 0, 0, 0, 0]);
    let secondary = published(("", "ONDERWIJSSTRUCTUUR;"), "41236", &[("", "90AF00", "VBO/MAVO;")]);
    assert_eq!(counts(&import(&server, Kind::Schools, &secondary).await), [1, 0, 0, 0, 0]);
    assert_eq!(sectors().await, [none, none, po, po, vo, vo]);

    // What somebody set by hand stays where a file tells nothing.
    let both = schools().await.swap_remove(1);
    let change = pb::UpdateSchoolRequest {
        school: Some(pb::School { sector: vo.into(), ..both }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["sector".to_owned()] }),
        request_id: server.request_id(),
    };
    server.directory().update_school(change).await.unwrap();
    assert_eq!(counts(&import(&server, Kind::Schools, &special).await), [0, 0, 0, 4, 0]);

    // Of a school that is there already the preview tells it as of any other column.
    let primary = published(("", ""), "41234", &[("", "90AA00", "")]);
    let told = send(&mut server.directory(), (Kind::Schools, true, server.request_id()), &primary).await;
    let told = told.unwrap();
    assert_eq!((counts(&told), told.changes[0].kind()), ([0, 1, 0, 0, 0], Change::Changed));
    assert_eq!(told.changes[0].columns, ["SECTOR"]);
    assert_eq!(sectors().await, [none, vo, po, po, vo, vo], "it is a preview");
    import(&server, Kind::Schools, &primary).await;
    assert_eq!(counts(&import(&server, Kind::Schools, &bare).await), [0, 0, 0, 1, 0]);
    assert_eq!(sectors().await, [po, vo, po, po, vo, vo]);
}

#[tokio::test]
async fn e01_every_bad_row_is_told_with_its_remedy_and_the_good_ones_are_taken() {
    let server = TestServer::start().await;
    let file =
        duo(&[("41234", "90AA00", "De Boële"), ("41234", "9OAB0", "Tikfout"), ("41234", "90AA00", "Twee")]);
    let report = import(&server, Kind::Schools, &file).await;
    assert_eq!((counts(&report), report.rows), ([1, 0, 0, 0, 3], 3));
    let told: Vec<_> =
        report.bad_rows.iter().map(|bad| (bad.line, bad.column.as_str(), bad.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            (3, "INSTELLINGSCODE", "FIELD_INVALID"),
            (3, "VESTIGINGSCODE", "FIELD_INVALID"),
            (4, "", "ALREADY_EXISTS")
        ]
    );
    let english = server.with_headers(&[
        ("authorization", &format!("Bearer {}", server.founded.secret)),
        ("accept-language", "en"),
    ]);
    let links = "VESTIGINGSCODE;TEAMCODE;FUNCTIE;PERSOONSCODE;VERVANGER;VANAF;TOTENMET\n\
                 90AA00;WT99;SMW;P1;;2026-08-01;\n";
    let dutch = import(&server, Kind::Links, links.as_bytes()).await;
    let mut english = Directory::new(english);
    let english = send(&mut english, (Kind::Links, true, server.request_id()), links.as_bytes());
    let english = english.await.unwrap();
    assert_eq!((dutch.bad_rows[0].line, dutch.bad_rows[0].column.as_str()), (2, "TEAMCODE"));
    assert!(dutch.bad_rows[0].remedy.starts_with("Dit team"), "{}", dutch.bad_rows[0].remedy);
    assert!(english.bad_rows[0].remedy.starts_with("This team"), "{}", english.bad_rows[0].remedy);
}

#[tokio::test]
async fn e01_a_file_with_a_bad_row_closes_no_school() {
    let server = TestServer::start().await;
    let both = duo(&[("41234", "90AA00", "De Boële"), ("41234", "90AB00", "De Kei")]);
    import(&server, Kind::Schools, &both).await;
    let slip = duo(&[("41234", "90AA00", "De Boële"), ("41234", "90AB0", "De Kei")]);
    assert_eq!(counts(&import(&server, Kind::Schools, &slip).await), [0, 0, 0, 1, 1]);
}

#[tokio::test]
async fn e01_lines_that_contradict_each_other_are_bad_rows() {
    let server = TestServer::start().await;
    import(&server, Kind::Schools, &duo(&[("41234", "90AA00", "De Boële")])).await;
    let people = "PERSOONSCODE;NAAM;EMAIL;TELEFOON;FUNCTIE;ORGANISATIECODE;VANAF;TOTENMET\n\
        P1;Mo;;;IBER;90AA00;2026-08-01;\n\
        P1;Moe;;;DIRECTEUR;90AA00;2026-08-01;\n\
        P1;Mo;;;IBER;90AA00;2026-09-01;\n\
        P1;Mo;;;SMW;WT1;2026-08-01;\n";
    let report = import(&server, Kind::Persons, people.as_bytes()).await;
    let told: Vec<_> =
        report.bad_rows.iter().map(|bad| (bad.line, bad.column.as_str(), bad.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            (3, "NAAM", "FIELD_INVALID"),
            (4, "VANAF", "ALREADY_EXISTS"),
            (5, "ORGANISATIECODE", "FIELD_INVALID")
        ]
    );
    assert_eq!(report.created, 1);
    let ended = people.split_inclusive('\n').take(2).collect::<String>();
    let ended = ended.replace("2026-08-01;", "2026-08-01;2026-08-31") + "P1;Mo;;;IBER;90AA00;2026-09-01;\n";
    assert_eq!(counts(&import(&server, Kind::Persons, ended.as_bytes()).await), [1, 1, 0, 0, 0]);
    assert_eq!(counts(&import(&server, Kind::Persons, ended.as_bytes()).await), [0, 0, 0, 2, 0]);
}

#[tokio::test]
async fn the_same_request_id_gives_the_same_answer_and_is_not_reused() {
    let server = TestServer::start().await;
    let mut directory = server.directory();
    let file = duo(&[("41234", "90AA00", "De Boële")]);
    let id = server.request_id();
    let first = send(&mut directory, (Kind::Schools, false, id.clone()), &file).await.unwrap();
    assert_eq!(send(&mut directory, (Kind::Schools, false, id.clone()), &file).await.unwrap(), first);
    for (dry_run, file) in [(true, file.clone()), (false, duo(&[("41234", "90AB00", "De Kei")]))] {
        let reused = send(&mut directory, (Kind::Schools, dry_run, id.clone()), &file).await.unwrap_err();
        assert_eq!(reason(&reused), "REQUEST_ID_REUSED");
    }
}

#[tokio::test]
async fn files_that_cannot_be_read_are_refused_with_the_reason() {
    let server = TestServer::start().await;
    let mut directory = server.directory();
    let id = || server.request_id();
    let wijken = b"WIJKCODE;WIJKNAAM;GEMEENTECODE;GEMEENTENAAM\n";
    let header = send(&mut directory, (Kind::Schools, true, id()), wijken).await.unwrap_err();
    assert_eq!(violations(&header), ["chunk: CSV_HEADER_INVALID"]);
    let empty = send(&mut directory, (Kind::Wijken, true, id()), b"").await.unwrap_err();
    assert_eq!(violations(&empty), ["chunk: CSV_HEADER_INVALID"]);
    let none = directory.import(tokio_stream::empty()).await.unwrap_err();
    assert_eq!(violations(&none), ["kind: FIELD_REQUIRED", "request_id: REQUEST_ID_REQUIRED"]);
    let one = pb::ImportRequest {
        kind: Kind::Wijken.into(),
        dry_run: true,
        request_id: id(),
        chunk: vec![b' '; 65_537],
    };
    let large = directory.import(tokio_stream::iter([one.clone()])).await.unwrap_err();
    assert_eq!(violations(&large), ["chunk: MESSAGE_TOO_LARGE"]);
    let unknown = pb::ImportRequest { kind: 9999, chunk: Vec::new(), ..one.clone() };
    let unknown = directory.import(tokio_stream::iter([unknown])).await.unwrap_err();
    assert_eq!(violations(&unknown), ["kind: FIELD_INVALID"]);
    let chunk = pb::ImportRequest { chunk: vec![b' '; 65_536], ..one };
    let whole = directory.import(tokio_stream::iter(vec![chunk; 257])).await.unwrap_err();
    assert_eq!(violations(&whole), ["chunk: MESSAGE_TOO_LARGE"]);
}

#[tokio::test]
async fn an_iber_imports_nothing() {
    assert!(schakel_domain::access::may(&[Role::Iber], Action::WriteDirectory, None).is_err());
    let server = TestServer::start().await;
    import(&server, Kind::Schools, &duo(&[("41234", "90AA00", "De Boële")])).await;
    let list = pb::ListSchoolsRequest::default();
    let school = server.directory().list_schools(list).await.unwrap().into_inner().schools.remove(0).name;
    let ib = server.member(pb::Role::Iber, &school.replace("schools", "organisations")).await;
    let file = duo(&[("41234", "90AB00", "De Kei")]);
    let refused = send(&mut Directory::new(ib), (Kind::Schools, true, server.request_id()), &file).await;
    let refused = refused.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "ACTION_NOT_ALLOWED"));
}

#[tokio::test]
async fn x06_an_import_mails_nobody() {
    let server = TestServer::start().await;
    let file = duo(&[("99001", "99AA00", "De Eik"), ("99001", "99AA01", "De Linde")]);
    assert_eq!(counts(&import(&server, Kind::Schools, &file).await)[0], 2);
    assert!(server.news().await.is_empty());
    assert_eq!(server.number("SELECT COUNT(*) FROM outbox WHERE kind = 'MAIL'").await, 0);
}
