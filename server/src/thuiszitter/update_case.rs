//! The facts of a case change, field by field of a mask.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes, Denied},
    bound::Bound,
    dutch::codes::GemeenteCode,
    ids::{CaseId, PersonId},
    refusal::{Refusal, Violation},
    text::FreeText,
    thuiszitter::{AbsenceKind, Moment, Said, impossible},
};

use super::{
    case::{Absence, Case, ExternalReference, Milestones, State},
    facts::{self, Changing},
    history::{self, Detail},
    open_case::must_be_professional,
    reading::{self, Child, Parent},
    residence::must_be_known,
    store,
    view::View,
};
use crate::{
    access::{
        authenticate::today,
        circle::{self, Circle},
        person::{self, PrivatePerson},
    },
    consultation::of_case,
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// The fields that can change, as a mask names them, each with the class that it takes to write it. Of the
/// milestones that is the highest of theirs: whoever is not shown one would take it back.
pub(super) const FIELDS: [(&str, Class); 9] = [
    ("absence", Class::K3),
    ("milestones", Class::K4),
    ("child", Class::K2),
    ("parents", Class::K2),
    ("question", Class::K4),
    ("residence_gemeente_code", Class::K2),
    ("regisseur", Class::K3),
    ("next_action_date", Class::K3),
    ("external_references", Class::K2),
];

/// Those of them that the log of facts tells.
const IN_LOG: [&str; 3] = ["absence", "milestones", "residence_gemeente_code"];

/// What is to change: what `paths` names. Of that, the question, the regisseur and the next
/// action may be emptied.
#[derive(Debug, Clone, Default)]
pub(super) struct Change {
    pub absence: Option<Absence>,
    pub milestones: Option<Milestones>,
    /// Why the child gets extra support, where the milestones say that it does.
    pub extra_support_reason: Option<FreeText>,
    pub child: Option<Child>,
    pub parents: Option<Vec<Parent>>,
    pub question: Option<FreeText>,
    pub gemeente: Option<GemeenteCode>,
    /// Whether it is said that the register need not have it.
    pub outside: bool,
    pub regisseur: Option<PersonId>,
    pub next_action: Option<NaiveDate>,
    pub external: Option<Vec<ExternalReference>>,
    /// The mask's fields.
    pub paths: Vec<String>,
}

impl Change {
    /// Whether the mask names `field`.
    pub(super) fn names(&self, field: &str) -> bool {
        self.paths.iter().any(|path| path == field)
    }
}

/// Changes case `id` as `change` says, if it is still at `etag`.
///
/// # Errors
/// `CASE_NOT_FOUND`; not allowed for a field whose class the caller may not write;
/// `CASE_CLOSED`; `ETAG_MISMATCH`; a violation of a gemeente that the register does not have and nobody confirmed.
pub(super) async fn update_case(tx: &Tx, id: CaseId, etag: i32, change: &Change) -> Result<View> {
    let (mut circle, classes) = circle::reach(tx, id).await?;
    may_write(change, classes)?;
    store::in_turn(tx, id).await?;
    let mut case = store::get(tx, id, circle.child).await?;
    must_be_open(&case, etag)?;
    must_say_why(&case, change)?;
    if let Some(gemeente) = &change.gemeente {
        must_be_known(tx, (&[circle.gemeente.as_str()], &[gemeente.as_str()]), change.outside).await?;
    }
    if let Some(regisseur) = change.regisseur {
        must_be_professional(tx, regisseur).await?;
    }
    let changing = if IN_LOG.iter().any(|field| change.names(field)) {
        let reason = change.extra_support_reason.as_ref();
        let reasons = change.milestones.as_ref().map(|entered| facts::reasons(entered, reason));
        Some(Changing::of(tx, &case, &circle, reasons.unwrap_or_default()).await?)
    } else {
        None
    };
    let was = case.clone();
    change_facts(&mut case, &circle, change)?;
    must_be_ahead("case.next_action_date", (was.next_action, case.next_action), today(tx.now()))?;
    must_be_possible(tx, (&was, &case, &circle), (change, classes)).await?;
    if let Some(child) = &change.child {
        case.child_index = person::child_index(tx, &child.name, child.birth);
        change_child(tx, circle.child, child).await?;
    }
    let (mut gone, mut gezag) = (Vec::new(), None);
    if let Some(parents) = &change.parents {
        gezag = Some(circle.parents_with_gezag().map(|parent| parent.0).collect());
        let drawn = change_parents(tx, (&circle, classes), parents).await?;
        let stays = |parent: &PersonId| drawn.iter().any(|(known, _)| known == parent);
        gone.extend(circle.parents.iter().map(|(parent, _)| *parent).filter(|parent| !stays(parent)));
        circle.parents = drawn;
    }
    if let Some(gemeente) = &change.gemeente {
        circle.gemeente = gemeente.to_string();
    }
    if change.parents.is_some() || change.gemeente.is_some() {
        circle::update(tx, &circle).await?;
    }
    of_case::parents_leave(tx, id, &gone).await?;
    let moved = match changing {
        Some(changing) => changing.done(tx, &mut case, &circle).await?,
        None => Vec::new(),
    };
    store::update(tx, &mut case, circle.child).await?;
    let detail = Detail { paths: change.paths.clone(), moved, gezag, ..Detail::default() };
    history::note(tx, (id, circle.child), "FACTS_CHANGED", &detail).await?;
    let view = View::of(tx, case, circle, classes).await?;
    tx.audit_all(&view.lines(Deed::U)).await?;
    Ok(view)
}

fn may_write(change: &Change, classes: Classes) -> Result<()> {
    let forbidden = |(field, class): &(&str, Class)| change.names(field) && !classes.has(*class);
    if FIELDS.iter().any(forbidden) { Err(Denied::ActionNotAllowed.into()) } else { Ok(()) }
}

/// Refuses a decision on extra support that does not stand yet and comes without its reason.
fn must_say_why(case: &Case, change: &Change) -> Result<()> {
    let on = |milestones: &Milestones| milestones.moments.get(&Moment::ExtraSupportDecided).copied();
    let decided = change.milestones.as_ref().and_then(on);
    if decided.is_some() && decided != on(&case.milestones) && change.extra_support_reason.is_none() {
        return Err(Error::field("case.milestones.extra_support_reason", Refusal::FieldRequired));
    }
    Ok(())
}

/// Refuses a next action on a day that is over; one that stood there already may be late.
pub(super) fn must_be_ahead(
    field: &str,
    (was, is): (Option<NaiveDate>, Option<NaiveDate>),
    today: NaiveDate,
) -> Result<()> {
    let over = was != is && is.is_some_and(|next| next < today);
    if over { Err(Error::bound(field, Refusal::TimeOutOfBounds, Bound::TodayOrLater)) } else { Ok(()) }
}

/// Refuses what the change says that cannot be so of a child of that age, for who may know when it was born. What
/// stood there already stays.
async fn must_be_possible(
    tx: &Tx,
    (was, case, circle): (&Case, &Case, &Circle),
    (change, classes): (&Change, Classes),
) -> Result<()> {
    let tells = ["absence", "milestones", "child"].iter().any(|field| change.names(field));
    if !tells || !classes.has(Class::K2) {
        return Ok(());
    }
    let known = person::open(tx, &[circle.child]).await?.remove(&circle.child);
    let known = known.and_then(|child| child.birth_date);
    let Some(birth) = change.child.as_ref().map(|child| child.birth).or(known) else { return Ok(()) };
    let absence = (case.absence != was.absence).then_some(&case.absence);
    let milestones = (case.milestones != was.milestones).then_some(&case.milestones);
    let mut wrong = reading::impossible(birth, (absence, milestones), Some(was));
    let first = Said::Kind(case.absence.first_day, case.absence.kind);
    if wrong.is_empty() && known != Some(birth) && impossible(birth, &first).is_some() {
        let field = "case.child.birth_date";
        wrong.push(Violation::bound(field, Refusal::TimeOutOfBounds, Bound::OldEnough));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// Refuses a change of a closed case, and of one that has changed since it was read.
pub(super) fn must_be_open(case: &Case, etag: i32) -> Result<()> {
    if case.state == State::Closed {
        return Err(Refusal::CaseClosed.into());
    }
    if case.version == etag { Ok(()) } else { Err(Error::Stale) }
}

fn change_facts(case: &mut Case, circle: &Circle, change: &Change) -> Result<()> {
    if let Some(absence) = &change.absence {
        if circle.school.is_none() && absence.kind != AbsenceKind::Absoluut {
            return Err(Error::field("case.absence.kind", Refusal::FieldInvalid));
        }
        case.absence = absence.clone();
    }
    if let Some(milestones) = &change.milestones {
        case.milestones.enter(milestones.clone());
    }
    if let Some(external) = &change.external {
        case.external.clone_from(external);
    }
    if change.names("question") {
        case.question.clone_from(&change.question);
    }
    if change.names("regisseur") {
        case.regisseur = change.regisseur;
    }
    if change.names("next_action_date") {
        case.next_action = change.next_action;
    }
    Ok(())
}

async fn change_child(tx: &Tx, id: PersonId, child: &Child) -> Result<()> {
    let known = person::open(tx, &[id]).await?.remove(&id);
    let mut known = known.ok_or(Error::Corrupt { table: "person", column: "private" })?;
    known.name = child.name.clone();
    known.birth_date = Some(child.birth);
    person::update(tx, id, &known).await
}

/// Known parents change, new ones come, and who is not named leaves the circle.
async fn change_parents(
    tx: &Tx,
    (circle, classes): (&Circle, Classes),
    parents: &[Parent],
) -> Result<Vec<(PersonId, circle::Gezag)>> {
    let stranger =
        |parent: &Parent| parent.id.is_some_and(|id| !circle.parents.iter().any(|(known, _)| *known == id));
    if let Some(at) = parents.iter().position(stranger) {
        return Err(Error::field(format!("case.parents[{at}].person"), Refusal::FieldInvalid));
    }
    let ids: Vec<PersonId> = parents.iter().filter_map(|parent| parent.id).collect();
    let known = person::open(tx, &ids).await?;
    let mut drawn = Vec::with_capacity(parents.len());
    let mut new: Vec<(PersonId, PrivatePerson)> = Vec::new();
    for parent in parents {
        let id = if let Some(id) = parent.id {
            let before = known.get(&id).filter(|known| known.address_confidential);
            let hidden = before.filter(|_| !classes.has(Class::K8));
            person::update(tx, id, &unseen(&parent.person, hidden)?).await?;
            id
        } else {
            let id = PersonId(tx.new_id());
            new.push((id, parent.person.clone()));
            id
        };
        drawn.push((id, parent.gezag));
    }
    person::insert(tx, &new).await?;
    Ok(drawn)
}

/// `person`, changed by somebody who was not shown how to reach them when that is `hidden`.
fn unseen(person: &PrivatePerson, hidden: Option<&PrivatePerson>) -> Result<PrivatePerson> {
    let Some(hidden) = hidden else { return Ok(person.clone()) };
    if !person.address_confidential {
        return Err(Denied::ActionNotAllowed.into());
    }
    let email = person.email.clone().or_else(|| hidden.email.clone());
    let phone = person.phone.clone().or_else(|| hidden.phone.clone());
    Ok(PrivatePerson { email, phone, ..person.clone() })
}
