//! The plan, the tracks and the requests for information of a case, in an export.

use chrono::NaiveDate;
use serde::Serialize;

use super::gather::Gatherer;
use crate::{
    access::circle::Circle,
    error::Result,
    thuiszitter::{
        information::{self, InformationRequest},
        track::{self, Step, Track},
    },
};

/// An action of the plan.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Planned {
    pub side: String,
    pub text: String,
    pub organisation: Option<String>,
    pub start_date: NaiveDate,
    pub due_date: NaiveDate,
    pub state: String,
    pub done_date: Option<NaiveDate>,
    pub reason: Option<String>,
}

/// A placement, arrangement, exemption, complaint, objection or dispute.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Tracked {
    pub kind: String,
    pub ground: Option<String>,
    pub start_date: NaiveDate,
    pub next_action_date: Option<NaiveDate>,
    pub state: String,
    pub outcome: Option<String>,
    pub close_date: Option<NaiveDate>,
    pub steps: Vec<Stepped>,
}

/// What happened in one.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Stepped {
    pub kind: String,
    pub date: NaiveDate,
    pub until_date: Option<NaiveDate>,
    pub school: Option<String>,
    pub consultation: Option<String>,
    pub note: Option<String>,
    pub taken_back: bool,
}

/// What a partner was asked to tell.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Asked {
    pub kind: String,
    pub organisation: Option<String>,
    pub role: String,
    pub ask_date: NaiveDate,
    pub due_date: NaiveDate,
    pub state: String,
    pub end_date: Option<NaiveDate>,
    pub note: Option<String>,
}

impl Gatherer<'_> {
    /// The tracks of the case, by first day.
    pub(super) async fn tracks(&self, circle: &Circle) -> Result<Vec<Tracked>> {
        let all = track::told(self.tx, (circle.case, circle.child), self.classes).await?;
        Ok(all.into_iter().map(|one| self.tracked(one)).collect())
    }

    fn tracked(&self, one: Track) -> Tracked {
        Tracked {
            kind: one.kind.to_string(),
            ground: one.ground.map(|ground| ground.to_string()),
            start_date: one.started,
            next_action_date: one.next,
            state: one.state.to_string(),
            outcome: one.outcome.map(|outcome| outcome.to_string()),
            close_date: one.closed,
            steps: one.steps.into_iter().map(|step| self.stepped(step)).collect(),
        }
    }

    fn stepped(&self, step: Step) -> Stepped {
        Stepped {
            kind: step.kind.to_string(),
            date: step.on,
            until_date: step.until,
            school: self.called(step.school.map(|school| school.0)),
            consultation: step.consultation.map(|meeting| meeting.to_string()),
            note: step.note.map(|note| note.as_str().to_owned()),
            taken_back: step.taken_back,
        }
    }

    /// What partners were asked to tell, by due date.
    pub(super) async fn information_requests(&self, circle: &Circle) -> Result<Vec<Asked>> {
        let one = |asked: InformationRequest| Asked {
            kind: asked.kind.to_string(),
            organisation: self.called(Some(asked.organisation.0)),
            role: asked.role.to_string(),
            ask_date: asked.asked,
            due_date: asked.due,
            state: asked.state.to_string(),
            end_date: asked.ended,
            note: asked.note.map(|note| note.as_str().to_owned()),
        };
        let all = information::told(self.tx, (circle.case, circle.child), self.classes).await?;
        Ok(all.into_iter().map(one).collect())
    }
}
