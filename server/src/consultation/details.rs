//! What stands behind a code on the page of an invitation: where exactly, and which professionals
//! come. No parent and no child is named.

use schakel_domain::{
    access::{Class, Classes, Role},
    ids::PersonId,
};

use super::meeting::Meeting;
use crate::{
    access::sharing::guests,
    directory::names,
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// Where, and who.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// The school's name.
    pub school: Option<String>,
    /// The names of the rooms.
    pub rooms: Vec<String>,
    /// Those who come as professionals, in their order, and as what.
    pub professionals: Vec<(String, Role)>,
    /// Whether parents come.
    pub parents: bool,
}

/// Opens it to `person`, who holds the link and the mailbox.
pub async fn open(tx: &Tx, meeting: &Meeting, person: PersonId) -> Result<Details> {
    let schools = meeting.school.into_iter().collect();
    let mut schools = names::schools(tx, &schools).await?;
    let rooms = names::rooms(tx, &meeting.rooms.iter().copied().collect()).await?;
    let known = guests::known(tx, &meeting.professionals()).await?;
    let professionals = meeting.table.iter().filter(|seat| !seat.role.is_private());
    let private = meeting.seat(person).is_some_and(|seat| seat.role.is_private());
    tx.audit(Line {
        deed: Deed::R,
        object: "consultation",
        id: Some(meeting.id.0),
        subject: meeting.case.map(|_| meeting.subject).or(private.then_some(person.0)),
        classes: Classes::of(&[Class::K1, Class::K2]),
    })
    .await?;
    Ok(Details {
        school: meeting.school.and_then(|school| schools.remove(&school)),
        rooms: meeting.rooms.iter().filter_map(|room| rooms.get(room).cloned()).collect(),
        professionals: professionals
            .filter_map(|seat| Some((known.get(&seat.person)?.display_name.clone(), seat.role)))
            .collect(),
        parents: meeting.table.iter().any(|seat| seat.role == Role::Ouder),
    })
}
