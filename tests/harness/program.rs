//! The real program in a process of its own, on a data folder of its own.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use schakel_client::{Connection, Profile};

use crate::{Folder, needs::Need};

/// What the program needs from outside for a test.
#[derive(Debug, Clone)]
pub struct Outside {
    /// The program.
    pub binary: PathBuf,
    /// A database other than the embedded one.
    pub database: Option<String>,
    /// Port, authority and folder of a real SMTP server; without it, a Maildir.
    pub smtp: Option<(String, String, PathBuf)>,
    /// What it logs, when that is not the usual.
    pub log: Option<&'static str>,
}

impl Outside {
    /// The program alone, or none when it is not there.
    pub fn binary(test: &str) -> Option<Self> {
        let binary = Need::Binary.or_skip(test)?.into();
        Some(Self { binary, database: None, smtp: None, log: None })
    }

    /// With a real SMTP server.
    pub fn with_smtp(mut self, test: &str) -> Option<Self> {
        let port = Need::SmtpPort.or_skip(test)?;
        let ca = Need::SmtpCa.or_skip(test)?;
        let folder = Need::SmtpFolder.or_skip(test)?;
        self.smtp = Some((port, ca, folder.into()));
        Some(self)
    }
}

/// A running `schakel demo --small`.
pub struct Program {
    child: Child,
    /// Its address.
    pub address: String,
    /// Its data folder.
    pub folder: PathBuf,
    /// What it printed when it was ready.
    pub said: String,
    profile: toml::Table,
    // Goes last, with everything in it.
    home: Option<Folder>,
}

/// How a folder is begun: on a Monday morning, with cases that begin then.
pub const FIRST: &[&str] = &["--now", "2026-11-23T09:00:00+01:00", "--without-past"];

/// A port that nobody listens on now.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Program {
    /// Starts on a fresh folder, and waits until it has said how to try it.
    pub fn start(outside: &Outside) -> Self {
        Self::fresh(outside, FIRST)
    }

    /// The same with a year of cases behind it.
    pub fn start_with_past(outside: &Outside) -> Self {
        Self::fresh(outside, &FIRST[..2])
    }

    fn fresh(outside: &Outside, options: &[&str]) -> Self {
        let home = Folder::new();
        let folder = home.join("data");
        let mut program = Self::start_in(outside, &folder, options);
        program.home = Some(home);
        program
    }

    /// Starts on `folder` as it is.
    pub fn start_in(outside: &Outside, folder: &Path, options: &[&str]) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        let mut command = Command::new(&outside.binary);
        command.args(["demo", "--small", "--listen", &address, "--data-dir"]).arg(folder);
        command.args(options);
        if let Some(database) = &outside.database {
            command.args(["--database", database]);
        }
        if let Some(log) = outside.log {
            command.args(["--log", log]);
        }
        if let Some((port, ca, _)) = &outside.smtp {
            command.args(["--smtp", &format!("localhost:{port}"), "--smtp-ca", ca]);
        }
        let log =
            std::fs::File::options().create(true).append(true).open(folder.with_extension("log")).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut said = String::new();
        let mut ready = false;
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
            said += &line;
            said.push('\n');
            ready = line.starts_with("Ctrl-C ends it");
            if ready {
                break;
            }
        }
        if !ready {
            let log = std::fs::read_to_string(folder.with_extension("log")).unwrap_or_default();
            panic!("the program ended before it was ready:\n{log}");
        }
        let profile = std::fs::read_to_string(folder.join("profile.toml")).unwrap();
        let profile = toml::from_str(&profile).unwrap();
        Self { child, address, folder: folder.to_owned(), said, profile, home: None }
    }

    /// A connection as one of the story's people.
    pub async fn as_person(&self, role: &str) -> Connection {
        let person = &self.profile["people"][role];
        let text = |key: &str| person[key].as_str().unwrap().to_owned();
        let mut profile = Profile::new(format!("http://{}", self.address), text("token"));
        profile.acting_for = Some(text("acting_for"));
        Connection::open(&profile).await.unwrap()
    }

    /// The token of one of the story's people.
    pub fn token(&self, role: &str) -> String {
        self.profile["people"][role]["token"].as_str().unwrap().to_owned()
    }

    /// A resource name from the profile.
    pub fn named(&self, name: &str) -> String {
        self.profile["names"][name].as_str().unwrap().to_owned()
    }

    /// What it has in memory now, and has had at most, in KiB.
    pub fn memory(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse().unwrap()
        };
        (of("VmRSS:"), of("VmHWM:"))
    }

    /// What the program has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.with_extension("log")).unwrap_or_default()
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(mut self) -> PathBuf {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let folder = self.folder.clone();
        // The folder outlives this run of the program.
        std::mem::forget(self.home.take());
        folder
    }

    /// Sends it `signal`, for example `-HUP`.
    pub fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// Asks it to stop, and says how it ended.
    pub fn terminate(mut self) -> std::process::ExitStatus {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
