//! Rounds and the schools that they went to, in the database.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::Reached,
    ids::{SchoolId, SurveyId},
    monitor::survey::{Question, Round, Value, Words},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    entity::{survey, survey_school},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
    wire::page::{Page, cut},
};

/// A round of questions.
#[derive(Debug, Clone)]
pub(super) struct Survey {
    pub id: SurveyId,
    pub title: Words,
    pub questions: Vec<Question>,
    pub round: Round,
    pub version: i32,
}

/// A school that is asked, and what it answered.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub school: SchoolId,
    pub told: Option<NaiveDate>,
    pub answered: Option<DateTime<Utc>>,
    pub values: Vec<Option<Value>>,
}

/// How many schools are asked, and how many of them answered.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub asked: u32,
    pub answered: u32,
}

#[derive(Serialize, Deserialize)]
struct WordsForm {
    nl: String,
    en: String,
}

#[derive(Serialize, Deserialize)]
struct QuestionForm {
    text: WordsForm,
    form: String,
    unit: Option<WordsForm>,
    options: Vec<WordsForm>,
    optional: bool,
}

/// Stands in the body of one that was emptied, and in no other: within a text each quote has a backslash before it.
const EMPTIED: &str = "\"questions\":[]";

#[derive(Serialize, Deserialize)]
struct Body {
    title: WordsForm,
    questions: Vec<QuestionForm>,
    reminders: Vec<u16>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ValueForm {
    Number(u32),
    Option(usize),
    Yes(bool),
    Text(String),
}

const BODY: Error = Error::Corrupt { table: "survey", column: "body" };
const ANSWERS: Error = Error::Corrupt { table: "survey_school", column: "answers" };

fn words_form(words: &Words) -> WordsForm {
    WordsForm { nl: words.dutch.as_str().to_owned(), en: words.english.as_str().to_owned() }
}

fn words(form: &WordsForm) -> Result<Words> {
    Ok(Words { dutch: form.nl.parse().map_err(|_| BODY)?, english: form.en.parse().map_err(|_| BODY)? })
}

fn written(survey: &Survey) -> Result<String> {
    let question = |one: &Question| QuestionForm {
        text: words_form(&one.text),
        form: one.form.to_string(),
        unit: one.unit.as_ref().map(words_form),
        options: one.options.iter().map(words_form).collect(),
        optional: one.optional,
    };
    let body = Body {
        title: words_form(&survey.title),
        questions: survey.questions.iter().map(question).collect(),
        reminders: survey.round.reminders.clone(),
    };
    serde_json::to_string(&body).map_err(|_| BODY)
}

fn read_question(form: &QuestionForm) -> Result<Question> {
    Ok(Question {
        text: words(&form.text)?,
        form: form.form.parse().map_err(|_| BODY)?,
        unit: form.unit.as_ref().map(words).transpose()?,
        options: form.options.iter().map(words).collect::<Result<_>>()?,
        optional: form.optional,
    })
}

fn read_survey(row: &survey::Model) -> Result<Survey> {
    let body: Body = serde_json::from_str(&row.body).map_err(|_| BODY)?;
    let round =
        Round { opens: row.opens_on, due: row.due_on, closed: row.closed_on, reminders: body.reminders };
    Ok(Survey {
        id: SurveyId(row.id),
        title: words(&body.title)?,
        questions: body.questions.iter().map(read_question).collect::<Result<_>>()?,
        round,
        version: row.version,
    })
}

fn written_values(values: &[Option<Value>]) -> Result<String> {
    let form = |value: &Value| match value {
        Value::Number(number) => ValueForm::Number(*number),
        Value::Option(at) => ValueForm::Option(*at),
        Value::Yes(yes) => ValueForm::Yes(*yes),
        Value::Text(text) => ValueForm::Text(text.as_str().to_owned()),
    };
    let forms: Vec<Option<ValueForm>> = values.iter().map(|value| value.as_ref().map(form)).collect();
    serde_json::to_string(&forms).map_err(|_| ANSWERS)
}

fn read_values(text: &str) -> Result<Vec<Option<Value>>> {
    let forms: Vec<Option<ValueForm>> = serde_json::from_str(text).map_err(|_| ANSWERS)?;
    let value = |form: ValueForm| -> Result<Value> {
        Ok(match form {
            ValueForm::Number(number) => Value::Number(number),
            ValueForm::Option(at) => Value::Option(at),
            ValueForm::Yes(yes) => Value::Yes(yes),
            ValueForm::Text(text) => Value::Text(text.parse().map_err(|_| ANSWERS)?),
        })
    };
    forms.into_iter().map(|form| form.map(value).transpose()).collect()
}

fn read_reply(row: &survey_school::Model) -> Result<Reply> {
    Ok(Reply {
        school: SchoolId(row.school_id),
        told: row.told_on,
        answered: row.answered_at.map(from_column).transpose()?,
        values: row.answers.as_deref().map(read_values).transpose()?.unwrap_or_default(),
    })
}

/// Keeps a new one, and which schools are asked.
pub(super) async fn insert(tx: &Tx, survey: &Survey, schools: &[SchoolId]) -> Result<()> {
    let row = survey::ActiveModel {
        region_id: Set(tx.region()),
        id: Set(survey.id.0),
        opens_on: Set(survey.round.opens),
        due_on: Set(survey.round.due),
        closed_on: Set(survey.round.closed),
        body: Set(written(survey)?),
        version: Set(survey.version),
    };
    survey::Entity::insert(row).exec_without_returning(&tx.db()).await?;
    let rows: Vec<survey_school::ActiveModel> = schools
        .iter()
        .map(|school| survey_school::ActiveModel {
            region_id: Set(tx.region()),
            survey_id: Set(survey.id.0),
            school_id: Set(school.0),
            told_on: Set(None),
            answered_at: Set(None),
            answers: Set(None),
            tried_on: Set(None),
        })
        .collect();
    // SQLite takes 32,766 values in a statement.
    for some in rows.chunks(5_000) {
        survey_school::Entity::insert_many(some.iter().cloned()).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}

/// Closes it on `day`.
///
/// # Errors
/// Stale when somebody else did since it was read.
pub(super) async fn close(tx: &Tx, survey: &Survey, day: NaiveDate) -> Result<()> {
    use survey::Column;
    let closed = survey::Entity::update_many()
        .col_expr(Column::ClosedOn, Expr::value(day))
        .col_expr(Column::Version, Expr::value(survey.version + 1))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(survey.id.0))
        .filter(Column::Version.eq(survey.version))
        .exec(&tx.db())
        .await?;
    if closed.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// What the caller sees of rounds: the whole region, or those that its school is asked.
pub(super) fn own_schools(read: &Read) -> Option<Vec<Uuid>> {
    let ways = read.grant().reached();
    if ways.iter().any(|(reached, _)| matches!(reached, Reached::Region)) {
        return None;
    }
    let school = |reached: &Reached| if let Reached::School(id) = reached { Some(*id) } else { None };
    Some(ways.iter().filter_map(|(reached, _)| school(reached)).collect())
}

/// That a round is of the region, and one that the caller may see on `day`.
fn visible(read: &Read, day: NaiveDate) -> Condition {
    use survey_school::Column;
    let all = Condition::all().add(survey::Column::RegionId.eq(read.region()));
    let Some(own) = own_schools(read) else { return all };
    let asked = Query::select()
        .column(Column::SurveyId)
        .from(survey_school::Entity)
        .cond_where(Condition::all().add(Column::RegionId.eq(read.region())).add(Column::SchoolId.is_in(own)))
        .to_owned();
    all.add(survey::Column::OpensOn.lte(day)).add(survey::Column::Id.in_subquery(asked))
}

/// The round, when the caller may see it on `day`.
///
/// # Errors
/// `SURVEY_NOT_FOUND`.
pub(super) async fn get(read: &Read, id: SurveyId, day: NaiveDate) -> Result<Survey> {
    let row = survey::Entity::find()
        .filter(visible(read, day))
        .filter(survey::Column::Id.eq(id.0))
        .one(&read.db())
        .await?;
    read_survey(&row.ok_or(Error::NotFound("SURVEY"))?)
}

/// The same, for who answers it: whoever closes it at this moment waits, or is waited for.
///
/// # Errors
/// `SURVEY_NOT_FOUND`.
pub(super) async fn get_to_answer(tx: &Tx, id: SurveyId, day: NaiveDate) -> Result<Survey> {
    let row = survey::Entity::find()
        .filter(visible(tx, day))
        .filter(survey::Column::Id.eq(id.0))
        .lock_shared()
        .one(&tx.db())
        .await?;
    read_survey(&row.ok_or(Error::NotFound("SURVEY"))?)
}

/// A page of those that the caller may see on `day`, the newest first, and where the next begins.
pub(super) async fn list(
    read: &Read,
    day: NaiveDate,
    page: &Page<Uuid>,
) -> Result<(Vec<Survey>, Option<Uuid>)> {
    let mut query = survey::Entity::find().filter(visible(read, day));
    if let Some(after) = page.after {
        query = query.filter(survey::Column::Id.lt(after));
    }
    let mut rows = query.order_by_desc(survey::Column::Id).limit(page.size + 1).all(&read.db()).await?;
    let next = cut(&mut rows, page.size, |row| row.id);
    Ok((rows.iter().map(read_survey).collect::<Result<_>>()?, next))
}

/// Those of the region that are open on `day`, in one statement.
pub(super) async fn open(read: &Read, day: NaiveDate) -> Result<Vec<Survey>> {
    use survey::Column;
    let rows = survey::Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::OpensOn.lte(day))
        .filter(Column::DueOn.gte(day))
        .filter(Column::ClosedOn.is_null())
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    rows.iter().map(read_survey).collect()
}

/// Those that ended on `day` or before and whose questions still stand, oldest first.
pub(super) async fn ended_until(read: &Read, day: NaiveDate) -> Result<Vec<Survey>> {
    use survey::Column;
    let rows = survey::Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Condition::any().add(Column::ClosedOn.lte(day)).add(Column::DueOn.lte(day)))
        .filter(Column::Body.not_like(format!("%{EMPTIED}%")))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    rows.iter().map(read_survey).collect()
}

