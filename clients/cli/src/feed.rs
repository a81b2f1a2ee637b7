//! Calendar subscriptions.

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
    /// Make a secret address that a calendar subscribes to; it is shown once
    #[command(after_help = "Example: schakelctl feed create")]
    Create,
    /// One's own feeds, newest first
    #[command(after_help = "Example: schakelctl feed list")]
    List {
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// Stop an address from working
    #[command(after_help = "Example: schakelctl feed revoke feeds/0198…")]
    Revoke {
        /// `feeds/…`
        name: Reference,
    },
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::Create => {
                let asked = pb::CreateFeedRequest { request_id: request_id() };
                Ok(Answer::of(&call!(session, feed.create_feed(asked))?))
            }
            Self::List { limit } => {
                let found = every_page(limit, async |page_token| {
                    let asked = pb::ListFeedsRequest { page_size: 200, page_token };
                    let answer = call!(session, feed.list_feeds(asked))?;
                    Ok((answer.feeds, answer.next_page_token))
                });
                let columns = ["create_time", "expire_time", "revoke_time", "name"];
                Ok(Answer::list(&found.await?, &columns))
            }
            Self::Revoke { name } => {
                let asked = pb::RevokeFeedRequest { name: session.resolve(&name)?, request_id: request_id() };
                Ok(Answer::of(&call!(session, feed.revoke_feed(asked))?))
            }
        }
    }
}
