//! Tells people, once on each working day, how much they have to do that is due soon: a number and nothing
//! of any case. What waits for whom is what their own list says.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Amsterdam;
use schakel_domain::{
    dutch::termijnenwet::is_working_day,
    ical::Party,
    ids::{PersonId, RegionId},
    invitation::{Reading, TaskWish, ahead::is_told, tasks_betray, tasks_letter},
    text::Name,
    time::{DayTime, wall_clock},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{
    held::Pace,
    letters::{self, Envelope},
    profile::store as chosen,
};
use crate::{
    access::{Grant, Worker, affiliation, authenticate::today, professional, region},
    app::App,
    entity::task_reminder::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{Read, Tx, outbox::Work, vault::SubjectKeys, written::is_written},
    thuiszitter::task::ahead::due_days,
};

/// People who are looked at together.
const MOST: u64 = 25;

/// How far a region is with telling everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Round {
    /// The day that it tells.
    day: NaiveDate,
    /// The last day that was told before.
    since: NaiveDate,
    /// Whom it told last; none once it told everybody.
    after: Option<Uuid>,
}

/// Tells the next few people of `region` whose turn it is, and says how many were looked at; 0 when everybody
/// was, or it is not the time.
///
/// # Errors
/// When the database fails; whom it told until then is not told again.
pub async fn remind_due(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Invitations, region);
    let read = app.read(grant.clone());
    let (now, day) = (read.now(), today(read.now()));
    let before = read_round(&read).await?;
    let is_done = before.is_some_and(|round| round.day >= day && round.after.is_none());
    if is_done || !is_working_day(day) || !is_time(&read, now).await? {
        return Ok(0);
    }
    let yesterday = day.pred_opt().unwrap_or(day);
    let round = match before {
        // What was left in the middle is told to the others first.
        Some(round) if round.after.is_some() => round,
        Some(round) => Round { day, since: round.day, after: Some(Uuid::nil()) },
        None => Round { day, since: yesterday, after: Some(Uuid::nil()) },
    };
    let persons = affiliation::next(&read, day, (round.after.unwrap_or_default(), MOST)).await?;
    let mut due = Vec::with_capacity(persons.len());
    for person in &persons {
        match due_days(app, region, *person).await {
            Ok(days) => due.push((*person, days)),
            // The others are told all the same.
            Err(error @ Error::Corrupt { .. }) => {
                tracing::error!(%error, "somebody cannot be told what they have to do");
            }
            Err(error) => return Err(error),
        }
    }
    let is_last = (persons.len() as u64) < MOST;
    let after = persons.last().map(|person| person.0).filter(|_| !is_last);
    let (next, due) = (Round { after, ..round }, &due);
    app.write(&grant, None, |tx| async move {
        // Another server may have told them in between.
        if move_on(&tx, before, next).await? { tell(&tx, round, due).await } else { Ok(()) }
    })
    .await?;
    Ok(persons.len().max(1))
}

/// Whether people are told at this hour.
async fn is_time(read: &Read, now: DateTime<Utc>) -> Result<bool> {
    let profile = chosen::profile(read).await?.value;
    let time = DayTime::from(wall_clock(Amsterdam, now).time());
    Ok(!profile.task_days.is_empty() && time >= profile.task_time && profile.quiet.over(now) <= now)
}

