//! How the child, the parents and the organisations see it, each in its own words, side by side.

use axum::extract::{Path, Query};
use schakel_domain::{access::Action, ids::PersonId, thuiszitter::view::Party};
use schakel_proto::v1 as pb;

use super::{
    About, case, faults,
    form::{Choice, Field, Form},
    home,
    ladder::ladder,
    must, name,
    register::people,
    said::ABOUTS,
    saved, sees_at, typed,
};
use crate::web::{
    problem::NOT_FOUND,
    workplace::{
        shown,
        trouble::{Shown, Trouble},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Opschrijven hoe iemand het ziet", "Write down how somebody sees it";
    answer: "Reageren", "Answer";
    save: "Bewaar", "Save";
    intro: "Gebruik de eigen woorden van het kind, de ouder of de organisatie. Het kan later niet worden gewijzigd.",
        "Use the own words of the child, the parent or the organisation. It cannot be changed later.";
    party: "Wie zegt dit?", "Who says this?";
    child: "het kind", "the child";
    own: "uw organisatie", "your organisation";
    about: "Waar gaat het over?", "What is it about?";
    decision: "Welk besluit?", "Which decision?";
    decision_hint: "Alleen als het over een besluit gaat.", "Only when it is about a decision.";
    text: "Wat zegt hij of zij?", "What do they say?";
}

/// Whether the visitor writes down what `person` says about the case: the rule of the call.
pub(super) fn speaks(visit: &Visit, case: &pb::Case, person: &str) -> bool {
    let child = case.child.as_ref().and_then(|child| child.person.parse::<PersonId>().ok());
    let Some((child, person)) = child.zip(person.parse::<PersonId>().ok()) else { return false };
    let classes = sees_at(visit, Action::RecordView, case.escalation_level);
    let own = visit.session.acting.first().map(|at| at.organisation);
    Party::Person(person).is_open(child, classes, own)
}

/// Who can say something: the child and the parents as far as the visitor may write that down, and one's
/// own organisation.
fn parties(visit: &Visit, case: &pb::Case) -> Vec<Choice> {
    let own = words(visit.language);
    let child = case.child.as_ref().map(|child| child.person.as_str());
    let speaking = people(case).into_iter().filter(|(person, _)| speaks(visit, case, person));
    let people = speaking.map(|(person, name)| {
        let said = if Some(person.as_str()) == child { format!("{name}, {}", own.child) } else { name };
        (person, said)
    });
    let acting = visit.session.acting.first();
    let acting = acting.map(|at| (at.organisation.to_string(), format!("{}, {}", at.display_name, own.own)));
    people.chain(acting).collect()
}

/// A person or an organisation, as the two fields of the call have it.
fn party(posted: &Posted) -> Result<(String, String), Trouble> {
    let party = typed(posted, "person")?;
    let organisation = party.starts_with("organisations/");
    Ok(if organisation { (String::new(), party) } else { (party, String::new()) })
}

async fn view(visit: &Visit, id: &str, of: &str) -> Result<Form, Trouble> {
    must(visit, Action::RecordView)?;
    let (language, own) = (visit.language, words(visit.language));
    let case = case(visit, id).await?;
    let ask = pb::ListDecisionsRequest { case: name(id) };
    let decisions = ladder(visit).list_decisions(ask).await?.into_inner().decisions;
    let decisions: Vec<Choice> =
        decisions.into_iter().map(|one| (one.name, shown::day(&one.decide_date, language))).collect();
    let mut form = Form::new((own.title, own.save), home(id))
        .intro(own.intro)
        .ask(Field::choice("person", own.party, parties(visit, &case)).required().value(of))
        .ask(Field::choice("about", own.about, ABOUTS.options(language)).required().value("CASE"));
    if !decisions.is_empty() {
        form = form.ask(Field::choice("decision", own.decision, decisions).hint(own.decision_hint));
    }
    Ok(form.ask(Field::text("text", own.text).required()))
}

pub(super) async fn asking(visit: Visit, Path(id): Path<String>, Query(about): Query<About>) -> Shown {
    Ok(view(&visit, &id, &about.of).await?.page(&visit))
}

pub(super) async fn record(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let (person, organisation) = party(&posted)?;
    let ask = pb::RecordViewRequest {
        case: name(&id),
        about: ABOUTS.number(posted.one("about")?, pb::case_view::About::from_str_name),
        decision: typed(&posted, "decision")?,
        person,
        organisation,
        text: typed(&posted, "text")?,
        request_id: typed(&posted, "request_id")?,
    };
    match faults(ladder(&visit).record_view(ask).await)? {
        None => Ok(saved::to(&id, "view")),
        Some(faults) => Ok(view(&visit, &id, "").await?.again(&visit, &posted, &faults)),
    }
}

async fn rejoinder(visit: &Visit, id: &str, of: &str) -> Result<Form, Trouble> {
    must(visit, Action::RecordView)?;
    let own = words(visit.language);
    let ask = pb::ListViewsRequest { case: name(id) };
    let all = ladder(visit).list_views(ask).await?.into_inner().views;
    let answered = all.into_iter().find(|one| one.name == of).ok_or(NOT_FOUND)?;
    let case = case(visit, id).await?;
    let form = Form::new((own.answer, own.save), home(id))
        .intro(own.intro)
        .quote(answered.text)
        .hide("of", answered.name)
        .ask(Field::choice("person", own.party, parties(visit, &case)).required())
        .ask(Field::text("text", own.text).required());
    Ok(form)
}

pub(super) async fn answering(visit: Visit, Path(id): Path<String>, Query(about): Query<About>) -> Shown {
    Ok(rejoinder(&visit, &id, &about.of).await?.page(&visit))
}

pub(super) async fn answer(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let (person, organisation) = party(&posted)?;
    let ask = pb::AddRejoinderRequest {
        view: typed(&posted, "of")?,
        person,
        organisation,
        text: typed(&posted, "text")?,
        request_id: typed(&posted, "request_id")?,
    };
    match faults(ladder(&visit).add_rejoinder(ask).await)? {
        None => Ok(saved::to(&id, "answered")),
        Some(faults) => Ok(rejoinder(&visit, &id, posted.one("of")?).await?.again(&visit, &posted, &faults)),
    }
}
