//! On what grounds an exemption or a substitute programme is sought, and what that asks of whom.

use super::{
    ground::ExemptionGround,
    moment::Moment,
    track::{TrackKind, TrackStep},
};

/// On what ground an exemption or a substitute programme is sought. `5_ONDER_A` is what the field calls "5a";
/// article 5a is another.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
pub enum TrackGround {
    /// LPW art. 5 onder a: bodily or psychological grounds.
    #[strum(serialize = "5_ONDER_A")]
    Art5OnderA,
    /// LPW art. 5 onder b: objections to the direction of the schools.
    #[strum(serialize = "5_ONDER_B")]
    Art5OnderB,
    /// LPW art. 5 onder c: a school abroad.
    #[strum(serialize = "5_ONDER_C")]
    Art5OnderC,
    /// LPW art. 5a: a travelling life.
    #[strum(serialize = "5A_TREKKEND")]
    Art5aTrekkend,
    /// LPW art. 11 onder d: ill; authorised absence of a child that stays enrolled.
    #[strum(serialize = "11_ONDER_D")]
    Art11OnderD,
    /// LPW art. 15: sufficient education otherwise.
    #[strum(serialize = "15_ANDER_ONDERWIJS")]
    Art15AnderOnderwijs,
    /// LPW art. 3a: a substitute programme from 14.
    #[strum(serialize = "3A")]
    Art3a,
    /// LPW art. 3b: a substitute programme in the last year.
    #[strum(serialize = "3B")]
    Art3b,
}

impl TrackGround {
    /// The exemption or substitute programme that it comes to; none for illness, which is absence.
    pub(super) fn exemption(self) -> Option<ExemptionGround> {
        match self {
            Self::Art5OnderA => Some(ExemptionGround::Art5OnderA),
            Self::Art5OnderB => Some(ExemptionGround::Art5OnderB),
            Self::Art5OnderC => Some(ExemptionGround::Art5OnderC),
            Self::Art5aTrekkend => Some(ExemptionGround::Art5aTrekkend),
            Self::Art15AnderOnderwijs => Some(ExemptionGround::Art15AnderOnderwijs),
            Self::Art3a => Some(ExemptionGround::Art3a),
            Self::Art3b => Some(ExemptionGround::Art3b),
            Self::Art11OnderD => None,
        }
    }

    /// Whether a doctor or psychologist has a say: of the gemeente and not the one who treats the child
    /// (LPW art. 7).
    pub(super) fn takes_a_doctor(self) -> bool {
        match self {
            Self::Art5OnderA | Self::Art11OnderD => true,
            Self::Art5OnderB
            | Self::Art5OnderC
            | Self::Art5aTrekkend
            | Self::Art15AnderOnderwijs
            | Self::Art3a
            | Self::Art3b => false,
        }
    }

    /// Whether parents rely on it by a notice to the gemeente (LPW art. 6). Illness is told to the school
    /// (art. 12), and an exemption of art. 15 or a substitute programme is asked for and given.
    pub(super) fn takes_a_notice(self) -> bool {
        match self {
            Self::Art5OnderA | Self::Art5OnderB | Self::Art5OnderC | Self::Art5aTrekkend => true,
            Self::Art11OnderD | Self::Art15AnderOnderwijs | Self::Art3a | Self::Art3b => false,
        }
    }

    /// Whether a track on this ground can ever take `step`.
    pub(super) fn takes(self, step: TrackStep) -> bool {
        match step {
            TrackStep::DoctorStated => self.takes_a_doctor(),
            TrackStep::Notified => self.takes_a_notice(),
            TrackStep::TlvApplied
            | TrackStep::TlvGranted
            | TrackStep::TlvRefused
            | TrackStep::TlvWithdrawn
            | TrackStep::SchoolVisited
            | TrackStep::SchoolAgreed
            | TrackStep::SchoolRefused
            | TrackStep::StartAgreed
            | TrackStep::Started
            | TrackStep::EducationAdvised
            | TrackStep::Granted
            | TrackStep::Refused
            | TrackStep::Mediated
            | TrackStep::Heard
            | TrackStep::Extended
            | TrackStep::Advised
            | TrackStep::ReplyAsked
            | TrackStep::ReplySent
            | TrackStep::Decided
            | TrackStep::Ended
            | TrackStep::EducationAgreed
            | TrackStep::CareAgreed
            | TrackStep::ParentsAgreed
            | TrackStep::ArrangementGranted
            | TrackStep::ArrangementRefused
            | TrackStep::ArrangementStarted
            | TrackStep::ArrangementEvaluated
            | TrackStep::ArrangementEnded => true,
        }
    }

    /// Whether the gemeente decides on it within a term (LPW art. 3a(4), 3b(5)).
    fn is_substitute(self) -> bool {
        match self {
            Self::Art3a | Self::Art3b => true,
            Self::Art5OnderA
            | Self::Art5OnderB
            | Self::Art5OnderC
            | Self::Art5aTrekkend
            | Self::Art11OnderD
            | Self::Art15AnderOnderwijs => false,
        }
    }

    /// What its first day is for the clocks.
    pub(super) fn begins(self) -> Option<Moment> {
        if self.is_substitute() {
            Some(Moment::SubstituteAsked)
        } else {
            self.takes_a_notice().then_some(Moment::ExemptionSought)
        }
    }

    /// What it is for the clocks that it holds.
    pub(super) fn granted(self) -> Option<Moment> {
        self.is_substitute().then_some(Moment::SubstituteDecided)
    }

    /// What it is for the clocks that it was refused: what the gemeente refused, parents give notice of no more.
    pub(super) fn refused(self) -> Option<Moment> {
        self.granted().or_else(|| self.takes_a_notice().then_some(Moment::ExemptionGivenUp))
    }

    /// What it is for the clocks that nobody asks for it any more.
    pub(super) fn ended(self) -> Option<Moment> {
        if self.is_substitute() { Some(Moment::SubstituteWithdrawn) } else { self.refused() }
    }
}

impl TrackKind {
    /// The steps of this kind that a track on `ground` can ever take.
    pub fn steps_on(self, ground: Option<TrackGround>) -> impl Iterator<Item = TrackStep> {
        let fits = move |step: &TrackStep| ground.is_none_or(|ground| ground.takes(*step));
        self.steps().iter().copied().filter(fits)
    }
}
