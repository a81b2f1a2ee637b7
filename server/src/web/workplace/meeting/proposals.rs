//! What people propose by the link of their invitation, another time or somebody else, decided on the page
//! of the meeting by whoever plans it.

use axum::extract::Path;
use minijinja::{Value, context};
use pb::{
    consultation::ShortNotice, proposal::Kind, proposal_service_client::ProposalServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_domain::{access::Action, refusal::Language};
use schakel_proto::v1 as pb;
use tonic::{Code, Status};

use super::{PAGE, Refused, ever, page};
use crate::web::{
    form::ANSWER_INVALID,
    workplace::{
        book::{take::shorts, wish::Chair},
        shown,
        trouble::{Faults, Shown, Trouble, if_allowed, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    heading: "Voorstellen", "Proposals";
    hint: "Er verandert niets voordat u besluit. Weigert u, dan krijgt wie het voorstelde daar bericht van.",
        "Nothing changes before you decide. If you refuse, who proposed it is told so.";
    time: "stelt een ander moment voor:", "proposes another time:";
    other: "stelt voor dat iemand anders komt:", "proposes that somebody else comes:";
    unnamed: "U mag niet zien wie dat is.", "You may not see who that is.";
    unknown: "Schakel kent deze persoon niet. Kies wie er komt, of weiger en bel wie het voorstelde.",
        "Schakel does not know this person. Choose who comes, or refuse and call who proposed it.";
    free: "Voor zover bekend kan iedereen dan.", "As far as is known, everybody can come then.";
    taken: "Kan dan niet:", "Cannot come then:";
    somebody: "Niet alles is dan vrij.", "Not everything is free then.";
    short: "Waarom het op korte termijn is", "Why it is at short notice";
    nothing: "niet van toepassing", "does not apply";
    comes: "Wie komt", "Who comes";
    named: "Wie is voorgesteld", "Who was proposed";
    choose: "Kies iemand", "Choose somebody";
    accept_time: "Verplaats naar dit moment", "Move to this time";
    accept_other: "Vervang", "Replace";
    refuse: "Weiger dit voorstel", "Refuse this proposal";
    wants_time: "Iemand stelt een ander moment voor. Besluit daarover.", "Somebody proposes another time. Decide on it.";
    wants_other: "Iemand stelt voor dat een ander komt. Besluit daarover.",
        "Somebody proposes that another comes. Decide on it.";
}

/// That there is something to decide.
pub(in crate::web::workplace) fn waits(one: &pb::Proposal, language: Language) -> &'static str {
    let own = words(language);
    match one.kind() {
        Kind::OtherTime => own.wants_time,
        Kind::SomebodyElse | Kind::Unspecified => own.wants_other,
    }
}

/// The open proposals about a meeting, or without one about all that the visitor booked; none for whoever
/// decides on none.
pub(in crate::web::workplace) async fn open(
    visit: &Visit,
    consultation: &str,
) -> Result<Vec<pb::Proposal>, Trouble> {
    if !ever(visit, Action::WriteConsultation) {
        return Ok(Vec::new());
    }
    let consultation = consultation.to_owned();
    let ask = pb::ListProposalsRequest { consultation, page_size: PAGE, ..Default::default() };
    let listed = ProposalServiceClient::new(visit.calls()).list_proposals(ask).await;
    Ok(if_allowed(listed)?.unwrap_or_default().proposals)
}

/// The parents of the case who are not invited, as choices; none for who may not see them.
async fn parents(visit: &Visit, meeting: &pb::Consultation) -> Result<Vec<Value>, Trouble> {
    if meeting.case.is_empty() {
        return Ok(Vec::new());
    }
    let ask = pb::GetCaseRequest { name: meeting.case.clone() };
    let case = match ThuiszitterServiceClient::new(visit.calls()).get_case(ask).await {
        Ok(case) => case.into_inner(),
        Err(status) if matches!(status.code(), Code::NotFound | Code::PermissionDenied) => {
            return Ok(Vec::new());
        }
        Err(status) => return Err(status.into()),
    };
    let absent = |one: &&pb::case::Parent| {
        !one.person.is_empty() && meeting.participants.iter().all(|at| at.person != one.person)
    };
    let choice = |one: &pb::case::Parent| {
        let chair = Chair { person: one.person.clone(), role: pb::Role::Ouder, optional: false };
        let role = shown::role(pb::Role::Ouder, visit.language);
        let label = if one.display_name.is_empty() { role } else { format!("{}, {role}", one.display_name) };
        context! { label, value => chair.to_string() }
    };
    Ok(case.parents.iter().filter(absent).map(choice).collect())
}

/// The proposals for the page of their meeting; `others` could come instead.
pub(super) async fn all(
    visit: &Visit,
    meeting: &pb::Consultation,
    others: &[Value],
) -> Result<Value, Trouble> {
    let (own, language) = (words(visit.language), visit.language);
    let found = open(visit, &meeting.name).await?;
    let private = |one: &pb::Proposal| {
        let parent = |at: &pb::Participant| at.person == one.person && matches!(at.role(), pb::Role::Ouder);
        matches!(one.kind(), Kind::SomebodyElse) && meeting.participants.iter().any(parent)
    };
    let family = if found.iter().any(private) { parents(visit, meeting).await? } else { Vec::new() };
    let called = |person: &String| -> Option<String> {
        let seat = meeting.participants.iter().find(|at| at.person == *person)?;
        let role = || shown::role(seat.role(), language);
        Some(if seat.display_name.is_empty() { role() } else { seat.display_name.clone() })
    };
    let rows: Vec<Value> = (found.iter())
        .map(|one| {
            let parents = if private(one) { family.as_slice() } else { &[] };
            let who = called(&one.person).unwrap_or_default();
            let taken: Vec<String> = one.taken.iter().filter_map(called).collect();
            context! {
                who,
                name => one.name.as_str(),
                etag => one.etag.as_str(),
                moves => matches!(one.kind(), Kind::OtherTime),
                when => shown::span(one.start_time.as_ref(), one.duration.as_ref(), language),
                free => one.everybody_is_free,
                taken => taken.join(", "),
                substitute => one.substitute_name.as_str(),
                email => one.substitute_email.as_str(),
                known => !one.substitute_person.is_empty(),
                comes => parents.iter().chain(others).cloned().collect::<Vec<_>>(),
            }
        })
        .collect();
    Ok(context! { own, rows, shorts => shorts(ShortNotice::Unspecified, language) })
}

/// Back to the meeting, which says `what` was done; or the meeting with why not.
async fn done<T>(visit: &Visit, id: &str, (what, form): (&str, &Posted), answer: Result<T, Status>) -> Shown {
    match answer {
        Ok(_) => Ok(see_other(&format!("/consultations/{id}?said={what}"))),
        Err(status) => {
            let faults = Faults::of(status)?;
            page(visit, id, Some(&Refused { faults, what: "proposal", form }), "").await
        }
    }
}

/// The meeting becomes as was proposed.
pub(super) async fn accept(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    let comes = match form.one("comes")? {
        "" => None,
        text => {
            let chair: Chair = text.parse()?;
            Some(pb::Participant { person: chair.person, role: chair.role.into(), ..Default::default() })
        }
    };
    let short = match form.one("short_notice")? {
        "" => ShortNotice::Unspecified,
        text => ShortNotice::from_str_name(text).ok_or(ANSWER_INVALID)?,
    };
    let what = if form.one("moves")?.is_empty() { "replaced" } else { "moved" };
    let ask = pb::AcceptProposalRequest {
        name: form.given("proposal")?.to_owned(),
        comes,
        etag: form.given("etag")?.to_owned(),
        request_id: form.given("request_id")?.to_owned(),
        short_notice: short.into(),
    };
    let answer = ProposalServiceClient::new(visit.calls()).accept_proposal(ask).await;
    done(&visit, &id, (what, &form), answer).await
}

/// The meeting stays as it is.
pub(super) async fn refuse(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    let ask = pb::RefuseProposalRequest {
        name: form.given("proposal")?.to_owned(),
        request_id: form.given("request_id")?.to_owned(),
        etag: form.given("etag")?.to_owned(),
    };
    let answer = ProposalServiceClient::new(visit.calls()).refuse_proposal(ask).await;
    done(&visit, &id, ("refused", &form), answer).await
}
