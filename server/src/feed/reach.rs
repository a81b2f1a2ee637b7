//! What the owner of a feed may read now: asked anew each time, as at each call.

use chrono::NaiveDate;
use schakel_domain::{access::Action, feed::Scope, ids::PersonId};
use sea_orm::Condition;

use super::owned::Owned;
use crate::{
    access::{
        Grant,
        affiliation::{self, Of},
        authenticate, professional,
    },
    consultation::{
        self,
        events::{self, Listing},
    },
    directory::names,
    error::{Error, Result},
    store::Read,
};

/// The lists that the feed shows; none when its owner works here no more, as they could not sign in.
pub(super) async fn listings(read: &Read, feed: &Owned, today: NaiveDate) -> Result<Option<Vec<Listing>>> {
    if !is_registered(read, feed.person, today).await? {
        return Ok(None);
    }
    let kinds = events::of_kinds(&feed.wish.kinds);
    let narrowed = match feed.wish.scope {
        Scope::Own => {
            if affiliation::of(read, &[feed.person], today).await?.is_empty() {
                return Ok(None);
            }
            let which = events::called(read, feed.person);
            let here = Listing { which, read: read.app().read(read.grant().clone()) };
            let mut all = vec![here];
            all.extend(events::elsewhere(read, feed.person).await?);
            for listing in &mut all {
                listing.which = listing.which.clone().add_option(kinds.clone());
            }
            return Ok(Some(all));
        }
        Scope::School(school) => events::at_school(school),
        Scope::Cluster(cluster) => events::at_schools(names::schools_of(read, cluster, today)),
        Scope::Team(team) => {
            events::with_any(read, affiliation::column_at(read, team.into(), Of::Person, today))
        }
    };
    let Some(reached) = reached(read, feed, today).await? else { return Ok(None) };
    let which = reached.add(narrowed).add_option(kinds);
    Ok(Some(vec![Listing { which, read: read.app().read(read.grant().clone()) }]))
}

/// The meetings that the owner may read in any of their roles, as `ListConsultations` would list them.
async fn reached(read: &Read, feed: &Owned, today: NaiveDate) -> Result<Option<Condition>> {
    let callers = authenticate::away(read.app(), feed.region, feed.person, today, "worker/feed").await?;
    let grants = callers.iter().filter_map(|caller| Grant::of(caller, Action::ReadConsultation).ok());
    let ways: Vec<Condition> =
        grants.map(|grant| consultation::store::reached(&read.app().read(grant))).collect();
    // An empty choice would be no condition at all.
    if ways.is_empty() {
        return Ok(None);
    }
    Ok(Some(Condition::all().add(ways.into_iter().fold(Condition::any(), Condition::add))))
}

async fn is_registered(read: &Read, person: PersonId, today: NaiveDate) -> Result<bool> {
    match professional::get(read, person).await {
        Ok(own) => Ok(own.valid_until.is_none_or(|last| last >= today)),
        Err(Error::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
