//! What the own organisation owes by law or agreement: shown, and said to be done.

use chrono::NaiveDate;
use clap::Subcommand;
use schakel_client::v1 as pb;

use crate::{
    render::Answer,
    session::{Outcome, Session, call, request_id},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// By due date
    #[command(after_help = "Example: schakelctl --as thuiszitterscoordinator duty list")]
    List,
    /// Say that it was done on a day, or that it was not
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator duty mark T23 --date 2026-11-20"
    )]
    Mark {
        /// As `duty list` tells it
        norm: String,
        /// The day on which it was done
        #[arg(long, value_name = "DATE")]
        date: NaiveDate,
        /// It was not done on that day after all
        #[arg(long)]
        take_back: bool,
    },
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::List => {
                let found = call!(session, duty.list_duties(pb::ListDutiesRequest {}))?;
                let columns = ["due_date", "state", "norm", "display_name", "law", "done_date"];
                Ok(Answer::list(&found.duties, &columns))
            }
            Self::Mark { norm, date, take_back } => {
                let done_date = date.to_string();
                let asked = pb::MarkDutyRequest { norm, done_date, take_back, request_id: request_id() };
                Ok(Answer::of(&call!(session, duty.mark_duty(asked))?))
            }
        }
    }
}
