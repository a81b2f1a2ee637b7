//! The pause after a restore: nothing is mailed, and what waited is held until somebody decides.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, EntityTrait, Statement};

use super::{Tx, instant::from_column};
use crate::{app::App, entity::mail_pause, error::Result};

/// What a restore does to the copy before it comes to life; PostgreSQL's own program runs it
/// too, so the instant is spelled out. What only moves timelines goes on.
pub(crate) fn begin(now: i64) -> String {
    format!(
        "UPDATE outbox SET state = 'HELD', lease_until = NULL, lease_token = NULL
         WHERE state = 'PENDING' AND kind <> 'CASE_EVENT';
         INSERT INTO mail_pause (id, since) VALUES (1, {now}) ON CONFLICT (id) DO NOTHING;"
    )
}

/// What becomes of what was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It is given up as RESTORED: it may have been told before the restore.
    Dropped,
    /// It is done after all, at the risk of telling twice.
    Sent,
}

impl App {
    /// Begins the pause, where the copy could not be made with it.
    pub(crate) async fn begin_pause(&self) -> Result<()> {
        self.as_keeper(|tx| async move {
            tx.db().execute_unprepared(&begin(super::instant::to_column(tx.now()))).await?;
            Ok(())
        })
        .await
    }

    /// Since when it lasts; none when mail goes out.
    pub async fn held_since(&self) -> Result<Option<DateTime<Utc>>> {
        let pause = mail_pause::Entity::find().one(self.database.reader()).await?;
        pause.map(|pause| from_column(pause.since)).transpose()
    }

    /// Ends it; says how much was held, or nothing when there was no pause.
    pub(crate) async fn release(&self, held: Held) -> Result<Option<u64>> {
        self.as_keeper(|tx| async move {
            if tx.is_paused().await? { Ok(Some(tx.end_pause(held).await?)) } else { Ok(None) }
        })
        .await
    }
}

impl Tx {
    /// Ends the pause; says how much was held.
    async fn end_pause(&self, held: Held) -> Result<u64> {
        let sql = match held {
            Held::Dropped => {
                "UPDATE outbox SET state = 'DEAD', last_error = 'RESTORED', done_at = $1, sealed_payload = NULL WHERE state = 'HELD'"
            }
            Held::Sent => "UPDATE outbox SET state = 'PENDING', due_at = $1 WHERE state = 'HELD'",
        };
        let now = super::instant::to_column(self.now());
        let ended = Statement::from_sql_and_values(self.db().get_database_backend(), sql, [now.into()]);
        let rows = self.db().execute_raw(ended).await?.rows_affected();
        mail_pause::Entity::delete_many().exec(&self.db()).await?;
        Ok(rows)
    }

    /// Whether the pause lasts.
    async fn is_paused(&self) -> Result<bool> {
        Ok(mail_pause::Entity::find().one(&self.db()).await?.is_some())
    }
}
