//! What is counted of every case on a day: taken from what is kept, and worked out from the log where
//! that is behind or another day is asked for.
//!
//! What is kept is never believed without its stamp, so figures are right whether the worker has run or not.
//! What was counted for one reader is remembered for the next: all of it as long as nothing in the region
//! changed, and of each case as long as that case did not.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use chrono::NaiveDate;
use schakel_domain::{monitor::Life, thuiszitter::Known};
use uuid::Uuid;

use super::{
    export,
    store::{self, Stamp},
    table,
};
use crate::{
    access::{
        authenticate::today,
        circle::{self, Circle},
        sweep::put_aside,
    },
    consultation::with_parents,
    directory::calendar,
    error::Result,
    store::{Read, memory::Versions},
    thuiszitter::{
        self,
        figures::{self, Plain},
        norms::Norms,
    },
};

/// Logs that are open at once.
const PAGE: usize = 250;

/// Another one whenever more is worked out of a case: what was kept before that is behind.
const FORM: u8 = 4;

/// No more lives are remembered, of whole regions and of single cases each: some twenty megabytes.
const MOST: usize = 20_000;

/// What was counted of whole regions and of single cases on a day, the tables and columns of pictures that were
/// made of it, and in which state of a region nothing was behind.
pub struct Remembered {
    pub(super) kept_up: Versions<Uuid, ()>,
    pub(super) tables: table::Remembered,
    pub(super) columns: export::Remembered,
    whole: Versions<(Uuid, NaiveDate), Arc<Counted>>,
    single: Versions<(Uuid, NaiveDate), Life>,
}

impl Default for Remembered {
    fn default() -> Self {
        Self {
            kept_up: Versions::default(),
            tables: table::Remembered::at_most(table::MOST),
            columns: export::Remembered::at_most(export::MOST),
            whole: Versions::at_most(MOST),
            single: Versions::at_most(MOST),
        }
    }
}

/// A case and what is counted of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The case, without parents and guests.
    pub circle: Circle,
    /// What is counted.
    pub life: Life,
}

/// Of the cases of a region, what is worked out from what.
pub(super) struct Basis {
    /// The day.
    pub day: NaiveDate,
    /// The norms of that day.
    pub profile: Arc<Norms>,
    number: u64,
}

impl Basis {
    /// As the calendars and the norms are now, for `day`.
    pub(super) async fn of(read: &Read, day: NaiveDate) -> Result<Self> {
        Self::by(read, day, calendar::basis(read).await?).await
    }

    /// The same for each of `days`.
    pub(super) async fn of_each(read: &Read, days: &[NaiveDate]) -> Result<Vec<Self>> {
        let calendars = calendar::basis(read).await?;
        let mut found = Vec::with_capacity(days.len());
        for day in days {
            found.push(Self::by(read, *day, calendars).await?);
        }
        Ok(found)
    }

    async fn by(read: &Read, day: NaiveDate, calendars: u64) -> Result<Self> {
        let profile = thuiszitter::store::profile(read, day).await?;
        // In another build it may be another number: then all is worked out again.
        let mut hasher = DefaultHasher::new();
        (FORM, calendars, profile.number).hash(&mut hasher);
        Ok(Self { day, profile, number: hasher.finish() })
    }

    /// What a life of `plain` that is right now would be stamped with.
    pub(super) fn stamp(&self, plain: &Plain) -> Stamp {
        Stamp { version: plain.version, day: self.day, basis: self.number.to_be_bytes().to_vec() }
    }
}

/// Another one whenever a case of the region changed, was put aside or came back, or the day did, or what
/// all are worked out by.
pub(super) async fn state(read: &Read, basis: &Basis) -> Result<Uuid> {
    let (cases, aside) = (figures::sum(read).await?, put_aside(read).await?);
    let number = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, basis.number, basis.day, cases, &aside).hash(&mut hasher);
        hasher.finish()
    };
    Ok(Uuid::from_u64_pair(number(0), number(1)))
}

/// The meetings with parents that were held, by case.
type Met = HashMap<Uuid, BTreeSet<NaiveDate>>;

/// How many rows, the newest, and the sum of their versions.
type Sum = (i64, Option<i64>, Option<i64>);

/// How a region stands: the same as long as nothing changed that is counted in it. Of each case and meeting the
/// version only rises, and a new one is newer than all before it, so that no two states have the same count,
/// newest and sum of versions.
pub(super) struct Stands {
    cases: Sum,
    aside: Vec<Uuid>,
    meetings: Sum,
    today: NaiveDate,
}

