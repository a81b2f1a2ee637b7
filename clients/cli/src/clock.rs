//! The demo's clock.

use clap::Subcommand;
use schakel_client::v1 as pb;

use crate::{
    failure::Failure,
    render::Answer,
    session::{Outcome, Session, call},
    time::Span,
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// What time it is for the server
    #[command(after_help = "Example: schakelctl clock get")]
    Get,
    /// Move the server's clock forward; what is due then happens
    #[command(after_help = "Example: schakelctl clock advance 2d4h")]
    Advance {
        /// How far: w, d, h, m and s
        by: Span,
    },
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        let clock = match self {
            Self::Get => call!(session, clock.get_clock(pb::GetClockRequest {}))?,
            // Has no request id: sent again, it would move twice.
            Self::Advance { by } => {
                let asked = pb::AdvanceClockRequest { by: Some(by.wire()) };
                let answer = session.connection.clock().advance_clock(asked).await;
                answer.map_err(Failure::from)?.into_inner()
            }
        };
        Ok(Answer::of(&clock))
    }
}
