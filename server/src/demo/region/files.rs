//! Writes the region in the formats that regions really have: DUO's and plain CSV.

use chrono::{NaiveDate, NaiveTime, Weekday};
use encoding_rs::WINDOWS_1252;

use super::{Region, teams::Area};

/// DUO, "alle vestigingen": semicolons, Windows-1252.
pub const VESTIGINGEN: &str = "vestigingen.csv";
/// The holidays in which a school differs from its region; the others are named as they are.
pub const AFWIJKINGEN: &str = "afwijkingen.csv";

/// Rows under one header, RFC 4180 with semicolons.
struct Table(String);

impl Table {
    fn new(header: &str) -> Self {
        Self(format!("{header}\r\n"))
    }

    fn row(&mut self, fields: &[&str]) {
        let line: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
        self.0 += &line.join(";");
        self.0 += "\r\n";
    }

    fn bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// RFC 4180 §2 (6) and (7).
fn quoted(field: &str) -> String {
    if field.contains([';', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

fn day(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

fn dag(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MA",
        Weekday::Tue => "DI",
        Weekday::Wed => "WO",
        Weekday::Thu => "DO",
        Weekday::Fri => "VR",
        Weekday::Sat => "ZA",
        Weekday::Sun => "ZO",
    }
}

impl Region {
    /// File names with their bytes, in the order in which they can be imported. `VANAF` is
    /// the first day, `TOT` the first day after, empty for open end; `TOTENMET` the last day.
    /// Children and parents stand in none of them.
    pub fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
        vec![
            (VESTIGINGEN, self.vestigingen()),
            ("wijken.csv", self.wijken_csv()),
            ("clusters.csv", self.clusters_csv()),
            ("teams.csv", self.teams_csv()),
            ("personen.csv", self.personen()),
            ("koppelingen.csv", self.koppelingen()),
            ("werktijden.csv", self.werktijden()),
            ("afwezigheid.csv", self.afwezigheid()),
            (AFWIJKINGEN, self.afwijkingen()),
        ]
    }

    /// Name of a gemeente by its code.
    pub fn gemeente_name(&self, code: &str) -> &str {
        self.gemeenten.iter().find(|gemeente| gemeente.code == code).map_or("", |gemeente| &gemeente.name)
    }

    fn vestigingen(&self) -> Vec<u8> {
        let mut table = Table::new(
            "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;STRAATNAAM;\
             HUISNUMMER-TOEVOEGING;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;\
             TELEFOONNUMMER;INTERNETADRES",
        );
        for school in &self.schools {
            table.row(&[
                "Limburg",
                &school.board,
                &school.code[..4],
                &school.code,
                &school.name,
                &school.street,
                &school.house_number,
                &school.postcode,
                &school.place,
                &school.gemeente[2..],
                self.gemeente_name(&school.gemeente),
                school.denomination,
                &school.phone,
                &format!("www.{}", school.domain),
            ]);
        }
        WINDOWS_1252.encode(&table.0).0.into_owned()
    }

    fn wijken_csv(&self) -> Vec<u8> {
        let mut table = Table::new("WIJKCODE;WIJKNAAM;GEMEENTECODE;GEMEENTENAAM");
        for wijk in &self.wijken {
            table.row(&[&wijk.code, &wijk.name, &wijk.gemeente, self.gemeente_name(&wijk.gemeente)]);
        }
        table.bytes()
    }

    fn clusters_csv(&self) -> Vec<u8> {
        let mut table = Table::new("CLUSTERCODE;SOORT;NAAM;VESTIGINGSCODE;VANAF;TOT");
        for cluster in &self.clusters {
            for (school, since) in &cluster.members {
                table.row(&[&cluster.code, cluster.kind.into(), &cluster.name, school, &day(*since), ""]);
            }
        }
        table.bytes()
    }

    fn teams_csv(&self) -> Vec<u8> {
        let mut table = Table::new("TEAMCODE;SOORT;NAAM;GEMEENTECODE;GEBIEDSOORT;GEBIED;VANAF;TOT");
        let since = day(self.year.start_before(4));
        for team in &self.teams {
            for area in &team.areas {
                let (kind, area) = match area {
                    Area::Wijk(code) => ("WIJK", code),
                    Area::Postcode(digits) => ("POSTCODE", digits),
                    Area::Gemeente(code) => ("GEMEENTE", code),
                    Area::School(code) => ("SCHOOL", code),
                };
                table.row(&[
                    &team.code,
                    team.kind.into(),
                    &team.name,
                    &team.gemeente,
                    kind,
                    area,
                    &since,
                    "",
                ]);
            }
        }
        table.bytes()
    }

    fn personen(&self) -> Vec<u8> {
        let mut table = Table::new("PERSOONSCODE;NAAM;EMAIL;TELEFOON;FUNCTIE;ORGANISATIECODE;VANAF;TOT");
        for person in &self.people {
            for at in &person.affiliations {
                let (role, since) = (at.role.into(), day(at.since));
                let (code, name, email) = (&person.code, &person.name, &person.email);
                table.row(&[code, name, email, &person.phone, role, &at.organisation, &since, ""]);
            }
        }
        table.bytes()
    }

    fn koppelingen(&self) -> Vec<u8> {
        let mut table = Table::new("VESTIGINGSCODE;TEAMCODE;FUNCTIE;PERSOONSCODE;VERVANGER;VANAF;TOT");
        for link in &self.links {
            let deputy = link.deputy.as_deref().unwrap_or_default();
            let since = day(link.since);
            table.row(&[&link.school, &link.team, link.role.into(), &link.person, deputy, &since, ""]);
        }
        table.bytes()
    }

    fn werktijden(&self) -> Vec<u8> {
        let mut table = Table::new("PERSOONSCODE;ORGANISATIECODE;DAG;VAN;TOT;VANAF;TOTENMET");
        let (since, last) = (day(self.year.start), day(self.year.last));
        for hours in &self.hours {
            let (from, to) = (clock(hours.from), clock(hours.to));
            table.row(&[&hours.person, &hours.organisation, dag(hours.day), &from, &to, &since, &last]);
        }
        table.bytes()
    }

    fn afwezigheid(&self) -> Vec<u8> {
        let mut table = Table::new("PERSOONSCODE;SOORT;VANAF;TOT");
        for absence in &self.absences {
            table.row(&[&absence.person, absence.kind.into(), &day(absence.from), &day(absence.until)]);
        }
        table.bytes()
    }

    fn afwijkingen(&self) -> Vec<u8> {
        let mut table = Table::new("VESTIGINGSCODE;NAAM;VANAF;TOT");
        for deviation in &self.deviations {
            table.row(&[&deviation.school, deviation.name, &day(deviation.from), &day(deviation.until)]);
        }
        table.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_with_a_separator_is_quoted() {
        assert_eq!(quoted("a;b \"c\""), "\"a;b \"\"c\"\"\"");
        assert_eq!(quoted("a, b"), "a, b");
    }
}
