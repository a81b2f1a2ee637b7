//! Gathers one case for an export, class by class, and who saw the child's data.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes},
    ids::PersonId,
    refusal::Language,
};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::{
    form::{
        Absence, Access, CaseFile, Deadline, Event, External, Held, Kept, LogEntry, Milestone, Missed,
        Rectified,
    },
    track::Planned,
};
use crate::{
    access::{authenticate::today, organisation},
    error::Result,
    privacy::{dossier::Dossier, rights},
    store::{Tx, instant::from_column, seen},
    thuiszitter::{facts, plan, timeline},
};

/// What several parts of an export share.
pub(super) struct Gatherer<'a> {
    pub tx: &'a Tx,
    pub classes: Classes,
    organisations: HashMap<Uuid, String>,
}

impl<'a> Gatherer<'a> {
    pub(super) async fn new(tx: &'a Tx, classes: Classes) -> Result<Self> {
        let all = organisation::all(tx).await?;
        let organisations = all.into_iter().map(|row| (row.id, row.display_name)).collect();
        Ok(Self { tx, classes, organisations })
    }

    /// What an organisation is called.
    pub(super) fn called(&self, id: Option<Uuid>) -> Option<String> {
        id.and_then(|id| self.organisations.get(&id).cloned())
    }

    /// `value`, for who may see `class`.
    pub(super) fn seen<T>(&self, class: Class, value: impl FnOnce() -> T) -> Option<T> {
        self.classes.has(class).then(value)
    }

    /// One case.
    pub(super) async fn case(&self, dossier: &Dossier) -> Result<CaseFile> {
        let (case, circle) = (&dossier.case, &dossier.circle);
        let told = timeline::compose(self.tx, (circle, self.classes), None, Language::Dutch).await?;
        let rights = rights::of(self.tx, dossier, self.classes).await?;
        let facts = self.classes.has(Class::K3);
        let mut hulpvragen = Vec::with_capacity(dossier.hulpvragen.len());
        for asked in &dossier.hulpvragen {
            hulpvragen.push(self.request(asked).await?);
        }
        Ok(CaseFile {
            case: case.id.to_string(),
            reference: case.reference.clone(),
            state: case.state.to_string(),
            stage: case.stage.to_string(),
            escalation_level: case.level,
            escalated_on: circle.escalated,
            school: self.called(circle.school.map(|school| school.0)),
            gemeente_code: self.seen(Class::K2, || circle.gemeente.clone()),
            hold: circle.hold.map(|hold| hold.to_string()),
            regisseur: case.regisseur.map(|person| person.to_string()),
            opened_at: case.opened,
            closed_at: case.closed,
            reopened: case.reopened,
            outcome: case.outcome.filter(|_| facts).map(|(outcome, _)| outcome.to_string()),
            outcome_date: case.outcome.filter(|_| facts).map(|(_, date)| date),
            next_action_date: case.next_action,
            question: case
                .question
                .as_ref()
                .filter(|_| self.classes.has(Class::K4))
                .map(|text| text.as_str().to_owned()),
            external_references: case
                .external
                .iter()
                .filter(|_| self.classes.has(Class::K2))
                .map(|one| External {
                    system: one.system.as_str().to_owned(),
                    id: one.id.as_str().to_owned(),
                })
                .collect(),
            absence: facts.then(|| Absence {
                kind: case.absence.kind.to_string(),
                first_day: case.absence.first_day,
                hours_missed: case
                    .absence
                    .hours
                    .iter()
                    .map(|one| Missed { date: one.date, hours: one.hours })
                    .collect(),
            }),
            milestones: case
                .milestones
                .moments
                .iter()
                .filter(|(moment, _)| facts && self.classes.has(moment.class()))
                .map(|(moment, date)| Milestone { moment: moment.to_string(), date: *date })
                .collect(),
            application_extended: facts.then_some(case.milestones.extended),
            facts: self.facts(dossier).await?,
            plan: self.plan(dossier).await?,
            tracks: self.tracks(circle).await?,
            information_requests: self.information_requests(circle).await?,
            timeline: told.events.iter().map(|event| self.event(event)).collect(),
            deadlines: told.deadlines.iter().map(deadline).collect(),
            time_polls: self.time_polls(circle).await?,
            waiting: self.waiting(circle).await?,
            meetings: self.meetings(dossier).await?,
            hulpvragen,
            rectifications: rights.rectifications.iter().map(rectified).collect(),
            legal_holds: rights
                .holds
                .into_iter()
                .map(|hold| Held { reason: hold.reason, set_at: hold.set, lifted_at: hold.lifted })
                .collect(),
            consents: self.consents(circle).await?,
            emergencies: self.emergencies(circle).await?,
            decisions: self.decisions(circle).await?,
            views: self.views(circle).await?,
            kept: rights
                .kept
                .into_iter()
                .map(|(class, until, basis)| Kept { class: class.to_string(), until, basis })
                .collect(),
        })
    }

