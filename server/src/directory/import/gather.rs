//! Gathers a file from the chunks in which it is sent.

use std::str::FromStr;

use schakel_domain::{directory::import::MAX_BYTES, refusal::Refusal};
use schakel_proto::v1 as pb;
use tonic::{Status, Streaming};

use crate::{
    error::Error,
    store::{keys::sha256, request::Asked},
    wire::fields::Fields,
};

/// What one message may bring of a file.
const CHUNK: usize = 64 * 1024;

/// A whole file, and what is to be done with it.
pub struct Gathered<K> {
    /// What its lines are.
    pub kind: K,
    /// Only tell what it would change.
    pub dry_run: bool,
    /// By what the file is recognised when it comes again.
    pub asked: Asked,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Reads the stream to its end; the first message says what it is.
///
/// # Errors
/// `MESSAGE_TOO_LARGE` beyond 64 KiB a chunk or 16 MiB in all; a kind that `K` does not
/// know is `FIELD_INVALID`.
pub async fn gather<K: FromStr>(mut stream: Streaming<pb::ImportRequest>) -> Result<Gathered<K>, Status> {
    let first = stream.message().await?.unwrap_or_default();
    let mut fields = Fields::default();
    let kind = fields.choice::<_, K>("kind", first.kind, pb::import_request::Kind::as_str_name);
    let id = fields.request_id(&first.request_id);
    let (kind, id) = fields.finish(kind.zip(id))?;
    let mut bytes = Vec::new();
    let mut next = Some(first.chunk);
    while let Some(chunk) = next {
        if chunk.len() > CHUNK || bytes.len() + chunk.len() > MAX_BYTES {
            return Err(Error::field("chunk", Refusal::MessageTooLarge).into());
        }
        bytes.extend_from_slice(&chunk);
        next = stream.message().await?.map(|message| message.chunk);
    }
    let whole = [&first.kind.to_be_bytes()[..], &[u8::from(first.dry_run)], &sha256(&bytes)].concat();
    Ok(Gathered { kind, dry_run: first.dry_run, asked: Asked { id, hash: sha256(&whole) }, bytes })
}
