//! The dated moments of a case that clocks start, stop and end with.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::{access::Class, refusal::Language};

macro_rules! moments {
    ($($(#[$doc:meta])* $name:ident: $dutch:literal, $english:literal;)*) => {
        /// A dated moment. Profiles name these as starts and ends of their norms; each can
        /// happen more than once.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::Display, strum::EnumString,
            strum::EnumIter, strum::IntoStaticStr, serde::Serialize, serde::Deserialize,
        )]
        #[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum Moment {$($(#[$doc])* $name,)*}

        impl Moment {
            /// What it is called in a sentence.
            #[must_use]
            pub fn name(self, language: Language) -> &'static str {
                match (self, language) {$(
                    (Self::$name, Language::Dutch) => $dutch,
                    (Self::$name, Language::English) => $english,
                )*}
            }
        }
    };
}

moments! {
    /// Somebody worried aloud.
    Signalled: "eerste zorg", "first worry";
    /// First day of the present absence; after a relapse that of the new one.
    FirstAbsenceDay: "eerste dag thuis", "first day at home";
    /// Derived, never stored: the day the hours without valid reason reached the threshold.
    SixteenHoursReached: "grens van 16 uur bereikt", "limit of 16 hours reached";
    /// Derived, never stored: the first day on which the latest absence was long, whether or not it still is.
    LongAbsenceReached: "langer dan vier weken thuis", "more than four weeks at home";
    /// First day of a sick report.
    SickReported: "ziekmelding", "sick report";
    /// Derived, never stored: the day of the sick report that made them many.
    SickOftenReached: "te vaak ziek gemeld", "reported sick too often";
    /// The school worries about sick reports, whatever their number.
    SicknessWorries: "zorgen over ziekmelden", "worry about sick reports";
    /// School spoke with parents and child.
    SchoolTalkHeld: "gesprek op school", "talk at school";
    /// School asked school social work or youth health care.
    ConsultAsked: "consult gevraagd", "consult asked for";
    /// The request was answered with a date or a no.
    ConsultAnswered: "antwoord op de vraag", "answer to the request";
    /// The consult took place.
    ConsultHeld: "consult", "consult";
    /// The jeugdarts saw the child.
    JeugdartsConsulted: "gesprek met de jeugdarts", "talk with the youth doctor";
    /// The head reported the absence to DUO.
    ReportedToDuo: "melding bij DUO", "report to DUO";
    /// The end date of that report; hours are counted anew from the day after.
    ReportEnded: "einde van de melding", "end of the report";
    /// The leerplichtambtenaar spoke with the parents or the child.
    LeerplichtContacted: "contact met leerplicht", "contact with the attendance officer";
    /// The ondersteuningsteam met about the child.
    OtHeld: "ondersteuningsteam", "support team";
    /// The samenwerkingsverband is involved.
    SwvInvolved: "samenwerkingsverband erbij", "samenwerkingsverband involved";
    /// The rondetafel took place.
    RondetafelHeld: "rondetafel", "round table";
    /// Parents and school signed the plan.
    PlanSigned: "plan ondertekend", "plan signed";
    /// Derived, never stored: the day on which leave passed what a head may grant in a school year.
    LeaveBeyondTen: "meer dan tien dagen verlof", "more than ten days of leave";
    /// The leerplichtambtenaar decided on leave.
    LeaveDecided: "besluit van leerplicht over verlof", "decision of the attendance officer on leave";
    /// The leerplichtambtenaar drew up a proces-verbaal for breach of the Leerplichtwet.
    ProcesVerbaal: "proces-verbaal opgemaakt", "proces-verbaal drawn up";
    /// The leerplichtambtenaar sent the youth to Halt.
    HaltReferred: "verwezen naar Halt", "referred to Halt";
    /// It was decided that the child gets extra support.
    ExtraSupportDecided: "besluit over extra ondersteuning", "decision on extra support";
    /// Enrolled at the present school.
    Enrolled: "inschrijving", "enrolment";
    /// The gemeente was told of the enrolment.
    EnrolmentNotified: "inschrijving doorgegeven", "enrolment notified";
    /// Taken off the list of pupils.
    Deregistered: "uitschrijving", "deregistration";
    /// The gemeente was told of that.
    DeregistrationNotified: "uitschrijving doorgegeven", "deregistration notified";
    /// The ontwikkelingsperspectief was established.
    OppMade: "ontwikkelingsperspectief gemaakt", "development perspective made";
    /// Parents agreed to its handelingsdeel.
    ActionPartAgreed: "ouders akkoord met het handelingsdeel", "parents agreed to the action part";
    /// It was adjusted.
    OppAdjusted: "ontwikkelingsperspectief aangepast", "development perspective adjusted";
    /// It was evaluated with the parents.
    OppEvaluated: "ontwikkelingsperspectief besproken", "development perspective evaluated";
    /// It ended.
    OppEnded: "ontwikkelingsperspectief gestopt", "development perspective ended";
    /// Its start is registered in ROD.
    OppRegistered: "begin geregistreerd in ROD", "start registered in ROD";
    /// Its end is registered in ROD.
    OppEndRegistered: "einde geregistreerd in ROD", "end registered in ROD";
    /// The child was heard about it.
    ChildHeard: "kind gehoord", "child heard";
    /// Planned: the day on which the child would like to come.
    AdmissionWished: "gewenste eerste schooldag", "wished first school day";
    /// Parents asked for admission in writing.
    AdmissionRequested: "aanmelding", "application";
    /// The school announced that it needs the second term.
    AdmissionExtended: "uitstel gemeld", "extension announced";
    /// The school decided on admission.
    AdmissionDecided: "besluit over toelating", "decision on admission";
    /// It refused.
    AdmissionRefused: "weigering", "refusal";
    /// Parents took the application back.
    AdmissionWithdrawn: "aanmelding ingetrokken", "application withdrawn";
    /// Another school is willing to admit the child.
    OtherSchoolWilling: "andere school bereid", "another school willing";
    /// Placed for the time being, for want of a decision.
    TemporarilyPlaced: "tijdelijke plaatsing", "temporary placement";
    /// The group's teacher was heard about a removal.
    TeacherHeard: "leraar gehoord", "teacher heard";
    /// The school decided to remove the child.
    RemovalDecided: "besluit tot verwijdering", "decision to remove";
    /// The gemeente was told of that decision.
    GemeenteInformed: "gemeente ingelicht", "gemeente told";
    /// The child was removed.
    Removed: "verwijdering", "removal";
    /// A fitting offer of education and/or care was made.
    OfferMade: "passend aanbod", "fitting offer";
    /// The first attended day after the absence.
    Returned: "terug op school", "back at school";
    /// The build-up is complete.
    AttendanceStable: "weer volledig op school", "attendance stable";
    /// First check point after the return.
    AftercareFirst: "eerste nazorggesprek", "first aftercare talk";
    /// Second check point.
    AftercareSecond: "tweede nazorggesprek", "second aftercare talk";
    /// Last check point.
    AftercareLast: "laatste nazorggesprek", "last aftercare talk";
    /// An arrangement began.
    ArrangementStarted: "begin van het arrangement", "start of the arrangement";
    /// It was evaluated.
    ArrangementEvaluated: "arrangement geëvalueerd", "arrangement evaluated";
    /// It ended.
    ArrangementEnded: "einde van het arrangement", "end of the arrangement";
    /// An onderwijszorgarrangement began.
    OzaStarted: "begin van het onderwijszorgarrangement", "start of the education and care arrangement";
    /// It was evaluated.
    OzaEvaluated: "onderwijszorgarrangement geëvalueerd", "education and care arrangement evaluated";
    /// It ended.
    OzaEnded: "einde van het onderwijszorgarrangement", "end of the education and care arrangement";
    /// A toelaatbaarheidsverklaring was applied for.
    TlvRequested: "aanvraag TLV", "TLV applied for";
    /// The applicant was asked to complete the application (Awb art. 4:5).
    TlvCompletionAsked: "aanvulling gevraagd voor TLV", "completion of the TLV application asked for";
    /// It was completed, or the time for that ran out.
    TlvCompleted: "aanvraag TLV aangevuld", "TLV application completed";
    /// Two experts advised (WPO art. 18a(11)).
    TlvExpertsAdvised: "advies van deskundigen", "advice of experts";
    /// The samenwerkingsverband decided on it and made it known.
    TlvDecided: "besluit over TLV", "decision on the TLV";
    /// Whoever applied took it back: no decision on it comes.
    TlvWithdrawn: "aanvraag TLV ingetrokken", "application for a TLV withdrawn";
    /// Somebody objected to that.
    TlvObjectionReceived: "bezwaar tegen TLV-besluit", "objection to the TLV decision";
    /// The decision on the objection was put off (Awb art. 7:10(3)).
    TlvObjectionExtended: "verdaging gemeld", "postponement announced";
    /// The objection was decided.
    TlvObjectionDecided: "besluit op bezwaar tegen TLV-besluit", "decision on the objection to the TLV decision";
    /// Whoever objected took it back, or the parties agreed: no decision on it comes.
    TlvObjectionEnded: "bezwaar tegen TLV-besluit gestopt", "objection to the TLV decision ended";
    /// First day of the toelaatbaarheidsverklaring.
    TlvValidFrom: "begin van de TLV", "start of the TLV";
    /// Planned: its last day.
    TlvExpires: "einde van de TLV", "end of the TLV";
    /// A new one was applied for.
    TlvRenewalRequested: "verlenging TLV gevraagd", "renewal of the TLV applied for";
    /// Youth help was applied for.
    YouthHelpRequested: "aanvraag jeugdhulp", "youth help applied for";
    /// The applicant was asked to complete the application.
    YouthHelpCompletionAsked: "aanvulling gevraagd voor jeugdhulp", "completion for youth help asked for";
    /// It was completed, or the time for that ran out.
    YouthHelpCompleted: "aanvraag jeugdhulp aangevuld", "application for youth help completed";
    /// The gemeente decided on it.
    YouthHelpDecided: "besluit over jeugdhulp", "decision on youth help";
    /// First day on which the school suspended the child.
    SuspendedFromSchool: "schorsing", "suspension";
    /// Derived, never stored: first day of a suspension that lasts longer than that day.
    SuspendedLonger: "schorsing van meer dan een dag", "suspension of more than a day";
    /// Last day of the suspension.
    SuspensionEnded: "laatste dag van de schorsing", "last day of the suspension";
    /// The Inspectie was told in writing.
    InspectieInformed: "Inspectie ingelicht", "Inspectorate told";
    /// A decision on admission or removal was made known to the parents.
    DecisionAnnounced: "besluit bekendgemaakt", "decision made known";
    /// Parents objected to a decision on admission or removal.
    ObjectionReceived: "bezwaar ontvangen", "objection received";
    /// The objection was decided.
    ObjectionDecided: "besluit op bezwaar", "decision on the objection";
    /// Parents took that objection back, or the parties agreed: no decision on it comes.
    ObjectionEnded: "bezwaar gestopt", "objection ended";
    /// The dispute with the school arose.
    DisputeArose: "begin van het geschil", "start of the dispute";
    /// Parents went to the Geschillencommissie passend onderwijs.
    DisputeFiled: "zaak bij de Geschillencommissie", "case at the disputes committee";
    /// The Geschillencommissie asked the school to reply.
    ReplyAsked: "verweer gevraagd", "reply asked for";
    /// The school replied.
    ReplySent: "verweer gestuurd", "reply sent";
    /// The Geschillencommissie gave its opinion.
    DisputeOpinion: "oordeel van de Geschillencommissie", "opinion of the disputes committee";
    /// Parents took the case there back, or the parties agreed: no opinion comes.
    DisputeEnded: "zaak bij de Geschillencommissie gestopt", "case at the disputes committee ended";
    /// Escalated to the thuiszitterscoördinator or boc'er.
    EscalatedL1: "opgeschaald naar de coördinator", "escalated to the coordinator";
    /// Escalated to the directors.
    EscalatedL2: "opgeschaald naar bestuurders", "escalated to the directors";
    /// Escalated to whoever holds doorzettingsmacht.
    EscalatedL3: "doorzettingsmacht ingezet", "power to break the deadlock used";
    /// Reviewed after half a year.
    ReviewedHalfYear: "herbeoordeling na een half jaar", "review after half a year";
    /// Reviewed after a year.
    ReviewedYear: "herbeoordeling na een jaar", "review after a year";
    /// Derived, never stored: a child can be put on the list of a school from then on.
    ThirdBirthday: "derde verjaardag", "third birthday";
    /// Derived, never stored: a child can be admitted to primary education from then on.
    FourthBirthday: "vierde verjaardag", "fourth birthday";
    /// Derived, never stored: the first school day of the month after the fifth birthday.
    LeerplichtBegins: "begin van de leerplicht", "start of leerplicht";
    /// Parents began to seek an exemption of which they give notice.
    ExemptionSought: "vrijstelling gevraagd", "exemption sought";
    /// Parents told the gemeente on which exemption they rely (LPW art. 6).
    ExemptionNotified: "kennisgeving vrijstelling", "notice of exemption";
    /// Parents rely on that exemption no more, or it was refused: no notice of it comes.
    ExemptionGivenUp: "vrijstelling niet meer gevraagd", "exemption no longer sought";
    /// Derived, never stored: the last day of an exemption.
    ExemptionEnds: "einde van de vrijstelling", "end of the exemption";
    /// Somebody who knows education gave an opinion on the exemption.
    EducationOpinionGiven: "onderwijskundig oordeel", "educational opinion";
    /// The doctor or psychologist of the gemeente signed the statement (LPW art. 7).
    DoctorStated: "verklaring van de arts", "statement of the doctor";
    /// A substitute programme was asked for (LPW art. 3a, 3b).
    SubstituteAsked: "vervangende leerplicht gevraagd", "substitute programme asked for";
    /// The gemeente decided on that.
    SubstituteDecided: "besluit vervangende leerplicht", "decision on the substitute programme";
    /// Parents asked for it no more: no decision comes.
    SubstituteWithdrawn: "aanvraag vervangende leerplicht ingetrokken", "request for the substitute programme withdrawn";
    /// Parents got a copy of the decision.
    SubstituteCopySent: "afschrift gestuurd", "copy sent";
    /// Planned: the last day for which it was allowed.
    SubstituteEnds: "einde vervangende leerplicht", "end of the substitute programme";
    /// Parents asked to prolong it.
    SubstituteRenewalAsked: "verlenging gevraagd", "prolongation asked for";
    /// The child's last school year of primary education began.
    LastPrimaryYearBegan: "begin van groep 8", "start of the last primary year";
    /// The provisional schooladvies was given.
    ProvisionalAdviceGiven: "voorlopig schooladvies", "provisional school advice";
    /// The final schooladvies was given.
    FinalAdviceGiven: "definitief schooladvies", "final school advice";
    /// Parents applied to a school for secondary education.
    AppliedToVo: "aanmelding voortgezet onderwijs", "application to secondary education";
    /// The hand-over was held to who goes on with the child: the next school, and of a case that ended
    /// elsewhere the next gemeente or the Doorstroompunt.
    WarmlyHandedOver: "warme overdracht", "warm hand-over";
    /// Planned: the first day of an ondersteuningsplan.
    SupportPlanStarts: "begin van het ondersteuningsplan", "start of the support plan";
    /// The samenwerkingsverband adopted it.
    SupportPlanAdopted: "ondersteuningsplan vastgesteld", "support plan adopted";
    /// The Inspectie has it.
    SupportPlanSent: "ondersteuningsplan naar de Inspectie", "support plan sent to the Inspectorate";
    /// Overleg about it with the colleges of all gemeenten was held.
    OogoHeld: "OOGO over het ondersteuningsplan", "OOGO on the support plan";
    /// The ondersteuningsplanraad consented.
    OprConsented: "instemming van de OPR", "consent of the OPR";
    /// The gemeente adopted its jeugdplan.
    YouthPlanAdopted: "jeugdplan vastgesteld", "youth plan adopted";
    /// Overleg about it with the samenwerkingsverbanden was held.
    YouthPlanOogoHeld: "OOGO over het jeugdplan", "OOGO on the youth plan";
    /// Derived, never stored: 1 August.
    SchoolYearBegan: "begin van het schooljaar", "start of the school year";
    /// The college reported to the raad on leerplicht.
    LeerplichtReported: "jaarverslag leerplicht", "annual report on leerplicht";
    /// The samenwerkingsverband sent its list of thuiszitters to the Inspectie.
    ThuiszittersListed: "lijst met thuiszitters gestuurd", "list of thuiszitters sent";
}

