//! The answer link: whoever holds it may answer one invitation, for one person, for a while.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use schakel_domain::ids::{ConsultationId, PersonId, RegionId};
use uuid::Uuid;

use crate::{
    app::App,
    store::{
        instant::to_column,
        keys::{KeyRing, Use},
    },
};

/// The first byte of every payload, so that a later form is told apart.
const FORM: u8 = 1;
const PAYLOAD: usize = 1 + 3 * 16 + 4 + 8;
const MAC: usize = 16;

/// What a link stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkClaims {
    /// Where the meeting is.
    pub region: RegionId,
    /// The meeting.
    pub consultation: ConsultationId,
    /// Who was invited.
    pub person: PersonId,
    /// To which version of the meeting.
    pub sequence: u32,
    /// The first instant at which it no longer works.
    pub expires: DateTime<Utc>,
}

/// Why a link does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadLink {
    /// Not one of ours, in any way.
    Invalid,
    /// It was one of ours.
    Expired,
}

impl LinkClaims {
    /// The link that a mail carries.
    pub fn url(&self, app: &App) -> String {
        format!("{}/r/{}", app.settings.public_url, self.token(&app.keys))
    }

    /// `{payload}.{mac}`.
    pub fn token(&self, keys: &KeyRing) -> String {
        let payload = [
            &[FORM][..],
            self.region.0.as_bytes(),
            self.consultation.0.as_bytes(),
            self.person.0.as_bytes(),
            &self.sequence.to_be_bytes(),
            &to_column(self.expires).to_be_bytes(),
        ]
        .concat();
        let mac = keys.mac(Use::AnswerLink, &payload);
        format!("{}.{}", URL_SAFE_NO_PAD.encode(&payload), URL_SAFE_NO_PAD.encode(&mac[..MAC]))
    }

    /// Reads a token; nothing of the payload is believed before its MAC is.
    ///
    /// # Errors
    /// Whether it was never ours, or no longer works.
    pub fn read(keys: &KeyRing, token: &str, now: DateTime<Utc>) -> Result<Self, BadLink> {
        let claims = Self::verified(keys, token).ok_or(BadLink::Invalid)?;
        if now >= claims.expires { Err(BadLink::Expired) } else { Ok(claims) }
    }

    fn verified(keys: &KeyRing, token: &str) -> Option<Self> {
        let (payload, mac) = token.split_once('.')?;
        let (payload, mac) = (URL_SAFE_NO_PAD.decode(payload).ok()?, URL_SAFE_NO_PAD.decode(mac).ok()?);
        if mac.len() != MAC || payload.len() != PAYLOAD || !keys.verify(Use::AnswerLink, &payload, &mac) {
            return None;
        }
        let (&[form], rest) = payload.split_first_chunk()?;
        let (region, rest) = rest.split_first_chunk()?;
        let (consultation, rest) = rest.split_first_chunk()?;
        let (person, rest) = rest.split_first_chunk()?;
        let (sequence, rest) = rest.split_first_chunk()?;
        let (expires, _) = rest.split_first_chunk()?;
        (form == FORM).then_some(Self {
            region: RegionId(Uuid::from_bytes(*region)),
            consultation: ConsultationId(Uuid::from_bytes(*consultation)),
            person: PersonId(Uuid::from_bytes(*person)),
            sequence: u32::from_be_bytes(*sequence),
            expires: DateTime::from_timestamp_micros(i64::from_be_bytes(*expires))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{app::Ids, world::SystemIds};

    fn keys(name: &str) -> KeyRing {
        let path = std::env::temp_dir().join(format!("schakel-link-{}-{name}", std::process::id()));
        KeyRing::create(&path, &SystemIds::default()).unwrap();
        let keys = KeyRing::open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        keys
    }

    fn claims() -> LinkClaims {
        let start = DateTime::from_timestamp(1_795_420_800, 0).unwrap();
        let id = || SystemIds::default().next(start);
        LinkClaims {
            region: RegionId(id()),
            consultation: ConsultationId(id()),
            person: PersonId(id()),
            sequence: 3,
            expires: start,
        }
    }

    #[test]
    fn a_link_says_what_it_was_made_of_until_it_expires() {
        let (keys, claims) = (keys("a"), claims());
        let token = claims.token(&keys);
        let before = claims.expires - chrono::TimeDelta::microseconds(1);
        assert_eq!(LinkClaims::read(&keys, &token, before), Ok(claims));
        assert_eq!(LinkClaims::read(&keys, &token, claims.expires), Err(BadLink::Expired));
        assert!(token.len() < 120, "it stays on one line of a mail");
    }

    #[test]
    fn a_link_with_one_wrong_character_or_of_another_key_is_none() {
        let (keys, other, claims) = (keys("b"), keys("c"), claims());
        let token = claims.token(&keys);
        let now = DateTime::UNIX_EPOCH;
        for at in 0..token.len() {
            let mut wrong = token.clone().into_bytes();
            wrong[at] = if wrong[at] == b'A' { b'B' } else { b'A' };
            let wrong = String::from_utf8(wrong).unwrap();
            assert_eq!(LinkClaims::read(&keys, &wrong, now), Err(BadLink::Invalid), "{at}");
        }
        for wrong in ["", ".", "a.b", &token[..token.len() - 1], &format!("{token}A"), &format!("{token}.")] {
            assert_eq!(LinkClaims::read(&keys, wrong, now), Err(BadLink::Invalid));
        }
        assert_eq!(LinkClaims::read(&other, &token, now), Err(BadLink::Invalid));
    }
}
