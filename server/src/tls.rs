//! Certificates and keys from files, checked as a client would before anybody meets them.

use std::path::Path;

use chrono::{DateTime, Utc};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}")]
pub struct BadFile {
    /// Which file.
    path: String,
    /// What is wrong with it, and what to do.
    why: String,
}

impl BadFile {
    /// `path` cannot be used because of `why`.
    pub fn new(path: &Path, why: impl Into<String>) -> Self {
        Self { path: path.display().to_string(), why: why.into() }
    }
}

/// All certificates of a PEM file; at least one.
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, BadFile> {
    let chain = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| BadFile::new(path, format!("no PEM certificate: {error}")))?;
    if chain.is_empty() { Err(BadFile::new(path, "holds no certificate")) } else { Ok(chain) }
}

/// The server's chain and its key: valid now, and the key readable by nobody else.
pub fn certified(
    certificate: &Path,
    key: &Path,
    now: DateTime<Utc>,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), BadFile> {
    let chain = certificates(certificate)?;
    let (_, parsed) = x509_parser::parse_x509_certificate(&chain[0])
        .map_err(|_| BadFile::new(certificate, "the first certificate cannot be read"))?;
    let validity = parsed.validity();
    if now.timestamp() > validity.not_after.timestamp() || now.timestamp() < validity.not_before.timestamp() {
        return Err(BadFile::new(certificate, "is not valid now: renew it"));
    }
    #[cfg(unix)]
    {
        let metadata = std::fs::metadata(key).map_err(|error| BadFile::new(key, error.to_string()))?;
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions());
        if mode & 0o077 != 0 {
            return Err(BadFile::new(key, "can be read by others: chmod 0400 it"));
        }
    }
    let key_der = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| BadFile::new(key, format!("no PEM key: {error}")))?;
    Ok((chain, key_der))
}

/// The key is another certificate's, or of a kind that is not spoken.
pub fn not_a_pair(key: &Path, error: &rustls::Error) -> BadFile {
    BadFile::new(key, format!("does not belong to the certificate: {error}"))
}

/// HTTP/2 first, then HTTP/1.1.
pub fn with_protocols(mut config: rustls::ServerConfig) -> rustls::ServerConfig {
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}
