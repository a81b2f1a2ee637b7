//! A case goes on: to its next stage, with a next date, to its end, and on again after a relapse.

use axum::extract::Path;
use pb::case::ExternalReference;
use schakel_domain::{
    access::{Action, Class},
    thuiszitter::Outcome,
};
use schakel_proto::v1 as pb;

use super::{
    calls, case, faults,
    form::{Choice, Field, Form},
    home, must, name,
    register::{person, person_options, sorted},
    said::{OUTCOMES, STAGES},
    saved, today, typed, writes,
};
use crate::{
    thuiszitter::outcome_from_wire,
    web::workplace::{
        trouble::{Shown, Trouble, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    advance: "Naar de volgende fase", "To the next stage";
    stage: "Nieuwe fase", "New stage";
    now: "Fase nu:", "Stage now:";
    parents: "Hoe zijn de ouders betrokken?", "How were the parents involved?";
    parents_hint: "Zonder de ouders gaat een dossier niet verder.", "A case does not go on without the parents.";
    urgent: "Was daar geen tijd voor? Laat dit dan leeg. In de tijdlijn staat dan: niet verteld.",
        "Was there no time for that? Then leave this empty. The timeline then says: not told.";
    child: "Hoe is het kind gehoord? Of waarom niet?", "How was the child heard? Or why not?";
    child_hint: "Schrijf hier alleen hoe het ging, niet wat het kind zei. Wat het kind zelf zegt, legt u vast bij het kind. \
        Laat u dit leeg, dan staat in de tijdlijn: niet verteld.",
        "Only write how it went here, not what the child said. What the child says itself is recorded with the child. \
        If you leave this empty, the timeline says: not told.";
    next: "Volgende stap op", "Next step on";
    next_hint: "Zonder datum krijgt u een melding.", "Without a date you get an alarm.";
    change: "Afspraken wijzigen", "Change what was agreed";
    question: "Wat is de vraag van de school?", "What does the school ask?";
    regisseur: "Regisseur: wie houdt het dossier bij elkaar?", "Regisseur: who keeps the case together?";
    external: "Bekend in andere systemen als", "Known in other systems as";
    external_hint: "Op elke regel een systeem en het kenmerk daar, bijvoorbeeld Kindkans: KK-2026-118. Nooit een BSN.",
        "On each line a system and what the case is called there, for example Kindkans: KK-2026-118. Never a BSN.";
    save: "Bewaar", "Save";
    close: "Dossier sluiten", "Close the case";
    close_intro: "Voorstellen voor een tijd vervallen. Het dossier blijft te lezen. Is het kind overleden? \
        Dan gaan ook de overleggen die nog komen niet door. De familie krijgt geen berichten meer.",
        "Proposals of times are called off. The case can still be read. Did the child die? \
        Then coming meetings are off too. The family gets no messages any more.";
    outcome: "Uitkomst", "Outcome";
    outcome_date: "Vanaf welke dag staat dat vast?", "From which day is that certain?";
    outcome_hint: "Bijvoorbeeld de dag van de inschrijving.", "For example the day of the enrolment.";
    note: "Toelichting", "Why";
    reopen: "Dossier heropenen", "Reopen the case";
    reopen_intro: "Zit het kind weer thuis? Dan gaat hetzelfde dossier verder, vanaf een nieuwe eerste dag. \
        Was het sluiten een vergissing? Dan gaat het verder alsof het niet gesloten was.",
        "Is the child at home again? Then the same case goes on, from a new first day. \
        Was closing it a mistake? Then it goes on as if it was never closed.";
    mistake: "Het dossier is bij vergissing gesloten: neem het sluiten terug",
        "The case was closed by mistake: take the closing back";
    tell_exemption: "Leg de vrijstelling vast", "Record the exemption";
    first_day: "Eerste dag weer thuis", "First day at home again";
    first_day_hint: "Laat dit leeg als het sluiten een vergissing was.", "Leave this empty when closing was a mistake.";
}

fn kept(form: Form, case: &pb::Case) -> Form {
    form.hide("etag", case.etag.as_str())
}

/// How the parents were involved in a step that may be urgent.
pub(super) fn parents_involved(visit: &Visit) -> Field {
    let own = words(visit.language);
    Field::text("parents_involved", own.parents).hint(own.urgent)
}

/// How the child was heard about a step.
pub(super) fn child_heard(visit: &Visit) -> Field {
    let own = words(visit.language);
    Field::text("child_heard", own.child).hint(own.child_hint)
}

async fn step(visit: &Visit, id: &str) -> Result<Form, Trouble> {
    must(visit, Action::WriteCase)?;
    let (own, case) = (words(visit.language), case(visit, id).await?);
    // A case is closed with an outcome, and in no other way.
    let elsewhere = |(word, _): &Choice| {
        word != "GESLOTEN" && case.stage().as_str_name().strip_prefix("STAGE_") != Some(word.as_str())
    };
    let stages = STAGES.options(visit.language).into_iter().filter(elsewhere).collect();
    let stage = STAGES.say(case.stage().as_str_name(), visit.language);
    let form = Form::new((own.advance, own.advance), home(id))
        .quote(format!("{} {stage}", own.now))
        .ask(Field::choice("stage", own.stage, stages).required())
        .ask(Field::text("parents_involved", own.parents).required().hint(own.parents_hint))
        .ask(child_heard(visit))
        .ask(Field::date("next_action_date", own.next).hint(own.next_hint));
    Ok(kept(form, &case))
}

pub(super) async fn advancing(visit: Visit, Path(id): Path<String>) -> Shown {
    Ok(step(&visit, &id).await?.page(&visit))
}

pub(super) async fn advance(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let ask = pb::AdvanceCaseRequest {
        name: name(&id),
        stage: STAGES.number(posted.one("stage")?, pb::Stage::from_str_name),
        parents_involved: typed(&posted, "parents_involved")?,
        child_heard: typed(&posted, "child_heard")?,
        next_action_date: typed(&posted, "next_action_date")?,
        etag: typed(&posted, "etag")?,
        request_id: typed(&posted, "request_id")?,
    };
    match faults(calls(&visit).advance_case(ask).await)? {
        None => Ok(saved::to(&id, "advanced")),
        Some(faults) => Ok(step(&visit, &id).await?.again(&visit, &posted, &faults)),
    }
}

/// Who can see to the case: people of the school and of one's own organisation, and who does `now`.
pub(super) async fn keepers(visit: &Visit, case: &pb::Case, now: &str) -> Result<Vec<Choice>, Trouble> {
    let school = case.school.strip_prefix("schools/").map(|id| format!("organisations/{id}"));
    let own = visit.me.acting_for.clone();
    let mut all = Vec::new();
    for organisation in school.into_iter().filter(|school| *school != own).chain([own.clone()]) {
        let ask = pb::ListPersonsRequest { organisation, ..Default::default() };
        all.extend(person_options(visit, &ask).await?);
    }
    if !now.is_empty() && all.iter().all(|(person, _)| person != now) {
        let found = person(visit, now).await?;
        all.push((found.name, found.display_name));
    }
    let mut all = sorted(all);
    all.dedup();
    Ok(all)
}

async fn agreed(visit: &Visit, id: &str) -> Result<Form, Trouble> {
    must(visit, Action::WriteCase)?;
    let (own, case) = (words(visit.language), case(visit, id).await?);
    let keepers = keepers(visit, &case, &case.regisseur).await?;
    let form = Form::new((own.change, own.save), home(id))
        .ask(
            Field::date("case.next_action_date", own.next)
                .hint(own.next_hint)
                .stored(case.next_action_date.as_str()),
        )
        .ask(Field::choice("case.regisseur", own.regisseur, keepers).stored(case.regisseur.as_str()))
        .ask(Field::text("case.question", own.question).stored(case.question.as_str()))
        .ask(
            Field::text("case.external_references", own.external)
                .hint(own.external_hint)
                .stored(lines(&case.external_references)),
        );
    Ok(kept(form, &case))
}

/// A line for each: `Kindkans: KK-2026-118`.
fn lines(known: &[ExternalReference]) -> String {
    known.iter().map(|one| format!("{}: {}", one.system, one.id)).collect::<Vec<_>>().join("\n")
}

/// What stands in those lines. What lacks a system or an id is the call's to refuse.
fn references(typed: &str) -> Vec<ExternalReference> {
    let filled = typed.lines().map(str::trim).filter(|line| !line.is_empty());
    let one = |line: &str| {
        let (system, id) = line.split_once(':').unwrap_or((line, ""));
        ExternalReference { system: system.trim().to_owned(), id: id.trim().to_owned() }
    };
    filled.map(one).collect()
}

pub(super) async fn changing(visit: Visit, Path(id): Path<String>) -> Shown {
    Ok(agreed(&visit, &id).await?.page(&visit))
}

pub(super) async fn change(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    // What was left alone is not sent: somebody else may have changed it meanwhile.
    let mut paths = Vec::new();
    for path in ["next_action_date", "regisseur", "question", "external_references"] {
        if posted.is_changed(&format!("case.{path}"))? {
            paths.push(path.to_owned());
        }
    }
    if paths.is_empty() {
        return Ok(see_other(&home(&id)));
    }
    let ask = pb::UpdateCaseRequest {
        case: Some(pb::Case {
            name: name(&id),
            next_action_date: typed(&posted, "case.next_action_date")?,
            regisseur: typed(&posted, "case.regisseur")?,
            question: typed(&posted, "case.question")?,
            external_references: references(&typed(&posted, "case.external_references")?),
            etag: typed(&posted, "etag")?,
            ..pb::Case::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths }),
        request_id: typed(&posted, "request_id")?,
        ..pb::UpdateCaseRequest::default()
    };
    match faults(calls(&visit).update_case(ask).await)? {
        None => Ok(saved::to(&id, "changed")),
        Some(faults) => Ok(agreed(&visit, &id).await?.again(&visit, &posted, &faults)),
    }
}

async fn ending(visit: &Visit, id: &str) -> Result<Form, Trouble> {
    must(visit, Action::CloseCase)?;
    let (own, case) = (words(visit.language), case(visit, id).await?);
    let form = Form::new((own.close, own.close), home(id))
        .intro(own.close_intro)
        .ask(Field::choice("outcome", own.outcome, OUTCOMES.options(visit.language)).required())
        .ask(
            Field::date("outcome_date", own.outcome_date)
                .required()
                .hint(own.outcome_hint)
                .value(today(visit).to_string()),
        )
        .ask(parents_involved(visit))
        .ask(child_heard(visit))
        .ask(Field::text("note", own.note));
    Ok(kept(form, &case))
}

pub(super) async fn closing(visit: Visit, Path(id): Path<String>) -> Shown {
    Ok(ending(&visit, &id).await?.page(&visit))
}

pub(super) async fn close(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let outcome = OUTCOMES.number(posted.one("outcome")?, pb::CaseOutcome::from_str_name);
    let ask = pb::CloseCaseRequest {
        name: name(&id),
        outcome,
        outcome_date: typed(&posted, "outcome_date")?,
        note: typed(&posted, "note")?,
        parents_involved: typed(&posted, "parents_involved")?,
        child_heard: typed(&posted, "child_heard")?,
        etag: typed(&posted, "etag")?,
        request_id: typed(&posted, "request_id")?,
    };
    match faults(calls(&visit).close_case(ask).await)? {
        None => Ok(saved::to(&id, "closed")),
        Some(faults) => {
            let ground = outcome_from_wire(outcome).and_then(Outcome::exemption);
            let ground = ground.filter(|_| faults.fields.contains_key("outcome"));
            let may = writes(&visit, Class::K3);
            let text = words(visit.language).tell_exemption;
            let ways = ground
                .filter(|_| may)
                .map(|ground| (text, format!("{}/fact?of=exemption&what={ground}", home(&id))));
            let form = ending(&visit, &id).await?.ways(ways.into_iter().collect());
            Ok(form.again(&visit, &posted, &faults))
        }
    }
}

async fn relapse(visit: &Visit, id: &str) -> Result<Form, Trouble> {
    must(visit, Action::ReopenCase)?;
    let (own, case) = (words(visit.language), case(visit, id).await?);
    let form = Form::new((own.reopen, own.reopen), home(id))
        .intro(own.reopen_intro)
        .ask(Field::tick("closed_by_mistake", own.mistake))
        .ask(Field::date("first_day", own.first_day).hint(own.first_day_hint))
        .ask(parents_involved(visit))
        .ask(child_heard(visit));
    Ok(kept(form, &case))
}

pub(super) async fn reopening(visit: Visit, Path(id): Path<String>) -> Shown {
    Ok(relapse(&visit, &id).await?.page(&visit))
}

pub(super) async fn reopen(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let ask = pb::ReopenCaseRequest {
        name: name(&id),
        first_day: typed(&posted, "first_day")?,
        closed_by_mistake: posted.ticked("closed_by_mistake")?,
        parents_involved: typed(&posted, "parents_involved")?,
        child_heard: typed(&posted, "child_heard")?,
        etag: typed(&posted, "etag")?,
        request_id: typed(&posted, "request_id")?,
    };
    match faults(calls(&visit).reopen_case(ask).await)? {
        None => Ok(saved::to(&id, "reopened")),
        Some(faults) => Ok(relapse(&visit, &id).await?.again(&visit, &posted, &faults)),
    }
}
