//! Facts of a case: hours that were missed, on a day or in a stretch of days, and what happened on a day.

use axum::extract::{Path, Query};
use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::Action,
    refusal::Language,
    thuiszitter::{FollowUp, Moment, is_told_after, looked_after_since},
};
use schakel_proto::v1::{self as pb, fact_service_client::FactServiceClient};
use strum::IntoEnumIterator;

use super::{
    About, PAGE, case, faults,
    form::{Choice, Field, Form},
    home, must, name,
    register::sorted,
    said::GROUNDS,
    saved, today, typed, writes,
};
use crate::{
    thuiszitter::outcome_from_wire,
    web::workplace::{
        calls::Channel,
        trouble::{Shown, Trouble},
        visit::{Posted, Visit},
        words::words,
    },
    wire::time::timestamp,
};

words! {
    missed: "Verzuim vastleggen", "Record absence";
    save: "Leg vast", "Record";
    day: "Welke dag?", "Which day?";
    first: "Welke dag, of eerste dag?", "Which day, or first day?";
    last: "Laatste dag", "Last day";
    last_hint: "Alleen bij meer dagen achter elkaar. Weekenden, vakanties en vrije dagen van de school tellen niet mee. \
        Ten hoogste 100 schooldagen tegelijk.",
        "Only with several days in a row. Weekends, holidays and days off of the school do not count. \
        At most 100 school days at once.";
    minutes: "Hoeveel minuten per dag gemist?", "How many minutes a day were missed?";
    minutes_hint: "Alles wat op een dag om deze reden is gemist, samen. Vijf uur is 300 minuten. Ten hoogste 720.",
        "All that was missed on a day for this reason, together. Five hours are 300 minutes. 720 at most.";
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
        .ask(Field::date("facts[0].missed.date", own.first).required().value(today(visit).to_string()))
        .ask(Field::date("facts[0].missed.until_date", own.last).hint(own.last_hint))
        .ask(Field::number("facts[0].missed.minutes", own.minutes).required().hint(own.minutes_hint))
        .ask(Field::choice("facts[0].missed.ground", own.ground, GROUNDS.options(visit.language)).required());
    Ok(form)
}

pub(super) async fn missing(visit: Visit, Path(id): Path<String>) -> Shown {
    case(&visit, &id).await?;
    Ok(hours(&visit, &id)?.page(&visit))
}

pub(super) async fn missed(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    must(&visit, Action::WriteCase)?;
    let said = pb::fact::Said::Missed(pb::fact::Missed {
        date: typed(&posted, "facts[0].missed.date")?,
        minutes: posted.one("facts[0].missed.minutes")?.parse().unwrap_or_default(),
        ground: GROUNDS.number(posted.one("facts[0].missed.ground")?, pb::AbsenceGround::from_str_name),
        until_date: typed(&posted, "facts[0].missed.until_date")?,
    });
    match faults(log(&visit).record_facts(recording(&id, &posted, said)?).await)? {
        None => Ok(saved::to(&id, "missed")),
        Some(faults) => Ok(hours(&visit, &id)?.again(&visit, &posted, &faults)),
    }
}

fn recording(id: &str, posted: &Posted, said: pb::fact::Said) -> Result<pb::RecordFactsRequest, Trouble> {
    let facts = vec![pb::Fact { said: Some(said), ..pb::Fact::default() }];
    let request_id = typed(posted, "request_id")?;
    Ok(pb::RecordFactsRequest { case: name(id), facts, request_id, ..pb::RecordFactsRequest::default() })
}

/// What happens about the same stands together. Moments are in that order: each group begins with its first.
const GROUPS: &[(Moment, &str, &str)] = &[
    (Moment::Signalled, "Verzuim en ziekmelden", "Absence and sick reports"),
    (Moment::SchoolTalkHeld, "Gesprek, melding en plan", "Talks, reports and the plan"),
    (Moment::LeaveBeyondTen, "Verlof en handhaving", "Leave and enforcement"),
    (Moment::ExtraSupportDecided, "Extra ondersteuning", "Extra support"),
    (Moment::Enrolled, "Inschrijving en uitschrijving", "Enrolment and deregistration"),
    (Moment::OppMade, "Ontwikkelingsperspectief (OPP)", "Development perspective (OPP)"),
    (Moment::AdmissionWished, "Aanmelding en toelating", "Application and admission"),
    (Moment::TeacherHeard, "Verwijdering", "Removal"),
    (Moment::OfferMade, "Aanbod, terugkeer en nazorg", "Offer, return and aftercare"),
    (Moment::TlvRequested, "Toelaatbaarheidsverklaring (TLV)", "Declaration of admissibility (TLV)"),
    (Moment::YouthHelpRequested, "Jeugdhulp", "Youth help"),
    (Moment::SuspendedFromSchool, "Schorsing", "Suspension"),
    (Moment::DecisionAnnounced, "Bezwaar bij de school", "Objection at the school"),
    (Moment::DisputeArose, "Geschil met de school", "Dispute with the school"),
    (Moment::EscalatedL1, "Escalatie en herbeoordeling", "Escalation and review"),
    (Moment::ThirdBirthday, "Vrijstelling", "Exemption"),
    (Moment::SubstituteAsked, "Vervangende leerplicht", "Substitute programme"),
    (Moment::LastPrimaryYearBegan, "Naar het voortgezet onderwijs", "To secondary education"),
    (Moment::SupportPlanStarts, "Plannen van de regio", "Plans of the region"),
];

