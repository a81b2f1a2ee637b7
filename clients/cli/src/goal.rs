//! What was agreed in an ondersteuningsplan, and how far it is in practice.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use schakel_client::v1 as pb;

use crate::{
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Those of a plan, and how much of it is realised
    #[command(after_help = "Example: schakelctl --as thuiszitterscoordinator goal list 2027")]
    List {
        /// The year of the plan
        year: i32,
    },
    /// Write down what was agreed
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator goal create 2027 --agreement 'Elke school heeft een verbinding met het wijkteam' --state PLANNED"
    )]
    Create {
        /// The year of the plan
        year: i32,
        #[command(flatten)]
        told: Told,
    },
    /// Say how far it is; all of it is taken
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator goal update planGoals/0198… --agreement 'Elke school heeft een verbinding met het wijkteam' --state REALISED --since 2027-03-01 --etag 1"
    )]
    Update {
        /// `planGoals/…`
        name: Reference,
        #[command(flatten)]
        told: Told,
        /// As `goal list` tells it
        #[arg(long)]
        etag: String,
    },
}

/// What can change of it.
#[derive(Args)]
pub(crate) struct Told {
    /// What was agreed
    #[arg(long)]
    agreement: String,
    /// PLANNED, `UNDER_WAY`, REALISED or `NOT_REALISED`
    #[arg(long)]
    state: Choice<pb::plan_goal::State>,
    /// Since when it is so [default: today]
    #[arg(long, value_name = "DATE")]
    since: Option<NaiveDate>,
    /// Why it did not come about
    #[arg(long)]
    why: Option<String>,
}

impl Told {
    fn wire(self) -> pb::PlanGoal {
        pb::PlanGoal {
            agreement: self.agreement,
            state: self.state.0.into(),
            since_date: self.since.map(|day| day.to_string()).unwrap_or_default(),
            why: self.why.unwrap_or_default(),
            ..Default::default()
        }
    }
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        let request_id = request_id();
        match self {
            Self::List { year } => {
                let asked = pb::ListPlanGoalsRequest { year };
                Ok(Answer::of(&call!(session, plan_cycle.list_plan_goals(asked))?))
            }
            Self::Create { year, told } => {
                let plan_goal = Some(pb::PlanGoal { year, ..told.wire() });
                let making = pb::CreatePlanGoalRequest { plan_goal, request_id };
                Ok(Answer::of(&call!(session, plan_cycle.create_plan_goal(making))?))
            }
            Self::Update { name, told, etag } => {
                let plan_goal = Some(pb::PlanGoal { name: session.resolve(&name)?, etag, ..told.wire() });
                let change = pb::UpdatePlanGoalRequest { plan_goal, request_id };
                Ok(Answer::of(&call!(session, plan_cycle.update_plan_goal(change))?))
            }
        }
    }
}
