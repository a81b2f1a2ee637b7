//! Who comes for a school, and when people work and are away.

use schakel_proto::v1::{self as pb, directory_service_client::DirectoryServiceClient};
use schakel_tests::{reason, violations};
use tonic::Code;

use crate::region::{Availability, Region, new_school, new_team};

fn ask(region: &Region) -> pb::RouteSchoolRequest {
    pb::RouteSchoolRequest { school: region.school.clone(), ..pb::RouteSchoolRequest::default() }
}

#[tokio::test]
async fn a05_routing_is_the_same_each_time_and_tells_which_rule_matched() {
    let region = Region::start().await;
    let route = async || region.server.directory().route_school(ask(&region)).await.unwrap().into_inner();
    let tried = |route: &pb::RouteSchoolResponse| -> Vec<(String, bool)> {
        route.rules.iter().map(|tried| (tried.rule.clone(), tried.matched)).collect()
    };
    let smw = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    let by_wijk = route().await;
    assert_eq!(
        (by_wijk.team.as_str(), by_wijk.team_display_name.as_str()),
        (region.team.as_str(), "Team T1")
    );
    assert_eq!(tried(&by_wijk).last().unwrap(), &("WIJK_OF_SCHOOL".to_owned(), true));
    assert!(tried(&by_wijk)[..4].iter().all(|(_, matched)| !matched));
    assert_eq!(by_wijk.rules[4].why, "Het team voor de wijk waarin de school staat: dat is Team T1.");
    assert_eq!(by_wijk.contacts[0].person, smw.name);
    assert_eq!(by_wijk, route().await);

    let second = new_team(&region.server, "T2", "WK990101").await;
    let two = route().await;
    assert_eq!(two.team, region.team.clone().min(second), "of two teams the first by id");
    region.link(pb::Role::Smw, &smw, None).await;
    let by_link = route().await;
    assert_eq!(tried(&by_link), [("SCHOOL_LINK".to_owned(), true)]);
    let english = region.server.with_headers(&[
        ("authorization", &format!("Bearer {}", region.server.founded.secret)),
        ("accept-language", "en"),
    ]);
    let english = DirectoryServiceClient::new(english).route_school(ask(&region)).await.unwrap().into_inner();
    assert_eq!(english.rules[0].why, "The team that the school is linked to: that is Team T1.");
}

#[tokio::test]
async fn a05_a_school_without_a_team_has_every_rule_tried_and_its_leerplichtambtenaar() {
    let region = Region::start().await;
    let lpa = region.gemeente("GM9902").await;
    let lpa = region.somebody("LPA", &lpa, pb::Role::Leerplichtambtenaar).await;
    let school = new_school(&region.server, "90AB00", "WK990109").await;
    let ask = |residence: &str| pb::RouteSchoolRequest {
        school: school.clone(),
        residence_gemeente_code: residence.into(),
        valid_on: String::new(),
        ..Default::default()
    };
    let here = region.server.directory().route_school(ask("")).await.unwrap().into_inner();
    assert_eq!((here.team.as_str(), here.rules.len(), here.contacts.len()), ("", 6, 0));
    let there = region.server.directory().route_school(ask("GM9902")).await.unwrap().into_inner();
    assert_eq!((there.contacts[0].person.as_str(), there.contacts[0].deputy), (lpa.name.as_str(), false));
    let bad = pb::RouteSchoolRequest {
        school: String::new(),
        residence_gemeente_code: "Lisdonk".into(),
        valid_on: "29-11-2026".into(),
        ..Default::default()
    };
    let refused = region.server.directory().route_school(bad).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        ["school: FIELD_REQUIRED", "residence_gemeente_code: FIELD_INVALID", "valid_on: FIELD_INVALID"]
    );
}

#[tokio::test]
async fn a06_the_deputy_is_the_contact_while_the_link_person_is_away() {
    let region = Region::start().await;
    let link = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    let deputy = region.somebody("SMW2", &region.team, pb::Role::Smw).await;
    region.link(pb::Role::Smw, &link, Some(&deputy)).await;
    region.away(&link, "2026-11-30", "2026-12-04").await;
    let on = async |day: &str| {
        let ask = pb::RouteSchoolRequest { valid_on: day.into(), ..ask(&region) };
        let route = region.server.directory().route_school(ask).await.unwrap().into_inner();
        (route.contacts[0].display_name.clone(), route.contacts[0].deputy, route.contacts[0].email.clone())
    };
    let first = ("Mevrouw SMW1".to_owned(), false, "smw1@team.example".to_owned());
    assert_eq!(on("").await, first);
    assert_eq!(on("2026-12-04").await, ("Mevrouw SMW2".into(), true, "smw2@team.example".into()));
    assert_eq!(on("2026-12-05").await, first, "the last day away is the last");
}