impl Moment {
    /// Whether its date is set beforehand: it is then known before it comes.
    #[must_use]
    pub fn is_planned(self) -> bool {
        matches!(
            self,
            Self::AdmissionWished
                | Self::TlvExpires
                | Self::SubstituteEnds
                | Self::SupportPlanStarts
                | Self::LeerplichtBegins
                | Self::ExemptionEnds
                | Self::ThirdBirthday
                | Self::FourthBirthday
        )
    }

    /// Whether it follows from other facts, and is never taken from what was entered.
    #[must_use]
    pub fn is_derived(self) -> bool {
        matches!(
            self,
            Self::SixteenHoursReached
                | Self::LongAbsenceReached
                | Self::SickOftenReached
                | Self::LeaveBeyondTen
                | Self::LeerplichtBegins
                | Self::ThirdBirthday
                | Self::FourthBirthday
                | Self::ExemptionEnds
                | Self::SchoolYearBegan
                | Self::SuspendedLonger
        )
    }

    /// The class of what it tells. Youth help is nothing that a school sees; of extra support, from the decision
    /// on it and the ontwikkelingsperspectief to an application for it, and of disputes it takes somebody who
    /// sees the content of education, and enforcement is the leerplichtambtenaar's alone. The norms of an
    /// ontwikkelingsperspectief are of one class from begin to end: to who saw how one begins and not how it
    /// ends, it would stay open for good.
    #[must_use]
    pub fn class(self) -> Class {
        let youth_help = matches!(
            self,
            Self::YouthHelpRequested
                | Self::YouthHelpCompletionAsked
                | Self::YouthHelpCompleted
                | Self::YouthHelpDecided
        );
        let education = matches!(
            self,
            Self::ExtraSupportDecided
                | Self::OppMade
                | Self::ActionPartAgreed
                | Self::OppAdjusted
                | Self::OppEvaluated
                | Self::OppEnded
                | Self::OppRegistered
                | Self::OppEndRegistered
                | Self::ChildHeard
                | Self::ArrangementStarted
                | Self::ArrangementEvaluated
                | Self::ArrangementEnded
                | Self::OzaStarted
                | Self::OzaEvaluated
                | Self::OzaEnded
                | Self::TlvRequested
                | Self::TlvCompletionAsked
                | Self::TlvCompleted
                | Self::TlvExpertsAdvised
                | Self::TlvDecided
                | Self::TlvWithdrawn
                | Self::TlvObjectionReceived
                | Self::TlvObjectionExtended
                | Self::TlvObjectionDecided
                | Self::TlvObjectionEnded
                | Self::TlvValidFrom
                | Self::TlvExpires
                | Self::TlvRenewalRequested
                | Self::ObjectionReceived
                | Self::ObjectionDecided
                | Self::ObjectionEnded
                | Self::DisputeArose
                | Self::DisputeFiled
                | Self::ReplyAsked
                | Self::ReplySent
                | Self::DisputeOpinion
                | Self::DisputeEnded
                | Self::EducationOpinionGiven
                | Self::ProvisionalAdviceGiven
                | Self::FinalAdviceGiven
        );
        if youth_help {
            Class::K5
        } else if self == Self::DoctorStated {
            Class::K6
        } else if matches!(self, Self::ProcesVerbaal | Self::HaltReferred) {
            Class::K7
        } else if education {
            Class::K4
        } else {
            Class::K3
        }
    }

