//! Cases as one caller may see them, with everything that showing them needs.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{Class, Classes},
    dutch::school_age::AgeWarning,
    ids::{CaseId, PersonId},
    thuiszitter::{self, Label},
};

use super::{
    ages,
    case::{Case, State},
    facts::{log::Log, standing::Around},
    store,
};
use crate::{
    access::{
        authenticate::today,
        circle::Circle,
        person::{self, PrivatePerson},
    },
    directory::calendar,
    error::Result,
    store::{
        Read,
        audit::{Deed, Line},
    },
};

/// What a case can show at all.
const SHOWN: Classes = Classes::of(&[Class::K1, Class::K2, Class::K3, Class::K4, Class::K8]);
/// What a list shows: no child, no parents, no question.
const LISTED: Classes = Classes::of(&[Class::K1, Class::K3]);

/// A case as the caller sees it.
pub(super) struct View {
    pub case: Case,
    pub circle: Circle,
    /// What may be shown of it.
    pub classes: Classes,
    /// The child and the parents, for whom may see them.
    pub persons: HashMap<PersonId, PrivatePerson>,
    /// By the norms of today.
    pub labels: BTreeSet<Label>,
    /// What is unusual about the child at its school, for who may see when it was born.
    pub warnings: Vec<AgeWarning>,
    /// The caller's day.
    pub today: NaiveDate,
    /// Whether it stands in a list.
    pub listed: bool,
}

impl View {
    /// One case, whole.
    pub(super) async fn of(read: &Read, case: Case, circle: Circle, classes: Classes) -> Result<Self> {
        let today = today(read.now());
        let mut persons = opened(read, &[(&circle, classes)]).await?;
        let mut view = Self {
            labels: BTreeSet::new(),
            warnings: Vec::new(),
            classes: classes.and(SHOWN),
            persons: HashMap::new(),
            today,
            listed: false,
            case,
            circle,
        };
        if view.sees(Class::K3) {
            let gemeente = [view.circle.gemeente.clone()];
            let calendars = calendar::calendars(read, view.circle.school.as_slice(), &gemeente).await?;
            let profile = store::profile(read, today).await?;
            let log = Log::of(read, (view.case.id, view.circle.child)).await?;
            view.label(&profile, &Around::without_meetings(&view.circle, &calendars, &persons), log);
        }
        if !view.sees(Class::K2) {
            persons.clear();
        }
        view.persons = persons;
        Ok(view)
    }

    /// Several cases as a list shows them, in a constant number of statements.
    pub(super) async fn list(read: &Read, cases: Vec<(Case, Circle, Classes)>) -> Result<Vec<Self>> {
        let today = today(read.now());
        let children: Vec<_> = cases.iter().map(|(_, circle, classes)| (circle, *classes)).collect();
        let persons = opened(read, &children).await?;
        let schools: Vec<_> = cases.iter().filter_map(|(_, circle, _)| circle.school).collect();
        let homeless = cases.iter().filter(|(_, circle, _)| circle.school.is_none());
        let gemeenten: Vec<_> = homeless.map(|(_, circle, _)| circle.gemeente.clone()).collect();
        let calendars = calendar::calendars(read, &schools, &gemeenten).await?;
        let profile = store::profile(read, today).await?;
        let seen = cases.iter().filter(|(_, _, classes)| classes.has(Class::K3));
        let of: Vec<_> = seen.map(|(case, circle, _)| (case.id, circle.child)).collect();
        let mut logs = Log::of_all(read, &of).await?;
        let views = cases.into_iter().map(|(case, circle, classes)| {
            let mut view = Self {
                labels: BTreeSet::new(),
                warnings: Vec::new(),
                classes,
                persons: HashMap::new(),
                today,
                listed: true,
                case,
                circle,
            };
            if view.sees(Class::K3) {
                let log = logs.remove(&view.case.id.0).unwrap_or_default();
                view.label(&profile, &Around::without_meetings(&view.circle, &calendars, &persons), log);
            }
            view
        });
        Ok(views.collect())
    }

    /// Whether fields of `class` are shown.
    pub(super) fn sees(&self, class: Class) -> bool {
        self.classes.has(class)
    }

    fn label(&mut self, profile: &thuiszitter::Profile, around: &Around, log: Log) {
        let log = log.or_origin(&self.case, &self.circle);
        let known = around.known(&log, self.classes, DateTime::<Utc>::MAX_UTC);
        self.labels = known.labels(profile, self.today).value;
        if !self.listed && self.sees(Class::K2) && self.case.state == State::Open {
            self.warnings = ages::warnings(profile, around, &known.facts, self.today);
        }
    }

    /// What must be written down before this is shown: a line per person it is about.
    pub(super) fn lines(&self, deed: Deed) -> Vec<Line> {
        let classes = if self.listed { self.classes.and(LISTED) } else { self.classes };
        let mut lines = vec![line(deed, self.case.id, self.circle.child, classes)];
        if self.sees(Class::K2) && !self.listed {
            let identity = Classes::of(&[Class::K2]);
            lines.extend(
                self.circle.parents.iter().map(|(parent, _)| line(deed, self.case.id, *parent, identity)),
            );
        }
        lines
    }
}

/// A line about `subject` in `case`.
pub(super) fn line(deed: Deed, case: CaseId, subject: PersonId, classes: Classes) -> Line {
    Line { deed, object: "case", id: Some(case.0), subject: Some(subject.0), classes }
}

/// The children whose age counts for a label, and the persons that may be shown.
async fn opened(read: &Read, circles: &[(&Circle, Classes)]) -> Result<HashMap<PersonId, PrivatePerson>> {
    let mut wanted = Vec::new();
    for (circle, classes) in circles {
        if classes.has(Class::K2) || classes.has(Class::K3) {
            wanted.push(circle.child);
        }
        if classes.has(Class::K2) {
            wanted.extend(circle.parents.iter().map(|(parent, _)| *parent));
        }
    }
    person::open(read, &wanted).await
}
