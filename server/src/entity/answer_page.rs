//! Table `answer_page`: how somebody reads the page of an invitation, and the codes asked there.

use sea_orm::entity::prelude::*;

/// How somebody reads the page of an invitation, and the codes asked there.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "answer_page")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub consultation_id: Uuid,
    pub person_id: Uuid,
    /// `nl` or `en`, once chosen.
    pub language: Option<String>,
    /// Microseconds since 1970, UTC.
    pub updated_at: i64,
    /// How many codes were mailed.
    pub codes: i32,
    pub code_hash: Option<Vec<u8>>,
    /// Microseconds since 1970, UTC.
    pub code_until: Option<i64>,
    /// Wrong ones.
    pub code_tries: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
