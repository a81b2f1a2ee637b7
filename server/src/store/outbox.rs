//! Work that follows a commit: a row in its transaction, taken up under a lease.
//!
//! No transaction is open while the work is done. A worker that dies gives its rows
//! back by doing nothing; a worker that wakes late cannot end a row that has gone to
//! another, because it no longer holds the row's lease token.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::ids::CaseId;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter,
    QuerySelect, Statement,
    sea_query::{Expr, OnConflict, Query},
};
use uuid::Uuid;

pub use super::messages::{MailState, mail_states};
use super::{Read, Tx, instant::to_column, written::is_written};
use crate::{
    entity::{mail_pause, outbox},
    error::{Error, Result},
};

/// How long a worker may be silent before its rows go to another. It outlasts the
/// ten minutes that RFC 5321 §4.5.3.2.6 lets a server take after the final dot.
pub const LEASE: TimeDelta = TimeDelta::minutes(12);

/// What kind of work a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A consultation changed: somebody may have to be told.
    ConsultationChanged,
    /// Meetings of a series changed together: each participant is told once of all.
    SeriesChanged,
    /// A case may have to move because of a consultation or a request for help.
    CaseEvent,
    /// Somebody broke the glass: the privacy officer has to be told.
    EmergencyStarted,
    /// Somebody may have time again, or an offer ran out: those who wait are looked through.
    TimeFreed,
    /// A time is kept for somebody who waited: the requester has to be told.
    OfferMade,
    /// A proposal of times was made, called off, or has come to a moment at which somebody is told.
    TimePollChanged,
    /// An address took no mail: whoever booked the meeting or proposed the times has to be told.
    AddressBounced,
    /// What came by mail about a meeting wants to be looked at: whoever booked it has to be told.
    MailAside,
    /// Somebody proposed another time or somebody else: whoever booked the meeting has to be told.
    ProposalMade,
    /// What somebody proposed was refused: they have to be told.
    ProposalRefused,
    /// A hand-over was given back: who has to mend it has to be told.
    HandoverReturned,
    /// Something happened to a case: systems that are told of it are looked up.
    CaseChanged,
    /// One of those systems is to be told.
    SubscriptionEvent,
    /// A mail, rendered, to be sent.
    Mail,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// To be done when due, or being done under a lease.
    Pending,
    /// Done.
    Done,
    /// Given up.
    Dead,
    /// From before a restore: it may have been done since. Whoever releases the pause decides.
    Held,
}

/// A row to be written.
pub struct Work {
    /// What.
    pub kind: Kind,
    /// Two rows of one kind with one key are one piece of work.
    pub dedupe: String,
    /// What it is about.
    pub subject: Uuid,
    /// When.
    pub due: DateTime<Utc>,
    /// What was noted for a timeline.
    pub note: Option<Vec<u8>>,
    /// Of a mail.
    pub mail: Option<Mail>,
}

/// Something that happened to a case in another subject, to be written in its timeline. It
/// names things by their ids only; what was said stays where it is sealed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CaseNote {
    /// For example `CONSULTATION_BOOKED`.
    pub kind: String,
    /// The resource name of what it is about.
    pub subject: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub actor: Option<Uuid>,
    /// For which organisation.
    pub organisation: Option<Uuid>,
    /// By which role.
    pub role: String,
}

/// What a row knows of its mail, beside the sealed bytes.
pub struct Mail {
    /// The row's id, which is also in the `Message-ID`.
    pub id: Uuid,
    /// To whom.
    pub recipient: Uuid,
    /// Without angle brackets.
    pub message_id: String,
    /// Of the calendar object.
    pub sequence: i32,
    /// The rendered message.
    pub sealed: Vec<u8>,
    /// After this instant it is of no use.
    pub expires: DateTime<Utc>,
}