#[tokio::test]
async fn c01_schools_without_somebody_who_comes_are_listed() {
    let region = Region::start().await;
    let list = async |size| {
        let (mut gaps, mut token) = (Vec::new(), String::new());
        loop {
            let ask = pb::ListCoverageGapsRequest { page_size: size, page_token: token };
            let page = region.server.directory().list_coverage_gaps(ask).await.unwrap().into_inner();
            gaps.extend(page.gaps.into_iter().map(|gap| {
                let role = pb::Role::try_from(gap.role).unwrap().as_str_name();
                format!("{} {} {}", gap.school_display_name, role.replace("ROLE_", ""), gap.reason)
            }));
            token = page.next_page_token;
            if token.is_empty() {
                return gaps;
            }
        }
    };
    let nobody = ["Basisschool 90AA00 JEUGDVERPLEEGKUNDIGE NO_LINK", "Basisschool 90AA00 SMW NO_LINK"];
    assert_eq!(list(0).await, nobody);
    assert_eq!(list(1).await, nobody, "page by page");
    let link = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    let deputy = region.somebody("SMW2", &region.team, pb::Role::Smw).await;
    let nurse = region.somebody("JV1", &region.team, pb::Role::Jeugdverpleegkundige).await;
    region.link(pb::Role::Smw, &link, Some(&deputy)).await;
    region.link(pb::Role::Jeugdverpleegkundige, &nurse, None).await;
    assert!(list(0).await.is_empty());
    region.away(&link, "2026-11-23", "2026-11-27").await;
    assert_eq!(list(0).await, ["Basisschool 90AA00 SMW LINK_ABSENT"]);
    region.away(&deputy, "2026-11-23", "").await;
    let both = ["Basisschool 90AA00 SMW LINK_ABSENT", "Basisschool 90AA00 SMW NO_DEPUTY"];
    assert_eq!(list(0).await, both);
}

#[tokio::test]
async fn hours_are_made_changed_and_ended_and_nothing_is_lost_between() {
    let region = Region::start().await;
    let smw = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    let made = region.hours(&smw, 1, ("08:30", "24:00")).await;
    assert_eq!((made.until.as_str(), made.time_zone.as_str()), ("24:00", "Europe/Amsterdam"));
    assert_eq!((made.valid_from.as_str(), made.etag.as_str()), ("2026-11-23", "1"));
    let update = |wire: pb::WeeklyHours, paths: &[&str]| pb::UpdateWeeklyHoursRequest {
        weekly_hours: Some(wire),
        update_mask: Some(prost_types::FieldMask { paths: paths.iter().map(ToString::to_string).collect() }),
        request_id: region.server.request_id(),
    };
    let wish = pb::WeeklyHours { weekday: 3, until: "12:00".into(), ..made.clone() };
    let changed = region.availability().update_weekly_hours(update(wish.clone(), &["until"])).await;
    let changed = changed.unwrap().into_inner();
    assert_eq!((changed.weekday, changed.until.as_str(), changed.etag.as_str()), (1, "12:00", "2"));
    let stale = region.availability().update_weekly_hours(update(wish, &["until"])).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale).as_str()), (Code::Aborted, "ETAG_MISMATCH"));
    let masked = region.availability().update_weekly_hours(update(changed.clone(), &["affiliation"])).await;
    assert_eq!(violations(&masked.unwrap_err()), ["update_mask: MASK_INVALID"]);
    let end = pb::EndWeeklyHoursRequest {
        name: made.name.clone(),
        valid_until: "2026-11-27".into(),
        etag: "2".into(),
        request_id: region.server.request_id(),
    };
    region.availability().end_weekly_hours(end).await.unwrap();
    let list = async |day: &str| {
        let ask = pb::ListWeeklyHoursRequest {
            person: smw.name.clone(),
            valid_on: day.into(),
            ..pb::ListWeeklyHoursRequest::default()
        };
        region.availability().list_weekly_hours(ask).await.unwrap().into_inner().weekly_hours.len()
    };
    assert_eq!((list("2026-11-27").await, list("2026-11-28").await), (1, 0));
}

