//! Table `task_reminder`: how far a region has told people what they have to do.

use sea_orm::entity::prelude::*;

/// How far a region has told people what they have to do.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_reminder")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    /// The day on which the last round began.
    pub day: Date,
    /// Of which days that round no longer tells: up to this one.
    pub since: Date,
    /// Whom it told last, in the order of their ids; none when it told everybody.
    pub after_id: Option<Uuid>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