/// A row under our lease.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Leased {
    /// Whose.
    pub region_id: Uuid,
    /// Which.
    pub id: Uuid,
    /// What it is about.
    pub subject_id: Uuid,
    /// Of a mail: to whom.
    pub recipient_id: Option<Uuid>,
    /// Of a mail the rendered message, of a note its JSON.
    pub sealed_payload: Option<Vec<u8>>,
    /// Of a mail.
    pub expires_at: Option<i64>,
    /// This try included.
    pub attempts: i32,
    /// Needed to end it.
    pub lease_token: Uuid,
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Done; the payload is forgotten.
    Done,
    /// To be tried again then.
    Again(DateTime<Utc>, &'static str),
    /// It was not begun: then it may be, and no try is counted.
    Later(DateTime<Utc>, &'static str),
    /// The mailbox takes nothing, for this reason; the payload is forgotten.
    Bounced(&'static str),
    /// Given up, for this reason; the payload is forgotten.
    Dead(&'static str),
}

/// The reasons with which a mailbox took nothing, as rows keep them.
pub const BOUNCED: [&str; 3] = [MAILBOX_REFUSED, ADDRESS_FLAGGED, "POLICY_REFUSED"];
/// A relay said that the mailbox takes nothing.
pub const MAILBOX_REFUSED: &str = "MAILBOX_REFUSED";
/// It said so twice before, so that it is not asked.
pub const ADDRESS_FLAGGED: &str = "ADDRESS_FLAGGED";

/// That mail may be sent: after a restore it waits until the pause is released.
fn not_paused(kind: Kind) -> Condition {
    let pause = Query::select().expr(Expr::val(1)).from(mail_pause::Entity).to_owned();
    match kind {
        Kind::Mail => Condition::all().add(Expr::exists(pause).not()),
        Kind::ConsultationChanged
        | Kind::SeriesChanged
        | Kind::TimePollChanged
        | Kind::CaseEvent
        | Kind::CaseChanged
        | Kind::SubscriptionEvent
        | Kind::EmergencyStarted
        | Kind::TimeFreed
        | Kind::OfferMade
        | Kind::AddressBounced
        | Kind::MailAside
        | Kind::ProposalMade
        | Kind::ProposalRefused
        | Kind::HandoverReturned => Condition::all(),
    }
}

impl Read {
    /// Whether work of `kind` could be taken up now. Asking commits nothing, so that a
    /// worker that finds none wakes nobody, itself included.
    pub async fn is_due(&self, kind: Kind) -> Result<bool> {
        let pending: &str = State::Pending.into();
        let now = to_column(self.now());
        let free = outbox::Column::LeaseUntil.is_null().or(outbox::Column::LeaseUntil.lte(now));
        let first = outbox::Entity::find()
            .select_only()
            .column(outbox::Column::Id)
            .filter(outbox::Column::State.eq(pending))
            .filter(outbox::Column::DueAt.lte(now))
            .filter(outbox::Column::RegionId.eq(self.region()))
            .filter(outbox::Column::Kind.eq(<&str>::from(kind)))
            .filter(free)
            .filter(not_paused(kind))
            .limit(1)
            .into_tuple::<Uuid>()
            .one(&self.db())
            .await?;
        Ok(first.is_some())
    }
}

impl Tx {
    /// Adds work to the transaction that makes it necessary. The same work twice is once.
    pub async fn enqueue(&self, work: Work) -> Result<()> {
        self.enqueue_all(vec![work]).await
    }

    /// Adds several pieces of work in one statement.
    pub async fn enqueue_all(&self, work: Vec<Work>) -> Result<()> {
        self.insert(work.into_iter().map(|work| self.row(work)).collect()).await
    }

    /// Keeps mails to `(dedupe, recipient)` about `subject` that were never to be, with the
    /// reason, where whoever watches the outbox finds them.
    pub async fn bury(&self, subject: Uuid, mails: Vec<(String, Uuid)>, reason: &'static str) -> Result<()> {
        let dead: &str = State::Dead.into();
        let rows = mails.into_iter().map(|(dedupe, recipient)| {
            let work = Work { kind: Kind::Mail, dedupe, subject, due: self.now(), note: None, mail: None };
            outbox::ActiveModel {
                recipient_id: Set(Some(recipient)),
                state: Set(dead.to_owned()),
                last_error: Set(Some(reason.to_owned())),
                done_at: Set(Some(to_column(self.now()))),
                ..self.row(work)
            }
        });
        self.insert(rows.collect()).await
    }

    fn row(&self, work: Work) -> outbox::ActiveModel {
        let kind: &str = work.kind.into();
        let state: &str = State::Pending.into();
        let mail = work.mail;
        outbox::ActiveModel {
            region_id: Set(self.region()),
            id: Set(mail.as_ref().map_or_else(|| self.new_id(), |mail| mail.id)),
            kind: Set(kind.to_owned()),
            dedupe: Set(work.dedupe),
            subject_id: Set(work.subject),
            recipient_id: Set(mail.as_ref().map(|mail| mail.recipient)),
            message_id: Set(mail.as_ref().map(|mail| mail.message_id.clone())),
            sequence: Set(mail.as_ref().map_or(0, |mail| mail.sequence)),
            expires_at: Set(mail.as_ref().map(|mail| to_column(mail.expires))),
            sealed_payload: Set(mail.map(|mail| mail.sealed).or(work.note)),
            state: Set(state.to_owned()),
            due_at: Set(to_column(work.due)),
            attempts: Set(0),
            lease_until: Set(None),
            lease_token: Set(None),
            last_error: Set(None),
            created_at: Set(to_column(self.now())),
            done_at: Set(None),
            address_index: Set(None),
        }
    }

    async fn insert(&self, rows: Vec<outbox::ActiveModel>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let twice =
            OnConflict::columns([outbox::Column::RegionId, outbox::Column::Kind, outbox::Column::Dedupe])
                .do_nothing()
                .to_owned();
        // SQLite takes 32,766 values in a statement.
        for rows in rows.chunks(1_000) {
            let insert = outbox::Entity::insert_many(rows.iter().cloned()).on_conflict(twice.clone());
            is_written(insert.exec_without_returning(&self.db()).await)?;
        }
        Ok(())
    }

    /// About which of `subjects` to whom an invitation waits that nobody has tried to send yet.
    pub async fn untried(&self, subjects: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
        let waiting = outbox::Entity::find()
            .select_only()
            .columns([outbox::Column::SubjectId, outbox::Column::RecipientId])
            .filter(self.waiting(outbox::Column::SubjectId.is_in(subjects.iter().copied())))
            .filter(outbox::Column::MessageId.contains(".req@"))
            .filter(outbox::Column::Attempts.eq(0))
            .into_tuple::<(Uuid, Option<Uuid>)>()
            .all(&self.db())
            .await?;
        Ok(waiting.into_iter().filter_map(|(subject, recipient)| Some((subject, recipient?))).collect())
    }

    /// Ends the mails that wait about each of these subjects to its recipients: there is newer news.
    pub async fn supersede(&self, outdated: &[(Uuid, Vec<Uuid>)]) -> Result<()> {
        let mut any = Condition::any();
        for (subject, recipients) in outdated {
            let about = outbox::Column::SubjectId.eq(*subject);
            any = any.add(about.and(outbox::Column::RecipientId.is_in(recipients.iter().copied())));
        }
        if any.is_empty() {
            return Ok(());
        }
        self.take_back(self.waiting(any)).await
    }

    /// Ends `mails` unsent.
    pub(super) async fn take_back(&self, mails: Condition) -> Result<()> {
        outbox::Entity::update_many()
            .col_expr(outbox::Column::State, Expr::value(<&str>::from(State::Dead)))
            .col_expr(outbox::Column::LeaseUntil, Expr::value(None::<i64>))
            .col_expr(outbox::Column::LeaseToken, Expr::value(None::<Uuid>))
            .col_expr(outbox::Column::LastError, Expr::value("SUPERSEDED"))
            .col_expr(outbox::Column::DoneAt, Expr::value(to_column(self.now())))
            .col_expr(outbox::Column::SealedPayload, Expr::value(None::<Vec<u8>>))
            .filter(mails)
            .exec(&self.db())
            .await?;
        Ok(())
    }

    fn waiting(&self, about: impl Into<Condition>) -> Condition {
        Condition::all()
            .add(outbox::Column::RegionId.eq(self.region()))
            .add(about)
            .add(outbox::Column::Kind.eq(<&str>::from(Kind::Mail)))
            .add(outbox::Column::State.eq(<&str>::from(State::Pending)))
    }

    /// Tells the timeline of `case` what happened here to `subject`, a resource name.
    pub async fn tell_case(&self, case: CaseId, kind: &str, subject: &str) -> Result<()> {
        self.tell_cases(&[(case, subject.to_owned())], kind).await
    }

    /// Tells the timelines of several cases that `kind` happened to a thing of each.
    pub async fn tell_cases(&self, told: &[(CaseId, String)], kind: &str) -> Result<()> {
        let work = told.iter().map(|(case, subject)| {
            let note = CaseNote {
                kind: kind.to_owned(),
                subject: subject.clone(),
                at: self.now(),
                actor: self.grant().actor(),
                organisation: self.grant().organisation(),
                role: self.grant().role(),
            };
            let payload = serde_json::to_vec(&note)
                .map_err(|_| Error::Corrupt { table: "outbox", column: "sealed_payload" })?;
            Ok(Work {
                kind: Kind::CaseEvent,
                dedupe: self.new_id().to_string(),
                subject: case.0,
                due: self.now(),
                note: Some(payload),
                mail: None,
            })
        });
        self.enqueue_all(work.collect::<Result<_>>()?).await
    }

    /// Has systems told of these events of timelines: event and case.
    pub async fn tell_subscribers(&self, events: &[(Uuid, CaseId)]) -> Result<()> {
        let work = events.iter().map(|(event, case)| Work {
            kind: Kind::CaseChanged,
            dedupe: event.to_string(),
            subject: case.0,
            due: self.now(),
            note: Some(event.as_bytes().to_vec()),
            mail: None,
        });
        self.enqueue_all(work.collect()).await
    }

    /// Takes at most `most` due rows of `kind` in this region, the longest due first.
    pub async fn lease(&self, kind: Kind, most: u32) -> Result<Vec<Leased>> {
        self.lease_in(kind, most, "ORDER BY due_at, id").await
    }

    /// Takes at most `most` due mails: half of them the newest that nobody tried, the others those that are due
    /// longest. So a new mail does not wait for ten thousand old ones, nor they for it.
    pub async fn lease_mails(&self, most: u32) -> Result<Vec<Leased>> {
        let mut leased = Vec::new();
        if most > 1 {
            leased = self.lease_in(Kind::Mail, most / 2, "AND attempts = 0 ORDER BY id DESC").await?;
            leased.reverse();
        }
        let rest = most.saturating_sub(u32::try_from(leased.len()).unwrap_or(most));
        if rest > 0 {
            leased.extend(self.lease(Kind::Mail, rest).await?);
        }
        Ok(leased)
    }

    async fn lease_in(&self, kind: Kind, most: u32, order: &str) -> Result<Vec<Leased>> {
        let backend = self.db().get_database_backend();
        let skip = if self.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" };
        let sql = format!(
            "UPDATE outbox SET lease_until = $1, lease_token = $2, attempts = attempts + 1 WHERE (region_id, id) IN (
               SELECT region_id, id FROM outbox WHERE state = 'PENDING' AND kind = $3 AND region_id = $4
                 AND due_at <= $5 AND (lease_until IS NULL OR lease_until <= $5)
                 AND (kind <> 'MAIL' OR NOT EXISTS (SELECT 1 FROM mail_pause))
               {order} LIMIT {most} {skip})
             RETURNING region_id, id, subject_id, recipient_id, sealed_payload, expires_at, attempts, lease_token"
        );
        let kind: &str = kind.into();
        let values = [
            to_column(self.now() + LEASE).into(),
            self.new_id().into(),
            kind.into(),
            self.region().into(),
            to_column(self.now()).into(),
        ];
        let mut leased = Leased::find_by_statement(Statement::from_sql_and_values(backend, sql, values))
            .all(&self.db())
            .await?;
        leased.sort_by_key(|row| row.id);
        Ok(leased)
    }

    /// Gives back what a process held that is no more. Only where one process serves the
    /// database: elsewhere a lease may be somebody's who is at work.
    pub async fn free_leases(&self) -> Result<()> {
        outbox::Entity::update_many()
            .col_expr(outbox::Column::LeaseUntil, Expr::value(None::<i64>))
            .col_expr(outbox::Column::LeaseToken, Expr::value(None::<Uuid>))
            .filter(outbox::Column::RegionId.eq(self.region()))
            .filter(outbox::Column::LeaseToken.is_not_null())
            .exec(&self.db())
            .await?;
        Ok(())
    }

    /// Ends `row`, unless its lease has gone to another. Says whether it was ours to end.
    pub async fn end(&self, row: &Leased, ended: &Ended) -> Result<bool> {
        self.end_mail(row, ended, None).await
    }

    /// The same of a mail to the address with this `index`, by which what went to it is counted.
    pub async fn end_mail(&self, row: &Leased, ended: &Ended, index: Option<&[u8]>) -> Result<bool> {
        let (state, due, error, forget) = match ended {
            Ended::Done => (State::Done, None, None, true),
            Ended::Again(due, error) | Ended::Later(due, error) => {
                (State::Pending, Some(*due), Some(*error), false)
            }
            Ended::Dead(error) | Ended::Bounced(error) => (State::Dead, None, Some(*error), true),
        };
        let state: &str = state.into();
        let mut update = outbox::Entity::update_many()
            .col_expr(outbox::Column::State, Expr::value(state))
            .col_expr(outbox::Column::LeaseUntil, Expr::value(None::<i64>))
            .col_expr(outbox::Column::LeaseToken, Expr::value(None::<Uuid>))
            .col_expr(outbox::Column::LastError, Expr::value(error.map(str::to_owned)));
        if let Some(due) = due {
            update = update.col_expr(outbox::Column::DueAt, Expr::value(to_column(due)));
        } else {
            update = update.col_expr(outbox::Column::DoneAt, Expr::value(to_column(self.now())));
        }
        if matches!(ended, Ended::Later(..)) {
            update = update.col_expr(outbox::Column::Attempts, Expr::col(outbox::Column::Attempts).sub(1));
        }
        if forget {
            update = update.col_expr(outbox::Column::SealedPayload, Expr::value(None::<Vec<u8>>));
        }
        if let Some(index) = index.filter(|_| *ended == Ended::Done) {
            update = update.col_expr(outbox::Column::AddressIndex, Expr::value(Some(index.to_vec())));
        }
        let done = update
            .filter(outbox::Column::RegionId.eq(row.region_id))
            .filter(outbox::Column::Id.eq(row.id))
            .filter(outbox::Column::LeaseToken.eq(row.lease_token))
            .exec(&self.db())
            .await?;
        Ok(done.rows_affected == 1)
    }
}
