//! Adjusted kinds of meetings in the database, and adjusting one: a row for each time that somebody does; none
//! goes. They stand here because a search keeps to the notice of a kind.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{Class, Classes, Role},
    availability::{self, local},
    consultation::{Kind, KindRules, kinds::MOST_NOTICE_HOURS},
    refusal::Violation,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

use super::hours::USUAL_ZONE;
use crate::{
    entity::kind_profile::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
        instant::{from_column, to_column},
    },
};

/// The rules of a kind on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which kind.
    pub kind: Kind,
    /// What the region asks of it.
    pub rules: KindRules,
    /// Counts what was set, also for days to come; 0 when nothing was.
    pub version: i32,
    /// From when these are in force, and when they were set; none for what every region starts from.
    pub since: Option<(NaiveDate, DateTime<Utc>)>,
}

/// Something of the rules that takes another value.
pub type Change = Box<dyn Fn(&mut KindRules) + Send + Sync>;

/// What becomes of a kind, and from when.
pub struct Wish {
    /// Which.
    pub kind: Kind,
    /// As it was read.
    pub etag: i32,
    /// From this day on.
    pub from: NaiveDate,
    /// What takes another value.
    pub changes: Vec<Change>,
}

/// What a region can change, in words.
#[derive(Serialize, Deserialize)]
struct Body {
    must_come: Vec<Vec<String>>,
    may_come: Vec<String>,
    quorum: u16,
    min_minutes: u16,
    max_minutes: u16,
    default_minutes: u16,
    places: Vec<String>,
    notice_hours: u16,
    record: Vec<String>,
    priority: String,
    capacity: u16,
}

const CORRUPT: Error = Error::Corrupt { table: "kind_profile", column: "body" };

fn words<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn read_words<T: std::str::FromStr>(words: &[String]) -> Result<Vec<T>> {
    words.iter().map(|word| word.parse().map_err(|_| CORRUPT)).collect()
}

fn written(rules: &KindRules) -> Result<String> {
    let body = Body {
        must_come: rules.roles.iter().map(|any| words(any)).collect(),
        may_come: words(&rules.may_come),
        quorum: rules.quorum,
        min_minutes: rules.min_minutes,
        max_minutes: rules.max_minutes,
        default_minutes: rules.default_minutes,
        places: words(&rules.places),
        notice_hours: rules.notice_hours,
        record: words(&rules.record),
        priority: rules.priority.to_string(),
        capacity: rules.capacity,
    };
    serde_json::to_string(&body).map_err(|_| CORRUPT)
}

fn read_rules(kind: Kind, body: &str) -> Result<KindRules> {
    let body: Body = serde_json::from_str(body).map_err(|_| CORRUPT)?;
    let roles = body.must_come.iter().map(|any| read_words::<Role>(any));
    let row = kind.rules();
    Ok(KindRules {
        roles: roles.collect::<Result<_>>()?,
        may_come: read_words(&body.may_come)?,
        about: row.about,
        parents: row.parents,
        quorum: body.quorum,
        min_minutes: body.min_minutes,
        max_minutes: body.max_minutes,
        default_minutes: body.default_minutes,
        places: read_words(&body.places)?,
        notice_hours: body.notice_hours,
        record: read_words(&body.record)?,
        priority: body.priority.parse().map_err(|_| CORRUPT)?,
        capacity: body.capacity,
    })
}

/// The rules of `kind` on `day`, in one statement.
pub async fn rules(read: &Read, kind: Kind, day: NaiveDate) -> Result<KindRules> {
    let row = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Kind.eq(kind.to_string()))
        .filter(Column::ValidFrom.lte(day))
        .order_by_desc(Column::ValidFrom)
        .order_by_desc(Column::Version)
        .one(&read.db())
        .await?;
    row.map_or_else(|| Ok(kind.rules()), |row| read_rules(kind, &row.body))
}

/// The rules of each of these kinds on its day, in one statement.
pub async fn rules_of_each(read: &Read, asked: &[(Kind, NaiveDate)]) -> Result<Vec<KindRules>> {
    let kinds: BTreeSet<Kind> = asked.iter().map(|(kind, _)| *kind).collect();
    let rows = set_for(read, &kinds.into_iter().collect::<Vec<_>>()).await?;
    asked.iter().map(|(kind, day)| Ok(standing(*kind, &rows, *day)?.rules)).collect()
}

