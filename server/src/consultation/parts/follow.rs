//! What becomes of the parts when their meeting changes, and of the meeting when its parts end.

use chrono::TimeDelta;
use schakel_domain::{
    access::CaseUse,
    consultation::{Event, Place, State, lies_within},
    ids::{ConsultationId, PersonId},
    refusal::{Refusal, Violation},
    time::Period,
};

use crate::{
    access::circle,
    consultation::{
        meeting::{Meeting, Seat},
        reach, shared, store, tell,
    },
    error::Result,
    store::{Tx, audit::Deed},
};

/// The parts that are still to be held.
fn coming(parts: Vec<Meeting>) -> impl Iterator<Item = Meeting> {
    parts.into_iter().filter(|part| part.state == State::Planned)
}

/// Refuses what is not done now with the case of one of the parts that are still to be held.
///
/// # Errors
/// `CASE_CLOSED`, `CASE_RESTRICTED`.
pub(in crate::consultation) async fn allowed(tx: &Tx, parts: &[Meeting]) -> Result<()> {
    let coming: Vec<Meeting> = parts.iter().filter(|part| part.state == State::Planned).cloned().collect();
    for around in reach::around(tx, &coming).await? {
        tx.grant().allows(around.state())?;
    }
    Ok(())
}

/// The same where it only ends what a case left behind, which is also done after it is closed.
///
/// # Errors
/// `CASE_RESTRICTED`.
pub(in crate::consultation) async fn may_end(tx: &Tx, parts: &[Meeting]) -> Result<()> {
    let coming: Vec<Meeting> = parts.iter().filter(|part| part.state == State::Planned).cloned().collect();
    for around in reach::around(tx, &coming).await? {
        around.state().allows(CaseUse::WindUp)?;
    }
    Ok(())
}

/// The parts of a meeting that moves by `by` to `place` and then lasts `whole`, and what keeps
/// them from it.
///
/// # Errors
/// `CONSULTATION_PAST`.
pub(in crate::consultation) fn moved(
    tx: &Tx,
    parts: Vec<Meeting>,
    (by, place): (TimeDelta, Place),
    whole: Period,
) -> Result<(Vec<Meeting>, Vec<Violation>)> {
    let (mut all, mut found) = (Vec::new(), Vec::new());
    for mut part in coming(parts) {
        let time = Period::new(part.time.start() + by, part.time.end() + by)?;
        let elsewhere = place != part.place && by == TimeDelta::zero();
        let event = if elsewhere { Event::ChangePlace } else { Event::Move(time) };
        part.live_on(part.life().after(event, tx.now())?);
        part.place = place;
        if !lies_within(time, whole) && found.is_empty() {
            found.push(Violation::new("duration", Refusal::TimeOutOfBounds));
        }
        all.push(part);
    }
    Ok((all, found))
}

/// The parts of a meeting that is called off, called off.
///
/// # Errors
/// `CONSULTATION_PAST`.
pub(in crate::consultation) async fn cancelled(tx: &Tx, parts: Vec<Meeting>) -> Result<Vec<Meeting>> {
    let mut all = Vec::new();
    for mut part in coming(parts) {
        part.live_on(part.life().after(Event::Cancel, tx.now())?);
        store::update(tx, &mut part).await?;
        if let Some(case) = part.case {
            circle::invite(tx, case, part.id, &[]).await?;
        }
        all.push(part);
    }
    Ok(all)
}

/// At every part, `comes` sits there in the place of the fixed member `leaves`, or beside the others.
pub(in crate::consultation) async fn replaced(
    tx: &Tx,
    parts: Vec<Meeting>,
    leaves: Option<PersonId>,
    comes: Option<&Seat>,
) -> Result<Vec<Meeting>> {
    let comes = comes.map(|comes| Seat { fixed: true, ..comes.clone() });
    let mut all = Vec::new();
    for mut part in coming(parts) {
        match leaves {
            None => part.table.extend(comes.clone()),
            Some(leaves) => {
                if let Some(at) = part.table.iter().position(|seat| seat.person == leaves && seat.fixed) {
                    part.table.splice(at..=at, comes.clone());
                }
            }
        }
        store::update(tx, &mut part).await?;
        if let Some(case) = part.case {
            circle::invite(tx, case, part.id, &part.professionals()).await?;
        }
        all.push(part);
    }
    Ok(all)
}

/// Closes the meeting `whole` once each of its parts is closed and one was held: PLANNED → HELD. Two who
/// close the last two parts at one moment wait for each other here.
pub(in crate::consultation) async fn close(tx: &Tx, whole: ConsultationId) -> Result<()> {
    let mut meeting = store::get_to_change(tx, whole).await?;
    let parts = store::parts_of(tx, &[whole]).await?;
    let open = parts.iter().any(|part| part.state == State::Planned);
    let held: Vec<&Meeting> = parts.iter().filter(|part| part.state == State::Held).collect();
    if open || held.is_empty() || meeting.state != State::Planned {
        return Ok(());
    }
    meeting.live_on(meeting.life().after(Event::Record, tx.now())?);
    for seat in &mut meeting.table {
        let came = |part: &&Meeting| part.seat(seat.person).is_some_and(|there| there.attended == Some(true));
        seat.attended = Some(held.iter().any(came));
    }
    store::update(tx, &mut meeting).await?;
    tell::audit(tx, &[&meeting], Deed::U).await?;
    shared::tell(tx, &[&meeting]).await
}
