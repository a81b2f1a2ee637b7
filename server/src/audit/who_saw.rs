//! Who saw what of a child: organisations and functions, one line a day; names only when released.

use std::collections::HashMap;

use chrono::Months;
use schakel_domain::{
    access::{Class, Classes},
    audit::{Day, Seen, merge},
    ids::{CaseId, OrganisationId, PersonId},
    reference::Reference,
};
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::{
    read::{LOG, Wanted},
    store,
};
use crate::{
    access::{authenticate::today, circle, organisation, professional},
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
        instant::from_column,
    },
};

/// How far back is told when nobody says (NEN 7513: five years are kept).
const MONTHS: u32 = 60;

/// Whose data.
#[derive(Debug, Clone, Copy)]
pub enum Whose {
    /// Of this child, parent or relative.
    Person(PersonId),
    /// Of the child of this case.
    Case(CaseId),
    /// Of the child of the case that is spoken of so.
    Reference(Reference),
}

/// What is told.
#[derive(Debug, Clone)]
pub struct Sights {
    /// Newest day first.
    pub days: Vec<Day>,
    /// Of the organisations in them.
    pub organisations: HashMap<Uuid, String>,
    /// Of the employees in them; empty unless they were released.
    pub names: HashMap<PersonId, String>,
}

/// Who saw it in the days that `wanted` names.
///
/// # Errors
/// `CASE_NOT_FOUND`. A person of whom nothing is known was seen by nobody.
pub async fn who_saw(tx: &Tx, whose: Whose, wanted: &Wanted, release_names: bool) -> Result<Sights> {
    let subject = match whose {
        Whose::Person(person) => person,
        Whose::Case(case) => child(tx, case).await?,
        Whose::Reference(reference) => child(tx, circle::by_reference(tx, &reference).await?).await?,
    };
    let from = wanted.from.unwrap_or_else(|| today(tx.now()) - Months::new(MONTHS));
    let wanted = Wanted { subject: Some(subject), from: Some(from), ..wanted.clone() };
    let seen = store::seen(tx, &wanted).await?.into_iter().map(seen).collect::<Result<Vec<_>>>()?;
    let days = merge(seen);
    let organisations: Vec<_> =
        days.iter().filter_map(|day| day.seen.organisation).map(OrganisationId).collect();
    let organisations = organisation::names(tx, &organisations).await?;
    let mut lines = vec![line(Deed::R, "audit", subject)];
    let mut names = HashMap::new();
    if release_names {
        lines.push(line(Deed::X, "audit_names", subject));
        let actors: Vec<_> = days.iter().flat_map(|day| &day.actors).copied().map(PersonId).collect();
        let known = professional::of(tx, &actors).await?.into_iter();
        names = known.map(|(person, row)| (person, row.display_name.clone())).collect();
    }
    tx.audit_all(&lines).await?;
    Ok(Sights { days, organisations, names })
}

async fn child(tx: &Tx, case: CaseId) -> Result<PersonId> {
    Ok(circle::find(tx, case).await?.ok_or(Error::NotFound("CASE"))?.child)
}

fn line(deed: Deed, object: &'static str, subject: PersonId) -> Line {
    Line { deed, object, id: None, subject: Some(subject.0), classes: LOG }
}

fn seen(row: store::Sight) -> Result<Seen> {
    let (at, organisation, role, kind, deed, purpose, emergency, classes, actor) = row;
    Ok(Seen {
        day: today(from_column(at)?),
        organisation,
        function: if role.is_empty() { kind } else { role },
        deed,
        purpose,
        emergency: emergency.is_some(),
        classes: classes_of(&classes),
        actor,
    })
}

/// The classes in `K1 K2`.
fn classes_of(text: &str) -> Classes {
    let named: Vec<Class> =
        Class::iter().filter(|class| text.split(' ').any(|word| word == class.to_string())).collect();
    Classes::of(&named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_read_as_they_are_kept() {
        let all: Vec<Class> = Class::iter().collect();
        for classes in [Classes::default(), Classes::of(&[Class::K1, Class::K10]), Classes::of(&all)] {
            assert_eq!(classes_of(&classes.to_string()), classes);
        }
    }
}
