//! A time is taken: held while it is confirmed, then booked; or let go.

use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use minijinja::{Value, context};
use pb::{
    agenda_service_client::AgendaServiceClient,
    consultation::{AloneBecause, ParentException, Place, ShortNotice},
    consultation_service_client::ConsultationServiceClient,
    directory_service_client::DirectoryServiceClient,
    kind_rules::About,
};
use schakel_domain::{invitation::dates, refusal::Language, time::wall_clock};
use schakel_proto::v1 as pb;

use super::{
    Outcome, held, page,
    people::People,
    rules, sought, times,
    turns::{self, Said},
    wish::{Pick, Wish, minutes},
};
use crate::web::{
    form::ANSWER_INVALID,
    problem::Problem,
    workplace::{
        shown,
        trouble::{Faults, Shown, Trouble, if_allowed, reason, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Overleg bevestigen", "Confirm the meeting";
    check: "Klopt dit?", "Is this right?";
    kind: "Soort overleg", "Kind of meeting";
    case: "Dossier", "Case";
    when: "Wanneer", "When";
    place: "Waar", "Where";
    room: "Ruimte op school (mag leeg blijven)", "Room at the school (may stay empty)";
    no_room: "geen ruimte vastleggen", "take no room";
    seats: "plaatsen", "seats";
    room_taken: "Misschien is de ruimte bezet. Kies een andere ruimte, of geen.",
        "Perhaps the room is taken. Choose another room, or none.";
    table: "Wie krijgt een uitnodiging", "Who is invited";
    may: "mag wegblijven", "may stay away";
    held: "Deze tijd is voor u vastgehouden tot", "This time is held for you until";
    book: "Boek dit overleg", "Book this meeting";
    again: "Kies een andere tijd", "Choose another time";
    more: "Er is iets bijzonders", "Something is special";
    parents: "Waarom er geen ouder met gezag komt", "Why no parent with authority comes";
    short: "Waarom het op korte termijn is", "Why it is at short notice";
    alone: "Waarom er één professional bij het gezin thuis komt", "Why one professional goes to the home";
    provider: "Waarom er een jeugdhulpverlener bij komt", "Why a provider of youth help comes";
    provider_hint: "Alleen als die komt. Minstens 20 tekens.", "Only when one comes. At least 20 characters.";
    nothing: "niet van toepassing", "does not apply";
    safety: "dat is niet veilig", "that is not safe";
    court: "een rechter heeft dat bepaald", "a court decided so";
    anonymous: "het kind blijft anoniem", "the child stays anonymous";
    family: "ouders of kind vragen erom", "parents or child ask for it";
    urgent: "het kan niet wachten", "it cannot wait";
    agreed: "iedereen is het ermee eens", "everybody agrees";
    weighed: "de risico's zijn afgewogen en klein", "the risks were weighed and are low";
    known: "het gezin is bekend", "the family is known";
    on_call: "een collega is bereikbaar", "a colleague is on call";
    children: "De kinderen, na elkaar", "The children, one after the other";
    minutes: "minuten", "minutes";
    guests: "Wie komt alleen voor dit kind", "Who comes for this child alone";
    guests_hint: "Zij krijgen een uitnodiging voor alleen dit deel en lezen niets over de andere kinderen.",
        "They are invited to this part alone and read nothing of the other children.";
    no_family: "U ziet geen ouders bij dit dossier.", "You see no parents in this case.";
    later: "Komt er voor één kind nog iemand, zoals een jeugdarts? Voeg die na het boeken toe op de pagina van dat deel.",
        "Does anybody else come for one child, such as a school doctor? Add them after booking on the page of that part.";
    over_busy: "Ook als iemand elders bezet is", "Also where somebody is busy elsewhere";
}

/// For so long a time is held.
const HELD: TimeDelta = TimeDelta::minutes(10);

/// Whether somebody was faster, or the hold is over: then the time is gone, and the rest is well.
pub(in crate::web::workplace) fn is_gone(faults: &Faults) -> bool {
    ["TIME_CONFLICT", "LIMIT_REACHED", "HOLD_EXPIRED", "HOLD_NOT_FOUND"].contains(&faults.reason.as_str())
}

/// A time is chosen: it is held, and shown to be confirmed.
pub(super) async fn hold(visit: Visit, form: Posted) -> Shown {
    let wish = Wish::posted(&form)?;
    let pick = picked(&form)?;
    let rules = rules(&visit, wish.kind).await?;
    let people = People::around(&visit, &wish.case, &wish.school).await?;
    let ask = pb::HoldSlotRequest {
        persons: pick.table.iter().map(|chair| chair.person.clone()).collect(),
        start_time: Some(prost_types::Timestamp { seconds: pick.start, nanos: 0 }),
        duration: Some(minutes(wish.length(&rules))),
        place: wish.place(&rules).into(),
        school: people.school.clone(),
        case: wish.case.clone(),
        ttl: Some(minutes(HELD.num_minutes())),
        request_id: form.given("request_id")?.to_owned(),
        ..Default::default()
    };
    let hold = match AgendaServiceClient::new(visit.calls()).hold_slot(ask).await {
        Ok(hold) => hold.into_inner(),
        Err(status) => {
            let why = reason(&status);
            let mine = match why.as_str() {
                "TIME_CONFLICT" | "TOO_MANY_HOLDS" => held::own(&visit).await?,
                _ => Vec::new(),
            };
            let length = wish.length(&rules);
            // Another window of theirs holds it, or this one did before they went back.
            if let Some(hold) = mine.iter().find(|hold| held::covers(hold, &pick, length)) {
                hold.clone()
            } else if why == "TOO_MANY_HOLDS" {
                // It can be booked without.
                pb::Hold::default()
            } else {
                let own = mine.iter().any(|hold| held::meets(hold, &pick, length));
                let faults = Faults::of(status)?;
                let outcome = if own { Outcome::Held(faults) } else { Outcome::Refused(faults) };
                return page(&visit, wish, outcome).await;
            }
        }
    };
    let asked = Asked::of(wish, pick, rules, hold);
    confirm(&visit, &asked, people, None).await
}

/// The time of a button: with its table, or with that of the whole week.
fn picked(form: &Posted) -> Result<Pick, Problem> {
    let pick = form.given("pick")?;
    if pick.contains(' ') { pick.parse() } else { format!("{pick} {}", form.one("table")?).parse() }
}

/// A meeting as it is to be confirmed.
#[derive(Default)]
pub(super) struct Asked {
    wish: Wish,
    pick: Pick,
    rules: pb::KindRules,
    hold: String,
    until: Option<prost_types::Timestamp>,
    parents: ParentException,
    short: ShortNotice,
    alone: AloneBecause,
    provider: String,
    over_busy: bool,
    /// `rooms/{uuid}`; empty for none.
    room: String,
    /// Of each of its children; none before anybody said so.
    said: Option<Vec<Said>>,
}

impl Asked {
    /// At a time that is held, when nothing else is said yet.
    pub(super) fn of(wish: Wish, pick: Pick, rules: pb::KindRules, hold: pb::Hold) -> Self {
        Self { wish, pick, rules, hold: hold.name, until: hold.expire_time, ..Self::default() }
    }
}

/// The choice of a list by its name; none is the first.
pub(super) fn chosen<T: Default>(
    form: &Posted,
    field: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<T, Problem> {
    let text = form.one(field)?;
    if text.is_empty() { Ok(T::default()) } else { read(text).ok_or(ANSWER_INVALID) }
}

/// The meeting is confirmed: it is booked, or it is told why not.
pub(super) async fn book(visit: Visit, form: Posted) -> Shown {
    let wish = Wish::posted(&form)?;
    let rules = rules(&visit, wish.kind).await?;
    let said = turns::said(&form, &wish.turns)?;
    let asked = Asked {
        wish,
        rules,
        pick: form.given("pick")?.parse()?,
        hold: form.one("hold")?.to_owned(),
        until: None,
        parents: chosen(&form, "parent_exception", ParentException::from_str_name)?,
        short: chosen(&form, "short_notice", ShortNotice::from_str_name)?,
        alone: chosen(&form, "alone_because", AloneBecause::from_str_name)?,
        provider: form.one("provider_reason")?.to_owned(),
        over_busy: form.ticked("over_outside_busy")?,
        room: form.one("room")?.to_owned(),
        said: Some(said),
    };
    if !turns::fit(&asked.rules, &asked.wish, visit.language) {
        return page(&visit, asked.wish, Outcome::Asked).await;
    }
    let (wish, rules) = (&asked.wish, &asked.rules);
    let meeting = pb::Consultation {
        kind: wish.kind.into(),
        case: wish.case.clone(),
        school: if wish.case.is_empty() { wish.school.clone() } else { String::new() },
        start_time: Some(prost_types::Timestamp { seconds: asked.pick.start, nanos: 0 }),
        duration: Some(minutes(wish.length(rules))),
        place: wish.place(rules).into(),
        participants: asked.pick.table.iter().map(super::Chair::participant).collect(),
        parent_exception: asked.parents.into(),
        short_notice: asked.short.into(),
        alone_because: asked.alone.into(),
        provider_reason: asked.provider.clone(),
        hulpvraag: wish.hulpvraag.clone(),
        parts: turns::parts(&wish.turns, asked.said.as_deref().unwrap_or_default()),
        rooms: Some(asked.room.clone()).filter(|room| !room.is_empty()).into_iter().collect(),
        ..Default::default()
    };
    let ask = pb::BookConsultationRequest {
        consultation: Some(meeting),
        request_id: form.given("request_id")?.to_owned(),
        hold: asked.hold.clone(),
        over_outside_busy: asked.over_busy,
    };
    match ConsultationServiceClient::new(visit.calls()).book_consultation(ask).await {
        Ok(booked) => Ok(see_other(&format!("/{}", booked.into_inner().name))),
        Err(status) => {
            let faults = Faults::of(status)?;
            // The people were held, the room was not.
            let perhaps_room = faults.reason == "TIME_CONFLICT" && !asked.room.is_empty();
            if is_gone(&faults) && !perhaps_room {
                return page(&visit, asked.wish, Outcome::Refused(faults)).await;
            }
            let people = People::around(&visit, &asked.wish.case, &asked.wish.school).await?;
            confirm(&visit, &asked, people, Some(&faults)).await
        }
    }
}

/// The time is not wanted after all.
pub(super) async fn release(visit: Visit, form: Posted) -> Shown {
    let wish = Wish::posted(&form)?;
    let ask = pb::ReleaseHoldRequest {
        name: form.given("hold")?.to_owned(),
        request_id: form.given("request_id")?.to_owned(),
    };
    if let Err(status) = AgendaServiceClient::new(visit.calls()).release_hold(ask).await
        // It had expired: what was wanted is so.
        && reason(&status) != "HOLD_NOT_FOUND"
    {
        return Err(status.into());
    }
    sought(&visit, wish).await
}

/// The page on which a meeting is confirmed.
pub(super) async fn confirm(
    visit: &Visit,
    asked: &Asked,
    mut people: People,
    faults: Option<&Faults>,
) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let (wish, pick) = (&asked.wish, &asked.pick);
    // Each child's case is read, and that is kept.
    if !turns::fit(&asked.rules, wish, language) {
        return page(visit, wish.clone(), Outcome::Asked).await;
    }
    people.ask_names(visit, pick.table.iter().map(|chair| chair.person.as_str())).await?;
    let start = DateTime::from_timestamp(pick.start, 0).ok_or(ANSWER_INVALID)?;
    let end = start + TimeDelta::minutes(wish.length(&asked.rules).clamp(0, 1440));
    let place = wish.place(&asked.rules);
    let table: Vec<Value> = (pick.table.iter())
        .map(|chair| {
            let name = times::called(chair, &people, language);
            context! { name, role => shown::role(chair.role, language), optional => chair.optional }
        })
        .collect();
    let until = shown::instant(asked.until.as_ref());
    let rooms = if matches!(place, Place::School) {
        rooms(visit, &people.school, (start, asked.room.as_str())).await?
    } else {
        Vec::new()
    };
    let cases = turns::cases(visit, &wish.turns).await?;
    let children = turns::shown((&wish.turns, &cases), asked.said.as_deref(), faults, language);
    let values = context! {
        own, table, rooms, children,
        pairs => wish.fields(),
        room_taken => faults.is_some_and(|faults| faults.reason == "TIME_CONFLICT" && !asked.room.is_empty()),
        faults => faults.map(Value::from),
        kind => shown::kind(wish.kind, language),
        reference => people.case.as_ref().map(|case| case.reference.as_str()).unwrap_or_default(),
        when => dates::span(start, end, language),
        place => shown::place(place, language),
        pick => pick.to_string(),
        hold => asked.hold.as_str(),
        until => until.map(|until| dates::moment(until, language)).unwrap_or_default(),
        home => matches!(place, Place::Home),
        soon => wish.soon,
        asks_parents => asks_parents(wish, &asked.rules),
        provider => asked.provider.as_str(),
        over_busy => asked.over_busy,
        parents => exceptions(asked.parents, language),
        shorts => shorts(asked.short, language),
        alones => alones(asked.alone, language),
        request_id => visit.request_id(),
    };
    let status = if faults.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.page_with(status, ("workplace/book_confirm.html", own.title), values))
}

/// Whether a parent with authority is missed at the table itself: of what is about no child nobody is a parent,
/// and of several children each has its own.
fn asks_parents(wish: &Wish, rules: &pb::KindRules) -> bool {
    let about_one = !wish.case.is_empty() || matches!(rules.about(), About::Child);
    rules.parents_invited && about_one && wish.turns.is_empty()
}

/// The rooms of a school on the day of the meeting, with the one that was chosen.
async fn rooms(
    visit: &Visit,
    school: &str,
    (start, chosen): (DateTime<Utc>, &str),
) -> Result<Vec<Value>, Trouble> {
    let Some(id) = school.strip_prefix("schools/") else { return Ok(Vec::new()) };
    let day = wall_clock(chrono_tz::Europe::Amsterdam, start).date();
    let ask = pb::ListRoomsRequest {
        organisation: format!("organisations/{id}"),
        valid_on: day.to_string(),
        page_size: super::PAGE,
        ..Default::default()
    };
    let found = DirectoryServiceClient::new(visit.calls()).list_rooms(ask).await;
    let own = words(visit.language);
    let shown = |room: &pb::Room| {
        let label = format!("{} ({} {})", room.display_name, room.seats, own.seats);
        context! { label, value => room.name.as_str(), here => room.name == chosen }
    };
    Ok(if_allowed(found)?.unwrap_or_default().rooms.iter().map(shown).collect())
}

/// Why no parent comes, to choose from.
pub(super) fn exceptions(here: ParentException, language: Language) -> Vec<Value> {
    let own = words(language);
    let option = |(one, label): (ParentException, &str)| {
        context! { label, value => one.as_str_name(), here => one == here }
    };
    let all = [
        (ParentException::Safety, own.safety),
        (ParentException::CourtOrder, own.court),
        (ParentException::Anonymous, own.anonymous),
    ];
    all.map(option).into()
}

/// Why a meeting comes sooner than its kind asks, to choose from.
pub(in crate::web::workplace) fn shorts(here: ShortNotice, language: Language) -> Vec<Value> {
    let own = words(language);
    let option = |(one, label): (ShortNotice, &str)| {
        context! { label, value => one.as_str_name(), here => one == here }
    };
    let all = [
        (ShortNotice::FamilyAsks, own.family),
        (ShortNotice::Urgent, own.urgent),
        (ShortNotice::AllAgreed, own.agreed),
    ];
    all.map(option).into()
}

fn alones(here: AloneBecause, language: Language) -> Vec<Value> {
    let own = words(language);
    let option = |(one, label): (AloneBecause, &str)| {
        context! { label, value => one.as_str_name(), here => one == here }
    };
    let all = [
        (AloneBecause::RiskWeighed, own.weighed),
        (AloneBecause::FamilyKnown, own.known),
        (AloneBecause::ColleagueOnCall, own.on_call),
    ];
    all.map(option).into()
}
