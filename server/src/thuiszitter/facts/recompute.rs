//! When holidays, closed days or the profile change, the deadlines of every open case are computed again,
//! and its timeline tells what moved. Once a day it tells which are due soon and which have passed. Of a closed
//! case the same of its aftercare.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hasher},
};

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{Class, Classes},
    ids::{CaseId, PersonId, RegionId},
    thuiszitter::{Cause, ChangeKind, Computation, Norm, is_still_asked, looked_after_since, moved},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use uuid::Uuid;

use super::{
    class,
    due::{self, Come},
    laid::{Laid, PAGE, laid},
    moved::{TOLD, texts},
};
use crate::{
    access::{Grant, Worker, authenticate::today},
    app::App,
    entity::case_computation::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{Tx, audit::Deed, memory::Memory, vault::Place},
    thuiszitter::{
        case::State,
        history::{self, Detail},
        norms::Norms,
        store,
        view::line,
    },
};

/// That the deadlines of a region were computed on a day with a profile, since its register changed.
pub type Remembered = Memory<(RegionId, NaiveDate, u64), ()>;

/// What was computed of a case before.
struct Kept {
    /// On which day.
    day: NaiveDate,
    /// With which calendar and profile.
    basis: Vec<u8>,
    computation: Computation,
    /// Which deadlines were told to be due soon or to have passed; none of a row from before that
    /// was kept.
    come: Option<Come>,
}

/// What is sealed of a computation.
#[derive(serde::Serialize, serde::Deserialize)]
struct Sealed {
    #[serde(flatten)]
    computation: Computation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    come: Option<Come>,
}

/// A case whose computation is to be kept.
struct Done {
    case: CaseId,
    child: PersonId,
    kept: Kept,
    detail: Option<Detail>,
    news: Vec<(ChangeKind, Detail)>,
}

fn place(row: Uuid) -> Place {
    Place { table: "case_computation", column: "sealed_computation", row }
}

fn corrupt() -> Error {
    Error::Corrupt { table: "case_computation", column: "sealed_computation" }
}

/// A number that changes when `value` does. In another build it may be another: then what is
/// computed again has not moved.
fn fingerprint(value: &impl std::fmt::Debug) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(format!("{value:?}").as_bytes());
    hasher.finish()
}

/// Goes over the open cases of `region`, and the closed ones in which somebody still looks in, when its register or profile changed, and once a day;
/// says of how many something moved.
///
/// # Errors
/// When the database fails; what was done until then stays done.
pub async fn work(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Cases, region);
    let count = app.register_count().await?;
    let read = app.read(grant.clone());
    let day = today(read.now());
    let profile = store::profile(&read, day).await?;
    let key = (region, day, profile.number);
    let memory = &app.remembered.deadlines;
    if memory.one(count, &key).is_some() {
        return Ok(0);
    }
    let (mut after, mut told) = (Uuid::nil(), 0);
    loop {
        let (last, more) = app
            .write(&grant, None, |tx| {
                let profile = &profile;
                async move { page(&tx, profile, after).await }
            })
            .await?;
        told += more;
        let Some(last) = last else { break };
        after = last;
    }
    memory.keep(count, [(key, ())]);
    Ok(told)
}

/// The cases after `after`, in a constant number of statements; gives the last of them.
async fn page(tx: &Tx, profile: &Norms, after: Uuid) -> Result<(Option<Uuid>, usize)> {
    // Two servers take turns, so that nothing is told twice.
    store::alone(tx, tx.region().as_bytes()).await?;
    let since = looked_after_since(today(tx.now()));
    let rows = store::minded_after(tx, after, (since, PAGE)).await?;
    let Some(last) = rows.last().map(|row| row.id) else { return Ok((None, 0)) };
    let cases = laid(tx, rows).await?;
    let children = cases.iter().map(|one| (one.case.id.0, one.circle.child)).collect();
    let mut kept = kept(tx, &children).await?;
    let mut done = Vec::new();
    for one in &cases {
        done.extend(computed(tx, one, profile, kept.remove(&one.case.id.0)));
    }
    keep(tx, &done).await?;
    tell(tx, &done).await?;
    Ok((Some(last), done.iter().filter(|one| one.detail.is_some()).count()))
}

