//! The page of the year plan: what it offers to whom, whom it proposes, and why it says no.

use pb::consultation_service_client::ConsultationServiceClient;
use schakel_proto::v1 as pb;
use schakel_tests::{http::Answer, workplace::Browser};

use super::{Desk, press, shows};
use crate::region::{Region, new_school};

const PATH: &str = "/region/year-plan";

/// A cluster of these schools.
async fn cluster(region: &Region, schools: &[&str]) {
    let member = |school: &&str| pb::cluster::Member {
        school: (*school).to_owned(),
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    let cluster = pb::Cluster {
        code: "C1".into(),
        kind: pb::cluster::Kind::Rok.into(),
        display_name: "ROK Noord".into(),
        members: schools.iter().map(member).collect(),
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    let request = pb::CreateClusterRequest { cluster: Some(cluster), request_id: region.server.request_id() };
    region.server.directory().create_cluster(request).await.unwrap();
}

/// What the form of the page asks when nothing in it is touched, as a browser sends it.
fn filled(page: &Answer) -> Vec<(String, String)> {
    let form = page.body.split_once("name=\"do\" value=\"propose\"").expect("the form").1;
    let form = form.split_once("</form>").unwrap().0;
    let told = |tag: &str, name: &str| {
        let tag = format!(" {}", tag.split('>').next().unwrap());
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    let mut fields = vec![("do".to_owned(), "propose".to_owned())];
    for list in form.split("<select ").skip(1) {
        let list = list.split_once("</select>").unwrap().0;
        let options: Vec<&str> = list.split("<option ").skip(1).collect();
        let chosen = options.iter().find(|option| option.split('>').next().unwrap().ends_with(" selected"));
        let chosen = chosen.or(options.first()).unwrap();
        fields.push((told(list, "name").unwrap(), told(chosen, "value").unwrap()));
    }
    for input in form.split("<input ").skip(1) {
        let tag = input.split('>').next().unwrap();
        if !tag.contains("type=\"checkbox\"") || tag.ends_with(" checked") {
            fields.push((told(tag, "name").unwrap(), told(tag, "value").unwrap()));
        }
    }
    fields
}

/// The same with other days, and two meetings.
fn in_winter(page: &Answer) -> Vec<(String, String)> {
    let mut fields = filled(page);
    for (name, value) in [("first_date", "2027-01-11"), ("last_date", "2027-03-31"), ("meetings", "2")] {
        value.clone_into(&mut fields.iter_mut().find(|(own, _)| own == name).unwrap().1);
    }
    fields
}

fn said<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

async fn send(region: &Region, browser: &Browser, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    press(region, browser, PATH, &fields).await
}

#[tokio::test]
async fn an_iber_plans_for_its_school_what_the_page_proposes() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let iber = region.full_time("IB1", &region.school, pb::Role::Iber).await;
    let smw = region.full_time("SMW1", &region.team, pb::Role::Smw).await;
    region.link(pb::Role::Smw, &smw, None).await;
    new_school(&region.server, "90AB00", "WK990101").await;
    let browser = desk.of(&iber).await;
    let page = browser.get(PATH).await;
    assert_eq!(page.status, 200, "{}", page.body);
    for other in ["KIND_OOGO_AMBTELIJK", "KIND_ROK", "KIND_MDO", "BY_CLUSTER"] {
        assert!(!page.body.contains(other), "there is no cluster, and no child yet: {other}");
    }
    assert!(!page.body.contains("van elke school één"), "there is one: {}", page.body);
    let mut fields = in_winter(&page);
    for (name, value) in [
        ("kind", "KIND_ONDERSTEUNINGSTEAM"),
        ("by", "BY_SCHOOL"),
        ("seat1", "oneself:ROLE_IBER"),
        ("seat2", "ROLE_SMW"),
        ("seat3", ""),
        ("duration", "60"),
    ] {
        assert_eq!(said(&fields, name), value, "{name}");
    }
    let proposal = send(region, &browser, &fields).await;
    shows(&proposal, &["Voorstel", "2 keer een tijd gevonden", "Mevrouw IB1", "Mevrouw SMW1", "Boek dit"]);
    assert!(!proposal.body.contains("Basisschool 90AB00"), "for its own school alone");
    fields[0].1 = "book".to_owned();
    fields.push(("mode".to_owned(), "BOOKING_MODE_ALL_OR_NOTHING".to_owned()));
    shows(&send(region, &browser, &fields).await, &["Geboekt", "href=\"/consultations/"]);
    let mut meetings = ConsultationServiceClient::new(region.acting(&iber).await);
    let ask = pb::ListConsultationsRequest::default();
    assert_eq!(meetings.list_consultations(ask).await.unwrap().into_inner().consultations.len(), 2);
}

#[tokio::test]
async fn who_plans_only_where_it_sits_is_told_so_in_the_servers_own_words() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let iber = region.full_time("IB1", &region.school, pb::Role::Iber).await;
    cluster(region, &[&region.school]).await;
    let browser = desk.of(&iber).await;
    let page = browser.get(&format!("{PATH}?kind=KIND_ROK")).await;
    let mut fields = in_winter(&page);
    assert_eq!((said(&fields, "by"), said(&fields, "seat1")), ("BY_CLUSTER", "oneself:ROLE_IBER"));
    shows(&page, &["Plaats 1: van elke school één"]);
    for (name, value) in fields.iter_mut().filter(|(name, _)| name.starts_with("seat")) {
        *value = if name == "seat1" { "ROLE_BOCER".to_owned() } else { String::new() };
    }
    let refused = send(region, &browser, &fields).await;
    shows(
        &refused,
        &[
            "Uw functie mag dit niet.",
            "<a href=\"#seats\">Wie komen er</a>: U plant dit alleen als u zelf aan tafel zit.",
            "id=\"fault-seats\"",
            "name=\"seat1\" aria-invalid=\"true\" aria-describedby=\"fault-seats\"",
        ],
    );
    assert!(!refused.body.contains("Kies minder scholen"), "{}", refused.body);
    let smw = region.full_time("SMW1", &region.team, pb::Role::Smw).await;
    assert_eq!(desk.of(&smw).await.get(PATH).await.status, 404, "who books nothing plans nothing");
}

#[tokio::test]
async fn a_plan_names_the_functions_that_are_still_missing_beside_the_seats() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let swv = region.server.founded.organisation.to_string();
    region.full_time("IB1", &region.school, pb::Role::Iber).await;
    let keeper = region.full_time("COORD", &swv, pb::Role::Thuiszitterscoordinator).await;
    cluster(region, &[&region.school]).await;
    let browser = desk.of(&keeper).await;
    let page = browser.get(PATH).await;
    let mut fields = in_winter(&page);
    for (name, value) in [
        ("kind", "KIND_ROK"),
        ("by", "BY_CLUSTER"),
        ("seat1", "ROLE_IBER"),
        ("each1", "yes"),
        ("seat2", "oneself:ROLE_THUISZITTERSCOORDINATOR"),
        ("seat3", "ROLE_SMW"),
        ("duration", "120"),
    ] {
        assert_eq!(said(&fields, name), value, "{name}");
    }
    fields.iter_mut().find(|(name, _)| name == "seat3").unwrap().1.clear();
    let team = "schoolmaatschappelijk werker, gezinswerker, jeugdarts, jeugdverpleegkundige of wie jeugdhulp toekent";
    let lacks =
        format!("Bij dit soort overleg hoort nog een andere functie aan tafel. Er ontbreekt nog: {team}.");
    shows(
        &send(region, &browser, &fields).await,
        &[&format!("<a href=\"#seats\">Wie komen er</a>: {lacks}"), "aria-invalid=\"true\""],
    );
    for (_, value) in fields.iter_mut().filter(|(name, _)| name.starts_with("seat")) {
        value.clear();
    }
    let empty = send(region, &browser, &fields).await;
    shows(
        &empty,
        &[
            "<a href=\"#seats\">Wie komen er</a>: Dit veld is verplicht. Er ontbreekt nog: intern begeleider",
            "<fieldset id=\"seats\" tabindex=\"-1\" aria-describedby=\"fault-seats\">",
        ],
    );
}

