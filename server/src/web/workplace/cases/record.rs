//! Facts that no other form tells: an exemption, another kind of absence, whether the child is enrolled,
//! where it lives, what else holds, and a term that stands still.

use axum::extract::{Path, Query};
use minijinja::context;
use schakel_domain::{
    access::{Action, Class},
    thuiszitter::Circumstance,
};
use schakel_proto::v1 as pb;
use serde::Deserialize;
use strum::IntoEnumIterator;

use super::{
    calls, case,
    correct::{self, days},
    facts, faults,
    form::{Choice, Field, Form},
    grounds::{CIRCUMSTANCES, EXEMPTIONS},
    home,
    moving::{OUTSIDE, outside},
    must, name,
    register::{areas, sorted},
    said::{ABSENCES, ENROLMENTS},
    saved, today, typed, writes,
};
use crate::web::{
    problem::NOT_FOUND,
    workplace::{
        trouble::{Shown, Trouble},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Ander feit vastleggen", "Record another fact";
    save: "Leg vast", "Record";
    intro: "Wat wilt u vastleggen? De termijnen worden daarna opnieuw berekend.",
        "What do you want to record? The deadlines are computed again afterwards.";
    back: "Terug naar het dossier", "Back to the case";
    exemption: "Vrijstelling of vervangende leerplicht", "Exemption or substitute programme";
    exemption_intro: "Leg alleen vast wat echt geldt. Dat er om is gevraagd, legt u vast als gebeurtenis of in een traject.",
        "Only record what really holds. That it was asked for is recorded as what happened, or in a track.";
    ground: "Op welke grond?", "On which ground?";
    last_hint: "Leeg als die nog niet bekend is.", "Empty when it is not known yet.";
    absence: "Ander soort verzuim", "Another kind of absence";
    absence_intro: "Vanaf deze dag geldt dit in plaats van wat er staat. Wat daarvoor gold, blijft bewaard.",
        "From this day on this holds instead of what is there. What held before is kept.";
    enrolled: "Inschrijving op een school", "Enrolment at a school";
    residence: "Gemeente waar het kind woont", "Gemeente where the child lives";
    holding: "Iets wat geldt voor kind of school", "Something that holds for child or school";
    what: "Wat geldt er?", "What holds?";
    suspension: "Een termijn die stilstaat", "A term that stands still";
    norm: "Welke termijn?", "Which term?";
    year: "Eerste hele schooljaar", "First full school year";
    qualified: "Startkwalificatie", "Startkwalificatie";
}

/// What is told here. The words are those by which a form says what it holds.
#[derive(Debug, Clone, Copy, strum::EnumString, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
enum Kind {
    Exemption,
    Absence,
    Enrolled,
    Residence,
    Holding,
    Suspension,
    Year,
    Qualified,
}

impl Kind {
    fn title(self, own: &Words) -> &'static str {
        match self {
            Self::Exemption => own.exemption,
            Self::Absence => own.absence,
            Self::Enrolled => own.enrolled,
            Self::Residence => own.residence,
            Self::Holding => own.holding,
            Self::Suspension => own.suspension,
            Self::Year => own.year,
            Self::Qualified => own.qualified,
        }
    }

    /// The class of the least that it tells.
    fn class(self) -> Class {
        match self {
            Self::Residence => Class::K2,
            Self::Exemption
            | Self::Absence
            | Self::Enrolled
            | Self::Holding
            | Self::Suspension
            | Self::Year
            | Self::Qualified => Class::K3,
        }
    }
}

/// What stands in the address: which kind, and what of it is chosen beforehand.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    of: String,
    what: String,
}

/// What can hold, as far as the visitor may tell it and it follows from nothing else.
fn circumstances(visit: &Visit) -> Vec<Choice> {
    let told = |(word, _): &Choice| {
        let known = word.parse::<Circumstance>().ok();
        known.is_some_and(|one| !one.is_derived() && writes(visit, one.class()))
    };
    CIRCUMSTANCES.options(visit.language).into_iter().filter(told).collect()
}

/// The terms that run in a case, or ran.
async fn terms(visit: &Visit, id: &str) -> Result<Vec<Choice>, Trouble> {
    let ask = pb::GetTimelineRequest { name: name(id), ..Default::default() };
    let timeline = calls(visit).get_timeline(ask).await?.into_inner();
    let mut all: Vec<Choice> = (timeline.deadlines.into_iter())
        .map(|one| (one.norm.clone(), format!("{} {}", one.norm, one.display_name)))
        .collect();
    all.sort();
    all.dedup();
    Ok(all)
}

