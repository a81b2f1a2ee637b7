//! Any method of the API by its name: JSON in, JSON out, read by the descriptors of the protos.

mod method;
mod send;
mod shape;

use std::io::Read;

use prost_reflect::{DynamicMessage, MethodDescriptor, ReflectMessage, Value as Field};
use serde_json::{Deserializer, Value, json};

use crate::{
    failure::Failure,
    render::Answer,
    session::{Names, Outcome, Session, request_id},
};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// `Service/Method`, or the method alone where only one service has it
    #[arg(required_unless_present = "list")]
    method: Option<String>,
    /// The request as JSON; @FILE reads a file, - the standard input. A method that takes a stream
    /// takes any number of them, one after another
    #[arg(default_value = "{}")]
    body: String,
    /// Tell the methods, or only those in whose name METHOD stands
    #[arg(long)]
    list: bool,
    /// Print a request with all its fields in place of calling
    #[arg(long, conflicts_with = "list")]
    template: bool,
}

impl Arguments {
    /// The answer, when it needs no server.
    pub(crate) fn told(&self) -> Outcome<Option<String>> {
        let method = self.method.as_deref().unwrap_or_default();
        if self.list {
            return Ok(Some(method::list(method)));
        }
        let found = method::find(method)?;
        Ok(self.template.then(|| format!("{:#}", shape::shape(&found.input()))))
    }

    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        let method = method::find(&self.method.unwrap_or_default())?;
        let mut requests = requests(&method, &text(&self.body)?, &session.names)?;
        identify(&mut requests);
        if method.is_server_streaming() {
            send::stream(session, &method, &requests).await
        } else {
            send::one(session, &method, &requests).await
        }
    }
}

fn text(body: &str) -> Outcome<String> {
    let mut text = String::new();
    let read = match body.strip_prefix('@') {
        Some(file) => std::fs::read_to_string(file),
        None if body == "-" => std::io::stdin().lock().read_to_string(&mut text).map(|_| text),
        None => return Ok(body.to_owned()),
    };
    read.map_err(|error| Failure::Usage(format!("{body}: {error}")))
}

/// The messages that a body holds: one, or for a method that takes a stream any number.
fn requests(method: &MethodDescriptor, text: &str, names: &Names) -> Outcome<Vec<DynamicMessage>> {
    let input = method.input();
    let wrong = |error: serde_json::Error| {
        Failure::Usage(format!(
            "{error}; see `schakelctl call {} --template` for the fields of {}",
            method::name(method),
            input.name()
        ))
    };
    let values = Deserializer::from_str(text).into_iter::<Value>().collect::<Result<Vec<_>, _>>();
    let mut values = values.map_err(wrong)?;
    if values.is_empty() {
        values.push(json!({}));
    }
    if values.len() > 1 && !method.is_client_streaming() {
        return Err(Failure::Usage(format!(
            "{} takes one request, not {}",
            method::name(method),
            values.len()
        )));
    }
    let read = values.into_iter().map(|mut value| {
        resolve(&mut value, names);
        DynamicMessage::deserialize(input.clone(), value).map_err(wrong)
    });
    read.collect()
}

/// A text that is `@name` for a name of the profile is the resource that it stands for.
fn resolve(value: &mut Value, names: &Names) {
    match value {
        Value::String(text) => {
            let known = text.strip_prefix('@').and_then(|short| names.0.get(short)).cloned();
            if let Some(name) = known {
                *text = name;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| resolve(value, names)),
        Value::Object(fields) => fields.values_mut().for_each(|value| resolve(value, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Gives a change an id of its own, unless it has one.
fn identify(requests: &mut [DynamicMessage]) {
    let Some(first) = requests.first_mut() else { return };
    let Some(field) = first.descriptor().get_field_by_name("request_id") else { return };
    if first.get_field(&field).as_str().is_some_and(str::is_empty) {
        first.set_field(&field, Field::String(request_id()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<Vec<DynamicMessage>, String> {
        let names = Names([("case".to_owned(), "cases/1".to_owned())].into());
        let method = method::find(name).unwrap_or_else(|_| panic!("{name}"));
        requests(&method, text, &names).map_err(|failure| failure.rendered(false))
    }

    fn text_of(message: &DynamicMessage, field: &str) -> String {
        message.get_field_by_name(field).unwrap().as_str().unwrap().to_owned()
    }

    #[test]
    fn every_method_of_the_api_takes_an_empty_request() {
        let methods: Vec<_> = method::all().collect();
        assert!(methods.len() > 200, "{}", methods.len());
        for one in methods {
            let name = method::name(&one);
            assert_eq!(read(&name, "{}").map(|read| read.len()), Ok(1), "{name}");
            assert_eq!(read(&name, "").map(|read| read.len()), Ok(1), "{name}");
        }
    }

    #[test]
    fn every_template_is_a_request() {
        for one in method::all() {
            let template = shape::shape(&one.input()).to_string();
            if let Err(said) = read(&method::name(&one), &template) {
                panic!("{}: {said}\n{template}", method::name(&one));
            }
        }
    }

    #[test]
    fn names_of_the_profile_stand_for_resources_and_other_texts_for_themselves() {
        let read = read("UpdateCase", r#"{"case": {"name": "@case", "question": "@nobody"}}"#).unwrap();
        let case = read[0].get_field_by_name("case").unwrap().as_message().unwrap().clone();
        assert_eq!(
            (text_of(&case, "name"), text_of(&case, "question")),
            ("cases/1".into(), "@nobody".into())
        );
    }

    #[test]
    fn a_change_is_given_an_id_once() {
        let mut given = read("CancelConsultation", "{}").unwrap();
        identify(&mut given);
        let id = text_of(&given[0], "request_id");
        assert_eq!(id.len(), 36);
        identify(&mut given);
        assert_eq!(text_of(&given[0], "request_id"), id);
        let mut asked = read("GetCase", "{}").unwrap();
        identify(&mut asked);
        assert!(asked[0].get_field_by_name("request_id").is_none());
    }

    #[test]
    fn a_field_that_is_none_and_a_second_request_are_told() {
        let said = read("GetCase", r#"{"nam": "cases/1"}"#).unwrap_err();
        assert!(said.contains("nam") && said.contains("ThuiszitterService/GetCase --template"), "{said}");
        let said = read("GetCase", "{}{}").unwrap_err();
        assert!(said.contains("takes one request, not 2"), "{said}");
        assert_eq!(
            read("DirectoryService/Import", r#"{"kind": "KIND_SCHOOLS"} {"chunk": "YQ=="}"#).unwrap().len(),
            2
        );
    }
}
