//! What people proposed to an invitation: another time, or somebody else in their place.

use clap::{Args, Subcommand};
use schakel_client::v1 as pb;

use crate::{
    entry::every_page,
    render::Answer,
    seat::Guest,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Those about a meeting, or about every meeting that one booked, newest first
    #[command(after_help = "Example: schakelctl proposal list --consultation @consultation")]
    List {
        /// Only about this meeting
        #[arg(long)]
        consultation: Option<Reference>,
        /// Also what is decided or outdated
        #[arg(long)]
        show_decided: bool,
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// The meeting moves, or somebody else comes
    #[command(
        after_help = "Example: schakelctl proposal accept proposals/0190b2a0-7c3e-7000-8000-000000000001 --etag 1"
    )]
    Accept {
        #[command(flatten)]
        which: Which,
        /// Who comes in their place, as NAME:ROLE [default: the professional with that address]
        #[arg(long, value_name = "NAME:ROLE")]
        comes: Option<Guest>,
        /// Why it comes nearer than usual: `FAMILY_ASKS`, URGENT or `ALL_AGREED`
        #[arg(long, value_name = "WHY")]
        short_notice: Option<Choice<pb::consultation::ShortNotice>>,
    },
    /// The meeting stays as it is; whoever proposed is told
    #[command(
        after_help = "Example: schakelctl proposal refuse proposals/0190b2a0-7c3e-7000-8000-000000000001 --etag 1"
    )]
    Refuse {
        #[command(flatten)]
        which: Which,
    },
}

/// The proposal that is decided on.
#[derive(Args)]
pub(crate) struct Which {
    /// `proposals/…`
    name: Reference,
    /// Its version, as the list shows it
    #[arg(long)]
    etag: String,
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::List { consultation, show_decided, limit } => {
                let filter = pb::ListProposalsRequest {
                    consultation: session.resolve_if(consultation.as_ref())?,
                    show_decided,
                    page_size: 200,
                    page_token: String::new(),
                };
                let found = every_page(limit, async |page_token| {
                    let asked = pb::ListProposalsRequest { page_token, ..filter.clone() };
                    let answer = call!(session, proposal.list_proposals(asked))?;
                    Ok((answer.proposals, answer.next_page_token))
                });
                let columns = [
                    "state",
                    "kind",
                    "start_time",
                    "person",
                    "everybody_is_free",
                    "consultation",
                    "etag",
                    "name",
                ];
                Ok(Answer::list(&found.await?, &columns))
            }
            Self::Accept { which, comes, short_notice } => {
                let comes = comes.map(|guest| guest.wire(&session.names, false)).transpose()?;
                let asked = pb::AcceptProposalRequest {
                    name: session.resolve(&which.name)?,
                    comes,
                    etag: which.etag,
                    request_id: request_id(),
                    short_notice: short_notice.map_or(0, |why| why.0.into()),
                };
                Ok(Answer::of(&call!(session, proposal.accept_proposal(asked))?))
            }
            Self::Refuse { which } => {
                let asked = pb::RefuseProposalRequest {
                    name: session.resolve(&which.name)?,
                    request_id: request_id(),
                    etag: which.etag,
                };
                Ok(Answer::of(&call!(session, proposal.refuse_proposal(asked))?))
            }
        }
    }
}
