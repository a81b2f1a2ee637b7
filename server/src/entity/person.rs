//! Table `person`: a natural person, in every region at once; what is private is sealed.

use sea_orm::entity::prelude::*;

/// A natural person, in every region at once; what is private is sealed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub private: bool,
    pub sealed_name: Option<Vec<u8>>,
    pub sealed_email: Option<Vec<u8>>,
    pub sealed_phone: Option<Vec<u8>>,
    pub sealed_birth_date: Option<Vec<u8>>,
    pub address_confidential: bool,
    pub language: String,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