    /// Whether it is a moment of a samenwerkingsverband or gemeente, and of no child.
    #[must_use]
    pub fn is_of_organisation(self) -> bool {
        matches!(
            self,
            Self::SupportPlanStarts
                | Self::SupportPlanAdopted
                | Self::SupportPlanSent
                | Self::OogoHeld
                | Self::OprConsented
                | Self::YouthPlanAdopted
                | Self::YouthPlanOogoHeld
                | Self::SchoolYearBegan
                | Self::LeerplichtReported
                | Self::ThuiszittersListed
        )
    }

    /// Whether an organisation says of itself that it did so. What belongs to the making of a plan is
    /// said in the cycle of that plan.
    #[must_use]
    pub fn is_of_duty(self) -> bool {
        matches!(self, Self::LeerplichtReported | Self::ThuiszittersListed)
    }
}

impl Moment {
    /// By what it can no longer come. Whatever waits for it then waits no longer: a norm that it meets
    /// stops, and a term that stands still up to it runs again (WPO art. 43(4)).
    pub(super) fn given_up_by(self) -> Option<Self> {
        [
            (Self::DisputeOpinion, Self::DisputeEnded),
            (Self::ReplySent, Self::DisputeEnded),
            (Self::ObjectionDecided, Self::ObjectionEnded),
            (Self::TlvObjectionDecided, Self::TlvObjectionEnded),
            (Self::TlvDecided, Self::TlvWithdrawn),
            (Self::TlvCompleted, Self::TlvWithdrawn),
            (Self::ExemptionNotified, Self::ExemptionGivenUp),
            (Self::SubstituteDecided, Self::SubstituteWithdrawn),
        ]
        .into_iter()
        .find_map(|(waited_for, ended)| (waited_for == self).then_some(ended))
    }

