//! Signals in the database, each sealed under a key of its own.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    dutch::codes::WijkCode,
    ids::{ConsultationId, OrganisationId, PersonId, SchoolId, SignalId},
    monitor::signal::{Category, State},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    access::Reached,
    consultation::figures::called_off,
    entity::signal::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
        vault::Place,
    },
    wire::page::Page,
};

/// A signal as it stands: one on the agenda of a meeting that was called off is on none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signal {
    pub id: SignalId,
    pub state: State,
    pub category: Category,
    pub school: Option<SchoolId>,
    /// That of the school, where it is about one.
    pub wijk: Option<String>,
    pub sealed_text: Vec<u8>,
    /// About how many.
    pub children: Option<i32>,
    pub reporter: PersonId,
    /// For which the reporter acted.
    pub organisation: OrganisationId,
    pub reported: NaiveDate,
    pub consultation: Option<ConsultationId>,
    pub sealed_answer: Option<Vec<u8>>,
    pub answered: Option<NaiveDate>,
    /// The etag.
    pub version: i32,
}

impl Signal {
    /// Whether it stands to the caller as `reached` says.
    pub(super) fn holds(&self, reached: &Reached) -> bool {
        match reached {
            Reached::Region => true,
            Reached::Own(person) => self.reporter.0 == *person,
            Reached::School(_)
            | Reached::SchoolEscalated(_)
            | Reached::Escalated(_)
            | Reached::Residence(_)
            | Reached::Invited(_)
            | Reached::Team(_)
            | Reached::Case(_)
            | Reached::Held => false,
        }
    }

    /// Where its sealed `column` stands.
    pub(super) fn place(&self, column: &'static str) -> Place {
        Place { table: "signal", column, row: self.id.0 }
    }

    /// The audit line for `deed`: about no data subject.
    pub(super) fn line(&self, deed: Deed) -> Line {
        Line {
            deed,
            object: "signal",
            id: Some(self.id.0),
            subject: None,
            classes: Classes::of(&[Class::K1]),
        }
    }
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub state: Option<State>,
    pub category: Option<Category>,
    pub wijk: Option<WijkCode>,
    pub school: Option<SchoolId>,
    pub consultation: Option<ConsultationId>,
    /// From and until which day it was reported.
    pub days: (Option<NaiveDate>, Option<NaiveDate>),
}

/// One signal, whoever asks: the caller of this owes the policy.
///
/// # Errors
/// `SIGNAL_NOT_FOUND`.
pub(super) async fn get(read: &Read, id: SignalId) -> Result<Signal> {
    let row = Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    let row = row.ok_or(Error::NotFound("SIGNAL"))?;
    standing(read, vec![row]).await?.pop().ok_or(Error::NotFound("SIGNAL"))
}

/// A page of those that the grant reaches, newest first, and one more; the same rule as [`Signal::holds`].
pub(super) async fn list(read: &Read, filter: &Filter, page: &Page<Uuid>) -> Result<Vec<Signal>> {
    let mut reach = Condition::any();
    for (reached, _) in read.grant().reached() {
        reach = match reached {
            Reached::Region => reach.add(Column::RegionId.eq(read.region())),
            Reached::Own(person) => reach.add(Column::ReporterId.eq(*person)),
            Reached::School(_)
            | Reached::SchoolEscalated(_)
            | Reached::Escalated(_)
            | Reached::Residence(_)
            | Reached::Invited(_)
            | Reached::Team(_)
            | Reached::Case(_)
            | Reached::Held => reach,
        };
    }
    if reach.is_empty() {
        return Ok(Vec::new());
    }
    let (from, until) = filter.days;
    let wanted = Condition::all()
        .add(Column::RegionId.eq(read.region()))
        .add(reach)
        .add_option(filter.state.map(|state| in_state(read, state)))
        .add_option(filter.category.map(|category| Column::Category.eq(category.to_string())))
        .add_option(filter.wijk.as_ref().map(|wijk| Column::WijkCode.eq(wijk.as_str())))
        .add_option(filter.school.map(|school| Column::SchoolId.eq(school.0)))
        .add_option(filter.consultation.map(|meeting| on_agenda_of(read, meeting)))
        .add_option(from.map(|day| Column::ReportedOn.gte(day)))
        .add_option(until.map(|day| Column::ReportedOn.lte(day)))
        .add_option(page.after.map(|id| Column::Id.lt(id)));
    let rows =
        Entity::find().filter(wanted).order_by_desc(Column::Id).limit(page.size + 1).all(&read.db()).await?;
    standing(read, rows).await
}

