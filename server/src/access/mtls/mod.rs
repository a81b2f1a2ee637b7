//! Systems that show a certificate: whose it is, and whether it is good, now and at every call.

mod verifier;

use std::{
    fmt,
    os::unix::fs::MetadataExt,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::{DateTime, Utc};
use rustls::{
    ServerConfig, ServerConnection, server::danger::ClientCertVerifier, time_provider::TimeProvider,
};
use rustls_pki_types::{CertificateDer, UnixTime};
use tokio_rustls::TlsAcceptor;
use x509_parser::oid_registry::OID_X509_SERIALNUMBER;

use self::verifier::Verifier;
use crate::{
    app::Clock,
    error::Credential,
    settings::MutualTlsSettings,
    store::keys::sha256,
    tls::{self, BadFile},
};

/// What there is of a file, to see that it was replaced: its number, size and moment of change.
type Stamp = Option<(u64, u64, i64, i64)>;

struct Current {
    stamps: Vec<Stamp>,
    acceptor: TlsAcceptor,
    verifier: Arc<Verifier>,
}

/// The listener's certificate and what it asks of others, always as the files say now.
pub struct Mutual {
    settings: MutualTlsSettings,
    clock: Arc<dyn Clock>,
    current: RwLock<Arc<Current>>,
}

/// The server's own clock, for the dates of certificates.
struct OwnTime(Arc<dyn Clock>);

impl fmt::Debug for OwnTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnTime")
    }
}

impl TimeProvider for OwnTime {
    fn current_time(&self) -> Option<UnixTime> {
        unix(self.0.now())
    }
}

fn unix(now: DateTime<Utc>) -> Option<UnixTime> {
    let seconds = u64::try_from(now.timestamp()).ok()?;
    Some(UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds)))
}

impl Mutual {
    /// Reads every file.
    ///
    /// # Errors
    /// The first that cannot be used.
    pub fn open(settings: MutualTlsSettings, clock: Arc<dyn Clock>) -> Result<Arc<Self>, BadFile> {
        let current = RwLock::new(Arc::new(load(&settings, &clock)?));
        Ok(Arc::new(Self { settings, clock, current }))
    }

    /// For the next connection.
    pub fn acceptor(&self) -> TlsAcceptor {
        self.current().acceptor.clone()
    }

    /// What the other end of `connection` has shown; the handshake has found it good.
    pub fn certificate(self: &Arc<Self>, connection: &ServerConnection) -> Option<Certificate> {
        let chain: Vec<_> =
            connection.peer_certificates()?.iter().map(|one| one.clone().into_owned()).collect();
        let first = chain.first()?;
        let (fingerprint, oin) = (sha256(first), oin(first));
        Some(Certificate { mutual: Arc::clone(self), chain, fingerprint, oin })
    }

    /// As the files say now. What was replaced by something that cannot be used is told once,
    /// and what was read before goes on: a revocation list until it expires.
    fn current(&self) -> Arc<Current> {
        let current = Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner));
        let stamps = stamps(&self.settings);
        if stamps == current.stamps {
            return current;
        }
        let next = match load(&self.settings, &self.clock) {
            Ok(next) => next,
            Err(error) => {
                tracing::error!(%error, "a file of the mTLS listener was replaced by one that cannot be used");
                let Current { acceptor, verifier, .. } = &*current;
                Current { stamps, acceptor: acceptor.clone(), verifier: Arc::clone(verifier) }
            }
        };
        let next = Arc::new(next);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&next);
        next
    }
}

fn stamps(settings: &MutualTlsSettings) -> Vec<Stamp> {
    let MutualTlsSettings { certificate, key, client_ca, crl, listen: _ } = settings;
    let stamp = |path: &Path| {
        let found = std::fs::metadata(path).ok()?;
        Some((found.ino(), found.size(), found.mtime(), found.mtime_nsec()))
    };
    [certificate, key, client_ca].into_iter().chain(crl).map(|path| stamp(path)).collect()
}

fn load(settings: &MutualTlsSettings, clock: &Arc<dyn Clock>) -> Result<Current, BadFile> {
    // Before the files are read: what changes meanwhile is read again.
    let stamps = stamps(settings);
    let (chain, key) = tls::certified(&settings.certificate, &settings.key, clock.now())?;
    let verifier = Arc::new(Verifier::load(settings)?);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_details(provider, Arc::new(OwnTime(Arc::clone(clock))))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            let verifier: Arc<dyn ClientCertVerifier> = Arc::clone(&verifier) as _;
            builder.with_client_cert_verifier(verifier).with_single_cert(chain, key)
        })
        .map_err(|error| tls::not_a_pair(&settings.key, &error))?;
    Ok(Current { stamps, acceptor: TlsAcceptor::from(Arc::new(tls::with_protocols(config))), verifier })
}

/// A client's certificate on one connection.
pub struct Certificate {
    mutual: Arc<Mutual>,
    chain: Vec<CertificateDer<'static>>,
    fingerprint: Vec<u8>,
    oin: Option<String>,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({:?})", self.oin)
    }
}

impl Certificate {
    /// SHA-256 of its bytes (RFC 8705 §3.1).
    pub fn fingerprint(&self) -> &[u8] {
        &self.fingerprint
    }

    /// The organisatie-identificatienummer of its subject.
    ///
    /// # Errors
    /// `CERT_OIN_INVALID`.
    pub fn oin(&self) -> Result<&str, Credential> {
        self.oin.as_deref().ok_or(Credential::CertOinInvalid)
    }

    /// Whether it is still good: a connection may outlive a certificate.
    ///
    /// # Errors
    /// `CERT_REVOKED` or `CERT_INVALID`.
    pub fn check(&self) -> Result<(), Credential> {
        let current = self.mutual.current();
        let (first, rest) = self.chain.split_first().ok_or(Credential::CertInvalid)?;
        let now = unix(self.mutual.clock.now()).ok_or(Credential::CertInvalid)?;
        match current.verifier.verify_client_cert(first, rest, now) {
            Ok(_) => Ok(()),
            Err(rustls::Error::InvalidCertificate(rustls::CertificateError::Revoked)) => {
                Err(Credential::CertRevoked)
            }
            Err(_) => Err(Credential::CertInvalid),
        }
    }
}

/// Logius, `PKIoverheid`: the OIN is the subject's only serial number, twenty digits.
fn oin(certificate: &CertificateDer<'_>) -> Option<String> {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let mut numbers = parsed.subject().iter_by_oid(&OID_X509_SERIALNUMBER);
    let number = numbers.next()?.as_str().ok()?;
    let alone = numbers.next().is_none();
    (alone && is_oin(number)).then(|| number.to_owned())
}

/// Twenty digits.
pub fn is_oin(text: &str) -> bool {
    text.len() == 20 && text.bytes().all(|b| b.is_ascii_digit())
}