/// What is to be kept of a case, and told when something moved by another calendar or profile;
/// none when today's is kept already.
fn computed(tx: &Tx, laid: &Laid, profile: &Norms, before: Option<Kept>) -> Option<Done> {
    let Laid { case, circle, around, log } = laid;
    let day = today(tx.now());
    let basis = [fingerprint(&around.calendar), profile.number].map(u64::to_be_bytes).concat();
    if before.as_ref().is_some_and(|kept| kept.day == day && kept.basis == basis) {
        return None;
    }
    let known = around.known(log, TOLD, DateTime::<Utc>::MAX_UTC);
    let shown = |on| class::shown(known.standing(profile, on).deadlines, TOLD);
    let compute = |on| Computation::of(profile, &shown(on));
    let closed = case.state == State::Closed;
    // Of a closed case nothing else comes any more.
    let asked = || {
        let mut asked = shown(day);
        asked.retain(|one| {
            let still = one.due_on.is_none_or(|due| is_still_asked(due, day));
            !closed || (one.norm.is_of_aftercare() && still)
        });
        asked
    };
    let (come, news) = match &before {
        // Of a row from before this was kept, what has come already is known.
        Some(Kept { come: None, .. }) => (due::come(&shown(day)), Vec::new()),
        Some(Kept { come: Some(come), .. }) => due::new(&asked(), come),
        None => due::new(&asked(), &Come::new()),
    };
    let detail = before.filter(|kept| kept.basis != basis).and_then(|kept| {
        // On the day of the one before: what has passed since then moved nothing.
        let mut moved = moved(&kept.computation, &compute(kept.day));
        moved.retain(|one| one.causes.iter().any(|cause| *cause != Cause::Fact));
        let of_care = |norm: &str| profile.norm(norm).is_some_and(Norm::is_of_aftercare);
        moved.retain(|one| !closed || of_care(&one.norm));
        let moved = texts(profile, &moved);
        (!moved.is_empty()).then(|| Detail { moved, ..Detail::default() })
    });
    let kept = Kept { day, basis, computation: compute(day), come: Some(come) };
    Some(Done { case: case.id, child: circle.child, kept, detail, news })
}

/// What was computed of cases before, in two statements.
async fn kept(tx: &Tx, children: &HashMap<Uuid, PersonId>) -> Result<HashMap<Uuid, Kept>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.is_in(children.keys().copied()))
        .all(&tx.db())
        .await?;
    let subjects: Vec<Uuid> = children.values().map(|child| child.0).collect();
    let keys = tx.subject_keys(&subjects).await?;
    rows.into_iter()
        .map(|row| {
            let child = children.get(&row.id).ok_or_else(corrupt)?;
            let plain = keys.open(child.0, place(row.id), &row.sealed_computation)?;
            let Sealed { computation, come } = serde_json::from_str(&plain).map_err(|_| corrupt())?;
            Ok((row.id, Kept { day: row.day, basis: row.basis, computation, come }))
        })
        .collect()
}

async fn keep(tx: &Tx, done: &[Done]) -> Result<()> {
    if done.is_empty() {
        return Ok(());
    }
    let children: Vec<Uuid> = done.iter().map(|one| one.child.0).collect();
    let keys = tx.subject_keys(&children).await?;
    let mut rows = Vec::with_capacity(done.len());
    for one in done {
        let sealed = Sealed { computation: one.kept.computation.clone(), come: one.kept.come.clone() };
        let plain = serde_json::to_string(&sealed).map_err(|_| corrupt())?;
        rows.push(ActiveModel {
            region_id: Set(tx.region()),
            id: Set(one.case.0),
            day: Set(one.kept.day),
            basis: Set(one.kept.basis.clone()),
            sealed_computation: Set(tx.seal(&keys, one.child.0, place(one.case.0), &plain)?),
        });
    }
    let again = OnConflict::columns([Column::RegionId, Column::Id])
        .update_columns([Column::Day, Column::Basis, Column::SealedComputation])
        .to_owned();
    Entity::insert_many(rows).on_conflict(again).exec_without_returning(&tx.db()).await?;
    Ok(())
}

async fn tell(tx: &Tx, done: &[Done]) -> Result<()> {
    let told: Vec<_> =
        done.iter().filter_map(|one| Some((one.case, one.child, one.detail.as_ref()?))).collect();
    history::note_all(tx, "DEADLINES_MOVED", &told).await?;
    for kind in [ChangeKind::DeadlineDueSoon, ChangeKind::DeadlineOverdue] {
        let news = done.iter().flat_map(|one| one.news.iter().map(move |(what, detail)| (one, what, detail)));
        let of_kind = news.filter(|(_, what, _)| **what == kind);
        let notes: Vec<_> = of_kind.map(|(one, _, detail)| (one.case, one.child, detail)).collect();
        history::note_all(tx, kind.into(), &notes).await?;
    }
    let classes = Classes::of(&[Class::K3]);
    let changed = done.iter().filter(|one| one.detail.is_some() || !one.news.is_empty());
    let lines: Vec<_> = changed.map(|one| line(Deed::U, one.case, one.child, classes)).collect();
    tx.audit_all(&lines).await
}
