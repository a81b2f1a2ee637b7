//! How much a feed tells of a meeting. Never who comes, nor about whom it is.

use crate::consultation::Place;

/// How much a feed tells.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, strum::Display, strum::EnumString, strum::EnumIter,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Detail {
    /// That the time is taken.
    Busy,
    /// The neutral reference and the class of place, as in a mail.
    #[default]
    Title,
    /// Also the name of the room, or of the school.
    Full,
    /// No events at all: a VFREEBUSY, for partners.
    FreeBusy,
}

impl Detail {
    /// The title of a meeting.
    #[must_use]
    pub fn summary(self, reference: &str) -> String {
        match self {
            Self::Busy | Self::FreeBusy => "Bezet".to_owned(),
            Self::Title | Self::Full => format!("Overleg {reference}"),
        }
    }

    /// Where it is. `named` is the room or school, when there is one; a family's home has no name.
    #[must_use]
    pub fn location(self, place: Place, named: Option<&str>) -> String {
        match (self, named) {
            (Self::Busy | Self::FreeBusy, _) => String::new(),
            (Self::Full, Some(named)) if place == Place::School || place == Place::Team => {
                format!("{named} ({})", place.dutch())
            }
            (Self::Title | Self::Full, _) => place.dutch().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn each_tells_what_the_one_before_tells_and_more() {
        let told = |detail: Detail| {
            (detail.summary("2026-0001"), detail.location(Place::School, Some("De Klimop, kamer 2")))
        };
        assert_eq!(told(Detail::Busy), ("Bezet".into(), String::new()));
        assert_eq!(told(Detail::Title), ("Overleg 2026-0001".into(), "op school".into()));
        let full = ("Overleg 2026-0001".into(), "De Klimop, kamer 2 (op school)".into());
        assert_eq!(told(Detail::Full), full);
        assert_eq!(Detail::Full.location(Place::School, None), "op school");
    }

    #[test]
    fn a_home_has_no_name_and_an_online_meeting_no_room() {
        for detail in Detail::iter() {
            for place in [Place::Home, Place::Online, Place::Phone] {
                assert!(!detail.location(place, Some("De Klimop")).contains("Klimop"), "{detail} {place}");
            }
        }
    }
}
