//! The words of cases: stages, outcomes, reasons, sides, and who has gezag, as people say them.

use schakel_domain::refusal::Language;

use super::form::Choice;

/// The values of an enum of the API, in both languages.
pub(super) struct Vocabulary {
    /// What the API puts before each, for example `STAGE_`.
    pub(super) prefix: &'static str,
    pub(super) rows: &'static [(&'static str, &'static str, &'static str)],
}

impl Vocabulary {
    /// A value as people say it, with the prefix or without; what has no words stays as it is, and
    /// what was left open is nothing.
    pub(super) fn say<'a>(&self, value: &'a str, language: Language) -> &'a str {
        let word = value.strip_prefix(self.prefix).unwrap_or(value);
        let found = self.rows.iter().find(|(known, _, _)| *known == word);
        let said = found.map(|(_, dutch, english)| match language {
            Language::Dutch => *dutch,
            Language::English => *english,
        });
        said.unwrap_or(if word == "UNSPECIFIED" { "" } else { word })
    }

    /// All of them, to choose from.
    pub(super) fn options(&self, language: Language) -> Vec<Choice> {
        let said =
            |(word, _, _): &(&'static str, _, _)| ((*word).to_owned(), self.say(word, language).to_owned());
        self.rows.iter().map(said).collect()
    }

    /// The number of a value that was chosen; 0 of what is none, which the call then refuses.
    pub(super) fn number<T: Into<i32>>(&self, word: &str, of: fn(&str) -> Option<T>) -> i32 {
        of(&format!("{}{word}", self.prefix)).map_or(0, Into::into)
    }
}

pub(super) static STAGES: Vocabulary = Vocabulary {
    prefix: "STAGE_",
    rows: &[
        ("SIGNAAL", "Signaal", "Signal"),
        ("CONSULT", "Advies gevraagd", "Advice asked"),
        ("MELDING", "Gemeld", "Reported"),
        ("LEERPLICHTONDERZOEK", "Onderzoek leerplicht", "Attendance inquiry"),
        ("RONDETAFEL", "Rondetafel", "Round table"),
        ("PLAN", "Plan loopt", "Plan under way"),
        ("ARRANGEMENT", "Plek of hulp regelen", "Arranging a place or help"),
        ("TERUGKEER", "Terug op school", "Returning to school"),
        ("NAZORG", "Nazorg", "Aftercare"),
        ("GESLOTEN", "Gesloten", "Closed"),
    ],
};

pub(super) static STATES: Vocabulary =
    Vocabulary { prefix: "STATE_", rows: &[("OPEN", "Open", "Open"), ("CLOSED", "Gesloten", "Closed")] };

/// What is unusual about a child at its school.
pub(super) static UNUSUAL: Vocabulary = Vocabulary {
    prefix: "REASON_",
    rows: &[
        (
            "OTHER_SECTOR",
            "Deze school hoort bij een ander samenwerkingsverband. Maak daarmee afspraken.",
            "This school belongs to another samenwerkingsverband. Agree with that one.",
        ),
        (
            "TOO_YOUNG",
            "Dit kind is jonger dan gewoon is. Klopt de geboortedatum?",
            "This child is younger than is usual. Is the birth date right?",
        ),
        (
            "TOO_OLD",
            "Dit kind is ouder dan gewoon is. Kloppen de geboortedatum en de school?",
            "This child is older than is usual. Are the birth date and the school right?",
        ),
        (
            "LAST_YEAR",
            "Dit kind wordt 14 in dit schooljaar. Daarna mag het niet op een basisschool blijven.",
            "This child turns 14 in this school year. After it the child may not stay in primary education.",
        ),
        (
            "PERHAPS_LAST_YEAR",
            "Zit dit kind in groep 8? Leg dat dan vast. Dan lopen de termijnen naar het voortgezet onderwijs.",
            "Is this child in groep 8? Then record that. The terms towards secondary education then run.",
        ),
    ],
};

