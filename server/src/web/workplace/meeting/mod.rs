//! A meeting: when and where, who answered what as it happens, and what can be done with it; and the
//! meetings of a week.

mod change;
mod events;
mod file;
mod list;
mod moving;
mod outcome;
pub(in crate::web::workplace) mod proposals;

use axum::{
    Router,
    extract::{Path, Query},
    response::Response,
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use http::StatusCode;
use minijinja::{Value, context};
use pb::{
    consultation::{Kind, State},
    consultation_service_client::ConsultationServiceClient,
    directory_service_client::DirectoryServiceClient,
    message,
    message_service_client::MessageServiceClient,
    participant::DeclineReason,
};
use schakel_domain::{
    access::{Action, Role, may},
    invitation::dates,
    refusal::Language,
};
use schakel_proto::v1 as pb;
use serde::Deserialize;
use tonic::Code;

use super::{
    Workplace,
    book::{people::People, wish::Chair},
    shown,
    trouble::{Faults, Shown, Trouble, if_allowed, see_other},
    visit::{Posted, Visit},
    words::words,
};

words! {
    when: "Wanneer", "When";
    place: "Waar", "Where";
    state: "Stand", "State";
    case: "Dossier", "Case";
    file: "Zet in uw agenda (bestand)", "Put in your calendar (file)";
    open_case: "Open het dossier", "Open the case";
    hand_over: "Bekijk hoe ver deze overdracht is", "See how far this hand-over is";
    who: "Wie komt", "Who comes";
    live: "Nieuwe antwoorden verschijnen hier vanzelf.", "New answers appear here by themselves.";
    stale: "Nieuwe antwoorden verschijnen nu niet vanzelf. Laad de pagina opnieuw.",
        "New answers do not appear by themselves now. Load the page again.";
    changed: "Dit overleg is veranderd. Laad de pagina opnieuw.", "This meeting has changed. Load the page again.";
    may_miss: "mag wegblijven", "may stay away";
    call: "De mail komt niet aan: bel", "Mail does not arrive: call";
    substitute: "kan niet komen. Zoek een vervanger.", "cannot come. Find a substitute.";
    own_answer: "Uw antwoord", "Your answer";
    yes: "Ik kom", "I come";
    perhaps: "Misschien", "Maybe";
    no: "Ik kom niet", "I do not come";
    why_not: "Waarom niet (mag leeg blijven)", "Why not (may stay empty)";
    moving: "Verplaatsen", "Move";
    choose_time: "Kies een andere tijd", "Choose another time";
    replace: "Iemand vervangen", "Replace somebody";
    leaves: "Wie gaat weg", "Who leaves";
    comes: "Wie komt", "Who comes";
    do_replace: "Vervang", "Replace";
    adding: "Nog iemand erbij", "One more";
    adding_hint: "Alleen wie erbij komt, krijgt een uitnodiging.", "Only who is added gets an invitation.";
    do_add: "Nodig uit", "Invite";
    removing: "Iemand hoeft niet te komen", "Somebody need not come";
    removing_hint: "Alleen die persoon krijgt bericht.", "Only that person is told.";
    do_remove: "Haal van de lijst", "Take off the list";
    rooms: "Ruimte", "Room";
    cancel: "Afzeggen", "Cancel";
    cancel_sure: "Iedereen krijgt bericht dat het overleg niet doorgaat.", "Everybody is told that the meeting is off.";
    do_cancel: "Zeg dit overleg af", "Cancel this meeting";
    mails: "Berichten", "Messages";
    no_mails: "Er zijn nog geen berichten.", "There are no messages yet.";
    to: "Aan", "To";
    how_far: "Hoe ver", "How far";
    last: "Laatst", "Last";
    resend: "Stuur opnieuw", "Send again";
    resend_to: "de uitnodiging aan", "the invitation to";
    follow: "Hoe staat het ermee?", "How does it stand?";
    promises: "Wat u zelf toezegde, staat bij Vandaag. Daar zegt u ook dat het klaar is.",
        "What you promised yourself is on Today. There you also say that it is finished.";
    unseen: "Wat er is afgesproken, ziet u niet.", "You do not see what was agreed.";
    other_purpose: "Misschien wel als u bovenaan deze pagina een ander doel kiest.",
        "Perhaps you do when you choose another purpose at the top of this page.";
    record: "Vastleggen wat eruit kwam", "Record what came of it";
    parts: "Dit overleg gaat over meer kinderen. Ieder deel heeft een eigen pagina.",
        "This meeting is about several children. Each part has a page of its own.";
    part: "Deel", "Part";
    back: "Naar alle overleggen", "To all meetings";
    choose: "Kies iemand", "Choose somebody";
    stale_copy: "Iemand anders veranderde dit overleg net. U ziet nu hoe het staat.",
        "Somebody else just changed this meeting. You now see how it stands.";
    said_moved: "Het overleg is verplaatst. Iedereen krijgt bericht.", "The meeting was moved. Everybody is told.";
    said_replaced: "De vervanging is vastgelegd. Wie erbij komt, krijgt een uitnodiging.",
        "The replacement is made. Who comes gets an invitation.";
    said_refused: "Het voorstel is geweigerd. Het overleg blijft zoals het is.",
        "The proposal was refused. The meeting stays as it is.";
    said_recorded: "Wat uit dit overleg kwam, is al vastgelegd.", "What came of this meeting was already recorded.";
    said_not_held: "Vastgelegd: dit overleg is niet doorgegaan.", "Recorded: this meeting did not take place.";
    not_available: "niet beschikbaar", "not available";
    too_short: "te kort van tevoren", "too short notice";
    too_far: "te ver weg", "too far";
    online: "liever online", "rather online";
    call_me: "bel mij", "call me";
    queued: "wacht", "waits";
    sent: "verstuurd", "sent";
    deferred: "wordt opnieuw geprobeerd", "is tried again";
    bounced: "komt niet aan", "does not arrive";
    dead: "opgegeven", "given up";
    superseded: "vervangen door nieuwer bericht", "replaced by newer news";
    kept: "wacht op een besluit", "waits for a decision";
    printed: "op papier", "on paper";
}

/// Its templates.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("workplace/meeting.html", include_str!("../../templates/workplace/meeting.html")),
    ("workplace/meeting_move.html", include_str!("../../templates/workplace/meeting_move.html")),
    ("workplace/meeting_outcome.html", include_str!("../../templates/workplace/meeting_outcome.html")),
    ("workplace/meetings.html", include_str!("../../templates/workplace/meetings.html")),
];

