//! What is spent on support in each wijk in a school year: kept, changed, read as it may be told.

use std::collections::HashMap;

use schakel_domain::{
    access::{Action, Class, Classes},
    dutch::{SchoolYear, codes::WijkCode},
    monitor::{
        SmallNumber,
        spending::{Spending, Way},
    },
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};

use crate::{
    access::authenticate::today,
    directory::places::places,
    entity::support_spending::{ActiveModel, Column, Entity},
    error::{Error, Result},
    monitor::{population::is_everywhere, wire::small},
    store::{
        Read, Tx,
        audit::{Deed, Line},
        written::is_written,
    },
    thuiszitter,
    wire::{enums::number, fields::Fields},
};

/// More is a mistake.
const MOST_EUROS: i32 = 100_000_000;
/// More is a mistake.
const MOST_CHILDREN: u32 = 10_000;

/// Spending as somebody wants it.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    year: SchoolYear,
    wijk: WijkCode,
    way: Way,
    spending: Spending,
    /// What was read.
    version: i32,
}

impl Wish {
    /// Reads it.
    pub(super) fn read(fields: &mut Fields, wire: Option<&pb::SupportSpending>) -> Option<Self> {
        let Some(wire) = wire else {
            fields.refuse("support_spending", Refusal::FieldRequired);
            return None;
        };
        let year = fields.parse("support_spending.school_year", &wire.school_year);
        let wijk = fields.parse("support_spending.wijk_code", &wire.wijk_code);
        let way = fields.choice("support_spending.way", wire.way, pb::SupportWay::as_str_name);
        if !(0..=MOST_EUROS).contains(&wire.euros) {
            fields.refuse("support_spending.euros", Refusal::FieldInvalid);
        }
        let children = u32::try_from(wire.children).ok().filter(|children| *children <= MOST_CHILDREN);
        if children.is_none() {
            fields.refuse("support_spending.children", Refusal::FieldInvalid);
        }
        let version = fields.etag("support_spending.etag", &wire.etag);
        let spending = Spending { euros: wire.euros, children: children? };
        Some(Self { year: year?, wijk: wijk?, way: way?, spending, version: version? })
    }

    fn to_wire(&self, version: i32) -> pb::SupportSpending {
        pb::SupportSpending {
            school_year: self.year.to_string(),
            wijk_code: self.wijk.to_string(),
            way: way_to_wire(self.way),
            euros: self.spending.euros,
            children: small(self.spending.children),
            etag: version.to_string(),
        }
    }
}

fn way_to_wire(way: Way) -> i32 {
    number("SUPPORT_WAY", way.into(), pb::SupportWay::from_str_name)
}

/// Sets it.
///
/// # Errors
/// `AREA_NOT_FOUND` for a wijk that is not of the region; stale when somebody else set it since.
pub(super) async fn set(tx: &Tx, wish: &Wish) -> Result<pb::SupportSpending> {
    let places = places(tx, wish.year.first_day()).await?;
    if !places.has_wijk(&wish.wijk) {
        return Err(Error::NotFound("AREA"));
    }
    let (wijk, way) = (wish.wijk.as_str().to_owned(), wish.way.to_string());
    let key = (tx.region(), wish.year.first_day(), wijk, way);
    let before = Entity::find_by_id(key).one(&tx.db()).await?.map_or(0, |row| row.version);
    // Another may set it between this look and the writing.
    if before != wish.version || !keep(tx, wish, before).await? {
        return Err(Error::Stale);
    }
    let (object, classes) = ("support_spending", Classes::of(&[Class::K0]));
    tx.audit(Line { deed: Deed::U, object, id: None, subject: None, classes }).await?;
    Ok(wish.to_wire(before + 1))
}

/// Writes it in place of that of version `before`, 0 of none; says whether that still stood.
async fn keep(tx: &Tx, wish: &Wish, before: i32) -> Result<bool> {
    let row = ActiveModel {
        region_id: Set(tx.region()),
        first_day: Set(wish.year.first_day()),
        wijk_code: Set(wish.wijk.as_str().to_owned()),
        way: Set(wish.way.to_string()),
        euros: Set(wish.spending.euros),
        children: Set(small(wish.spending.children)),
        version: Set(before + 1),
    };
    if before == 0 {
        let key = [Column::RegionId, Column::FirstDay, Column::WijkCode, Column::Way];
        let first = OnConflict::columns(key).do_nothing().to_owned();
        return is_written(Entity::insert(row).on_conflict(first).exec_without_returning(&tx.db()).await);
    }
    let written = Entity::update_many()
        .set(row)
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::FirstDay.eq(wish.year.first_day()))
        .filter(Column::WijkCode.eq(wish.wijk.as_str()))
        .filter(Column::Way.eq(wish.way.to_string()))
        .filter(Column::Version.eq(before))
        .exec(&tx.db())
        .await?;
    Ok(written.rows_affected > 0)
}

/// What one wijk spends in one way, as the caller is told it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    /// None where it is for too few children, or of a year that is not over.
    pub told: Option<Spending>,
    /// What was read; 0 of none.
    pub version: i32,
}

/// What every wijk spends in a school year, by wijk and way, as the caller is told it.
pub(super) type Accounts = HashMap<(String, Way), Account>;

/// Reads it: exactly for who may know of every case of the region, and for who typed it in.
pub(super) async fn of(read: &Read, year: SchoolYear) -> Result<Accounts> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::FirstDay.eq(year.first_day()))
        .all(&read.db())
        .await?;
    let exact = is_everywhere(read.grant()) || read.grant().is_for(Action::WriteDirectory);
    // Within the year two looks would tell what one more child costs.
    let is_over = year.last_day() < today(read.now());
    let profile = thuiszitter::store::profile(read, year.first_day()).await?;
    let hidden = SmallNumber::of(profile.small_number);
    rows.into_iter()
        .map(|row| {
            let corrupt = |_| Error::Corrupt { table: "support_spending", column: "way" };
            let way: Way = row.way.parse().map_err(corrupt)?;
            let children = u32::try_from(row.children).unwrap_or_default();
            let spending = Spending { euros: row.euros, children };
            let told = if exact { Some(spending) } else { spending.told(hidden).filter(|_| is_over) };
            Ok(((row.wijk_code, way), Account { told, version: row.version }))
        })
        .collect()
}

/// An account on the wire; where nothing was set it is 0.
pub(super) fn to_wire(way: Way, account: Option<&Account>) -> pb::SpendingAccount {
    let nothing = Account { told: Some(Spending::default()), version: 0 };
    let account = account.unwrap_or(&nothing);
    let told = account.told.unwrap_or_default();
    pb::SpendingAccount {
        way: way_to_wire(way),
        euros: told.euros,
        children: small(told.children),
        withheld: account.told.is_none(),
        etag: account.version.to_string(),
    }
}
