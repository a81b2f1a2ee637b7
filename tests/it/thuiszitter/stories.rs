//! The fourteen archetypes of thuiszitters, lived through day by day: what each day brings, and who sees it.
//!
//! The expected days are worked out by hand from the profile's terms; the comments say how.

mod at_home;
mod eyes;
mod reasons;
mod tracks;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};
use schakel_domain::{access::Role, ids::OrganisationId};
use schakel_proto::v1::{self as pb, case::absence::Kind, fact::Said, timeline::deadline::State};

use super::{
    Cases, Region, absent, escalation,
    facts::{Facts, Log, happened, kind, missed},
    get, parent, since,
};

/// A child of the example region, and whoever helps it.
struct Story(Log);

/// What a day is compared by.
#[derive(Default)]
struct Day {
    labels: BTreeSet<String>,
    /// By norm.
    states: BTreeMap<String, State>,
    suggested: i32,
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Story {
    /// Told to the school on 23 November 2026: away for this reason since this day.
    async fn of(age: &str, reason: Kind, first_day: &str) -> Self {
        let region = Region::start().await;
        let mut case = since(first_day, absent(region.school));
        case.child.as_mut().unwrap().birth_date = age.into();
        case.absence.as_mut().unwrap().kind = reason.into();
        Self(Log::of(region, case).await)
    }

    /// Facts that the school tells.
    async fn told(&self, said: impl IntoIterator<Item = Said>) {
        self.0.record(said).await.unwrap();
    }

    /// Facts that somebody else tells.
    async fn told_by(&self, role: Role, at: OrganisationId, said: impl IntoIterator<Item = Said>) {
        let (_, client) = self.0.region.server.person(role, at).await;
        Facts::new(client).record_facts(self.0.telling(said)).await.unwrap();
    }

    /// Nine in the morning of a day.
    fn on(&self, day: NaiveDate) {
        self.0.region.server.clock.set(day.and_time(NaiveTime::from_hms_opt(8, 0, 0).unwrap()).and_utc());
    }

    async fn today(&self) -> Day {
        let standing = self.0.standing(None, "").await;
        Day {
            labels: standing.labels.iter().cloned().collect(),
            states: standing.deadlines.iter().map(|norm| (norm.norm.clone(), norm.state())).collect(),
            suggested: standing.suggested_escalation_level,
        }
    }

    /// Lives every day up to `until`; what each of them changed by itself, in the order of the days.
    async fn diary(&self, until: &str) -> Vec<String> {
        let mut before = self.today().await;
        let mut told = Vec::new();
        let mut day = schakel_server::access::authenticate::today(self.0.region.server.app.now());
        while day < date(until) {
            day = day.succ_opt().unwrap();
            self.on(day);
            let now = self.today().await;
            let mut changes: Vec<String> =
                now.labels.difference(&before.labels).map(|label| format!("+{label}")).collect();
            changes.extend(before.labels.difference(&now.labels).map(|label| format!("-{label}")));
            for (norm, state) in &now.states {
                if before.states.get(norm) != Some(state) {
                    changes.push(format!("{norm} {}", state.as_str_name().trim_start_matches("STATE_")));
                }
            }
            if now.suggested != before.suggested {
                changes.push(format!("L{}", now.suggested));
            }
            if !changes.is_empty() {
                told.push(format!("{} {}", day.format("%m-%d"), changes.join(" ")));
            }
            before = now;
        }
        told
    }

    /// `due STATE` of a norm today, or nothing.
    async fn norm(&self, id: &str) -> String {
        let standing = self.0.standing(None, "").await;
        let found = standing.deadlines.iter().find(|norm| norm.norm == id);
        found.map_or_else(String::new, |norm| {
            format!("{} {}", norm.due_date, norm.state().as_str_name().trim_start_matches("STATE_"))
        })
    }

    /// How much of the case somebody else with a role sees, as [`eyes::seen`] tells.
    async fn seen_by(&self, role: Role, at: impl Into<OrganisationId>) -> &'static str {
        let (_, channel) = self.0.region.server.person(role, at).await;
        eyes::seen(&channel, &self.0.case.name).await
    }

    /// Up the ladder of escalation, by the coördinator.
    async fn taken_to(&self, level: i32) {
        let server = &self.0.region.server;
        let (_, keeper) = server.person(Role::Thuiszitterscoordinator, self.swv()).await;
        escalation::taken(server, (&keeper, self.swv()), &self.0.case.name, level).await.unwrap();
    }

    /// The next stage, with the parents.
    async fn step(&self, stage: pb::Stage) {
        let now = self.0.now().await;
        self.0.region.advance(&now, stage).await.unwrap();
    }

    async fn close(&self, outcome: pb::CaseOutcome, day: &str) -> pb::Case {
        let now = self.0.now().await;
        self.0.region.close(&now, outcome, day).await.unwrap()
    }

    async fn labels(&self) -> Vec<String> {
        self.0.standing(None, "").await.labels
    }

    fn swv(&self) -> OrganisationId {
        self.0.region.server.founded.organisation
    }
}
