//! A school, or the keeper of the register, opens a case.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    dutch::codes::GemeenteCode,
    ids::{CaseId, PersonId, SchoolId},
    reference::Reference,
    refusal::Refusal,
    text::FreeText,
    thuiszitter::Stage,
};

use super::{
    case::{Absence, Case, ExternalReference, Milestones, State},
    facts,
    history::{self, Detail},
    reading::{Child, Parent},
    residence::must_be_known,
    store,
    update_case::must_be_ahead,
    view::View,
};
use crate::{
    access::{
        Reached,
        authenticate::today,
        circle::{self, Circle},
        person::{self, PrivatePerson},
        professional,
    },
    directory::calendar,
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
    },
};

/// So many draws in a row of a taken reference mean that something else is wrong.
const DRAWS: usize = 16;

/// The case that is asked for.
#[derive(Debug, Clone)]
pub(super) struct Opening {
    /// None for a child that is not enrolled.
    pub school: Option<SchoolId>,
    pub gemeente: GemeenteCode,
    /// Whether it is said that the register need not have it.
    pub outside: bool,
    pub absence: Absence,
    pub milestones: Milestones,
    /// Why the child gets extra support, where the milestones say so.
    pub extra_support_reason: Option<FreeText>,
    pub child: Child,
    pub parents: Vec<Parent>,
    pub question: Option<FreeText>,
    /// None: whoever opens.
    pub regisseur: Option<PersonId>,
    pub next_action: Option<NaiveDate>,
    pub level: u8,
    pub external: Vec<ExternalReference>,
}

/// Opens it.
///
/// # Errors
/// `SCHOOL_NOT_FOUND` when there is none or it is not the caller's, alike; `CASE_EXISTS`; a violation of
/// days on which a child of that age was no pupil, of a next action on a day that is over, or of a gemeente
/// that the register does not have and nobody confirmed.
pub(super) async fn open_case(tx: &Tx, wish: &Opening) -> Result<View> {
    let classes = tx.grant().to("SCHOOL", |reached| match reached {
        Reached::Region => true,
        Reached::School(own) => wish.school.is_some_and(|school| school.0 == *own),
        Reached::Residence(_)
        | Reached::SchoolEscalated(_)
        | Reached::Escalated(_)
        | Reached::Team(_)
        | Reached::Invited(_)
        | Reached::Own(_)
        | Reached::Case(_)
        | Reached::Held => false,
    })?;
    must_be_ahead("case.next_action_date", (None, wish.next_action), today(tx.now()))?;
    let gemeente = [wish.gemeente.to_string()];
    let calendars = calendar::calendars(tx, wish.school.as_slice(), &gemeente).await?;
    if wish.school.is_some_and(|school| calendars.own(school).is_none()) {
        return Err(Error::NotFound("SCHOOL"));
    }
    must_be_known(tx, (&[], &[wish.gemeente.as_str()]), wish.outside).await?;
    let child_index = person::child_index(tx, &wish.child.name, wish.child.birth);
    refuse_second(tx, &child_index, wish.school).await?;
    if let Some(regisseur) = wish.regisseur {
        must_be_professional(tx, regisseur).await?;
    }
    let (mut circle, persons) = circle(tx, wish);
    circle.escalate(wish.level, today(tx.now()));
    person::insert(tx, &persons).await?;
    circle::insert(tx, &circle).await?;
    let mut case = Case {
        id: circle.case,
        reference: draw(tx).await?,
        state: State::Open,
        stage: Stage::Signaal,
        level: 0,
        child_index,
        absence: wish.absence.clone(),
        milestones: wish.milestones.clone(),
        question: wish.question.clone(),
        regisseur: wish.regisseur.or(tx.grant().actor().map(PersonId)),
        next_action: wish.next_action,
        outcome: None,
        opened: tx.now(),
        closed: None,
        reopened: 0,
        version: 1,
        external: wish.external.clone(),
    };
    case.escalate(wish.level, today(tx.now()));
    store::insert(tx, &case, circle.child).await?;
    let reasons = facts::reasons(&wish.milestones, wish.extra_support_reason.as_ref());
    facts::opens(tx, &case, &circle, &reasons).await?;
    history::note(tx, (case.id, circle.child), "CASE_OPENED", &Detail::default()).await?;
    flag_return(tx, &case, circle.child).await?;
    let view = View::of(tx, case, circle, classes).await?;
    tx.audit_all(&view.lines(Deed::C)).await?;
    Ok(view)
}

/// A child that was erased may come back: it is taken in, and whoever reads the audit log sees
/// that somebody should ask why. The caller is told nothing, because that it was known is erased too.
async fn flag_return(tx: &Tx, case: &Case, child: PersonId) -> Result<()> {
    if !tx.was_erased_child(&case.child_index).await? {
        return Ok(());
    }
    let classes = Classes::of(&[Class::K2]);
    let (id, subject) = (Some(case.id.0), Some(child.0));
    tx.audit(Line { deed: Deed::C, object: "erased_child_returned", id, subject, classes }).await
}

/// The circle of the new case, and the persons in it, who are new too: nobody is told
/// that a child of the same name is known elsewhere.
fn circle(tx: &Tx, wish: &Opening) -> (Circle, Vec<(PersonId, PrivatePerson)>) {
    let child = PersonId(tx.new_id());
    let private = PrivatePerson {
        name: wish.child.name.clone(),
        email: None,
        phone: None,
        birth_date: Some(wish.child.birth),
        address_confidential: false,
        language: "nl".to_owned(),
    };
    let mut persons = vec![(child, private)];
    let mut parents = Vec::new();
    for parent in &wish.parents {
        let id = PersonId(tx.new_id());
        parents.push((id, parent.gezag));
        persons.push((id, parent.person.clone()));
    }
    let circle = Circle {
        case: CaseId(tx.new_id()),
        school: wish.school,
        gemeente: wish.gemeente.to_string(),
        child,
        open: true,
        hold: None,
        level: 0,
        escalated: None,
        parents,
        guests: Vec::new(),
    };
    (circle, persons)
}

/// Refuses a second open case of the same child at the same school. Another school's is
/// its own affair: that it exists may not be told.
pub(super) async fn refuse_second(tx: &Tx, index: &[u8], school: Option<SchoolId>) -> Result<()> {
    store::alone(tx, index).await?;
    let same = store::open_of_child(tx, index).await?;
    let standings = circle::standings(tx, &same).await?;
    let taken = standings.iter().any(|standing| standing.school == school.map(|school| school.0));
    if taken { Err(Refusal::CaseExists.into()) } else { Ok(()) }
}

/// Refuses a regisseur that the region has not registered.
pub(super) async fn must_be_professional(read: &Read, person: PersonId) -> Result<()> {
    match professional::get(read, person).await {
        Ok(_) => Ok(()),
        Err(Error::NotFound(_)) => Err(Error::field("case.regisseur", Refusal::FieldInvalid)),
        Err(error) => Err(error),
    }
}

async fn draw(tx: &Tx) -> Result<String> {
    for _ in 0..DRAWS {
        let mut bits = [0; 4];
        tx.app().ids.fill(&mut bits);
        let reference = Reference::from_random(u32::from_be_bytes(bits)).to_string();
        if !store::reference_is_taken(tx, &reference).await? {
            return Ok(reference);
        }
    }
    Err(Error::Corrupt { table: "thuiszitter", column: "reference" })
}
