//! What the owner of a feed may read now: asked anew each time, as at each call.

use chrono::NaiveDate;
use schakel_domain::{
    access::Action,
    feed::Scope,
    ids::{PersonId, RegionId},
};
use sea_orm::Condition;

use super::owned::Owned;
use crate::{
    access::{
        Caller, Grant, Reached,
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
    let callers = authenticate::away(read.app(), feed.region, feed.person, today, "worker/feed").await?;
    // Of what kind a meeting is the envelope does not say: who asks for a kind is told of none by it.
    let planned = if kinds.is_none() { planned(read, &callers, feed.wish.scope, today).await? } else { None };
    let ways = [reached(read, &callers).map(|reached| reached.add(narrowed)), planned];
    let mut ways = ways.into_iter().flatten().peekable();
    // An empty choice would be no condition at all.
    if ways.peek().is_none() {
        return Ok(None);
    }
    let which = Condition::all().add(ways.fold(Condition::any(), Condition::add)).add_option(kinds);
    Ok(Some(vec![Listing { which, read: read.app().read(read.grant().clone()) }]))
}

/// The meetings that the owner may read in any of their roles, as `ListConsultations` would list them.
fn reached(read: &Read, callers: &[Caller]) -> Option<Condition> {
    let grants = callers.iter().filter_map(|caller| Grant::of(caller, Action::ReadConsultation).ok());
    let ways: Vec<Condition> =
        grants.map(|grant| consultation::store::reached(&read.app().read(grant))).collect();
    // An empty choice would be no condition at all.
    let any = (!ways.is_empty()).then(|| ways.into_iter().fold(Condition::any(), Condition::add));
    any.map(|any| Condition::all().add(any))
}

/// The meetings of a team for which the owner plans, as `ListTeamMeetings` would list them.
async fn planned(
    read: &Read,
    callers: &[Caller],
    scope: Scope,
    today: NaiveDate,
) -> Result<Option<Condition>> {
    let Scope::Team(team) = scope else { return Ok(None) };
    let plans = |caller: &Caller| {
        let grant = Grant::of(caller, Action::Substitute);
        grant.is_ok_and(|grant| grant.reached().iter().any(|(own, _)| *own == Reached::Team(team.0)))
    };
    if !callers.iter().any(plans) {
        return Ok(None);
    }
    let posts = affiliation::at(read, team.into(), today).await?;
    Ok(Some(events::of_team(read, &posts)))
}

/// Whether `person` would be shown no meeting of `scope` but those at which they sit themselves,
/// whatever is booked there: their roles read no others.
pub(super) async fn is_own_alone(read: &Read, person: PersonId, scope: Scope) -> Result<bool> {
    if scope == Scope::Own {
        return Ok(false);
    }
    let today = authenticate::today(read.now());
    let region = RegionId(read.region());
    let callers = authenticate::away(read.app(), region, person, today, "worker/feed").await?;
    if planned(read, &callers, scope, today).await?.is_some() {
        return Ok(false);
    }
    let reads_others = |caller: &Caller| {
        let grant = Grant::of(caller, Action::ReadConsultation);
        grant.is_ok_and(|grant| grant.reached().iter().any(|(way, _)| !matches!(way, Reached::Invited(_))))
    };
    Ok(!callers.iter().any(reads_others))
}

async fn is_registered(read: &Read, person: PersonId, today: NaiveDate) -> Result<bool> {
    match professional::get(read, person).await {
        Ok(own) => Ok(own.valid_until.is_none_or(|last| last >= today)),
        Err(Error::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
