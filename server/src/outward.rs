//! Calls that this server makes to addresses that others gave it: only where it may, and only
//! to the address that was judged.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::Path,
    sync::Arc,
};

use http::Uri;
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use schakel_domain::bound::Bound;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

use crate::settings::Network;

/// Why nobody was called.
#[derive(Debug, thiserror::Error)]
pub enum NotCalled {
    /// The address is not one that may be asked.
    #[error("the address may not be asked")]
    Address,
    /// The connection failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Bytes both ways.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// Whether an address of that form may be asked, wherever it leads.
pub fn takes(network: Network, url: &Uri) -> bool {
    let scheme = match (url.scheme_str(), network) {
        (Some("https"), _) | (Some("http"), Network::Loopback) => true,
        (Some("http"), Network::Demo) => url.host().is_some_and(names_this_machine),
        (Some(_) | None, _) => false,
    };
    // A name and password in an address end up in other people's logs.
    scheme && url.authority().is_some_and(|authority| !authority.as_str().contains('@'))
}

/// What an address that [`takes`] refuses should have been.
pub fn wanted(network: Network) -> Bound {
    match network {
        Network::Public | Network::Private => Bound::Elsewhere,
        Network::Loopback | Network::Demo => Bound::ElsewhereOrHere,
    }
}

/// Whether a host is this machine, by its name alone.
fn names_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| reach(address) == Reach::Loopback)
}

/// TLS that trusts the authorities of `ca_file`, or else the system's.
///
/// # Errors
/// When the authorities cannot be read.
pub fn trusting(ca_file: Option<&Path>) -> Result<TlsConnector, String> {
    let mut roots = rustls::RootCertStore::empty();
    if let Some(path) = ca_file {
        let told = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
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
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// A way out, to one kind of network.
pub struct Way {
    network: Network,
    tls: TlsConnector,
}

impl Way {
    /// Trusts the authorities of `ca_file`, or else the system's.
    ///
    /// # Errors
    /// When the authorities cannot be read.
    pub fn new(network: Network, ca_file: Option<&Path>) -> Result<Self, String> {
        Ok(Self { network, tls: trusting(ca_file)? })
    }

    /// A connection to the host of `url`.
    ///
    /// # Errors
    /// When it may not be asked, or does not answer.
    pub async fn connect(&self, url: &Uri) -> Result<Box<dyn Stream>, NotCalled> {
        if !takes(self.network, url) {
            return Err(NotCalled::Address);
        }
        let secure = url.scheme_str() == Some("https");
        let host = url.host().ok_or(NotCalled::Address)?.trim_matches(['[', ']']);
        let port = url.port_u16().unwrap_or(if secure { 443 } else { 80 });
        // The address that was judged is the one that is called: a second answer cannot differ.
        let mut addresses = tokio::net::lookup_host((host, port)).await?;
        let address = addresses.find(|found| self.may_ask(found.ip(), secure)).ok_or(NotCalled::Address)?;
        let stream = TcpStream::connect(address).await?;
        if !secure {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|_| NotCalled::Address)?;
        Ok(Box::new(self.tls.connect(name, stream).await?))
    }

    fn may_ask(&self, address: IpAddr, secure: bool) -> bool {
        match self.network {
            Network::Public => reach(address) == Reach::Public,
            Network::Private => matches!(reach(address), Reach::Public | Reach::Private),
            Network::Loopback => reach(address) == Reach::Loopback,
            // A name that leads elsewhere after all is not called without TLS.
            Network::Demo => reach(address) == Reach::Loopback || (secure && reach(address) == Reach::Public),
        }
    }
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
    fn the_demo_calls_this_machine_without_tls_and_the_world_with_it_only() {
        for (url, expected) in [
            ("http://127.0.0.1:9000/hook", true),
            ("http://localhost/hook", true),
            ("http://[::1]:9000/", true),
            ("https://lvs.example/hook", true),
            ("http://lvs.example/hook", false),
            ("http://10.0.0.1/hook", false),
            ("http://127.0.0.1.example/hook", false),
            ("http://a:b@127.0.0.1/hook", false),
        ] {
            assert_eq!(takes(Network::Demo, &url.parse().unwrap()), expected, "{url}");
            assert!(!takes(Network::Public, &url.parse().unwrap()) || url.starts_with("https://"), "{url}");
        }
    }

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
