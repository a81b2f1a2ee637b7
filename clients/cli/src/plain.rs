//! Help as it is read on a terminal: the words of the sources without their Markdown.

use clap::{
    Arg, Command, Parser,
    builder::{Resettable, StyledStr},
};

/// The arguments that were typed. Ends the program with its help, or with what is wrong with them.
pub fn typed<P: Parser>() -> P {
    let matches = plain(P::command()).get_matches();
    P::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
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
