//! Table `waiting_seat`: who is wanted at a meeting for which there is no time yet.

use sea_orm::entity::prelude::*;

/// Who is wanted at a meeting for which there is no time yet.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "waiting_seat")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub person_id: Option<Uuid>,
    pub role: String,
    pub optional: bool,
    /// Who would fill a seat that names a role, while a time is offered.
    pub offered_id: Option<Uuid>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