/// The first instant after which a meeting of `kind` keeps to the notice that the region asks of it
/// on its day, in one statement.
pub async fn first_start(read: &Read, kind: Kind) -> Result<DateTime<Utc>> {
    let today = local::date_of(USUAL_ZONE, read.now());
    // So many days hold the longest notice, and the rest of today.
    let days = today.iter_days().take(usize::from(MOST_NOTICE_HOURS / 24) + 2);
    let asked: Vec<(Kind, NaiveDate)> = days.map(|day| (kind, day)).collect();
    let rules = rules_of_each(read, &asked).await?;
    let days = asked.iter().zip(rules).map(|((_, day), rules)| (*day, rules.notice_hours));
    Ok(availability::first_start(read.now(), USUAL_ZONE, days))
}

/// How `kind` stands on `day`.
pub async fn get(read: &Read, kind: Kind, day: NaiveDate) -> Result<Standing> {
    standing(kind, &set_for(read, &[kind]).await?, day)
}

/// How all kinds stand on `day`, in one statement.
pub async fn all(read: &Read, day: NaiveDate) -> Result<Vec<Standing>> {
    let kinds: Vec<Kind> = Kind::iter().collect();
    let rows = set_for(read, &kinds).await?;
    kinds.into_iter().map(|kind| standing(kind, &rows, day)).collect()
}

/// What was set for `kinds`, by first day.
async fn set_for(read: &Read, kinds: &[Kind]) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Kind.is_in(words(kinds)))
        .order_by_asc(Column::ValidFrom)
        .order_by_asc(Column::Version)
        .all(&read.db())
        .await?)
}

fn standing(kind: Kind, rows: &[Model], day: NaiveDate) -> Result<Standing> {
    let word = kind.to_string();
    let own = || rows.iter().filter(|row| row.kind == word);
    let version = own().map(|row| row.version).max().unwrap_or_default();
    Ok(match own().rfind(|row| row.valid_from <= day) {
        None => Standing { kind, rules: kind.rules(), version, since: None },
        Some(row) => Standing {
            kind,
            rules: read_rules(kind, &row.body)?,
            version,
            since: Some((row.valid_from, from_column(row.set_at)?)),
        },
    })
}

/// The rules as on the first day, with the changes, from that day on.
///
/// # Errors
/// `ETAG_MISMATCH` when somebody else set others in between; what keeps them from being rules of that kind.
pub async fn update(tx: &Tx, wish: &Wish) -> Result<Standing> {
    let mut standing = get(tx, wish.kind, wish.from).await?;
    if standing.version != wish.etag {
        return Err(Error::Stale);
    }
    for change in &wish.changes {
        change(&mut standing.rules);
    }
    let faults = standing.rules.faults(&wish.kind.rules());
    if !faults.is_empty() {
        let named = |one: Violation| Violation { field: format!("kind.{}", one.field), ..one };
        return Err(Error::Invalid(faults.into_iter().map(named).collect()));
    }
    set(tx, &standing, wish.from).await
}

async fn set(tx: &Tx, standing: &Standing, from: NaiveDate) -> Result<Standing> {
    let version = standing.version + 1;
    let row = ActiveModel {
        region_id: Set(tx.region()),
        kind: Set(standing.kind.to_string()),
        version: Set(version),
        valid_from: Set(from),
        body: Set(written(&standing.rules)?),
        set_by: Set(tx.grant().actor().unwrap_or_default()),
        set_at: Set(to_column(tx.now())),
    };
    match Entity::insert(row).exec_without_returning(&tx.db()).await.map_err(Error::from) {
        Ok(_) => {}
        Err(error) if error.is_duplicate() => return Err(Error::Stale),
        Err(error) => return Err(error),
    }
    let classes = Classes::of(&[Class::K0]);
    tx.audit(Line { deed: Deed::U, object: "kind_profile", id: None, subject: None, classes }).await?;
    Ok(Standing { version, since: Some((from, tx.now())), ..standing.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_they_were_written() {
        for kind in Kind::iter() {
            let rules = kind.rules();
            assert_eq!(read_rules(kind, &written(&rules).unwrap()).unwrap(), rules, "{kind}");
        }
        assert!(read_rules(Kind::Mdo, "{}").is_err());
    }
}
