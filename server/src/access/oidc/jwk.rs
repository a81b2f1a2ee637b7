//! Public keys as providers publish them (RFC 7517), and the check of a signature.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature;
use serde::Deserialize;

use super::fetch::FetchError;
use crate::settings::Algorithm;

/// More keys than this is not a provider that rotates, but one that is broken.
const MOST_KEYS: usize = 20;

#[derive(Deserialize)]
struct Document {
    keys: Vec<Published>,
}

#[derive(Deserialize)]
struct Published {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// A key, ready for use.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    kid: String,
    alg: Option<String>,
    material: Material,
}

/// The keys of a provider at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeySet(Vec<Key>);

/// What `alg` spells; none for everything that is not a signature of a known kind.
pub(super) fn algorithm(alg: &str) -> Option<Algorithm> {
    Algorithm::all().into_iter().find(|known| spelled(*known) == alg)
}

fn spelled(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::PS256 => "PS256",
        Algorithm::RS256 => "RS256",
        Algorithm::ES256 => "ES256",
        Algorithm::EdDsa => "EdDSA",
    }
}

impl KeySet {
    /// The keys of a document that can be used here; what else is in it is passed over.
    pub(super) fn parse(document: &[u8]) -> Result<Self, FetchError> {
        let told = |why: String| FetchError::Document(format!("the keys cannot be used: {why}"));
        let document: Document = serde_json::from_slice(document).map_err(|error| told(error.to_string()))?;
        if document.keys.len() > MOST_KEYS {
            return Err(told(format!("{} keys", document.keys.len())));
        }
        let keys: Vec<Key> = document.keys.into_iter().filter_map(usable).collect();
        if keys.is_empty() { Err(told("there is none".into())) } else { Ok(Self(keys)) }
    }

    /// Whether the key `kid` made `signature` over `message`; none when there is no such key.
    pub(super) fn verify(
        &self,
        kid: &str,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Option<bool> {
        let named =
            |key: &&Key| key.kid == kid && key.alg.as_deref().is_none_or(|alg| alg == spelled(algorithm));
        self.0.iter().filter(named).find_map(|key| key.material.verify(algorithm, message, signature))
    }
}

impl Material {
    /// None when the key is not one for `algorithm`.
    fn verify(&self, algorithm: Algorithm, message: &[u8], signed: &[u8]) -> Option<bool> {
        let rsa = |parameters, n: &[u8], e: &[u8]| {
            signature::RsaPublicKeyComponents { n, e }.verify(parameters, message, signed).is_ok()
        };
        let plain = |kind: &'static dyn signature::VerificationAlgorithm, key: &[u8]| {
            signature::UnparsedPublicKey::new(kind, key).verify(message, signed).is_ok()
        };
        match (self, algorithm) {
            (Self::Rsa { n, e }, Algorithm::RS256) => Some(rsa(&signature::RSA_PKCS1_2048_8192_SHA256, n, e)),
            (Self::Rsa { n, e }, Algorithm::PS256) => Some(rsa(&signature::RSA_PSS_2048_8192_SHA256, n, e)),
            (Self::P256(key), Algorithm::ES256) => Some(plain(&signature::ECDSA_P256_SHA256_FIXED, key)),
            (Self::Ed25519(key), Algorithm::EdDsa) => Some(plain(&signature::ED25519, key)),
            (Self::Rsa { .. }, Algorithm::ES256 | Algorithm::EdDsa)
            | (Self::P256(_), Algorithm::PS256 | Algorithm::RS256 | Algorithm::EdDsa)
            | (Self::Ed25519(_), Algorithm::PS256 | Algorithm::RS256 | Algorithm::ES256) => None,
        }
    }
}

fn usable(key: Published) -> Option<Key> {
    if key.usage.is_some_and(|usage| usage != "sig") {
        return None;
    }
    let bytes = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?).ok();
    let material = match (key.kty.as_str(), key.crv.as_deref()) {
        ("RSA", None) => Material::Rsa { n: bytes(&key.n)?, e: bytes(&key.e)? },
        ("EC", Some("P-256")) => {
            let (x, y) = (bytes(&key.x)?, bytes(&key.y)?);
            (x.len() == 32 && y.len() == 32).then(|| Material::P256([&[4], x.as_slice(), &y].concat()))?
        }
        ("OKP", Some("Ed25519")) => Material::Ed25519(bytes(&key.x)?),
        _ => return None,
    };
    Some(Key { kid: key.kid?, alg: key.alg, material })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_for_other_things_are_passed_over_and_a_heap_of_them_is_refused() {
        let encryption = r#"{"kty":"RSA","kid":"a","use":"enc","n":"AQAB","e":"AQAB"}"#;
        let secret = r#"{"kty":"oct","kid":"b","k":"AQAB"}"#;
        let curve = r#"{"kty":"EC","kid":"c","crv":"P-384","x":"AQAB","y":"AQAB"}"#;
        let good =
            r#"{"kty":"OKP","kid":"d","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let set = |keys: &[&str]| KeySet::parse(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes());
        assert!(set(&[encryption, secret, curve]).is_err());
        assert_eq!(set(&[encryption, good, secret]).unwrap().0.len(), 1);
        assert!(set(&[good; MOST_KEYS]).is_ok());
        assert!(set(&[good; MOST_KEYS + 1]).is_err());
    }

    #[test]
    fn a_shared_secret_and_no_signature_are_no_algorithms() {
        for alg in ["none", "None", "HS256", "HS512", "RS1", "RS512", "rs256", ""] {
            assert_eq!(algorithm(alg), None, "{alg}");
        }
        assert_eq!(algorithm("EdDSA"), Some(Algorithm::EdDsa));
    }
}
