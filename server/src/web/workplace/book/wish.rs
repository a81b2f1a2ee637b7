//! What is to be booked, as the address of the page and its forms say it.

use std::{fmt, str::FromStr};

use chrono::{Datelike, NaiveDate, TimeDelta};
use minijinja::{Value, context};
use pb::{
    consultation::{Kind, Place},
    seat::Who,
};
use schakel_proto::v1 as pb;

use super::turns::{self, Turn};
use crate::web::{
    form::ANSWER_INVALID,
    problem::Problem,
    workplace::{trouble::in_query, visit::Posted},
};

/// A place at the table: a person in a role, or whoever has the role. Written as
/// `persons/…:SMW` or `SMW`, with `?` behind it for who may stay away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::workplace) struct Chair {
    /// `persons/{uuid}`; empty for whoever has the role.
    pub(in crate::web::workplace) person: String,
    pub(in crate::web::workplace) role: pb::Role,
    pub(in crate::web::workplace) optional: bool,
}

impl fmt::Display for Chair {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.person.is_empty() {
            write!(out, "{}:", self.person)?;
        }
        let may_miss = if self.optional { "?" } else { "" };
        write!(out, "{}{may_miss}", self.role.as_str_name().trim_start_matches("ROLE_"))
    }
}

impl FromStr for Chair {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let (text, optional) = text.strip_suffix('?').map_or((text, false), |rest| (rest, true));
        let (person, role) = text.rsplit_once(':').unwrap_or(("", text));
        let role = pb::Role::from_str_name(&format!("ROLE_{role}")).ok_or(ANSWER_INVALID)?;
        Ok(Self { person: person.to_owned(), role, optional })
    }
}

impl Chair {
    /// As the search for times asks for it.
    pub(in crate::web::workplace) fn seat(&self) -> pb::Seat {
        let who = if self.person.is_empty() {
            Who::Role(self.role.into())
        } else {
            Who::Person(self.person.clone())
        };
        pb::Seat { who: Some(who), optional: self.optional, ..Default::default() }
    }

    /// As a booking has it.
    pub(super) fn participant(&self) -> pb::Participant {
        pb::Participant {
            person: self.person.clone(),
            role: self.role.into(),
            optional: self.optional,
            ..Default::default()
        }
    }
}

/// No meeting is longer than a day, in minutes.
const LONGEST: i64 = 1440;

/// A server takes no longer address than 2048, in which signing in writes this one once more.
const LONGEST_ADDRESS: usize = 1500;

/// A kind as the address has it, for example `MDO`.
pub(super) fn kind_word(kind: Kind) -> &'static str {
    kind.as_str_name().trim_start_matches("KIND_")
}

/// A place as the address has it, for example `SCHOOL`.
pub(super) fn place_word(place: Place) -> &'static str {
    place.as_str_name().trim_start_matches("PLACE_")
}

/// What is wished; what is not said is proposed.
#[derive(Debug, Clone, Default)]
pub(super) struct Wish {
    /// `cases/{uuid}`; empty for a subject without a child, and for several.
    pub(super) case: String,
    /// The children that it is about, each in a part; empty for one, or none.
    pub(super) turns: Vec<Turn>,
    /// `schools/{uuid}`.
    pub(super) school: String,
    /// `hulpvragen/{uuid}` of the request that it answers; empty for none.
    pub(super) hulpvraag: String,
    pub(super) kind: Kind,
    pub(super) minutes: Option<i64>,
    pub(super) place: Place,
    /// Not before this day.
    pub(super) from: Option<NaiveDate>,
    /// The Monday of the week that is shown.
    pub(super) week: Option<NaiveDate>,
    /// At shorter notice than the kind asks.
    pub(super) soon: bool,
    pub(super) chairs: Option<Vec<Chair>>,
}

fn word<T: Default>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Problem> {
    if text.is_empty() { Ok(T::default()) } else { read(text).ok_or(ANSWER_INVALID) }
}

fn parsed<T: FromStr>(text: &str) -> Result<Option<T>, Problem> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| ANSWER_INVALID) }
}

/// Whether a day lies in the century in which the API counts.
pub(in crate::web::workplace) fn is_near(day: NaiveDate) -> bool {
    (2000..2100).contains(&day.year())
}

/// Whether an instant in seconds does.
pub(in crate::web::workplace) fn is_near_instant(seconds: i64) -> bool {
    (946_684_800..4_102_444_800).contains(&seconds)
}

fn bounded<T>(value: Option<T>, fits: impl Fn(&T) -> bool) -> Result<Option<T>, Problem> {
    if value.as_ref().is_none_or(fits) { Ok(value) } else { Err(ANSWER_INVALID) }
}

impl Wish {
    /// Reads it from the values of each field.
    fn read(all: impl Fn(&str) -> Vec<String>) -> Result<Self, Problem> {
        let one = |name: &str| all(name).into_iter().next().unwrap_or_default();
        let chairs: Vec<Chair> = all("seat")
            .iter()
            .filter(|text| !text.is_empty())
            .map(|text| text.parse::<Chair>())
            .collect::<Result<_, _>>()?;
        let said = !chairs.is_empty() || !one("said").is_empty();
        let case = one("case");
        let turns = if case.is_empty() { turns::read(&all)? } else { Vec::new() };
        Ok(Self {
            case,
            school: one("school"),
            // It is about one child.
            hulpvraag: if turns.is_empty() { one("hulpvraag") } else { String::new() },
            turns,
            kind: word(&one("kind"), |text| Kind::from_str_name(&format!("KIND_{text}")))?,
            minutes: bounded(parsed::<i64>(&one("minutes"))?, |minutes: &i64| {
                (1..=LONGEST).contains(minutes)
            })?,
            place: word(&one("place"), |text| Place::from_str_name(&format!("PLACE_{text}")))?,
            from: bounded(parsed(&one("from"))?, |day: &NaiveDate| is_near(*day))?,
            week: bounded(parsed(&one("week"))?, |day: &NaiveDate| is_near(*day))?,
            soon: !one("soon").is_empty(),
            chairs: said.then_some(chairs),
        })
    }

