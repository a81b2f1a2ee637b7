//! Profiles and wishes in the database: a row for each time that a region chose, one for each person.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes},
    ids::PersonId,
    invitation::{
        profile::{MailWishes, Profile},
        reminders::Remind,
        timing::{Limits, Quiet},
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict};
use serde::{Deserialize, Serialize};

use crate::{
    entity::{mail_profile, mail_wishes},
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
        instant::{from_column, to_column},
    },
};

/// A value as it was set last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in super::super) struct Kept<T> {
    pub value: T,
    /// 0 when it was never set.
    pub version: i32,
    /// When it was.
    pub since: Option<DateTime<Utc>>,
}

#[derive(Serialize, Deserialize)]
struct ProfileForm {
    quiet_from: String,
    quiet_until: String,
    quiet_weekends: bool,
    reminders: Vec<ReminderForm>,
    most_per_hour: u16,
    most_per_day: u16,
    status_in_withdrawal: Vec<String>,
    /// None in a row from before they were kept.
    #[serde(default)]
    task_days: Option<Vec<u16>>,
    #[serde(default)]
    task_time: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct ReminderForm {
    role: String,
    hours: Vec<u16>,
    alarm: Option<u16>,
}

#[derive(Serialize, Deserialize)]
struct WishesForm {
    digest: Option<String>,
    hours: Option<Vec<u16>>,
    alarm: Option<u16>,
    language: String,
    #[serde(default)]
    no_tasks: bool,
}

const PROFILE: Error = Error::Corrupt { table: "mail_profile", column: "body" };
const WISHES: Error = Error::Corrupt { table: "mail_wishes", column: "body" };

fn written(profile: &Profile) -> Result<String> {
    let reminders = profile.reminders.iter().map(|(role, remind)| ReminderForm {
        role: role.to_string(),
        hours: remind.hours.clone(),
        alarm: remind.alarm,
    });
    let form = ProfileForm {
        quiet_from: profile.quiet.from.to_string(),
        quiet_until: profile.quiet.until.to_string(),
        quiet_weekends: profile.quiet.weekends,
        reminders: reminders.collect(),
        most_per_hour: profile.limits.per_hour,
        most_per_day: profile.limits.per_day,
        status_in_withdrawal: profile.status_in_withdrawal.clone(),
        task_days: Some(profile.task_days.clone()),
        task_time: Some(profile.task_time.to_string()),
    };
    serde_json::to_string(&form).map_err(|_| PROFILE)
}

fn read_profile(body: &str) -> Result<Profile> {
    let form: ProfileForm = serde_json::from_str(body).map_err(|_| PROFILE)?;
    let reminder = |one: ReminderForm| {
        let role = one.role.parse().map_err(|_| PROFILE)?;
        Ok((role, Remind { hours: one.hours, alarm: one.alarm }))
    };
    let usual = Profile::default();
    let task_time = form.task_time.map(|time| time.parse()).transpose().map_err(|_| PROFILE)?;
    Ok(Profile {
        quiet: Quiet {
            from: form.quiet_from.parse().map_err(|_| PROFILE)?,
            until: form.quiet_until.parse().map_err(|_| PROFILE)?,
            weekends: form.quiet_weekends,
        },
        limits: Limits { per_hour: form.most_per_hour, per_day: form.most_per_day },
        reminders: form.reminders.into_iter().map(reminder).collect::<Result<_>>()?,
        status_in_withdrawal: form.status_in_withdrawal,
        task_days: form.task_days.unwrap_or(usual.task_days),
        task_time: task_time.unwrap_or(usual.task_time),
    })
}

fn read_wishes(body: &str) -> Result<MailWishes> {
    let form: WishesForm = serde_json::from_str(body).map_err(|_| WISHES)?;
    let digest = form.digest.as_ref().map(|time| time.parse()).transpose().map_err(|_| WISHES)?;
    let WishesForm { digest: _, hours, alarm, language, no_tasks } = form;
    Ok(MailWishes { digest, hours, alarm, language, no_tasks })
}

/// What the region chose last.
pub(in super::super) async fn profile(read: &Read) -> Result<Kept<Profile>> {
    let row = mail_profile::Entity::find()
        .filter(mail_profile::Column::RegionId.eq(read.region()))
        .order_by_desc(mail_profile::Column::Version)
        .one(&read.db())
        .await?;
    let Some(row) = row else { return Ok(Kept::default()) };
    let (value, since) = (read_profile(&row.body)?, Some(from_column(row.set_at)?));
    Ok(Kept { value, version: row.version, since })
}

/// Keeps what the region chooses in place of `before`.
///
/// # Errors
/// `ETAG_MISMATCH` when somebody else chose in between.
pub(super) async fn choose(tx: &Tx, before: i32, value: &Profile) -> Result<Kept<Profile>> {
    let row = mail_profile::ActiveModel {
        region_id: Set(tx.region()),
        version: Set(before + 1),
        body: Set(written(value)?),
        set_by: Set(tx.grant().actor().unwrap_or_default()),
        set_at: Set(to_column(tx.now())),
    };
    match mail_profile::Entity::insert(row).exec_without_returning(&tx.db()).await.map_err(Error::from) {
        Ok(_) => {}
        Err(error) if error.is_duplicate() => return Err(Error::Stale),
        Err(error) => return Err(error),
    }
    let classes = Classes::of(&[Class::K0]);
    tx.audit(Line { deed: Deed::U, object: "mail_profile", id: None, subject: None, classes }).await?;
    Ok(Kept { value: value.clone(), version: before + 1, since: Some(tx.now()) })
}

/// The wishes of those of `persons` who gave some, in one statement.
pub(in super::super) async fn wishes(
    read: &Read,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Kept<MailWishes>>> {
    if persons.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = mail_wishes::Entity::find()
        .filter(mail_wishes::Column::RegionId.eq(read.region()))
        .filter(mail_wishes::Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .all(&read.db())
        .await?;
    let kept = rows.into_iter().map(|row| {
        let (value, since) = (read_wishes(&row.body)?, Some(from_column(row.updated_at)?));
        Ok((PersonId(row.person_id), Kept { value, version: row.version, since }))
    });
    kept.collect()
}

/// Keeps the wishes of `person` in place of those with the version `before`.
pub(super) async fn wish(
    tx: &Tx,
    person: PersonId,
    before: i32,
    value: &MailWishes,
) -> Result<Kept<MailWishes>> {
    let form = WishesForm {
        digest: value.digest.map(|time| time.to_string()),
        hours: value.hours.clone(),
        alarm: value.alarm,
        language: value.language.clone(),
        no_tasks: value.no_tasks,
    };
    let row = mail_wishes::ActiveModel {
        region_id: Set(tx.region()),
        person_id: Set(person.0),
        body: Set(serde_json::to_string(&form).map_err(|_| WISHES)?),
        version: Set(before + 1),
        updated_at: Set(to_column(tx.now())),
    };
    let columns = [mail_wishes::Column::Body, mail_wishes::Column::Version, mail_wishes::Column::UpdatedAt];
    let again = OnConflict::columns([mail_wishes::Column::RegionId, mail_wishes::Column::PersonId])
        .update_columns(columns)
        .to_owned();
    mail_wishes::Entity::insert(row).on_conflict(again).exec_without_returning(&tx.db()).await?;
    let (deed, classes) = (if before == 0 { Deed::C } else { Deed::U }, Classes::of(&[Class::K0]));
    tx.audit(Line { deed, object: "mail_wishes", id: Some(person.0), subject: None, classes }).await?;
    Ok(Kept { value: value.clone(), version: before + 1, since: Some(tx.now()) })
}

#[cfg(test)]
mod tests {
    use schakel_domain::access::Role;

    use super::*;

    #[test]
    fn a_profile_is_read_as_it_was_written() {
        let remind = Remind { hours: vec![48, 2], alarm: Some(30) };
        let profile = Profile {
            quiet: Quiet { from: "20:00".parse().unwrap(), until: "07:30".parse().unwrap(), weekends: true },
            limits: Limits { per_hour: 5, per_day: 20 },
            reminders: vec![(Role::Ouder, remind)],
            status_in_withdrawal: vec!["school.example".into()],
            task_days: vec![14],
            task_time: "09:30".parse().unwrap(),
        };
        for profile in [profile, Profile::default()] {
            assert_eq!(read_profile(&written(&profile).unwrap()).unwrap(), profile);
        }
        assert!(read_profile("{}").is_err() && read_wishes("{}").is_err());
    }
}
