//! The key file: key-encryption keys, and the root from which keys for one purpose each derive.

use std::{collections::HashMap, fs, path::Path};

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    digest, hkdf, hmac,
    signature::Ed25519KeyPair,
};
use serde::{Deserialize, Serialize};

use crate::app::Ids;

/// What a derived key is for; no two purposes share a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Use {
    /// Sealing stored answers.
    Answers,
    /// The MAC of an audit line.
    AuditLine,
    /// The pseudonym of a data subject in the audit log.
    SubjectRef,
    /// Finding a child that already has a case.
    ChildIndex,
    /// Signing answer links.
    AnswerLink,
    /// Signing page tokens.
    PageToken,
    /// Signing statements of destruction.
    Statement,
    /// Recognising who was erased.
    Erasure,
}

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// Not readable.
    #[error("KEYRING_MISSING: {path}: {source}")]
    Missing {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Others can read it.
    #[error("KEYRING_EXPOSED: {0} can be read by others: chmod 0400 it")]
    Exposed(String),
    /// Not a key file.
    #[error("KEYRING_MALFORMED: {0}")]
    Malformed(String),
    /// None or more than one active key.
    #[error("KEYRING_ACTIVE: exactly one key must have state \"active\"")]
    Active,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    root: String,
    key: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    state: State,
    secret: String,
}

#[derive(Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum State {
    Active,
    DecryptOnly,
}

/// The keys, ready for use. Never printed.
pub struct KeyRing {
    root: hkdf::Prk,
    keys: HashMap<String, LessSafeKey>,
    active: String,
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

impl KeyRing {
    /// Writes a new key file that only its owner can read.
    pub fn create(path: &Path, ids: &dyn Ids) -> Result<(), KeyFileError> {
        let secret = || {
            let mut bytes = [0; 32];
            ids.fill(&mut bytes);
            hex(&bytes)
        };
        let file = File {
            root: secret(),
            key: vec![Entry { id: "k1".into(), state: State::Active, secret: secret() }],
        };
        let text = toml::to_string(&file).map_err(|error| KeyFileError::Malformed(error.to_string()))?;
        let missing = |source| KeyFileError::Missing { path: path.display().to_string(), source };
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o400);
        let mut out = options.open(path).map_err(missing)?;
        std::io::Write::write_all(&mut out, text.as_bytes()).and_then(|()| out.sync_all()).map_err(missing)
    }

    /// Reads a key file.
    pub fn open(path: &Path) -> Result<Self, KeyFileError> {
        let shown = path.display().to_string();
        let missing = |source| KeyFileError::Missing { path: shown.clone(), source };
        let text = fs::read_to_string(path).map_err(missing)?;
        #[cfg(unix)]
        {
            let mode =
                std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).map_err(missing)?.permissions());
            if mode & 0o077 != 0 {
                return Err(KeyFileError::Exposed(shown));
            }
        }
        // The parser's own message would quote the line, and with it a secret.
        let file: File = toml::from_str(&text)
            .map_err(|_| KeyFileError::Malformed(format!("{shown} is not a key file")))?;
        let bytes = |text: &str| {
            unhex(text)
                .ok_or_else(|| KeyFileError::Malformed(format!("{shown}: a secret is 64 hexadecimal digits")))
        };
        let mut actives = file.key.iter().filter(|key| key.state == State::Active);
        let (Some(active), None) = (actives.next(), actives.next()) else { return Err(KeyFileError::Active) };
        let active = active.id.clone();
        let keys = file
            .key
            .iter()
            .map(|key| Ok((key.id.clone(), aead(&bytes(&key.secret)?))))
            .collect::<Result<_, KeyFileError>>()?;
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"schakel.v1").extract(&bytes(&file.root)?);
        Ok(Self { root, keys, active })
    }

    fn derive(&self, purpose: Use) -> [u8; 32] {
        let mut out = [0; 32];
        let label: &str = purpose.into();
        self.root
            .expand(&[label.as_bytes()], Length)
            .and_then(|okm| okm.fill(&mut out))
            .expect("32 bytes are within HKDF's limit");
        out
    }

    /// HMAC-SHA256 under the key of `purpose`.
    pub fn mac(&self, purpose: Use, message: &[u8]) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.derive(purpose));
        hmac::sign(&key, message).as_ref().try_into().expect("SHA-256 is 32 bytes")
    }

    /// The Ed25519 key pair of `purpose`, for what others must be able to check.
    pub fn signer(&self, purpose: Use) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&self.derive(purpose)).expect("every 32 bytes are a seed")
    }

    /// Whether `tag` is the first bytes of the MAC of `message`, in constant time.
    pub fn verify(&self, purpose: Use, message: &[u8], tag: &[u8]) -> bool {
        let own = self.mac(purpose, message);
        tag.len() >= 16
            && tag.len() <= own.len()
            && own[..tag.len()].iter().zip(tag).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
    }

    /// The key that seals things of no data subject, for one purpose.
    pub(super) fn purpose(&self, purpose: Use) -> LessSafeKey {
        aead(&self.derive(purpose))
    }

    /// The key that wraps new keys, and its id.
    pub(super) fn active(&self) -> (&str, &LessSafeKey) {
        (&self.active, &self.keys[&self.active])
    }

    /// The key with this id, if the file still has it.
    pub(super) fn key(&self, id: &str) -> Option<&LessSafeKey> {
        self.keys.get(id)
    }
}

/// SHA-256, for secrets that are random themselves (API and feed tokens).
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
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
