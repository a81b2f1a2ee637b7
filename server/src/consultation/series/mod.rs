//! Series: meetings booked on every date of a rule, changed from a date on, called off together.
//!
//! [`book`] books, [`change`] splits and changes, [`cancel`] calls off, [`show`] tells; `dates`
//! says which dates, `free` when else, `store` keeps the rule. The meetings are consultations.

mod book;
mod cancel;
mod change;
mod dates;
mod free;
mod rpc;
mod show;
pub(super) mod store;
pub(super) mod wire;
pub(super) mod words;

use schakel_domain::ids::SeriesId;

use super::{many, meeting::Meeting};
use crate::{error::Result, store::Read};

/// The meetings of several series, whoever asks: the caller of this owes the policy.
pub async fn meetings(read: &Read, series: &[SeriesId]) -> Result<Vec<Meeting>> {
    many::of_series(read, series).await
}
