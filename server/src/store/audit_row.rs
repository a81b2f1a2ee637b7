//! One audit line as bytes, in one way only, and what is reckoned from them: its MAC and its leaf.

use sea_orm::prelude::Uuid;

use super::{
    Read,
    keys::{KeyRing, Use, sha256},
};
use crate::entity::audit::Model;

/// How lines are written today.
pub const FORM: i32 = 2;
/// Before the log was widened.
const FIRST_FORM: i32 = 1;

/// Fields one after another, each with its length, so that no two lists of fields give the same bytes.
pub struct Canon(Vec<u8>);

impl Canon {
    /// Begins; `label` keeps one kind of thing apart from another.
    pub fn new(label: &str) -> Self {
        let mut canon = Self(Vec::with_capacity(512));
        canon.bytes(label.as_bytes());
        canon
    }

    /// A field.
    pub fn bytes(&mut self, field: &[u8]) -> &mut Self {
        self.0.extend((field.len() as u64).to_be_bytes());
        self.0.extend(field);
        self
    }

    /// A field that may be absent, which is not the same as empty.
    pub fn maybe(&mut self, field: Option<&[u8]>) -> &mut Self {
        self.0.push(u8::from(field.is_some()));
        self.bytes(field.unwrap_or_default())
    }

    /// A number.
    pub fn number(&mut self, number: i64) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }

    /// SHA-256 of all of it.
    pub fn hash(&self) -> Vec<u8> {
        sha256(&self.0)
    }
}

impl Read {
    /// The pseudonym of `person` in the log of this region: the same in one region, unlike in another.
    pub fn subject_ref(&self, person: Uuid) -> Vec<u8> {
        let message = [self.region().as_bytes().as_slice(), person.as_bytes()].concat();
        self.app().keys.mac(Use::SubjectRef, &message)[..16].to_vec()
    }
}

/// Every column that the program fills; the MAC is of these.
fn canonical(row: &Model, label: &str) -> Canon {
    let id = |id: &Option<Uuid>| id.map(|id| *id.as_bytes());
    let mut canon = Canon::new(label);
    canon.number(row.form.into()).bytes(row.region_id.as_bytes()).bytes(row.id.as_bytes()).number(row.at);
    canon.bytes(row.actor_kind.as_bytes());
    for optional in [
        &row.actor_id,
        &row.organisation_id,
        &row.client_id,
        &row.emergency_id,
        &row.object_id,
        &row.request_id,
    ] {
        canon.maybe(id(optional).as_ref().map(<[u8; 16]>::as_slice));
    }
    for text in [
        &row.role,
        &row.purpose,
        &row.activity,
        &row.action,
        &row.method,
        &row.rule_id,
        &row.object_type,
        &row.field_classes,
        &row.origin,
        &row.outcome,
        &row.trace,
        &row.instance,
    ] {
        canon.bytes(text.as_bytes());
    }
    canon.maybe(row.subject_ref.as_deref()).number(row.row_count.into());
    canon
}

/// The MAC that belongs to `row`.
pub fn mac(keys: &KeyRing, row: &Model) -> Vec<u8> {
    if row.form == FIRST_FORM {
        return keys.mac(Use::AuditLine, &first_form(row)).to_vec();
    }
    keys.mac(Use::AuditRow, &canonical(row, "audit row").0).to_vec()
}

/// The whole line with the columns that the database and the MAC fill.
pub fn leaf(row: &Model) -> Vec<u8> {
    canonical(row, "audit leaf").bytes(&row.row_mac).number(row.transaction_id).hash()
}

/// The bytes of a line of before the log was widened.
fn first_form(row: &Model) -> Vec<u8> {
    let optional = |id: Option<Uuid>| id.unwrap_or_default().into_bytes();
    [
        row.region_id.as_bytes().as_slice(),
        row.id.as_bytes(),
        &row.at.to_be_bytes(),
        &optional(row.actor_id),
        &optional(row.organisation_id),
        &optional(row.object_id),
        &optional(row.request_id),
        row.subject_ref.as_deref().unwrap_or_default(),
        [
            row.actor_kind.as_str(),
            &row.role,
            &row.purpose,
            &row.action,
            &row.method,
            &row.rule_id,
            &row.object_type,
            &row.field_classes,
        ]
        .join("\u{1f}")
        .as_bytes(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_run_into_each_other_are_told_apart() {
        let of = |fields: &[&str]| {
            let mut canon = Canon::new("");
            for field in fields {
                canon.bytes(field.as_bytes());
            }
            canon.hash()
        };
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["a"]), of(&["a", ""]));
        assert_ne!(Canon::new("").maybe(None).hash(), Canon::new("").maybe(Some(b"")).hash());
        assert_ne!(Canon::new("one").hash(), Canon::new("other").hash());
    }
}
