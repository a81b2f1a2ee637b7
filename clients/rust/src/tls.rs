//! Whom an `https` connection trusts, and the certificate by which a system is known.

use tonic::transport::{Certificate, ClientTlsConfig, Identity};

/// For `https` addresses; the default trusts what the system trusts. Has no `Debug`: it may hold a private key.
#[derive(Clone, Default)]
pub struct Tls {
    /// The authorities that may vouch for the server, PEM, in place of those that the system trusts.
    pub authority: Option<String>,
    /// The caller's own certificate with its chain, and its private key, PEM: for the server's
    /// listener for systems. A profile with one needs no token.
    pub identity: Option<(String, String)>,
    /// The name in the server's certificate, when that is not the one in the address.
    pub server_name: Option<String>,
}

impl Tls {
    pub(crate) fn config(&self) -> ClientTlsConfig {
        let mut config = match &self.authority {
            Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
            None => ClientTlsConfig::new().with_native_roots(),
        };
        if let Some((certificate, key)) = &self.identity {
            config = config.identity(Identity::from_pem(certificate, key));
        }
        if let Some(name) = &self.server_name {
            config = config.domain_name(name);
        }
        config
    }
}
