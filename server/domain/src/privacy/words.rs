//! The words of an export on paper: what each field is called in Dutch, and what its codes mean.

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use chrono_tz::Europe::Amsterdam;

use crate::{refusal::Language, time::day_in_words};

/// Each field of an export and what it is called, in the order in which a page shows them.
const LABELS: &[(&str, &str)] = &[
    ("schema", "Vorm van dit bestand"),
    ("made_at", "Gemaakt op"),
    ("region", "Samenwerkingsverband"),
    ("child", "Het kind"),
    ("parents", "Ouders en verzorgers"),
    ("former_parents", "Wie ouder was in dit dossier"),
    ("left_at", "Niet meer sinds"),
    ("own_part", "Uw deel van het dossier"),
    ("cases", "Dossiers"),
    ("case", "Dossiernummer"),
    ("consultation", "Overlegnummer"),
    ("hulpvraag", "Nummer van de hulpvraag"),
    ("person", "Persoonsnummer"),
    ("display_name", "Naam"),
    ("birth_date", "Geboortedatum"),
    ("email", "E-mail"),
    ("phone", "Telefoon"),
    ("language", "Taal"),
    ("gezag", "Gezag"),
    ("address_confidential", "Geheim adres"),
    ("contact_left_out", "Contactgegevens weggelaten"),
    ("registered_at", "Vastgelegd op"),
    ("reference", "Kenmerk om te noemen"),
    ("kind", "Soort"),
    ("state", "Stand"),
    ("stage", "Fase"),
    ("escalation_level", "Escalatie (0 tot 4)"),
    ("escalated_on", "Op dat niveau sinds"),
    ("school", "School"),
    ("gemeente_code", "Woongemeente (code)"),
    ("hold", "Apart gezet"),
    ("regisseur", "Regisseur"),
    ("opened_at", "Geopend op"),
    ("closed_at", "Gesloten op"),
    ("reopened", "Aantal keer heropend"),
    ("outcome", "Uitkomst"),
    ("outcome_date", "Datum van de uitkomst"),
    ("next_action_date", "Volgende stap op"),
    ("question", "Vraag"),
    ("absence", "Verzuim"),
    ("first_day", "Eerste dag"),
    ("hours_missed", "Gemiste uren"),
    ("hours", "Uren"),
    ("milestones", "Mijlpalen"),
    ("moment", "Gebeurtenis"),
    ("date", "Datum"),
    ("application_extended", "Beslistermijn verlengd"),
    ("facts", "Wat er is vastgelegd"),
    ("plan", "Wat er is afgesproken te doen"),
    ("side", "Van welke kant"),
    ("fact", "Nummer van het feit"),
    ("corrects", "In plaats van feit"),
    ("timeline", "Wat er gebeurde"),
    ("time", "Tijdstip"),
    ("text", "Tekst"),
    ("role", "Functie"),
    ("organisation", "Organisatie"),
    ("subject", "Gaat over"),
    ("deadlines", "Termijnen"),
    ("basis", "Grondslag"),
    ("start_date", "Begint op"),
    ("due_date", "Uiterlijk op"),
    ("done_date", "Gedaan op"),
    ("provider_reason", "Waarom een aanbieder van jeugdhulp komt"),
    ("met_date", "Gehaald op"),
    ("wishes", "Wensen voor een overleg"),
    ("meeting_language", "Taal van het overleg"),
    ("interpreter", "Tolk nodig"),
    ("earliest", "Niet voor"),
    ("latest", "Klaar om"),
    ("never_on", "Nooit op"),
    ("online", "Liever online"),
    ("large_print", "Grote letters"),
    ("supporter_kind", "Wie meekomt"),
    ("supporter_name", "Naam van wie meekomt"),
    ("supporter_email", "E-mailadres van wie meekomt"),
    ("changed_at", "Gewijzigd op"),
    ("time_polls", "Voorgestelde tijdstippen"),
    ("proposal", "Nummer van het voorstel"),
    ("minutes", "Duur in minuten"),
    ("options", "Tijdstippen"),
    ("answer_before", "Antwoord voor"),
    ("made_as", "Gemaakt door"),
    ("deadline_told_at", "Einde gemeld op"),
    ("voters", "Gevraagd"),
    ("votes", "Antwoorden"),
    ("asked_at", "Gevraagd op"),
    ("reminded_at", "Herinnerd op"),
    ("released_at", "Afgezegd op"),
    ("waiting", "Wacht op een tijdstip"),
    ("entry", "Nummer op de wachtlijst"),
    ("urgency", "Hoe dringend"),
    ("since", "Sinds"),
    ("offer_starts_at", "Aangeboden tijdstip"),
    ("offer_expires_at", "Aanbod geldt tot"),
    ("passed_over_until", "Overgeslagen tot"),
    ("replaces", "In plaats van overleg"),
    ("seats", "Gevraagd"),
    ("offered", "Kan komen"),
    ("meetings", "Overleggen"),
    ("starts_at", "Begin"),
    ("ends_at", "Einde"),
    ("place", "Plaats"),
    ("parent_exception", "Waarom geen ouder met gezag is uitgenodigd"),
    ("short_notice", "Waarom het korter van tevoren is dan gebruikelijk"),
    ("booked_as", "Gepland door"),
    ("booked_at", "Gepland op"),
    ("participants", "Deelnemers"),
    ("own", "Kind of ouder"),
    ("optional", "Mag ontbreken"),
    ("answer", "Antwoord"),
    ("answered_at", "Beantwoord op"),
    ("decline_reason", "Waarom niet"),
    ("attended", "Aanwezig"),
    ("proposals", "Voorgesteld op de pagina van de uitnodiging"),
    ("by", "Door"),
    ("decided_at", "Besloten op"),
    ("child_heard", "Kind gehoord"),
    ("child_heard_note", "Wat het kind zei, of waarom het niet is gehoord"),
    ("jgt_hulp_gewenst", "Hulp van het team gewenst"),
    ("jgt_role", "Gevraagde functie"),
    ("jgt_target", "Gevraagd voor"),
    ("decided_with", "Besloten met"),
    ("summary", "Samenvatting"),
    ("actions", "Afspraken"),
    ("owner", "Wie"),
    ("invitations", "Uitnodigingen"),
    ("to", "Aan"),
    ("told_at", "Verteld op"),
    ("notices", "Aantal berichten"),
    ("sequence", "Versie van de afspraak"),
    ("message_id", "Berichtnummer"),
    ("channel", "Hoe verteld"),
    ("mails", "Verstuurde mail"),
    ("created_at", "Gemaakt op"),
    ("done_at", "Afgehandeld op"),
    ("attempts", "Pogingen"),
    ("last_error", "Laatste fout"),
    ("hulpvragen", "Hulpvragen"),
    ("team", "Team"),
    ("target_date", "Gewenst voor"),
    ("answer_due_date", "Antwoord uiterlijk op"),
    ("rectifications", "Verbeteringen en verklaringen"),
    ("fields", "Gegevens"),
    ("asked_by", "Gevraagd door"),
    ("before", "Stond er eerst"),
    ("statement", "Verklaring"),
    ("reason", "Reden"),
    ("legal_holds", "Niet vernietigen"),
    ("set_at", "Gezet op"),
    ("lifted_at", "Opgeheven op"),
    ("consents", "Toestemmingen"),
    ("gives", "Wie deelt"),
    ("receives", "Wie ontvangt"),
    ("given_date", "Gegeven op"),
    ("meeting_date", "Gevraagd voor het overleg van"),
    ("expire_date", "Geldig tot en met"),
    ("exception", "Waarom niet iedereen tekende"),
    ("signatures", "Handtekeningen"),
    ("signer", "Wie tekende"),
    ("note", "Wat erbij is opgeschreven"),
    ("recorded_at", "Opgeschreven op"),
    ("withdrawn_at", "Ingetrokken op"),
    ("withdrawn_by", "Ingetrokken door"),
    ("withdrawal_note", "Wat bij het intrekken is opgeschreven"),
    ("emergencies", "Geopend in een noodgeval"),
    ("ended_at", "Eerder beëindigd op"),
    ("decisions", "Besluiten met doorzettingsmacht"),
    ("decision", "Nummer van het besluit"),
    ("decide_date", "Besloten op (dag)"),
    ("obliged_organisation", "Wie het uitvoert"),
    ("checks", "Is het uitgevoerd?"),
    ("complied", "Uitgevoerd"),
    ("found", "Wat is gevonden"),
    ("views", "Hoe anderen en u het zien"),
    ("view", "Nummer van de zienswijze"),
    ("about", "Waarover"),
    ("answers", "Antwoord op zienswijze"),
    ("party", "Van welke organisatie"),
    ("kept", "Bewaartermijnen"),
    ("class", "Soort gegevens"),
    ("until", "Bewaard tot"),
    ("access_report", "Wie heeft dit gezien of veranderd"),
    ("deed", "Wat is gedaan"),
    ("object", "Waarmee"),
    ("classes", "Welke gegevens"),
    ("purpose", "Waarvoor"),
    ("emergency", "In een noodgeval"),
    ("times", "Aantal keer"),
    ("left_out", "Wat hier niet in staat"),
    ("what", "Wat"),
    ("why", "Waarom niet"),
];