    fn event(&self, event: &pb::timeline::Event) -> Event {
        let role = pb::Role::try_from(event.role).unwrap_or_default();
        let organisation = event.organisation.rsplit_once('/').and_then(|(_, id)| id.parse().ok());
        Event {
            time: event.time.as_ref().and_then(instant),
            kind: event.kind.clone(),
            role: role.as_str_name().trim_start_matches("ROLE_").to_owned(),
            organisation: self.called(organisation),
            text: event.text.clone(),
            subject: event.subject.clone(),
        }
    }

    /// The log of the case, for who may see absence.
    async fn facts(&self, dossier: &Dossier) -> Result<Vec<LogEntry>> {
        if !self.classes.has(Class::K3) {
            return Ok(Vec::new());
        }
        let of = (dossier.case.id, dossier.circle.child);
        let told = facts::told(self.tx, of, self.classes).await?;
        let one = |entry: facts::Entry| LogEntry {
            fact: entry.fact.id.to_string(),
            told_at: entry.fact.told,
            role: entry.role.split(' ').next().unwrap_or_default().to_owned(),
            organisation: self.called(entry.organisation.map(|organisation| organisation.0)),
            corrects: entry.fact.corrects.map(|corrected| corrected.to_string()),
            text: facts::sentence(entry.fact.said.as_ref(), Language::Dutch),
            reason: entry
                .reason
                .filter(|_| self.classes.has(Class::K4))
                .map(|reason| reason.as_str().to_owned()),
        };
        Ok(told.into_iter().map(one).collect())
    }

    /// The plan of the case, as far as it is shown whole.
    async fn plan(&self, dossier: &Dossier) -> Result<Vec<Planned>> {
        let of = (dossier.case.id, dossier.circle.child);
        let one = |action: plan::PlanAction| Planned {
            side: action.side.to_string(),
            text: action.text.as_str().to_owned(),
            organisation: self.called(Some(action.organisation.0)),
            start_date: action.start,
            due_date: action.due,
            state: action.state.to_string(),
            done_date: action.done,
            reason: action.reason.map(|reason| reason.as_str().to_owned()),
        };
        Ok(plan::told(self.tx, of, self.classes).await?.into_iter().map(one).collect())
    }

    /// Who saw or changed what about `person`, by day, for who may see that (K10).
    pub(super) async fn accesses(&self, person: PersonId) -> Result<Vec<Access>> {
        let mut days: Vec<Access> = Vec::new();
        if !self.classes.has(Class::K10) {
            return Ok(days);
        }
        for line in seen::lines_of(self.tx, person.0).await? {
            let one = Access {
                date: today(from_column(line.at)?),
                organisation: self.called(line.organisation_id),
                role: if line.role.is_empty() { line.actor_kind } else { line.role },
                deed: line.action,
                object: line.object_type,
                classes: line.field_classes,
                purpose: line.purpose,
                emergency: line.emergency_id.is_some(),
                times: 0,
            };
            // Lines of one day that say the same are one line (NEN 7513).
            let known = days
                .iter_mut()
                .rev()
                .take_while(|known| known.date == one.date)
                .find(|known| Access { times: 0, ..(*known).clone() } == one);
            match known {
                Some(known) => known.times += 1,
                None => days.push(Access { times: 1, ..one }),
            }
        }
        Ok(days)
    }
}

fn instant(wire: &prost_types::Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(wire.seconds, u32::try_from(wire.nanos).ok()?)
}

fn deadline(wire: &pb::timeline::Deadline) -> Deadline {
    let state = pb::timeline::deadline::State::try_from(wire.state).unwrap_or_default();
    Deadline {
        display_name: wire.display_name.clone(),
        basis: wire.basis.clone(),
        start_date: wire.start_date.clone(),
        due_date: wire.due_date.clone(),
        met_date: wire.met_date.clone(),
        state: state.as_str_name().trim_start_matches("STATE_").to_owned(),
    }
}

pub(super) fn rectified(made: &crate::privacy::store::Rectification) -> Rectified {
    Rectified {
        person: made.person.to_string(),
        kind: made.kind(),
        fields: made.fields.clone(),
        asked_by: made.asked_by.to_string(),
        time: made.at,
        before: made.before.as_ref().and_then(|before| serde_json::to_value(before).ok()),
        statement: made.statement.clone(),
        reason: made.reason.clone(),
    }
}
