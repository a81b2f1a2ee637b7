//! Signatures over seals of the audit log and statements, under keys that derive from the key file (Ed25519, RFC 8032).

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use super::keys::{KeyRing, Use, hex, sha256};

impl KeyRing {
    /// The key pair of `purpose`, for what others must be able to check.
    pub fn signer(&self, purpose: Use) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&self.seed(purpose)).expect("32 bytes are an Ed25519 seed")
    }

    fn seal_pair(&self) -> Ed25519KeyPair {
        self.signer(Use::AuditSeal)
    }

    /// The key that checks seals; anybody may have it.
    pub fn seal_public_key(&self) -> Vec<u8> {
        self.seal_pair().public_key().as_ref().to_vec()
    }

    /// A short name of that key.
    pub fn seal_key_id(&self) -> String {
        hex(&sha256(&self.seal_public_key())[..8])
    }

    /// Signs a seal's hash.
    pub fn sign_seal(&self, hash: &[u8]) -> Vec<u8> {
        self.seal_pair().sign(hash).as_ref().to_vec()
    }
}

/// Whether `signature` is of `hash`, under `public_key`.
pub fn is_signed(public_key: &[u8], hash: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public_key).verify(hash, signature).is_ok()
}
