//! What came by mail, in the database.

use chrono::{DateTime, Utc};
use schakel_domain::{
    ical::InMethod,
    ids::{ConsultationId, InboundMailId, PersonId},
    inbox::Reason,
    invitation::ToldKind,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::{
    entity::{
        inbound_mail::{ActiveModel, Column, Entity, Model},
        invitation,
    },
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
        vault::Place,
        written::is_written,
    },
};

/// What somebody was told, as far as an answer by mail is compared with it.
pub(super) struct ToldBefore {
    pub(super) person: PersonId,
    pub(super) sequence: u32,
    pub(super) time: (DateTime<Utc>, DateTime<Utc>),
    /// The version that was answered by mail, and when.
    pub(super) made: Option<(u32, DateTime<Utc>)>,
}

/// Everybody who is invited to the meeting by what they were told last.
pub(super) async fn told(read: &Read, id: ConsultationId) -> Result<Vec<ToldBefore>> {
    let invited = ToldKind::Invited.to_string();
    let rows = invitation::Entity::find()
        .filter(invitation::Column::RegionId.eq(read.region()))
        .filter(invitation::Column::ConsultationId.eq(id.0))
        .filter(invitation::Column::Kind.eq(invited))
        .all(&read.db())
        .await?;
    let told = rows.into_iter().map(|row| {
        let made = match row.answer_sequence.zip(row.answer_made_at) {
            Some((sequence, at)) => Some((version("answer_sequence", sequence)?, from_column(at)?)),
            None => None,
        };
        Ok(ToldBefore {
            person: PersonId(row.person_id),
            sequence: version("sequence", row.sequence)?,
            time: (from_column(row.starts_at)?, from_column(row.ends_at)?),
            made,
        })
    });
    told.collect()
}

fn version(column: &'static str, number: i32) -> Result<u32> {
    u32::try_from(number).map_err(|_| Error::Corrupt { table: "invitation", column })
}

/// The invitations whose addresses have these hashes.
pub(super) async fn by_reply(read: &Read, hashes: &[Vec<u8>]) -> Result<Vec<(ConsultationId, PersonId)>> {
    if hashes.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<(Uuid, Uuid)> = invitation::Entity::find()
        .select_only()
        .columns([invitation::Column::ConsultationId, invitation::Column::PersonId])
        .filter(invitation::Column::RegionId.eq(read.region()))
        .filter(invitation::Column::ReplyHash.is_in(hashes.iter().cloned()))
        .into_tuple()
        .all(&read.db())
        .await?;
    Ok(found.into_iter().map(|(meeting, person)| (ConsultationId(meeting), PersonId(person))).collect())
}

/// Keeps which version the answer was about that was taken by mail, and when it was made: now at the
/// latest, because a clock that is ahead would keep out whatever comes after.
pub(super) async fn made(
    tx: &Tx,
    (id, person): (ConsultationId, PersonId),
    (version, at): (u32, Option<DateTime<Utc>>),
) -> Result<()> {
    let now = tx.now();
    let version = i32::try_from(version).unwrap_or(i32::MAX);
    invitation::Entity::update_many()
        .col_expr(invitation::Column::AnswerSequence, Expr::value(Some(version)))
        .col_expr(
            invitation::Column::AnswerMadeAt,
            Expr::value(Some(to_column(at.map_or(now, |at| at.min(now))))),
        )
        .filter(of(tx, (id, person)))
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// Keeps that somebody is asked now whether a mail was theirs; says whether they may be, because they were
/// not since `since`, about any meeting: or else each meeting that a stranger knows of makes a letter.
pub(super) async fn asks(
    tx: &Tx,
    (id, person): (ConsultationId, PersonId),
    since: DateTime<Utc>,
) -> Result<bool> {
    let asked = invitation::Column::ConfirmSentAt;
    let before = invitation::Entity::find()
        .filter(invitation::Column::RegionId.eq(tx.region()))
        .filter(invitation::Column::PersonId.eq(person.0))
        .filter(asked.gt(to_column(since)))
        .count(&tx.db())
        .await?;
    if before > 0 {
        return Ok(false);
    }
    let rows = invitation::Entity::update_many()
        .col_expr(asked, Expr::value(Some(to_column(tx.now()))))
        .filter(of(tx, (id, person)))
        .exec(&tx.db())
        .await?;
    Ok(rows.rows_affected == 1)
}

fn of(tx: &Tx, (id, person): (ConsultationId, PersonId)) -> Condition {
    Condition::all()
        .add(invitation::Column::RegionId.eq(tx.region()))
        .add(invitation::Column::ConsultationId.eq(id.0))
        .add(invitation::Column::PersonId.eq(person.0))
}

/// A mail to be kept.
pub(super) struct Inbound {
    pub(super) id: Uuid,
    pub(super) hash: Vec<u8>,
    pub(super) meeting: ConsultationId,
    pub(super) person: Option<PersonId>,
    pub(super) method: &'static str,
    pub(super) answer: String,
    /// None when it was taken.
    pub(super) reason: Option<Reason>,
    /// Under whose key the sender and the text are sealed.
    pub(super) subject: Uuid,
    pub(super) sealed_from: Option<Vec<u8>>,
    pub(super) sealed_text: Option<Vec<u8>>,
}

/// Keeps `mail`. Says whether it is new: a mail is taken once, whoever is killed. One that was put aside
/// may be taken when it comes again; nothing of what it said is kept then.
pub(super) async fn keep(tx: &Tx, mail: Inbound) -> Result<bool> {
    let mut twice = OnConflict::columns([Column::RegionId, Column::MessageHash]);
    if mail.reason.is_none() {
        let anew = [
            Column::ConsultationId,
            Column::PersonId,
            Column::ReceivedAt,
            Column::Method,
            Column::Answer,
            Column::Reason,
            Column::SubjectId,
            Column::SealedFrom,
            Column::SealedText,
            Column::DismissedAt,
        ];
        twice.update_columns(anew).action_and_where(Column::Reason.ne(""));
    } else {
        twice.do_nothing();
    }
    let row = ActiveModel {
        region_id: Set(tx.region()),
        id: Set(mail.id),
        message_hash: Set(mail.hash),
        consultation_id: Set(mail.meeting.0),
        person_id: Set(mail.person.map(|person| person.0)),
        received_at: Set(to_column(tx.now())),
        method: Set(mail.method.to_owned()),
        answer: Set(mail.answer),
        reason: Set(mail.reason.map(|reason| reason.to_string()).unwrap_or_default()),
        subject_id: Set(mail.subject),
        sealed_from: Set(mail.sealed_from),
        sealed_text: Set(mail.sealed_text),
        dismissed_at: Set(None),
    };
    is_written(Entity::insert(row).on_conflict(twice).exec_without_returning(&tx.db()).await)
}

fn came(tx: &Tx, id: ConsultationId, since: DateTime<Utc>) -> Select<Entity> {
    Entity::find()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::ConsultationId.eq(id.0))
        .filter(Column::ReceivedAt.gt(to_column(since)))
}

