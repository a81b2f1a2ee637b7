//! What is said to a relay, stage by stage. lettre's own transport limits only the time to connect; here
//! every stage is limited and told apart. A connection that did not answer is never used again.

use std::time::Duration;

use lettre::{
    Address,
    transport::smtp::{
        Error,
        authentication::DEFAULT_MECHANISMS,
        client::AsyncSmtpConnection,
        commands::{Data, Mail, Rcpt},
        extension::{MailBodyParameter, MailParameter},
        response::{Response, Severity},
    },
};
use schakel_domain::mail::{Heard, Stage};
use tokio::net::TcpStream;

use super::{Parcel, Protection, Relay};
use crate::settings::seconds;

/// A mail must be at an end before its lease of twelve minutes is, or another may send it too.
const LEASED: Duration = Duration::from_secs(11 * 60 + 45);

/// Where it ended, and what was heard there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failed {
    pub(super) stage: Stage,
    pub(super) heard: Heard,
}

impl Relay {
    /// Reaches the relay as far as `MAIL`.
    pub(super) async fn connect(&self) -> Result<AsyncSmtpConnection, Failed> {
        let (reach, limit) = (seconds(self.limits.connect_seconds), seconds(self.limits.command_seconds));
        let at = (self.host.as_str(), self.port);
        let mut connection = match &self.protection {
            Protection::Tls(parameters) => {
                // One step: address, connection, certificate and greeting.
                let whole = AsyncSmtpConnection::connect_tokio1(
                    at,
                    Some(reach),
                    &self.hello,
                    Some(parameters.clone()),
                    None,
                );
                within(Stage::Tls, reach + limit, whole).await?
            }
            Protection::Starttls(_) | Protection::None => {
                let stream = tokio::time::timeout(reach, TcpStream::connect(at)).await;
                let failed = |heard| Failed { stage: Stage::Connect, heard };
                let stream = stream.map_err(|_| failed(Heard::Silence))?.map_err(|_| failed(Heard::Cut))?;
                let _ = stream.set_nodelay(true);
                let greeted = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello);
                within(Stage::Greeting, limit, greeted).await?
            }
        };
        if let Protection::Starttls(parameters) = &self.protection {
            let upgraded = connection.starttls(parameters.clone(), &self.hello);
            within(Stage::Tls, limit, upgraded).await?;
        }
        if let Some(account) = &self.account {
            within(Stage::Auth, limit, connection.auth(DEFAULT_MECHANISMS, account)).await?;
        }
        Ok(connection)
    }

    /// One message, from `MAIL` to the answer after the dot.
    pub(super) async fn converse(
        &self,
        connection: &mut AsyncSmtpConnection,
        parcel: &Parcel<'_>,
        [from, to]: [&Address; 2],
    ) -> Result<(), Failed> {
        let limit = seconds(self.limits.command_seconds);
        let body = if parcel.message.is_ascii() {
            Vec::new()
        } else {
            vec![MailParameter::Body(MailBodyParameter::EightBitMime)]
        };
        let answer = connection.command(Mail::new(Some(from.clone()), body));
        yes(Stage::From, &within(Stage::From, limit, answer).await?)?;
        let answer = connection.command(Rcpt::new(to.clone(), Vec::new()));
        yes(Stage::Recipient, &within(Stage::Recipient, limit, answer).await?)?;
        let answer = within(Stage::Data, limit, connection.command(Data)).await?;
        if !answer.has_code(354) {
            return Err(Failed { stage: Stage::Data, heard: Heard::Nonsense });
        }
        let longest = seconds(self.limits.data_seconds);
        if parcel.leased.elapsed() + longest > LEASED {
            return Err(Failed { stage: Stage::Data, heard: Heard::Silence });
        }
        let answer = connection.message(parcel.message);
        yes(Stage::AfterDot, &within(Stage::AfterDot, longest, answer).await?)
    }
}

/// That the answer was a plain yes, and not one to something else.
fn yes(stage: Stage, answer: &Response) -> Result<(), Failed> {
    if answer.code().severity == Severity::PositiveCompletion {
        Ok(())
    } else {
        Err(Failed { stage, heard: Heard::Nonsense })
    }
}

async fn within<T>(
    stage: Stage,
    limit: Duration,
    said: impl Future<Output = Result<T, Error>>,
) -> Result<T, Failed> {
    match tokio::time::timeout(limit, said).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(Failed { stage, heard: heard(&error) }),
        Err(_) => Err(Failed { stage, heard: Heard::Silence }),
    }
}

fn heard(error: &Error) -> Heard {
    if let Some(code) = error.status() {
        let says = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        if error.is_permanent() && says.starts_with("5.7.") {
            return Heard::Policy(code.into());
        }
        Heard::Code(code.into())
    } else if error.is_timeout() {
        Heard::Silence
    } else if error.to_string().ends_with("incomplete response") {
        // lettre's words for an end in the middle of an answer.
        Heard::Cut
    } else if error.is_response() {
        Heard::Nonsense
    } else if error.is_client() {
        Heard::Lacking
    } else {
        Heard::Cut
    }
}
