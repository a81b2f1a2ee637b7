//! Table `survey`: rounds of questions to schools.

use sea_orm::entity::prelude::*;

/// A round of questions to schools.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "survey")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub opens_on: Date,
    /// The last day on which it can be answered.
    pub due_on: Date,
    /// When the samenwerkingsverband closed it before its time.
    pub closed_on: Option<Date>,
    /// Title, questions and days of reminding, as JSON.
    pub body: String,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
