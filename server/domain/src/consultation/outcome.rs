//! What a meeting came to: who was there, whether the child was heard, what is wanted.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::kinds::{Kind, Record};
use crate::{
    ids::PersonId,
    refusal::{Refusal, Violation},
    text::FreeText,
};

/// How a child was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum HeardHow {
    /// At the table.
    InPerson,
    /// Beforehand, by somebody at the table.
    Beforehand,
    /// On paper.
    Form,
    /// Through parents.
    ThroughParents,
    /// Through a representative of its own.
    ThroughRepresentative,
}

/// Why a child was not heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum NotHeardWhy {
    /// It did not want to.
    DidNotWant,
    /// It could not.
    TooYoung,
    /// It would have burdened or endangered the child.
    NotSafe,
    /// The meeting was about no named child.
    Anonymous,
    /// It was not done.
    NotArranged,
}

/// The child's right to be heard (Wet versterking positie ouders en leerlingen, kst 36443).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChildVoice {
    /// Heard.
    Heard(HeardHow),
    /// Not heard.
    NotHeard(NotHeardWhy),
}

/// Whether help by the youth team is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum JgtHulpGewenst {
    /// Yes: a request follows in the same step.
    Ja,
    /// No.
    Nee,
    /// Not yet.
    NogNiet,
    /// Not talked about.
    NietBesproken,
}

impl JgtHulpGewenst {
    /// Whether somebody has decided; then it is said who did, with parents among them.
    pub fn is_decision(self) -> bool {
        match self {
            Self::Ja | Self::Nee | Self::NogNiet => true,
            Self::NietBesproken => false,
        }
    }

    /// Whether a request to the team follows.
    pub fn asks_for_help(self) -> bool {
        self == Self::Ja
    }
}

/// Something agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What.
    pub what: FreeText,
    /// Who does it.
    pub owner: PersonId,
    /// By when; not before the day of the meeting.
    pub due: NaiveDate,
}

/// What is recorded after a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Who came.
    pub attended: Vec<PersonId>,
    /// Whether the child was heard.
    pub child: Option<ChildVoice>,
    /// Whether help is wanted.
    pub jgt_hulp: Option<JgtHulpGewenst>,
    /// Who decided that, with the parents.
    pub decided_by: Vec<PersonId>,
    /// What was agreed.
    pub actions: Vec<Action>,
}

/// What an outcome is checked against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held<'a> {
    /// What the meeting was.
    pub kind: Kind,
    /// The local date it was held on.
    pub day: NaiveDate,
    /// Who was invited.
    pub participants: &'a [PersonId],
    /// Who of them are parents.
    pub parents: &'a [PersonId],
}

impl Outcome {
    /// Everything that keeps the meeting from being closed, at once.
    pub fn check(&self, held: Held<'_>) -> Vec<Violation> {
        let required = |record| held.kind.rules().record.contains(&record);
        let gaps = [
            (required(Record::Attendance) && self.attended.is_empty(), "attended"),
            (required(Record::ChildHeard) && self.child.is_none(), "child"),
            (required(Record::JgtHulp) && self.jgt_hulp.is_none(), "jgt_hulp_gewenst"),
            (self.decides() && self.decided_by.is_empty(), "decided_by"),
            (required(Record::Actions) && self.actions.is_empty(), "actions"),
        ];
        let missing = gaps.into_iter().filter(|(missing, _)| *missing);
        let mut found: Vec<Violation> =
            missing.map(|(_, field)| Violation::new(field, Refusal::FieldRequired)).collect();
        found.extend(people("attended", &self.attended, held.participants));
        found.extend(people("decided_by", &self.decided_by, held.participants));
        for (at, action) in self.actions.iter().enumerate() {
            if action.due < held.day {
                found.push(Violation::new(format!("actions[{at}].due"), Refusal::TimeOutOfBounds));
            }
        }
        if self.passes_over(held.parents) {
            found.push(Violation::new("decided_by", Refusal::ParentRequired));
        }
        found
    }

