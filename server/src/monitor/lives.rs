//! What is counted of every case on a day: taken from what is kept, and worked out from the log where
//! that is behind or another day is asked for.
//!
//! What is kept is never believed without its stamp, so figures are right whether the worker has run or not.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{DefaultHasher, Hasher},
};

use chrono::NaiveDate;
use schakel_domain::{monitor::Life, thuiszitter::Profile};
use uuid::Uuid;

use super::store::{self, Stamp};
use crate::{
    access::{
        authenticate::today,
        circle::{self, Circle},
    },
    consultation::with_parents,
    error::Result,
    store::Read,
    thuiszitter::{
        self,
        figures::{self, Plain},
    },
};

/// Logs that are open at once.
const PAGE: usize = 250;

/// A case and what is counted of it.
pub(super) struct Counted {
    pub circle: Circle,
    pub life: Life,
}

/// Of the cases of a region, what is worked out from what.
pub(super) struct Basis {
    /// The day.
    pub day: NaiveDate,
    /// The norms of that day.
    pub profile: Profile,
    number: Vec<u8>,
}

impl Basis {
    /// As the register and the norms are now, for `day`.
    pub(super) async fn of(read: &Read, day: NaiveDate) -> Result<Self> {
        let profile = thuiszitter::store::profile(read, day).await?;
        let count = read.app().register_count().await?;
        // In another build it may be another number: then all is worked out again.
        let mut hasher = DefaultHasher::new();
        hasher.write(format!("{count:?} {profile:?}").as_bytes());
        Ok(Self { day, profile, number: hasher.finish().to_be_bytes().to_vec() })
    }

    /// What a life of `plain` that is right now would be stamped with.
    pub(super) fn stamp(&self, plain: &Plain) -> Stamp {
        Stamp { version: plain.version, day: self.day, basis: self.number.clone() }
    }
}

/// Every case that is not put aside and that `wanted` wants, on `date`.
pub(super) async fn lives(
    read: &Read,
    basis: &Basis,
    wanted: impl Fn(&Circle) -> bool,
) -> Result<Vec<Counted>> {
    let circles: Vec<Circle> = circle::counted(read).await?.into_iter().filter(wanted).collect();
    let plain: HashMap<Uuid, Plain> =
        figures::plain(read).await?.into_iter().map(|plain| (plain.case, plain)).collect();
    let now = today(read.now());
    let kept = if basis.day == now { store::kept(read).await? } else { HashMap::new() };
    let children: Vec<Uuid> = circles.iter().map(|circle| circle.child.0).collect();
    let keys =
        if kept.is_empty() { read.subject_keys(&[]).await? } else { read.subject_keys(&children).await? };
    let mut found = Vec::with_capacity(circles.len());
    let mut behind = Vec::new();
    for circle in circles {
        let Some(plain) = plain.get(&circle.case.0) else { continue };
        match kept.get(&circle.case.0).filter(|kept| kept.stamp() == basis.stamp(plain)) {
            Some(kept) => {
                let life = kept.open(&keys, circle.child)?;
                found.push(Counted { circle, life });
            }
            None => behind.push(circle),
        }
    }
    for page in behind.chunks(PAGE) {
        found.extend(worked_out(read, basis, page, &plain).await?);
    }
    let met = with_parents::days(read).await?;
    for Counted { circle, life } in &mut found {
        life.meet(met.get(&circle.case.0).unwrap_or(&BTreeSet::default()));
        if basis.day == now
            && let Some(plain) = plain.get(&circle.case.0)
        {
            life.regisseur = Some(plain.regisseur);
            life.next_action = Some(plain.next_action.is_some_and(|next| next >= now));
        }
    }
    found.sort_by_key(|one| one.circle.case);
    Ok(found)
}

/// What the logs of `circles` come to; nothing of a case that was not open yet.
pub(super) async fn worked_out(
    read: &Read,
    basis: &Basis,
    circles: &[Circle],
    plain: &HashMap<Uuid, Plain>,
) -> Result<Vec<Counted>> {
    let known = figures::known(read, circles).await?;
    let counted = circles.iter().filter_map(|circle| {
        let (known, plain) = (known.get(&circle.case.0)?, plain.get(&circle.case.0)?);
        let life = Life::of(known, &basis.profile, plain.opened, basis.day)?;
        Some(Counted { circle: circle.clone(), life })
    });
    Ok(counted.collect())
}
