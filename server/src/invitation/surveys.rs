//! Tells contacts of schools that they are asked something: until when, and nothing of what.

use std::collections::HashSet;

use chrono::NaiveDate;
use chrono_tz::Europe::Amsterdam;
use schakel_domain::{
    dutch::termijnenwet::is_working_day,
    ical::Party,
    ids::PersonId,
    invitation::{Reading, SurveyWish, survey_betrays, survey_letter},
    time::{DayTime, wall_clock},
};
use uuid::Uuid;

use super::{
    held::Pace,
    letters::{self, Envelope},
    profile::store as chosen,
};
use crate::{
    access::{authenticate::today, professional, region},
    error::{Error, Result},
    store::{Read, Tx, outbox::Work, vault::SubjectKeys},
};

/// Somebody who is asked.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Who.
    pub person: PersonId,
    /// The last day on which it is answered.
    pub due: NaiveDate,
    /// Whether it was asked before.
    pub reminds: bool,
    /// Two with one key are one mail.
    pub dedupe: String,
}

/// Whether people are told of such at this hour: on working days, from when they hear of their tasks.
///
/// # Errors
/// When the database fails.
pub async fn is_time(read: &Read) -> Result<bool> {
    let (now, profile) = (read.now(), chosen::profile(read).await?.value);
    let time = DayTime::from(wall_clock(Amsterdam, now).time());
    Ok(is_working_day(today(now)) && time >= profile.task_time && profile.quiet.over(now) <= now)
}

/// Has them mailed, each in their language and at their pace; says whom.
///
/// # Errors
/// When the database fails.
pub async fn send(tx: &Tx, all: &[Asking]) -> Result<HashSet<PersonId>> {
    let persons: Vec<PersonId> = all.iter().map(|one| one.person).collect();
    let pace = Pace::of(tx, &persons).await?;
    let known = professional::of(tx, &persons).await?;
    let uuids: Vec<Uuid> = persons.iter().map(|person| person.0).collect();
    let keys = tx.subject_keys_or_new(&uuids).await?;
    let sender = Party { name: region::sender_name(tx).await?, email: tx.app().settings.mail.sender.clone() };
    let (mut mails, mut written) = (Vec::new(), HashSet::new());
    for one in all {
        let Some(to) = known.get(&one.person) else { continue };
        let corrupt = || Error::Corrupt { table: "professional", column: "email" };
        let name = to.display_name.parse().map_err(|_| corrupt())?;
        let to = Party { name, email: to.email.parse().map_err(|_| corrupt())? };
        if let Some(mail) = write(tx, (&keys, &pace), one, [&sender, &to])? {
            mails.push(mail);
            written.insert(one.person);
        }
    }
    tx.enqueue_all(mails).await?;
    Ok(written)
}

/// None for one that would say too much.
fn write(
    tx: &Tx,
    (keys, pace): (&SubjectKeys, &Pace),
    asking: &Asking,
    [from, to]: [&Party; 2],
) -> Result<Option<Work>> {
    let link = format!("{}/region/surveys", tx.app().settings.public_url);
    let wish = SurveyWish {
        recipient: &to.name,
        sender: &from.name,
        due: asking.due,
        reminds: asking.reminds,
        link: &link,
        reading: Reading::of(pace.language(asking.person), None, false),
    };
    let id = tx.new_id();
    if survey_betrays(&wish).is_some() {
        tracing::error!(mail = %id, "a mail that says too much is not sent");
        return Ok(None);
    }
    let unfit = |_| Error::Corrupt { table: "professional", column: "email" };
    let rendered = letters::render(tx, (id, "survey"), survey_letter(&wish), [from, to]).map_err(unfit)?;
    let envelope = Envelope { id, subject: id, recipient: asking.person.0, to: &to.email };
    let work = letters::sealed(tx, keys, &envelope, rendered)?;
    let due = pace.waits_until(asking.person, tx.now()).unwrap_or_else(|| tx.now());
    Ok(Some(Work { dedupe: asking.dedupe.clone(), due, ..work }))
}
