//! Signs what leaves (RFC 6376, RFC 8463), when the operator gave a key for it.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    rsa::KeyPair as RsaKeyPair,
    signature::{Ed25519KeyPair, RSA_PKCS1_SHA256},
};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use schakel_domain::mail::{canonical_body, signature_without_hash, signed_input};

use crate::{invitation::transport::SetUpError, settings::DkimSettings};

/// That many characters of a signature stand on a line.
const LINE: usize = 72;

/// A key, and under which name its public half is found.
pub(crate) struct Signer {
    domain: String,
    selector: String,
    key: Key,
}

enum Key {
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

impl Signer {
    /// Reads the key.
    ///
    /// # Errors
    /// When it is no private key in PKCS#8, or one that is too short.
    pub(crate) fn new(settings: &DkimSettings) -> Result<Self, SetUpError> {
        let unusable = || SetUpError::Dkim(settings.key_file.clone());
        let pem = PrivatePkcs8KeyDer::from_pem_file(&settings.key_file).map_err(|_| unusable())?;
        let der = pem.secret_pkcs8_der();
        let key = match Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
            Ok(key) => Key::Ed25519(key),
            // ring takes no RSA key below 2048 bits.
            Err(_) => Key::Rsa(Box::new(RsaKeyPair::from_pkcs8(der).map_err(|_| unusable())?)),
        };
        Ok(Self { domain: settings.domain.clone(), selector: settings.selector.clone(), key })
    }

    /// The message with a signature in front. The same message gives the same bytes; one that cannot
    /// be signed goes as it is, for a signature is a courtesy.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let end = message.windows(4).position(|four| four == b"\r\n\r\n");
        let (head, body) = end.map_or((message, &[][..]), |at| (&message[..at + 2], &message[at + 4..]));
        let hash = STANDARD.encode(digest(&SHA256, &canonical_body(body)));
        let algorithm = match self.key {
            Key::Ed25519(_) => "ed25519-sha256",
            Key::Rsa(_) => "rsa-sha256",
        };
        let unsigned = signature_without_hash(head, [algorithm, &self.domain, &self.selector], &hash);
        let Some(signature) = self.hash(&signed_input(head, &unsigned)) else {
            tracing::error!("a mail could not be signed");
            return message.to_vec();
        };
        let signature = STANDARD.encode(signature);
        let mut signed = format!("DKIM-Signature: {unsigned}");
        for (nth, letter) in signature.chars().enumerate() {
            if nth > 0 && nth % LINE == 0 {
                signed.push_str("\r\n ");
            }
            signed.push(letter);
        }
        signed.push_str("\r\n");
        [signed.as_bytes(), message].concat()
    }

    fn hash(&self, input: &[u8]) -> Option<Vec<u8>> {
        match &self.key {
            // It signs the hash, and hashes that once more by itself (RFC 8463 §3).
            Key::Ed25519(key) => Some(key.sign(digest(&SHA256, input).as_ref()).as_ref().to_vec()),
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input, &mut signature).ok()?;
                Some(signature)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::{ED25519, KeyPair, UnparsedPublicKey};

    use super::*;

    #[test]
    fn a_signature_is_that_of_the_headers_and_the_body_it_names() {
        let key = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("32 octets are a key");
        let public = key.public_key().as_ref().to_vec();
        let signer = Signer { domain: "a.example".into(), selector: "one".into(), key: Key::Ed25519(key) };
        let message = b"From: b@a.example\r\nSubject: c\r\n\r\nHello \r\n\r\n";
        let sent = String::from_utf8(signer.sign(message)).expect("text");
        assert!(sent.ends_with(std::str::from_utf8(message).expect("text")));
        let head = &sent[..sent.len() - message.len()];
        let (value, signature) = head.trim_end().split_once("\r\n b=").expect("a signature");
        let value = value.strip_prefix("DKIM-Signature: ").expect("its name");
        let signature = STANDARD.decode(signature.replace("\r\n ", "")).expect("base64");
        assert!(value.contains(&STANDARD.encode(digest(&SHA256, b"Hello\r\n"))));
        let input = signed_input(b"From: b@a.example\r\nSubject: c\r\n", &format!("{value}\r\n b="));
        let hash = digest(&SHA256, &input);
        UnparsedPublicKey::new(&ED25519, public).verify(hash.as_ref(), &signature).expect("it is right");
    }
}
