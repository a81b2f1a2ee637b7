//! Nothing → REQUESTED, at the team that serves the school.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Denied, Role},
    hulpvraag::{ASKED, Category, State},
    ids::{CaseId, HulpvraagId, PersonId, SchoolId, TeamId},
    refusal::{Refusal, Violation},
    text::FreeText,
};
use uuid::Uuid;

use super::{
    request::{Hulpvraag, answer_due},
    store,
};
use crate::{
    access::{Reached, authenticate::today, circle},
    directory::route::route,
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// The request as the school wants it.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Who asks.
    pub school: SchoolId,
    /// As what somebody is asked.
    pub role: Role,
    /// By when they want to meet.
    pub target: NaiveDate,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// About what; none where nobody says.
    pub category: Option<Category>,
    /// The question.
    pub question: FreeText,
}

/// Asks for a helper, on behalf of the caller's school.
pub async fn create(tx: &Tx, wish: &Wish) -> Result<Hulpvraag> {
    let own = |reached: &Reached| match reached {
        Reached::Region => true,
        Reached::School(school) => wish.school.0 == *school,
        Reached::Residence(_)
        | Reached::SchoolEscalated(_)
        | Reached::Escalated(_)
        | Reached::Team(_)
        | Reached::Invited(_)
        | Reached::Own(_)
        | Reached::Case(_)
        | Reached::Held => false,
    };
    // Schools are public: whose it is can be told.
    tx.grant().to("SCHOOL", own).map_err(|_| Denied::ActionNotAllowed)?;
    let child = match wish.case {
        None => None,
        Some(case) => {
            let (circle, _) = circle::reach(tx, case).await?;
            Some(circle.child.0)
        }
    };
    let mut found = Vec::new();
    if !ASKED.contains(&wish.role) {
        found.push(Violation::new("hulpvraag.role", Refusal::FieldInvalid));
    }
    if wish.target < today(tx.now()) {
        found.push(Violation::new("hulpvraag.target_date", Refusal::TimeOutOfBounds));
    }
    if !found.is_empty() {
        return Err(Error::Invalid(found));
    }
    ask(tx, wish, child).await
}

/// The team of whoever routing names for the role, also when that person is away just now.
async fn team_for(tx: &Tx, wish: &Wish, day: NaiveDate) -> Result<TeamId> {
    let routed = route(tx, wish.school, None, &[wish.role], day).await?;
    let found = routed.route.roles.first();
    let here = found.and_then(|found| found.people.first()).map(|(person, _)| *person);
    let away = found.and_then(|found| found.away.first()).copied();
    let team = here.or(away).and_then(|person| routed.organisation(person, wish.role));
    match (team, routed.route.team) {
        (Some(team), _) => Ok(TeamId(team.0)),
        (None, Ok(_)) => Err(Refusal::NoPersonForRole.into()),
        (None, Err(refusal)) => Err(refusal.into()),
    }
}

/// Asks, for a caller whose right to ask is known; `child` is the child of the case.
///
/// # Errors
/// `NO_TEAM` when no team serves the school, `NO_PERSON_FOR_ROLE` when nobody there has the role.
pub async fn ask(tx: &Tx, wish: &Wish, child: Option<Uuid>) -> Result<Hulpvraag> {
    let day = today(tx.now());
    let team = team_for(tx, wish, day).await?;
    let id = HulpvraagId(tx.new_id());
    let mut asked = Hulpvraag {
        id,
        state: State::Requested,
        school: wish.school,
        team,
        role: wish.role,
        target: wish.target,
        case: wish.case,
        category: wish.category,
        subject: child.unwrap_or(id.0),
        sealed_question: Vec::new(),
        sealed_reason: None,
        created_by: PersonId(tx.grant().actor().unwrap_or_default()),
        created: tx.now(),
        answered: None,
        answer_due: answer_due(day),
        version: 1,
    };
    let keys = tx.subject_keys_or_new(&[asked.subject]).await?;
    let place = asked.place("sealed_question");
    asked.sealed_question = tx.seal(&keys, asked.subject, place, wish.question.as_str())?;
    store::insert(tx, &asked).await?;
    tx.audit(asked.line(Deed::C, &[Class::K1, Class::K4])).await?;
    tell(tx, &asked, "HULPVRAAG_CREATED").await?;
    Ok(asked)
}

/// Tells the case's timeline what happened to the request, when it is about one.
pub(super) async fn tell(tx: &Tx, asked: &Hulpvraag, kind: &str) -> Result<()> {
    match asked.case {
        Some(case) => tx.tell_case(case, kind, &asked.id.to_string()).await,
        None => Ok(()),
    }
}
