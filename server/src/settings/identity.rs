//! Who may say who somebody is: identity providers, and the listener for systems with certificates.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use serde::Deserialize;

/// Whether this is the real thing. A development setting in production is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Real people.
    #[default]
    Production,
    /// Invented people, on this machine.
    Development,
}

/// How people and systems sign in, besides tokens of our own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuthSettings {
    /// Identity providers.
    pub issuer: Vec<IssuerSettings>,
    /// A provider of our own at `<public_url>/dev`, for development.
    pub builtin_issuer: bool,
}

/// An identity provider whose tokens are believed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerSettings {
    /// Exactly the `iss` of its tokens; its discovery document is below it.
    pub url: String,
    /// Who its tokens must be meant for: their `aud`.
    pub audience: String,
    /// How its tokens may be signed.
    #[serde(default = "Algorithm::all")]
    pub algorithms: Vec<Algorithm>,
    /// A PEM file of the only authorities to trust for it, instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Where it may be.
    #[serde(default)]
    pub network: Network,
    /// Hosts beside its own from which it may publish its keys.
    #[serde(default)]
    pub key_hosts: Vec<String>,
    /// The `acr` values of which a token needs one, to see more of a meeting or a child than its envelope.
    #[serde(default)]
    pub required_acr: Vec<String>,
    /// The longest life of a person's token, at most an hour.
    #[serde(default = "an_hour")]
    pub user_lifetime_seconds: u32,
    /// The longest life of a system's token, at most six hours.
    #[serde(default = "six_hours")]
    pub system_lifetime_seconds: u32,
    /// How people sign in at it to the pages; absent, its tokens are for programs only.
    #[serde(default)]
    pub sign_in: Option<SignInSettings>,
}

/// This server as an identity provider knows it: a client of the authorization code flow, whose
/// redirect address is `<public_url>/sign-in/back`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInSettings {
    /// What the provider calls it: the `aud` of its ID tokens.
    pub client_id: String,
    /// A file with its secret, read at each sign-in; absent for a public client.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// What the page for signing in calls the provider; absent, the host of its address.
    #[serde(default)]
    pub display_name: Option<String>,
}

/// A way to sign a token (RFC 7518, RFC 8037).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Algorithm {
    /// RSA, PSS, SHA-256.
    PS256,
    /// RSA, PKCS #1, SHA-256.
    RS256,
    /// P-256, SHA-256.
    ES256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    /// Every one that is known; a shared secret is none.
    pub fn all() -> Vec<Self> {
        vec![Self::PS256, Self::RS256, Self::ES256, Self::EdDsa]
    }
}

/// Where a provider may be, so that a wrong address cannot make this server ask its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// Public addresses, over TLS.
    #[default]
    Public,
    /// Private addresses too, over TLS.
    Private,
    /// This machine only, with or without TLS: for development.
    Loopback,
    /// Public addresses over TLS, and this machine with or without it: only the demo says so, and no file can.
    #[serde(skip)]
    Demo,
}

/// How addresses elsewhere are called that people gave: calendars, and systems that are told of changes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutsideSettings {
    /// Where they may be.
    pub network: Network,
    /// How many seconds an address may take from the question to the last byte.
    pub patience_seconds: u32,
    /// The OIN of who runs the server, which events bear as their source: 20 digits.
    pub oin: Option<String>,
}

impl Default for OutsideSettings {
    fn default() -> Self {
        Self { network: Network::Public, patience_seconds: 10, oin: None }
    }
}

impl OutsideSettings {
    /// What is wrong with it, whatever the profile.
    pub(super) fn faults(&self) -> Vec<String> {
        let is_oin = |oin: &String| oin.len() == 20 && oin.bytes().all(|byte| byte.is_ascii_digit());
        [
            (!(1..=60).contains(&self.patience_seconds)).then_some("outside.patience_seconds is 1 to 60"),
            (!self.oin.as_ref().is_none_or(is_oin)).then_some("outside.oin is 20 digits"),
        ]
        .into_iter()
        .flatten()
        .map(str::to_owned)
        .collect()
    }

    /// What belongs to development.
    pub(super) fn of_development(&self) -> Option<String> {
        (self.network == Network::Loopback).then(|| "outside.network is loopback".into())
    }
}

/// The listener for systems with client certificates.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MutualTlsSettings {
    /// Where it listens, for example `0.0.0.0:8443`.
    pub listen: SocketAddr,
    /// PEM, the server's own certificate first.
    pub certificate: PathBuf,
    /// PEM, readable only by the server.
    pub key: PathBuf,
    /// PEM, the authorities of client certificates.
    pub client_ca: PathBuf,
    /// PEM, a current revocation list of every authority in a client's chain.
    pub crl: Vec<PathBuf>,
}

