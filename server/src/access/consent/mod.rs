//! Consent (toestemming): recorded once signed, asked at every read, withdrawn from the next call on.

pub mod lacking;
mod record;
mod rpc;
pub mod sharing;
mod store;
pub mod told;
mod wire;
mod withdraw;

use std::collections::HashMap;

use schakel_domain::{
    access::{Classes, Role, consent::Family},
    ids::{OrganisationId, PersonId},
};
use uuid::Uuid;

use super::{authenticate::today, circle, person};
use crate::{error::Result, store::Read};

/// What consent opens today for the caller of each of `wanted`: a case, and by which role which
/// classes at most. Cases of which nothing is opened are left out. In a constant number of
/// statements, and in none when no rule waits for consent.
///
/// Whoever calls this must know that the caller reaches the case without consent.
pub async fn opened(read: &Read, wanted: &[(Uuid, Vec<(Role, Classes)>)]) -> Result<HashMap<Uuid, Classes>> {
    let cases: Vec<Uuid> =
        wanted.iter().filter(|(_, ways)| !ways.is_empty()).map(|(case, _)| *case).collect();
    let day = today(read.now());
    let kept = store::in_force(read, &cases, day).await?;
    if kept.is_empty() {
        return Ok(HashMap::new());
    }
    let families = families(read, &cases).await?;
    let organisation = read.grant().organisation().map(OrganisationId);
    let purpose = read.grant().purpose();
    let mut opened: HashMap<Uuid, Classes> = HashMap::new();
    for (case, ways) in wanted {
        let Some(family) = families.get(case) else { continue };
        for given in kept.iter().filter(|kept| kept.case.0 == *case) {
            if !given.consent.holds_on(family, day) {
                continue;
            }
            for (role, most) in ways {
                let more = given.consent.opens(*role, organisation, purpose).and(*most);
                let all = opened.entry(*case).or_default();
                *all = all.or(more);
            }
        }
    }
    Ok(opened)
}

/// Whom the cases are about, as far as the law asks; in a constant number of statements.
async fn families(read: &Read, cases: &[Uuid]) -> Result<HashMap<Uuid, Family>> {
    let families = circle::families(read, cases).await?;
    let children: Vec<PersonId> = families.values().map(|(child, _)| *child).collect();
    let known = person::open(read, &children).await?;
    let family = |(case, (child, gezag))| {
        let birth = known.get(&child).and_then(|child| child.birth_date);
        (case, Family { child, birth, gezag })
    };
    Ok(families.into_iter().map(family).collect())
}
