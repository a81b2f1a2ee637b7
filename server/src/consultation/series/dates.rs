//! Which dates a series has, and which of them somebody has no time for.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;
use schakel_domain::{
    availability::Site,
    consultation::{
        self,
        series::{Closed, MAX_OCCURRENCES, Occurrence, OnClosed, Recurrence, Wall, occurrences},
    },
    dutch::SchoolYear,
    ids::{ClusterId, SchoolId},
    refusal::{Refusal, Violation},
    time::Period,
};

use crate::{
    access::{authenticate::today, circle::Circle},
    availability::{busy::Booking, proposed},
    consultation::{
        book, kind,
        meeting::Meeting,
        provider, seats,
        table::{self, Around},
    },
    directory::{calendar, guide},
    error::{Error, Result},
    store::Read,
};

/// The series as somebody wants it.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    /// The first meeting; the others are like it.
    pub(super) first: book::Wish,
    /// How it repeats.
    pub(super) recurrence: Recurrence,
    /// On whose clock.
    pub(super) zone: Tz,
    /// What holidays do.
    pub(super) on_closed: OnClosed,
    /// Schools whose closed days count, beside that of the meeting.
    pub(super) schools: Vec<SchoolId>,
    /// All schools of it count.
    pub(super) cluster: Option<ClusterId>,
    /// Dates beside those of the rule.
    pub(super) extra: BTreeSet<NaiveDate>,
    /// Dates of the rule that are not held.
    pub(super) left_out: BTreeSet<NaiveDate>,
}

/// One date: what became of it, its time if it is held, and whether somebody is taken then.
#[derive(Debug, Clone, Copy)]
pub(super) struct Date {
    pub(super) occurrence: Occurrence,
    pub(super) time: Option<Period>,
    pub(super) taken: bool,
}

/// All dates of a wish.
pub(super) struct Dates {
    pub(super) first: NaiveDate,
    pub(super) wall: Wall,
    pub(super) closed: Closed,
    /// Where professionals have to be.
    pub(super) site: Site,
    pub(super) all: Vec<Date>,
    /// School years whose holidays are not known: nothing was assumed about them.
    pub(super) unknown: BTreeSet<SchoolYear>,
}

/// Finds the dates of a wish, in a constant number of statements.
pub(super) async fn of(read: &Read, wish: &Wish, circle: Option<&Circle>) -> Result<Dates> {
    let (first, wall) = Wall::at(wish.zone, wish.first.start);
    let rule = wish.recurrence.dates(first);
    let mut wrong = Vec::new();
    if rule.first() != Some(&first) || rule.len() + wish.extra.len() > MAX_OCCURRENCES {
        wrong.push(Violation::new("recurrence", Refusal::FieldInvalid));
    }
    let closed = closed(read, wish, circle).await?;
    let found = occurrences(&rule, (&wish.extra, &wish.left_out), wish.on_closed, &closed);
    let time = |occurrence: &Occurrence| {
        let start = wall.on(occurrence.date()?);
        Period::new(start, start + wish.first.length).ok()
    };
    let times: Vec<Option<Period>> = found.iter().map(time).collect();
    wrong.extend(check(read, wish, circle, &times).await?);
    wrong.extend(table::under("consultation.", table::strangers(read, &wish.first.guests, circle).await?));
    let unexplained = provider::unexplained(&wish.first.guests, wish.first.provider_reason.as_ref());
    wrong.extend(table::under("consultation.", unexplained.into_iter().collect()));
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let meeting = book::planned(read, &wish.first, circle)?;
    let site = seats::site(read, &meeting).await?;
    let like = seats::booking(&meeting, site);
    let at = |time: &Period| {
        let id = read.app().ids.next(read.now());
        Booking { id, time: *time, ..like.clone() }
    };
    let wanted: Vec<Booking> = times.iter().flatten().map(at).collect();
    let mut taken = proposed::taken(read, (&wanted, &[]), wish.first.over_outside_busy).await?.into_iter();
    let unknown = closed.unknown(found.iter().map(|occurrence| occurrence.original));
    let date = |(occurrence, time): (Occurrence, Option<Period>)| Date {
        occurrence,
        time,
        taken: time.is_some() && taken.next().unwrap_or(false),
    };
    let all = found.into_iter().zip(times).map(date).collect();
    Ok(Dates { first, wall, closed, site, all, unknown })
}

/// The days off of the school of the meeting, of those named and of those of the cluster.
async fn closed(read: &Read, wish: &Wish, circle: Option<&Circle>) -> Result<Closed> {
    let own = wish.first.school.or(circle.and_then(|circle| circle.school));
    let mut schools: Vec<SchoolId> = own.into_iter().chain(wish.schools.iter().copied()).collect();
    if let Some(cluster) = wish.cluster {
        guide::known(read, cluster).await?;
        schools.extend(guide::schools(read, cluster, today(wish.first.start)).await?);
    }
    schools.sort_unstable();
    schools.dedup();
    let calendars = calendar::calendars(read, &schools, &[]).await?;
    let calendar = |school: &SchoolId| calendars.own(*school).cloned().ok_or(Error::NotFound("SCHOOL"));
    Ok(Closed::of(schools.iter().map(calendar).collect::<Result<_>>()?, calendars.published()))
}

/// What is wrong with the rooms of the first and of the last meeting, once.
async fn rooms(read: &Read, first: Meeting, times: &[Option<Period>]) -> Result<Vec<Violation>> {
    let mut found = seats::rooms(read, &first).await?;
    if let Some(time) = times.iter().flatten().last() {
        let last = seats::rooms(read, &Meeting { time: *time, ..first }).await?;
        found.extend(last.into_iter().filter(|violation| !found.contains(violation)).collect::<Vec<_>>());
    }
    Ok(found)
}

/// What forbids the first meeting, and whether a later one lies too far away.
async fn check(
    read: &Read,
    wish: &Wish,
    circle: Option<&Circle>,
    times: &[Option<Period>],
) -> Result<Vec<Violation>> {
    let meeting = book::planned(read, &wish.first, circle)?;
    let kind = kind::rules(read, meeting.kind, meeting.day()).await?;
    let around = Around { circle, has_parts: table::fills(&kind), rules: &kind, keeps_notice: true };
    let mut rules = table::wish(&meeting, around);
    let mut wrong = table::under("consultation.", consultation::check(&rules, read.now()));
    wrong.extend(table::under("consultation.", rooms(read, meeting, times).await?));
    let mut starts = |time: &Period| {
        (rules.start, rules.end) = (time.start(), time.end());
        consultation::check(&rules, read.now()).iter().any(|violation| violation.field == "start_time")
    };
    let far = times.iter().flatten().any(&mut starts);
    if wrong.is_empty() && far {
        wrong.push(Violation::new("recurrence", Refusal::TimeOutOfBounds));
    }
    Ok(wrong)
}
