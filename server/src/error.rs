//! The one error of the server, and the one table from it to gRPC and HTTP.

use std::{collections::HashMap, time::Duration};

use schakel_domain::{
    access::Denied,
    refusal::{Fault, Language, Refusal, Violation},
};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

/// What verbs, stores and workers return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The `domain` of every `ErrorInfo`.
pub(crate) const DOMAIN: &str = "schakel";
/// A request with more faults than this is told the first ones only.
const MOST_VIOLATIONS: usize = 20;

tokio::task_local! {
    /// The language of the caller of the present request.
    pub static LANGUAGE: Language;
}

/// The present caller's language; Dutch outside a request.
pub fn language() -> Language {
    LANGUAGE.try_with(|language| *language).unwrap_or_default()
}

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request breaks its own rules; every broken field is named.
    #[error("the request is not valid")]
    Invalid(Vec<Violation>),
    /// No credential, or one that is not accepted.
    #[error("not signed in")]
    Unauthenticated(Credential),
    /// The caller may know of the thing, but not do this to it.
    #[error("not allowed")]
    Denied(Denied),
    /// It does not exist, or the caller may not know that it does. Holds the resource's word, for example `CASE`.
    #[error("not found")]
    NotFound(&'static str),
    /// The caller's copy is out of date.
    #[error("changed since it was read")]
    Stale,
    /// A rule says no, given what stands in the register.
    #[error("refused: {0}")]
    Refused(Refusal, HashMap<String, String>),
    /// The database is busy or away; the same request may be sent again.
    #[error("the database is busy")]
    Busy(#[source] sea_orm::DbErr),
    /// Too much at once.
    #[error("overloaded")]
    Overloaded,
    /// This caller asks too much; there is room for it again after this time.
    #[error("rate-limited")]
    RateLimited(Duration),
    /// The database has no room.
    #[error("the storage is full")]
    StorageFull(#[source] sea_orm::DbErr),
    /// A stored value cannot be: a fault of ours or of somebody with access to the files.
    #[error("corrupt {table}.{column}")]
    Corrupt {
        /// Where.
        table: &'static str,
        /// Which column.
        column: &'static str,
    },
    /// The database failed. Never shown.
    #[error("the database failed")]
    Database(#[source] sea_orm::DbErr),
}

/// What was wrong with the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Credential {
    /// None was sent.
    MissingToken,
    /// Not one `Bearer ska_…`.
    MalformedToken,
    /// Unknown, expired or revoked.
    TokenInvalid,
    /// No membership is valid today.
    AccountDisabled,
}

impl Error {
    /// One field that is not right.
    pub fn field(field: impl Into<String>, refusal: Refusal) -> Self {
        Self::Invalid(vec![Violation::new(field, refusal)])
    }

    /// The machine-readable reason, for `ErrorInfo` and for HTTP problems.
    pub fn reason(&self) -> String {
        match self {
            Self::Invalid(violations) => {
                violations.first().map_or("FIELD_INVALID", |violation| violation.refusal.into()).to_owned()
            }
            Self::Unauthenticated(credential) => <&str>::from(credential).to_owned(),
            Self::Denied(denied) => <&str>::from(denied).to_owned(),
            Self::NotFound(resource) => format!("{resource}_NOT_FOUND"),
            Self::Stale => "ETAG_MISMATCH".to_owned(),
            Self::Refused(refusal, _) => refusal.to_string(),
            Self::Busy(_) => "DATABASE_UNAVAILABLE".to_owned(),
            Self::Overloaded => "OVERLOADED".to_owned(),
            Self::RateLimited(_) => "RATE_LIMITED".to_owned(),
            Self::StorageFull(_) => "STORAGE_FULL".to_owned(),
            Self::Corrupt { .. } | Self::Database(_) => "INTERNAL".to_owned(),
        }
    }

    /// The gRPC code.
    pub fn code(&self) -> Code {
        match self {
            Self::Invalid(_) => Code::InvalidArgument,
            Self::Unauthenticated(_) => Code::Unauthenticated,
            Self::Denied(_) => Code::PermissionDenied,
            Self::NotFound(_) => Code::NotFound,
            Self::Stale => Code::Aborted,
            Self::Overloaded | Self::RateLimited(_) | Self::Refused(Refusal::MessageTooLarge, _) => {
                Code::ResourceExhausted
            }
            Self::Refused(refusal, _) => match refusal.fault() {
                Fault::Argument => Code::InvalidArgument,
                Fault::State => Code::FailedPrecondition,
            },
            Self::Busy(_) | Self::StorageFull(_) => Code::Unavailable,
            Self::Corrupt { .. } | Self::Database(_) => Code::Internal,
        }
    }

    /// What was wrong and what to do, without a word of what the caller sent.
    pub fn text(&self, language: Language) -> &'static str {
        let (dutch, english) = match self {
            Self::Invalid(violations) => {
                return violations.first().map_or("", |first| first.refusal.text(language));
            }
            Self::Refused(refusal, _) => return refusal.text(language),
            Self::Unauthenticated(_) => (
                "U bent niet aangemeld. Stuur een geldig token mee.",
                "You are not signed in. Send a valid token as `authorization: Bearer ska_…`.",
            ),
            Self::Denied(Denied::ActionNotAllowed) => {
                ("Uw functie mag dit niet.", "Your role does not allow this.")
            }
            Self::Denied(Denied::AggregatesOnly) => {
                ("Uw functie ziet alleen cijfers.", "Your role sees figures only.")
            }
            Self::NotFound(_) => ("Dit is niet gevonden.", "This was not found."),
            Self::Stale => (
                "Dit is veranderd sinds u het las. Lees het opnieuw.",
                "This has changed since you read it. Read it again.",
            ),
            Self::RateLimited(_) => (
                "U vraagt te veel in korte tijd. Wacht even en probeer het opnieuw.",
                "You ask too much in a short time. Wait a little and try again.",
            ),
            Self::Busy(_) | Self::Overloaded | Self::StorageFull(_) => {
                ("Het is even te druk. Probeer het zo opnieuw.", "The server is busy. Try again shortly.")
            }
            Self::Corrupt { .. } | Self::Database(_) => {
                ("Er ging bij ons iets mis.", "Something went wrong on our side.")
            }
        };
        match language {
            Language::Dutch => dutch,
            Language::English => english,
        }
    }

    /// After how long the same request may be sent again; none where that does not help.
    pub fn retry(&self) -> Option<Duration> {
        match self {
            Self::RateLimited(wait) => Some(*wait),
            Self::Busy(_) | Self::Overloaded | Self::StorageFull(_) => Some(Duration::from_secs(1)),
            Self::Invalid(_)
            | Self::Unauthenticated(_)
            | Self::Denied(_)
            | Self::NotFound(_)
            | Self::Stale
            | Self::Refused(..)
            | Self::Corrupt { .. }
            | Self::Database(_) => None,
        }
    }

    /// Logs what the caller is not told, once.
    fn log(&self) {
        let source = std::error::Error::source(self).map(ToString::to_string);
        match self {
            Self::Corrupt { .. } | Self::Database(_) | Self::StorageFull(_) => {
                tracing::error!(error = %self, source, "request failed");
            }
            Self::Busy(_) => tracing::warn!(source, "database busy"),
            Self::Invalid(_)
            | Self::Unauthenticated(_)
            | Self::Denied(_)
            | Self::NotFound(_)
            | Self::Stale
            | Self::Refused(..)
            | Self::Overloaded
            | Self::RateLimited(_) => tracing::debug!(reason = self.reason(), "request refused"),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal, HashMap::new())
    }
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        error.log();
        let language = language();
        let metadata =
            if let Error::Refused(_, metadata) = &error { metadata.clone() } else { HashMap::new() };
        let mut details = ErrorDetails::with_error_info(error.reason(), DOMAIN, metadata);
        if let Error::Invalid(violations) = &error {
            details.set_bad_request(
                violations
                    .iter()
                    .take(MOST_VIOLATIONS)
                    .map(|violation| FieldViolation {
                        field: violation.field.clone(),
                        description: match &violation.form {
                            Some(form) => format!("{} {form}", violation.refusal.text(language)),
                            None => violation.refusal.text(language).to_owned(),
                        },
                        reason: violation.refusal.to_string(),
                        localized_message: None,
                    })
                    .collect::<Vec<_>>(),
            );
        }
        if let Some(wait) = error.retry() {
            details.set_retry_info(Some(wait));
        }
        Status::with_error_details(error.code(), error.text(language), details)
    }
}

