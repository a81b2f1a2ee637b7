//! Invitations: who is told what when a meeting changes, and the words they read.

pub mod dates;
pub mod forbidden;
pub mod notices;
pub mod wording;

pub use forbidden::{FORBIDDEN, forbidden_word};
pub use notices::{Agreed, Notice, NoticeKind, Participant, Standing, Told, ToldKind, notices};
pub use wording::{Letter, Wish, letter};
