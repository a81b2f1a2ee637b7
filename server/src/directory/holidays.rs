//! The published school holidays: those that came with the program, and over them what a region
//! was told since.

use schakel_domain::{
    directory::import::{BadRow, Remedy},
    dutch::{HolidayKind, HolidayRegion, SchoolHolidays, SchoolYear},
    refusal::Refusal,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};

use super::import::report::{Change, ChangeKind, Report};
use crate::{
    entity::school_holiday::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{Read, Tx},
};

/// Rows in one statement: far more than ten school years.
const ROWS: usize = 500;

/// What is known of the holidays in this region; one statement.
pub(super) async fn published(read: &Read) -> Result<SchoolHolidays> {
    let rows = Entity::find().filter(Column::RegionId.eq(read.region())).all(&read.db()).await?;
    let mut known = SchoolHolidays::shipped();
    for row in rows {
        known.set(key(&row)?, row.first_day..=row.last_day);
    }
    Ok(known)
}

fn key(row: &Model) -> Result<(SchoolYear, HolidayRegion, HolidayKind)> {
    let corrupt = |column| Error::Corrupt { table: "school_holiday", column };
    Ok((
        row.school_year.parse().map_err(|_| corrupt("school_year"))?,
        row.holiday_region.parse().map_err(|_| corrupt("holiday_region"))?,
        row.kind.parse().map_err(|_| corrupt("kind"))?,
    ))
}

/// Takes a document of the Rijksoverheid; tells the same whether it writes or not.
pub(super) async fn take(tx: &Tx, bytes: &[u8], dry_run: bool) -> Result<Report> {
    let known = published(tx).await?;
    let mut told = SchoolHolidays::default();
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    if told.import(text.trim_start_matches('\u{feff}')).is_err() {
        return Ok(Report { dry_run, rows: 1, bad: vec![unreadable()], ..Report::default() });
    }
    let mut report = Report { dry_run, rows: told.all().count(), ..Report::default() };
    let mut rows = Vec::new();
    for ((year, region, kind), days) in told.all() {
        let before = known.of(year, region, kind);
        if before == Some(days) {
            report.unchanged += 1;
            continue;
        }
        let columns = before.map(|before| {
            let ends =
                [("startdate", before.start() != days.start()), ("enddate", before.end() != days.end())];
            ends.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect()
        });
        report.changes.push(Change {
            kind: if before.is_some() { ChangeKind::Changed } else { ChangeKind::New },
            code: format!("{year} {region} {kind}"),
            columns: columns.unwrap_or_default(),
        });
        rows.push(ActiveModel {
            region_id: Set(tx.region()),
            school_year: Set(year.to_string()),
            holiday_region: Set(region.to_string()),
            kind: Set(kind.to_string()),
            first_day: Set(*days.start()),
            last_day: Set(*days.end()),
        });
    }
    if !dry_run {
        put(tx, rows).await?;
    }
    Ok(report)
}

async fn put(tx: &Tx, rows: Vec<ActiveModel>) -> Result<()> {
    let key = [Column::RegionId, Column::SchoolYear, Column::HolidayRegion, Column::Kind];
    for rows in rows.chunks(ROWS) {
        let anew = OnConflict::columns(key).update_columns([Column::FirstDay, Column::LastDay]).to_owned();
        Entity::insert_many(rows.to_vec()).on_conflict(anew).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}

fn unreadable() -> BadRow {
    let remedy = Remedy {
        dutch: "Dit is geen bestand met schoolvakanties van de Rijksoverheid (JSON).".to_owned(),
        english: "This is not a file of school holidays of the Rijksoverheid (JSON).".to_owned(),
    };
    BadRow { line: 1, column: "", refusal: Refusal::FieldInvalid, remedy }
}
