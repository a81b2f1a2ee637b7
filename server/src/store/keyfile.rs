//! The key file as it lies on disk: a root, and keys that are active, decrypt-only or retired.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::keys::{hex, unhex};
use crate::app::Ids;

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// Not readable.
    #[error("KEYRING_MISSING: {path}: {cause}")]
    Missing {
        /// Which file.
        path: String,
        /// Why.
        cause: io::Error,
    },
    /// A new one is wanted in the place of one.
    #[error("KEYRING_EXISTS: {0} is there, and is left as it is: `schakel keys add` adds a key to it")]
    Exists(String),
    /// Others can read it.
    #[error("KEYRING_EXPOSED: {0} can be read by others: chmod 0400 it")]
    Exposed(String),
    /// Not a key file.
    #[error("KEYRING_MALFORMED: {0}")]
    Malformed(String),
    /// None or more than one active key.
    #[error("KEYRING_ACTIVE: exactly one key must have state \"active\"")]
    Active,
    /// Not the one of this database.
    #[error("KEYRING_MISMATCH: {0}")]
    Mismatch(String),
    /// No such key, or not one that can be retired.
    #[error("KEYRING_KEY: {0}")]
    Key(String),
    /// Something still needs it.
    #[error("KEYRING_IN_USE: key {id} still opens {rows} rows: let the server wrap them anew first")]
    InUse {
        /// Which key.
        id: String,
        /// How many rows it opens.
        rows: u64,
    },
}

/// What a key is for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum State {
    /// Seals and opens; there is one.
    Active,
    /// Opens what it once sealed.
    DecryptOnly,
    /// Gone, with its secret; the id is not used again.
    Retired,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    root: String,
    key: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// A key; its secret is never printed.
#[derive(Clone)]
pub struct Key {
    /// Names it in every row that it seals.
    pub id: String,
    /// What it is for now.
    pub state: State,
    /// None once it is retired.
    pub(super) secret: Option<[u8; 32]>,
}

/// A key file that was read and found right.
pub struct KeyFile {
    path: PathBuf,
    pub(super) root: [u8; 32],
    /// Every key, the oldest first.
    pub keys: Vec<Key>,
}

fn secret(ids: &dyn Ids) -> [u8; 32] {
    let mut bytes = [0; 32];
    ids.fill(&mut bytes);
    bytes
}

impl KeyFile {
    /// Writes a new key file that only its owner can read.
    ///
    /// # Errors
    /// When the file is there already.
    pub fn create(path: &Path, ids: &dyn Ids) -> Result<(), KeyFileError> {
        let key = Key { id: "k1".into(), state: State::Active, secret: Some(secret(ids)) };
        let file = Self { path: path.to_owned(), root: secret(ids), keys: vec![key] };
        file.write(path).map_err(|cause| {
            if cause.kind() == io::ErrorKind::AlreadyExists {
                KeyFileError::Exists(path.display().to_string())
            } else {
                file.missing(cause)
            }
        })
    }

