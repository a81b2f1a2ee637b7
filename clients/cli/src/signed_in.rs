//! Where people are signed in to the pages.

use clap::Subcommand;
use schakel_client::v1 as pb;

use crate::{
    entry::every_page,
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::Reference,
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// One's own sessions that last, newest first
    #[command(after_help = "Example: schakelctl session list")]
    List {
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// Sign out of one of them
    #[command(after_help = "Example: schakelctl session end sessions/0198…")]
    End {
        /// `sessions/…`
        name: Reference,
    },
    /// Sign out everywhere
    #[command(after_help = "Example: schakelctl session end-all")]
    EndAll,
    /// Sign somebody else out everywhere, for the administrator
    #[command(after_help = "Example: schakelctl --as beheerder session end-person @smw")]
    EndPerson {
        /// `persons/…`
        person: Reference,
    },
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::List { limit } => {
                let found = every_page(limit, async |page_token| {
                    let asked = pb::ListSessionsRequest { page_size: 200, page_token };
                    let answer = call!(session, access.list_sessions(asked))?;
                    Ok((answer.sessions, answer.next_page_token))
                });
                let columns = ["create_time", "last_use_time", "expire_time", "organisation", "name"];
                Ok(Answer::list(&found.await?, &columns))
            }
            Self::End { name } => {
                let asked = pb::EndSessionRequest { name: session.resolve(&name)?, request_id: request_id() };
                Ok(Answer::of(&call!(session, access.end_session(asked))?))
            }
            Self::EndAll => {
                let asked = pb::EndOtherSessionsRequest { request_id: request_id() };
                Ok(Answer::of(&call!(session, access.end_other_sessions(asked))?))
            }
            Self::EndPerson { person } => {
                let person = session.resolve(&person)?;
                let asked = pb::EndPersonSessionsRequest { person, request_id: request_id() };
                Ok(Answer::of(&call!(session, access.end_person_sessions(asked))?))
            }
        }
    }
}
