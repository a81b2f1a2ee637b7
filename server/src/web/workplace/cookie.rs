//! The cookies of the pages: what a browser keeps for us, and nobody else reads (RFC 6265bis).

use http::{HeaderMap, HeaderValue, header};

use crate::app::App;

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// The secret of a session; goes with the browser.
    Session,
    /// That of an attempt to sign in, for ten minutes.
    Attempt,
    /// The language, for a year.
    Language,
}

impl Kept {
    fn word(self) -> &'static str {
        match self {
            Self::Session => "schakel",
            Self::Attempt => "schakel-attempt",
            Self::Language => "schakel-language",
        }
    }

    /// For how many seconds.
    fn lasts(self) -> Option<u32> {
        match self {
            Self::Session => None,
            Self::Attempt => Some(600),
            Self::Language => Some(31_536_000),
        }
    }

    /// Over TLS a browser takes the name from this host only, and sends it over TLS only. Over
    /// plain HTTP, which is for this machine alone, it would take such a name from nobody.
    fn name(self, app: &App) -> String {
        format!("{}{}", if is_secure(app) { "__Host-" } else { "" }, self.word())
    }
}

fn is_secure(app: &App) -> bool {
    app.settings.public_url.starts_with("https://")
}

/// What the browser kept.
pub(super) fn kept(app: &App, headers: &HeaderMap, what: Kept) -> Option<String> {
    let name = what.name(app);
    let all = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(own, _)| *own == name).map(|(_, value)| value.to_owned())
}

/// Has the browser keep `value`, which is of URL-safe characters.
pub(super) fn keep(app: &App, what: Kept, value: &str) -> HeaderValue {
    written(app, what, value, what.lasts())
}

/// Has the browser forget it.
pub(super) fn forget(app: &App, what: Kept) -> HeaderValue {
    written(app, what, "", Some(0))
}

fn written(app: &App, what: Kept, value: &str, lasts: Option<u32>) -> HeaderValue {
    let secure = if is_secure(app) { "; Secure" } else { "" };
    let lasts = lasts.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{lasts}", what.name(app));
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}
