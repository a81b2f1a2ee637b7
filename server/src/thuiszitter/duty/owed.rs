//! What an organisation owes, as it stands today.

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    ids::OrganisationId,
    thuiszitter::{
        Deadline, DeadlineState, Norm, Subject, is_pressing, owed, still_waits, told_by, told_from,
    },
};

use super::store;
use crate::{
    access::{Caller, authenticate::today, region},
    directory::calendar,
    error::Result,
    store::Read,
    thuiszitter::store::profile,
};

/// Who owes: the organisation that somebody acts for, with their roles there.
#[derive(Debug, Clone)]
pub(in crate::thuiszitter) struct Owner {
    pub organisation: OrganisationId,
    pub about: Subject,
    /// The code of a gemeente; else empty.
    gemeente: String,
    pub roles: Vec<Role>,
}

impl Owner {
    /// None of an organisation that owes nothing by itself.
    pub(in crate::thuiszitter) fn of(caller: &Caller) -> Option<Self> {
        let at = caller.organisation();
        let (about, gemeente) = match at.kind.as_str() {
            "SAMENWERKINGSVERBAND" => (Subject::Samenwerkingsverband, String::new()),
            "GEMEENTE" => (Subject::Gemeente, at.code.clone()),
            _ => return None,
        };
        let roles = caller.acting.iter().map(|membership| membership.role).collect();
        Some(Self { organisation: at.organisation, about, gemeente, roles })
    }
}

/// One thing that it owes.
#[derive(Debug, Clone)]
pub(in crate::thuiszitter) struct Duty {
    pub norm: Norm,
    pub due: Option<NaiveDate>,
    /// The first day on which it can have been done.
    pub from: NaiveDate,
    pub state: DeadlineState,
    /// When it was done last.
    pub done: Option<NaiveDate>,
    /// Whether it is still to be done, near or not.
    pub waits: bool,
}

impl Duty {
    /// Whether it is time to do it.
    pub(in crate::thuiszitter) fn presses(&self) -> bool {
        self.waits && is_pressing(self.state)
    }
}

/// By due date.
pub(in crate::thuiszitter) async fn duties(read: &Read, owner: &Owner) -> Result<Vec<Duty>> {
    let day = today(read.now());
    let profile = profile(read, day).await?;
    if !profile.norms.iter().any(|norm| norm.about == owner.about && told_by(norm).is_some()) {
        return Ok(Vec::new());
    }
    let began = today(region::founded(read).await?);
    let done = store::done(read, owner.organisation).await?;
    let gemeente: Vec<String> =
        Some(owner.gemeente.clone()).filter(|code| !code.is_empty()).into_iter().collect();
    let calendar = calendar::calendars(read, &[], &gemeente).await?.of(None, &owner.gemeente);
    let owed = owed(&profile, owner.about, (&done, began), (&calendar, day));
    let one = |deadline: &Deadline<'_>| Duty {
        norm: deadline.norm.clone(),
        due: deadline.due_on,
        from: told_from(deadline, &done),
        state: deadline.state,
        done: told_by(deadline.norm).and_then(|moment| done.last(moment, day)),
        waits: still_waits(deadline),
    };
    Ok(owed.iter().map(one).collect())
}
