//! Reads any message of the API into a tree, by the descriptors that its protos were compiled to.

use std::{collections::HashMap, sync::LazyLock};

use chrono::{DateTime, SecondsFormat, Utc};
use prost::{
    Message,
    bytes::Buf,
    encoding::{WireType, decode_key, decode_varint},
};
use prost_types::{
    DescriptorProto, Duration, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet, Timestamp,
    field_descriptor_proto::{Label, Type},
};
use schakel_client::v1 as pb;
use serde_json::Value;

use crate::time;

/// A value of a message. A field that is not set and can tell so is absent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Absent,
    Flag(bool),
    Number(i64),
    Part(f64),
    Text(String),
    /// The whole name of an enum's value, and how long its prefix is.
    Choice(&'static str, usize),
    Time(DateTime<Utc>),
    /// Seconds.
    Span(i64),
    List(Vec<Node>),
    /// In the order of the proto.
    Message(Vec<(&'static str, Node)>),
}

impl Node {
    /// A field of a message.
    pub(crate) fn at(&self, field: &str) -> &Node {
        match self {
            Self::Message(fields) => {
                fields.iter().find(|(name, _)| *name == field).map_or(&Self::Absent, |(_, node)| node)
            }
            Self::Absent
            | Self::Flag(_)
            | Self::Number(_)
            | Self::Part(_)
            | Self::Text(_)
            | Self::Choice(..)
            | Self::Time(_)
            | Self::Span(_)
            | Self::List(_) => &Self::Absent,
        }
    }

    /// As protobuf's JSON, with the names of the protos and with every field that is always there.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Absent => Value::Null,
            Self::Flag(flag) => (*flag).into(),
            Self::Number(number) => (*number).into(),
            Self::Part(part) => (*part).into(),
            Self::Text(text) => text.as_str().into(),
            Self::Choice(name, _) => (*name).into(),
            Self::Time(time) => time.to_rfc3339_opts(SecondsFormat::AutoSi, true).into(),
            Self::Span(seconds) => format!("{seconds}s").into(),
            Self::List(nodes) => nodes.iter().map(Self::to_json).collect(),
            Self::Message(fields) => {
                let given = fields.iter().filter(|(_, node)| *node != Self::Absent);
                Value::Object(given.map(|(name, node)| ((*name).to_owned(), node.to_json())).collect())
            }
        }
    }
}

/// A message by its name in the protos.
pub(crate) trait Named {
    const NAME: &'static str;
}

macro_rules! named {
    ($($message:ident,)*) => {
        $(impl Named for pb::$message { const NAME: &'static str = stringify!($message); })*

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($message)),*];
    };
}

named! {
    WhoAmIResponse, Token, CreateTokenResponse, School, Area, Cluster, Team, Person, Affiliation,
    SchoolTeamLink, Organisation, RouteSchoolResponse, ListCoverageGapsResponse, ImportResponse, WeeklyHours,
    Absence, FindSlotsResponse, Case, Timeline, Fact, RecordFactsResponse, CorrectFactResponse,
    EscalateCaseResponse, DeescalateCaseResponse, Decision, CaseView, Standing, PlanAction, Task, Consent,
    Track, InformationRequest, Handover, ListHandoversResponse, MoveCaseResponse, HouseholdBasis, ListHouseholdResponse,
    Consultation, Hulpvraag, Feed, CreateFeedResponse, CaseChange, Subscription, CreateSubscriptionResponse,
    RotateSubscriptionSecretResponse, Clock, Sight, AuditLine, GetMonitorResponse, GetSurvivalResponse,
    ListMonitorCasesResponse, ListBreachesResponse, ExportMonitorResponse, GetReportResponse, ListReportCasesResponse,
    ExportReportResponse, GrantedHours, SupportSpending, Obliged, GetObligedResponse, GetSupplyResponse, ExportSupplyResponse, Indicator, IndicatorValue, ListIndicatorsResponse, Signal, Provision, Proposal, InboundMail, MailProfile, MailWishes,
    Survey, SurveyReply, ExportSurveyResponse, PolicyProfile, SetPolicyProfileResponse, Duty, PlanGoal, ListPlanGoalsResponse,
    FindSubjectResponse, CaseRights, Rectification, RetentionProfile, Destruction, VerifyStatementResponse,
    Session, EndOtherSessionsResponse, EndPersonSessionsResponse,
}

