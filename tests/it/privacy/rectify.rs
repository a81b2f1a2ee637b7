//! A fact is put right, or the person's own words stand beside it.

use schakel_proto::v1 as pb;
use schakel_server::entity::rectification;
use schakel_tests::{reason, violations};
use sea_orm::EntityTrait;

use super::Life;

fn asked(life: &Life, person: &str, paths: &[&str]) -> pb::RectifySubjectRequest {
    pb::RectifySubjectRequest {
        case: life.case.name.clone(),
        person: person.to_owned(),
        facts: Some(pb::PersonFacts {
            display_name: "Fenne Oudshoorn".into(),
            birth_date: "2017-05-15".into(),
            email: "nieuw@thuis.example".into(),
            ..Default::default()
        }),
        update_mask: Some(prost_types::FieldMask {
            paths: paths.iter().map(|path| (*path).into()).collect(),
        }),
        asked_by: pb::Requester::Parent.into(),
        reason: "Verkeerd overgenomen.".into(),
        request_id: life.id(),
        ..Default::default()
    }
}

#[tokio::test]
async fn x10_what_is_wrong_is_put_right_and_the_file_keeps_what_it_must_keep() {
    let mut life = Life::start().await;
    life.close().await;
    let child = life.child().to_string();
    let request = asked(&life, &child, &["display_name", "birth_date"]);
    let done = life.school().rectify_subject(request.clone()).await.unwrap().into_inner();
    assert_eq!(done.kind(), pb::rectification::Kind::Corrected);
    let before = done.before.clone().unwrap();
    assert_eq!(
        (before.display_name.as_str(), before.birth_date.as_str()),
        ("Fenna Oudshoorn-Zwanikken", "2017-05-14")
    );
    assert_eq!(
        life.school().rectify_subject(request).await.unwrap().into_inner(),
        done,
        "one id, one effect"
    );
    let now =
        life.keeper.get_case(pb::GetCaseRequest { name: life.case.name.clone() }).await.unwrap().into_inner();
    assert_eq!(now.child.unwrap().display_name, "Fenne Oudshoorn");
    let found = pb::FindSubjectRequest {
        display_name: "Fenne Oudshoorn".into(),
        birth_date: "2017-05-15".into(),
        ..Default::default()
    };
    assert_eq!(life.fg.clone().find_subject(found).await.unwrap().into_inner().cases.len(), 1);

    // How somebody is reached is no part of the file: nothing of the old address stays.
    let parent = life.parents()[0].to_string();
    let done = life.fg.clone().rectify_subject(asked(&life, &parent, &["email"])).await.unwrap().into_inner();
    assert_eq!(done.before, None);
    let rows = life.scene.server.rows().await;
    let kept = rectification::Entity::find().all(&rows).await.unwrap();
    rows.close().await.unwrap();
    assert_eq!(kept.iter().map(|row| row.sealed_before.is_some()).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn x10_a_disputed_fact_stays_and_the_persons_words_are_added() {
    let life = Life::start().await;
    let request = pb::RectifySubjectRequest {
        statement: "Zij was die week ziek, niet weg.".into(),
        ..asked(&life, &life.child().to_string(), &[])
    };
    let done = life.fg.clone().rectify_subject(request).await.unwrap().into_inner();
    assert_eq!((done.kind(), done.fields.len()), (pb::rectification::Kind::Statement, 0));
    let shown = life.rights(&life.school()).await.unwrap();
    assert_eq!(shown.rectifications[0].statement, "Zij was die week ziek, niet weg.");

    let silent = asked(&life, &life.child().to_string(), &[]);
    let refused = life.fg.clone().rectify_subject(silent).await.unwrap_err();
    assert_eq!(violations(&refused), ["statement: FIELD_REQUIRED"]);
    let strange = asked(&life, &life.child().to_string(), &["display_name", "secret"]);
    assert_eq!(
        violations(&life.fg.clone().rectify_subject(strange).await.unwrap_err()),
        ["update_mask: MASK_INVALID"]
    );
    let parent = asked(&life, &life.parents()[0].to_string(), &["birth_date"]);
    assert_eq!(
        violations(&life.fg.clone().rectify_subject(parent).await.unwrap_err()),
        ["update_mask: MASK_INVALID"]
    );
    let stranger = asked(&life, &life.scene.smw.0.to_string(), &["email"]);
    let refused = life.fg.clone().rectify_subject(stranger).await.unwrap_err();
    assert_eq!(violations(&refused), ["person: PERSON_NOT_FOUND"]);
    let nowhere = pb::RectifySubjectRequest {
        case: format!("cases/{}", life.id()),
        ..asked(&life, &life.child().to_string(), &["email"])
    };
    assert_eq!(reason(&life.fg.clone().rectify_subject(nowhere).await.unwrap_err()), "CASE_NOT_FOUND");
}
