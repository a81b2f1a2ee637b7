//! A line of a file of weekly hours.

use chrono::{Days, NaiveDate};
use schakel_domain::{
    directory::import::{
        Record,
        cell::{Cell, Problem},
        own::HoursLine,
    },
    ids::PersonId,
    time::DayTime,
};
use uuid::Uuid;

use super::{
    books::{Books, NO_AFFILIATION, NO_PERSON, NO_SCHOOL},
    take::Line,
};
use crate::{
    availability::{
        hours::USUAL_ZONE,
        store::{self, Model},
    },
    error::Result,
    store::Tx,
};

impl Line for HoursLine {
    type Row = Model;
    /// A file gives the whole week of those it names, at that organisation.
    const CLOSES: bool = true;

    fn unknown(&self, books: &Books) -> Option<(&'static str, Problem)> {
        let Some(person) = books.person(self.persoonscode.as_str()) else {
            return Some(("PERSOONSCODE", NO_PERSON));
        };
        if books.affiliation(person, self.organisatiecode.as_str(), self.vanaf).is_none() {
            return Some(("ORGANISATIECODE", NO_AFFILIATION));
        }
        let school = self.locatie.as_ref().map(|code| books.school(code.as_str()));
        (school == Some(None)).then_some(("LOCATIE", NO_SCHOOL))
    }

    fn whose(&self) -> String {
        format!("{} {}", self.persoonscode.as_str(), self.organisatiecode.as_str())
    }

    fn of(row: &Model, books: &Books) -> Option<Self> {
        let block = store::block(row).ok()?;
        let time = |time: DayTime| time.to_string();
        let school = row.school_id.map(|school| books.school_code(school));
        let cells = [
            books.person_code(PersonId(row.person_id))?.to_owned(),
            books.organisation_code(row.affiliation_id)?.to_owned(),
            block.weekday.show(),
            time(block.hours().from),
            time(block.hours().until),
            school.flatten().unwrap_or_default().to_owned(),
            row.valid_from.to_string(),
            row.valid_until.map(|last| last.to_string()).unwrap_or_default(),
        ];
        Self::read(&cells.each_ref().map(String::as_str)).ok()
    }

    fn row(&self, tx: &Tx, books: &Books, (id, version): (Uuid, i32)) -> Option<Model> {
        let person = books.person(self.persoonscode.as_str())?;
        Some(Model {
            region_id: tx.region(),
            id,
            affiliation_id: books.affiliation(person, self.organisatiecode.as_str(), self.vanaf)?,
            person_id: person.0,
            weekday: i32::try_from(self.dag.number_from_monday()).ok()?,
            from_minute: self.van.0.into(),
            until_minute: self.tot.0.into(),
            time_zone: USUAL_ZONE.name().to_owned(),
            school_id: self.locatie.as_ref().and_then(|code| books.school(code.as_str())),
            valid_from: self.vanaf,
            valid_until: self.totenmet,
            version,
        })
    }

    fn place(row: &Model) -> (Uuid, i32) {
        (row.id, row.version)
    }

    fn lasts(row: &Model, day: NaiveDate) -> bool {
        row.valid_until.is_none_or(|last| day <= last)
    }

    fn ended(row: &Model, day: NaiveDate) -> Option<Model> {
        let last = day - Days::new(1);
        (row.valid_from <= last).then(|| Model {
            valid_until: Some(last),
            version: row.version + 1,
            ..row.clone()
        })
    }

    async fn all(tx: &Tx) -> Result<Vec<Model>> {
        store::all(tx).await
    }

    async fn replace(tx: &Tx, out: &[Uuid], rows: Vec<Model>) -> Result<()> {
        store::remove(tx, out).await?;
        store::insert(tx, rows).await
    }
}
