//! Every way a rule says no: one enum, whose variant names are the API's reasons.

use crate::bound::Bound;

/// The language a refusal is told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Plain Dutch (B1), the default.
    #[default]
    Dutch,
    /// English, for callers that ask for it.
    English,
}

/// What a refusal is about: the request itself, or the state of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The request breaks its own rules, whatever the state of the world.
    Argument,
    /// The request is well-formed; what stands in the register forbids it.
    State,
}

macro_rules! refusals {
    ($($fault:ident { $($(#[$doc:meta])* $name:ident: $dutch:literal, $english:literal;)* })*) => {
        /// A rule that said no. The variant's name is the `ErrorInfo.reason`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::EnumIter, strum::Display)]
        #[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
        pub enum Refusal {$($($(#[$doc])* $name,)*)*}

        impl Refusal {
            /// Whether the request or the state of the world is at fault.
            #[must_use]
            pub fn fault(self) -> Fault {
                match self {$($(Self::$name => Fault::$fault,)*)*}
            }

            /// What was wrong and what to do, without a word of what the caller sent.
            #[must_use]
            pub fn text(self, language: Language) -> &'static str {
                match (self, language) {$($(
                    (Self::$name, Language::Dutch) => $dutch,
                    (Self::$name, Language::English) => $english,
                )*)*}
            }
        }
    };
}

refusals! {
    Argument {
        /// A required field is empty.
        FieldRequired: "Dit veld is verplicht.", "This field is required.";
        /// The field's form is wrong.
        FieldInvalid: "Deze waarde kan hier niet, of heeft niet de juiste vorm.",
            "This value is not possible here, or does not have the right form.";
        /// A control, bidi-override or lone carriage-return character.
        TextControlChars: "De tekst bevat stuurtekens. Haal ze weg.", "The text contains control characters. Remove them.";
        /// Longer than the field allows.
        TextTooLong: "De tekst is te lang.", "The text is too long.";
        /// Not an address that mail can be sent to safely.
        EmailInvalid: "Dit is geen geldig e-mailadres.", "This is not a valid e-mail address.";
        /// Nine digits that pass the 11-proef.
        BsnRefused: "De tekst bevat een burgerservicenummer. Dat mag hier niet staan.",
            "The text contains a citizen service number (BSN). It may not be stored here.";
        /// The end is not after the start, or the stretch is too long.
        TimeRangeInvalid: "Het einde moet na het begin liggen, en niet te ver.", "The end must come after the start, and not too far after it.";
        /// Before or after what can be planned.
        TimeOutOfBounds: "Deze dag kan hier niet: te vroeg of te laat.", "This day is not possible here: too early or too late.";
        /// Seconds or nanoseconds outside the protobuf range.
        TimestampInvalid: "Dit tijdstip bestaat niet.", "This is not a valid timestamp.";
        /// Not a zone of the IANA database.
        TimezoneUnknown: "Deze tijdzone bestaat niet.", "This time zone does not exist.";
        /// In the gap when the clock goes forward.
        NonexistentLocalTime: "Dit tijdstip bestaat niet: de klok gaat dan vooruit.", "This local time does not exist: the clock goes forward then.";
        /// More participants than a meeting may have.
        TooManyAttendees: "Er zijn te veel deelnemers.", "There are too many participants.";
        /// The same person twice.
        DuplicateAttendee: "Deze deelnemer staat er twee keer in.", "This participant is listed twice.";
        /// A negative page size.
        PageSizeInvalid: "De paginagrootte mag niet negatief zijn.", "The page size may not be negative.";
        /// Altered, another caller's, or of another filter.
        PageTokenInvalid: "Dit paginateken past niet bij deze vraag. Begin opnieuw.", "This page token does not belong to this request. Start again without one.";
        /// Every change carries a request id.
        RequestIdRequired: "Geef een request_id (UUID) mee.", "Send a request_id (a UUID).";
        /// The id was used for another request.
        RequestIdReused: "Deze request_id is al voor iets anders gebruikt. Neem een nieuwe.", "This request_id was used for another request. Take a new one.";
        /// Updates say which version they change.
        EtagRequired: "Geef de etag mee die u hebt gelezen.", "Send the etag that you read.";
        /// The mask names no field that can be changed.
        MaskInvalid: "De update_mask noemt een veld dat niet kan veranderen.", "The update_mask names a field that cannot change.";
        /// The caller has more than one valid membership.
        ActingForRequired: "Zeg met schakel-acting-for namens welke organisatie u dit doet.", "Say with schakel-acting-for for which organisation you act.";
        /// A system wants something that is about a child.
        OnBehalfOfRequired: "Zeg met schakel-on-behalf-of voor welke persoon het systeem dit doet.",
            "Say with schakel-on-behalf-of for which person the system does this.";
        /// The message or upload is larger than the limit.
        MessageTooLarge: "Het bericht is te groot.", "The message is too large.";
        /// The protobuf bytes cannot be read.
        MalformedMessage: "Het bericht is beschadigd of onleesbaar.", "The message is malformed.";
        /// The gRPC frame cannot be read.
        MalformedFrame: "Het bericht is niet goed ingepakt.", "The message frame is malformed.";
        /// The file is not a CSV of the expected kind.
        CsvHeaderInvalid: "De eerste regel van het bestand noemt niet alle kolommen.", "The first line of the file does not name every column.";
        /// Not an iCalendar file, or one that is too large or too deep.
        CalendarUnreadable: "Dit bestand is geen leesbare agenda (iCalendar).", "This file is not a readable calendar (iCalendar).";
        /// A parent with gezag is missing from a meeting about a child.
        ParentRequired: "Nodig ten minste een ouder met gezag uit, of geef de reden waarom niet.",
            "Invite at least one parent with custody (gezag), or give the reason why not.";
        /// The kind of meeting needs another role at the table.
        RoleRequired: "Bij dit soort overleg hoort nog een andere functie aan tafel.", "This kind of meeting needs another role at the table.";
        /// A provider of youth help comes only when the problem exceeds the school.
        ProviderReasonRequired: "Zeg waarom het probleem de school te boven gaat: pas dan komt een aanbieder van jeugdhulp aan tafel.",
            "Say why the problem exceeds the school: only then does a provider of youth help come to the table.";
        /// No such person, or nobody the caller may plan with.
        PersonNotFound: "Deze persoon is niet gevonden.", "This person was not found.";
        /// No such affiliation in the region.
        AffiliationNotFound: "Deze aanstelling is niet gevonden.", "This affiliation was not found.";
        /// No such school in the region.
        SchoolNotFound: "Deze school is niet gevonden.", "This school was not found.";
        /// No such room, or not at the place of the meeting on that day.
        RoomNotFound: "Deze ruimte is niet gevonden op deze plek.", "This room was not found at this place.";
        /// More people than chairs.
        RoomTooSmall: "Deze ruimte is te klein voor alle deelnemers.", "This room is too small for all participants.";
        /// Nobody goes to a home alone without saying why.
        TwoProfessionalsRequired: "Ga met ten minste twee professionals op huisbezoek, of geef de reden waarom niet.",
            "Visit a home with at least two professionals, or give the reason why not.";
        /// The meeting is shorter or longer than its kind allows.
        DurationInvalid: "Deze duur past niet bij dit soort overleg.", "This duration does not fit this kind of meeting.";
        /// The kind of meeting asks for more time between booking and start.
        NoticeTooShort: "Dit is te kort van tevoren voor dit soort overleg. Kies een later tijdstip, of zeg waarom het niet kan wachten.",
            "This is too short a notice for this kind of meeting. Choose a later time, or say why it cannot wait.";
        /// Too few professionals came for the meeting to decide.
        QuorumNotMet: "Er waren te weinig mensen om iets te besluiten. Zeg dat er niets is besloten.",
            "Too few people came to decide anything. Say that nothing was decided.";
        /// Somebody has not signed whose consent the law asks for at the age on that day.
        SignerRequired: "Op deze leeftijd moet nog iemand anders tekenen.", "At this age somebody else has to sign too.";
        /// A case ends with an exemption or substitute programme only while the facts say that it holds.
        ExemptionRequired: "Leg eerst als feit vast dat deze vrijstelling of vervangende leerplicht geldt, op de dag van de uitkomst en nu.",
            "Record first as a fact that this exemption or substitute programme holds, on the day of the outcome and now.";
        /// A reason that says nothing.
        ReasonTooShort: "Geef een reden van ten minste 20 tekens.", "Give a reason of at least 20 characters.";
    }
    State {
        /// Someone at the table is already taken at that time.
        TimeConflict: "Dit tijdstip is net bezet geraakt. Kies een ander tijdstip.", "This time has just been taken. Choose another time.";
        /// Not every meeting of a plan or series has a time.
        PlanIncomplete: "Niet alles kan worden gepland. Bekijk eerst het voorstel.",
            "Not everything can be planned. Look at the proposal first.";
        /// Somebody at the table takes no more meetings then.
        LimitReached: "Iemand aan tafel heeft dan al genoeg overleg of wil langer van tevoren worden gevraagd. Kies een ander tijdstip.",
            "Somebody at the table takes no more meetings then, or wants longer notice. Choose another time.";
        /// Nobody is on call, and nobody comes for the school.
        NobodyOnCall: "Er is nu niemand die gebeld kan worden. Bel bij gevaar 112.", "There is nobody to call now. In danger call 112.";
        /// No time for a crisis, whatever gives way.
        NoCrisisTime: "Binnen deze tijd kan niemand, ook niet als ander overleg wijkt. Bel wie dienst heeft.",
            "Within this time nobody can come, whatever gives way. Call who is on call.";
        /// No time is kept for this entry.
        NoOffer: "Er is geen tijd meer voor u vrijgehouden.", "No time is kept for you any more.";
        /// The hold is over.
        HoldExpired: "De reservering is verlopen. Kies opnieuw een tijdstip.", "The hold has expired. Choose a time again.";
        /// As many holds as one person may have.
        TooManyHolds: "U houdt al te veel tijden vast. Laat er eerst een los.", "You hold too many times already. Release one first.";
        /// The consultation was cancelled.
        ConsultationCancelled: "Dit overleg is afgezegd.", "This consultation was cancelled.";
        /// The consultation is over.
        ConsultationPast: "Dit overleg is al geweest.", "This consultation is already over.";
        /// The consultation has not been held yet.
        ConsultationNotHeld: "Dit overleg is nog niet geweest.", "This consultation has not taken place yet.";
        /// The outcome has been recorded and cannot change.
        OutcomeRecorded: "De uitkomst is al vastgelegd.", "The outcome has already been recorded.";
        /// A meeting is closed once each of its parts is.
        PartsOpen: "Leg eerst van elk deel van dit overleg de uitkomst vast.", "Record the outcome of every part of this consultation first.";
        /// A part changes with the meeting that it is a part of.
        PartOfMeeting: "Dit is een deel van een overleg. Verander het bij dat overleg.", "This is a part of a consultation. Change it there.";
        /// The person is not, or no longer, at this table.
        ParticipantUnknown: "Deze persoon zit niet bij dit overleg.", "This person is not a participant of this consultation.";
        /// The time proposal takes no answers and no decision any more.
        PollClosed: "Dit voorstel is gesloten.", "This proposal is closed.";
        /// The proposal was decided, or its meeting became another.
        ProposalClosed: "Over dit voorstel kan niet meer worden beslist.", "This proposal can no longer be decided.";
        /// Somebody who has to come said no to each of the times.
        NoOptionFits: "Op geen van deze tijdstippen kan iedereen die nodig is.", "At none of these times can everybody come who is needed.";
        /// The case is closed.
        CaseClosed: "Dit dossier is gesloten. Heropen het eerst.", "This case is closed. Reopen it first.";
        /// The processing of the case's data is restricted (AVG art. 18).
        CaseRestricted: "De verwerking van dit dossier is beperkt. Het kan nu niet veranderen.",
            "The processing of this case is restricted. It cannot change now.";
        /// The case is open.
        CaseOpen: "Dit dossier is nog open.", "This case is still open.";
        /// An open case of this child at this school exists.
        CaseExists: "Voor dit kind is al een dossier open.", "A case for this child is already open.";
        /// This stage cannot follow the present one.
        StageNotAllowed: "Deze stap kan niet op de huidige fase volgen.", "This stage cannot follow the present one.";
        /// The case is not below, or not above, that level of escalation, or nobody decides at its own.
        LevelNotAllowed: "Dit kan niet op het escalatieniveau van dit dossier.", "The escalation level of this case does not allow this.";
        /// This step takes another first, or is of another kind of track.
        StepNotAllowed: "Deze stap kan nu niet in dit traject.", "This step cannot be taken in this track now.";
        /// A start without enrolment, an exemption that does not hold, or one that does and is refused.
        FactsDisagree: "De feiten in het dossier zeggen iets anders. Leg eerst het feit vast of verbeter het.",
            "The facts of the case say otherwise. Record or correct the fact first.";
        /// No consent of the family lets who is asked share this with the caller.
        ConsentRequired: "Vraag eerst toestemming aan ouders of jeugdige: die moet noemen wie dit deelt, met wie en waarvoor.",
            "Ask the family for consent first: it must name who shares this, with whom and what for.";
        /// The outcome is recorded before the case moves on.
        OutcomeMissing: "Leg eerst de uitkomst van het laatste overleg vast.", "Record the outcome of the last consultation first.";
        /// The request is not in the state this step starts from.
        HulpvraagState: "Deze stap kan niet bij de huidige stand van de hulpvraag.", "This step cannot follow the present state of the request.";
        /// The signal was answered.
        SignalAnswered: "Dit signaal is al beantwoord.", "This signal has already been answered.";
        /// No team serves this school.
        NoTeam: "Bij deze school hoort nog geen team.", "No team serves this school.";
        /// No person with that role is linked or in the team.
        NoPersonForRole: "Niemand met deze functie is gekoppeld aan deze school.", "Nobody with this role is linked to this school.";
        /// The agreement is not waiting for this region.
        AgreementState: "Deze afspraak wacht niet op uw regio.", "This agreement does not wait for your region.";
        /// A natural key is already in use.
        AlreadyExists: "Dit bestaat al.", "This already exists.";
        /// The resource has ended and does not change any more.
        AlreadyEnded: "Dit is al beëindigd.", "This has already ended.";
        /// A school year without published holidays.
        HolidaysUnknown: "Voor dit schooljaar zijn de vakanties nog niet bekend.", "The school holidays of this year are not known yet.";
        /// The case is put aside already.
        AlreadyRestricted: "Dit dossier is al apart gezet.", "This case is already put aside.";
        /// The case is not restricted.
        NotRestricted: "Dit dossier is niet beperkt.", "This case is not restricted.";
        /// A legal hold keeps the case from being destroyed.
        LegalHold: "Dit dossier mag nu niet worden vernietigd.", "A legal hold keeps this case from being destroyed.";
        /// Everything of it must still be kept, or there is nothing.
        NothingToDestroy: "Er is nu niets dat vernietigd mag worden.", "There is nothing that may be destroyed now.";
        /// Who proposed may not approve.
        SecondPersonRequired: "Een ander dan wie het voorstelde moet dit goedkeuren.", "Somebody else than who proposed this must approve it.";
        /// What was proposed is not what would be destroyed now.
        ProposalOutdated: "Er is iets veranderd sinds het voorstel. Maak een nieuw voorstel.", "Something has changed since this was proposed. Propose it again.";
        /// The person has as many calendars elsewhere as can be kept.
        TooManyCalendars: "Er zijn al 10 agenda's gekoppeld. Haal er eerst een weg.", "There are 10 calendars already. Remove one first.";
        /// The organisation has as many subscriptions as can be kept.
        TooManySubscriptions: "Er zijn al 10 systemen aangemeld. Haal er eerst een weg.", "There are 10 subscriptions already. Remove one first.";
        /// The region has not set every retention term.
        RetentionTermMissing: "Een bewaartermijn van deze regio ontbreekt. Vul die eerst in.", "A retention term of this region is missing. Set it first.";
        /// The region has no legal basis in force to look for households.
        HouseholdBasisMissing: "Deze regio heeft nu geen grondslag om gezinnen te koppelen. Vraag de functionaris gegevensbescherming of de beheerder om die vast te leggen.", "This region has no legal basis in force to link households. Ask the privacy officer or the administrator to set one.";
    }
}

/// A field of a request and why it was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The path of the field, as the API spells it: `seats[2].candidates`.
    pub field: String,
    /// What is wrong with it.
    pub refusal: Refusal,
    /// The form that was expected, where the refusal's own text does not say it.
    pub form: Option<String>,
    /// What would have been right, where that is known: told in the place of the refusal's own text.
    pub bound: Option<Bound>,
}

impl Violation {
    /// A violation of the named field, of which the refusal says enough.
    pub fn new(field: impl Into<String>, refusal: Refusal) -> Self {
        Self { field: field.into(), refusal, form: None, bound: None }
    }

    /// The same, of which it is known what would have been right.
    pub fn bound(field: impl Into<String>, refusal: Refusal, bound: Bound) -> Self {
        Self { bound: Some(bound), ..Self::new(field, refusal) }
    }

    /// What was wrong, without a word of what the caller sent.
    #[must_use]
    pub fn text(&self, language: Language) -> &'static str {
        self.bound.map_or_else(|| self.refusal.text(language), |bound| bound.text(language))
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_refusal_has_a_reason_and_two_texts() {
        for refusal in Refusal::iter() {
            let reason: &str = refusal.into();
            assert!(reason.chars().all(|c| c.is_ascii_uppercase() || c == '_'), "{reason}");
            assert_ne!(refusal.text(Language::Dutch), refusal.text(Language::English), "{reason}");
        }
    }
}
