//! The published school holidays, per school year and region, as data.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::{DateTime, NaiveDate};
use chrono_tz::Europe::Amsterdam;
use serde::Deserialize;

use super::school_year::SchoolYear;
use crate::{refusal::Refusal, time::wall_clock};

/// The three regions of the spread holidays. A gemeente lies in one; a province may not.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE", ascii_case_insensitive)]
pub enum HolidayRegion {
    /// North.
    Noord,
    /// Middle.
    Midden,
    /// South.
    Zuid,
}

/// The five holidays that make a school year's calendar complete.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE", ascii_case_insensitive)]
pub enum HolidayKind {
    /// Autumn.
    Herfst,
    /// Christmas.
    Kerst,
    /// Spring half-term; carnaval in the south.
    Voorjaar,
    /// May.
    Mei,
    /// Summer; belongs to the school year that it ends, and runs on into the next.
    Zomer,
}

/// First and last day off, as published: from a Saturday to a Sunday.
pub type Holiday = RangeInclusive<NaiveDate>;

/// What is known of the holidays; a year that is not in it is unknown, not free of holidays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SchoolHolidays(BTreeMap<(SchoolYear, HolidayRegion, HolidayKind), Holiday>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Documents {
    One(Document),
    Several(Vec<Document>),
}

#[derive(Deserialize)]
struct Document {
    content: Vec<Year>,
}

#[derive(Deserialize)]
struct Year {
    schoolyear: String,
    vacations: Vec<Vacation>,
}

#[derive(Deserialize)]
struct Vacation {
    #[serde(rename = "type")]
    kind: String,
    regions: Vec<Dates>,
}

#[derive(Deserialize)]
struct Dates {
    region: String,
    startdate: String,
    enddate: String,
}

impl SchoolHolidays {
    /// The dates that come with this version: 2025-2026, 2026-2027 and the summer before them.
    #[must_use]
    pub fn shipped() -> Self {
        let documents: Vec<Document> = serde_json::from_str(include_str!("school_holidays.json"))
            .expect("the shipped file is read by a test");
        let mut holidays = Self::default();
        for document in &documents {
            holidays.take(document).expect("the shipped file is read by a test");
        }
        holidays
    }

    /// Adds a document of the Rijksoverheid's open data (`infotypes/schoolholidays/schoolyear/…`),
    /// or an array of such (`infotypes/schoolholidays`), replacing the holidays it names; answers
    /// the years it was about. Nothing changes if any part cannot be read (`FIELD_INVALID`).
    pub fn import(&mut self, json: &str) -> Result<Vec<SchoolYear>, Refusal> {
        let documents: Documents = serde_json::from_str(json).map_err(|_| Refusal::FieldInvalid)?;
        let documents = match documents {
            Documents::One(document) => vec![document],
            Documents::Several(documents) => documents,
        };
        let mut next = self.clone();
        let mut years = Vec::new();
        for document in &documents {
            years.extend(next.take(document)?);
        }
        *self = next;
        Ok(years)
    }

    /// Says one holiday, anew if it was said before.
    pub fn set(&mut self, (year, region, kind): (SchoolYear, HolidayRegion, HolidayKind), days: Holiday) {
        self.0.insert((year, region, kind), days);
    }

    /// All that is known, by year, region and kind.
    pub fn all(&self) -> impl Iterator<Item = ((SchoolYear, HolidayRegion, HolidayKind), &Holiday)> {
        self.0.iter().map(|(key, days)| (*key, days))
    }

    /// The holiday of that kind, if published.
    #[must_use]
    pub fn of(&self, year: SchoolYear, region: HolidayRegion, kind: HolidayKind) -> Option<&Holiday> {
        self.0.get(&(year, region, kind))
    }

    /// The years about which something is known.
    pub fn years(&self) -> impl Iterator<Item = SchoolYear> {
        let mut years: Vec<_> = self.0.keys().map(|&(year, ..)| year).collect();
        years.dedup();
        years.into_iter()
    }

    fn take(&mut self, document: &Document) -> Result<Vec<SchoolYear>, Refusal> {
        let mut years = Vec::new();
        for content in &document.content {
            let year: SchoolYear = content.schoolyear.parse()?;
            for vacation in &content.vacations {
                let kind = kind(&vacation.kind)?;
                for dates in &vacation.regions {
                    let holiday = holiday(dates, year)?;
                    for region in regions(&dates.region)? {
                        self.0.insert((year, region, kind), holiday.clone());
                    }
                }
            }
            years.push(year);
        }
        Ok(years)
    }
}

/// `Herfstvakantie`, `Meivakantie`, …
fn kind(text: &str) -> Result<HolidayKind, Refusal> {
    let text = text.trim().to_ascii_lowercase();
    let stem = text.strip_suffix("vakantie").unwrap_or(&text);
    stem.strip_suffix('s').unwrap_or(stem).parse().map_err(|_| Refusal::FieldInvalid)
}

