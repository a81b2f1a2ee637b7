//! The letters that ask somebody to answer for their school: until when and a link, not what is asked.

use chrono::NaiveDate;

use super::{
    Letter, Reading,
    catalogue::{catalogue, fill},
    found_in,
    page::{Fact, Page, compose},
};
use crate::{invitation::dates, text::Name};

/// What it is made of. There is no field for what is asked.
#[derive(Debug, Clone, Copy)]
pub struct SurveyWish<'a> {
    /// The recipient's own name.
    pub recipient: &'a Name,
    /// Under whose neutral name the region mails.
    pub sender: &'a Name,
    /// The last day on which it is answered.
    pub due: NaiveDate,
    /// Whether it was asked before.
    pub reminds: bool,
    /// Where it is answered, behind signing in.
    pub link: &'a str,
    /// How the recipient reads.
    pub reading: Reading,
}

/// Writes it.
#[must_use]
pub fn survey_letter(wish: &SurveyWish) -> Letter {
    let sender = [("sender", wish.sender.as_str())];
    let first = &catalogue(wish.reading.first).survey;
    let subject = fill(if wish.reminds { &first.subject_again } else { &first.subject }, &sender);
    compose(subject, wish.reading, |language| {
        let words = &catalogue(language).survey;
        let opening = if wish.reminds { &words.opening_again } else { &words.opening };
        Page {
            facts: vec![Fact::new(&words.until, dates::day(wish.due, language))],
            answer: Some((words.sign_in.as_str(), wish.link.to_owned())),
            closing: vec![words.privacy.clone()],
            ..Page::new(language, words.heading.clone(), [wish.recipient, wish.sender], opening)
        }
    })
}

/// The first forbidden word in it, apart from the recipient's own name.
#[must_use]
pub fn survey_betrays(wish: &SurveyWish) -> Option<&'static str> {
    let nobody = "N.N.".parse().ok()?;
    found_in(&survey_letter(&SurveyWish { recipient: &nobody, ..*wish }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_until_when_and_nothing_of_what() {
        let name = |text: &str| text.parse::<Name>().unwrap();
        let (recipient, sender) = (name("Femke Groen"), name("Overleg"));
        let wish = |reminds| SurveyWish {
            recipient: &recipient,
            sender: &sender,
            due: "2026-12-04".parse().unwrap(),
            reminds,
            link: "https://schakel.example",
            reading: Reading::default(),
        };
        let (first, again) = (survey_letter(&wish(false)), survey_letter(&wish(true)));
        assert!(first.text.contains("Kan tot en met: vrijdag 4 december 2026"), "{}", first.text);
        assert!(first.text.contains("Until and including: Friday 4 December 2026"), "{}", first.text);
        assert!(again.text.contains("Wij hebben uw antwoord nog niet.") && again.subject != first.subject);
        assert!(!first.subject.contains("Femke") && first.text.contains("https://schakel.example"));
        assert_eq!((survey_betrays(&wish(false)), survey_betrays(&wish(true))), (None, None));
    }
}
