//! What of feeds is written down: a line before the first whole calendar of a version and a day
//! leaves, and a second one with how often it left after that, once the version or the day is
//! over. NEN 7513 lets alike lines of a day be joined.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    ids::{PersonId, RegionId},
};
use uuid::Uuid;

use super::{memory::Kept, store};
use crate::{
    access::{Grant, Worker, authenticate::today, region},
    app::App,
    edge::places::household,
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// From so many networks on one day a subscription is not fetched by one person's programs.
const NETWORKS: usize = 4;

/// What is counted of each feed.
#[derive(Default)]
pub(super) struct Tallies {
    told: Mutex<HashMap<Uuid, Tally>>,
    from: Mutex<HashMap<Uuid, (NaiveDate, HashSet<IpAddr>)>>,
}

/// One version of one feed on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tally {
    region: RegionId,
    person: PersonId,
    day: NaiveDate,
    etag: String,
    /// How often it left after the first time.
    again: usize,
}

impl Tallies {
    /// Counts one more of what has its line already; else says what was counted before it.
    fn again(&self, feed: Uuid, day: NaiveDate, etag: &str) -> Result<(), Option<Tally>> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        match told.get_mut(&feed) {
            Some(tally) if tally.day == day && tally.etag == etag => {
                tally.again += 1;
                Ok(())
            }
            Some(_) => Err(told.remove(&feed).filter(|tally| tally.again > 0)),
            None => Err(None),
        }
    }

    /// Two who came first at once both wrote their line; what one has counted since stays.
    fn begin(&self, feed: Uuid, tally: Tally) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let known = told.get(&feed).is_some_and(|known| (known.day, &known.etag) == (tally.day, &tally.etag));
        if !known {
            told.insert(feed, tally);
        }
    }

    /// Puts back what could not be written down.
    fn back(&self, feed: Uuid, tally: Tally) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.entry(feed).or_insert(tally);
    }

    /// Takes out those of a region that are not of `day`; of all days without one.
    fn over(&self, region: RegionId, day: Option<NaiveDate>) -> Vec<(Uuid, Tally)> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.extract_if(|_, tally| tally.region == region && Some(tally.day) != day).collect()
    }

    /// Whether `from` is the first address of today that is one too many.
    fn is_spread(&self, feed: Uuid, day: NaiveDate, from: IpAddr) -> bool {
        let mut all = self.from.lock().unwrap_or_else(PoisonError::into_inner);
        let (seen, networks) = all.entry(feed).or_insert_with(|| (day, HashSet::new()));
        if *seen != day {
            (*seen, *networks) = (day, HashSet::new());
        }
        networks.len() < NETWORKS && networks.insert(household(from)) && networks.len() == NETWORKS
    }

    fn forget_networks(&self, day: NaiveDate) {
        let mut all = self.from.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (seen, _)| *seen == day);
    }
}

fn line(object: &'static str, feed: Uuid, person: PersonId) -> Line {
    let classes = Classes::of(&[Class::K1]);
    Line { deed: Deed::E, object, id: Some(feed), subject: Some(person.0), classes }
}

/// How often a calendar left after the first time.
async fn write_again(tx: &Tx, feed: Uuid, tally: &Tally) -> Result<()> {
    tx.audit_counted(line("feed_again", feed, tally.person), tally.again).await
}

/// Owes to the log that a whole calendar leaves, before it does.
pub(super) async fn told(app: &App, kept: &Kept) -> Result<()> {
    let (feed, day) = (&kept.feed, today(app.now()));
    let tallies = &app.feeds.tallies;
    let Err(before) = tallies.again(feed.id, day, &kept.etag) else { return Ok(()) };
    let grant = Grant::worker(Worker::Feed, feed.region);
    let before = &before;
    let written = app
        .write(&grant, None, |tx| async move {
            if let Some(before) = before {
                write_again(&tx, feed.id, before).await?;
            }
            store::used(&tx, feed.id, day).await?;
            tx.audit_counted(line("feed", feed.id, feed.person), kept.count).await
        })
        .await;
    if let Err(error) = written {
        if let Some(before) = before.clone() {
            tallies.back(feed.id, before);
        }
        return Err(error);
    }
    let (region, person, etag) = (feed.region, feed.person, kept.etag.clone());
    tallies.begin(feed.id, Tally { region, person, day, etag, again: 0 });
    Ok(())
}