/// As many messages are shown.
const PAGE: i32 = 200;

pub(super) fn routes() -> Router<Workplace> {
    Router::new()
        .route("/consultations", get(list::show))
        .route("/consultations/{id}", get(show))
        .route("/consultations/{id}/events", get(events::stream))
        .route("/consultations/{id}/overleg.ics", get(file::download))
        .route("/consultations/{id}/move", get(moving::show).post(moving::take))
        .route("/consultations/{id}/answer", post(change::answer).get(meeting))
        .route("/consultations/{id}/replace", post(change::replace).get(meeting))
        .route("/consultations/{id}/add", post(change::add).get(meeting))
        .route("/consultations/{id}/remove", post(change::remove).get(meeting))
        .route("/consultations/{id}/cancel", post(change::cancel).get(meeting))
        .route("/consultations/{id}/resend", post(change::resend).get(meeting))
        .route("/consultations/{id}/proposal/accept", post(proposals::accept).get(meeting))
        .route("/consultations/{id}/proposal/refuse", post(proposals::refuse).get(meeting))
        .route("/consultations/{id}/outcome", get(outcome::show).post(outcome::record))
}

/// Where a form was refused, its address stays with the page: whoever comes back to it sees the meeting.
async fn meeting(_: Visit, Path(id): Path<String>) -> Response {
    see_other(&format!("/consultations/{id}"))
}

/// What was done just before.
#[derive(Deserialize)]
struct Came {
    #[serde(default)]
    said: String,
}

