//! Which terms passed, of the cases that somebody reads.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    refusal::{Language, Refusal},
};
use schakel_proto::v1::{self as pb, timeline::deadline};
use uuid::Uuid;

use super::{behind::write_down, population};
use crate::{
    access::{authenticate::today, circle::Circle, rpc::role_to_wire},
    directory::places::places,
    error::{Error, Result},
    store::{
        Read,
        audit::{Deed, Line},
    },
    thuiszitter::{
        self,
        task::late::{Late, late},
    },
    wire::{
        enums::number,
        fields::text,
        page::{Page, cut},
    },
};

/// Which of them.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub scope: population::Scope,
    /// Of cases that were closed with an outcome on that day or later, in the place of those that are open.
    pub closed_since: Option<NaiveDate>,
    /// None: of all.
    pub norm: Option<String>,
    pub page: Page<Key>,
    pub language: Language,
}

/// Where one stands in the list: whether it was met, its last day, its case and its norm.
pub(super) type Key = (bool, NaiveDate, Uuid, String);

fn key(late: &Late) -> Key {
    (late.met.is_some(), late.due, late.case.0, late.norm.clone())
}

/// A page of them, and after which the next page begins; each case is written down before it is told of.
///
/// # Errors
/// As for the table; `FIELD_INVALID` for a norm that there is not.
pub(super) async fn list_breaches(read: &Read, wanted: &Wanted) -> Result<(Vec<pb::Breach>, Option<Key>)> {
    let today = today(read.now());
    let places = places(read, today).await?;
    population::admit_known(read, &wanted.scope, &places, today).await?;
    if let Some(norm) = &wanted.norm {
        let profile = thuiszitter::store::profile(read, today).await?;
        profile.norm(norm).ok_or_else(|| Error::field("norm", Refusal::FieldInvalid))?;
    }
    let wants = |circle: &Circle| population::is_in(&wanted.scope, &places, circle);
    let mut found = late(read, (wanted.closed_since, wants), wanted.language).await?;
    found.retain(|one| wanted.norm.as_ref().is_none_or(|norm| *norm == one.norm));
    found.sort_by_key(key);
    found.retain(|one| wanted.page.after.as_ref().is_none_or(|after| key(one) > *after));
    let next = cut(&mut found, wanted.page.size, key);
    let line = |one: &Late| {
        let (id, subject) = (Some(one.case.0), Some(one.child.0));
        (one.case.0, Line { deed: Deed::R, object: "case", id, subject, classes: Classes::of(&[Class::K3]) })
    };
    let told: BTreeMap<Uuid, Line> = found.iter().map(line).collect();
    write_down(read, &told.into_values().collect::<Vec<_>>()).await?;
    Ok((found.iter().map(to_wire).collect(), next))
}

fn to_wire(late: &Late) -> pb::Breach {
    let state = if late.met.is_some() { deadline::State::Met } else { deadline::State::Overdue };
    pb::Breach {
        case: late.case.to_string(),
        reference: late.reference.clone(),
        norm: late.norm.clone(),
        display_name: late.name.clone(),
        kind: number("KIND", late.kind.into(), deadline::Kind::from_str_name),
        basis: late.basis.clone(),
        due_date: late.due.to_string(),
        met_date: text(late.met),
        late_days: i32::try_from(late.days).unwrap_or(i32::MAX),
        state: state.into(),
        acts: late.acts.iter().copied().map(role_to_wire).collect(),
    }
}
