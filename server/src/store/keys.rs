//! The keys as they are used: key-encryption keys that rotate, and a root that stays.
//!
//! What opens or signs (wrapped keys of persons, stored answers, answer links, page tokens)
//! comes from the keys, which are replaced while the server runs. What only recognises
//! (the MAC of an audit line, pseudonyms, the blind index of a child, the marks of the
//! erased) comes from the root and must be the same for as long as the database lives.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    digest, hkdf, hmac,
};
use tokio::sync::Notify;

pub use super::keyfile::{KeyFile, KeyFileError, State};
use crate::app::Ids;

/// What a derived key is for; no two purposes share a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Use {
    /// Sealing stored answers.
    Answers,
    /// The MAC of an audit line of the first form.
    AuditLine,
    /// The MAC of an audit line.
    AuditRow,
    /// Signing the seals of the audit log.
    AuditSeal,
    /// The pseudonym of a data subject in the audit log.
    SubjectRef,
    /// Finding a child that already has a case.
    ChildIndex,
    /// Recognising an address that mail went to.
    MailAddress,
    /// The address to which an answer by mail goes.
    ReplyTag,
    /// The address to which it goes that a mail did not arrive.
    BounceTag,
    /// Signing answer links.
    AnswerLink,
    /// Signing page tokens.
    PageToken,
    /// Signing statements of destruction.
    Statement,
    /// The pseudonym of a child in a report.
    Report,
    /// Recognising who was erased.
    Erasure,
    /// Showing that a key file is the one of a database.
    Proof,
}

impl Use {
    /// Whether its key comes from the keys that rotate.
    fn rotates(self) -> bool {
        matches!(self, Self::Answers | Self::AnswerLink | Self::PageToken)
    }
}

/// 32 bytes, for HKDF.
struct Length;

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        32
    }
}

/// AES-256-GCM under `key`; the nonce goes in front.
pub(super) fn seal(key: &LessSafeKey, ids: &dyn Ids, aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut nonce = [0; 12];
    ids.fill(&mut nonce);
    let mut sealed = nonce.to_vec();
    let mut body = plain.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut body)
        .expect("a field is far below the size limit of AES-GCM");
    sealed.append(&mut body);
    sealed
}

/// The inverse of [`seal`]; none when any bit, or the place, differs.
pub(super) fn open(key: &LessSafeKey, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = sealed.split_at_checked(12)?;
    let mut body = body.to_vec();
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let length = key.open_in_place(nonce, Aad::from(aad), &mut body).ok()?.len();
    body.truncate(length);
    Some(body)
}

/// A key for AES-256-GCM.
pub(super) fn aead(secret: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, secret).expect("32 bytes are an AES-256 key"))
}

/// One secret, from which a key for each purpose derives.
struct Source(hkdf::Prk);

impl Source {
    fn new(salt: &[u8], secret: &[u8; 32]) -> Self {
        Self(hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret))
    }

    fn derive(&self, purpose: Use) -> [u8; 32] {
        let mut out = [0; 32];
        let label: &str = purpose.into();
        self.0
            .expand(&[label.as_bytes()], Length)
            .and_then(|okm| okm.fill(&mut out))
            .expect("32 bytes are within HKDF's limit");
        out
    }

    fn mac(&self, purpose: Use, message: &[u8]) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.derive(purpose));
        hmac::sign(&key, message).as_ref().try_into().expect("SHA-256 is 32 bytes")
    }

    fn is(&self, purpose: Use, message: &[u8], tag: &[u8]) -> bool {
        let own = self.mac(purpose, message);
        tag.len() >= 16
            && tag.len() <= own.len()
            && own[..tag.len()].iter().zip(tag).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
    }
}

/// One key of the file.
struct Kek {
    wrap: LessSafeKey,
    source: Source,
}

/// The keys of one reading of the file. Never printed.
pub(super) struct Ring {
    root: Source,
    keys: HashMap<String, Kek>,
    active: String,
}

/// Under which id the root's proof stands.
pub(super) const ROOT: &str = "root";

impl Ring {
    fn new(file: &KeyFile) -> Self {
        let mut ring = Self {
            root: Source::new(b"schakel.v1", &file.root),
            keys: HashMap::new(),
            active: String::new(),
        };
        for key in &file.keys {
            let Some(secret) = &key.secret else { continue };
            let kek = Kek { wrap: aead(secret), source: Source::new(b"schakel.v1.key", secret) };
            ring.keys.insert(key.id.clone(), kek);
            if key.state == State::Active {
                ring.active.clone_from(&key.id);
            }
        }
        ring
    }

