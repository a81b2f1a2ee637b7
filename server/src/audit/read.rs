//! Lines of the log for the privacy officer: which are wanted, and each page written down first.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use schakel_domain::{
    access::{Class, Classes},
    ids::PersonId,
    time::repeated,
};
use uuid::Uuid;

use super::store;
use crate::{
    entity::audit::Model,
    error::Result,
    store::{
        Read, Tx,
        audit::{Deed, Line},
    },
    wire::page::{Page, cut},
};

/// What the log itself is.
pub(super) const LOG: Classes = Classes::of(&[Class::K10]);

/// Which lines.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only about this person.
    pub subject: Option<PersonId>,
    /// Only by this person.
    pub actor: Option<PersonId>,
    /// Only from this day on, in the Netherlands.
    pub from: Option<NaiveDate>,
    /// Only until the end of this day.
    pub until: Option<NaiveDate>,
}

impl Wanted {
    /// The pseudonym of the person it is about.
    pub(super) fn subject_ref(&self, read: &Read) -> Option<Vec<u8>> {
        self.subject.map(|person| read.subject_ref(person.0))
    }

    /// The first instant, and the first that is too late.
    pub fn bounds(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let midnight = |day: NaiveDate| repeated(chrono_tz::Europe::Amsterdam, day.and_time(NaiveTime::MIN));
        (self.from.map(midnight), self.until.map(|day| midnight(day + TimeDelta::days(1))))
    }
}

/// A page of lines with their places in the sealed order, and after which the next begins.
pub(super) type Lines = (Vec<Model>, HashMap<Uuid, i64>, Option<Uuid>);

/// A page of lines, newest first.
pub(super) async fn lines(tx: &Tx, wanted: &Wanted, page: &Page<Uuid>) -> Result<Lines> {
    let mut rows = store::newest_lines(tx, wanted, page).await?;
    let next = cut(&mut rows, page.size, |row| row.id);
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let places = store::places_of(tx, &ids).await?;
    let subject = wanted.subject.map(|person| person.0);
    let line = Line { deed: Deed::R, object: "audit", id: None, subject, classes: LOG };
    tx.audit_counted(line, rows.len()).await?;
    Ok((rows, places, next))
}