fn an_hour() -> u32 {
    3600
}

fn six_hours() -> u32 {
    6 * 3600
}

/// Whether `url` names this machine.
fn here(url: &str) -> bool {
    let uri = url.parse::<http::Uri>().ok();
    uri.is_some_and(|uri| matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]")))
}

impl IssuerSettings {
    /// What would be needed to see more than envelopes, when `acr` is none of it.
    pub(crate) fn lacking(&self, acr: Option<&str>) -> Option<Arc<str>> {
        let enough = self.required_acr.is_empty()
            || acr.is_some_and(|acr| self.required_acr.iter().any(|needed| needed == acr));
        (!enough).then(|| self.required_acr.join(" ").into())
    }

    /// What is wrong with it, whatever the profile.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut fault = |why: &str| faults.push(format!("auth.issuer {:?}: {why}", self.url));
        let scheme = match self.network {
            Network::Public | Network::Private => self.url.starts_with("https://"),
            Network::Loopback | Network::Demo => here(&self.url),
        };
        if !scheme {
            fault("url is https://, or on this machine with network = \"loopback\"");
        }
        if self.url.contains(['?', '#', '@']) || self.url.ends_with('/') {
            fault("url is as in the tokens' iss, without a slash at the end");
        }
        if self.audience.is_empty() || self.algorithms.is_empty() {
            fault("audience and algorithms may not be empty");
        }
        if self.sign_in.as_ref().is_some_and(|sign_in| sign_in.client_id.is_empty()) {
            fault("sign_in.client_id may not be empty");
        }
        if !(60..=an_hour()).contains(&self.user_lifetime_seconds)
            || !(60..=six_hours()).contains(&self.system_lifetime_seconds)
        {
            fault("tokens of people live a minute to an hour, those of systems at most six hours");
        }
        faults
    }
}

impl AuthSettings {
    /// What is wrong with the providers, whatever the profile.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = self.issuer.iter().flat_map(IssuerSettings::faults).collect();
        for (at, issuer) in self.issuer.iter().enumerate() {
            if self.issuer[..at].iter().any(|other| other.url == issuer.url) {
                faults.push(format!("auth.issuer {:?} stands here twice", issuer.url));
            }
        }
        faults
    }

    /// Whether the provider for development would be reached by others than this machine.
    pub(super) fn builtin_reaches(&self, listen: SocketAddr, public_url: &str) -> bool {
        self.builtin_issuer && !(listen.ip().is_loopback() && here(public_url))
    }

    /// What belongs to development.
    pub(super) fn of_development(&self) -> Vec<String> {
        let local = self.issuer.iter().filter(|issuer| issuer.network == Network::Loopback);
        let mut found: Vec<String> =
            local.map(|issuer| format!("auth.issuer {:?}: network is loopback", issuer.url)).collect();
        if self.builtin_issuer {
            found.push("auth.builtin_issuer lets anybody on this machine be anybody".into());
        }
        found
    }
}

/// File systems that are another machine's: SQLite's locks do not hold there.
const REMOTE: &[&str] = &["nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "fuse.sshfs", "afs"];

/// Whether `path` lies on another machine, as `mounts` (the form of `/proc/self/mounts`) tell.
pub(super) fn on_network(path: &std::path::Path, mounts: &str) -> bool {
    let mounted = mounts.lines().filter_map(|line| {
        let mut parts = line.split(' ').skip(1);
        let at = parts.next()?.replace("\\040", " ");
        Some((at, parts.next()?))
    });
    mounted
        .filter(|(at, _)| path.starts_with(at))
        .max_by_key(|(at, _)| at.len())
        .is_some_and(|(_, kind)| REMOTE.contains(&kind))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_database_on_another_machine_is_recognised() {
        let mounts = "/dev/vda1 / ext4 rw 0 0\nfiler:/x /data nfs4 rw 0 0\n/dev/vdb /data/own xfs rw 0 0\n";
        for (path, remote) in
            [("/var/schakel.db", false), ("/data/schakel.db", true), ("/data/own/schakel.db", false)]
        {
            assert_eq!(on_network(Path::new(path), mounts), remote, "{path}");
        }
    }

    #[test]
    fn this_machine_has_few_names() {
        for (url, expected) in [
            ("http://127.0.0.1:8480/dev", true),
            ("http://localhost", true),
            ("http://[::1]:80/x", true),
            ("http://localhost.evil.example/", false),
            ("http://127.0.0.1.evil.example", false),
            ("https://idp.example/localhost", false),
        ] {
            assert_eq!(here(url), expected, "{url}");
        }
    }
}
