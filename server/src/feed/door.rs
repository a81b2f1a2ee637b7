//! Which feed is asked for, and by which secret: in the path, or as the password of HTTP Basic
//! (RFC 7617), for programs whose addresses are seen by more people than their passwords.

use axum::response::{IntoResponse, Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, StatusCode, header};
use schakel_domain::feed::Detail;

use crate::{
    access::token::{self, Opens},
    web::problem::{NOT_FOUND, Problem},
};

/// What is asked to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `.ics`: events.
    Calendar,
    /// `.ifb`: a VFREEBUSY.
    FreeBusy,
}

impl Form {
    fn of(ending: &str) -> Option<Self> {
        match ending {
            "ics" => Some(Self::Calendar),
            "ifb" => Some(Self::FreeBusy),
            _ => None,
        }
    }

    /// Whether a feed of that detail is shown so: each in one way only.
    pub(super) fn fits(self, detail: Detail) -> bool {
        (self == Self::FreeBusy) == (detail == Detail::FreeBusy)
    }

    /// As addresses end.
    pub(super) fn ending(detail: Detail) -> &'static str {
        if Self::FreeBusy.fits(detail) { "ifb" } else { "ics" }
    }
}

/// Where the secret was looked for; it decides how no is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// `/feeds/{secret}.ics`
    Path,
    /// `/feed.ics` with a password.
    Password,
}

/// A secret that could be one, by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) hash: Vec<u8>,
    pub(super) form: Form,
}

/// Nobody is told what of name and password was wrong.
const PASSWORD: Problem = Problem {
    status: StatusCode::UNAUTHORIZED,
    reason: "PASSWORD_REQUIRED",
    dutch: "Gebruik de geheime code van uw agenda-abonnement als wachtwoord.",
    english: "Use the secret of your subscription as the password.",
};

impl Way {
    /// By the path alone.
    pub(super) fn of(path: &str) -> Self {
        if path.starts_with("/feeds/") { Self::Path } else { Self::Password }
    }

    /// The answer to whatever is no feed, the same for all of it.
    pub(super) fn refuse(self) -> Response {
        match self {
            Self::Path => NOT_FOUND.json(),
            Self::Password => {
                let realm = [(header::WWW_AUTHENTICATE, "Basic realm=\"agenda\", charset=\"UTF-8\"")];
                (realm, PASSWORD.json()).into_response()
            }
        }
    }
}

/// What a request shows, if that could open a feed; guesses do not reach the database.
pub(super) fn key(path: &str, headers: &HeaderMap) -> Option<Key> {
    let (secret, ending) = match Way::of(path) {
        Way::Path => {
            let (secret, ending) = path.strip_prefix("/feeds/")?.rsplit_once('.')?;
            (secret.to_owned(), ending)
        }
        Way::Password => (password(headers)?, path.strip_prefix("/feed.")?),
    };
    Some(Key { form: Form::of(ending)?, hash: token::hash(Opens::Feed, &secret)? })
}

/// The password of the only Authorization header; the name before it says nothing.
fn password(headers: &HeaderMap) -> Option<String> {
    let mut shown = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(only), None) = (shown.next(), shown.next()) else { return None };
    let (scheme, rest) = only.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    text.split_once(':').map(|(_, password)| password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::SystemIds;

    fn with(shown: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::AUTHORIZATION, shown.parse().unwrap())])
    }

    #[test]
    fn a_secret_stands_in_the_path_or_is_a_password() {
        let secret = token::mint(Opens::Feed, &SystemIds::default());
        let hash = token::hash(Opens::Feed, &secret).unwrap();
        let none = HeaderMap::new();
        let calendar = Some(Key { hash: hash.clone(), form: Form::Calendar });
        let busy = Some(Key { hash, form: Form::FreeBusy });
        assert_eq!(key(&format!("/feeds/{secret}.ics"), &none), calendar);
        assert_eq!(key(&format!("/feeds/{secret}.ifb"), &none), busy);
        let basic = |text: String| with(&format!("Basic {}", STANDARD.encode(text)));
        assert_eq!(key("/feed.ics", &basic(format!("me@school.example:{secret}"))), calendar);
        assert_eq!(key("/feed.ifb", &basic(format!(":{secret}"))), busy);
        assert_eq!(
            key("/feed.ics", &with(&format!("bAsIc {}", STANDARD.encode(format!(":{secret}"))))),
            calendar
        );
        for (path, headers) in [
            (format!("/feeds/{secret}.txt"), none.clone()),
            (format!("/feeds/{secret}"), none.clone()),
            ("/feeds/.ics".into(), basic(format!(":{secret}"))),
            ("/feed.ics".into(), none.clone()),
            ("/feed.ics".into(), basic(secret.clone())),
            ("/feed.ics".into(), basic(format!("{secret}:"))),
            ("/feed.ics".into(), with(&format!("Bearer {secret}"))),
            ("/feed.ics".into(), with("Basic %%%")),
            ("/feed.txt".into(), basic(format!(":{secret}"))),
        ] {
            assert_eq!(key(&path, &headers), None, "{path}");
        }
    }

    #[test]
    fn two_passwords_are_none() {
        let secret = token::mint(Opens::Feed, &SystemIds::default());
        let shown = format!("Basic {}", STANDARD.encode(format!(":{secret}")));
        let mut twice = with(&shown);
        twice.append(header::AUTHORIZATION, shown.parse().unwrap());
        assert_eq!(key("/feed.ics", &twice), None);
    }

    #[test]
    fn each_feed_is_shown_in_one_way() {
        for (detail, ending) in
            [(Detail::Busy, "ics"), (Detail::Title, "ics"), (Detail::Full, "ics"), (Detail::FreeBusy, "ifb")]
        {
            assert_eq!(Form::ending(detail), ending);
            assert!(Form::of(ending).unwrap().fits(detail));
        }
        assert!(!Form::Calendar.fits(Detail::FreeBusy) && !Form::FreeBusy.fits(Detail::Busy));
    }
}
