//! The plan of a case: actions that are added, changed, done or dropped.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use schakel_client::v1::{self as pb, plan_action::Side};

use crate::{
    entry::every_page,
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Add an action
    #[command(
        after_help = "Example: schakelctl case plan add @case --side EDUCATION --text 'Twee ochtenden naar school' --organisation @school --start 2026-12-01 --due 2026-12-18"
    )]
    Add(Add),
    /// Change what is given of an open one
    #[command(
        after_help = "Example: schakelctl case plan update planActions/0190b2a0-7c3e-7000-8000-000000000001 --etag 1 --due 2027-01-08"
    )]
    Update(Update),
    /// Say that one is done
    #[command(
        after_help = "Example: schakelctl case plan complete planActions/0190b2a0-7c3e-7000-8000-000000000001 --etag 1 --on 2026-12-18"
    )]
    Complete {
        #[command(flatten)]
        which: Which,
        /// The day on which it was done
        #[arg(long, value_name = "DATE")]
        on: NaiveDate,
    },
    /// Say that one will not be done, and why
    #[command(
        after_help = "Example: schakelctl case plan drop planActions/0190b2a0-7c3e-7000-8000-000000000001 --etag 1 --reason 'Niet meer nodig'"
    )]
    Drop {
        #[command(flatten)]
        which: Which,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Both sides by start date
    #[command(after_help = "Example: schakelctl case plan list @case")]
    List {
        /// `cases/…`
        case: Reference,
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
}

/// The action that is to change.
#[derive(Args)]
pub(crate) struct Which {
    /// `planActions/…`
    name: Reference,
    /// The version that was listed
    #[arg(long)]
    etag: String,
}

#[derive(Args)]
pub(crate) struct Add {
    /// `cases/…`
    case: Reference,
    /// EDUCATION or CARE
    #[arg(long)]
    side: Choice<Side>,
    /// What is done
    #[arg(long)]
    text: String,
    /// Who answers for it
    #[arg(long)]
    organisation: Reference,
    /// Who of that organisation does it [default: nobody in particular]
    #[arg(long)]
    person: Option<Reference>,
    /// The first day
    #[arg(long, value_name = "DATE")]
    start: NaiveDate,
    /// The last day
    #[arg(long, value_name = "DATE")]
    due: NaiveDate,
}

#[derive(Args)]
pub(crate) struct Update {
    #[command(flatten)]
    which: Which,
    /// What is done
    #[arg(long)]
    text: Option<String>,
    /// Who answers for it
    #[arg(long)]
    organisation: Option<Reference>,
    /// Who of that organisation does it
    #[arg(long)]
    person: Option<Reference>,
    /// The first day
    #[arg(long, value_name = "DATE")]
    start: Option<NaiveDate>,
    /// The last day
    #[arg(long, value_name = "DATE")]
    due: Option<NaiveDate>,
}

impl Add {
    async fn run(self, session: &Session) -> Outcome<pb::PlanAction> {
        let plan_action = pb::PlanAction {
            case: session.resolve(&self.case)?,
            side: self.side.0.into(),
            text: self.text,
            organisation: session.organisation(&self.organisation)?,
            person: session.resolve_if(self.person.as_ref())?,
            start_date: self.start.to_string(),
            due_date: self.due.to_string(),
            ..pb::PlanAction::default()
        };
        let asked = pb::AddPlanActionRequest { plan_action: Some(plan_action), request_id: request_id() };
        call!(session, plan.add_plan_action(asked))
    }
}

impl Update {
    async fn run(self, session: &Session) -> Outcome<pb::PlanAction> {
        let given = [
            ("text", self.text.is_some()),
            ("organisation", self.organisation.is_some()),
            ("person", self.person.is_some()),
            ("start_date", self.start.is_some()),
            ("due_date", self.due.is_some()),
        ];
        let paths = given.iter().filter(|(_, is)| *is).map(|(path, _)| (*path).to_owned()).collect();
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let plan_action = pb::PlanAction {
            name: session.resolve(&self.which.name)?,
            etag: self.which.etag,
            text: self.text.unwrap_or_default(),
            organisation: session.organisation_if(self.organisation.as_ref())?,
            person: session.resolve_if(self.person.as_ref())?,
            start_date: day(self.start),
            due_date: day(self.due),
            ..pb::PlanAction::default()
        };
        let asked = pb::UpdatePlanActionRequest {
            plan_action: Some(plan_action),
            update_mask: Some(prost_types::FieldMask { paths }),
            request_id: request_id(),
        };
        call!(session, plan.update_plan_action(asked))
    }
}

impl Verb {
    pub(super) async fn run(self, session: &Session) -> Outcome<Answer> {
        let action = match self {
            Self::Add(add) => add.run(session).await?,
            Self::Update(update) => update.run(session).await?,
            Self::Complete { which, on } => {
                let asked = pb::CompletePlanActionRequest {
                    name: session.resolve(&which.name)?,
                    done_date: on.to_string(),
                    etag: which.etag,
                    request_id: request_id(),
                };
                call!(session, plan.complete_plan_action(asked))?
            }
            Self::Drop { which, reason } => {
                let asked = pb::DropPlanActionRequest {
                    name: session.resolve(&which.name)?,
                    reason,
                    etag: which.etag,
                    request_id: request_id(),
                };
                call!(session, plan.drop_plan_action(asked))?
            }
            Self::List { case, limit } => return list(session, session.resolve(&case)?, limit).await,
        };
        Ok(Answer::of(&action))
    }
}

async fn list(session: &Session, case: String, limit: usize) -> Outcome<Answer> {
    let found = every_page(limit, async |page_token| {
        let asked = pb::ListPlanActionsRequest { case: case.clone(), page_size: 200, page_token };
        let answer = call!(session, plan.list_plan_actions(asked))?;
        Ok((answer.plan_actions, answer.next_page_token))
    });
    let columns =
        ["start_date", "due_date", "side", "state", "text", "organisation", "person", "etag", "name"];
    Ok(Answer::list(&found.await?, &columns))
}
