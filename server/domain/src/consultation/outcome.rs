//! What a meeting came to: who was there, whether the child was heard, what is wanted.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    booking::Subject,
    kinds::{KindRules, Record},
};
use crate::{
    ids::PersonId,
    refusal::{Refusal, Violation},
    text::FreeText,
};

/// Whether and how a child was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ChildHeard {
    /// At the table.
    Directly,
    /// Through a parent or a representative.
    ThroughOthers,
    /// It was not.
    No,
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

/// Whether samenwerkingsverband and gemeenten came to agreement (WPO 18a(9)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Agreement {
    /// They did.
    Reached,
    /// Not yet: they meet again.
    NotReached,
    /// It goes to the geschillenregeling.
    Dispute,
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
    /// Whether the child was heard: its right (Wet versterking positie ouders en leerlingen, kst 36443).
    pub child_heard: Option<ChildHeard>,
    /// How, or why not.
    pub child_heard_note: Option<FreeText>,
    /// Whether help is wanted.
    pub jgt_hulp: Option<JgtHulpGewenst>,
    /// Who decided that, with the parents.
    pub decided_by: Vec<PersonId>,
    /// What was agreed, in a few lines.
    pub summary: Option<FreeText>,
    /// What was agreed that somebody does.
    pub actions: Vec<Action>,
    /// Whether agreement was reached, where that is recorded.
    pub agreement: Option<Agreement>,
    /// Nothing was decided, because too few came or for want of time.
    pub not_decided: bool,
}

/// What an outcome is checked against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held<'a> {
    /// What the region asked of its kind on that day.
    pub rules: &'a KindRules,
    /// Whom it was about: without a child there is none to hear, and no parent to decide.
    pub subject: Subject,
    /// The local date it was held on.
    pub day: NaiveDate,
    /// Who was invited.
    pub participants: &'a [PersonId],
    /// Who of them are parents.
    pub parents: &'a [PersonId],
    /// Who of them come as professionals.
    pub professionals: &'a [PersonId],
}

impl Held<'_> {
    /// Whether enough professionals of `attended` came for it to decide.
    pub fn is_quorate(&self, attended: &[PersonId]) -> bool {
        let came = self.professionals.iter().filter(|person| attended.contains(person)).count();
        came >= usize::from(self.rules.quorum)
    }
}

