//! Rounds, questions and answers, on the wire.

use chrono::NaiveDate;
use schakel_domain::{
    ids::{ClusterId, SchoolId, SurveyId},
    monitor::survey::{MOST_QUESTIONS, Question, Round, Value, Words, percent},
    refusal::Refusal,
};
use schakel_proto::v1::{self as pb, survey_value::Value as Given};

use super::{
    create::Wish,
    store::{Counts, Reply, Survey},
};
use crate::{
    monitor::wire::small,
    wire::{enums::number, fields::Fields, time::timestamp},
};

/// More clusters are a mistake.
const MOST_CLUSTERS: usize = 100;
/// As are more schools.
const MOST_SCHOOLS: usize = 1_000;

fn text(words: &Words) -> pb::SurveyText {
    pb::SurveyText { nl: words.dutch.as_str().to_owned(), en: words.english.as_str().to_owned() }
}

fn words(fields: &mut Fields, field: &str, wire: Option<&pb::SurveyText>) -> Option<Words> {
    let Some(wire) = wire else {
        fields.refuse(field, Refusal::FieldRequired);
        return None;
    };
    let dutch = fields.parse(format!("{field}.nl"), &wire.nl);
    let english = fields.parse(format!("{field}.en"), &wire.en);
    Some(Words { dutch: dutch?, english: english? })
}

fn question(fields: &mut Fields, at: usize, wire: &pb::SurveyQuestion) -> Option<Question> {
    let path = format!("survey.questions[{at}]");
    let text = words(fields, &format!("{path}.text"), wire.text.as_ref());
    let form = fields.choice(format!("{path}.form"), wire.form, pb::survey_question::Form::as_str_name);
    let unit = match &wire.unit {
        Some(unit) => words(fields, &format!("{path}.unit"), Some(unit)).map(Some),
        None => Some(None),
    };
    let options: Vec<Option<Words>> = wire
        .options
        .iter()
        .enumerate()
        .map(|(option, one)| words(fields, &format!("{path}.options[{option}]"), Some(one)))
        .collect();
    let options: Option<Vec<Words>> = options.into_iter().collect();
    let question =
        Question { text: text?, form: form?, unit: unit?, options: options?, optional: wire.optional };
    for (field, refusal) in question.wrong() {
        fields.refuse(format!("{path}.{field}"), refusal);
    }
    Some(question)
}

fn round(fields: &mut Fields, wire: &pb::Survey, today: NaiveDate) -> Option<Round> {
    let opens = if wire.open_date.is_empty() {
        Some(today)
    } else {
        fields.date("survey.open_date", &wire.open_date)
    };
    let due = fields.date("survey.due_date", &wire.due_date);
    // What is no number of days is no day: 0 is refused with the others.
    let days = wire.reminder_days.iter().map(|days| u16::try_from(*days).unwrap_or_default());
    let round = Round { opens: opens?, due: due?, closed: None, reminders: days.collect() };
    for (field, refusal) in round.wrong(today) {
        fields.refuse(format!("survey.{field}"), refusal);
    }
    Some(round)
}

/// A round that is wanted.
pub(super) fn wish(fields: &mut Fields, request: &pb::CreateSurveyRequest, today: NaiveDate) -> Option<Wish> {
    for (field, names, most) in
        [("clusters", &request.clusters, MOST_CLUSTERS), ("schools", &request.schools, MOST_SCHOOLS)]
    {
        if names.len() > most {
            fields.refuse(field, Refusal::FieldInvalid);
            return None;
        }
    }
    let Some(wire) = &request.survey else {
        fields.refuse("survey", Refusal::FieldRequired);
        return None;
    };
    let title = words(fields, "survey.title", wire.title.as_ref());
    let round = round(fields, wire, today);
    let questions: Option<Vec<Question>> = match wire.questions.len() {
        0 => {
            fields.refuse("survey.questions", Refusal::FieldRequired);
            None
        }
        1..=MOST_QUESTIONS => {
            let each = wire.questions.iter().enumerate().map(|(at, one)| question(fields, at, one));
            each.collect::<Vec<_>>().into_iter().collect()
        }
        _ => {
            fields.refuse("survey.questions", Refusal::FieldInvalid);
            None
        }
    };
    let clusters = request.clusters.iter().enumerate();
    let clusters: Vec<_> =
        clusters.map(|(at, name)| fields.parse::<ClusterId>(format!("clusters[{at}]"), name)).collect();
    let schools = request.schools.iter().enumerate();
    let schools: Vec<_> =
        schools.map(|(at, name)| fields.parse::<SchoolId>(format!("schools[{at}]"), name)).collect();
    Some(Wish {
        title: title?,
        questions: questions?,
        round: round?,
        clusters: clusters.into_iter().collect::<Option<_>>()?,
        schools: schools.into_iter().collect::<Option<_>>()?,
    })
}

