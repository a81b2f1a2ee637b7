//! Rectification (AVG art. 16): a fact is put right, or the person's own statement is added beside it.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    ids::{CaseId, PersonId, RectificationId},
    privacy::{Fact, Requester},
    refusal::Refusal,
    text::{EmailAddress, FreeText, Name},
};

use super::{
    dossier::Dossier,
    restrict::must_identify,
    rights::SHOWN,
    store::{self, Before, Rectification},
};
use crate::{
    access::person::{self, PrivatePerson},
    error::{Error, Result},
    store::{Tx, audit::Deed},
    thuiszitter::rights as timeline,
};

/// What is asked for.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub case: CaseId,
    pub person: PersonId,
    /// What is to be put right; none of it when a statement is added.
    pub facts: Vec<Fact>,
    pub name: Option<Name>,
    pub birth: Option<NaiveDate>,
    pub email: Option<EmailAddress>,
    pub phone: Option<Name>,
    pub address_confidential: bool,
    pub statement: Option<FreeText>,
    pub asked_by: Requester,
    pub reason: FreeText,
}

impl Wish {
    fn has(&self, fact: Fact) -> bool {
        self.facts.contains(&fact)
    }
}

/// Puts it right, or adds the statement. Also in a closed or restricted case: who is
/// wronged by a fact need not wait.
///
/// # Errors
/// `CASE_NOT_FOUND`; `PERSON_NOT_FOUND` for somebody who neither is nor was in the case; a birth date
/// of a parent.
pub(super) async fn rectify(tx: &Tx, wish: &Wish) -> Result<Rectification> {
    let (dossier, classes) = Dossier::reach(tx, wish.case).await?;
    must_identify(classes)?;
    let circle = &dossier.circle;
    let was_parent = dossier.was_parent(wish.person);
    if !circle.has(wish.person) && !was_parent {
        return Err(Error::field("person", Refusal::PersonNotFound));
    }
    let mut made = Rectification {
        id: RectificationId(tx.new_id()),
        person: wish.person,
        fields: wish.facts.iter().map(|fact| fact.path().to_owned()).collect(),
        asked_by: wish.asked_by,
        at: tx.now(),
        before: None,
        statement: wish.statement.as_ref().map(|said| said.as_str().to_owned()),
        reason: wish.reason.as_str().to_owned(),
    };
    if !wish.facts.is_empty() {
        let known = person::open(tx, &[wish.person]).await?.remove(&wish.person);
        let known = known.ok_or(Error::Corrupt { table: "person", column: "private" })?;
        let is_child = wish.person == circle.child;
        if wish.has(Fact::BirthDate) && !is_child {
            return Err(Error::field("update_mask", Refusal::MaskInvalid));
        }
        made.before = before(wish, &known);
        let right = put_right(wish, known);
        person::update(tx, wish.person, &right).await?;
        if let (true, Some(birth)) = (is_child, right.birth_date) {
            timeline::find_again(tx, (wish.case, circle.child), &right.name, birth).await?;
        }
    }
    store::keep(tx, wish.case, &made).await?;
    let kind = if wish.facts.is_empty() { "STATEMENT_ADDED" } else { "FACTS_RECTIFIED" };
    timeline::note(tx, (wish.case, circle.child), kind, None).await?;
    let lines = dossier.lines(Deed::U, classes.and(SHOWN));
    let about = [circle.child.0, wish.person.0];
    let mut concerned: Vec<_> = lines
        .into_iter()
        .filter(|line| line.subject.is_some_and(|subject| about.contains(&subject)))
        .collect();
    if was_parent {
        concerned.push(dossier.line(Deed::U, wish.person, Classes::of(&[Class::K2])));
    }
    tx.audit_all(&concerned).await?;
    Ok(made)
}

/// What the file must keep of what stood there.
fn before(wish: &Wish, known: &PrivatePerson) -> Option<Before> {
    let kept = |fact: Fact| wish.has(fact) && fact.keeps_old();
    let before = Before {
        display_name: kept(Fact::DisplayName).then(|| known.name.as_str().to_owned()),
        birth_date: known.birth_date.filter(|_| kept(Fact::BirthDate)).map(|birth| birth.to_string()),
    };
    (before != Before::default()).then_some(before)
}

fn put_right(wish: &Wish, mut known: PrivatePerson) -> PrivatePerson {
    for fact in &wish.facts {
        match fact {
            Fact::DisplayName => {
                if let Some(name) = &wish.name {
                    known.name = name.clone();
                }
            }
            Fact::BirthDate => known.birth_date = wish.birth,
            Fact::Email => known.email.clone_from(&wish.email),
            Fact::Phone => known.phone.clone_from(&wish.phone),
            Fact::AddressConfidential => known.address_confidential = wish.address_confidential,
        }
    }
    known
}
