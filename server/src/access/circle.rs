//! The circle of a case: the school, gemeente, child, parents and guests that decide who reaches it.
//!
//! It stands below every subject that asks: a search for a time needs the parents, a
//! booking the gemeente, a list its scope. Only the case's own verbs change it.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{BOARD, CaseUse, Classes, DOORZETTINGSMACHT, Hold, Standing},
    ids::{CaseId, ConsultationId, PersonId, SchoolId},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

mod draw;
mod gemeente;
mod reference;
mod tables;

pub use draw::{former, insert, update};
pub use gemeente::open_in;
pub use reference::by_reference;
pub use tables::tables;

use super::{Reached, consent};
use crate::{
    entity::{case_circle, case_guest, case_parent},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
        vault::has_key,
    },
};

/// Whether a parent has custody.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Gezag {
    /// Has it.
    Yes,
    /// Has it not.
    No,
    /// A court decides, or nobody knows yet.
    Unknown,
}

/// The circle of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circle {
    /// The case.
    pub case: CaseId,
    /// The school; none for a child that is not enrolled.
    pub school: Option<SchoolId>,
    /// Where the child lives: `GM` and four digits.
    pub gemeente: String,
    /// The child.
    pub child: PersonId,
    /// Whether the case is open.
    pub open: bool,
    /// Whether it is put aside.
    pub hold: Option<Hold>,
    /// The level of escalation, 0 to 4.
    pub level: u8,
    /// The day on which the case came to that level, from 1 on.
    pub escalated: Option<NaiveDate>,
    /// The parents, in the order in which they were given.
    pub parents: Vec<(PersonId, Gezag)>,
    /// Who is invited to a meeting about it.
    pub guests: Vec<PersonId>,
}

impl Circle {
    /// Whether `person` is a parent or the child.
    pub fn has(&self, person: PersonId) -> bool {
        self.child == person || self.parents.iter().any(|(parent, _)| *parent == person)
    }

    /// The parents with custody.
    pub fn parents_with_gezag(&self) -> impl Iterator<Item = PersonId> {
        self.parents.iter().filter(|(_, gezag)| *gezag == Gezag::Yes).map(|(parent, _)| *parent)
    }

    /// How the case stands.
    pub fn standing(&self) -> Standing {
        Standing {
            case: self.case.0,
            school: self.school.map(|school| school.0),
            gemeente: self.gemeente.clone(),
            open: self.open,
            hold: self.hold,
            level: self.level,
            escalated: self.escalated,
        }
    }

    /// Whether the case stands to the caller as `reached` says.
    pub fn holds(&self, reached: &Reached) -> bool {
        self.standing().holds(reached, |person| self.guests.contains(&PersonId(person)))
    }

    /// Raises or lowers the level; a higher one begins today.
    pub fn escalate(&mut self, level: u8, today: NaiveDate) {
        let mut standing = self.standing();
        standing.escalate(level, today);
        (self.level, self.escalated) = (standing.level, standing.escalated);
    }
}

/// The circle of `case`, and the classes that the caller may see of it.
///
/// # Errors
/// `CASE_NOT_FOUND` when there is none or it is not the caller's, alike; `CASE_CLOSED` and
/// `CASE_RESTRICTED` when what the caller is about to do is not done with it.
pub async fn reach(read: &Read, case: CaseId) -> Result<(Circle, Classes)> {
    let circle = find(read, case).await?.ok_or(Error::NotFound("CASE"))?;
    let classes = read.grant().to("CASE", |reached| circle.holds(reached))?;
    read.grant().allows(circle.standing().state())?;
    let ways = read.grant().by_consent(|reached| circle.holds(reached));
    let opened = consent::opened(read, &[(case.0, ways)]).await?;
    Ok((circle, classes.or(opened.get(&case.0).copied().unwrap_or_default())))
}

