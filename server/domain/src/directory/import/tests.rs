//! Examples and laws of reading files.

use proptest::prelude::*;

use super::{
    duo::{Scope, Vestiging},
    own::{
        AbsenceLine, ClosureLine, ClusterLine, HoursLine, LinkLine, PersonLine, SchoolWijkLine, TeamLine,
        Wijk,
    },
    *,
};
use crate::{dutch::codes::Sector, refusal::Refusal};

const HEADER: &str = "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;STRAATNAAM;\
    HUISNUMMER-TOEVOEGING;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;TELEFOONNUMMER;INTERNETADRES";

fn line(code: &str, name: &str) -> String {
    format!(
        "Limburg;12345;{};{code};{name};Dorpsstraat;1-a;9911 AB;Maasduin;9901;Maasduin;Openbaar;;",
        &code[..4]
    )
}

fn file(lines: &[String]) -> String {
    format!("{HEADER}\r\n{}\r\n", lines.join("\r\n"))
}

fn schools(text: impl AsRef<[u8]>) -> Parsed<Vestiging> {
    parse(text.as_ref()).unwrap()
}

fn records<R: Clone>(parsed: &Parsed<R>) -> Vec<R> {
    parsed.rows.iter().map(|row| row.record.clone()).collect()
}

#[test]
fn the_same_school_is_read_from_every_encoding() {
    let text = file(&[line("90AA00", "De Zoë")]);
    let (old, ..) = encoding_rs::WINDOWS_1252.encode(&text);
    let marked = format!("\u{feff}{text}");
    for bytes in [text.as_bytes(), old.as_ref(), marked.as_bytes()] {
        let parsed = schools(bytes);
        assert!(parsed.bad.is_empty(), "{:?}", parsed.bad);
        assert_eq!(parsed.rows[0].record.naam.as_str(), "De Zoë");
        assert_eq!(parsed.rows[0].record.postcode.as_str(), "9911AB");
    }
}

#[test]
fn columns_are_found_by_name_in_any_order_and_by_their_older_name() {
    let row = line("90AA00", "De Ark");
    let header = HEADER.replace("INSTELLINGSCODE", "BRIN NUMMER");
    let turned = |line: &str| line.rsplit(';').collect::<Vec<_>>().join(";");
    let parsed = schools(format!("EXTRA;{}\n9;{}\n", turned(&header), turned(&row)));
    assert_eq!(records(&parsed), records(&schools(file(&[row]))));
}

/// The header of DUO's file of special schools; that of secondary education has ONDERWIJSSTRUCTUUR behind
/// INTERNETADRES instead, that of basisonderwijs neither.
const SPECIAL: &str = "SOORT PRIMAIR ONDERWIJS;PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;\
    VESTIGINGSNAAM;STRAATNAAM;HUISNUMMER-TOEVOEGING;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;\
    TELEFOONNUMMER;INTERNETADRES;CLUSTER;ONDERWIJS;STRAATNAAM CORRESPONDENTIEADRES;\
    HUISNUMMER-TOEVOEGING CORRESPONDENTIEADRES;POSTCODE CORRESPONDENTIEADRES;PLAATSNAAM CORRESPONDENTIEADRES;\
    NODAAL GEBIED CODE;NODAAL GEBIED NAAM;RPA-GEBIED CODE;RPA-GEBIED NAAM;WGR-GEBIED CODE;WGR-GEBIED NAAM;\
    COROPGEBIED CODE;COROPGEBIED NAAM;ONDERWIJSGEBIED CODE;ONDERWIJSGEBIED NAAM;RMC-REGIO CODE;RMC-REGIO NAAM;\
    VAKANTIEREGIO";

/// What DUO writes behind `INTERNETADRES` of every school: correspondence, five divisions of the country, holidays.
const REST: &str = "Postbus;1;9911 AA;MAASDUIN;11;Assen;03;Centraal-Groningen;07;Noord- en Midden-Drenthe;07;\
    Noord-Drenthe;04;Assen-Hoogeveen-Emmen;07;Noord- en Midden Drenthe;Noord";

fn sectors(text: &str) -> Vec<Option<Sector>> {
    let parsed = schools(text);
    assert!(parsed.bad.is_empty(), "{:?}", parsed.bad);
    let rows = records(&parsed);
    assert!(rows.iter().all(|row| row.soort.is_none() && row.structuur.is_none()));
    rows.iter().map(|row| row.sector).collect()
}

