//! Which addresses took no mail, recognised without keeping them.

use std::collections::HashSet;

use schakel_domain::text::EmailAddress;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::{Read, Tx, instant::to_column, keys::Use};
use crate::{entity::mail_address, error::Result};

/// An address that refused so many mails in a row gets none any more.
pub const FLAGGED: i32 = 2;

impl Read {
    /// By which `address` is recognised in this region; nobody can turn it round without the root key.
    pub fn address_index(&self, address: &EmailAddress) -> Vec<u8> {
        let address = address.as_str().to_ascii_lowercase();
        let message = [self.region().as_bytes().as_slice(), address.as_bytes()].concat();
        self.app().keys.mac(Use::MailAddress, &message)[..16].to_vec()
    }

    /// Those of `indexes` that get no mail any more.
    pub async fn flagged(&self, indexes: &[Vec<u8>]) -> Result<HashSet<Vec<u8>>> {
        if indexes.is_empty() {
            return Ok(HashSet::new());
        }
        let flagged: Vec<Vec<u8>> = mail_address::Entity::find()
            .select_only()
            .column(mail_address::Column::AddressIndex)
            .filter(mail_address::Column::RegionId.eq(self.region()))
            .filter(mail_address::Column::AddressIndex.is_in(indexes.iter().cloned()))
            .filter(mail_address::Column::Failures.gte(FLAGGED))
            .into_tuple()
            .all(&self.db())
            .await?;
        Ok(flagged.into_iter().collect())
    }
}

impl Tx {
    /// Notes that an address took nothing.
    pub async fn address_refused(&self, index: &[u8], reason: &str) -> Result<()> {
        let row = mail_address::ActiveModel {
            region_id: Set(self.region()),
            address_index: Set(index.to_vec()),
            failures: Set(1),
            last_reason: Set(reason.to_owned()),
            updated_at: Set(to_column(self.now())),
        };
        let again = OnConflict::columns([mail_address::Column::RegionId, mail_address::Column::AddressIndex])
            .value(
                mail_address::Column::Failures,
                Expr::col((mail_address::Entity, mail_address::Column::Failures)).add(1),
            )
            .update_columns([mail_address::Column::LastReason, mail_address::Column::UpdatedAt])
            .to_owned();
        mail_address::Entity::insert(row).on_conflict(again).exec_without_returning(&self.db()).await?;
        Ok(())
    }

    /// Notes that addresses took something, or are to be tried again.
    pub async fn address_cleared(&self, indexes: &[Vec<u8>]) -> Result<()> {
        if indexes.is_empty() {
            return Ok(());
        }
        mail_address::Entity::delete_many()
            .filter(mail_address::Column::RegionId.eq(self.region()))
            .filter(mail_address::Column::AddressIndex.is_in(indexes.iter().cloned()))
            .exec(&self.db())
            .await?;
        Ok(())
    }
}
