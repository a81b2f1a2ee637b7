//! What is to be destroyed: which parts, how many rows, what stays and why.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schakel_domain::privacy::{
    Destroyed, Fate, PartKind, Profile, Reason, Requester, RetentionClass, Why, fates,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{dossier::Dossier, store};
use crate::{
    access, availability, consultation,
    error::Result,
    hulpvraag, invitation, monitor,
    store::{
        Tx,
        sweep::{Doomed, Sweep, Tally},
    },
    thuiszitter,
};

/// Parts that stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stays {
    pub class: RetentionClass,
    pub count: u32,
    pub until: Option<NaiveDate>,
    pub why: Why,
    pub basis: String,
}

/// What is proposed, without a word about whom it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Plan {
    pub rows: Tally,
    pub parts: Vec<Destroyed>,
    pub stays: Vec<Stays>,
    /// Meetings that are called off.
    pub cancelled: u32,
    /// Keys of persons that go.
    pub keys: u32,
    /// Who asked for an erasure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<Requester>,
}

/// A part that goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Going {
    pub id: Uuid,
    pub case: Uuid,
    pub kind: PartKind,
}

impl Plan {
    /// Judges `dossier` and adds what follows; says which parts go.
    pub(super) fn judge(
        &mut self,
        dossier: &Dossier,
        (profile, reason): (&Profile, Reason),
        today: NaiveDate,
    ) -> Vec<Going> {
        let file = dossier.file();
        let basis = |class| profile.term(class).map(|term| term.basis.clone()).unwrap_or_default();
        let mut going = Vec::new();
        for (part, fate) in file.parts.iter().zip(fates(&file, profile, reason, today)) {
            match fate {
                Fate::Goes { class, since } => {
                    going.push(Going { id: part.id, case: dossier.case.id.0, kind: part.kind });
                    self.goes(class, since, basis(class));
                }
                Fate::Stays { class, until, why } => self.stays(class, until, why, basis(class)),
            }
        }
        going
    }

    fn goes(&mut self, class: RetentionClass, since: Option<NaiveDate>, basis: String) {
        if let Some(known) = self.parts.iter_mut().find(|known| known.class == class) {
            known.count += 1;
            known.oldest = known.oldest.min(since).or(known.oldest).or(since);
        } else {
            self.parts.push(Destroyed { class, count: 1, oldest: since, basis });
            self.parts.sort_by_key(|part| part.class);
        }
    }

    /// Counted by class, end and reason.
    fn stays(&mut self, class: RetentionClass, until: Option<NaiveDate>, why: Why, basis: String) {
        let same = |known: &&mut Stays| (known.class, known.until, known.why) == (class, until, why);
        if let Some(known) = self.stays.iter_mut().find(same) {
            known.count += 1;
        } else {
            self.stays.push(Stays { class, count: 1, until, why, basis });
            self.stays.sort_by_key(|stays| (stays.class, stays.until, stays.why));
        }
    }
}

/// Counts or deletes all rows of `doomed`, those that point at others first.
pub(super) async fn sweep(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    // The keys first: they go by what the case says of the child.
    tx.sweep_kept(doomed, sweep, tally).await?;
    invitation::farewell::sweep(tx, doomed, sweep, tally).await?;
    availability::sweep::busy(tx, doomed, sweep, tally).await?;
    hulpvraag::sweep::requests(tx, doomed, sweep, tally).await?;
    consultation::sweep::meetings(tx, doomed, sweep, tally).await?;
    consultation::waiting::sweep::waiting(tx, doomed, sweep, tally).await?;
    store::sweep(tx, doomed, sweep, tally).await?;
    monitor::store::sweep(tx, doomed, sweep, tally).await?;
    thuiszitter::rights::sweep(tx, doomed, sweep, tally).await?;
    access::sweep::circle(tx, doomed, sweep, tally).await?;
    access::sweep::persons(tx, doomed, sweep, tally).await
}

/// The parts of each case.
pub(super) fn by_case(going: &[Going]) -> BTreeMap<Uuid, Vec<Uuid>> {
    let mut cases: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for part in going {
        cases.entry(part.case).or_default().push(part.id);
    }
    cases
}
