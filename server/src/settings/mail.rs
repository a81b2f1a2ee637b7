//! How mail leaves.

use std::path::PathBuf;

use schakel_domain::text::EmailAddress;
use serde::Deserialize;

use super::InboxSettings;

/// How mail leaves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// The address of the organiser, stable for all mail, and its domain in every `Message-ID`.
    #[serde(deserialize_with = "address")]
    pub sender: EmailAddress,
    /// The number that participants may call, printed in every mail.
    #[serde(default)]
    pub telephone: Option<String>,
    /// How many seconds after a move it is told, so that moves in one go are told once.
    #[serde(default = "super::a_minute")]
    pub update_delay_seconds: u32,
    /// A Maildir to deliver to, instead of a relay.
    pub maildir: Option<PathBuf>,
    /// The relay to send through.
    pub smtp: Option<SmtpSettings>,
    /// The key that mail is signed with; absent means that the relay signs, or nobody.
    pub dkim: Option<DkimSettings>,
    /// The mailbox in which answers arrive; absent means that none are read.
    pub inbox: Option<InboxSettings>,
}

/// The relay to send through.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// Its name, as in its certificate.
    pub host: String,
    /// Its port; absent means 587, or 465 for `tls`.
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub security: Security,
    /// The account, when it wants one.
    pub username: Option<String>,
    /// A file with the account's password on its first line.
    pub password_file: Option<PathBuf>,
    /// A PEM file of a certificate authority to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// How much it is asked for, and how long it may take.
    #[serde(default)]
    pub limits: RelayLimits,
}

/// How much a relay is asked for, and how long it may take for each step.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RelayLimits {
    /// Connections at once.
    pub connections: u32,
    /// After so many mails a connection is ended.
    pub mails_per_connection: u32,
    /// After so many seconds without a mail a connection is ended.
    pub idle_seconds: u32,
    /// Mails in a minute to addresses of one domain; absent means as many as there are.
    pub per_domain_per_minute: Option<u32>,
    /// To reach it.
    pub connect_seconds: u32,
    /// For each answer but the last. A mail whose content is not under way after a minute and a half
    /// waits for another try, because of what the last may take.
    pub command_seconds: u32,
    /// For the answer to the content, at most the 600 of RFC 5321 §4.5.3.2.6.
    pub data_seconds: u32,
}

impl Default for RelayLimits {
    fn default() -> Self {
        Self {
            connections: 8,
            mails_per_connection: 100,
            idle_seconds: 60,
            per_domain_per_minute: None,
            connect_seconds: 30,
            command_seconds: 60,
            data_seconds: 600,
        }
    }
}

/// The key that mail is signed with (RFC 6376).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DkimSettings {
    /// The domain that signs, which is the sender's or one above it.
    pub domain: String,
    /// The key's name: its public half stands in the DNS at `<selector>._domainkey.<domain>`.
    pub selector: String,
    /// A PEM file with a private key in PKCS#8: Ed25519, or RSA of at least 2048 bits.
    pub key_file: PathBuf,
}

/// How a connection to the relay is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Plain, then TLS or nothing is sent (RFC 3207).
    #[default]
    Starttls,
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// None: only to this machine itself.
    None,
}

fn address<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<EmailAddress, D::Error> {
    String::deserialize(deserializer)?
        .parse()
        .map_err(|_| serde::de::Error::custom("not an e-mail address that mail can be sent from"))
}

impl MailSettings {
    /// What would harm people, or send nothing, if it ran like this.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        match (&self.maildir, &self.smtp) {
            (Some(_), None) => {}
            (None, Some(smtp)) => faults.extend(smtp.faults()),
            (Some(_), Some(_)) | (None, None) => {
                faults.push("mail has either maildir or smtp: choose one".into());
            }
        }
        if let Some(dkim) = &self.dkim {
            faults.extend(dkim.faults(self.sender.as_str()));
        }
        if let Some(inbox) = &self.inbox {
            faults.extend(inbox.faults(self.sender.as_str()));
        }
        faults
    }
}

impl SmtpSettings {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let here = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if self.security == Security::None && !here {
            faults.push("mail.smtp.security is none for another machine: use starttls or tls".into());
        }
        if self.username.is_some() != self.password_file.is_some() {
            faults.push("mail.smtp.username and password_file go together".into());
        }
        let limits = &self.limits;
        if !(1..=64).contains(&limits.connections) || limits.mails_per_connection == 0 {
            faults
                .push("mail.smtp.limits: connections is 1 to 64, and mails_per_connection at least 1".into());
        }
        let times = [limits.connect_seconds, limits.command_seconds];
        if times.iter().any(|time| !(1..=60).contains(time)) || !(1..=600).contains(&limits.data_seconds) {
            faults.push(
                "mail.smtp.limits: connect_seconds and command_seconds are 1 to 60, data_seconds 1 to 600"
                    .into(),
            );
        }
        if limits.per_domain_per_minute == Some(0) {
            faults
                .push("mail.smtp.limits.per_domain_per_minute of 0 would send nothing: leave it out".into());
        }
        faults
    }
}

impl DkimSettings {
    fn faults(&self, sender: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let name = |name: &str| {
            let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            !name.is_empty() && name.chars().all(sound)
        };
        if !name(&self.domain) || !name(&self.selector) {
            faults.push("mail.dkim.domain and selector are names of the DNS".into());
        }
        let own = sender.rsplit_once('@').map_or("", |(_, domain)| domain).to_ascii_lowercase();
        let domain = self.domain.to_ascii_lowercase();
        if own != domain && !own.ends_with(&format!(".{domain}")) {
            faults
                .push("mail.dkim.domain is not that of mail.sender: nobody would count the signature".into());
        }
        faults
    }
}
