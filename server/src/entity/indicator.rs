//! Table `indicator`: what a samenwerkingsverband measures itself by.

use sea_orm::entity::prelude::*;

/// What a samenwerkingsverband measures itself by.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name_nl: String,
    pub name_en: Option<String>,
    pub unit: String,
    /// With the figures of its formula; none of what is typed in.
    pub report: Option<String>,
    pub numerator: Option<String>,
    pub denominator: Option<String>,
    pub target_tenths: i32,
    pub direction: String,
    /// Of the first school year in which it holds.
    pub first_day: Date,
    /// Of the last.
    pub last_day: Option<Date>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
