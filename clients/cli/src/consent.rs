//! Consent (toestemming): who agreed that what may be shared with whom.

use std::str::FromStr;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use schakel_client::v1 as pb;

use crate::{
    render::Answer,
    session::{Names, Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Write down a consent that was signed
    #[command(
        after_help = "Example: schakelctl consent record @case --purpose terugkeer_school --gives @school --receives SMW --class K2 --class K4 --until 2027-07-31 --signed @parent1=2026-11-23"
    )]
    Record(Box<Record>),
    /// All about a case, oldest first
    #[command(after_help = "Example: schakelctl consent list @case")]
    List {
        /// `cases/…`
        case: Reference,
        /// Only those that need a new signature by this day
        #[arg(long, value_name = "DATE")]
        renewal_by: Option<NaiveDate>,
    },
    /// From now on it opens nothing
    #[command(after_help = "Example: schakelctl consent withdraw @consent --by @parent1")]
    Withdraw {
        /// `consents/…`
        name: Reference,
        /// The child or parent that withdraws it, if anybody says who
        #[arg(long, value_name = "PERSON")]
        by: Option<Reference>,
        /// Why, if anybody says
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
}

#[derive(Args)]
pub(crate) struct Record {
    /// `cases/…`
    case: Reference,
    /// `terugkeer_school`, zorgtoeleiding or `leerplicht_toezicht`
    #[arg(long)]
    purpose: String,
    /// Who shares: a role, or an organisation
    #[arg(long, required = true, value_name = "PARTY")]
    gives: Vec<Party>,
    /// Who may read: a role, or an organisation
    #[arg(long, required = true, value_name = "PARTY")]
    receives: Vec<Party>,
    /// What: K2 who the child is, K3 absence, K4 school, K5 youth help, K6 what the child can do, K9 its own words
    #[arg(long, required = true, value_name = "K2…K9")]
    class: Vec<Class>,
    /// The last day on which it holds
    #[arg(long, value_name = "DATE")]
    until: NaiveDate,
    /// The day of the meeting it is asked for [default: today]
    #[arg(long, value_name = "DATE")]
    meeting: Option<NaiveDate>,
    /// Who signed, and when
    #[arg(long, value_name = "PERSON=DATE")]
    signed: Vec<Signed>,
    /// Why not everybody signs: `ERNSTIG_NADEEL`, `WELOVERWOGEN_WENS` or KINDERBESCHERMINGSMAATREGEL
    #[arg(long, value_name = "WHY")]
    exception: Option<Choice<pb::consent::Exception>>,
    /// What belongs to it, in words
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// One side of an exchange.
#[derive(Debug, Clone, PartialEq)]
enum Party {
    Organisation(Reference),
    Role(Choice<pb::Role>),
}

impl FromStr for Party {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with('@') || text.contains('/') {
            return Ok(Self::Organisation(Reference(text.to_owned())));
        }
        text.parse().map(Self::Role)
    }
}

impl Party {
    fn wire(&self, names: &Names) -> Outcome<pb::consent::Party> {
        Ok(match self {
            Self::Organisation(name) => {
                pb::consent::Party { organisation: names.organisation(name)?, ..Default::default() }
            }
            Self::Role(role) => pb::consent::Party { role: role.0.into(), ..Default::default() },
        })
    }
}

/// A class of data, as its letter and number.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Class(pb::DataClass);

impl FromStr for Class {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        pb::DataClass::from_str_name(&format!("DATA_CLASS_{}", text.to_uppercase()))
            .map(Self)
            .ok_or_else(|| "choose one of K2, K3, K4, K5, K6, K9".to_owned())
    }
}

/// A signature and its day.
#[derive(Debug, Clone, PartialEq)]
struct Signed {
    person: Reference,
    date: NaiveDate,
}

impl FromStr for Signed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (person, date) =
            text.split_once('=').ok_or("write it as PERSON=DATE, for example @parent1=2026-11-23")?;
        let date = date.parse().map_err(|_| format!("`{date}` is no day: write 2026-11-23"))?;
        Ok(Self { person: Reference(person.to_owned()), date })
    }
}

impl Record {
    async fn run(self, session: &Session) -> Outcome<pb::Consent> {
        let names = &session.names;
        let parties = |given: &[Party]| given.iter().map(|party| party.wire(names)).collect::<Outcome<_>>();
        let signatures = self.signed.iter().map(|signed| {
            let person = names.resolve(&signed.person)?;
            Ok(pb::consent::Signature { person, date: signed.date.to_string() })
        });
        let consent = pb::Consent {
            case: names.resolve(&self.case)?,
            purpose: self.purpose,
            gives: parties(&self.gives)?,
            receives: parties(&self.receives)?,
            classes: self.class.iter().map(|class| class.0.into()).collect(),
            expire_date: self.until.to_string(),
            meeting_date: self.meeting.map(|day| day.to_string()).unwrap_or_default(),
            signatures: signatures.collect::<Outcome<_>>()?,
            exception: self.exception.map_or(0, |why| why.0.into()),
            note: self.note.unwrap_or_default(),
            ..Default::default()
        };
        let asked = pb::RecordConsentRequest { consent: Some(consent), request_id: request_id() };
        call!(session, consent.record_consent(asked))
    }
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        let consent = match self {
            Self::Record(record) => record.run(session).await?,
            Self::List { case, renewal_by } => {
                let asked = pb::ListConsentsRequest {
                    case: session.resolve(&case)?,
                    renewal_by_date: renewal_by.map(|day| day.to_string()).unwrap_or_default(),
                };
                let found = call!(session, consent.list_consents(asked))?.consents;
                let columns = ["purpose", "classes", "given_date", "expire_date", "valid", "name"];
                return Ok(Answer::list(&found, &columns));
            }
            Self::Withdraw { name, by, note } => {
                let name = session.resolve(&name)?;
                let known =
                    call!(session, consent.get_consent(pb::GetConsentRequest { name: name.clone() }))?;
                let asked = pb::WithdrawConsentRequest {
                    name,
                    person: session.resolve_if(by.as_ref())?,
                    note: note.unwrap_or_default(),
                    etag: known.etag,
                    request_id: request_id(),
                };
                call!(session, consent.withdraw_consent(asked))?
            }
        };
        Ok(Answer::of(&consent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_a_role_or_an_organisation() {
        assert_eq!("smw".parse(), Ok(Party::Role(Choice(pb::Role::Smw))));
        assert_eq!("@school".parse(), Ok(Party::Organisation(Reference("@school".into()))));
        assert!("nobody".parse::<Party>().is_err());
    }

    #[test]
    fn a_class_is_named_as_in_the_policy_and_a_signature_has_a_day() {
        assert_eq!("k4".parse(), Ok(Class(pb::DataClass::K4)));
        assert!("K7".parse::<Class>().unwrap_err().contains("K9"));
        let signed: Signed = "@parent1=2026-11-23".parse().unwrap();
        assert_eq!((signed.person.0.as_str(), signed.date.to_string().as_str()), ("@parent1", "2026-11-23"));
        assert!("@parent1".parse::<Signed>().is_err() && "@parent1=x".parse::<Signed>().is_err());
    }
}
