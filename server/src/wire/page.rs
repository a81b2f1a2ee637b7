//! Pages: a token that only fits the caller and the filter that it was given for.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use schakel_domain::refusal::Refusal;
use serde::{Serialize, de::DeserializeOwned};

use super::fields::Fields;
use crate::{access::Grant, app::App, store::keys::Use};

const USUAL: u64 = 50;
const MOST: u64 = 200;

/// Where a page begins and how long it may be. `K` is the sort key of the last row seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<K> {
    /// At most this many rows.
    pub size: u64,
    /// After this key.
    pub after: Option<K>,
}

/// What a page token is bound to.
pub struct Bound<'a> {
    /// The server, for its key.
    pub app: &'a App,
    /// Whose list.
    pub grant: &'a Grant,
    /// Every filter of the list, in a fixed order.
    pub filter: String,
}

impl Bound<'_> {
    fn message(&self, key: &[u8]) -> Vec<u8> {
        let actor = self.grant.actor().unwrap_or_default();
        let method = self.grant.method();
        [actor.as_bytes().as_slice(), method.as_bytes(), b"\0", self.filter.as_bytes(), b"\0", key].concat()
    }

    /// Reads `page_size` and `page_token`.
    pub fn read<K: DeserializeOwned>(&self, fields: &mut Fields, size: i32, token: &str) -> Option<Page<K>> {
        let size = match size {
            0 => Some(USUAL),
            size => u64::try_from(size).ok().map(|size| size.min(MOST)),
        };
        if size.is_none() {
            fields.refuse("page_size", Refusal::PageSizeInvalid);
        }
        let after = if token.is_empty() {
            Some(None)
        } else {
            let after = self.open(token);
            if after.is_none() {
                fields.refuse("page_token", Refusal::PageTokenInvalid);
            }
            after.map(Some)
        };
        Some(Page { size: size?, after: after? })
    }

    fn open<K: DeserializeOwned>(&self, token: &str) -> Option<K> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (mac, key) = bytes.split_at_checked(16)?;
        if !self.app.keys.verify(Use::PageToken, &self.message(key), mac) {
            return None;
        }
        serde_json::from_slice(key).ok()
    }

    /// The token of the page after `last`.
    pub fn token<K: Serialize>(&self, last: &K) -> String {
        let key = serde_json::to_vec(last).unwrap_or_default();
        let mac = self.app.keys.mac(Use::PageToken, &self.message(&key));
        URL_SAFE_NO_PAD.encode([&mac[..16], &key].concat())
    }
}

/// Cuts one row too many off `rows`, and says after which key the next page begins.
pub fn cut<R, K>(rows: &mut Vec<R>, size: u64, key: impl Fn(&R) -> K) -> Option<K> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if rows.len() <= size {
        return None;
    }
    rows.truncate(size);
    rows.last().map(key)
}
