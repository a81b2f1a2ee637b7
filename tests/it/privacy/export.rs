//! All about a child is given out: to people as a page, to programs as JSON, and to nobody too much.

use chrono::TimeDelta;
use pb::export_subject_request::Format;
use schakel_domain::{access::Role, privacy::label, text::EmailAddress};
use schakel_proto::v1::{
    self as pb, fact_service_client::FactServiceClient,
    mail_profile_service_client::MailProfileServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::{
    access::{Grant, Worker},
    privacy::{COLUMNS, Kept},
};
use schakel_tests::{reason, violations};
use serde_json::Value;

use super::{Life, Rights};

/// Everything at `path`, through lists.
fn at<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    path.split('.').fold(vec![value], |found, name| {
        let deeper = found.into_iter().flat_map(|value| match value.get(name) {
            Some(Value::Array(items)) => items.iter().collect(),
            Some(other) => vec![other],
            None => Vec::new(),
        });
        deeper.collect()
    })
}

/// Every field name in `value`.
fn names<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                found.push(name);
                names(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The school says by what the case is known elsewhere, and why the child gets extra support.
async fn refer(life: &Life) {
    let mut iber = ThuiszitterServiceClient::new(life.scene.iber.1.clone());
    let now = iber.get_case(pb::GetCaseRequest { name: life.case.name.clone() }).await.unwrap().into_inner();
    let known = pb::case::ExternalReference { system: "Kindkans".into(), id: "KK-2026-118".into() };
    let request = pb::UpdateCaseRequest {
        case: Some(pb::Case { external_references: vec![known], ..now }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["external_references".into()] }),
        request_id: life.id(),
        ..Default::default()
    };
    iber.update_case(request).await.unwrap();
    let dated = pb::fact::Dated { moment: pb::Moment::ExtraSupportDecided.into(), date: "2026-11-23".into() };
    let said = Some(pb::fact::Said::Happened(dated));
    let reason = "De basisondersteuning is niet genoeg.".into();
    let told = pb::RecordFactsRequest {
        case: life.case.name.clone(),
        facts: vec![pb::Fact { said, reason, ..Default::default() }],
        request_id: life.id(),
        ..Default::default()
    };
    FactServiceClient::new(life.scene.iber.1.clone()).record_facts(told).await.unwrap();
}

/// With a meeting to come, a reason to keep it, something put right, and others let in.
async fn full() -> Life {
    let mut life = Life::start().await;
    let coming = life.book(life.scene.later(240)).await;
    life.propose_another_time(&coming).await;
    Box::pin(life.ask()).await;
    Box::pin(life.wait()).await;
    life.work().await;
    let hold = pb::SetLegalHoldRequest {
        case: life.case.name.clone(),
        reason: "Er loopt een bezwaar.".into(),
        request_id: life.id(),
    };
    life.fg.clone().set_legal_hold(hold).await.unwrap();
    let right = pb::RectifySubjectRequest {
        case: life.case.name.clone(),
        person: life.child().to_string(),
        facts: Some(pb::PersonFacts { display_name: "Fenne Oudshoorn".into(), ..Default::default() }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["display_name".into()] }),
        statement: "Zo heet zij op haar paspoort.".into(),
        asked_by: pb::Requester::Parent.into(),
        reason: "Verkeerd overgenomen.".into(),
        request_id: life.id(),
    };
    life.fg.clone().rectify_subject(right).await.unwrap();
    life.open_up().await;
    life.escalate().await;
    life.part().await;
    life.plan().await;
    Box::pin(life.tracks()).await;
    refer(&life).await;
    life.close().await;
    life
}

