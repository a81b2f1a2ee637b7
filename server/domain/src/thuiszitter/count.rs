//! One norm on one course: from when it runs, until when, and what met it.

use chrono::{Days, NaiveDate};

use super::{
    course::Course,
    deadline::{Deadline, DeadlineState, unmet},
    moment::Moment,
    profile::{Norm, Pause, Profile, Rule},
    reason::{Extended, Reason, Start},
};
use crate::{
    dutch::{Counted, SchoolYear, Warning, termijnenwet},
    time::Validity,
};

/// From which day a norm runs in its present round.
struct Round {
    from: Start,
    on: NaiveDate,
    /// The moment that started it, before it was moved.
    began: NaiveDate,
    /// The start of the round before: what came by then belongs to that one.
    before: Option<NaiveDate>,
}

/// The norm as it stands at the end of `today`; none while nothing started it, or if it
/// does not apply or was stopped.
pub(super) fn deadline<'p>(
    profile: &'p Profile,
    norm: &'p Norm,
    course: &Course<'_>,
    today: NaiveDate,
) -> Option<Counted<Deadline<'p>>> {
    let round = round(profile, norm, course, today)?;
    // What had to come first is judged by what held then; what is planned, up to its day.
    let asked_on = match norm.rule {
        Rule::First => round.on,
        Rule::Before(_) | Rule::OnBefore { .. } => round.on.min(today),
        Rule::After(_)
        | Rule::Counting(_)
        | Rule::DayAfter(_)
        | Rule::EachSchoolYear
        | Rule::FullSchoolYear
        | Rule::On { .. } => today,
    };
    if !applies(norm, course, round.on, asked_on) {
        return None;
    }
    let first = norm.rule.date(round.on, course.calendar);
    let opens_on = match norm.opens_at {
        Some(opens) => course.moments.last(opens, NaiveDate::MAX),
        None => first.value.and_then(|due| norm.rule.opens(due)),
    };
    let met_on = met(norm, course, &round, (opens_on, first.value), today);
    if stopped(norm, course, &round, (opens_on, met_on, today)) {
        return None;
    }
    let mut reason = Reason::of(norm, &profile.version, round.from.clone(), round.on);
    let until = met_on.unwrap_or(today);
    let counted = due(norm, course, (round.on, first), until, &mut reason);
    let due_on = counted.value;
    let state = match met_on {
        Some(_) => DeadlineState::Met,
        None if broken(norm, course, &round, due_on) => DeadlineState::Overdue,
        None if stands_still(norm, course, today) => DeadlineState::Suspended,
        None => unmet(norm, due_on, today, profile.due_soon_days),
    };
    let profile_version = &profile.version;
    let value =
        Deadline { norm, profile_version, started_on: round.on, opens_on, due_on, met_on, state, reason };
    Some(Counted { value, warnings: counted.warnings })
}

fn round(profile: &Profile, norm: &Norm, course: &Course<'_>, today: NaiveDate) -> Option<Round> {
    let known_until = if norm.rule.is_backward() { NaiveDate::MAX } else { today };
    let mut starts = course.moments.until(norm.starts_at, known_until).rev();
    let start = starts.next()?;
    let from = Start::Moment(norm.starts_at);
    let mut round = Round { from, on: start, began: start, before: starts.next() };
    if norm.rule == Rule::EachSchoolYear {
        round.on = first_year_without(norm, course, start, today);
    }
    if let Some(later) = norm.not_before
        && let Some(on) = course.moments.last(later, today).filter(|on| *on > round.on)
    {
        (round.from, round.on) = (Start::Moment(later), on);
    }
    if let Some(id) = &norm.after_term_of
        && let Some(end) = end_of(profile, id, course, today).filter(|end| *end > round.on)
    {
        (round.from, round.on) = (Start::TermOf(id.clone()), end);
    }
    Some(round)
}

/// Where the term of another norm ends, if it runs or ran.
fn end_of(profile: &Profile, id: &str, course: &Course<'_>, today: NaiveDate) -> Option<NaiveDate> {
    deadline(profile, profile.norm(id)?, course, today)?.value.due_on
}

