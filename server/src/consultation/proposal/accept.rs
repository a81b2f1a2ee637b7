//! OPEN → ACCEPTED: the meeting becomes as was proposed, in the same transaction or not at all.

use schakel_domain::{
    access::Class,
    consultation::{
        Answer, ShortNotice,
        proposal::{Event, Kind},
    },
    ids::ProposalId,
    refusal::Refusal,
    time::Period,
};

use super::{Proposal, Substitute, place, store};
use crate::{
    access::professional,
    consultation::{
        meeting::Meeting,
        moving,
        reach::{self, Known, Loaded},
        replace, store as meetings,
        table::Guest,
    },
    error::{Error, Result},
    store::Tx,
};

/// What is accepted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    /// Which.
    pub id: ProposalId,
    /// The version that was read.
    pub etag: i32,
    /// Who comes instead; absent means whoever has the address that was given.
    pub comes: Option<Guest>,
    /// Why it may come nearer than the notice of its kind.
    pub short_notice: Option<ShortNotice>,
}

/// The proposal, as the caller read it, and its meeting, which this transaction alone may change.
///
/// # Errors
/// `PROPOSAL_NOT_FOUND`, also where the meeting is not the caller's; not allowed, `CASE_CLOSED`,
/// `CASE_RESTRICTED`, `ETAG_MISMATCH`.
pub(super) async fn load(tx: &Tx, (id, etag): (ProposalId, i32)) -> Result<(Proposal, Loaded)> {
    let meeting = store::get(tx, id).await?.meeting;
    let loaded = match reach::load(tx, meeting).await {
        Err(Error::NotFound(_)) => return Err(store::MISSING),
        loaded => loaded?,
    };
    // Whoever held the meeting before may have decided it, or have proposed something else.
    let proposal = store::get(tx, id).await?;
    if proposal.version == etag { Ok((proposal, loaded)) } else { Err(Error::Stale) }
}

/// Accepts it.
pub(super) async fn accept(tx: &Tx, wish: Wish) -> Result<Meeting> {
    let (mut proposal, loaded) = load(tx, (wish.id, wish.etag)).await?;
    proposal.state = proposal.now(&loaded.meeting, tx.now()).after(Event::Accept)?;
    let meeting = match (proposal.kind, proposal.time) {
        (Kind::OtherTime, Some(time)) => moved(tx, (&proposal, time), &loaded.meeting, wish).await?,
        (Kind::OtherTime, None) => {
            return Err(Error::Corrupt { table: "counter_proposal", column: "starts_at" });
        }
        (Kind::SomebodyElse, _) => {
            let known = known(&loaded.meeting);
            let comes = match wish.comes {
                Some(comes) => comes,
                None => named(tx, &proposal, loaded).await?,
            };
            let wish = replace::Wish { known, leaves: Some(proposal.person), comes: Some(comes) };
            replace::replace(tx, &wish).await?
        }
    };
    proposal.decide(tx);
    store::update(tx, &mut proposal).await?;
    Ok(meeting)
}

fn known(meeting: &Meeting) -> Known {
    Known { id: meeting.id, etag: meeting.version }
}

async fn moved(
    tx: &Tx,
    (proposal, time): (&Proposal, Period),
    meeting: &Meeting,
    wish: Wish,
) -> Result<Meeting> {
    let wish = moving::Wish {
        known: known(meeting),
        start: time.start(),
        length: Some(time.duration()),
        place: None,
        short_notice: wish.short_notice,
        rooms: Vec::new(),
        alone_because: None,
    };
    let mut moved = moving::move_to(tx, &wish).await?;
    for seat in moved.table.iter_mut().filter(|seat| seat.person == proposal.person) {
        (seat.answer, seat.answered, seat.reason) = (Answer::Accepted, Some(tx.now()), None);
    }
    meetings::update(tx, &mut moved).await?;
    Ok(moved)
}

/// Whoever has the address that was given, in the role of who leaves.
async fn named(tx: &Tx, proposal: &Proposal, loaded: Loaded) -> Result<Guest> {
    let unnamed = || Error::field("comes", Refusal::FieldRequired);
    let seat = loaded.meeting.seat(proposal.person).ok_or(Refusal::ParticipantUnknown)?;
    let (role, optional) = (seat.role, seat.optional);
    // Whom it names may be known to who may see who comes.
    let found = reach::reached(tx, vec![loaded.meeting]).await?.pop();
    found.filter(|(_, classes)| classes.has(Class::K2)).ok_or_else(unnamed)?;
    let keys = tx.subject_keys(&[proposal.subject]).await?;
    let sealed = proposal.sealed_substitute.as_deref();
    let text = keys.open_if(proposal.subject, place(proposal.id), sealed)?.ok_or_else(unnamed)?;
    let substitute = Substitute::read(&text)?;
    let address = substitute.email.as_str().to_owned();
    let known = professional::by_emails(tx, std::slice::from_ref(&address)).await?;
    let person = known.get(&address.to_lowercase()).copied().ok_or_else(unnamed)?;
    Ok(Guest { person, role, optional })
}