/// Notes where a feed is fetched from. That it came from many networks on one day stands in the
/// server's own log, with the feed and without the addresses.
pub(super) fn fetched_from(app: &App, feed: Uuid, from: Option<IpAddr>) {
    let Some(from) = from else { return };
    if app.feeds.tallies.is_spread(feed, today(app.now()), from) {
        tracing::warn!(target: "security", %feed, "a feed is fetched from many networks in one day");
    }
}

/// Writes down what was counted in `region` on days that are over.
pub async fn end_days(app: &App, region: RegionId) -> Result<()> {
    let today = today(app.now());
    app.feeds.tallies.forget_networks(today);
    write_over(app, region, Some(today)).await
}

/// Writes down all that was counted: the server stops.
pub async fn end(app: &App) -> Result<()> {
    for region in region::all(app).await? {
        write_over(app, region, None).await?;
    }
    Ok(())
}

async fn write_over(app: &App, region: RegionId, day: Option<NaiveDate>) -> Result<()> {
    let mut over = app.feeds.tallies.over(region, day);
    over.retain(|(_, tally)| tally.again > 0);
    if over.is_empty() {
        return Ok(());
    }
    let grant = Grant::worker(Worker::Feed, region);
    let lines = &over;
    let written = app
        .write(&grant, None, |tx| async move {
            for (feed, tally) in lines {
                write_again(&tx, *feed, tally).await?;
            }
            Ok(())
        })
        .await;
    if written.is_err() {
        for (feed, tally) in over {
            app.feeds.tallies.back(feed, tally);
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(of: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, of).unwrap()
    }

    fn tally(of: u32, etag: &str) -> Tally {
        let (region, person) = (RegionId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(3)));
        Tally { region, person, day: day(of), etag: etag.to_owned(), again: 0 }
    }

    #[test]
    fn one_version_and_day_is_counted_and_the_next_ends_it() {
        let tallies = Tallies::default();
        let feed = Uuid::from_u128(2);
        assert_eq!(tallies.again(feed, day(1), "a").unwrap_err(), None);
        tallies.begin(feed, tally(1, "a"));
        assert!(tallies.again(feed, day(1), "a").is_ok() && tallies.again(feed, day(1), "a").is_ok());
        let before = tallies.again(feed, day(1), "b").unwrap_err();
        assert_eq!(before, Some(Tally { again: 2, ..tally(1, "a") }));
        tallies.begin(feed, tally(1, "b"));
        assert_eq!(tallies.again(feed, day(2), "b").unwrap_err(), None, "once needs no second line");
    }

    #[test]
    fn a_day_that_is_over_is_taken_out_once() {
        let tallies = Tallies::default();
        let region = RegionId(Uuid::from_u128(1));
        tallies.begin(Uuid::from_u128(2), tally(1, "a"));
        tallies.begin(Uuid::from_u128(4), tally(2, "a"));
        assert!(tallies.over(RegionId(Uuid::from_u128(9)), Some(day(2))).is_empty());
        assert_eq!(tallies.over(region, Some(day(2))), [(Uuid::from_u128(2), tally(1, "a"))]);
        assert!(tallies.over(region, Some(day(2))).is_empty());
        assert_eq!(tallies.over(region, None).len(), 1);
    }

    #[test]
    fn the_fourth_network_of_a_day_is_said_once() {
        let tallies = Tallies::default();
        let feed = Uuid::from_u128(2);
        let from = |of: u32, last: u8| tallies.is_spread(feed, day(of), [192, 0, 2, last].into());
        assert_eq!([1, 1, 2, 3, 3].map(|last| from(1, last)), [false; 5]);
        assert!(from(1, 4));
        assert_eq!([4, 5, 6].map(|last| from(1, last)), [false; 3]);
        assert_eq!([1, 2, 3].map(|last| from(2, last)), [false; 3], "the next day begins anew");
        assert!(from(2, 9));
    }
}
