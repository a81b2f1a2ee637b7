//! Outside calendars: made, replaced by a file, asked again, forgotten.

use chrono::TimeDelta;
use http::Uri;
use schakel_domain::{
    ids::{OutsideCalendarId, PersonId},
    refusal::Refusal,
};

use super::{
    store::{self, Model, place},
    worker::{self, Known},
};
use crate::{
    access::professional,
    availability::change::{line, may_write},
    error::{Error, Result},
    store::{Tx, audit::Deed, instant::to_column},
};

/// Calendars that a person may have in a region.
const MOST: u64 = 10;
/// An address is not asked twice within it, however often somebody asks for that.
const POLITE: TimeDelta = TimeDelta::minutes(1);
pub(super) const OBJECT: &str = "outside_calendar";

/// Whether the caller may give this person another calendar.
async fn may_add(tx: &Tx, person: PersonId, field: &str) -> Result<()> {
    may_write(tx.grant(), person)?;
    if !professional::of(tx, &[person]).await?.contains_key(&person) {
        return Err(Error::field(field, Refusal::PersonNotFound));
    }
    if store::count(tx, person).await? >= MOST {
        return Err(Refusal::TooManyCalendars.into());
    }
    Ok(())
}

/// A calendar that the caller may change; another's is as one that never was.
async fn held(tx: &Tx, id: OutsideCalendarId) -> Result<Model> {
    let row = store::hold(tx, id).await?;
    may_write(tx.grant(), PersonId(row.person_id)).map_err(|_| Error::NotFound("OUTSIDE_CALENDAR"))?;
    Ok(row)
}

fn empty(tx: &Tx, person: PersonId) -> Model {
    Model {
        region_id: tx.region(),
        id: tx.new_id(),
        person_id: person.0,
        sealed_address: None,
        host: String::new(),
        etag: None,
        last_modified: None,
        busy: Vec::new(),
        known_until: None,
        read_at: None,
        fetched_at: None,
        next_fetch_at: None,
        failures: 0,
        last_error: String::new(),
        unread: 0,
        unread_reason: String::new(),
        lease_token: None,
        leased_until: None,
    }
}

/// Nothing → known; the worker asks the address at once.
pub(super) async fn create(tx: &Tx, person: PersonId, address: &Uri) -> Result<Model> {
    may_add(tx, person, "outside_calendar.person").await?;
    let mut row = empty(tx, person);
    let keys = tx.subject_keys_or_new(&[person.0]).await?;
    row.sealed_address = Some(tx.seal(&keys, person.0, place(row.id), &address.to_string())?);
    row.host = address.host().unwrap_or_default().to_owned();
    row.next_fetch_at = Some(to_column(tx.now()));
    store::insert(tx, row.clone()).await?;
    tx.audit(line(Deed::C, OBJECT, row.id, person)).await?;
    Ok(row)
}

/// Nothing, or an upload → an upload that says this.
pub(super) async fn upload(
    tx: &Tx,
    (person, replaced): (PersonId, Option<OutsideCalendarId>),
    known: &Known,
) -> Result<Model> {
    let (deed, old) = if let Some(id) = replaced {
        let old = held(tx, id).await?;
        // What comes from an address is not overwritten by hand, nor given to another.
        if old.sealed_address.is_some() || old.person_id != person.0 {
            return Err(Error::NotFound("OUTSIDE_CALENDAR"));
        }
        (Deed::U, old)
    } else {
        may_add(tx, person, "person").await?;
        (Deed::C, empty(tx, person))
    };
    let row = worker::filled(old, known, tx.now());
    if replaced.is_some() {
        store::update(tx, row.clone()).await?;
    } else {
        store::insert(tx, row.clone()).await?;
    }
    tx.audit(line(deed, OBJECT, row.id, person)).await?;
    Ok(row)
}

/// Known → to be asked now.
pub(super) async fn refresh(tx: &Tx, id: OutsideCalendarId) -> Result<Model> {
    let mut row = held(tx, id).await?;
    let person = PersonId(row.person_id);
    let soon = row.fetched_at.map_or(i64::MIN, |last| last + POLITE.num_microseconds().unwrap_or(0));
    if row.sealed_address.is_some() {
        let at = soon.max(to_column(tx.now()));
        row.next_fetch_at = Some(row.next_fetch_at.map_or(at, |next| next.min(at)));
        store::update(tx, row.clone()).await?;
    }
    tx.audit(line(Deed::U, OBJECT, row.id, person)).await?;
    Ok(row)
}

/// Known → gone.
pub(super) async fn delete(tx: &Tx, id: OutsideCalendarId) -> Result<()> {
    let row = held(tx, id).await?;
    let person = PersonId(row.person_id);
    store::delete(tx, id).await?;
    tx.audit(line(Deed::D, OBJECT, row.id, person)).await
}