/// That in words; nothing of any other word.
fn said(word: &str, own: &'static Words) -> &'static str {
    match word {
        "moved" => own.said_moved,
        "replaced" => own.said_replaced,
        "refused" => own.said_refused,
        "recorded" => own.said_recorded,
        "not_held" => own.said_not_held,
        _ => "",
    }
}

async fn show(visit: Visit, Path(id): Path<String>, Query(came): Query<Came>) -> Shown {
    page(&visit, &id, None, &came.said).await
}

/// The meeting, as the caller may see it.
async fn get_meeting(visit: &Visit, id: &str) -> Result<pb::Consultation, Trouble> {
    let ask = pb::GetConsultationRequest { name: format!("consultations/{id}") };
    Ok(ConsultationServiceClient::new(visit.calls()).get_consultation(ask).await?.into_inner())
}

/// Whether the roles that the caller acts in ever do this; the call itself says whether here.
fn ever(visit: &Visit, action: Action) -> bool {
    let roles: Vec<Role> = visit.session.acting.iter().map(|at| at.role).collect();
    may(&roles, action, None).is_ok()
}

fn begins(one: &pb::Consultation) -> Option<DateTime<Utc>> {
    shown::instant(one.start_time.as_ref())
}

/// A participant for the page: what [`shown::participant`] has, `name` and `role`, and why not.
fn seat(one: &pb::Participant, language: Language) -> Value {
    let own = words(language);
    let why = match one.decline_reason() {
        DeclineReason::Unspecified => "",
        DeclineReason::NotAvailable => own.not_available,
        DeclineReason::TooShortNotice => own.too_short,
        DeclineReason::TooFar => own.too_far,
        DeclineReason::PreferOnline => own.online,
        DeclineReason::CallMe => own.call_me,
    };
    context! { why, ..shown::participant(one, language) }
}

/// Somebody at the table as a form offers them, with the role that tells two of one name apart.
fn choice(one: &pb::Participant, language: Language) -> Value {
    let (name, role) = (one.display_name.as_str(), shown::role(one.role(), language));
    let label = if name.is_empty() { role } else { format!("{name}, {role}") };
    context! { label, value => one.person.as_str() }
}

/// A form of the page that was refused: why, which one, and what was filled in.
struct Refused<'a> {
    faults: Faults,
    what: &'static str,
    form: &'a Posted,
}

/// What is filled in when the page is shown: nothing, except who has to be replaced or what was refused.
fn filled(refused: Option<&Refused<'_>>, gone: &str) -> Value {
    let Some(Refused { what, form, .. }) = refused else { return context! { what => "", gone } };
    let said = |name: &str| form.one(name).unwrap_or_default().to_owned();
    context! {
        gone,
        what => *what,
        leaves => said("leaves"),
        comes => said("comes"),
        optional => said("optional"),
        person => said("person"),
        why => said("decline_reason"),
        proposal => said("proposal"),
        short => said("short_notice"),
    }
}

/// The reasons that can be chosen, as the form says them.
fn reasons(own: &Words) -> Vec<Value> {
    let all = [
        (DeclineReason::NotAvailable, own.not_available),
        (DeclineReason::TooShortNotice, own.too_short),
        (DeclineReason::TooFar, own.too_far),
        (DeclineReason::PreferOnline, own.online),
        (DeclineReason::CallMe, own.call_me),
    ];
    all.map(|(reason, label)| context! { label, value => reason.as_str_name() }).into()
}

/// One message: `name` of whom, `state`, `when`, whether it is the `bad` sort, and `resend` to whom.
fn mail(one: &pb::Message, meeting: &pb::Consultation, language: Language) -> Value {
    let own = words(language);
    let (state, bad) = match one.state() {
        message::State::Unspecified | message::State::Queued => (own.queued, false),
        message::State::Sent => (own.sent, false),
        message::State::Deferred => (own.deferred, false),
        message::State::Bounced => (own.bounced, true),
        message::State::Dead => (own.dead, true),
        message::State::Superseded => (own.superseded, false),
        message::State::Held => (own.kept, false),
        message::State::Printed => (own.printed, false),
    };
    let seat = meeting.participants.iter().find(|at| at.person == one.person);
    let at = [&one.end_time, &one.next_attempt_time, &one.create_time];
    let at = at.into_iter().find_map(|time| shown::instant(time.as_ref()));
    context! {
        state, bad,
        seat => seat.map(|at| shown::participant(at, language)),
        when => at.map(|at| dates::short(at, language)).unwrap_or_default(),
    }
}

/// What its rooms are called, where the register here knows them: a meeting may be another region's.
async fn rooms(visit: &Visit, meeting: &pb::Consultation) -> Result<Vec<String>, Trouble> {
    let mut names = Vec::with_capacity(meeting.rooms.len());
    for name in &meeting.rooms {
        let ask = pb::GetRoomRequest { name: name.clone() };
        match DirectoryServiceClient::new(visit.calls()).get_room(ask).await {
            Ok(room) => names.push(room.into_inner().display_name),
            Err(status) if matches!(status.code(), Code::NotFound | Code::PermissionDenied) => {}
            Err(status) => return Err(status.into()),
        }
    }
    Ok(names)
}

