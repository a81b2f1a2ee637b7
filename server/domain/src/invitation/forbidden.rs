//! Words that tell what a meeting is about and may stand in no mail, calendar or name.

/// Mail and calendars carry only what may be said in a waiting room (NTA 7516).
///
/// Whole words: compounds that people use stand here by themselves, so that a place
/// name or a surname that merely holds one of them is not refused.
pub const FORBIDDEN: &[&str] = &[
    // absence
    "thuiszitter",
    "thuiszitters",
    "thuiszitten",
    "thuiszitterspact",
    "verzuim",
    "schoolverzuim",
    "ziekteverzuim",
    "verzuimmelding",
    "verzuimloket",
    "spijbelen",
    "absoluut verzuim",
    "relatief verzuim",
    "leerplicht",
    "leerplichtambtenaar",
    "leerplichtzaken",
    "leerplichtwet",
    "kwalificatieplicht",
    "lpa",
    "rbl",
    "doorstroompunt",
    "rmc",
    "vrijstelling",
    "terugkeerplan",
    // education
    "opp",
    "ontwikkelingsperspectief",
    "tlv",
    "toelaatbaarheidsverklaring",
    "passend onderwijs",
    "speciaal onderwijs",
    "sbo",
    "vso",
    "opdc",
    "oza",
    "onderwijszorgarrangement",
    "arrangement",
    "schorsing",
    "geschorst",
    "verwijdering",
    "overstap",
    "zorgplicht",
    "zorgleerling",
    "thuiszitterscoördinator",
    "thuiszitterscoordinator",
    // help and safety
    "jeugdhulp",
    "jeugdzorg",
    "jeugdbescherming",
    "jeugdreclassering",
    "jeugdarts",
    "jeugdverpleegkundige",
    "jgz",
    "ggz",
    "ggd",
    "gezinsvoogd",
    "gezinsvoogdij",
    "voogdij",
    "ondertoezichtstelling",
    "ots",
    "uithuisplaatsing",
    "raad voor de kinderbescherming",
    "kinderbescherming",
    "rvdk",
    "veilig thuis",
    "veiligthuis",
    "meldcode",
    "kindermishandeling",
    "mishandeling",
    "huiselijk geweld",
    "halt",
    "proces-verbaal",
    "verwijsindex",
    "crisis",
    "crisisconsult",
    "spoed",
    "indicatie",
    "indicatiesteller",
    "beschikking",
    // meetings that name their matter
    "mdo",
    "zat",
    "rondetafel",
    "ronde tafel",
    "ondersteuningsteam",
    "zorgteam",
    "zorgadviesteam",
    "casus",
    "casusoverleg",
    "dossier",
    "hulpvraag",
    "zorgvraag",
    "handelingsplan",
    "escalatie",
    // health
    "diagnose",
    "autisme",
    "ass",
    "adhd",
    "depressie",
    "trauma",
    "angststoornis",
    "stoornis",
    "behandeling",
    "psychiater",
    "psycholoog",
    // persons
    "kind",
    "kinderen",
    "leerling",
    "leerlingen",
    "jeugdige",
    "zoon",
    "dochter",
    "ouder",
    "ouders",
    "bsn",
    // English
    "truancy",
    "truant",
    "absenteeism",
    "child",
    "pupil",
    "parent",
    "parents",
    "youth care",
    "suspension",
    "expulsion",
    "diagnosis",
    "child protection",
];

/// The first forbidden word in `text`, in any case. What stands between the words
/// of a pair (spaces, hyphens, line ends) does not matter.
#[must_use]
pub fn forbidden_word(text: &str) -> Option<&'static str> {
    let words = words(text);
    FORBIDDEN.iter().copied().find(|forbidden| {
        let sought = self::words(forbidden);
        words.windows(sought.len()).any(|found| found == sought)
    })
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_word_is_found_however_it_is_written() {
        for (text, word) in [
            ("Overleg THUISZITTERS", "thuiszitters"),
            ("veilig\n thuis", "veilig thuis"),
            ("team Veilig-Thuis Zuid", "veilig thuis"),
            ("https://leerplicht-regio.example/x", "leerplicht"),
            ("(MDO)", "mdo"),
            ("over uw Kind.", "kind"),
        ] {
            assert_eq!(forbidden_word(text), Some(word), "{text}");
        }
    }

    #[test]
    fn a_word_that_merely_holds_one_is_not() {
        for text in
            ["Overleg", "Overleg Jeugd", "Kinderdijk", "veilig naar huis; Thuis", "Opperdoes", "stopp", ""]
        {
            assert_eq!(forbidden_word(text), None, "{text}");
        }
    }

    #[test]
    fn every_entry_finds_itself_or_a_shorter_one() {
        for word in FORBIDDEN {
            assert!(forbidden_word(word).is_some(), "{word}");
        }
    }
}
