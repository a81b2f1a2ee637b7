//! How many children of each gemeente must go to school in a school year, as gemeenten count them: kept, changed, read.

use std::collections::{BTreeMap, BTreeSet};

use schakel_domain::{
    access::{Class, Classes},
    dutch::{SchoolYear, codes::GemeenteCode},
    monitor::report::{Kind, Obliged},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};

use super::{get::Wanted, units::gemeenten};
use crate::{
    directory::places::{Places, places},
    entity::obliged::{ActiveModel, Column, Entity},
    error::{Error, Result},
    monitor::{
        population::{self, Scope},
        wire::small,
    },
    store::{
        Read, Tx,
        audit::{Deed, Line},
        written::is_written,
    },
    wire::fields::Fields,
};

/// More is a mistake: so many children live in no gemeente.
const MOST: u32 = 1_000_000;

/// How many somebody says there are.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    year: SchoolYear,
    gemeente: GemeenteCode,
    obliged: Obliged,
    /// What was read.
    version: i32,
}

impl Wish {
    /// Reads it.
    pub(super) fn read(fields: &mut Fields, wire: Option<&pb::Obliged>) -> Option<Self> {
        let Some(wire) = wire else {
            fields.refuse("obliged", Refusal::FieldRequired);
            return None;
        };
        let year = fields.parse("obliged.school_year", &wire.school_year);
        let gemeente = fields.parse("obliged.gemeente_code", &wire.gemeente_code);
        let leerplichtig = count(fields, "obliged.leerplichtig", wire.leerplichtig);
        let kwalificatieplichtig = count(fields, "obliged.kwalificatieplichtig", wire.kwalificatieplichtig);
        let version = fields.etag("obliged.etag", &wire.etag);
        let obliged = Obliged { leerplichtig: leerplichtig?, kwalificatieplichtig: kwalificatieplichtig? };
        Some(Self { year: year?, gemeente: gemeente?, obliged, version: version? })
    }
}

fn count(fields: &mut Fields, field: &str, given: Option<i32>) -> Option<u32> {
    let count = given.and_then(|given| u32::try_from(given).ok()).filter(|count| *count <= MOST);
    if count.is_none() {
        let refusal = if given.is_none() { Refusal::FieldRequired } else { Refusal::FieldInvalid };
        fields.refuse(field, refusal);
    }
    count
}

/// What one gemeente said.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub gemeente: String,
    /// None where it said nothing yet.
    pub obliged: Option<Obliged>,
    /// What was read; 0 of none.
    pub version: i32,
}

/// An account on the wire.
pub(super) fn to_wire(year: SchoolYear, account: &Account) -> pb::Obliged {
    pb::Obliged {
        school_year: year.to_string(),
        gemeente_code: account.gemeente.clone(),
        leerplichtig: account.obliged.map(|obliged| small(obliged.leerplichtig)),
        kwalificatieplichtig: account.obliged.map(|obliged| small(obliged.kwalificatieplichtig)),
        etag: account.version.to_string(),
    }
}

/// Sets it.
///
/// # Errors
/// `AREA_NOT_FOUND` for a gemeente that is not of the region; stale when somebody else set it since.
pub(super) async fn set(tx: &Tx, wish: &Wish) -> Result<pb::Obliged> {
    let places = places(tx, wish.year.first_day()).await?;
    if !gemeenten(&places).contains(wish.gemeente.as_str()) {
        return Err(Error::NotFound("AREA"));
    }
    let gemeente = wish.gemeente.as_str().to_owned();
    let key = (tx.region(), wish.year.first_day(), gemeente.clone());
    let before = Entity::find_by_id(key).one(&tx.db()).await?.map_or(0, |row| row.version);
    // Another may set it between this look and the writing.
    if before != wish.version || !keep(tx, wish, before).await? {
        return Err(Error::Stale);
    }
    let (object, classes) = ("obliged", Classes::of(&[Class::K0]));
    tx.audit(Line { deed: Deed::U, object, id: None, subject: None, classes }).await?;
    let (obliged, version) = (Some(wish.obliged), before + 1);
    Ok(to_wire(wish.year, &Account { gemeente, obliged, version }))
}

/// Writes it in place of that of version `before`, 0 of none; says whether that still stood.
async fn keep(tx: &Tx, wish: &Wish, before: i32) -> Result<bool> {
    let row = ActiveModel {
        region_id: Set(tx.region()),
        first_day: Set(wish.year.first_day()),
        gemeente_code: Set(wish.gemeente.as_str().to_owned()),
        leerplichtig: Set(small(wish.obliged.leerplichtig)),
        kwalificatieplichtig: Set(small(wish.obliged.kwalificatieplichtig)),
        version: Set(before + 1),
    };
    if before == 0 {
        let key = [Column::RegionId, Column::FirstDay, Column::GemeenteCode];
        let first = OnConflict::columns(key).do_nothing().to_owned();
        return is_written(Entity::insert(row).on_conflict(first).exec_without_returning(&tx.db()).await);
    }
    let written = Entity::update_many()
        .set(row)
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::FirstDay.eq(wish.year.first_day()))
        .filter(Column::GemeenteCode.eq(wish.gemeente.as_str()))
        .filter(Column::Version.eq(before))
        .exec(&tx.db())
        .await?;
    Ok(written.rows_affected > 0)
}

/// What each of these gemeenten said, in one statement.
async fn accounts(read: &Read, year: SchoolYear, all: BTreeSet<String>) -> Result<Vec<Account>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::FirstDay.eq(year.first_day()))
        .all(&read.db())
        .await?;
    let known: BTreeMap<String, (Obliged, i32)> = rows
        .into_iter()
        .map(|row| {
            let count = |column: i32| u32::try_from(column).unwrap_or_default();
            let (leerplichtig, kwalificatieplichtig) =
                (count(row.leerplichtig), count(row.kwalificatieplichtig));
            (row.gemeente_code, (Obliged { leerplichtig, kwalificatieplichtig }, row.version))
        })
        .collect();
    let account = |gemeente: String| {
        let (obliged, version) = known.get(&gemeente).copied().unzip();
        Account { gemeente, obliged, version: version.unwrap_or_default() }
    };
    Ok(all.into_iter().map(account).collect())
}

/// What every gemeente of the region said, by its code.
pub(super) async fn of(read: &Read, year: SchoolYear) -> Result<Vec<Account>> {
    let places = places(read, year.first_day()).await?;
    accounts(read, year, gemeenten(&places)).await
}

/// What stands beside a report: of the gemeenten of its scope for which the caller may ask. It is said of no school and
/// no cluster, and stands in the telling and the annual report alone.
pub(super) async fn beside(
    read: &Read,
    (wanted, year): (&Wanted, SchoolYear),
    places: &Places,
) -> Result<Vec<Account>> {
    let is_in = |code: &String| match &wanted.scope {
        Scope::All => population::admit(read.grant(), &Scope::Gemeente(code.clone()), places).is_ok(),
        Scope::Gemeente(own) => own == code,
        Scope::Cluster(_) | Scope::School(_) => false,
    };
    if !matches!(wanted.kind, Kind::Leerplichttelling | Kind::Jaarverslag) {
        return Ok(Vec::new());
    }
    accounts(read, year, gemeenten(places).into_iter().filter(is_in).collect()).await
}
