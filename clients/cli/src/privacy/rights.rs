//! What people may ask about their data: to see it, to have it put right, set aside or kept.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use schakel_client::v1 as pb;

use super::write;
use crate::{
    failure::Failure,
    progress::Progress,
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// The cases of a child, by name and birth date or by the spoken reference
    #[command(
        after_help = "Example: schakelctl --as fg privacy find --name 'Noor Jansen' --birth-date 2017-05-14"
    )]
    Find {
        /// The child's name
        #[arg(long, default_value = "")]
        name: String,
        /// Its birth date
        #[arg(long, default_value = "")]
        birth_date: String,
        /// Or the reference of the case
        #[arg(long, default_value = "")]
        reference: String,
    },
    /// How a case stands: restricted, held, put right, and until when it is kept
    #[command(after_help = "Example: schakelctl --as fg privacy rights @case")]
    Rights {
        /// `cases/…`
        case: Reference,
    },
    /// Read, not written from now on (AVG 18)
    #[command(
        after_help = "Example: schakelctl privacy restrict @case --ground ACCURACY --note 'De dagen kloppen niet'"
    )]
    Restrict {
        /// `cases/…`
        case: Reference,
        /// Why
        #[arg(long)]
        ground: Choice<pb::RestrictionGround>,
        /// In the words of who asked
        #[arg(long, default_value = "")]
        note: String,
        /// Also call off its coming meetings
        #[arg(long)]
        cancel_meetings: bool,
    },
    /// End a restriction
    #[command(after_help = "Example: schakelctl --as fg privacy lift-restriction @case")]
    LiftRestriction {
        /// `cases/…`
        case: Reference,
        /// Why
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Keep a case from being destroyed
    #[command(after_help = "Example: schakelctl --as fg privacy hold @case --reason 'Er loopt een bezwaar'")]
    Hold {
        /// `cases/…`
        case: Reference,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// End one such reason
    #[command(after_help = "Example: schakelctl --as fg privacy lift-hold @case legalHolds/0198…")]
    LiftHold {
        /// `cases/…`
        case: Reference,
        /// `legalHolds/…`
        name: Reference,
    },
    /// Write all about the child of a case to a file (AVG 15)
    #[command(after_help = "Example: schakelctl --as fg privacy export @case --format HTML inzage.html")]
    Export {
        /// `cases/…`
        case: Reference,
        /// A page for people, or JSON for programs
        #[arg(long)]
        format: Choice<pb::export_subject_request::Format>,
        /// For whom: the child, or a parent [default: the child]
        #[arg(long)]
        person: Option<Reference>,
        /// Where to; must not exist
        file: PathBuf,
    },
    /// Put a fact right, or add the person's own statement (AVG 16)
    #[command(
        after_help = "Example: schakelctl privacy rectify @case --person @parent --set email=noor@example.org --asked-by PARENT --reason 'Nieuw adres'"
    )]
    Rectify {
        /// `cases/…`
        case: Reference,
        /// The child or a parent of the case
        #[arg(long)]
        person: Reference,
        /// Of: `display_name`, `birth_date`, email, phone, `address_confidential`
        #[arg(long, value_name = "FACT=VALUE")]
        set: Vec<String>,
        /// What the person says about a fact that stays
        #[arg(long, default_value = "")]
        statement: String,
        /// Who asked
        #[arg(long)]
        asked_by: Choice<pb::Requester>,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

/// The facts that `set` names, and their mask.
fn facts(set: &[String]) -> Outcome<(pb::PersonFacts, Vec<String>)> {
    let mut facts = pb::PersonFacts::default();
    let mut paths = Vec::with_capacity(set.len());
    for pair in set {
        let (fact, value) = pair.split_once('=').unwrap_or((pair, ""));
        match fact {
            "display_name" => value.clone_into(&mut facts.display_name),
            "birth_date" => value.clone_into(&mut facts.birth_date),
            "email" => value.clone_into(&mut facts.email),
            "phone" => value.clone_into(&mut facts.phone),
            "address_confidential" => facts.address_confidential = value == "true",
            _ => return Err(Failure::Usage(format!("`{fact}` is not a fact that can be put right"))),
        }
        paths.push(fact.to_owned());
    }
    Ok((facts, paths))
}

impl Verb {
    pub(super) async fn run(self, session: &Session) -> Outcome<Answer> {
        let request_id = request_id();
        let rights = match self {
            Self::Find { name, birth_date, reference } => {
                let asked = pb::FindSubjectRequest { display_name: name, birth_date, reference };
                return Ok(Answer::of(&call!(session, privacy.find_subject(asked))?));
            }
            Self::Rights { case } => {
                let asked = pb::GetCaseRightsRequest { name: session.resolve(&case)? };
                call!(session, privacy.get_case_rights(asked))?
            }
            Self::Restrict { case, ground, note, cancel_meetings } => {
                let name = session.resolve(&case)?;
                let ground = ground.0.into();
                let asked = pb::RestrictCaseRequest { name, ground, note, cancel_meetings, request_id };
                call!(session, privacy.restrict_case(asked))?
            }
            Self::LiftRestriction { case, note } => {
                let asked = pb::LiftRestrictionRequest { name: session.resolve(&case)?, note, request_id };
                call!(session, privacy.lift_restriction(asked))?
            }
            Self::Hold { case, reason } => {
                let asked = pb::SetLegalHoldRequest { case: session.resolve(&case)?, reason, request_id };
                call!(session, privacy.set_legal_hold(asked))?
            }
            Self::LiftHold { case, name } => {
                let (case, name) = (session.resolve(&case)?, session.resolve(&name)?);
                let asked = pb::LiftLegalHoldRequest { case, name, request_id };
                call!(session, privacy.lift_legal_hold(asked))?
            }
            Self::Export { case, format, person, file } => {
                let case = session.resolve(&case)?;
                let person = session.resolve_if(person.as_ref())?;
                let asked = pb::ExportSubjectRequest { case, format: format.0.into(), person };
                return export(session, asked, &file).await;
            }
            Self::Rectify { case, person, set, statement, asked_by, reason } => {
                let (facts, paths) = facts(&set)?;
                let asked = pb::RectifySubjectRequest {
                    case: session.resolve(&case)?,
                    person: session.resolve(&person)?,
                    facts: Some(facts),
                    update_mask: Some(prost_types::FieldMask { paths }),
                    statement,
                    asked_by: asked_by.0.into(),
                    reason,
                    request_id,
                };
                return Ok(Answer::of(&call!(session, privacy.rectify_subject(asked))?));
            }
        };
        Ok(Answer::of(&rights))
    }
}

async fn export(session: &Session, asked: pb::ExportSubjectRequest, file: &Path) -> Outcome<Answer> {
    let mut pieces = call!(session, privacy.export_subject(asked))?;
    let mut bytes = Vec::new();
    let mut progress = Progress::of("bytes read", 0);
    while let Some(one) = pieces.message().await? {
        progress.add(one.piece.len());
        bytes.extend(one.piece);
    }
    write(file, &bytes)?;
    Ok(Answer::nothing())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_named_one_by_one() {
        let set = ["email=a@b.example".to_owned(), "address_confidential=true".to_owned()];
        let (facts, paths) = facts(&set).unwrap_or_else(|_| panic!("these are facts"));
        assert_eq!((facts.email.as_str(), facts.address_confidential), ("a@b.example", true));
        assert_eq!(paths, ["email", "address_confidential"]);
        assert!(super::facts(&["bsn=1".to_owned()]).is_err());
    }
}
