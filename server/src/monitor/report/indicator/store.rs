//! Indicators and what was typed in for them, in the database.

use std::collections::HashMap;

use chrono::NaiveDate;
use schakel_domain::{
    dutch::SchoolYear,
    ids::IndicatorId,
    monitor::{
        indicator::{Direction, Formula, Unit},
        report::Figure,
    },
    text::Name,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    entity::{
        indicator::{ActiveModel, Column, Entity, Model},
        indicator_value as values,
    },
    error::{Error, Result},
    store::{Read, Tx, turn, written::is_written},
    wire::page::Page,
};

/// An indicator as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Indicator {
    pub id: IndicatorId,
    /// In Dutch, and in English where it is called otherwise.
    pub names: (Name, Option<Name>),
    pub unit: Unit,
    /// None: it is typed in.
    pub formula: Option<Formula>,
    /// Tenths of the unit.
    pub target: i32,
    pub direction: Direction,
    pub first: SchoolYear,
    pub last: Option<SchoolYear>,
    /// The etag.
    pub version: i32,
}

impl Indicator {
    /// Whether it holds in a school year.
    pub(super) fn holds_in(&self, year: SchoolYear) -> bool {
        self.first <= year && self.last.is_none_or(|last| year <= last)
    }

    /// Whether there is a school year in which both hold.
    fn meets(&self, other: &Self) -> bool {
        let begins_by_its_end = |one: &Self, other: &Self| other.last.is_none_or(|last| one.first <= last);
        begins_by_its_end(self, other) && begins_by_its_end(other, self)
    }
}

/// One indicator.
///
/// # Errors
/// `INDICATOR_NOT_FOUND`.
pub(super) async fn get(read: &Read, id: IndicatorId) -> Result<Indicator> {
    let row = Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    indicator(row.ok_or(Error::NotFound("INDICATOR"))?)
}

/// By Dutch name, and by id where two have one name.
pub(super) type Key = (String, Uuid);

/// A page of those that hold in a school year, by Dutch name, and one more.
pub(super) async fn of_year(read: &Read, year: SchoolYear, page: &Page<Key>) -> Result<Vec<Indicator>> {
    let lasts = Condition::any().add(Column::LastDay.is_null()).add(Column::LastDay.gte(year.first_day()));
    let later = page.after.as_ref().map(|(name, id)| {
        let same = Condition::all().add(Column::NameNl.eq(name.as_str())).add(Column::Id.gt(*id));
        Condition::any().add(Column::NameNl.gt(name.as_str())).add(same)
    });
    let rows = Entity::find()
        .filter(Condition::all().add(Column::RegionId.eq(read.region())).add_option(later))
        .filter(Column::FirstDay.lte(year.first_day()))
        .filter(lasts)
        .order_by_asc(Column::NameNl)
        .order_by_asc(Column::Id)
        .limit(page.size + 1)
        .all(&read.db())
        .await?;
    rows.into_iter().map(indicator).collect()
}

/// Two who name indicators of a region at one moment take turns.
pub(super) async fn in_turn(tx: &Tx) -> Result<()> {
    tx.alone([turn::of(tx.region())].into()).await
}

