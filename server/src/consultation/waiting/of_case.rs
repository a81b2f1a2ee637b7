//! Those who wait for a time about a case that closes, is put aside or loses a parent.

use schakel_domain::{
    consultation::waiting::{Event, State},
    ids::{CaseId, PersonId},
};

use super::{Entry, audit, store};
use crate::{
    availability::freed,
    error::Result,
    store::{Tx, audit::Deed},
};

/// WAITING or OFFERED → LEFT.
pub async fn leave(tx: &Tx, case: CaseId) -> Result<()> {
    for mut entry in store::open_of_case(tx, case).await? {
        entry.after(Event::Leave)?;
        settle(tx, &mut entry).await?;
    }
    Ok(())
}

/// OFFERED → WAITING: no time is kept. As long as the case rests, none is offered either.
pub async fn rest(tx: &Tx, case: CaseId) -> Result<()> {
    for mut entry in store::open_of_case(tx, case).await? {
        if entry.state == State::Offered {
            entry.after(Event::Expire)?;
            settle(tx, &mut entry).await?;
        }
    }
    Ok(())
}

/// `persons` are waited for no more: an offer was for a table with them. An entry that waited for
/// nobody else is left.
pub async fn parents_leave(tx: &Tx, case: CaseId, persons: &[PersonId]) -> Result<()> {
    for mut entry in store::open_of_case(tx, case).await? {
        let leaves = |person: Option<PersonId>| person.is_some_and(|person| persons.contains(&person));
        let seats = entry.seats.len();
        let mut staying = entry.seats.clone();
        staying.retain(|seat| !seat.role.is_private() || !(leaves(seat.person) || leaves(seat.offered)));
        if staying.len() == seats {
            continue;
        }
        if staying.is_empty() {
            entry.after(Event::Leave)?;
        } else {
            entry.seats = staying;
            if entry.state == State::Offered {
                entry.after(Event::Expire)?;
            }
        }
        settle(tx, &mut entry).await?;
    }
    Ok(())
}

/// Writes an entry back for which no time is kept any more.
async fn settle(tx: &Tx, entry: &mut Entry) -> Result<()> {
    entry.give_back(tx).await?;
    store::update(tx, entry).await?;
    freed::tell(tx, entry.id.0, entry.version).await?;
    audit(tx, entry, Deed::U).await
}
