//! That something changed in cases, as it comes.

use clap::Args;
use schakel_client::v1 as pb;

use crate::{
    render::{Answer, Table},
    session::{Outcome, Session},
    value::Reference,
};

#[derive(Args)]
pub(crate) struct Watch {
    /// Only this case
    #[arg(long)]
    case: Option<Reference>,
    /// `caseEvents/…`: what came after that change first
    #[arg(long)]
    after: Option<Reference>,
}

impl Watch {
    /// Prints as it comes, past a server that was away; ends when the server refuses.
    pub(super) async fn run(self, session: &Session) -> Outcome<Answer> {
        let case = session.resolve_if(self.case.as_ref())?;
        let after = session.resolve_if(self.after.as_ref())?;
        let mut changes = session.connection.watch_cases(case, after);
        loop {
            let change = changes.next().await?;
            let line = if session.json { Answer::of(&change).line(true) } else { line(&change) };
            crate::print(&line);
        }
    }
}

/// A change in one line.
fn line(change: &pb::CaseChange) -> String {
    let time = change.time.and_then(crate::time::instant).map(crate::time::local);
    let kind = change.kind().as_str_name().trim_start_matches("KIND_").to_owned();
    let mut table = Table::bare();
    table.row([
        time.unwrap_or_default(),
        kind,
        change.norm.clone(),
        change.case.clone(),
        change.name.clone(),
    ]);
    table.to_string()
}
