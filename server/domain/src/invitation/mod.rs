//! Invitations: who is told what when a meeting changes, and the words they read.

pub mod ahead;
pub mod backoff;
pub mod dates;
pub mod forbidden;
pub mod notices;
pub mod profile;
pub mod reminders;
pub mod timing;
pub mod wording;

pub use backoff::{backoff, spread};
pub use forbidden::{FORBIDDEN, forbidden_word};
pub use notices::{Agreed, Notice, NoticeKind, Participant, Standing, Told, ToldKind, notices};
pub use wording::{
    CalendarTexts, Item, Letter, Reading, Several, Wish, betrays, calendar_texts,
    companion::{CompanionWish, companion_letter},
    confirm::confirm_letter,
    letter, letter_of_several,
    notice::notice,
    paper::{paper, paper_betrays},
    plain_language::plain_language,
    poll::{PollWish, changed_letter, code_letter, poll_betrays, poll_letter},
    preview::{Sample, preview},
    refused::{RefusedWish, refused_betrays, refused_letter},
    reminder::{reminder_betrays, reminder_letter},
    several_betrays,
    survey::{SurveyWish, survey_betrays, survey_letter},
    tasks::{TaskWish, tasks_betray, tasks_letter},
};
