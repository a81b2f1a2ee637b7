//! What the demo prints and what the documents show can be typed, from the first line to the last.

use std::process::Command;

use schakel_tests::program::{Outside, Program};

/// Types a command as a person would, in a shell; tells whether it went well, and what was said.
fn enter(program: &Program, outside: &Outside, line: &str) -> (bool, String) {
    let binary = outside.binary.to_str().unwrap();
    let profile = program.folder.join("profile.toml");
    let command = line.replacen("ctl ", &format!("{binary} ctl --profile {} ", profile.display()), 1);
    // What writes a file writes it where it is typed.
    let output = Command::new("sh").args(["-c", &command]).current_dir(&program.folder).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

#[test]
fn the_story_that_the_demo_prints_can_be_typed() {
    let Some(outside) = Outside::binary("the_story_that_the_demo_prints_can_be_typed") else { return };
    let program = Program::start(&outside);
    let (_, story) = program.said.split_once("step by step").unwrap();
    let alias = format!("alias ctl='{} ctl", outside.binary.display());
    assert!(story.contains(&alias), "the program that was started, wherever it is: {story}");
    // Watching never ends by itself.
    let commands = story.lines().map(str::trim).filter(|line| line.starts_with("ctl "));
    let commands: Vec<_> = commands.filter(|line| !line.starts_with("ctl consultation watch")).collect();
    for (at, line) in commands.iter().enumerate() {
        let (done, said) = enter(&program, &outside, line);
        let twice = at > 0 && line == &commands[at - 1];
        assert!(done || (twice && said.contains("next_free_times")), "{line}\n{said}");
    }
    assert!(commands.len() > 18, "{}", commands.len());
    let mails = std::fs::read_dir(program.folder.join("mail/new")).unwrap().count();
    assert!(mails >= 10, "{mails} mails");
}

/// The commands that a document shows behind `$`, each with the first line of its answer.
fn shown(document: &str) -> Vec<(String, String)> {
    let text = document.replace("\\\n", "");
    let lines: Vec<_> = text.lines().collect();
    let commands =
        lines.windows(2).filter_map(|two| Some((two[0].strip_prefix("$ ")?.to_owned(), two[1].to_owned())));
    commands.collect()
}

/// Types one of them; what is refused in the document is refused for that reason.
fn enter_shown(program: &Program, outside: &Outside, (command, answer): (&str, &str)) {
    let (done, said) = enter(program, outside, command);
    let refusal = answer.split_once(": ").map(|(reason, _)| reason).filter(|word| is_reason(word));
    match refusal {
        Some(reason) => assert!(!done && said.starts_with(reason), "{command}\n{said}"),
        None => assert!(done, "{command}\n{said}"),
    }
}

#[test]
fn what_the_readme_shows_of_the_story_and_beside_it_can_be_typed() {
    let Some(outside) = Outside::binary("what_the_readme_shows_of_the_story_and_beside_it_can_be_typed")
    else {
        return;
    };
    let program = Program::start(&outside);
    let (_, told) = include_str!("../../../README.md").split_once("## The story").unwrap();
    let (told, _) = told.split_once("## The house").unwrap();
    let told = told.replace("schakel-data", program.folder.to_str().unwrap());
    let story = shown(&told);
    for (command, answer) in &story {
        enter_shown(&program, &outside, (command, answer));
    }
    // Beside the story they stand in a sentence.
    let (_, beside) = told.split_once("Beside the story").unwrap();
    let beside = beside.split('`').skip(1).step_by(2).filter(|code| code.starts_with("ctl "));
    let beside: Vec<_> = beside.collect();
    for command in &beside {
        enter_shown(&program, &outside, (command, ""));
    }
    assert_eq!((story.len(), beside.len()), (7, 6));
}

#[test]
fn the_hour_of_a_newcomer_can_be_typed() {
    let Some(outside) = Outside::binary("the_hour_of_a_newcomer_can_be_typed") else { return };
    let program = Program::start(&outside);
    let (mut typed, mut counted) = (0, 0);
    for (command, answer) in shown(include_str!("../../../docs/newcomer.md")) {
        if command.starts_with("ctl ") {
            enter_shown(&program, &outside, (&command, &answer));
            typed += 1;
        } else {
            assert_eq!(count_in(&program, &command, &answer), answer, "{command}");
            counted += 1;
        }
    }
    assert!(typed > 18 && counted == 1, "{typed}, {counted}");
}

/// What a command in the demo's folder counts, when it is so many or mail has had its time.
fn count_in(program: &Program, command: &str, expected: &str) -> String {
    let command = command.replace("schakel-data", program.folder.to_str().unwrap());
    let count = || {
        let output = Command::new("sh").args(["-c", &command]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let mut counted = count();
    for _ in 0..50 {
        if counted == expected {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
        counted = count();
    }
    counted
}

/// The examples that name nothing that somebody has to make first, and write no file.
#[test]
fn who_the_help_speaks_as_may_do_what_it_shows() {
    let Some(outside) = Outside::binary("who_the_help_speaks_as_may_do_what_it_shows") else { return };
    let program = Program::start(&outside);
    for verb in [
        "monitor show",
        "monitor survival",
        "monitor cases",
        "report show",
        "report cases",
        "report supply",
        "report hours",
        "report obliged",
        "indicator list",
        "indicator create",
        "survey create",
        "survey list",
        "signal report",
        "signal list",
    ] {
        let (done, help) = enter(&program, &outside, &format!("ctl {verb} --help"));
        let (_, example) =
            help.rsplit_once("Example: schakelctl ").unwrap_or_else(|| panic!("{verb}: {help}"));
        assert!(done, "{help}");
        // The help is cut into lines as wide as the terminal.
        let example = example.split_whitespace().collect::<Vec<_>>().join(" ");
        let (done, said) = enter(&program, &outside, &format!("ctl {example}"));
        assert!(done, "{example}\n{said}");
    }
}

fn is_reason(word: &str) -> bool {
    word.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_')
}
