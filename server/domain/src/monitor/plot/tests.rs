//! What every picture keeps to, whatever it shows.

use super::*;
use crate::{
    monitor::{End, Spell, curve},
    refusal::Language,
};

fn pictures(place: &str, language: Language) -> [String; 3] {
    let months = ["2026-08-31", "2026-09-30", "2026-10-31"];
    let columns: Vec<_> = (0_u32..)
        .zip(months)
        .map(|(nth, date)| Column {
            date: date.parse().unwrap(),
            counts: [Some(10 + nth * 5), Some(20), None, Some(0), Some(15)],
        })
        .collect();
    let spells: Vec<_> = (0..60).map(|nth| Spell { days: nth * 4, came: nth % 3 != 0 }).collect();
    let survived = curve(&spells);
    let steps: Vec<_> = survived
        .points
        .iter()
        .map(|point| Step {
            days: point.days,
            at_risk: point.at_risk,
            survival: point.survival,
            lower: point.lower,
            upper: point.upper,
        })
        .collect();
    let wijken = ["Oude Dorp", "Zandkreek-Noordwest", "Haven & Kade", "<script>"];
    let tiled: Vec<_> = (0_u32..)
        .zip(wijken)
        .map(|(nth, name)| Tile {
            name: name.to_owned(),
            within: if nth < 2 { "Duinstad" } else { "Veenbroek" }.to_owned(),
            count: (nth != 1).then_some(nth * 15),
        })
        .collect();
    [
        bands(&columns, place, language),
        survival(&steps, (End::Offer, survived.median), place, language),
        tiles(&tiled, place, language),
    ]
}

#[test]
fn a_picture_stands_alone_and_is_told_in_words() {
    for language in [Language::Dutch, Language::English] {
        for picture in pictures("regio \"A\" <&>", language) {
            assert!(picture.contains("<title id=\"title\">") && picture.contains("<desc id=\"desc\">"));
            assert!(picture.contains(&format!("lang=\"{}\"", draw::tag(language))));
            // Nothing is loaded, run or taken for markup.
            let bare = picture.replace("http://www.w3.org/2000/svg", "");
            for foreign in ["http", "href", "<script", "<style", "<image", "&>"] {
                assert!(!bare.contains(foreign), "{foreign}");
            }
            assert!(!picture.contains("NaN") && !picture.contains("inf"));
        }
    }
}

#[test]
fn an_empty_picture_is_one_too() {
    for language in [Language::Dutch, Language::English] {
        let empty = [
            bands(&[], "x", language),
            survival(&[], (End::Solved, None), "x", language),
            tiles(&[], "x", language),
        ];
        assert!(empty.iter().all(|picture| picture.ends_with("</svg>\n") && !picture.contains("NaN")));
    }
}

/// Every colour is a grey: red, green and blue alike.
#[test]
fn a_picture_prints_in_grey() {
    for picture in pictures("regio", Language::Dutch) {
        for colour in picture.split("=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let part = colour.len() / 3;
            assert!(colour.as_bytes().chunks(part).all(|one| one == &colour.as_bytes()[..part]), "{colour}");
        }
    }
}