/// What it asked and what schools answered goes; its title and days, whom it asked and who answered stay.
///
/// # Errors
/// Stale when somebody changed it since it was read.
pub(super) async fn empty(tx: &Tx, survey: &Survey) -> Result<()> {
    let bare = Survey { questions: Vec::new(), ..survey.clone() };
    let emptied = survey::Entity::update_many()
        .col_expr(survey::Column::Body, Expr::value(written(&bare)?))
        .col_expr(survey::Column::Version, Expr::value(survey.version + 1))
        .filter(survey::Column::RegionId.eq(tx.region()))
        .filter(survey::Column::Id.eq(survey.id.0))
        .filter(survey::Column::Version.eq(survey.version))
        .exec(&tx.db())
        .await?;
    if emptied.rows_affected == 0 {
        return Err(Error::Stale);
    }
    survey_school::Entity::update_many()
        .col_expr(survey_school::Column::Answers, Expr::value(None::<String>))
        .filter(survey_school::Column::RegionId.eq(tx.region()))
        .filter(survey_school::Column::SurveyId.eq(survey.id.0))
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// How many schools each of these asks, and how many answered, in one statement.
pub(super) async fn counts(read: &Read, surveys: &[SurveyId]) -> Result<HashMap<SurveyId, Counts>> {
    use survey_school::Column;
    let rows: Vec<(Uuid, i64, i64)> = survey_school::Entity::find()
        .select_only()
        .column(Column::SurveyId)
        .expr(Expr::cust("COUNT(*)"))
        .expr(Expr::cust("COUNT(answered_at)"))
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::SurveyId.is_in(surveys.iter().map(|id| id.0)))
        .group_by(Column::SurveyId)
        .into_tuple()
        .all(&read.db())
        .await?;
    let small = |count: i64| u32::try_from(count).unwrap_or_default();
    let counts = rows.into_iter().map(|(id, asked, answered)| {
        (SurveyId(id), Counts { asked: small(asked), answered: small(answered) })
    });
    Ok(counts.collect())
}

