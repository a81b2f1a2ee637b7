//! The letter that says how many things somebody has to do that are due soon: a number and a link, nothing else.

use super::{
    Letter, Reading,
    catalogue::{catalogue, fill},
    found_in,
    page::{Page, compose},
};
use crate::text::Name;

/// What it is made of. There is no field for what there is to do.
#[derive(Debug, Clone, Copy)]
pub struct TaskWish<'a> {
    /// The recipient's own name.
    pub recipient: &'a Name,
    /// Under whose neutral name the region mails.
    pub sender: &'a Name,
    /// How many things; at least one.
    pub count: usize,
    /// Where they stand, behind signing in.
    pub link: &'a str,
    /// How the recipient reads.
    pub reading: Reading,
}

/// Writes it.
#[must_use]
pub fn tasks_letter(wish: &TaskWish) -> Letter {
    let sender = [("sender", wish.sender.as_str())];
    let subject = fill(&catalogue(wish.reading.first).tasks.subject, &sender);
    compose(subject, wish.reading, |language| {
        let words = &catalogue(language).tasks;
        let opening = match wish.count {
            1 => words.one.clone(),
            count => fill(&words.several, &[("count", count.to_string().as_str())]),
        };
        Page {
            answer: Some((words.sign_in.as_str(), wish.link.to_owned())),
            closing: vec![words.privacy.clone()],
            ..Page::new(language, words.heading.clone(), [wish.recipient, wish.sender], &opening)
        }
    })
}

/// The first forbidden word in it, apart from the recipient's own name.
#[must_use]
pub fn tasks_betray(wish: &TaskWish) -> Option<&'static str> {
    let nobody = "N.N.".parse().ok()?;
    found_in(&tasks_letter(&TaskWish { recipient: &nobody, ..*wish }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_many_and_nothing_of_what() {
        let name = |text: &str| text.parse::<Name>().unwrap();
        let (recipient, sender) = (name("Femke Groen"), name("Overleg"));
        let wish = |count| TaskWish {
            recipient: &recipient,
            sender: &sender,
            count,
            link: "https://schakel.example",
            reading: Reading::default(),
        };
        let two = tasks_letter(&wish(2));
        assert!(two.text.contains("Van 2 taken in Schakel komt de termijn dichtbij."), "{}", two.text);
        assert!(two.text.contains("2 of your tasks in Schakel are due soon."), "{}", two.text);
        assert!(tasks_letter(&wish(1)).text.contains("Van 1 taak in Schakel komt de termijn dichtbij."));
        assert!(!two.subject.contains("Femke") && two.text.contains("https://schakel.example"));
        assert_eq!(tasks_betray(&wish(2)), None);
    }
}
