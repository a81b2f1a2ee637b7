//! What we write is read by programs of other authors, and each reads the same in it as we do.

mod generated;
mod normal;

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    thread,
};

use calcard::icalendar::ICalendar;
use schakel_domain::ical::{Component, Limits, calendars_within};
use schakel_tests::needs::{Need, full_drill};
use serde_json::Value;

use normal::{canonical, ours};

/// How many calendars; a quarter of them requests, an eighth each of the other seven kinds.
fn size() -> usize {
    if full_drill() { 20_000 } else { 2000 }
}

fn read(text: &str) -> Vec<Component> {
    calendars_within(text.as_bytes(), &Limits::OWN).unwrap()
}

/// What a program says of the calendars.
fn told(mut program: Command, texts: &[String]) -> Vec<Value> {
    let mut asked = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let question = serde_json::to_vec(texts).unwrap();
    let mut stdin = asked.stdin.take().unwrap();
    let writing = thread::spawn(move || stdin.write_all(&question).unwrap());
    let told = asked.wait_with_output().unwrap();
    writing.join().unwrap();
    assert!(told.status.success());
    serde_json::from_slice(&told.stdout).unwrap()
}

fn same(reader: &str, texts: &[String], told: Vec<Value>) {
    assert_eq!(texts.len(), told.len());
    for (text, said) in texts.iter().zip(told) {
        assert_eq!(canonical(said), canonical(ours(&read(text))), "{reader} of\n{text}");
    }
}

#[test]
fn x06_what_we_write_is_read_back_equal_by_four_readers() {
    const NAME: &str = "x06_what_we_write_is_read_back_equal_by_four_readers";
    let texts = generated::calendars(size());
    for text in &texts {
        let said = normal::of_calcard(&ICalendar::parse(text).unwrap());
        let meant = normal::without_backslashes(ours(&read(text)));
        assert_eq!(canonical(said), canonical(meant), "calcard of\n{text}");
    }
    let script = |name| Path::new(env!("CARGO_MANIFEST_DIR")).join("independent").join(name);
    let asked = |program: &str, name, library: Option<&str>| {
        let mut command = Command::new(program);
        command.arg(script(name)).args(library);
        told(command, &texts)
    };
    let python = Need::Python.or_skip(NAME);
    if let Some(python) = &python {
        same("icalendar", &texts, asked(python, "normal.py", None));
    }
    if let Some(library) = Need::IcalJs.or_skip(NAME) {
        same("ical.js", &texts, asked("node", "normal.mjs", Some(&library)));
    }
    if let (Some(python), Some(library)) = (python, Need::Libical.or_skip(NAME)) {
        same("libical", &texts, asked(&python, "libical.py", Some(&library)));
    }
}

#[test]
fn x06_what_we_write_comes_back_to_us_as_it_was_written() {
    for text in generated::calendars(size()) {
        let mut again = String::new();
        for calendar in read(&text) {
            calendar.write(&mut again);
        }
        assert_eq!(again, text);
    }
}
