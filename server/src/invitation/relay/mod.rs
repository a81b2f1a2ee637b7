//! A relay over SMTP: each stage has its own time limit, connections are kept, and whoever takes
//! nothing is left in peace.

mod dialogue;
mod dkim;

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use lettre::{
    Address,
    transport::smtp::{
        authentication::Credentials,
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        commands::Rset,
        extension::ClientId,
    },
};
use schakel_domain::{
    mail::{Circuits, Heard, Stage, Verdict, verdict},
    text::EmailAddress,
};
use tokio::{sync::Semaphore, time::Instant};

use self::dialogue::Failed;
pub(super) use self::dkim::Signer;
use super::transport::{Outcome, SetUpError};
use crate::settings::{RelayLimits, Security, SmtpSettings, seconds};

/// How long a mail waits for a connection before it gives its turn away.
const TURN: u32 = 30;

/// A connection of which nothing is wanted any more gets that long to say goodbye.
const GOODBYE: u32 = 5;

/// A relay.
pub(super) struct Relay {
    host: String,
    port: u16,
    protection: Protection,
    hello: ClientId,
    account: Option<Credentials>,
    limits: RelayLimits,
    turns: Semaphore,
    idle: Mutex<Vec<Connection>>,
    circuits: Mutex<Circuits>,
}

enum Protection {
    None,
    Starttls(TlsParameters),
    Tls(TlsParameters),
}

struct Connection {
    speaks: AsyncSmtpConnection,
    mails: u32,
    since: Instant,
}

/// One message for one recipient.
pub(super) struct Parcel<'a> {
    pub from: &'a EmailAddress,
    pub to: &'a EmailAddress,
    pub message: &'a [u8],
    /// Since when nobody else may send it.
    pub leased: Instant,
}

impl Relay {
    /// Sets up what the settings name; nothing is called yet.
    pub(super) fn new(settings: &SmtpSettings) -> Result<Self, SetUpError> {
        let read = |path: &std::path::PathBuf| {
            std::fs::read_to_string(path).map_err(|error| SetUpError::File(path.clone(), error))
        };
        let parameters = || {
            let mut parameters = TlsParameters::builder(settings.host.clone());
            if let Some(path) = &settings.ca_file {
                parameters = parameters.add_root_certificate(Certificate::from_pem(read(path)?.as_bytes())?);
            }
            Ok::<_, SetUpError>(parameters.build()?)
        };
        let (usual, protection) = match settings.security {
            Security::Starttls => (587, Protection::Starttls(parameters()?)),
            Security::Tls => (465, Protection::Tls(parameters()?)),
            Security::None => (25, Protection::None),
        };
        let account = match (&settings.username, &settings.password_file) {
            (Some(username), Some(path)) => {
                let password = read(path)?.lines().next().unwrap_or_default().to_owned();
                Some(Credentials::new(username.clone(), password))
            }
            (Some(_), None) | (None, Some(_) | None) => None,
        };
        Ok(Self {
            host: settings.host.clone(),
            port: settings.port.unwrap_or(usual),
            protection,
            hello: ClientId::default(),
            account,
            limits: settings.limits,
            turns: Semaphore::new(usize::try_from(settings.limits.connections).unwrap_or(1)),
            idle: Mutex::default(),
            circuits: Mutex::default(),
        })
    }

    /// How many mails it is given at once.
    pub(super) fn places(&self) -> usize {
        usize::try_from(self.limits.connections).unwrap_or(1)
    }