/// The same for what ends what a case left behind, which is also done after it is closed.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_RESTRICTED`.
pub async fn reach_to_end(read: &Read, case: CaseId) -> Result<(Circle, Classes)> {
    let circle = find(read, case).await?.ok_or(Error::NotFound("CASE"))?;
    let classes = read.grant().to("CASE", |reached| circle.holds(reached))?;
    circle.standing().state().allows(CaseUse::WindUp)?;
    Ok((circle, classes))
}

/// The circle of `case`, whoever asks: the caller of this owes the policy.
pub async fn find(read: &Read, case: CaseId) -> Result<Option<Circle>> {
    let key = (read.region(), case.0);
    let found = case_circle::Entity::find_by_id(key).filter(not_erased());
    let row = found.one(&read.db()).await?;
    // Asked in any case: how long a refusal takes tells nobody whether there is one.
    let parents = case_parent::Entity::find()
        .filter(case_parent::Column::LeftAt.is_null())
        .filter(case_parent::Column::RegionId.eq(key.0))
        .filter(case_parent::Column::CaseId.eq(key.1))
        .order_by_asc(case_parent::Column::Position)
        .all(&read.db())
        .await?;
    let guests = case_guest::Entity::find()
        .filter(case_guest::Column::RegionId.eq(key.0))
        .filter(case_guest::Column::CaseId.eq(key.1))
        .all(&read.db())
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Circle {
        parents: parents
            .iter()
            .map(|parent| Ok((PersonId(parent.person_id), gezag(parent)?)))
            .collect::<Result<_>>()?,
        ..bare(row, guests.into_iter().map(|guest| PersonId(guest.person_id)).collect())?
    }))
}

/// The circles of `cases`, each once, in three statements and whatever the number.
///
/// # Errors
/// As [`reach`], of the first that is not the caller's or not to be written now.
pub async fn reach_each(read: &Read, cases: &[CaseId]) -> Result<Vec<Circle>> {
    let ids: Vec<Uuid> = cases.iter().map(|case| case.0).collect();
    let circles = find_each(read, &ids).await?;
    for case in cases {
        let circle = circles.iter().find(|circle| circle.case == *case).ok_or(Error::NotFound("CASE"))?;
        read.grant().to("CASE", |reached| circle.holds(reached))?;
        read.grant().allows(circle.standing().state())?;
    }
    Ok(circles)
}

/// The circles of `cases`, whoever asks, in three statements: the caller of this owes the policy.
pub async fn find_each(read: &Read, cases: &[Uuid]) -> Result<Vec<Circle>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    // Asked in any case: how long a refusal takes tells nobody whether there is one.
    let rows = rows(read, cases).await?;
    let parents = case_parent::Entity::find()
        .filter(case_parent::Column::LeftAt.is_null())
        .filter(case_parent::Column::RegionId.eq(read.region()))
        .filter(case_parent::Column::CaseId.is_in(cases.iter().copied()))
        .order_by_asc(case_parent::Column::Position)
        .all(&read.db())
        .await?;
    let guests = case_guest::Entity::find()
        .filter(case_guest::Column::RegionId.eq(read.region()))
        .filter(case_guest::Column::CaseId.is_in(cases.iter().copied()))
        .all(&read.db())
        .await?;
    let circle = |row: case_circle::Model| {
        let invited = guests.iter().filter(|guest| guest.case_id == row.case_id);
        let invited = invited.map(|guest| PersonId(guest.person_id)).collect();
        let own = parents.iter().filter(|parent| parent.case_id == row.case_id);
        let own = own.map(|parent| Ok((PersonId(parent.person_id), gezag(parent)?)));
        Ok(Circle { parents: own.collect::<Result<_>>()?, ..bare(row, invited)? })
    };
    rows.into_iter().map(circle).collect()
}

fn gezag(parent: &case_parent::Model) -> Result<Gezag> {
    parent.gezag.parse().map_err(|_| Error::Corrupt { table: "case_parent", column: "gezag" })
}

/// The ids of all cases that the grant reaches, as a subquery for lists; it is the same
/// rule as [`Circle::holds`].
pub fn reached(read: &Read) -> SelectStatement {
    within(read, read.grant().reached().iter().map(|(reached, _)| reached))
}

