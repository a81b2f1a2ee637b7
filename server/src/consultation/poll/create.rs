//! Nothing → OPEN: everybody is asked which of the times suit.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    consultation::{
        Kind, ParentException, Place, check,
        poll::{self, State},
    },
    ids::{CaseId, PersonId, SchoolId, TimePollId},
    reference::Reference,
    refusal::Violation,
    time::Period,
};

use super::{TimePoll, Voter, hold, store};
use crate::{
    consultation::{
        book, kind,
        meeting::Meeting,
        store as meetings,
        table::{self, Around, Guest},
        tell,
    },
    error::{Error, Result},
    store::{
        Tx,
        audit::Deed,
        outbox::{self, Work},
    },
};

/// The proposal as somebody wants it.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub kind: Kind,
    pub case: Option<CaseId>,
    pub school: Option<SchoolId>,
    pub length: TimeDelta,
    pub place: Place,
    pub parent_exception: Option<ParentException>,
    /// In any order.
    pub options: Vec<DateTime<Utc>>,
    pub guests: Vec<Guest>,
    pub deadline: DateTime<Utc>,
    /// Whether the professionals are kept free.
    pub hold: bool,
}

/// Makes a proposal.
pub(super) async fn create(tx: &Tx, wish: &Wish) -> Result<TimePoll> {
    let mut poll = drawn(tx, wish);
    let start = wish.options.first().copied().unwrap_or(wish.deadline);
    let first = poll.wish(start);
    let actor = tx.grant().actor();
    let seated = wish.guests.iter().any(|guest| Some(guest.person.0) == actor);
    let circle = book::permitted(tx, (wish.case, wish.school), seated).await?;
    let meeting = book::planned(tx, &first, circle.as_ref())?;
    let mut found = poll::check(&wish.options, wish.deadline, tx.now());
    let rules = kind::rules(tx, meeting.kind, meeting.day()).await?;
    let around = Around { circle: circle.as_ref(), has_parts: false, rules: &rules, keeps_notice: true };
    found.extend(unfit(&meeting, &wish.options, around, tx.now())?);
    found.extend(table::strangers(tx, &wish.guests, circle.as_ref()).await?);
    if !found.is_empty() {
        let named = found.into_iter().map(|one| Violation {
            field: format!("time_poll.{}", one.field.replacen("participants", "voters", 1)),
            ..one
        });
        return Err(Error::Invalid(named.collect()));
    }
    poll.school = meeting.school;
    poll.subject = circle.as_ref().map_or(poll.id.0, |circle| circle.child.0);
    poll.options.sort_unstable();
    poll.reference = reference(tx).await?;
    store::insert(tx, &poll).await?;
    hold::take(tx, &poll).await?;
    tell::audit(tx, &[&poll.sketch()?], Deed::C).await?;
    tx.enqueue_all(work(&poll)).await?;
    Ok(poll)
}

fn drawn(tx: &Tx, wish: &Wish) -> TimePoll {
    let voter = |guest: &Guest| Voter {
        person: guest.person,
        role: guest.role,
        optional: guest.optional,
        votes: None,
        answered: None,
        asked: None,
        reminded: None,
        released: None,
    };
    let id = TimePollId(tx.new_id());
    TimePoll {
        id,
        reference: String::new(),
        kind: wish.kind,
        state: State::Open,
        case: wish.case,
        subject: id.0,
        school: wish.school,
        length: wish.length,
        place: wish.place,
        parent_exception: wish.parent_exception,
        deadline: wish.deadline,
        consultation: None,
        made_by: PersonId(tx.grant().actor().unwrap_or_default()),
        noted: None,
        created: tx.now(),
        updated: tx.now(),
        version: 1,
        options: wish.options.clone(),
        holds: wish.options.iter().filter(|_| wish.hold).map(|_| tx.new_id()).collect(),
        voters: wish.guests.iter().map(voter).collect(),
    }
}

/// What booking would refuse of any of the times; what is not about the time, once.
fn unfit(
    meeting: &Meeting,
    options: &[DateTime<Utc>],
    around: Around<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Violation>> {
    let mut all = Vec::new();
    for (at, start) in options.iter().enumerate() {
        let time = Period::new(*start, *start + meeting.time.duration())?;
        let found = check(&table::wish(&Meeting { time, ..meeting.clone() }, around), now);
        all.extend(found.into_iter().filter_map(|one| match one.field.as_str() {
            "start_time" => Some(Violation { field: format!("options[{at}]"), ..one }),
            _ if at == 0 => Some(one),
            _ => None,
        }));
    }
    Ok(all)
}

/// A reference that no proposal and no meeting of the region has.
async fn reference(tx: &Tx) -> Result<String> {
    loop {
        let mut bits = [0; 4];
        tx.app().ids.fill(&mut bits);
        let reference = Reference::from_random(u32::from_be_bytes(bits)).to_string();
        if !store::is_taken(tx, &reference).await?
            && !meetings::are_taken(tx, std::slice::from_ref(&reference)).await?
        {
            return Ok(reference);
        }
    }
}

/// It is looked at now, when reminders are due, at its deadline, and when its links end.
fn work(poll: &TimePoll) -> Vec<Work> {
    let looks = [
        ("ask", Some(poll.created)),
        ("remind", poll::remind_at(poll.created, poll.deadline)),
        ("expire", Some(poll.deadline)),
        ("forget", Some(poll.deadline + poll::LINK_OUTLIVES)),
    ];
    let look = |(what, due): (&str, Option<_>)| Some(look(poll, what, due?));
    looks.into_iter().filter_map(look).collect()
}

/// Has whoever is to be told something told it at `due`.
pub(super) fn look(poll: &TimePoll, what: &str, due: DateTime<Utc>) -> Work {
    Work {
        kind: outbox::Kind::TimePollChanged,
        dedupe: format!("{}/{what}", poll.id.0),
        subject: poll.id.0,
        due,
        note: None,
        mail: None,
    }
}
