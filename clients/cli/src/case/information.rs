//! Requests for information: asked, ended, listed.

use chrono::NaiveDate;
use clap::Subcommand;
use schakel_client::v1::{
    self as pb,
    information_request::{Kind, State},
};

use crate::{
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Ask a partner, with the family's consent
    #[command(
        after_help = "Example: schakelctl case information ask @case --kind FUNCTIONAL_ADVICE --organisation organisations/0190b2a0-7c3e-7000-8000-000000000001 --role JEUGDARTS --due 2026-12-18"
    )]
    Ask {
        /// `cases/…`
        case: Reference,
        /// `ABSENCE`, `SCHOOL_PROGRESS`, `SUPPORT_NEEDS`, `BEHAVIOUR_ADVICE`, `FUNCTIONAL_ADVICE` or `YOUTH_HELP`
        #[arg(long)]
        kind: Choice<Kind>,
        /// Who is asked
        #[arg(long)]
        organisation: Reference,
        /// As what
        #[arg(long)]
        role: Choice<pb::Role>,
        /// By when an answer is hoped for
        #[arg(long, value_name = "DATE")]
        due: NaiveDate,
        /// What belongs to it; never the answer
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Say that one was answered or declined, or is not needed any more
    #[command(
        after_help = "Example: schakelctl case information end informationRequests/0190b2a0-7c3e-7000-8000-000000000001 --etag 1 --state RECEIVED --on 2026-12-16"
    )]
    End {
        /// `informationRequests/…`
        name: Reference,
        /// The version that was listed
        #[arg(long)]
        etag: String,
        /// RECEIVED, DECLINED or WITHDRAWN
        #[arg(long)]
        state: Choice<State>,
        /// On which day
        #[arg(long, value_name = "DATE")]
        on: NaiveDate,
    },
    /// What was asked, by due date
    #[command(after_help = "Example: schakelctl case information list @case")]
    List {
        /// `cases/…`
        case: Reference,
    },
}

impl Verb {
    pub(super) async fn run(self, session: &Session) -> Outcome<Answer> {
        let request = match self {
            Self::Ask { case, kind, organisation, role, due, note } => {
                let wanted = pb::InformationRequest {
                    case: session.resolve(&case)?,
                    kind: kind.0.into(),
                    organisation: session.organisation(&organisation)?,
                    role: role.0.into(),
                    due_date: due.to_string(),
                    note,
                    ..pb::InformationRequest::default()
                };
                let asked =
                    pb::AskInformationRequest { information_request: Some(wanted), request_id: request_id() };
                call!(session, information.ask_information(asked))?
            }
            Self::End { name, etag, state, on } => {
                let asked = pb::EndInformationRequestRequest {
                    name: session.resolve(&name)?,
                    state: state.0.into(),
                    end_date: on.to_string(),
                    etag,
                    request_id: request_id(),
                };
                call!(session, information.end_information_request(asked))?
            }
            Self::List { case } => {
                let asked = pb::ListInformationRequestsRequest { case: session.resolve(&case)? };
                let answer = call!(session, information.list_information_requests(asked))?;
                let columns = ["due_date", "kind", "state", "organisation", "role", "etag", "name"];
                return Ok(Answer::list(&answer.information_requests, &columns));
            }
        };
        Ok(Answer::of(&request))
    }
}