/// The schools of a round; only the caller's own unless it sees the region's.
pub(super) async fn replies(read: &Read, id: SurveyId) -> Result<Vec<Reply>> {
    use survey_school::Column;
    let mut query = survey_school::Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::SurveyId.eq(id.0));
    if let Some(own) = own_schools(read) {
        query = query.filter(Column::SchoolId.is_in(own));
    }
    query.all(&read.db()).await?.iter().map(read_reply).collect()
}

/// The schools of these rounds that have not answered and that nobody tried to tell on `day`, nor told since
/// the last reminder, and when each was told last, in one statement.
pub(super) async fn missing(
    read: &Read,
    surveys: &[Survey],
    day: NaiveDate,
) -> Result<Vec<(SurveyId, SchoolId, Option<NaiveDate>)>> {
    use survey_school::Column;
    let mut waits = Condition::any();
    for survey in surveys {
        let reminded = survey.round.last_reminder(day).map(|last| Column::ToldOn.lt(last));
        let untold = Condition::any().add(Column::ToldOn.is_null()).add_option(reminded);
        waits = waits.add(Condition::all().add(Column::SurveyId.eq(survey.id.0)).add(untold));
    }
    let untried = Condition::any().add(Column::TriedOn.is_null()).add(Column::TriedOn.lt(day));
    let rows: Vec<(Uuid, Uuid, Option<NaiveDate>)> = survey_school::Entity::find()
        .select_only()
        .columns([Column::SurveyId, Column::SchoolId, Column::ToldOn])
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::AnsweredAt.is_null())
        .filter(waits)
        .filter(untried)
        .order_by_asc(Column::SurveyId)
        .order_by_asc(Column::SchoolId)
        .into_tuple()
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|(survey, school, told)| (SurveyId(survey), SchoolId(school), told)).collect())
}

