//! Nothing → PLANNED: everybody at the table is taken, or nobody is.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::Denied,
    consultation::{AloneBecause, Kind, ParentException, Place, ShortNotice, State, check},
    ids::{CaseId, ConsultationId, HoldId, HulpvraagId, OrganisationId, PersonId, RoomId, SchoolId},
    reference::Reference,
    text::FreeText,
    time::Period,
};
use uuid::Uuid;

use super::{
    conflict, kind,
    meeting::{Meeting, Seat},
    parts::{self, Turn},
    provider, seats, shared, store,
    table::{self, Around, Guest},
    tell,
};
use crate::{
    access::{
        Reached,
        circle::{self, Circle},
        organisation::{self, OrganisationKind},
    },
    availability::hold,
    error::{Error, Result},
    hulpvraag::plan,
    store::{Read, Tx, audit::Deed},
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
    /// The rooms that it takes.
    pub rooms: Vec<RoomId>,
    /// Why one professional goes alone.
    pub alone_because: Option<AloneBecause>,
    /// The caller's own hold on the time.
    pub hold: Option<HoldId>,
    /// Why it is at shorter notice than its kind asks.
    pub short_notice: Option<ShortNotice>,
    /// The children that it is about, each in a part.
    pub parts: Vec<Turn>,
    /// Why a provider of youth help comes.
    pub provider_reason: Option<FreeText>,
    /// Also where somebody's calendar elsewhere is busy.
    pub over_outside_busy: bool,
}

impl Wish {
    /// Whether somebody sits at its table.
    pub(super) fn seats(&self, who: Option<Uuid>) -> bool {
        self.guests.iter().any(|guest| Some(guest.person.0) == who)
    }
}

/// Books a meeting.
pub async fn book(tx: &Tx, wish: &Wish) -> Result<Meeting> {
    let circle = permitted(tx, (wish.case, wish.school), wish.seats(tx.grant().actor())).await?;
    seat(tx, wish, circle).await
}

/// Books a meeting that the caller may book.
pub(super) async fn seat(tx: &Tx, wish: &Wish, circle: Option<Circle>) -> Result<Meeting> {
    let meeting = planned(tx, wish, circle.as_ref())?;
    let rules = kind::rules(tx, meeting.kind, meeting.day()).await?;
    let has_parts = !wish.parts.is_empty();
    let around = Around { circle: circle.as_ref(), has_parts, rules: &rules, keeps_notice: true };
    let mut found = check(&table::wish(&meeting, around), tx.now());
    found.extend(table::strangers(tx, &wish.guests, circle.as_ref()).await?);
    let times = parts::laid(&wish.parts, wish.start, |_| None)?;
    let drafts = parts::drafts(tx, (&meeting, &rules), &wish.parts, &times).await?;
    found.extend(drafts.faults);
    found.extend(parts::crowded(&rules, &times));
    found.extend(seats::rooms(tx, &meeting).await?);
    found.extend(provider::unexplained(&wish.guests, wish.provider_reason.as_ref()));
    if !found.is_empty() {
        return Err(Error::Invalid(table::under("consultation.", found)));
    }
    let sealed_provider_reason = provider::sealed(tx, &meeting, wish.provider_reason.as_ref()).await?;
    let meeting = Meeting { sealed_provider_reason, ..meeting };
    let mut meetings: Vec<Meeting> = std::iter::once(meeting).chain(drafts.parts).collect();
    name(tx, &mut meetings).await?;
    let booked: Vec<&Meeting> = meetings.iter().collect();
    if !wish.over_outside_busy {
        for meeting in &booked {
            conflict::free_elsewhere(tx, &meeting.called(), meeting.time).await?;
        }
    }
    let held = match wish.hold {
        Some(hold) => hold::redeem(tx, hold).await?,
        None => None,
    };
    seats::take_all(tx, held, &booked).await?;
    seats::wanted(tx, &rules, &booked, &[]).await?;
    let circles: Vec<Circle> = circle.into_iter().chain(drafts.circles).collect();
    keep(tx, &booked, &circles).await?;
    let meeting = meetings.swap_remove(0);
    if let Some(hulpvraag) = meeting.hulpvraag {
        plan::plan(tx, hulpvraag, meeting.case, meeting.id).await?;
    }
    Ok(meeting)
}