    /// Reads and checks a key file.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let shown = path.display().to_string();
        let missing = |cause| KeyFileError::Missing { path: shown.clone(), cause };
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
        let raw: Raw = toml::from_str(&text)
            .map_err(|_| KeyFileError::Malformed(format!("{shown} is not a key file")))?;
        let bytes = |text: &str| {
            unhex(text)
                .ok_or_else(|| KeyFileError::Malformed(format!("{shown}: a secret is 64 hexadecimal digits")))
        };
        let root = bytes(&raw.root)?;
        let mut keys: Vec<Key> = Vec::with_capacity(raw.key.len());
        for entry in raw.key {
            let secret = entry.secret.as_deref().map(bytes).transpose()?;
            if secret.is_none() != (entry.state == State::Retired) {
                let told = format!("{shown}: key {}: retired keys, and no others, have no secret", entry.id);
                return Err(KeyFileError::Malformed(told));
            }
            if keys.iter().any(|key| key.id == entry.id) {
                return Err(KeyFileError::Malformed(format!("{shown}: two keys are named {}", entry.id)));
            }
            keys.push(Key { id: entry.id, state: entry.state, secret });
        }
        let file = Self { path: path.to_owned(), root, keys };
        if file.active().count() == 1 { Ok(file) } else { Err(KeyFileError::Active) }
    }

    fn active(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(|key| key.state == State::Active)
    }

    /// Adds a key that is active from now on; what was active still opens. Gives its id.
    pub fn add(&mut self, ids: &dyn Ids) -> Result<String, KeyFileError> {
        for key in &mut self.keys {
            if key.state == State::Active {
                key.state = State::DecryptOnly;
            }
        }
        let taken = |id: &String| self.keys.iter().any(|key| key.id == *id);
        let count = self.keys.len();
        let id = (count + 1..=2 * count + 1).map(|number| format!("k{number}")).find(|id| !taken(id));
        let id = id.ok_or_else(|| KeyFileError::Key("no id is left".into()))?;
        self.keys.push(Key { id: id.clone(), state: State::Active, secret: Some(secret(ids)) });
        self.replace()?;
        Ok(id)
    }

    /// Takes the secret of a decrypt-only key away for good. Whether a row needs it is asked before.
    pub fn retire(&mut self, id: &str) -> Result<(), KeyFileError> {
        let key = self.retirable(id)?;
        (key.state, key.secret) = (State::Retired, None);
        self.replace()
    }

    /// The key, when it is one that may go.
    pub fn retirable(&mut self, id: &str) -> Result<&mut Key, KeyFileError> {
        let key = self.keys.iter_mut().find(|key| key.id == id);
        let key = key.ok_or_else(|| KeyFileError::Key(format!("there is no key {id}")))?;
        if key.state == State::DecryptOnly {
            Ok(key)
        } else {
            Err(KeyFileError::Key(format!("key {id} is {}, not decrypt-only", key.state)))
        }
    }

    fn missing(&self, cause: io::Error) -> KeyFileError {
        KeyFileError::Missing { path: self.path.display().to_string(), cause }
    }

    /// Puts the new content in the place of the old at one stroke: whoever reads the file
    /// finds either, never half of one.
    fn replace(&self) -> Result<(), KeyFileError> {
        let new = self.path.with_extension("new");
        let replaced = match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => self.write(&new),
        };
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        replaced
            .and_then(|()| fs::rename(&new, &self.path))
            .and_then(|()| fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all())
            .map_err(|cause| self.missing(cause))
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let entry = |key: &Key| Entry {
            id: key.id.clone(),
            state: key.state,
            secret: key.secret.as_ref().map(|secret| hex(secret)),
        };
        let raw = Raw { root: hex(&self.root), key: self.keys.iter().map(entry).collect() };
        let text = toml::to_string(&raw).map_err(io::Error::other)?;
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o400);
        let mut out = options.open(path)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::SystemIds;

    fn scratch(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("schakel-keyfile-{}-{name}", std::process::id()))
    }

    #[test]
    fn a_key_is_added_stays_to_open_and_is_retired() {
        let path = scratch("life");
        let ids = SystemIds::default();
        KeyFile::create(&path, &ids).unwrap();
        assert!(matches!(KeyFile::create(&path, &ids), Err(KeyFileError::Exists(_))), "it is never replaced");
        let mut file = KeyFile::read(&path).unwrap();
        assert_eq!(file.add(&ids).unwrap(), "k2");
        assert!(matches!(file.retire("k2"), Err(KeyFileError::Key(_))), "the active key stays");
        assert!(matches!(file.retire("k9"), Err(KeyFileError::Key(_))));
        file.retire("k1").unwrap();
        assert_eq!(file.add(&ids).unwrap(), "k3");
        let read = KeyFile::read(&path).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions());
        fs::remove_file(&path).unwrap();
        let states: Vec<_> = read.keys.iter().map(|key| (key.id.as_str(), key.state)).collect();
        assert_eq!(states, [("k1", State::Retired), ("k2", State::DecryptOnly), ("k3", State::Active)]);
        assert!(read.keys[0].secret.is_none() && read.keys[1].secret == file.keys[1].secret);
        assert_eq!((read.root, mode & 0o777), (file.root, 0o400));
    }

    #[test]
    fn a_file_that_cannot_be_right_is_refused_without_a_word_of_its_secrets() {
        let path = scratch("wrong");
        KeyFile::create(&path, &SystemIds::default()).unwrap();
        let good = fs::read_to_string(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let secret = good.lines().find_map(|line| line.strip_prefix("secret = ")).unwrap().to_owned();
        let second = format!("[[key]]\nid = \"k1\"\nstate = \"decrypt-only\"\nsecret = {secret}\n");
        for (text, reason) in [
            (good.replace("active", "asleep"), "KEYRING_MALFORMED"),
            (good.replace(&secret, &format!("{}\"", &secret[..63])), "KEYRING_MALFORMED"),
            (good.replace(&format!("secret = {secret}\n"), ""), "KEYRING_MALFORMED"),
            (good.replace("active", "decrypt-only"), "KEYRING_ACTIVE"),
            (
                format!("{good}\n{}", second.replace("k1", "k2").replace("decrypt-only", "active")),
                "KEYRING_ACTIVE",
            ),
            (format!("{good}\n{second}"), "KEYRING_MALFORMED"),
        ] {
            let mut out = fs::OpenOptions::new();
            std::os::unix::fs::OpenOptionsExt::mode(&mut out, 0o400);
            out.write(true).create_new(true).open(&path).unwrap().write_all(text.as_bytes()).unwrap();
            let told = KeyFile::read(&path).err().map(|error| error.to_string()).unwrap_or_default();
            fs::remove_file(&path).unwrap();
            assert!(told.starts_with(reason), "{reason}: {told}");
            assert!(!told.contains(&secret[1..20]));
        }
    }
}
