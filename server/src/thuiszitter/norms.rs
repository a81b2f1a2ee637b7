//! What the texts of profiles say, of those that were read last: reading one costs more than many a call
//! that asks for it, and a text always says the same.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use schakel_domain::{refusal::Refusal, thuiszitter::Profile};

/// More texts than this are not kept; a region has one in use, and some of years past.
const MOST: usize = 64;

/// Profiles by their text.
#[derive(Default)]
pub struct Remembered(Mutex<HashMap<String, Profile>>);

impl Remembered {
    /// The profile that `body` is.
    ///
    /// # Errors
    /// As reading it.
    pub(super) fn read(&self, body: String) -> Result<Profile, Refusal> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(profile) = known.get(&body) {
            return Ok(profile.clone());
        }
        let profile: Profile = body.parse()?;
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(body, profile.clone());
        Ok(profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_the_same_each_time_and_another_text_something_else() {
        let (norms, shipped) = (Remembered::default(), Profile::shipped_text().to_owned());
        let first = norms.read(shipped.clone()).unwrap();
        assert_eq!(first, Profile::shipped());
        assert_eq!(norms.read(shipped.clone()).unwrap(), first);
        let other = shipped.replacen("\"2026-1\"", "\"2026-9\"", 1);
        assert_ne!(norms.read(other).unwrap(), first);
        assert_eq!(norms.read("{".to_owned()), Err(Refusal::FieldInvalid));
    }

    #[test]
    fn it_keeps_no_more_than_it_has_room_for() {
        let norms = Remembered::default();
        for nth in 0..=MOST {
            norms.read(format!("{}{}", Profile::shipped_text(), " ".repeat(nth))).unwrap();
        }
        assert_eq!(norms.0.lock().unwrap().len(), 1);
    }
}
