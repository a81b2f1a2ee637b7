//! Table `time_poll_link`: links that were mailed, with the codes asked behind them.

use sea_orm::entity::prelude::*;

/// Links that were mailed, with the codes asked behind them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "time_poll_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub hash: Vec<u8>,
    pub poll_id: Uuid,
    pub person_id: Uuid,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    /// How many codes were mailed.
    pub codes: i32,
    pub code_hash: Option<Vec<u8>>,
    /// Microseconds since 1970, UTC.
    pub code_until: Option<i64>,
    /// Wrong ones.
    pub code_tries: i32,
    pub pass_hash: Option<Vec<u8>>,
    /// Microseconds since 1970, UTC.
    pub pass_until: Option<i64>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
