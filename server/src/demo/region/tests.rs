//! What every generated region promises.

mod availability;
mod cases;
mod counts;
mod files;

use chrono::NaiveDate;
use schakel_domain::directory::import::{Record, duo, own, parse};

use super::{Region, Size};

const SIZES: [Size; 2] = [Size::Full, Size::Small];

/// A Saturday, so that every date has to be moved.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn region(size: Size) -> Region {
    Region::generate(size, 7, first_day())
}

/// Each size with several seeds, for what must hold whatever is drawn.
fn regions() -> impl Iterator<Item = Region> {
    SIZES.into_iter().flat_map(|size| (0..6).map(move |seed| Region::generate(size, seed, first_day())))
}

/// How many rows the importer reads; none may be bad.
fn imported<R: Record>(name: &str, bytes: &[u8]) -> usize {
    let parsed = parse::<R>(bytes).unwrap();
    assert!(parsed.bad.is_empty(), "{name}: {:?}", parsed.bad);
    let first = bytes.split(|byte| *byte == b'\r').next().unwrap();
    let required = R::COLUMNS.iter().filter(|column| !column.optional);
    let columns: Vec<&str> = required.map(|column| column.name()).collect();
    assert_eq!(std::str::from_utf8(first).unwrap(), columns.join(";"), "{name}");
    parsed.rows.len()
}

#[test]
fn every_file_is_imported_without_a_bad_row() {
    for region in regions() {
        for (name, bytes) in region.files() {
            let rows = match name {
                "vestigingen.csv" => imported::<duo::Vestiging>(name, &bytes),
                "wijken.csv" => imported::<own::Wijk>(name, &bytes),
                "schoolwijken.csv" => imported::<own::SchoolWijkLine>(name, &bytes),
                "clusters.csv" => imported::<own::ClusterLine>(name, &bytes),
                "teams.csv" => imported::<own::TeamLine>(name, &bytes),
                "personen.csv" => imported::<own::PersonLine>(name, &bytes),
                "koppelingen.csv" => imported::<own::LinkLine>(name, &bytes),
                "werktijden.csv" => imported::<own::HoursLine>(name, &bytes),
                "afwezigheid.csv" => imported::<own::AbsenceLine>(name, &bytes),
                "afwijkingen.csv" => imported::<own::ClosureLine>(name, &bytes),
                unknown => panic!("{unknown} has no format"),
            };
            let may_be_empty = region.size == Size::Small && name.starts_with("afw");
            assert!(rows > 0 || may_be_empty, "{name}");
        }
    }
}
