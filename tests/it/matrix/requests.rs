//! A request for every method of the API: a new method is a new line here.
//!
//! What would change something is sent with an etag that is out of date, or with something
//! left out: what the policy lets through is then told by that, and nothing has changed.

use schakel_proto::v1 as pb;

use super::world::{Things, World};

/// How a method is called.
pub(super) struct Row {
    /// For example `ThuiszitterService.GetCase`.
    pub method: &'static str,
    /// Whether it is about a case, so that it is called for every state of one.
    pub of_case: bool,
    /// The request.
    pub request: fn(&World, &Things) -> Vec<u8>,
}

fn text(text: &str) -> String {
    text.to_owned()
}

/// The name of one that nothing has.
fn none(kind: &str) -> String {
    format!("{kind}/{}", uuid::Uuid::from_u128(7))
}

/// Who works in a region with which nothing is agreed.
fn partners() -> pb::ListPartnerProfessionalsRequest {
    let role = pb::Role::Iber.into();
    pb::ListPartnerProfessionalsRequest {
        region_agreement: none("regionAgreements"),
        role,
        ..Default::default()
    }
}

macro_rules! rows {
    (|$world:ident, $things:ident| { $($kind:ident $method:literal => $request:expr;)* }) => {
        pub(super) const ROWS: &[Row] = &[$(Row {
            method: $method,
            of_case: of_case!($kind),
            request: {
                fn request($world: &World, $things: &Things) -> Vec<u8> {
                    let _ = ($world, $things);
                    $request.encode_to_vec()
                }
                request
            },
        },)*];
    };
}

macro_rules! of_case {
    (case) => {
        true
    };
    (plain) => {
        false
    };
}

/// The name of one, and nothing else.
macro_rules! named {
    ($request:ident, $name:expr) => {
        pb::$request { name: $name.clone() }
    };
}

/// The end of one of the register, out of date.
macro_rules! ended {
    ($request:ident, $world:ident, $name:expr) => {
        pb::$request {
            name: $name.clone(),
            valid_until: "2026-12-31".into(),
            etag: $world.etag("1"),
            request_id: $world.server.request_id(),
        }
    };
}

/// A change of one of the register, out of date.
macro_rules! changed {
    ($request:ident, $field:ident: $message:ident, $world:ident, $name:expr) => {
        pb::$request {
            $field: Some(pb::$message { name: $name.clone(), etag: $world.etag("1"), ..Default::default() }),
            request_id: $world.server.request_id(),
            ..Default::default()
        }
    };
}

/// A change of an agreement that nobody has.
macro_rules! agreed {
    ($request:ident, $w:ident) => {
        pb::$request { name: none("regionAgreements"), etag: "1".into(), request_id: $w.server.request_id() }
    };
}

/// A change of a meeting, out of date.
macro_rules! meeting {
    ($request:ident, $world:ident, $meeting:expr, { $($field:ident: $value:expr),* $(,)? }) => {
        pb::$request {
            name: $meeting.name.clone(),
            etag: $world.etag(&$meeting.etag),
            request_id: $world.server.request_id(),
            $($field: $value,)*
        }
    };
}

mod access;
mod cases;
mod meetings;
mod register;
mod series;
mod staffing;

/// All of them.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    let all = [access::ROWS, register::ROWS, meetings::ROWS, series::ROWS, staffing::ROWS, cases::ROWS];
    all.into_iter().flatten()
}
