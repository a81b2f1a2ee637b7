//! News that waits: for the morning, for the one mail a day that somebody wants, or until no more mail
//! goes to one person than the region allows. What waited is told together, as it stands by then.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::Role,
    ids::{ConsultationId, PersonId, RegionId, SeriesId},
    invitation::{
        Notice, NoticeKind,
        profile::{MailWishes, Profile},
        reminders::Remind,
        timing::{held_until, quiet_until},
    },
    text::EmailAddress,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::{
    news::{self, News},
    prepare::{Recipient, When, tell},
    profile::store::{self as chosen, Kept},
    several,
};
use crate::{
    access::{Grant, Worker, person},
    app::App,
    entity::held_news::{ActiveModel, Column, Entity},
    error::Result,
    store::{
        Read, Tx,
        instant::{from_column, to_column},
        messages::mailed_since,
        written::is_written,
    },
};

/// People whose news is taken up together.
const MOST: u64 = 200;
/// After how long it is tried again what could not be told.
const AGAIN: TimeDelta = TimeDelta::minutes(5);

/// How some people are told: what the region and each of them want, and what they got lately.
pub(super) struct Pace {
    profile: Profile,
    wishes: HashMap<PersonId, Kept<MailWishes>>,
    sent: HashMap<PersonId, Vec<DateTime<Utc>>>,
}

impl Pace {
    /// That of `persons`, in three statements.
    pub(super) async fn of(tx: &Tx, persons: &[PersonId]) -> Result<Self> {
        let profile = chosen::profile(tx).await?.value;
        let wishes = chosen::wishes(tx, persons).await?;
        let ids: Vec<Uuid> = persons.iter().map(|person| person.0).collect();
        let mut sent: HashMap<PersonId, Vec<DateTime<Utc>>> = HashMap::new();
        for (person, at) in mailed_since(tx, &ids, to_column(tx.now() - TimeDelta::days(1))).await? {
            sent.entry(PersonId(person)).or_default().push(from_column(at)?);
        }
        Ok(Self { profile, wishes, sent })
    }

    fn wishes(&self, person: PersonId) -> Option<&MailWishes> {
        self.wishes.get(&person).map(|kept| &kept.value)
    }

    /// Until when all that `person` is to be told waits; none when it is told now. One thing that
    /// cannot wait takes the others with it.
    pub(super) fn held_until(
        &self,
        person: PersonId,
        own: &[(&News, &Notice)],
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let wanted = self.profile.wanted(self.wishes(person));
        let sent = self.sent.get(&person).map(Vec::as_slice).unwrap_or_default();
        let held = own
            .iter()
            .map(|(news, notice)| held_until(notice.kind, &news.starts(person), &wanted, sent, now));
        // `None` is the least: now.
        held.min().flatten()
    }

    /// Until when all that `person` has waited for waits on, because it is quiet; none when it is told now.
    /// As above, one thing that cannot wait takes the others with it.
    fn quiet_for(&self, person: PersonId, own: &[&News], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let until = own.iter().map(|news| quiet_until(&news.starts(person), &self.profile.quiet, now));
        until.min().flatten()
    }

    /// Notes that something more is told to `person` now.
    pub(super) fn told(&mut self, person: PersonId, now: DateTime<Utc>) {
        self.sent.entry(person).or_default().push(now);
    }

    /// How `person` is reminded, who comes as `role`.
    pub(super) fn remind(&self, person: PersonId, role: Role) -> Remind {
        self.profile.remind(role, self.wishes(person))
    }

    /// How many days before it is due `person` is told what they have to do.
    pub(super) fn task_days(&self, person: PersonId) -> &[u16] {
        self.profile.task_days(self.wishes(person))
    }

    /// Until when waits what `person` is told of no meeting; none when it is told now.
    pub(super) fn waits_until(&self, person: PersonId, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let wanted = self.profile.wanted(self.wishes(person));
        let sent = self.sent.get(&person).map(Vec::as_slice).unwrap_or_default();
        held_until(NoticeKind::Update, &[], &wanted, sent, now)
    }

    /// The language that `person` wished, if they did.
    pub(super) fn language(&self, person: PersonId) -> &str {
        self.wishes(person).map(|wishes| wishes.language.as_str()).unwrap_or_default()
    }

    /// The end of the quiet hours, when it is quiet.
    pub(super) fn quiet_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        Some(self.profile.quiet.over(now)).filter(|over| *over > now)
    }

    /// Whether a withdrawal to `address` says that the meeting is off.
    pub(super) fn says_status(&self, address: &EmailAddress) -> bool {
        self.profile.says_status(address.as_str())
    }

    /// `recipients`, each with the language that they wished.
    pub(super) fn speaking(&self, recipients: HashMap<PersonId, Recipient>) -> HashMap<PersonId, Recipient> {
        let speaking = recipients.into_iter().map(|(person, recipient)| {
            let language = self.wishes(person).map(|wishes| wishes.language.as_str());
            (person, recipient.speaking(language))
        });
        speaking.collect()
    }
}

