//! Signs a verklaring van vernietiging, and checks one.

use ring::signature::{ED25519, KeyPair, UnparsedPublicKey};
use schakel_domain::privacy::{Signed, Statement};

use crate::{
    error::{Error, Result},
    store::keys::{KeyRing, Use, hex},
};

/// The statement as a file, signed with the key that only this key file gives.
pub(super) fn sign(keys: &KeyRing, statement: &Statement) -> Result<Signed> {
    let corrupt = |_| Error::Corrupt { table: "destruction", column: "statement" };
    let text = serde_json::to_string(statement).map_err(corrupt)?;
    let signer = keys.signer(Use::Statement);
    Ok(Signed {
        signature: hex(signer.sign(text.as_bytes()).as_ref()),
        public_key: hex(signer.public_key().as_ref()),
        statement: text,
    })
}

/// What the file says, when it was signed with this key file and not altered since.
pub fn verify(keys: &KeyRing, file: &str) -> Option<Statement> {
    let found: Signed = serde_json::from_str(file).ok()?;
    let pair = keys.signer(Use::Statement);
    let own = pair.public_key().as_ref();
    let signature = bytes(&found.signature)?;
    let checked = UnparsedPublicKey::new(&ED25519, own).verify(found.statement.as_bytes(), &signature);
    // The key in the file proves nothing, and one that is not ours tells of tampering.
    if checked.is_err() || found.public_key != hex(own) {
        return None;
    }
    serde_json::from_str(&found.statement).ok()
}

/// Hexadecimal digits, two a byte.
fn bytes(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}
