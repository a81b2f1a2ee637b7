//! One guide of a cluster follows another, with the cases and the coming meetings of its schools.

use chrono::TimeDelta;
use schakel_domain::{
    access::{CaseUse, Class, Classes, Denied},
    consultation::State as MeetingState,
    ids::{CaseId, ConsultationId, PersonId, SchoolId},
    refusal::Refusal,
    time::Period,
};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{
    access::{
        Reached,
        circle::{self, Circle},
    },
    availability::busy,
    consultation::{
        self,
        meeting::Meeting,
        reach::Known,
        replace::{self, replace},
        table::Guest,
    },
    directory::guide::{self, Succession},
    entity::thuiszitter::{Column, Entity},
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
        outbox::CaseNote,
    },
    thuiszitter::{case::State, history, view::line},
};

/// As far ahead as meetings are booked.
const AHEAD: TimeDelta = TimeDelta::weeks(105);

/// Who follows whom, and what moves along.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub succession: Succession,
    pub cases: bool,
    pub consultations: bool,
    pub dry_run: bool,
}

/// What belongs to the old guide.
struct Belongs {
    cases: Vec<Circle>,
    moving: Vec<Meeting>,
    staying: Vec<ConsultationId>,
}

/// Reassigns a cluster.
///
/// # Errors
/// Not allowed but for who reaches every case of the region; as [`guide::succeed`].
pub(super) async fn reassign(tx: &Tx, wish: &Wish) -> Result<pb::ReassignClusterResponse> {
    let everywhere = |reached: &Reached| *reached == Reached::Region;
    tx.grant().to("CLUSTER", everywhere).map_err(|_| Denied::ActionNotAllowed)?;
    guide::known(tx, wish.succession.cluster).await?;
    let schools = guide::schools(tx, wish.succession.cluster, wish.succession.day).await?;
    let belongs = belongs(tx, &wish.succession, &schools).await?;
    let mut cluster_guide = None;
    if !wish.dry_run {
        cluster_guide = Some(guide::succeed(tx, &wish.succession).await?);
        if wish.cases {
            follow_cases(tx, wish.succession.to, &belongs.cases).await?;
        }
        if wish.consultations {
            for meeting in &belongs.moving {
                take_seat(tx, &wish.succession, meeting).await?;
            }
        }
    }
    tx.audit_all(&told(&belongs)).await?;
    Ok(pb::ReassignClusterResponse {
        cluster_guide,
        cases: belongs.cases.iter().map(|circle| circle.case.to_string()).collect(),
        consultations: belongs.moving.iter().map(|meeting| meeting.id.to_string()).collect(),
        conflicts: belongs.staying.iter().map(ToString::to_string).collect(),
        dry_run: wish.dry_run,
    })
}

/// What was told of each case: that the guide keeps it.
fn told(belongs: &Belongs) -> Vec<Line> {
    let classes = Classes::of(&[Class::K1, Class::K3]);
    belongs.cases.iter().map(|circle| line(Deed::R, circle.case, circle.child, classes)).collect()
}

async fn belongs(tx: &Tx, wish: &Succession, schools: &[SchoolId]) -> Result<Belongs> {
    let cases = open_cases(tx, wish.from, schools).await?;
    let mut found = circle::reach_all(tx, &cases).await?;
    let cases = cases.iter().filter_map(|case| found.remove(case)).map(|(circle, _)| circle);
    let cases = cases.filter(|circle| circle.standing().state().allows(CaseUse::Write).is_ok()).collect();
    let window = Period::new(tx.now(), tx.now() + AHEAD)?;
    let taken = busy::of(tx, &[wish.to], window).await?.remove(&wish.to).unwrap_or_default();
    let (mut moving, mut staying) = (Vec::new(), Vec::new());
    for meeting in consultation::store::of_person(tx, wish.from, window).await? {
        let seat = meeting.seat(wish.from).is_some_and(|seat| seat.role == wish.role);
        let here = meeting.school.is_some_and(|school| schools.contains(&school));
        let coming = meeting.time.start() > tx.now() && meeting.day() >= wish.day;
        if meeting.state != MeetingState::Planned || !seat || !here || !coming {
            continue;
        }
        let meets = taken.iter().any(|span| span.time.overlaps(meeting.time));
        if meets || meeting.seat(wish.to).is_some() {
            staying.push(meeting.id);
        } else {
            moving.push(meeting);
        }
    }
    Ok(Belongs { cases, moving, staying })
}

/// The open cases of `schools` that `person` keeps, in one statement.
async fn open_cases(read: &Read, person: PersonId, schools: &[SchoolId]) -> Result<Vec<Uuid>> {
    if schools.is_empty() {
        return Ok(Vec::new());
    }
    let mut of_schools = Condition::any();
    for school in schools {
        of_schools = of_schools.add(Column::Id.in_subquery(circle::of_school(read, *school)));
    }
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::State.eq(State::Open.to_string()))
        .filter(Column::RegisseurId.eq(person.0))
        .filter(of_schools)
        .into_tuple()
        .all(&read.db())
        .await?)
}

/// The successor keeps the cases, and each tells so; three statements.
async fn follow_cases(tx: &Tx, successor: PersonId, cases: &[Circle]) -> Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::RegisseurId, Expr::value(successor.0))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.is_in(cases.iter().map(|circle| circle.case.0)))
        .exec(&tx.db())
        .await?;
    let note = |case: CaseId| CaseNote {
        kind: "CASE_REASSIGNED".to_owned(),
        subject: case.to_string(),
        at: tx.now(),
        actor: tx.grant().actor(),
        organisation: tx.grant().organisation(),
        role: tx.grant().role(),
    };
    let notes: Vec<_> = cases.iter().map(|circle| (tx.new_id(), circle.case, note(circle.case))).collect();
    history::tell(tx, &notes).await?;
    let classes = Classes::of(&[Class::K3]);
    let lines: Vec<Line> =
        cases.iter().map(|circle| line(Deed::U, circle.case, circle.child, classes)).collect();
    tx.audit_all(&lines).await
}

async fn take_seat(tx: &Tx, wish: &Succession, meeting: &Meeting) -> Result<()> {
    let optional = meeting.seat(wish.from).is_some_and(|seat| seat.optional);
    let known = Known { id: meeting.id, etag: meeting.version };
    let comes = Guest { person: wish.to, role: wish.role, optional };
    let replaced = replace(tx, &replace::Wish { known, leaves: Some(wish.from), comes: Some(comes) }).await;
    if let Err(Error::Invalid(_)) = replaced {
        // Named for the meeting's own field, which nobody sent here.
        return Err(Error::field("to", Refusal::FieldInvalid));
    }
    replaced.map(|_| ())
}
