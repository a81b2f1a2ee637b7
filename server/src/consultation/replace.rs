//! One participant leaves, another comes; only those two are told.

use schakel_domain::{
    access::Class,
    consultation::{Event, check, check_part},
    ids::{ConsultationId, PersonId},
    refusal::{Refusal, Violation},
};

use uuid::Uuid;

use super::{
    kind,
    meeting::{Meeting, Seat},
    parts, provider,
    reach::{self, Known, Loaded},
    seats, shared, store,
    table::{self, Around, Guest},
    tell,
};
use crate::{
    access::{circle, sharing::guests},
    availability::freed,
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// Who for whom.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// Which meeting.
    pub known: Known,
    /// Who leaves.
    pub leaves: PersonId,
    /// Who comes.
    pub comes: Guest,
}

/// Replaces a participant.
pub async fn replace(tx: &Tx, wish: &Wish) -> Result<Meeting> {
    let loaded = reach::load(tx, wish.known.id).await?.is(wish.known.etag)?;
    parts::all_seen(tx, &loaded.parts).await?;
    swap(tx, loaded, (wish.leaves, wish.comes)).await
}

/// Replaces a participant of a meeting that the caller may change.
pub(super) async fn swap(tx: &Tx, loaded: Loaded, (leaves, comes): (PersonId, Guest)) -> Result<Meeting> {
    let (mut meeting, circle) = (loaded.meeting, loaded.circle);
    meeting.live_on(meeting.life().after(Event::ChangeParticipants, tx.now())?);
    let before = meeting.clone();
    let chair = meeting.table.iter_mut().find(|seat| seat.person == leaves);
    let chair = chair.ok_or(Refusal::ParticipantUnknown)?;
    if chair.fixed {
        return Err(Refusal::PartOfMeeting.into());
    }
    *chair = comes.seat();
    let rules = kind::rules(tx, meeting.kind, meeting.day()).await?;
    let has_parts = !loaded.parts.is_empty();
    let around = Around { circle: circle.as_ref(), has_parts, rules: &rules, keeps_notice: false };
    let as_it_would_be = table::wish(&meeting, around);
    let mut found = match meeting.within {
        Some(_) => check_part(&as_it_would_be, meeting.time),
        None => check(&as_it_would_be, tx.now()),
    };
    found.extend(table::strangers(tx, &[comes], circle.as_ref()).await?);
    if meeting.sealed_provider_reason.is_none() {
        found.extend(provider::unexplained(&[comes], None));
    }
    if !found.is_empty() {
        return Err(Error::Invalid(found.into_iter().map(of_newcomer).collect()));
    }
    seats::change(tx, Some(&before), Some(&meeting)).await?;
    let newcomer: Seat = comes.seat();
    let alone = Meeting { table: vec![newcomer.clone()], ..meeting.clone() };
    let parts: Vec<ConsultationId> = loaded.parts.iter().map(|part| part.id).collect();
    seats::wanted(tx, &rules, &[&alone], &parts).await?;
    meeting.set_apart();
    store::update(tx, &mut meeting).await?;
    freed::tell(tx, meeting.id.0, meeting.version).await?;
    parts::allowed(tx, &loaded.parts).await?;
    let parts = parts::replaced(tx, loaded.parts, leaves, &newcomer).await?;
    if let Some(case) = meeting.case {
        circle::invite(tx, case, meeting.id, &meeting.professionals()).await?;
    }
    guests::unshare(tx, meeting.id).await?;
    shared::share(tx, &meeting, circle.as_ref(), Deed::U).await?;
    let cases: Vec<Uuid> = parts.iter().filter_map(|part| part.case).map(|case| case.0).collect();
    let circles = circle::find_each(tx, &cases).await?;
    for part in &parts {
        guests::unshare(tx, part.id).await?;
        let circle = circles.iter().find(|circle| part.case == Some(circle.case));
        shared::share(tx, part, circle, Deed::U).await?;
    }
    // Whoever left is a subject of the change as much as whoever came.
    let mut lines = tell::lines(&before, Deed::U, &[Class::K1]);
    for line in tell::lines(&meeting, Deed::U, &[Class::K1]) {
        if !lines.iter().any(|known| known.subject == line.subject) {
            lines.push(line);
        }
    }
    lines.extend(parts.iter().flat_map(|part| tell::lines(part, Deed::U, &[Class::K1])));
    tx.audit_all(&lines).await?;
    tell::invite(tx, &[&meeting], tx.now()).await?;
    let all: Vec<&Meeting> = parts.iter().chain([&meeting]).collect();
    tell::cases(tx, &all, "PARTICIPANT_REPLACED").await?;
    Ok(meeting)
}

/// The only part of the table that the request names is the newcomer.
fn of_newcomer(violation: Violation) -> Violation {
    let field = match violation.field.strip_prefix("participants[") {
        Some(rest) => match rest.split_once("].") {
            Some((_, field)) => format!("comes.{field}"),
            None => "comes.person".to_owned(),
        },
        None if violation.field == "participants" => "comes.role".to_owned(),
        None => return violation,
    };
    Violation { field, ..violation }
}
