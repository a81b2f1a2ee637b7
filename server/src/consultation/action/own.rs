//! What somebody took upon itself at meetings and has still to do.

use chrono::NaiveDate;
use schakel_domain::ids::{ActionId, ConsultationId, PersonId};

use super::store::{self, Filter};
use crate::{
    consultation::{meeting::Meeting, reach},
    error::Result,
    store::Read,
    wire::page::Page,
};

/// More than anybody has to do.
const MOST: u64 = 5_000;

/// An action that waits, without what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// Which.
    pub id: ActionId,
    /// The meeting at which it was agreed.
    pub consultation: ConsultationId,
    /// That meeting's reference.
    pub reference: String,
    /// By when.
    pub due: NaiveDate,
}

/// The open actions of `owner` of meetings that the grant reaches, in a constant number of
/// statements; not those about a case that is closed or put aside, with which nothing is done.
pub async fn own(read: &Read, owner: PersonId) -> Result<Vec<Agreed>> {
    let filter = Filter { owner: Some(owner), ..Filter::default() };
    let rows = store::list(read, &filter, &Page { size: MOST, after: None }).await?;
    let meetings = reach::reached(read, store::meetings_of(read, &rows).await?).await?;
    let meetings: Vec<Meeting> = meetings.into_iter().map(|(meeting, _)| meeting).collect();
    let around = reach::around(read, &meetings).await?;
    let is_worked_on = |meeting: &&Meeting| {
        let Some(case) = meeting.case else { return true };
        around.iter().any(|around| around.case == case.0 && around.open && around.hold.is_none())
    };
    let one = |row: &crate::entity::action::Model| {
        let of = ConsultationId(row.consultation_id);
        let meeting = meetings.iter().filter(is_worked_on).find(|meeting| meeting.id == of)?;
        Some(Agreed {
            id: ActionId(row.id),
            consultation: of,
            reference: meeting.reference.clone(),
            due: row.due_date,
        })
    };
    Ok(rows.iter().filter_map(one).collect())
}
