//! The mailbox in which answers by mail arrive.

use std::path::PathBuf;

use schakel_domain::{imap, inbox::LONGEST};
use serde::Deserialize;

use super::Security;

/// The mailbox in which answers by mail arrive. Its server must take away every
/// `Authentication-Results` that bears its own name before it adds one (RFC 8601 §5).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InboxSettings {
    /// The IMAP server's name, as in its certificate.
    pub host: String,
    /// Its port; absent means 993, or 143 for `starttls`.
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default = "tls")]
    pub security: Security,
    /// The account.
    pub username: String,
    /// A file with the account's password on its first line.
    pub password_file: PathBuf,
    /// A PEM file of certificate authorities to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// The folder that is read.
    #[serde(default = "folder")]
    pub folder: String,
    /// Where mails go that were understood.
    #[serde(default = "done")]
    pub done: String,
    /// Where the others go.
    #[serde(default = "aside")]
    pub aside: String,
    /// How often it is looked, when the server does not tell by itself.
    #[serde(default = "super::a_minute")]
    pub poll_seconds: u32,
    /// The name of our own mail server in `Authentication-Results`; absent means that only mails to the
    /// address of an invitation count.
    pub authserv_id: Option<String>,
    /// What stands between the sender's mailbox and what is added to it.
    #[serde(default = "plus")]
    pub separator: char,
    /// Who is the organiser in calendars.
    #[serde(default)]
    pub organizer: Organizer,
}

/// Who is the organiser in calendars, to whom mail programs send answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Organizer {
    /// The sender: programs recognise it, and answers need a server that vouches for their author.
    #[default]
    Stable,
    /// The address of each invitation: answers need nothing else.
    Token,
}

fn tls() -> Security {
    Security::Tls
}

fn folder() -> String {
    "INBOX".into()
}

fn done() -> String {
    "Schakel-verwerkt".into()
}

fn aside() -> String {
    "Schakel-apart".into()
}

fn plus() -> char {
    '+'
}

impl InboxSettings {
    /// What would harm people, or read nothing, if it ran like this.
    pub(super) fn faults(&self, sender: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let here = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if self.security == Security::None && !here {
            faults.push("mail.inbox.security is none for another machine: use tls or starttls".into());
        }
        let folders = [&self.folder, &self.done, &self.aside];
        let sound = folders.iter().all(|folder| !folder.is_empty() && imap::quoted(folder).is_some());
        if !sound || self.folder == self.done || self.folder == self.aside {
            faults.push(
                "mail.inbox.folder, done and aside are names in plain ASCII, and what is read is none of the others"
                    .into(),
            );
        }
        if !(5..=3600).contains(&self.poll_seconds) {
            faults.push("mail.inbox.poll_seconds is 5 to 3600".into());
        }
        let local = sender.rsplit_once('@').map_or("", |(local, _)| local);
        if !"+-=.".contains(self.separator) || local.len() + 1 + LONGEST > 64 {
            faults.push(format!(
                "mail.inbox.separator is one of + - = . and the name of mail.sender before the @ at most {} long",
                63 - LONGEST
            ));
        }
        faults
    }
}
