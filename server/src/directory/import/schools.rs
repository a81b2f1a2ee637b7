//! DUO's vestigingen, the wijk of each, and their own days off.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schakel_domain::{
    directory::import::{
        Diff,
        cell::Problem,
        duo::{Scope, Vestiging},
        own::{ClosureLine, SchoolWijkLine},
    },
    dutch::HolidayRegion,
    text::Name,
};
use uuid::Uuid;

use super::{apply::Line, areas, codes, register::Register};
use crate::{
    access::organisation::{self, OrganisationKind},
    directory::{
        School,
        area::missing,
        resource::{Head, Resource},
    },
    entity::{school, school_closure},
    error::Result,
    store::Tx,
};

/// Whether it goes on after today.
pub(super) fn goes_on(until: Option<NaiveDate>, today: NaiveDate) -> bool {
    until.is_none_or(|last| last > today)
}

fn shown(name: Option<&Name>) -> String {
    name.map(|name| name.as_str().to_owned()).unwrap_or_default()
}

impl Line for Vestiging {
    /// A province is not kept, a gemeente has one name, and a sector stays where the file tells none.
    fn kept(mut self, register: &Register) -> Self {
        if let Some(school) = register.schools.get(self.vestigingscode.as_str()) {
            self.provincie = None;
            self.sector = self.sector.or_else(|| school.row.sector.parse().ok());
        }
        let code = format!("GM{}", self.gemeentenummer.as_str());
        if let Some(name) = areas::gemeente_name(register, &code) {
            self.gemeente = name;
        }
        self
    }

    fn unknown(&self, _: &Register) -> Option<(&'static str, Problem)> {
        None
    }

    fn stored(register: &Register, today: NaiveDate) -> Vec<Vec<String>> {
        let open = register.schools.values().filter(|school| goes_on(school.row.valid_until, today));
        open.map(|School { row, .. }| {
            let gemeente = areas::gemeente_name(register, &row.gemeente_code);
            vec![
                String::new(),
                row.board_code.clone(),
                row.vestigingscode.chars().take(4).collect(),
                row.vestigingscode.clone(),
                row.display_name.clone(),
                row.street.clone(),
                row.house_number.clone(),
                row.postcode.clone(),
                row.city.clone(),
                row.gemeente_code.chars().skip(2).collect(),
                shown(gemeente.as_ref()),
                row.denomination.clone(),
                row.phone.clone(),
                row.website.clone(),
                row.sector.clone(),
                // What DUO tells of the sector is read into one column.
                String::new(),
                String::new(),
            ]
        })
        .collect()
    }

    /// Those of a board and a gemeente that the file is about.
    fn closed_by(rows: &[Self]) -> impl Fn(&Self) -> bool {
        let of = |code: fn(&Self) -> &str| Some(rows.iter().map(|row| code(row).to_owned()).collect());
        let scope = Scope {
            boards: of(|row| row.bevoegd_gezag.as_str()),
            gemeenten: of(|row| row.gemeentenummer.as_str()),
        };
        move |row| scope.contains(row)
    }

    async fn apply(tx: &Tx, mut register: Register, diff: &Diff<Self>, today: NaiveDate) -> Result<()> {
        let rows: Vec<&Self> =
            diff.new.iter().chain(diff.changed.iter().map(|change| &change.after)).collect();
        let gemeenten = rows
            .iter()
            .map(|row| (format!("GM{}", row.gemeentenummer.as_str()), row.gemeente.as_str().to_owned()));
        areas::know(tx, &register, &gemeenten.collect::<Vec<_>>(), today).await?;
        let boards = rows.iter().map(|row| row.bevoegd_gezag.as_str());
        let boards: BTreeSet<(String, String)> =
            boards.map(|code| (code.to_owned(), format!("Bestuur {code}"))).collect();
        let boards: Vec<_> = boards.into_iter().collect();
        let boards = missing(tx, &register.organisations, OrganisationKind::Board, &boards);
        organisation::put(tx, boards).await?;
        let mut schools: Vec<School> = Vec::new();
        for row in rows {
            let known = register.schools.remove(row.vestigingscode.as_str());
            schools.push(written(tx, row, known, today));
        }
        for row in &diff.closed {
            let Some(mut school) = register.schools.remove(row.vestigingscode.as_str()) else { continue };
            school.set_until(Some(today.max(school.row.valid_from)));
            school.row.version += 1;
            schools.push(school);
        }
        School::put(tx, &schools).await
    }
}

/// What DUO says, and the rest as it was.
fn written(tx: &Tx, line: &Vestiging, known: Option<School>, today: NaiveDate) -> School {
    let School { row, closures } = known.unwrap_or_else(|| new_school(tx, line, today));
    let row = school::Model {
        version: row.version + 1,
        display_name: line.naam.as_str().to_owned(),
        board_code: line.bevoegd_gezag.as_str().to_owned(),
        street: shown(line.straat.as_ref()),
        house_number: shown(line.huisnummer.as_ref()),
        postcode: line.postcode.as_str().to_owned(),
        city: line.plaats.as_str().to_owned(),
        gemeente_code: format!("GM{}", line.gemeentenummer.as_str()),
        denomination: shown(line.denominatie.as_ref()),
        phone: shown(line.telefoon.as_ref()),
        website: shown(line.internetadres.as_ref()),
        sector: line.sector.map(|sector| sector.to_string()).unwrap_or_default(),
        valid_until: row.valid_until.filter(|last| goes_on(Some(*last), today)),
        ..row
    };
    School { row, closures }
}