pub(super) static OUTCOMES: Vocabulary = Vocabulary {
    prefix: "CASE_OUTCOME_",
    rows: &[
        ("TERUG_EIGEN_SCHOOL", "Terug op de eigen school", "Back at the own school"),
        ("TERUG_OPBOUW", "Terug op school, met opbouw", "Back at school, building up"),
        ("PLAATSING", "Geplaatst op een andere gewone school", "Placed at another regular school"),
        ("PLAATSING_SBO", "Geplaatst in het sbo", "Placed in special primary education (sbo)"),
        ("PLAATSING_SO", "Geplaatst in het so", "Placed in special education (so)"),
        ("PLAATSING_VSO", "Geplaatst in het vso", "Placed in special secondary education (vso)"),
        ("PLAATSING_OPDC", "Geplaatst op een opdc", "Placed at an opdc"),
        ("PLAATSING_MBO", "Geplaatst op het mbo", "Placed in vocational education (mbo)"),
        ("PLAATSING_PARTICULIER", "Geplaatst op een particuliere school", "Placed at a private school"),
        ("OZA", "Onderwijszorgarrangement", "Arrangement of education and care"),
        ("ZORG_ZONDER_ONDERWIJS", "Zorg zonder onderwijs", "Care without education"),
        ("VRIJSTELLING_5_ONDER_A", "Vrijstelling artikel 5 onder a", "Exemption, article 5 under a"),
        ("VRIJSTELLING_5_ONDER_B", "Vrijstelling artikel 5 onder b", "Exemption, article 5 under b"),
        ("VRIJSTELLING_5_ONDER_C", "Vrijstelling artikel 5 onder c", "Exemption, article 5 under c"),
        ("VRIJSTELLING_5A_TREKKEND", "Vrijstelling artikel 5a", "Exemption, article 5a"),
        ("VRIJSTELLING_15", "Vrijstelling artikel 15", "Exemption, article 15"),
        ("VERVANGEND_3A", "Vervangende leerplicht, artikel 3a", "Substitute programme, article 3a"),
        ("VERVANGEND_3B", "Vervangende leerplicht, artikel 3b", "Substitute programme, article 3b"),
        ("INGESCHREVEN", "Ingeschreven op een school", "Enrolled at a school"),
        ("VERHUISD_NAAR_GEMEENTE", "Verhuisd naar een andere gemeente", "Moved to another gemeente"),
        ("UIT_NEDERLAND", "Weg uit Nederland", "Left the Netherlands"),
        ("UITGESTROOMD_18", "18 jaar geworden", "Turned 18"),
        ("STARTKWALIFICATIE", "Startkwalificatie behaald", "Qualified"),
        ("ADMINISTRATIEF_ONJUIST", "Het dossier klopte niet", "The case was a mistake"),
        ("OVERLEDEN", "Overleden", "Died"),
    ],
};

pub(super) static ABSENCES: Vocabulary = Vocabulary {
    prefix: "KIND_",
    rows: &[
        ("ONGEOORLOOFD", "Afwezig zonder geldige reden", "Away without a valid reason"),
        ("ZIEK_BELASTBAAR", "Ziek, maar kan soms naar school", "Ill, but able to attend in part"),
        ("ZIEK", "Ziek, en kan niet naar school", "Ill, and unable to attend"),
        ("GESCHORST", "Geschorst", "Suspended"),
        ("DREIGEND", "Thuiszitten dreigt", "Staying at home threatens"),
        ("LUXE", "Op vakantie zonder toestemming", "On holiday without leave"),
        ("VRIJSTELLING_GEVRAAGD", "Vrijstelling gevraagd", "Exemption asked for"),
        ("ABSOLUUT", "Nergens ingeschreven", "Enrolled nowhere"),
    ],
};

/// How a case is counted; the domain's words, without a prefix.
pub(super) static LABELS: Vocabulary = Vocabulary {
    prefix: "",
    rows: &[
        ("RELATIEF_16U4W", "16 uur in 4 weken", "16 hours in 4 weeks"),
        ("LRV", "Langdurig verzuim", "Long absence"),
        ("ABSOLUUT_VERZUIM", "Absoluut verzuim", "Not enrolled"),
        ("THUISZITTER", "Thuiszitter", "Thuiszitter"),
        ("THUISZITTER_PRAKTIJK", "Thuiszitter in de praktijk", "Thuiszitter in practice"),
        ("ACTUEEL", "Zit nu thuis", "At home now"),
        ("DREIGEND", "Thuiszitten dreigt", "Staying at home threatens"),
        ("VRIJSTELLINGSTRAJECT", "Vrijstelling gevraagd", "Exemption sought"),
        ("VRIJGESTELD", "Vrijgesteld", "Exempted"),
    ],
};

pub(super) static SIDES: Vocabulary = Vocabulary {
    prefix: "SIDE_",
    rows: &[("EDUCATION", "Onderwijs", "Education"), ("CARE", "Zorg", "Care")],
};

pub(super) static ACTIONS: Vocabulary = Vocabulary {
    prefix: "STATE_",
    rows: &[("OPEN", "loopt", "open"), ("DONE", "gedaan", "done"), ("DROPPED", "vervallen", "dropped")],
};

pub(super) static DEADLINES: Vocabulary = Vocabulary {
    prefix: "STATE_",
    rows: &[
        ("RUNNING", "loopt", "running"),
        ("DUE_SOON", "bijna", "due soon"),
        ("OVERDUE", "verlopen", "overdue"),
        ("MET", "gehaald", "met"),
        ("SUSPENDED", "staat stil", "suspended"),
    ],
};

