//! PLANNED → PLANNED with other parts, or the same in another order; only whose time changed, who
//! comes and who no longer needs to are told.

use schakel_domain::{
    access::Denied,
    consultation::{Event, KindRules, State, lies_within},
    ids::ConsultationId,
    refusal::{Refusal, Violation},
};

use super::{
    Which,
    draft::{self, Turn, crowded, laid},
    follow,
};
use crate::{
    access::circle::Circle,
    availability::freed,
    consultation::{
        book, kind,
        meeting::Meeting,
        reach::{self, Known},
        seats, shared, store, tell,
    },
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// The parts as somebody wants them.
#[derive(Debug, Clone)]
pub(in crate::consultation) struct Wish {
    /// Which meeting.
    pub known: Known,
    /// All its parts, in the order of their turns.
    pub turns: Vec<Turn>,
}

/// Gives a meeting these parts.
pub(in crate::consultation) async fn update(tx: &Tx, wish: &Wish) -> Result<Meeting> {
    let loaded = reach::load(tx, wish.known.id).await?.is(wish.known.etag)?;
    let mut whole = loaded.meeting;
    whole.live_on(whole.life().after(Event::ChangeParticipants, tx.now())?);
    if whole.within.is_some() {
        return Err(Refusal::PartOfMeeting.into());
    }
    follow::allowed(tx, &loaded.parts).await?;
    let rules = kind::rules(tx, whole.kind, whole.day()).await?;
    let there: Vec<Meeting> = loaded.parts.into_iter().filter(|part| part.state == State::Planned).collect();
    all_seen(tx, &there).await?;
    let now = |id: ConsultationId| there.iter().find(|part| part.id == id).map(|part| part.time);
    let times = laid(&wish.turns, whole.time.start(), now)?;
    let mut found = crowded(&rules, &times);
    if !whole.may_have_parts() || whole.table.iter().any(|seat| seat.role.is_private()) {
        found.push(Violation::new("parts", Refusal::FieldInvalid));
    }
    let drafts = draft::drafts(tx, (&whole, &rules), &wish.turns, &times).await?;
    found.extend(drafts.faults);
    let (mut before, mut moved, mut stayed) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (turn, time)) in wish.turns.iter().zip(times).enumerate() {
        let Which::There(id) = turn.which else { continue };
        let Some(part) = there.iter().find(|part| part.id == id) else { continue };
        if stayed.contains(&id) {
            found.push(Violation::new(format!("parts[{at}].consultation"), Refusal::FieldInvalid));
        }
        stayed.push(id);
        if !lies_within(time, whole.time) {
            found.push(Violation::new(format!("parts[{at}].start_time"), Refusal::TimeOutOfBounds));
        }
        if part.time != time {
            before.push(part.clone());
            let mut part = part.clone();
            part.live_on(part.life().after(Event::Move(time), tx.now())?);
            moved.push(part);
        }
    }
    let again = |part: &&Meeting| there.iter().any(|old| stayed.contains(&old.id) && old.case == part.case);
    if drafts.parts.iter().any(|part| again(&part)) {
        found.push(Violation::new("parts", Refusal::FieldInvalid));
    }
    if !found.is_empty() {
        return Err(Error::Invalid(found));
    }
    let gone = there.into_iter().filter(|part| !stayed.contains(&part.id)).collect();
    let changes = Changes { rules, stayed, before, moved, gone, new: drafts.parts, circles: drafts.circles };
    settle(tx, &mut whole, changes).await?;
    Ok(whole)
}

/// Parts that change.
struct Changes {
    rules: KindRules,
    /// Those that are there still.
    stayed: Vec<ConsultationId>,
    /// As those that move are now.
    before: Vec<Meeting>,
    moved: Vec<Meeting>,
    gone: Vec<Meeting>,
    new: Vec<Meeting>,
    /// Of the cases of new ones.
    circles: Vec<Circle>,
}

async fn settle(tx: &Tx, whole: &mut Meeting, changes: Changes) -> Result<()> {
    let Changes { rules, mut stayed, before, mut moved, gone, mut new, circles } = changes;
    let gone = follow::cancelled(tx, gone).await?;
    book::name(tx, &mut new).await?;
    let taken: Vec<&Meeting> = moved.iter().chain(&new).collect();
    let freed: Vec<&Meeting> = gone.iter().collect();
    let released: Vec<&Meeting> = before.iter().chain(&gone).collect();
    seats::change_all(tx, &released, &taken).await?;
    stayed.push(whole.id);
    seats::wanted(tx, &rules, &taken, &stayed).await?;
    for part in &mut moved {
        store::update(tx, part).await?;
    }
    book::keep(tx, &new.iter().collect::<Vec<_>>(), &circles).await?;
    whole.set_apart();
    store::update(tx, whole).await?;
    freed::tell(tx, whole.id.0, whole.version).await?;
    let moved: Vec<&Meeting> = moved.iter().collect();
    let told: Vec<&Meeting> = moved.iter().chain(&freed).copied().collect();
    let all: Vec<&Meeting> = told.iter().copied().chain([&*whole]).collect();
    tell::audit(tx, &all, Deed::U).await?;
    shared::tell(tx, &all).await?;
    tell::invite(tx, &told, tx.now()).await?;
    tell::cases(tx, &moved, "CONSULTATION_MOVED").await?;
    tell::cases(tx, &freed, "CONSULTATION_CANCELLED").await
}

/// Whoever cannot see every part that is still to be held cannot say what all of them are to be,
/// nor who hears of them.
pub(in crate::consultation) async fn all_seen(tx: &Tx, parts: &[Meeting]) -> Result<()> {
    let around = reach::around(tx, parts).await?;
    for part in parts.iter().filter(|part| part.state == State::Planned) {
        let own = around.iter().find(|own| part.case.is_some_and(|case| case.0 == own.case));
        reach::classes(tx, part, own).map_err(|_| Denied::ActionNotAllowed)?;
    }
    Ok(())
}