/// The start of the first school year, from that of the start up to today's, in which
/// nothing met the norm; today's if there is none.
fn first_year_without(norm: &Norm, course: &Course<'_>, start: NaiveDate, today: NaiveDate) -> NaiveDate {
    let mut year = SchoolYear::of(start);
    while year < SchoolYear::of(today) {
        let (from, until) = (year.first_day().max(start), year.last_day());
        let dates = norm.ends_when.iter().filter_map(|&end| course.moments.last(end, until));
        if !dates.into_iter().any(|on| on >= from) {
            break;
        }
        year = year.later(1);
    }
    year.first_day().max(start)
}

/// Whether the norm exists for a start on that day, in what holds on `asked_on`.
fn applies(norm: &Norm, course: &Course<'_>, start: NaiveDate, asked_on: NaiveDate) -> bool {
    let (from, until) = norm.in_force;
    from.is_none_or(|from| from <= start)
        && until.is_none_or(|until| start <= until)
        && norm.only_if.iter().all(|&given| course.has(given, asked_on))
        && !norm.unless.iter().any(|&given| course.has(given, asked_on))
}

/// The first of the norm's ends in this round. What came before the start belongs to an
/// earlier round; so does a return on the day that the child stays away again. What must
/// come first, or before a planned day, may come from the round before on.
fn met(
    norm: &Norm,
    course: &Course<'_>,
    round: &Round,
    (opens_on, due): (Option<NaiveDate>, Option<NaiveDate>),
    today: NaiveDate,
) -> Option<NaiveDate> {
    let dates = norm.ends_when.iter().flat_map(|&end| {
        let until = if end.is_planned() { NaiveDate::MAX } else { today };
        let strictly = end == Moment::Returned || end == norm.starts_at;
        course.moments.until(end, until).filter(move |&on| {
            if norm.rule.is_backward() || norm.rule == Rule::First {
                round.before.is_none_or(|before| on > before)
            } else {
                on > round.on || (on == round.on && !strictly)
            }
        })
    });
    let open = dates.filter(|&on| opens_on.is_none_or(|opens| on >= opens));
    if norm.earliest { open.max().filter(|&on| due.is_some_and(|due| on >= due)) } else { open.min() }
}

/// Whether something came or is planned before the first day on which it may.
fn broken(norm: &Norm, course: &Course<'_>, round: &Round, due: Option<NaiveDate>) -> bool {
    norm.earliest
        && norm.ends_when.iter().any(|&end| {
            course.moments.last(end, NaiveDate::MAX).is_some_and(|on| on >= round.on && Some(on) < due)
        })
}

/// Whether something ended the round before it was met. What came on the day that it was is not given up.
/// Before a planned day it is given up from when on it may be met, until it is taken up again.
fn stopped(
    norm: &Norm,
    course: &Course<'_>,
    round: &Round,
    (opens_on, met_on, today): (Option<NaiveDate>, Option<NaiveDate>, NaiveDate),
) -> bool {
    let until = met_on.unwrap_or(today);
    let given_up: Vec<Moment> = norm.ends_when.iter().filter_map(|end| end.given_up_by()).collect();
    let mut over: Vec<Moment> = norm.stops_when.iter().chain(&given_up).copied().collect();
    // What comes once a school year ends nothing.
    if norm.rule != Rule::EachSchoolYear {
        over.extend(&norm.ends_when);
    }
    let start = round.began;
    let ends = |on: NaiveDate| on > start || (on == start && !began_anew(course, norm.starts_at, &over, on));
    let ahead = |stop: Moment, on: NaiveDate| {
        let since = round.before.is_none_or(|before| on > before) && opens_on.is_none_or(|opens| on >= opens);
        since && !taken_up(course, (stop, on), today)
    };
    let mut stops = norm.stops_when.iter().flat_map(|&stop| course.moments.until(stop, until));
    stops.any(ends)
        || given_up.iter().any(|&stop| {
            let mut days = course.moments.until(stop, until).filter(|&on| met_on != Some(on));
            days.any(|on| if norm.rule.is_backward() { ahead(stop, on) } else { ends(on) })
        })
}

/// Whether what was given up that day is sought again today.
fn taken_up(course: &Course<'_>, (given_up, on): (Moment, NaiveDate), today: NaiveDate) -> bool {
    given_up.taken_up_by().iter().any(|&anew| {
        let last = course.moments.last(anew, today);
        last > Some(on) || (last == Some(on) && began_anew(course, anew, &[given_up], on))
    })
}