    /// The key that wraps new keys, and its id.
    pub(super) fn active(&self) -> (&str, &LessSafeKey) {
        (&self.active, &self.keys[&self.active].wrap)
    }

    /// The keys that only open.
    pub(super) fn old(&self) -> Vec<String> {
        self.keys.keys().filter(|id| **id != self.active).cloned().collect()
    }

    /// The key with this id, if the file still has it.
    pub(super) fn key(&self, id: &str) -> Option<&LessSafeKey> {
        self.keys.get(id).map(|key| &key.wrap)
    }

    /// The key that seals stored answers: of this id; without one, as answers were sealed
    /// before keys were rotated.
    pub(super) fn answers(&self, id: Option<&str>) -> Option<LessSafeKey> {
        let source = match id {
            None => &self.root,
            Some(id) => &self.keys.get(id)?.source,
        };
        Some(aead(&source.derive(Use::Answers)))
    }

    /// What shows, for the root and each key, that it is the one it says.
    pub(super) fn proofs(&self) -> Vec<(String, [u8; 32])> {
        let of = |id: &str, source: &Source| (id.to_owned(), source.mac(Use::Proof, id.as_bytes()));
        let mut proofs = vec![of(ROOT, &self.root)];
        proofs.extend(self.keys.iter().map(|(id, key)| of(id, &key.source)));
        proofs
    }
}

/// The keys in use, and where they come from.
pub struct KeyRing {
    path: PathBuf,
    ring: RwLock<Arc<Ring>>,
    /// Rung when the file was read anew.
    pub(super) changed: Notify,
}

impl KeyRing {
    /// Writes a new key file that only its owner can read.
    pub fn create(path: &Path, ids: &dyn Ids) -> Result<(), KeyFileError> {
        KeyFile::create(path, ids)
    }

    /// Reads a key file.
    pub fn open(path: &Path) -> Result<Self, KeyFileError> {
        let ring = Ring::new(&KeyFile::read(path)?);
        Ok(Self { path: path.to_owned(), ring: RwLock::new(Arc::new(ring)), changed: Notify::new() })
    }

    /// The keys of now; what holds them is not disturbed by a change.
    pub(super) fn now(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The keys of now or, when they lack `id`, those of the file: another process may use a
    /// key that this one has not been told of yet.
    pub(super) fn knowing(&self, id: &str) -> Arc<Ring> {
        let ring = self.now();
        if ring.key(id).is_some() {
            return ring;
        }
        match self.reread() {
            Ok(new) if new.key(id).is_some() => {
                self.turn_to(Arc::clone(&new));
                new
            }
            Ok(_) | Err(_) => ring,
        }
    }

    /// The file as it is now.
    ///
    /// # Errors
    /// When it cannot be used, or is another one than the server runs on.
    pub(super) fn reread(&self) -> Result<Arc<Ring>, KeyFileError> {
        let ring = Ring::new(&KeyFile::read(&self.path)?);
        let new: HashMap<_, _> = ring.proofs().into_iter().collect();
        for (id, proof) in self.now().proofs() {
            if new.get(&id).is_some_and(|new| *new != proof) {
                return Err(KeyFileError::Mismatch(format!(
                    "{}: {id} is another secret",
                    self.path.display()
                )));
            }
        }
        Ok(Arc::new(ring))
    }

    /// Uses `ring` from now on.
    pub(super) fn turn_to(&self, ring: Arc<Ring>) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        self.changed.notify_one();
    }

    /// The file it came from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The seed of a key pair that lasts as long as the root, for `purpose`.
    pub(super) fn seed(&self, purpose: Use) -> [u8; 32] {
        self.now().root.derive(purpose)
    }

    /// HMAC-SHA256 under the key of `purpose`.
    pub fn mac(&self, purpose: Use, message: &[u8]) -> [u8; 32] {
        let ring = self.now();
        let source = if purpose.rotates() { &ring.keys[&ring.active].source } else { &ring.root };
        source.mac(purpose, message)
    }

    /// Whether `tag` is the first bytes of the MAC of `message`, in constant time; of what
    /// rotates, under any key that still opens.
    pub fn verify(&self, purpose: Use, message: &[u8], tag: &[u8]) -> bool {
        let ring = self.now();
        if purpose.rotates() {
            ring.keys.values().fold(false, |found, key| found | key.source.is(purpose, message, tag))
        } else {
            ring.root.is(purpose, message, tag)
        }
    }
}

/// SHA-256, for secrets that are random themselves (API and feed tokens).
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(super) fn unhex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}
