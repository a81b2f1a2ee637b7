//! Meetings: their kinds as data, the rules of booking, their states and their outcome.

pub mod booking;
pub mod kinds;
pub mod outcome;
pub mod place;
pub mod poll;
pub mod preempt;
pub mod proposal;
pub mod series;
pub mod state;
pub mod substitute;
pub mod waiting;
pub mod year;

pub use booking::{
    ParentException, Participant, ShortNotice, Subject, Wish, check, check_part, lies_within, overlapping,
};
pub use kinds::{Kind, KindRules};
pub use outcome::{Agreement, ChildHeard, JgtHulpGewenst, Outcome};
pub use place::{AloneBecause, Place};
pub use state::{Answer, Changed, DeclineReason, Event, Meeting, State};
