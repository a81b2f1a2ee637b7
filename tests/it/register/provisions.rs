//! What schools and partners have for children that need more, found by whose children may come.

use schakel_proto::v1 as pb;
use schakel_tests::{reason, violations};

use super::{cluster, create, partner};
use crate::region::{Region, new_school, organisation};

/// A school as the organisation that it is; others as they are.
fn at(owner: &str) -> String {
    if owner.starts_with("schools/") { organisation(owner) } else { owner.to_owned() }
}

fn provision(topic: &str, owner: &str, audience: pb::provision::Audience) -> pb::Provision {
    pb::Provision {
        topic: topic.into(),
        display_name: format!("De {topic} aan de Maas"),
        organisation: at(owner),
        audience: audience.into(),
        places: 12,
        taken: 12,
        waiting: 3,
        ..Default::default()
    }
}

async fn listed(region: &Region, list: pb::ListProvisionsRequest) -> Vec<String> {
    let found = region.server.directory().list_provisions(list).await.unwrap().into_inner();
    found.provisions.into_iter().map(|one| one.topic).collect()
}

#[tokio::test]
async fn b14_what_there_is_for_a_child_is_found_with_its_places_and_who_waits() {
    use pb::provision::Audience::{Cluster, Region as All};
    let region = Region::start().await;
    let near = new_school(&region.server, "90AB00", "WK990101").await;
    let far = new_school(&region.server, "90AC00", "WK990109").await;
    cluster(&region, "R1", &[&region.school, &near]).await;
    let made = create!(region.server, create_provision CreateProvisionRequest {
        provision: provision("structuurgroep", &near, Cluster)
    })
    .unwrap();
    assert_eq!((made.topic.as_str(), made.places, made.waiting), ("STRUCTUURGROEP", 12, 3));
    let care = partner(&region, pb::organisation::Kind::Jeugdhulpaanbieder, "JH01").await;
    let day = pb::Provision { taken: 4, waiting: 0, ..provision("dagbehandeling", &care.name, All) };
    create!(region.server, create_provision CreateProvisionRequest { provision: day }).unwrap();

    let of = |school: &str| pb::ListProvisionsRequest { school: school.into(), ..Default::default() };
    let both = ["DAGBEHANDELING", "STRUCTUURGROEP"];
    assert_eq!(listed(&region, of(&region.school)).await, both, "what its cluster has, and the region");
    assert_eq!(listed(&region, of(&far)).await, ["DAGBEHANDELING"]);
    let named = |text: &str| pb::ListProvisionsRequest { text: text.into(), ..Default::default() };
    assert_eq!(listed(&region, named("STRUCTUUR maas")).await, ["STRUCTUURGROEP"]);
    assert!(listed(&region, named("structuur%dag")).await.is_empty());
    let free = pb::ListProvisionsRequest { only_free: true, ..Default::default() };
    assert_eq!(listed(&region, free.clone()).await, ["DAGBEHANDELING"]);

    let update = pb::UpdateProvisionRequest {
        provision: Some(pb::Provision { taken: 11, waiting: 2, ..made.clone() }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["taken".into(), "waiting".into()] }),
        request_id: region.server.request_id(),
    };
    let changed = region.server.directory().update_provision(update).await.unwrap().into_inner();
    assert_eq!((changed.taken, changed.waiting, changed.places), (11, 2, 12));
    assert_eq!(listed(&region, free).await, both, "a place came free");

    let same = pb::Provision { display_name: made.display_name, ..provision("STRUCTUURGROEP", &near, All) };
    let twice = create!(region.server, create_provision CreateProvisionRequest { provision: same });
    assert_eq!(reason(&twice.unwrap_err()), "ALREADY_EXISTS");
    let wrong = pb::Provision { places: -1, ..provision("X1", &care.name, Cluster) };
    let wrong = create!(region.server, create_provision CreateProvisionRequest { provision: wrong });
    assert_eq!(violations(&wrong.unwrap_err()), ["provision.places: FIELD_INVALID"]);
    let narrow = provision("X1", &care.name, Cluster);
    let narrow = create!(region.server, create_provision CreateProvisionRequest { provision: narrow });
    assert_eq!(violations(&narrow.unwrap_err()), ["provision.audience: FIELD_INVALID"]);
    let nothing = pb::GetProvisionRequest { name: format!("provisions/{}", uuid::Uuid::from_u128(7)) };
    let missing = region.server.directory().get_provision(nothing).await.unwrap_err();
    assert_eq!(reason(&missing), "PROVISION_NOT_FOUND");
}

#[tokio::test]
async fn e14_the_provisions_of_all_schools_are_one_catalogue_that_everybody_in_the_region_reads() {
    use pb::provision::Audience::Region as All;
    let region = Region::start().await;
    let other = new_school(&region.server, "90AC00", "WK990109").await;
    for (school, waiting) in [(&region.school, 0), (&other, 4)] {
        let plus = pb::Provision { waiting, ..provision("plusklas", school, All) };
        create!(region.server, create_provision CreateProvisionRequest { provision: plus }).unwrap();
    }
    let iber = region.server.member(pb::Role::Iber, &organisation(&region.school)).await;
    let mut reader = pb::directory_service_client::DirectoryServiceClient::new(iber);
    let list = pb::ListProvisionsRequest { topic: "plusklas".into(), ..Default::default() };
    let found = reader.list_provisions(list).await.unwrap().into_inner().provisions;
    let mut told: Vec<_> =
        found.iter().map(|one| (one.organisation.as_str(), one.places, one.waiting)).collect();
    told.sort_by_key(|(_, _, waiting)| *waiting);
    let (own, others) = (organisation(&region.school), organisation(&other));
    assert_eq!(told, [(own.as_str(), 12, 0), (others.as_str(), 12, 4)]);
    let ending = pb::EndProvisionRequest {
        name: found[0].name.clone(),
        valid_until: "2026-12-31".into(),
        etag: found[0].etag.clone(),
        request_id: region.server.request_id(),
    };
    let refused = reader.end_provision(ending).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
}
