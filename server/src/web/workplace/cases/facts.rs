//! Facts of a case: hours that were missed, on a day or in a stretch of days, and what happened on a day.

use std::collections::BTreeMap;

use axum::extract::{Path, Query};
use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::Action,
    dutch::{SchoolCalendar, TeachingDay},
    ids::SchoolId,
    refusal::Language,
    thuiszitter::Moment,
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
    access::{Grant, Worker},
    directory::calendar,
    web::{
        problem::NOT_FOUND,
        workplace::{
            calls::Channel,
            trouble::{Faults, Shown, Trouble},
            visit::{Posted, Visit},
            words::words,
        },
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
    no_last: "Dit is geen dag, of hij ligt voor de eerste dag.", "This is no day, or it is before the first day.";
    to_come: "Deze dag is nog niet geweest.", "This day has not come yet.";
    no_school: "In deze tijd was er geen school.", "There was no school in this time.";
    too_many: "Dit zijn meer dan 100 schooldagen. Leg ze in delen vast.",
        "These are more than 100 school days. Record them in parts.";
    unknown: "Van een deel van deze tijd zijn de schoolvakanties niet bekend. Leg die dagen een voor een vast.",
        "Of part of this time the school holidays are not known. Record those days one by one.";
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
        .ask(Field::date(LAST, own.last).hint(own.last_hint))
        .ask(Field::number("facts[0].missed.minutes", own.minutes).required().hint(own.minutes_hint))
        .ask(Field::choice("facts[0].missed.ground", own.ground, GROUNDS.options(visit.language)).required());
    Ok(form)
}

pub(super) async fn missing(visit: Visit, Path(id): Path<String>) -> Shown {
    case(&visit, &id).await?;
    Ok(hours(&visit, &id)?.page(&visit))
}

/// The field with the last day of a stretch.
const LAST: &str = "last_date";
/// As many facts are told at once at most.
const MOST: usize = 100;

/// What is wrong with the last day of a stretch.
fn no_days(told: &str) -> Faults {
    let fields = BTreeMap::from([(LAST.to_owned(), told.to_owned())]);
    Faults { summary: told.to_owned(), fields, ..Faults::default() }
}

/// The days on which the school of a case taught, from `first` up to `last`, which was typed.
async fn school_days(
    visit: &Visit,
    case: &pb::Case,
    (first, last): (NaiveDate, &str),
) -> Result<Result<Vec<NaiveDate>, Faults>, Trouble> {
    let own = words(visit.language);
    let Some(last) = last.parse::<NaiveDate>().ok().filter(|last| *last >= first) else {
        return Ok(Err(no_days(own.no_last)));
    };
    if last > today(visit) {
        return Ok(Err(no_days(own.to_come)));
    }
    // In a year a school teaches on twice as many days as are told at once.
    if (last - first).num_days() > 366 {
        return Ok(Err(no_days(own.too_many)));
    }
    let lessons = lessons(visit, case).await?;
    let mut days = Vec::new();
    for day in first.iter_days().take_while(|day| *day <= last) {
        match lessons.is_teaching_day(day) {
            TeachingDay::Yes => days.push(day),
            TeachingDay::No => {}
            TeachingDay::Unknown => return Ok(Err(no_days(own.unknown))),
        }
    }
    Ok(match days.len() {
        0 => Err(no_days(own.no_school)),
        1..=MOST => Ok(days),
        _ => Err(no_days(own.too_many)),
    })
}

/// When the school of a case teaches; of a child without one, the schools of its gemeente.
async fn lessons(visit: &Visit, case: &pb::Case) -> Result<SchoolCalendar, Trouble> {
    let Some(at) = visit.session.acting.first() else { return Err(NOT_FOUND.into()) };
    // Days of lessons are no one's data: everybody who signs in reads the register.
    let read = visit.app.read(Grant::worker(Worker::Planner, at.region));
    let school: Option<SchoolId> = case.school.parse().ok();
    let gemeente = case.residence_gemeente_code.as_str();
    let schools: Vec<SchoolId> = school.into_iter().collect();
    let all = calendar::calendars(&read, &schools, &[gemeente.to_owned()]).await?;
    Ok(all.of(school, gemeente))
}

pub(super) async fn missed(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    must(&visit, Action::WriteCase)?;
    let (first, last) = (posted.one("facts[0].missed.date")?, posted.one(LAST)?);
    let minutes = posted.one("facts[0].missed.minutes")?.parse().unwrap_or_default();
    let ground = GROUNDS.number(posted.one("facts[0].missed.ground")?, pb::AbsenceGround::from_str_name);
    let missed = |date: String| {
        let missed = pb::fact::Missed { date, minutes, ground };
        pb::Fact { said: Some(pb::fact::Said::Missed(missed)), ..pb::Fact::default() }
    };
    let begins = first.parse::<NaiveDate>();
    let days = match begins {
        Ok(first) if !last.is_empty() => {
            let case = case(&visit, &id).await?;
            match school_days(&visit, &case, (first, last)).await? {
                Ok(days) => days,
                Err(faults) => return Ok(hours(&visit, &id)?.again(&visit, &posted, &faults)),
            }
        }
        // A day by itself may be any: the call says what is wrong with it.
        Ok(first) => vec![first],
        Err(_) => Vec::new(),
    };
    let facts = if days.is_empty() {
        vec![missed(first.to_owned())]
    } else {
        days.iter().map(|day| missed(day.to_string())).collect()
    };
    let ask = pb::RecordFactsRequest { case: name(&id), facts, request_id: typed(&posted, "request_id")? };
    match faults(log(&visit).record_facts(ask).await)? {
        None => Ok(saved::absence(&id, &days, minutes)),
        Some(faults) => Ok(hours(&visit, &id)?.again(&visit, &posted, &once(faults))),
    }
}

/// What is wrong with every day of a stretch alike is told once.
fn once(faults: Faults) -> Faults {
    let first = |(path, _): &(String, String)| !path.starts_with("facts[") || path.starts_with("facts[0]");
    Faults { fields: faults.fields.into_iter().filter(first).collect(), ..faults }
}

fn recording(id: &str, posted: &Posted, said: pb::fact::Said) -> Result<pb::RecordFactsRequest, Trouble> {
    let facts = vec![pb::Fact { said: Some(said), ..pb::Fact::default() }];
    Ok(pb::RecordFactsRequest { case: name(id), facts, request_id: typed(posted, "request_id")? })
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
fn moments(visit: &Visit, open: bool) -> Vec<(&'static str, Vec<Choice>)> {
    let language = visit.language;
    // Of a closed case only that it was handed over is told.
    let fits = |moment: &Moment| open || matches!(moment, Moment::WarmlyHandedOver);
    let told: Vec<Moment> = Moment::iter().filter(|one| may_tell(visit, *one) && fits(one)).collect();
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

/// Whether the visitor may tell in some case that this happened.
pub(super) fn may_tell(visit: &Visit, moment: Moment) -> bool {
    !moment.is_derived() && !moment.is_of_organisation() && writes(visit, moment.class())
}

async fn event(visit: &Visit, id: &str, chosen: &str) -> Result<Form, Trouble> {
    let case = case(visit, id).await?;
    must(visit, Action::WriteCase)?;
    let own = words(visit.language);
    let moments = moments(visit, matches!(case.state(), pb::case::State::Open));
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
