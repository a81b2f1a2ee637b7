//! Credentials of programs.

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
    /// Make a token for oneself; its secret is shown once
    #[command(after_help = "Example: schakelctl token create 'nightly import' --valid-days 30")]
    Create {
        /// What it is for
        display_name: String,
        /// Days that it works, 1 to 366 [default: 90]
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        valid_days: i32,
    },
    /// One's own tokens, newest first
    #[command(after_help = "Example: schakelctl token list")]
    List {
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// Stop a token from working
    #[command(after_help = "Example: schakelctl token revoke tokens/0198…")]
    Revoke {
        /// `tokens/…`
        name: Reference,
    },
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::Create { display_name, valid_days } => {
                let asked = pb::CreateTokenRequest { display_name, valid_days, request_id: request_id() };
                Ok(Answer::of(&call!(session, access.create_token(asked))?))
            }
            Self::List { limit } => {
                let found = every_page(limit, async |page_token| {
                    let asked = pb::ListTokensRequest { page_size: 200, page_token };
                    let answer = call!(session, access.list_tokens(asked))?;
                    Ok((answer.tokens, answer.next_page_token))
                });
                let columns = ["display_name", "create_time", "expire_time", "revoke_time", "name"];
                Ok(Answer::list(&found.await?, &columns))
            }
            Self::Revoke { name } => {
                let asked =
                    pb::RevokeTokenRequest { name: session.resolve(&name)?, request_id: request_id() };
                Ok(Answer::of(&call!(session, access.revoke_token(asked))?))
            }
        }
    }
}
