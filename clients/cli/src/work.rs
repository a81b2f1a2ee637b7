//! What is asked: of the server, or what needs none.

use clap::Subcommand;
use clap_complete::Shell;

use crate::{
    Options, call,
    command::Command,
    completion,
    render::Answer,
    session::{Outcome, Session},
};

#[derive(Subcommand)]
pub(crate) enum Work {
    #[command(flatten)]
    Command(Box<Command>),
    /// Any method of the API by its name, JSON in and JSON out
    #[command(after_help = "Example: schakelctl call ThuiszitterService/GetCase '{\"name\": \"@case\"}'")]
    Call(call::Arguments),
    /// Print the script by which a shell completes these commands
    #[command(after_help = "Example: schakelctl completion bash")]
    Completion {
        /// Which shell
        shell: Shell,
    },
}

impl Work {
    pub(crate) async fn run(self, options: Options) -> Outcome<Answer> {
        let told = match &self {
            Self::Command(_) => None,
            Self::Call(call) => call.told()?,
            Self::Completion { shell } => Some(completion::script(*shell)),
        };
        if let Some(told) = told {
            return Ok(Answer::said(told));
        }
        let session = Session::open(options).await?;
        let answer = match self {
            Self::Command(command) => command.run(&session).await?,
            Self::Call(call) => call.run(&session).await?,
            Self::Completion { .. } => Answer::nothing(),
        };
        session.remember(answer.json());
        Ok(answer)
    }
}
