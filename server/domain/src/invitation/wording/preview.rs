//! Every letter there is, to somebody invented: to look at, and to be measured in tests.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Item, Letter, Reading, Several, Wish,
    companion::{CompanionWish, companion_letter},
    confirm::confirm_letter,
    letter, letter_of_several,
    notice::notice,
    paper::paper,
    poll::{PollWish, changed_letter, code_letter, poll_letter},
    refused::{RefusedWish, refused_letter},
    reminder::reminder_letter,
    survey::{SurveyWish, survey_letter},
    tasks::{TaskWish, tasks_letter},
};
use crate::{
    consultation::{Answer, Place, poll, proposal},
    invitation::notices::{Agreed, NoticeKind},
    reference::Reference,
    text::Name,
};

/// Which letter is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Sample {
    /// Please come.
    Invitation,
    /// Time or place changed.
    Update,
    /// The meeting is off.
    Cancellation,
    /// The meeting goes on without this person.
    Withdrawal,
    /// Several meetings at once.
    Several,
    /// To who comes along with a parent.
    Companion,
    /// Which time suits.
    PollAsk,
    /// The same once more.
    PollRemind,
    /// No time is looked for any more.
    PollRelease,
    /// To who may now choose a time.
    PollNote,
    /// A code for the page.
    Code,
    /// An answer was changed.
    Changed,
    /// There is something to read.
    Notice,
    /// An invitation on paper.
    Paper,
    /// What somebody proposed cannot be.
    ProposalRefused,
    /// Whether a mail was somebody's.
    Confirm,
    /// A meeting that comes soon.
    Reminder,
    /// How much there is to do.
    Tasks,
    /// A school is asked something.
    Survey,
    /// The same once more.
    SurveyReminder,
}

const TELEPHONE: &str = "0123 - 456 789";
const MINUTES: i64 = 15;

/// What all of them are about.
struct Invented<'a> {
    recipient: Name,
    sender: Name,
    agreed: Agreed,
    link: &'a str,
    reading: Reading,
}

/// The letter, about a meeting in the week after `now`; its links lead to `portal` itself.
#[must_use]
pub fn preview(sample: Sample, reading: Reading, portal: &str, now: DateTime<Utc>) -> Letter {
    let name = |text: &str| text.parse::<Name>().expect("a name without anything odd");
    let start = now + TimeDelta::days(7);
    let about = &Invented {
        recipient: name("Noor Voorbeeld"),
        sender: name("Overleg"),
        agreed: Agreed { start, end: start + TimeDelta::hours(1), place: Place::School },
        link: portal,
        reading,
    };
    let parties = [&about.recipient, &about.sender];
    match sample {
        Sample::Invitation => letter(&about.wish(NoticeKind::Invitation)),
        Sample::Update => letter(&about.wish(NoticeKind::Update)),
        Sample::Cancellation => letter(&about.wish(NoticeKind::Cancellation)),
        Sample::Withdrawal => letter(&about.wish(NoticeKind::Withdrawal)),
        Sample::Paper => paper(&about.wish(NoticeKind::Invitation)),
        Sample::Several => several(about),
        Sample::Companion => companion_letter(&CompanionWish {
            kind: NoticeKind::Invitation,
            reference: reference(),
            recipient: &about.recipient,
            sender: &about.sender,
            agreed: about.agreed,
        }),
        Sample::PollAsk => about.poll(poll::Notice::Ask),
        Sample::PollRemind => about.poll(poll::Notice::Remind),
        Sample::PollRelease => about.poll(poll::Notice::Release),
        Sample::PollNote => about.poll(poll::Notice::Note),
        Sample::Code => code_letter(parties, reading, "123456", MINUTES),
        Sample::Changed => changed_letter(parties, reading, reference(), Some(TELEPHONE)),
        Sample::Confirm => confirm_letter(parties, reading, reference(), portal),
        Sample::ProposalRefused => refused_letter(&RefusedWish {
            kind: proposal::Kind::OtherTime,
            reference: reference(),
            recipient: &about.recipient,
            sender: &about.sender,
            agreed: about.agreed,
            link: about.link,
            telephone: Some(TELEPHONE),
            reading,
        }),
        Sample::Reminder => reminder_letter(&about.wish(NoticeKind::Invitation), Answer::NeedsAction),
        Sample::Tasks => tasks_letter(&TaskWish {
            recipient: &about.recipient,
            sender: &about.sender,
            count: 2,
            link: portal,
            reading,
        }),
        Sample::Survey => survey(about, false),
        Sample::SurveyReminder => survey(about, true),
        Sample::Notice => notice(&about.recipient, &about.sender, portal),
    }
}