/// What a school answers, each value by itself; whether it fits its question is seen later.
pub(super) fn values(fields: &mut Fields, wire: &[pb::SurveyValue]) -> Option<Vec<Option<Value>>> {
    if wire.len() > MOST_QUESTIONS {
        fields.refuse("values", Refusal::FieldInvalid);
        return None;
    }
    let each = wire.iter().enumerate().map(|(at, one)| {
        let field = format!("values[{at}]");
        let read = match &one.value {
            None => return Some(None),
            Some(Given::Number(count)) => u32::try_from(*count).ok().map(Value::Number),
            Some(Given::Choice(place)) => {
                usize::try_from(*place).ok().and_then(|place| place.checked_sub(1)).map(Value::Option)
            }
            Some(Given::Yes(yes)) => Some(Value::Yes(*yes)),
            Some(Given::Text(text)) => return fields.parse(field, text).map(|text| Some(Value::Text(text))),
        };
        if read.is_none() {
            fields.refuse(field, Refusal::FieldInvalid);
        }
        read.map(Some)
    });
    each.collect::<Vec<_>>().into_iter().collect()
}

/// A round; without counts to who may not see them.
pub(super) fn survey(survey: &Survey, counts: Option<Counts>, today: NaiveDate) -> pb::Survey {
    let question = |one: &Question| pb::SurveyQuestion {
        text: Some(text(&one.text)),
        form: number("FORM", &one.form.to_string(), pb::survey_question::Form::from_str_name),
        unit: one.unit.as_ref().map(text),
        options: one.options.iter().map(text).collect(),
        optional: one.optional,
    };
    let counts = counts.unwrap_or_default();
    let state = survey.round.state(today).to_string();
    pb::Survey {
        name: survey.id.to_string(),
        title: Some(text(&survey.title)),
        open_date: survey.round.opens.to_string(),
        due_date: survey.round.due.to_string(),
        reminder_days: survey.round.reminders.iter().map(|days| i32::from(*days)).collect(),
        questions: survey.questions.iter().map(question).collect(),
        state: number("STATE", &state, pb::survey::State::from_str_name),
        asked_count: small(counts.asked),
        answered_count: small(counts.answered),
        response_percent: small(percent(counts.asked, counts.answered)),
        closed_date: survey.round.closed.map(|day| day.to_string()).unwrap_or_default(),
        etag: survey.version.to_string(),
    }
}

/// What a school answered.
pub(super) fn reply(id: SurveyId, reply: &Reply, name: &str) -> pb::SurveyReply {
    let given = |value: &Value| match value {
        Value::Number(count) => Given::Number(small(*count)),
        Value::Option(at) => Given::Choice(i32::try_from(*at + 1).unwrap_or(i32::MAX)),
        Value::Yes(yes) => Given::Yes(*yes),
        Value::Text(text) => Given::Text(text.as_str().to_owned()),
    };
    let values = reply.values.iter().map(|value| pb::SurveyValue { value: value.as_ref().map(given) });
    pb::SurveyReply {
        survey: id.to_string(),
        school: reply.school.to_string(),
        display_name: name.to_owned(),
        answer_time: reply.answered.map(timestamp),
        values: values.collect(),
        told_date: reply.told.map(|day| day.to_string()).unwrap_or_default(),
    }
}
