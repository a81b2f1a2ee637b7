//! A case goes to another school or gemeente: who reaches it changes at once, what happened stays.

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes, Denied, Role},
    consultation::State,
    dutch::codes::GemeenteCode,
    ids::{CaseId, PersonId, SchoolId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;

use super::sides::{self, Side};
use crate::{
    access::{
        affiliation::{self, Post},
        authenticate::today,
        circle::{self, Circle},
        organisation::{self, OrganisationKind},
        person,
    },
    consultation,
    directory::calendar,
    error::{Error, Result},
    store::{Tx, audit::Deed},
    thuiszitter::{
        ages,
        case::Case,
        facts::{self, log::Log, standing::Around},
        history::{self, Detail},
        residence::must_be_known,
        store,
        track::store as tracks,
        update_case::must_be_open,
        view::line,
        voice::Voice,
    },
    wire::time::timestamp,
};

/// Where the child goes.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub case: CaseId,
    pub etag: i32,
    pub school: Option<SchoolId>,
    pub gemeente: Option<GemeenteCode>,
    /// Whether it is said that the register need not have the gemeente.
    pub outside: bool,
    pub voice: Voice,
}

/// Moves a case.
///
/// # Errors
/// `CASE_NOT_FOUND`; not allowed without sight of who the child is; `SCHOOL_NOT_FOUND`,
/// `CASE_CLOSED`, `ETAG_MISMATCH`; a violation when nothing changes, or of a gemeente that the register does
/// not have and nobody confirmed.
pub(super) async fn move_case(tx: &Tx, wish: &Wish) -> Result<pb::MoveCaseResponse> {
    let (mut circle, classes) = circle::reach(tx, wish.case).await?;
    if !classes.has(Class::K2) {
        return Err(Denied::ActionNotAllowed.into());
    }
    store::in_turn(tx, wish.case).await?;
    let mut case = store::get(tx, wish.case, circle.child).await?;
    must_be_open(&case, wish.etag)?;
    let day = today(tx.now());
    let before = sides::of(tx, circle.school, &circle.gemeente, day).await?;
    circle.school = wish.school.or(circle.school);
    if let Some(gemeente) = &wish.gemeente {
        circle.gemeente = gemeente.to_string();
    }
    let after = sides::of(tx, circle.school, &circle.gemeente, day).await?;
    if (before.school, &before.gemeente) == (after.school, &after.gemeente) {
        return Err(Error::field("school", Refusal::FieldInvalid));
    }
    let (from, to) = (before.gemeente.as_str(), after.gemeente.as_str());
    must_be_known(tx, (&[from], &[to]), wish.outside).await?;
    let calendars =
        calendar::calendars(tx, circle.school.as_slice(), std::slice::from_ref(&circle.gemeente)).await?;
    let persons = person::open(tx, &[circle.child]).await?;
    if before.gemeente != after.gemeente {
        let left = Circle { school: before.school, gemeente: before.gemeente.clone(), ..circle.clone() };
        facts::moves(tx, (&case, &left), after.gemeente.parse().ok()).await?;
    }
    circle::update(tx, &circle).await?;
    keep_on(tx, &mut case, &after).await?;
    store::update(tx, &mut case, circle.child).await?;
    let warnings = if classes.has(Class::K3) {
        let around = Around::without_meetings(&circle, &calendars, &persons);
        let log = Log::of(tx, (case.id, circle.child)).await?.or_origin(&case, &circle);
        let known = around.known(&log, classes, DateTime::<Utc>::MAX_UTC);
        let profile = store::profile(tx, day).await?;
        ages::warnings(&profile, &around, &known.facts, day)
    } else {
        Vec::new()
    };
    let another = before.school != after.school;
    let left_school = before.school.filter(|_| another).map(|school| school.0);
    let detail = Detail {
        left: Some(left(tx, &before).await?),
        left_school,
        voice: Some(wish.voice.clone()),
        ..Detail::default()
    };
    history::note(tx, (wish.case, circle.child), history::MOVED, &detail).await?;
    let told = wish.voice.parents.is_some() || wish.voice.child.is_some();
    let written = if told { Classes::of(&[Class::K4]) } else { Classes::default() };
    let shown = Classes::of(&[Class::K1, Class::K2, Class::K3]).and(classes).or(written);
    tx.audit(line(Deed::U, wish.case, circle.child, shown)).await?;
    let coming = consultation::store::of_case(tx, wish.case).await?;
    let coming =
        coming.iter().filter(|meeting| meeting.state == State::Planned && meeting.time.start() > tx.now());
    Ok(pb::MoveCaseResponse {
        name: wish.case.to_string(),
        before: Some(before.to_wire()),
        after: Some(after.to_wire()),
        proposal: Some(sides::proposal(wish.case, (&before, &after), circle.parents_with_gezag())),
        times: Vec::new(),
        coming_consultations: coming.map(|meeting| meeting.id.to_string()).collect(),
        move_time: Some(timestamp(tx.now())),
        warnings: warnings.into_iter().map(ages::to_wire).collect(),
        etag: case.version.to_string(),
    })
}

/// Whoever kept the case, or a running track of it, for other schools or gemeenten alone keeps it no longer.
/// After a leerplichtambtenaar that of the new gemeente does, after anybody else the new school's contact. A
/// track is never without somebody: it stays as it is where nobody follows.
async fn keep_on(tx: &Tx, case: &mut Case, after: &Side) -> Result<()> {
    let coordinators = tracks::coordinators(tx, case.id).await?;
    let keepers: Vec<PersonId> = case.regisseur.into_iter().chain(coordinators.iter().copied()).collect();
    let posts = affiliation::of(tx, &keepers, today(tx.now())).await?;
    let kinds = [(OrganisationKind::School, None), (OrganisationKind::Gemeente, None)];
    let places = organisation::coded(tx, &kinds).await?;
    let serves = |post: &Post| {
        let place = places.iter().find(|place| place.id == post.organisation.0);
        place.is_none_or(|place| after.school == Some(SchoolId(place.id)) || after.gemeente == place.code)
    };
    let of = |person: PersonId| posts.iter().filter(move |post| post.person == person);
    let stays = |person: PersonId| of(person).any(serves);
    let next = |person: PersonId| {
        let enforces = of(person).any(|post| matches!(post.role, Role::Leerplichtambtenaar));
        if enforces { after.officer } else { after.contact.map(|(contact, _)| contact) }
    };
    let keeps = |person: PersonId| if stays(person) { Some(person) } else { next(person) };
    case.regisseur = case.regisseur.and_then(keeps);
    let gone: Vec<PersonId> = coordinators.into_iter().filter(|person| !stays(*person)).collect();
    for person in gone {
        if let Some(next) = next(person).or(case.regisseur) {
            tracks::follow(tx, case.id, (&[person], next)).await?;
        }
    }
    Ok(())
}

/// What was before, for the timeline.
async fn left(tx: &Tx, before: &Side) -> Result<String> {
    match before.school {
        Some(school) => {
            let school = organisation::get(tx, school.into()).await?.display_name;
            Ok(format!("{school}, {}", before.gemeente))
        }
        None => Ok(before.gemeente.clone()),
    }
}
