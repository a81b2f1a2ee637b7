//! What the texts of profiles say, of those that were read last: reading one costs more than many a call
//! that asks for it, and a text always says the same.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use schakel_domain::{refusal::Refusal, thuiszitter::Profile};

/// More texts than this are not kept; a region has one in use, and some of years past.
const MOST: usize = 64;

/// A profile as its text says it.
#[derive(Debug)]
pub struct Norms {
    profile: Profile,
    /// Another one of another text. In another build it may be another.
    pub number: u64,
}

impl Deref for Norms {
    type Target = Profile;

    fn deref(&self) -> &Profile {
        &self.profile
    }
}

/// Profiles by their text.
#[derive(Default)]
pub struct Remembered(Mutex<HashMap<String, Arc<Norms>>>);

impl Remembered {
    /// The profile that `body` is.
    ///
    /// # Errors
    /// As reading it.
    pub(super) fn read(&self, body: &str) -> Result<Arc<Norms>, Refusal> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(norms) = known.get(body) {
            return Ok(Arc::clone(norms));
        }
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        let norms = Arc::new(Norms { profile: body.parse()?, number: hasher.finish() });
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(body.to_owned(), Arc::clone(&norms));
        Ok(norms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_the_same_each_time_and_another_text_something_else() {
        let (norms, shipped) = (Remembered::default(), Profile::shipped_text());
        let first = norms.read(shipped).unwrap();
        assert_eq!(first.profile, Profile::shipped());
        assert!(Arc::ptr_eq(&norms.read(shipped).unwrap(), &first));
        let other = norms.read(&shipped.replacen("\"2026-1\"", "\"2026-9\"", 1)).unwrap();
        assert_ne!((&other.profile, other.number), (&first.profile, first.number));
        assert_eq!(norms.read("{").unwrap_err(), Refusal::FieldInvalid);
    }

    #[test]
    fn it_keeps_no_more_than_it_has_room_for() {
        let norms = Remembered::default();
        for nth in 0..=MOST {
            norms.read(&format!("{}{}", Profile::shipped_text(), " ".repeat(nth))).unwrap();
        }
        assert_eq!(norms.0.lock().unwrap().len(), 1);
    }
}