impl Stands {
    /// In three statements, none of which reads a row.
    pub(super) async fn of(read: &Read) -> Result<Self> {
        let (cases, aside) = (figures::sum(read).await?, put_aside(read).await?);
        Ok(Self { cases, aside, meetings: with_parents::sum(read).await?, today: today(read.now()) })
    }

    /// Another one whenever that, or what all are worked out by, is another.
    pub(super) fn version(&self, basis: &Basis) -> Uuid {
        let is_today = basis.day == self.today;
        let number = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, basis.number, is_today, self.cases, &self.aside, self.meetings).hash(&mut hasher);
            hasher.finish()
        };
        Uuid::from_u64_pair(number(0), number(1))
    }
}

/// Another one whenever anything changed that is counted in the region on the day of `basis`.
pub(super) async fn version(read: &Read, basis: &Basis) -> Result<Uuid> {
    Ok(Stands::of(read).await?.version(basis))
}

/// Every case that is not put aside and that `wanted` wants, on the day of `basis`, in the order of their
/// ids.
pub(super) async fn lives(
    read: &Read,
    basis: &Basis,
    wanted: impl Fn(&Circle) -> bool,
) -> Result<Vec<Arc<Counted>>> {
    lives_of(read, basis, version(read, basis).await?, wanted).await
}

/// The same of a region that has this version.
pub(super) async fn lives_of(
    read: &Read,
    basis: &Basis,
    version: Uuid,
    wanted: impl Fn(&Circle) -> bool,
) -> Result<Vec<Arc<Counted>>> {
    let memory = &read.app().remembered.lives.whole;
    let key = (read.region(), basis.day);
    // What a transaction sees may never be committed.
    let remembers = !read.is_in_transaction();
    if remembers && let Some((_, all)) = memory.of([(key, version)]).0.pop() {
        return Ok(all.iter().filter(|one| wanted(&one.circle)).cloned().collect());
    }
    let mut circles = circle::counted(read).await?;
    let all = circles.len();
    circles.retain(wanted);
    let is_whole = circles.len() == all;
    let plain = plain(read).await?;
    let mut found = known_or_worked_out(read, basis, circles, &plain).await?;
    complete(&mut found, (read, basis), (&plain, &with_parents::days(read).await?));
    let found: Vec<Arc<Counted>> = found.into_iter().map(Arc::new).collect();
    if remembers && is_whole {
        memory.keep([(key, version, Arc::from(found.clone()))]);
    }
    Ok(found)
}

/// The same on the day of each of `bases`, from the logs alone: each of them is opened once for all the days.
pub(super) async fn lives_on(
    read: &Read,
    bases: &[Basis],
    wanted: impl Fn(&Circle) -> bool,
) -> Result<Vec<Vec<Arc<Counted>>>> {
    let Some(last) = bases.iter().map(|basis| basis.day).max() else { return Ok(Vec::new()) };
    let mut circles = circle::counted(read).await?;
    circles.retain(wanted);
    let plain = plain(read).await?;
    circles.retain(|circle| plain.get(&circle.case.0).is_some_and(|plain| plain.opened <= last));
    let mut found: Vec<Vec<Counted>> = bases.iter().map(|_| Vec::new()).collect();
    for page in circles.chunks(PAGE) {
        let known = figures::known(read, page).await?;
        for (basis, found) in bases.iter().zip(&mut found) {
            found.extend(on_day(basis, page, (&known, &plain)));
        }
    }
    let met = with_parents::days(read).await?;
    for (basis, found) in bases.iter().zip(&mut found) {
        complete(found, (read, basis), (&plain, &met));
    }
    Ok(found.into_iter().map(|found| found.into_iter().map(Arc::new).collect()).collect())
}

/// Brings what is remembered of a whole region up to date, if somebody asked for it on this day.
pub(super) async fn refresh(read: &Read, basis: &Basis) -> Result<()> {
    if read.app().remembered.lives.whole.knows(&(read.region(), basis.day)) {
        lives(read, basis, |_| true).await?;
    }
    Ok(())
}

/// What is counted of every case, from the logs alone.
pub(super) async fn recomputed(read: &Read, basis: &Basis) -> Result<Vec<Counted>> {
    let (circles, plain) = (circle::counted(read).await?, plain(read).await?);
    let mut found = Vec::with_capacity(circles.len());
    for page in circles.chunks(PAGE) {
        found.extend(worked_out(read, basis, page, &plain).await?);
    }
    complete(&mut found, (read, basis), (&plain, &with_parents::days(read).await?));
    Ok(found)
}

async fn plain(read: &Read) -> Result<HashMap<Uuid, Plain>> {
    Ok(figures::plain(read).await?.into_iter().map(|plain| (plain.case, plain)).collect())
}

