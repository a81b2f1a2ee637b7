//! Where a rendered mail goes: a Maildir, or a relay over SMTP.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use schakel_domain::{
    mail::{Verdict, fit},
    text::EmailAddress,
};
use tokio::{io::AsyncWriteExt, time::Instant};

use super::relay::{Parcel, Relay, Signer};
use crate::settings::MailSettings;

/// Mails that a Maildir takes at once.
const FOLDER_PLACES: usize = 8;

/// Mails that are leased together.
const BATCH: u32 = 64;

/// How handing over a mail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was tried.
    Ended(Verdict),
    /// It was not: then it may be, and why.
    Later(DateTime<Utc>, &'static str),
}

/// Where mail goes, and who signs it.
pub struct Transport {
    way: Way,
    signer: Option<Signer>,
}

enum Way {
    /// A Maildir that any mail client opens.
    Maildir(Maildir),
    /// A relay.
    Relay(Box<Relay>),
}

/// A Maildir: `tmp`, `new` and `cur` in one folder.
struct Maildir {
    root: PathBuf,
    delivered: Arc<AtomicU64>,
}

/// Why mail cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The Maildir or a file it names.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// The relay's certificate or name.
    #[error("mail.smtp: {0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
    /// The key to sign with.
    #[error("{0}: mail.dkim.key_file holds no private key in PKCS#8, Ed25519 or RSA of 2048 bits or more")]
    Dkim(PathBuf),
}

impl Transport {
    /// Sets up what the settings name.
    pub fn new(settings: &MailSettings) -> Result<Self, SetUpError> {
        let signer = settings.dkim.as_ref().map(Signer::new).transpose()?;
        let way = match &settings.smtp {
            Some(smtp) => Way::Relay(Box::new(Relay::new(smtp)?)),
            None => Way::Maildir(Maildir::new(settings.maildir.clone().unwrap_or_default())?),
        };
        Ok(Self { way, signer })
    }

    /// How many mails are given to it at once.
    pub fn places(&self) -> usize {
        match &self.way {
            Way::Maildir(_) => FOLDER_PLACES,
            Way::Relay(relay) => relay.places(),
        }
    }

    /// How many mails are worth taking up now: few or none while a relay takes nothing.
    pub fn batch(&self, now: DateTime<Utc>) -> u32 {
        match &self.way {
            Way::Maildir(_) => BATCH,
            Way::Relay(relay) => relay.batch(BATCH, now),
        }
    }

    /// Hands over one message for one recipient. Once it says so, the message is kept. Nothing else in
    /// this program sends mail: what could smuggle a command ends here.
    pub async fn send(
        &self,
        [from, to]: [&EmailAddress; 2],
        unique: &str,
        message: &[u8],
        (leased, now): (Instant, DateTime<Utc>),
    ) -> Outcome {
        let signed = self.signer.as_ref().map_or(Cow::Borrowed(message), |key| Cow::Owned(key.sign(message)));
        if fit(&signed).is_err() {
            return Outcome::Ended(Verdict::Dead("MESSAGE_UNFIT"));
        }
        match &self.way {
            Way::Maildir(maildir) => Outcome::Ended(match maildir.deliver(unique, &signed).await {
                Ok(()) => Verdict::Sent,
                Err(_) => Verdict::Again("MAILDIR_FAILED"),
            }),
            Way::Relay(relay) => relay.send(&Parcel { from, to, message: &signed, leased }, now).await,
        }
    }
}

impl Maildir {
    fn new(root: PathBuf) -> Result<Self, SetUpError> {
        for folder in ["tmp", "new", "cur"] {
            let path = root.join(folder);
            std::fs::create_dir_all(&path).map_err(|error| SetUpError::File(path, error))?;
        }
        Ok(Self { root, delivered: Arc::default() })
    }

    /// Writes to `tmp`, makes it durable, then renames to `new`: a reader sees whole
    /// messages only. `unique` is the same for a retry, which then replaces itself.
    async fn deliver(&self, unique: &str, message: &[u8]) -> std::io::Result<()> {
        let count = self.delivered.fetch_add(1, Ordering::Relaxed);
        let tmp = self.root.join("tmp").join(format!("{unique}.{}.{count}", std::process::id()));
        let new = self.root.join("new");
        let mut file = tokio::fs::File::create(&tmp).await?;
        file.write_all(message).await?;
        file.sync_all().await?;
        drop(file);
        tokio::fs::rename(&tmp, new.join(unique)).await?;
        sync_folder(&new).await
    }
}

/// A rename is durable once its folder is.
async fn sync_folder(folder: &Path) -> std::io::Result<()> {
    tokio::fs::File::open(folder).await?.sync_all().await
}