/// Keeps new meetings that took everybody, and has everybody told.
pub(super) async fn keep(tx: &Tx, meetings: &[&Meeting], circles: &[Circle]) -> Result<()> {
    store::insert(tx, meetings).await?;
    for meeting in meetings {
        if let Some(case) = meeting.case {
            circle::invite(tx, case, meeting.id, &meeting.professionals()).await?;
        }
        let circle = circles.iter().find(|circle| meeting.case == Some(circle.case));
        shared::share(tx, meeting, circle, Deed::C).await?;
    }
    tell::audit(tx, meetings, Deed::C).await?;
    tell::invite(tx, meetings, tx.now()).await?;
    tell::cases(tx, meetings, "CONSULTATION_BOOKED").await
}

/// The circle of the case, once the caller may book for it; without a case, the caller's own
/// school gives leave, or that the caller is `seated` at the table.
pub(super) async fn permitted(
    read: &Read,
    (case, school): (Option<CaseId>, Option<SchoolId>),
    seated: bool,
) -> Result<Option<Circle>> {
    let circle = match case {
        Some(case) => Some(circle::reach(read, case).await?.0),
        None => None,
    };
    if circle.is_none() {
        may(read, seated, school)?;
    }
    if let Some(school) = school {
        let found = organisation::get(read, OrganisationId::from(school)).await;
        match found {
            Ok(found) if found.kind == OrganisationKind::School.to_string() => {}
            Ok(_) | Err(Error::NotFound(_)) => return Err(Error::NotFound("SCHOOL")),
            Err(error) => return Err(error),
        }
    }
    Ok(circle)
}

/// Whether the caller may book a meeting about no case, at which it is seated or not.
pub(super) fn may(read: &Read, seated: bool, at: Option<SchoolId>) -> Result<()> {
    let ours = |reached: &Reached| match reached {
        Reached::Region => true,
        Reached::School(school) => seated || at.is_some_and(|at| at.0 == *school),
        Reached::Residence(_) | Reached::Team(_) => seated,
        Reached::SchoolEscalated(_)
        | Reached::Escalated(_)
        | Reached::Invited(_)
        | Reached::Own(_)
        | Reached::Case(_)
        | Reached::Held => false,
    };
    read.grant().to("SCHOOL", ours).map_err(|_| Denied::ActionNotAllowed)?;
    Ok(())
}

/// The meeting without its reference, before anybody is taken for it.
pub(super) fn planned(read: &Read, wish: &Wish, circle: Option<&Circle>) -> Result<Meeting> {
    let id = ConsultationId(read.app().ids.next(read.now()));
    Ok(Meeting {
        id,
        reference: String::new(),
        uid: uid(read),
        kind: wish.kind,
        state: State::Planned,
        case: wish.case,
        subject: circle.map_or(id.0, |circle| circle.child.0),
        hulpvraag: wish.hulpvraag,
        time: Period::new(wish.start, wish.start + wish.length)?,
        place: wish.place,
        school: wish.school.or(circle.and_then(|circle| circle.school)),
        parent_exception: wish.parent_exception,
        rooms: wish.rooms.clone(),
        alone_because: wish.alone_because,
        short_notice: wish.short_notice,
        within: None,
        sequence: 0,
        sealed_outcome: None,
        booked_by: PersonId(read.grant().actor().unwrap_or_default()),
        created: read.now(),
        updated: read.now(),
        version: 1,
        member: None,
        sealed_provider_reason: None,
        table: wish.guests.iter().map(|guest| -> Seat { guest.seat() }).collect(),
    })
}

/// What calendars know a new meeting by.
pub(super) fn uid(read: &Read) -> String {
    let sender = read.app().settings.mail.sender.as_str();
    let domain = sender.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    format!("{}@{domain}", read.app().ids.next(read.now()))
}

/// Gives each of `meetings` a reference that no meeting of the region has.
pub(super) async fn name(tx: &Tx, meetings: &mut [Meeting]) -> Result<()> {
    loop {
        for meeting in &mut *meetings {
            let mut bits = [0; 4];
            tx.app().ids.fill(&mut bits);
            meeting.reference = Reference::from_random(u32::from_be_bytes(bits)).to_string();
        }
        let mut given: Vec<String> = meetings.iter().map(|meeting| meeting.reference.clone()).collect();
        if !store::are_taken(tx, &given).await? {
            given.sort_unstable();
            given.dedup();
            if given.len() == meetings.len() {
                return Ok(());
            }
        }
    }
}
