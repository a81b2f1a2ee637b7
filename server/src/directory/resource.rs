//! What every kind of thing in the register has in common: a name, days, a version, fields that can change.

use chrono::NaiveDate;
use schakel_domain::time::Validity;
use sea_orm::{Condition, EntityTrait};
use uuid::Uuid;

use super::reading::Reading;
use crate::{
    error::Result,
    store::{Read, Tx},
    wire::fields::Fields,
};

/// What the row of a thing and its message have under the same names; written by [`head!`].
pub trait Head: Clone + Send + Sync + Sized + 'static {
    /// The message.
    type Wire: Clone + Default + Send + Sync;
    /// The field of requests that holds it, and its word in the audit log.
    const OBJECT: &'static str;
    /// Its word in errors.
    const RESOURCE: &'static str;
    /// The column of the id.
    const ID: &'static str;
    /// The column by which lists are ordered, before the id.
    const ORDER: &'static str;

    /// Reads a name such as `schools/{uuid}`.
    fn named(fields: &mut Fields, field: &str, name: &str) -> Option<Uuid>;
    /// Its id.
    fn id(&self) -> Uuid;
    /// Where it stands in a list.
    fn place(&self) -> (String, Uuid);
    /// Counts its changes.
    fn version(&self) -> i32;
    /// The days on which it holds.
    fn days(&self) -> (NaiveDate, Option<NaiveDate>);
    /// Gives it its place in the register.
    fn stamp(&mut self, region: Uuid, id: Uuid, version: i32);
    /// Gives it a last day, or none.
    fn set_until(&mut self, last: Option<NaiveDate>);
    /// The name and the etag of a message.
    fn claims(wire: &Self::Wire) -> (&str, &str);
    /// Copies the field at `path`; false when no such field can change.
    fn take(into: &mut Self::Wire, path: &str, from: &Self::Wire) -> bool;
    /// Copies every field that can change.
    fn take_all(into: &mut Self::Wire, from: &Self::Wire);
    /// The fields that cannot change and are given otherwise.
    fn other(kept: &Self::Wire, given: &Self::Wire) -> Vec<&'static str>;
}

/// A kind of thing in the register.
pub(super) trait Resource: Head {
    /// Its table.
    type Entity: EntityTrait;
    /// The request that lists it.
    type List: std::fmt::Debug + Send + Sync;

    /// Reads its message; what is not right is noted with `reading`.
    fn read(reading: &mut Reading, wire: &Self::Wire) -> Self;
    /// Its message.
    fn to_wire(&self) -> Self::Wire;
    /// What a list asks for, besides days.
    fn filter(fields: &mut Fields, list: &Self::List, seen: &Seen) -> Condition;
    /// The things of some rows, in a constant number of statements.
    fn of_rows(
        read: &Read,
        rows: Vec<<Self::Entity as EntityTrait>::Model>,
    ) -> impl Future<Output = Result<Vec<Self>>> + Send;
    /// Writes new and changed ones, in a constant number of statements per batch.
    fn put(tx: &Tx, all: &[Self]) -> impl Future<Output = Result<()>> + Send;

    /// Refuses what stands against it in the register.
    fn check(&self, _tx: &Tx) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// What ends with it.
    fn follow_end(_tx: &Tx, _id: Uuid, _last: NaiveDate) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// The days on which it holds; none when it ended before it began.
    fn validity(&self) -> Option<Validity> {
        let (from, until) = self.days();
        Validity::new(from, until).ok()
    }
}

/// Which part of the register a list sees.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// The region.
    pub(super) region: Uuid,
    /// On this day; none sees what has ended and what is to come as well.
    pub(super) on: Option<NaiveDate>,
}

impl Seen {
    /// The condition on columns `valid_from` and `valid_until`.
    pub(super) fn days(&self) -> Condition {
        use sea_orm::{ExprTrait, sea_query::Expr};
        let Some(day) = self.on else { return Condition::all() };
        Condition::all().add(Expr::col("valid_from").lte(day)).add(
            Condition::any().add(Expr::col("valid_until").is_null()).add(Expr::col("valid_until").gte(day)),
        )
    }
}

/// Writes [`Head`] for a thing whose row (itself, or its field `row`) and message spell fields alike.
macro_rules! head {
    (
        $type:ty $(, $row:ident)?; $wire:ty; $object:literal $resource:literal;
        id: $id:ident $id_type:ident; order: $order:ident;
        fixed: [$($fixed:ident),*]; changes: [$($path:ident),*]
    ) => {
        impl $crate::directory::resource::Head for $type {
            type Wire = $wire;
            const OBJECT: &'static str = $object;
            const RESOURCE: &'static str = $resource;
            const ID: &'static str = stringify!($id);
            const ORDER: &'static str = stringify!($order);

            fn named(fields: &mut $crate::wire::fields::Fields, field: &str, name: &str) -> Option<uuid::Uuid> {
                fields.parse::<schakel_domain::ids::$id_type>(field, name).map(|id| id.0)
            }
            fn id(&self) -> uuid::Uuid {
                self$(.$row)?.$id
            }
            fn place(&self) -> (String, uuid::Uuid) {
                (self$(.$row)?.$order.clone(), self$(.$row)?.$id)
            }
            fn version(&self) -> i32 {
                self$(.$row)?.version
            }
            fn days(&self) -> (chrono::NaiveDate, Option<chrono::NaiveDate>) {
                (self$(.$row)?.valid_from, self$(.$row)?.valid_until)
            }
            fn stamp(&mut self, region: uuid::Uuid, id: uuid::Uuid, version: i32) {
                self$(.$row)?.region_id = region;
                self$(.$row)?.$id = id;
                self$(.$row)?.version = version;
            }
            fn set_until(&mut self, last: Option<chrono::NaiveDate>) {
                self$(.$row)?.valid_until = last;
            }
            fn claims(wire: &$wire) -> (&str, &str) {
                (&wire.name, &wire.etag)
            }
            fn take(into: &mut $wire, path: &str, from: &$wire) -> bool {
                match path {
                    $(stringify!($path) => into.$path.clone_from(&from.$path),)*
                    _ => return false,
                }
                true
            }
            fn take_all(into: &mut $wire, from: &$wire) {
                $(into.$path.clone_from(&from.$path);)*
            }
            fn other(kept: &$wire, given: &$wire) -> Vec<&'static str> {
                let none = <$wire>::default();
                let mut other = Vec::new();
                $(if given.$fixed != none.$fixed && given.$fixed != kept.$fixed {
                    other.push(stringify!($fixed));
                })*
                other
            }
        }
    };
}
pub(super) use head;
