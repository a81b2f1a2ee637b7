//! What the administrator chooses: one TOML file, parsed once into valid values.

mod identity;
mod inbox;
mod limits;
mod mail;

use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use serde::Deserialize;

pub use self::identity::{
    Algorithm, AuthSettings, IssuerSettings, MutualTlsSettings, Network, OutsideSettings, Profile,
    SignInSettings,
};
pub use self::inbox::{InboxSettings, Organizer};
pub use self::limits::{AddressRange, LimitSettings, seconds};
pub use self::mail::{DkimSettings, MailSettings, RelayLimits, Security, SmtpSettings};

/// The settings of one server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Whether this is the real thing.
    #[serde(default)]
    pub profile: Profile,
    /// Where to listen, for example `127.0.0.1:8480`.
    pub listen: SocketAddr,
    /// The address that people and calendars reach it by, without a slash at the end.
    pub public_url: String,
    /// The database.
    pub database: DatabaseSettings,
    /// The keys that seal personal fields.
    pub keys: KeySettings,
    /// How mail leaves.
    pub mail: MailSettings,
    /// The certificate of the public port; without it, a proxy in front speaks TLS.
    pub tls: Option<TlsSettings>,
    /// How people and systems sign in, besides tokens of our own.
    #[serde(default)]
    pub auth: AuthSettings,
    /// The listener for systems with client certificates.
    pub mtls: Option<MutualTlsSettings>,
    /// What is logged.
    #[serde(default)]
    pub log: LogSettings,
    /// What one caller, one connection and all of them together may take.
    #[serde(default)]
    pub limits: LimitSettings,
    /// The proxies whose word about a client's address is taken; of nobody else it is.
    #[serde(default)]
    pub trusted_proxies: Vec<AddressRange>,
    /// The header in which they say it. They must set it or add to it themselves.
    #[serde(default)]
    pub forwarded_header: ForwardedHeader,
    /// Whether the API describes itself (gRPC reflection); absent means in the demo only.
    pub reflection: Option<bool>,
    /// Whom to tell of a weakness.
    #[serde(default)]
    pub security: SecuritySettings,
    /// How calendars that people keep elsewhere are asked for.
    #[serde(default)]
    pub outside: OutsideSettings,
}

/// How a proxy says whom it heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`, which everybody knows.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// What `/.well-known/security.txt` says (RFC 9116).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecuritySettings {
    /// `mailto:…` or `https://…`; absent means the address that mail is sent from.
    pub contact: Option<String>,
    /// Until when that holds; absent means half a year from whenever it is read.
    pub expires: Option<DateTime<Utc>>,
}

/// The database.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite:<path>` for one process, or `postgres://user@host/database`.
    pub url: String,
    /// How many seconds a start waits while another process changes the schema.
    #[serde(default = "a_minute")]
    pub migration_wait_seconds: u32,
}

/// The keys that seal personal fields.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySettings {
    /// A key file that only the server can read (mode 0400); `schakel keys new` makes one.
    pub file: PathBuf,
    /// Where erasures are written down outside the database, so that a restored backup forgets
    /// them again; absent means `erasures.log` beside the key file. Never part of a backup.
    #[serde(default)]
    pub erasure_journal: Option<PathBuf>,
}

impl KeySettings {
    /// The journal of erasures.
    pub fn journal(&self) -> PathBuf {
        self.erasure_journal.clone().unwrap_or_else(|| self.file.with_file_name("erasures.log"))
    }
}

/// The certificate of the public port.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsSettings {
    /// PEM, the server's own certificate first.
    pub certificate: PathBuf,
    /// PEM, readable only by the server.
    pub key: PathBuf,
}

/// What is logged.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogSettings {
    /// For example `info` or `schakel_server=debug,info`.
    pub filter: String,
    /// One JSON object a line instead of text.
    pub json: bool,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { filter: "info".into(), json: false }
    }
}

fn a_minute() -> u32 {
    60
}

/// What is wrong with the settings, each with its place and remedy.
#[derive(Debug)]
pub struct BadSettings(pub Vec<String>);

impl fmt::Display for BadSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for BadSettings {}

