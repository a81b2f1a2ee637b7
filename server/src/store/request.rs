//! Requests that were answered before: the same id gets the same answer and has one effect.

use std::sync::Arc;

use prost::Message;
use schakel_domain::refusal::Refusal;
use sea_orm::{ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use super::{Tx, Writer, instant, keys::sha256, vault};
use crate::{
    access::Grant,
    app::App,
    entity::request,
    error::{Error, Result},
};

/// A change that the caller asked for, as it is recognised again.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The caller's id for it.
    pub id: Uuid,
    /// What was asked, so that an id is not used for something else.
    pub hash: Vec<u8>,
}

impl Asked {
    /// `message` under the id `id`.
    pub fn new(id: Uuid, message: &impl Message) -> Self {
        Self { id, hash: sha256(&message.encode_to_vec()) }
    }
}

impl App {
    /// Runs `verb` once for `asked`, however often it comes, and gives the same answer each time.
    ///
    /// # Errors
    /// `REQUEST_ID_REUSED` when the id was used for something else.
    pub async fn answer<M, F>(&self, grant: &Grant, asked: &Asked, verb: impl Fn(Arc<Tx>) -> F) -> Result<M>
    where
        M: Message + Default,
        F: Future<Output = Result<M>>,
    {
        let once = |tx: Arc<Tx>| {
            let verb = &verb;
            async move {
                if let Some(answer) = tx.answered(asked).await? {
                    return Ok(answer);
                }
                let answer = verb(Arc::clone(&tx)).await?;
                tx.keep(asked, &answer).await?;
                Ok(answer)
            }
        };
        let on_postgres = matches!(self.database.writer, Writer::Postgres(_));
        match self.write(grant, Some(asked.id), once).await {
            // Somebody asked the same at the same moment and was first: theirs is the answer.
            Err(error) if error.is_duplicate() => {
                let again = |tx: Arc<Tx>| async move { tx.answered(asked).await?.ok_or(error_of_two()) };
                self.write(grant, Some(asked.id), again).await
            }
            // On PostgreSQL two verbs can run side by side, and the second is refused for what the
            // first did: the answer to both is that of the first.
            Err(error @ (Error::Refused(..) | Error::Stale)) if on_postgres => {
                Ok(self.answered(grant, asked).await?.ok_or(error)?)
            }
            done => done,
        }
    }
}

impl App {
    /// The answer that `asked` got before: for what is costly to prepare outside the transaction.
    ///
    /// # Errors
    /// `REQUEST_ID_REUSED` when the id was used for something else.
    pub async fn answered<M: Message + Default>(&self, grant: &Grant, asked: &Asked) -> Result<Option<M>> {
        self.write(grant, Some(asked.id), |tx| async move { tx.answered(asked).await }).await
    }
}

fn error_of_two() -> Error {
    Error::Busy(sea_orm::DbErr::Custom("two requests at once".into()))
}

impl Tx {
    fn request_key(&self, asked: &Asked) -> (Uuid, Uuid, String, Uuid) {
        let principal = self.grant().actor().unwrap_or_default();
        (self.region(), principal, self.grant().method().to_owned(), asked.id)
    }

    async fn answered<M: Message + Default>(&self, asked: &Asked) -> Result<Option<M>> {
        let Some(row) = request::Entity::find_by_id(self.request_key(asked)).one(&self.db()).await? else {
            return Ok(None);
        };
        if row.hash != asked.hash {
            return Err(Error::field("request_id", Refusal::RequestIdReused));
        }
        let plain = vault::answer(self, row.request_id, row.kek_id.as_deref(), &row.sealed_answer)?;
        let corrupt = Error::Corrupt { table: "request", column: "sealed_answer" };
        M::decode(plain.as_slice()).map(Some).map_err(|_| corrupt)
    }

    async fn keep<M: Message>(&self, asked: &Asked, answer: &M) -> Result<()> {
        let (region_id, principal_id, method, request_id) = self.request_key(asked);
        let (kek_id, sealed_answer) = self.seal_answer(request_id, &answer.encode_to_vec());
        let row = request::ActiveModel {
            region_id: Set(region_id),
            principal_id: Set(principal_id),
            method: Set(method),
            request_id: Set(request_id),
            hash: Set(asked.hash.clone()),
            sealed_answer: Set(sealed_answer),
            created_at: Set(instant::to_column(self.now())),
            kek_id: Set(Some(kek_id)),
        };
        request::Entity::insert(row).exec_without_returning(&self.db()).await?;
        Ok(())
    }
}
