//! The log of what is known of a case: entries that are added, corrected by later ones and never changed.

pub(super) mod class;
mod correct_fact;
mod diff;
mod due;
mod laid;
mod list_facts;
pub(super) mod log;
pub(super) mod moved;
mod origin;
mod project;
mod reading;
pub mod recompute;
mod record_facts;
mod rpc;
pub(super) mod standing;
mod stretch;
pub(super) mod tried;
mod wire;
mod words;

pub(super) use self::{
    log::Reasons,
    origin::level as level_of,
    project::level_on,
    record_facts::{Ending, Writing},
    wire::moment_to_wire,
};
pub use self::{
    log::{Entry, told},
    words::sentence,
};

use schakel_domain::{
    dutch::{HolidayRegion, SchoolCalendar, codes::GemeenteCode},
    refusal::Refusal,
    text::FreeText,
    thuiszitter::{Event, Known, Moment, Outcome, Said, Stage, closing},
};

use self::{
    log::{Log, New},
    moved::Before,
    project::projected,
};
use super::{
    case::{Case, Milestones},
    history::MovedText,
};
use crate::{
    access::{authenticate::today, circle::Circle},
    error::{Error, Result},
    store::Tx,
};

/// The reason for the decision on extra support that the milestones tell, if they tell one.
pub(super) fn reasons(milestones: &Milestones, reason: Option<&FreeText>) -> Reasons {
    let moment = Moment::ExtraSupportDecided;
    let told = milestones.moments.get(&moment).zip(reason);
    told.map(|(on, reason)| (Said::Happened(moment, *on), reason.clone())).into_iter().collect()
}

/// Writes what is known of a case that was opened just now.
pub(super) async fn opens(tx: &Tx, case: &Case, circle: &Circle, reasons: &Reasons) -> Result<()> {
    let mut log = Log::default();
    let said = origin::said_by(case, circle).into_iter().chain(origin::decided(case));
    let new = said.map(New::from).collect();
    log.append_with(tx, (case.id, circle.child), (new, reasons)).await.map(|_| ())
}

/// Writes that the work went a step, today, with what happened by it.
pub(super) async fn steps(
    tx: &Tx,
    (case, circle): (&Case, &Circle),
    event: Event,
    happened: Option<Moment>,
) -> Result<()> {
    let today = today(tx.now());
    let happened = happened.map(|moment| Said::Happened(moment, today));
    adds(tx, (case, circle), [Some(Said::Step(today, event)), happened]).await
}

/// Writes how a case ended, and on which day.
///
/// # Errors
/// A violation of `outcome` when it says that an exemption holds and the log does not.
pub(super) async fn ends(
    tx: &Tx,
    (case, circle): (&Case, &Circle),
    (outcome, date): (Outcome, chrono::NaiveDate),
) -> Result<()> {
    let today = today(tx.now());
    let mut log = Log::begin(tx, case, circle).await?;
    // When lessons are given has no part in what is exempt.
    let calendar = SchoolCalendar::shipped(HolidayRegion::Midden);
    let known = Known::at(&log.facts(), chrono::DateTime::<chrono::Utc>::MAX_UTC, calendar);
    if !outcome.agrees(&known.facts, [date, today]) {
        return Err(Error::field("outcome", Refusal::ExemptionRequired));
    }
    let said = [Said::Step(today, Event::OutcomeRecorded), Said::Ended(date, outcome)];
    let new = said.map(New::from).into();
    log.append(tx, (case.id, circle.child), new).await.map(|_| ())
}

/// Writes that a closed case goes on, absent again since `first_day`.
pub(super) async fn reopens(
    tx: &Tx,
    (case, circle): (&Case, &Circle),
    first_day: chrono::NaiveDate,
) -> Result<()> {
    let step = Said::Step(today(tx.now()), Event::Relapsed);
    let first = Said::Happened(origin::beginning(case.absence.kind), first_day);
    adds(tx, (case, circle), [Some(step), Some(first)]).await
}

/// Takes back that the case ended and the step that closed it; gives the stage in which it goes on.
pub(super) async fn goes_on(tx: &Tx, (case, circle): (&Case, &Circle)) -> Result<Stage> {
    let mut log = Log::begin(tx, case, circle).await?;
    let gone = closing(&log.facts()).into_iter().map(|id| New { corrects: Some(id), said: None });
    log.append(tx, (case.id, circle.child), gone.collect()).await?;
    // When lessons are given has no part in what was decided.
    let calendar = SchoolCalendar::shipped(HolidayRegion::Midden);
    let known = Known::at(&log.facts(), chrono::DateTime::<chrono::Utc>::MAX_UTC, calendar);
    Ok(known.decided.stage_on(today(tx.now())).0)
}

/// Writes that the child lives elsewhere from today on.
pub(super) async fn moves(
    tx: &Tx,
    (case, circle): (&Case, &Circle),
    gemeente: Option<GemeenteCode>,
) -> Result<()> {
    let today = today(tx.now());
    adds(tx, (case, circle), [gemeente.map(|gemeente| Said::Residence(today, gemeente))]).await
}

/// Adds entries. `case` is as it was before them: what was known of an older case is written first.
async fn adds<const N: usize>(
    tx: &Tx,
    (case, circle): (&Case, &Circle),
    said: [Option<Said>; N],
) -> Result<()> {
    let mut log = Log::begin(tx, case, circle).await?;
    let new = said.into_iter().flatten().map(New::from).collect();
    log.append(tx, (case.id, circle.child), new).await.map(|_| ())
}

/// A case before its fields are changed.
pub(super) struct Changing {
    log: Log,
    said: Vec<Said>,
    before: Before,
    reasons: Reasons,
}

impl Changing {
    /// As it is now; `reasons` are of what changes.
    pub(super) async fn of(tx: &Tx, case: &Case, circle: &Circle, reasons: Reasons) -> Result<Self> {
        let log = Log::begin(tx, case, circle).await?;
        let before = Before::of(tx, circle, &log).await?;
        Ok(Self { said: origin::said_by(case, circle), log, before, reasons })
    }

    /// Writes what is another now: a correction of each entry that said otherwise. Nothing is
    /// written of what is as it was. The case shows what its log comes to then: what is taken back after a
    /// relapse leaves what was told of it before. Tells which deadlines moved by it.
    pub(super) async fn done(mut self, tx: &Tx, case: &mut Case, circle: &Circle) -> Result<Vec<MovedText>> {
        let after = origin::said_by(case, circle);
        let new = diff::diff(&self.log.facts(), &self.said, &after);
        if new.is_empty() {
            return Ok(Vec::new());
        }
        self.log.append_with(tx, (case.id, circle.child), (new, &self.reasons)).await?;
        if let Some((absence, milestones)) = projected(&self.log.facts()) {
            (case.absence, case.milestones) = (absence, milestones);
        }
        Ok(self.before.texts(&self.log))
    }
}
