//! The command line client: a plain gRPC client with tables for people and JSON for programs.

use std::process::ExitCode;

/// What to do.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Does it.
pub async fn run(_: Arguments) -> ExitCode {
    ExitCode::SUCCESS
}
