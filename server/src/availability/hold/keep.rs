//! Times that the program itself keeps free for somebody until they answer.

use schakel_domain::{
    consultation::Place,
    ids::{HoldId, PersonId, SchoolId},
};
use uuid::Uuid;

use super::store::{self, Hold};
use crate::{
    availability::busy::{self, Booking},
    error::Result,
    store::Tx,
};

/// For whom a time is kept, and for a meeting where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct For {
    /// Who may use it.
    pub owner: PersonId,
    /// Where.
    pub place: Place,
    /// At or for which school.
    pub school: Option<SchoolId>,
}

/// Keeps the time of `booking`, which expires.
///
/// # Errors
/// `TIME_CONFLICT`.
pub async fn keep(tx: &Tx, booking: &Booking, wanted: For) -> Result<()> {
    busy::change(tx, None, Some(booking)).await?;
    let hold = Hold {
        id: HoldId(booking.id),
        owner: wanted.owner,
        time: booking.time,
        place: wanted.place,
        school: wanted.school,
        expires: booking.expires.unwrap_or(booking.time.start()),
    };
    store::insert(tx, &hold).await
}

/// Gives it back; nothing when its owner used it or let it go.
pub async fn give_back(tx: &Tx, hold: Uuid) -> Result<()> {
    busy::forget(tx, &[hold]).await?;
    store::delete(tx, &[hold]).await
}
