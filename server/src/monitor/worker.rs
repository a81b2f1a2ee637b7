//! Keeps up what the monitor counts: of each case that changed, and of all when the day or the register did.

use std::collections::HashMap;

use schakel_domain::ids::RegionId;
use uuid::Uuid;

use super::{
    lives::{Basis, worked_out},
    store,
};
use crate::{
    access::{
        Grant, Worker,
        authenticate::today,
        circle::{self, Circle},
    },
    app::App,
    error::Result,
    thuiszitter::figures::{self, Plain},
};

/// Cases of one transaction.
const PAGE: usize = 100;

/// Works out what is behind in `region`, and says of how many cases.
///
/// # Errors
/// When the database fails; what was done until then stays done.
pub async fn work(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Cases, region);
    let read = app.read(grant.clone());
    let basis = Basis::of(&read, today(read.now())).await?;
    let plain: HashMap<Uuid, Plain> =
        figures::plain(&read).await?.into_iter().map(|plain| (plain.case, plain)).collect();
    let stamps = store::stamps(&read).await?;
    let is_behind = |case: &Uuid| {
        let Some(plain) = plain.get(case) else { return false };
        plain.opened <= basis.day && stamps.get(case) != Some(&basis.stamp(plain))
    };
    if !plain.keys().any(is_behind) {
        return Ok(0);
    }
    let mut behind = circle::counted(&read).await?;
    behind.retain(|circle: &Circle| is_behind(&circle.case.0));
    for page in behind.chunks(PAGE) {
        let (basis, plain) = (&basis, &plain);
        app.write(&grant, None, |tx| async move {
            // Read anew inside: a case that changed since is stamped with the old version, and is behind again.
            let counted = worked_out(&tx, basis, page, plain).await?;
            let lives: Vec<_> = counted
                .into_iter()
                .filter_map(|one| {
                    let stamp = basis.stamp(plain.get(&one.circle.case.0)?);
                    Some((one.circle.case.0, one.circle.child, stamp, one.life))
                })
                .collect();
            store::keep(&tx, &lives).await
        })
        .await?;
    }
    Ok(behind.len())
}