/// Codes whose own letters are no plain Dutch; others are read as they are.
const WORDS: &[(&str, &str)] = &[
    ("OPEN", "open"),
    ("CLOSED", "gesloten"),
    ("RESTRICTED", "beperkt: wordt gelezen, niet gewijzigd"),
    ("ARCHIVED", "archief"),
    ("YES", "ja"),
    ("NO", "nee"),
    ("UNKNOWN", "onbekend"),
    ("PLANNED", "gepland"),
    ("HELD", "geweest"),
    ("CANCELLED", "afgezegd"),
    ("REQUESTED", "gevraagd"),
    ("FORWARDED", "doorgestuurd"),
    ("ACCEPTED", "aangenomen"),
    ("DECLINED", "afgewezen"),
    ("WAITING", "wacht"),
    ("OFFERED", "tijdstip aangeboden"),
    ("BOOKED", "gepland"),
    ("LEFT", "van de lijst"),
    ("ROUTINE", "wanneer het kan"),
    ("SOON", "snel"),
    ("URGENT", "dringend"),
    ("TENTATIVE", "misschien"),
    ("NEEDS_ACTION", "nog geen antwoord"),
    ("PROPOSED", "ander tijdstip voorgesteld"),
    ("DONE", "klaar"),
    ("DROPPED", "vervallen"),
    ("EDUCATION", "onderwijs"),
    ("CARE", "zorg"),
    ("DEAD", "niet gelukt"),
    ("PENDING", "wacht"),
    ("RUNNING", "loopt"),
    ("DUE_SOON", "bijna voorbij"),
    ("OVERDUE", "te laat"),
    ("COMPLIED", "uitgevoerd"),
    ("NOT_COMPLIED", "niet uitgevoerd"),
    ("CASE", "het dossier"),
    ("PLAN", "het plan"),
    ("DECISION", "een besluit met doorzettingsmacht"),
    ("MET", "gehaald"),
    ("SUSPENDED", "stilgezet"),
    ("IBER", "intern begeleider"),
    ("BOCER", "bovenschoolse ondersteuningscoördinator"),
    ("SWV_ADVISEUR", "adviseur van het samenwerkingsverband"),
    ("SMW", "schoolmaatschappelijk werker"),
    ("BEHEERDER", "functioneel beheerder"),
    ("FG", "functionaris gegevensbescherming"),
    ("SCHOOL_FILE", "leerlingdossier"),
    ("SPECIAL_EDUCATION", "leerlingdossier (speciaal onderwijs)"),
    ("ABSENCE", "verzuim en inschrijving"),
    ("SWV_DOSSIER", "dossier samenwerkingsverband"),
    ("LEERPLICHT", "dossier leerplicht"),
    ("AUDIT_LOG", "logboek"),
    ("OUTBOX_BODY", "tekst van mail"),
    ("STORED_ANSWER", "bewaarde antwoorden"),
    ("CORRECTED", "verbeterd"),
    ("STATEMENT", "verklaring toegevoegd"),
    ("CHILD", "kind"),
    ("PARENT", "ouder"),
    ("REPRESENTATIVE", "vertegenwoordiger"),
    ("OTHER", "iemand anders"),
    ("ORGANISATION", "organisatie"),
    ("C", "aangemaakt"),
    ("R", "gelezen"),
    ("U", "gewijzigd"),
    ("D", "vernietigd"),
    ("E", "verstuurd"),
    ("X", "uitgegeven"),
    ("NEW", "uitnodiging"),
    ("MOVED", "verzet"),
    ("REMOVED", "niet meer nodig"),
    ("HOME", "thuis"),
    ("ONLINE", "online"),
    ("PHONE", "telefonisch"),
    ("MAIL", "per mail"),
    ("PAPER", "op papier"),
    ("WEB", "op de pagina"),
    ("OTHER_TIME", "ander tijdstip"),
    ("SOMEBODY_ELSE", "iemand anders komt"),
    ("REFUSED", "niet gelukt"),
    ("OUTDATED", "niet meer van toepassing"),
    ("NOT_AVAILABLE", "kon niet"),
    ("TOO_SHORT_NOTICE", "te kort van tevoren"),
    ("TOO_FAR", "te ver weg"),
    ("PREFER_ONLINE", "liever online"),
    ("CALL_ME", "wilde gebeld worden"),
];

