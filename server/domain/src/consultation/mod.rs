//! Meetings: their kinds as data, the rules of booking, their states and their outcome.

pub mod booking;
pub mod kinds;
pub mod outcome;
pub mod place;
pub mod poll;
pub mod state;

pub use booking::{ParentException, Participant, Subject, Wish, check};
pub use kinds::{Kind, KindRules};
pub use outcome::{ChildHeard, JgtHulpGewenst, Outcome};
pub use place::Place;
pub use state::{Answer, Changed, Event, Meeting, State};
