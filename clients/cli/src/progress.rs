//! How far a long command is: on the error output, and only when that is a terminal.

use std::io::{IsTerminal, Write};

const WIDE: usize = 30;

/// A line that is written over, and gone at the end.
pub(crate) struct Progress {
    what: &'static str,
    /// 0 when it is not known.
    total: usize,
    done: usize,
    shown: String,
    terminal: bool,
}

impl Progress {
    pub(crate) fn of(what: &'static str, total: usize) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self { what, total, done: 0, shown: String::new(), terminal }
    }

    pub(crate) fn add(&mut self, more: usize) {
        self.done += more;
        let line = self.line();
        if self.terminal && line != self.shown {
            let _ = write!(std::io::stderr().lock(), "\r{line}");
            self.shown = line;
        }
    }

    fn line(&self) -> String {
        let Self { what, total, done, .. } = self;
        if *total == 0 {
            return format!("{what} {done}");
        }
        let full = (done * WIDE / total).min(WIDE);
        let percent = (done * 100 / total).min(100);
        format!("{what} [{}{}] {percent:3} %", "#".repeat(full), " ".repeat(WIDE - full))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if !self.shown.is_empty() {
            let _ = write!(std::io::stderr().lock(), "\r{}\r", " ".repeat(self.shown.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(total: usize, done: usize) -> String {
        Progress { what: "sent", total, done, shown: String::new(), terminal: false }.line()
    }

    #[test]
    fn a_bar_fills_and_a_count_counts() {
        assert_eq!(at(200, 100), "sent [###############               ]  50 %");
        assert!(at(200, 300).ends_with("##] 100 %") && at(200, 0).ends_with(" ]   0 %"));
        assert_eq!(at(0, 400), "sent 400");
    }

    #[test]
    fn where_nobody_looks_nothing_is_shown() {
        let mut progress =
            Progress { what: "sent", total: 2, done: 0, shown: String::new(), terminal: false };
        progress.add(1);
        assert_eq!((progress.done, progress.shown.as_str()), (1, ""));
    }
}
