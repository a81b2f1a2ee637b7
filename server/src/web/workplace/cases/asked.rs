//! What partners are asked to tell about a child: asked with consent of the family, answered by another way, or
//! not needed any more. The answer itself stands nowhere here.

use axum::extract::{Path, Query};
use chrono::Days;
use minijinja::{Value, context};
use pb::information_request::State;
use schakel_domain::{access::Action, thuiszitter::information::InformationKind};
use schakel_proto::v1::{self as pb, information_service_client::InformationServiceClient};

use super::{
    About, can, can_at, case, faults,
    form::{Choice, Field, Form},
    home, must, name,
    parts::Telling,
    register::{organisation_options, sorted},
    said::{ANSWERS, INFORMATION, PURPOSES},
    saved, today, typed,
};
use crate::web::{
    problem::NOT_FOUND,
    workplace::{
        calls::Channel,
        shown,
        trouble::{Shown, Trouble},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Opgevraagde informatie", "Information asked for";
    why: "Hier staat wat aan wie is gevraagd. Het antwoord zelf staat hier niet.",
        "This says what was asked of whom. The answer itself does not stand here.";
    none: "Er is niets opgevraagd dat u mag zien.", "Nothing was asked that you may see.";
    ask: "Informatie opvragen", "Ask for information";
    answer: "Antwoord vastleggen", "Record the answer";
    unask: "Niet meer nodig", "Not needed any more";
    of_whom: "Gevraagd aan", "Asked of";
    by: "Gevraagd door", "Asked by";
    unnamed: "naam niet bekend", "name not known";
    on: "Gevraagd op", "Asked on";
    due: "Antwoord graag uiterlijk", "Answer hoped for by";
    late: "te laat", "late";
    consent: "Toestemming die nu geldt", "Consent that holds now";
    until: "tot en met", "until";
    ended: "Afgehandeld op", "Dealt with on";
    intro: "Vragen kan alleen als het gezin daar toestemming voor gaf: dat deze organisatie dit met u deelt. \
        Alleen de leerplichtambtenaar vraagt een school zonder toestemming naar verzuim en onderwijs. \
        Schakel stuurt geen bericht: vraag het ook zelf. Wie daar dit dossier al ziet en dit mag weten, ziet uw vraag bij Vandaag.",
        "You can only ask with consent of the family that this organisation shares this with you. \
        Only the attendance officer asks a school about absence and education without consent. \
        Schakel sends no message: also ask yourself. Whoever sees this case there already and may know of this sees your question on Today.";
    kind: "Wat wilt u weten?", "What do you want to know?";
    organisation: "Welke organisatie vraagt u?", "Which organisation do you ask?";
    role: "Wie daar?", "Who there?";
    role_hint: "De functie van wie het antwoord geeft.", "The function of whoever answers.";
    note: "Wat hoort bij de vraag?", "What belongs to the question?";
    note_hint: "Schrijf hier nooit het antwoord op.", "Never write the answer here.";
    save: "Leg vast", "Record";
    how: "Is er antwoord?", "Was it answered?";
    day: "Op welke dag?", "On which day?";
    unask_intro: "De vraag vervalt. Wat is gevraagd, blijft te lezen.", "The question lapses. What was asked can still be read.";
}

/// Who knows something of a child that others need.
const ANSWERERS: [pb::Role; 14] = [
    pb::Role::Iber,
    pb::Role::Directeur,
    pb::Role::Jeugdarts,
    pb::Role::Jeugdverpleegkundige,
    pb::Role::Smw,
    pb::Role::Gezinswerker,
    pb::Role::Jeugdhulpverlener,
    pb::Role::Indicatiesteller,
    pb::Role::Gedragswetenschapper,
    pb::Role::AmbulantBegeleider,
    pb::Role::Zorgcoordinator,
    pb::Role::Bocer,
    pb::Role::Trajectbegeleider,
    pb::Role::Leerplichtambtenaar,
];
/// So long an answer is usually waited for.
const USUAL: Days = Days::new(14);

fn requests(visit: &Visit) -> InformationServiceClient<Channel> {
    InformationServiceClient::new(visit.calls())
}

async fn listed(visit: &Visit, id: &str) -> Result<Vec<pb::InformationRequest>, Trouble> {
    let ask = pb::ListInformationRequestsRequest { case: name(id) };
    Ok(requests(visit).list_information_requests(ask).await?.into_inner().information_requests)
}

/// What was asked about a case; nothing for who sees none and may never ask.
pub(super) async fn all(visit: &Visit, id: &str) -> Result<Option<Vec<pb::InformationRequest>>, Trouble> {
    let all = listed(visit, id).await?;
    Ok((!all.is_empty() || can(visit, Action::AskInformation)).then_some(all))
}

/// The part of the page of a case that is about it; `consents` are those that the visitor may read.
pub(super) fn section(
    visit: &Visit,
    case: &pb::Case,
    (all, consents): (&[pb::InformationRequest], &[pb::Consent]),
    telling: Telling,
) -> Value {
    let open = matches!(case.state(), pb::case::State::Open);
    let may = open && can_at(visit, Action::AskInformation, case.escalation_level);
    let to = |verb: &str| if may { format!("/{}/{verb}", case.name) } else { String::new() };
    context! {
        own => words(visit.language),
        all => all.iter().map(|one| row(visit, one, consents, telling)).collect::<Vec<_>>(),
        ask => to("ask"),
        answer => to("answered"),
        unask => to("unask"),
    }
}

/// A request: what was asked of whom, by whom, until when, on which consent, and what became of it.
fn row(visit: &Visit, one: &pb::InformationRequest, consents: &[pb::Consent], telling: Telling) -> Value {
    let language = telling.language;
    let waits = matches!(one.state(), State::Asked);
    let covers = |consent: &&pb::Consent| waits && covers(visit, one, consent);
    let consent = |one: &pb::Consent| {
        context! {
            purpose => PURPOSES.say(&one.purpose, language),
            expires => shown::day(&one.expire_date, language),
        }
    };
    context! {
        waits,
        name => one.name.as_str(),
        kind => INFORMATION.say(one.kind().as_str_name(), language),
        of_whom => telling.names.function(one.role(), &one.organisation, language),
        by => telling.names.of_name(&one.asked_by),
        system => one.asked_by.is_empty(),
        on => shown::day(&one.ask_date, language),
        due => shown::day(&one.due_date, language),
        late => waits && one.due_date < today(visit).to_string(),
        state => ANSWERS.say(one.state().as_str_name(), language),
        mark => match one.state() {
            State::Received => "accepted",
            State::Declined => "declined",
            State::Withdrawn => "tentative",
            State::Asked | State::Unspecified => "waiting",
        },
        ended => shown::day(&one.end_date, language),
        note => one.note.as_str(),
        consents => consents.iter().filter(covers).map(consent).collect::<Vec<_>>(),
    }
}

/// Whether a consent that holds today lets who is asked share this with the visitor.
fn covers(visit: &Visit, one: &pb::InformationRequest, consent: &pb::Consent) -> bool {
    let word = one.kind().as_str_name().trim_start_matches("KIND_");
    let Ok(class) = word.parse::<InformationKind>().map(InformationKind::class) else { return false };
    let tells = consent.gives.iter().any(|party| {
        if party.organisation.is_empty() {
            party.role == one.role
        } else {
            party.organisation == one.organisation
        }
    });
    let own = |role: pb::Role| {
        visit.session.acting.iter().any(|at| role.as_str_name() == format!("ROLE_{}", at.role))
    };
    let reads = consent.receives.iter().any(|party| {
        if party.organisation.is_empty() {
            own(party.role())
        } else {
            party.organisation == visit.me.acting_for
        }
    });
    let shared = consent.classes().any(|known| known.as_str_name() == format!("DATA_CLASS_{class}"));
    consent.valid && tells && reads && shared
}

async fn question(visit: &Visit, id: &str) -> Result<Form, Trouble> {
    must(visit, Action::AskInformation)?;
    case(visit, id).await?;
    let (language, own) = (visit.language, words(visit.language));
    let mut organisations = organisation_options(visit).await?;
    organisations.retain(|(one, _)| *one != visit.me.acting_for);
    let answerer = |role: &pb::Role| (role.as_str_name().to_owned(), shown::role(*role, language));
    let answerers: Vec<Choice> = sorted(ANSWERERS.iter().map(answerer).collect());
    let day = today(visit);
    let due = day.checked_add_days(USUAL).unwrap_or(day);
    let form = Form::new((own.ask, own.ask), home(id))
        .intro(own.intro)
        .ask(Field::choice("information_request.kind", own.kind, INFORMATION.options(language)).required())
        .ask(Field::choice("information_request.organisation", own.organisation, organisations).required())
        .ask(Field::choice("information_request.role", own.role, answerers).required().hint(own.role_hint))
        .ask(Field::date("information_request.due_date", own.due).required().value(due.to_string()))
        .ask(Field::text("information_request.note", own.note).hint(own.note_hint));
    Ok(form)
}

pub(super) async fn asking(visit: Visit, Path(id): Path<String>) -> Shown {
    Ok(question(&visit, &id).await?.page(&visit))
}

pub(super) async fn ask(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let kind = posted.one("information_request.kind")?;
    let role = posted.one("information_request.role")?;
    let wished = pb::InformationRequest {
        case: name(&id),
        kind: INFORMATION.number(kind, pb::information_request::Kind::from_str_name),
        organisation: typed(&posted, "information_request.organisation")?,
        role: pb::Role::from_str_name(role).unwrap_or_default().into(),
        due_date: typed(&posted, "information_request.due_date")?,
        note: typed(&posted, "information_request.note")?,
        ..pb::InformationRequest::default()
    };
    let ask = pb::AskInformationRequest {
        information_request: Some(wished),
        request_id: typed(&posted, "request_id")?,
    };
    match faults(requests(&visit).ask_information(ask).await)? {
        None => Ok(saved::to(&id, "asked")),
        Some(faults) => Ok(question(&visit, &id).await?.again(&visit, &posted, &faults)),
    }
}

/// The one with that name that waits for an answer.
async fn waiting(visit: &Visit, id: &str, of: &str) -> Result<pb::InformationRequest, Trouble> {
    must(visit, Action::AskInformation)?;
    let waits = |one: &pb::InformationRequest| one.name == of && matches!(one.state(), State::Asked);
    listed(visit, id).await?.into_iter().find(waits).ok_or(NOT_FOUND.into())
}

/// What a form is about, with what belongs to every end of it.
async fn ending(visit: &Visit, (id, of): (&str, &str), form: Form) -> Result<Form, Trouble> {
    let asked = waiting(visit, id, of).await?;
    let quoted = INFORMATION.say(asked.kind().as_str_name(), visit.language);
    Ok(form.quote(quoted).hide("of", asked.name).hide("etag", asked.etag))
}

fn last_day(visit: &Visit) -> Field {
    Field::date("end_date", words(visit.language).day).required().value(today(visit).to_string())
}

async fn answered(visit: &Visit, id: &str, of: &str) -> Result<Form, Trouble> {
    let own = words(visit.language);
    let form = ending(visit, (id, of), Form::new((own.answer, own.save), home(id))).await?;
    let given = |(word, _): &Choice| matches!(word.as_str(), "RECEIVED" | "DECLINED");
    let options = ANSWERS.options(visit.language).into_iter().filter(given).collect();
    Ok(form.ask(Field::choice("state", own.how, options).required()).ask(last_day(visit)))
}

pub(super) async fn answering(visit: Visit, Path(id): Path<String>, Query(about): Query<About>) -> Shown {
    Ok(answered(&visit, &id, &about.of).await?.page(&visit))
}

async fn lapsed(visit: &Visit, id: &str, of: &str) -> Result<Form, Trouble> {
    let own = words(visit.language);
    let form = Form::new((own.unask, own.unask), home(id)).intro(own.unask_intro);
    Ok(ending(visit, (id, of), form).await?.ask(last_day(visit)))
}

pub(super) async fn withdrawing(visit: Visit, Path(id): Path<String>, Query(about): Query<About>) -> Shown {
    Ok(lapsed(&visit, &id, &about.of).await?.page(&visit))
}

fn ended(posted: &Posted, state: i32) -> Result<pb::EndInformationRequestRequest, Trouble> {
    Ok(pb::EndInformationRequestRequest {
        name: typed(posted, "of")?,
        state,
        end_date: typed(posted, "end_date")?,
        etag: typed(posted, "etag")?,
        request_id: typed(posted, "request_id")?,
    })
}

pub(super) async fn answer(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let ask = ended(&posted, ANSWERS.number(posted.one("state")?, State::from_str_name))?;
    match faults(requests(&visit).end_information_request(ask).await)? {
        None => Ok(saved::to(&id, "received")),
        Some(faults) => Ok(answered(&visit, &id, posted.one("of")?).await?.again(&visit, &posted, &faults)),
    }
}

pub(super) async fn withdraw(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let ask = ended(&posted, State::Withdrawn.into())?;
    match faults(requests(&visit).end_information_request(ask).await)? {
        None => Ok(saved::to(&id, "unasked")),
        Some(faults) => Ok(lapsed(&visit, &id, posted.one("of")?).await?.again(&visit, &posted, &faults)),
    }
}
