//! A certificate authority as `PKIoverheid` is one: certificates of systems with an OIN, and revocation lists.

use std::path::Path;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, DnValue,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams,
    SerialNumber, date_time_ymd,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// An authority.
pub(crate) struct Authority {
    pub(crate) pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate with its key.
pub(crate) struct Identity {
    pub(crate) der: CertificateDer<'static>,
    pub(crate) pem: String,
    pub(crate) key: KeyPair,
    pub(crate) serial: u64,
}

/// What is asked of an authority.
#[derive(Clone)]
pub(crate) struct Wish {
    /// The serial number in the subject.
    pub(crate) number: Option<String>,
    pub(crate) serial: u64,
    pub(crate) until: (i32, u8, u8),
    pub(crate) purposes: Vec<ExtendedKeyUsagePurpose>,
}

impl Wish {
    /// A good one.
    pub(crate) fn oin(oin: &str) -> Self {
        Self {
            number: Some(oin.to_owned()),
            serial: 7,
            until: (2030, 1, 1),
            purposes: vec![ExtendedKeyUsagePurpose::ClientAuth],
        }
    }
}

impl Identity {
    pub(crate) fn key_der(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::try_from(self.key.serialize_der()).unwrap()
    }
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2040, 1, 1);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    pub(crate) fn write(&self, path: &Path) {
        std::fs::write(path, &self.pem).unwrap();
    }

    /// A certificate of a system.
    pub(crate) fn issue(&self, wish: &Wish) -> Identity {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "leerlingsysteem");
        if let Some(number) = &wish.number {
            let value = DnValue::PrintableString(number.as_str().try_into().unwrap());
            params.distinguished_name.push(DnType::CustomDnType(vec![2, 5, 4, 5]), value);
        }
        params.serial_number = Some(SerialNumber::from(wish.serial));
        params.extended_key_usages.clone_from(&wish.purposes);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        self.sign(params, wish.serial, wish.until)
    }

    /// A server's.
    pub(crate) fn server(&self, name: &str, until: (i32, u8, u8)) -> Identity {
        let mut params = CertificateParams::new(vec![name.to_owned(), "127.0.0.1".into()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.sign(params, 1, until)
    }

    fn sign(&self, mut params: CertificateParams, serial: u64, until: (i32, u8, u8)) -> Identity {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until.0, until.1, until.2);
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity { der: certificate.der().clone(), pem: certificate.pem(), key, serial }
    }

    /// For a TLS server called `name`.
    pub(crate) fn acceptor(&self, name: &str) -> TlsAcceptor {
        let identity = self.server(name, (2039, 1, 1));
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![identity.der.clone()], identity.key_der())
            .unwrap();
        TlsAcceptor::from(std::sync::Arc::new(config))
    }

    /// A list of what is revoked, good for a week from `now`.
    pub(crate) fn revocations(&self, revoked: &[&Identity], now: DateTime<Utc>) -> String {
        let day = |at: DateTime<Utc>| {
            date_time_ymd(at.year(), u8::try_from(at.month()).unwrap(), u8::try_from(at.day()).unwrap())
        };
        let revoked = revoked.iter().map(|identity| RevokedCertParams {
            serial_number: SerialNumber::from(identity.serial),
            revocation_time: day(now),
            reason_code: None,
            invalidity_date: None,
        });
        let params = CertificateRevocationListParams {
            this_update: day(now),
            next_update: day(now + TimeDelta::days(7)),
            crl_number: SerialNumber::from(now.timestamp().unsigned_abs()),
            issuing_distribution_point: None,
            revoked_certs: revoked.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&self.issuer).unwrap().pem().unwrap()
    }
}
