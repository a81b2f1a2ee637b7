//! Secrets that stand for a person, a feed or a session: prefix, 256 random bits, checksum.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{app::Ids, store::keys::sha256};

/// What the secret opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// The API.
    Api,
    /// One calendar feed.
    Feed,
    /// The pages, for as long as somebody is signed in.
    Session,
}

impl Opens {
    /// What every such secret begins with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Api => "ska_",
            Self::Feed => "skf_",
            Self::Session => "sks_",
        }
    }
}

/// A new secret.
pub fn mint(opens: Opens, ids: &dyn Ids) -> String {
    let mut random = [0; 32];
    ids.fill(&mut random);
    let body = URL_SAFE_NO_PAD.encode(random);
    let prefix = opens.prefix();
    let checksum = crc32fast::hash(format!("{prefix}{body}").as_bytes());
    format!("{prefix}{body}_{checksum:08x}")
}

/// What the database keeps of `secret`; none when it cannot be one, so that guesses
/// do not reach the database.
pub fn hash(opens: Opens, secret: &str) -> Option<Vec<u8>> {
    let (body, checksum) = secret.strip_prefix(opens.prefix())?.rsplit_once('_')?;
    let whole = format!("{}{body}", opens.prefix());
    let random = URL_SAFE_NO_PAD.decode(body).ok()?;
    (random.len() == 32 && format!("{:08x}", crc32fast::hash(whole.as_bytes())) == checksum)
        .then(|| sha256(secret.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::SystemIds;

    #[test]
    fn a_secret_with_one_wrong_character_never_reaches_the_database() {
        let secret = mint(Opens::Api, &SystemIds::default());
        assert!(hash(Opens::Api, &secret).is_some());
        assert!(hash(Opens::Feed, &secret).is_none());
        for at in 4..secret.len() {
            let mut wrong = secret.clone().into_bytes();
            wrong[at] = if wrong[at] == b'a' { b'b' } else { b'a' };
            assert!(hash(Opens::Api, std::str::from_utf8(&wrong).unwrap()).is_none(), "{at}");
        }
    }
}
