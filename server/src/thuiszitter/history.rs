//! What happened to a case: events that are only ever added.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    ids::{CaseEventId, CaseId, OrganisationId, PersonId, SchoolId},
    thuiszitter::Stage,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict,
};
use uuid::Uuid;

use super::{store::Sealed, voice::Voice};
use crate::{
    access::circle,
    entity::case_event,
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
        outbox::CaseNote,
        vault::Place,
        written::is_written,
    },
};

/// The kind of the event of a move to another school or gemeente.
pub(super) const MOVED: &str = "CASE_MOVED";

/// What moved a deadline, as it was told then: names and terms of a profile may be others later.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct MovedText {
    pub nl: String,
    pub en: String,
}

/// What is told of an event beyond its kind, sealed under the child's key.
#[derive(Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(super) struct Detail {
    /// The stage before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Stage>,
    /// The stage after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Stage>,
    /// Which deadlines are not what they were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<MovedText>,
    /// Which norm, of an event about one deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub norm: Option<String>,
    /// Which fields changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// How the case ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The day of the evidence, the first day of a relapse, the day of a level or the last one of a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    /// How the parents were involved and the child was heard, of a step since that is asked (K4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice: Option<Voice>,
    /// What somebody wrote: why, or of a stage of before that how parents were involved (K4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// The levels of escalation before and after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<(u8, u8)>,
    /// Who acts from then on, or has to do what was decided: professionals and organisations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whom: Option<String>,
    /// Of a move: the name of the school before, and the gemeente before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<String>,
    /// Which track and which step of it, by the words of the domain, for who sees K4; of a change of the
    /// track itself the step is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track: Option<(String, String)>,
    /// Of a move: the school before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_school: Option<Uuid>,
    /// Of a change of the parents: those who had gezag before. It is told nobody, but judges who had to sign then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gezag: Option<Vec<Uuid>>,
    /// Of a closing: the next action that was planned until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_action: Option<NaiveDate>,
    /// The facts of the absence that ended before the relapse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Sealed>,
}

/// An event as it stands.
pub(super) struct Event {
    pub id: CaseEventId,
    pub at: DateTime<Utc>,
    pub kind: String,
    pub organisation: Option<OrganisationId>,
    pub role: String,
    pub subject: String,
    pub detail: Option<Detail>,
}

fn place(row: Uuid) -> Place {
    Place { table: "case_event", column: "sealed_detail", row }
}

fn corrupt() -> Error {
    Error::Corrupt { table: "case_event", column: "sealed_detail" }
}

/// Adds what the caller did to `case` just now.
pub(super) async fn note(
    tx: &Tx,
    (case, child): (CaseId, PersonId),
    kind: &str,
    detail: &Detail,
) -> Result<()> {
    note_all(tx, kind, &[(case, child, detail)]).await
}

/// Adds what the caller did to several cases just now, in two statements.
pub(super) async fn note_all(tx: &Tx, kind: &str, notes: &[(CaseId, PersonId, &Detail)]) -> Result<()> {
    if notes.is_empty() {
        return Ok(());
    }
    let children: Vec<Uuid> = notes.iter().map(|(_, child, _)| child.0).collect();
    let keys = tx.subject_keys_or_new(&children).await?;
    let mut rows = Vec::with_capacity(notes.len());
    let mut told = Vec::with_capacity(notes.len());
    for (case, child, detail) in notes {
        let id = tx.new_id();
        told.push((id, *case));
        let plain = serde_json::to_string(detail).map_err(|_| corrupt())?;
        rows.push(case_event::ActiveModel {
            region_id: Set(tx.region()),
            id: Set(id),
            case_id: Set(case.0),
            at: Set(to_column(tx.now())),
            kind: Set(kind.to_owned()),
            actor_id: Set(tx.grant().actor()),
            organisation_id: Set(tx.grant().organisation()),
            role: Set(tx.grant().role()),
            subject: Set(case.to_string()),
            sealed_detail: Set(Some(tx.seal(&keys, child.0, place(id), &plain)?)),
        });
    }
    case_event::Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
    tx.tell_subscribers(&told).await
}

/// Adds what another subject told, each under its own id: told twice it is there once.
pub(super) async fn tell(tx: &Tx, notes: &[(Uuid, CaseId, CaseNote)]) -> Result<()> {
    if notes.is_empty() {
        return Ok(());
    }
    let rows = notes.iter().map(|(id, case, note)| case_event::ActiveModel {
        region_id: Set(tx.region()),
        id: Set(*id),
        case_id: Set(case.0),
        at: Set(to_column(note.at)),
        kind: Set(note.kind.clone()),
        actor_id: Set(note.actor),
        organisation_id: Set(note.organisation),
        role: Set(note.role.clone()),
        subject: Set(note.subject.clone()),
        sealed_detail: Set(None),
    });
    let twice =
        OnConflict::columns([case_event::Column::RegionId, case_event::Column::Id]).do_nothing().to_owned();
    let insert = case_event::Entity::insert_many(rows).on_conflict(twice);
    is_written(insert.exec_without_returning(&tx.db()).await)?;
    let told: Vec<_> = notes.iter().map(|(id, case, _)| (*id, *case)).collect();
    tx.tell_subscribers(&told).await
}

