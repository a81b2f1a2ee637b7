//! Any method of the API by its name, with bytes for messages: for tests that try them all.

use prost::{
    Message,
    bytes::{Buf, BufMut, Bytes},
};
use prost_types::FileDescriptorSet;
use schakel_proto::FILE_DESCRIPTOR_SET;
use tonic::{
    Request, Status,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
};

use crate::As;

/// A method of the API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Method {
    /// For example `ThuiszitterService.GetCase`.
    pub name: String,
    /// For example `/schakel.v1.ThuiszitterService/GetCase`.
    pub path: String,
    /// Whether it answers with a stream, which is not waited for.
    pub streams: bool,
}

/// Every method that the API describes, in the order of its files.
pub fn methods() -> Vec<Method> {
    let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap();
    let services =
        set.file.iter().filter(|file| file.package() == "schakel.v1").flat_map(|file| &file.service);
    let methods = services.flat_map(|service| {
        service.method.iter().map(|method| Method {
            name: format!("{}.{}", service.name(), method.name()),
            path: format!("/schakel.v1.{}/{}", service.name(), method.name()),
            streams: method.server_streaming(),
        })
    });
    methods.collect()
}

/// Sends `message` to `method` and waits for the first answer. A stream that was opened is
/// left at once.
pub async fn call(client: As, method: &Method, message: Vec<u8>) -> Result<Vec<u8>, Status> {
    let mut grpc = tonic::client::Grpc::new(client);
    grpc.ready().await.map_err(|error| Status::unknown(error.to_string()))?;
    let path = method.path.parse().unwrap();
    let request = Request::new(tokio_stream::once(message));
    let mut answers = grpc.streaming(request, path, Bare).await?.into_inner();
    if method.streams {
        return Ok(Vec::new());
    }
    answers.message().await?.ok_or_else(|| Status::unknown("no answer"))
}

/// Bytes as they are.
#[derive(Clone, Copy)]
struct Bare;

impl Codec for Bare {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Bare {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(Bytes::from(item));
        Ok(())
    }
}

impl Decoder for Bare {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining()).to_vec()))
    }
}