#[tokio::test]
async fn an_absence_that_has_yet_to_begin_is_taken_back() {
    let region = Region::start().await;
    let one = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    let mut client = Availability::new(region.acting(&one).await);
    let absence = pb::Absence {
        person: one.name.clone(),
        kind: pb::absence::Kind::Leave.into(),
        valid_from: "2026-12-24".into(),
        valid_until: "2027-01-04".into(),
        ..pb::Absence::default()
    };
    let ask = pb::CreateAbsenceRequest { absence: Some(absence), request_id: region.server.request_id() };
    let made = client.create_absence(ask).await.unwrap().into_inner();
    let end = pb::EndAbsenceRequest {
        name: made.name.clone(),
        valid_until: "2026-12-23".into(),
        etag: made.etag,
        request_id: region.server.request_id(),
    };
    let gone = client.end_absence(end.clone()).await.unwrap().into_inner();
    assert_eq!((gone.valid_from.as_str(), gone.valid_until.as_str()), ("2026-12-24", "2026-12-23"));
    assert_eq!(client.end_absence(end).await.unwrap().into_inner(), gone, "once more it is the same answer");
    let get = pb::GetAbsenceRequest { name: made.name };
    assert_eq!(client.get_absence(get).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn people_keep_their_own_calendar_and_nobody_elses() {
    let region = Region::start().await;
    let one = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    let other = region.somebody("SMW2", &region.team, pb::Role::Smw).await;
    let mut client = Availability::new(region.acting(&one).await);
    let absence = |person: &str| pb::CreateAbsenceRequest {
        absence: Some(pb::Absence {
            person: person.into(),
            kind: pb::absence::Kind::Study.into(),
            valid_from: "2026-11-24".into(),
            ..pb::Absence::default()
        }),
        request_id: region.server.request_id(),
    };
    let own = client.create_absence(absence(&one.name)).await.unwrap().into_inner();
    let refused = client.create_absence(absence(&other.name)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::NotFound, "PERSON_NOT_FOUND"));
    let get = pb::GetAbsenceRequest { name: own.name.clone() };
    let mut colleague = Availability::new(region.acting(&other).await);
    assert_eq!(colleague.get_absence(get).await.unwrap().into_inner(), own, "everybody may read it");
    let end = pb::EndAbsenceRequest {
        name: own.name,
        valid_until: "2026-11-24".into(),
        etag: own.etag,
        request_id: region.server.request_id(),
    };
    assert_eq!(colleague.end_absence(end).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn every_bad_field_of_hours_and_absences_is_named_at_once() {
    let region = Region::start().await;
    let bad = pb::WeeklyHours {
        affiliation: "affiliations/1".into(),
        weekday: 8,
        from: "12:00".into(),
        until: "09:00".into(),
        time_zone: "Mars/Phobos".into(),
        school: "Basisschool".into(),
        valid_from: "2026-11-24".into(),
        valid_until: "2026-11-23".into(),
        ..pb::WeeklyHours::default()
    };
    let request = pb::CreateWeeklyHoursRequest { weekly_hours: Some(bad), request_id: String::new() };
    let refused = region.availability().create_weekly_hours(request).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "request_id: REQUEST_ID_REQUIRED",
            "weekly_hours.affiliation: FIELD_INVALID",
            "weekly_hours.weekday: FIELD_INVALID",
            "weekly_hours.until: TIME_RANGE_INVALID",
            "weekly_hours.time_zone: TIMEZONE_UNKNOWN",
            "weekly_hours.school: FIELD_INVALID",
            "weekly_hours.valid_until: TIME_RANGE_INVALID",
        ]
    );
    let absence = |kind, person: &str| pb::CreateAbsenceRequest {
        absence: Some(pb::Absence { kind, person: person.into(), ..pb::Absence::default() }),
        request_id: region.server.request_id(),
    };
    let refused = region.availability().create_absence(absence(9999, "")).await.unwrap_err();
    let expected = [
        "absence.person: FIELD_REQUIRED",
        "absence.kind: FIELD_INVALID",
        "absence.valid_from: FIELD_REQUIRED",
    ];
    assert_eq!(violations(&refused), expected);
    let refused = region.availability().create_absence(absence(0, "persons/")).await.unwrap_err();
    assert_eq!(violations(&refused)[..2], ["absence.person: FIELD_INVALID", "absence.kind: FIELD_REQUIRED"]);
}

async fn import(
    region: &Region,
    kind: pb::import_request::Kind,
    dry_run: bool,
    text: &str,
) -> Result<pb::ImportResponse, tonic::Status> {
    let first = pb::ImportRequest {
        kind: kind.into(),
        dry_run,
        request_id: region.server.request_id(),
        chunk: Vec::new(),
    };
    let rest: Vec<_> = text
        .as_bytes()
        .chunks(50)
        .map(|chunk| pb::ImportRequest { chunk: chunk.to_vec(), ..pb::ImportRequest::default() })
        .collect();
    let stream = tokio_stream::iter(std::iter::once(first).chain(rest));
    region.availability().import_availability(stream).await.map(tonic::Response::into_inner)
}

#[tokio::test]
async fn a_file_of_hours_is_tried_applied_and_a_second_time_changes_nothing() {
    use pb::import_request::Kind::WeeklyHours;
    let region = Region::start().await;
    region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    let head = "PERSOONSCODE;ORGANISATIECODE;DAG;VAN;TOT;LOCATIE;VANAF;TOTENMET\n";
    let monday = "SMW1;T1;MA;09:00;12:00;90AA00;2026-08-01;\n";
    let both = format!("{head}{monday}SMW1;T1;DI;09:00;12:00;;2026-08-01;\n");
    let told = |report: &pb::ImportResponse| {
        (report.rows, report.created, report.updated, report.closed, report.unchanged, report.bad_row_count)
    };
    let tried = import(&region, WeeklyHours, true, &both).await.unwrap();
    assert_eq!((told(&tried), tried.dry_run), ((2, 2, 0, 0, 0, 0), true), "{:?}", tried.bad_rows);
    assert_eq!(told(&import(&region, WeeklyHours, false, &both).await.unwrap()), (2, 2, 0, 0, 0, 0));
    assert_eq!(told(&import(&region, WeeklyHours, false, &both).await.unwrap()), (2, 0, 0, 0, 2, 0));
    let longer = format!("{head}{}", monday.replace("12:00", "13:00"));
    assert_eq!(told(&import(&region, WeeklyHours, false, &longer).await.unwrap()), (1, 0, 1, 1, 0, 0));
    assert_eq!(told(&import(&region, WeeklyHours, false, &longer).await.unwrap()), (1, 0, 0, 0, 1, 0));
    let bad = format!("{head}NIEMAND;T1;MA;09:00;12:00;;2026-08-01;\nSMW1;T9;MA;9:00;12:00;;2026-08-01;\n");
    let report = import(&region, WeeklyHours, false, &bad).await.unwrap();
    let rows: Vec<_> =
        report.bad_rows.iter().map(|bad| (bad.line, bad.column.as_str(), bad.reason.as_str())).collect();
    assert_eq!(rows, [(2, "PERSOONSCODE", "PERSON_NOT_FOUND"), (3, "VAN", "FIELD_INVALID")]);
    assert!(report.bad_rows.iter().all(|bad| !bad.remedy.is_empty()));
    let refused = import(&region, WeeklyHours, false, "DAG;VAN\n").await.unwrap_err();
    assert_eq!(reason(&refused), "CSV_HEADER_INVALID");
    let refused = import(&region, pb::import_request::Kind::Schools, false, head).await.unwrap_err();
    assert_eq!(violations(&refused), ["kind: FIELD_INVALID"]);
}

#[tokio::test]
async fn a_file_of_absences_adds_to_what_people_entered_themselves() {
    use pb::import_request::Kind::Absences;
    let region = Region::start().await;
    let smw = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    region.away(&smw, "2026-12-21", "2026-12-24").await;
    let file = "PERSOONSCODE;SOORT;VANAF;TOTENMET\nSMW1;OPLEIDING;2026-11-30;2026-11-30\n";
    let report = import(&region, Absences, false, file).await.unwrap();
    assert_eq!((report.created, report.closed), (1, 0), "{:?}", report.bad_rows);
    let report = import(&region, Absences, false, file).await.unwrap();
    assert_eq!((report.created, report.unchanged), (0, 1));
    let ask = pb::ListAbsencesRequest { show_ended: true, ..pb::ListAbsencesRequest::default() };
    assert_eq!(region.availability().list_absences(ask).await.unwrap().into_inner().absences.len(), 2);
}
