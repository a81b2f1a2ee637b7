//! Asks an identity provider for a document: no redirects, no neighbours, little patience.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use http::{Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

use crate::settings::Network;

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
pub(super) struct Fetch {
    network: Network,
    tls: TlsConnector,
}

impl Fetch {
    /// Trusts the authorities of `ca_file`, or else the system's.
    pub(super) fn new(network: Network, ca_file: Option<&Path>) -> Result<Self, FetchError> {
        let mut roots = rustls::RootCertStore::empty();
        if let Some(path) = ca_file {
            let told = |error: &dyn std::fmt::Display| {
                FetchError::Authorities(format!("{}: {error}", path.display()))
            };
            for certificate in CertificateDer::pem_file_iter(path).map_err(|error| told(&error))? {
                let certificate = certificate.map_err(|error| told(&error))?;
                roots.add(certificate).map_err(|error| told(&error))?;
            }
        } else {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| FetchError::Authorities(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { network, tls: TlsConnector::from(Arc::new(config)) })
    }

    /// The document at `url`.
    pub(super) async fn get(&self, url: &Uri) -> Result<Bytes, FetchError> {
        tokio::time::timeout(PATIENCE, self.ask(url)).await.unwrap_or(Err(FetchError::TimedOut))
    }

    async fn ask(&self, url: &Uri) -> Result<Bytes, FetchError> {
        let refused = || FetchError::Address(url.to_string());
        let secure = match (url.scheme_str(), self.network) {
            (Some("https"), _) => true,
            (Some("http"), Network::Loopback) => false,
            (Some(_) | None, _) => return Err(refused()),
        };
        let host = url.host().ok_or_else(refused)?.trim_matches(['[', ']']);
        let port = url.port_u16().unwrap_or(if secure { 443 } else { 80 });
        // The address that was judged is the one that is called: a second answer cannot differ.
        let mut addresses = tokio::net::lookup_host((host, port)).await?;
        let address = addresses.find(|found| self.may_ask(found.ip())).ok_or_else(refused)?;
        let stream = TcpStream::connect(address).await?;
        let request = Request::get(path(url))
            .header(header::HOST, url.authority().map_or("", http::uri::Authority::as_str))
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, "schakel")
            .body(Empty::<Bytes>::new())
            .map_err(|error| FetchError::Http(error.into()))?;
        if !secure {
            return exchange(stream, request).await;
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|_| refused())?;
        exchange(self.tls.connect(name, stream).await?, request).await
    }

    fn may_ask(&self, address: IpAddr) -> bool {
        match self.network {
            Network::Public => reach(address) == Reach::Public,
            Network::Private => matches!(reach(address), Reach::Public | Reach::Private),
            Network::Loopback => reach(address) == Reach::Loopback,
        }
    }
}

fn path(url: &Uri) -> &str {
    url.path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
}

async fn exchange<S>(stream: S, request: Request<Empty<Bytes>>) -> Result<Bytes, FetchError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
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

/// Whose an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Public,
    Private,
    Loopback,
    /// Nobody's that should be asked: link-local (a cloud's metadata), multicast, reserved.
    Nobody,
}

fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(v4) => reach_v4(v4),
        IpAddr::V6(v6) => reach_v6(v6),
    }
}

/// IANA's special-purpose registry (RFC 6890).
fn reach_v4(v4: Ipv4Addr) -> Reach {
    let [a, b, c, _] = v4.octets();
    match (a, b, c) {
        (127, ..) => Reach::Loopback,
        (10, ..) | (172, 16..=31, _) | (192, 168, _) | (100, 64..=127, _) => Reach::Private,
        (0 | 224.., ..)
        | (169, 254, _)
        | (192, 0, 0 | 2)
        | (198, 18 | 19, _)
        | (198, 51, 100)
        | (203, 0, 113) => Reach::Nobody,
        _ => Reach::Public,
    }
}

fn reach_v6(v6: Ipv6Addr) -> Reach {
    if let Some(v4) = v6.to_ipv4_mapped() {
        return reach_v4(v4);
    }
    let [a, b, ..] = v6.segments();
    match (a, b) {
        _ if v6.is_loopback() => Reach::Loopback,
        (0xfc00..=0xfdff, _) => Reach::Private,
        // Global unicast only; without documentation, 6to4 and Teredo, which hide a v4 address.
        (0x2001, 0x0db8 | 0) | (0x2002, _) => Reach::Nobody,
        (0x2000..=0x3fff, _) => Reach::Public,
        _ => Reach::Nobody,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_and_metadata_are_told_from_the_world() {
        for (address, expected) in [
            ("93.184.216.34", Reach::Public),
            ("2606:2800:220:1::1", Reach::Public),
            ("10.0.0.1", Reach::Private),
            ("172.31.255.255", Reach::Private),
            ("172.32.0.1", Reach::Public),
            ("192.168.1.1", Reach::Private),
            ("100.100.0.1", Reach::Private),
            ("fd00::1", Reach::Private),
            ("127.0.0.1", Reach::Loopback),
            ("::1", Reach::Loopback),
            ("::ffff:127.0.0.1", Reach::Loopback),
            ("::ffff:10.0.0.1", Reach::Private),
            ("169.254.169.254", Reach::Nobody),
            ("::ffff:169.254.169.254", Reach::Nobody),
            ("fe80::1", Reach::Nobody),
            ("0.0.0.0", Reach::Nobody),
            ("::", Reach::Nobody),
            ("64:ff9b::a00:1", Reach::Nobody),
            ("2002:a00:1::", Reach::Nobody),
            ("255.255.255.255", Reach::Nobody),
        ] {
            assert_eq!(reach(address.parse().unwrap()), expected, "{address}");
        }
    }
}