/// The engine's own code and message, from wherever it stands in the error.
fn engine(error: &sea_orm::DbErr) -> Option<(String, String)> {
    use sea_orm::{DbErr, RuntimeErr};
    let (DbErr::Exec(RuntimeErr::SqlxError(source))
    | DbErr::Query(RuntimeErr::SqlxError(source))
    | DbErr::Conn(RuntimeErr::SqlxError(source))) = error
    else {
        return None;
    };
    let database = source.as_database_error()?;
    Some((database.code().unwrap_or_default().into_owned(), database.message().to_owned()))
}

impl From<sea_orm::DbErr> for Error {
    /// Sorts by what the caller can do about it: choose another time, try again, or nothing.
    fn from(error: sea_orm::DbErr) -> Self {
        let unavailable = matches!(error, sea_orm::DbErr::ConnectionAcquire(_) | sea_orm::DbErr::Conn(_));
        match engine(&error) {
            Some((code, _)) if code == "23P01" => Refusal::TimeConflict.into(),
            Some((_, message)) if message.contains("TIME_CONFLICT") => Refusal::TimeConflict.into(),
            Some((code, _))
                if matches!(code.as_str(), "40001" | "40P01" | "55P03" | "57P01" | "5" | "517") =>
            {
                Self::Busy(error)
            }
            // SQLITE_FULL, disk_full.
            Some((code, _)) if matches!(code.as_str(), "13" | "53100") => Self::StorageFull(error),
            _ if unavailable => Self::Busy(error),
            Some(_) | None => Self::Database(error),
        }
    }
}

