//! Table `erasure`: who was erased, as marks that name nobody.

use sea_orm::entity::prelude::*;

/// Who was erased, as marks that name nobody.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erasure")]
pub struct Model {
    /// A MAC of the subject's id, or of the blind index of a child.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mark: Vec<u8>,
    pub kind: String,
    /// Microseconds since 1970, UTC.
    pub erased_at: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