/// From memory, from what is kept of today, and else from the logs.
async fn known_or_worked_out(
    read: &Read,
    basis: &Basis,
    mut circles: Vec<Circle>,
    plain: &HashMap<Uuid, Plain>,
) -> Result<Vec<Counted>> {
    // What was opened later is nothing on that day, and nothing to remember.
    circles.retain(|circle| plain.get(&circle.case.0).is_some_and(|plain| plain.opened <= basis.day));
    let memory = &read.app().remembered.lives.single;
    let version = |plain: &Plain| Uuid::from_u64_pair(basis.number, u64::from(plain.version.unsigned_abs()));
    let of = |circle: &Circle| Some(((circle.case.0, basis.day), version(plain.get(&circle.case.0)?)));
    let (known, _) = memory.of(circles.iter().filter_map(of));
    let known: HashMap<Uuid, Arc<[Life]>> = known.into_iter().map(|((case, _), life)| (case, life)).collect();
    let mut found = Vec::with_capacity(circles.len());
    let mut behind = Vec::new();
    for circle in circles {
        match known.get(&circle.case.0) {
            Some(life) => found.extend(life.first().map(|life| Counted { circle, life: life.clone() })),
            None => behind.push(circle),
        }
    }
    let known = found.len();
    if basis.day == today(read.now()) && !behind.is_empty() {
        behind = kept(read, basis, behind, (plain, &mut found)).await?;
    }
    for page in behind.chunks(PAGE) {
        found.extend(worked_out(read, basis, page, plain).await?);
    }
    if !read.is_in_transaction() {
        let new = found[known..].iter().filter_map(|one| {
            let (key, version) = of(&one.circle)?;
            Some((key, version, Arc::from(vec![one.life.clone()])))
        });
        memory.keep(new.collect::<Vec<_>>());
    }
    Ok(found)
}

/// Adds to `found` what is kept and not behind, and gives back of which cases it is.
async fn kept(
    read: &Read,
    basis: &Basis,
    circles: Vec<Circle>,
    (plain, found): (&HashMap<Uuid, Plain>, &mut Vec<Counted>),
) -> Result<Vec<Circle>> {
    let few: Option<Vec<Uuid>> =
        (circles.len() <= PAGE).then(|| circles.iter().map(|circle| circle.case.0).collect());
    let kept = store::kept(read, few.as_deref()).await?;
    let children: Vec<Uuid> = circles.iter().map(|circle| circle.child.0).collect();
    let keys =
        if kept.is_empty() { read.subject_keys(&[]).await? } else { read.subject_keys(&children).await? };
    let mut behind = Vec::new();
    for circle in circles {
        let Some(plain) = plain.get(&circle.case.0) else { continue };
        match kept.get(&circle.case.0).filter(|kept| kept.stamp() == basis.stamp(plain)) {
            Some(kept) => {
                let life = kept.open(&keys, circle.child)?;
                found.push(Counted { circle, life });
            }
            None => behind.push(circle),
        }
    }
    Ok(behind)
}

/// Adds what does not stand in the logs, and brings them in order.
fn complete(
    found: &mut [Counted],
    (read, basis): (&Read, &Basis),
    (plain, met): (&HashMap<Uuid, Plain>, &Met),
) {
    let now = today(read.now());
    for Counted { circle, life } in &mut *found {
        life.meet(met.get(&circle.case.0).unwrap_or(&BTreeSet::default()));
        if basis.day == now
            && let Some(plain) = plain.get(&circle.case.0)
        {
            life.regisseur = Some(plain.regisseur);
            life.next_action = Some(plain.next_action.is_some_and(|next| next >= now));
        }
    }
    found.sort_by_key(|one| one.circle.case);
}

/// What the logs of `circles` come to; nothing of a case that was not open yet.
pub(super) async fn worked_out(
    read: &Read,
    basis: &Basis,
    circles: &[Circle],
    plain: &HashMap<Uuid, Plain>,
) -> Result<Vec<Counted>> {
    let known = figures::known(read, circles).await?;
    Ok(on_day(basis, circles, (&known, plain)))
}

fn on_day(
    basis: &Basis,
    circles: &[Circle],
    (known, plain): (&HashMap<Uuid, Known>, &HashMap<Uuid, Plain>),
) -> Vec<Counted> {
    let counted = circles.iter().filter_map(|circle| {
        let (known, plain) = (known.get(&circle.case.0)?, plain.get(&circle.case.0)?);
        let life = Life::of(known, &basis.profile, plain.opened, basis.day)?;
        Some(Counted { circle: circle.clone(), life })
    });
    counted.collect()
}