/// How many were taken from `person` about a meeting since then.
pub(super) async fn taken(
    tx: &Tx,
    (id, person): (ConsultationId, PersonId),
    since: DateTime<Utc>,
) -> Result<u64> {
    let taken = came(tx, id, since).filter(Column::Reason.eq("")).filter(Column::PersonId.eq(person.0));
    Ok(taken.count(&tx.db()).await?)
}

/// How many were put aside about a meeting since then: those of `person`, or those of nobody who is known.
/// Apart, because a stranger needs no name to send as many as are kept.
pub(super) async fn put_aside(
    tx: &Tx,
    (id, person): (ConsultationId, Option<PersonId>),
    since: DateTime<Utc>,
) -> Result<u64> {
    let of = match person {
        Some(person) => Column::PersonId.eq(person.0),
        None => Column::PersonId.is_null(),
    };
    let aside = came(tx, id, since).filter(Column::Reason.ne("")).filter(of);
    Ok(aside.count(&tx.db()).await?)
}

/// Whether `person` had the invitation sent once more by mail since then.
pub(super) async fn refreshed(
    tx: &Tx,
    (id, person): (ConsultationId, PersonId),
    since: DateTime<Utc>,
) -> Result<bool> {
    let number = Entity::find()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::ConsultationId.eq(id.0))
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::Method.eq(<&str>::from(InMethod::Refresh)))
        .filter(Column::Reason.eq(""))
        .filter(Column::ReceivedAt.gt(to_column(since)))
        .count(&tx.db())
        .await?;
    Ok(number > 0)
}

/// What was put aside about a meeting, oldest first; one more than `most`.
pub(super) async fn aside(
    read: &Read,
    id: ConsultationId,
    dismissed: bool,
    (after, most): (Option<Uuid>, u64),
) -> Result<Vec<Model>> {
    let mut query = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::ConsultationId.eq(id.0))
        .filter(Column::Reason.ne(""));
    if !dismissed {
        query = query.filter(Column::DismissedAt.is_null());
    }
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after));
    }
    Ok(query.order_by_asc(Column::Id).limit(most + 1).all(&read.db()).await?)
}

/// One that was put aside.
///
/// # Errors
/// `INBOUND_MAIL_NOT_FOUND`.
pub(super) async fn get(read: &Read, id: InboundMailId) -> Result<Model> {
    let row = Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    row.filter(|row| !row.reason.is_empty()).ok_or(MISSING)
}

/// There is none, or none that the caller may know of.
pub(super) const MISSING: Error = Error::NotFound("INBOUND_MAIL");

/// Notes that somebody looked at it.
pub(super) async fn dismiss(tx: &Tx, id: InboundMailId) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::DismissedAt, Expr::value(Some(to_column(tx.now()))))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(id.0))
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// Where the sender of a mail is sealed.
pub(super) fn sender(row: Uuid) -> Place {
    Place { table: "inbound_mail", column: "sealed_from", row }
}

/// Where the text of a mail is sealed.
pub(super) fn text(row: Uuid) -> Place {
    Place { table: "inbound_mail", column: "sealed_text", row }
}
