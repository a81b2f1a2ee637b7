//! Seals: each holds the hash of the one before, what it seals, and a signature.

use std::{fmt, str::FromStr};

use uuid::Uuid;

use crate::{
    entity::audit_seal::Model,
    store::{
        audit_row::Canon,
        keys::{KeyRing, hex, sha256},
        sign::is_signed,
    },
};

/// What the first seal of a region holds for the one before it.
const GENESIS: [u8; 32] = [0; 32];

/// The newest seal of a region at some moment, to be kept where the database's owner cannot
/// reach: later seals must descend from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Of which region.
    pub region: Uuid,
    /// Which batch.
    pub batch: i64,
    /// Its hash, hexadecimal.
    pub hash: String,
}

impl Anchor {
    /// Of this seal.
    pub fn of(seal: &Model) -> Self {
        Self { region: seal.region_id, batch: seal.batch, hash: hex(&seal.hash) }
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.region, self.batch, self.hash)
    }
}

impl FromStr for Anchor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "an anchor is like 0190…:17:9f…, a region, a number and 64 hexadecimal digits: `schakel audit anchor` prints it";
        let mut parts = text.splitn(3, ':');
        let mut part = || parts.next().ok_or(FORM);
        let region = part()?.parse().map_err(|_| FORM)?;
        let batch = part()?.parse().map_err(|_| FORM)?;
        let hash = part()?;
        if hash.len() != 64 || !hash.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)) {
            return Err(FORM);
        }
        Ok(Self { region, batch, hash: hash.to_owned() })
    }
}

/// SHA-256 over the leaves of a batch, in their order.
pub fn root<'a>(leaves: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut canon = Canon::new("audit root");
    for leaf in leaves {
        canon.bytes(leaf);
    }
    canon.hash()
}

/// The hash of everything that a seal says, its own hash and signature apart.
fn hash(seal: &Model) -> Vec<u8> {
    Canon::new("audit seal")
        .bytes(seal.region_id.as_bytes())
        .number(seal.batch)
        .number(seal.first_seq)
        .number(seal.last_seq)
        .number(seal.row_count.into())
        .number(seal.sealed_below)
        .bytes(&seal.prev_hash)
        .bytes(&seal.root)
        .number(seal.sealed_at)
        .bytes(seal.key_id.as_bytes())
        .hash()
}

/// Fills in what chains and signs `seal`, which says everything else.
pub(super) fn close(mut seal: Model, before: Option<&Model>, keys: &KeyRing) -> Model {
    seal.prev_hash = before.map_or(GENESIS.to_vec(), |before| before.hash.clone());
    seal.key_id = keys.seal_key_id();
    seal.hash = hash(&seal);
    seal.signature = keys.sign_seal(&seal.hash);
    seal
}

/// Who can check a seal: the public key and its name.
pub(super) struct Checker {
    key: Vec<u8>,
    id: String,
}

impl Checker {
    /// With the key that derives from the key file.
    pub(super) fn of(keys: &KeyRing) -> Self {
        let key = keys.seal_public_key();
        Self { id: hex(&sha256(&key)[..8]), key }
    }

    /// Whether `seal` is what was signed, and follows on `before`, or is the first of all.
    pub(super) fn follows(&self, seal: &Model, before: Option<&Model>) -> bool {
        let chained = match before {
            Some(before) => {
                seal.batch == before.batch + 1
                    && seal.first_seq == before.last_seq + 1
                    && seal.prev_hash == before.hash
            }
            None => seal.batch == 1 && seal.first_seq == 1 && seal.prev_hash == GENESIS,
        };
        chained
            && i64::from(seal.row_count) == seal.last_seq - seal.first_seq + 1
            && seal.row_count > 0
            && seal.key_id == self.id
            && seal.hash == hash(seal)
            && is_signed(&self.key, &seal.hash, &seal.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_read_as_it_is_printed_and_nothing_else() {
        let anchor = Anchor { region: Uuid::from_u128(7), batch: 17, hash: "9f".repeat(32) };
        let printed = anchor.to_string();
        assert_eq!(printed.parse(), Ok(anchor));
        for wrong in ["", "17", "17:9f", &printed[1..], &printed[..99], &printed.to_uppercase()] {
            assert!(wrong.parse::<Anchor>().is_err(), "{wrong}");
        }
    }
}
