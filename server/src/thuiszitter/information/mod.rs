//! What partners are asked to tell about a child: what kind and by when, never the answer.

mod ask;
mod end;
mod list;
mod rpc;
pub(super) mod store;
mod wire;

pub use self::store::{InformationRequest, told};

use schakel_domain::{
    access::{Class, Classes, Role},
    ids::OrganisationId,
};

use crate::{
    access::{circle::Circle, consent::sharing::Sharing},
    store::Read,
};

/// What an answer tells, and a list of what was asked at most.
const SHOWN: Classes = Classes::of(&[Class::K1, Class::K3, Class::K4, Class::K5, Class::K6]);

/// Whether the caller may know that `asked` was asked for something of `class`: without consent, or by one
/// that lets just them share it. What another consent opens of the same class is not theirs to tell.
pub(super) fn is_told(
    read: &Read,
    (circle, sharing): (&Circle, &Sharing),
    (asked, class): ((OrganisationId, Role), Class),
) -> bool {
    let own = read.grant().to("CASE", |reached| circle.holds(reached)).unwrap_or_default();
    own.has(class) || sharing.lets(circle.case, (asked.0, Some(asked.1)), class)
}

/// What somebody sees of a request for something of `class`.
fn shown(class: Class) -> Classes {
    [Class::K1, class].into_iter().collect()
}
