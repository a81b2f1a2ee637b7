//! Asks an identity provider for a document: no redirects, no neighbours, little patience.

use std::{path::Path, time::Duration};

use http::{HeaderValue, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;

use crate::{
    outward::{NotCalled, Stream, Way},
    settings::Network,
};

/// From the question about its address to the last byte.
const PATIENCE: Duration = Duration::from_secs(3);
/// A set of twenty RSA keys has some 10 KiB.
const LARGEST: usize = 64 << 10;

/// Why a document was not had. It goes to the log, to nobody else.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is not one that may be asked.
    #[error("{0} may not be asked")]
    Address(String),
    /// Nobody answered in time.
    #[error("no answer within three seconds")]
    TimedOut,
    /// The connection failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The conversation failed, or the answer is too large.
    #[error("{0}")]
    Http(Box<dyn std::error::Error + Send + Sync>),
    /// Not 200; a redirect is not followed.
    #[error("answered {0}")]
    Status(StatusCode),
    /// Not the document that was expected.
    #[error("{0}")]
    Document(String),
    /// The authorities to trust cannot be read.
    #[error("{0}")]
    Authorities(String),
}

/// A way to ask one provider.
pub(super) struct Fetch(Way);

impl Fetch {
    /// Trusts the authorities of `ca_file`, or else the system's.
    pub(super) fn new(network: Network, ca_file: Option<&Path>) -> Result<Self, FetchError> {
        Way::new(network, ca_file).map(Self).map_err(FetchError::Authorities)
    }

    /// The document at `url`.
    pub(super) async fn get(&self, url: &Uri) -> Result<Bytes, FetchError> {
        let asked = Request::get(path(url)).body(Full::default());
        self.within_patience(url, asked).await
    }

    /// The answer to a form sent to `url`, from whom `authorization` names.
    pub(super) async fn post(
        &self,
        url: &Uri,
        form: String,
        authorization: Option<&str>,
    ) -> Result<Bytes, FetchError> {
        let mut asked =
            Request::post(path(url)).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(authorization) = authorization {
            asked = asked.header(header::AUTHORIZATION, authorization);
        }
        self.within_patience(url, asked.body(Full::from(form))).await
    }

    async fn within_patience(
        &self,
        url: &Uri,
        request: http::Result<Request<Full<Bytes>>>,
    ) -> Result<Bytes, FetchError> {
        let request = request.map_err(|error| FetchError::Http(error.into()))?;
        let asked = tokio::time::timeout(PATIENCE, self.ask(url, request)).await;
        asked.unwrap_or(Err(FetchError::TimedOut))
    }

    async fn ask(&self, url: &Uri, mut request: Request<Full<Bytes>>) -> Result<Bytes, FetchError> {
        let stream = self.0.connect(url).await.map_err(|error| match error {
            NotCalled::Address => FetchError::Address(url.to_string()),
            NotCalled::Io(error) => FetchError::Io(error),
        })?;
        let host = url.authority().map_or("", http::uri::Authority::as_str);
        let host = HeaderValue::from_str(host).map_err(|error| FetchError::Http(error.into()))?;
        let headers = request.headers_mut();
        headers.insert(header::HOST, host);
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static("schakel"));
        exchange(stream, request).await
    }
}

fn path(url: &Uri) -> &str {
    url.path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
}

async fn exchange(stream: Box<dyn Stream>, request: Request<Full<Bytes>>) -> Result<Bytes, FetchError> {
    let http = |error: hyper::Error| FetchError::Http(error.into());
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(http)?;
    let conversation = tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(http)?;
    if response.status() != StatusCode::OK {
        return Err(FetchError::Status(response.status()));
    }
    let body = Limited::new(response.into_body(), LARGEST).collect().await.map_err(FetchError::Http)?;
    conversation.abort();
    Ok(body.to_bytes())
}