#[tokio::test]
async fn x10_an_export_tells_all_that_is_kept_about_a_child_to_people_and_to_programs() {
    let life = Box::pin(full()).await;
    let json: Value = serde_json::from_str(&life.export(&life.fg, Format::Json, "").await.unwrap()).unwrap();
    for (path, told) in [
        ("schema", "schakel.privacy.export/1"),
        ("child.display_name", "Fenne Oudshoorn"),
        ("child.birth_date", "2017-05-14"),
        ("parents.display_name", "Noor Oudshoorn"),
        ("parents.email", "noor@thuis.example"),
        ("cases.question", "Hoe krijgen wij haar weer in de klas? Zij durft het lokaal niet meer in."),
        ("cases.facts.reason", "De basisondersteuning is niet genoeg."),
        ("cases.external_references.id", "KK-2026-118"),
        ("cases.meetings.summary", "Opbouw met twee ochtenden."),
        ("cases.meetings.child_heard_note", "Fenna wil naar de tuin."),
        ("cases.meetings.actions.text", "Rooster maken met juf Sterre"),
        ("cases.meetings.invitations.to", "OUDER"),
        ("cases.time_polls.voters.votes", "YES"),
        ("cases.hulpvragen.state", "ACCEPTED"),
        ("cases.rectifications.before.display_name", "Fenna Oudshoorn-Zwanikken"),
        ("cases.rectifications.statement", "Zo heet zij op haar paspoort."),
        ("cases.legal_holds.reason", "Er loopt een bezwaar."),
        ("cases.consents.receives", "SMW"),
        ("cases.consents.signatures.signer", "PARENT"),
        ("cases.consents.note", "Op papier getekend, ligt in de map."),
        ("cases.consents.withdrawn_by", "PARENT"),
        ("cases.consents.withdrawal_note", "Liever niet meer."),
        ("cases.emergencies.reason", "Het kind is sinds vanmorgen spoorloos."),
        ("cases.emergencies.role", "SMW"),
        ("cases.plan.text", "Twee ochtenden naar school."),
        ("cases.plan.reason", "Het lokaal is dicht."),
        ("cases.decisions.checks.found", "Zij begint maandag."),
        ("cases.decisions.state", "COMPLIED"),
        ("cases.views.text", "Maandag is te vroeg."),
        ("cases.views.text", "Dinsdag kan ook."),
        ("cases.kept.class", "JEUGDHULP"),
        ("access_report.role", "IBER"),
    ] {
        assert!(at(&json, path).iter().any(|found| *found == told), "{path}: {:?}", at(&json, path));
    }
    let page = life.export(&life.fg, Format::Html, "").await.unwrap();
    for said in [
        "<html lang=\"nl\">",
        "Fenne Oudshoorn",
        "14 mei 2017",
        "Opbouw met twee ochtenden.",
        "intern begeleider",
        "Toestemmingen",
        "Geopend in een noodgeval",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
    let mut fields = Vec::new();
    names(&json, &mut fields);
    let nameless: Vec<_> = fields.into_iter().filter(|field| label(field).is_none()).collect();
    assert_eq!(nameless, [""; 0], "a field without a Dutch label");
}

/// The register of columns says where an export tells each of them; it does.
#[tokio::test]
async fn x10_every_column_that_says_it_is_told_is_told() {
    let life = Box::pin(full()).await;
    let json: Value = serde_json::from_str(&life.export(&life.fg, Format::Json, "").await.unwrap()).unwrap();
    let untold: Vec<_> = COLUMNS
        .iter()
        .filter_map(|(table, column, kept)| match kept {
            Kept::Told(path) if at(&json, path).is_empty() => Some(format!("{table}.{column}: {path}")),
            Kept::Told(_) | Kept::Not(_) => None,
        })
        .collect();
    assert!(untold.is_empty(), "{untold:#?}");
}

#[tokio::test]
async fn x10_another_parents_secret_address_is_nobodys_but_their_own() {
    let life = Life::start().await;
    let secret = life.parents()[1].to_string();
    for reader in [String::new(), life.parents()[0].to_string()] {
        let told = life.export(&life.fg, Format::Json, &reader).await.unwrap();
        assert!(!told.contains("geheim.example") && !told.contains("06 1111"), "{reader}");
        assert!(told.contains("noor@thuis.example"));
    }
    life.ask().await;
    let first = life.parents()[0].to_string();
    for (reader, sees) in [(String::new(), false), (secret.clone(), false), (first, true)] {
        let told = life.export(&life.fg, Format::Json, &reader).await.unwrap();
        assert_eq!(told.contains("Oma Bertha"), sees, "what suits a parent is that parent's own");
    }
    let own = life.export(&life.fg, Format::Json, &secret).await.unwrap();
    assert!(own.contains("pim@geheim.example"));
    let stranger = life.export(&life.fg, Format::Json, &life.scene.smw.0.to_string()).await.unwrap_err();
    assert_eq!(violations(&stranger), ["person: PERSON_NOT_FOUND"]);
}

#[tokio::test]
async fn x10_a_school_gives_out_what_it_may_see_itself_and_others_nothing() {
    let life = Life::start().await;
    let told: Value =
        serde_json::from_str(&life.export(&life.school(), Format::Json, "").await.unwrap()).unwrap();
    assert!(at(&told, "access_report").is_empty() && !at(&told, "cases.meetings.summary").is_empty());
    let why = serde_json::to_string(&told["left_out"]).unwrap();
    assert!(why.contains("Wie het dossier zag"), "{why}");

    let other = life.scene.server.school("99BB00", "GM9901").await;
    let other = Rights::new(life.scene.server.person(Role::Iber, other).await.1);
    let foreign = life.export(&other, Format::Json, "").await.unwrap_err();
    assert_eq!(reason(&foreign), "CASE_NOT_FOUND");
    let helper = life.export(&Rights::new(life.scene.smw.1.clone()), Format::Html, "").await.unwrap_err();
    assert_eq!(reason(&helper), "ACTION_NOT_ALLOWED");
}

#[tokio::test]
async fn x10_a_letter_is_enough_to_find_the_case_that_it_is_about() {
    let life = Life::start().await;
    let letter = pb::FindSubjectRequest {
        display_name: "fenna oudshoorn zwanikken".into(),
        birth_date: "2017-05-14".into(),
        reference: String::new(),
    };
    let found = life.fg.clone().find_subject(letter.clone()).await.unwrap().into_inner();
    assert_eq!(found.cases, std::slice::from_ref(&life.case.name));
    let spoken = pb::FindSubjectRequest { reference: life.case.reference.clone(), ..Default::default() };
    assert_eq!(life.fg.clone().find_subject(spoken).await.unwrap().into_inner(), found);
    let other = life.scene.server.school("99BB00", "GM9901").await;
    let mut other = Rights::new(life.scene.server.person(Role::Iber, other).await.1);
    assert!(other.find_subject(letter).await.unwrap().into_inner().cases.is_empty());
    let nothing = life.fg.clone().find_subject(pb::FindSubjectRequest::default()).await.unwrap_err();
    assert_eq!(violations(&nothing), ["display_name: FIELD_REQUIRED", "birth_date: FIELD_REQUIRED"]);
}

/// Somebody whose mailbox takes nothing was written to in vain: nobody may read that they were reminded.
#[tokio::test]
async fn nobody_is_said_to_be_reminded_to_whom_no_mail_went() {
    let life = Life::start().await;
    let server = &life.scene.server;
    let mut profiles = MailProfileServiceClient::new(server.administrator());
    let mut profile = profiles.get_mail_profile(pb::GetMailProfileRequest {}).await.unwrap().into_inner();
    let role = pb::Role::Ouder.into();
    profile.reminders.push(pb::mail_profile::Reminder { role, mail_hours: vec![24, 2], alarm_minutes: 0 });
    let request = pb::SetMailProfileRequest { mail_profile: Some(profile), request_id: life.id() };
    profiles.set_mail_profile(request).await.unwrap();
    // A Monday, before noon.
    let start = life.scene.later(120);
    life.book(start).await;
    server.deliver().await;
    let address: &EmailAddress = &"pim@geheim.example".parse().unwrap();
    let grant = Grant::worker(Worker::Invitations, server.founded.region);
    for _ in 0..2 {
        let refused = server.app.write(&grant, None, |tx| async move {
            tx.address_refused(&tx.address_index(address), "MAILBOX_REFUSED").await
        });
        refused.await.unwrap();
    }
    server.clock.set(start - TimeDelta::hours(24));
    server.deliver().await;
    let first = reminded(&life).await;
    assert_eq!(first.len(), 1, "{first:?}");
    // Whoever was not reminded is looked at again.
    server.clock.set(start - TimeDelta::hours(3));
    server
        .app
        .write(&grant, None, |tx| async move { tx.address_cleared(&[tx.address_index(address)]).await })
        .await
        .unwrap();
    server.deliver().await;
    assert_eq!(reminded(&life).await, first);
    server.clock.set(start - TimeDelta::hours(2));
    server.deliver().await;
    assert_eq!(reminded(&life).await.len(), 2);
}

/// When those were reminded of whom the export says so.
async fn reminded(life: &Life) -> Vec<String> {
    let json: Value = serde_json::from_str(&life.export(&life.fg, Format::Json, "").await.unwrap()).unwrap();
    let told = at(&json, "cases.meetings.invitations.reminded_at");
    told.into_iter().filter_map(|told| Some(told.as_str()?.to_owned())).collect()
}
