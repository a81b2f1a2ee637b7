//! A conversation with an IMAP server, every step of it limited in time and octets.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use rustls_pki_types::ServerName;
use schakel_domain::{
    imap::{self, Broken, Ended, Fetched, Reader, Response},
    inbox::MOST_OCTETS,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use tokio_util::sync::CancellationToken;

use crate::{
    outward::{Stream, trusting},
    settings::{InboxSettings, Security},
};

/// To reach the server, and for TLS.
const CONNECT: Duration = Duration::from_secs(30);
/// For each answer.
const ANSWER: Duration = Duration::from_mins(1);
/// A server closes what says nothing for half an hour (RFC 9051 §5.4); something on the way may sooner.
const IDLE: Duration = Duration::from_mins(9);
/// Answers to one command that are kept.
const MOST_ANSWERS: usize = 8;

/// Why the mailbox is not read.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The connection.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// It did not answer in time.
    #[error("it did not answer in time")]
    Silence,
    /// What it says cannot be used.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// It refused something.
    #[error("it refused {0}")]
    Refused(&'static str),
    /// A file or a name in the settings.
    #[error("{0}")]
    Settings(String),
}

/// A mailbox, opened.
pub(super) struct Session {
    stream: Box<dyn Stream>,
    reader: Reader,
    tag: u32,
    can: Vec<String>,
    /// It said that there are messages since they were last looked for.
    pub(super) news: bool,
}

impl Session {
    /// Connects, signs in and opens the folder.
    pub(super) async fn open(settings: &InboxSettings) -> Result<Self, Failed> {
        let session = tokio::time::timeout(CONNECT, Self::reach(settings)).await;
        let mut session = session.map_err(|_| Failed::Silence)??;
        session.sign_in(settings).await?;
        session.capability().await?;
        for folder in [&settings.done, &settings.aside] {
            // It may be there already.
            session.tried(&format!("CREATE {}", quoted(folder)?)).await?;
        }
        session.asked("SELECT", &format!("SELECT {}", quoted(&settings.folder)?)).await?;
        Ok(session)
    }

    async fn reach(settings: &InboxSettings) -> Result<Self, Failed> {
        let port = settings.port.unwrap_or(match settings.security {
            Security::Tls => 993,
            Security::Starttls | Security::None => 143,
        });
        let plain = TcpStream::connect((settings.host.as_str(), port)).await?;
        plain.set_nodelay(true)?;
        let tls = || trusting(settings.ca_file.as_deref()).map_err(Failed::Settings);
        let session = match settings.security {
            Security::Tls => Self::new(secured(&tls()?, settings, Box::new(plain)).await?),
            Security::None | Security::Starttls => Self::new(Box::new(plain)),
        };
        let mut session = session;
        session.greeted().await?;
        if settings.security == Security::Starttls {
            session.asked("STARTTLS", "STARTTLS").await?;
            // What came before TLS was not said by the server, or not to us alone.
            if !session.reader.is_empty() {
                return Err(Broken::Garbled.into());
            }
            session = Self::new(secured(&tls()?, settings, session.stream).await?);
        }
        Ok(session)
    }

    fn new(stream: Box<dyn Stream>) -> Self {
        // An octet more than is read, to know that there is more.
        let reader = Reader::new(MOST_OCTETS + 1);
        Self { stream, reader, tag: 0, can: Vec::new(), news: true }
    }

    async fn greeted(&mut self) -> Result<(), Failed> {
        match self.heard().await? {
            Response::Ok => Ok(()),
            // Whoever it took us for, it was not the account of the settings.
            Response::Preauthenticated
            | Response::Bye
            | Response::Go
            | Response::Done { .. }
            | Response::Can(_)
            | Response::Found(_)
            | Response::Exists(_)
            | Response::Message(_)
            | Response::Other => Err(Failed::Refused("the connection")),
        }
    }

    async fn sign_in(&mut self, settings: &InboxSettings) -> Result<(), Failed> {
        self.capability().await?;
        let told = |error: std::io::Error| Failed::Settings(format!("mail.inbox.password_file: {error}"));
        let password = tokio::fs::read_to_string(&settings.password_file).await.map_err(told)?;
        let password = password.lines().next().unwrap_or_default();
        if self.can("AUTH=PLAIN") {
            let plain = imap::plain(&settings.username, password);
            let plain = plain.ok_or_else(|| Failed::Settings("mail.inbox.username is none".into()))?;
            let tag = self.say("AUTHENTICATE PLAIN").await?;
            self.go("signing in").await?;
            self.write(&format!("{}\r\n", STANDARD.encode(plain))).await?;
            return self.done(&tag, "signing in").await.map(|_| ());
        }
        if self.can("LOGINDISABLED") {
            return Err(Failed::Refused("signing in"));
        }
        let login = format!("LOGIN {} {}", quoted(&settings.username)?, quoted(password)?);
        self.asked("signing in", &login).await.map(|_| ())
    }

    async fn capability(&mut self) -> Result<(), Failed> {
        let answers = self.asked("CAPABILITY", "CAPABILITY").await?;
        self.can = answers.into_iter().find_map(can).unwrap_or_default();
        Ok(())
    }

    fn can(&self, what: &str) -> bool {
        self.can.iter().any(|known| known == what)
    }

    /// The UIDs of what is in the folder, oldest first.
    pub(super) async fn search(&mut self) -> Result<Vec<u32>, Failed> {
        self.news = false;
        let answers = self.asked("SEARCH", "UID SEARCH UNDELETED").await?;
        let mut found: Vec<u32> = answers.into_iter().filter_map(found).flatten().collect();
        found.sort_unstable();
        Ok(found)
    }

    /// A message, or so much of it that it is known to be too large; none when it is gone.
    pub(super) async fn fetch(&mut self, uid: u32) -> Result<Option<Vec<u8>>, Failed> {
        let fetch = format!("UID FETCH {uid} (UID BODY.PEEK[]<0.{}>)", MOST_OCTETS + 1);
        let answers = match self.asked("FETCH", &fetch).await {
            Ok(answers) => answers,
            // Somebody else took it away since it was found.
            Err(Failed::Refused(_)) => return Ok(None),
            Err(failed) => return Err(failed),
        };
        let body = |fetched: Fetched| fetched.body.filter(|_| fetched.uid == Some(uid));
        Ok(answers.into_iter().filter_map(message).find_map(body))
    }

    /// Marks a message with a word, where the folder can keep it.
    pub(super) async fn mark(&mut self, uid: u32, word: &str) -> Result<(), Failed> {
        self.tried(&format!("UID STORE {uid} +FLAGS.SILENT ($Schakel-{word})")).await
    }

    /// Puts a message in another folder; one that is gone is there already.
    pub(super) async fn put(&mut self, uid: u32, folder: &str) -> Result<(), Failed> {
        let folder = quoted(folder)?;
        if self.can("MOVE") {
            self.asked("MOVE", &format!("UID MOVE {uid} {folder}")).await?;
            return Ok(());
        }
        self.asked("COPY", &format!("UID COPY {uid} {folder}")).await?;
        self.asked("STORE", &format!("UID STORE {uid} +FLAGS.SILENT (\\Deleted)")).await?;
        let expunge = if self.can("UIDPLUS") { format!("UID EXPUNGE {uid}") } else { "EXPUNGE".to_owned() };
        self.asked("EXPUNGE", &expunge).await.map(|_| ())
    }

    /// Waits until there may be something new: until the server says so, or else for `poll`.
    pub(super) async fn wait(&mut self, poll: Duration, stop: &CancellationToken) -> Result<(), Failed> {
        if self.news || stop.is_cancelled() {
            return Ok(());
        }
        if !self.can("IDLE") {
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(poll) => {}
            }
            self.news = true;
            return Ok(());
        }
        let tag = self.say("IDLE").await?;
        self.go("IDLE").await?;
        let until = tokio::time::Instant::now() + IDLE;
        while !self.news {
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep_until(until) => self.news = true,
                // Nothing that was read is lost when another branch wins.
                heard = Self::next(&mut self.stream, &mut self.reader) => {
                    let heard = heard?;
                    self.note(&heard)?;
                }
            }
        }
        self.write("DONE\r\n").await?;
        self.done(&tag, "IDLE").await.map(|_| ())
    }

    /// Says goodbye; whatever is answered, nothing waits for it.
    pub(super) async fn close(mut self) {
        let _ = self.tried("LOGOUT").await;
    }

    /// A command that has to succeed.
    async fn asked(&mut self, what: &'static str, command: &str) -> Result<Vec<Response>, Failed> {
        let tag = self.say(command).await?;
        self.done(&tag, what).await
    }

    /// A command that may be refused.
    async fn tried(&mut self, command: &str) -> Result<(), Failed> {
        let tag = self.say(command).await?;
        match self.done(&tag, "").await {
            Ok(_) | Err(Failed::Refused(_)) => Ok(()),
            Err(failed) => Err(failed),
        }
    }

    async fn say(&mut self, command: &str) -> Result<String, Failed> {
        self.tag += 1;
        let tag = format!("s{}", self.tag);
        self.write(&format!("{tag} {command}\r\n")).await?;
        Ok(tag)
    }

    async fn write(&mut self, text: &str) -> Result<(), Failed> {
        let write = async {
            self.stream.write_all(text.as_bytes()).await?;
            self.stream.flush().await
        };
        tokio::time::timeout(ANSWER, write).await.map_err(|_| Failed::Silence)?.map_err(Failed::Io)
    }

    /// Everything until the command with `tag` ends well.
    async fn done(&mut self, tag: &str, what: &'static str) -> Result<Vec<Response>, Failed> {
        let mut answers = Vec::new();
        loop {
            let heard = self.heard().await?;
            self.note(&heard)?;
            match heard {
                Response::Done { tag: ended, ended: how } => {
                    if ended != tag {
                        return Err(Broken::Garbled.into());
                    }
                    return match how {
                        Ended::Ok => Ok(answers),
                        Ended::No | Ended::Bad => Err(Failed::Refused(what)),
                    };
                }
                Response::Can(_) | Response::Found(_) | Response::Message(_) => {
                    if answers.len() >= MOST_ANSWERS {
                        return Err(Broken::TooLong.into());
                    }
                    answers.push(heard);
                }
                Response::Go
                | Response::Ok
                | Response::Preauthenticated
                | Response::Bye
                | Response::Exists(_)
                | Response::Other => {}
            }
        }
    }

    /// That the server waits for the rest of a command.
    async fn go(&mut self, what: &'static str) -> Result<(), Failed> {
        loop {
            let heard = self.heard().await?;
            self.note(&heard)?;
            match heard {
                Response::Go => return Ok(()),
                Response::Done { .. } => return Err(Failed::Refused(what)),
                Response::Ok
                | Response::Preauthenticated
                | Response::Bye
                | Response::Can(_)
                | Response::Found(_)
                | Response::Exists(_)
                | Response::Message(_)
                | Response::Other => {}
            }
        }
    }

    fn note(&mut self, heard: &Response) -> Result<(), Failed> {
        self.news |= matches!(heard, Response::Exists(_));
        if *heard == Response::Bye { Err(Failed::Refused("to go on")) } else { Ok(()) }
    }

    async fn heard(&mut self) -> Result<Response, Failed> {
        let next = Self::next(&mut self.stream, &mut self.reader);
        tokio::time::timeout(ANSWER, next).await.map_err(|_| Failed::Silence)?
    }

    /// The next answer; given up halfway, it goes on where it was.
    async fn next(stream: &mut Box<dyn Stream>, reader: &mut Reader) -> Result<Response, Failed> {
        let mut octets = vec![0; 16 << 10];
        loop {
            if let Some(response) = reader.response()? {
                return Ok(response);
            }
            match stream.read(&mut octets).await? {
                0 => return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into()),
                length => reader.take(&octets[..length]),
            }
        }
    }
}

async fn secured(
    tls: &TlsConnector,
    settings: &InboxSettings,
    plain: Box<dyn Stream>,
) -> Result<Box<dyn Stream>, Failed> {
    let name = ServerName::try_from(settings.host.clone());
    let name = name.map_err(|_| Failed::Settings("mail.inbox.host is no name".into()))?;
    Ok(Box::new(tls.connect(name, plain).await?))
}

fn quoted(text: &str) -> Result<String, Failed> {
    imap::quoted(text)
        .ok_or_else(|| Failed::Settings("mail.inbox: a name cannot be said to the server".into()))
}

fn can(response: Response) -> Option<Vec<String>> {
    if let Response::Can(all) = response { Some(all) } else { None }
}

fn found(response: Response) -> Option<Vec<u32>> {
    if let Response::Found(all) = response { Some(all) } else { None }
}

fn message(response: Response) -> Option<Fetched> {
    if let Response::Message(fetched) = response { Some(fetched) } else { None }
}