    /// How many mails are worth taking up, `usual` when all is well: one to try it with once it failed
    /// again and again, none in between.
    pub(super) fn batch(&self, usual: u32, now: DateTime<Utc>) -> u32 {
        let circuits = self.circuits();
        match (circuits.rests("", now), circuits.is_open("")) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => usual,
        }
    }

    /// Hands over one message. A relay or a domain that fails again and again is not asked.
    pub(super) async fn send(&self, parcel: &Parcel<'_>, now: DateTime<Utc>) -> Outcome {
        let parse = |address: &EmailAddress| address.as_str().parse::<Address>();
        let (Ok(from), Ok(to)) = (parse(parcel.from), parse(parcel.to)) else {
            return Outcome::Ended(Verdict::Dead("ADDRESS_REFUSED"));
        };
        let domain = to.domain().to_ascii_lowercase();
        if let Some(later) = self.may(&domain, now) {
            return later;
        }
        let turn = tokio::time::timeout(seconds(TURN), self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Outcome::Later(now, "RELAY_BUSY") };
        let sent = self.hand_over(parcel, [&from, &to]).await;
        self.note(&domain, sent.err(), now);
        match sent {
            Ok(()) => Outcome::Ended(Verdict::Sent),
            Err(Failed { stage, heard }) => Outcome::Ended(verdict(stage, heard)),
        }
    }

    fn may(&self, domain: &str, now: DateTime<Utc>) -> Option<Outcome> {
        let mut circuits = self.circuits();
        if let Some(until) = circuits.may("", now, None) {
            return Some(Outcome::Later(until, "RELAY_RESTS"));
        }
        let until = circuits.may(domain, now, self.limits.per_domain_per_minute)?;
        let reason = if circuits.rests(domain, now) { "DOMAIN_RESTS" } else { "DOMAIN_RATE" };
        Some(Outcome::Later(until, reason))
    }

    /// Before `MAIL` the relay itself fails; after it, only what is not about one mailbox counts.
    fn note(&self, domain: &str, failed: Option<Failed>, now: DateTime<Utc>) {
        let mut circuits = self.circuits();
        let Some(Failed { stage, heard }) = failed else {
            circuits.heard("", true, now);
            circuits.heard(domain, true, now);
            return;
        };
        if stage < Stage::From {
            circuits.heard("", false, now);
            return;
        }
        circuits.heard("", true, now);
        let well = match heard {
            Heard::Code(code) => !matches!(code, 421 | 452 | 454),
            Heard::Policy(_) => true,
            Heard::Silence | Heard::Cut | Heard::Nonsense | Heard::Lacking => false,
        };
        circuits.heard(domain, well, now);
    }

    async fn hand_over(&self, parcel: &Parcel<'_>, addresses: [&Address; 2]) -> Result<(), Failed> {
        if let Some(connection) = self.kept() {
            match self.over(connection, parcel, addresses).await {
                // It was ended while nobody looked; nothing was said yet.
                Err(Failed {
                    stage: Stage::From,
                    heard: Heard::Cut | Heard::Nonsense | Heard::Code(421),
                }) => {}
                done => return done,
            }
        }
        let speaks = self.connect().await?;
        let connection = Connection { speaks, mails: 0, since: Instant::now() };
        self.over(connection, parcel, addresses).await
    }

    /// Hands the message over on `connection`, and keeps it when it is of use.
    async fn over(
        &self,
        mut connection: Connection,
        parcel: &Parcel<'_>,
        addresses: [&Address; 2],
    ) -> Result<(), Failed> {
        let done = self.converse(&mut connection.speaks, parcel, addresses).await;
        connection.mails += 1;
        let usable = match done {
            Ok(()) => true,
            Err(Failed { heard: Heard::Code(code) | Heard::Policy(code), .. }) if code != 421 => {
                self.reset(&mut connection).await
            }
            Err(_) => false,
        };
        if usable {
            self.keep(connection);
        }
        done
    }

    /// A refusal leaves a mail half said.
    async fn reset(&self, connection: &mut Connection) -> bool {
        let limit = seconds(self.limits.command_seconds);
        matches!(tokio::time::timeout(limit, connection.speaks.command(Rset)).await, Ok(Ok(_)))
    }

    fn kept(&self) -> Option<Connection> {
        let idle = seconds(self.limits.idle_seconds);
        let mut gone = Vec::new();
        let found = loop {
            let Some(connection) = self.idle().pop() else { break None };
            if connection.since.elapsed() < idle {
                break Some(connection);
            }
            gone.push(connection);
        };
        gone.into_iter().for_each(goodbye);
        found
    }

    fn keep(&self, mut connection: Connection) {
        connection.since = Instant::now();
        if connection.mails >= self.limits.mails_per_connection {
            return goodbye(connection);
        }
        self.idle().push(connection);
    }

    fn circuits(&self) -> MutexGuard<'_, Circuits> {
        self.circuits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends a connection; whatever is answered, no mail waits for it.
fn goodbye(mut connection: Connection) {
    tokio::spawn(async move {
        let _ = tokio::time::timeout(seconds(GOODBYE), connection.speaks.quit()).await;
    });
}
