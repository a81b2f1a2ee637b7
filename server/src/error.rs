//! The one error of the server, and the one table from it to gRPC and HTTP.

use std::{collections::HashMap, sync::Arc, time::Duration};

use schakel_domain::{
    access::Denied,
    bound::Bound,
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
    /// The caller was not recognised well enough for this; holds the `acr` values that would do.
    #[error("a stronger sign-in is needed")]
    StepUpRequired(Arc<str>),
    /// The identity provider of the token cannot be asked for its keys; the same call may be sent again.
    #[error("the identity provider cannot be asked")]
    IssuerUnavailable,
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
    /// What is shown cannot be written down, so it is not shown.
    #[error("the audit log cannot be written")]
    Audit(#[source] sea_orm::DbErr),
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
    /// A sealed value does not open: the ciphertext, its place or its key is another.
    #[error("DECRYPT_FAILED {table}.{column}")]
    Unreadable {
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
    /// Not one `Bearer` with a token of ours or of an identity provider.
    MalformedToken,
    /// Unknown, expired, revoked, or with a signature that is not its issuer's.
    TokenInvalid,
    /// Signed in a way that is not accepted, or not at all.
    TokenAlgNotAllowed,
    /// Its time is over.
    TokenExpired,
    /// A claim is missing, of the wrong type, or cannot be; holds which.
    TokenClaimInvalid(&'static str),
    /// Meant for somebody else.
    TokenAudience,
    /// Of an identity provider that is not believed.
    TokenIssuer,
    /// Its issuer has no such key.
    TokenKeyUnknown,
    /// It must come with the certificate that it is bound to.
    TokenBinding,
    /// Revoked since the connection was made.
    CertRevoked,
    /// Expired since the connection was made, or no longer of an authority that is trusted.
    CertInvalid,
    /// Its subject has not exactly one serial number of twenty digits.
    CertOinInvalid,
    /// Known, but no login, system or membership is valid today.
    AccountDisabled,
}

impl Error {
    /// One field that is not right.
    pub fn field(field: impl Into<String>, refusal: Refusal) -> Self {
        Self::Invalid(vec![Violation::new(field, refusal)])
    }

    /// The same, of which it is known what would have been right.
    pub fn bound(field: impl Into<String>, refusal: Refusal, bound: Bound) -> Self {
        Self::Invalid(vec![Violation::bound(field, refusal, bound)])
    }

    /// The machine-readable reason, for `ErrorInfo` and for HTTP problems.
    pub fn reason(&self) -> String {
        match self {
            Self::Invalid(violations) => {
                violations.first().map_or("FIELD_INVALID", |violation| violation.refusal.into()).to_owned()
            }
            Self::Unauthenticated(credential) => <&str>::from(credential).to_owned(),
            Self::Denied(denied) => <&str>::from(denied).to_owned(),
            Self::StepUpRequired(_) => "STEP_UP_REQUIRED".to_owned(),
            Self::IssuerUnavailable => "ISSUER_UNAVAILABLE".to_owned(),
            Self::NotFound(resource) => format!("{resource}_NOT_FOUND"),
            Self::Stale => "ETAG_MISMATCH".to_owned(),
            Self::Refused(refusal, _) => refusal.to_string(),
            Self::Busy(_) => "DATABASE_UNAVAILABLE".to_owned(),
            Self::Audit(_) => "AUDIT_UNAVAILABLE".to_owned(),
            Self::Overloaded => "OVERLOADED".to_owned(),
            Self::RateLimited(_) => "RATE_LIMITED".to_owned(),
            Self::StorageFull(_) => "STORAGE_FULL".to_owned(),
            Self::Unreadable { .. } => "DECRYPT_FAILED".to_owned(),
            Self::Corrupt { .. } | Self::Database(_) => "INTERNAL".to_owned(),
        }
    }

    /// The gRPC code.
    pub fn code(&self) -> Code {
        match self {
            Self::Invalid(_) => Code::InvalidArgument,
            Self::Unauthenticated(Credential::AccountDisabled)
            | Self::Denied(_)
            | Self::StepUpRequired(_) => Code::PermissionDenied,
            Self::Unauthenticated(_) => Code::Unauthenticated,
            Self::NotFound(_) => Code::NotFound,
            Self::Stale => Code::Aborted,
            Self::Overloaded | Self::RateLimited(_) | Self::Refused(Refusal::MessageTooLarge, _) => {
                Code::ResourceExhausted
            }
            Self::Refused(refusal, _) => match refusal.fault() {
                Fault::Argument => Code::InvalidArgument,
                Fault::State => Code::FailedPrecondition,
            },
            Self::Busy(_) | Self::Audit(_) | Self::StorageFull(_) | Self::IssuerUnavailable => {
                Code::Unavailable
            }
            Self::Unreadable { .. } => Code::DataLoss,
            Self::Corrupt { .. } | Self::Database(_) => Code::Internal,
        }
    }

    /// What was wrong and what to do, without a word of what the caller sent.
    pub fn text(&self, language: Language) -> &'static str {
        let (dutch, english) = match self {
            Self::Invalid(violations) => {
                return violations.first().map_or("", |first| first.text(language));
            }
            Self::Refused(refusal, _) => return refusal.text(language),
            Self::Unauthenticated(Credential::AccountDisabled) => {
                ("Uw toegang geldt nu niet.", "Your access is not valid now.")
            }
            Self::StepUpRequired(_) => (
                "Meld u aan met een sterker middel.",
                "Sign in with a stronger means, and send the new token.",
            ),
            Self::IssuerUnavailable => (
                "Uw aanmelding kan even niet worden nagegaan. Probeer het zo opnieuw.",
                "Your sign-in cannot be checked just now. Try again shortly.",
            ),
            Self::Unauthenticated(_) => (
                "U bent niet aangemeld. Stuur een geldig token mee.",
                "You are not signed in. Send a valid token as `authorization: Bearer <token>`.",
            ),
            Self::Denied(Denied::ActionNotAllowed) => {
                ("Uw functie mag dit niet.", "Your role does not allow this.")
            }
            Self::Denied(Denied::AggregatesOnly) => {
                ("Uw functie ziet alleen cijfers.", "Your role sees figures only.")
            }
            Self::Denied(Denied::PurposeNotAllowed) => {
                ("Uw functie doet dit niet voor dit doel.", "Your role does not do this for this purpose.")
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
            Self::Audit(_) => (
                "Dit kan nu niet worden vastgelegd en wordt daarom niet getoond. Probeer het zo opnieuw.",
                "This cannot be written down now, so it is not shown. Try again shortly.",
            ),
            Self::Busy(_) | Self::Overloaded | Self::StorageFull(_) => {
                ("Het is even te druk. Probeer het zo opnieuw.", "The server is busy. Try again shortly.")
            }
            Self::Unreadable { .. } => (
                "Een bewaard gegeven is niet te openen. De beheerder krijgt hiervan bericht.",
                "A stored value cannot be opened. The operator is told.",
            ),
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
            Self::Busy(_)
            | Self::Audit(_)
            | Self::Overloaded
            | Self::StorageFull(_)
            | Self::IssuerUnavailable => Some(Duration::from_secs(1)),
            Self::Invalid(_)
            | Self::Unauthenticated(_)
            | Self::Denied(_)
            | Self::NotFound(_)
            | Self::Stale
            | Self::Refused(..)
            | Self::StepUpRequired(_)
            | Self::Unreadable { .. }
            | Self::Corrupt { .. }
            | Self::Database(_) => None,
        }
    }

    /// What a program can act upon, beside the reason.
    fn metadata(&self) -> HashMap<String, String> {
        let one = |key: &str, value: &str| HashMap::from([(key.to_owned(), value.to_owned())]);
        match self {
            Self::Refused(_, metadata) => metadata.clone(),
            Self::Unauthenticated(Credential::TokenClaimInvalid(claim)) => one("claim", claim),
            Self::StepUpRequired(acr) => one("acr", acr),
            Self::Invalid(_)
            | Self::Unauthenticated(_)
            | Self::Denied(_)
            | Self::IssuerUnavailable
            | Self::NotFound(_)
            | Self::Stale
            | Self::Busy(_)
            | Self::Overloaded
            | Self::RateLimited(_)
            | Self::StorageFull(_)
            | Self::Audit(_)
            | Self::Unreadable { .. }
            | Self::Corrupt { .. }
            | Self::Database(_) => HashMap::new(),
        }
    }

    /// Logs what the caller is not told, once.
    fn log(&self) {
        let source = std::error::Error::source(self).map(ToString::to_string);
        match self {
            Self::Unreadable { .. }
            | Self::Corrupt { .. }
            | Self::Database(_)
            | Self::Audit(_)
            | Self::StorageFull(_) => {
                tracing::error!(error = %self, source, "request failed");
            }
            Self::Busy(_) => tracing::warn!(source, "database busy"),
            Self::Invalid(_)
            | Self::Unauthenticated(_)
            | Self::Denied(_)
            | Self::StepUpRequired(_)
            | Self::IssuerUnavailable
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
        let mut details = ErrorDetails::with_error_info(error.reason(), DOMAIN, error.metadata());
        if let Error::Invalid(violations) = &error {
            details.set_bad_request(
                violations
                    .iter()
                    .take(MOST_VIOLATIONS)
                    .map(|violation| FieldViolation {
                        field: violation.field.clone(),
                        description: match &violation.form {
                            Some(form) => format!("{} {form}", violation.text(language)),
                            None => violation.text(language).to_owned(),
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
pub(crate) fn engine(error: &sea_orm::DbErr) -> Option<(String, String)> {
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
    /// An audit line that could not be written; what may be run again stays that.
    pub fn audit(error: sea_orm::DbErr) -> Self {
        let again = engine(&error).is_some_and(|(code, _)| matches!(code.as_str(), "40001" | "40P01"));
        if again { error.into() } else { Self::Audit(error) }
    }

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