/// Whether what began on `day` goes on though one of `ends` came on that day too: what ended then is the
/// one before it, which ran until that day.
fn began_anew(course: &Course<'_>, begins: Moment, ends: &[Moment], day: NaiveDate) -> bool {
    let (mut runs, mut last) = (false, NaiveDate::MIN);
    for on in course.moments.until(begins, day) {
        let days: Vec<NaiveDate> =
            ends.iter().flat_map(|&end| course.moments.until(end, on)).filter(|end| *end > last).collect();
        runs = (runs && days.iter().all(|end| *end == on)) || !days.contains(&on);
        last = on;
    }
    runs
}

/// The end of the norm's term: with its extension if that was announced in time, moved by
/// the days on which it stood still up to `until`, and off days off where the Algemene
/// termijnenwet says so.
fn due(
    norm: &Norm,
    course: &Course<'_>,
    (start, first): (NaiveDate, Counted<Option<NaiveDate>>),
    until: NaiveDate,
    reason: &mut Reason,
) -> Counted<Option<NaiveDate>> {
    let mut counted = first;
    if let Some((extension, due)) = norm.extension.zip(counted.value)
        && let Some(announced_on) =
            course.moments.until(extension.announced, until).rev().find(|on| (start..=due).contains(on))
    {
        reason.extended = Some(Extended { announced_on, term: extension.term });
        counted = extension.term.clock.due(due, extension.term.length, course.calendar);
    }
    for Warning::HolidaysUnknown { school_year } in counted.warnings.iter().copied() {
        reason.lacks(school_year);
    }
    counted.value =
        counted.value.and_then(|due| without_still_days(norm, course, (start, due), until, reason));
    if let Some(moment) = norm.not_due_before
        && let Some(on) = course.moments.last(moment, NaiveDate::MAX)
        && counted.value.is_some_and(|due| due < on)
    {
        reason.held_until = Some((moment, on));
        counted.value = Some(on);
    }
    if let (true, Some(term), Some(due)) = (norm.awb, norm.rule.term(), counted.value) {
        counted.value = termijnenwet::term_end(start, (term.length, term.clock), due);
        reason.day_off = (counted.value != Some(due)).then_some(due);
    }
    counted
}

/// The due date moved by every day up to `until` on which the clock stood still, each
/// counted once; a stretch that begins after the due date moves nothing.
fn without_still_days(
    norm: &Norm,
    course: &Course<'_>,
    (start, mut due): (NaiveDate, NaiveDate),
    until: NaiveDate,
    reason: &mut Reason,
) -> Option<NaiveDate> {
    let mut from = start.succ_opt()?;
    for days in still(norm, course, until) {
        let first = days.from().max(from);
        let last = days.until().map_or(until, |last| last.min(until));
        if first <= due && first <= last {
            let stood_still = (last - first).num_days() + 1;
            due = due.checked_add_days(Days::new(stood_still.unsigned_abs()))?;
            from = last.succ_opt()?;
            reason.stood_still.push((first, last));
        }
    }
    Some(due)
}

fn stands_still(norm: &Norm, course: &Course<'_>, today: NaiveDate) -> bool {
    still(norm, course, today).iter().any(|days| days.holds_on(today))
}

/// The stretches in which the norm stands still, by what happened up to `until`, oldest first.
fn still(norm: &Norm, course: &Course<'_>, until: NaiveDate) -> Vec<Validity> {
    let by_hand = course.suspensions.iter().filter(|suspension| suspension.norm == norm.id);
    let mut stretches: Vec<_> = by_hand.map(|suspension| suspension.days).collect();
    for pause in &norm.paused {
        let ends: Vec<Moment> = std::iter::once(pause.until).chain(pause.until.given_up_by()).collect();
        stretches.extend(course.moments.until(pause.from, until).filter_map(|from| {
            let ended = ends.iter().flat_map(|&end| course.moments.until(end, until));
            let ended =
                ended.filter(|&on| on > from || (on == from && !began_anew(course, pause.from, &ends, from)));
            stretch(*pause, from, ended.min())
        }));
    }
    stretches.sort();
    stretches
}

/// From the day of the first moment, or the day after it, up to the day before the second.
fn stretch(pause: Pause, from: NaiveDate, ended: Option<NaiveDate>) -> Option<Validity> {
    let first = if pause.from_next_day { from.succ_opt()? } else { from };
    let last = match ended {
        Some(ended) => Some(ended.pred_opt()?),
        None => None,
    };
    Validity::new(first, last).ok()
}
