//! Facts of a case: hours that were missed, and what happened on a day.

use axum::extract::Path;
use chrono::{DateTime, Utc};
use schakel_domain::{access::Action, thuiszitter::Moment};
use schakel_proto::v1::{self as pb, fact_service_client::FactServiceClient};
use strum::IntoEnumIterator;

use super::{
    PAGE, case, faults,
    form::{Choice, Field, Form},
    home, must, name,
    register::sorted,
    said::GROUNDS,
    today, typed, writes,
};
use crate::{
    web::workplace::{
        calls::Channel,
        trouble::{Shown, Trouble, see_other},
        visit::{Posted, Visit},
        words::words,
    },
    wire::time::timestamp,
};

words! {
    missed: "Verzuim vastleggen", "Record absence";
    save: "Leg vast", "Record";
    day: "Welke dag?", "Which day?";
    minutes: "Hoeveel minuten gemist?", "How many minutes were missed?";
    minutes_hint: "Alles wat die dag om deze reden is gemist, samen. Ten hoogste 720.",
        "All that was missed on that day for this reason, together. 720 at most.";
    ground: "Waarom?", "Why?";
    happened: "Gebeurtenis vastleggen", "Record what happened";
    moment: "Wat is er gebeurd?", "What happened?";
    reason: "Waarom is er meer nodig dan de basisondersteuning?",
        "Why is more needed than the basisondersteuning?";
    reason_hint: "Alleen bij een besluit over extra ondersteuning; dan is het verplicht.",
        "With a decision on extra support only; then it is required.";
    moment_intro: "Bijvoorbeeld: het kind is gehoord, of er is gemeld bij DUO. De termijnen worden opnieuw berekend.",
        "For example: the child was heard, or the absence was reported to DUO. The deadlines are computed again.";
}

/// As many answers are asked for at most: the facts of 25 years of schooldays.
const PAGES: usize = 25;

pub(super) fn log(visit: &Visit) -> FactServiceClient<Channel> {
    FactServiceClient::new(visit.calls())
}

/// What stands in the log of a case, or stood at an instant, oldest first; and whether newer ones are
/// left out.
pub(super) async fn all(
    visit: &Visit,
    id: &str,
    as_of: Option<DateTime<Utc>>,
) -> Result<(Vec<pb::Fact>, bool), Trouble> {
    let (mut all, mut page_token) = (Vec::new(), String::new());
    for _ in 0..PAGES {
        let ask = pb::ListFactsRequest {
            case: name(id),
            as_of_time: as_of.map(timestamp),
            show_corrected: false,
            page_size: PAGE,
            page_token,
        };
        let page = log(visit).list_facts(ask).await?.into_inner();
        all.extend(page.facts);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    Ok((all, !page_token.is_empty()))
}

fn hours(visit: &Visit, id: &str) -> Result<Form, Trouble> {
    must(visit, Action::WriteCase)?;
    let own = words(visit.language);
    let form = Form::new((own.missed, own.save), home(id))
        .ask(Field::date("facts[0].missed.date", own.day).required().value(today(visit).to_string()))
        .ask(Field::number("facts[0].missed.minutes", own.minutes).required().hint(own.minutes_hint))
        .ask(Field::choice("facts[0].missed.ground", own.ground, GROUNDS.options(visit.language)).required());
    Ok(form)
}

pub(super) async fn missing(visit: Visit, Path(id): Path<String>) -> Shown {
    case(&visit, &id).await?;
    Ok(hours(&visit, &id)?.page(&visit))
}

pub(super) async fn missed(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let said = pb::fact::Said::Missed(pb::fact::Missed {
        date: typed(&posted, "facts[0].missed.date")?,
        minutes: posted.one("facts[0].missed.minutes")?.parse().unwrap_or_default(),
        ground: GROUNDS.number(posted.one("facts[0].missed.ground")?, pb::AbsenceGround::from_str_name),
    });
    let ask = recording(&id, &posted, said)?;
    match faults(log(&visit).record_facts(ask).await)? {
        None => Ok(see_other(&home(&id))),
        Some(faults) => Ok(hours(&visit, &id)?.again(&visit, &posted, &faults)),
    }
}

fn recording(id: &str, posted: &Posted, said: pb::fact::Said) -> Result<pb::RecordFactsRequest, Trouble> {
    let facts = vec![pb::Fact { said: Some(said), ..pb::Fact::default() }];
    Ok(pb::RecordFactsRequest { case: name(id), facts, request_id: typed(posted, "request_id")? })
}

async fn event(visit: &Visit, id: &str) -> Result<Form, Trouble> {
    let case = case(visit, id).await?;
    must(visit, Action::WriteCase)?;
    let (language, own) = (visit.language, words(visit.language));
    // Of a closed case only that it was handed over is told.
    let open = matches!(case.state(), pb::case::State::Open);
    let fits = |moment: &Moment| open || matches!(moment, Moment::WarmlyHandedOver);
    let told = Moment::iter().filter(|moment| !moment.is_derived() && !moment.is_of_organisation());
    let moments: Vec<Choice> = told
        .filter(|moment| fits(moment) && writes(visit, moment.class()))
        .map(|moment| (moment.to_string(), moment.name(language).to_owned()))
        .collect();
    let form = Form::new((own.happened, own.save), home(id))
        .intro(own.moment_intro)
        .ask(Field::choice("facts[0].happened.moment", own.moment, sorted(moments)).required())
        .ask(Field::date("facts[0].happened.date", own.day).required().value(today(visit).to_string()))
        .ask(Field::text("facts[0].reason", own.reason).hint(own.reason_hint));
    Ok(form)
}

pub(super) async fn happening(visit: Visit, Path(id): Path<String>) -> Shown {
    Ok(event(&visit, &id).await?.page(&visit))
}

pub(super) async fn happened(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let moment = format!("MOMENT_{}", posted.one("facts[0].happened.moment")?);
    let said = pb::fact::Said::Happened(pb::fact::Dated {
        moment: pb::Moment::from_str_name(&moment).unwrap_or_default().into(),
        date: typed(&posted, "facts[0].happened.date")?,
    });
    let reason: String = typed(&posted, "facts[0].reason")?;
    let mut ask = recording(&id, &posted, said)?;
    ask.facts.iter_mut().for_each(|fact| fact.reason.clone_from(&reason));
    match faults(log(&visit).record_facts(ask).await)? {
        None => Ok(see_other(&home(&id))),
        Some(faults) => Ok(event(&visit, &id).await?.again(&visit, &posted, &faults)),
    }
}
