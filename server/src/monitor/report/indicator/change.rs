//! Indicators are made and changed, and what is measured elsewhere is typed in.

use schakel_domain::{
    access::{Class, Classes},
    dutch::SchoolYear,
    ids::IndicatorId,
    monitor::indicator::{Direction, Formula, Unit},
    refusal::Refusal,
    text::Name,
};
use schakel_proto::v1 as pb;

use super::{
    store::{self, Indicator},
    wire::{reachable, to_wire, value_to_wire},
};
use crate::{
    access::authenticate::today,
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// What of an indicator can change.
#[derive(Debug, Clone)]
pub(super) struct Aim {
    /// In Dutch, and in English where it is called otherwise.
    pub names: (Name, Option<Name>),
    /// Tenths of the unit.
    pub target: i32,
    pub direction: Direction,
    pub last: Option<SchoolYear>,
}

/// An indicator as somebody wants it.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub aim: Aim,
    pub unit: Unit,
    /// None: it is typed in.
    pub formula: Option<Formula>,
    pub first: SchoolYear,
}

/// What somebody types in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Typed {
    pub id: IndicatorId,
    pub year: SchoolYear,
    pub tenths: i32,
    /// What was read.
    pub version: i32,
}

/// Makes one.
///
/// # Errors
/// A violation of its name where another that holds at the same time is called so.
pub(super) async fn create(tx: &Tx, wish: &Wish) -> Result<pb::Indicator> {
    let Aim { names, target, direction, last } = wish.aim.clone();
    let indicator = Indicator {
        id: IndicatorId(tx.new_id()),
        names,
        unit: wish.unit,
        formula: wish.formula,
        target,
        direction,
        first: wish.first,
        last,
        version: 1,
    };
    alone(tx, &indicator).await?;
    store::insert(tx, &indicator).await?;
    tx.audit(line(Deed::C, "indicator", indicator.id)).await?;
    Ok(to_wire(&indicator))
}

/// Changes what can change of it.
///
/// # Errors
/// `INDICATOR_NOT_FOUND`, stale, `TIME_RANGE_INVALID`; a violation of its name or target.
pub(super) async fn update(tx: &Tx, (id, etag): (IndicatorId, i32), aim: &Aim) -> Result<pb::Indicator> {
    let mut indicator = store::get(tx, id).await?;
    if indicator.version != etag {
        return Err(Error::Stale);
    }
    if aim.last.is_some_and(|last| last < indicator.first) {
        return Err(Error::field("indicator.last_school_year", Refusal::TimeRangeInvalid));
    }
    if let Some(violation) = reachable(aim.target, indicator.formula) {
        return Err(Error::Invalid(vec![violation]));
    }
    indicator.names = aim.names.clone();
    indicator.target = aim.target;
    indicator.direction = aim.direction;
    indicator.last = aim.last;
    alone(tx, &indicator).await?;
    store::update(tx, &mut indicator).await?;
    tx.audit(line(Deed::U, "indicator", id)).await?;
    Ok(to_wire(&indicator))
}

/// That no other of that name holds at the same time: nobody would know which is which.
async fn alone(tx: &Tx, indicator: &Indicator) -> Result<()> {
    store::in_turn(tx).await?;
    if store::has_namesake(tx, indicator).await? {
        return Err(Error::field("indicator.name_nl", Refusal::AlreadyExists));
    }
    Ok(())
}

/// Types in what it came to in a school year.
///
/// # Errors
/// `INDICATOR_NOT_FOUND`; not typed in, or not in that year; stale.
pub(super) async fn type_in(tx: &Tx, typed: Typed) -> Result<pb::IndicatorValue> {
    let indicator = store::get(tx, typed.id).await?;
    if indicator.formula.is_some() {
        return Err(Error::field("indicator_value.indicator", Refusal::FieldInvalid));
    }
    if !indicator.holds_in(typed.year) || typed.year > SchoolYear::of(today(tx.now())) {
        return Err(Error::field("indicator_value.school_year", Refusal::TimeOutOfBounds));
    }
    let version = store::type_in(tx, (typed.id, typed.year), typed.tenths, typed.version).await?;
    tx.audit(line(Deed::U, "indicator_value", typed.id)).await?;
    Ok(value_to_wire(typed, version))
}

fn line(deed: Deed, object: &'static str, id: IndicatorId) -> Line {
    Line { deed, object, id: Some(id.0), subject: None, classes: Classes::of(&[Class::K0]) }
}
