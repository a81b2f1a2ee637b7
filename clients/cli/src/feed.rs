//! Calendar subscriptions.

use clap::Subcommand;
use schakel_client::v1 as pb;

use crate::{
    entry::every_page,
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Make a secret address that a calendar subscribes to; it is shown once
    #[command(after_help = "Example: schakelctl feed create --scope school --of @school --detail full")]
    Create {
        /// Whose meetings: own, school, team or cluster
        #[arg(long)]
        scope: Option<Choice<pb::feed::Scope>>,
        /// `schools/…`, `teams/…` or `clusters/…`
        #[arg(long)]
        of: Option<Reference>,
        /// Only meetings of this kind; more than once: of these
        #[arg(long)]
        kind: Vec<Choice<pb::consultation::Kind>>,
        /// How much of them: busy, title, full, or free-busy for partners
        #[arg(long)]
        detail: Option<Choice<pb::feed::Detail>>,
    },
    /// One's own feeds, newest first
    #[command(after_help = "Example: schakelctl feed list")]
    List {
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// Make another address for a feed; the old one works for a week still
    #[command(after_help = "Example: schakelctl feed rotate feeds/0198…")]
    Rotate {
        /// `feeds/…`
        name: Reference,
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
            Self::Create { scope, of, kind, detail } => {
                let asked = pb::CreateFeedRequest {
                    request_id: request_id(),
                    scope: scope.map_or(0, |scope| scope.0.into()),
                    of: session.resolve_if(of.as_ref())?,
                    kinds: kind.into_iter().map(|kind| kind.0.into()).collect(),
                    detail: detail.map_or(0, |detail| detail.0.into()),
                };
                Ok(Answer::of(&call!(session, feed.create_feed(asked))?))
            }
            Self::List { limit } => {
                let found = every_page(limit, async |page_token| {
                    let asked = pb::ListFeedsRequest { page_size: 200, page_token };
                    let answer = call!(session, feed.list_feeds(asked))?;
                    Ok((answer.feeds, answer.next_page_token))
                });
                let columns = [
                    "scope",
                    "of",
                    "detail",
                    "create_time",
                    "expire_time",
                    "revoke_time",
                    "last_use_date",
                    "name",
                ];
                Ok(Answer::list(&found.await?, &columns))
            }
            Self::Rotate { name } => {
                let asked = pb::RotateFeedRequest { name: session.resolve(&name)?, request_id: request_id() };
                Ok(Answer::of(&call!(session, feed.rotate_feed(asked))?))
            }
            Self::Revoke { name } => {
                let asked = pb::RevokeFeedRequest { name: session.resolve(&name)?, request_id: request_id() };
                Ok(Answer::of(&call!(session, feed.revoke_feed(asked))?))
            }
        }
    }
}
