//! Cases of children at home: opened once, advanced, closed with an outcome, reopened on relapse.

mod advance_case;
pub mod case;
mod close_case;
mod deadline;
pub mod facts;
mod get_case;
mod handover;
mod history;
mod list_cases;
mod open_case;
mod reading;
mod reopen_case;
pub mod rights;
mod rpc;
pub mod store;
mod texts;
pub mod timeline;
mod update_case;
mod view;
mod wire;
pub mod worker;
