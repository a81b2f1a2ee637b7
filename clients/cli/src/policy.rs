//! The norms of the region: shown, tried, taken into use from a day on.

use std::{fs, path::PathBuf};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use schakel_client::v1 as pb;

use crate::{
    failure::Failure,
    privacy,
    render::{Answer, printable, text, tree},
    session::{Outcome, Session, call, request_id},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// What is in use on a day, and every version that there is
    #[command(after_help = "Example: schakelctl policy show --out normen.json")]
    Show {
        /// On that day [default: today]
        #[arg(long, value_name = "DATE")]
        date: Option<NaiveDate>,
        /// The draft for the Wet terugdringen schoolverzuim instead
        #[arg(long)]
        draft: bool,
        /// Write the JSON there, to be changed and loaded
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Change nothing: what is wrong with a file, or which deadlines it would move
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator policy check normen.json --valid-from 2026-12-01"
    )]
    Check(Norms),
    /// Take a file into use from a day on
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator policy load normen.json --valid-from 2026-12-01"
    )]
    Load(Norms),
}

#[derive(Args)]
pub(crate) struct Norms {
    /// JSON with what differs from the norms in use on that day
    file: PathBuf,
    /// The first day on which it is used, today or later
    #[arg(long, value_name = "DATE")]
    valid_from: NaiveDate,
    /// The file says all, not only what differs
    #[arg(long)]
    whole: bool,
}

impl Norms {
    async fn run(self, session: &Session, validate_only: bool) -> Outcome<Answer> {
        let json = fs::read_to_string(&self.file)
            .map_err(|error| Failure::Usage(format!("{}: {error}", self.file.display())))?;
        let etag = call!(session, policy.get_policy_profile(pb::GetPolicyProfileRequest::default()))?.etag;
        let asked = pb::SetPolicyProfileRequest {
            json,
            whole: self.whole,
            valid_from: self.valid_from.to_string(),
            validate_only,
            etag,
            request_id: request_id(),
        };
        Ok(Answer::of(&call!(session, policy.set_policy_profile(asked))?))
    }
}

/// Norms as they are written in a file: on lines of their own, below what is said of them.
fn shown(mut answer: pb::PolicyProfile) -> Answer {
    let whole = tree(&answer);
    let json = std::mem::take(&mut answer.json);
    let mut lines = vec![text(&tree(&answer))];
    if !json.is_empty() {
        lines.push("json:".to_owned());
        lines.extend(json.lines().map(printable));
    }
    Answer::told(&whole, lines.join("\n"))
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::Show { date, draft, out } => {
                let date = date.map(|day| day.to_string()).unwrap_or_default();
                let asked = pb::GetPolicyProfileRequest { date, draft };
                let mut answer = call!(session, policy.get_policy_profile(asked))?;
                if let Some(out) = out {
                    privacy::write(&out, std::mem::take(&mut answer.json).as_bytes())?;
                }
                Ok(shown(answer))
            }
            Self::Check(file) => file.run(session, true).await,
            Self::Load(file) => file.run(session, false).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_are_shown_on_lines_of_their_own_and_whole_to_programs() {
        let json = "{\n  \"version\": \"2026-1\"\n}".to_owned();
        let answer =
            shown(pb::PolicyProfile { json: json.clone(), version: "2026-1".into(), ..Default::default() });
        assert_eq!(answer.json()["json"], json);
        let said = answer.rendered(false);
        assert!(said.ends_with("\njson:\n{\n  \"version\": \"2026-1\"\n}"), "{said}");
    }
}
