//! What a test needs beyond this program: told by the environment, named when it is missing.

use std::{
    collections::BTreeSet,
    io::Write,
    sync::{Mutex, PoisonError},
};

static NAMED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Something that a test needs from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// A PostgreSQL server on which databases may be made.
    Postgres,
    /// `tests/provision/postgres`, to start and kill a cluster.
    PostgresCluster,
    /// The program `schakel`.
    Binary,
    /// A Python with what stands in `tests/provision/requirements.txt`.
    Python,
    /// The port of a real SMTP server on this machine that insists on STARTTLS.
    SmtpPort,
    /// The certificate authority of that server.
    SmtpCa,
    /// The folder in which that server keeps messages.
    SmtpFolder,
    /// The address of a real identity provider on this machine.
    Oidc,
    /// The file of ical.js that Node loads.
    IcalJs,
    /// The shared library libical.
    Libical,
    /// The browser Chromium.
    Chromium,
    /// The folder in which Node finds what drives that browser, and axe.
    BrowserTools,
    /// The folder of programs that has vdirsyncer and khal.
    Subscribers,
    /// The program Radicale.
    Radicale,
    /// The folder of a real IMAP server on this machine (`tests/provision/dovecot`).
    Imap,
    /// The load generator of nghttp2.
    H2load,
    /// The client of nghttp2.
    Nghttp,
    /// The folder in which the TypeScript client was built (`tests/provision/typescript`).
    TypeScript,
}

impl Need {
    fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "TEST_DATABASE_URL",
            Self::PostgresCluster => "SCHAKEL_TEST_POSTGRES",
            Self::Binary => "SCHAKEL_TEST_BINARY",
            Self::Python => "SCHAKEL_TEST_PYTHON",
            Self::SmtpPort => "SCHAKEL_TEST_SMTP_PORT",
            Self::SmtpCa => "SCHAKEL_TEST_SMTP_CA",
            Self::SmtpFolder => "SCHAKEL_TEST_SMTP_FOLDER",
            Self::Oidc => "SCHAKEL_TEST_OIDC_URL",
            Self::IcalJs => "SCHAKEL_TEST_ICALJS",
            Self::Libical => "SCHAKEL_TEST_LIBICAL",
            Self::Chromium => "SCHAKEL_TEST_CHROMIUM",
            Self::BrowserTools => "SCHAKEL_TEST_BROWSER_TOOLS",
            Self::Subscribers => "SCHAKEL_TEST_SUBSCRIBERS",
            Self::Radicale => "SCHAKEL_TEST_RADICALE",
            Self::Imap => "SCHAKEL_TEST_IMAP",
            Self::H2load => "SCHAKEL_TEST_H2LOAD",
            Self::Nghttp => "SCHAKEL_TEST_NGHTTP",
            Self::TypeScript => "SCHAKEL_TEST_TYPESCRIPT",
        }
    }

    /// Its value; when it is missing, `test` is named as skipped beside the captured output.
    ///
    /// # Panics
    /// When it is missing and `CI` is set: there nothing may be skipped.
    pub fn or_skip(self, test: &str) -> Option<String> {
        let variable = self.variable();
        if let Some(value) = variable_of(variable) {
            return Some(value);
        }
        assert!(variable_of("CI").is_none(), "{test}: {variable} is not set, and CI forbids to skip");
        let line = format!("skipped: {test} (without {variable}; tests/run provides it)\n");
        if NAMED.lock().unwrap_or_else(PoisonError::into_inner).insert(line.clone()) {
            let _ = std::io::stderr().write_all(line.as_bytes());
        }
        None
    }
}

/// Whether `tests/run` runs the tests: it turns to PostgreSQL itself, after SQLite.
pub fn in_turn() -> bool {
    variable_of("SCHAKEL_TEST_RUN").is_some()
}

/// How long the drills last.
pub fn full_drill() -> bool {
    variable_of("SCHAKEL_DRILL").is_some_and(|drill| drill == "full")
}

/// The folder in which pictures of all pages and letters are to be kept, if they are.
pub fn pictures() -> Option<String> {
    variable_of("SCHAKEL_TEST_PICTURES")
}

#[expect(clippy::disallowed_methods, reason = "tests are told by the environment what there is")]
fn variable_of(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
