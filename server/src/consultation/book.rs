//! Nothing → PLANNED: everybody at the table is taken, or nobody is.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::Denied,
    consultation::{Kind, ParentException, Place, State, check},
    ids::{CaseId, ConsultationId, HulpvraagId, OrganisationId, PersonId, SchoolId},
    reference::Reference,
    text::FreeText,
    time::Period,
};

use super::{
    conflict,
    meeting::{Meeting, Seat},
    provider, seats, shared, store,
    table::{self, Guest},
    tell,
};
use crate::{
    access::{
        Reached,
        circle::{self, Circle},
        organisation::{self, OrganisationKind},
    },
    error::{Error, Result},
    hulpvraag::plan,
    store::{Tx, audit::Deed},
};

/// The meeting as somebody wants it.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What it is.
    pub kind: Kind,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// When it starts.
    pub start: DateTime<Utc>,
    /// How long it lasts.
    pub length: TimeDelta,
    /// Where.
    pub place: Place,
    /// The school at or for which it is; absent means the child's own.
    pub school: Option<SchoolId>,
    /// Who comes.
    pub guests: Vec<Guest>,
    /// Why no parent with gezag comes.
    pub parent_exception: Option<ParentException>,
    /// The request that it answers.
    pub hulpvraag: Option<HulpvraagId>,
    /// Why a provider of youth help comes.
    pub provider_reason: Option<FreeText>,
    /// Also where somebody's calendar elsewhere is busy.
    pub over_outside_busy: bool,
}

/// Books a meeting.
pub async fn book(tx: &Tx, wish: &Wish) -> Result<Meeting> {
    let circle = permitted(tx, wish).await?;
    let meeting = planned(tx, wish, circle.as_ref())?;
    let mut found = check(&table::wish(&meeting, circle.as_ref()), tx.now());
    found.extend(table::strangers(tx, &wish.guests, circle.as_ref()).await?);
    found.extend(provider::unexplained(&wish.guests, wish.provider_reason.as_ref()));
    if !found.is_empty() {
        return Err(Error::Invalid(table::under("consultation.", found)));
    }
    let sealed_provider_reason = provider::sealed(tx, &meeting, wish.provider_reason.as_ref()).await?;
    let meeting = Meeting { reference: reference(tx).await?, sealed_provider_reason, ..meeting };
    if !wish.over_outside_busy {
        conflict::free_elsewhere(tx, &meeting.persons(), meeting.time).await?;
    }
    seats::change(tx, None, Some(&meeting)).await?;
    store::insert(tx, &meeting).await?;
    if let Some(case) = meeting.case {
        circle::invite(tx, case, meeting.id, &meeting.professionals()).await?;
    }
    if let Some(hulpvraag) = meeting.hulpvraag {
        plan::plan(tx, hulpvraag, meeting.case, meeting.id).await?;
    }
    shared::share(tx, &meeting, circle.as_ref(), Deed::C).await?;
    tell::audit(tx, &meeting, Deed::C).await?;
    tell::invite(tx, &meeting, tx.now()).await?;
    tell::case(tx, &meeting, "CONSULTATION_BOOKED").await?;
    Ok(meeting)
}

/// The circle of the case, once the caller may book for it; without a case, the caller's own
/// school or a seat at the table gives leave.
pub(super) async fn permitted(tx: &Tx, wish: &Wish) -> Result<Option<Circle>> {
    let circle = match wish.case {
        Some(case) => Some(circle::reach(tx, case).await?.0),
        None => None,
    };
    if circle.is_none() {
        let actor = tx.grant().actor();
        let seated = wish.guests.iter().any(|guest| Some(guest.person.0) == actor);
        let ours = |reached: &Reached| match reached {
            Reached::Region => true,
            Reached::School(school) => seated || wish.school.is_some_and(|wished| wished.0 == *school),
            Reached::Residence(_) | Reached::Team(_) => seated,
            Reached::SchoolEscalated(_)
            | Reached::Escalated(_)
            | Reached::Invited(_)
            | Reached::Own(_)
            | Reached::Case(_)
            | Reached::Held => false,
        };
        tx.grant().to("SCHOOL", ours).map_err(|_| Denied::ActionNotAllowed)?;
    }
    if let Some(school) = wish.school {
        let found = organisation::get(tx, OrganisationId::from(school)).await;
        match found {
            Ok(found) if found.kind == OrganisationKind::School.to_string() => {}
            Ok(_) | Err(Error::NotFound(_)) => return Err(Error::NotFound("SCHOOL")),
            Err(error) => return Err(error),
        }
    }
    Ok(circle)
}

/// The meeting without its reference, before anybody is taken for it.
pub(super) fn planned(tx: &Tx, wish: &Wish, circle: Option<&Circle>) -> Result<Meeting> {
    let id = ConsultationId(tx.new_id());
    let sender = tx.app().settings.mail.sender.as_str();
    let domain = sender.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    Ok(Meeting {
        id,
        reference: String::new(),
        uid: format!("{}@{domain}", tx.new_id()),
        kind: wish.kind,
        state: State::Planned,
        case: wish.case,
        subject: circle.map_or(id.0, |circle| circle.child.0),
        hulpvraag: wish.hulpvraag,
        time: Period::new(wish.start, wish.start + wish.length)?,
        place: wish.place,
        school: wish.school.or(circle.and_then(|circle| circle.school)),
        parent_exception: wish.parent_exception,
        sequence: 0,
        sealed_outcome: None,
        booked_by: PersonId(tx.grant().actor().unwrap_or_default()),
        created: tx.now(),
        updated: tx.now(),
        version: 1,
        sealed_provider_reason: None,
        table: wish.guests.iter().map(|guest| -> Seat { guest.seat() }).collect(),
    })
}

/// A reference that no meeting of the region has.
async fn reference(tx: &Tx) -> Result<String> {
    loop {
        let mut bits = [0; 4];
        tx.app().ids.fill(&mut bits);
        let reference = Reference::from_random(u32::from_be_bytes(bits)).to_string();
        if !store::is_taken(tx, &reference).await? {
            return Ok(reference);
        }
    }
}
