//! The command line client on its own; `schakel ctl` is the same.

use std::process::ExitCode;

use clap::Parser;

/// Talk to a Schakel server.
#[derive(Parser)]
#[command(name = "schakelctl", version, about, after_help = schakel_cli::EXAMPLE)]
struct Program {
    #[command(flatten)]
    arguments: schakel_cli::Arguments,
}

#[tokio::main]
async fn main() -> ExitCode {
    schakel_cli::run(schakel_cli::typed::<Program>().arguments).await
}
