//! A typed connection to a Schakel server: ready service clients, changes that happen once, watching
//! that survives a break, readable problems.
//!
//! ```no_run
//! use schakel_client::{Connection, Profile, v1};
//!
//! # async fn ask() -> Result<(), Box<dyn std::error::Error>> {
//! let profile = Profile::new("http://127.0.0.1:8480", "ska_…");
//! let connection = Connection::open(&profile).await?;
//! let me = connection.access().who_am_i(v1::WhoAmIRequest {}).await?.into_inner();
//! # Ok(())
//! # }
//! ```
//!
//! - [`Connection`] has a method for every service of the API; every call bears the token, the
//!   organisation acted for, and the language, and is given up after [`Profile::deadline`].
//! - [`once`] sends a change, again when the server is away or the answer is lost, with one
//!   `request_id`; [`patiently`] does the same for reads.
//! - [`Connection::watch_cases`] and [`Connection::watch_consultations`] go on where they broke off.
//! - [`Tls`] holds an authority of one's own and the certificate of a system.
//! - [`Problem`] reads a refusal: reason, fields, what to do.
//!
//! `examples/book.rs` finds a time and books a meeting.

mod connection;
mod problem;
mod retry;
mod tls;
mod told;
mod watch;

pub use connection::{Authorised, Connection, Headers, OpenError, Profile};
pub use problem::{Problem, Violation};
pub use retry::{once, patiently, request_id};
pub use schakel_proto::{Change, v1};
pub use tls::Tls;
pub use watch::{CaseWatch, ConsultationWatch};

/// What the readme shows compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