struct Schema {
    messages: HashMap<String, &'static DescriptorProto>,
    enums: HashMap<String, &'static EnumDescriptorProto>,
}

static FILES: LazyLock<FileDescriptorSet> =
    LazyLock::new(|| FileDescriptorSet::decode(schakel_proto::FILE_DESCRIPTOR_SET).unwrap_or_default());

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let mut schema = Schema { messages: HashMap::new(), enums: HashMap::new() };
    for file in &FILES.file {
        let scope = format!(".{}", file.package());
        file.enum_type.iter().for_each(|kind| schema.add_enum(&scope, kind));
        file.message_type.iter().for_each(|message| schema.add_message(&scope, message));
    }
    schema
});

impl Schema {
    fn add_enum(&mut self, scope: &str, kind: &'static EnumDescriptorProto) {
        self.enums.insert(format!("{scope}.{}", kind.name()), kind);
    }

    fn add_message(&mut self, scope: &str, message: &'static DescriptorProto) {
        let name = format!("{scope}.{}", message.name());
        message.enum_type.iter().for_each(|kind| self.add_enum(&name, kind));
        message.nested_type.iter().for_each(|nested| self.add_message(&name, nested));
        self.messages.insert(name, message);
    }
}

/// The tree of a message.
pub(crate) fn tree<M: Named + Message>(message: &M) -> Node {
    let name = format!(".schakel.v1.{}", M::NAME);
    read(&name, &message.encode_to_vec()).unwrap_or(Node::Absent)
}

enum Raw<'b> {
    Number(u64),
    Bytes(&'b [u8]),
}

fn read(name: &str, bytes: &[u8]) -> Option<Node> {
    match name {
        ".google.protobuf.Timestamp" => {
            return time::instant(Timestamp::decode(bytes).ok()?).map(Node::Time);
        }
        ".google.protobuf.Duration" => return Some(Node::Span(Duration::decode(bytes).ok()?.seconds)),
        _ => {}
    }
    let raw = split(bytes)?;
    let fields = SCHEMA.messages.get(name)?.field.iter().map(|field| {
        let values = raw.get(&field.number().unsigned_abs()).map(Vec::as_slice).unwrap_or_default();
        (field.name(), value(field, values))
    });
    Some(Node::Message(fields.collect()))
}

/// The values of each field number, as they came.
fn split(mut bytes: &[u8]) -> Option<HashMap<u32, Vec<Raw<'_>>>> {
    let mut found: HashMap<u32, Vec<Raw<'_>>> = HashMap::new();
    while bytes.has_remaining() {
        let (number, wire) = decode_key(&mut bytes).ok()?;
        let raw = match wire {
            WireType::Varint => Raw::Number(decode_varint(&mut bytes).ok()?),
            WireType::LengthDelimited => {
                let length = usize::try_from(decode_varint(&mut bytes).ok()?).ok()?;
                let (value, rest) = bytes.split_at_checked(length)?;
                bytes = rest;
                Raw::Bytes(value)
            }
            WireType::SixtyFourBit => {
                let (value, rest) = bytes.split_first_chunk()?;
                bytes = rest;
                Raw::Number(u64::from_le_bytes(*value))
            }
            // The protos have no narrow fixed-width numbers and no groups.
            WireType::ThirtyTwoBit | WireType::StartGroup | WireType::EndGroup => return None,
        };
        found.entry(number).or_default().push(raw);
    }
    Some(found)
}

