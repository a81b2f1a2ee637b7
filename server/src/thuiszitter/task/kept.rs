//! What the regisseur of a case can say was done in it: where it cannot, others are asked.

use std::collections::{HashMap, HashSet};

use schakel_domain::{
    access::{Action, Reach, Reached, Relation, Role, may},
    ids::PersonId,
    thuiszitter::hands_over,
};
use uuid::Uuid;

use crate::{
    access::{
        affiliation::{self, Post},
        authenticate::today,
        circle::{self, Circle},
        organisation::{self, OrganisationKind},
    },
    entity::thuiszitter::Model,
    error::Result,
    store::Read,
};

/// The ways to say that something was done: a fact, and a step of a track.
const SAYS: [Action; 2] = [Action::WriteCase, Action::WriteTrack];

/// The cases in which the regisseur can say so, each with a way in which.
pub(super) type Kept = HashSet<(Uuid, Action)>;

/// Those of `rows`, as far as that matters to who asks as `roles`, in a constant number of statements.
pub(super) async fn kept(read: &Read, roles: &[Role], rows: &[&Model]) -> Result<Kept> {
    let keepers: HashMap<Uuid, PersonId> =
        rows.iter().filter_map(|row| Some((row.id, PersonId(row.regisseur_id?)))).collect();
    // Only who knows every case is asked in the place of a regisseur.
    if keepers.is_empty() || !hands_over(roles, false, false) {
        return Ok(Kept::new());
    }
    let cases: Vec<Uuid> = keepers.keys().copied().collect();
    let persons: HashSet<PersonId> = keepers.values().copied().collect();
    let persons: Vec<PersonId> = persons.into_iter().collect();
    let posts = affiliation::of(read, &persons, today(read.now())).await?;
    let gemeenten = organisation::coded(read, &[(OrganisationKind::Gemeente, None)]).await?;
    let circles = circle::find_each(read, &cases).await?;
    let can = |post: &Post, action: Action, circle: &Circle| {
        let gemeente = gemeenten.iter().find(|gemeente| gemeente.id == post.organisation.0);
        let gemeente = gemeente.map(|gemeente| gemeente.code.clone()).unwrap_or_default();
        let ways = [
            (Relation::Region, Reached::Region),
            (Relation::OwnSchool, Reached::School(post.organisation.0)),
            (Relation::Residence, Reached::Residence(gemeente)),
            (Relation::Invited, Reached::Invited(post.person.0)),
        ];
        let holds = |reach: &Reach| {
            ways.iter().any(|(relation, way)| *relation == reach.relation && circle.holds(way))
        };
        may(&[post.role], action, None).is_ok_and(|leave| leave.reaches.iter().any(holds))
    };
    let says = |circle: &Circle, action: Action| {
        let keeper = keepers.get(&circle.case.0);
        posts.iter().any(|post| keeper == Some(&post.person) && can(post, action, circle))
    };
    let mut kept = Kept::new();
    for circle in &circles {
        let said = SAYS.into_iter().filter(|action| says(circle, *action));
        kept.extend(said.map(|action| (circle.case.0, action)));
    }
    Ok(kept)
}
