//! Decisions by doorzettingsmacht and the views of the parties, in an export.

use chrono::{DateTime, Utc};
use schakel_domain::{ids::OrganisationId, thuiszitter::view::Party};

use super::{
    form::{Checked, Decided, Viewed},
    gather::Gatherer,
};
use crate::{
    access::circle::Circle,
    error::Result,
    thuiszitter::escalation::{self, ToldCheck, ToldDecision, ToldView},
};

/// The first of the roles by which something was written down.
fn first(roles: &str) -> String {
    roles.split(' ').next().unwrap_or_default().to_owned()
}

impl Gatherer<'_> {
    /// When, for whom and as what something was written down.
    fn by(
        &self,
        (at, organisation, roles): (DateTime<Utc>, Option<OrganisationId>, String),
    ) -> (DateTime<Utc>, Option<String>, String) {
        (at, self.called(organisation.map(|organisation| organisation.0)), first(&roles))
    }

    /// Every decision, oldest first.
    pub(super) async fn decisions(&self, circle: &Circle) -> Result<Vec<Decided>> {
        let all = escalation::decisions(self.tx, (circle.case, circle.child), self.classes).await?;
        Ok(all.into_iter().map(|one| self.decided(one)).collect())
    }

    fn decided(&self, one: ToldDecision) -> Decided {
        let (recorded_at, organisation, role) = self.by(one.recorded);
        Decided {
            decision: one.decision,
            decide_date: one.on,
            text: one.text,
            obliged_organisation: self.called(Some(one.obliged.0)),
            due_date: one.due,
            state: one.state,
            recorded_at,
            organisation,
            role,
            checks: one.checks.into_iter().map(|check| self.checked(check)).collect(),
        }
    }

    fn checked(&self, one: ToldCheck) -> Checked {
        let (recorded_at, organisation, role) = self.by(one.recorded);
        let (date, complied, found) = (one.on, one.complied, one.found);
        Checked { date, complied, found, recorded_at, organisation, role }
    }

    /// Every view and rejoinder, oldest first.
    pub(super) async fn views(&self, circle: &Circle) -> Result<Vec<Viewed>> {
        let all = escalation::views(self.tx, (circle.case, circle.child), self.classes).await?;
        Ok(all.into_iter().map(|one| self.viewed(one)).collect())
    }

    fn viewed(&self, one: ToldView) -> Viewed {
        let (recorded_at, organisation, role) = self.by(one.recorded);
        let (person, party) = match one.party {
            Party::Person(person) => (Some(person.to_string()), None),
            Party::Organisation(organisation) => (None, self.called(Some(organisation.0))),
        };
        Viewed {
            view: one.view.to_string(),
            about: one.about.to_string(),
            decision: one.decision,
            answers: one.answers.map(|view| view.to_string()),
            person,
            party,
            text: one.text,
            recorded_at,
            organisation,
            role,
        }
    }
}
