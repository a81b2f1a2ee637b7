//! Tracks beside the plan: a placement, an arrangement, an exemption, a complaint, an objection or a dispute,
//! each with its own steps, the moments that they are for the clocks, and its outcomes.

use super::moment::Moment;
pub use super::track_ground::TrackGround;
use crate::{access::Class, refusal::Refusal};

/// What a track is about.
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
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TrackKind {
    /// A place at an s(b)o or another school.
    Placement,
    /// An exemption, or absence for illness that goes on.
    Exemption,
    /// A complaint of the parents.
    Complaint,
    /// Their objection to a decision on admission or removal (WPO art. 63(3)).
    ParentObjection,
    /// An objection to a decision on a toelaatbaarheidsverklaring (Awb art. 6:7).
    TlvObjection,
    /// A case at the Geschillencommissie passend onderwijs (WPO art. 43).
    Dispute,
    /// Support above the basis at the child's own school: hours, money or expertise.
    Arrangement,
    /// An onderwijszorgarrangement: education and care together, of which each side and the parents say yes.
    Oza,
}

/// What happened in a track.
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
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TrackStep {
    /// A toelaatbaarheidsverklaring was applied for.
    TlvApplied,
    /// It was granted.
    TlvGranted,
    /// It was refused.
    TlvRefused,
    /// Whoever applied took it back.
    TlvWithdrawn,
    /// Child and parents saw a school.
    SchoolVisited,
    /// A school will admit the child.
    SchoolAgreed,
    /// A school will not.
    SchoolRefused,
    /// Everybody agreed on the first day.
    StartAgreed,
    /// The child started.
    Started,
    /// The doctor or psychologist of the gemeente signed the statement.
    DoctorStated,
    /// Somebody who knows education gave an opinion.
    EducationAdvised,
    /// Parents told the gemeente on which exemption they rely, with the statement where it takes one.
    Notified,
    /// The exemption holds.
    Granted,
    /// It does not.
    Refused,
    /// The parties talked at a meeting.
    Mediated,
    /// Who objects was heard.
    Heard,
    /// The decision was put off.
    Extended,
    /// The committee advised.
    Advised,
    /// The school was asked to reply.
    ReplyAsked,
    /// It replied.
    ReplySent,
    /// It was decided.
    Decided,
    /// It ended without that.
    Ended,
    /// School and samenwerkingsverband agree with an onderwijszorgarrangement.
    EducationAgreed,
    /// So does the side of care; what care it is, the plan tells.
    CareAgreed,
    /// So do the parents.
    ParentsAgreed,
    /// An arrangement was granted.
    ArrangementGranted,
    /// It was refused.
    ArrangementRefused,
    /// It began.
    ArrangementStarted,
    /// It was evaluated.
    ArrangementEvaluated,
    /// It ran to its end.
    ArrangementEnded,
}

/// How a track ended.
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
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TrackOutcome {
    /// The child started at a school.
    Placed,
    /// It did not.
    NotPlaced,
    /// The exemption holds.
    Granted,
    /// It does not.
    Refused,
    /// Who complained or objected was right.
    Upheld,
    /// In part.
    PartlyUpheld,
    /// Was not.
    Dismissed,
    /// Was not heard on it: too late, or not at the right place.
    Inadmissible,
    /// The parties agreed.
    Settled,
    /// Who began it took it back.
    Withdrawn,
    /// The arrangement ran to its end.
    Completed,
}

/// Whether a track runs.
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
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TrackState {
    /// It does.
    Open,
    /// It ended.
    Closed,
}

impl TrackKind {
    /// Those that go on for years, and do not end with the absence.
    pub const ARRANGEMENTS: [Self; 2] = [Self::Arrangement, Self::Oza];

