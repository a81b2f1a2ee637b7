//! Consents as one caller sees them, and on the wire.

use chrono::NaiveDate;
use schakel_domain::{
    access::{
        Class, Classes, Purpose,
        consent::{Consent, GIVEN, Party},
    },
    ids::{ConsentId, PersonId},
    refusal::Refusal,
};
use schakel_proto::v1::{self as pb, consent as wire};

use super::{
    families, record,
    store::{self, Kept, place},
};
use crate::{
    access::{
        authenticate::today,
        circle::{self, Circle},
        rpc::role_to_wire,
    },
    error::{Error, Result},
    store::{
        Read,
        audit::{Deed, Line},
    },
    wire::{
        enums::number,
        fields::{Fields, text},
        time::timestamp,
    },
};

/// How many parties one side has at most.
const MOST_PARTIES: usize = 20;

/// A consent as the caller sees it.
pub(super) struct Shown {
    kept: Kept,
    child: PersonId,
    /// Whether who signed and what was written is shown (K2).
    personal: bool,
    /// The last day on which it holds from today on; none when it does not.
    until: Option<NaiveDate>,
    note: String,
    withdrawal: String,
}

/// One consent that the grant reaches through its case, with the circle and what it shows.
///
/// # Errors
/// `CONSENT_NOT_FOUND` when there is none or it is not the caller's, alike; not allowed.
pub(super) async fn reach(read: &Read, id: ConsentId) -> Result<(Kept, Circle, Classes)> {
    let kept = store::get(read, id).await?;
    let hidden = |error| if matches!(error, Error::NotFound(_)) { Error::NotFound("CONSENT") } else { error };
    let (circle, classes) = circle::reach(read, kept.case).await.map_err(hidden)?;
    Ok((kept, circle, classes))
}

impl Shown {
    /// One consent about the case of `circle`.
    pub(super) async fn of(read: &Read, kept: Kept, seen: (&Circle, Classes)) -> Result<Self> {
        let mut shown = Self::all(read, vec![kept], seen).await?;
        shown.pop().ok_or(Error::NotFound("CONSENT"))
    }

    /// Several about one case, in a constant number of statements.
    pub(super) async fn all(
        read: &Read,
        kept: Vec<Kept>,
        (circle, classes): (&Circle, Classes),
    ) -> Result<Vec<Self>> {
        let personal = classes.has(Class::K2);
        let child = circle.child;
        let families = families(read, &[circle.case.0]).await?;
        let family = families.get(&circle.case.0).ok_or(Error::NotFound("CASE"))?;
        let keys = read.subject_keys(&[child.0]).await?;
        let day = today(read.now());
        let shown = kept.into_iter().map(|kept| {
            let open = |column, sealed: Option<&[u8]>| {
                let sealed = sealed.filter(|_| personal);
                Ok::<_, Error>(keys.open_if(child.0, place(column, kept.id), sealed)?.unwrap_or_default())
            };
            Ok(Self {
                note: open("sealed_note", kept.sealed_note.as_deref())?,
                withdrawal: open("sealed_withdrawal", kept.sealed_withdrawal.as_deref())?,
                until: kept.consent.holds_until(family, day),
                child,
                personal,
                kept,
            })
        });
        shown.collect()
    }

    /// Whether it holds today and needs a new signature by `day`.
    pub(super) fn needs_renewal_by(&self, day: NaiveDate) -> bool {
        self.until.is_some_and(|until| until <= day)
    }

    /// What must be written down before this is shown: a line per person it is about.
    pub(super) fn lines(&self, deed: Deed) -> Vec<Line> {
        let class = if self.personal { Class::K2 } else { Class::K1 };
        let signers = self.kept.signed.iter().map(|(person, _)| *person).filter(|_| self.personal);
        let others = signers.filter(|person| *person != self.child);
        let line = |subject: PersonId| Line {
            deed,
            object: "consent",
            id: Some(self.kept.id.0),
            subject: Some(subject.0),
            classes: Classes::of(&[class]),
        };
        [self.child].into_iter().chain(others).map(line).collect()
    }

    /// On the wire.
    pub(super) fn to_wire(&self) -> pb::Consent {
        let Self { kept, .. } = self;
        let Consent { purpose, gives, receives, classes, given, expires, exception, .. } = &kept.consent;
        let exception =
            exception.map(|exception| number("EXCEPTION", exception.into(), wire::Exception::from_str_name));
        let signed = kept.signed.iter().filter(|_| self.personal);
        let withdrawn_by = kept.withdrawn.and_then(|(_, by)| by).filter(|_| self.personal);
        pb::Consent {
            name: kept.id.to_string(),
            case: kept.case.to_string(),
            purpose: purpose.to_string(),
            gives: gives.iter().map(party_to_wire).collect(),
            receives: receives.iter().map(party_to_wire).collect(),
            classes: classes_to_wire(*classes),
            given_date: given.to_string(),
            meeting_date: kept.meeting.to_string(),
            expire_date: expires.to_string(),
            exception: exception.unwrap_or_default(),
            signatures: signed
                .map(|(person, day)| wire::Signature { person: person.to_string(), date: day.to_string() })
                .collect(),
            note: self.note.clone(),
            valid: self.until.is_some(),
            needs_renewal_by: text(self.until),
            recorded_by: kept.recorded_by.to_string(),
            record_time: Some(timestamp(kept.recorded)),
            withdraw_time: kept.withdrawn.map(|(at, _)| timestamp(at)),
            withdrawn_by: text(withdrawn_by),
            withdrawal_note: self.withdrawal.clone(),
            etag: kept.version.to_string(),
        }
    }
}

