//! A request with all its fields, to be filled in.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

/// Deeper than any request that people write.
const DEEPEST: usize = 6;

/// Every field once, empty; a list has one item, and of alternatives only the first stands here.
pub(super) fn shape(message: &MessageDescriptor) -> Value {
    shaped(message, DEEPEST)
}

fn shaped(message: &MessageDescriptor, depth: usize) -> Value {
    match message.full_name() {
        "google.protobuf.Timestamp" => return json!("2026-11-24T09:00:00Z"),
        "google.protobuf.Duration" => return json!("3600s"),
        "google.protobuf.FieldMask" => return json!("fieldOne,fieldTwo"),
        _ => {}
    }
    if depth == 0 {
        return json!({});
    }
    let shown = message.fields().filter(stands);
    let fields: Map<_, _> = shown.map(|field| (field.name().to_owned(), value(&field, depth))).collect();
    Value::Object(fields)
}

/// Whether it is the first of its alternatives, or has none.
fn stands(field: &FieldDescriptor) -> bool {
    let first = field.containing_oneof().and_then(|alternatives| alternatives.fields().next());
    first.is_none_or(|first| first == *field)
}

fn value(field: &FieldDescriptor, depth: usize) -> Value {
    if field.is_map() {
        return json!({});
    }
    let one = match field.kind() {
        Kind::Message(message) => shaped(&message, depth - 1),
        Kind::Enum(choices) => choices.default_value().name().into(),
        Kind::Bool => false.into(),
        Kind::String | Kind::Bytes => "".into(),
        Kind::Double
        | Kind::Float
        | Kind::Int32
        | Kind::Int64
        | Kind::Uint32
        | Kind::Uint64
        | Kind::Sint32
        | Kind::Sint64
        | Kind::Fixed32
        | Kind::Fixed64
        | Kind::Sfixed32
        | Kind::Sfixed64 => json!(0),
    };
    if field.is_list() { json!([one]) } else { one }
}

#[cfg(test)]
mod tests {
    use super::{super::method, *};

    #[test]
    fn a_booking_shows_what_there_is_to_fill_in() {
        let method = method::find("BookConsultation").unwrap_or_else(|_| panic!("it is there"));
        let shape = shape(&method.input());
        let meeting = &shape["consultation"];
        assert_eq!(meeting["kind"], "KIND_UNSPECIFIED");
        assert_eq!(meeting["duration"], "3600s");
        assert_eq!(meeting["participants"][0]["person"], "");
        assert_eq!(shape["request_id"], "");
    }
}