fn reference() -> Reference {
    Reference::from_random(0)
}

fn survey(about: &Invented, reminds: bool) -> Letter {
    survey_letter(&SurveyWish {
        recipient: &about.recipient,
        sender: &about.sender,
        due: about.agreed.start.date_naive(),
        reminds,
        link: about.link,
        reading: about.reading,
    })
}

fn several(about: &Invented) -> Letter {
    let item = |weeks| {
        let mut agreed = about.agreed;
        agreed.start += TimeDelta::weeks(weeks);
        agreed.end += TimeDelta::weeks(weeks);
        Item { kind: NoticeKind::Invitation, reference: reference(), agreed, link: about.link }
    };
    letter_of_several(&Several {
        recipient: &about.recipient,
        sender: &about.sender,
        items: &[item(0), item(4)],
        telephone: Some(TELEPHONE),
        reading: about.reading,
    })
}

impl Invented<'_> {
    fn wish(&self, kind: NoticeKind) -> Wish<'_> {
        let before = Agreed {
            start: self.agreed.start - TimeDelta::hours(26),
            end: self.agreed.end - TimeDelta::hours(26),
            place: Place::Online,
        };
        Wish {
            kind,
            reference: reference(),
            recipient: &self.recipient,
            sender: &self.sender,
            agreed: self.agreed,
            before: Some(before),
            link: self.link,
            telephone: Some(TELEPHONE),
            reading: self.reading,
        }
    }

    fn poll(&self, notice: poll::Notice) -> Letter {
        let day = TimeDelta::days(1);
        let Agreed { start, end, place } = self.agreed;
        poll_letter(&PollWish {
            notice,
            reference: reference(),
            recipient: &self.recipient,
            sender: &self.sender,
            options: &[(start, end), (start + day, end + day)],
            place,
            deadline: start - day,
            link: self.link,
            telephone: Some(TELEPHONE),
            reading: self.reading,
        })
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::{
        invitation::{forbidden_word, plain_language},
        refusal::Language,
    };

    #[test]
    fn every_letter_is_plain_dutch_that_betrays_nothing_in_two_languages() {
        let now = "2026-11-17T09:00:00Z".parse().unwrap();
        for sample in Sample::iter() {
            for reading in [
                Reading::default(),
                Reading { first: Language::English, large_print: true, interpreter: true },
            ] {
                let letter = preview(sample, reading, "https://schakel.example", now);
                for part in [&letter.subject, &letter.text, &letter.html] {
                    assert_eq!(forbidden_word(part), None, "{sample}");
                }
                assert!(
                    !letter.subject.contains("Noor") && letter.text.contains("Noor Voorbeeld"),
                    "{sample}"
                );
                let pages: Vec<_> = letter.text.split("\n---\n").collect();
                let dutch = usize::from(letter.first == Language::English);
                assert_eq!(pages.len(), 2, "{sample}");
                assert_eq!(plain_language(pages[dutch]), [], "{sample}");
                assert!(pages[dutch].contains("Beste") && pages[1 - dutch].contains("Dear"), "{sample}");
                assert!(!letter.text.contains(['{', '}']) && !letter.subject.contains(['{', '}']));
                assert!(letter.html.contains("<main>") && letter.html.contains("<h1>"), "{sample}");
            }
        }
    }
}
