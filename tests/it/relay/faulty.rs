//! A relay that fails where and how it is told to.

use std::sync::{Arc, Mutex};

use schakel_tests::Folder;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::identity::certificates::Authority;

/// Where it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::EnumIter, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub(super) enum At {
    Connect,
    Banner,
    Ehlo,
    Starttls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Dot,
    Quit,
}

/// How.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter)]
pub(super) enum Fault {
    /// The connection is refused, or cut without a word.
    Refuse,
    /// Nothing is said any more.
    Hang,
    /// It is closing down.
    Code421,
    /// Not now.
    Code450,
    /// Not the first time.
    Code451,
    /// Never.
    Code550,
    /// Something that is no answer.
    Garbage,
    /// No TLS, or none any more.
    Downgrade,
    /// A certificate for another name.
    Mismatch,
    /// Half an answer, then it is cut.
    Partial,
    /// Never, because of who sends; not one of the ten of the sheet.
    #[strum(disabled)]
    Policy,
}

/// What it took: from whom, to whom, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) to: String,
    pub(super) message: Vec<u8>,
}

struct Inner {
    fault: Mutex<Option<(At, Fault)>>,
    kept: Mutex<Vec<Kept>>,
    connections: Mutex<usize>,
    good: TlsAcceptor,
    wrong: TlsAcceptor,
}

/// The relay.
pub(super) struct Faulty {
    inner: Arc<Inner>,
    pub(super) port: u16,
    listening: Mutex<Option<JoinHandle<()>>>,
    /// Its authority, and the password it wants.
    pub(super) folder: Folder,
}

impl Faulty {
    /// One that works.
    pub(super) async fn start() -> Self {
        let folder = Folder::new();
        let authority = Authority::new("Relay");
        authority.write(&folder.join("ca.pem"));
        std::fs::write(folder.join("password"), "geheim\n").unwrap();
        let inner = Arc::new(Inner {
            fault: Mutex::default(),
            kept: Mutex::default(),
            connections: Mutex::default(),
            good: authority.acceptor("localhost"),
            wrong: authority.acceptor("elsewhere.example"),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let listening = Mutex::new(Some(tokio::spawn(listen(listener, Arc::clone(&inner)))));
        Self { inner, port, listening, folder }
    }

    /// From now on it fails so, or not at all.
    pub(super) fn fail(&self, fault: Option<(At, Fault)>) {
        *self.inner.fault.lock().unwrap() = fault;
    }

    /// Nobody listens any more.
    pub(super) async fn away(&self) {
        let listening = self.listening.lock().unwrap().take();
        if let Some(listening) = listening {
            listening.abort();
            let _ = listening.await;
        }
    }

    /// Somebody listens again.
    pub(super) async fn back(&self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        *self.listening.lock().unwrap() = Some(tokio::spawn(listen(listener, Arc::clone(&self.inner))));
    }

    /// What it took so far.
    pub(super) fn kept(&self) -> Vec<Kept> {
        self.inner.kept.lock().unwrap().clone()
    }

    /// How often it was called.
    pub(super) fn connections(&self) -> usize {
        *self.inner.connections.lock().unwrap()
    }
}

async fn listen(listener: TcpListener, inner: Arc<Inner>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        *inner.connections.lock().unwrap() += 1;
        let inner = Arc::clone(&inner);
        tokio::spawn(async move {
            let mut talk = Talk { stream: Stream::Plain(stream), heard: Vec::new(), inner };
            let _ = talk.all().await;
        });
    }
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    Gone,
}

/// One connection.
struct Talk {
    stream: Stream,
    heard: Vec<u8>,
    inner: Arc<Inner>,
}

/// The connection is over.
struct Over;

impl Talk {
    async fn all(&mut self) -> Result<(), Over> {
        if !self.answer(At::Connect, "").await? {
            return Err(Over);
        }
        self.answer(At::Banner, "220 localhost here\r\n").await?;
        let mut to = String::new();
        loop {
            let line = self.line().await?;
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => {
                    let hidden =
                        matches!(self.fault(), Some((At::Connect | At::Banner | At::Ehlo, Fault::Downgrade)));
                    let offer = match self.stream {
                        Stream::Plain(_) if !hidden => "250-localhost\r\n250 STARTTLS\r\n",
                        Stream::Plain(_) | Stream::Gone => "250 localhost\r\n",
                        Stream::Tls(_) => "250-localhost\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN\r\n",
                    };
                    self.answer(At::Ehlo, offer).await?;
                }
                "STARTTLS" => {
                    if self.answer(At::Starttls, "220 go ahead\r\n").await? {
                        self.upgrade().await?;
                    }
                }
                "AUTH" => {
                    self.answer(At::Auth, "235 2.7.0 welcome\r\n").await?;
                }
                "MAIL" => {
                    self.answer(At::Mail, "250 2.1.0 yes\r\n").await?;
                }
                "RCPT" => {
                    to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    self.answer(At::Rcpt, "250 2.1.5 yes\r\n").await?;
                }
                "DATA" => {
                    if self.answer(At::Data, "354 go on\r\n").await? {
                        let message = self.content().await?;
                        // Whoever says nothing more may have kept it.
                        let refuses = matches!(
                            self.fault(),
                            Some((
                                At::Dot,
                                Fault::Code421 | Fault::Code450 | Fault::Code451 | Fault::Code550
                            ))
                        );
                        if !refuses {
                            self.inner.kept.lock().unwrap().push(Kept { to: to.clone(), message });
                        }
                        self.answer(At::Dot, "250 2.0.0 kept\r\n").await?;
                    }
                }
                "RSET" | "NOOP" => self.say(b"250 2.0.0 yes\r\n").await?,
                "QUIT" => {
                    self.answer(At::Quit, "221 2.0.0 bye\r\n").await?;
                    return Ok(());
                }
                _ => self.say(b"500 5.5.2 what?\r\n").await?,
            }
        }
    }

