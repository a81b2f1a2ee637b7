//! What kinds of changes of a case others are told of, without a word of what changed.

/// That something happened to a case.
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
pub enum ChangeKind {
    /// It was opened.
    CaseOpened,
    /// The work went a step.
    StageChanged,
    /// Facts were told.
    FactsRecorded,
    /// Fields were changed.
    FactsChanged,
    /// A fact was put right.
    FactCorrected,
    /// Another calendar or profile moved deadlines.
    DeadlinesMoved,
    /// Few days are left for a norm.
    DeadlineDueSoon,
    /// The last day of a norm has passed.
    DeadlineOverdue,
    /// The level of escalation is another.
    Escalated,
    /// The child went to another school or gemeente.
    CaseMoved,
    /// It has an outcome.
    CaseClosed,
    /// It goes on after a relapse.
    CaseReopened,
    /// A meeting about it was booked.
    ConsultationBooked,
    /// One was moved.
    ConsultationMoved,
    /// One was called off.
    ConsultationCancelled,
    /// What came of one was recorded.
    OutcomeRecorded,
    /// Anything else of its timeline: what exactly is read there.
    CaseChanged,
}

impl ChangeKind {
    /// What an event of a timeline is to others, by its `kind`. What the timeline tells of help,
    /// consent and rights stays there, and so does whether a level is higher or lower.
    #[must_use]
    pub fn of_event(kind: &str) -> Self {
        match kind {
            "CASE_ESCALATED" | "CASE_DEESCALATED" => Self::Escalated,
            other => other.parse().unwrap_or(Self::CaseChanged),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_the_level_is_told_as_such_and_what_is_sensitive_only_as_a_change() {
        for (kind, expected) in [
            ("CASE_OPENED", ChangeKind::CaseOpened),
            ("FACTS_CHANGED", ChangeKind::FactsChanged),
            ("CASE_ESCALATED", ChangeKind::Escalated),
            ("CASE_DEESCALATED", ChangeKind::Escalated),
            ("HULPVRAAG_CREATED", ChangeKind::CaseChanged),
            ("CONSENT_WITHDRAWN", ChangeKind::CaseChanged),
            ("LEGAL_HOLD_SET", ChangeKind::CaseChanged),
        ] {
            assert_eq!(ChangeKind::of_event(kind), expected, "{kind}");
        }
    }
}
