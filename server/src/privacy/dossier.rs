//! A case with all that hangs on it, as the terms see it: parts with classes.

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{Class, Classes, Role},
    consultation, hulpvraag,
    ids::{CaseId, PersonId},
    privacy::{File, Part, PartKind, RetentionClass},
    thuiszitter::{Moment, Outcome},
};
use uuid::Uuid;

use super::store;
use crate::{
    access::{
        authenticate::today,
        circle::{self, Circle, Gezag},
        sweep,
    },
    consultation::{self as meetings, meeting::Meeting},
    error::{Error, Result},
    hulpvraag::{self as requests, request::Hulpvraag},
    store::{
        Read,
        audit::{Deed, Line},
        sweep::Doomed,
    },
    thuiszitter::{self, case::Case, rights},
};

/// A case with its meetings and requests.
pub(super) struct Dossier {
    /// Who stands around it.
    pub circle: Circle,
    /// Its facts.
    pub case: Case,
    /// Its meetings, oldest first.
    pub meetings: Vec<Meeting>,
    /// Its requests for help, oldest first.
    pub hulpvragen: Vec<Hulpvraag>,
    /// Who was a parent in it, and since when no longer.
    pub former: Vec<(PersonId, Gezag, DateTime<Utc>)>,
    /// Whether a legal hold stands.
    pub held: bool,
    /// By which roles its timeline was written, and when last.
    acted: (Vec<Role>, NaiveDate),
}

impl Dossier {
    /// The dossier of `case`, and what the caller may see of it.
    ///
    /// # Errors
    /// `CASE_NOT_FOUND` when there is none or it is not the caller's, alike.
    pub(super) async fn reach(read: &Read, case: CaseId) -> Result<(Self, Classes)> {
        let (circle, classes) = circle::reach(read, case).await?;
        Ok((Self::of(read, circle).await?, classes))
    }

    /// The dossier of `case`, whoever asks: the caller of this owes the policy.
    pub(super) async fn find(read: &Read, case: CaseId) -> Result<Self> {
        let circle = circle::find(read, case).await?.ok_or(Error::NotFound("CASE"))?;
        Self::of(read, circle).await
    }

    async fn of(read: &Read, circle: Circle) -> Result<Self> {
        let case = thuiszitter::store::get(read, circle.case, circle.child).await?;
        Ok(Self {
            meetings: meetings::store::of_case(read, circle.case).await?,
            hulpvragen: requests::store::of_case(read, circle.case).await?,
            former: circle::former(read, circle.case).await?,
            held: store::is_held(read, circle.case).await?,
            acted: rights::acted(read, circle.case).await?,
            circle,
            case,
        })
    }

    /// What the terms are applied to.
    pub(super) fn file(&self) -> File {
        let met = self.meetings.iter().map(|meeting| today(meeting.time.end()));
        let mut parts = vec![Part { kind: PartKind::Case, id: self.case.id.0, classes: self.classes() }];
        parts.extend(self.meetings.iter().map(|meeting| Part {
            kind: PartKind::Meeting,
            id: meeting.id.0,
            classes: with_school(meeting.table.iter().map(|seat| seat.role)),
        }));
        parts.extend(self.hulpvragen.iter().map(|asked| Part {
            kind: PartKind::Hulpvraag,
            id: asked.id.0,
            classes: vec![of_request(asked.state)],
        }));
        File {
            closed: self.case.closed.map(today),
            last_change: met.fold(self.acted.1, Ord::max),
            held: self.held,
            parts,
        }
    }