/// Those that were told on `day` or before and are still to be read, oldest first, at most `most`.
pub(super) async fn told_until(read: &Read, day: NaiveDate, most: u64) -> Result<Vec<Signal>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::State.ne(State::Withdrawn.to_string()))
        .filter(Column::ReportedOn.lte(day))
        .order_by_asc(Column::Id)
        .limit(most)
        .all(&read.db())
        .await?;
    standing(read, rows).await
}

/// On the agenda of a meeting that was called off.
fn is_off(read: &Read) -> Condition {
    Condition::all()
        .add(Column::State.eq(State::OnAgenda.to_string()))
        .add(Column::ConsultationId.in_subquery(called_off(read)))
}

/// In that state as [`standing`] tells it.
fn in_state(read: &Read, state: State) -> Condition {
    let kept = Column::State.eq(state.to_string());
    match state {
        State::Reported => Condition::any().add(kept).add(is_off(read)),
        State::OnAgenda => Condition::all().add(kept).add(is_off(read).not()),
        State::Answered | State::Withdrawn => Condition::all().add(kept),
    }
}

fn on_agenda_of(read: &Read, meeting: ConsultationId) -> Condition {
    Condition::all().add(Column::ConsultationId.eq(meeting.0)).add(is_off(read).not())
}

/// The rows as they stand by what became of the meetings on whose agenda they are, in one statement at most.
async fn standing(read: &Read, rows: Vec<Model>) -> Result<Vec<Signal>> {
    let mut signals: Vec<Signal> = rows.into_iter().map(signal).collect::<Result<_>>()?;
    let set = signals.iter().filter(|signal| matches!(signal.state, State::OnAgenda));
    let set: Vec<Uuid> = set.map(|signal| signal.id.0).collect();
    if set.is_empty() {
        return Ok(signals);
    }
    let off: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Id.is_in(set))
        .filter(is_off(read))
        .into_tuple()
        .all(&read.db())
        .await?;
    for signal in signals.iter_mut().filter(|signal| off.contains(&signal.id.0)) {
        (signal.state, signal.consultation) = (State::Reported, None);
    }
    Ok(signals)
}

/// Keeps a new signal.
pub(super) async fn insert(tx: &Tx, signal: &Signal) -> Result<()> {
    Entity::insert(row(tx, signal)).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Writes a signal back and raises its version; somebody else's change in between is [`Error::Stale`].
pub(super) async fn update(tx: &Tx, signal: &mut Signal) -> Result<()> {
    let read = signal.version;
    signal.version += 1;
    let written = Entity::update_many()
        .set(row(tx, signal))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(signal.id.0))
        .filter(Column::Version.eq(read))
        .exec(&tx.db())
        .await?;
    if written.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

fn row(tx: &Tx, signal: &Signal) -> ActiveModel {
    ActiveModel {
        region_id: Set(tx.region()),
        id: Set(signal.id.0),
        state: Set(signal.state.to_string()),
        category: Set(signal.category.to_string()),
        school_id: Set(signal.school.map(|school| school.0)),
        wijk_code: Set(signal.wijk.clone()),
        sealed_text: Set(signal.sealed_text.clone()),
        children: Set(signal.children),
        reporter_id: Set(signal.reporter.0),
        organisation_id: Set(signal.organisation.0),
        reported_on: Set(signal.reported),
        consultation_id: Set(signal.consultation.map(|meeting| meeting.0)),
        sealed_answer: Set(signal.sealed_answer.clone()),
        answered_on: Set(signal.answered),
        version: Set(signal.version),
    }
}

fn signal(row: Model) -> Result<Signal> {
    let corrupt = |column| Error::Corrupt { table: "signal", column };
    Ok(Signal {
        id: SignalId(row.id),
        state: row.state.parse().map_err(|_| corrupt("state"))?,
        category: row.category.parse().map_err(|_| corrupt("category"))?,
        school: row.school_id.map(SchoolId),
        wijk: row.wijk_code,
        sealed_text: row.sealed_text,
        children: row.children,
        reporter: PersonId(row.reporter_id),
        organisation: OrganisationId(row.organisation_id),
        reported: row.reported_on,
        consultation: row.consultation_id.map(ConsultationId),
        sealed_answer: row.sealed_answer,
        answered: row.answered_on,
        version: row.version,
    })
}
