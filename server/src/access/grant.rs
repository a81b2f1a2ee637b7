//! Leave to do one thing; only the policy makes it, and no store function runs without it.

use std::sync::Arc;

use chrono::Days;
use schakel_domain::{
    access::{
        self, Action, CaseState, Class, Classes, Denied, Purpose, Reach, Reached, Relation, Role,
        TIME_BOX_DAYS,
    },
    ids::{OrganisationId, PersonId, RegionId},
    refusal::Refusal,
};
use uuid::Uuid;

use super::{Caller, Membership};
use crate::error::{Error, Result};

/// What a worker is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Worker {
    /// Tells participants: reads meetings and their table, writes mails.
    Invitations,
    /// Offers freed time to who waits: reads the register, calendars and waiting entries.
    Planner,
    /// Moves cases on after meetings and requests: reads both, writes timelines.
    Cases,
    /// Writes the first rows of a region.
    Setup,
    /// Renders a feed for whoever holds its address.
    Feed,
    /// Reads what comes by mail: finds the meeting that it is about, and keeps what cannot be taken.
    Inbox,
    /// Seals the audit log.
    Sealer,
    /// A command at the machine itself that reads the audit log.
    Auditor,
    /// Wraps keys anew and forgets the erased; of all regions at once, and of no content.
    Keys,
    /// Remembers on which day a token was used.
    Tokens,
    /// Empties what is kept for days only: no content.
    Retention,
    /// Asks for the calendars that professionals keep elsewhere: reads their addresses.
    Calendars,
    /// Tells systems of organisations that something changed in a case: reads addresses, timelines
    /// and who reaches a case.
    Subscriptions,
}

/// What consent would open in one way of reaching an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByConsent {
    /// Which objects.
    pub reached: Reached,
    /// By which role.
    pub role: Role,
    /// Which classes at most.
    pub classes: Classes,
}

#[derive(Debug, Clone)]
struct Inner {
    region: RegionId,
    /// None of workers and links, which have their own rules.
    action: Option<Action>,
    actor_kind: &'static str,
    actor: Option<Uuid>,
    organisation: Option<Uuid>,
    client: Option<Uuid>,
    emergency: Option<Uuid>,
    origin: String,
    role: String,
    purpose: Purpose,
    method: String,
    rule_id: String,
    reached: Vec<(Reached, Classes)>,
    readable: Vec<(Reached, Classes)>,
    by_consent: Vec<ByConsent>,
}

/// Leave to do one thing.
#[derive(Debug, Clone)]
pub struct Grant(Arc<Inner>);

impl Grant {
    /// What the policy allows `caller` for `action`.
    ///
    /// # Errors
    /// When no role of the caller may do it, or none for the purpose that it names.
    pub fn of(caller: &Caller, action: Action) -> Result<Self> {
        caller.admits(action)?;
        let roles: Vec<_> = caller.acting.iter().map(|membership| membership.role).collect();
        let leave = access::may(&roles, action, caller.purpose)?;
        let reaches = leave.reaches;
        caller.is_sure_enough(&reaches)?;
        let readable = reading(action).and_then(|read| access::may(&roles, read, None).ok());
        let readable = readable.map(|leave| leave.reaches).unwrap_or_default();
        let fill = |reaches: &[Reach]| {
            reaches.iter().filter_map(|&reach| Some((reached(caller, reach)?, reach.classes))).collect()
        };
        let by_consent = reaches.iter().filter(|reach| reach.by_consent != Classes::default());
        let by_consent = by_consent.filter_map(|&reach| {
            let filled = reached(caller, reach);
            filled.map(|way| ByConsent { reached: way, role: reach.role, classes: reach.by_consent })
        });
        let rule_id = reaches.iter().map(|reach| reach.rule_id(action)).collect::<Vec<_>>().join(" ");
        let acting = caller.organisation();
        Ok(Self(Arc::new(Inner {
            region: acting.region,
            action: Some(action),
            actor_kind: if caller.is_system_alone() { "system" } else { "user" },
            actor: Some(caller.person.0),
            organisation: Some(acting.organisation.0),
            client: caller.client,
            emergency: caller.emergency.map(|emergency| emergency.id.0),
            origin: caller.origin.clone(),
            role: roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            purpose: leave.purpose,
            method: caller.method.clone(),
            rule_id,
            reached: fill(&reaches),
            readable: fill(&readable),
            by_consent: by_consent.collect(),
        })))
    }

