//! Erasure and retention: proposed by one person, approved by another.

use std::path::PathBuf;

use clap::Subcommand;
use schakel_client::v1 as pb;

use super::{usage, write};
use crate::{
    entry::every_page,
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Propose to erase a child (AVG 17): shows what would go and what stays
    #[command(
        after_help = "Example: schakelctl privacy propose-erasure @case --ground REQUEST --asked-by PARENT"
    )]
    ProposeErasure {
        /// `cases/…`
        case: Reference,
        /// Why
        #[arg(long)]
        ground: Choice<pb::ErasureGround>,
        /// Who asked
        #[arg(long)]
        asked_by: Choice<pb::Requester>,
    },
    /// Approve what somebody else proposed to erase
    #[command(after_help = "Example: schakelctl --as fg privacy approve-erasure destructions/0198…")]
    ApproveErasure {
        /// `destructions/…`
        name: Reference,
    },
    /// The retention terms of the region
    #[command(after_help = "Example: schakelctl --as fg privacy terms")]
    Terms,
    /// Set the term of one class
    #[command(
        after_help = "Example: schakelctl --as fg privacy set-term LEERPLICHT --years 7 --basis 'Selectielijst gemeenten 2020'"
    )]
    SetTerm {
        /// Which class
        class: Choice<pb::RetentionClass>,
        /// Calendar years
        #[arg(long, default_value_t = 0, conflicts_with = "days")]
        years: i32,
        /// Or calendar days
        #[arg(long, default_value_t = 0)]
        days: i32,
        /// Law article or decision [default: the present one]
        #[arg(long)]
        basis: Option<String>,
    },
    /// List what is no longer kept today, for somebody else to approve
    #[command(after_help = "Example: schakelctl --as beheerder privacy plan")]
    Plan,
    /// Approve what somebody else planned
    #[command(after_help = "Example: schakelctl --as fg privacy approve-plan destructions/0198…")]
    ApprovePlan {
        /// `destructions/…`
        name: Reference,
    },
    /// Proposals and what became of them, newest first
    #[command(after_help = "Example: schakelctl --as fg privacy destructions")]
    Destructions {
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// Show one, or write its signed statement to a file
    #[command(
        after_help = "Example: schakelctl --as fg privacy destruction destructions/0198… --statement verklaring.json"
    )]
    Destruction {
        /// `destructions/…`
        name: Reference,
        /// Where to; must not exist
        #[arg(long)]
        statement: Option<PathBuf>,
    },
    /// Whether a statement was signed by this server and not altered since
    #[command(after_help = "Example: schakelctl --as fg privacy verify verklaring.json")]
    Verify {
        /// The statement
        file: PathBuf,
    },
}

impl Verb {
    pub(super) async fn run(self, session: &Session) -> Outcome<Answer> {
        let request_id = request_id();
        let one = match self {
            Self::ProposeErasure { case, ground, asked_by } => {
                let case = session.resolve(&case)?;
                let (ground, asked_by) = (ground.0.into(), asked_by.0.into());
                let asked = pb::ProposeErasureRequest { case, ground, asked_by, request_id };
                call!(session, privacy.propose_erasure(asked))?
            }
            Self::ApproveErasure { name } => {
                let asked = pb::ApproveErasureRequest { name: session.resolve(&name)?, request_id };
                call!(session, privacy.approve_erasure(asked))?
            }
            Self::Terms => {
                let asked = pb::GetRetentionProfileRequest {};
                return Ok(Answer::of(&call!(session, privacy.get_retention_profile(asked))?));
            }
            Self::SetTerm { class, years, days, basis } => {
                return set_term(session, (class.0, years, days, basis), request_id).await;
            }
            Self::Plan => call!(session, privacy.plan_retention(pb::PlanRetentionRequest { request_id }))?,
            Self::ApprovePlan { name } => {
                let asked = pb::ApproveRetentionRequest { name: session.resolve(&name)?, request_id };
                call!(session, privacy.approve_retention(asked))?
            }
            Self::Destructions { limit } => return destructions(session, limit).await,
            Self::Destruction { name, statement } => {
                let asked = pb::GetDestructionRequest { name: session.resolve(&name)? };
                let one = call!(session, privacy.get_destruction(asked))?;
                if let Some(file) = statement {
                    write(&file, one.statement.as_bytes())?;
                }
                one
            }
            Self::Verify { file } => {
                let statement = std::fs::read_to_string(&file).map_err(|error| usage(&file, &error))?;
                let asked = pb::VerifyStatementRequest { statement };
                let answer = call!(session, privacy.verify_statement(asked))?;
                return Ok(Answer::of(&answer).refused_in_part(!answer.valid));
            }
        };
        Ok(Answer::of(&one))
    }
}

async fn set_term(
    session: &Session,
    (class, years, days, basis): (pb::RetentionClass, i32, i32, Option<String>),
    request_id: String,
) -> Outcome<Answer> {
    let mut profile = call!(session, privacy.get_retention_profile(pb::GetRetentionProfileRequest {}))?;
    for term in profile.terms.iter_mut().filter(|term| term.class() == class) {
        (term.years, term.days) = (years, days);
        if let Some(basis) = &basis {
            term.basis.clone_from(basis);
        }
    }
    let asked = pb::SetRetentionProfileRequest { profile: Some(profile), request_id };
    Ok(Answer::of(&call!(session, privacy.set_retention_profile(asked))?))
}

async fn destructions(session: &Session, limit: usize) -> Outcome<Answer> {
    let found = every_page(limit, async |page_token| {
        let asked = pb::ListDestructionsRequest { page_size: 200, page_token };
        let answer = call!(session, privacy.list_destructions(asked))?;
        Ok((answer.destructions, answer.next_page_token))
    });
    Ok(Answer::list(&found.await?, &["kind", "state", "propose_time", "approve_time", "name"]))
}
