//! What partners are asked to tell about a child: what kind and by when, never the answer.

mod ask;
mod end;
mod list;
mod rpc;
pub(super) mod store;
mod wire;

pub use self::store::{InformationRequest, told};

use schakel_domain::access::{Class, Classes};

/// What an answer tells, and a list of what was asked at most.
const SHOWN: Classes = Classes::of(&[Class::K1, Class::K3, Class::K4, Class::K5, Class::K6]);

/// What somebody sees of a request for something of `class`.
fn shown(class: Class) -> Classes {
    [Class::K1, class].into_iter().collect()
}
