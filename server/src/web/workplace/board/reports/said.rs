//! What each figure of a report counts, as people say it.

use schakel_domain::refusal::Language;

macro_rules! figures {
    ($($name:ident: $dutch:literal, $english:literal;)*) => {
        /// The name of a figure, and what it counts, in both languages.
        static FIGURES: &[(&str, &str, &str)] = &[$((stringify!($name), $dutch, $english),)*];
    };
}

figures! {
    LISTED: "Kinderen op de lijst", "Children on the list";
    LISTED_AT_HOME: "– op de laatste dag thuis of nergens ingeschreven", "– on the last day at home or enrolled nowhere";
    LISTED_SOLVED: "– opgelost, zoals het Thuiszitterspact telt", "– solved, as the Thuiszitterspact counts it";
    LISTED_EXEMPT: "– op de laatste dag vrijgesteld", "– exempt on the last day";
    LISTED_OTHERWISE: "– anders: verhuisd, te oud, verkeerd gemeld, terug zonder uitkomst", "– otherwise: moved, of age, registered wrongly, back without an outcome";
    ABSOLUUT: "Absoluut verzuim: leerplichtig en nergens ingeschreven", "Absoluut verzuim: must attend and enrolled nowhere";
    ABSOLUUT_START: "– al van voor het schooljaar", "– from before the school year";
    ABSOLUUT_NEW: "– nieuw in het schooljaar", "– new in the school year";
    ABSOLUUT_ENROLLED: "– sindsdien ingeschreven", "– enrolled since";
    ABSOLUUT_OTHERWISE: "– anders gestopt: vrijgesteld, verhuisd, te oud", "– ended otherwise: exempt, moved, of age";
    ABSOLUUT_STILL: "– op de laatste dag nog steeds", "– still so on the last day";
    ABSOLUUT_OVER_3_MONTHS: "– langer dan drie maanden", "– for longer than three months";
    ABSOLUUT_UP_TO_3_MONTHS: "– niet langer dan drie maanden", "– no longer than three months";
    RELATIEF_16U4W: "Relatief verzuim: 16 uur in vier lesweken zonder geldige reden", "Relatief verzuim: 16 hours in four teaching weeks without a valid reason";
    LUXE: "Luxeverzuim: op vakantie buiten de schoolvakanties", "On holiday outside the school holidays without leave";
    LRV: "Langdurig relatief verzuim: ingeschreven en langer dan vier weken weg", "Langdurig relatief verzuim: enrolled and away for more than four weeks";
    LRV_START: "– lang weg, al van voor het schooljaar", "– long away, from before the school year";
    LRV_NEW: "– lang weg, nieuw in het schooljaar", "– long away, new in the school year";
    LRV_RETURNED: "– lang weg geweest, terug op school", "– was long away, back at school";
    LRV_OTHERWISE: "– lang weg geweest, anders gestopt: andere plek, vrijgesteld, verhuisd", "– was long away, ended otherwise: placed elsewhere, exempt, moved";
    LRV_STILL: "– op de laatste dag nog lang weg", "– still long away on the last day";
    LRV_OVER_3_MONTHS: "– langer dan drie maanden thuis", "– at home for longer than three months";
    LRV_UP_TO_3_MONTHS: "– niet langer dan drie maanden thuis", "– at home no longer than three months";
    VRIJSTELLING_5_ONDER_A: "Vrijgesteld: lichamelijke of psychische gronden (5 onder a)", "Exempt: bodily or psychological grounds (5 onder a)";
    VRIJSTELLING_5_ONDER_B: "Vrijgesteld: bezwaar tegen de richting van de scholen (5 onder b)", "Exempt: objections to the direction of the schools (5 onder b)";
    VRIJSTELLING_5_ONDER_C: "Vrijgesteld: school in het buitenland (5 onder c)", "Exempt: a school abroad (5 onder c)";
    VRIJSTELLING_5A_TREKKEND: "Vrijgesteld: trekkend bestaan (artikel 5a)", "Exempt: a travelling life (article 5a)";
    VRIJSTELLING_15_ANDER_ONDERWIJS: "Vrijgesteld: genoeg ander onderwijs (artikel 15)", "Exempt: sufficient other education (article 15)";
    VERVANGEND_3A: "Vervangend programma vanaf 14 jaar (artikel 3a)", "Substitute programme from 14 (article 3a)";
    VERVANGEND_3B: "Vervangend programma in het laatste jaar (artikel 3b)", "Substitute programme in the last year (article 3b)";
    PROCES_VERBAAL: "Proces-verbaal tegen kind of ouders", "Proces-verbaal against the child or its parents";
    HALT_REFERRED: "Naar Halt gestuurd", "Sent to Halt";
    CASES: "Dossiers waaraan is gewerkt", "Cases that were worked on";
    CASES_START: "– dossiers van voor het schooljaar", "– cases from before the school year";
    CASES_NEW: "– dossiers geopend of heropend in het schooljaar", "– cases opened or reopened in the school year";
    CASES_OPEN: "– dossiers op de laatste dag open", "– cases open on the last day";
    CASES_SOLVED: "– dossiers gesloten en opgelost, zoals het Thuiszitterspact telt", "– cases closed and solved, as the Thuiszitterspact counts it";
    CASES_EXEMPT: "– dossiers gesloten met vrijstelling of vervangende leerplicht", "– cases closed with an exemption or substitute programme";
    CASES_OTHERWISE: "– dossiers anders gesloten", "– cases closed otherwise";
    SOLVED: "Afgesloten met een oplossing in het schooljaar", "Closed with a solution in the school year";
    SOLVED_LASTING: "– opgelost gebleven tot na 12 weken nazorg", "– still solved after 12 weeks of aftercare";
    SOLVED_RELAPSED: "– binnen 12 weken opnieuw thuis", "– at home again within 12 weeks";
    SOLVED_UNFOLLOWED: "– na 12 weken niet alle nazorg gedaan", "– after 12 weeks not all aftercare was done";
    SOLVED_PENDING: "– 12 weken nazorg nog niet voorbij", "– 12 weeks of aftercare not over yet";
    SOLVED_REOPENED: "– het dossier is later weer geopend", "– the case was opened again later";
    LEAVE_DECIDED: "Besluit van de leerplichtambtenaar over verlof", "Decision of the leerplichtambtenaar on leave";
    DOORZETTINGSMACHT: "Naar de doorzettingsmacht gebracht", "Taken to the doorzettingsmacht";
    HELD: "Overleggen over een kind die er zijn geweest", "Meetings about a child that were held";
    HELD_WITH_PARENTS: "– met een ouder aan tafel", "– with a parent at the table";
    HELD_WITHOUT_PARENTS: "– zonder ouder aan tafel", "– without a parent at the table";
    CHILD_HEARD_DIRECTLY: "– het kind is aan tafel gehoord", "– the child was heard at the table";
    CHILD_HEARD_THROUGH_OTHERS: "– het kind is via anderen gehoord", "– the child was heard through others";
    CHILD_NOT_HEARD: "– het kind is niet gehoord", "– the child was not heard";
    CHILD_HEARD_UNRECORDED: "– soort overleg waarbij dat niet wordt opgeschreven", "– a kind in which that is not written down";
    JGT_WANTED: "– hulp van het jeugdteam gewenst", "– help of the youth team was wanted";
    JGT_UNWANTED: "– hulp van het jeugdteam niet gewenst", "– help of the youth team was not wanted";
    JGT_NOT_YET: "– hulp van het jeugdteam nog niet gewenst", "– help of the youth team was not wanted yet";
    JGT_UNDISCUSSED: "– niet over hulp van het jeugdteam gesproken, of niet opgeschreven", "– help of the youth team was not talked about, or not written down";
    NO_SHOW: "– iemand die moest komen, kwam niet", "– somebody who had to come did not";
    ALL_CAME: "– iedereen die moest komen, kwam", "– all who had to come came";
    HELD_ON_REQUEST: "– een school vroeg erom", "– a school asked for it";
    HELD_UNASKED: "– niemand vroeg erom", "– nobody asked for it";
    WITHIN_7_DAYS: "– gevraagd, en binnen 7 dagen", "– asked for, and within 7 days";
    FROM_8_TO_14_DAYS: "– gevraagd, en na 8 tot en met 14 dagen", "– asked for, and in 8 to 14 days";
    FROM_15_TO_28_DAYS: "– gevraagd, en na 15 tot en met 28 dagen", "– asked for, and in 15 to 28 days";
    OVER_28_DAYS: "– gevraagd, en na meer dan 28 dagen", "– asked for, and after more than 28 days";
    CANCELLED: "Overleggen die zijn afgezegd", "Meetings that were called off";
    ASKED: "Vragen van scholen", "Questions of schools";
    ASKED_SMW: "– aan een schoolmaatschappelijk werker", "– for a school social worker";
    ASKED_GEZINSWERKER: "– aan een gezinswerker", "– for a family worker";
    ASKED_JGZ: "– aan jeugdarts of jeugdverpleegkundige", "– for a youth doctor or nurse";
    ASKED_INDICATIESTELLER: "– aan wie hulp mag toekennen", "– for who may grant help";
    AGE_UNDER_8: "– over een kind jonger dan 8 jaar", "– about a child below 8";
    AGE_FROM_8_TO_11: "– over een kind van 8 tot en met 11 jaar", "– about a child from 8 to 11";
    AGE_FROM_12_TO_15: "– over een kind van 12 tot en met 15 jaar", "– about a child from 12 to 15";
    AGE_FROM_16: "– over een kind van 16 jaar of ouder", "– about a child from 16";
    AGE_UNKNOWN: "– zonder kind met naam, of leeftijd niet bekend", "– about no child that is named, or age not known";
    TAKEN: "– door iemand opgepakt", "– taken by somebody";
    DECLINED: "– afgewezen", "– declined";
    UNANSWERED: "– nog zonder antwoord", "– without an answer yet";
    CATEGORY_GEDRAG: "– over opgroeien en gedrag", "– about growing up and behaviour";
    CATEGORY_LEREN: "– over leren en ontwikkeling", "– about learning and development";
    CATEGORY_EMOTIE: "– over gevoelens en omgaan met anderen", "– about feelings and relations";
    CATEGORY_GEZIN: "– over gezin en opvoeding", "– about the family and upbringing";
    CATEGORY_GEZONDHEID: "– over gezondheid", "– about health";
    CATEGORY_VERZUIM: "– over verzuim", "– about absence";
    CATEGORY_VEILIGHEID: "– over veiligheid", "– about safety";
    CATEGORY_ANDERS: "– over iets anders, of niet gezegd", "– about something else, or not said";
    PLACED: "Kinderen die naar een andere school gingen", "Children who went to another school";
    PLACED_INSIDE_WIJK: "– binnen de wijk van de school die zij verlieten", "– within the wijk of the school that they left";
    PLACED_OUTSIDE_WIJK: "– buiten de wijk van de school die zij verlieten", "– outside the wijk of the school that they left";
    PLACED_OUTSIDE_MEASURED: "– buiten de wijk, en Schakel kent de afstand", "– outside the wijk, at a known distance";
    PLACED_OUTSIDE_UNMEASURED: "– buiten de wijk, en Schakel kent de afstand niet", "– outside the wijk, at a distance that is not known";
    PLACED_UNKNOWN: "– van of naar een school die niet bekend is", "– from or to a school that is not known";
    PLACED_SBO: "– naar speciaal basisonderwijs", "– to special primary education (sbo)";
    PLACED_SO: "– naar speciaal onderwijs", "– to special education (so)";
    PLACED_VSO: "– naar voortgezet speciaal onderwijs", "– to special secondary education (vso)";
    PLACED_OTHERWISE: "– naar een andere plek, of niet bekend welke", "– to a place of another kind, or not known which";
    TLV_DECIDED: "Besluit over een toelaatbaarheidsverklaring", "Decision on a toelaatbaarheidsverklaring";
    OPP: "Kinderen met een OPP", "Children with an OPP";
    OPP_NEW: "– OPP gemaakt in het schooljaar", "– OPP made in the school year";
    OPP_BEFORE: "– OPP van voor het schooljaar", "– OPP from before the school year";
    OPP_EVALUATED: "– in het schooljaar besproken met de ouders", "– evaluated with the parents in the school year";
    OPP_UNEVALUATED: "– niet besproken met de ouders", "– not evaluated with the parents";
    OPP_REGISTERED: "– begin staat in ROD", "– start registered in ROD";
    OPP_UNREGISTERED: "– begin staat niet in ROD", "– start not registered in ROD";
    OPP_ENDED: "OPP gestopt in het schooljaar", "OPP ended in the school year";
    OPP_END_REGISTERED: "– einde staat in ROD", "– end registered in ROD";
    OPP_END_UNREGISTERED: "– einde staat niet in ROD", "– end not registered in ROD";
    GAP: "Kinderen die een week of langer nergens waren ingeschreven", "Children enrolled nowhere for a week or longer";
    GAP_UNDER_4_WEEKS: "– korter dan 4 weken", "– less than 4 weeks";
    GAP_FROM_4_TO_13_WEEKS: "– 4 tot 13 weken", "– 4 to 13 weeks";
    GAP_FROM_13_WEEKS: "– 13 weken of langer", "– 13 weeks and longer";
}

/// What stands before the words of a figure that is a part of one above it.
const PART: &str = "– ";

fn words(name: &str, language: Language) -> &str {
    let found = FIGURES.iter().find(|(known, ..)| *known == name);
    found.map_or(name, |(_, dutch, english)| match language {
        Language::Dutch => *dutch,
        Language::English => *english,
    })
}

/// What a figure counts; one without words is called by its name.
pub(in crate::web::workplace::board) fn figure(name: &str, language: Language) -> &str {
    words(name, language).trim_start_matches(PART)
}

/// Whether a figure is a part of one above it.
pub(super) fn is_part(name: &str) -> bool {
    words(name, Language::Dutch).starts_with(PART)
}

#[cfg(test)]
mod tests {
    use schakel_domain::monitor::report::Figure;
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_figure_of_a_report_has_words_and_nothing_else_has() {
        let all: Vec<String> = Figure::iter().map(|figure| figure.to_string()).collect();
        let said: Vec<&str> = FIGURES.iter().map(|(name, ..)| *name).collect();
        assert_eq!(said, all);
        assert_eq!(figure("LRV_STILL", Language::English), "still long away on the last day");
        assert!(is_part("LRV_STILL") && !is_part("LRV"));
    }
}
