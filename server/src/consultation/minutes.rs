//! What came of meetings, in the database: sealed under the child's key, but for two words that are counted.

use std::collections::HashMap;

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    consultation::{Agreement, ChildHeard, JgtHulpGewenst},
    ids::{ActionId, ConsultationId, HulpvraagId, PersonId},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::meeting::Meeting;
use crate::{
    entity::{action, consultation},
    error::{Error, Result},
    store::{Read, Tx, vault::Place},
};

/// What was recorded, beside who was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minutes {
    /// Whether the child was heard.
    pub child_heard: Option<ChildHeard>,
    /// How, or why not (K9).
    pub child_heard_note: Option<String>,
    /// Whether help of the team is wanted.
    pub jgt: Option<JgtHulpGewenst>,
    /// Who decided that.
    pub decided_with: Vec<PersonId>,
    /// For JA: the role that was asked for.
    pub jgt_role: Option<Role>,
    /// For JA: by when.
    pub jgt_target: Option<NaiveDate>,
    /// What was agreed.
    pub summary: Option<String>,
    /// The request that JA made.
    pub hulpvraag: Option<HulpvraagId>,
    /// What is to be done.
    pub actions: Vec<Agreed>,
    /// Whether there is agreement, where that is recorded.
    pub agreement: Option<Agreement>,
    /// Whether nothing was decided.
    pub not_decided: bool,
    /// Whether enough came to decide; not known of older ones.
    pub quorum_met: bool,
}

/// Something that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// Which.
    pub id: ActionId,
    /// What.
    pub text: String,
    /// Who.
    pub owner: PersonId,
    /// By when.
    pub due: NaiveDate,
    /// The day on which it was done.
    pub done: Option<NaiveDate>,
}

/// The sealed part, as JSON.
#[derive(Serialize, Deserialize)]
struct Sealed {
    child_heard: Option<String>,
    child_heard_note: Option<String>,
    jgt: Option<String>,
    decided_with: Vec<Uuid>,
    jgt_role: Option<String>,
    jgt_target: Option<NaiveDate>,
    summary: Option<String>,
    hulpvraag: Option<Uuid>,
    #[serde(default)]
    agreement: Option<String>,
    #[serde(default)]
    not_decided: bool,
    #[serde(default)]
    quorum_met: bool,
}

const CORRUPT: Error = Error::Corrupt { table: "consultation", column: "sealed_outcome" };

fn outcome_of(meeting: ConsultationId) -> Place {
    Place { table: "consultation", column: "sealed_outcome", row: meeting.0 }
}

pub(super) fn text_of(action: Uuid) -> Place {
    Place { table: "action", column: "sealed_text", row: action }
}

/// Keeps what came of `meeting`, which already stands as HELD.
pub(super) async fn keep(tx: &Tx, meeting: &Meeting, minutes: &Minutes) -> Result<()> {
    let keys = tx.subject_keys_or_new(&[meeting.subject]).await?;
    let plain = Sealed {
        child_heard: minutes.child_heard.map(|heard| heard.to_string()),
        child_heard_note: minutes.child_heard_note.clone(),
        jgt: minutes.jgt.map(|wanted| wanted.to_string()),
        decided_with: minutes.decided_with.iter().map(|person| person.0).collect(),
        jgt_role: minutes.jgt_role.map(|role| role.to_string()),
        jgt_target: minutes.jgt_target,
        summary: minutes.summary.clone(),
        hulpvraag: minutes.hulpvraag.map(|asked| asked.0),
        agreement: minutes.agreement.map(|agreement| agreement.to_string()),
        not_decided: minutes.not_decided,
        quorum_met: minutes.quorum_met,
    };
    let text = serde_json::to_string(&plain).map_err(|_| CORRUPT)?;
    let sealed = tx.seal(&keys, meeting.subject, outcome_of(meeting.id), &text)?;
    let row = consultation::ActiveModel {
        region_id: Set(tx.region()),
        id: Set(meeting.id.0),
        sealed_outcome: Set(Some(sealed)),
        child_heard: Set(plain.child_heard),
        jgt_hulp_gewenst: Set(plain.jgt),
        ..Default::default()
    };
    consultation::Entity::update(row).exec(&tx.db()).await?;
    let rows = minutes.actions.iter().zip(0..).map(|(agreed, position)| {
        let sealed_text = tx.seal(&keys, meeting.subject, text_of(agreed.id.0), &agreed.text)?;
        Ok(action::ActiveModel {
            region_id: Set(tx.region()),
            id: Set(agreed.id.0),
            consultation_id: Set(meeting.id.0),
            position: Set(position),
            owner_id: Set(agreed.owner.0),
            due_date: Set(agreed.due),
            sealed_text: Set(sealed_text),
            done_on: Set(None),
            done_by: Set(None),
        })
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    if !rows.is_empty() {
        action::Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}

/// What came of those of `meetings` that were held, in two statements; of an erased child nothing.
/// Whoever calls owes audit lines.
pub async fn of(read: &Read, meetings: &[&Meeting]) -> Result<HashMap<ConsultationId, Minutes>> {
    let held: Vec<_> = meetings
        .iter()
        .filter_map(|meeting| meeting.sealed_outcome.as_deref().map(|sealed| (*meeting, sealed)))
        .collect();
    if held.is_empty() {
        return Ok(HashMap::new());
    }
    let subjects: Vec<Uuid> = held.iter().map(|(meeting, _)| meeting.subject).collect();
    let keys = read.subject_keys(&subjects).await?;
    let rows = action::Entity::find()
        .filter(action::Column::RegionId.eq(read.region()))
        .filter(action::Column::ConsultationId.is_in(held.iter().map(|(meeting, _)| meeting.id.0)))
        .order_by_asc(action::Column::Position)
        .all(&read.db())
        .await?;
    let mut all = HashMap::new();
    for (meeting, sealed) in held.into_iter().filter(|(meeting, _)| keys.knows(meeting.subject)) {
        let text = keys.open(meeting.subject, outcome_of(meeting.id), sealed)?;
        let plain: Sealed = serde_json::from_str(&text).map_err(|_| CORRUPT)?;
        let own = rows.iter().filter(|row| row.consultation_id == meeting.id.0);
        let actions = own.map(|row| {
            Ok(Agreed {
                id: ActionId(row.id),
                text: keys.open(meeting.subject, text_of(row.id), &row.sealed_text)?,
                owner: PersonId(row.owner_id),
                due: row.due_date,
                done: row.done_on,
            })
        });
        let actions = actions.collect::<Result<_>>()?;
        all.insert(meeting.id, minutes(plain, actions)?);
    }
    Ok(all)
}

fn minutes(plain: Sealed, actions: Vec<Agreed>) -> Result<Minutes> {
    fn word<T: std::str::FromStr>(text: Option<String>) -> Result<Option<T>> {
        text.map(|text| text.parse().map_err(|_| CORRUPT)).transpose()
    }
    Ok(Minutes {
        child_heard: word(plain.child_heard)?,
        child_heard_note: plain.child_heard_note,
        jgt: word(plain.jgt)?,
        decided_with: plain.decided_with.into_iter().map(PersonId).collect(),
        jgt_role: word(plain.jgt_role)?,
        jgt_target: plain.jgt_target,
        summary: plain.summary,
        hulpvraag: plain.hulpvraag.map(HulpvraagId),
        agreement: word(plain.agreement)?,
        not_decided: plain.not_decided,
        quorum_met: plain.quorum_met,
        actions,
    })
}
