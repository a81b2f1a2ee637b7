//! Invitations: who is told what when a meeting changes, and the words they read.

pub mod backoff;
pub mod dates;
pub mod forbidden;
pub mod notice;
pub mod notices;
pub mod wording;

pub use backoff::{backoff, spread};
pub use forbidden::{FORBIDDEN, forbidden_word};
pub use notice::notice;
pub use notices::{Agreed, Notice, NoticeKind, Participant, Standing, Told, ToldKind, notices};
pub use wording::{
    CalendarTexts, Item, Letter, Several, Wish, betrays, calendar_texts,
    companion::{CompanionWish, companion_letter},
    letter, letter_of_several,
    poll::{PollWish, changed_letter, code_letter, poll_betrays, poll_letter},
    several_betrays,
};