pub(super) static DECISIONS: Vocabulary = Vocabulary {
    prefix: "STATE_",
    rows: &[
        ("PENDING", "nog te doen", "still to be done"),
        ("OVERDUE", "te laat", "overdue"),
        ("COMPLIED", "uitgevoerd", "carried out"),
        ("NOT_COMPLIED", "niet uitgevoerd", "not carried out"),
    ],
};

pub(super) static ABOUTS: Vocabulary = Vocabulary {
    prefix: "ABOUT_",
    rows: &[
        ("CASE", "Het dossier", "The case"),
        ("PLAN", "Het plan", "The plan"),
        ("DECISION", "Een besluit", "A decision"),
    ],
};

pub(super) static GEZAG: Vocabulary = Vocabulary {
    prefix: "GEZAG_",
    rows: &[
        ("YES", "Ja, heeft gezag", "Yes, has parental authority"),
        ("NO", "Nee, geen gezag", "No parental authority"),
        ("UNKNOWN", "Nog niet bekend", "Not known yet"),
    ],
};

pub(super) static GROUNDS: Vocabulary = Vocabulary {
    prefix: "ABSENCE_GROUND_",
    rows: &[
        ("ONGEOORLOOFD", "Geen geldige reden", "No valid reason"),
        ("ZIEK", "Ziek", "Ill"),
        ("OPBOUW", "Afgesproken opbouw", "An agreed build-up"),
        ("GESCHORST", "Geschorst", "Suspended"),
        ("LUXE", "Vakantie zonder toestemming", "Holiday without leave"),
        ("GEWICHTIG", "Gewichtige omstandigheden", "Weighty circumstances"),
        ("GODSDIENST", "Godsdienst of levensovertuiging", "Religion or conviction"),
        ("VAKANTIE_DOOR_BEROEP", "Vakantie door het werk van een ouder", "Holiday by a parent's work"),
        ("SCHOOL_GESLOTEN", "School gesloten", "School closed"),
        ("VERBODEN", "Naar school gaan was verboden", "Going to school was forbidden"),
        ("ONDER_ZES", "Jonger dan zes jaar", "Younger than six"),
    ],
};

pub(super) static ENROLMENTS: Vocabulary = Vocabulary {
    prefix: "ENROLMENT_",
    rows: &[
        ("ENROLLED", "Ja, op een school", "Yes, at some school"),
        ("NOT_ENROLLED", "Nee, op geen school", "No, at no school"),
    ],
};

/// What partners are asked to tell, and what became of that.
pub(super) static INFORMATION: Vocabulary = Vocabulary {
    prefix: "KIND_",
    rows: &[
        ("ABSENCE", "Wanneer het kind afwezig was", "When the child was absent"),
        (
            "SCHOOL_PROGRESS",
            "Wat het kind leert en hoe ver het is",
            "What the child learns, and how far it is",
        ),
        ("SUPPORT_NEEDS", "Wat het kind nodig heeft om te leren", "What the child needs to learn"),
        (
            "BEHAVIOUR_ADVICE",
            "Hoe het kind zich gedraagt en wat dan helpt",
            "How the child behaves, and what helps",
        ),
        (
            "FUNCTIONAL_ADVICE",
            "Wat het kind kan, volgens een arts",
            "What the child can do, as a doctor says",
        ),
        ("YOUTH_HELP", "Welke jeugdhulp er loopt", "Which youth help runs"),
    ],
};

pub(super) static ANSWERS: Vocabulary = Vocabulary {
    prefix: "STATE_",
    rows: &[
        ("ASKED", "nog geen antwoord", "no answer yet"),
        ("RECEIVED", "antwoord ontvangen", "answer received"),
        ("DECLINED", "wil niets vertellen", "tells nothing"),
        ("WITHDRAWN", "niet meer nodig", "not needed any more"),
    ],
};

pub(super) static CLASSES: Vocabulary = Vocabulary {
    prefix: "DATA_CLASS_",
    rows: &[
        ("K2", "Wie het kind en de ouders zijn", "Who the child and the parents are"),
        ("K3", "Het verzuim", "The absence"),
        (
            "K4",
            "Wat op school speelt: vraag, plan en afspraken",
            "What matters at school: question, plan, agreements",
        ),
        ("K5", "De jeugdhulp", "The youth help"),
        ("K6", "Wat het kind kan, volgens de jeugdarts", "What the child can do, as the doctor says"),
        ("K9", "Wat het kind zelf zegt", "What the child itself says"),
    ],
};

/// What consent can be for; not an enum, and so without a prefix.
pub(super) static PURPOSES: Vocabulary = Vocabulary {
    prefix: "",
    rows: &[
        ("terugkeer_school", "Terug naar school", "Back to school"),
        ("zorgtoeleiding", "Hulp vinden", "Finding help"),
        ("leerplicht_toezicht", "Toezicht op de leerplicht", "Supervision of attendance"),
    ],
};