fn party_to_wire(party: &Party) -> wire::Party {
    match party {
        Party::Organisation(organisation) => wire::Party { organisation: organisation.to_string(), role: 0 },
        Party::Role(role) => wire::Party { organisation: String::new(), role: role_to_wire(*role) },
    }
}

fn classes_to_wire(classes: Classes) -> Vec<i32> {
    let words = classes.to_string();
    words.split(' ').map(|word| number("DATA_CLASS", word, pb::DataClass::from_str_name)).collect()
}

/// The consent that is to be recorded.
pub(super) fn wish(fields: &mut Fields, wire: Option<&pb::Consent>) -> Option<record::Wish> {
    let Some(wire) = wire else {
        fields.refuse("consent", Refusal::FieldRequired);
        return None;
    };
    let case = fields.parse("consent.case", &wire.case);
    let purpose = purpose(fields, &wire.purpose);
    let gives = parties(fields, "consent.gives", &wire.gives);
    let receives = parties(fields, "consent.receives", &wire.receives);
    let classes = classes(fields, &wire.classes);
    let since = fields.date_if("consent.given_date", &wire.given_date);
    let meeting = fields.date_if("consent.meeting_date", &wire.meeting_date);
    let expires = fields.date("consent.expire_date", &wire.expire_date);
    let exception = match wire.exception {
        0 => None,
        exception => fields.choice("consent.exception", exception, wire::Exception::as_str_name),
    };
    let signed = wire.signatures.iter().enumerate().map(|(at, wire)| {
        let person = fields.parse(format!("consent.signatures[{at}].person"), &wire.person);
        let date = fields.date(format!("consent.signatures[{at}].date"), &wire.date);
        person.zip(date)
    });
    let signed: Vec<_> = signed.collect();
    let note = fields.parse_if("consent.note", &wire.note);
    Some(record::Wish {
        case: case?,
        purpose: purpose?,
        gives: gives?,
        receives: receives?,
        classes: classes?,
        given: since,
        meeting,
        expires: expires?,
        exception,
        signed: signed.into_iter().collect::<Option<_>>()?,
        note,
    })
}

/// What a consent can be for: a purpose for which cases are read.
fn purpose(fields: &mut Fields, text: &str) -> Option<Purpose> {
    if text.is_empty() {
        fields.refuse("consent.purpose", Refusal::FieldRequired);
        return None;
    }
    let purpose = text.parse().ok().filter(|purpose| match purpose {
        Purpose::TerugkeerSchool | Purpose::Zorgtoeleiding | Purpose::LeerplichtToezicht => true,
        Purpose::PlanningOverleg | Purpose::RechtenBetrokkene | Purpose::Statistiek | Purpose::Beheer => {
            false
        }
    });
    if purpose.is_none() {
        fields.refuse("consent.purpose", Refusal::FieldInvalid);
    }
    purpose
}

fn classes(fields: &mut Fields, wire: &[i32]) -> Option<Classes> {
    if wire.is_empty() {
        fields.refuse("consent.classes", Refusal::FieldRequired);
        return None;
    }
    let read = wire.iter().map(|class| {
        let class: Option<Class> = fields.choice("consent.classes", *class, pb::DataClass::as_str_name);
        class.filter(|class| GIVEN.has(*class))
    });
    let read: Vec<_> = read.collect();
    read.into_iter().collect()
}

fn parties(fields: &mut Fields, field: &str, wire: &[wire::Party]) -> Option<Vec<Party>> {
    if wire.is_empty() || wire.len() > MOST_PARTIES {
        fields.refuse(field, if wire.is_empty() { Refusal::FieldRequired } else { Refusal::FieldInvalid });
        return None;
    }
    let read = wire.iter().enumerate().map(|(at, wire)| match (wire.organisation.as_str(), wire.role) {
        ("", role) => {
            fields.choice(format!("{field}[{at}].role"), role, pb::Role::as_str_name).map(Party::Role)
        }
        (organisation, 0) => {
            fields.parse(format!("{field}[{at}].organisation"), organisation).map(Party::Organisation)
        }
        (_, _) => {
            fields.refuse(format!("{field}[{at}]"), Refusal::FieldInvalid);
            None
        }
    });
    let read: Vec<_> = read.collect();
    read.into_iter().collect()
}
