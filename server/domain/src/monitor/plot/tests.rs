//! What every picture keeps to, whatever it shows.

use super::*;
use crate::{
    monitor::{End, Spell, curve},
    refusal::Language,
};

fn offered(steps: Vec<Step>, median: Option<u32>) -> Curve {
    Curve { end: End::Offer, exact: true, median, steps }
}

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
        survival(&offered(steps, survived.median), place, language),
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
fn days_are_told_in_the_words_of_the_reader() {
    for (language, told) in [(Language::Dutch, "31 oktober 2026: "), (Language::English, "31 October 2026: ")]
    {
        let [bands, ..] = pictures("regio", language);
        assert!(bands.contains(told) && !bands.contains("2026-10-31"), "{bands}");
    }
}

#[test]
fn an_empty_picture_is_one_too() {
    for language in [Language::Dutch, Language::English] {
        let empty = [
            bands(&[], "x", language),
            survival(&offered(Vec::new(), None), "x", language),
            survival(&Curve { exact: false, ..offered(Vec::new(), None) }, "x", language),
            tiles(&[], "x", language),
        ];
        assert!(empty.iter().all(|picture| picture.ends_with("</svg>\n") && !picture.contains("NaN")));
    }
}

/// In print nobody can ask what it was cut from.
#[test]
fn the_name_of_a_wijk_is_whole_on_its_tile() {
    for (name, lines) in [
        ("Haven", vec!["Haven"]),
        ("Boterbloempolder", vec!["Boterbloempolder"]),
        ("Wijk 04 Boterbloempolder", vec!["Wijk 04", "Boterbloempolder"]),
        ("Oud-Duinstad en Lage Zwaluwe", vec!["Oud-Duinstad en", "Lage Zwaluwe"]),
        ("Verspreide huizen in de Noordoostpolder", vec!["Verspreide huizen", "in de", "Noordoostpolder"]),
    ] {
        let tile = Tile { name: name.to_owned(), within: "Duinstad".to_owned(), count: Some(3) };
        let picture = tiles(&[tile], "regio", Language::Dutch);
        for line in lines {
            assert!(picture.contains(&format!(">{line}<")), "{line}: {picture}");
        }
    }
}

/// To who sees figures alone it is not that more than half still wait, where the curve is cut off.
#[test]
fn a_curve_that_is_cut_off_says_so() {
    let step = |days, survival| Step { days, at_risk: 40, survival, lower: survival / 2.0, upper: 1.0 };
    let steps = vec![step(28, 0.8), step(91, 0.6)];
    let told = Curve { exact: false, ..offered(steps.clone(), None) };
    let picture = survival(&told, "regio", Language::Dutch);
    assert!(picture.contains(">te weinig kinderen om verder te tonen<"), "{picture}");
    assert!(picture.contains("te weinig kinderen om te zeggen wanneer") && !picture.contains("wacht nog<"));
    let half = survival(&Curve { median: Some(91), ..told }, "regio", Language::Dutch);
    assert!(half.contains("de helft wacht niet meer na 13 weken"), "{half}");
    let exact = survival(&offered(steps, Some(91)), "regio", Language::Dutch);
    assert!(exact.contains("na 91 dagen") && !exact.contains("te weinig"), "{exact}");
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
