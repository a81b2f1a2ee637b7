//! The ladder of escalation: levels, decisions by doorzettingsmacht, and the views of the parties.

use chrono::NaiveDate;
use clap::Args;
use schakel_client::v1 as pb;

use super::steps::{Voice, Which};
use crate::{
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Args)]
pub(crate) struct Escalate {
    #[command(flatten)]
    which: Which,
    /// 1 to 4: coördinator, board, doorzettingsmacht, external
    #[arg(long)]
    level: i32,
    /// The day on which it is
    #[arg(long, value_name = "DATE")]
    on: NaiveDate,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who acts from then on
    #[arg(long, value_name = "ORGANISATION")]
    organisation: Reference,
    /// Who does so there
    #[arg(long)]
    person: Option<Reference>,
    #[command(flatten)]
    voice: Voice,
}

impl Escalate {
    pub(super) async fn run(self, session: &Session) -> Outcome<Answer> {
        let (case, etag) = self.which.read(session).await?;
        let asked = pb::EscalateCaseRequest {
            case,
            level: self.level,
            date: self.on.to_string(),
            reason: self.reason,
            organisation: session.organisation(&self.organisation)?,
            person: session.resolve_if(self.person.as_ref())?,
            parents_involved: self.voice.parents_involved.unwrap_or_default(),
            child_heard: self.voice.child_heard.unwrap_or_default(),
            etag,
            request_id: request_id(),
        };
        Ok(Answer::of(&call!(session, escalation.escalate_case(asked))?))
    }
}

#[derive(Args)]
pub(crate) struct Deescalate {
    #[command(flatten)]
    which: Which,
    /// 0 to 3: nobody, coördinator, board, doorzettingsmacht
    #[arg(long)]
    level: i32,
    /// The day on which it is
    #[arg(long, value_name = "DATE")]
    on: NaiveDate,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    voice: Voice,
}

impl Deescalate {
    pub(super) async fn run(self, session: &Session) -> Outcome<Answer> {
        let (case, etag) = self.which.read(session).await?;
        let asked = pb::DeescalateCaseRequest {
            case,
            level: self.level,
            date: self.on.to_string(),
            reason: self.reason,
            parents_involved: self.voice.parents_involved.unwrap_or_default(),
            child_heard: self.voice.child_heard.unwrap_or_default(),
            etag,
            request_id: request_id(),
        };
        Ok(Answer::of(&call!(session, escalation.deescalate_case(asked))?))
    }
}

#[derive(Args)]
pub(crate) struct Decide {
    /// `cases/…`
    case: Reference,
    /// Who holds doorzettingsmacht
    #[arg(long, value_name = "PERSON")]
    decider: Reference,
    /// The day of the decision
    #[arg(long, value_name = "DATE")]
    on: NaiveDate,
    /// What was decided
    #[arg(long)]
    text: String,
    /// Who has to do it
    #[arg(long, value_name = "ORGANISATION")]
    obliged: Reference,
    /// The last day on which that is in time
    #[arg(long, value_name = "DATE")]
    due: NaiveDate,
}

impl Decide {
    pub(super) async fn run(self, session: &Session) -> Outcome<Answer> {
        let asked = pb::DecideDoorzettingsmachtRequest {
            case: session.resolve(&self.case)?,
            decider: session.resolve(&self.decider)?,
            decide_date: self.on.to_string(),
            text: self.text,
            obliged_organisation: session.organisation(&self.obliged)?,
            due_date: self.due.to_string(),
            request_id: request_id(),
        };
        Ok(Answer::of(&call!(session, escalation.decide_doorzettingsmacht(asked))?))
    }
}

#[derive(Args)]
pub(crate) struct Comply {
    /// `decisions/…`
    name: Reference,
    /// The day on which somebody looked
    #[arg(long, value_name = "DATE")]
    on: NaiveDate,
    /// COMPLIED or `NOT_COMPLIED`
    #[arg(long)]
    state: Choice<pb::decision::State>,
    /// What was found
    #[arg(long, value_name = "TEXT")]
    found: String,
    /// The version that was read, as `case decisions` shows it
    #[arg(long)]
    etag: String,
}

impl Comply {
    pub(super) async fn run(self, session: &Session) -> Outcome<Answer> {
        let asked = pb::CheckComplianceRequest {
            name: session.resolve(&self.name)?,
            date: self.on.to_string(),
            state: self.state.0.into(),
            found: self.found,
            etag: self.etag,
            request_id: request_id(),
        };
        Ok(Answer::of(&call!(session, escalation.check_compliance(asked))?))
    }
}

/// What was decided about a case.
pub(super) async fn decisions(session: &Session, case: &Reference) -> Outcome<Answer> {
    let asked = pb::ListDecisionsRequest { case: session.resolve(case)? };
    let found = call!(session, escalation.list_decisions(asked))?.decisions;
    let columns = ["decide_date", "due_date", "state", "obliged_organisation", "text", "etag", "name"];
    Ok(Answer::list(&found, &columns))
}

#[derive(Args)]
pub(crate) struct View {
    /// `cases/…`
    case: Reference,
    /// CASE, PLAN or DECISION
    #[arg(long)]
    about: Choice<pb::case_view::About>,
    /// The decision that it is about
    #[arg(long)]
    decision: Option<Reference>,
    #[command(flatten)]
    said: Said,
}

/// Whose words, and what they are.
#[derive(Args)]
pub(crate) struct Said {
    /// Of the child or a parent
    #[arg(long, required_unless_present = "organisation", conflicts_with = "organisation")]
    person: Option<Reference>,
    /// Or of an organisation
    #[arg(long)]
    organisation: Option<Reference>,
    /// In the party's own words
    #[arg(long)]
    text: String,
}

impl View {
    pub(super) async fn run(self, session: &Session) -> Outcome<Answer> {
        let asked = pb::RecordViewRequest {
            case: session.resolve(&self.case)?,
            about: self.about.0.into(),
            decision: session.resolve_if(self.decision.as_ref())?,
            person: session.resolve_if(self.said.person.as_ref())?,
            organisation: session.organisation_if(self.said.organisation.as_ref())?,
            text: self.said.text,
            request_id: request_id(),
        };
        Ok(Answer::of(&call!(session, escalation.record_view(asked))?))
    }
}

#[derive(Args)]
pub(crate) struct Rejoin {
    /// `caseViews/…`
    view: Reference,
    #[command(flatten)]
    said: Said,
}

impl Rejoin {
    pub(super) async fn run(self, session: &Session) -> Outcome<Answer> {
        let asked = pb::AddRejoinderRequest {
            view: session.resolve(&self.view)?,
            person: session.resolve_if(self.said.person.as_ref())?,
            organisation: session.organisation_if(self.said.organisation.as_ref())?,
            text: self.said.text,
            request_id: request_id(),
        };
        Ok(Answer::of(&call!(session, escalation.add_rejoinder(asked))?))
    }
}

/// How the parties see a case, side by side.
pub(super) async fn views(session: &Session, case: &Reference) -> Outcome<Answer> {
    let asked = pb::ListViewsRequest { case: session.resolve(case)? };
    let found = call!(session, escalation.list_views(asked))?.views;
    let columns = ["record_time", "about", "person", "organisation", "text", "rejoinders", "name"];
    Ok(Answer::list(&found, &columns))
}
