//! Opens a case.

use std::str::FromStr;

use chrono::NaiveDate;
use schakel_client::v1 as pb;

use crate::{
    pairs::pairs,
    session::{Names, Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The child's name
    #[arg(long, value_name = "NAME")]
    child_name: String,
    /// The child's day of birth
    #[arg(long, value_name = "DATE")]
    birth_date: NaiveDate,
    /// The school; leave out for a child that is not enrolled
    #[arg(long)]
    school: Option<Reference>,
    /// The gemeente where the child lives
    #[arg(long, value_name = "GM…")]
    residence: String,
    /// The code of that gemeente is right, though it is not one of the region
    #[arg(long)]
    confirm_outside_region: bool,
    /// ABSOLUUT, ONGEOORLOOFD, `ZIEK_BELASTBAAR`, GESCHORST, DREIGEND or `VRIJSTELLING_GEVRAAGD`
    #[arg(long, value_name = "KIND")]
    absence_kind: Choice<pb::case::absence::Kind>,
    /// First day of absence
    #[arg(long, value_name = "DATE")]
    first_day: NaiveDate,
    /// What the school asks
    #[arg(long)]
    question: Option<String>,
    /// A parent: name=…,email=…,phone=…,gezag=yes|no|unknown[,secret-address=yes][,language=…]
    #[arg(long, required = true, value_name = "PARENT")]
    parent: Vec<Parent>,
    /// Hours missed on a day without a valid reason, for example 2026-11-16=5
    #[arg(long, value_name = "DATE=HOURS")]
    missed: Vec<Missed>,
}

impl Arguments {
    pub(super) async fn run(self, session: &Session) -> Outcome<pb::Case> {
        let confirm_outside_region = self.confirm_outside_region;
        let case = Some(self.case(&session.names)?);
        let asked = pb::OpenCaseRequest { case, confirm_outside_region, request_id: request_id() };
        call!(session, thuiszitter.open_case(asked))
    }

    fn case(self, names: &Names) -> Outcome<pb::Case> {
        Ok(pb::Case {
            school: self.school.map(|school| names.resolve(&school)).transpose()?.unwrap_or_default(),
            residence_gemeente_code: self.residence,
            absence: Some(pb::case::Absence {
                kind: self.absence_kind.0.into(),
                first_day: self.first_day.to_string(),
                unauthorised: self.missed.into_iter().map(|missed| missed.0).collect(),
            }),
            child: Some(pb::case::Child {
                person: String::new(),
                display_name: self.child_name,
                birth_date: self.birth_date.to_string(),
            }),
            parents: self.parent.into_iter().map(|parent| parent.wire(names)).collect::<Outcome<_>>()?,
            question: self.question.unwrap_or_default(),
            ..Default::default()
        })
    }
}

/// A parent, guardian or carer; with `person` one who is known already.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parent(pub(super) pb::case::Parent);

impl FromStr for Parent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let keys = ["person", "name", "email", "phone", "gezag", "secret-address", "language"];
        let mut parent = pb::case::Parent::default();
        for (key, value) in pairs(text, &keys)? {
            match key {
                "person" => value.clone_into(&mut parent.person),
                "name" => value.clone_into(&mut parent.display_name),
                "email" => value.clone_into(&mut parent.email),
                "phone" => value.clone_into(&mut parent.phone),
                "gezag" => parent.gezag = value.parse::<Choice<pb::case::parent::Gezag>>()?.0.into(),
                "secret-address" => {
                    parent.address_confidential = match value {
                        "yes" => true,
                        "no" => false,
                        _ => return Err("secret-address is yes or no".to_owned()),
                    };
                }
                _ => value.clone_into(&mut parent.language),
            }
        }
        Ok(Self(parent))
    }
}

impl Parent {
    pub(super) fn wire(self, names: &Names) -> Outcome<pb::case::Parent> {
        let person = names.resolve(&Reference(self.0.person))?;
        Ok(pb::case::Parent { person, ..self.0 })
    }
}

/// Hours missed on one day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Missed(pub(super) pb::case::absence::Hours);

impl FromStr for Missed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text
            .split_once('=')
            .and_then(|(day, hours)| Some((day.parse::<NaiveDate>().ok()?, hours.parse::<i32>().ok()?)));
        let (day, hours) = parsed.ok_or("write it as 2026-11-16=5")?;
        Ok(Self(pb::case::absence::Hours { date: day.to_string(), hours }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_is_typed_as_pairs() {
        let Parent(parent) =
            "name=Eva Bos,email=eva@example.org,gezag=yes,secret-address=yes".parse().unwrap();
        assert_eq!(parent.display_name, "Eva Bos");
        assert_eq!(parent.gezag(), pb::case::parent::Gezag::Yes);
        assert!(parent.address_confidential);
        for wrong in ["Eva Bos", "name=Eva,gezag=maybe", "name=Eva,age=40", "secret-address=1"] {
            assert!(wrong.parse::<Parent>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn missed_hours_stand_with_their_day() {
        let Missed(missed) = "2026-11-16=5".parse().unwrap();
        assert_eq!((missed.date.as_str(), missed.hours), ("2026-11-16", 5));
        assert!("16-11=5".parse::<Missed>().is_err());
    }
}
