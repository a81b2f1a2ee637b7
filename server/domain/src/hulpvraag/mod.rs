//! The request for a helper by function: its states, who moves it, its terms, who sees what.

mod category;
pub mod state;
pub mod terms;

pub use category::Category;
pub use state::{ASKED, State, Step, after};
pub use terms::{Clock, Standing, Terms};
