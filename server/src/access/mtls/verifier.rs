//! Whether a client's certificate is good: its authority, its dates, its purpose, and that nobody revoked it.

use std::{path::Path, sync::Arc};

use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    server::{
        WebPkiClientVerifier,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime, pem::PemObject};

use crate::{
    settings::MutualTlsSettings,
    tls::{self, BadFile},
};

/// rustls's own, and beyond it: the purpose must be said. A certificate about which no list
/// says anything, or whose list is out of date, is not let in.
#[derive(Debug)]
pub(super) struct Verifier(Arc<dyn ClientCertVerifier>);

impl Verifier {
    pub(super) fn load(settings: &MutualTlsSettings) -> Result<Self, BadFile> {
        let path = &settings.client_ca;
        let mut roots = RootCertStore::empty();
        for certificate in tls::certificates(path)? {
            roots.add(certificate).map_err(|error| BadFile::new(path, error.to_string()))?;
        }
        let lists = settings.crl.iter().map(|path| revocations(path)).collect::<Result<Vec<_>, _>>()?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .with_crls(lists.into_iter().flatten())
            .enforce_revocation_expiration()
            .clear_root_hint_subjects()
            .build()
            .map_err(|error| BadFile::new(path, error.to_string()))?;
        Ok(Self(verifier))
    }
}

fn revocations(path: &Path) -> Result<Vec<CertificateRevocationListDer<'static>>, BadFile> {
    let lists = CertificateRevocationListDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| BadFile::new(path, format!("no PEM revocation list: {error}")))?;
    if lists.is_empty() { Err(BadFile::new(path, "holds no revocation list")) } else { Ok(lists) }
}

/// RFC 5280 §4.2.1.12; rustls takes a certificate without purposes for one with all.
fn is_for_clients(certificate: &CertificateDer<'_>) -> bool {
    let Ok((_, parsed)) = x509_parser::parse_x509_certificate(certificate) else { return false };
    parsed.extended_key_usage().ok().flatten().is_some_and(|usage| usage.value.client_auth)
}

impl ClientCertVerifier for Verifier {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.0.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verified = self.0.verify_client_cert(end_entity, intermediates, now);
        if let Err(Error::InvalidCertificate(
            CertificateError::ExpiredRevocationList | CertificateError::ExpiredRevocationListContext { .. },
        )) = &verified
        {
            tracing::error!(
                "a revocation list of client certificates has expired: put a current one in its place"
            );
        }
        if verified.is_ok() && !is_for_clients(end_entity) {
            return Err(Error::InvalidCertificate(CertificateError::InvalidPurpose));
        }
        verified
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