/// All events of `case`, oldest first.
pub(super) async fn of(read: &Read, case: CaseId, child: PersonId) -> Result<Vec<Event>> {
    let rows = case_event::Entity::find()
        .filter(case_event::Column::RegionId.eq(read.region()))
        .filter(case_event::Column::CaseId.eq(case.0))
        .order_by_asc(case_event::Column::Id)
        .all(&read.db())
        .await?;
    let opened = opened(read, rows, &HashMap::from([(case.0, child)])).await?;
    Ok(opened.into_iter().map(|(_, event)| event).collect())
}

/// The parents that were known to have gezag at that instant, if the parents were changed since: those of before the
/// first such change among `events`, which are the oldest first.
pub(super) fn gezag_at(events: &[Event], at: DateTime<Utc>) -> Option<Vec<PersonId>> {
    let mut since = events.iter().filter(|event| event.at > at);
    let before = since.find_map(|event| event.detail.as_ref()?.gezag.as_ref())?;
    Some(before.iter().copied().map(PersonId).collect())
}

/// The rows of these events, oldest first.
pub(super) async fn rows(read: &Read, events: &[Uuid]) -> Result<Vec<case_event::Model>> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    Ok(case_event::Entity::find()
        .filter(case_event::Column::RegionId.eq(read.region()))
        .filter(case_event::Column::Id.is_in(events.iter().copied()))
        .order_by_asc(case_event::Column::Id)
        .all(&read.db())
        .await?)
}

/// At most so many events since `from` of the cases that the grant reaches, or of one of them,
/// oldest first: each with its time.
pub(super) async fn since(
    read: &Read,
    (from, most): (DateTime<Utc>, u64),
    case: Option<CaseId>,
) -> Result<Vec<(Uuid, DateTime<Utc>)>> {
    let mut found = case_event::Entity::find()
        .select_only()
        .columns([case_event::Column::Id, case_event::Column::At])
        .filter(case_event::Column::RegionId.eq(read.region()))
        .filter(case_event::Column::At.gte(to_column(from)))
        .filter(case_event::Column::CaseId.in_subquery(circle::reached(read)));
    if let Some(case) = case {
        found = found.filter(case_event::Column::CaseId.eq(case.0));
    }
    let rows: Vec<(Uuid, i64)> = found
        .order_by_asc(case_event::Column::At)
        .order_by_asc(case_event::Column::Id)
        .limit(most)
        .into_tuple()
        .all(&read.db())
        .await?;
    rows.into_iter().map(|(id, at)| Ok((id, from_column(at)?))).collect()
}

/// Which school each of `children` left when, by case, oldest first: one statement beside that of the keys.
pub(super) async fn schools_left(
    read: &Read,
    children: &HashMap<Uuid, PersonId>,
) -> Result<HashMap<CaseId, Vec<(DateTime<Utc>, SchoolId)>>> {
    let cases: Vec<Uuid> = children.keys().copied().collect();
    let rows = of_kinds(read, &cases, &[MOVED]).await?;
    let mut left: HashMap<CaseId, Vec<(DateTime<Utc>, SchoolId)>> = HashMap::new();
    for (case, event) in opened(read, rows, children).await? {
        if let Some(school) = event.detail.and_then(|detail| detail.left_school) {
            left.entry(case).or_default().push((event.at, SchoolId(school)));
        }
    }
    Ok(left)
}

/// The events of `kinds` of these cases, oldest first: rows, of which nothing is opened.
pub(super) async fn of_kinds(
    read: &Read,
    cases: &[Uuid],
    kinds: &[&'static str],
) -> Result<Vec<case_event::Model>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    Ok(case_event::Entity::find()
        .filter(case_event::Column::RegionId.eq(read.region()))
        .filter(case_event::Column::CaseId.is_in(cases.iter().copied()))
        .filter(case_event::Column::Kind.is_in(kinds.iter().copied()))
        .order_by_asc(case_event::Column::Id)
        .all(&read.db())
        .await?)
}

/// Opens rows by the children of their cases; a case without a child is left out.
pub(super) async fn opened(
    read: &Read,
    rows: Vec<case_event::Model>,
    children: &HashMap<Uuid, PersonId>,
) -> Result<Vec<(CaseId, Event)>> {
    let subjects: Vec<Uuid> = children.values().map(|child| child.0).collect();
    let keys = read.subject_keys(&subjects).await?;
    let known = rows.into_iter().filter_map(|row| Some((*children.get(&row.case_id)?, row)));
    known
        .map(|(child, row)| {
            let plain = keys.open_if(child.0, place(row.id), row.sealed_detail.as_deref())?;
            let event = Event {
                id: CaseEventId(row.id),
                at: from_column(row.at)?,
                kind: row.kind,
                organisation: row.organisation_id.map(OrganisationId),
                role: row.role,
                subject: row.subject,
                detail: plain.map(|plain| serde_json::from_str(&plain)).transpose().map_err(|_| corrupt())?,
            };
            Ok((CaseId(row.case_id), event))
        })
        .collect()
}
