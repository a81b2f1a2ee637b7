//! A fact that was not so is put right, or taken back; what was told first stays in the log.

use axum::extract::{Path, Query};
use pb::fact::Said;
use schakel_domain::access::Action;
use schakel_proto::v1 as pb;
use tonic::Code;

use super::{
    About, facts, faults,
    form::{Field, Form},
    grounds::{CIRCUMSTANCES, EXEMPTIONS},
    home,
    moving::{OUTSIDE, outside},
    must,
    said::{ABSENCES, ENROLMENTS, GROUNDS},
    saved, typed,
};
use crate::web::{
    problem::NOT_FOUND,
    workplace::{
        trouble::{Shown, Trouble},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Feit verbeteren", "Correct a fact";
    save: "Leg vast", "Record";
    intro: "Schrijf op hoe het wel is. Wat er eerst stond, blijft bewaard. De termijnen worden opnieuw berekend.",
        "Write down how it is. What stood there first is kept. The deadlines are computed again.";
    gone: "Dit klopt helemaal niet: neem het terug", "None of this is so: take it back";
    day: "Welke dag?", "Which day?";
    from: "Vanaf welke dag?", "From which day?";
    until: "Laatste dag", "Last day";
    absence: "Waarom het kind niet op school is", "Why the child is not at school";
    enrolment: "Ingeschreven?", "Enrolled?";
    gemeente: "Gemeente waar het kind woont", "Gemeente where the child lives";
    gemeente_hint: "De code: GM en vier cijfers, bijvoorbeeld GM0363.", "The code: GM and four digits, for example GM0363.";
    year: "Eerste hele schooljaar", "First full school year";
    year_hint: "Bijvoorbeeld 2023-2024.", "For example 2023-2024.";
    minutes: "Hoeveel minuten gemist?", "How many minutes were missed?";
    ground: "Waarom?", "Why?";
    reason: "Waarom is er meer nodig dan de basisondersteuning?",
        "Why is more needed than the basisondersteuning?";
}

/// Whether a fact can be put right here: what was decided, and what takes another back, cannot.
pub(super) fn may_be(said: Option<&Said>) -> bool {
    match said {
        None | Some(Said::Step(_) | Said::Level(_) | Said::Ended(_)) => false,
        Some(
            Said::Absence(_)
            | Said::Enrolled(_)
            | Said::Residence(_)
            | Said::FirstFullSchoolYear(_)
            | Said::QualifiedDate(_)
            | Said::Happened(_)
            | Said::Missed(_)
            | Said::Exemption(_)
            | Said::Holding(_)
            | Said::Suspension(_),
        ) => true,
    }
}

async fn found(visit: &Visit, id: &str, of: &str) -> Result<pb::Fact, Trouble> {
    must(visit, Action::WriteCase)?;
    let (all, _) = facts::all(visit, id, None).await?;
    let one = all.into_iter().find(|fact| fact.name == of && may_be(fact.said.as_ref()));
    one.ok_or(NOT_FOUND.into())
}

/// The first and the last day of something that holds.
pub(super) fn days(form: Form, own: &Words, path: &str, (from, until): (&str, &str)) -> Form {
    form.ask(Field::date(format!("{path}.from_date"), own.from).required().value(from))
        .ask(Field::date(format!("{path}.until_date"), own.until).value(until))
}

/// The questions of one kind of fact, with what it says now; what it is about stays as it is.
fn questions(visit: &Visit, form: Form, fact: &pb::Fact) -> Form {
    let (language, own) = (visit.language, words(visit.language));
    let Some(said) = &fact.said else { return form };
    match said {
        Said::Absence(absence) => {
            let kind = absence.kind().as_str_name().trim_start_matches("KIND_");
            let kinds = ABSENCES.options(language);
            form.hide("said", "absence")
                .ask(Field::choice("fact.absence.kind", own.absence, kinds).required().value(kind))
                .ask(
                    Field::date("fact.absence.from_date", own.from)
                        .required()
                        .value(absence.from_date.as_str()),
                )
        }
        Said::Enrolled(enrolled) => {
            let enrolment = enrolled.enrolment().as_str_name().trim_start_matches("ENROLMENT_");
            let options = ENROLMENTS.options(language);
            form.hide("said", "enrolled")
                .ask(
                    Field::choice("fact.enrolled.enrolment", own.enrolment, options)
                        .required()
                        .value(enrolment),
                )
                .ask(
                    Field::date("fact.enrolled.from_date", own.from)
                        .required()
                        .value(enrolled.from_date.as_str()),
                )
        }
        Said::Residence(residence) => form
            .hide("said", "residence")
            .ask(
                Field::line("fact.residence.gemeente_code", own.gemeente)
                    .required()
                    .hint(own.gemeente_hint)
                    .value(residence.gemeente_code.as_str()),
            )
            .ask(outside(visit))
            .ask(
                Field::date("fact.residence.from_date", own.from)
                    .required()
                    .value(residence.from_date.as_str()),
            ),
        Said::FirstFullSchoolYear(year) => form.hide("said", "year").ask(
            Field::line("fact.first_full_school_year", own.year)
                .required()
                .hint(own.year_hint)
                .value(year.as_str()),
        ),
        Said::QualifiedDate(date) => form
            .hide("said", "qualified")
            .ask(Field::date("fact.qualified_date", own.day).required().value(date.as_str())),
        Said::Happened(dated) => {
            let form = form
                .hide("said", "happened")
                .hide("fact.happened.moment", dated.moment().as_str_name())
                .ask(Field::date("fact.happened.date", own.day).required().value(dated.date.as_str()));
            if matches!(dated.moment(), pb::Moment::ExtraSupportDecided) {
                form.ask(Field::text("fact.reason", own.reason).required().value(fact.reason.as_str()))
            } else {
                form
            }
        }
        Said::Missed(missed) => {
            let ground = missed.ground().as_str_name().trim_start_matches("ABSENCE_GROUND_");
            let grounds = GROUNDS.options(language);
            form.hide("said", "missed")
                .ask(Field::date("fact.missed.date", own.day).required().value(missed.date.as_str()))
                .ask(
                    Field::number("fact.missed.minutes", own.minutes)
                        .required()
                        .value(missed.minutes.to_string()),
                )
                .ask(Field::choice("fact.missed.ground", own.ground, grounds).required().value(ground))
        }
        Said::Exemption(exemption) => {
            let form = form
                .hide("said", "exemption")
                .hide("fact.exemption.ground", exemption.ground().as_str_name());
            days(form, own, "fact.exemption", (exemption.from_date.as_str(), exemption.until_date.as_str()))
        }
        Said::Holding(holding) => {
            let circumstance = holding.circumstance().as_str_name();
            let form = form.hide("said", "holding").hide("fact.holding.circumstance", circumstance);
            days(form, own, "fact.holding", (holding.from_date.as_str(), holding.until_date.as_str()))
        }
        Said::Suspension(suspension) => {
            let norm = suspension.norm.as_str();
            let form = form.hide("said", "suspension").hide("fact.suspension.norm", norm);
            days(
                form,
                own,
                "fact.suspension",
                (suspension.from_date.as_str(), suspension.until_date.as_str()),
            )
        }
        Said::Step(_) | Said::Level(_) | Said::Ended(_) => form,
    }
}

async fn correction(visit: &Visit, id: &str, of: &str) -> Result<Form, Trouble> {
    let (own, fact) = (words(visit.language), found(visit, id, of).await?);
    let form = Form::new((own.title, own.save), home(id))
        .intro(own.intro)
        .quote(fact.text.as_str())
        .hide("of", fact.name.as_str());
    Ok(questions(visit, form, &fact).ask(Field::tick("gone", own.gone)))
}

pub(super) async fn correcting(visit: Visit, Path(id): Path<String>, Query(about): Query<About>) -> Shown {
    Ok(correction(&visit, &id, &about.of).await?.page(&visit))
}

/// What a form says whose fields stand below `root`; nothing of one that is none of these, which the call
/// refuses.
pub(super) fn told(posted: &Posted, root: &str) -> Result<Option<Said>, Trouble> {
    let text = |path: &str| typed(posted, &format!("{root}.{path}"));
    // Of a correction it stands unseen in the form, with what the API puts before it.
    let ground = |word: String| {
        let word = word.trim_start_matches(EXEMPTIONS.prefix);
        EXEMPTIONS.number(word, pb::ExemptionGround::from_str_name)
    };
    let circumstance = |word: String| {
        let word = word.trim_start_matches(CIRCUMSTANCES.prefix);
        CIRCUMSTANCES.number(word, pb::Circumstance::from_str_name)
    };
    Ok(Some(match posted.one("said")? {
        "absence" => Said::Absence(pb::fact::Absence {
            kind: ABSENCES.number(&text("absence.kind")?, pb::case::absence::Kind::from_str_name),
            from_date: text("absence.from_date")?,
        }),
        "enrolled" => Said::Enrolled(pb::fact::Enrolled {
            enrolment: ENROLMENTS.number(&text("enrolled.enrolment")?, pb::Enrolment::from_str_name),
            from_date: text("enrolled.from_date")?,
        }),
        "residence" => Said::Residence(pb::fact::Residence {
            gemeente_code: text("residence.gemeente_code")?,
            from_date: text("residence.from_date")?,
        }),
        "year" => Said::FirstFullSchoolYear(text("first_full_school_year")?),
        "qualified" => Said::QualifiedDate(text("qualified_date")?),
        "happened" => Said::Happened(pb::fact::Dated {
            moment: pb::Moment::from_str_name(&text("happened.moment")?).unwrap_or_default().into(),
            date: text("happened.date")?,
        }),
        "missed" => Said::Missed(pb::fact::Missed {
            date: text("missed.date")?,
            minutes: text("missed.minutes")?.parse().unwrap_or_default(),
            ground: GROUNDS.number(&text("missed.ground")?, pb::AbsenceGround::from_str_name),
            // One day is put right.
            until_date: String::new(),
        }),
        "exemption" => Said::Exemption(pb::fact::Exemption {
            ground: ground(text("exemption.ground")?),
            from_date: text("exemption.from_date")?,
            until_date: text("exemption.until_date")?,
        }),
        "holding" => Said::Holding(pb::fact::Holding {
            circumstance: circumstance(text("holding.circumstance")?),
            from_date: text("holding.from_date")?,
            until_date: text("holding.until_date")?,
        }),
        "suspension" => Said::Suspension(pb::fact::Suspension {
            norm: text("suspension.norm")?,
            from_date: text("suspension.from_date")?,
            until_date: text("suspension.until_date")?,
        }),
        _ => return Ok(None),
    }))
}

pub(super) async fn correct(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let fact = if posted.ticked("gone")? {
        None
    } else {
        let reason = typed(&posted, "fact.reason")?;
        Some(pb::Fact { said: told(&posted, "fact")?, reason, ..pb::Fact::default() })
    };
    let ask = pb::CorrectFactRequest {
        name: typed(&posted, "of")?,
        fact,
        confirm_outside_region: posted.ticked(OUTSIDE)?,
        request_id: typed(&posted, "request_id")?,
    };
    let sent = facts::log(&visit).correct_fact(ask).await;
    // Somebody else corrected it first: there is nothing left here to put right.
    if let Err(status) = &sent
        && status.code() == Code::Aborted
    {
        return Err(status.clone().into());
    }
    match faults(sent)? {
        None => Ok(saved::to(&id, if posted.ticked("gone")? { "fact_gone" } else { "fact" })),
        Some(faults) => {
            let faults = faults.told_at("name", "gone");
            Ok(correction(&visit, &id, posted.one("of")?).await?.again(&visit, &posted, &faults))
        }
    }
}
