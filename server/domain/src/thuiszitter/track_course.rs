//! How far a track is: which step can follow, and which the facts of the case contradict.

use chrono::NaiveDate;

use super::{
    facts::{AbsenceKind, Enrolment, Facts},
    moment::Moment,
    track::{TrackGround, TrackKind, TrackStep},
};
use crate::refusal::Refusal;

/// Who agrees with an onderwijszorgarrangement before it begins.
const SIDES: [TrackStep; 3] = [TrackStep::EducationAgreed, TrackStep::CareAgreed, TrackStep::ParentsAgreed];

/// A track as far as it is.
#[derive(Debug, Clone, Copy)]
pub struct TrackCourse<'a> {
    /// What it is about.
    pub kind: TrackKind,
    /// On what ground; of an exemption alone.
    pub ground: Option<TrackGround>,
    /// The first day.
    pub started: NaiveDate,
    /// What happened on which days, oldest first.
    pub taken: &'a [(TrackStep, NaiveDate)],
}

impl TrackCourse<'_> {
    fn has(&self, step: TrackStep) -> bool {
        self.taken.iter().any(|(taken, _)| *taken == step)
    }

    /// The last word about a toelaatbaarheidsverklaring.
    fn tlv(&self) -> Option<TrackStep> {
        let about = |step: &TrackStep| {
            matches!(
                step,
                TrackStep::TlvApplied
                    | TrackStep::TlvGranted
                    | TrackStep::TlvRefused
                    | TrackStep::TlvWithdrawn
            )
        };
        self.taken.iter().map(|(step, _)| *step).rfind(about)
    }

    /// Refuses a step that cannot follow.
    ///
    /// # Errors
    /// `ALREADY_ENDED`; `STEP_NOT_ALLOWED` for a step of another kind of track, and for one that
    /// takes another first.
    pub fn may_take(&self, step: TrackStep) -> Result<(), Refusal> {
        if self.taken.iter().any(|(taken, _)| taken.ends()) {
            return Err(Refusal::AlreadyEnded);
        }
        let tlv = self.tlv();
        let waits = tlv == Some(TrackStep::TlvApplied);
        // Some schools take no verklaring; one that is applied for must have come.
        let admissible = matches!(tlv, None | Some(TrackStep::TlvGranted | TrackStep::TlvWithdrawn));
        let doctor = self.ground.is_some_and(TrackGround::takes_a_doctor);
        let notice = self.ground.is_some_and(TrackGround::takes_a_notice);
        let stated = !doctor || self.has(TrackStep::DoctorStated);
        let notified = self.has(TrackStep::Notified);
        let given = self.has(TrackStep::ArrangementGranted);
        let runs = self.has(TrackStep::ArrangementStarted);
        let agreed = !matches!(self.kind, TrackKind::Oza) || SIDES.iter().all(|side| self.has(*side));
        let may = match step {
            // What ended would wait for a decision that nobody wants any more; an arrangement that runs, runs
            // to its end.
            TrackStep::TlvApplied | TrackStep::Ended => !waits && !runs,
            TrackStep::TlvGranted | TrackStep::TlvRefused | TrackStep::TlvWithdrawn => waits,
            TrackStep::StartAgreed => self.has(TrackStep::SchoolAgreed) && admissible,
            TrackStep::Started => self.has(TrackStep::StartAgreed) && admissible,
            // It is handed over with the notice, and so signed before it (LPW art. 7).
            TrackStep::DoctorStated => doctor && !notified,
            TrackStep::Notified => notice && stated && !notified,
            TrackStep::Granted => stated && (!notice || notified),
            TrackStep::Extended => !self.has(TrackStep::Extended),
            TrackStep::ReplySent => self.has(TrackStep::ReplyAsked),
            TrackStep::EducationAgreed | TrackStep::CareAgreed | TrackStep::ParentsAgreed => !self.has(step),
            TrackStep::ArrangementGranted | TrackStep::ArrangementRefused => !given,
            TrackStep::ArrangementStarted => given && agreed && !runs,
            TrackStep::ArrangementEvaluated | TrackStep::ArrangementEnded => runs,
            TrackStep::SchoolVisited
            | TrackStep::SchoolAgreed
            | TrackStep::SchoolRefused
            | TrackStep::EducationAdvised
            | TrackStep::Refused
            | TrackStep::Mediated
            | TrackStep::Heard
            | TrackStep::Advised
            | TrackStep::ReplyAsked
            | TrackStep::Decided => true,
        };
        if may && self.kind.steps().contains(&step) { Ok(()) } else { Err(Refusal::StepNotAllowed) }
    }

    /// The first day on which a next step can have been taken: what happened before is told before.
    #[must_use]
    pub fn since(&self) -> NaiveDate {
        self.taken.last().map_or(self.started, |(_, on)| *on)
    }

    /// Refuses a step that the facts of the case contradict: a child that started is enrolled since
    /// the school agreed, and an exemption holds or does not.
    ///
    /// # Errors
    /// `FACTS_DISAGREE`.
    pub fn must_agree(&self, step: TrackStep, on: NaiveDate, facts: &Facts) -> Result<(), Refusal> {
        let agree = match step {
            TrackStep::Started => self.is_enrolled(on, facts),
            TrackStep::Granted => self.holds(on, facts),
            TrackStep::Refused => {
                self.ground.and_then(TrackGround::exemption).is_none() || !self.holds(on, facts)
            }
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
            | TrackStep::Ended
            | TrackStep::EducationAgreed
            | TrackStep::CareAgreed
            | TrackStep::ParentsAgreed
            | TrackStep::ArrangementGranted
            | TrackStep::ArrangementRefused
            | TrackStep::ArrangementStarted
            | TrackStep::ArrangementEvaluated
            | TrackStep::ArrangementEnded => true,
        };
        if agree { Ok(()) } else { Err(Refusal::FactsDisagree) }
    }

    /// What `step` of that day is for the clocks. Who gives up one exemption relies on another that holds
    /// as before: the notice of that one is waited for (LPW art. 6). And an arrangement decides on extra support
    /// for who has none: whoever has it, has an ontwikkelingsperspectief or the term for it runs (WPO art. 40a).
    #[must_use]
    pub fn moment(&self, step: TrackStep, on: NaiveDate, facts: &Facts) -> Option<Moment> {
        let own = self.ground.and_then(TrackGround::exemption);
        let mut others = facts.exemptions.iter().filter(|held| Some(held.ground) != own);
        let keeps = others.any(|held| held.ground.is_told_yearly() && held.days.holds_on(on));
        let moment = self.kind.moment(self.ground, step);
        let stays = |moment: &Moment| {
            (keeps && matches!(moment, Moment::ExemptionGivenUp))
                || (matches!(moment, Moment::ExtraSupportDecided) && has_extra_support(on, facts))
        };
        moment.filter(|moment| !stays(moment))
    }

    fn is_enrolled(&self, on: NaiveDate, facts: &Facts) -> bool {
        let agreed = self.taken.iter().find(|(step, _)| matches!(step, TrackStep::SchoolAgreed));
        let anew = facts.happened(Moment::Enrolled, on).zip(agreed);
        let anew = anew.is_some_and(|(enrolled, (_, agreed))| enrolled >= *agreed);
        anew && facts.enrolments.on(on) == Some(&Enrolment::Enrolled)
    }

    fn holds(&self, on: NaiveDate, facts: &Facts) -> bool {
        match self.ground.and_then(TrackGround::exemption) {
            Some(ground) => facts.is_exempt(ground, on),
            None => {
                matches!(facts.kind_on(on), Some(AbsenceKind::Ziek | AbsenceKind::ZiekMaarBelastbaar))
            }
        }
    }
}

/// Whether extra support was decided on or an ontwikkelingsperspectief made since the last one ended.
fn has_extra_support(on: NaiveDate, facts: &Facts) -> bool {
    let ended = facts.happened(Moment::OppEnded, on);
    [Moment::ExtraSupportDecided, Moment::OppMade]
        .into_iter()
        .filter_map(|moment| facts.happened(moment, on))
        .any(|day| ended.is_none_or(|ended| day > ended))
}

#[cfg(test)]
#[path = "track_tests.rs"]
mod tests;
