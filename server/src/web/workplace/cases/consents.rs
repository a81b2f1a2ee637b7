//! Consent (toestemming): who agreed to share what with whom, written down and withdrawn.

use axum::extract::{Path, Query};
use chrono::Months;
use schakel_domain::access::Action;
use schakel_proto::v1::{self as pb, consent as wire, consent_service_client::ConsentServiceClient};

use super::{
    About, case, faults,
    form::{Choice, Field, Form},
    home, must, name,
    register::{organisation_options, people},
    said::{CLASSES, EXCEPTIONS, PURPOSES},
    saved, today, typed,
};
use crate::web::workplace::{
    calls::Channel,
    shown,
    trouble::{Shown, Trouble},
    visit::{Posted, Visit},
    words::words,
};

words! {
    title: "Toestemming vastleggen", "Record consent";
    save: "Leg vast", "Record";
    intro: "Tot 12 jaar tekenen alle ouders met gezag. Van 12 tot en met 15 tekent het kind mee. Vanaf 16 tekent de jongere alleen.",
        "Up to 12 every parent with authority signs. From 12 to 15 the child signs too. From 16 the youth alone signs.";
    purpose: "Waarvoor?", "What for?";
    gives: "Welke organisatie deelt iets?", "Which organisation shares?";
    receives: "Wie mag het lezen?", "Who may read it?";
    receives_hint: "Iedereen met deze functie die bij dit dossier hoort.", "Everybody with this role at this case.";
    classes: "Wat mag worden gedeeld?", "What may be shared?";
    given: "Getekend op", "Signed on";
    expires: "Geldig tot en met", "Valid until";
    expires_hint: "Ten hoogste een jaar.", "A year at most.";
    signers: "Wie heeft getekend?", "Who signed?";
    exception: "Waarom heeft niet iedereen getekend?", "Why did not everybody sign?";
    note: "Wat hoort erbij?", "What belongs to it?";
    withdraw: "Toestemming intrekken", "Withdraw consent";
    withdraw_intro: "De toestemming opent vanaf nu niets meer. Een reden is niet nodig.",
        "From now on the consent opens nothing. No reason is needed.";
    by: "Wie trekt in?", "Who withdraws?";
    why: "Reden", "Reason";
}

/// Who may be let in by consent: those who help, those who mediate, and those who ask others about a child.
const READERS: [pb::Role; 15] = [
    pb::Role::Smw,
    pb::Role::Gezinswerker,
    pb::Role::Jeugdarts,
    pb::Role::Jeugdverpleegkundige,
    pb::Role::Indicatiesteller,
    pb::Role::Jeugdhulpverlener,
    pb::Role::Onderwijsconsulent,
    pb::Role::Iber,
    pb::Role::Zorgcoordinator,
    pb::Role::Bocer,
    pb::Role::Trajectbegeleider,
    pb::Role::SwvAdviseur,
    pb::Role::Gedragswetenschapper,
    pb::Role::Thuiszitterscoordinator,
    pb::Role::Leerplichtambtenaar,
];

pub(super) fn consents(visit: &Visit) -> ConsentServiceClient<Channel> {
    ConsentServiceClient::new(visit.calls())
}

async fn agreement(visit: &Visit, id: &str) -> Result<Form, Trouble> {
    must(visit, Action::RecordConsent)?;
    let (language, own) = (visit.language, words(visit.language));
    let case = case(visit, id).await?;
    let organisations = organisation_options(visit).await?;
    let reader = |role: &pb::Role| (role.as_str_name().to_owned(), shown::role(*role, language));
    let readers: Vec<Choice> = READERS.iter().map(reader).collect();
    let day = today(visit);
    // A year at most: the day before that day of next year.
    let last = day.checked_add_months(Months::new(12)).and_then(|day| day.pred_opt()).unwrap_or(day);
    let form = Form::new((own.title, own.save), home(id))
        .intro(own.intro)
        .ask(Field::choice("consent.purpose", own.purpose, PURPOSES.options(language)).required())
        .ask(
            Field::choice("consent.gives", own.gives, organisations)
                .required()
                .value(visit.me.acting_for.as_str()),
        )
        .ask(Field::ticks("consent.receives", own.receives, readers).required().hint(own.receives_hint))
        .ask(Field::ticks("consent.classes", own.classes, CLASSES.options(language)).required())
        .ask(Field::ticks("consent.signatures", own.signers, people(&case)).required())
        .ask(Field::date("consent.given_date", own.given).required().value(day.to_string()))
        .ask(
            Field::date("consent.expire_date", own.expires)
                .required()
                .hint(own.expires_hint)
                .value(last.to_string()),
        )
        .ask(Field::choice("consent.exception", own.exception, EXCEPTIONS.options(language)))
        .ask(Field::text("consent.note", own.note));
    Ok(form)
}

