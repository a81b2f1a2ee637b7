//! The steps of a case: on to a stage, along with its child, closed, opened again.

use chrono::NaiveDate;
use clap::Args;
use schakel_client::v1 as pb;

use crate::{
    entry::{self, Versioned},
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

/// The case that is to change.
pub(crate) type Which = entry::Which<pb::Case>;

impl Versioned for pb::Case {
    async fn etag(session: &Session, name: String) -> Outcome<String> {
        Ok(super::get(session, name).await?.etag)
    }
}

/// How the parents and the child had a say in a step that may be urgent.
#[derive(Args)]
pub(super) struct Voice {
    /// How the parents were informed or involved
    #[arg(long, value_name = "TEXT")]
    pub parents_involved: Option<String>,
    /// How the child was heard about it, or why it was not
    #[arg(long, value_name = "TEXT")]
    pub child_heard: Option<String>,
}

#[derive(Args)]
pub(crate) struct Advance {
    #[command(flatten)]
    which: Which,
    /// The stage to move to
    #[arg(long)]
    stage: Choice<pb::Stage>,
    /// How the parents were informed or involved
    #[arg(long, value_name = "TEXT")]
    parents_involved: String,
    /// How the child was heard about it, or why it was not
    #[arg(long, value_name = "TEXT")]
    child_heard: Option<String>,
    /// The day on which something happens next
    #[arg(long, value_name = "DATE")]
    next_action: Option<NaiveDate>,
}

impl Advance {
    pub(super) async fn run(self, session: &Session) -> Outcome<pb::Case> {
        let (name, etag) = self.which.read(session).await?;
        let asked = pb::AdvanceCaseRequest {
            name,
            stage: self.stage.0.into(),
            parents_involved: self.parents_involved,
            child_heard: self.child_heard.unwrap_or_default(),
            next_action_date: self.next_action.map(|day| day.to_string()).unwrap_or_default(),
            etag,
            request_id: request_id(),
        };
        call!(session, thuiszitter.advance_case(asked))
    }
}

#[derive(Args)]
pub(crate) struct Close {
    #[command(flatten)]
    which: Which,
    /// How it ended, for example `TERUG_EIGEN_SCHOOL` or `PLAATSING_SBO`; that an exemption holds is told
    /// first, with `fact record`
    #[arg(long)]
    outcome: Choice<pb::CaseOutcome>,
    /// The day of the evidence, for example of the enrolment
    #[arg(long, value_name = "DATE")]
    outcome_date: NaiveDate,
    /// Why
    #[arg(long)]
    note: Option<String>,
    #[command(flatten)]
    voice: Voice,
}

impl Close {
    pub(super) async fn run(self, session: &Session) -> Outcome<pb::Case> {
        let (name, etag) = self.which.read(session).await?;
        let asked = pb::CloseCaseRequest {
            name,
            outcome: self.outcome.0.into(),
            outcome_date: self.outcome_date.to_string(),
            note: self.note.unwrap_or_default(),
            parents_involved: self.voice.parents_involved.unwrap_or_default(),
            child_heard: self.voice.child_heard.unwrap_or_default(),
            etag,
            request_id: request_id(),
        };
        call!(session, thuiszitter.close_case(asked))
    }
}

#[derive(Args)]
#[command(group(clap::ArgGroup::new("along").required(true).multiple(true)))]
pub(crate) struct Move {
    #[command(flatten)]
    which: Which,
    /// The new school; without it the child stays at its own
    #[arg(long, group = "along")]
    school: Option<Reference>,
    /// CBS code of the gemeente where the child lives from now on; without it the child does not move house
    #[arg(long, value_name = "GM…", group = "along")]
    residence: Option<String>,
    /// The code of that gemeente is right, though it is not one of the region
    #[arg(long, requires = "residence")]
    confirm_outside_region: bool,
    #[command(flatten)]
    voice: Voice,
}

impl Move {
    pub(super) async fn run(self, session: &Session) -> Outcome<Answer> {
        let school = session.resolve_if(self.school.as_ref())?;
        let (name, etag) = self.which.read(session).await?;
        let asked = pb::MoveCaseRequest {
            name,
            school,
            residence_gemeente_code: self.residence.unwrap_or_default(),
            confirm_outside_region: self.confirm_outside_region,
            parents_involved: self.voice.parents_involved.unwrap_or_default(),
            child_heard: self.voice.child_heard.unwrap_or_default(),
            etag,
            request_id: request_id(),
        };
        Ok(Answer::of(&call!(session, handover.move_case(asked))?))
    }
}

#[derive(Args)]
pub(crate) struct Reopen {
    #[command(flatten)]
    which: Which,
    /// The first day of the relapse
    #[arg(long, value_name = "DATE", required_unless_present = "by_mistake")]
    first_day: Option<NaiveDate>,
    /// It should not have been closed, and goes on as if it never was
    #[arg(long, conflicts_with = "first_day")]
    by_mistake: bool,
    #[command(flatten)]
    voice: Voice,
}

impl Reopen {
    pub(super) async fn run(self, session: &Session) -> Outcome<pb::Case> {
        let (name, etag) = self.which.read(session).await?;
        let asked = pb::ReopenCaseRequest {
            name,
            first_day: self.first_day.map(|day| day.to_string()).unwrap_or_default(),
            closed_by_mistake: self.by_mistake,
            parents_involved: self.voice.parents_involved.unwrap_or_default(),
            child_heard: self.voice.child_heard.unwrap_or_default(),
            etag,
            request_id: request_id(),
        };
        call!(session, thuiszitter.reopen_case(asked))
    }
}