/// One region, or `heel Nederland`.
fn regions(text: &str) -> Result<Vec<HolidayRegion>, Refusal> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("heel Nederland") {
        return Ok(vec![HolidayRegion::Noord, HolidayRegion::Midden, HolidayRegion::Zuid]);
    }
    Ok(vec![text.parse().map_err(|_| Refusal::FieldInvalid)?])
}

/// Dates come plain or as UTC instants of midnight in Amsterdam; they must lie in or
/// next to their school year and in order.
fn holiday(dates: &Dates, year: SchoolYear) -> Result<Holiday, Refusal> {
    let date = |text: &str| {
        let text = text.trim();
        text.parse::<NaiveDate>()
            .or_else(|_| {
                DateTime::parse_from_rfc3339(text).map(|at| wall_clock(Amsterdam, at.to_utc()).date())
            })
            .map_err(|_| Refusal::FieldInvalid)
    };
    let (first, last) = (date(&dates.startdate)?, date(&dates.enddate)?);
    if SchoolYear::of(first) != year || last < first || SchoolYear::of(last) > year.later(1) {
        return Err(Refusal::FieldInvalid);
    }
    Ok(first..=last)
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    fn year(text: &str) -> SchoolYear {
        text.parse().unwrap()
    }

    #[test]
    fn the_shipped_years_are_complete_in_every_region() {
        let shipped = SchoolHolidays::shipped();
        let years = ["2025-2026", "2026-2027"].map(year);
        for region in HolidayRegion::iter() {
            for (of, kind) in years.into_iter().flat_map(|of| HolidayKind::iter().map(move |kind| (of, kind)))
            {
                let holiday = shipped.of(of, region, kind).unwrap();
                let days = (*holiday.end() - *holiday.start()).num_days() + 1;
                let weeks = match kind {
                    HolidayKind::Herfst | HolidayKind::Voorjaar | HolidayKind::Mei => 1,
                    HolidayKind::Kerst => 2,
                    HolidayKind::Zomer => 6,
                };
                assert_eq!(days, weeks * 7 + 2, "{region} {kind}: Saturday to Sunday");
            }
            assert!(shipped.of(year("2024-2025"), region, HolidayKind::Zomer).is_some());
        }
        assert_eq!(shipped.years().collect::<Vec<_>>(), ["2024-2025", "2025-2026", "2026-2027"].map(year));
    }

    #[test]
    fn instants_of_the_open_data_become_dutch_dates() {
        let mut holidays = SchoolHolidays::default();
        let years = holidays.import(
            r#"{"id": "x", "content": [{"title": " ", "schoolyear": "\n 2027-2028 ", "vacations": [
                {"type": "Herfstvakantie ", "compulsorydates": "false", "regions": [
                  {"region": "noord", "startdate": "2027-10-15T22:00:00.000Z", "enddate": "2027-10-23T22:00:00.000Z"}]},
                {"type": "Kerstvakantie", "compulsorydates": "true", "regions": [
                  {"region": "heel Nederland", "startdate": "2027-12-24T23:00:00.000Z", "enddate": "2028-01-08T23:00:00.000Z"}]}
            ]}]}"#,
        );
        assert_eq!(years, Ok(vec![year("2027-2028")]));
        let autumn = holidays.of(year("2027-2028"), HolidayRegion::Noord, HolidayKind::Herfst).unwrap();
        assert_eq!(
            (autumn.start().to_string(), autumn.end().to_string()),
            ("2027-10-16".into(), "2027-10-24".into())
        );
        assert!(holidays.of(year("2027-2028"), HolidayRegion::Zuid, HolidayKind::Herfst).is_none());
        assert!(holidays.of(year("2027-2028"), HolidayRegion::Zuid, HolidayKind::Kerst).is_some());
    }

    #[test]
    fn a_document_that_cannot_be_read_changes_nothing() {
        let document = |schoolyear: &str, kind: &str, region: &str, first: &str, last: &str| {
            format!(
                r#"{{"content": [{{"schoolyear": "{schoolyear}", "vacations": [{{"type": "{kind}", "regions": [
                    {{"region": "{region}", "startdate": "{first}", "enddate": "{last}"}}]}}]}}]}}"#
            )
        };
        let good = ["2027-2028", "Meivakantie", "Zuid", "2028-04-29", "2028-05-07"];
        let call = |f: [&str; 5]| SchoolHolidays::shipped().import(&document(f[0], f[1], f[2], f[3], f[4]));
        assert!(call(good).is_ok());
        for (field, wrong) in [
            (0, "2027"),
            (1, "Ijsvrij"),
            (2, "Oost"),
            (3, "2027-04-29"),
            (3, "soon"),
            (4, "2028-04-28"),
            (4, "2031-01-01"),
        ] {
            let mut fields = good;
            fields[field] = wrong;
            assert_eq!(call(fields), Err(Refusal::FieldInvalid), "{wrong}");
        }
        let mut holidays = SchoolHolidays::shipped();
        assert_eq!(holidays.import("<html>"), Err(Refusal::FieldInvalid));
        assert_eq!(holidays, SchoolHolidays::shipped());
    }
}