/// The mails and how far the round is are one transaction: each moment is told once.
async fn tell(tx: &Tx, round: Round, due: &[(PersonId, Vec<NaiveDate>)]) -> Result<()> {
    let persons: Vec<PersonId> = due.iter().map(|(person, _)| *person).collect();
    let pace = Pace::of(tx, &persons).await?;
    let known = professional::of(tx, &persons).await?;
    let today = today(tx.now());
    let count = |(person, days): &(PersonId, Vec<NaiveDate>)| {
        let moments = pace.task_days(*person);
        let soon = |due: &&NaiveDate| **due >= today && is_told(**due, moments, round.since, round.day);
        (*person, days.iter().filter(soon).count())
    };
    let told: Vec<(PersonId, usize)> =
        due.iter().map(count).filter(|(person, count)| *count > 0 && known.contains_key(person)).collect();
    let uuids: Vec<Uuid> = told.iter().map(|(person, _)| person.0).collect();
    let keys = tx.subject_keys_or_new(&uuids).await?;
    let letters = Letters { round, from: region::sender_name(tx).await?, pace: &pace, keys };
    let mut mails = Vec::new();
    for (person, count) in told {
        let Some(to) = known.get(&person) else { continue };
        let name = (to.display_name.as_str(), to.email.as_str());
        mails.extend(letters.write(tx, person, name, count)?);
    }
    tx.enqueue_all(mails).await
}

/// What all mails of one round share.
struct Letters<'a> {
    round: Round,
    from: Name,
    pace: &'a Pace,
    keys: SubjectKeys,
}

impl Letters<'_> {
    /// None to nobody's address, and for one that would say too much.
    fn write(
        &self,
        tx: &Tx,
        person: PersonId,
        (name, address): (&str, &str),
        count: usize,
    ) -> Result<Option<Work>> {
        let settings = &tx.app().settings;
        // Who gives no address is told by their list alone, and the others are told all the same.
        let Some((name, email)) = name.parse().ok().zip(address.parse().ok()) else {
            tracing::info!("somebody without an address is not told what they have to do");
            return Ok(None);
        };
        let to = Party { name, email };
        let from = Party { name: self.from.clone(), email: settings.mail.sender.clone() };
        let wish = TaskWish {
            recipient: &to.name,
            sender: &from.name,
            count,
            link: &settings.public_url,
            reading: Reading::of(self.pace.language(person), None, false),
        };
        let id = tx.new_id();
        if tasks_betray(&wish).is_some() {
            tracing::error!(mail = %id, "a mail that says too much is not sent");
            return Ok(None);
        }
        let letter = tasks_letter(&wish);
        let corrupt = |_| Error::Corrupt { table: "professional", column: "email" };
        let rendered = letters::render(tx, (id, "tasks"), letter, [&from, &to]).map_err(corrupt)?;
        let envelope = Envelope { id, subject: id, recipient: person.0, to: &to.email };
        let work = letters::sealed(tx, &self.keys, &envelope, rendered)?;
        let due = self.pace.waits_until(person, tx.now()).unwrap_or_else(|| tx.now());
        let dedupe = format!("tasks/{}/{}", self.round.day, person.0);
        Ok(Some(Work { dedupe, due, ..work }))
    }
}

async fn read_round(read: &Read) -> Result<Option<Round>> {
    let row = Entity::find_by_id(read.region()).one(&read.db()).await?;
    Ok(row.map(|row| Round { day: row.day, since: row.since, after: row.after_id }))
}

/// Notes how far the round is, and says whether nobody else did.
async fn move_on(tx: &Tx, before: Option<Round>, next: Round) -> Result<bool> {
    let Some(before) = before else {
        let row = ActiveModel {
            region_id: Set(tx.region()),
            day: Set(next.day),
            since: Set(next.since),
            after_id: Set(next.after),
        };
        let mine = OnConflict::column(Column::RegionId).do_nothing().to_owned();
        return is_written(Entity::insert(row).on_conflict(mine).exec_without_returning(&tx.db()).await);
    };
    let at = match before.after {
        Some(after) => Column::AfterId.eq(after),
        None => Column::AfterId.is_null(),
    };
    let moved = Entity::update_many()
        .col_expr(Column::Day, Expr::value(next.day))
        .col_expr(Column::Since, Expr::value(next.since))
        .col_expr(Column::AfterId, Expr::value(next.after))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Day.eq(before.day))
        .filter(at)
        .exec(&tx.db())
        .await?;
    Ok(moved.rows_affected > 0)
}