/// The ids of all cases that stand to the caller in one of `ways`, as a list shows them: what
/// is archived stands in none. The same rule as [`Standing::holds`].
pub fn within<'a>(read: &Read, ways: impl Iterator<Item = &'a Reached>) -> SelectStatement {
    use case_circle::Column;
    let region = read.region();
    let mut any = Condition::any();
    for reached in ways {
        let way = match reached {
            Reached::Region => Column::RegionId.eq(region).into(),
            Reached::School(school) => Column::SchoolId.eq(*school).into(),
            Reached::SchoolEscalated(school) => Condition::all()
                .add(Column::SchoolId.eq(*school))
                .add(Column::EscalationLevel.gte(i32::from(BOARD))),
            Reached::Escalated(since) => Condition::all()
                .add(Column::EscalationLevel.gte(i32::from(DOORZETTINGSMACHT)))
                .add(Column::EscalatedOn.gte(*since)),
            Reached::Residence(gemeente) => Column::GemeenteCode.eq(gemeente.clone()).into(),
            Reached::Invited(person) => Column::CaseId.in_subquery(guest_of(region, *person)).into(),
            Reached::Case(case) => Condition::all().add(Column::CaseId.eq(*case)).add(Column::Hold.is_null()),
            Reached::Held => Column::Hold.is_not_null().into(),
            Reached::Team(_) | Reached::Own(_) => continue,
        };
        any = any.add::<Condition>(way);
    }
    if any.is_empty() {
        any = any.add(Column::RegionId.ne(region));
    }
    let shown = Column::Hold.is_null().or(Column::Hold.ne(Hold::Archived.to_string()));
    Query::select()
        .column(Column::CaseId)
        .from(case_circle::Entity)
        .cond_where(Condition::all().add(Column::RegionId.eq(region)).add(shown).add(not_erased()).add(any))
        .to_owned()
}

/// Into how many open cases each of `persons` is invited, in one statement.
pub async fn open_cases(read: &Read, persons: &[PersonId]) -> Result<HashMap<PersonId, usize>> {
    if persons.is_empty() {
        return Ok(HashMap::new());
    }
    let open = Query::select()
        .column(case_circle::Column::CaseId)
        .from(case_circle::Entity)
        .cond_where(
            Condition::all()
                .add(case_circle::Column::RegionId.eq(read.region()))
                .add(case_circle::Column::Open.eq(true))
                .add(case_circle::Column::Hold.is_null())
                .add(not_erased()),
        )
        .to_owned();
    let rows = case_guest::Entity::find()
        .filter(case_guest::Column::RegionId.eq(read.region()))
        .filter(case_guest::Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .filter(case_guest::Column::CaseId.in_subquery(open))
        .all(&read.db())
        .await?;
    let pairs: HashSet<(Uuid, Uuid)> = rows.into_iter().map(|row| (row.person_id, row.case_id)).collect();
    let mut counts = HashMap::new();
    for (person, _) in pairs {
        *counts.entry(PersonId(person)).or_default() += 1;
    }
    Ok(counts)
}

/// The ids of all archived cases, which no list tells of.
pub fn archived(read: &Read) -> SelectStatement {
    held(read, case_circle::Column::Hold.eq(Hold::Archived.to_string()))
}

/// The ids of all cases that are put aside, which are told to nobody beside their own circle.
pub fn aside(read: &Read) -> SelectStatement {
    held(read, case_circle::Column::Hold.is_not_null())
}

fn held(read: &Read, how: Expr) -> SelectStatement {
    let held = Condition::all().add(case_circle::Column::RegionId.eq(read.region())).add(how);
    Query::select().column(case_circle::Column::CaseId).from(case_circle::Entity).cond_where(held).to_owned()
}

/// That the child was not erased.
fn not_erased() -> Expr {
    has_key((case_circle::Entity, case_circle::Column::ChildId))
}

fn guest_of(region: Uuid, person: Uuid) -> SelectStatement {
    Query::select()
        .column(case_guest::Column::CaseId)
        .from(case_guest::Entity)
        .and_where(case_guest::Column::RegionId.eq(region))
        .and_where(case_guest::Column::PersonId.eq(person))
        .to_owned()
}

async fn rows(read: &Read, cases: &[Uuid]) -> Result<Vec<case_circle::Model>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    Ok(case_circle::Entity::find()
        .filter(case_circle::Column::RegionId.eq(read.region()))
        .filter(case_circle::Column::CaseId.is_in(cases.iter().copied()))
        .filter(not_erased())
        .all(&read.db())
        .await?)
}

