//! What a task says, in both languages, without anything of the child.

use schakel_domain::{
    refusal::Language,
    thuiszitter::{Alarm, FollowUp},
};

/// What a task is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Kind {
    Deadline,
    PlanAction,
    AgreedAction,
    Consent,
    NoRegisseur,
    NoNextAction,
    NextActionPassed,
    Information,
    Track,
    HandoverReturned,
    HandOverGemeente,
    HandOverDoorstroompunt,
    Duty,
    Hulpvraag,
    HulpvraagMeeting,
    Transition,
    Milestone,
    Outcome,
    Decision,
}

impl Kind {
    /// What is still to be done of a case that ended so, by itself: the check points of aftercare are deadlines.
    pub(super) fn after(follow_up: FollowUp) -> Option<Self> {
        match follow_up {
            FollowUp::HandOverToGemeente => Some(Self::HandOverGemeente),
            FollowUp::HandOverToDoorstroompunt => Some(Self::HandOverDoorstroompunt),
            FollowUp::Aftercare
            | FollowUp::FollowAttendance
            | FollowUp::StayVisible
            | FollowUp::KeepInExemptionRegister
            | FollowUp::StopAllMail
            | FollowUp::Nothing => None,
        }
    }
}

impl From<Alarm> for Kind {
    fn from(alarm: Alarm) -> Self {
        match alarm {
            Alarm::NoRegisseur => Self::NoRegisseur,
            Alarm::NoNextAction => Self::NoNextAction,
            Alarm::NextActionPassed => Self::NextActionPassed,
        }
    }
}

/// What a decision says to who looks whether it was carried out.
pub(super) fn to_check(language: Language) -> &'static str {
    match language {
        Language::Dutch => "Kijk of het besluit met doorzettingsmacht is uitgevoerd.",
        Language::English => "See whether the decision by doorzettingsmacht was carried out.",
    }
}

/// What a request for information says to who is asked.
pub(super) fn to_tell(language: Language) -> &'static str {
    match language {
        Language::Dutch => "U bent om informatie gevraagd. Geef het antwoord aan wie het vraagt.",
        Language::English => "You were asked for information. Give the answer to whoever asks.",
    }
}

/// What a request for help that was taken says, with the school that asked: whoever took it reads the whole of it.
pub(super) fn to_meet(school: &str, language: Language) -> String {
    match language {
        Language::Dutch => {
            format!("Voor een aangenomen hulpvraag van {school} is nog geen overleg gepland.")
        }
        Language::English => {
            format!("For a request for help of {school} that was taken no meeting is planned yet.")
        }
    }
}

/// What a task of `kind` says; a deadline and a duty say their norm's name instead, and a step of a plan which it is.
pub(super) fn sentence(kind: Kind, language: Language) -> &'static str {
    let (dutch, english) = match kind {
        Kind::Deadline => ("Een termijn loopt af.", "A term runs out."),
        Kind::PlanAction => ("Een actie uit het plan wacht.", "An action of the plan waits."),
        Kind::AgreedAction => ("Een afspraak uit een overleg wacht.", "Something agreed at a meeting waits."),
        Kind::Consent => (
            "Vraag toestemming opnieuw: wie die geeft, verandert.",
            "Ask consent anew: who gives it changes.",
        ),
        Kind::Information => {
            ("Gevraagde informatie is er nog niet.", "Information that was asked for has not come.")
        }
        Kind::Track => ("Een traject wacht op een volgende stap.", "A track waits for its next step."),
        Kind::HandoverReturned => (
            "Een warme overdracht is teruggegeven. Bekijk waarom.",
            "A hand-over in person was given back. See why.",
        ),
        Kind::HandOverGemeente => (
            "Draag dit gesloten dossier over aan de nieuwe gemeente.",
            "Hand this closed case over to the new gemeente.",
        ),
        Kind::HandOverDoorstroompunt => (
            "Draag dit gesloten dossier over aan het Doorstroompunt.",
            "Hand this closed case over to the Doorstroompunt.",
        ),
        Kind::Duty => ("De organisatie moet iets doen.", "The organisation has something to do."),
        Kind::Hulpvraag => ("Een hulpvraag wacht op antwoord.", "A request for help waits for an answer."),
        Kind::HulpvraagMeeting => (
            "Voor een aangenomen hulpvraag is nog geen overleg gepland.",
            "For a request for help that was taken no meeting is planned yet.",
        ),
        Kind::Transition => (
            "Dit kind gaat na dit schooljaar naar het voortgezet onderwijs. Plan de warme overdracht.",
            "This child goes to secondary education after this school year. Plan the hand-over in person.",
        ),
        Kind::Milestone => ("Een stap naar een plan wacht.", "A step to a plan waits."),
        Kind::Decision => (
            "Uw organisatie moet een besluit met doorzettingsmacht uitvoeren.",
            "Your organisation has to carry out a decision by doorzettingsmacht.",
        ),
        Kind::Outcome => (
            "Een overleg is geweest. Leg vast wat eruit kwam, of dat het niet doorging.",
            "A meeting is over. Record what came of it, or that it did not take place.",
        ),
        Kind::NoRegisseur => ("Dit dossier heeft geen regisseur.", "This case has no regisseur."),
        Kind::NoNextAction => {
            ("Spreek een volgende stap af, met een dag.", "Agree on a next step, with a day.")
        }
        Kind::NextActionPassed => (
            "De geplande stap in dit dossier had al gezet moeten zijn.",
            "The next action of this case should have been.",
        ),
    };
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}
