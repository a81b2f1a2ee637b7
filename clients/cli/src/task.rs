//! The task list: what waits for the caller, from every case and meeting.

use clap::Subcommand;
use schakel_client::v1::{self as pb, task::Kind};

use crate::{
    entry::every_page,
    render::Answer,
    session::{Outcome, Session, call},
    value::Choice,
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// What waits longest first
    #[command(after_help = "Example: schakelctl task list --kind NO_REGISSEUR --kind NO_NEXT_ACTION")]
    List {
        /// Only of this kind, for example `DEADLINE`
        #[arg(long)]
        kind: Vec<Choice<Kind>>,
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        let Self::List { kind, limit } = self;
        let kinds: Vec<i32> = kind.into_iter().map(|kind| kind.0.into()).collect();
        let found = every_page(limit, async |page_token| {
            let asked = pb::ListTasksRequest { kinds: kinds.clone(), page_size: 200, page_token };
            let answer = call!(session, task.list_tasks(asked))?;
            Ok((answer.tasks, answer.next_page_token))
        });
        let columns = [
            "due_date",
            "state",
            "kind",
            "norm",
            "text",
            "reference",
            "case",
            "consultation",
            "action",
            "hulpvraag",
        ];
        Ok(Answer::list(&found.await?, &columns))
    }
}
