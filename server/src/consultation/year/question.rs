//! The question of a year plan, read: every field, every violation.

use chrono::{Days, NaiveDate};
use schakel_domain::{
    access::Role,
    bound::Bound,
    consultation::{Kind, Place, series::Mode, year::Rhythm},
    dutch::SchoolYear,
    ids::{CaseId, ClusterId, PersonId, SchoolId},
    refusal::Refusal,
};
use schakel_proto::v1::{
    self as pb,
    consultation::{Kind as WireKind, Place as WirePlace},
    plan_seat::Who as WireWho,
    plan_year_request::By as WireBy,
};

use crate::{consultation::series::wire::mode, wire::fields::Fields};

pub(super) const MOST_SEATS: usize = 20;
const MOST_TABLES: usize = 200;
const MOST_MEETINGS: i32 = 60;
const MOST_WEEKS: i32 = 52;
const STEP_SECONDS: i64 = 5 * 60;

/// Who is to sit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// This person, as that role or as what it is.
    Person(PersonId, Option<Role>),
    /// Anybody who fits.
    Role(Role),
}

/// A seat as it was asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeatWish {
    pub(super) who: Who,
    pub(super) each_school: bool,
    pub(super) optional: bool,
}

/// What the tables are made of.
#[derive(Debug, Clone)]
pub(super) enum By {
    /// These clusters; none means all.
    Clusters(Vec<ClusterId>),
    /// These schools and those of these clusters; none of both means all.
    Schools(Vec<SchoolId>, Vec<ClusterId>),
    /// These cases, with seats of their own.
    Cases(Vec<(CaseId, Vec<SeatWish>)>),
}

/// When meetings are sought.
#[derive(Debug, Clone)]
pub(super) struct When {
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
    pub(super) rhythm: Rhythm,
    /// 1 to 12; none means any.
    pub(super) months: Vec<u32>,
}

/// What a meeting of a plan is.
#[derive(Debug, Clone, Copy)]
pub(super) struct What {
    pub(super) minutes: u16,
    pub(super) place: Place,
}

/// What is asked.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) kind: Kind,
    pub(super) by: By,
    pub(super) seats: Vec<SeatWish>,
    pub(super) when: When,
    pub(super) what: What,
    pub(super) mode: Mode,
}

impl Question {
    /// Reads it; `today` decides which school year is the present one.
    pub(super) fn read(fields: &mut Fields, wire: &pb::PlanYearRequest, today: NaiveDate) -> Option<Self> {
        let kind = fields.choice("kind", wire.kind, WireKind::as_str_name);
        let by = by(fields, wire);
        let seats = seats(fields, "seats", &wire.seats);
        let lone = match &by {
            Some(By::Cases(cases)) => cases.iter().any(|(_, own)| own.is_empty()),
            Some(By::Clusters(_) | By::Schools(..)) | None => true,
        };
        if wire.seats.is_empty() && lone {
            fields.refuse("seats", Refusal::FieldRequired);
        }
        let when = when(fields, wire, today);
        let what = what(fields, wire.duration.as_ref(), wire.place);
        let mode = mode(fields, wire.mode, wire.dry_run);
        Some(Self { kind: kind?, by: by?, seats: seats?, when: when?, what: what?, mode: mode? })
    }
}

fn by(fields: &mut Fields, wire: &pb::PlanYearRequest) -> Option<By> {
    let clusters: Vec<Option<ClusterId>> = wire
        .clusters
        .iter()
        .enumerate()
        .map(|(at, name)| fields.parse(format!("clusters[{at}]"), name))
        .collect();
    let schools: Vec<Option<SchoolId>> = wire
        .schools
        .iter()
        .enumerate()
        .map(|(at, name)| fields.parse(format!("schools[{at}]"), name))
        .collect();
    let case = |(at, case): (usize, &pb::PlanCase)| {
        let id = fields.parse(format!("cases[{at}].case"), &case.case);
        let own = seats(fields, &format!("cases[{at}].seats"), &case.seats);
        id.zip(own)
    };
    let cases: Vec<Option<(CaseId, Vec<SeatWish>)>> = wire.cases.iter().enumerate().map(case).collect();
    if wire.cases.len() > MOST_TABLES {
        fields.refuse("cases", Refusal::FieldInvalid);
    }
    let clusters: Option<Vec<ClusterId>> = clusters.into_iter().collect();
    match WireBy::try_from(wire.by) {
        Ok(WireBy::Cluster) => clusters.map(By::Clusters),
        Ok(WireBy::School) => Some(By::Schools(schools.into_iter().collect::<Option<_>>()?, clusters?)),
        Ok(WireBy::Case) => {
            if wire.cases.is_empty() {
                fields.refuse("cases", Refusal::FieldRequired);
            }
            cases.into_iter().collect::<Option<_>>().map(By::Cases)
        }
        Ok(WireBy::Unspecified) => {
            fields.refuse("by", Refusal::FieldRequired);
            None
        }
        Err(_) => {
            fields.refuse("by", Refusal::FieldInvalid);
            None
        }
    }
}