/// The moments that the visitor may tell of a case, by what they are about.
fn moments(visit: &Visit, case: &pb::Case) -> Vec<(&'static str, Vec<Choice>)> {
    let language = visit.language;
    let told: Vec<Moment> = Moment::iter().filter(|one| may_tell(visit, *one) && fits(case, *one)).collect();
    let ends = GROUPS.iter().skip(1).map(|(first, ..)| Some(*first)).chain([None]);
    let groups = GROUPS.iter().zip(ends).map(|((first, dutch, english), end)| {
        let label = match language {
            Language::Dutch => *dutch,
            Language::English => *english,
        };
        let own = told.iter().filter(|one| *one >= first && end.is_none_or(|end| **one < end));
        let own = own.map(|one| (one.to_string(), one.name(language).to_owned())).collect();
        (label, sorted(own))
    });
    groups.filter(|(_, own)| !own.is_empty()).collect()
}

/// What the end of a closed case leaves to be done; none of an open one, and for who does not see how it ended.
fn left_to_do(case: &pb::Case) -> Option<FollowUp> {
    outcome_from_wire(case.outcome).map(|outcome| outcome.counts_as().follow_up)
}

/// Whether somebody still looks in after a closed case: then that is told of it.
pub(super) fn is_looked_after(visit: &Visit, case: &pb::Case) -> bool {
    let ended: Option<NaiveDate> = case.outcome_date.parse().ok();
    left_to_do(case).is_some_and(FollowUp::looks_in)
        && ended.is_some_and(|ended| ended >= looked_after_since(today(visit)))
}

/// Whether it is told of the case that this happened: of a closed one only what its end asks for or leaves going on.
pub(super) fn fits(case: &pb::Case, moment: Moment) -> bool {
    matches!(case.state(), pb::case::State::Open)
        || left_to_do(case).is_some_and(|follow_up| is_told_after(follow_up, moment))
}

/// Whether a fact of the case can still be put right: of a closed one only what is told of it since.
pub(super) fn is_open_to_mending(case: &pb::Case, said: Option<&pb::fact::Said>) -> bool {
    let Some(pb::fact::Said::Happened(dated)) = said else {
        return matches!(case.state(), pb::case::State::Open);
    };
    let word = dated.moment().as_str_name().strip_prefix("MOMENT_");
    let moment: Option<Moment> = word.and_then(|word| word.parse().ok());
    moment.is_some_and(|moment| fits(case, moment))
}

/// Whether the visitor may tell in some case that this happened.
pub(super) fn may_tell(visit: &Visit, moment: Moment) -> bool {
    !moment.is_derived() && !moment.is_of_organisation() && writes(visit, moment.class())
}

async fn event(visit: &Visit, id: &str, chosen: &str) -> Result<Form, Trouble> {
    let case = case(visit, id).await?;
    must(visit, Action::WriteCase)?;
    let own = words(visit.language);
    let moments = moments(visit, &case);
    let form = Form::new((own.happened, own.save), home(id))
        .intro(own.moment_intro)
        .ask(Field::grouped("facts[0].happened.moment", own.moment, moments).required().value(chosen))
        .ask(Field::date("facts[0].happened.date", own.day).required().value(today(visit).to_string()))
        .ask(Field::text("facts[0].reason", own.reason).sometimes().hint(own.reason_hint));
    Ok(form)
}

/// With the moment chosen that the address names, as beside a term that it meets.
pub(super) async fn happening(visit: Visit, Path(id): Path<String>, Query(about): Query<About>) -> Shown {
    Ok(event(&visit, &id, &about.of).await?.page(&visit))
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
        None => Ok(saved::to(&id, "happened")),
        Some(faults) => Ok(event(&visit, &id, "").await?.again(&visit, &posted, &faults)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_moment_is_in_a_group_and_groups_are_in_the_order_of_moments() {
        let firsts: Vec<Moment> = GROUPS.iter().map(|(first, ..)| *first).collect();
        assert!(firsts.is_sorted());
        assert_eq!(firsts.first().copied(), Moment::iter().next());
        let apart = |said: fn(&(Moment, &'static str, &'static str)) -> &'static str| {
            GROUPS.iter().map(said).collect::<std::collections::BTreeSet<_>>().len()
        };
        assert_eq!((apart(|group| group.1), apart(|group| group.2)), (GROUPS.len(), GROUPS.len()));
    }
}