    /// What takes up anew what was given up by this: it is waited for again.
    pub(super) fn taken_up_by(self) -> &'static [Self] {
        if self == Self::ExemptionGivenUp {
            &[Self::ExemptionSought, Self::DoctorStated, Self::ExemptionNotified]
        } else {
            &[]
        }
    }
}

/// Every day on which each moment came, or will come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moments(BTreeMap<Moment, BTreeSet<NaiveDate>>);

impl Moments {
    /// Adds a day; the same day twice is once.
    pub fn add(&mut self, moment: Moment, on: NaiveDate) {
        self.0.entry(moment).or_default().insert(on);
    }

    /// Forgets every day of a moment.
    pub fn forget(&mut self, moment: Moment) {
        self.0.remove(&moment);
    }

    /// The last day of it up to `until`.
    pub fn last(&self, moment: Moment, until: NaiveDate) -> Option<NaiveDate> {
        self.0.get(&moment)?.range(..=until).next_back().copied()
    }

    /// Its days up to `until`, oldest first.
    pub fn until(&self, moment: Moment, until: NaiveDate) -> impl DoubleEndedIterator<Item = NaiveDate> {
        self.0.get(&moment).into_iter().flat_map(move |days| days.range(..=until).copied())
    }
}

impl FromIterator<(Moment, NaiveDate)> for Moments {
    fn from_iter<I: IntoIterator<Item = (Moment, NaiveDate)>>(dated: I) -> Self {
        let mut moments = Self::default();
        moments.extend(dated);
        moments
    }
}

impl Extend<(Moment, NaiveDate)> for Moments {
    fn extend<I: IntoIterator<Item = (Moment, NaiveDate)>>(&mut self, dated: I) {
        for (moment, on) in dated {
            self.add(moment, on);
        }
    }
}

#[cfg(test)]
#[path = "moment_tests.rs"]
mod tests;
