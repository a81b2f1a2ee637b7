//! A thin typed connection to a Schakel server: one channel, ready service clients, readable problems.
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

mod connection;
mod problem;
mod retry;

pub use connection::{Authorised, Connection, Headers, OpenError, Profile};
pub use problem::{Problem, Violation};
pub use retry::patiently;
pub use schakel_proto::v1;
