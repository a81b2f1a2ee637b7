//! Audit lines: one per data subject, in the transaction of the write or of the read.

use schakel_domain::access::Classes;
use sea_orm::{ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use super::{Tx, instant, keys::Use};
use crate::{entity::audit, error::Result};

/// What was done, as NEN 7513 names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
pub enum Deed {
    /// Create.
    C,
    /// Read.
    R,
    /// Update.
    U,
    /// Execute: mail sent, feed fetched.
    E,
    /// Delete: destroyed for good.
    D,
    /// Export: given out.
    X,
}

/// A line to be written. It holds no content and no name.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// What was done.
    pub deed: Deed,
    /// The kind of thing it was done to, for example `case`.
    pub object: &'static str,
    /// Which one.
    pub id: Option<Uuid>,
    /// The natural person it is about; kept as a pseudonym.
    pub subject: Option<Uuid>,
    /// The classes that were read or written.
    pub classes: Classes,
}

impl Tx {
    /// Writes one line.
    pub async fn audit(&self, line: Line) -> Result<()> {
        self.audit_all(&[line]).await
    }

    /// Writes several lines in one statement.
    pub async fn audit_all(&self, lines: &[Line]) -> Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let rows = lines.iter().map(|line| self.audit_row(line)).collect::<Vec<_>>();
        audit::Entity::insert_many(rows).exec_without_returning(&self.db()).await?;
        Ok(())
    }

    fn audit_row(&self, line: &Line) -> audit::ActiveModel {
        let grant = self.grant();
        let keys = &self.app().keys;
        let subject_ref = line.subject.map(|subject| {
            keys.mac(Use::SubjectRef, &[self.region().as_bytes().as_slice(), subject.as_bytes()].concat())
                [..16]
                .to_vec()
        });
        let id = self.new_id();
        let at = instant::to_column(self.now());
        let deed: &str = line.deed.into();
        let classes = line.classes.to_string();
        let optional = |id: Option<Uuid>| id.unwrap_or_default().into_bytes();
        let canonical = [
            self.region().as_bytes().as_slice(),
            id.as_bytes(),
            &at.to_be_bytes(),
            &optional(grant.actor()),
            &optional(grant.organisation()),
            &optional(line.id),
            &optional(self.request_id()),
            subject_ref.as_deref().unwrap_or_default(),
            [
                grant.actor_kind(),
                &grant.role(),
                &grant.purpose().to_string(),
                deed,
                grant.method(),
                grant.rule_id(),
                line.object,
                &classes,
            ]
            .join("\u{1f}")
            .as_bytes(),
        ]
        .concat();
        audit::ActiveModel {
            region_id: Set(self.region()),
            id: Set(id),
            at: Set(at),
            actor_kind: Set(grant.actor_kind().to_owned()),
            actor_id: Set(grant.actor()),
            organisation_id: Set(grant.organisation()),
            role: Set(grant.role()),
            purpose: Set(grant.purpose().to_string()),
            action: Set(deed.to_owned()),
            method: Set(grant.method().to_owned()),
            rule_id: Set(grant.rule_id().to_owned()),
            subject_ref: Set(subject_ref),
            object_type: Set(line.object.to_owned()),
            object_id: Set(line.id),
            field_classes: Set(classes),
            request_id: Set(self.request_id()),
            row_mac: Set(keys.mac(Use::AuditLine, &canonical).to_vec()),
        }
    }
}