pub(super) static EXCEPTIONS: Vocabulary = Vocabulary {
    prefix: "EXCEPTION_",
    rows: &[
        (
            "ERNSTIG_NADEEL",
            "Om ernstig nadeel voor de jongere te voorkomen",
            "To keep the youth from serious harm",
        ),
        ("WELOVERWOGEN_WENS", "De jongere blijft dit willen", "The youth goes on wanting it"),
        ("KINDERBESCHERMINGSMAATREGEL", "De rechter heeft het bepaald", "A court has ordered it"),
    ],
};

#[cfg(test)]
mod tests {
    use schakel_domain::thuiszitter::{Outcome, Stage};
    use schakel_proto::v1 as pb;
    use strum::IntoEnumIterator;

    use super::{
        super::said_tracks::{TRACK_GROUNDS, TRACK_OUTCOMES, TRACK_STATES, TRACK_STEPS, TRACKS},
        *,
    };

    /// Every value of the API but the unspecified one has words, and no words are of nothing.
    fn whole(words: &Vocabulary, name: impl Fn(i32) -> Option<&'static str>, of: impl Fn(&str) -> bool) {
        let named: Vec<&str> = (1..).map_while(&name).collect();
        assert_eq!(named.len(), words.rows.len());
        for (word, _, _) in words.rows {
            assert!(of(&format!("{}{word}", words.prefix)), "{word}");
        }
    }

    macro_rules! whole {
        ($words:expr, $kind:ty) => {
            whole(
                &$words,
                |number| <$kind>::try_from(number).ok().map(|value| value.as_str_name()),
                |word| <$kind>::from_str_name(word).is_some(),
            )
        };
    }

    #[test]
    fn every_value_of_the_api_has_words() {
        whole!(STAGES, pb::Stage);
        whole!(STATES, pb::case::State);
        whole!(OUTCOMES, pb::CaseOutcome);
        whole!(ABSENCES, pb::case::absence::Kind);
        whole!(SIDES, pb::plan_action::Side);
        whole!(ACTIONS, pb::plan_action::State);
        whole!(DEADLINES, pb::timeline::deadline::State);
        whole!(DECISIONS, pb::decision::State);
        whole!(ABOUTS, pb::case_view::About);
        whole!(GEZAG, pb::case::parent::Gezag);
        whole!(GROUNDS, pb::AbsenceGround);
        whole!(EXCEPTIONS, pb::consent::Exception);
        whole!(ENROLMENTS, pb::Enrolment);
        whole!(TRACKS, pb::track::Kind);
        whole!(TRACK_GROUNDS, pb::track::Ground);
        whole!(TRACK_STEPS, pb::track::step::Kind);
        whole!(TRACK_STATES, pb::track::State);
        whole!(TRACK_OUTCOMES, pb::track::Outcome);
        whole!(INFORMATION, pb::information_request::Kind);
        whole!(ANSWERS, pb::information_request::State);
        for (word, _, _) in CLASSES.rows {
            assert_ne!(CLASSES.number(word, pb::DataClass::from_str_name), 0, "{word}");
        }
    }

    #[test]
    fn a_stage_is_called_as_the_timeline_calls_it() {
        for stage in Stage::iter() {
            for language in [Language::Dutch, Language::English] {
                assert_eq!(STAGES.say(&stage.to_string(), language), stage.name(language));
            }
        }
    }

    /// But at what kind of place a child is, which the timeline does not tell.
    #[test]
    fn an_outcome_is_called_as_the_timeline_calls_it() {
        let placed = (
            Outcome::PlaatsingAndereSchool.name(Language::Dutch),
            Outcome::PlaatsingAndereSchool.name(Language::English),
        );
        for outcome in Outcome::iter() {
            let called = (outcome.name(Language::Dutch), outcome.name(Language::English));
            let is_placement = outcome.to_string().starts_with("PLAATSING");
            let is_known = OUTCOMES.rows.iter().any(|(_, dutch, english)| (*dutch, *english) == called);
            assert_eq!((called == placed, is_known), (is_placement, !is_placement), "{outcome}");
        }
    }

    #[test]
    fn what_has_no_words_stays_as_it_is() {
        assert_eq!(STAGES.say("STAGE_PLAN", Language::Dutch), "Plan loopt");
        assert_eq!(STAGES.say("STAGE_UNSPECIFIED", Language::Dutch), "");
        assert_eq!(LABELS.say("LATER", Language::English), "LATER");
        assert_eq!(STAGES.number("PLAN", pb::Stage::from_str_name), 6);
        assert_eq!(STAGES.number("", pb::Stage::from_str_name), 0);
    }
}
