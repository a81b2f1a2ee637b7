//! What a value must be, in the words of the violation of a field that was something else.

use crate::refusal::Language;

macro_rules! bounds {
    ($($(#[$doc:meta])* $name:ident: $dutch:literal, $english:literal;)*) => {
        /// What a field takes. The reason of a refusal says what is wrong in a word for programs; this says to people
        /// what would have been right, without a word of what they sent.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter)]
        pub enum Bound {$($(#[$doc])* $name,)*}

        impl Bound {
            /// What would have been right.
            #[must_use]
            pub fn text(self, language: Language) -> &'static str {
                match (self, language) {$(
                    (Self::$name, Language::Dutch) => $dutch,
                    (Self::$name, Language::English) => $english,
                )*}
            }
        }
    };
}

bounds! {
    /// What has happened.
    TodayOrEarlier: "Deze dag moet vandaag of eerder zijn.", "This day must be today or earlier.";
    /// What is still to come.
    TodayOrLater: "Deze dag is al voorbij. Kies vandaag of later.", "This day is over. Choose today or later.";
    /// A birth date.
    Birthday: "Het kind moet geboren zijn, en jonger dan 23.", "The child must have been born, and be younger than 23.";
    /// Something about the child.
    SinceBirth: "Deze dag kan niet voor de geboorte van het kind liggen.",
        "This day cannot be before the child was born.";
    /// Being away from school.
    SinceThird: "Deze dag kan niet voor de derde verjaardag van het kind liggen: jonger gaat een kind niet naar school.",
        "This day cannot be before the child's third birthday: younger children do not go to school.";
    /// A birth date beside an absence.
    OldEnough: "Met deze geboortedag was het kind op de eerste dag van het verzuim nog geen drie.",
        "With this birthday the child was not yet three on the first day of absence.";
    /// Something within an absence.
    SinceFirstDay: "Deze dag kan niet voor de eerste dag van het verzuim liggen.",
        "This day cannot be before the first day of absence.";
    /// A relapse.
    SinceOutcome: "Deze dag kan niet voor de dag van de uitkomst liggen.",
        "This day cannot be before the day of the outcome.";
    /// A check point of aftercare.
    SinceBack: "Een peilmoment van de nazorg kan niet liggen voor de dag waarop het kind weer vast naar school ging of het dossier afliep, en niet voordat het vorige peilmoment had moeten zijn.",
        "A check point of aftercare cannot be before the day on which attendance was stable or the case ended, nor before the check point before it was due.";
    /// Another level of escalation.
    SinceLevel: "Deze dag kan niet voor de dag liggen waarop het niveau het laatst veranderde.",
        "This day cannot be before the day on which the level last changed.";
    /// The end of something.
    SinceStart: "De laatste dag kan niet voor de eerste liggen.", "The last day cannot be before the first.";
    /// What comes next in a track.
    SinceStep: "Deze dag kan niet voor het begin van het traject liggen, en niet voor de laatste stap.",
        "This day cannot be before the start of the track, nor before its last step.";
    /// By when a decision is to be carried out.
    DecisionTerm: "Kies een dag vanaf de dag van het besluit, en hooguit 90 dagen later.",
        "Choose a day from that of the decision on, and at most 90 days later.";
    /// Time missed on a day.
    SchoolMinutes: "Vul een heel getal in van 1 tot en met 720 minuten.",
        "Fill in a whole number from 1 up to and including 720 minutes.";
    /// The same in hours.
    SchoolHours: "Vul een heel getal in van 1 tot en met 12 uur.",
        "Fill in a whole number from 1 up to and including 12 hours.";
    /// A stretch of absence: days with school.
    NoSchool: "In deze tijd was er geen school.", "There was no school in this time.";
    /// As much of it as is told at once.
    SchoolDays: "Samen zijn dit meer dan 100 schooldagen. Leg ze in delen vast.",
        "Together these are more than 100 school days. Record them in parts.";
    /// A time of which it is known when schools teach.
    HolidaysKnown: "Van een deel van deze tijd zijn de schoolvakanties niet bekend. Leg die dagen een voor een vast.",
        "Of part of this time the school holidays are not known. Record those days one by one.";
    /// A code of the CBS.
    Gemeente: "Vul de code van de gemeente in: GM en vier cijfers, bijvoorbeeld GM0363.",
        "Fill in the code of the gemeente: GM and four digits, for example GM0363.";
    /// A school year that is planned.
    SchoolYear: "Kies een schooljaar dat nog niet voorbij is.", "Choose a school year that is not over.";
    /// Who can be sent to Halt.
    HaltAge: "Halt is er alleen voor wie op die dag 12 tot en met 17 jaar is.",
        "Halt is only for who is from 12 up to and including 17 years old on that day.";
    /// How a track ends by a step.
    StepOutcome: "Deze uitkomst hoort niet bij deze stap.", "This step does not have this outcome.";
    /// What is granted above the basisondersteuning.
    WhyExtra: "Schrijf waarom er meer nodig is dan de basisondersteuning.",
        "Write why more is needed than the basisondersteuning.";
    /// A track that ended has no next day.
    NoNext: "Deze stap sluit het traject af: laat de volgende dag leeg.",
        "This step ends the track: leave the next day empty.";
    /// Care of which a school hears that it comes, and not what it is.
    NoCareNote: "Bij ‘Zorg is akkoord’ past geen toelichting. Laat dit leeg.",
        "‘The side of care agrees’ takes no note. Leave this empty.";
    /// What a case cannot be without.
    AbsenceTold: "Dan staat er niet meer sinds wanneer of waarom het kind thuis is. Verbeter het feit, of leg eerst het goede feit vast.",
        "Then nothing says any more since when or why the child is at home. Correct the fact, or record the right one first.";
    /// Another system.
    Reference: "Schrijf op elke regel het systeem, een dubbele punt en het kenmerk daar, bijvoorbeeld Kindkans: KK-2026-118.",
        "Write on each line the system, a colon and what the case is called there, for example Kindkans: KK-2026-118.";
    /// A number to call.
    Phone: "Vul een telefoonnummer in, met minstens drie cijfers.",
        "Fill in a telephone number, with at least three digits.";
    /// A language.
    LanguageCode: "Vul de code van de taal in, bijvoorbeeld nl, ar of pl.",
        "Fill in the code of the language, for example nl, ar or pl.";
    /// A gemeente that the register does not have.
    OutsideRegion: "Deze code is niet van een gemeente in deze regio. Klopt hij? Bevestig dan dat het kind buiten de regio woont.",
        "This code is not of a gemeente in this region. Is it right? Then confirm that the child lives outside the region.";
    /// An address that is called.
    Elsewhere: "Vul een adres in dat met https:// begint, zonder naam of wachtwoord erin. Zonder https:// kan iedereen onderweg meelezen.",
        "Fill in an address that begins with https://, without a name or password in it. Without https:// anybody on the way can read along.";
    /// The same where this machine is called too.
    ElsewhereOrHere: "Vul een adres in dat met https:// begint, of met http:// voor deze machine zelf, bijvoorbeeld http://127.0.0.1:9000/, zonder naam of wachtwoord erin.",
        "Fill in an address that begins with https://, or with http:// for this machine itself, for example http://127.0.0.1:9000/, without a name or password in it.";
    /// Who acts on the first rung.
    OwnSchool: "Kies de school van dit kind, of een organisatie die geen school is.",
        "Choose the school of this child, or an organisation that is not a school.";
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_bound_is_a_sentence_in_two_languages() {
        for bound in Bound::iter() {
            let (dutch, english) = (bound.text(Language::Dutch), bound.text(Language::English));
            assert_ne!(dutch, english, "{bound:?}");
            assert!(dutch.ends_with('.') && english.ends_with('.'), "{bound:?}");
        }
    }
}