    /// The steps of this kind.
    #[must_use]
    pub fn steps(self) -> &'static [TrackStep] {
        use TrackStep::{
            Advised, ArrangementEnded, ArrangementEvaluated, ArrangementGranted, ArrangementRefused,
            ArrangementStarted, CareAgreed, Decided, DoctorStated, EducationAdvised, EducationAgreed, Ended,
            Extended, Granted, Heard, Mediated, Notified, ParentsAgreed, Refused, ReplyAsked, ReplySent,
            SchoolAgreed, SchoolRefused, SchoolVisited, StartAgreed, Started, TlvApplied, TlvGranted,
            TlvRefused, TlvWithdrawn,
        };
        match self {
            Self::Placement => &[
                TlvApplied,
                TlvGranted,
                TlvRefused,
                TlvWithdrawn,
                SchoolVisited,
                SchoolAgreed,
                SchoolRefused,
                StartAgreed,
                Started,
                Ended,
            ],
            Self::Exemption => &[DoctorStated, EducationAdvised, Notified, Granted, Refused, Ended],
            Self::Complaint | Self::ParentObjection => &[Mediated, Heard, Decided, Ended],
            Self::TlvObjection => &[Mediated, Heard, Extended, Advised, Decided, Ended],
            Self::Dispute => &[Mediated, Heard, ReplyAsked, ReplySent, Decided, Ended],
            Self::Arrangement => &[
                ArrangementGranted,
                ArrangementRefused,
                ArrangementStarted,
                ArrangementEvaluated,
                ArrangementEnded,
                Ended,
            ],
            Self::Oza => &[
                EducationAgreed,
                CareAgreed,
                ParentsAgreed,
                ArrangementGranted,
                ArrangementRefused,
                ArrangementStarted,
                ArrangementEvaluated,
                ArrangementEnded,
                Ended,
            ],
        }
    }

    /// What its first day is for the clocks (T14 to T16, V01, V02 and V04).
    #[must_use]
    pub fn begins(self, ground: Option<TrackGround>) -> Option<Moment> {
        match self {
            Self::Placement | Self::Complaint | Self::Arrangement | Self::Oza => None,
            Self::Exemption => ground.and_then(TrackGround::begins),
            Self::ParentObjection => Some(Moment::ObjectionReceived),
            Self::TlvObjection => Some(Moment::TlvObjectionReceived),
            Self::Dispute => Some(Moment::DisputeFiled),
        }
    }

    /// What `step` is for the clocks: they start, stop and end by it as by any other fact. A statement
    /// is that of a notice, and of illness nobody gives one.
    #[must_use]
    pub fn moment(self, ground: Option<TrackGround>, step: TrackStep) -> Option<Moment> {
        let notice = ground.is_some_and(TrackGround::takes_a_notice);
        match (step, self) {
            (TrackStep::TlvApplied, _) => Some(Moment::TlvRequested),
            (TrackStep::TlvGranted | TrackStep::TlvRefused, _) => Some(Moment::TlvDecided),
            (TrackStep::TlvWithdrawn, _) => Some(Moment::TlvWithdrawn),
            (TrackStep::SchoolAgreed, _) => Some(Moment::OtherSchoolWilling),
            (TrackStep::DoctorStated, _) => notice.then_some(Moment::DoctorStated),
            (TrackStep::EducationAdvised, _) => Some(Moment::EducationOpinionGiven),
            (TrackStep::Notified, _) => Some(Moment::ExemptionNotified),
            (TrackStep::Extended, _) => Some(Moment::TlvObjectionExtended),
            (TrackStep::ReplyAsked, _) => Some(Moment::ReplyAsked),
            (TrackStep::ReplySent, _) => Some(Moment::ReplySent),
            (TrackStep::Decided, Self::ParentObjection) => Some(Moment::ObjectionDecided),
            (TrackStep::Decided, Self::TlvObjection) => Some(Moment::TlvObjectionDecided),
            (TrackStep::Decided, Self::Dispute) => Some(Moment::DisputeOpinion),
            (TrackStep::Granted, Self::Exemption) => ground.and_then(TrackGround::granted),
            (TrackStep::Refused, Self::Exemption) => ground.and_then(TrackGround::refused),
            (TrackStep::Ended, Self::Exemption) => ground.and_then(TrackGround::ended),
            (TrackStep::Ended, Self::ParentObjection) => Some(Moment::ObjectionEnded),
            (TrackStep::Ended, Self::TlvObjection) => Some(Moment::TlvObjectionEnded),
            (TrackStep::Ended, Self::Dispute) => Some(Moment::DisputeEnded),
            (TrackStep::ArrangementGranted, _) => Some(Moment::ExtraSupportDecided),
            (TrackStep::ArrangementStarted, Self::Oza) => Some(Moment::OzaStarted),
            (TrackStep::ArrangementEvaluated, Self::Oza) => Some(Moment::OzaEvaluated),
            (TrackStep::ArrangementEnded, Self::Oza) => Some(Moment::OzaEnded),
            (TrackStep::ArrangementStarted, _) => Some(Moment::ArrangementStarted),
            (TrackStep::ArrangementEvaluated, _) => Some(Moment::ArrangementEvaluated),
            (TrackStep::ArrangementEnded, _) => Some(Moment::ArrangementEnded),
            (TrackStep::Decided, Self::Exemption)
            | (
                TrackStep::Decided | TrackStep::Ended,
                Self::Placement | Self::Complaint | Self::Arrangement | Self::Oza,
            )
            | (
                TrackStep::SchoolVisited
                | TrackStep::SchoolRefused
                | TrackStep::StartAgreed
                | TrackStep::Started
                | TrackStep::Mediated
                | TrackStep::Heard
                | TrackStep::Advised
                | TrackStep::EducationAgreed
                | TrackStep::CareAgreed
                | TrackStep::ParentsAgreed
                | TrackStep::ArrangementRefused,
                _,
            )
            | (
                TrackStep::Granted | TrackStep::Refused,
                Self::Placement
                | Self::Complaint
                | Self::ParentObjection
                | Self::TlvObjection
                | Self::Dispute
                | Self::Arrangement
                | Self::Oza,
            ) => None,
        }
    }

    /// What outcomes somebody chooses from when the track ends by `step`; none where the step says it.
    fn choices(self, step: TrackStep) -> &'static [TrackOutcome] {
        use TrackOutcome::{Dismissed, Inadmissible, PartlyUpheld, Settled, Upheld, Withdrawn};
        let of_parties = match self {
            Self::Placement | Self::Exemption | Self::Arrangement | Self::Oza => false,
            Self::Complaint | Self::ParentObjection | Self::TlvObjection | Self::Dispute => true,
        };
        match step {
            TrackStep::Decided => &[Upheld, PartlyUpheld, Dismissed, Inadmissible],
            TrackStep::Ended if of_parties => &[Settled, Withdrawn],
            TrackStep::TlvApplied
            | TrackStep::TlvGranted
            | TrackStep::TlvRefused
            | TrackStep::TlvWithdrawn
            | TrackStep::SchoolVisited
            | TrackStep::SchoolAgreed
            | TrackStep::SchoolRefused
            | TrackStep::StartAgreed
            | TrackStep::Started
            | TrackStep::DoctorStated
            | TrackStep::EducationAdvised
            | TrackStep::Notified
            | TrackStep::Granted
            | TrackStep::Refused
            | TrackStep::Mediated
            | TrackStep::Heard
            | TrackStep::Extended
            | TrackStep::Advised
            | TrackStep::ReplyAsked
            | TrackStep::ReplySent
            | TrackStep::Ended
            | TrackStep::EducationAgreed
            | TrackStep::CareAgreed
            | TrackStep::ParentsAgreed
            | TrackStep::ArrangementGranted
            | TrackStep::ArrangementRefused
            | TrackStep::ArrangementStarted
            | TrackStep::ArrangementEvaluated
            | TrackStep::ArrangementEnded => &[],
        }
    }

    /// How the track ends by `step`, of which somebody said `given`; none: it goes on.
    ///
    /// # Errors
    /// `FIELD_REQUIRED` when it takes somebody to say so and nobody did; `FIELD_INVALID` for an
    /// outcome that this step does not have.
    pub fn outcome(
        self,
        step: TrackStep,
        given: Option<TrackOutcome>,
    ) -> Result<Option<TrackOutcome>, Refusal> {
        let choices = self.choices(step);
        match given {
            Some(given) if choices.contains(&given) => Ok(Some(given)),
            Some(_) => Err(Refusal::FieldInvalid),
            None if !choices.is_empty() => Err(Refusal::FieldRequired),
            None => Ok(self.implied(step)),
        }
    }

    fn implied(self, step: TrackStep) -> Option<TrackOutcome> {
        match (step, self) {
            (TrackStep::Started, _) => Some(TrackOutcome::Placed),
            (TrackStep::Granted, _) => Some(TrackOutcome::Granted),
            (TrackStep::Refused | TrackStep::ArrangementRefused, _) => Some(TrackOutcome::Refused),
            (TrackStep::ArrangementEnded, _) => Some(TrackOutcome::Completed),
            (TrackStep::Ended, Self::Placement) => Some(TrackOutcome::NotPlaced),
            (TrackStep::Ended, Self::Exemption | Self::Arrangement | Self::Oza) => {
                Some(TrackOutcome::Withdrawn)
            }
            (
                TrackStep::Ended,
                Self::Complaint | Self::ParentObjection | Self::TlvObjection | Self::Dispute,
            )
            | (
                TrackStep::TlvApplied
                | TrackStep::TlvGranted
                | TrackStep::TlvRefused
                | TrackStep::TlvWithdrawn
                | TrackStep::SchoolVisited
                | TrackStep::SchoolAgreed
                | TrackStep::SchoolRefused
                | TrackStep::StartAgreed
                | TrackStep::DoctorStated
                | TrackStep::EducationAdvised
                | TrackStep::Notified
                | TrackStep::Mediated
                | TrackStep::Heard
                | TrackStep::Extended
                | TrackStep::Advised
                | TrackStep::ReplyAsked
                | TrackStep::ReplySent
                | TrackStep::Decided
                | TrackStep::EducationAgreed
                | TrackStep::CareAgreed
                | TrackStep::ParentsAgreed
                | TrackStep::ArrangementGranted
                | TrackStep::ArrangementStarted
                | TrackStep::ArrangementEvaluated,
                _,
            ) => None,
        }
    }
}

