//! Scripts by which shells complete commands and options.

use clap_complete::{Shell, generate};

use crate::Arguments;

/// The name under which the program is typed.
const NAME: &str = "schakelctl";

pub(crate) fn script(shell: Shell) -> String {
    let mut command = <Arguments as clap::Args>::augment_args(clap::Command::new(NAME));
    let mut text = Vec::new();
    generate(shell, &mut command, NAME, &mut text);
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