impl Settings {
    /// Reads `path` and checks it whole.
    ///
    /// # Errors
    /// All that is wrong, each as `file:line: what, and what to do`.
    pub fn load(path: &Path) -> Result<Self, BadSettings> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|error| BadSettings(vec![format!("{shown}: cannot be read: {error}")]))?;
        Self::parse(&text, &shown.to_string())
    }

    /// Parses `text`, which came from `shown`.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn parse(text: &str, shown: &str) -> Result<Self, BadSettings> {
        let settings: Self = toml::from_str(text).map_err(|error| {
            let line =
                error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let key = error.span().and_then(|span| text.get(span)).unwrap_or_default().trim();
            BadSettings(vec![format!(
                "{shown}:{line}: {}{}",
                error.message(),
                did_you_mean(key, error.message())
            )])
        })?;
        let faults = settings.faults();
        if faults.is_empty() {
            Ok(settings)
        } else {
            Err(BadSettings(
                faults.into_iter().map(|fault| format!("{shown}: CONFIG_INSECURE: {fault}")).collect(),
            ))
        }
    }

    /// What would harm people if it ran like this.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !self.listen.ip().is_loopback() && self.public_url.starts_with("http://") {
            faults.push("public_url is http:// while listening beyond this machine: use https://".into());
        }
        if !(self.public_url.starts_with("http://") || self.public_url.starts_with("https://"))
            || self.public_url.ends_with('/')
        {
            faults.push("public_url is like https://schakel.example, without a slash at the end".into());
        }
        faults.extend(self.mail.faults());
        if !(self.database.url.starts_with("sqlite:") || self.database.url.starts_with("postgres")) {
            faults.push("database.url begins with sqlite: or postgres://".into());
        }
        let contact = self.security.contact.as_deref().unwrap_or("mailto:");
        if !["mailto:", "https://", "tel:"].iter().any(|form| contact.starts_with(form))
            || contact.contains(char::is_control)
        {
            faults.push("security.contact begins with mailto:, https:// or tel:".into());
        }
        faults.extend(self.limits.faults());
        faults.extend(self.auth.faults());
        faults.extend(self.outside.faults());
        if self.auth.builtin_reaches(self.listen, &self.public_url) {
            faults.push(
                "auth.builtin_issuer is for this machine only: listen and public_url on 127.0.0.1".into(),
            );
        }
        if self.mtls.as_ref().is_some_and(|mtls| mtls.crl.is_empty()) {
            faults.push("mtls.crl is empty: without revocation lists no client can be let in".into());
        }
        if self.profile == Profile::Production {
            let development = self.of_development();
            let told = |what| format!("{what}; only profile = \"development\" allows it");
            faults.extend(development.into_iter().map(told));
        }
        faults
    }

    /// What is for development only.
    fn of_development(&self) -> Vec<String> {
        let mut found = self.auth.of_development();
        found.extend(self.outside.of_development());
        if self.public_url.starts_with("http://") {
            found.push("public_url is http://: what people send can be read on its way".into());
        }
        if self.mail.maildir.is_some() {
            found.push("mail.maildir: nobody gets the mail".into());
        }
        if let Some(path) = self.database.url.strip_prefix("sqlite:") {
            let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
            let path = std::path::absolute(path).unwrap_or_else(|_| path.into());
            if identity::on_network(&path, &mounts) {
                found.push("database.url is SQLite on another machine's disk: its locks do not hold".into());
            }
        }
        found
    }
}

/// `; did you mean x?` when an expected key is close to the one that was found.
fn did_you_mean(key: &str, message: &str) -> String {
    let expected = message.split("expected").nth(1).unwrap_or_default();
    let near = expected
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|known| (distance(key, known), known))
        .filter(|(distance, known)| *distance <= known.len().div_ceil(2))
        .min();
    near.map_or_else(String::new, |(_, known)| format!("; did you mean {known}?"))
}

/// How many letters must change to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (above, a) in one.chars().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (at, b) in other.chars().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[other.chars().count()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "profile = \"development\"\nlisten = \"127.0.0.1:0\"\npublic_url = \"http://127.0.0.1:8480\"\n[database]\nurl = \"sqlite:x.db\"\n[keys]\nfile = \"keys.toml\"\n[mail]\nsender = \"overleg@schakel.example\"\nmaildir = \"mail\"\n";

    #[test]
    fn a_slip_of_the_pen_names_its_line_and_the_right_word() {
        let text = GOOD.replace("maildir =", "smpt = {}\nmaildir =");
        let told = Settings::parse(&text, "schakel.toml").unwrap_err().to_string();
        assert!(told.starts_with("schakel.toml:10: unknown field `smpt`"), "{told}");
        assert!(told.ends_with("did you mean smtp?"), "{told}");
    }

    #[test]
    fn everything_that_is_insecure_is_listed_at_once() {
        let text = GOOD
            .replace("127.0.0.1:0", "0.0.0.0:80")
            .replace("maildir = \"mail\"", "[mail.smtp]\nhost = \"relay.example\"\nsecurity = \"none\"");
        assert_eq!(Settings::parse(&text, "x").unwrap_err().0.len(), 2);
        assert!(Settings::parse(GOOD, "x").is_ok());
    }

    #[test]
    fn a_wrong_type_and_a_missing_key_are_told_with_their_line() {
        let wrong = Settings::parse(&GOOD.replace("\"127.0.0.1:0\"", "8480"), "x").unwrap_err().to_string();
        assert!(wrong.starts_with("x:2:"), "{wrong}");
        let missing =
            Settings::parse(&GOOD.replace("public_url = \"http://127.0.0.1:8480\"\n", ""), "x").unwrap_err();
        assert!(missing.to_string().contains("missing field `public_url`"), "{missing}");
    }
}
