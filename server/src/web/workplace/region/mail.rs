//! Mail delivery: to whom an invitation or a question which time suits did not come, sending an invitation once
//! more, and mails that came in and changed nothing.

use axum::{Router, extract::Query, routing::get};
use minijinja::{Value, context};
use pb::{
    consultation_service_client::ConsultationServiceClient, inbox_service_client::InboxServiceClient,
    message::State, message_service_client::MessageServiceClient, participant::Delivery,
};
use schakel_domain::{invitation::dates, refusal::Language};
use schakel_proto::v1 as pb;
use serde::Deserialize;

use super::{Tried, choose, names::Names, next, option, page};
use crate::web::{
    form::ANSWER_INVALID,
    workplace::{
        Workplace, proposed, shown,
        trouble::{Shown, Trouble, if_allowed, in_query, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Verzonden mail", "Mail delivery";
    intro: "Hier staat per overleg bij wie de uitnodiging is aangekomen. Komt de mail niet aan? Bel dan, of stuur opnieuw.",
        "Here you see for each meeting whom the invitation reached. Does mail not arrive? Call, or send it again.";
    none: "Er is geen overleg met zulke mail.", "There is no meeting with such mail.";
    none_here: "Op deze pagina staat geen overleg met zulke mail. Kijk ook op de volgende pagina.",
        "There is no meeting with such mail on this page. Look at the next page too.";
    only: "Alleen", "Only";
    meeting: "Overleg", "Meeting";
    who: "Wie", "Who";
    state: "Stand", "State";
    details: "Alle mail bekijken", "See all mail";
    messages: "Verzonden mails", "Mails sent";
    no_messages: "Over dit overleg is nog geen mail verstuurd.", "No mail was sent about this meeting yet.";
    reason: "Reden", "Reason";
    tries: "Pogingen", "Tries";
    made: "Gemaakt", "Made";
    resend: "Opnieuw sturen", "Send again";
    inbox: "Mails die niet verwerkt zijn", "Mails that were not processed";
    no_inbox: "Er is geen mail die iemand moet bekijken.", "There is no mail that somebody has to look at.";
    unknown: "onbekende afzender", "unknown sender";
    dismiss: "Bekeken", "Looked at";
    polls: "Uw voorstellen voor een tijdstip", "Times that you proposed";
    until: "Antwoord kan tot", "Answers are taken until";
    back: "Terug naar alle overleggen", "Back to all meetings";
}

/// The states that can be asked for, as the address has them.
const STATES: [Delivery; 8] = [
    Delivery::Queued,
    Delivery::Sent,
    Delivery::Deferred,
    Delivery::Failed,
    Delivery::NoAddress,
    Delivery::Bounced,
    Delivery::Held,
    Delivery::Printed,
];

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/region/mail", get(show).post(change))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Sought {
    consultation: String,
    state: String,
    page: String,
}

/// How far the last mail to somebody came.
fn delivery(delivery: Delivery, language: Language) -> &'static str {
    let words = match delivery {
        Delivery::Unspecified => ("geen mail", "no mail"),
        Delivery::Queued => ("wacht", "waiting"),
        Delivery::Sent => ("verstuurd", "sent"),
        Delivery::Deferred => ("later opnieuw", "to be tried again"),
        Delivery::Failed => ("niet gelukt", "given up"),
        Delivery::NoAddress => ("geen adres", "no address"),
        Delivery::Bounced => ("teruggekomen", "bounced"),
        Delivery::Superseded => ("ingehaald", "superseded"),
        Delivery::Held => ("vastgehouden", "held"),
        Delivery::Printed => ("per brief", "by letter"),
    };
    choose(language, words)
}

/// How far one message came.
fn state(state: State, language: Language) -> &'static str {
    let words = match state {
        State::Unspecified => ("", ""),
        State::Queued => ("wacht", "waiting"),
        State::Sent => ("verstuurd", "sent"),
        State::Deferred => ("later opnieuw", "to be tried again"),
        State::Bounced => ("teruggekomen", "bounced"),
        State::Dead => ("niet gelukt", "given up"),
        State::Superseded => ("ingehaald", "superseded"),
        State::Held => ("vastgehouden", "held"),
        State::Printed => ("per brief", "by letter"),
    };
    choose(language, words)
}

/// The sign of a state: sent, or to be looked at.
fn sign(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Sent | Delivery::Printed => "accepted",
        Delivery::Failed | Delivery::NoAddress | Delivery::Bounced => "declined",
        Delivery::Unspecified
        | Delivery::Queued
        | Delivery::Deferred
        | Delivery::Superseded
        | Delivery::Held => "waiting",
    }
}

async fn show(visit: Visit, Query(sought): Query<Sought>) -> Shown {
    if sought.consultation.is_empty() {
        all(&visit, &sought).await
    } else {
        one(&visit, &sought.consultation, &sought.page, &Tried::default()).await
    }
}

