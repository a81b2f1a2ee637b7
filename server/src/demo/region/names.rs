//! Invented Dutch names: people, schools, neighbourhoods and streets, and words that mean nothing.

use std::collections::BTreeSet;

use super::random::Random;

const GIVEN: [&str; 56] = [
    "Aaltje", "Anouk", "Babette", "Bente", "Bram", "Casper", "Chloë", "Coen", "Daan", "Daniël", "Dieuwke",
    "Elke", "Esmée", "Evert", "Femke", "Fleur", "Floris", "Geertje", "Gijs", "Hanneke", "Hidde", "Ilse",
    "Imke", "Jelle", "Jolien", "Joëlle", "Karlijn", "Koen", "Laurens", "Lieke", "Lotte", "Maaike",
    "Machteld", "Mees", "Merel", "Naomi", "Niels", "Noël", "Oscar", "Petra", "Quinten", "Renée", "Rutger",
    "Sanne", "Sietske", "Sjoerd", "Tessa", "Thijs", "Tirza", "Ursula", "Vera", "Wessel", "Wytske", "Yara",
    "Zegert", "Zoë",
];

const BETWEEN: [&str; 8] = ["", "", "", "", "van ", "van de ", "ter ", "de "];

const SURNAME_HEADS: [&str; 30] = [
    "Aker", "Bies", "Brem", "Dotter", "Eiken", "Elzen", "Gaver", "Geër", "Hazel", "Heerd", "Kamper",
    "Klooster", "Kwel", "Lijster", "Linde", "Meer", "Nieuwen", "Ooster", "Peel", "Raven", "Reiger", "Rogge",
    "Sluis", "Sprenk", "Terp", "Vlas", "Wedu", "Wielen", "Wolder", "Zeeën",
];

const SURNAME_TAILS: [&str; 16] = [
    "akker", "beek", "berg", "born", "broek", "donk", "goor", "hof", "horst", "kamp", "laar", "man",
    "meijer", "stra", "veld", "voort",
];

const PLACE_HEADS: [&str; 32] = [
    "Aalbes",
    "Berken",
    "Boterbloem",
    "Dotter",
    "Duinroos",
    "Eikvaren",
    "Gagel",
    "Geërfde",
    "Gors",
    "Hazelaar",
    "Ideeën",
    "Kiezel",
    "Kletter",
    "Knoest",
    "Kwik",
    "Lommer",
    "Meidoorn",
    "Mos",
    "Oriënt",
    "Poëzie",
    "Ravel",
    "Reünie",
    "Sleedoorn",
    "Spriet",
    "Troïka",
    "Turf",
    "Varen",
    "Vlier",
    "Wiek",
    "Wulpen",
    "Zeeën",
    "Zwerf",
];

const SCHOOL_TAILS: [(&str, &str); 12] = [
    ("De ", "schans"),
    ("Het ", "nest"),
    ("De ", "beemd"),
    ("Het ", "wiel"),
    ("De ", "duiker"),
    ("De ", "hoeve"),
    ("Het ", "spoor"),
    ("De ", "wissel"),
    ("’t ", "anker"),
    ("De ", "veder"),
    ("Het ", "baken"),
    ("De ", "treffer"),
];

const WIJK_TAILS: [&str; 8] = ["dreef", "eind", "heuvel", "kwartier", "oord", "polder", "rade", "waard"];

const STREET_TAILS: [&str; 8] = ["dijk", "gaarde", "laan", "pad", "plein", "straat", "steeg", "weg"];

/// Every head with every tail, in the order of the seed.
fn combinations<T: Copy>(random: &mut Random, heads: &[&'static str], tails: &[T]) -> Vec<(&'static str, T)> {
    let mut all: Vec<_> =
        heads.iter().flat_map(|&head| tails.iter().map(move |&tail| (head, tail))).collect();
    random.shuffle(&mut all);
    all
}

/// School names without their kind, no two alike: `De Ravelschans`.
pub(super) fn schools(random: &mut Random) -> Vec<String> {
    let all = combinations(random, &PLACE_HEADS, &SCHOOL_TAILS);
    all.into_iter().map(|(head, (article, tail))| format!("{article}{head}{tail}")).collect()
}

/// Neighbourhoods and villages, no two alike.
pub(super) fn wijken(random: &mut Random) -> Vec<String> {
    combinations(random, &PLACE_HEADS, &WIJK_TAILS)
        .into_iter()
        .map(|(head, tail)| format!("{head}{tail}"))
        .collect()
}

/// Streets, no two alike.
pub(super) fn streets(random: &mut Random) -> Vec<String> {
    combinations(random, &PLACE_HEADS, &STREET_TAILS)
        .into_iter()
        .map(|(head, tail)| format!("{head}{tail}"))
        .collect()
}

/// Names of professionals, no two surnames alike, so that none is mistaken for another.
pub(super) fn people(random: &mut Random) -> Vec<(String, String)> {
    let all = combinations(random, &SURNAME_HEADS, &SURNAME_TAILS);
    all.into_iter()
        .map(|(head, tail)| {
            let given = (*random.pick(&GIVEN)).to_owned();
            (given, format!("{}{head}{tail}", random.pick(&BETWEEN)))
        })
        .collect()
}

/// ASCII letters and digits, lower case, for the left or right side of an address.
pub(super) fn slug(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            'à'..='å' => Some('a'),
            'è'..='ë' | 'É' => Some('e'),
            'ì'..='ï' => Some('i'),
            'ò'..='ö' => Some('o'),
            'ù'..='ü' => Some('u'),
            c if c.is_ascii_alphanumeric() => Some(c.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}

/// Words of ten letters that can be spoken and occur nowhere else: whoever finds one
/// in a mail, a feed or a log has found a child.
pub(super) struct Words {
    random: Random,
    taken: BTreeSet<String>,
    /// All other text of the region, in lower case.
    elsewhere: String,
}

impl Words {
    pub(super) fn avoiding(random: Random, elsewhere: &str) -> Self {
        Self { random, taken: BTreeSet::new(), elsewhere: elsewhere.to_lowercase() }
    }

    /// A new word in lower case, never given before.
    pub(super) fn next(&mut self) -> String {
        const CONSONANTS: &[u8] = b"bdfgklmnprstvwz";
        const VOWELS: &[u8] = b"aeiou";
        loop {
            let word: String = (0..10)
                .map(|i| char::from(*self.random.pick(if i % 2 == 0 { CONSONANTS } else { VOWELS })))
                .collect();
            if !self.elsewhere.contains(&word) && self.taken.insert(word.clone()) {
                return word;
            }
        }
    }

    /// The same as a name.
    pub(super) fn next_name(&mut self) -> String {
        let word = self.next();
        word[..1].to_uppercase() + &word[1..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_no_diacritics() {
        assert_eq!(slug("’t Geërfdeanker"), "tgeerfdeanker");
        assert_eq!(slug("Renée"), "renee");
    }

    #[test]
    fn names_do_not_run_out_and_do_not_repeat() {
        let mut random = Random::stream(1, "names");
        for names in [schools(&mut random), wijken(&mut random), streets(&mut random)] {
            assert!(names.len() >= 250);
            assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        }
        let people = people(&mut random);
        assert_eq!(people.iter().map(|(_, surname)| surname).collect::<BTreeSet<_>>().len(), people.len());
        assert!(people.len() >= 450);
    }
}