/// Notes what a school answered now.
///
/// # Errors
/// `SURVEY_NOT_FOUND` when it is not asked.
pub(super) async fn answer(
    tx: &Tx,
    (id, school): (SurveyId, Uuid),
    values: &[Option<Value>],
) -> Result<Reply> {
    use survey_school::Column;
    let key = (tx.region(), id.0, school);
    let row = survey_school::Entity::find_by_id(key).one(&tx.db()).await?;
    let row = row.ok_or(Error::NotFound("SURVEY"))?;
    let (now, answers) = (to_column(tx.now()), written_values(values)?);
    survey_school::Entity::update_many()
        .col_expr(Column::AnsweredAt, Expr::value(now))
        .col_expr(Column::Answers, Expr::value(answers.clone()))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::SurveyId.eq(id.0))
        .filter(Column::SchoolId.eq(school))
        .exec(&tx.db())
        .await?;
    read_reply(&survey_school::Model { answered_at: Some(now), answers: Some(answers), ..row })
}

/// Leaves one question of what a school answered open. A school that answers at this moment waits.
///
/// # Errors
/// `SURVEY_NOT_FOUND` when it is not asked.
pub(super) async fn redact(tx: &Tx, (id, school): (SurveyId, SchoolId), question: usize) -> Result<Reply> {
    use survey_school::Column;
    let key = (tx.region(), id.0, school.0);
    let row = survey_school::Entity::find_by_id(key).lock_exclusive().one(&tx.db()).await?;
    let row = row.ok_or(Error::NotFound("SURVEY"))?;
    let mut reply = read_reply(&row)?;
    if let Some(value) = reply.values.get_mut(question) {
        *value = None;
        survey_school::Entity::update_many()
            .col_expr(Column::Answers, Expr::value(written_values(&reply.values)?))
            .filter(Column::RegionId.eq(tx.region()))
            .filter(Column::SurveyId.eq(id.0))
            .filter(Column::SchoolId.eq(school.0))
            .exec(&tx.db())
            .await?;
    }
    Ok(reply)
}

/// Notes on `day` that somebody tried to tell the contacts of these schools, and which of them were told.
pub(super) async fn told(
    tx: &Tx,
    id: SurveyId,
    (tried, told): (&[SchoolId], &[SchoolId]),
    day: NaiveDate,
) -> Result<()> {
    use survey_school::Column;
    for (column, schools) in [(Column::TriedOn, tried), (Column::ToldOn, told)] {
        if schools.is_empty() {
            continue;
        }
        survey_school::Entity::update_many()
            .col_expr(column, Expr::value(day))
            .filter(Column::RegionId.eq(tx.region()))
            .filter(Column::SurveyId.eq(id.0))
            .filter(Column::SchoolId.is_in(schools.iter().map(|school| school.0)))
            .exec(&tx.db())
            .await?;
    }
    Ok(())
}