#[tokio::test]
async fn what_was_typed_of_a_year_is_told_where_it_is_wrong_and_stays_for_another_kind() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let swv = region.server.founded.organisation.to_string();
    let keeper = region.full_time("COORD", &swv, pb::Role::Thuiszitterscoordinator).await;
    cluster(region, &[&region.school]).await;
    let browser = desk.of(&keeper).await;
    let mut fields = filled(&browser.get(PATH).await);
    let typed =
        [("school_year", "2020-2021"), ("meetings", "zes"), ("duration", "lang"), ("place", "PLACE_ONLINE")];
    for (name, value) in typed {
        value.clone_into(&mut fields.iter_mut().find(|(own, _)| own == name).unwrap().1);
    }
    let refused = send(region, &browser, &fields).await;
    shows(
        &refused,
        &[
            "<a href=\"#school_year\">Schooljaar</a>: Kies een schooljaar dat nog niet voorbij is.",
            "<a href=\"#meetings\">Hoeveel keer</a>: Dit is geen getal dat hier kan. Vul een heel getal in",
            "<a href=\"#duration\">Minuten per keer</a>: Dit is geen getal dat hier kan. Vul een heel getal in",
        ],
    );
    assert!(!refused.body.contains("fault-last_date"), "nobody typed a last day: {}", refused.body);

    let days = [("first_date", "2027-01-11"), ("last_date", "2027-03-31")];
    for (name, value) in days.into_iter().chain([("school_year", "2026-2027"), ("meetings", "0")]) {
        value.clone_into(&mut fields.iter_mut().find(|(own, _)| own == name).unwrap().1);
    }
    let refused = send(region, &browser, &fields).await;
    shows(&refused, &["id=\"fault-meetings\""]);
    let (_, form) = refused.body.split_once("action=\"/region/year-plan\" data-takes=\"plan\">").unwrap();
    let form = form.split_once("</form>").unwrap().0;
    let stays = [
        ("school_year", "2026-2027"),
        ("first_date", "2027-01-11"),
        ("last_date", "2027-03-31"),
        ("meetings", "0"),
        ("place", "PLACE_ONLINE"),
    ];
    assert!(refused.body.contains("id=\"plan\""), "what the script takes along is typed there");
    let mut path = format!("{PATH}?kind=KIND_CLUSTERRAAD");
    for (name, value) in stays {
        assert!(form.contains(&format!("type=\"hidden\" name=\"{name}\" value=\"{value}\"")), "{form}");
        path = format!("{path}&{name}={value}");
    }
    let other = filled(&browser.get(&path).await);
    assert_eq!((said(&other, "kind"), said(&other, "duration")), ("KIND_CLUSTERRAAD", "120"));
    for (name, value) in stays {
        assert_eq!(said(&other, name), value, "{name}");
    }
}

#[tokio::test]
async fn an_attendance_officer_is_not_offered_the_meetings_of_governors_first() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let gemeente = region.gemeente("GM9901").await;
    let officer = region.full_time("LPA1", &gemeente, pb::Role::Leerplichtambtenaar).await;
    cluster(region, &[&region.school]).await;
    let browser = desk.of(&officer).await;
    let page = browser.get(PATH).await;
    let fields = filled(&page);
    let offered = (said(&fields, "kind"), said(&fields, "by"), said(&fields, "seat2"));
    assert_eq!(offered, ("KIND_ANONIEM_CONSULT", "BY_SCHOOL", "oneself:ROLE_LEERPLICHTAMBTENAAR"));
    shows(&page, &["KIND_OOGO_BESTUURLIJK"]);
}
