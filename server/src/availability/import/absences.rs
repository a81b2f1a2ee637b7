//! A line of a file of absences.

use chrono::{Days, NaiveDate};
use schakel_domain::{
    availability::AbsenceKind,
    directory::import::{
        Record,
        cell::{Cell, Problem},
        own::AbsenceLine,
    },
    ids::PersonId,
};
use uuid::Uuid;

use super::{
    books::{Books, NO_PERSON},
    take::Line,
};
use crate::{
    directory::absence::{self, Model},
    error::Result,
    store::Tx,
};

impl Line for AbsenceLine {
    type Row = Model;
    /// What somebody entered by hand stays.
    const CLOSES: bool = false;

    fn unknown(&self, books: &Books) -> Option<(&'static str, Problem)> {
        books.person(self.persoonscode.as_str()).is_none().then_some(("PERSOONSCODE", NO_PERSON))
    }

    fn whose(&self) -> String {
        self.persoonscode.as_str().to_owned()
    }

    fn of(row: &Model, books: &Books) -> Option<Self> {
        let cells = [
            books.person_code(PersonId(row.person_id))?.to_owned(),
            row.kind.parse::<AbsenceKind>().ok()?.show(),
            row.valid_from.to_string(),
            row.valid_until.map(|last| last.to_string()).unwrap_or_default(),
        ];
        Self::read(&cells.each_ref().map(String::as_str)).ok()
    }

    fn row(&self, tx: &Tx, books: &Books, (id, version): (Uuid, i32)) -> Option<Model> {
        Some(Model {
            region_id: tx.region(),
            id,
            person_id: books.person(self.persoonscode.as_str())?.0,
            kind: self.soort.to_string(),
            valid_from: self.vanaf,
            valid_until: self.totenmet,
            from_minute: None,
            until_minute: None,
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
        absence::all(tx).await
    }

    async fn replace(tx: &Tx, out: &[Uuid], rows: Vec<Model>) -> Result<()> {
        absence::remove(tx, out).await?;
        absence::insert(tx, rows).await
    }
}
