//! A case as it was known at the end of a day: stage, labels, level, deadlines, and what was told by then.

use std::collections::{BTreeMap, BTreeSet};

use axum::response::Response;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Europe::Amsterdam;
use http::StatusCode;
use minijinja::{Value, context};
use schakel_domain::time::repeated;
use schakel_proto::v1 as pb;

use super::{
    calls, facts, home, ladder, name,
    parts::{self, Telling},
    picture::{Told, picture},
    register::Names,
    said::{LABELS, OUTCOMES, STAGES},
    today,
};
use crate::{
    web::workplace::{
        shown,
        trouble::{Faults, Shown, Trouble},
        visit::Visit,
        words::words,
    },
    wire::time::timestamp,
};

words! {
    title: "Dossier op", "Case on";
    intro: "Zo was het dossier bekend aan het einde van deze dag. Wat later is vastgelegd, telt niet mee.",
        "This is how the case was known at the end of this day. What was recorded later does not count.";
    back: "Naar het dossier van nu", "To the case of now";
    day: "Dag", "Day";
    look_back: "Kijk terug", "Look back";
    no_day: "Dit is geen dag. Kies er een.", "This is no day. Choose one.";
    stage: "Fase", "Stage";
    counts: "Telt als", "Counts as";
    level: "Escalatie", "Escalation";
    suggested: "De termijnen vroegen om", "The deadlines asked for";
    outcome: "Uitkomst", "Outcome";
    picture: "Tijdlijn van dit dossier, zonder overleg", "Timeline of this case, without meetings";
    timeline: "Tijdlijn", "Timeline";
    deadlines: "Termijnen", "Deadlines";
    norm: "Termijn", "Deadline";
    due: "Uiterlijk", "Due";
    met: "Gehaald op", "Met on";
    state: "Stand", "State";
    who_acts: "Wie doet het", "Who does it";
    why: "Waarom", "Why";
    no_deadlines: "Er liepen geen termijnen.", "There were no deadlines.";
    events: "Wat er gebeurde", "What happened";
    when: "Wanneer", "When";
    what: "Wat", "What";
    who: "Wie", "Who";
    facts: "Feiten", "Facts";
    fact: "Feit", "Fact";
    told: "Vastgelegd", "Recorded";
    cut: "Er zijn meer feiten dan op deze pagina passen. De nieuwste staan er niet bij.",
        "There are more facts than fit on this page. The newest are left out.";
}

/// The last instant of a day in the Netherlands; of today it is now, because none is to come.
fn end_of(visit: &Visit, day: NaiveDate) -> DateTime<Utc> {
    if day == today(visit) {
        return visit.app.now();
    }
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    repeated(Amsterdam, next.and_time(NaiveTime::MIN)) - TimeDelta::microseconds(1)
}

/// The case as it was known then.
struct Known {
    standing: pb::Standing,
    timeline: pb::Timeline,
    facts: Vec<pb::Fact>,
    /// Whether facts newer than these are left out.
    cut: bool,
    day: NaiveDate,
}

impl Known {
    /// Nothing but what is wrong when the day is none that may be looked back to.
    async fn of(visit: &Visit, id: &str, day: NaiveDate) -> Result<Result<Self, Faults>, Trouble> {
        let at = end_of(visit, day);
        let ask =
            pb::GetStandingRequest { case: name(id), as_of_time: Some(timestamp(at)), ..Default::default() };
        let standing = match facts::log(visit).get_standing(ask).await {
            Ok(standing) => standing.into_inner(),
            Err(status) => return Ok(Err(Faults::of(status)?)),
        };
        let ask = pb::GetTimelineRequest { name: name(id), as_of_time: Some(timestamp(at)) };
        let timeline = calls(visit).get_timeline(ask).await?.into_inner();
        let (facts, cut) = facts::all(visit, id, Some(at)).await?;
        Ok(Ok(Self { standing, timeline, facts, cut, day }))
    }

    /// The first day of the absence as it was told by then.
    fn first(&self) -> Option<NaiveDate> {
        let first = |fact: &pb::Fact| match &fact.said {
            // Where staying at home only threatens, it begins with who worried aloud.
            Some(pb::fact::Said::Happened(dated))
                if matches!(dated.moment(), pb::Moment::FirstAbsenceDay | pb::Moment::Signalled) =>
            {
                dated.date.parse::<NaiveDate>().ok()
            }
            Some(_) | None => None,
        };
        self.facts.iter().filter_map(first).filter(|first| *first <= self.day).max()
    }
}

pub(super) async fn show(visit: &Visit, id: &str, as_of: &str) -> Shown {
    let own = words(visit.language);
    let Ok(day) = as_of.parse::<NaiveDate>() else {
        let faults = Faults {
            summary: own.no_day.to_owned(),
            reason: String::new(),
            fields: BTreeMap::from([("as_of".to_owned(), own.no_day.to_owned())]),
        };
        return Ok(refused(visit, (id, as_of), &faults));
    };
    match Known::of(visit, id, day).await? {
        Ok(known) => known_page(visit, id, &known).await,
        Err(faults) => Ok(refused(visit, (id, as_of), &faults)),
    }
}

fn refused(visit: &Visit, (id, as_of): (&str, &str), faults: &Faults) -> Response {
    let own = words(visit.language);
    // The call names its own field; here the day is asked for.
    let told = faults.fields.values().next().cloned();
    let fields = told.into_iter().map(|fault| ("as_of".to_owned(), fault)).collect();
    let faults = Faults { fields, ..faults.clone() };
    let values = context! { own, as_of, home => home(id), day => as_of, faults => &faults };
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, ("workplace/case_then.html", own.title), values)
}

async fn known_page(visit: &Visit, id: &str, known: &Known) -> Shown {
    let (language, own) = (visit.language, words(visit.language));
    let Known { standing, timeline, facts, cut, day } = known;
    let names = &Names::of(visit, &pb::Case::default(), BTreeSet::new()).await?;
    let telling = Telling { names, language };
    let picture = known.first().map(|first| {
        let ended = standing.outcome_date.parse().ok();
        picture(&Told { timeline, facts, meetings: &[], first, ended, day: *day, language })
    });
    let counts: Vec<&str> = standing.labels.iter().map(|label| LABELS.say(label, language)).collect();
    let said = shown::day(&day.to_string(), language);
    let values = context! {
        own, picture, cut,
        home => home(id),
        as_of => day.to_string(),
        day => said.as_str(),
        visible => standing.stage != 0,
        stage => STAGES.say(standing.stage().as_str_name(), language),
        counts => counts.join(", "),
        level => ladder::said(standing.escalation_level, visit),
        suggested => if standing.suggested_escalation_level > standing.escalation_level {
            ladder::said(standing.suggested_escalation_level, visit)
        } else {
            ""
        },
        outcome => OUTCOMES.say(standing.outcome().as_str_name(), language),
        warnings => parts::warnings(&standing.warnings, (&standing.deadlines, &standing.labels), language),
        deadlines =>
            standing.deadlines.iter().map(|one| parts::deadline(one, language)).collect::<Vec<Value>>(),
        events => timeline.events.iter().rev().map(|one| parts::event(one, telling, false)).collect::<Vec<_>>(),
        facts => facts.iter().rev().map(|one| parts::fact(one, telling)).collect::<Vec<_>>(),
    };
    Ok(visit.page("workplace/case_then.html", &format!("{} {said}", own.title), values))
}
