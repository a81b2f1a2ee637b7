//! The log's codes in plain words, Dutch and English.

use crate::{
    access::{Class, Purpose, Role},
    refusal::Language,
};

fn choose(language: Language, (dutch, english): (&'static str, &'static str)) -> &'static str {
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

/// What was seen.
pub fn class(class: Class, language: Language) -> &'static str {
    let words = match class {
        Class::K0 => ("gegevens van de organisatie", "data of the organisation"),
        Class::K1 => ("afspraken", "appointments"),
        Class::K2 => ("namen, geboortedatum en contactgegevens", "names, date of birth and contact data"),
        Class::K3 => ("verzuim", "absence"),
        Class::K4 => ("onderwijs en de vraag van de school", "education and the school's question"),
        Class::K5 => ("jeugdhulp", "youth help"),
        Class::K6 => ("advies van de jeugdarts", "advice of the youth doctor"),
        Class::K7 => ("handhaving van de leerplicht", "enforcement of compulsory education"),
        Class::K8 => ("veiligheid", "safety"),
        Class::K9 => ("wat het kind zelf zei", "what the child itself said"),
        Class::K10 => ("wie dit dossier heeft gezien", "who saw this file"),
    };
    choose(language, words)
}

/// What was done; a letter of NEN 7513 that is none is told as it is.
pub fn deed(letter: &str, language: Language) -> &str {
    let words = match letter {
        "C" => ("vastgelegd", "recorded"),
        "R" => ("gelezen", "read"),
        "U" => ("gewijzigd", "changed"),
        "D" => ("verwijderd", "deleted"),
        "S" => ("gezocht", "searched"),
        "X" => ("uitgegeven", "exported"),
        "P" => ("afgedrukt", "printed"),
        "E" => ("verstuurd of opgehaald", "sent or fetched"),
        other => return other,
    };
    choose(language, words)
}

/// What for; an unknown purpose is told as it is.
pub fn purpose(word: &str, language: Language) -> &str {
    let Ok(purpose) = word.parse() else { return word };
    let words = match purpose {
        Purpose::TerugkeerSchool => ("terug naar school", "back to school"),
        Purpose::Zorgtoeleiding => ("hulp vinden", "finding help"),
        Purpose::LeerplichtToezicht => ("toezicht op de leerplicht", "supervision of compulsory education"),
        Purpose::PlanningOverleg => ("een overleg plannen", "planning a meeting"),
        Purpose::RechtenBetrokkene => ("rechten van kind en ouders", "rights of child and parents"),
        Purpose::Statistiek => ("statistiek", "statistics"),
        Purpose::Beheer => ("beheer van het systeem", "administration of the system"),
    };
    choose(language, words)
}

fn role(role: Role, language: Language) -> &'static str {
    let words = match role {
        Role::Iber => ("intern begeleider", "internal support teacher"),
        Role::Zorgcoordinator => ("zorgcoördinator van de school", "care coordinator of the school"),
        Role::Directeur => ("schoolleider", "head of the school"),
        Role::Bocer => ("bovenschoolse ondersteuningscoördinator", "support coordinator across schools"),
        Role::SwvAdviseur => ("adviseur van het samenwerkingsverband", "adviser of the samenwerkingsverband"),
        Role::Gedragswetenschapper => ("gedragswetenschapper", "behaviour scientist"),
        Role::Trajectbegeleider => ("trajectbegeleider", "trajectory supervisor"),
        Role::TlvCommissie => ("commissie voor toelaatbaarheid", "committee for special education"),
        Role::Thuiszitterscoordinator => ("thuiszitterscoördinator", "coordinator for children at home"),
        Role::WijkteamCoordinator => ("coördinator van het wijkteam", "coordinator of the wijkteam"),
        Role::Smw => ("schoolmaatschappelijk werker", "school social worker"),
        Role::Gezinswerker => ("gezinswerker", "family worker"),
        Role::Jeugdarts => ("jeugdarts", "youth doctor"),
        Role::Jeugdverpleegkundige => ("jeugdverpleegkundige", "youth nurse"),
        Role::Indicatiesteller => ("wie jeugdhulp toekent", "who grants youth help"),
        Role::Leerplichtambtenaar => ("leerplichtambtenaar", "attendance officer"),
        Role::Doorstroomcoach => ("doorstroomcoach", "transition coach"),
        Role::Gezinsvoogd => ("gezinsvoogd", "family guardian"),
        Role::Onderwijsconsulent => ("onderwijsconsulent", "education consultant"),
        Role::Doorzettingsmacht => ("doorzettingsmacht", "holder of overriding authority"),
        Role::Beleidsmedewerker => ("beleidsmedewerker", "policy officer"),
        Role::Beheerder => ("beheerder", "administrator"),
        Role::Fg => ("functionaris gegevensbescherming", "privacy officer"),
        Role::Ouder => ("ouder", "parent"),
        Role::Jeugdige => ("jeugdige", "young person"),
        Role::Tolk => ("tolk", "interpreter"),
        Role::Jeugdhulpverlener => ("jeugdhulpverlener", "youth care professional"),
        Role::PedagogischMedewerker => ("pedagogisch medewerker", "childcare professional"),
        Role::Steunpuntmedewerker => {
            ("medewerker ouder- en jeugdsteunpunt", "parent and youth support worker")
        }
        Role::AmbulantBegeleider => ("ambulant begeleider", "special education specialist"),
    };
    choose(language, words)
}

/// In which function; roles are separated by spaces, and what is no role is the system itself.
pub fn function(words: &str, language: Language) -> String {
    let system = choose(language, ("het systeem zelf", "the system itself"));
    let roles: Vec<&str> =
        words.split(' ').map(|word| word.parse().map_or(system, |found| role(found, language))).collect();
    roles.join(", ")
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn everything_is_told_in_two_languages() {
        let both = |told: &dyn Fn(Language) -> String| (told(Language::Dutch), told(Language::English));
        for one in Class::iter() {
            let (dutch, english) = both(&|language| class(one, language).to_owned());
            assert_ne!(dutch, english, "{one}");
        }
        for one in Purpose::iter() {
            let (dutch, english) = both(&|language| purpose(&one.to_string(), language).to_owned());
            assert_ne!(dutch, english, "{one}");
        }
        for letter in ["C", "R", "U", "D", "S", "X", "P", "E"] {
            let (dutch, english) = both(&|language| deed(letter, language).to_owned());
            assert_ne!(dutch, english, "{letter}");
        }
    }

    #[test]
    fn a_function_is_every_role_that_counted() {
        assert_eq!(
            function("IBER FG", Language::Dutch),
            "intern begeleider, functionaris gegevensbescherming"
        );
        assert_eq!(function("invitations", Language::English), "the system itself");
    }
}
