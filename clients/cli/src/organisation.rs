//! Organisations of every kind.

use clap::Subcommand;
use schakel_client::v1 as pb;

use crate::{
    entry::every_page,
    render::Answer,
    session::{Outcome, Session, call},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// All of them, by name
    #[command(after_help = "Example: schakelctl organisation list --kind GEMEENTE")]
    List {
        /// SCHOOL, TEAM, GEMEENTE, BOARD or SAMENWERKINGSVERBAND
        #[arg(long)]
        kind: Option<Choice<pb::organisation::Kind>>,
        /// Only with this code
        #[arg(long)]
        code: Option<String>,
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// Show one
    #[command(after_help = "Example: schakelctl organisation get organisations/0198…")]
    Get {
        /// `organisations/…`
        name: Reference,
    },
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::List { kind, code, limit } => {
                let filter = pb::ListOrganisationsRequest {
                    kind: kind.map_or(0, |kind| kind.0.into()),
                    code: code.unwrap_or_default(),
                    page_size: 200,
                    page_token: String::new(),
                };
                let found = every_page(limit, async |page_token| {
                    let asked = pb::ListOrganisationsRequest { page_token, ..filter.clone() };
                    let answer = call!(session, directory.list_organisations(asked))?;
                    Ok((answer.organisations, answer.next_page_token))
                });
                Ok(Answer::list(&found.await?, &["kind", "code", "display_name", "name"]))
            }
            Self::Get { name } => {
                let asked = pb::GetOrganisationRequest { name: session.resolve(&name)? };
                Ok(Answer::of(&call!(session, directory.get_organisation(asked))?))
            }
        }
    }
}