    /// What a worker may do in `region`, by its kind.
    pub fn worker(worker: Worker, region: RegionId) -> Self {
        let classes = match worker {
            Worker::Invitations | Worker::Inbox | Worker::Feed | Worker::Planner => {
                Classes::of(&[Class::K0, Class::K1])
            }
            Worker::Subscriptions => Classes::of(&[Class::K0, Class::K1, Class::K3]),
            Worker::Cases => Classes::of(&[Class::K0, Class::K1, Class::K3, Class::K4]),
            Worker::Setup | Worker::Keys | Worker::Tokens | Worker::Retention | Worker::Calendars => {
                Classes::of(&[Class::K0])
            }
            Worker::Sealer | Worker::Auditor => Classes::of(&[Class::K0, Class::K10]),
        };
        Self(Arc::new(Inner {
            region,
            action: None,
            actor_kind: worker.into(),
            actor: None,
            organisation: None,
            client: None,
            emergency: None,
            origin: String::new(),
            role: String::new(),
            purpose: match worker {
                Worker::Setup | Worker::Keys | Worker::Tokens | Worker::Retention | Worker::Sealer => {
                    Purpose::Beheer
                }
                Worker::Auditor => Purpose::RechtenBetrokkene,
                Worker::Subscriptions => Purpose::TerugkeerSchool,
                Worker::Invitations
                | Worker::Inbox
                | Worker::Cases
                | Worker::Feed
                | Worker::Calendars
                | Worker::Planner => Purpose::PlanningOverleg,
            },
            method: format!("worker/{}", <&str>::from(worker)),
            rule_id: format!("worker.{}", <&str>::from(worker)),
            reached: vec![(Reached::Region, classes)],
            readable: Vec::new(),
            by_consent: Vec::new(),
        }))
    }

    /// What is told to a system of `organisation` in `region`.
    pub fn subscribed(region: RegionId, organisation: Uuid) -> Self {
        let worker = Self::worker(Worker::Subscriptions, region);
        Self(Arc::new(Inner { organisation: Some(organisation), ..(*worker.0).clone() }))
    }

    /// What somebody has who signs in or out, or acts for another organisation: their own session.
    /// Of what they are (`all`) the roles at that organisation are told; nobody when the login is gone.
    pub fn session(
        (region, organisation): (RegionId, OrganisationId),
        person: Option<PersonId>,
        all: &[Membership],
    ) -> Self {
        let there = all.iter().filter(|own| own.region == region && own.organisation == organisation);
        let worker = Self::worker(Worker::Tokens, region);
        Self(Arc::new(Inner {
            actor_kind: "user",
            actor: person.map(|person| person.0),
            organisation: Some(organisation.0),
            role: there.map(|own| own.role.to_string()).collect::<Vec<_>>().join(" "),
            method: "session".to_owned(),
            rule_id: "session".to_owned(),
            ..(*worker.0).clone()
        }))
    }

    /// What a known caller has that was refused: to have that written down, and nothing else.
    pub fn refused(caller: &Caller) -> Self {
        let acting = caller.organisation();
        Self(Arc::new(Inner {
            region: acting.region,
            action: None,
            actor_kind: "user",
            actor: Some(caller.person.0),
            organisation: Some(acting.organisation.0),
            client: caller.client,
            emergency: caller.emergency.map(|emergency| emergency.id.0),
            origin: caller.origin.clone(),
            role: caller.acting.iter().map(|own| own.role.to_string()).collect::<Vec<_>>().join(" "),
            purpose: caller.purpose.unwrap_or(Purpose::Beheer),
            method: caller.method.clone(),
            rule_id: "refused".to_owned(),
            reached: Vec::new(),
            readable: Vec::new(),
            by_consent: Vec::new(),
        }))
    }

