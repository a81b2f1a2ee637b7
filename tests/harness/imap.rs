//! A mailbox on a real IMAP server, into which mails fall as a mail server would put them.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
};

use schakel_server::{
    app::Ids,
    settings::{InboxSettings, Organizer, Security},
    world::SystemIds,
};
use serde_json::Value;

use crate::{Folder, needs::Need};

/// The name of our own mail server in what it finds.
pub const AUTHSERV: &str = "mx.own.example";

/// A mailbox of its own.
pub struct Mailbox {
    user: String,
    root: PathBuf,
    ports: [u16; 2],
    ca: PathBuf,
    password: PathBuf,
    count: AtomicU64,
    /// For whatever a test writes.
    pub folder: Folder,
}

impl Mailbox {
    /// An empty one; none without a server.
    pub fn new(test: &str) -> Option<Self> {
        let root = PathBuf::from(Need::Imap.or_skip(test)?);
        let ports = std::fs::read_to_string(root.join("ports")).unwrap();
        let mut ports = ports.split_whitespace().map(|port| port.parse().unwrap());
        let ports = [ports.next().unwrap(), ports.next().unwrap()];
        let mut random = [0; 8];
        SystemIds::default().fill(&mut random);
        let user = format!("u{}", u64::from_be_bytes(random));
        let folder = Folder::new();
        let password = folder.join("password");
        std::fs::write(&password, "geheim\n").unwrap();
        let own = root.join("mail").join(&user);
        for name in ["", "tmp", "new", "cur"] {
            std::fs::create_dir_all(own.join(name)).unwrap();
            open(&own.join(name), 0o777);
        }
        let ca = root.join("ca.pem");
        Some(Self { user, root: own, ports, ca, password, count: AtomicU64::new(0), folder })
    }

    /// How it is read: with TLS from the first byte.
    pub fn settings(&self) -> InboxSettings {
        InboxSettings {
            host: "localhost".into(),
            port: Some(self.ports[0]),
            security: Security::Tls,
            username: self.user.clone(),
            password_file: self.password.clone(),
            ca_file: Some(self.ca.clone()),
            folder: "INBOX".into(),
            done: "Schakel-verwerkt".into(),
            aside: "Schakel-apart".into(),
            poll_seconds: 1,
            authserv_id: Some(AUTHSERV.into()),
            separator: '+',
            organizer: Organizer::Stable,
        }
    }

    /// The same with STARTTLS, of a server that knows neither IDLE nor MOVE.
    pub fn plain_settings(&self) -> InboxSettings {
        InboxSettings {
            host: "127.0.0.2".into(),
            port: Some(self.ports[1]),
            security: Security::Starttls,
            ..self.settings()
        }
    }

    /// A mail arrives.
    pub fn put(&self, mail: &[u8]) {
        let count = self.count.fetch_add(1, Ordering::SeqCst);
        let name = format!("1795420800.M{count:06}.test");
        let path = self.root.join("tmp").join(&name);
        std::fs::write(&path, mail).unwrap();
        // Whoever the server runs as moves it.
        open(&path, 0o666);
        std::fs::rename(&path, self.root.join("new").join(&name)).unwrap();
    }

    /// The mails of a folder; `""` is the inbox.
    pub fn mails(&self, name: &str) -> Vec<String> {
        let root = if name.is_empty() { self.root.clone() } else { self.root.join(format!(".{name}")) };
        let mut all = Vec::new();
        for part in ["new", "cur"] {
            let Ok(files) = std::fs::read_dir(root.join(part)) else { continue };
            let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
            paths.sort();
            all.extend(
                paths.iter().map(|path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()),
            );
        }
        all
    }

    /// How many are in the inbox, were understood, and were put aside.
    pub fn counts(&self) -> [usize; 3] {
        ["", "Schakel-verwerkt", "Schakel-apart"].map(|name| self.mails(name).len())
    }

    /// Answers to invitations by a program of another author; see `tests/independent/replies.py`. None
    /// without Python.
    pub fn written(&self, wishes: &[Value], test: &str) -> Option<Vec<Vec<u8>>> {
        let python = Need::Python.or_skip(test)?;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/independent/replies.py");
        let mut wishes = wishes.to_vec();
        for (nth, wish) in wishes.iter_mut().enumerate() {
            let count = self.count.fetch_add(1, Ordering::SeqCst);
            wish["out"] = format!("{count}-{nth}.eml").into();
        }
        let folder = self.folder.join("");
        let mut running =
            Command::new(python).arg(script).arg(&folder).stdin(Stdio::piped()).spawn().unwrap();
        serde_json::to_writer(running.stdin.take().unwrap(), &wishes).unwrap();
        assert!(running.wait().unwrap().success());
        let read = |wish: &Value| std::fs::read(folder.join(wish["out"].as_str().unwrap())).unwrap();
        Some(wishes.iter().map(read).collect())
    }
}

fn open(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}