/// The meetings to come, with how far mail came to everybody.
async fn all(visit: &Visit, sought: &Sought) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let ask = pb::ListConsultationsRequest { page_token: sought.page.clone(), ..Default::default() };
    let answer = ConsultationServiceClient::new(visit.calls()).list_consultations(ask).await;
    let found = if_allowed(answer)?.unwrap_or_default();
    let wanted = Delivery::from_str_name(&sought.state);
    let fits = |at: &&pb::Participant| wanted.is_none_or(|wanted| at.delivery() == wanted);
    let meeting = |one: &pb::Consultation| {
        let people = one.participants.iter().filter(fits).map(|at| {
            context! {
                who => shown::participant(at, language),
                state => delivery(at.delivery(), language),
                sign => sign(at.delivery()),
            }
        });
        context! {
            meeting => shown::meeting(one, language),
            mail => format!("/region/mail?consultation={}", in_query(&one.name)),
            people => people.collect::<Vec<_>>(),
        }
    };
    let meetings = found.consultations.iter().filter(|one| one.participants.iter().any(|at| fits(&at)));
    // They are few: they stand on the first page.
    let polls = if sought.page.is_empty() { proposed::open(visit).await? } else { Vec::new() };
    let proposal = |one: &pb::TimePoll| {
        let fits = |at: &&pb::time_poll::Voter| wanted.is_none_or(|wanted| at.delivery() == wanted);
        let people = one.voters.iter().filter(fits).map(|at| {
            context! {
                who => proposed::called(at, language),
                state => delivery(at.delivery(), language),
                sign => sign(at.delivery()),
            }
        });
        let people: Vec<Value> = people.collect();
        let until = shown::instant(one.deadline_time.as_ref()).map(|at| dates::short(at, language));
        (!people.is_empty()).then(|| {
            context! {
                people,
                kind => shown::kind(one.kind(), language),
                reference => one.reference.as_str(),
                until => until.unwrap_or_default(),
            }
        })
    };
    let values = context! {
        own,
        polls => polls.iter().filter_map(proposal).collect::<Vec<_>>(),
        meetings => meetings.map(meeting).collect::<Vec<_>>(),
        next => next("/region/mail", &[("state", sought.state.as_str())], ("page", &found.next_page_token)),
        state => sought.state.as_str(),
        states => STATES.map(|one| option(one.as_str_name(), delivery(one, language))).to_vec(),
    };
    Ok(page(visit, ("workplace/region/mail.html", own.title), &Tried::default(), values))
}

/// One meeting: each mail about it, and what came in.
async fn one(visit: &Visit, name: &str, token: &str, tried: &Tried) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let ask = pb::GetConsultationRequest { name: name.to_owned() };
    let mut meetings = ConsultationServiceClient::new(visit.calls());
    let meeting = meetings.get_consultation(ask).await?.into_inner();
    let ask = pb::ListMessagesRequest {
        consultation: name.to_owned(),
        page_token: token.to_owned(),
        ..Default::default()
    };
    let messages = MessageServiceClient::new(visit.calls()).list_messages(ask).await?.into_inner();
    let people = Names::people(visit, pb::ListPersonsRequest::default()).await?;
    let called = |person: &str| {
        let at = meeting.participants.iter().find(|at| at.person == person);
        let known = at.map(|at| at.display_name.as_str()).filter(|name| !name.is_empty());
        let role = at.map(|at| shown::role(at.role(), language)).unwrap_or_default();
        known.map_or_else(|| if role.is_empty() { people.of(person).to_owned() } else { role }, str::to_owned)
    };
    let message = |one: &pb::Message| {
        let made = shown::instant(one.create_time.as_ref()).map(|at| dates::short(at, language));
        context! {
            person => one.person.as_str(),
            who => called(&one.person),
            state => state(one.state(), language),
            reason => one.reason.as_str(),
            attempts => one.attempts,
            made => made.unwrap_or_default(),
        }
    };
    let inbox = inbox(visit, name).await?;
    let inbox = inbox.map(|mails| {
        let mail = |one: &pb::InboundMail| {
            let came = shown::instant(one.receive_time.as_ref()).map(|at| dates::short(at, language));
            context! {
                name => one.name.as_str(),
                who => if one.person.is_empty() { own.unknown.to_owned() } else { called(&one.person) },
                sender => one.sender.as_str(),
                reason => one.reason.as_str(),
                text => one.text.as_str(),
                came => came.unwrap_or_default(),
            }
        };
        context! { mails => mails.iter().map(mail).collect::<Vec<_>>() }
    });
    let participants = meeting.participants.iter().map(|at| shown::participant(at, language));
    let path = "/region/mail";
    let values = context! {
        own, inbox,
        consultation => name,
        meeting => shown::meeting(&meeting, language),
        participants => participants.collect::<Vec<Value>>(),
        messages => messages.messages.iter().map(message).collect::<Vec<_>>(),
        next => next(path, &[("consultation", name)], ("page", &messages.next_page_token)),
    };
    Ok(page(visit, ("workplace/region/mail.html", own.title), tried, values))
}

/// The mails that were put aside; nothing for whoever may not change the meeting.
async fn inbox(visit: &Visit, name: &str) -> Result<Option<Vec<pb::InboundMail>>, Trouble> {
    let ask = pb::ListInboundMailsRequest { consultation: name.to_owned(), ..Default::default() };
    let answer = InboxServiceClient::new(visit.calls()).list_inbound_mails(ask).await;
    Ok(if_allowed(answer)?.map(|found| found.inbound_mails))
}

async fn change(visit: Visit, form: Posted) -> Shown {
    let request_id = form.given("request_id")?.to_owned();
    let consultation = form.given("consultation")?.to_owned();
    let tried = match form.one("do")? {
        "resend" => {
            let person = form.given("name")?.to_owned();
            let ask = pb::ResendInvitationRequest { consultation: consultation.clone(), person, request_id };
            Tried::of(MessageServiceClient::new(visit.calls()).resend_invitation(ask).await, &form)?
        }
        "dismiss" => {
            let ask = pb::DismissInboundMailRequest { name: form.given("name")?.to_owned(), request_id };
            Tried::of(InboxServiceClient::new(visit.calls()).dismiss_inbound_mail(ask).await, &form)?
        }
        _ => return Err(ANSWER_INVALID.into()),
    };
    match tried {
        None => Ok(see_other(&format!("/region/mail?consultation={}", in_query(&consultation)))),
        Some(tried) => one(&visit, &consultation, "", &tried).await,
    }
}