    /// The classes of the case itself. Youth help is in its meetings and requests; the case
    /// stays as long as they do.
    fn classes(&self) -> Vec<RetentionClass> {
        let acted =
            self.acted.0.iter().copied().filter(|role| {
                RetentionClass::of(*role).is_some_and(|class| class != RetentionClass::Jeugdhulp)
            });
        let mut classes = with_school(acted);
        classes.push(RetentionClass::Absence);
        let special = [Outcome::PlaatsingSbo, Outcome::PlaatsingSo, Outcome::PlaatsingVso];
        if self.case.outcome.is_some_and(|(outcome, _)| special.contains(&outcome)) {
            classes.push(RetentionClass::SpecialEducation);
        }
        if self.case.milestones.moments.contains_key(&Moment::ReportedToDuo) {
            classes.push(RetentionClass::Leerplicht);
        }
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    /// The child and the parents, those who were that too.
    pub(super) fn persons(&self) -> Vec<Uuid> {
        let parents = self.circle.parents.iter().map(|(parent, _)| parent.0);
        let former = self.former.iter().map(|(parent, ..)| parent.0);
        std::iter::once(self.circle.child.0).chain(parents).chain(former).collect()
    }

    /// Whether `person` was a parent in it and is no longer.
    pub(super) fn was_parent(&self, person: PersonId) -> bool {
        self.former.iter().any(|(former, ..)| *former == person) && !self.circle.has(person)
    }

    /// Its meetings that are still to come.
    pub(super) fn coming(&self, read: &Read) -> impl Iterator<Item = &Meeting> {
        let now = read.now();
        self.meetings.iter().filter(move |meeting| {
            meeting.state == consultation::State::Planned && meeting.time.start() > now
        })
    }

    /// What of it goes when the parts with these ids do.
    pub(super) async fn doomed(&self, read: &Read, parts: &[Uuid]) -> Result<Doomed> {
        let goes = |id: &Uuid| parts.contains(id);
        let whole = goes(&self.case.id.0);
        let persons =
            if whole { sweep::only_in(read, self.case.id, &self.persons()).await? } else { Vec::new() };
        Ok(Doomed {
            case: self.case.id.0,
            whole,
            meetings: self.meetings.iter().map(|meeting| meeting.id.0).filter(goes).collect(),
            hulpvragen: self.hulpvragen.iter().map(|asked| asked.id.0).filter(goes).collect(),
            persons,
            records: if whole { self.records(read).await? } else { Vec::new() },
            mails_until: None,
        })
    }

    /// What else is about the case.
    async fn records(&self, read: &Read) -> Result<Vec<Uuid>> {
        let mut all = sweep::records(read, self.case.id).await?;
        all.extend(meetings::poll::store::ids_of_case(read, self.case.id).await?);
        let waiting = meetings::waiting::store::of_case(read, self.case.id).await?;
        all.extend(waiting.into_iter().map(|entry| entry.id.0));
        // Mails about a whole series are about it.
        let series = self.meetings.iter().filter_map(|meeting| meeting.member);
        all.extend(series.map(|member| member.series.0));
        let ids: Vec<Uuid> = self.meetings.iter().map(|meeting| meeting.id.0).collect();
        all.extend(meetings::sweep::series(read, &ids).await?);
        // Letters about proposals and codes are about those.
        all.extend(meetings::proposal::store::ids_of(read, &ids).await?);
        all.extend(meetings::page::ids_of(read, &ids).await?);
        Ok(all)
    }

    /// A line about one of those concerned.
    pub(super) fn line(&self, deed: Deed, subject: PersonId, classes: Classes) -> Line {
        Line { deed, object: "case", id: Some(self.case.id.0), subject: Some(subject.0), classes }
    }

    /// A line for each person concerned: the child with `classes`, the parents with their identity.
    pub(super) fn lines(&self, deed: Deed, classes: Classes) -> Vec<Line> {
        let mut lines = vec![self.line(deed, self.circle.child, classes)];
        if classes.has(Class::K2) {
            let identity = Classes::of(&[Class::K2]);
            lines.extend(self.circle.parents.iter().map(|(parent, _)| self.line(deed, *parent, identity)));
        }
        lines
    }
}

fn with_school(roles: impl Iterator<Item = Role>) -> Vec<RetentionClass> {
    let mut classes: Vec<_> = roles.filter_map(RetentionClass::of).collect();
    classes.push(RetentionClass::SchoolFile);
    classes.sort_unstable();
    classes.dedup();
    classes
}

/// A request that somebody took up is youth help; one that nobody did is the school's question.
fn of_request(state: hulpvraag::State) -> RetentionClass {
    use hulpvraag::State as S;
    match state {
        S::Accepted { .. } | S::Planned { .. } | S::Done { .. } => RetentionClass::Jeugdhulp,
        S::Requested | S::Forwarded { .. } | S::Declined => RetentionClass::SchoolFile,
    }
}
