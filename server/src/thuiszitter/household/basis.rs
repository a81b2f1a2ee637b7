//! The legal basis of a region: each version as it was set, the newest one counts.

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{Class, Classes},
    thuiszitter::household::HouseholdBasis,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    entity::household_basis::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
        instant::{from_column, to_column},
    },
};

/// A basis, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// None before the first one.
    pub basis: Option<HouseholdBasis>,
    /// The etag; 0 before the first one.
    pub version: i32,
    pub set: Option<DateTime<Utc>>,
}

impl Standing {
    /// The basis, if it holds on `day`.
    pub(super) fn in_force(&self, day: NaiveDate) -> Option<&HouseholdBasis> {
        self.basis.as_ref().filter(|basis| basis.holds_on(day))
    }
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "household_basis", column }
}

/// The newest one, whether it holds or not.
pub(super) async fn get(read: &Read) -> Result<Standing> {
    let row = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .order_by_desc(Column::Version)
        .one(&read.db())
        .await?;
    let Some(row) = row else { return Ok(Standing { basis: None, version: 0, set: None }) };
    let legal = row.legal_basis.parse().map_err(|_| corrupt("legal_basis"))?;
    let basis = HouseholdBasis::new(legal, row.valid_from, row.valid_until);
    Ok(Standing {
        basis: Some(basis.map_err(|_| corrupt("valid_until"))?),
        version: row.version,
        set: Some(from_column(row.set_at)?),
    })
}

/// Sets another one; the old ones stay on record.
///
/// # Errors
/// `ETAG_MISMATCH` when somebody else set one in between.
pub(super) async fn set(tx: &Tx, etag: i32, basis: &HouseholdBasis) -> Result<Standing> {
    if get(tx).await?.version != etag {
        return Err(Error::Stale);
    }
    let row = ActiveModel {
        region_id: Set(tx.region()),
        version: Set(etag + 1),
        legal_basis: Set(basis.legal.as_str().to_owned()),
        valid_from: Set(basis.from),
        valid_until: Set(basis.until),
        set_by: Set(tx.grant().actor().unwrap_or_default()),
        set_at: Set(to_column(tx.now())),
    };
    match Entity::insert(row).exec_without_returning(&tx.db()).await.map_err(Error::from) {
        Ok(_) => {}
        Err(error) if error.is_duplicate() => return Err(Error::Stale),
        Err(error) => return Err(error),
    }
    let classes = Classes::of(&[Class::K0]);
    tx.audit(Line { deed: Deed::U, object: "household_basis", id: None, subject: None, classes }).await?;
    Ok(Standing { basis: Some(basis.clone()), version: etag + 1, set: Some(tx.now()) })
}
