//! Systems that are told when something changes in a case.

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
    /// Have an address told of changes; the secret that signs is shown once
    #[command(
        after_help = "Example: schakelctl --as beheerder subscription create https://lvs.example/schakel --kind DEADLINE_OVERDUE --kind CASE_CLOSED"
    )]
    Create {
        /// `https://…`
        address: String,
        /// Only changes of this kind; more than once: of these
        #[arg(long)]
        kind: Vec<Choice<pb::case_change::Kind>>,
    },
    /// The organisation's subscriptions, newest first
    #[command(after_help = "Example: schakelctl --as beheerder subscription list")]
    List {
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// Make another secret; for a day both sign
    #[command(after_help = "Example: schakelctl --as beheerder subscription rotate subscriptions/0198…")]
    Rotate {
        /// `subscriptions/…`
        name: Reference,
    },
    /// Send a ping; when it is taken, a subscription that was paused goes on
    #[command(after_help = "Example: schakelctl --as beheerder subscription test subscriptions/0198…")]
    Test {
        /// `subscriptions/…`
        name: Reference,
    },
    /// Tell an address nothing any more
    #[command(after_help = "Example: schakelctl --as beheerder subscription delete subscriptions/0198…")]
    Delete {
        /// `subscriptions/…`
        name: Reference,
    },
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::Create { address, kind } => {
                let asked = pb::CreateSubscriptionRequest {
                    address,
                    kinds: kind.into_iter().map(|kind| kind.0.into()).collect(),
                    request_id: request_id(),
                };
                Ok(Answer::of(&call!(session, subscription.create_subscription(asked))?))
            }
            Self::List { limit } => {
                let found = every_page(limit, async |page_token| {
                    let asked = pb::ListSubscriptionsRequest { page_size: 200, page_token };
                    let answer = call!(session, subscription.list_subscriptions(asked))?;
                    Ok((answer.subscriptions, answer.next_page_token))
                });
                let columns =
                    ["host", "kinds", "state", "last_delivery_time", "failure_count", "last_error", "name"];
                Ok(Answer::list(&found.await?, &columns))
            }
            Self::Rotate { name } => {
                let asked = pb::RotateSubscriptionSecretRequest {
                    name: session.resolve(&name)?,
                    request_id: request_id(),
                };
                Ok(Answer::of(&call!(session, subscription.rotate_subscription_secret(asked))?))
            }
            Self::Test { name } => {
                let asked =
                    pb::TestSubscriptionRequest { name: session.resolve(&name)?, request_id: request_id() };
                Ok(Answer::of(&call!(session, subscription.test_subscription(asked))?))
            }
            Self::Delete { name } => {
                let asked =
                    pb::DeleteSubscriptionRequest { name: session.resolve(&name)?, request_id: request_id() };
                call!(session, subscription.delete_subscription(asked))?;
                Ok(Answer::nothing())
            }
        }
    }
}
