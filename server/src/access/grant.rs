//! Leave to do one thing; only the policy makes it, and no store function runs without it.

use std::sync::Arc;

use schakel_domain::{
    access::{self, Action, Class, Classes, Denied, Purpose, Reach, Relation},
    ids::{PersonId, RegionId},
};
use uuid::Uuid;

use super::Caller;
use crate::error::{Error, Result};

/// What a worker is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Worker {
    /// Tells participants: reads meetings and their table, writes mails.
    Invitations,
    /// Moves cases on after meetings and requests: reads both, writes timelines.
    Cases,
    /// Writes the first rows of a region.
    Setup,
    /// Renders a feed for whoever holds its address.
    Feed,
    /// Wraps keys anew and forgets the erased; of all regions at once, and of no content.
    Keys,
    /// Empties what is kept for days only: no content.
    Retention,
}

/// One way in which objects are reached, with the organisation filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// Everything in the region.
    Region,
    /// Of this school.
    School(Uuid),
    /// Of children living in this gemeente.
    Residence(String),
    /// Of this team.
    Team(Uuid),
    /// With this person at the table.
    Invited(Uuid),
    /// This person's own.
    Own(Uuid),
}

#[derive(Debug)]
struct Inner {
    region: RegionId,
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
}

/// Leave to do one thing.
#[derive(Debug, Clone)]
pub struct Grant(Arc<Inner>);

impl Grant {
    /// What the policy allows `caller` for `action`.
    ///
    /// # Errors
    /// When no role of the caller may do it.
    pub fn of(caller: &Caller, action: Action) -> Result<Self> {
        let roles: Vec<_> = caller.acting.iter().map(|membership| membership.role).collect();
        let reaches = access::may(&roles, action)?;
        let readable = reading(action).and_then(|read| access::may(&roles, read).ok()).unwrap_or_default();
        let fill = |reaches: &[Reach]| reaches.iter().filter_map(|&reach| reached(caller, reach)).collect();
        let rule_id = reaches.iter().map(|reach| reach.rule_id(action)).collect::<Vec<_>>().join(" ");
        let acting = caller.organisation();
        Ok(Self(Arc::new(Inner {
            region: acting.region,
            actor_kind: "user",
            actor: Some(caller.person.0),
            organisation: Some(acting.organisation.0),
            client: caller.client,
            emergency: caller.emergency,
            origin: caller.origin.clone(),
            role: roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            purpose: caller.purpose.unwrap_or(action.purpose()),
            method: caller.method.clone(),
            rule_id,
            reached: fill(&reaches),
            readable: fill(&readable),
        })))
    }

    /// What a worker may do in `region`, by its kind.
    pub fn worker(worker: Worker, region: RegionId) -> Self {
        let classes = match worker {
            Worker::Invitations | Worker::Feed => Classes::of(&[Class::K0, Class::K1]),
            Worker::Cases => Classes::of(&[Class::K0, Class::K1, Class::K3, Class::K4]),
            Worker::Setup | Worker::Keys | Worker::Retention => Classes::of(&[Class::K0]),
        };
        Self(Arc::new(Inner {
            region,
            actor_kind: worker.into(),
            actor: None,
            organisation: None,
            client: None,
            emergency: None,
            origin: String::new(),
            role: String::new(),
            purpose: match worker {
                Worker::Setup | Worker::Keys | Worker::Retention => Purpose::Beheer,
                Worker::Invitations | Worker::Cases | Worker::Feed => Purpose::PlanningOverleg,
            },
            method: format!("worker/{}", <&str>::from(worker)),
            rule_id: format!("worker.{}", <&str>::from(worker)),
            reached: vec![(Reached::Region, classes)],
            readable: Vec::new(),
        }))
    }

    /// What whoever holds an answer link may do: one's own answer to one meeting.
    pub fn link(region: RegionId, person: PersonId) -> Self {
        Self(Arc::new(Inner {
            region,
            actor_kind: "link",
            actor: Some(person.0),
            organisation: None,
            client: None,
            emergency: None,
            origin: String::new(),
            role: String::new(),
            purpose: Purpose::PlanningOverleg,
            method: "answer-link".to_owned(),
            rule_id: "link.answer".to_owned(),
            reached: vec![(Reached::Invited(person.0), Classes::of(&[Class::K1]))],
            readable: Vec::new(),
        }))
    }

    /// The region in which everything is sought.
    pub fn region(&self) -> RegionId {
        self.0.region
    }

    /// What kind of principal: `user`, `link` or a worker's kind.
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

    /// Every class that some object may show.
    pub fn classes(&self) -> Classes {
        self.0.reached.iter().fold(Classes::default(), |all, (_, classes)| all.or(*classes))
    }
}

/// What one must be able to read to be told that one may not change it.
fn reading(action: Action) -> Option<Action> {
    match action {
        Action::WriteCase | Action::CloseCase | Action::RestrictCase | Action::RectifySubject => {
            Some(Action::ReadCase)
        }
        Action::ProposeErasure | Action::HoldCase => Some(Action::ReadCase),
        Action::WriteConsultation | Action::AnswerConsultation | Action::RecordOutcome => {
            Some(Action::ReadConsultation)
        }
        Action::DecideHulpvraag | Action::CompleteHulpvraag => Some(Action::ReadHulpvraag),
        Action::OwnAccount
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
        | Action::MoveClock
        | Action::ExportSubject
        | Action::LiftRestriction
        | Action::ApproveErasure
        | Action::ManageRetention
        | Action::ApproveRetention => None,
    }
}

/// The relation with the caller's organisation filled in; none when it is of another kind.
fn reached(caller: &Caller, reach: Reach) -> Option<(Reached, Classes)> {
    let acting = caller.acting.iter().find(|membership| membership.role == reach.role)?;
    let of_kind = |kind: &str| acting.kind == kind;
    let reached = match reach.relation {
        Relation::Region => Reached::Region,
        Relation::OwnSchool if of_kind("SCHOOL") => Reached::School(acting.organisation.0),
        Relation::Residence if of_kind("GEMEENTE") => Reached::Residence(acting.code.clone()),
        Relation::OwnTeam if of_kind("TEAM") => Reached::Team(acting.organisation.0),
        Relation::Invited => Reached::Invited(caller.person.0),
        Relation::Own => Reached::Own(caller.person.0),
        Relation::OwnSchool | Relation::Residence | Relation::OwnTeam => return None,
    };
    Some((reached, reach.classes))
}