/// What `field` of an export is called, and its place on the page.
pub fn label(field: &str) -> Option<(usize, &'static str)> {
    let at = LABELS.iter().position(|(known, _)| *known == field)?;
    Some((at, LABELS[at].1))
}

/// A code in words.
pub(super) fn word(code: &str) -> String {
    match WORDS.iter().find(|(known, _)| *known == code) {
        Some((_, word)) => (*word).to_owned(),
        None => code.to_lowercase().replace('_', " "),
    }
}

/// Whether a text is a code and no sentence of somebody.
pub(super) fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// `23 november 2026`.
pub(super) fn date(date: NaiveDate) -> String {
    day_in_words(date, Language::Dutch)
}

/// `23 november 2026, 09:00`, on the Dutch clock.
pub(super) fn moment(instant: DateTime<Utc>) -> String {
    let local = instant.with_timezone(&Amsterdam);
    format!("{}, {:02}:{:02}", date(local.date_naive()), local.hour(), local.minute())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::IntoEnumIterator;

    use super::*;
    use crate::privacy::{RetentionClass, Why};

    #[test]
    fn each_field_and_each_code_has_one_name() {
        assert_eq!(LABELS.iter().map(|(field, _)| field).collect::<BTreeSet<_>>().len(), LABELS.len());
        assert_eq!(WORDS.iter().map(|(code, _)| code).collect::<BTreeSet<_>>().len(), WORDS.len());
        assert_eq!(label("child").map(|(_, name)| name), Some("Het kind"));
        assert_eq!(label("nothing"), None);
    }

    #[test]
    fn codes_are_read_as_words() {
        assert_eq!(word("TERUG_EIGEN_SCHOOL"), "terug eigen school");
        assert_eq!(word("FG"), "functionaris gegevensbescherming");
        assert!(is_code("T02") && is_code("OPEN") && !is_code("Open") && !is_code(""));
        assert!(RetentionClass::iter().all(|class| is_code(class.into())));
        assert!(Why::iter().all(|why| is_code(why.into())));
    }
}
