//! Help and what is wrong with arguments, as they are read on a terminal: the words of the sources
//! without their Markdown, and the form of a date instead of the words of who read it.

use std::error::Error as _;

use clap::{
    Arg, Command, Error, Parser,
    builder::{Resettable, StyledStr},
};

/// The arguments that were typed. Ends the program with its help, or with what is wrong with them.
pub fn typed<P: Parser>() -> P {
    let matches = plain(P::command()).try_get_matches().unwrap_or_else(|error| dated(error).exit());
    P::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// The same error; of a day or a time that cannot be read with how to write it.
pub(crate) fn dated(error: Error) -> Error {
    let Some(read) = error.source().filter(|source| source.is::<chrono::ParseError>()) else { return error };
    let form = "write a day as 2026-11-24, a time as 2026-11-24T10:00:00+01:00";
    let told = error.to_string().replace(&format!(": {read}"), &format!(": {form}"));
    Error::raw(error.kind(), told.trim_start_matches("error: "))
}

/// The command with the help of everything below it in plain text.
pub(crate) fn plain(command: Command) -> Command {
    let about = unmarked(command.get_about());
    let long = unmarked(command.get_long_about());
    let after = unmarked(command.get_after_help());
    command.about(about).long_about(long).after_help(after).mut_args(argument).mut_subcommands(plain)
}

fn argument(argument: Arg) -> Arg {
    let help = unmarked(argument.get_help());
    let long = unmarked(argument.get_long_help());
    argument.help(help).long_help(long)
}

fn unmarked(text: Option<&StyledStr>) -> Resettable<StyledStr> {
    Resettable::from(text.map(|text| StyledStr::from(text.to_string().replace('`', ""))))
}