fn new_school(tx: &Tx, line: &Vestiging, today: NaiveDate) -> School {
    let row = school::Model {
        region_id: tx.region(),
        id: tx.new_id(),
        vestigingscode: line.vestigingscode.as_str().to_owned(),
        display_name: String::new(),
        board_code: String::new(),
        street: String::new(),
        house_number: String::new(),
        postcode: String::new(),
        city: String::new(),
        gemeente_code: String::new(),
        wijk_code: String::new(),
        denomination: String::new(),
        phone: String::new(),
        website: String::new(),
        holiday_region: holiday_region(line.provincie.as_ref().map_or("", Name::as_str)).to_string(),
        sector: String::new(),
        valid_from: today,
        valid_until: None,
        version: 0,
    };
    School { row, closures: Vec::new() }
}

/// Of provinces that lie in one region of the holidays (Regeling vaststelling
/// schoolvakanties); elsewhere the middle, until somebody says otherwise.
fn holiday_region(province: &str) -> HolidayRegion {
    match province {
        "Groningen" | "Friesland" | "Fryslân" | "Drenthe" | "Overijssel" | "Noord-Holland" => {
            HolidayRegion::Noord
        }
        "Limburg" | "Zeeland" => HolidayRegion::Zuid,
        _ => HolidayRegion::Midden,
    }
}

/// The schools of `codes`, to be changed; each once.
fn changed(register: &mut Register, codes: impl Iterator<Item = String>) -> Vec<School> {
    let codes: BTreeSet<String> = codes.collect();
    let mut schools: Vec<School> = codes.iter().filter_map(|code| register.schools.remove(code)).collect();
    for school in &mut schools {
        school.row.version += 1;
    }
    schools
}

impl Line for SchoolWijkLine {
    fn unknown(&self, register: &Register) -> Option<(&'static str, Problem)> {
        if !register.schools.contains_key(self.vestigingscode.as_str()) {
            return Some(("VESTIGINGSCODE", codes::SCHOOL));
        }
        (!register.areas.contains_key(self.wijkcode.as_str())).then_some(("WIJKCODE", codes::WIJK))
    }

    fn stored(register: &Register, _: NaiveDate) -> Vec<Vec<String>> {
        let known = register.schools.values().filter(|school| !school.row.wijk_code.is_empty());
        known.map(|school| vec![school.row.vestigingscode.clone(), school.row.wijk_code.clone()]).collect()
    }

    async fn apply(tx: &Tx, mut register: Register, diff: &Diff<Self>, _: NaiveDate) -> Result<()> {
        let lines = || diff.new.iter().chain(diff.changed.iter().map(|change| &change.after));
        let mut schools = changed(&mut register, lines().map(|line| line.vestigingscode.as_str().to_owned()));
        for line in lines() {
            let of = |school: &&mut School| school.row.vestigingscode == line.vestigingscode.as_str();
            if let Some(school) = schools.iter_mut().find(of) {
                line.wijkcode.as_str().clone_into(&mut school.row.wijk_code);
            }
        }
        School::put(tx, &schools).await
    }
}

impl Line for ClosureLine {
    fn unknown(&self, register: &Register) -> Option<(&'static str, Problem)> {
        let known = register.schools.contains_key(self.vestigingscode.as_str());
        (!known).then_some(("VESTIGINGSCODE", codes::SCHOOL))
    }

    fn stored(register: &Register, _: NaiveDate) -> Vec<Vec<String>> {
        let line = |school: &School, closure: &school_closure::Model| {
            vec![
                school.row.vestigingscode.clone(),
                closure.display_name.clone(),
                closure.first_day.to_string(),
                closure.last_day.to_string(),
            ]
        };
        let schools = register.schools.values();
        let closed = |school: &School| {
            let closures = school.closures.iter().filter(|closure| !closure.opened);
            closures.map(|closure| line(school, closure)).collect::<Vec<_>>()
        };
        schools.flat_map(closed).collect()
    }

    async fn apply(tx: &Tx, mut register: Register, diff: &Diff<Self>, _: NaiveDate) -> Result<()> {
        let lines = || diff.new.iter().chain(diff.changed.iter().map(|change| &change.after));
        let mut schools = changed(&mut register, lines().map(|line| line.vestigingscode.as_str().to_owned()));
        for line in lines() {
            let of = |school: &&mut School| school.row.vestigingscode == line.vestigingscode.as_str();
            let Some(school) = schools.iter_mut().find(of) else { continue };
            school.closures.retain(|closure| closure.opened || closure.first_day != line.vanaf);
            school.closures.push(school_closure::Model {
                region_id: Uuid::nil(),
                school_id: Uuid::nil(),
                position: 0,
                display_name: line.naam.as_str().to_owned(),
                first_day: line.vanaf,
                last_day: line.totenmet,
                opened: false,
            });
            school.closures.sort_by_key(|closure| closure.first_day);
        }
        School::put(tx, &schools).await
    }
}