    fn fault(&self) -> Option<(At, Fault)> {
        *self.inner.fault.lock().unwrap()
    }

    /// Says `usual`, unless it is to fail here. Says whether it went as usual.
    async fn answer(&mut self, at: At, usual: &str) -> Result<bool, Over> {
        let Some((_, fault)) = self.fault().filter(|(stage, _)| *stage == at) else {
            self.say(usual.as_bytes()).await?;
            return Ok(true);
        };
        match fault {
            Fault::Refuse => Err(Over),
            Fault::Hang => {
                // Until the caller has had enough.
                while self.line().await.is_ok() {}
                Err(Over)
            }
            Fault::Code421 => {
                self.say(b"421 4.3.2 closing\r\n").await?;
                Err(Over)
            }
            Fault::Code450 => self.say(b"450 4.2.0 not now\r\n").await.map(|()| false),
            Fault::Code451 => {
                *self.inner.fault.lock().unwrap() = None;
                self.say(b"451 4.7.1 come back in five minutes\r\n").await.map(|()| false)
            }
            Fault::Code550 => self.say(b"550 5.1.1 no\r\n").await.map(|()| false),
            Fault::Policy => self.say(b"554 5.7.1 not from you\r\n").await.map(|()| false),
            Fault::Garbage => self.say(b"nothing that anybody knows\r\n").await.map(|()| false),
            Fault::Downgrade => self.naked(at, usual).await,
            Fault::Mismatch => self.say(usual.as_bytes()).await.map(|()| true),
            Fault::Partial => {
                let usual = if usual.is_empty() { "220 localhost" } else { usual };
                self.say(&usual.as_bytes()[..usual.len() / 2]).await?;
                Err(Over)
            }
        }
    }

    /// Goes on without TLS where there was to be some, or was some.
    async fn naked(&mut self, at: At, usual: &str) -> Result<bool, Over> {
        if at == At::Starttls {
            self.say(b"220 go ahead\r\n").await?;
            // The caller begins its handshake.
            self.hear().await?;
            self.say(b"250 as we were, in plain words that are no handshake\r\n").await?;
            return Ok(false);
        }
        match &mut self.stream {
            Stream::Tls(tls) => {
                let (under, _) = tls.get_mut();
                under.write_all(usual.as_bytes()).await.map_err(|_| Over)?;
                Ok(true)
            }
            Stream::Plain(_) | Stream::Gone => self.say(usual.as_bytes()).await.map(|()| true),
        }
    }

    async fn upgrade(&mut self) -> Result<(), Over> {
        let wrong = matches!(self.fault(), Some((_, Fault::Mismatch)));
        let acceptor = if wrong { self.inner.wrong.clone() } else { self.inner.good.clone() };
        let Stream::Plain(plain) = std::mem::replace(&mut self.stream, Stream::Gone) else {
            return Err(Over);
        };
        self.heard.clear();
        let tls = acceptor.accept(plain).await.map_err(|_| Over)?;
        self.stream = Stream::Tls(Box::new(tls));
        Ok(())
    }

    async fn say(&mut self, words: &[u8]) -> Result<(), Over> {
        let said = match &mut self.stream {
            Stream::Plain(stream) => stream.write_all(words).await,
            Stream::Tls(stream) => match stream.write_all(words).await {
                Ok(()) => stream.flush().await,
                Err(error) => Err(error),
            },
            Stream::Gone => return Err(Over),
        };
        said.map_err(|_| Over)
    }

    /// The next line without its end.
    async fn line(&mut self) -> Result<String, Over> {
        loop {
            if let Some(end) = self.heard.windows(2).position(|two| two == b"\r\n") {
                let line: Vec<u8> = self.heard.drain(..end + 2).collect();
                return String::from_utf8(line[..end].to_vec()).map_err(|_| Over);
            }
            self.hear().await?;
        }
    }

    /// A message up to its dot, with the stuffed dots taken out.
    async fn content(&mut self) -> Result<Vec<u8>, Over> {
        let mut message = Vec::new();
        loop {
            let line = self.line().await?;
            if line == "." {
                return Ok(message);
            }
            message.extend_from_slice(line.strip_prefix('.').unwrap_or(&line).as_bytes());
            message.extend_from_slice(b"\r\n");
        }
    }

    async fn hear(&mut self) -> Result<(), Over> {
        let mut some = [0; 8192];
        let read = match &mut self.stream {
            Stream::Plain(stream) => stream.read(&mut some).await,
            Stream::Tls(stream) => stream.read(&mut some).await,
            Stream::Gone => return Err(Over),
        };
        match read {
            Ok(0) | Err(_) => Err(Over),
            Ok(number) => {
                self.heard.extend_from_slice(&some[..number]);
                Ok(())
            }
        }
    }
}