pub(super) async fn asking(visit: Visit, Path(id): Path<String>) -> Shown {
    Ok(agreement(&visit, &id).await?.page(&visit))
}

fn wished(id: &str, posted: &Posted) -> Result<pb::Consent, Trouble> {
    let date = typed(posted, "consent.given_date")?;
    let gives = typed(posted, "consent.gives")?;
    let gives = Some(gives).filter(|gives| !gives.is_empty());
    let receives = posted.all("consent.receives").map(|role| wire::Party {
        organisation: String::new(),
        role: pb::Role::from_str_name(role).unwrap_or_default().into(),
    });
    let classes =
        posted.all("consent.classes").map(|word| CLASSES.number(word, pb::DataClass::from_str_name));
    let signatures = posted
        .all("consent.signatures")
        .map(|person| wire::Signature { person: person.to_owned(), date: date.clone() });
    Ok(pb::Consent {
        case: name(id),
        purpose: typed(posted, "consent.purpose")?,
        gives: gives.into_iter().map(|organisation| wire::Party { organisation, role: 0 }).collect(),
        receives: receives.collect(),
        classes: classes.collect(),
        signatures: signatures.collect(),
        expire_date: typed(posted, "consent.expire_date")?,
        exception: EXCEPTIONS.number(posted.one("consent.exception")?, wire::Exception::from_str_name),
        note: typed(posted, "consent.note")?,
        given_date: date.clone(),
        ..pb::Consent::default()
    })
}

pub(super) async fn record(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let consent = Some(wished(&id, &posted)?);
    let ask = pb::RecordConsentRequest { consent, request_id: typed(&posted, "request_id")? };
    match faults(consents(&visit).record_consent(ask).await)? {
        None => Ok(saved::to(&id, "consent")),
        Some(faults) => Ok(agreement(&visit, &id).await?.again(&visit, &posted, &faults)),
    }
}

async fn withdrawal(visit: &Visit, id: &str, of: &str) -> Result<Form, Trouble> {
    must(visit, Action::WithdrawConsent)?;
    let own = words(visit.language);
    let ask = pb::GetConsentRequest { name: of.to_owned() };
    let consent = consents(visit).get_consent(ask).await?.into_inner();
    let case = case(visit, id).await?;
    let form = Form::new((own.withdraw, own.withdraw), home(id))
        .intro(own.withdraw_intro)
        .hide("of", consent.name)
        .hide("etag", consent.etag)
        .ask(Field::choice("person", own.by, people(&case)))
        .ask(Field::text("note", own.why));
    Ok(form)
}

pub(super) async fn withdrawing(visit: Visit, Path(id): Path<String>, Query(about): Query<About>) -> Shown {
    Ok(withdrawal(&visit, &id, &about.of).await?.page(&visit))
}

pub(super) async fn withdraw(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let ask = pb::WithdrawConsentRequest {
        name: typed(&posted, "of")?,
        person: typed(&posted, "person")?,
        note: typed(&posted, "note")?,
        etag: typed(&posted, "etag")?,
        request_id: typed(&posted, "request_id")?,
    };
    match faults(consents(&visit).withdraw_consent(ask).await)? {
        None => Ok(saved::to(&id, "withdrawn")),
        Some(faults) => Ok(withdrawal(&visit, &id, posted.one("of")?).await?.again(&visit, &posted, &faults)),
    }
}

#[cfg(test)]
mod tests {
    use schakel_domain::access::{Role, may};
    use strum::IntoEnumIterator;

    use super::*;

    /// Nobody asks without a consent that names them, but the attendance officer a school.
    #[test]
    fn whoever_may_ask_partners_can_be_named_in_a_consent() {
        for role in Role::iter().filter(|role| may(&[*role], Action::AskInformation, None).is_ok()) {
            let name = format!("ROLE_{role}");
            assert!(READERS.iter().any(|reader| reader.as_str_name() == name), "{name}");
        }
    }
}
