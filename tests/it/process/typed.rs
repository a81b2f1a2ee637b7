//! What the demo prints can be typed, from the first line to the last.

use std::process::Command;

use schakel_tests::program::{Outside, Program};

const NAME: &str = "the_story_that_the_demo_prints_can_be_typed";

#[test]
fn the_story_that_the_demo_prints_can_be_typed() {
    let Some(outside) = Outside::binary(NAME) else { return };
    let program = Program::start(&outside);
    let (_, story) = program.said.split_once("step by step").unwrap();
    let binary = outside.binary.to_str().unwrap();
    let mut typed = 0;
    for line in story.lines().map(str::trim).filter(|line| line.starts_with("ctl ")) {
        // Watching never ends by itself.
        if line.starts_with("ctl consultation watch") {
            continue;
        }
        let profile = program.folder.join("profile.toml");
        let command = line.replacen("ctl ", &format!("{binary} ctl --profile {} ", profile.display()), 1);
        let output = Command::new("sh").args(["-c", &command]).output().unwrap();
        let said =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        let twice = typed > 0 && said.contains("TIME_CONFLICT");
        assert!(output.status.success() || (twice && said.contains("next_free_times")), "{line}\n{said}");
        typed += 1;
    }
    assert!(typed > 18, "{typed}");
    let mails = std::fs::read_dir(program.folder.join("mail/new")).unwrap().count();
    assert!(mails >= 10, "{mails} mails");
}
