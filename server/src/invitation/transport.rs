//! Where a rendered mail goes: a Maildir, or a relay over SMTP.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    address::Envelope,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        response::Severity,
    },
};
use schakel_domain::text::EmailAddress;
use tokio::io::AsyncWriteExt;

use crate::settings::{MailSettings, Security, SmtpSettings};

/// A relay that does not let itself be reached.
const CONNECT: Duration = Duration::from_secs(30);
/// A relay may take ten minutes after the final dot (RFC 5321 §4.5.3.2.6), and the row is leased
/// for twelve.
const LONGEST: Duration = Duration::from_mins(11);

/// Why a mail did not go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Later it may (RFC 5321 §4.2.1: 4yz, or no answer).
    Retry(&'static str),
    /// It never will (5yz, or the message is not fit to be sent).
    GiveUp(&'static str),
}

/// Where mail goes.
pub enum Transport {
    /// A Maildir that any mail client opens.
    Maildir(Maildir),
    /// A relay.
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

/// A Maildir: `tmp`, `new` and `cur` in one folder.
pub struct Maildir {
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
}

impl Transport {
    /// Sets up what the settings name.
    pub fn new(settings: &MailSettings) -> Result<Self, SetUpError> {
        if let Some(smtp) = &settings.smtp {
            return relay(smtp).map(Box::new).map(Self::Smtp);
        }
        let root = settings.maildir.clone().unwrap_or_default();
        for folder in ["tmp", "new", "cur"] {
            let path = root.join(folder);
            std::fs::create_dir_all(&path).map_err(|error| SetUpError::File(path, error))?;
        }
        Ok(Self::Maildir(Maildir { root, delivered: Arc::default() }))
    }

    /// Hands over one message for one recipient. Once it returns, the message is kept.
    pub async fn send(
        &self,
        from: &EmailAddress,
        to: &EmailAddress,
        unique: &str,
        message: &[u8],
    ) -> Result<(), Failure> {
        if !fit(message) {
            return Err(Failure::GiveUp("MESSAGE_UNFIT"));
        }
        match self {
            Self::Maildir(maildir) => {
                maildir.deliver(unique, message).await.map_err(|_| Failure::Retry("MAILDIR_FAILED"))
            }
            Self::Smtp(relay) => {
                let parse = |address: &EmailAddress| {
                    address.as_str().parse().map_err(|_| Failure::GiveUp("ADDRESS_REFUSED"))
                };
                let envelope = Envelope::new(Some(parse(from)?), vec![parse(to)?])
                    .map_err(|_| Failure::GiveUp("ADDRESS_REFUSED"))?;
                match tokio::time::timeout(LONGEST, relay.send_raw(&envelope, message)).await {
                    Ok(sent) => sent.map(|_| ()).map_err(|error| sort(&error)),
                    Err(_) => Err(Failure::Retry("SMTP_TIMEOUT")),
                }
            }
        }
    }
}

/// 4yz and silence may pass; 5yz will not, but for what is about ourselves and not about the
/// mail: an operator can mend a password (RFC 4954 §6: 530 to 538).
fn sort(error: &lettre::transport::smtp::Error) -> Failure {
    let code = error.status().map(u16::from);
    match error.status().map(|code| code.severity) {
        Some(_) if code.is_some_and(|code| (530..=538).contains(&code)) => {
            Failure::Retry("SMTP_NOT_ADMITTED")
        }
        Some(Severity::PermanentNegativeCompletion) => Failure::GiveUp("SMTP_PERMANENT"),
        Some(_) => Failure::Retry("SMTP_TRANSIENT"),
        None if error.is_timeout() => Failure::Retry("SMTP_TIMEOUT"),
        None => Failure::Retry("SMTP_UNREACHABLE"),
    }
}

fn relay(settings: &SmtpSettings) -> Result<AsyncSmtpTransport<Tokio1Executor>, SetUpError> {
    let read =
        |path: &PathBuf| std::fs::read_to_string(path).map_err(|error| SetUpError::File(path.clone(), error));
    let mut parameters = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        parameters = parameters.add_root_certificate(Certificate::from_pem(read(path)?.as_bytes())?);
    }
    let (usual, tls) = match settings.security {
        Security::Starttls => (587, Tls::Required(parameters.build()?)),
        Security::Tls => (465, Tls::Wrapper(parameters.build()?)),
        Security::None => (25, Tls::None),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
        .port(settings.port.unwrap_or(usual))
        .tls(tls)
        .timeout(Some(CONNECT));
    if let (Some(username), Some(path)) = (&settings.username, &settings.password_file) {
        let password = read(path)?.lines().next().unwrap_or_default().to_owned();
        builder = builder.credentials(Credentials::new(username.clone(), password));
    }
    Ok(builder.build())
}

/// Whether the bytes are lines that end in CRLF only, none longer than 998 octets
/// (RFC 5322 §2.1.1). The relay's client stuffs dots after CRLF only, so a bare CR or LF
/// could begin a command of its own.
fn fit(message: &[u8]) -> bool {
    let mut length = 0;
    let mut previous = 0;
    for &byte in message {
        match (previous, byte) {
            (b'\r', b'\n') => length = 0,
            (b'\r', _) | (_, b'\n' | 0) => return false,
            (_, b'\r') => {}
            _ => length += 1,
        }
        if length > 998 {
            return false;
        }
        previous = byte;
    }
    message.ends_with(b"\r\n")
}

impl Maildir {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_could_smuggle_a_command_are_not_sent() {
        assert!(fit(b"Subject: a\r\n\r\n.\r\nb\r\n"));
        for bad in [&b"a\n.\nMAIL FROM:<x>\r\n"[..], b"a\rb\r\n", b"a", b"a\0\r\n", b"a\r\n\n\r\n"] {
            assert!(!fit(bad), "{bad:?}");
        }
        assert!(!fit(&[vec![b'x'; 999], b"\r\n".to_vec()].concat()));
    }
}