/// The circles of all cases that are counted: none that is put aside. Without parents and guests;
/// the caller of this owes the policy.
pub async fn counted(read: &Read) -> Result<Vec<Circle>> {
    let rows = case_circle::Entity::find()
        .filter(case_circle::Column::RegionId.eq(read.region()))
        .filter(case_circle::Column::Hold.is_null())
        .filter(not_erased())
        .order_by_asc(case_circle::Column::CaseId)
        .all(&read.db())
        .await?;
    rows.into_iter().map(|row| bare(row, Vec::new())).collect()
}

/// How several cases stand, in one statement.
pub async fn standings(read: &Read, cases: &[Uuid]) -> Result<Vec<Standing>> {
    let rows = rows(read, cases).await?;
    rows.into_iter().map(|row| Ok(bare(row, Vec::new())?.standing())).collect()
}

/// The children of several cases with their parents with gezag, in two statements.
pub async fn families(read: &Read, cases: &[Uuid]) -> Result<HashMap<Uuid, (PersonId, Vec<PersonId>)>> {
    let rows = rows(read, cases).await?;
    let gezag: &str = Gezag::Yes.into();
    let parents = case_parent::Entity::find()
        .filter(case_parent::Column::LeftAt.is_null())
        .filter(case_parent::Column::RegionId.eq(read.region()))
        .filter(case_parent::Column::CaseId.is_in(cases.iter().copied()))
        .filter(case_parent::Column::Gezag.eq(gezag))
        .order_by_asc(case_parent::Column::Position)
        .all(&read.db())
        .await?;
    let family = |row: case_circle::Model| {
        let own = parents.iter().filter(|parent| parent.case_id == row.case_id);
        (row.case_id, (PersonId(row.child_id), own.map(|parent| PersonId(parent.person_id)).collect()))
    };
    Ok(rows.into_iter().map(family).collect())
}

/// The circles of several cases with what the caller may see of each, in a constant number of
/// statements; without parents, and of the guests only the caller. What is not reached is left out.
pub async fn reach_all(read: &Read, cases: &[Uuid]) -> Result<HashMap<Uuid, (Circle, Classes)>> {
    let rows = rows(read, cases).await?;
    let caller = read.grant().actor().unwrap_or_default();
    let guest = case_guest::Entity::find()
        .filter(case_guest::Column::RegionId.eq(read.region()))
        .filter(case_guest::Column::PersonId.eq(caller))
        .filter(case_guest::Column::CaseId.is_in(cases.iter().copied()))
        .all(&read.db())
        .await?;
    let invited: HashSet<Uuid> = guest.into_iter().map(|guest| guest.case_id).collect();
    let mut circles = HashMap::with_capacity(rows.len());
    let mut ways = Vec::new();
    for row in rows {
        let guests = invited.contains(&row.case_id).then_some(PersonId(caller)).into_iter().collect();
        let circle = bare(row, guests)?;
        if let Ok(classes) = read.grant().to("CASE", |reached| circle.holds(reached)) {
            ways.push((circle.case.0, read.grant().by_consent(|reached| circle.holds(reached))));
            circles.insert(circle.case.0, (circle, classes));
        }
    }
    for (case, opened) in consent::opened(read, &ways).await? {
        if let Some((_, classes)) = circles.get_mut(&case) {
            *classes = classes.or(opened);
        }
    }
    Ok(circles)
}