#[test]
fn the_sector_is_what_each_file_of_duo_is_certain_of() {
    let school = |at: usize| line(&format!("90AA0{at}"), "De Ark");
    let kinds = ["(V)SO", "SBAO", "SO", "VSO", ""];
    let rows = kinds.iter().zip(0..);
    let rows: Vec<String> =
        rows.map(|(kind, at)| format!("{kind};{};3;SO ZMLK + VSO ZMLK;{REST}", school(at))).collect();
    let special = sectors(&format!("{SPECIAL}\r\n{}\r\n", rows.join("\r\n")));
    assert_eq!(special, [None, Some(Sector::Po), Some(Sector::Po), Some(Sector::Vo), None]);

    let secondary =
        SPECIAL.replace("SOORT PRIMAIR ONDERWIJS;", "").replace("CLUSTER;ONDERWIJS;", "ONDERWIJSSTRUCTUUR;");
    let taught = |kind: &str, at| format!("{};{kind};{REST}", school(at));
    let rows = [taught("VBO/MAVO", 0), taught("PRO", 1), taught(" ", 2)].join("\r\n");
    let told = sectors(&format!("{secondary}\r\n{rows}\r\n"));
    assert_eq!(told, [Some(Sector::Vo), Some(Sector::Vo), None]);

    let primary = secondary.replace("ONDERWIJSSTRUCTUUR;", "");
    let whole = format!("{primary}\r\n{};{REST}\r\n", school(0));
    assert_eq!(sectors(&whole), [Some(Sector::Po)]);
    // One column less is another file, and nobody knows of what.
    let cut = whole.replace(";VAKANTIEREGIO", "").replace(";Noord\r\n", "\r\n");
    assert_eq!(sectors(&cut), [None]);
    assert_eq!(sectors(&file(&[school(0)])), [None]);
}

#[test]
fn a_sector_of_our_own_goes_before_that_of_duo_and_is_po_or_vo() {
    let text = |own: &str| {
        let school = line("90AA00", "De Ark");
        format!("SECTOR;SOORT PRIMAIR ONDERWIJS;ONDERWIJSSTRUCTUUR;{HEADER}\n{own};(V)SO;VBO;{school}\n")
    };
    assert_eq!(sectors(&text("VO")), [Some(Sector::Vo)]);
    assert_eq!(sectors(&text("")), [None], "a school for both is no school for one");
    let bad = schools(text("primair")).bad;
    assert_eq!((bad[0].column, bad[0].refusal), ("SECTOR", Refusal::FieldInvalid));
    let twice = format!("SECTOR;sector;{HEADER}\n");
    assert_eq!(parse::<Vestiging>(twice.as_bytes()).unwrap_err().columns, ["SECTOR"]);
}

#[test]
fn a_missing_column_is_named_before_any_row_is_read() {
    let refused = parse::<Vestiging>(b"VESTIGINGSCODE;POSTCODE;POSTCODE\n").unwrap_err();
    assert_eq!(refused.refusal, Refusal::CsvHeaderInvalid);
    assert!(refused.columns.contains(&"INSTELLINGSCODE") && refused.columns.contains(&"POSTCODE"));
    assert!(!refused.columns.contains(&"VESTIGINGSCODE") && !refused.columns.contains(&"SECTOR"));
    assert!(parse::<Vestiging>(b"").is_err());
    let endless = vec![b';'; MAX_BYTES + 1];
    assert_eq!(parse::<Vestiging>(&endless).unwrap_err().refusal, Refusal::MessageTooLarge);
}

#[test]
fn every_bad_row_says_where_and_what_to_do_and_the_others_are_kept() {
    let twice = line("90AA00", "De Ark");
    let parsed = schools(file(&[
        twice.clone(),
        line("90AA01", "bel 111222333"),
        line("90AA02", "De\u{202e}Ark"),
        line("90AA03", "De Kiem").replace("9911 AB", "99"),
        twice,
        "90AA04;te kort".into(),
        line("90AA05", "De Tuin"),
    ]));
    let told: Vec<(u64, &str, Refusal)> =
        parsed.bad.iter().map(|bad| (bad.line, bad.column, bad.refusal)).collect();
    assert_eq!(
        told,
        [
            (3, "VESTIGINGSNAAM", Refusal::BsnRefused),
            (4, "VESTIGINGSNAAM", Refusal::TextControlChars),
            (5, "POSTCODE", Refusal::FieldInvalid),
            (6, "", Refusal::AlreadyExists),
            (7, "", Refusal::FieldInvalid),
        ]
    );
    assert_eq!(parsed.bad[3].remedy.dutch, "Dit staat ook op regel 2. Haal een van de twee weg.");
    assert!(
        parsed
            .bad
            .iter()
            .all(|bad| !bad.remedy.english.is_empty() && !bad.remedy.dutch.contains("111222333"))
    );
    assert_eq!(parsed.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 8]);
}

#[test]
fn the_second_import_of_a_file_changes_nothing() {
    let rows = records(&schools(file(&[line("90AA00", "De Ark"), line("90AB00", "De Kiem")])));
    assert_eq!(diff(&[], &rows, |_| true).new, rows);
    let again = diff(&rows, &rows, |_| true);
    assert!(again.is_empty() && again.unchanged == 2);
}

#[test]
fn a_renamed_school_is_changed_and_a_missing_one_closed_inside_the_scope_only() {
    let elsewhere = line("90AC00", "Ver weg").replace(";9901;", ";9902;");
    let before = records(&schools(file(&[line("90AA00", "De Ark"), line("90AB00", "De Kiem"), elsewhere])));
    let after = records(&schools(file(&[line("90AA00", "De Boog")])));
    let gemeenten = Some(["9901".to_owned()].into());
    let scope = Scope { boards: None, gemeenten };
    let diff = diff(&before, &after, |row| scope.contains(row));
    assert_eq!(
        diff.changed.iter().map(|change| change.columns.clone()).collect::<Vec<_>>(),
        [["VESTIGINGSNAAM"]]
    );
    assert_eq!(diff.closed, [before[1].clone()]);
    assert!(diff.new.is_empty());
}

