//! Invitations: who is told what when a meeting changes, and the words they read.

pub mod dates;
pub mod forbidden;
pub mod notices;
pub mod place;
pub mod reference;
pub mod wording;

pub use forbidden::{FORBIDDEN, forbidden_word};
pub use notices::{
    Agreed, Answer, Notice, NoticeKind, Participant, Standing, State, Told, ToldKind, notices,
};
pub use place::Place;
pub use reference::Reference;
pub use wording::{Letter, Wish, letter};