    /// The same at tables of another region, at which the caller sits: the envelope, and by
    /// consent what its roles would see at their own tables.
    #[must_use]
    pub fn at_table_in(&self, region: RegionId) -> Self {
        let inner = &*self.0;
        let actor = Reached::Invited(inner.actor.unwrap_or_default());
        let envelope = Classes::of(&[Class::K0, Class::K1]);
        let roles: Vec<Role> = inner.role.split(' ').filter_map(|role| role.parse().ok()).collect();
        let leave = inner.action.and_then(|action| access::may(&roles, action, Some(inner.purpose)).ok());
        let by_consent = leave.map(|leave| leave.reaches).unwrap_or_default().into_iter().map(|reach| {
            let most = reach.classes.or(reach.by_consent);
            ByConsent { reached: actor.clone(), role: reach.role, classes: most }
        });
        Self(Arc::new(Inner {
            region,
            emergency: None,
            reached: vec![(actor.clone(), envelope)],
            readable: vec![(actor.clone(), envelope)],
            by_consent: by_consent.collect(),
            rule_id: "shared.table".to_owned(),
            ..inner.clone()
        }))
    }

    /// What whoever holds an answer link may do: one's own answer to one meeting.
    pub fn link(region: RegionId, person: PersonId) -> Self {
        Self::invited(region, person, ["link", "answer-link", "link.answer"])
    }

    /// The same by a mail of whom it is known: no more than a link may.
    pub fn mail(region: RegionId, person: PersonId) -> Self {
        Self::invited(region, person, ["mail", "answer-mail", "mail.answer"])
    }

    fn invited(region: RegionId, person: PersonId, [kind, method, rule]: [&'static str; 3]) -> Self {
        Self(Arc::new(Inner {
            region,
            action: None,
            actor_kind: kind,
            actor: Some(person.0),
            organisation: None,
            client: None,
            emergency: None,
            origin: String::new(),
            role: String::new(),
            purpose: Purpose::PlanningOverleg,
            method: method.to_owned(),
            rule_id: rule.to_owned(),
            reached: vec![(Reached::Invited(person.0), Classes::of(&[Class::K1]))],
            readable: Vec::new(),
            by_consent: Vec::new(),
        }))
    }

    /// The region in which everything is sought.
    pub fn region(&self) -> RegionId {
        self.0.region
    }

    /// What kind of principal: `user`, `system` that acts for nobody, `link` or a worker's kind.
    pub fn actor_kind(&self) -> &'static str {
        self.0.actor_kind
    }

    /// The person acting, when there is one.
    pub fn actor(&self) -> Option<Uuid> {
        self.0.actor
    }

    /// The organisation acted for, when there is one.
    pub fn organisation(&self) -> Option<Uuid> {
        self.0.organisation
    }

    /// The system that acts on behalf of the actor, when one does.
    pub fn client(&self) -> Option<Uuid> {
        self.0.client
    }

    /// The emergency access that is used, when it is.
    pub fn emergency(&self) -> Option<Uuid> {
        self.0.emergency
    }

    /// The network address that it comes from; empty for workers.
    pub fn origin(&self) -> &str {
        &self.0.origin
    }

    /// The roles by which, separated by spaces.
    pub fn role(&self) -> String {
        self.0.role.clone()
    }

    /// What for.
    pub fn purpose(&self) -> Purpose {
        self.0.purpose
    }

    /// Through which method or worker.
    pub fn method(&self) -> &str {
        &self.0.method
    }

    /// By which rules of the policy.
    pub fn rule_id(&self) -> &str {
        &self.0.rule_id
    }

    /// Whether it is leave to do that.
    pub fn is_for(&self, action: Action) -> bool {
        self.0.action == Some(action)
    }

    /// Which objects, and of them which classes.
    pub fn reached(&self) -> &[(Reached, Classes)] {
        &self.0.reached
    }

    /// What an object shows that stands to the caller as `holds` says.
    ///
    /// # Errors
    /// Not allowed, when the caller may read it but not do this; not found, as `resource`,
    /// when it may not even read it.
    pub fn to(&self, resource: &'static str, holds: impl Fn(&Reached) -> bool) -> Result<Classes> {
        let seen = |ways: &[(Reached, Classes)]| {
            let mut ways = ways.iter().filter(|(reached, _)| holds(reached)).peekable();
            ways.peek()?;
            Some(ways.fold(Classes::default(), |all, (_, classes)| all.or(*classes)))
        };
        match (seen(&self.0.reached), seen(&self.0.readable)) {
            (Some(classes), _) => Ok(classes),
            (None, Some(_)) => Err(Denied::ActionNotAllowed.into()),
            (None, None) => Err(Error::NotFound(resource)),
        }
    }

