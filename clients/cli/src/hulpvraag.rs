//! Requests for a helper by role.

use chrono::NaiveDate;
use clap::Subcommand;
use schakel_client::v1 as pb;

use crate::{
    entry::{self, Versioned, every_page},
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Ask for a helper; routing finds the team
    #[command(
        after_help = "Example: schakelctl hulpvraag create --school @school --role SMW --target-date 2026-12-04 --question 'Wie denkt mee?'"
    )]
    Create {
        /// The school
        #[arg(long)]
        school: Reference,
        /// The role asked for
        #[arg(long)]
        role: Choice<pb::Role>,
        /// By when the school wants to meet
        #[arg(long, value_name = "DATE")]
        target_date: NaiveDate,
        /// The question
        #[arg(long)]
        question: String,
        /// The case it is about
        #[arg(long)]
        case: Option<Reference>,
        /// What it is about, for the figures of demand
        #[arg(long)]
        category: Option<Choice<pb::hulpvraag::Category>>,
    },
    /// Show one
    #[command(after_help = "Example: schakelctl hulpvraag get @hulpvraag")]
    Get {
        /// `hulpvragen/…`
        name: Reference,
    },
    /// Those of one's school or team, by target date
    #[command(after_help = "Example: schakelctl hulpvraag list --state REQUESTED")]
    List {
        /// Only in this state
        #[arg(long)]
        state: Option<Choice<pb::hulpvraag::State>>,
        /// What was answered last first, or asked where nobody answered
        #[arg(long)]
        latest_first: bool,
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// Take it, for one person of the team
    #[command(after_help = "Example: schakelctl --as coordinator hulpvraag accept @hulpvraag --person @smw")]
    Accept {
        #[command(flatten)]
        which: Which,
        /// Who takes it
        #[arg(long)]
        person: Reference,
    },
    /// Say no, with a reason
    #[command(
        after_help = "Example: schakelctl --as coordinator hulpvraag decline @hulpvraag --reason 'Geen plek voor 1 maart'"
    )]
    Decline {
        #[command(flatten)]
        which: Which,
        /// Why, for the school to read
        #[arg(long)]
        reason: String,
    },
    /// Send it on to another team
    #[command(
        after_help = "Example: schakelctl --as coordinator hulpvraag forward @hulpvraag --team @team --reason 'Woont in hun wijk'"
    )]
    Forward {
        #[command(flatten)]
        which: Which,
        /// The other team
        #[arg(long)]
        team: Reference,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// It is done
    #[command(after_help = "Example: schakelctl --as coordinator hulpvraag complete @hulpvraag")]
    Complete {
        #[command(flatten)]
        which: Which,
    },
}

/// The request that is to change.
pub(crate) type Which = entry::Which<pb::Hulpvraag>;

impl Versioned for pb::Hulpvraag {
    async fn etag(session: &Session, name: String) -> Outcome<String> {
        Ok(get(session, name).await?.etag)
    }
}

async fn get(session: &Session, name: String) -> Outcome<pb::Hulpvraag> {
    call!(session, hulpvraag.get_hulpvraag(pb::GetHulpvraagRequest { name }))
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        let request_id = request_id();
        let changed = match self {
            Self::Create { school, role, target_date, question, case, category } => {
                let hulpvraag = pb::Hulpvraag {
                    school: session.resolve(&school)?,
                    role: role.0.into(),
                    target_date: target_date.to_string(),
                    case: session.resolve_if(case.as_ref())?,
                    question,
                    category: category.map_or(0, |category| category.0.into()),
                    ..Default::default()
                };
                let asked = pb::CreateHulpvraagRequest { hulpvraag: Some(hulpvraag), request_id };
                call!(session, hulpvraag.create_hulpvraag(asked))?
            }
            Self::Get { name } => get(session, session.resolve(&name)?).await?,
            Self::List { state, latest_first, limit } => {
                return list(session, (state, latest_first), limit).await;
            }
            Self::Accept { which, person } => {
                let person = session.resolve(&person)?;
                let (name, etag) = which.read(session).await?;
                let asked = pb::AcceptHulpvraagRequest { name, person, etag, request_id };
                call!(session, hulpvraag.accept_hulpvraag(asked))?
            }
            Self::Decline { which, reason } => {
                let (name, etag) = which.read(session).await?;
                let asked = pb::DeclineHulpvraagRequest { name, reason, etag, request_id };
                call!(session, hulpvraag.decline_hulpvraag(asked))?
            }
            Self::Forward { which, team, reason } => {
                let team = session.resolve(&team)?;
                let (name, etag) = which.read(session).await?;
                let asked = pb::ForwardHulpvraagRequest { name, team, reason, etag, request_id };
                call!(session, hulpvraag.forward_hulpvraag(asked))?
            }
            Self::Complete { which } => {
                let (name, etag) = which.read(session).await?;
                let asked = pb::CompleteHulpvraagRequest { name, etag, request_id };
                call!(session, hulpvraag.complete_hulpvraag(asked))?
            }
        };
        Ok(Answer::of(&changed))
    }
}

async fn list(
    session: &Session,
    (state, latest_first): (Option<Choice<pb::hulpvraag::State>>, bool),
    limit: usize,
) -> Outcome<Answer> {
    let state = state.map_or(0, |state| state.0.into());
    let found = every_page(limit, async |page_token| {
        let asked = pb::ListHulpvragenRequest { state, latest_first, page_size: 200, page_token };
        let answer = call!(session, hulpvraag.list_hulpvragen(asked))?;
        Ok((answer.hulpvragen, answer.next_page_token))
    });
    let columns = ["state", "role", "target_date", "answer_due_date", "school", "team", "name"];
    Ok(Answer::list(&found.await?, &columns))
}
