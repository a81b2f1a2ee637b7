//! Tells the contact of each school once that a round opened, and on the set days that it still waits.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use schakel_domain::{
    ids::{PersonId, RegionId, SchoolId, SurveyId},
    monitor::survey::Telling,
};

use super::store::{self, Survey};
use crate::{
    access::{Grant, Worker, authenticate::today},
    app::App,
    directory::contacts,
    error::Result,
    invitation::surveys::{self, Asking},
    store::{Read, Tx},
};

/// Schools that are told together.
const MOST: usize = 100;

/// What a school is told, and who of it.
struct Due {
    survey: SurveyId,
    school: SchoolId,
    contact: PersonId,
    telling: Telling,
    last_day: NaiveDate,
}

/// Tells the next schools of `region` whose moment came, and says how many; 0 when there are none, or it
/// is not the time.
///
/// # Errors
/// When the database fails; who was told until then is not told again.
pub async fn tell_due(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Invitations, region);
    let read = app.read(grant.clone());
    if !surveys::is_time(&read).await? || due(&read).await?.is_empty() {
        return Ok(0);
    }
    app.write(&grant, None, |tx| async move {
        // Read anew inside: a school may have answered in between.
        let due = due(&tx).await?;
        tell(&tx, &due).await?;
        Ok(due.len())
    })
    .await
}

/// A school without a contact waits until it has one.
async fn due(read: &Read) -> Result<Vec<Due>> {
    let day = today(read.now());
    let open = store::open(read, day).await?;
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let rounds: HashMap<SurveyId, &Survey> = open.iter().map(|survey| (survey.id, survey)).collect();
    let missing = store::missing(read, &open, day).await?;
    let moment = |(survey, school, told): (SurveyId, SchoolId, Option<NaiveDate>)| {
        let round = &rounds.get(&survey)?.round;
        Some((survey, school, round.tells(told, day)?, round.due))
    };
    let waiting: Vec<_> = missing.into_iter().filter_map(moment).collect();
    let schools: Vec<SchoolId> = waiting.iter().map(|(_, school, ..)| *school).collect();
    let contacts = contacts::of_schools(read, &schools, day).await?;
    let with_contact = waiting.into_iter().filter_map(|(survey, school, telling, last_day)| {
        let contact = *contacts.get(&school)?;
        Some(Due { survey, school, contact, telling, last_day })
    });
    Ok(with_contact.take(MOST).collect())
}

/// The mails and who was told are one transaction. Who is the contact of two schools gets one mail of a round.
/// Whom no mail could be written to is tried again another day.
async fn tell(tx: &Tx, due: &[Due]) -> Result<()> {
    let day = today(tx.now());
    let mut mails: BTreeMap<(SurveyId, PersonId), Asking> = BTreeMap::new();
    let mut schools: BTreeMap<SurveyId, Vec<(SchoolId, PersonId)>> = BTreeMap::new();
    for one in due {
        let asking = Asking {
            person: one.contact,
            due: one.last_day,
            reminds: matches!(one.telling, Telling::Remind),
            dedupe: format!("survey/{}/{day}/{}", one.survey.0, one.contact.0),
        };
        mails.entry((one.survey, one.contact)).or_insert(asking);
        schools.entry(one.survey).or_default().push((one.school, one.contact));
    }
    let mails: Vec<Asking> = mails.into_values().collect();
    let written = surveys::send(tx, &mails).await?;
    for (survey, schools) in schools {
        let tried: Vec<SchoolId> = schools.iter().map(|(school, _)| *school).collect();
        let told = schools.iter().filter(|(_, contact)| written.contains(contact));
        let told: Vec<SchoolId> = told.map(|(school, _)| *school).collect();
        store::told(tx, survey, (&tried, &told), day).await?;
    }
    Ok(())
}
