//! Signals from practice: what they are about, and how they come onto an agenda and to an answer.

use crate::refusal::Refusal;

/// About what.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Category {
    /// Absence from school.
    Verzuim,
    /// What schools and partners have for children that need more.
    Aanbod,
    /// How long children wait.
    Wachttijd,
    /// How schools, wijkteam, gemeente and samenwerkingsverband work together.
    Samenwerking,
    /// From one school to the next.
    Overgang,
    /// Rules and paperwork.
    Regels,
    /// Something else.
    Anders,
}

/// Where a signal is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// With the samenwerkingsverband.
    Reported,
    /// On the agenda of a meeting.
    OnAgenda,
    /// The reporter reads what was done with it.
    Answered,
    /// What was written is gone for good. Final.
    Withdrawn,
}

/// What is done with a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// It is put on the agenda of a meeting, or of another.
    Schedule,
    /// It is told what was done with it.
    Answer,
    /// It named somebody after all, or its time is over.
    Withdraw,
}

/// The signal after a step.
///
/// # Errors
/// `SIGNAL_ANSWERED` for one that was answered, `ALREADY_ENDED` for one that was withdrawn.
pub fn after(state: State, step: Step) -> Result<State, Refusal> {
    match (state, step) {
        (State::Reported | State::OnAgenda, Step::Schedule) => Ok(State::OnAgenda),
        (State::Reported | State::OnAgenda, Step::Answer) => Ok(State::Answered),
        (State::Answered, Step::Schedule | Step::Answer) => Err(Refusal::SignalAnswered),
        (State::Reported | State::OnAgenda | State::Answered, Step::Withdraw) => Ok(State::Withdrawn),
        (State::Withdrawn, Step::Schedule | Step::Answer | Step::Withdraw) => Err(Refusal::AlreadyEnded),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_moves_between_agendas_until_it_is_answered_once() {
        let walk = |steps: &[Step]| steps.iter().try_fold(State::Reported, |state, step| after(state, *step));
        assert_eq!(walk(&[Step::Schedule, Step::Schedule]), Ok(State::OnAgenda));
        assert_eq!(walk(&[Step::Schedule, Step::Answer]), Ok(State::Answered));
        assert_eq!(walk(&[Step::Answer]), Ok(State::Answered), "without a meeting");
        for step in [Step::Schedule, Step::Answer] {
            assert_eq!(walk(&[Step::Answer, step]), Err(Refusal::SignalAnswered));
        }
        for before in [&[] as &[Step], &[Step::Schedule], &[Step::Answer]] {
            let withdrawn = [before, &[Step::Withdraw]].concat();
            assert_eq!(walk(&withdrawn), Ok(State::Withdrawn));
            for step in [Step::Schedule, Step::Answer, Step::Withdraw] {
                assert_eq!(walk(&[withdrawn.as_slice(), &[step]].concat()), Err(Refusal::AlreadyEnded));
            }
        }
    }
}
