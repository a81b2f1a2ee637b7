//! The command line client: a plain gRPC client with tables for people and JSON for programs.

mod audit;
mod call;
mod case;
mod clock;
mod command;
mod completion;
mod consent;
mod consultation;
mod coverage;
mod duty;
mod entry;
mod fact;
mod failure;
mod feed;
mod goal;
mod handover;
mod hulpvraag;
mod import;
mod inbox;
mod indicator;
mod mail;
mod memory;
mod mention;
mod monitor;
mod organisation;
mod pairs;
mod plain;
mod policy;
mod privacy;
mod profile;
mod progress;
mod proposal;
mod register;
mod render;
mod report;
mod route;
mod seat;
mod session;
mod signal;
mod signed_in;
mod slots;
mod subscription;
mod survey;
mod task;
mod time;
mod token;
mod value;
mod whoami;
mod work;

pub use completion::{Shell, complete};
pub use plain::typed;

use std::{io::Write, path::PathBuf, process::ExitCode};

/// The last lines of the program's own help.
pub const EXAMPLE: &str = "Exit codes: 0 done, 1 refused by the server, 2 wrong usage, 3 no server there.\n\n\
Example: schakelctl --as iber whoami";

/// What to do, and as whom.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    work: work::Work,
}

/// Options of every command.
#[derive(clap::Args)]
struct Options {
    /// Address, people and names [default: ./schakel-data/profile.toml, else ~/.config/schakel/profile.toml]
    #[arg(long, global = true, env = "SCHAKEL_PROFILE", value_name = "FILE", help_heading = "Connection")]
    profile: Option<PathBuf>,
    /// A person of the profile, for example iber or coordinator
    #[arg(id = "as", long = "as", global = true, value_name = "NAME", help_heading = "Connection")]
    person: Option<String>,
    /// Address of the server instead of the profile's
    #[arg(long, global = true, value_name = "URL", help_heading = "Connection")]
    server: Option<String>,
    /// A token instead of the profile's; better in the environment than on the command line
    #[arg(
        long,
        global = true,
        env = "SCHAKEL_TOKEN",
        hide_env_values = true,
        value_name = "SECRET",
        help_heading = "Connection"
    )]
    token: Option<String>,
    /// The authorities that may vouch for an https server, PEM, in place of those that the system trusts
    #[arg(long, global = true, value_name = "FILE", help_heading = "Connection")]
    ca: Option<PathBuf>,
    /// The organisation to act for: organisations/… or @name
    #[arg(long = "for", global = true, value_name = "ORGANISATION", help_heading = "Connection")]
    acting_for: Option<value::Reference>,
    /// Print JSON, with the names of the protos
    #[arg(long, global = true, help_heading = "Output")]
    json: bool,
    /// Remember the answer as @NAME too; its child, parents and parts as @NAME-child, @NAME-parent1, @NAME-part1
    #[arg(long, global = true, value_name = "NAME", help_heading = "Output")]
    called: Option<String>,
    /// The language of the server's sentences
    #[arg(long, global = true, value_parser = ["nl", "en"], help_heading = "Output")]
    lang: Option<String>,
}

/// Does it; prints the answer, or why not.
pub async fn run(arguments: Arguments) -> ExitCode {
    let json = arguments.options.json;
    match arguments.work.run(arguments.options).await {
        Ok(answer) => {
            print(&answer.rendered(json));
            answer.exit_code()
        }
        Err(failure) => {
            eprintln!("{}", failure.rendered(json));
            failure.exit_code()
        }
    }
}

/// Writes a text and a line break. A reader that has gone away is no fault.
fn print(text: &str) {
    if !text.is_empty() {
        let _ = writeln!(std::io::stdout().lock(), "{text}");
    }
}

#[cfg(test)]
mod tests {
    use clap::{Command, FromArgMatches};

    use super::*;

    fn program() -> Command {
        <Arguments as clap::Args>::augment_args(Command::new("schakelctl")).after_help(EXAMPLE)
    }

    fn every(command: &Command, visit: &mut impl FnMut(&Command)) {
        visit(command);
        command.get_subcommands().for_each(|below| every(below, visit));
    }