    /// What more an object shows with consent that stands to the caller as `holds` says: by
    /// which role, and which classes at most. Nothing for what writes.
    pub fn by_consent(&self, holds: impl Fn(&Reached) -> bool) -> Vec<(Role, Classes)> {
        let reads = self.0.action.is_some_and(|action| action.case_use() == access::CaseUse::Read);
        let ways = self.0.by_consent.iter().filter(|way| reads && holds(&way.reached));
        ways.map(|way| (way.role, way.classes)).collect()
    }

    /// Refuses what is not done with a case in `state`.
    ///
    /// # Errors
    /// `CASE_CLOSED`, `CASE_RESTRICTED`.
    pub fn allows(&self, state: CaseState) -> Result<(), Refusal> {
        let does = self.0.action.map_or(access::CaseUse::Write, Action::case_use);
        state.allows(does)
    }

    /// Every class that some object may show.
    pub fn classes(&self) -> Classes {
        self.0.reached.iter().fold(Classes::default(), |all, (_, classes)| all.or(*classes))
    }
}

/// What one must be able to read to be told that one may not change it.
fn reading(action: Action) -> Option<Action> {
    match action {
        Action::WriteCase
        | Action::WritePlan
        | Action::WriteTrack
        | Action::AskInformation
        | Action::AskHousehold
        | Action::EscalateCase
        | Action::DecideCase
        | Action::RecordView
        | Action::WriteWishes
        | Action::CloseCase
        | Action::ReopenCase
        | Action::RecordConsent
        | Action::RestrictCase
        | Action::RectifySubject
        | Action::ProposeErasure
        | Action::HoldCase => Some(Action::ReadCase),
        Action::WriteConsultation
        | Action::Substitute
        | Action::CancelConsultation
        | Action::AnswerConsultation
        | Action::RecordOutcome => Some(Action::ReadConsultation),
        Action::WithdrawConsent => Some(Action::ReadConsent),
        Action::DecideHulpvraag | Action::CompleteHulpvraag => Some(Action::ReadHulpvraag),
        Action::DecideSignal | Action::WithdrawSignal => Some(Action::ReadSignal),
        Action::RunSurvey | Action::AnswerSurvey => Some(Action::ReadSurvey),
        Action::OwnAccount
        | Action::OwnCredentials
        | Action::ManageAccess
        | Action::ManageSubscriptions
        | Action::ReadDirectory
        | Action::WriteDirectory
        | Action::WriteAvailability
        | Action::FindSlots
        | Action::OpenCase
        | Action::ReadCase
        | Action::BookConsultation
        | Action::ReadConsultation
        | Action::CreateHulpvraag
        | Action::ReadHulpvraag
        | Action::ReadAudit
        | Action::ReadConsent
        | Action::UseEmergency
        | Action::ReadEmergencies
        | Action::ReadWorkload
        | Action::ReadMonitor
        | Action::ReportSignal
        | Action::ReadSignal
        | Action::ReadSurvey
        | Action::MarkMilestone
        | Action::MarkDuty
        | Action::SetPolicy
        | Action::MoveClock
        | Action::ExportSubject
        | Action::LiftRestriction
        | Action::ApproveErasure
        | Action::ManageRetention
        | Action::ApproveRetention
        | Action::SetHouseholdBasis => None,
    }
}

/// The relation with the caller's organisation filled in; none when it is of another kind.
fn reached(caller: &Caller, reach: Reach) -> Option<Reached> {
    let acting = caller.acting.iter().find(|membership| membership.role == reach.role)?;
    let of_kind = |kind: &str| acting.kind == kind;
    Some(match reach.relation {
        Relation::Region => Reached::Region,
        Relation::OwnSchool if of_kind("SCHOOL") => Reached::School(acting.organisation.0),
        Relation::OwnSchoolEscalated if of_kind("SCHOOL") => Reached::SchoolEscalated(acting.organisation.0),
        Relation::Escalated => Reached::Escalated(caller.today - Days::new(TIME_BOX_DAYS)),
        Relation::Residence if of_kind("GEMEENTE") => Reached::Residence(acting.code.clone()),
        Relation::OwnTeam if of_kind("TEAM") => Reached::Team(acting.organisation.0),
        Relation::Invited => Reached::Invited(caller.person.0),
        Relation::Own => Reached::Own(caller.person.0),
        Relation::Emergency => Reached::Case(caller.emergency?.case.0),
        Relation::Held => Reached::Held,
        Relation::OwnSchool | Relation::OwnSchoolEscalated | Relation::Residence | Relation::OwnTeam => {
            return None;
        }
    })
}
