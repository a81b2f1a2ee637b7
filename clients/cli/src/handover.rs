//! Rounds of hand-overs to the next school: how far each child is, and what that school says.

use clap::Subcommand;
use schakel_client::v1::{
    self as pb,
    handover::{Reason, State},
};

use crate::{
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// The round of a school year: which children, how far, whose turn it is
    #[command(
        after_help = "Example: schakelctl handover list --school-year 2026-2027 --sending-school @school"
    )]
    List {
        /// For example 2026-2027 [default: the present one]
        #[arg(long)]
        school_year: Option<String>,
        /// Only of children that leave this school
        #[arg(long)]
        sending_school: Option<Reference>,
        /// Only of children that go to this school
        #[arg(long)]
        receiving_school: Option<Reference>,
    },
    /// Say, for the receiving school, that it has what it needs, or give the hand-over back
    #[command(
        after_help = "Example: schakelctl handover answer @consultation --state REFUSED --reason INCOMPLETE"
    )]
    Answer {
        /// `consultations/…`
        consultation: Reference,
        /// CONFIRMED or REFUSED
        #[arg(long)]
        state: Choice<State>,
        /// Why it is given back: `NOT_ENROLLED`, INCOMPLETE or `NOT_HELD`
        #[arg(long)]
        reason: Option<Choice<Reason>>,
    },
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::List { school_year, sending_school, receiving_school } => {
                let asked = pb::ListHandoversRequest {
                    school_year: school_year.unwrap_or_default(),
                    sending_school: session.resolve_if(sending_school.as_ref())?,
                    receiving_school: session.resolve_if(receiving_school.as_ref())?,
                };
                Ok(Answer::of(&call!(session, handover.list_handovers(asked))?))
            }
            Self::Answer { consultation, state, reason } => {
                let asked = pb::AnswerHandoverRequest {
                    consultation: session.resolve(&consultation)?,
                    state: state.0.into(),
                    reason: reason.map_or(0, |reason| reason.0.into()),
                    request_id: request_id(),
                };
                Ok(Answer::of(&call!(session, handover.answer_handover(asked))?))
            }
        }
    }
}