    #[test]
    fn the_arguments_agree_with_themselves() {
        program().debug_assert();
    }

    #[test]
    fn the_help_of_every_command_ends_with_an_example_that_can_be_typed() {
        let mut seen = 0;
        every(&program(), &mut |command| {
            seen += 1;
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let (_, example) = help
                .rsplit_once("Example: ")
                .unwrap_or_else(|| panic!("`{}` has no example", command.get_name()));
            let words = words(example);
            let matches = program().try_get_matches_from(&words);
            let matches = matches.unwrap_or_else(|error| panic!("{example}: {error}"));
            assert!(Arguments::from_arg_matches(&matches).is_ok(), "{example}");
        });
        assert!(seen > 60, "{seen}");
    }

    #[test]
    fn the_help_tells_what_can_be_chosen_and_speaks_no_markdown() {
        let mut chosen = Vec::new();
        every(&plain::plain(program()), &mut |command| {
            let mut command = command.clone();
            let help = command.render_long_help().to_string();
            let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(!help.contains('`'), "{help}");
            if command.get_name() == "advance" {
                chosen.push(help);
            }
        });
        assert!(chosen.iter().any(|help| help.contains("[possible values: SIGNAAL, ")), "{chosen:?}");
    }

    #[test]
    fn a_day_that_cannot_be_read_is_answered_with_how_to_write_it() {
        for wrong in ["morgen", "24-11-2026", "2026-11-24T10:00", "2026-13-01"] {
            let typed = ["schakelctl", "case", "standing", "@case", "--on", wrong];
            let told = plain::dated(program().try_get_matches_from(typed).unwrap_err()).to_string();
            assert!(told.starts_with("error: invalid value") && told.contains("--on"), "{told}");
            assert!(told.contains("write a day as 2026-11-24"), "{told}");
            assert!(!told.contains("input") && told.matches("error: ").count() == 1, "{told}");
        }
        let other = program().try_get_matches_from(["schakelctl", "slots", "--minutes", "x"]).unwrap_err();
        assert!(plain::dated(other).to_string().contains("--minutes"));
    }

    #[test]
    fn who_books_without_a_time_is_told_both_ways_to_give_one() {
        for line in ["consultation book --kind MDO", "consultation move @consultation"] {
            let typed = words(&format!("schakelctl {line}"));
            let told = program().try_get_matches_from(&typed).unwrap_err().to_string();
            assert!(told.contains("--slot") && told.contains("--start"), "{told}");
            let both = [typed, words("--slot 1 --start 2026-11-26T10:00")].concat();
            assert!(program().try_get_matches_from(both).is_err(), "{line}: one of them");
        }
    }

    #[test]
    fn who_moves_a_case_is_told_both_ways_a_child_goes_and_may_give_both() {
        let typed = words("schakelctl case move @case");
        let told = program().try_get_matches_from(&typed).unwrap_err().to_string();
        assert!(told.contains("--school") && told.contains("--residence"), "{told}");
        let given = |more: &str| program().try_get_matches_from([typed.clone(), words(more)].concat());
        for enough in ["--school @school", "--residence GM9902", "--school @school --residence GM9902"] {
            given(enough).unwrap_or_else(|error| panic!("{enough}: {error}"));
        }
        given("--residence GM0363 --confirm-outside-region").unwrap();
        assert!(given("--school @school --confirm-outside-region").is_err(), "of no gemeente");
    }

    #[test]
    fn the_readme_tells_of_every_option_of_every_command() {
        let readme = include_str!("../README.md");
        let program = program();
        let options: Vec<_> = program.get_arguments().filter(|one| one.is_global_set()).collect();
        assert!(options.len() > 8, "{}", options.len());
        for option in options.into_iter().filter_map(clap::Arg::get_long) {
            assert!(readme.contains(&format!("| `--{option}")), "--{option}");
        }
    }

    /// As a shell would cut them.
    fn words(line: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut quoted = false;
        for letter in line.chars() {
            match letter {
                '\'' => quoted = !quoted,
                ' ' if !quoted => words.push(String::new()),
                other => words.last_mut().unwrap().push(other),
            }
        }
        words
    }
}