impl TrackStep {
    /// The class of what it tells: of a doctor's statement that of the doctor's advice.
    #[must_use]
    pub fn class(self) -> Class {
        if matches!(self, Self::DoctorStated) { Class::K6 } else { Class::K4 }
    }

    /// Whether a track ends by it.
    #[must_use]
    pub fn ends(self) -> bool {
        matches!(
            self,
            Self::Started
                | Self::Granted
                | Self::Refused
                | Self::Decided
                | Self::Ended
                | Self::ArrangementRefused
                | Self::ArrangementEnded
        )
    }

    /// Whether it is about a school, which is then named.
    #[must_use]
    pub fn names_school(self) -> bool {
        matches!(self, Self::SchoolVisited | Self::SchoolAgreed | Self::SchoolRefused | Self::Started)
    }

    /// Whether it happened at a meeting, which is then named.
    #[must_use]
    pub fn names_meeting(self) -> bool {
        matches!(self, Self::Mediated)
    }

    /// Whether it says until when it lasts.
    #[must_use]
    pub fn names_end(self) -> bool {
        matches!(self, Self::ArrangementStarted)
    }

    /// Whether it is taken with a note alone: more than the basisondersteuning is granted with the reason for it.
    #[must_use]
    pub fn needs_note(self) -> bool {
        matches!(self, Self::ArrangementGranted)
    }

    /// Whether there is more to say of it. Of care a school hears that it comes, and not what it is.
    #[must_use]
    pub fn takes_note(self) -> bool {
        !matches!(self, Self::CareAgreed)
    }
}

/// Refuses a ground where there is none, and none where there is one.
///
/// # Errors
/// `FIELD_REQUIRED`, `FIELD_INVALID`.
pub fn must_have_ground(kind: TrackKind, ground: Option<TrackGround>) -> Result<(), Refusal> {
    match (kind, ground) {
        (TrackKind::Exemption, None) => Err(Refusal::FieldRequired),
        (TrackKind::Exemption, Some(_))
        | (
            TrackKind::Placement
            | TrackKind::Complaint
            | TrackKind::ParentObjection
            | TrackKind::TlvObjection
            | TrackKind::Dispute
            | TrackKind::Arrangement
            | TrackKind::Oza,
            None,
        ) => Ok(()),
        (
            TrackKind::Placement
            | TrackKind::Complaint
            | TrackKind::ParentObjection
            | TrackKind::TlvObjection
            | TrackKind::Dispute
            | TrackKind::Arrangement
            | TrackKind::Oza,
            Some(_),
        ) => Err(Refusal::FieldInvalid),
    }
}
