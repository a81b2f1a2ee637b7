//! The request for a helper by function: its states, who moves it, its terms, who sees what.

pub mod request;
pub mod state;
pub mod terms;

pub use request::{Hulpvraag, Seen, Urgency};
pub use state::{DeclineReason, State, Step, after, may};
pub use terms::{Clock, Standing, Terms};
