//! Mails about meetings that changed nothing.

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
    /// Those about a meeting, oldest first
    #[command(after_help = "Example: schakelctl inbox list @consultation --show-dismissed")]
    List {
        /// `consultations/…`
        consultation: Reference,
        /// Also those that somebody looked at
        #[arg(long)]
        show_dismissed: bool,
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// Somebody looked at it
    #[command(
        after_help = "Example: schakelctl inbox dismiss inboundMails/0190b2a0-7c3e-7000-8000-000000000001"
    )]
    Dismiss {
        /// `inboundMails/…`
        name: Reference,
    },
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::List { consultation, show_dismissed, limit } => {
                let filter = pb::ListInboundMailsRequest {
                    consultation: session.resolve(&consultation)?,
                    show_dismissed,
                    page_size: 200,
                    page_token: String::new(),
                };
                let found = every_page(limit, async |page_token| {
                    let asked = pb::ListInboundMailsRequest { page_token, ..filter.clone() };
                    let answer = call!(session, inbox.list_inbound_mails(asked))?;
                    Ok((answer.inbound_mails, answer.next_page_token))
                });
                let columns =
                    ["receive_time", "reason", "method", "answer", "person", "sender", "text", "name"];
                Ok(Answer::list(&found.await?, &columns))
            }
            Self::Dismiss { name } => {
                let asked =
                    pb::DismissInboundMailRequest { name: session.resolve(&name)?, request_id: request_id() };
                call!(session, inbox.dismiss_inbound_mail(asked))?;
                Ok(Answer::nothing())
            }
        }
    }
}
