//! One participant leaves, another comes, or both; nobody else is told.

use chrono::TimeDelta;
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

/// Who for whom; one of both may be nobody.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// Which meeting.
    pub known: Known,
    /// Who leaves.
    pub leaves: Option<PersonId>,
    /// Who comes.
    pub comes: Option<Guest>,
}

/// Replaces a participant, adds one, or takes one off.
pub async fn replace(tx: &Tx, wish: &Wish) -> Result<Meeting> {
    let loaded = reach::load(tx, wish.known.id).await?.is(wish.known.etag)?;
    parts::all_seen(tx, &loaded.parts).await?;
    swap(tx, loaded, (wish.leaves, wish.comes)).await
}

/// The same at a meeting that the caller may change.
pub(super) async fn swap(
    tx: &Tx,
    loaded: Loaded,
    (leaves, comes): (Option<PersonId>, Option<Guest>),
) -> Result<Meeting> {
    let (mut meeting, circle) = (loaded.meeting, loaded.circle);
    meeting.live_on(meeting.life().after(Event::ChangeParticipants, tx.now())?);
    let before = meeting.clone();
    let newcomer: Option<Seat> = comes.map(Guest::seat);
    reseat(&mut meeting.table, leaves, newcomer.clone())?;
    let rules = kind::rules(tx, meeting.kind, meeting.day()).await?;
    let has_parts = !loaded.parts.is_empty();
    let around = Around { circle: circle.as_ref(), has_parts, rules: &rules, keeps_notice: false };
    let as_it_would_be = table::wish(&meeting, around);
    let mut found = match meeting.within {
        Some(_) => check_part(&as_it_would_be, meeting.time),
        None => check(&as_it_would_be, tx.now()),
    };
    found.extend(table::strangers(tx, comes.as_slice(), circle.as_ref()).await?);
    if meeting.sealed_provider_reason.is_none() {
        found.extend(provider::unexplained(comes.as_slice(), None));
    }
    if leaves.is_none() {
        // One more has to fit in.
        found.extend(seats::rooms(tx, &meeting).await?);
    }
    if !found.is_empty() {
        let named = found.into_iter().map(|violation| match comes {
            Some(_) => of_newcomer(violation),
            None => of_who_leaves(violation),
        });
        return Err(Error::Invalid(named.collect()));
    }
    seats::change(tx, Some(&before), Some(&meeting)).await?;
    let parts: Vec<ConsultationId> = loaded.parts.iter().map(|part| part.id).collect();
    if let Some(newcomer) = &newcomer {
        let alone = Meeting { table: vec![newcomer.clone()], ..meeting.clone() };
        seats::wanted(tx, &rules, &[&alone], &parts).await?;
    }
    meeting.set_apart();
    store::update(tx, &mut meeting).await?;
    freed::tell(tx, meeting.id.0, meeting.version).await?;
    parts::allowed(tx, &loaded.parts).await?;
    let parts = parts::replaced(tx, loaded.parts, leaves, newcomer.as_ref()).await?;
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
    // Whoever comes and goes within the minute is not told of it.
    let delay = TimeDelta::seconds(tx.app().settings.mail.update_delay_seconds.into());
    tell::invite(tx, &[&meeting], tx.now() + delay).await?;
    let all: Vec<&Meeting> = parts.iter().chain([&meeting]).collect();
    tell::cases(tx, &all, what(leaves, comes)).await?;
    Ok(meeting)
}

/// Puts who comes in the place of who leaves, or at the end.
fn reseat(table: &mut Vec<Seat>, leaves: Option<PersonId>, comes: Option<Seat>) -> Result<()> {
    let Some(leaves) = leaves else {
        table.extend(comes);
        return Ok(());
    };
    let at = table.iter().position(|seat| seat.person == leaves).ok_or(Refusal::ParticipantUnknown)?;
    if table[at].fixed {
        return Err(Refusal::PartOfMeeting.into());
    }
    table.splice(at..=at, comes);
    Ok(())
}

/// What the timeline of a case is told.
fn what(leaves: Option<PersonId>, comes: Option<Guest>) -> &'static str {
    match (leaves, comes) {
        (Some(_), None) => "PARTICIPANT_REMOVED",
        (None, Some(_) | None) => "PARTICIPANT_ADDED",
        (Some(_), Some(_)) => "PARTICIPANT_REPLACED",
    }
}

/// Without whom the table is not what it has to be.
fn of_who_leaves(violation: Violation) -> Violation {
    let at_table = violation.field.starts_with("participants");
    if at_table { Violation { field: "leaves".into(), ..violation } } else { violation }
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
