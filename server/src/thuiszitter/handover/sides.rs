//! Who serves a child on either side of a move, and the meeting at which they hand over.

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    consultation::{Kind, Place},
    ids::{CaseId, PersonId, SchoolId, TeamId},
};
use schakel_proto::v1::{self as pb, move_case_response::Served};

use crate::{
    access::rpc::role_to_wire,
    directory::route,
    error::Result,
    store::Read,
    wire::{enums::number, fields::text, time::duration},
};

const ASKED: [Role; 4] = [Role::Iber, Role::Zorgcoordinator, Role::Smw, Role::Leerplichtambtenaar];

/// Who serves a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Side {
    pub school: Option<SchoolId>,
    pub gemeente: String,
    pub team: Option<TeamId>,
    pub smw: Option<PersonId>,
    pub officer: Option<PersonId>,
    /// The school's care coordinator, with the role.
    pub contact: Option<(PersonId, Role)>,
}

/// Who serves a child of `school` that lives in `gemeente`, on `day`.
///
/// # Errors
/// `SCHOOL_NOT_FOUND`.
pub(super) async fn of(
    read: &Read,
    school: Option<SchoolId>,
    gemeente: &str,
    day: NaiveDate,
) -> Result<Side> {
    let gemeente = gemeente.to_owned();
    let Some(at) = school else {
        let officers = route::officers(read, &gemeente, &[Role::Leerplichtambtenaar], day).await?;
        let officer = officers.first().map(|(person, _)| *person);
        return Ok(Side { school, gemeente, team: None, smw: None, officer, contact: None });
    };
    let around = route::around(read, at, Some(&gemeente), &ASKED).await?;
    let found = around.route(&ASKED, day);
    let first = |role: Role| {
        let named = found.roles.iter().find(|named| named.role == role)?;
        named.first().ok().map(|(person, _)| person)
    };
    let own = |role: Role| around.own(role, day).next().map(|person| (person, role));
    Ok(Side {
        school,
        team: found.team.ok(),
        smw: first(Role::Smw),
        officer: first(Role::Leerplichtambtenaar),
        contact: own(Role::Iber).or_else(|| own(Role::Zorgcoordinator)),
        gemeente,
    })
}

impl Side {
    pub(super) fn to_wire(&self) -> Served {
        Served {
            school: text(self.school),
            gemeente_code: self.gemeente.clone(),
            team: text(self.team),
            smw: text(self.smw),
            leerplichtambtenaar: text(self.officer),
            school_contact: text(self.contact.map(|(person, _)| person)),
        }
    }
}

/// The warme overdracht between two sides: both schools, the new team, both officers when the
/// gemeente is another, and the parents with gezag.
pub(super) fn proposal(
    case: CaseId,
    (before, after): (&Side, &Side),
    parents: impl Iterator<Item = PersonId>,
) -> pb::Consultation {
    let mut seats: Vec<(PersonId, Role)> = Vec::new();
    let mut add = |person: Option<PersonId>, role| {
        let new = person.filter(|person| !seats.iter().any(|(known, _)| known == person));
        seats.extend(new.map(|person| (person, role)));
    };
    for side in [before, after] {
        if let Some((person, role)) = side.contact {
            add(Some(person), role);
        }
    }
    add(after.smw, Role::Smw);
    if before.gemeente != after.gemeente {
        add(before.officer, Role::Leerplichtambtenaar);
        add(after.officer, Role::Leerplichtambtenaar);
    }
    parents.for_each(|parent| add(Some(parent), Role::Ouder));
    let kind = Kind::WarmeOverdracht;
    let minutes = chrono::TimeDelta::minutes(kind.rules().default_minutes.into());
    pb::Consultation {
        kind: number("KIND", &kind.to_string(), pb::consultation::Kind::from_str_name),
        case: case.to_string(),
        duration: Some(duration(minutes)),
        place: number("PLACE", &Place::School.to_string(), pb::consultation::Place::from_str_name),
        school: text(after.school.or(before.school)),
        participants: seats
            .into_iter()
            .map(|(person, role)| pb::Participant {
                person: person.to_string(),
                role: role_to_wire(role),
                ..pb::Participant::default()
            })
            .collect(),
        ..pb::Consultation::default()
    }
}
