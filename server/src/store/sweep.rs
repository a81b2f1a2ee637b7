//! Destroying rows: what is counted beforehand and what goes are found by the same conditions.

use std::collections::BTreeMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use super::{Tx, outbox::State};
use crate::{
    entity::{audit, mail_address, outbox, request, subject_key},
    error::Result,
    store::{instant::to_column, outbox::Kind},
};

/// Of one case: what of it is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doomed {
    /// The case.
    pub case: Uuid,
    /// Whether the case itself goes, and not only parts of it.
    pub whole: bool,
    /// Its meetings that go.
    pub meetings: Vec<Uuid>,
    /// Its requests for help that go.
    pub hulpvragen: Vec<Uuid>,
    /// The child and parents that go with the case: those without another one.
    pub persons: Vec<Uuid>,
    /// What else work, mails and stored answers are about: its consents and emergencies.
    pub records: Vec<Uuid>,
    /// Mails with later ids say goodbye, and stay until they are sent.
    pub mails_until: Option<Uuid>,
}

/// Whether rows are counted or deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sweep {
    /// Nothing happens to them.
    Count,
    /// They go.
    Delete,
}

/// Rows by table.
pub type Tally = BTreeMap<String, u64>;

impl Tx {
    /// Counts or deletes the rows of `E` that fulfil `condition`.
    pub(crate) async fn sweep<E>(
        &self,
        _: E,
        condition: Condition,
        sweep: Sweep,
        tally: &mut Tally,
    ) -> Result<()>
    where
        E: EntityTrait,
        E::Model: FromQueryResult + Send + Sync,
    {
        let rows = match sweep {
            Sweep::Count => E::find().filter(condition).count(&self.db()).await?,
            Sweep::Delete => E::delete_many().filter(condition).exec(&self.db()).await?.rows_affected,
        };
        if rows > 0 {
            *tally.entry(E::default().table_name().to_owned()).or_default() += rows;
        }
        Ok(())
    }

    /// What the store itself keeps about `doomed`: work and mails, stored answers, keys. The keys
    /// go for good, and are to go before the case does.
    pub async fn sweep_kept(&self, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
        let mut subjects = doomed.meetings.clone();
        if doomed.whole {
            subjects.push(doomed.case);
            subjects.extend(&doomed.records);
        }
        let mut about = Condition::all()
            .add(outbox::Column::RegionId.eq(self.region()))
            .add(outbox::Column::SubjectId.is_in(subjects));
        if let Some(until) = doomed.mails_until {
            let (mail, pending): (&str, &str) = (Kind::Mail.into(), State::Pending.into());
            about = about.add(
                Condition::all()
                    .add(outbox::Column::Kind.eq(mail))
                    .add(outbox::Column::State.eq(pending))
                    .add(outbox::Column::Id.gt(until))
                    .not(),
            );
        }
        self.sweep(outbox::Entity, about, sweep, tally).await?;
        let answers = self.answers_about(doomed).await?;
        self.sweep(request::Entity, answers, sweep, tally).await?;
        let keys = Condition::all().add(subject_key::Column::SubjectId.is_in(doomed.persons.iter().copied()));
        self.sweep(subject_key::Entity, keys, Sweep::Count, tally).await?;
        if sweep == Sweep::Delete {
            for person in &doomed.persons {
                self.forget(*person).await?;
            }
        }
        Ok(())
    }

    /// The stored answers that told of the persons, by the request ids of their audit lines; of
    /// a case that stays, those that told of the parts that go.
    async fn answers_about(&self, doomed: &Doomed) -> Result<Condition> {
        let refs: Vec<Vec<u8>> = doomed.persons.iter().map(|person| self.subject_ref(*person)).collect();
        let parts = doomed.meetings.iter().chain(&doomed.hulpvragen).chain(&doomed.records);
        let mut objects: Vec<Uuid> = parts.copied().collect();
        if doomed.whole {
            objects.push(doomed.case);
        }
        let any = Condition::any()
            .add(audit::Column::SubjectRef.is_in(refs))
            .add(audit::Column::ObjectId.is_in(objects));
        let told: Vec<Option<Uuid>> = audit::Entity::find()
            .select_only()
            .column(audit::Column::RequestId)
            .distinct()
            .filter(audit::Column::RegionId.eq(self.region()))
            .filter(audit::Column::RequestId.is_not_null())
            .filter(any)
            .into_tuple()
            .all(&self.db())
            .await?;
        Ok(Condition::all()
            .add(request::Column::RegionId.eq(self.region()))
            .add(request::Column::RequestId.is_in(told.into_iter().flatten())))
    }

