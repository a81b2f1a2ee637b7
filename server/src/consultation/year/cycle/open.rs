//! Which steps are still to be done of the plans that are on their way, whichever plans those are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use schakel_domain::consultation::year::{
    Milestone, Step,
    cycle::{Plan, on_its_way},
};

use super::{
    goal_store,
    show::{Which, sentence, span, steps},
    store::{self, Marked, Overleg},
};
use crate::{
    access::authenticate::today,
    consultation::year::{answer::say, tables::region_closed},
    directory::places::{Places, places},
    error::Result,
    store::Read,
};

/// A step that nobody did yet.
#[derive(Debug, Clone)]
pub struct OpenStep {
    /// Of which plan.
    pub plan: Plan,
    /// Of which gemeente; empty of an ondersteuningsplan.
    pub gemeente: String,
    /// The first year that the plan is about.
    pub year: i32,
    /// Which.
    pub step: Step,
    /// Which time it is taken, from 1.
    pub round: usize,
    /// By when it is to be done.
    pub due: NaiveDate,
    /// The law that asks for it.
    pub law: &'static str,
    /// Which plan and what step, in the caller's language.
    pub text: String,
}

/// A cycle of which something is marked, or nothing yet.
struct Cycle {
    which: Which,
    marked: Marked,
}

/// Those of the region, of each plan from the cycle on that is on its way when what is due by `near` is near; in a
/// number of statements that does not grow. Of a plan of which nobody ever said anything there are none.
///
/// # Errors
/// When the database fails.
pub async fn open_steps(read: &Read, near: NaiveDate) -> Result<Vec<OpenStep>> {
    let (mut plans, agreed) = (store::all_done(read).await?, goal_store::years(read).await?);
    plans.entry((Plan::Ondersteuningsplan, String::new())).or_default();
    if agreed.is_empty() && plans.values().all(BTreeMap::is_empty) {
        return Ok(Vec::new());
    }
    let (closed, places) = (region_closed(read).await?, places(read, today(read.now())).await?);
    let is_open = |day: NaiveDate| closed.is_open_weekday(day);
    let cycles = on_their_way(plans, (&agreed, near), is_open);
    let spans: Vec<_> = cycles.iter().filter_map(|cycle| span(&cycle.which, is_open)).collect();
    let (from, until) = (spans.iter().map(|span| span.0).min(), spans.iter().map(|span| span.1).max());
    let overleg = match from.zip(until) {
        Some((from, until)) => store::overleg(read, from, until).await?,
        None => Vec::new(),
    };
    let mut found = Vec::new();
    for Cycle { which, marked } in &cycles {
        let own: Vec<Overleg> = match span(which, is_open) {
            Some((from, until)) => {
                overleg.iter().filter(|meeting| (from..=until).contains(&meeting.at)).copied().collect()
            }
            None => Vec::new(),
        };
        let open = steps(which, (marked, &own), is_open).into_iter().filter(|one| one.done.is_none());
        found.extend(open.map(|one| told(which, &one.milestone, &places)));
    }
    Ok(found)
}

/// The cycles of each plan from the one on that is on its way.
fn on_their_way(
    plans: HashMap<(Plan, String), BTreeMap<i32, Marked>>,
    (agreed, near): (&BTreeSet<i32>, NaiveDate),
    is_open: impl Fn(NaiveDate) -> bool,
) -> Vec<Cycle> {
    let mut cycles = Vec::new();
    for ((plan, gemeente), mut years) in plans {
        let marked: BTreeSet<i32> = years.keys().copied().collect();
        let kept = plan.kept(&marked, agreed).into_iter();
        let first = |year: i32| {
            let first = plan.milestones(year, (0, 0), &is_open).first().map(|one| one.due)?;
            Some((year, first))
        };
        let (kept, first_days): (Vec<i32>, Vec<NaiveDate>) = kept.filter_map(first).unzip();
        cycles.extend(kept.into_iter().skip(on_its_way(&first_days, near)).map(|year| Cycle {
            which: Which { plan, gemeente: gemeente.clone(), year },
            marked: years.remove(&year).unwrap_or_default(),
        }));
    }
    cycles
}

fn told(which: &Which, one: &Milestone, places: &Places) -> OpenStep {
    let Which { plan, ref gemeente, year } = *which;
    let name = places.areas.get(gemeente).unwrap_or(gemeente);
    let said = sentence(plan, one);
    OpenStep {
        plan,
        gemeente: gemeente.clone(),
        year,
        step: one.step,
        round: one.round,
        law: plan.law(one.step),
        due: one.due,
        text: match plan {
            Plan::Ondersteuningsplan => format!("Ondersteuningsplan {year}: {said}"),
            Plan::Jeugdplan => say(
                format!("Jeugdplan {year} van {name}: {said}"),
                format!("Jeugdplan {year} of {name}: {said}"),
            ),
        },
    }
}