fn value(field: &'static FieldDescriptorProto, values: &[Raw<'_>]) -> Node {
    if field.label() == Label::Repeated {
        return Node::List(values.iter().flat_map(|raw| unpacked(field, raw)).collect());
    }
    match values.last() {
        Some(raw) => single(field, raw),
        None if field.oneof_index.is_some() || field.r#type() == Type::Message => Node::Absent,
        None if [Type::String, Type::Bytes].contains(&field.r#type()) => Node::Text(String::new()),
        None => single(field, &Raw::Number(0)),
    }
}

/// Repeated numbers share one length-delimited value (packed).
fn unpacked(field: &'static FieldDescriptorProto, raw: &Raw<'_>) -> Vec<Node> {
    let numeric = ![Type::String, Type::Message, Type::Bytes].contains(&field.r#type());
    let Raw::Bytes(mut packed) = *raw else { return vec![single(field, raw)] };
    if !numeric {
        return vec![single(field, raw)];
    }
    std::iter::from_fn(|| packed.has_remaining().then(|| decode_varint(&mut packed).ok()).flatten())
        .map(|number| single(field, &Raw::Number(number)))
        .collect()
}

fn single(field: &'static FieldDescriptorProto, raw: &Raw<'_>) -> Node {
    match raw {
        Raw::Bytes(bytes) if field.r#type() == Type::Message => {
            read(field.type_name(), bytes).unwrap_or(Node::Absent)
        }
        Raw::Bytes(bytes) => Node::Text(String::from_utf8_lossy(bytes).into_owned()),
        Raw::Number(number) if field.r#type() == Type::Bool => Node::Flag(*number != 0),
        Raw::Number(number) if field.r#type() == Type::Double => Node::Part(f64::from_bits(*number)),
        Raw::Number(number) if field.r#type() == Type::Enum => choice(field, number.cast_signed()),
        Raw::Number(number) => Node::Number(number.cast_signed()),
    }
}

/// A number that a newer server knows and this client does not stays a number.
fn choice(field: &'static FieldDescriptorProto, number: i64) -> Node {
    let Some(kind) = SCHEMA.enums.get(field.type_name()) else { return Node::Number(number) };
    // By AIP-126 the first value is the prefix and UNSPECIFIED.
    let prefix = kind.value.first().map_or(0, |zero| zero.name().len() - "UNSPECIFIED".len());
    let value = kind.value.iter().find(|value| i64::from(value.number()) == number);
    value.map_or(Node::Number(number), |value| Node::Choice(value.name(), prefix))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_named_message_stands_in_the_protos() {
        for name in NAMES {
            assert!(SCHEMA.messages.contains_key(&format!(".schakel.v1.{name}")), "{name}");
        }
    }

    #[test]
    fn a_part_of_a_whole_is_a_number() {
        let point = pb::get_survival_response::Point { days: 7, survival: 0.75, ..Default::default() };
        let answer = pb::GetSurvivalResponse { points: vec![point], ..Default::default() };
        let Node::List(points) = tree(&answer).at("points").clone() else { panic!("no points") };
        assert_eq!((points[0].at("days"), points[0].at("survival")), (&Node::Number(7), &Node::Part(0.75)));
    }

    #[test]
    fn a_message_becomes_json_with_the_names_of_its_proto() {
        let answer = pb::FindSlotsResponse {
            slots: vec![pb::Slot {
                start_time: Some(Timestamp { seconds: 1_795_510_800, nanos: 0 }),
                points: -3,
                ..Default::default()
            }],
            obstacles: vec![pb::find_slots_response::Obstacle {
                seats: vec![0, 2],
                reason: "BUSY".into(),
                ..Default::default()
            }],
            warnings: Vec::new(),
        };
        assert_eq!(
            tree(&answer).to_json(),
            json!({
                "slots": [{ "start_time": "2026-11-24T09:00:00Z", "seats": [], "points": -3, "reasons": [] }],
                "obstacles": [{ "seats": [0, 2], "reason": "BUSY", "text": "", "without_it": [], "slots": 0 }],
                "warnings": [],
            })
        );
    }

    #[test]
    fn enums_and_durations_are_written_as_protobuf_json_writes_them() {
        let meeting = pb::Consultation {
            kind: pb::consultation::Kind::Mdo.into(),
            place: 99,
            duration: Some(Duration { seconds: 3600, nanos: 0 }),
            ..Default::default()
        };
        let json = tree(&meeting).to_json();
        assert_eq!(json["kind"], "KIND_MDO");
        assert_eq!(json["state"], "STATE_UNSPECIFIED");
        assert_eq!(json["place"], 99);
        assert_eq!(json["duration"], "3600s");
        assert_eq!(json.get("outcome"), None);
    }
}
