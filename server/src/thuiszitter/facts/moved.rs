//! Which deadlines a change of the log moves, and why.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{Class, Classes},
    dutch::SchoolCalendar,
    refusal::Language,
    thuiszitter::{Computation, Kept, Moment, Moved, Norm, Profile, moved},
};
use schakel_proto::v1 as pb;

use super::{class, log::Log, standing::Around};
use crate::{
    access::{authenticate::today, circle::Circle},
    error::Result,
    store::Tx,
    thuiszitter::{deadline, history::MovedText, norms::Norms, store},
    wire::fields::text,
};

/// What everybody sees who reads the timeline: nothing of youth help, and no birthday.
pub(super) const TOLD: Classes = Classes::of(&[Class::K3]);

/// The deadlines before a change.
pub(in crate::thuiszitter) struct Before {
    around: Around,
    profile: Arc<Norms>,
    log: Log,
    today: NaiveDate,
}

impl Before {
    /// As they are now.
    pub(super) async fn of(tx: &Tx, circle: &Circle, log: &Log) -> Result<Self> {
        let today = today(tx.now());
        Ok(Self {
            around: Around::of(tx, circle).await?,
            profile: store::profile(tx, today).await?,
            log: log.clone(),
            today,
        })
    }

    /// The norm with that id, in the profile of today.
    pub(super) fn norm(&self, id: &str) -> Option<&Norm> {
        self.profile.norm(id)
    }

    /// When the child's school teaches.
    pub(super) fn calendar(&self) -> SchoolCalendar {
        self.around.calendar.clone()
    }

    /// When the child was born, where that is known.
    pub(super) fn birth(&self) -> Option<NaiveDate> {
        self.around.birth
    }

    /// The first day on which that check point of aftercare can have been held, as far as the log tells.
    pub(super) fn checked_from(&self, moment: Moment) -> Option<NaiveDate> {
        let known = self.around.known(&self.log, TOLD, DateTime::<Utc>::MAX_UTC);
        known.checked_from(&self.profile, moment, self.today)
    }

    fn computed(&self, log: &Log, classes: Classes) -> Computation {
        let known = self.around.known(log, classes, DateTime::<Utc>::MAX_UTC);
        let standing = known.standing(&self.profile, self.today);
        Computation::of(&self.profile, &class::shown(standing.deadlines, classes))
    }

    fn moved(&self, after: &Log, classes: Classes) -> Vec<Moved> {
        moved(&self.computed(&self.log, classes), &self.computed(after, classes))
    }

    /// What moved, for the timeline.
    pub(super) fn texts(&self, after: &Log) -> Vec<MovedText> {
        texts(&self.profile, &self.moved(after, TOLD))
    }

    /// What moved, for somebody who sees `classes`.
    pub(super) fn to_wire(
        &self,
        after: &Log,
        classes: Classes,
        language: Language,
    ) -> Vec<pb::MovedDeadline> {
        let moved = self.moved(after, classes);
        let due = |kept: &Option<Kept>| text(kept.as_ref().and_then(|kept| kept.due_on));
        moved
            .iter()
            .map(|one| pb::MovedDeadline {
                norm: one.norm.clone(),
                was_due_date: due(&one.was),
                due_date: due(&one.is),
                text: text_of(&self.profile, one, language),
            })
            .collect()
    }
}

/// What moved, in both languages.
pub(super) fn texts(profile: &Profile, moved: &[Moved]) -> Vec<MovedText> {
    let text = |one: &Moved| MovedText {
        nl: text_of(profile, one, Language::Dutch),
        en: text_of(profile, one, Language::English),
    };
    moved.iter().map(text).collect()
}

/// In a sentence, with the name that the norm has in the profile.
fn text_of(profile: &Profile, moved: &Moved, language: Language) -> String {
    let name = profile.norm(&moved.norm).map(|norm| deadline::name(norm, language));
    moved.text(name.unwrap_or(&moved.norm), language)
}
