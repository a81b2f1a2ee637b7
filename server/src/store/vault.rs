//! Sealed columns: a key per data subject, an envelope bound to its place.
//!
//! Envelope: `0x01 | key version u16 | nonce 12 | ciphertext | tag 16`. The associated
//! data names region, table, column, row and subject, so that a ciphertext moved to
//! another place does not open.

use std::collections::HashMap;

use ring::aead::LessSafeKey;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    Read, Tx, instant,
    keys::{self, Use},
};
use crate::{
    entity::subject_key,
    error::{Error, Result},
};

/// The first byte of every envelope.
const FORM: u8 = 1;

/// Where a sealed value stands.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row's own id.
    pub row: Uuid,
}

impl Place {
    /// A person belongs to no region: one row serves them all.
    fn aad(&self, region: Uuid, subject: Uuid) -> Vec<u8> {
        let region = if self.table == "person" { Uuid::nil() } else { region };
        [
            &[FORM][..],
            region.as_bytes(),
            subject.as_bytes(),
            self.row.as_bytes(),
            self.table.as_bytes(),
            b".",
            self.column.as_bytes(),
        ]
        .concat()
    }

    fn corrupt(&self) -> Error {
        Error::Corrupt { table: self.table, column: self.column }
    }
}

/// The opened keys of some data subjects.
pub struct SubjectKeys {
    region: Uuid,
    keys: HashMap<(Uuid, u16), LessSafeKey>,
    newest: HashMap<Uuid, u16>,
}

fn wrap_aad(subject: Uuid, version: u16, kek: &str) -> Vec<u8> {
    [b"dek|", subject.as_bytes().as_slice(), &version.to_be_bytes(), kek.as_bytes()].concat()
}

impl SubjectKeys {
    /// Opens what was sealed for `subject` at `place`. Opens nothing when any bit differs.
    pub fn open(&self, subject: Uuid, place: Place, sealed: &[u8]) -> Result<String> {
        let (head, body) = sealed.split_at_checked(3).ok_or_else(|| place.corrupt())?;
        let version = u16::from_be_bytes([head[1], head[2]]);
        let key =
            self.keys.get(&(subject, version)).filter(|_| head[0] == FORM).ok_or_else(|| place.corrupt())?;
        keys::open(key, &place.aad(self.region, subject), body)
            .and_then(|plain| String::from_utf8(plain).ok())
            .ok_or_else(|| place.corrupt())
    }

    /// Opens a column that may be empty.
    pub fn open_if(&self, subject: Uuid, place: Place, sealed: Option<&[u8]>) -> Result<Option<String>> {
        sealed.map(|sealed| self.open(subject, place, sealed)).transpose()
    }
}

impl Read {
    /// The keys of `subjects`, in one statement; a subject that has none is left out.
    pub async fn subject_keys(&self, subjects: &[Uuid]) -> Result<SubjectKeys> {
        let mut opened = SubjectKeys { region: self.region(), keys: HashMap::new(), newest: HashMap::new() };
        if subjects.is_empty() {
            return Ok(opened);
        }
        let rows = subject_key::Entity::find()
            .filter(subject_key::Column::SubjectId.is_in(subjects.iter().copied()))
            .all(&self.db())
            .await?;
        for row in rows {
            let corrupt = Error::Corrupt { table: "subject_key", column: "wrapped" };
            let Ok(version) = u16::try_from(row.version) else { return Err(corrupt) };
            let aad = wrap_aad(row.subject_id, version, &row.kek_id);
            let secret = self
                .app()
                .keys
                .key(&row.kek_id)
                .and_then(|kek| keys::open(kek, &aad, &row.wrapped))
                .and_then(|secret| <[u8; 32]>::try_from(secret).ok());
            let Some(secret) = secret else { return Err(corrupt) };
            opened.keys.insert((row.subject_id, version), keys::aead(&secret));
            let newest = opened.newest.entry(row.subject_id).or_default();
            *newest = version.max(*newest);
        }
        Ok(opened)
    }
}

impl Tx {
    /// The keys of `subjects`, made where there are none yet.
    ///
    /// # Errors
    /// `PERSON_NOT_FOUND` for somebody who was erased.
    pub async fn subject_keys_or_new(&self, subjects: &[Uuid]) -> Result<SubjectKeys> {
        let mut opened = self.subject_keys(subjects).await?;
        let mut rows = Vec::new();
        for &subject in subjects {
            if opened.newest.contains_key(&subject) {
                continue;
            }
            // Whoever was erased stays so: a new key would seal what nobody may keep.
            if self.was_erased(subject).await? {
                return Err(Error::NotFound("PERSON"));
            }
            let mut secret = [0; 32];
            self.app().ids.fill(&mut secret);
            let (kek_id, kek) = self.app().keys.active();
            rows.push(subject_key::ActiveModel {
                subject_id: Set(subject),
                version: Set(1),
                kek_id: Set(kek_id.to_owned()),
                wrapped: Set(keys::seal(
                    kek,
                    self.app().ids.as_ref(),
                    &wrap_aad(subject, 1, kek_id),
                    &secret,
                )),
                created_at: Set(instant::to_column(self.now())),
            });
            opened.keys.insert((subject, 1), keys::aead(&secret));
            opened.newest.insert(subject, 1);
        }
        if !rows.is_empty() {
            subject_key::Entity::insert_many(rows).exec_without_returning(&self.db()).await?;
        }
        Ok(opened)
    }

    /// Seals `plain` for `subject` at `place`.
    pub fn seal(&self, keys: &SubjectKeys, subject: Uuid, place: Place, plain: &str) -> Result<Vec<u8>> {
        let version = *keys.newest.get(&subject).ok_or_else(|| place.corrupt())?;
        let key = &keys.keys[&(subject, version)];
        let body =
            keys::seal(key, self.app().ids.as_ref(), &place.aad(keys.region, subject), plain.as_bytes());
        Ok([&[FORM][..], &version.to_be_bytes(), &body].concat())
    }

    /// Seals a stored answer, which concerns whoever asked and no one subject.
    pub(super) fn seal_answer(&self, row: Uuid, plain: &[u8]) -> Vec<u8> {
        let key = self.app().keys.purpose(Use::Answers);
        keys::seal(&key, self.app().ids.as_ref(), row.as_bytes(), plain)
    }

    /// The inverse of [`Tx::seal_answer`].
    pub(super) fn open_answer(&self, row: Uuid, sealed: &[u8]) -> Result<Vec<u8>> {
        let key = self.app().keys.purpose(Use::Answers);
        keys::open(&key, row.as_bytes(), sealed)
            .ok_or(Error::Corrupt { table: "request", column: "sealed_answer" })
    }
}
