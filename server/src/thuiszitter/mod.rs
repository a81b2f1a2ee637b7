//! Cases of children at home: opened once, advanced, closed with an outcome, reopened on relapse.

mod advance_case;
pub mod case;
pub mod change;
mod close_case;
mod deadline;
pub mod escalation;
pub mod facts;
pub mod figures;
mod get_case;
mod handover;
mod history;
mod list_cases;
mod open_case;
pub mod plan;
mod reading;
mod reopen_case;
pub mod rights;
mod rpc;
pub mod store;
mod task;
mod texts;
pub mod timeline;
mod update_case;
mod view;
mod watch;
mod wire;
pub mod worker;
