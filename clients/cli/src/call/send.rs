//! The call itself: bytes on the wire, read by the descriptor of the answer.

use prost::{
    Message,
    bytes::{Buf, BufMut, Bytes},
};
use prost_reflect::{DynamicMessage, MethodDescriptor, SerializeOptions};
use schakel_client::{Authorised, patiently};
use serde_json::Value;
use tonic::{
    Request, Response, Status, Streaming,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    codegen::http::uri::PathAndQuery,
};

use crate::{
    failure::Failure,
    render::Answer,
    session::{Outcome, Session},
};

/// The names of the protos, and every field that is always there.
const JSON: SerializeOptions = SerializeOptions::new()
    .use_proto_field_name(true)
    .stringify_64_bit_integers(false)
    .skip_default_fields(false);

/// Messages as bytes.
#[derive(Clone, Copy)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining())))
    }
}

/// One call, as often as it is sent.
struct Call<'c> {
    session: &'c Session,
    path: PathAndQuery,
    bodies: Vec<Vec<u8>>,
}

impl<'c> Call<'c> {
    fn new(session: &'c Session, method: &MethodDescriptor, requests: &[DynamicMessage]) -> Outcome<Self> {
        let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
        let path = path.parse::<PathAndQuery>().map_err(|_| Failure::Usage(format!("{path} is no path")))?;
        Ok(Self { session, path, bodies: requests.iter().map(Message::encode_to_vec).collect() })
    }

    async fn ready(&self) -> Result<Grpc<Authorised>, Status> {
        let mut line = Grpc::new(self.session.connection.channel());
        line.ready().await.map_err(|error| Status::from_error(error.into()))?;
        Ok(line)
    }

    async fn one(&self) -> Result<Response<Bytes>, Status> {
        let bodies = Request::new(tokio_stream::iter(self.bodies.clone()));
        self.ready().await?.client_streaming(bodies, self.path.clone(), Raw).await
    }

    async fn stream(&self) -> Result<Response<Streaming<Bytes>>, Status> {
        let bodies = Request::new(tokio_stream::iter(self.bodies.clone()));
        self.ready().await?.streaming(bodies, self.path.clone(), Raw).await
    }
}

/// Whether sending it twice has one effect: a change with an id, or a question.
fn can_repeat(method: &MethodDescriptor) -> bool {
    let asks = ["Get", "List", "Find", "Who", "Watch", "Export"];
    method.input().get_field_by_name("request_id").is_some()
        || asks.iter().any(|word| method.name().starts_with(word))
}

/// Calls a method that answers once.
pub(super) async fn one(
    session: &Session,
    method: &MethodDescriptor,
    requests: &[DynamicMessage],
) -> Outcome<Answer> {
    let call = Call::new(session, method, requests)?;
    let bytes = if can_repeat(method) {
        patiently(async || call.one().await).await?
    } else {
        call.one().await?.into_inner()
    };
    Ok(Answer::of_json(read(method, bytes)?))
}

/// Calls a method that answers in a stream, and prints each answer on a line.
pub(super) async fn stream(
    session: &Session,
    method: &MethodDescriptor,
    requests: &[DynamicMessage],
) -> Outcome<Answer> {
    let call = Call::new(session, method, requests)?;
    let mut answers = patiently(async || call.stream().await).await?;
    while let Some(bytes) = answers.message().await? {
        crate::print(&read(method, bytes)?.to_string());
    }
    Ok(Answer::nothing())
}

fn read(method: &MethodDescriptor, bytes: Bytes) -> Outcome<Value> {
    let strange =
        || Failure::Usage(format!("this version cannot read the {} that came", method.output().name()));
    let message = DynamicMessage::decode(method.output(), bytes).map_err(|_| strange())?;
    message.serialize_with_options(serde_json::value::Serializer, &JSON).map_err(|_| strange())
}

#[cfg(test)]
mod tests {
    use schakel_client::v1 as pb;

    use super::{super::method, *};

    #[test]
    fn an_answer_has_the_names_of_its_proto_and_all_its_fields() {
        let me = pb::WhoAmIResponse {
            person: "persons/1".into(),
            memberships: vec![pb::who_am_i_response::Membership {
                role: pb::Role::Smw.into(),
                ..Default::default()
            }],
            ..Default::default()
        };
        let method = method::find("WhoAmI").unwrap_or_else(|_| panic!("it is there"));
        let json = read(&method, me.encode_to_vec().into()).unwrap_or_else(|_| panic!("it reads"));
        assert_eq!((json["person"].as_str(), json["acting_for"].as_str()), (Some("persons/1"), Some("")));
        assert_eq!(json["memberships"][0]["role"], "ROLE_SMW");
    }

    #[test]
    fn only_what_has_one_effect_is_sent_again() {
        let can = |name: &str| method::find(name).is_ok_and(|method| can_repeat(&method));
        assert!(can("BookConsultation") && can("ListCases") && can("DirectoryService/Import"));
        assert!(!can("AdvanceClock"));
    }
}