/// Whether another one holds at the same time that is called the same in Dutch, in capitals or not.
pub(super) async fn has_namesake(read: &Read, indicator: &Indicator) -> Result<bool> {
    let called = |one: &Indicator| one.names.0.as_str().to_lowercase();
    let others = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Id.ne(indicator.id.0))
        .all(&read.db())
        .await?;
    for other in others {
        let other = self::indicator(other)?;
        if called(&other) == called(indicator) && other.meets(indicator) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Keeps a new one.
pub(super) async fn insert(tx: &Tx, indicator: &Indicator) -> Result<()> {
    Entity::insert(row(tx, indicator)).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Writes one back and raises its version; somebody else's change in between is [`Error::Stale`].
pub(super) async fn update(tx: &Tx, indicator: &mut Indicator) -> Result<()> {
    let read = indicator.version;
    indicator.version += 1;
    let written = Entity::update_many()
        .set(row(tx, indicator))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(indicator.id.0))
        .filter(Column::Version.eq(read))
        .exec(&tx.db())
        .await?;
    if written.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// What was typed in for a school year with its version, by indicator, in one statement.
pub(super) async fn typed(read: &Read, year: SchoolYear) -> Result<HashMap<IndicatorId, (i32, i32)>> {
    let rows = values::Entity::find()
        .filter(values::Column::RegionId.eq(read.region()))
        .filter(values::Column::FirstDay.eq(year.first_day()))
        .all(&read.db())
        .await?;
    let one = |row: values::Model| (IndicatorId(row.indicator_id), (row.value_tenths, row.version));
    Ok(rows.into_iter().map(one).collect())
}

/// Types in the value of a school year, as the caller read it; gives its new version.
///
/// # Errors
/// Stale when somebody else typed one in since.
pub(super) async fn type_in(
    tx: &Tx,
    (id, year): (IndicatorId, SchoolYear),
    tenths: i32,
    version: i32,
) -> Result<i32> {
    let key: (Uuid, Uuid, NaiveDate) = (tx.region(), id.0, year.first_day());
    let before = values::Entity::find_by_id(key).one(&tx.db()).await?.map_or(0, |row| row.version);
    let (region_id, indicator_id, first_day) = key;
    let row = values::ActiveModel {
        region_id: Set(region_id),
        indicator_id: Set(indicator_id),
        first_day: Set(first_day),
        value_tenths: Set(tenths),
        version: Set(before + 1),
    };
    // Another may type one in between this look and the writing.
    if before != version || !keep(tx, key, row, before).await? {
        return Err(Error::Stale);
    }
    Ok(before + 1)
}

/// Writes a value in place of that of version `before`, 0 of none; says whether that still stood.
async fn keep(
    tx: &Tx,
    (region, indicator, first_day): (Uuid, Uuid, NaiveDate),
    row: values::ActiveModel,
    before: i32,
) -> Result<bool> {
    use values::Column as Value;
    if before == 0 {
        let key = [Value::RegionId, Value::IndicatorId, Value::FirstDay];
        let first = OnConflict::columns(key).do_nothing().to_owned();
        return is_written(
            values::Entity::insert(row).on_conflict(first).exec_without_returning(&tx.db()).await,
        );
    }
    let written = values::Entity::update_many()
        .set(row)
        .filter(Value::RegionId.eq(region))
        .filter(Value::IndicatorId.eq(indicator))
        .filter(Value::FirstDay.eq(first_day))
        .filter(Value::Version.eq(before))
        .exec(&tx.db())
        .await?;
    Ok(written.rows_affected > 0)
}

fn row(tx: &Tx, indicator: &Indicator) -> ActiveModel {
    let (dutch, english) = &indicator.names;
    let formula = indicator.formula;
    ActiveModel {
        region_id: Set(tx.region()),
        id: Set(indicator.id.0),
        name_nl: Set(dutch.as_str().to_owned()),
        name_en: Set(english.as_ref().map(|name| name.as_str().to_owned())),
        unit: Set(indicator.unit.to_string()),
        report: Set(formula.map(|formula| formula.report.to_string())),
        numerator: Set(formula.map(|formula| formula.numerator.to_string())),
        denominator: Set(formula.and_then(|formula| formula.denominator).map(|figure| figure.to_string())),
        target_tenths: Set(indicator.target),
        direction: Set(indicator.direction.to_string()),
        first_day: Set(indicator.first.first_day()),
        last_day: Set(indicator.last.map(SchoolYear::last_day)),
        version: Set(indicator.version),
    }
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "indicator", column }
}

fn formula(row: &Model) -> Result<Option<Formula>> {
    let (Some(report), Some(numerator)) = (&row.report, &row.numerator) else { return Ok(None) };
    let denominator = row.denominator.as_ref().map(|figure| figure.parse::<Figure>());
    Ok(Some(Formula {
        report: report.parse().map_err(|_| corrupt("report"))?,
        numerator: numerator.parse().map_err(|_| corrupt("numerator"))?,
        denominator: denominator.transpose().map_err(|_| corrupt("denominator"))?,
    }))
}

fn indicator(row: Model) -> Result<Indicator> {
    let formula = formula(&row)?;
    let english = row.name_en.map(|name| name.parse::<Name>());
    Ok(Indicator {
        id: IndicatorId(row.id),
        names: (
            row.name_nl.parse().map_err(|_| corrupt("name_nl"))?,
            english.transpose().map_err(|_| corrupt("name_en"))?,
        ),
        unit: row.unit.parse().map_err(|_| corrupt("unit"))?,
        formula,
        target: row.target_tenths,
        direction: row.direction.parse().map_err(|_| corrupt("direction"))?,
        first: SchoolYear::of(row.first_day),
        last: row.last_day.map(SchoolYear::of),
        version: row.version,
    })
}