/// Who could come instead, as far as the school is known.
async fn others(visit: &Visit, meeting: &pb::Consultation) -> Result<Vec<Value>, Trouble> {
    let people = People::around(visit, "", &meeting.school).await?;
    let absent = |chair: &Chair| meeting.participants.iter().all(|at| at.person != chair.person);
    let others = people.contacts.iter().filter(|(chair, _)| absent(chair));
    let shown = |(chair, name): &(Chair, String)| {
        let label = format!("{name}, {}", shown::role(chair.role, visit.language));
        context! { label, value => chair.to_string() }
    };
    Ok(others.map(shown).collect())
}

/// The page of a meeting, perhaps with what was wrong with a form on it, or what was `done`.
async fn page(visit: &Visit, id: &str, refused: Option<&Refused<'_>>, done: &str) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let meeting = get_meeting(visit, id).await?;
    let planned = matches!(meeting.state(), State::Planned);
    let begun = begins(&meeting).is_some_and(|start| start <= visit.app.now());
    let ahead = planned && !begun;
    let part = !meeting.within.is_empty();
    let writes = ever(visit, Action::WriteConsultation);
    let ask =
        pb::ListMessagesRequest { consultation: meeting.name.clone(), page_size: PAGE, ..Default::default() };
    let mails = MessageServiceClient::new(visit.calls()).list_messages(ask).await;
    let mails = if_allowed(mails)?.unwrap_or_default().messages;
    let others = if ahead && writes { others(visit, &meeting).await? } else { Vec::new() };
    let proposals =
        if ahead && writes { proposals::all(visit, &meeting, &others).await? } else { Value::from(()) };
    let table: Vec<Value> = meeting.participants.iter().map(|one| seat(one, language)).collect();
    let sits = meeting.participants.iter().any(|at| at.person == visit.me.person);
    let mine = meeting.participants.iter().any(|at| at.person == visit.me.person && !at.fixed);
    let over = matches!(meeting.state(), State::Held);
    let turns = meeting.parts.iter().map(|part| {
        let when = shown::span(part.start_time.as_ref(), part.duration.as_ref(), language);
        context! { when, href => format!("/{}", part.consultation), state => shown::state(part.state(), language) }
    });
    let title = shown::kind(meeting.kind(), language);
    let rooms = rooms(visit, &meeting).await?.join(", ");
    let gone = &meeting.needs_substitute;
    let vacant = meeting.participants.iter().filter(|at| gone.contains(&at.person));
    let values = context! {
        own, table, others, rooms, proposals,
        said => said(done, own),
        faults => refused.map(|refused| Value::from(&refused.faults)),
        filled => filled(refused, gone.first().map_or("", String::as_str)),
        seats => meeting.participants.iter().map(|one| choice(one, language)).collect::<Vec<_>>(),
        substitutes => vacant.map(|one| choice(one, language)).collect::<Vec<_>>(),
        turns => turns.collect::<Vec<_>>(),
        heading => title,
        meeting => shown::meeting(&meeting, language),
        path => format!("/{}", meeting.name),
        events => format!("/{}/events", meeting.name),
        case => if meeting.case.is_empty() { String::new() } else { format!("/{}", meeting.case) },
        etag => meeting.etag.as_str(),
        held => outcome::shown(&meeting, language),
        promises => over && sits,
        follows => ever(visit, Action::ReadHulpvraag),
        // A meeting in parts has none of its own.
        unseen => over && meeting.outcome.is_none() && meeting.parts.is_empty(),
        other_purpose => visit.session.purposes.len() > 1,
        mails => mails.iter().rev().map(|one| mail(one, &meeting, language)).collect::<Vec<_>>(),
        hand_over => matches!(meeting.kind(), Kind::WarmeOverdracht), planned,
        live => ahead,
        may_answer => ahead && mine && ever(visit, Action::AnswerConsultation),
        may_write => ahead && writes,
        may_move => ahead && writes && !part,
        may_cancel => ahead && ever(visit, Action::CancelConsultation),
        may_record => planned && begun && ever(visit, Action::RecordOutcome),
        reasons => reasons(own),
        request_id => visit.request_id(),
    };
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(visit.page_with(status, ("workplace/meeting.html", title), values))
}
