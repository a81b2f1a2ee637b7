//! Answers: a tree read from the message, as text for people or as JSON for programs.

mod people;
mod table;
mod tree;

use std::process::ExitCode;

use prost::Message;
use serde_json::Value;

pub(crate) use people::{table_of, text};
pub(crate) use table::{Table, printable};
pub(crate) use tree::{Named, Node, tree};

/// What a command found or did.
pub(crate) struct Answer {
    json: Value,
    text: String,
    refused: bool,
}

impl Answer {
    /// A message, shown whole.
    pub(crate) fn of<M: Named + Message>(message: &M) -> Self {
        let node = tree(message);
        Self::told(&node, text(&node))
    }

    /// A message in words of the command's own.
    pub(crate) fn told(node: &Node, text: String) -> Self {
        Self { json: node.to_json(), text, refused: false }
    }

    /// Messages of one type, one row each with these columns.
    pub(crate) fn list<M: Named + Message>(messages: &[M], columns: &[&str]) -> Self {
        let nodes = Node::List(messages.iter().map(tree).collect());
        let text = if messages.is_empty() { "nothing".to_owned() } else { table_of(&nodes, columns) };
        Self::told(&nodes, text)
    }

    /// As it came from the server, read by its descriptor.
    pub(crate) fn of_json(json: Value) -> Self {
        Self { text: format!("{json:#}"), json, refused: false }
    }

    /// A text that is no answer of the server.
    pub(crate) fn said(text: String) -> Self {
        Self { json: Value::Null, text, refused: false }
    }

    /// Nothing more to say.
    pub(crate) fn nothing() -> Self {
        Self { json: Value::Null, text: String::new(), refused: false }
    }

    /// Done, but the server refused a part of it.
    pub(crate) fn refused_in_part(self, refused: bool) -> Self {
        Self { refused, ..self }
    }

    pub(crate) fn json(&self) -> &Value {
        &self.json
    }

    pub(crate) fn rendered(&self, json: bool) -> String {
        match (json, &self.json) {
            (true, Value::Null) | (false, _) => self.text.clone(),
            (true, value) => format!("{value:#}"),
        }
    }

    /// On one line, for a stream of answers.
    pub(crate) fn line(&self, json: bool) -> String {
        if json { self.json.to_string() } else { self.text.clone() }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(u8::from(self.refused))
    }
}