/// The gemeenten of the region, and a line for any other.
async fn gemeente(visit: &Visit, label: &'static str, hint: &'static str) -> Result<Field, Trouble> {
    let known = areas(visit, pb::area::Kind::Gemeente).await?;
    let options = sorted(known.into_iter().map(|one| (one.code, one.display_name)).collect());
    Ok(Field::line("facts[0].residence.gemeente_code", label).required().hint(hint).suggest(options))
}

/// The form of one kind.
async fn fact(visit: &Visit, id: &str, kind: Kind, what: &str) -> Result<Form, Trouble> {
    must(visit, Action::WriteCase)?;
    if !writes(visit, kind.class()) {
        return Err(NOT_FOUND.into());
    }
    case(visit, id).await?;
    let (language, own, fields) = (visit.language, words(visit.language), correct::words(visit.language));
    let word: &'static str = kind.into();
    let day = today(visit).to_string();
    let form = Form::new((kind.title(own), own.save), home(id)).hide("of", word).hide("said", word);
    Ok(match kind {
        Kind::Exemption => {
            let grounds = EXEMPTIONS.options(language);
            let ground = Field::choice("facts[0].exemption.ground", own.ground, grounds).required();
            days(
                form.intro(own.exemption_intro).ask(ground.value(what)),
                fields,
                "facts[0].exemption",
                ("", ""),
            )
        }
        Kind::Absence => {
            let kinds = ABSENCES.options(language);
            form.intro(own.absence_intro)
                .ask(Field::choice("facts[0].absence.kind", fields.absence, kinds).required().value(what))
                .ask(Field::date("facts[0].absence.from_date", fields.from).required().value(day))
        }
        Kind::Enrolled => {
            let options = ENROLMENTS.options(language);
            form.ask(Field::choice("facts[0].enrolled.enrolment", fields.enrolment, options).required())
                .ask(Field::date("facts[0].enrolled.from_date", fields.from).required().value(day))
        }
        Kind::Residence => form
            .ask(gemeente(visit, fields.gemeente, fields.gemeente_hint).await?)
            .ask(outside(visit))
            .ask(Field::date("facts[0].residence.from_date", fields.from).required().value(day)),
        Kind::Holding => {
            let what = Field::choice("facts[0].holding.circumstance", own.what, circumstances(visit));
            days(form.ask(what.required()), fields, "facts[0].holding", (day.as_str(), ""))
        }
        Kind::Suspension => {
            let norm = Field::choice("facts[0].suspension.norm", own.norm, terms(visit, id).await?);
            days(form.ask(norm.required()), fields, "facts[0].suspension", (day.as_str(), ""))
        }
        Kind::Year => form.ask(
            Field::line("facts[0].first_full_school_year", fields.year).required().hint(fields.year_hint),
        ),
        Kind::Qualified => form.ask(Field::date("facts[0].qualified_date", fields.day).required()),
    })
}

fn kind_of(word: &str) -> Result<Kind, Trouble> {
    word.parse().map_err(|_| NOT_FOUND.into())
}

pub(super) async fn telling(visit: Visit, Path(id): Path<String>, Query(asked): Query<Asked>) -> Shown {
    if !asked.of.is_empty() {
        return Ok(fact(&visit, &id, kind_of(&asked.of)?, &asked.what).await?.page(&visit));
    }
    must(&visit, Action::WriteCase)?;
    case(&visit, &id).await?;
    let (home, own) = (home(&id), words(visit.language));
    let kinds = Kind::iter().filter(|kind| writes(&visit, kind.class())).map(|kind| {
        let word: &'static str = kind.into();
        context! { href => format!("{home}/fact?of={word}"), text => kind.title(own) }
    });
    let kinds: Vec<_> = kinds.collect();
    Ok(visit.page("workplace/case_fact.html", own.title, context! { own, home => home.as_str(), kinds }))
}

pub(super) async fn tell(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let kind = kind_of(posted.one("of")?)?;
    let fact_told = pb::Fact { said: correct::told(&posted, "facts[0]")?, ..pb::Fact::default() };
    let ask = pb::RecordFactsRequest {
        case: name(&id),
        facts: vec![fact_told],
        confirm_outside_region: posted.ticked(OUTSIDE)?,
        request_id: typed(&posted, "request_id")?,
    };
    match faults(facts::log(&visit).record_facts(ask).await)? {
        None => Ok(saved::to(&id, kind.into())),
        Some(faults) => Ok(fact(&visit, &id, kind, "").await?.again(&visit, &posted, &faults)),
    }
}
