//! That the files are what an importer may expect.

use std::{collections::BTreeSet, str::FromStr};

use chrono::{NaiveDate, NaiveTime};
use encoding_rs::WINDOWS_1252;
use schakel_domain::{
    access::Role,
    dutch::bsn,
    text::{EmailAddress, Name},
};

use super::{Region, Size, region, regions};
use crate::demo::region::VESTIGINGEN;

/// Lines split at semicolons outside quotes, without the header.
fn rows(text: &str) -> Vec<Vec<String>> {
    let split = |line: &str| {
        let mut fields = vec![String::new()];
        let mut quoted = false;
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ';' if !quoted => fields.push(String::new()),
                c => fields.last_mut().unwrap().push(c),
            }
        }
        fields
    };
    text.lines().skip(1).map(split).collect()
}

fn file(region: &Region, name: &str) -> String {
    let bytes = region.files().into_iter().find(|(file, _)| *file == name).unwrap().1;
    if name == VESTIGINGEN {
        WINDOWS_1252.decode(&bytes).0.into_owned()
    } else {
        String::from_utf8(bytes).unwrap()
    }
}

#[test]
fn the_duo_file_has_its_header_and_survives_windows_1252() {
    let region = region(Size::Full);
    let bytes = region.files().remove(0).1;
    let (text, _, broken) = WINDOWS_1252.decode(&bytes);
    assert!(!broken && String::from_utf8(bytes.clone()).is_err());
    assert_eq!(&*WINDOWS_1252.encode(&text).0, &*bytes);
    assert!(!text.contains("&#"), "a character outside Windows-1252");
    assert_eq!(
        text.lines().next().unwrap(),
        "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;STRAATNAAM;\
         HUISNUMMER-TOEVOEGING;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;\
         TELEFOONNUMMER;INTERNETADRES"
    );
    for (row, school) in rows(&text).iter().zip(&region.schools) {
        assert_eq!((row.len(), &row[3], &row[4]), (14, &school.code, &school.name));
    }
    let byte = |b: u8| bytes.contains(&b);
    // ë and the apostrophe that Latin-1 does not have.
    assert!(byte(0xeb) && byte(0x92));
}

#[test]
fn vestigingscodes_and_postcodes_are_valid_and_unique() {
    for region in regions() {
        let codes: BTreeSet<&String> = region.schools.iter().map(|school| &school.code).collect();
        assert_eq!(codes.len(), region.schools.len());
        for school in &region.schools {
            let code = school.code.as_bytes();
            assert!(
                code.len() == 6 && code[0] == b'9' && (b'0'..=b'4').contains(&code[1]),
                "{}",
                school.code
            );
            assert!(code[2..4].iter().all(u8::is_ascii_uppercase));
            assert!(code[4] == b'0' && code[5].is_ascii_digit());
            let (digits, letters) = school.postcode.split_at(4);
            assert!(digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0'));
            assert!(letters.len() == 2 && letters.bytes().all(|b| b.is_ascii_uppercase()));
            assert!(!["SA", "SD", "SS"].contains(&letters));
        }
    }
}

#[test]
fn no_file_holds_anything_like_a_bsn() {
    for region in regions() {
        for (name, _) in region.files() {
            assert!(!bsn::found_in(&file(&region, name)), "{name}");
        }
    }
}

#[test]
fn every_row_has_as_many_fields_as_its_header() {
    for region in regions() {
        for (name, bytes) in region.files() {
            assert!(bytes.ends_with(b"\r\n"));
            let text = file(&region, name);
            let width = text.lines().next().unwrap().split(';').count();
            assert!(rows(&text).iter().all(|row| row.len() == width), "{name}");
        }
    }
}

#[test]
fn people_have_a_known_role_an_address_and_hours_that_can_be_read() {
    for region in regions() {
        let organisations: BTreeSet<String> = (region.schools.iter().map(|school| school.code.clone()))
            .chain(region.teams.iter().map(|team| team.code.clone()))
            .chain(region.gemeenten.iter().map(|gemeente| gemeente.code.clone()))
            .chain(region.boards.iter().map(|board| board.number.clone()))
            .chain(["PO9901".to_owned()])
            .collect();
        for row in rows(&file(&region, "personen.csv")) {
            row[1].parse::<Name>().unwrap();
            assert!(row[2].parse::<EmailAddress>().unwrap().as_str().ends_with(".example"));
            Role::from_str(&row[4]).unwrap();
            assert!(organisations.contains(&row[5]), "{}", row[5]);
            row[6].parse::<NaiveDate>().unwrap();
        }
        for row in rows(&file(&region, "werktijden.csv")) {
            assert!(["MA", "DI", "WO", "DO", "VR"].contains(&row[2].as_str()));
            for time in &row[3..5] {
                NaiveTime::parse_from_str(time, "%H:%M").unwrap();
            }
            assert_eq!((row[6].as_str(), row[7].as_str()), ("2026-08-03", "2028-07-31"));
        }
    }
}

#[test]
fn quotes_and_separators_in_names_survive() {
    let teams = file(&region(Size::Full), "teams.csv");
    assert!(teams.contains("\"Jeugd- en gezinsteam \"\"") && teams.contains("; Peeldonkerveen\""));
}
