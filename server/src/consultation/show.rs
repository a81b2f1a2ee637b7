//! Meetings as one caller sees them, opened in a constant number of statements, with the audit lines owed.

use std::{collections::HashMap, sync::Arc};

use schakel_domain::{
    access::{Class, Classes, Role},
    ids::{ConsultationId, PersonId},
};
use uuid::Uuid;

use super::{
    meeting::Meeting,
    minutes::{self, Minutes},
    missing,
    parts::{self, Around},
    provider, reach, store,
};
use crate::{
    access::{Grant, person, sharing::guests},
    app::App,
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
        outbox::{self, MailState},
    },
};

/// A meeting as the caller sees it.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    /// As it stands.
    pub meeting: Meeting,
    /// What may be seen of it.
    pub classes: Classes,
    /// What came of it, with K4.
    pub minutes: Option<Minutes>,
    /// Who at the table cannot come and is to be replaced.
    pub missing: Vec<PersonId>,
    /// Its parts that may be seen, by start.
    pub parts: Vec<PartShown>,
    /// The meeting that it is a part of, where that may be seen.
    pub within: Option<ConsultationId>,
    /// Why a provider of youth help comes, with K4.
    pub provider_reason: Option<String>,
    names: Arc<HashMap<PersonId, String>>,
    private: Arc<HashMap<PersonId, String>>,
    mails: Arc<Vec<MailState>>,
}

impl Shown {
    /// The name of `person`: of a professional always, of a parent or child only with K2.
    pub(super) fn name(&self, person: PersonId) -> Option<&str> {
        let private = self.private.get(&person).filter(|_| self.classes.has(Class::K2));
        self.names.get(&person).or(private).map(String::as_str)
    }

    /// The last mail about it to `person`, for those who may call who did not get it.
    pub(super) fn mail(&self, person: PersonId) -> Option<&MailState> {
        // The newest comes first; that of the whole series counts where there is none of its own.
        let series = self.meeting.member.map(|part| part.series.0);
        let of = |subject: Uuid| {
            let to = |mail: &&MailState| mail.subject_id == subject && mail.recipient_id == Some(person.0);
            self.mails.iter().find(to)
        };
        of(self.meeting.id.0).or_else(|| series.and_then(of)).filter(|_| self.classes.has(Class::K2))
    }
}

/// A part as the caller of its meeting sees it.
#[derive(Debug, Clone)]
pub(super) struct PartShown {
    /// As it stands.
    pub meeting: Meeting,
    /// What may be seen of it.
    pub classes: Classes,
    /// The roles to which no consent opens the child's file on its day.
    pub without_consent: Vec<Role>,
}

/// One meeting that the grant reaches, still closed.
///
/// # Errors
/// Not allowed, or `CONSULTATION_NOT_FOUND`.
pub(super) async fn find(read: &Read, id: ConsultationId) -> Result<Vec<(Meeting, Classes)>> {
    let meeting = store::get(read, id).await?;
    let around = reach::around(read, std::slice::from_ref(&meeting)).await?;
    reach::classes(read, &meeting, around.first())?;
    reach::reached(read, vec![meeting]).await
}

/// One meeting.
pub(super) async fn get(app: &App, grant: &Grant, id: ConsultationId) -> Result<Shown> {
    let found = find(&app.read(grant.clone()), id).await?;
    let mut shown = open(app, grant, found).await?;
    shown.pop().ok_or(Error::NotFound("CONSULTATION"))
}

/// Opens what was found: through the door for writes when names or contents are shown.
pub(super) async fn open(app: &App, grant: &Grant, found: Vec<(Meeting, Classes)>) -> Result<Vec<Shown>> {
    let read = app.read(grant.clone());
    let around = parts::around(&read, &found).await?;
    let parts = around.parts.values().flatten().map(|part| part.classes);
    if found.iter().map(|(_, classes)| *classes).chain(parts).all(|classes| !is_personal(classes)) {
        let (shown, _) = opened(&read, found, around).await?;
        return Ok(shown);
    }
    let (found, around) = (&found, &around);
    app.write(grant, None, |tx| async move {
        let (shown, lines) = opened(&tx, found.clone(), around.clone()).await?;
        audit(&tx, &lines).await?;
        Ok(shown)
    })
    .await
}

/// What a change made of a meeting, in its transaction. What the change's own grant does not
/// reach any more is shown as an envelope.
pub(super) async fn changed(tx: &Tx, meeting: Meeting) -> Result<Shown> {
    let around = reach::around(tx, std::slice::from_ref(&meeting)).await?;
    let classes = reach::classes(tx, &meeting, around.first());
    let classes = classes.unwrap_or(Classes::of(&[Class::K0, Class::K1]));
    let found = vec![(meeting, classes)];
    let around = parts::around(tx, &found).await?;
    let (mut shown, lines) = opened(tx, found, around).await?;
    audit(tx, &lines).await?;
    shown.pop().ok_or(Error::NotFound("CONSULTATION"))
}

