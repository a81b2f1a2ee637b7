//! Scripts by which shells complete commands and options.

pub use clap_complete::Shell;
use clap_complete::generate;

use crate::{Arguments, plain::plain};

/// The name under which the program is typed.
const NAME: &str = "schakelctl";

pub(crate) fn script(shell: Shell) -> String {
    complete(<Arguments as clap::Args>::augment_args(clap::Command::new(NAME)), shell)
}

/// The script by which `shell` completes `command`, typed by its own name.
pub fn complete(command: clap::Command, shell: Shell) -> String {
    let mut command = plain(command);
    let name = command.get_name().to_owned();
    let mut text = Vec::new();
    generate(shell, &mut command, name, &mut text);
    String::from_utf8_lossy(&text).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_holds_the_verbs_and_no_secret() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let script = script(shell);
            for verb in ["consultation", "timeline", "call", "completion", "as-of"] {
                assert!(script.contains(verb), "{shell}: {verb}");
            }
            assert!(!script.contains("ska_"), "{shell}");
        }
    }
}
