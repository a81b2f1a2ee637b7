//! A refusal of the server, in the words of people and with the names of programs.

use std::{collections::BTreeMap, error::Error, fmt};

use tonic::{Code, Status};
use tonic_types::StatusExt;

/// Why the server did not do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The gRPC code.
    pub code: Code,
    /// For example `TIME_CONFLICT`; empty when what answered is no Schakel server.
    pub reason: String,
    /// What was wrong and what to do, in the caller's language.
    pub message: String,
    /// The fields that are not right.
    pub violations: Vec<Violation>,
    /// What belongs to the reason, for example `next_free_times`.
    pub metadata: BTreeMap<String, String>,
    /// Nobody answered: the connection failed before the server could say anything.
    pub unreachable: bool,
}

/// One field that is not right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Its path in the request, for example `consultation.participants[0].person`.
    pub field: String,
    /// For example `FIELD_REQUIRED`.
    pub reason: String,
    /// What to do about it, in the caller's language.
    pub description: String,
}

impl From<&Status> for Problem {
    fn from(status: &Status) -> Self {
        let details = status.get_error_details();
        let info = details.error_info();
        let fields = details.bad_request().map(|bad| bad.field_violations.as_slice()).unwrap_or_default();
        Self {
            code: status.code(),
            reason: info.map(|info| info.reason.clone()).unwrap_or_default(),
            message: status.message().to_owned(),
            violations: fields
                .iter()
                .map(|violation| Violation {
                    field: violation.field.clone(),
                    reason: violation.reason.clone(),
                    description: violation.description.clone(),
                })
                .collect(),
            metadata: info.map(|info| info.metadata.clone().into_iter().collect()).unwrap_or_default(),
            unreachable: info.is_none() && of_transport(status),
        }
    }
}

/// Whether the status was made here because the connection failed: those from the wire have no source.
fn of_transport(status: &Status) -> bool {
    status.source().is_some()
}

impl Problem {
    /// The reason, or the gRPC code where there is none.
    pub fn name(&self) -> String {
        if self.reason.is_empty() { format!("{:?}", self.code) } else { self.reason.clone() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name(), self.message)?;
        for Violation { field, reason, description } in &self.violations {
            write!(f, "\n  {field}: {reason}. {description}")?;
        }
        for (name, value) in &self.metadata {
            write!(f, "\n  {name}: {value}")?;
        }
        Ok(())
    }
}

impl Error for Problem {}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use tonic_types::{ErrorDetails, FieldViolation};

    use super::*;

    #[test]
    fn a_conflict_tells_when_there_is_time() {
        let metadata = HashMap::from([("next_free_times".to_owned(), "2026-11-24T09:00:00Z".to_owned())]);
        let details = ErrorDetails::with_error_info("TIME_CONFLICT", "schakel", metadata);
        let status =
            Status::with_error_details(Code::FailedPrecondition, "Somebody is not free then.", details);
        let problem = Problem::from(&status);
        assert!(!problem.unreachable);
        assert_eq!(
            problem.to_string(),
            "TIME_CONFLICT: Somebody is not free then.\n  next_free_times: 2026-11-24T09:00:00Z"
        );
    }

    #[test]
    fn every_field_is_named() {
        let mut details = ErrorDetails::with_error_info("FIELD_REQUIRED", "schakel", HashMap::new());
        details.set_bad_request(vec![FieldViolation {
            field: "case.school".into(),
            description: "Give a value.".into(),
            reason: "FIELD_REQUIRED".into(),
            localized_message: None,
        }]);
        let status = Status::with_error_details(Code::InvalidArgument, "A field is missing.", details);
        assert_eq!(
            Problem::from(&status).to_string(),
            "FIELD_REQUIRED: A field is missing.\n  case.school: FIELD_REQUIRED. Give a value."
        );
    }

    #[test]
    fn what_is_no_schakel_server_is_told_by_its_code() {
        assert_eq!(Problem::from(&Status::unimplemented("no")).to_string(), "Unimplemented: no");
    }
}
