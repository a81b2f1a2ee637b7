//! Who saw what of a child, and the lines of the log.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use schakel_client::v1 as pb;

use crate::{
    entry::every_page,
    render::Answer,
    session::{Outcome, Session, call},
    value::Reference,
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Who saw a child's data, one line a day for each organisation and function
    #[command(after_help = "Example: schakelctl --as fg audit who-saw --case @case --from 2026-09-01")]
    WhoSaw {
        /// The child, a parent or a relative: persons/…
        #[arg(long, required_unless_present = "case", conflicts_with = "case")]
        child: Option<Reference>,
        /// The child of this case
        #[arg(long)]
        case: Option<Reference>,
        #[command(flatten)]
        days: Days,
        /// Tell the names of employees too; that this was done is written down
        #[arg(long)]
        release_names: bool,
    },
    /// The lines, newest first
    #[command(after_help = "Example: schakelctl --as fg audit list --actor @iber --limit 20")]
    List {
        /// Only about this person
        #[arg(long)]
        subject: Option<Reference>,
        /// Only by this person
        #[arg(long)]
        actor: Option<Reference>,
        #[command(flatten)]
        days: Days,
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
}

#[derive(Args)]
pub(crate) struct Days {
    /// The first day
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// The last day
    #[arg(long, value_name = "DATE")]
    until: Option<NaiveDate>,
}

fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::WhoSaw { child, case, days, release_names } => {
                let asked = pb::WhoSawRequest {
                    child: session.resolve_if(child.as_ref())?,
                    case: session.resolve_if(case.as_ref())?,
                    from_date: day(days.from),
                    until_date: day(days.until),
                    release_names,
                };
                let answer = call!(session, audit.who_saw(asked))?;
                let columns = [
                    "date",
                    "organisation",
                    "function",
                    "what",
                    "deed",
                    "purpose",
                    "emergency",
                    "times",
                    "names",
                ];
                Ok(Answer::list(&answer.sights, &columns))
            }
            Self::List { subject, actor, days, limit } => {
                let (subject, actor) =
                    (session.resolve_if(subject.as_ref())?, session.resolve_if(actor.as_ref())?);
                let found = every_page(limit, async |page_token| {
                    let asked = pb::ListAuditLinesRequest {
                        subject: subject.clone(),
                        actor: actor.clone(),
                        from_date: day(days.from),
                        until_date: day(days.until),
                        page_size: 200,
                        page_token,
                    };
                    let answer = call!(session, audit.list_audit_lines(asked))?;
                    Ok((answer.lines, answer.next_page_token))
                });
                let columns =
                    ["time", "seq", "deed", "outcome", "role", "method", "field_classes", "object_type"];
                Ok(Answer::list(&found.await?, &columns))
            }
        }
    }
}
