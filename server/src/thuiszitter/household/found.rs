//! Which other open cases are about children of the household.

use std::collections::{BTreeMap, BTreeSet};

use schakel_domain::{
    ids::PersonId,
    text::EmailAddress,
    thuiszitter::household::{Way, household},
};
use uuid::Uuid;

use crate::{
    access::{
        circle::{self, Circle},
        person::{self, Contact},
        professional,
    },
    error::Result,
    store::Read,
    thuiszitter::store,
};

/// A case of the household, and who keeps it together.
pub(super) struct Found {
    pub circle: Circle,
    pub regisseur: Option<PersonId>,
}

/// The others of the household of `own`: in the same gemeente, open, not put aside, without a secret
/// address, and of another child. Whoever calls owes an audit line about each.
pub(super) async fn others(read: &Read, own: &Circle) -> Result<Vec<Found>> {
    let circles = circle::open_in(read, &own.gemeente).await?;
    let tied = household(own.case.0, &ways(read, &circles).await?, &at_work(read).await?);
    let asked: Vec<Uuid> = tied.iter().copied().chain([own.case.0]).collect();
    let kept = store::kept_by(read, &asked).await?;
    let child = kept.get(&own.case.0).map(|(_, index)| index);
    let found = circles.into_iter().filter(|circle| tied.contains(&circle.case.0)).filter_map(|circle| {
        let (regisseur, index) = kept.get(&circle.case.0)?;
        (Some(index) != child).then_some(Found { circle, regisseur: *regisseur })
    });
    Ok(found.collect())
}

/// The child and its parents.
fn family(circle: &Circle) -> impl Iterator<Item = PersonId> {
    std::iter::once(circle.child).chain(circle.parents.iter().map(|(parent, _)| *parent))
}

/// How each family is reached; in no way where somebody's address is secret.
async fn ways(read: &Read, circles: &[Circle]) -> Result<BTreeMap<Uuid, BTreeSet<Way>>> {
    let everybody: Vec<PersonId> = circles.iter().flat_map(family).collect();
    let contacts = person::contacts(read, &everybody).await?;
    let of = |circle: &Circle| -> BTreeSet<Way> {
        let people: Vec<&Contact> = family(circle).filter_map(|person| contacts.get(&person)).collect();
        if people.iter().any(|one| one.address_confidential) {
            return BTreeSet::new();
        }
        let ways = people.iter().flat_map(|one| {
            [one.email.as_ref().map(Way::mail), one.phone.as_deref().and_then(Way::telephone)]
        });
        ways.flatten().collect()
    };
    Ok(circles.iter().map(|circle| (circle.case.0, of(circle))).collect())
}

/// How the region's professionals are reached: a guardian may stand as the parent of many children.
async fn at_work(read: &Read) -> Result<BTreeSet<Way>> {
    let all = professional::all(read).await?;
    let ways = all.iter().flat_map(|one| {
        let email: Option<EmailAddress> = one.email.parse().ok();
        [email.as_ref().map(Way::mail), Way::telephone(&one.phone)]
    });
    Ok(ways.flatten().collect())
}