fn is_personal(classes: Classes) -> bool {
    [Class::K2, Class::K4, Class::K9].into_iter().any(|class| classes.has(class))
}

async fn audit(tx: &Tx, lines: &[Line]) -> Result<()> {
    // A statement holds some thirty thousand values.
    for some in lines.chunks(1_000) {
        tx.audit_all(some).await?;
    }
    Ok(())
}

async fn opened(
    read: &Read,
    found: Vec<(Meeting, Classes)>,
    mut around: Around,
) -> Result<(Vec<Shown>, Vec<Line>)> {
    let seats = |private: bool| {
        let seats = found
            .iter()
            .flat_map(move |(meeting, classes)| meeting.table.iter().map(move |seat| (seat, *classes)));
        let wanted = seats.filter(move |(seat, classes)| {
            seat.role.is_private() == private && (!private || classes.has(Class::K2))
        });
        let mut persons: Vec<PersonId> = wanted.map(|(seat, _)| seat.person).collect();
        persons.sort_unstable();
        persons.dedup();
        persons
    };
    let names = guests::known(read, &seats(false)).await?.into_iter();
    let names: HashMap<_, _> = names.map(|(person, known)| (person, known.display_name.clone())).collect();
    let private = person::open(read, &seats(true)).await?.into_iter();
    let private: HashMap<_, _> =
        private.map(|(person, known)| (person, known.name.as_str().to_owned())).collect();
    let told = found.iter().filter(|(_, classes)| classes.has(Class::K2));
    let series = |meeting: &Meeting| meeting.member.map(|part| part.series.0);
    let mut told: Vec<Uuid> =
        told.flat_map(|(meeting, _)| [Some(meeting.id.0), series(meeting)]).flatten().collect();
    told.sort_unstable();
    told.dedup();
    let mails = outbox::mail_states(read, &told).await?;
    let content = found.iter().filter(|(_, classes)| classes.has(Class::K4));
    let content: Vec<&Meeting> = content.map(|(meeting, _)| meeting).collect();
    let mut minutes = minutes::of(read, &content).await?;
    let mut reasons = provider::reasons(read, &content).await?;
    let meetings: Vec<&Meeting> = found.iter().map(|(meeting, _)| meeting).collect();
    let mut missing = missing::of(read, &meetings).await?;
    let mut lines: Vec<Line> = found.iter().flat_map(|(meeting, classes)| lines(meeting, *classes)).collect();
    lines.extend(around.parts.values().flatten().filter_map(named));
    let (names, private, mails) = (Arc::new(names), Arc::new(private), Arc::new(mails));
    let shown = found.into_iter().map(|(meeting, classes)| Shown {
        minutes: minutes.remove(&meeting.id),
        missing: missing.remove(&meeting.id).unwrap_or_default(),
        provider_reason: reasons.remove(&meeting.id),
        parts: around.parts.remove(&meeting.id).unwrap_or_default(),
        within: meeting.within.filter(|whole| around.wholes.contains(whole)),
        meeting,
        classes,
        names: Arc::clone(&names),
        private: Arc::clone(&private),
        mails: Arc::clone(&mails),
    });
    Ok((shown.collect(), lines))
}

/// The line for a part that says whose case it is about.
fn named(shown: &PartShown) -> Option<Line> {
    let part = &shown.meeting;
    let is_named = part.case.is_some() && shown.classes.has(Class::K2);
    is_named.then(|| Line {
        deed: Deed::R,
        object: "consultation",
        id: Some(part.id.0),
        subject: Some(part.subject),
        classes: Classes::of(&[Class::K1, Class::K2]),
    })
}

/// One line for every person whose name or whose case's content is shown.
pub(super) fn lines(meeting: &Meeting, classes: Classes) -> Vec<Line> {
    let mut subjects: Vec<(Uuid, Classes)> = Vec::new();
    if meeting.case.is_some() && is_personal(classes) {
        let mut read = vec![Class::K1];
        if classes.has(Class::K2) {
            read.push(Class::K2);
        }
        if meeting.sealed_outcome.is_some() {
            read.extend([Class::K4, Class::K9].into_iter().filter(|class| classes.has(*class)));
        } else if meeting.sealed_provider_reason.is_some() && classes.has(Class::K4) {
            read.push(Class::K4);
        }
        subjects.push((meeting.subject, Classes::of(&read)));
    }
    if classes.has(Class::K2) {
        let private = meeting.table.iter().filter(|seat| seat.role.is_private());
        for seat in private.filter(|seat| meeting.case.is_none() || seat.person.0 != meeting.subject) {
            subjects.push((seat.person.0, Classes::of(&[Class::K1, Class::K2])));
        }
    }
    let line = |(subject, classes)| Line {
        deed: Deed::R,
        object: "consultation",
        id: Some(meeting.id.0),
        subject: Some(subject),
        classes,
    };
    subjects.into_iter().map(line).collect()
}