/// Somebody who hears of a meeting later.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    /// Who.
    pub person: PersonId,
    /// Of which meeting.
    pub meeting: ConsultationId,
    /// When.
    pub due: DateTime<Utc>,
}

/// Has them told later; who waits already waits no longer for it, and shorter when this is due sooner.
pub(super) async fn hold(tx: &Tx, held: &[Held]) -> Result<()> {
    let rows: Vec<ActiveModel> = held
        .iter()
        .map(|one| ActiveModel {
            region_id: Set(tx.region()),
            person_id: Set(one.person.0),
            consultation_id: Set(one.meeting.0),
            due_at: Set(to_column(one.due)),
        })
        .collect();
    let sooner = Expr::col((Alias::new("excluded"), Column::DueAt)).lt(Expr::col((Entity, Column::DueAt)));
    let waits = OnConflict::columns([Column::RegionId, Column::PersonId, Column::ConsultationId])
        .update_column(Column::DueAt)
        .action_and_where(sooner)
        .to_owned();
    // SQLite takes 32,766 values in a statement.
    for some in rows.chunks(5_000) {
        let insert = Entity::insert_many(some.iter().cloned()).on_conflict(waits.clone());
        is_written(insert.exec_without_returning(&tx.db()).await)?;
    }
    Ok(())
}

/// Tells everybody whose news has waited long enough; says how many people.
pub(super) async fn tell_due(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Invitations, region);
    let waiting = waiting(&app.read(grant.clone())).await?;
    for person in &waiting {
        let told = app.write(&grant, None, |tx| async move { tell_one(&tx, *person).await }).await;
        if let Err(error) = told {
            tracing::error!(%error, "news that waited could not be told");
            let postpone =
                |tx: std::sync::Arc<Tx>| async move { put_off(&tx, *person, tx.now() + AGAIN).await };
            app.write(&grant, None, postpone).await?;
        }
    }
    Ok(waiting.len())
}

fn due(read: &Read) -> Condition {
    Condition::all().add(Column::RegionId.eq(read.region())).add(Column::DueAt.lte(to_column(read.now())))
}

async fn waiting(read: &Read) -> Result<Vec<PersonId>> {
    let found = Entity::find()
        .select_only()
        .column(Column::PersonId)
        .distinct()
        .filter(due(read))
        .order_by_asc(Column::PersonId)
        .limit(MOST)
        .into_tuple::<Uuid>()
        .all(&read.db())
        .await?;
    Ok(found.into_iter().map(PersonId).collect())
}

/// Has `person` told at `at` what is due now.
async fn put_off(tx: &Tx, person: PersonId, at: DateTime<Utc>) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(to_column(at)))
        .filter(due(tx))
        .filter(Column::PersonId.eq(person.0))
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// One mail about all of it to who works here. A parent gets one about each meeting, for it says so much;
/// about those that share a series it is one, as it is when nothing had to wait.
async fn tell_one(tx: &Tx, person: PersonId) -> Result<()> {
    let own = due(tx).add(Column::PersonId.eq(person.0));
    let rows = Entity::find().filter(own.clone()).all(&tx.db()).await?;
    let ids: Vec<ConsultationId> = rows.iter().map(|row| ConsultationId(row.consultation_id)).collect();
    let mut all = news::load(tx, &ids).await?;
    let pace = Pace::of(tx, &[person]).await?;
    let ours: Vec<&News> =
        all.iter().filter(|news| news.notices().iter().any(|notice| notice.person == person)).collect();
    // Its moment may have passed while nobody worked, and it is night by now.
    if let Some(over) = pace.quiet_for(person, &ours, tx.now()) {
        return put_off(tx, person, over).await;
    }
    Entity::delete_many()
        .filter(own)
        .filter(Column::ConsultationId.is_in(ids.iter().map(|id| id.0)))
        .exec(&tx.db())
        .await?;
    let due = news::due(tx, &mut all, Some(person), |_, _| None).await?;
    let told: several::Own = all
        .iter()
        .zip(due.now)
        .filter_map(|(news, notices)| Some((news, notices.into_iter().next()?)))
        .collect();
    let each = told.len() < 2 || person::is_private(tx, person).await?;
    let shared = shared(&told);
    let in_one = |(news, _): &(&News, Notice)| {
        !each || news.meeting.member.is_some_and(|part| shared.contains(&part.series))
    };
    let (together, alone): (several::Own, several::Own) = told.into_iter().partition(in_one);
    if !together.is_empty() {
        several::write(tx, BTreeMap::from([(person, together)]), &pace).await?;
    }
    let alone = alone.into_iter().map(|(news, notice)| (news, vec![notice]));
    tell(tx, alone.collect(), When::AtOnce).await
}

/// The series of which there is news of more than one meeting.
fn shared(told: &[(&News, Notice)]) -> HashSet<SeriesId> {
    let mut seen = HashSet::new();
    let series = told.iter().filter_map(|(news, _)| Some(news.meeting.member?.series));
    series.filter(|series| !seen.insert(*series)).collect()
}
