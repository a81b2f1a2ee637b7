//! A case and its history as people read them: warnings in a sentence, and no count of days before there is one.

use schakel_client::v1::{self as pb, case::warning::Reason};

use crate::render::{Answer, Node, text, tree};

/// A case, with what is unusual about the child at its school.
pub(super) fn case(case: &pb::Case) -> Answer {
    let node = tree(case);
    let warning = |one: &pb::case::Warning| {
        let why = Node::Text(sentence(one.reason()).to_owned());
        Node::Message(vec![("field", Node::Text(one.field.clone())), ("why", why)])
    };
    let shown = Node::List(case.warnings.iter().map(warning).collect());
    Answer::told(&node, text(&with(node.clone(), "warnings", shown)))
}

/// A history. That no parent came to a meeting yet is not that one came on the first day.
pub(super) fn timeline(timeline: &pb::Timeline) -> Answer {
    let node = tree(timeline);
    let mut shown = node.clone();
    if timeline.first_parent_meeting_date.is_empty() {
        shown = with(shown, "days_to_first_parent_meeting", Node::Text("-".to_owned()));
    }
    Answer::told(&node, text(&shown))
}

/// The message with another value of a field.
fn with(mut node: Node, field: &str, value: Node) -> Node {
    if let Node::Message(fields) = &mut node
        && let Some((_, old)) = fields.iter_mut().find(|(name, _)| *name == field)
    {
        *old = value;
    }
    node
}

fn sentence(reason: Reason) -> &'static str {
    match reason {
        Reason::Unspecified => "",
        Reason::OtherSector => "This school belongs to another samenwerkingsverband. Agree with that one.",
        Reason::TooYoung => "This child is younger than is usual. Is the birth date right?",
        Reason::TooOld => "This child is older than is usual. Are the birth date and the school right?",
        Reason::LastYear => {
            "This child turns 14 in this school year. After it the child may not stay in primary education."
        }
        Reason::PerhapsLastYear => {
            "Is this child in groep 8? Then record the fact LAST_PRIMARY_YEAR_BEGAN. The terms towards secondary \
             education then run."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_a_sentence_for_people_and_a_name_for_programs() {
        let warning = pb::case::Warning {
            field: "case.child.birth_date".into(),
            reason: Reason::PerhapsLastYear.into(),
        };
        let told = case(&pb::Case { warnings: vec![warning], ..Default::default() });
        assert!(told.rendered(false).contains("Is this child in groep 8?"), "{}", told.rendered(false));
        assert!(!told.rendered(false).contains("PERHAPS"), "{}", told.rendered(false));
        assert_eq!(told.json()["warnings"][0]["reason"], "REASON_PERHAPS_LAST_YEAR");
    }

    #[test]
    fn no_meeting_with_a_parent_is_a_dash_and_one_on_the_first_day_is_nought() {
        let line = |timeline: &pb::Timeline| {
            let told = super::timeline(timeline).rendered(false);
            let found = told.lines().find(|line| line.starts_with("days_to_first_parent_meeting"));
            found.and_then(|line| line.split_whitespace().last().map(str::to_owned)).unwrap()
        };
        let none = pb::Timeline::default();
        assert_eq!(line(&none), "-");
        let held = pb::Timeline { first_parent_meeting_date: "2026-11-24".into(), ..none };
        assert_eq!(line(&held), "0");
    }
}
