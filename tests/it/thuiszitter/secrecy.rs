//! What is written down before a child is shown, and what no file gives away.

use chrono::TimeDelta;
use schakel_domain::ids::PersonId;
use schakel_proto::v1 as pb;
use schakel_server::{
    access::{Grant, Worker},
    entity::audit,
    store::keys::Use,
};
use schakel_tests::reason;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{CHILD, QUESTION, Region, absent, get, list, named};

/// The audit lines about `person`, as deed, classes and method.
pub(super) async fn lines(region: &Region, person: &str) -> Vec<(String, String, String)> {
    let person: PersonId = person.parse().unwrap();
    let server = &region.server;
    let message = [server.founded.region.0.as_bytes().as_slice(), person.0.as_bytes()].concat();
    let subject = server.app.keys.mac(Use::SubjectRef, &message)[..16].to_vec();
    let rows = server.rows().await;
    let found = audit::Entity::find()
        .filter(audit::Column::SubjectRef.eq(subject))
        .order_by_asc(audit::Column::Id)
        .all(&rows)
        .await
        .unwrap();
    rows.close().await.unwrap();
    found
        .into_iter()
        .map(|row| {
            let method = row.method.rsplit('/').next().unwrap_or_default().to_owned();
            (row.action, row.field_classes, method)
        })
        .collect()
}

#[tokio::test]
async fn every_reading_of_a_child_is_written_down_before_it_is_answered() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    region.open(named("Bram Tuinman", absent(region.school))).await;
    let (child, parent) = (case.child.as_ref().unwrap().person.clone(), case.parents[0].person.clone());
    region.keeper.clone().get_case(get(&case.name)).await.unwrap();
    region.keeper.clone().list_cases(list()).await.unwrap();
    region.timeline(&case).await;
    let line =
        |deed: &str, classes: &str, method: &str| (deed.to_owned(), classes.to_owned(), method.to_owned());
    assert_eq!(
        lines(&region, &child).await,
        [
            line("C", "K1 K2 K3 K4", "OpenCase"),
            line("R", "K1 K2 K3 K4", "GetCase"),
            line("R", "K1 K3", "ListCases"),
            line("R", "K1 K3 K4", "GetTimeline"),
        ]
    );
    assert_eq!(
        lines(&region, &parent).await,
        [line("C", "K2", "OpenCase"), line("R", "K2", "GetCase")],
        "a parent is somebody too"
    );
}

#[tokio::test]
async fn neither_name_nor_question_stands_readable_in_the_files_of_the_database() {
    let region = Region::start().await;
    if !region.server.app.settings.database.url.starts_with("sqlite:") {
        eprintln!("skipped: only SQLite keeps its rows in files of ours");
        return;
    }
    let mut case = region.open(absent(region.school)).await;
    case.absence.as_mut().unwrap().unauthorised =
        vec![pb::case::absence::Hours { date: "2026-11-17".into(), hours: 7 }];
    let case = region.update(case, &["absence", "child", "parents", "question"]).await.unwrap();
    let case = region.advance(&case, pb::Stage::Consult).await.unwrap();
    region.server.clock.advance(TimeDelta::days(1));
    region.close(&case, pb::CaseOutcome::TerugEigenSchool, "2026-11-24").await.unwrap();
    let mut reference_found = false;
    for file in ["schakel.db", "schakel.db-wal"] {
        let Ok(bytes) = std::fs::read(region.server.folder.join(file)) else { continue };
        let finds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        for secret in [
            CHILD,
            "Oudshoorn",
            QUESTION,
            "durft het lokaal",
            "2017-05-14",
            "2026-11-17",
            "noor@thuis.example",
            "06 0000 0000",
            "Telefonisch met moeder",
            "Met ouders afgesproken",
        ] {
            assert!(!finds(secret), "{secret} stands in {file}");
        }
        reference_found |= finds(&case.reference);
    }
    assert!(reference_found, "what is stored readable is found");
}

/// Erasure ends at the key: whatever rows are left, nobody finds the case, and lists go on.
#[tokio::test]
async fn a_forgotten_child_is_found_nowhere_and_taken_in_with_a_flag_when_it_comes_back() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    let other = region.open(named("Bram Tuinman", absent(region.school))).await;
    let child: PersonId = case.child.as_ref().unwrap().person.parse().unwrap();
    let server = &region.server;
    let grant = Grant::worker(Worker::Setup, server.founded.region);
    server.app.write(&grant, None, |tx| async move { tx.forget(child.0).await }).await.unwrap();
    for mut who in [region.iber.clone(), region.keeper.clone()] {
        let refused = who.get_case(get(&case.name)).await.unwrap_err();
        assert_eq!(reason(&refused), "CASE_NOT_FOUND");
        let seen = who.list_cases(list()).await.unwrap().into_inner().cases;
        assert_eq!(seen.iter().map(|case| &case.name).collect::<Vec<_>>(), [&other.name]);
    }
    let flags = async || {
        let rows = server.rows().await;
        let flagged = audit::Entity::find().filter(audit::Column::ObjectType.eq("erased_child_returned"));
        let found = flagged.all(&rows).await.unwrap();
        rows.close().await.unwrap();
        found.len()
    };
    assert_eq!(flags().await, 0);
    region.open(absent(region.school)).await;
    assert_eq!(flags().await, 1);
}