fn round<R: Record + Clone + PartialEq + std::fmt::Debug>(text: &str) {
    let parsed = parse::<R>(text.as_bytes()).unwrap();
    assert!(parsed.bad.is_empty() && parsed.rows.len() == text.lines().count() - 1, "{:?}", parsed.bad);
    let rows = records(&parsed);
    assert_eq!(records(&parse::<R>(&write(&rows)).unwrap()), rows);
}

#[test]
fn every_own_format_is_read_and_written() {
    round::<Wijk>("WIJKCODE;WIJKNAAM;GEMEENTECODE;GEMEENTENAAM\nWK9901A1;Centrum;GM9901;Maasduin\n");
    round::<ClusterLine>(
        "CLUSTERCODE;SOORT;NAAM;VESTIGINGSCODE;VANAF;TOTENMET\nROK1;ROK;ROK Noord;90AA00;2026-08-01;2027-07-31\n",
    );
    round::<TeamLine>(
        "TEAMCODE;SOORT;NAAM;GEMEENTECODE;GEBIEDSOORT;GEBIED;VANAF;TOTENMET\n\
         T1;JGT;\"JGT; Noord\";GM9901;POSTCODE;9911;2026-08-01;\nT1;JGT;JGT Noord;GM9901;SCHOOL;90AA00;2026-08-01;\n",
    );
    round::<PersonLine>(
        "PERSOONSCODE;NAAM;EMAIL;TELEFOON;FUNCTIE;ORGANISATIECODE;VANAF;TOTENMET\n\
         P1;Zoë Smit;zoe@team.example;06 12345678;SMW;T1;2026-08-01;\nP1;Zoë Smit;;;GEZINSWERKER;T1;2026-08-01;\n",
    );
    round::<LinkLine>(
        "VESTIGINGSCODE;TEAMCODE;FUNCTIE;PERSOONSCODE;VERVANGER;VANAF;TOTENMET\n90AA00;T1;SMW;P1;P2;2026-08-01;\n",
    );
    round::<HoursLine>(
        "PERSOONSCODE;ORGANISATIECODE;DAG;VAN;TOT;LOCATIE;VANAF;TOTENMET\n\
         P1;T1;MA;08:30;12:00;90AA00;2026-08-01;\nP1;T1;ZO;13:00;24:00;;2026-08-01;2027-07-31\n",
    );
    round::<AbsenceLine>("PERSOONSCODE;SOORT;VANAF;TOTENMET\nP1;VERLOF;2026-12-21;2027-01-03\n");
    round::<ClosureLine>("VESTIGINGSCODE;NAAM;VANAF;TOTENMET\n90AA00;Studiedag;2026-12-18;2026-12-18\n");
    round::<SchoolWijkLine>("VESTIGINGSCODE;WIJKCODE\n90AA00;WK9901A1\n");
}

#[test]
fn what_ends_before_it_begins_is_refused_in_its_column() {
    let text = "PERSOONSCODE;SOORT;VANAF;TOTENMET\nP1;VERLOF;2026-12-21;2026-12-20\nP2;OPLEIDING;2026-12-21;2026-12-21\nP1;ZIEK;2026-12-22;\n";
    let parsed = parse::<AbsenceLine>(text.as_bytes()).unwrap();
    let told: Vec<(&str, Refusal)> = parsed.bad.iter().map(|bad| (bad.column, bad.refusal)).collect();
    assert_eq!(told, [("TOTENMET", Refusal::TimeRangeInvalid), ("SOORT", Refusal::FieldInvalid)]);
}

proptest! {
    #[test]
    fn hostile_bytes_are_refused_but_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse::<Vestiging>(&bytes);
        let under = [b"PERSOONSCODE;SOORT;VANAF;TOTENMET\n".as_slice(), &bytes].concat();
        let parsed = parse::<AbsenceLine>(&under).unwrap();
        prop_assert_eq!(records(&parse::<AbsenceLine>(&write(&records(&parsed))).unwrap()), records(&parsed));
    }

    #[test]
    fn what_was_read_is_written_and_read_again(names in prop::collection::vec("[ -~é;\"]{0,30}", 1..6)) {
        let quoted = |name: &String| format!("\"{}\"", name.replace('"', "\"\""));
        let lines: Vec<String> =
            names.iter().enumerate().map(|(at, name)| line(&format!("90AA0{at}"), &quoted(name))).collect();
        let parsed = schools(file(&lines));
        prop_assert_eq!(parsed.rows.len() + parsed.bad.len(), names.len());
        let rows = records(&parsed);
        let written = write(&rows);
        prop_assert_eq!(&records(&schools(&written)), &rows);
        prop_assert_eq!(write(&rows), written);
    }
}
