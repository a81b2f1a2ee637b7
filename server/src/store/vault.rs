//! Sealed columns: a key per data subject, an envelope bound to its place.
//!
//! Envelope: `0x01 | key version u16 | nonce 12 | ciphertext | tag 16`. The associated
//! data names region, table, column, row and subject, so that a ciphertext moved to
//! another place does not open.

use std::collections::HashMap;

use ring::aead::LessSafeKey;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, IntoColumnRef, Query},
};
use uuid::Uuid;

use super::{Read, Tx, instant, keys, memory};
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

    fn unreadable(&self) -> Error {
        Error::Unreadable { table: self.table, column: self.column }
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

/// Opens a person's key; gives its version.
pub(super) fn unwrap(ring: &keys::Ring, row: &subject_key::Model) -> Result<(u16, [u8; 32])> {
    let unreadable = || Error::Unreadable { table: "subject_key", column: "wrapped" };
    let version = u16::try_from(row.version).map_err(|_| unreadable())?;
    let aad = wrap_aad(row.subject_id, version, &row.kek_id);
    let secret = ring.key(&row.kek_id).and_then(|kek| keys::open(kek, &aad, &row.wrapped));
    let secret = secret.and_then(|secret| secret.try_into().ok()).ok_or_else(unreadable)?;
    Ok((version, secret))
}

impl SubjectKeys {
    fn of(region: Uuid) -> Self {
        Self { region, keys: HashMap::new(), newest: HashMap::new() }
    }

    fn add(&mut self, row: &subject_key::Model, (version, secret): (u16, [u8; 32])) {
        self.keys.insert((row.subject_id, version), keys::aead(&secret));
        let newest = self.newest.entry(row.subject_id).or_default();
        *newest = Ord::max(version, *newest);
    }

    /// Whether `subject` has a key; whoever has none was erased.
    pub fn knows(&self, subject: Uuid) -> bool {
        self.newest.contains_key(&subject)
    }

    /// Opens what was sealed for `subject` at `place`. Opens nothing when any bit differs.
    pub fn open(&self, subject: Uuid, place: Place, sealed: &[u8]) -> Result<String> {
        self.open_in(self.region, subject, place, sealed).ok_or_else(|| place.unreadable())
    }

    /// Whether that would open in `region`.
    pub(super) fn opens(&self, region: Uuid, subject: Uuid, place: Place, sealed: &[u8]) -> bool {
        self.open_in(region, subject, place, sealed).is_some()
    }

    fn open_in(&self, region: Uuid, subject: Uuid, place: Place, sealed: &[u8]) -> Option<String> {
        let (head, body) = sealed.split_at_checked(3)?;
        let version = u16::from_be_bytes([head[1], head[2]]);
        let key = self.keys.get(&(subject, version)).filter(|_| head[0] == FORM)?;
        String::from_utf8(keys::open(key, &place.aad(region, subject), body)?).ok()
    }

    /// Opens a column that may be empty.
    pub fn open_if(&self, subject: Uuid, place: Place, sealed: Option<&[u8]>) -> Result<Option<String>> {
        sealed.map(|sealed| self.open(subject, place, sealed)).transpose()
    }
}

/// That the person in `column` has a key. Whoever has none was erased, and what is about such
/// a person is not found any more, whatever rows are left of it.
pub fn has_key(column: impl IntoColumnRef) -> Expr {
    let key = Query::select()
        .expr(Expr::val(1))
        .from(subject_key::Entity)
        .cond_where(Expr::col((subject_key::Entity, subject_key::Column::SubjectId)).equals(column))
        .to_owned();
    Expr::exists(key)
}

impl Read {
    /// The keys of `subjects`, in one statement or, where this call was told them, in none; a subject that has
    /// none is left out.
    pub async fn subject_keys(&self, subjects: &[Uuid]) -> Result<SubjectKeys> {
        let mut opened = SubjectKeys::of(self.region());
        for row in self.wrapped_keys(subjects).await? {
            opened.add(&row, unwrap(&self.app().keys.knowing(&row.kek_id), &row)?);
        }
        Ok(opened)
    }

    /// Those keys of `subjects` that open.
    pub(super) async fn readable_keys(&self, subjects: &[Uuid]) -> Result<SubjectKeys> {
        let mut opened = SubjectKeys::of(self.region());
        for row in self.wrapped_keys(subjects).await? {
            if let Ok(key) = unwrap(&self.app().keys.knowing(&row.kek_id), &row) {
                opened.add(&row, key);
            }
        }
        Ok(opened)
    }

    async fn wrapped_keys(&self, subjects: &[Uuid]) -> Result<Vec<subject_key::Model>> {
        let Some(told) = memory::keys().filter(|_| !self.is_in_transaction()) else {
            return self.stored_keys(subjects).await;
        };
        // Held while it reads: who asks for the same at the same moment waits for that.
        let mut told = told.lock().await;
        let missing: Vec<Uuid> =
            subjects.iter().copied().filter(|subject| !told.contains_key(subject)).collect();
        let stored = self.stored_keys(&missing).await?;
        told.extend(missing.into_iter().map(|subject| (subject, Vec::new())));
        for row in stored {
            told.entry(row.subject_id).or_default().push(row);
        }
        Ok(subjects.iter().filter_map(|subject| told.get(subject)).flatten().cloned().collect())
    }

    async fn stored_keys(&self, subjects: &[Uuid]) -> Result<Vec<subject_key::Model>> {
        if subjects.is_empty() {
            return Ok(Vec::new());
        }
        let of = subject_key::Column::SubjectId.is_in(subjects.iter().copied());
        Ok(subject_key::Entity::find().filter(of).all(&self.db()).await?)
    }
}

impl Tx {
    /// The keys of `subjects`, made where there are none yet.
    ///
    /// # Errors
    /// `PERSON_NOT_FOUND` for somebody who was erased.
    pub async fn subject_keys_or_new(&self, subjects: &[Uuid]) -> Result<SubjectKeys> {
        let mut opened = self.subject_keys(subjects).await?;
        let new: Vec<Uuid> =
            subjects.iter().filter(|subject| !opened.newest.contains_key(*subject)).copied().collect();
        // Whoever was erased stays so: a new key would seal what nobody may keep.
        if self.any_erased(&new).await? {
            return Err(Error::NotFound("PERSON"));
        }
        let mut rows = Vec::new();
        for subject in new {
            if opened.newest.contains_key(&subject) {
                continue;
            }
            let mut secret = [0; 32];
            self.app().ids.fill(&mut secret);
            let (kek_id, wrapped) = self.wrap(subject, 1, &secret);
            rows.push(subject_key::ActiveModel {
                subject_id: Set(subject),
                version: Set(1),
                kek_id: Set(kek_id),
                wrapped: Set(wrapped),
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

    /// Wraps a person's key under the active one; gives that one's id.
    pub(super) fn wrap(&self, subject: Uuid, version: u16, secret: &[u8; 32]) -> (String, Vec<u8>) {
        let ring = self.app().keys.now();
        let (id, kek) = ring.active();
        let aad = wrap_aad(subject, version, id);
        (id.to_owned(), keys::seal(kek, self.app().ids.as_ref(), &aad, secret))
    }

    /// Seals `plain` for `subject` at `place`.
    pub fn seal(&self, keys: &SubjectKeys, subject: Uuid, place: Place, plain: &str) -> Result<Vec<u8>> {
        let version = *keys.newest.get(&subject).ok_or_else(|| place.unreadable())?;
        let key = &keys.keys[&(subject, version)];
        let body =
            keys::seal(key, self.app().ids.as_ref(), &place.aad(keys.region, subject), plain.as_bytes());
        Ok([&[FORM][..], &version.to_be_bytes(), &body].concat())
    }

    /// Seals a stored answer, which concerns whoever asked and no one subject; gives the key's id.
    pub(super) fn seal_answer(&self, row: Uuid, plain: &[u8]) -> (String, Vec<u8>) {
        let ring = self.app().keys.now();
        let (id, _) = ring.active();
        let key = ring.answers(Some(id)).expect("the active key is there");
        (id.to_owned(), keys::seal(&key, self.app().ids.as_ref(), row.as_bytes(), plain))
    }
}

/// The inverse of [`Tx::seal_answer`].
pub(super) fn answer(read: &Read, row: Uuid, kek: Option<&str>, sealed: &[u8]) -> Result<Vec<u8>> {
    let keys = &read.app().keys;
    let ring = kek.map_or_else(|| keys.now(), |id| keys.knowing(id));
    ring.answers(kek)
        .and_then(|key| keys::open(&key, row.as_bytes(), sealed))
        .ok_or(Error::Unreadable { table: "request", column: "sealed_answer" })
}
