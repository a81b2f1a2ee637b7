//! The child and the parents in an export: each parent's secrets are that parent's own.

use schakel_domain::ids::PersonId;

use super::{form::Individual, polls::wishes};
use crate::{
    access::{
        circle::{Circle, Gezag},
        person::{self, PrivatePerson},
    },
    error::Result,
    privacy::dossier::Dossier,
    store::{Tx, instant::from_column},
};

/// The child, and the parents as `reader` may see them.
pub(super) async fn persons(
    tx: &Tx,
    circle: &Circle,
    reader: PersonId,
) -> Result<(Option<Individual>, Vec<Individual>)> {
    let mut ids: Vec<PersonId> = circle.parents.iter().map(|(parent, _)| *parent).collect();
    ids.push(circle.child);
    let mut opened = person::open(tx, &ids).await?;
    let since = person::registered(tx, &ids).await?;
    let mut told = |id: PersonId, gezag: Option<Gezag>| -> Result<Option<Individual>> {
        let Some(known) = opened.remove(&id) else { return Ok(None) };
        let at = from_column(since.get(&id).copied().unwrap_or_default())?;
        Ok(Some(one((id, known), gezag, id == reader, at)))
    };
    let child = told(circle.child, None)?;
    let mut parents = Vec::with_capacity(circle.parents.len());
    for (parent, gezag) in &circle.parents {
        parents.extend(told(*parent, Some(*gezag))?);
    }
    let mut own = wishes(tx, circle, reader).await?;
    for parent in parents.iter_mut().filter(|parent| parent.person == reader.to_string()) {
        parent.wishes = own.take();
    }
    Ok((child, parents))
}

/// Somebody who was a parent in the case, for themselves.
pub(super) async fn former(tx: &Tx, dossier: &Dossier, reader: PersonId) -> Result<Option<Individual>> {
    let gezag = dossier.former.iter().find(|(former, ..)| *former == reader).map(|(_, gezag, _)| *gezag);
    let since = person::registered(tx, &[reader]).await?;
    let Some(known) = person::open(tx, &[reader]).await?.remove(&reader) else { return Ok(None) };
    let at = from_column(since.get(&reader).copied().unwrap_or_default())?;
    let wishes = wishes(tx, &dossier.circle, reader).await?;
    Ok(Some(Individual { wishes, ..one((reader, known), gezag, true, at) }))
}

fn one(
    (id, known): (PersonId, PrivatePerson),
    gezag: Option<Gezag>,
    own: bool,
    at: chrono::DateTime<chrono::Utc>,
) -> Individual {
    // Whether an address is secret is itself a secret from the other parent.
    let hidden = gezag.is_some() && !own && known.address_confidential;
    Individual {
        person: id.to_string(),
        display_name: known.name.as_str().to_owned(),
        birth_date: known.birth_date,
        email: known.email.filter(|_| !hidden).map(|email| email.as_str().to_owned()),
        phone: known.phone.filter(|_| !hidden).map(|phone| phone.as_str().to_owned()),
        language: known.language,
        gezag: gezag.map(|gezag| gezag.to_string()),
        address_confidential: (own || gezag.is_none()).then_some(known.address_confidential),
        contact_left_out: hidden,
        registered_at: at,
        wishes: None,
    }
}
