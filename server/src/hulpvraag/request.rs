//! A request as it stands in the register.

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{Class, Classes, Role},
    hulpvraag::{Category, Clock, State, Terms},
    ids::{CaseId, HulpvraagId, PersonId, SchoolId, TeamId},
};
use uuid::Uuid;

use crate::{
    access::{Grant, Reached},
    error::Result,
    store::{
        audit::{Deed, Line},
        vault::Place,
    },
};

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hulpvraag {
    /// Which.
    pub id: HulpvraagId,
    /// Where it stands.
    pub state: State,
    /// Who asks.
    pub school: SchoolId,
    /// Who is asked now.
    pub team: TeamId,
    /// As what somebody is asked.
    pub role: Role,
    /// By when the school wants to meet.
    pub target: NaiveDate,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// About what; none where nobody said.
    pub category: Option<Category>,
    /// Whose key seals the question and the reason: the child's, or its own.
    pub subject: Uuid,
    /// The question, sealed.
    pub sealed_question: Vec<u8>,
    /// Why it was declined or sent on, sealed.
    pub sealed_reason: Option<Vec<u8>>,
    /// Who asked.
    pub created_by: PersonId,
    /// When.
    pub created: DateTime<Utc>,
    /// When it was accepted or declined.
    pub answered: Option<DateTime<Utc>>,
    /// The day by which the team answers.
    pub answer_due: NaiveDate,
    /// The etag.
    pub version: i32,
}

/// How much of a request somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// Time, school and role.
    Envelope,
    /// Also why it was declined or sent on.
    Reason,
    /// The case and the question too.
    Whole,
}

impl Hulpvraag {
    /// Whether it stands to the caller as `reached` says.
    pub fn holds(&self, reached: &Reached) -> bool {
        match reached {
            Reached::Region => true,
            Reached::School(school) => self.school.0 == *school,
            Reached::Team(team) => self.team.0 == *team,
            Reached::Own(person) => self.state.person().is_some_and(|own| own.0 == *person),
            Reached::SchoolEscalated(_)
            | Reached::Escalated(_)
            | Reached::Residence(_)
            | Reached::Invited(_)
            | Reached::Case(_)
            | Reached::Held => false,
        }
    }

    /// How much of it `grant` shows.
    ///
    /// # Errors
    /// Not allowed, or `HULPVRAAG_NOT_FOUND` when the caller may not even read it.
    pub fn sight(&self, grant: &Grant) -> Result<Sight> {
        let classes: Classes = grant.to("HULPVRAAG", |reached| self.holds(reached))?;
        let ways = grant.reached().iter().map(|(reached, _)| reached);
        let mut ours = ways.filter(|reached| self.holds(reached));
        let team = ours.any(|reached| matches!(reached, Reached::Team(_) | Reached::Own(_)));
        Ok(if classes.has(Class::K4) || (team && self.state.shows_question()) {
            Sight::Whole
        } else if team {
            Sight::Reason
        } else {
            Sight::Envelope
        })
    }

    /// Where its sealed `column` stands.
    pub fn place(&self, column: &'static str) -> Place {
        Place { table: "hulpvraag", column, row: self.id.0 }
    }

    /// The audit line for `deed`.
    pub fn line(&self, deed: Deed, classes: &[Class]) -> Line {
        Line {
            deed,
            object: "hulpvraag",
            id: Some(self.id.0),
            subject: self.case.map(|_| self.subject),
            classes: Classes::of(classes),
        }
    }
}

/// The day by which a team that is asked on `day` answers: working days, without public holidays.
pub fn answer_due(day: NaiveDate) -> NaiveDate {
    let near = day.iter_days().take(40);
    let holidays: Vec<_> =
        near.filter(|day| schakel_domain::dutch::public_holidays::is_day_off(*day)).collect();
    Clock { holidays: &holidays }.due(day, Terms::default().answer_days)
}
