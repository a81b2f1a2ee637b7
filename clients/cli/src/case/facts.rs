//! Changes the facts of a case.

use chrono::NaiveDate;
use schakel_client::v1 as pb;

use super::open::{Missed, Parent};
use crate::{
    failure::Failure,
    session::{Names, Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// `cases/…`
    name: Reference,
    /// What the school asks
    #[arg(long)]
    question: Option<String>,
    /// The gemeente where the child lives
    #[arg(long, value_name = "GM…")]
    residence: Option<String>,
    /// The code of that gemeente is right, though it is not one of the region
    #[arg(long, requires = "residence")]
    confirm_outside_region: bool,
    /// Who keeps the case together
    #[arg(long, value_name = "PERSON")]
    regisseur: Option<Reference>,
    /// The day on which something happens next
    #[arg(long, value_name = "DATE")]
    next_action: Option<NaiveDate>,
    /// The kind of absence
    #[arg(long, value_name = "KIND")]
    absence_kind: Option<Choice<pb::case::absence::Kind>>,
    /// First day of absence
    #[arg(long, value_name = "DATE")]
    first_day: Option<NaiveDate>,
    /// Hours missed on a day, in place of what stood there, for example 2026-11-16=5
    #[arg(long, value_name = "DATE=HOURS")]
    missed: Vec<Missed>,
    /// A fact that starts or ends a deadline, for example `opp_agreed_date=2026-11-20`; beside
    /// `extra_support_date` also `extra_support_reason=TEXT`
    #[arg(long, value_name = "FACT=DATE")]
    milestone: Vec<String>,
    /// A parent as in `case open`; with person=… one who is known already
    #[arg(long, value_name = "PARENT")]
    parent: Vec<Parent>,
    /// By what the case is known elsewhere, in place of what stood there, for example `Kindkans=KK-118`; an
    /// empty one takes all away
    #[arg(long, value_name = "SYSTEM=ID")]
    external: Vec<String>,
    /// Only when it is still at this version [default: the present one]
    #[arg(long)]
    etag: Option<String>,
}

impl Arguments {
    pub(super) async fn run(self, session: &Session) -> Outcome<pb::Case> {
        let mut case = super::get(session, session.resolve(&self.name)?).await?;
        if let Some(etag) = &self.etag {
            case.etag.clone_from(etag);
        }
        let confirm_outside_region = self.confirm_outside_region;
        let paths = self.change(&mut case, &session.names)?;
        if paths.is_empty() {
            return Err(Failure::Usage("nothing to change: give a fact".to_owned()));
        }
        let asked = pb::UpdateCaseRequest {
            case: Some(case),
            update_mask: Some(prost_types::FieldMask { paths }),
            confirm_outside_region,
            request_id: request_id(),
        };
        call!(session, thuiszitter.update_case(asked))
    }

    /// Sets what was given; tells the names of those fields.
    fn change(self, case: &mut pb::Case, names: &Names) -> Outcome<Vec<String>> {
        let mut changed = Vec::new();
        if let Some(question) = self.question {
            case.question = question;
            changed.push("question");
        }
        if let Some(residence) = self.residence {
            case.residence_gemeente_code = residence;
            changed.push("residence_gemeente_code");
        }
        if let Some(regisseur) = self.regisseur {
            case.regisseur = names.resolve(&regisseur)?;
            changed.push("regisseur");
        }
        if let Some(day) = self.next_action {
            case.next_action_date = day.to_string();
            changed.push("next_action_date");
        }
        if self.absence_kind.is_some() || self.first_day.is_some() || !self.missed.is_empty() {
            let absence = case.absence.get_or_insert_default();
            set_absence(absence, self.absence_kind, self.first_day, self.missed);
            changed.push("absence");
        }
        if !self.milestone.is_empty() {
            let milestones = case.milestones.get_or_insert_default();
            self.milestone.iter().try_for_each(|text| set_milestone(milestones, text))?;
            changed.push("milestones");
        }
        if !self.parent.is_empty() {
            for parent in self.parent {
                set_parent(&mut case.parents, parent.wire(names)?);
            }
            changed.push("parents");
        }
        if !self.external.is_empty() {
            let given = self.external.iter().filter(|text| !text.is_empty());
            case.external_references = given
                .map(|text| {
                    let (system, id) = text.split_once('=').unwrap_or((text.as_str(), ""));
                    pb::case::ExternalReference { system: system.to_owned(), id: id.to_owned() }
                })
                .collect();
            changed.push("external_references");
        }
        Ok(changed.into_iter().map(str::to_owned).collect())
    }
}

fn set_absence(
    absence: &mut pb::case::Absence,
    kind: Option<Choice<pb::case::absence::Kind>>,
    first_day: Option<NaiveDate>,
    missed: Vec<Missed>,
) {
    if let Some(kind) = kind {
        absence.kind = kind.0.into();
    }
    if let Some(day) = first_day {
        absence.first_day = day.to_string();
    }
    for Missed(hours) in missed {
        absence.unauthorised.retain(|other| other.date != hours.date);
        absence.unauthorised.push(hours);
    }
    absence.unauthorised.sort_by(|one, other| one.date.cmp(&other.date));
}

fn set_milestone(milestones: &mut pb::case::Milestones, text: &str) -> Outcome<()> {
    let wrong = |text: String| Failure::Usage(format!("--milestone {text}"));
    let (fact, date) = text.split_once('=').unwrap_or((text, ""));
    if fact == "application_extended" {
        milestones.application_extended = match date {
            "yes" => true,
            "no" => false,
            _ => return Err(wrong("application_extended is yes or no".to_owned())),
        };
        return Ok(());
    }
    if fact == "extra_support_reason" {
        date.clone_into(&mut milestones.extra_support_reason);
        return Ok(());
    }
    let field = match fact {
        "enrolment_date" => &mut milestones.enrolment_date,
        "extra_support_date" => &mut milestones.extra_support_date,
        "opp_agreed_date" => &mut milestones.opp_agreed_date,
        "application_date" => &mut milestones.application_date,
        "application_decided_date" => &mut milestones.application_decided_date,
        "duo_report_date" => &mut milestones.duo_report_date,
        "offer_date" => &mut milestones.offer_date,
        "child_heard_date" => &mut milestones.child_heard_date,
        "opp_registered_date" => &mut milestones.opp_registered_date,
        _ => {
            return Err(wrong(format!(
                "`{fact}` is none of enrolment_date, extra_support_date, opp_agreed_date, application_date, \
                 application_extended, application_decided_date, duo_report_date, offer_date, \
                 child_heard_date, opp_registered_date"
            )));
        }
    };
    let day: NaiveDate = date.parse().map_err(|_| wrong(format!("{fact}: write 2026-11-20")))?;
    *field = day.to_string();
    Ok(())
}

/// A known parent changes in the fields that are given; any other is new.
fn set_parent(parents: &mut Vec<pb::case::Parent>, given: pb::case::Parent) {
    let known = parents.iter_mut().find(|known| !given.person.is_empty() && known.person == given.person);
    let Some(known) = known else {
        parents.push(given);
        return;
    };
    let texts = [
        (&mut known.display_name, given.display_name),
        (&mut known.email, given.email),
        (&mut known.phone, given.phone),
        (&mut known.language, given.language),
    ];
    for (field, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        *field = text;
    }
    if given.gezag != 0 {
        known.gezag = given.gezag;
    }
    // A secret address is made open again by hand only: leaving the word out must not do it.
    known.address_confidential |= given.address_confidential;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_s_hours_take_the_place_of_what_stood_there() {
        let mut absence = pb::case::Absence::default();
        for text in ["2026-11-17=3", "2026-11-16=2", "2026-11-17=5"] {
            set_absence(&mut absence, None, None, vec![text.parse().unwrap()]);
        }
        let hours: Vec<_> = absence.unauthorised.iter().map(|day| (day.date.as_str(), day.hours)).collect();
        assert_eq!(hours, [("2026-11-16", 2), ("2026-11-17", 5)]);
    }

    #[test]
    fn milestones_are_named_as_in_the_proto() {
        let mut milestones = pb::case::Milestones::default();
        assert!(set_milestone(&mut milestones, "opp_agreed_date=2026-11-20").is_ok());
        assert!(set_milestone(&mut milestones, "application_extended=yes").is_ok());
        assert_eq!(milestones.opp_agreed_date, "2026-11-20");
        assert!(milestones.application_extended);
        for wrong in ["opp=2026-11-20", "offer_date", "offer_date=soon"] {
            assert!(set_milestone(&mut milestones, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_known_parent_changes_and_a_secret_address_stays_secret() {
        let mut parents = vec![pb::case::Parent {
            person: "persons/1".into(),
            email: "old@example.org".into(),
            address_confidential: true,
            ..Default::default()
        }];
        let parent = |text: &str| text.parse::<Parent>().unwrap().0;
        set_parent(&mut parents, parent("person=persons/1,email=new@example.org"));
        set_parent(&mut parents, parent("name=Jan,gezag=no"));
        assert_eq!(parents.len(), 2);
        assert_eq!((parents[0].email.as_str(), parents[0].address_confidential), ("new@example.org", true));
    }
}