    /// That of an address.
    pub(super) fn asked(pairs: &[(String, String)]) -> Result<Self, Problem> {
        let values = |name: &str| -> Vec<String> {
            let of_name = pairs.iter().filter(|(own, _)| own == name);
            of_name.map(|(_, value)| value.trim().to_owned()).collect()
        };
        Self::read(values)
    }

    /// That of a form.
    pub(super) fn posted(form: &Posted) -> Result<Self, Problem> {
        Self::read(|name| form.all(name).map(|value| value.trim().to_owned()).collect())
    }

    /// The fields that say it again; without the week, which is only looked at.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("case", self.case.clone()),
            ("school", self.school.clone()),
            ("hulpvraag", self.hulpvraag.clone()),
        ];
        pairs.extend(self.turns.iter().map(|turn| ("part", turn.to_string())));
        if !matches!(self.kind, Kind::Unspecified) {
            pairs.push(("kind", kind_word(self.kind).to_owned()));
        }
        if let Some(minutes) = self.minutes {
            pairs.push(("minutes", minutes.to_string()));
        }
        if !matches!(self.place, Place::Unspecified) {
            pairs.push(("place", place_word(self.place).to_owned()));
        }
        if let Some(from) = self.from {
            pairs.push(("from", from.to_string()));
        }
        if self.soon {
            pairs.push(("soon", "yes".to_owned()));
        }
        if let Some(chairs) = &self.chairs {
            pairs.push(("said", "yes".to_owned()));
            pairs.extend(chairs.iter().map(|chair| ("seat", chair.to_string())));
        }
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    /// The same for a template.
    pub(super) fn fields(&self) -> Vec<Value> {
        self.pairs().into_iter().map(|(name, value)| context! { name, value }).collect()
    }

    /// The address of its page; none when it would be too long.
    pub(super) fn address(&self) -> Option<String> {
        let mut pairs = self.pairs();
        pairs.extend(self.week.map(|week| ("week", week.to_string())));
        let pairs: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name}={}", in_query(value))).collect();
        let path = format!("/book?{}{}", pairs.join("&"), if self.week.is_some() { "#week" } else { "" });
        (path.len() <= LONGEST_ADDRESS).then_some(path)
    }

    /// The length that is asked for, or else that of the kind; never less than its children take together.
    pub(super) fn length(&self, rules: &pb::KindRules) -> i64 {
        self.minutes.unwrap_or_else(|| rules.default_minutes.into()).max(turns::together(&self.turns))
    }

    /// The place that is asked for, or else the first of the kind.
    pub(super) fn place(&self, rules: &pb::KindRules) -> Place {
        if matches!(self.place, Place::Unspecified) {
            rules.places().next().unwrap_or(Place::School)
        } else {
            self.place
        }
    }
}

/// A time with the people who come then, as a button says it: `1795510800 persons/…:SMW …`.
#[derive(Debug, Clone, Default)]
pub(super) struct Pick {
    /// Seconds since 1970.
    pub(super) start: i64,
    pub(super) table: Vec<Chair>,
}

impl fmt::Display for Pick {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.start)?;
        self.table.iter().try_for_each(|chair| write!(out, " {chair}"))
    }
}

impl FromStr for Pick {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let mut words = text.split_ascii_whitespace();
        let start = words.next().and_then(|start| start.parse::<i64>().ok());
        let start = start.filter(|start| is_near_instant(*start)).ok_or(ANSWER_INVALID)?;
        let table: Vec<Chair> = words.map(str::parse::<Chair>).collect::<Result<_, _>>()?;
        if table.is_empty() || table.iter().any(|chair| chair.person.is_empty()) {
            return Err(ANSWER_INVALID);
        }
        Ok(Self { start, table })
    }
}

/// Minutes on the wire.
pub(in crate::web::workplace) fn minutes(minutes: i64) -> prost_types::Duration {
    prost_types::Duration { seconds: TimeDelta::minutes(minutes.clamp(0, LONGEST)).num_seconds(), nanos: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_with_its_table_comes_back_as_it_was_written() {
        let text = "1795510800 persons/1:IBER persons/2:SMW?";
        let pick: Pick = text.parse().unwrap();
        assert!(pick.table[1].optional && pick.to_string() == text);
        for wrong in ["", "x persons/1:IBER", "1795510800", "1795510800 SMW", "1795510800 persons/1:KING"] {
            assert!(wrong.parse::<Pick>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_wish_comes_back_from_its_own_fields() {
        let pairs = [("case", "cases/1"), ("kind", "MDO"), ("seat", ""), ("seat", "SMW?"), ("minutes", "60")];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let wish = Wish::asked(&pairs).unwrap();
        let path = "/book?case=cases/1&kind=MDO&minutes=60&said=yes&seat=SMW%3F";
        assert_eq!(wish.address().as_deref(), Some(path));
        let week = Wish { week: NaiveDate::from_ymd_opt(2026, 11, 23), ..wish.clone() };
        assert_eq!(week.address(), Some(format!("{path}&week=2026-11-23#week")));
        let chair =
            |nth: i32| Chair { person: format!("persons/{nth:036}"), role: pb::Role::Smw, optional: false };
        let many = Wish { chairs: Some((0..50).map(chair).collect()), ..wish };
        assert_eq!(many.address(), None);
        assert!(Wish::asked(&[("kind".to_owned(), "FEEST".to_owned())]).is_err());
    }
}
