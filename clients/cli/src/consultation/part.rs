//! A child's turn in a meeting about several.

use std::str::FromStr;

use schakel_client::v1::{self as pb, consultation::ParentException};

use crate::{
    case,
    pairs::pairs,
    seat::{self, Guest, participant},
    session::{Outcome, Session},
    time,
    value::{Choice, Reference},
};

/// `case=@case,minutes=20,seat=@smw:SMW+@arts:JEUGDARTS,exception=SAFETY`. Parents with gezag are
/// invited unless there is an exception.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    case: Reference,
    minutes: u32,
    seats: Vec<Guest>,
    exception: Option<Choice<ParentException>>,
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let pairs = pairs(text, &["case", "minutes", "seat", "exception"])?;
        let value = |key| pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
        let needed = |key| value(key).ok_or_else(|| format!("`{key}=` is missing"));
        let minutes = needed("minutes")?;
        Ok(Self {
            case: Reference(needed("case")?.to_owned()),
            minutes: minutes.parse().map_err(|_| format!("`{minutes}` is no number of minutes"))?,
            seats: value("seat")
                .into_iter()
                .flat_map(|seats| seats.split('+'))
                .map(str::parse)
                .collect::<Result<_, _>>()?,
            exception: value("exception").map(str::parse).transpose()?,
        })
    }
}

impl Part {
    pub(super) async fn wire(&self, session: &Session) -> Outcome<pb::consultation::Part> {
        let case = session.resolve(&self.case)?;
        let mut participants = Vec::new();
        if self.exception.is_none() {
            let found = case::get(session, case.clone()).await?;
            let ouder = pb::Role::Ouder.into();
            participants.extend(seat::parents(&found).map(|parent| participant(parent, ouder, false)));
        }
        for guest in &self.seats {
            participants.push(guest.wire(&session.names, false)?);
        }
        Ok(pb::consultation::Part {
            case,
            duration: Some(time::minutes(self.minutes)),
            participants,
            parent_exception: self.exception.map_or(0, |why| why.0.into()),
            ..Default::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_a_case_and_minutes_and_perhaps_guests() {
        let part: Part = "case=@case,minutes=20".parse().unwrap();
        assert_eq!((part.case.0.as_str(), part.minutes, part.seats.len()), ("@case", 20, 0));
        let part: Part =
            "case=@case,minutes=20,seat=@smw:SMW+@arts:JEUGDARTS,exception=safety".parse().unwrap();
        assert_eq!((part.seats.len(), part.exception), (2, Some(Choice(ParentException::Safety))));
        for wrong in ["case=@case", "minutes=20", "case=@case,minutes=x", "case=@case,minutes=20,seat=smw"] {
            assert!(wrong.parse::<Part>().is_err(), "{wrong}");
        }
    }
}