    /// Mails about `meetings` that wait, with ids after `after`: to whom, and sealed.
    pub async fn waiting_mails(&self, meetings: &[Uuid], after: Uuid) -> Result<Vec<WaitingMail>> {
        let (mail, pending): (&str, &str) = (Kind::Mail.into(), State::Pending.into());
        Ok(outbox::Entity::find()
            .select_only()
            .columns([outbox::Column::Id, outbox::Column::RecipientId, outbox::Column::SealedPayload])
            .filter(outbox::Column::RegionId.eq(self.region()))
            .filter(outbox::Column::SubjectId.is_in(meetings.iter().copied()))
            .filter(outbox::Column::Kind.eq(mail))
            .filter(outbox::Column::State.eq(pending))
            .filter(outbox::Column::Id.gt(after))
            .into_model::<WaitingMail>()
            .all(&self.db())
            .await?)
    }

    /// Lets a mail wait on its own: for nobody, about nothing, sealed under a key of its own.
    pub async fn detach_mail(&self, id: Uuid, sealed: Vec<u8>) -> Result<()> {
        let row = outbox::ActiveModel {
            region_id: Set(self.region()),
            id: Set(id),
            dedupe: Set(id.to_string()),
            subject_id: Set(id),
            recipient_id: Set(Some(id)),
            sealed_payload: Set(Some(sealed)),
            ..Default::default()
        };
        outbox::Entity::update(row).exec(&self.db()).await?;
        Ok(())
    }

    /// Empties what is kept for days only: the text of mails and notes written before
    /// `bodies`, which are given up if they still wait; answers stored before `answers`; the keys
    /// of mails that went on their own. Says how many rows changed.
    pub async fn sweep_daily(&self, bodies: i64, answers: i64) -> Result<u64> {
        let (dead, pending): (&str, &str) = (State::Dead.into(), State::Pending.into());
        let old = || {
            Condition::all()
                .add(outbox::Column::RegionId.eq(self.region()))
                .add(outbox::Column::CreatedAt.lte(bodies))
                .add(outbox::Column::SealedPayload.is_not_null())
        };
        let now = to_column(self.now());
        let given_up = outbox::Entity::update_many()
            .col_expr(outbox::Column::State, Expr::value(dead))
            .col_expr(outbox::Column::LastError, Expr::value("TOO_OLD"))
            .col_expr(outbox::Column::DoneAt, Expr::value(now))
            .col_expr(outbox::Column::LeaseUntil, Expr::value(None::<i64>))
            .col_expr(outbox::Column::LeaseToken, Expr::value(None::<Uuid>))
            .col_expr(outbox::Column::SealedPayload, Expr::value(None::<Vec<u8>>))
            .filter(old().add(outbox::Column::State.eq(pending)))
            .exec(&self.db())
            .await?;
        let emptied = outbox::Entity::update_many()
            .col_expr(outbox::Column::SealedPayload, Expr::value(None::<Vec<u8>>))
            .filter(old())
            .exec(&self.db())
            .await?;
        let forgotten = request::Entity::delete_many()
            .filter(request::Column::RegionId.eq(self.region()))
            .filter(request::Column::CreatedAt.lte(answers))
            .exec(&self.db())
            .await?;
        let sent = outbox::Entity::find()
            .select_only()
            .column(outbox::Column::Id)
            .filter(outbox::Column::RegionId.eq(self.region()))
            .filter(Expr::col(outbox::Column::RecipientId).equals(outbox::Column::Id))
            .filter(outbox::Column::State.ne(pending));
        let keys = subject_key::Entity::delete_many()
            .filter(subject_key::Column::SubjectId.in_subquery(sea_orm::QueryTrait::into_query(sent)))
            .exec(&self.db())
            .await?;
        // An address that took nothing a month ago may take something again.
        let flags = mail_address::Entity::delete_many()
            .filter(mail_address::Column::RegionId.eq(self.region()))
            .filter(mail_address::Column::UpdatedAt.lte(bodies))
            .exec(&self.db())
            .await?;
        let emptied = emptied.rows_affected + keys.rows_affected + flags.rows_affected;
        Ok(given_up.rows_affected + emptied + forgotten.rows_affected)
    }
}

/// A mail that waits.
#[derive(Debug, Clone, FromQueryResult)]
pub struct WaitingMail {
    /// Which.
    pub id: Uuid,
    /// To whom.
    pub recipient_id: Option<Uuid>,
    /// The address and the mail.
    pub sealed_payload: Option<Vec<u8>>,
}