impl Error {
    /// Whether the whole transaction may be run again (PostgreSQL 40001, 40P01).
    pub fn is_serialization(&self) -> bool {
        matches!(self, Self::Busy(source) if engine(source).is_some_and(|(code, _)| matches!(code.as_str(), "40001" | "40P01")))
    }

    /// Whether a unique key was in use (SQLite 2067 and 1555, PostgreSQL 23505).
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(source)
            if engine(source).is_some_and(|(code, _)| matches!(code.as_str(), "23505" | "2067" | "1555")))
    }

    /// A unique key in use is `refusal`; anything else stays what it is.
    #[must_use]
    pub fn or_duplicate(self, refusal: Refusal) -> Self {
        if self.is_duplicate() { refusal.into() } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_without_room_says_so() {
        let mut options = sea_orm::ConnectOptions::new("sqlite::memory:");
        options.max_connections(1);
        let database = sea_orm::Database::connect(options).await.unwrap();
        let run = async |sql: &str| sea_orm::ConnectionTrait::execute_unprepared(&database, sql).await;
        run("CREATE TABLE t (x BLOB)").await.unwrap();
        run("PRAGMA max_page_count = 2").await.unwrap();
        let error = Error::from(run("INSERT INTO t VALUES (zeroblob(100000))").await.unwrap_err());
        assert_eq!((error.code(), error.reason().as_str()), (Code::Unavailable, "STORAGE_FULL"), "{error:?}");
        assert!(error.retry().is_some());
    }
}
