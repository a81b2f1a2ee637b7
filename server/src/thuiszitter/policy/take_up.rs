//! Takes norms into use from a day on, or tells what they would move.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    ids::RegionId,
    refusal::{Refusal, Violation},
    thuiszitter::Profile,
};

use super::store::{self, Version};
use crate::{
    access::{Grant, Worker},
    app::App,
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
    },
    thuiszitter::{
        facts::tried::{Tried, tried},
        store::{alone, profile as in_use},
    },
    wire::fields::Fields,
};

/// A text with more bytes is not read.
const MOST_BYTES: usize = 128 << 10;
/// A version is a name, not a story.
const LONGEST_VERSION: usize = 60;

/// A field that nobody knows can have any name, and an answer is told in headers.
const LONGEST_PATH: usize = 100;

/// What somebody wants in use.
pub(super) struct Wish {
    pub profile: Profile,
    /// All of it, as it is kept.
    pub body: String,
    /// How many versions there were when the caller read.
    pub etag: i32,
}

/// Reads the text upon `base`, or alone when that says nothing; tells everything wrong with it.
pub(super) fn read(
    fields: &mut Fields,
    (base, json): (Option<&str>, &str),
    valid_from: NaiveDate,
) -> Option<(Profile, String)> {
    if json.is_empty() {
        fields.refuse("json", Refusal::FieldRequired);
        return None;
    }
    if json.len() > MOST_BYTES {
        fields.refuse("json", Refusal::TextTooLong);
        return None;
    }
    match Profile::taken_up(base, json, valid_from) {
        Ok((profile, _)) if profile.version.chars().count() > LONGEST_VERSION => {
            fields.refuse("json.version", Refusal::TextTooLong);
            None
        }
        Ok(taken) => Some(taken),
        Err(wrong) => {
            fields.add(wrong.into_iter().map(within).collect());
            None
        }
    }
}

/// The same, with its path from the request on.
fn within(wrong: Violation) -> Violation {
    let path: String = wrong.field.chars().take(LONGEST_PATH).collect();
    let field = if path.is_empty() { "json".to_owned() } else { format!("json.{path}") };
    Violation { field, ..wrong }
}

/// Whether the version can come beside those that there are.
///
/// # Errors
/// `ETAG_MISMATCH`; a violation of the version when it was used, or when another of the same day would hold
/// in its place.
fn check(wish: &Wish, versions: &[Version]) -> Result<()> {
    if usize::try_from(wish.etag) != Ok(versions.len()) {
        return Err(Error::Stale);
    }
    let (new, day) = (&wish.profile.version, wish.profile.valid_from);
    let held = versions.iter().any(|(known, from)| known == new || (*from == day && known > new));
    if held { Err(Error::field("json.version", Refusal::FieldInvalid)) } else { Ok(()) }
}

/// Takes it into use; gives every version that there is then.
///
/// # Errors
/// As [`check`].
pub(super) async fn take_up(tx: &Tx, wish: &Wish) -> Result<Vec<Version>> {
    // Two who do so at one moment take turns: the second has read too early.
    alone(tx, tx.region().as_bytes()).await?;
    check(wish, &store::versions(tx).await?)?;
    store::keep(tx, &wish.profile, &wish.body).await?;
    let (object, classes) = ("policy_profile", Classes::of(&[Class::K0]));
    tx.audit(Line { deed: Deed::U, object, id: None, subject: None, classes }).await?;
    store::versions(tx).await
}

/// What it would move in the open cases of the region, and the versions that there are.
///
/// # Errors
/// As [`check`].
pub(super) async fn try_out(app: &App, read: &Read, wish: &Wish) -> Result<(Tried, Vec<Version>)> {
    let versions = store::versions(read).await?;
    check(wish, &versions)?;
    let now = in_use(read, wish.profile.valid_from).await?;
    // Counts alone leave this; the cases are read as the round reads them that will move their deadlines.
    let cases = app.read(Grant::worker(Worker::Cases, RegionId(read.region())));
    Ok((tried(&cases, &now, &wish.profile).await?, versions))
}