/// Who comes.
pub(super) fn seats(fields: &mut Fields, field: &str, wire: &[pb::PlanSeat]) -> Option<Vec<SeatWish>> {
    if wire.len() > MOST_SEATS {
        fields.refuse(field, Refusal::TooManyAttendees);
        return None;
    }
    let all: Vec<_> =
        wire.iter().enumerate().map(|(at, seat)| one_seat(fields, &format!("{field}[{at}]"), seat)).collect();
    all.into_iter().collect()
}

fn one_seat(fields: &mut Fields, field: &str, wire: &pb::PlanSeat) -> Option<SeatWish> {
    let as_role = match wire.as_role {
        0 => None,
        role => fields.choice(format!("{field}.as_role"), role, pb::Role::as_str_name),
    };
    let who = match &wire.who {
        None => {
            fields.refuse(format!("{field}.who"), Refusal::FieldRequired);
            None
        }
        Some(WireWho::Person(person)) => {
            fields.parse(format!("{field}.person"), person).map(|person| Who::Person(person, as_role))
        }
        Some(WireWho::Role(role)) => {
            fields.choice(format!("{field}.role"), *role, pb::Role::as_str_name).map(Who::Role)
        }
    };
    Some(SeatWish { who: who?, each_school: wire.each_school, optional: wire.optional })
}

fn when(fields: &mut Fields, wire: &pb::PlanYearRequest, today: NaiveDate) -> Option<When> {
    let year: Option<SchoolYear> = fields.parse_if("school_year", &wire.school_year);
    let from = fields.date_if("first_date", &wire.first_date);
    let until = fields.date_if("last_date", &wire.last_date);
    let year = year.unwrap_or_else(|| SchoolYear::of(from.unwrap_or(today)));
    let first = from.unwrap_or(year.first_day()).max(today + Days::new(1));
    let last = until.unwrap_or(year.last_day());
    if last < first || (last - first).num_days() > 366 {
        // Told where it was typed: bounds that were left empty follow from the other fields.
        let outside = from.is_some_and(|from| !(year.first_day()..=year.last_day()).contains(&from));
        let is_over = year.last_day() <= today;
        match (wire.last_date.is_empty(), wire.school_year.is_empty(), wire.first_date.is_empty()) {
            (true, false, _) if is_over || !outside => {
                fields.bound("school_year", Refusal::TimeOutOfBounds, Bound::SchoolYear);
            }
            (true, _, false) => fields.refuse("first_date", Refusal::TimeOutOfBounds),
            (_, _, _) => fields.refuse("last_date", Refusal::TimeRangeInvalid),
        }
    }
    let rhythm = rhythm(fields, wire);
    let mut months = Vec::new();
    for (at, month) in wire.months.iter().enumerate() {
        match u32::try_from(*month).ok().filter(|month| (1..=12).contains(month)) {
            Some(month) => months.push(month),
            None => fields.refuse(format!("months[{at}]"), Refusal::FieldInvalid),
        }
    }
    Some(When { first, last, rhythm: rhythm?, months })
}

fn rhythm(fields: &mut Fields, wire: &pb::PlanYearRequest) -> Option<Rhythm> {
    match (wire.meetings, wire.every_weeks) {
        (1..=MOST_MEETINGS, 0) => usize::try_from(wire.meetings).ok().map(Rhythm::Times),
        (0, 1..=MOST_WEEKS) => u16::try_from(wire.every_weeks).ok().map(Rhythm::EveryWeeks),
        (0, 0) => {
            fields.refuse("meetings", Refusal::FieldRequired);
            None
        }
        (_, 0) => {
            fields.refuse("meetings", Refusal::FieldInvalid);
            None
        }
        (_, _) => {
            fields.refuse("every_weeks", Refusal::FieldInvalid);
            None
        }
    }
}

/// How long and where.
pub(super) fn what(fields: &mut Fields, wire: Option<&prost_types::Duration>, place: i32) -> Option<What> {
    let length = fields.length("duration", wire);
    if length.is_some_and(|length| length.num_seconds() % STEP_SECONDS != 0) {
        fields.refuse("duration", Refusal::DurationInvalid);
    }
    let place = fields.choice("place", place, WirePlace::as_str_name);
    Some(What { minutes: u16::try_from(length?.num_minutes()).ok()?, place: place? })
}
