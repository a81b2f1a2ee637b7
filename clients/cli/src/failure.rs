//! Why a command was not done, and the exit code that says so.

use std::process::ExitCode;

use schakel_client::{OpenError, Problem};
use serde_json::{Value, json};

use crate::{render, time};

pub(crate) enum Failure {
    /// The server said no.
    Refused(Problem),
    /// The arguments or the profile do not fit.
    Usage(String),
    /// Nobody answered.
    Unreachable(String),
}

impl Failure {
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::Unreachable(_) => 3,
        })
    }

    pub(crate) fn rendered(&self, json: bool) -> String {
        if json {
            return self.to_json().to_string();
        }
        match self {
            Self::Refused(problem) => refusal(problem),
            Self::Usage(text) => format!("schakelctl: {}", render::printable(text)),
            Self::Unreachable(text) => format!("schakelctl: {}\n{}", render::printable(text), look(text)),
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Refused(problem) => json!({
                "error": problem.name(),
                "code": format!("{:?}", problem.code),
                "message": problem.message,
                "metadata": problem.metadata,
                "violations": problem.violations.iter().map(|violation| json!({
                    "field": violation.field,
                    "reason": violation.reason,
                    "description": violation.description,
                })).collect::<Vec<_>>(),
            }),
            Self::Usage(text) => json!({ "error": "USAGE", "message": text }),
            Self::Unreachable(text) => json!({ "error": "UNREACHABLE", "message": text }),
        }
    }
}

/// As the server said it, with instants in local time; headers by the name of their option.
fn refusal(problem: &Problem) -> String {
    let text = problem.to_string();
    let mut lines: Vec<_> = text.lines().map(|line| render::printable(&time::localised(line))).collect();
    if problem.violations.iter().any(|violation| violation.reason == "ACTING_FOR_REQUIRED") {
        lines.push("Say it with --for ORGANISATION.".into());
    }
    if problem.reason == "RETENTION_TERM_MISSING" {
        lines.push("Set it with `privacy set-term CLASS`; `privacy terms` shows them all.".into());
    }
    lines.join("\n")
}

/// Where to look when there is no connection: who shows a certificate, or refuses one, is there.
fn look(text: &str) -> &'static str {
    if text.contains("invalid peer certificate") {
        "A server answers, but its certificate is not accepted. --ca names the authority that signed it, which is \
         another certificate than the server's own."
    } else if text.contains("fatal alert") {
        "A server answers, but not to this client: does it ask for a certificate, or for another one?"
    } else {
        "Is the server running? Try --server."
    }
}

impl From<tonic::Status> for Failure {
    fn from(status: tonic::Status) -> Self {
        let problem = Problem::from(&status);
        if problem.unreachable { Self::Unreachable(problem.message) } else { Self::Refused(problem) }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match &error {
            OpenError::Address(_) | OpenError::Header(_) | OpenError::Certificate { .. } => {
                Self::Usage(error.to_string())
            }
            OpenError::Unreachable { source, .. } => {
                let causes = std::iter::successors(std::error::Error::source(source), |cause| cause.source());
                let mut words: Vec<_> =
                    std::iter::once(error.to_string()).chain(causes.map(ToString::to_string)).collect();
                words.dedup();
                Self::Unreachable(words.join(": "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use schakel_client::Violation;

    use super::*;

    #[test]
    fn who_has_to_choose_an_organisation_is_told_with_which_option() {
        let problem = Problem {
            code: tonic::Code::InvalidArgument,
            reason: "ACTING_FOR_REQUIRED".into(),
            message: "Say which.".into(),
            violations: vec![Violation {
                field: "schakel-acting-for".into(),
                reason: "ACTING_FOR_REQUIRED".into(),
                description: "Choose from: organisations/1 (Wijkteam).".into(),
            }],
            metadata: std::collections::BTreeMap::new(),
            unreachable: false,
        };
        let told = Failure::Refused(problem).rendered(false);
        assert!(told.contains("organisations/1") && told.ends_with("--for ORGANISATION."), "{told}");
    }

    #[test]
    fn who_does_not_trust_the_server_is_not_told_to_start_it() {
        let told = |text: &str| Failure::Unreachable(text.into()).rendered(false);
        let untrusted =
            told("https://s cannot be reached: invalid peer certificate: Other(CaUsedAsEndEntity)");
        assert!(untrusted.contains("--ca") && !untrusted.contains("running"), "{untrusted}");
        let unwanted = told("https://s cannot be reached: received fatal alert: CertificateRequired");
        assert!(unwanted.contains("answers") && !unwanted.contains("running"), "{unwanted}");
        assert!(told("https://s cannot be reached: Connection refused").ends_with("Try --server."));
    }

    #[test]
    fn refusals_show_times_as_the_clock_on_the_wall() {
        let problem = Problem {
            code: tonic::Code::FailedPrecondition,
            reason: "TIME_CONFLICT".into(),
            message: "Taken.".into(),
            violations: Vec::new(),
            metadata: [("next_free_times".into(), "2026-11-24T09:00:00Z, 2026-11-24T10:00:00Z".into())]
                .into(),
            unreachable: false,
        };
        let failure = Failure::Refused(problem);
        assert_eq!(
            failure.rendered(false),
            "TIME_CONFLICT: Taken.\n  next_free_times: Tue 2026-11-24 10:00, Tue 2026-11-24 11:00"
        );
        assert!(failure.rendered(true).contains(r#""error":"TIME_CONFLICT""#));
        assert_eq!(failure.exit_code(), ExitCode::from(1));
    }
}
