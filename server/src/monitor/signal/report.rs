//! Nothing → REPORTED: a professional tells the samenwerkingsverband how things go.

use schakel_domain::{
    access::Denied,
    dutch::codes::WijkCode,
    ids::{OrganisationId, PersonId, SchoolId, SignalId},
    monitor::signal::{Category, State},
    text::FreeText,
};
use schakel_proto::v1 as pb;

use super::{
    show,
    store::{self, Signal},
};
use crate::{
    access::authenticate::today,
    directory::places::places,
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// A signal as somebody tells it.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub category: Category,
    pub school: Option<SchoolId>,
    /// Where it is about no school.
    pub wijk: Option<WijkCode>,
    pub text: FreeText,
    pub children: Option<i32>,
}

/// Keeps it, for whoever sets the agenda.
///
/// # Errors
/// `SCHOOL_NOT_FOUND`, `AREA_NOT_FOUND` for a place that is not of the region.
pub(super) async fn report(tx: &Tx, wish: &Wish) -> Result<pb::Signal> {
    let grant = tx.grant();
    // It goes back to somebody.
    let (Some(reporter), Some(organisation)) = (grant.actor(), grant.organisation()) else {
        return Err(Denied::ActionNotAllowed.into());
    };
    let day = today(tx.now());
    let id = SignalId(tx.new_id());
    let mut signal = Signal {
        id,
        state: State::Reported,
        category: wish.category,
        school: wish.school,
        wijk: wijk(tx, wish).await?,
        sealed_text: Vec::new(),
        children: wish.children,
        reporter: PersonId(reporter),
        organisation: OrganisationId(organisation),
        reported: day,
        consultation: None,
        sealed_answer: None,
        answered: None,
        version: 1,
    };
    let keys = tx.subject_keys_or_new(&[id.0]).await?;
    signal.sealed_text = tx.seal(&keys, id.0, signal.place("sealed_text"), wish.text.as_str())?;
    store::insert(tx, &signal).await?;
    tx.audit(signal.line(Deed::C)).await?;
    show::one(tx, signal).await
}

/// The wijk of its school, or the one that is named.
async fn wijk(tx: &Tx, wish: &Wish) -> Result<Option<String>> {
    if wish.school.is_none() && wish.wijk.is_none() {
        return Ok(None);
    }
    let places = places(tx, today(tx.now())).await?;
    if let Some(school) = wish.school {
        let stands = places.schools.get(&school.0).ok_or(Error::NotFound("SCHOOL"))?;
        return Ok(Some(stands.wijk.clone()).filter(|wijk| !wijk.is_empty()));
    }
    let Some(wijk) = &wish.wijk else { return Ok(None) };
    if places.has_wijk(wijk) { Ok(Some(wijk.as_str().to_owned())) } else { Err(Error::NotFound("AREA")) }
}
