//! What the files of the example region do not hold: an interpreter, partners, what schools offer,
//! who guides each cluster, and a gemeente that is split. As a beheerder would enter it.

use anyhow::Context;
use schakel_client::{Connection, v1 as pb};

use super::load::fresh;

/// Enters all of it.
pub(super) async fn widen(beheerder: &Connection) -> anyhow::Result<()> {
    interpreter(beheerder).await?;
    partner(beheerder, pb::organisation::Kind::Kinderopvang, "KO01", "Kinderopvang De Duinrups").await?;
    partner(beheerder, pb::organisation::Kind::OuderJeugdsteunpunt, "OJS01", "Steunpunt Maasduin").await?;
    offer(beheerder).await?;
    guides(beheerder).await?;
    split(beheerder).await
}

async fn partner(
    beheerder: &Connection,
    kind: pb::organisation::Kind,
    code: &str,
    name: &str,
) -> anyhow::Result<pb::Organisation> {
    let organisation = pb::Organisation {
        kind: kind.into(),
        code: code.to_owned(),
        display_name: name.to_owned(),
        ..Default::default()
    };
    let ask = pb::CreateOrganisationRequest { organisation: Some(organisation), request_id: fresh() };
    Ok(beheerder.directory().create_organisation(ask).await?.into_inner())
}

/// One interpreter of Arabic and Berber languages, who works Monday to Friday.
async fn interpreter(beheerder: &Connection) -> anyhow::Result<()> {
    let bureau =
        partner(beheerder, pb::organisation::Kind::Tolkenbureau, "TOLK01", "Tolken Maasduin").await?;
    let person = pb::Person {
        code: "TOLK1".to_owned(),
        display_name: "Yasmina Verzonnen".to_owned(),
        email: "y.verzonnen@tolken.example".to_owned(),
        phone: "088-9902999".to_owned(),
        languages: vec!["nl".to_owned(), "ar".to_owned(), "ber".to_owned()],
        ..Default::default()
    };
    let ask = pb::CreatePersonRequest { person: Some(person), request_id: fresh() };
    let person = beheerder.directory().create_person(ask).await?.into_inner();
    let affiliation = pb::Affiliation {
        person: person.name,
        organisation: bureau.name,
        role: pb::Role::Tolk.into(),
        ..Default::default()
    };
    let ask = pb::CreateAffiliationRequest { affiliation: Some(affiliation), request_id: fresh() };
    let affiliation = beheerder.directory().create_affiliation(ask).await?.into_inner();
    for weekday in 1..=5 {
        let hours = pb::WeeklyHours {
            affiliation: affiliation.name.clone(),
            weekday,
            from: "09:00".to_owned(),
            until: "17:00".to_owned(),
            ..Default::default()
        };
        let ask = pb::CreateWeeklyHoursRequest { weekly_hours: Some(hours), request_id: fresh() };
        beheerder.availability().create_weekly_hours(ask).await?;
    }
    Ok(())
}

/// A behaviour scientist of the samenwerkingsverband offers what she knows to every school.
async fn offer(beheerder: &Connection) -> anyhow::Result<()> {
    let people = with_role(beheerder, pb::Role::Gedragswetenschapper).await?;
    let Some(person) = people.into_iter().next() else { return Ok(()) };
    let posts = pb::ListAffiliationsRequest { person: person.clone(), ..Default::default() };
    let posts = beheerder.directory().list_affiliations(posts).await?.into_inner().affiliations;
    let expertise = pb::Expertise {
        topic: "AUTISME".to_owned(),
        display_name: "Meedenken over autisme in de klas".to_owned(),
        organisation: posts.into_iter().next().map(|post| post.organisation).unwrap_or_default(),
        person,
        audience: pb::expertise::Audience::Region.into(),
        ..Default::default()
    };
    let ask = pb::CreateExpertiseRequest { expertise: Some(expertise), request_id: fresh() };
    beheerder.directory().create_expertise(ask).await.context("an expertise")?;
    Ok(())
}

/// Each cluster has its trajectbegeleider, in turn.
async fn guides(beheerder: &Connection) -> anyhow::Result<()> {
    let people = with_role(beheerder, pb::Role::Trajectbegeleider).await?;
    let list = pb::ListClustersRequest { page_size: 200, ..Default::default() };
    let clusters = beheerder.directory().list_clusters(list).await?.into_inner().clusters;
    for (cluster, person) in clusters.into_iter().zip(people.iter().cycle()) {
        let guide = pb::ClusterGuide {
            cluster: cluster.name,
            role: pb::Role::Trajectbegeleider.into(),
            person: person.clone(),
            ..Default::default()
        };
        let ask = pb::CreateClusterGuideRequest { cluster_guide: Some(guide), request_id: fresh() };
        beheerder.directory().create_cluster_guide(ask).await.context("a guide")?;
    }
    Ok(())
}

/// One postcode of the first gemeente belongs to a neighbour; no school stands there.
async fn split(beheerder: &Connection) -> anyhow::Result<()> {
    let list = pb::ListAreasRequest { kind: pb::area::Kind::Gemeente.into(), ..Default::default() };
    let areas = beheerder.directory().list_areas(list).await?.into_inner().areas;
    let gemeente = areas.into_iter().next().context("a gemeente")?;
    let excluded = pb::area::ExcludedPostcode {
        postcode: "9999".to_owned(),
        swv_code: "PO9902".to_owned(),
        swv_display_name: "SWV PO Buurland".to_owned(),
        ..Default::default()
    };
    let excluded = pb::area::ExcludedPostcode { valid_from: gemeente.valid_from.clone(), ..excluded };
    let ask = pb::UpdateAreaRequest {
        area: Some(pb::Area { excluded_postcodes: vec![excluded], ..gemeente }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["excluded_postcodes".to_owned()] }),
        request_id: fresh(),
    };
    beheerder.directory().update_area(ask).await.context("a split gemeente")?;
    Ok(())
}

async fn with_role(beheerder: &Connection, role: pb::Role) -> anyhow::Result<Vec<String>> {
    let list = pb::ListPersonsRequest { role: role.into(), page_size: 200, ..Default::default() };
    let people = beheerder.directory().list_persons(list).await?.into_inner().persons;
    Ok(people.into_iter().map(|person| person.name).collect())
}
