//! Writes the region in the formats that regions really have: DUO's and plain CSV.

use chrono::{NaiveDate, NaiveTime};
use encoding_rs::WINDOWS_1252;
use schakel_domain::directory::import::cell::Cell;

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

impl Region {
    /// File names with their bytes, in the order in which they can be imported. `VANAF` is
    /// the first day, `TOTENMET` the last, empty for open end; `VAN` and `TOT` are times.
    /// Children and parents stand in none of them.
    pub fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
        vec![
            (VESTIGINGEN, self.vestigingen()),
            ("wijken.csv", self.wijken_csv()),
            ("schoolwijken.csv", self.schoolwijken()),
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

    fn schoolwijken(&self) -> Vec<u8> {
        let mut table = Table::new("VESTIGINGSCODE;WIJKCODE");
        for school in &self.schools {
            table.row(&[&school.code, &school.wijk]);
        }
        table.bytes()
    }

    fn clusters_csv(&self) -> Vec<u8> {
        let mut table = Table::new("CLUSTERCODE;SOORT;NAAM;VESTIGINGSCODE;VANAF;TOTENMET");
        for cluster in &self.clusters {
            for (school, since) in &cluster.members {
                table.row(&[&cluster.code, cluster.kind.into(), &cluster.name, school, &day(*since), ""]);
            }
        }
        table.bytes()
    }

    fn teams_csv(&self) -> Vec<u8> {
        let mut table = Table::new("TEAMCODE;SOORT;NAAM;GEMEENTECODE;GEBIEDSOORT;GEBIED;VANAF;TOTENMET");
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
        let mut table = Table::new("PERSOONSCODE;NAAM;EMAIL;TELEFOON;FUNCTIE;ORGANISATIECODE;VANAF;TOTENMET");
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
        let mut table = Table::new("VESTIGINGSCODE;TEAMCODE;FUNCTIE;PERSOONSCODE;VERVANGER;VANAF;TOTENMET");
        for link in &self.links {
            let deputy = link.deputy.as_deref().unwrap_or_default();
            let since = day(link.since);
            table.row(&[&link.school, &link.team, link.role.into(), &link.person, deputy, &since, ""]);
        }
        table.bytes()
    }

    fn werktijden(&self) -> Vec<u8> {
        let mut table = Table::new("PERSOONSCODE;ORGANISATIECODE;DAG;VAN;TOT;LOCATIE;VANAF;TOTENMET");
        let (since, last) = (day(self.year.start), day(self.year.last));
        for hours in &self.hours {
            let (person, at) = (&hours.person, &hours.organisation);
            let (from, to) = (clock(hours.from), clock(hours.to));
            // Who works for a school sits there; everybody else travels.
            let place = if self.schools.iter().any(|school| school.code == *at) { at.as_str() } else { "" };
            table.row(&[person, at, &hours.day.show(), &from, &to, place, &since, &last]);
        }
        table.bytes()
    }

    fn afwezigheid(&self) -> Vec<u8> {
        let mut table = Table::new("PERSOONSCODE;SOORT;VANAF;TOTENMET");
        for absence in &self.absences {
            table.row(&[&absence.person, &absence.kind.show(), &day(absence.from), &day(absence.until)]);
        }
        table.bytes()
    }

    fn afwijkingen(&self) -> Vec<u8> {
        let mut table = Table::new("VESTIGINGSCODE;NAAM;VANAF;TOTENMET");
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
