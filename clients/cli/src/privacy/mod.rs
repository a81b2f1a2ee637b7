//! Rights of the people that cases are about, and the end of what is kept.

mod ending;
mod household;
mod rights;

use std::path::Path;

use clap::Subcommand;

use crate::{
    failure::Failure,
    render::Answer,
    session::{Outcome, Session},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    #[command(flatten)]
    Rights(rights::Verb),
    #[command(flatten)]
    Ending(ending::Verb),
    #[command(flatten)]
    Household(household::Verb),
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::Rights(verb) => verb.run(session).await,
            Self::Ending(verb) => verb.run(session).await,
            Self::Household(verb) => verb.run(session).await,
        }
    }
}

fn usage(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(format!("{}: {error}", path.display()))
}

/// Writes a new file that only its owner reads: it holds personal data.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| usage(path, &error))?;
    std::io::Write::write_all(&mut file, bytes).map_err(|error| usage(path, &error))
}
