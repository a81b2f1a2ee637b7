//! The letter that only says that there is something to read: nothing stands in it.

use super::{
    Letter, Reading,
    catalogue::{catalogue, fill},
    page::{Page, compose},
};
use crate::text::Name;

/// Writes it, from the neutral name under which the region mails.
#[must_use]
pub fn notice(recipient: &Name, sender: &Name, portal: &str) -> Letter {
    let reading = Reading::default();
    let subject = fill(&catalogue(reading.first).notice.subject, &[("sender", sender.as_str())]);
    compose(subject, reading, |language| {
        let words = &catalogue(language).notice;
        Page {
            answer: Some((words.sign_in.as_str(), portal.to_owned())),
            ..Page::new(language, words.heading.clone(), [recipient, sender], &words.opening)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invitation::forbidden_word;

    #[test]
    fn nothing_stands_in_it() {
        let name = |text: &str| text.parse::<Name>().unwrap();
        let letter = notice(&name("Femke Groen"), &name("Overleg"), "https://schakel.example");
        for part in [&letter.subject, &letter.text, &letter.html] {
            assert_eq!(forbidden_word(part), None, "{part}");
            assert_eq!(part.contains("Femke Groen"), part != &letter.subject);
        }
        assert!(letter.html.contains("href=\"https://schakel.example\""));
    }
}