/// A circle without parents.
fn bare(row: case_circle::Model, guests: Vec<PersonId>) -> Result<Circle> {
    Ok(Circle {
        case: CaseId(row.case_id),
        school: row.school_id.map(SchoolId),
        gemeente: row.gemeente_code,
        child: PersonId(row.child_id),
        open: row.open,
        hold: hold(row.hold.as_deref())?,
        level: level(row.escalation_level)?,
        escalated: row.escalated_on,
        parents: Vec::new(),
        guests,
    })
}

fn level(column: i32) -> Result<u8> {
    let corrupt = Error::Corrupt { table: "case_circle", column: "escalation_level" };
    u8::try_from(column).map_err(|_| corrupt)
}

fn hold(column: Option<&str>) -> Result<Option<Hold>> {
    let corrupt = |_| Error::Corrupt { table: "case_circle", column: "hold" };
    column.map(|hold| hold.parse().map_err(corrupt)).transpose()
}

/// The ids of all cases of a school, as a subquery for lists.
pub fn of_school(read: &Read, school: SchoolId) -> SelectStatement {
    Query::select()
        .column(case_circle::Column::CaseId)
        .from(case_circle::Entity)
        .cond_where(
            Condition::all()
                .add(case_circle::Column::RegionId.eq(read.region()))
                .add(case_circle::Column::SchoolId.eq(school.0)),
        )
        .to_owned()
}

/// Since when `person` sits at a table of `case`; none when it does not.
pub async fn joined(read: &Read, case: CaseId, person: Uuid) -> Result<Option<DateTime<Utc>>> {
    let rows = case_guest::Entity::find()
        .filter(case_guest::Column::RegionId.eq(read.region()))
        .filter(case_guest::Column::CaseId.eq(case.0))
        .filter(case_guest::Column::PersonId.eq(person))
        .all(&read.db())
        .await?;
    rows.iter().map(|row| row.joined_at).min().map(from_column).transpose()
}

/// Lets the table of a meeting about `case` reach it: exactly `persons`, until it changes again.
/// Who sat at it before has done so since then.
pub async fn invite(tx: &Tx, case: CaseId, meeting: ConsultationId, persons: &[PersonId]) -> Result<()> {
    invite_all(tx, &[(case, meeting, persons.to_vec())]).await
}

/// The same for the tables of several meetings, in three statements.
pub async fn invite_all(tx: &Tx, tables: &[(CaseId, ConsultationId, Vec<PersonId>)]) -> Result<()> {
    if tables.is_empty() {
        return Ok(());
    }
    let them = Condition::all()
        .add(case_guest::Column::RegionId.eq(tx.region()))
        .add(case_guest::Column::CaseId.is_in(tables.iter().map(|(case, ..)| case.0)))
        .add(case_guest::Column::ConsultationId.is_in(tables.iter().map(|(_, meeting, _)| meeting.0)));
    let before = case_guest::Entity::find().filter(them.clone()).all(&tx.db()).await?;
    let since: HashMap<(Uuid, Uuid), i64> =
        before.iter().map(|row| ((row.consultation_id, row.person_id), row.joined_at)).collect();
    case_guest::Entity::delete_many().filter(them).exec(&tx.db()).await?;
    let seats = tables
        .iter()
        .flat_map(|(case, meeting, persons)| persons.iter().map(move |person| (*case, *meeting, *person)));
    let row = |(case, meeting, person): (CaseId, ConsultationId, PersonId)| case_guest::ActiveModel {
        region_id: Set(tx.region()),
        case_id: Set(case.0),
        person_id: Set(person.0),
        consultation_id: Set(meeting.0),
        joined_at: Set(since.get(&(meeting.0, person.0)).copied().unwrap_or_else(|| to_column(tx.now()))),
    };
    let rows: Vec<_> = seats.map(row).collect();
    // SQLite takes 32,766 values in a statement.
    for rows in rows.chunks(6_000) {
        case_guest::Entity::insert_many(rows.iter().cloned()).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}
