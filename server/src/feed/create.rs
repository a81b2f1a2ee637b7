//! Makes a feed: a secret that is told once, and the day on which it ends.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;
use schakel_domain::{
    access::{Class, Classes},
    feed::{Scope, scope},
    ids::PersonId,
};

use super::{owned::Wish, store};
use crate::{
    access::token::{self, Opens},
    directory::names,
    entity::feed::Model,
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
        instant::to_column,
    },
};

/// A feed made in summer lasts the whole next school year.
const LEAST: TimeDelta = TimeDelta::days(60);

/// Makes a feed for `person` as wished; the secret is in no database. What it shows is asked at
/// each fetch: a feed of what its owner cannot read is an empty one.
///
/// # Errors
/// `SCHOOL_NOT_FOUND`, `TEAM_NOT_FOUND`, `CLUSTER_NOT_FOUND`.
pub(super) async fn create(tx: &Tx, person: PersonId, wish: &Wish) -> Result<(Model, String)> {
    match wish.scope {
        Scope::Own => {}
        Scope::School(id) => names::is_school(tx, id).await?,
        Scope::Team(id) => names::is_team(tx, id).await?,
        Scope::Cluster(id) => names::is_cluster(tx, id).await?,
    }
    let secret = token::mint(Opens::Feed, tx.app().ids.as_ref());
    let hash = token::hash(Opens::Feed, &secret).ok_or(Error::Corrupt { table: "feed", column: "hash" })?;
    let feed = Model {
        region_id: tx.region(),
        id: tx.new_id(),
        hash,
        person_id: person.0,
        created_at: to_column(tx.now()),
        expires_at: to_column(end(tx.now())),
        revoked_at: None,
        scope: wish.scope.kind().to_string(),
        scope_id: wish.scope.id(),
        kinds: scope::kinds_to_text(&wish.kinds),
        detail: wish.detail.to_string(),
        replaced_by: None,
        overlap_until: None,
        last_used: None,
    };
    store::insert(tx, feed.clone()).await?;
    let classes = Classes::of(&[Class::K0]);
    tx.audit(Line { deed: Deed::C, object: "feed", id: Some(feed.id), subject: None, classes }).await?;
    Ok((feed, secret))
}

/// The end of the coming 31 August in the Netherlands that is at least sixty days away: one calendar
/// lasts through the summer in which the next school year is planned, and an address that leaked
/// does not outlive it.
fn end(now: DateTime<Utc>) -> DateTime<Utc> {
    let year = now.with_timezone(&Amsterdam).year();
    (year..=year + 2)
        .filter_map(|year| NaiveDate::from_ymd_opt(year, 9, 1)?.and_hms_opt(0, 0, 0))
        .filter_map(|midnight| Amsterdam.from_local_datetime(&midnight).earliest())
        .map(|midnight| midnight.with_timezone(&Utc))
        .find(|end| *end - now >= LEAST)
        .unwrap_or(now + LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_ends_after_the_summer_unless_that_is_near() {
        for (now, expected) in [
            ("2026-11-23T08:00:00Z", "2027-08-31T22:00:00Z"),
            ("2027-07-02T21:59:59Z", "2027-08-31T22:00:00Z"),
            ("2027-07-02T22:00:01Z", "2028-08-31T22:00:00Z"),
            ("2026-12-31T23:30:00Z", "2027-08-31T22:00:00Z"),
        ] {
            let end = end(now.parse().unwrap());
            assert_eq!(end, expected.parse::<DateTime<Utc>>().unwrap(), "{now}");
        }
    }
}
