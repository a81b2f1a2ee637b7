//! The secret of a subscription, and the signatures that it makes (Standard Webhooks 1.0.0).

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use ring::hmac;

use crate::app::Ids;

/// What every secret begins with.
const PREFIX: &str = "whsec_";

/// A new secret.
pub(super) fn mint(ids: &dyn Ids) -> String {
    let mut random = [0; 32];
    ids.fill(&mut random);
    format!("{PREFIX}{}", STANDARD.encode(random))
}

/// The value of `webhook-signature`: one signature for each secret, of id, time and body.
pub(super) fn signatures(secrets: &[String], (id, at): (&str, DateTime<Utc>), body: &str) -> String {
    let signed = format!("{id}.{}.{body}", at.timestamp());
    let of = |secret: &String| {
        let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
        let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
        Some(format!("v1,{}", STANDARD.encode(mac)))
    };
    secrets.iter().filter_map(of).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::SystemIds;

    /// The example of the libraries of Standard Webhooks.
    #[test]
    fn the_example_of_the_standard_is_signed_as_it_says() {
        let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()];
        let at = DateTime::from_timestamp(1_614_265_330, 0).unwrap();
        let signed = signatures(&secrets, ("msg_p5jXN8AQM9LWM0D4loKWxJek", at), r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn two_secrets_sign_side_by_side() {
        let ids = SystemIds::default();
        let secrets = [mint(&ids), mint(&ids)];
        assert_ne!(secrets[0], secrets[1]);
        let at = DateTime::from_timestamp(0, 0).unwrap();
        let both = signatures(&secrets, ("a", at), "{}");
        let each: Vec<_> = both.split(' ').collect();
        assert_eq!(each.len(), 2);
        assert_eq!(each[1], signatures(&secrets[1..], ("a", at), "{}"));
    }
}