impl Outcome {
    /// Everything that keeps the meeting from being closed, at once.
    pub fn check(&self, held: Held<'_>) -> Vec<Violation> {
        let required = |record| held.rules.record.contains(&record);
        let of_child = |record| held.subject == Subject::Child && required(record);
        let unexplained = self.child_heard.is_some() && self.child_heard_note.is_none();
        let gaps = [
            (required(Record::Attendance) && self.attended.is_empty(), "attended"),
            (of_child(Record::ChildHeard) && self.child_heard.is_none(), "child_heard"),
            (unexplained, "child_heard_note"),
            (of_child(Record::JgtHulp) && self.jgt_hulp.is_none(), "jgt_hulp_gewenst"),
            (self.decides() && self.decided_by.is_empty(), "jgt_decided_with"),
            (required(Record::Actions) && self.actions.is_empty() && !self.not_decided, "actions"),
            (required(Record::Agreement) && self.agreement.is_none() && !self.not_decided, "agreement"),
        ];
        let missing = gaps.into_iter().filter(|(missing, _)| *missing);
        let mut found: Vec<Violation> =
            missing.map(|(_, field)| Violation::new(field, Refusal::FieldRequired)).collect();
        found.extend(people("attended", &self.attended, held.participants));
        found.extend(people("jgt_decided_with", &self.decided_by, held.participants));
        for (at, action) in self.actions.iter().enumerate() {
            if !held.participants.contains(&action.owner) {
                found.push(Violation::new(format!("actions[{at}].owner"), Refusal::ParticipantUnknown));
            }
            if action.due < held.day {
                found.push(Violation::new(format!("actions[{at}].due_date"), Refusal::TimeOutOfBounds));
            }
        }
        let settled = matches!(self.jgt_hulp, Some(JgtHulpGewenst::Ja | JgtHulpGewenst::Nee));
        if self.not_decided && (settled || self.agreement.is_some()) {
            found.push(Violation::new("not_decided", Refusal::FieldInvalid));
        }
        if !self.not_decided && !self.attended.is_empty() && !held.is_quorate(&self.attended) {
            found.push(Violation::new("attended", Refusal::QuorumNotMet));
        }
        if self.passes_over(held.parents) {
            found.push(Violation::new("jgt_decided_with", Refusal::ParentRequired));
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
    use crate::consultation::Kind;

    const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn told(outcome: &Outcome, kind: Kind) -> Vec<(String, Refusal)> {
        let participants = [person(1), person(2), person(4)];
        let held = Held {
            rules: &KindRules { quorum: kind.rules().quorum.min(2), ..kind.rules() },
            subject: Subject::Child,
            day: DAY,
            participants: &participants,
            parents: &participants[1..2],
            professionals: &[person(1), person(4)],
        };
        outcome.check(held).into_iter().map(|violation| (violation.field, violation.refusal)).collect()
    }

    fn complete() -> Outcome {
        Outcome {
            attended: vec![person(1), person(2), person(4)],
            child_heard: Some(ChildHeard::Directly),
            child_heard_note: Some("Aan tafel, met een tekening".parse().unwrap()),
            jgt_hulp: Some(JgtHulpGewenst::Ja),
            decided_by: vec![person(2)],
            summary: None,
            actions: vec![Action {
                what: "Bellen met de school".parse().unwrap(),
                owner: person(1),
                due: DAY,
            }],
            agreement: None,
            not_decided: false,
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
        assert_eq!(told(&decided, Kind::Mdo), [("jgt_decided_with".to_owned(), Refusal::FieldRequired)]);
    }

    #[test]
    fn parents_who_came_are_among_those_who_decide() {
        let without = Outcome { decided_by: vec![person(1)], ..complete() };
        assert_eq!(told(&without, Kind::Mdo), [("jgt_decided_with".to_owned(), Refusal::ParentRequired)]);
        let absent = Outcome { attended: vec![person(1), person(4)], ..without };
        assert_eq!(told(&absent, Kind::Mdo), []);
    }

    #[test]
    fn everything_missing_is_told_at_once() {
        let fields: Vec<String> =
            told(&Outcome::default(), Kind::Rondetafel).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["attended", "child_heard", "jgt_hulp_gewenst", "actions"]);
    }

    #[test]
    fn without_a_child_there_is_nobody_to_hear_and_a_voice_is_explained() {
        let quiet = Outcome { child_heard: None, child_heard_note: None, jgt_hulp: None, ..complete() };
        let held = Held {
            rules: &Kind::Consult.rules(),
            subject: Subject::Nobody,
            day: DAY,
            participants: &[person(1), person(2), person(4)],
            parents: &[],
            professionals: &[person(1), person(4)],
        };
        assert_eq!(quiet.check(held), []);
        let bare = Outcome { child_heard_note: None, ..complete() };
        assert_eq!(told(&bare, Kind::Mdo), [("child_heard_note".to_owned(), Refusal::FieldRequired)]);
    }

    #[test]
    fn too_few_decide_nothing_and_may_say_so() {
        let few = Outcome { attended: vec![person(1), person(2)], ..complete() };
        assert_eq!(told(&few, Kind::Mdo), [("attended".to_owned(), Refusal::QuorumNotMet)]);
        assert_eq!(told(&few, Kind::Nazorg), [], "one is enough there");
        let said = Outcome { not_decided: true, actions: Vec::new(), ..few };
        assert_eq!(told(&said, Kind::Mdo), [("not_decided".to_owned(), Refusal::FieldInvalid)]);
        let waits = Outcome { jgt_hulp: Some(JgtHulpGewenst::NogNiet), ..said };
        assert_eq!(told(&waits, Kind::Mdo), []);
    }

    #[test]
    fn an_oogo_says_whether_there_is_agreement() {
        let silent = Outcome { attended: vec![person(1), person(4)], ..Outcome::default() };
        let rules = Kind::OogoBestuurlijk.rules();
        let held = Held {
            rules: &rules,
            subject: Subject::Nobody,
            day: DAY,
            participants: &[person(1), person(2), person(4)],
            parents: &[],
            professionals: &[person(1), person(2), person(4)],
        };
        let fields = |outcome: &Outcome| -> Vec<String> {
            outcome.check(held).into_iter().map(|found| found.field).collect()
        };
        assert_eq!(fields(&silent), ["agreement", "attended"]);
        let agreed = Outcome {
            attended: vec![person(1), person(2), person(4)],
            agreement: Some(Agreement::Reached),
            ..Outcome::default()
        };
        assert_eq!(fields(&agreed), Vec::<String>::new());
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
                ("attended[3]".to_owned(), Refusal::ParticipantUnknown),
                ("attended[4]".to_owned(), Refusal::DuplicateAttendee),
                ("actions[0].due_date".to_owned(), Refusal::TimeOutOfBounds),
            ]
        );
    }
}