    /// Whether parents came and something was decided without any of them.
    fn passes_over(&self, parents: &[PersonId]) -> bool {
        let among = |people: &[PersonId]| people.iter().any(|person| parents.contains(person));
        self.decides() && !self.decided_by.is_empty() && among(&self.attended) && !among(&self.decided_by)
    }

    fn decides(&self) -> bool {
        self.jgt_hulp.is_some_and(JgtHulpGewenst::is_decision)
    }
}

fn people(field: &str, listed: &[PersonId], invited: &[PersonId]) -> Vec<Violation> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (at, person) in listed.iter().enumerate() {
        if !seen.insert(person) {
            found.push(Violation::new(format!("{field}[{at}]"), Refusal::DuplicateAttendee));
        } else if !invited.contains(person) {
            found.push(Violation::new(format!("{field}[{at}]"), Refusal::ParticipantUnknown));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn told(outcome: &Outcome, kind: Kind) -> Vec<(String, Refusal)> {
        let participants = [person(1), person(2)];
        let held = Held { kind, day: DAY, participants: &participants, parents: &participants[1..] };
        outcome.check(held).into_iter().map(|violation| (violation.field, violation.refusal)).collect()
    }

    fn complete() -> Outcome {
        Outcome {
            attended: vec![person(1), person(2)],
            child: Some(ChildVoice::Heard(HeardHow::Form)),
            jgt_hulp: Some(JgtHulpGewenst::Ja),
            decided_by: vec![person(2)],
            actions: vec![Action {
                what: "Bellen met de school".parse().unwrap(),
                owner: person(1),
                due: DAY,
            }],
        }
    }

    #[test]
    fn a_meeting_with_parents_closes_only_with_an_answer_about_help() {
        assert_eq!(told(&complete(), Kind::Mdo), []);
        let silent = Outcome { jgt_hulp: None, ..complete() };
        assert_eq!(told(&silent, Kind::Nazorg), [("jgt_hulp_gewenst".to_owned(), Refusal::FieldRequired)]);
        assert_eq!(told(&silent, Kind::Rok), []);
    }

    #[test]
    fn not_talked_about_is_an_answer_that_nobody_decided() {
        let skipped =
            Outcome { jgt_hulp: Some(JgtHulpGewenst::NietBesproken), decided_by: Vec::new(), ..complete() };
        assert_eq!(told(&skipped, Kind::Mdo), []);
        let decided = Outcome { decided_by: Vec::new(), ..complete() };
        assert_eq!(told(&decided, Kind::Mdo), [("decided_by".to_owned(), Refusal::FieldRequired)]);
    }

    #[test]
    fn parents_who_came_are_among_those_who_decide() {
        let without = Outcome { decided_by: vec![person(1)], ..complete() };
        assert_eq!(told(&without, Kind::Mdo), [("decided_by".to_owned(), Refusal::ParentRequired)]);
        let absent = Outcome { attended: vec![person(1)], ..without };
        assert_eq!(told(&absent, Kind::Mdo), []);
    }

    #[test]
    fn everything_missing_is_told_at_once() {
        let fields: Vec<String> =
            told(&Outcome::default(), Kind::Rondetafel).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["attended", "child", "jgt_hulp_gewenst", "actions"]);
    }

    #[test]
    fn strangers_did_not_attend_and_no_action_was_due_yesterday() {
        let mut outcome = complete();
        outcome.attended.push(person(3));
        outcome.attended.push(person(1));
        outcome.actions[0].due = DAY.pred_opt().unwrap();
        assert_eq!(
            told(&outcome, Kind::Mdo),
            [
                ("attended[2]".to_owned(), Refusal::ParticipantUnknown),
                ("attended[3]".to_owned(), Refusal::DuplicateAttendee),
                ("actions[0].due".to_owned(), Refusal::TimeOutOfBounds),
            ]
        );
    }
}
