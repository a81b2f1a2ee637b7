//! Schakel's own formats: wijken, clusters, teams, people, ties, hours, absences, closures.
//!
//! `VANAF` is the first day, `TOTENMET` the last; an empty `TOTENMET` has no known end.
//! `VAN` and `TOT` are times of the clock.

use chrono::{NaiveDate, Weekday};

use super::cell::{
    AreaKind, Cell, ClockTime, ClusterKind, Code, Form, Gemeentecode, Postcode, Problem, TeamKind,
    Vestigingscode, WRONG_ORDER, Wijkcode,
};
use crate::{
    access::Role,
    availability::AbsenceKind,
    refusal::Refusal,
    text::{EmailAddress, Name},
    time::Validity,
};

/// A row type from its columns: struct, reader, writer and key. A column with `optional` behind it may be missing
/// from a file.
macro_rules! record {
    (
        $(#[$doc:meta])*
        $name:ident, key: [$($key:ident),*], check: $check:expr, $(under: $under:expr,)? columns: {
            $($(#[$fdoc:meta])* $field:ident: $cell:ty = [$($column:literal),*] $($optional:ident)?,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name { $($(#[$fdoc])* pub $field: $cell,)* }

        impl $crate::directory::import::Record for $name {
            const COLUMNS: &'static [$crate::directory::import::frame::Column] =
                &[$($crate::directory::import::frame::Column {
                    names: &[$($column),*],
                    optional: !stringify!($($optional)?).is_empty(),
                },)*];

            fn read(cells: &[&str]) -> Result<Self, Vec<(usize, Problem)>> {
                let mut places = 0..cells.len();
                let mut problems = Vec::new();
                $(let $field = {
                    let place = places.next().unwrap_or_default();
                    let read = <$cell as Cell>::read(cells.get(place).copied().unwrap_or_default());
                    read.map_err(|problem| problems.push((place, problem))).ok()
                };)*
                let ($(Some($field),)*) = ($($field,)*) else { return Err(problems) };
                let row = Self { $($field,)* };
                let check: fn(&Self) -> Option<(&'static str, Problem)> = $check;
                match check(&row) {
                    None => Ok(row),
                    Some((column, problem)) => {
                        let place = Self::COLUMNS.iter().position(|known| known.name() == column);
                        Err(vec![(place.unwrap_or(usize::MAX), problem)])
                    }
                }
            }

            $(fn under(self, header: &[String]) -> Self {
                let under: fn(Self, &[String]) -> Self = $under;
                under(self, header)
            })?

            fn cells(&self) -> Vec<String> {
                vec![$(Cell::show(&self.$field),)*]
            }

            fn key(&self) -> Vec<String> {
                vec![$(Cell::show(&self.$key),)*]
            }
        }
    };
}
pub(super) use record;

record! {
    /// A wijk of the CBS.
    Wijk, key: [wijkcode], check: |_| None, columns: {
        /// Code.
        wijkcode: Wijkcode = ["WIJKCODE"],
        /// Name.
        naam: Name = ["WIJKNAAM"],
        /// Code of its gemeente.
        gemeentecode: Gemeentecode = ["GEMEENTECODE"],
        /// Name of its gemeente.
        gemeente: Name = ["GEMEENTENAAM"],
    }
}

record! {
    /// The wijk that a school stands in; the open data of DUO does not say it.
    SchoolWijkLine, key: [vestigingscode], check: |_| None, columns: {
        /// The school.
        vestigingscode: Vestigingscode = ["VESTIGINGSCODE"],
        /// The wijk.
        wijkcode: Wijkcode = ["WIJKCODE"],
    }
}

record! {
    /// A school in a cluster; one line per school.
    ClusterLine, key: [clustercode, vestigingscode, vanaf], check: |row| in_order(row.vanaf, row.totenmet), columns: {
        /// The region's code of the cluster.
        clustercode: Code = ["CLUSTERCODE"],
        /// Kind.
        soort: ClusterKind = ["SOORT"],
        /// Name.
        naam: Name = ["NAAM"],
        /// The school.
        vestigingscode: Vestigingscode = ["VESTIGINGSCODE"],
        /// First day.
        vanaf: NaiveDate = ["VANAF"],
        /// Last day.
        totenmet: Option<NaiveDate> = ["TOTENMET"],
    }
}

record! {
    /// A part of a team's work area; one line per part.
    TeamLine, key: [teamcode, gebiedsoort, gebied, vanaf], check: area, columns: {
        /// The region's code of the team.
        teamcode: Code = ["TEAMCODE"],
        /// Kind.
        soort: TeamKind = ["SOORT"],
        /// The name it has there.
        naam: Name = ["NAAM"],
        /// The gemeente that it is of.
        gemeentecode: Gemeentecode = ["GEMEENTECODE"],
        /// What `gebied` is.
        gebiedsoort: AreaKind = ["GEBIEDSOORT"],
        /// A code of that kind.
        gebied: Code = ["GEBIED"],
        /// First day.
        vanaf: NaiveDate = ["VANAF"],
        /// Last day.
        totenmet: Option<NaiveDate> = ["TOTENMET"],
    }
}

record! {
    /// What a person does at an organisation; one line per affiliation.
    PersonLine, key: [persoonscode, functie, organisatiecode, vanaf], check: |row| in_order(row.vanaf, row.totenmet), columns: {
        /// The region's code of the person.
        persoonscode: Code = ["PERSOONSCODE"],
        /// Name.
        naam: Name = ["NAAM"],
        /// Work address.
        email: Option<EmailAddress> = ["EMAIL"],
        /// Work telephone.
        telefoon: Option<Name> = ["TELEFOON"],
        /// Role.
        functie: Role = ["FUNCTIE"],
        /// A vestigingscode, team code, gemeentecode, number of a board or code of a samenwerkingsverband.
        organisatiecode: Code = ["ORGANISATIECODE"],
        /// First day.
        vanaf: NaiveDate = ["VANAF"],
        /// Last day.
        totenmet: Option<NaiveDate> = ["TOTENMET"],
    }
}

record! {
    /// The tie of a school to a person of a team.
    LinkLine, key: [vestigingscode, teamcode, functie, persoonscode, vanaf], check: |row| in_order(row.vanaf, row.totenmet), columns: {
        /// The school.
        vestigingscode: Vestigingscode = ["VESTIGINGSCODE"],
        /// The team.
        teamcode: Code = ["TEAMCODE"],
        /// Role.
        functie: Role = ["FUNCTIE"],
        /// The link person.
        persoonscode: Code = ["PERSOONSCODE"],
        /// The deputy.
        vervanger: Option<Code> = ["VERVANGER"],
        /// First day.
        vanaf: NaiveDate = ["VANAF"],
        /// Last day.
        totenmet: Option<NaiveDate> = ["TOTENMET"],
    }
}

record! {
    /// A block of a person's week.
    HoursLine, key: [persoonscode, organisatiecode, dag, van, vanaf], check: hours, columns: {
        /// The person.
        persoonscode: Code = ["PERSOONSCODE"],
        /// For which of their organisations.
        organisatiecode: Code = ["ORGANISATIECODE"],
        /// Day of the week.
        dag: Weekday = ["DAG"],
        /// From this time.
        van: ClockTime = ["VAN"],
        /// Until this time.
        tot: ClockTime = ["TOT"],
        /// The school where they sit then; empty if anywhere.
        locatie: Option<Vestigingscode> = ["LOCATIE"],
        /// First day.
        vanaf: NaiveDate = ["VANAF"],
        /// Last day.
        totenmet: Option<NaiveDate> = ["TOTENMET"],
    }
}

record! {
    /// Days on which a person is away.
    AbsenceLine, key: [persoonscode, vanaf], check: |row| in_order(row.vanaf, row.totenmet), columns: {
        /// The person.
        persoonscode: Code = ["PERSOONSCODE"],
        /// Why, as far as it is told.
        soort: AbsenceKind = ["SOORT"],
        /// First day away.
        vanaf: NaiveDate = ["VANAF"],
        /// Last day away.
        totenmet: Option<NaiveDate> = ["TOTENMET"],
    }
}

record! {
    /// Days on which a school is closed and its region is not: a holiday of its own, a study day.
    ClosureLine, key: [vestigingscode, vanaf], check: |row| in_order(row.vanaf, Some(row.totenmet)), columns: {
        /// The school.
        vestigingscode: Vestigingscode = ["VESTIGINGSCODE"],
        /// What the school calls it.
        naam: Name = ["NAAM"],
        /// First day closed.
        vanaf: NaiveDate = ["VANAF"],
        /// Last day closed.
        totenmet: NaiveDate = ["TOTENMET"],
    }
}

fn in_order(from: NaiveDate, last: Option<NaiveDate>) -> Option<(&'static str, Problem)> {
    Validity::new(from, last).is_err().then_some(("TOTENMET", WRONG_ORDER))
}

fn hours(row: &HoursLine) -> Option<(&'static str, Problem)> {
    if row.tot <= row.van { Some(("TOT", WRONG_ORDER)) } else { in_order(row.vanaf, row.totenmet) }
}

const OTHER_AREA: Form = Form {
    dutch: "Deze code past niet bij GEBIEDSOORT: WK990101, 1234 of 1234AB, GM9901, 90AA00.",
    english: "This code does not fit GEBIEDSOORT: WK990101, 1234 or 1234AB, GM9901, 90AA00.",
};

fn area(row: &TeamLine) -> Option<(&'static str, Problem)> {
    let code = row.gebied.as_str();
    let fits = match row.gebiedsoort {
        AreaKind::Wijk => Wijkcode::from_text(code).is_some(),
        AreaKind::Postcode => is_postcode(code),
        AreaKind::Gemeente => Gemeentecode::from_text(code).is_some(),
        AreaKind::School => Vestigingscode::from_text(code).is_some(),
    };
    let problem = Problem { refusal: Refusal::FieldInvalid, form: OTHER_AREA };
    if fits { in_order(row.vanaf, row.totenmet) } else { Some(("GEBIED", problem)) }
}

/// Four digits, or these and two letters in the one spelling.
fn is_postcode(code: &str) -> bool {
    let full = if code.len() == 4 { format!("{code}AA") } else { code.to_owned() };
    Postcode::from_text(&full).is_some_and(|read| read.as_str() == full)
}
