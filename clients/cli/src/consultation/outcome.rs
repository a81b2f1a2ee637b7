//! What came of a meeting.

use std::str::FromStr;

use chrono::NaiveDate;
use schakel_client::v1 as pb;

use super::Which;
use crate::{
    pairs::pairs,
    session::{Names, Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// Who was there
    #[arg(long, value_name = "PERSON")]
    attended: Vec<Reference>,
    /// Whether the child was heard: DIRECTLY, `THROUGH_OTHERS` or NO
    #[arg(long)]
    child_heard: Option<Choice<pb::outcome::ChildHeard>>,
    /// How the child was heard, or why not
    #[arg(long, value_name = "TEXT")]
    child_heard_note: Option<String>,
    /// Whether help of the team is wanted: JA, NEE, `NOG_NIET` or `NIET_BESPROKEN`
    #[arg(long, value_name = "ANSWER")]
    help_wanted: Option<Choice<pb::outcome::JgtHulpGewenst>>,
    /// A parent who decided that
    #[arg(long, value_name = "PERSON")]
    decided_with: Vec<Reference>,
    /// For JA: the role that is asked for [default: SMW]
    #[arg(long, value_name = "ROLE")]
    help_role: Option<Choice<pb::Role>>,
    /// For JA: by when [default: two weeks on]
    #[arg(long, value_name = "DATE")]
    help_by: Option<NaiveDate>,
    /// For JA: what the question is about, for the figures of demand
    #[arg(long, value_name = "CATEGORY")]
    help_about: Option<Choice<pb::hulpvraag::Category>>,
    /// What was agreed
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
    /// What is to be done: text=…,owner=…,due=DATE
    #[arg(long)]
    action: Vec<Action>,
    /// Whether there is agreement, for an OOGO: REACHED, `NOT_REACHED` or DISPUTE
    #[arg(long)]
    agreement: Option<Choice<pb::outcome::Agreement>>,
    /// Nothing was decided, because too few came or for want of time
    #[arg(long)]
    not_decided: bool,
    /// It did not take place; of a part: its turn did not come
    #[arg(long)]
    not_held: bool,
}

impl Arguments {
    pub(super) async fn run(self, session: &Session) -> Outcome<pb::Consultation> {
        let names = &session.names;
        let people = |given: Vec<Reference>| -> Outcome<Vec<String>> {
            given.iter().map(|person| names.resolve(person)).collect()
        };
        let outcome = pb::Outcome {
            attended: people(self.attended)?,
            child_heard: self.child_heard.map_or(0, |heard| heard.0.into()),
            child_heard_note: self.child_heard_note.unwrap_or_default(),
            jgt_hulp_gewenst: self.help_wanted.map_or(0, |wanted| wanted.0.into()),
            jgt_decided_with: people(self.decided_with)?,
            jgt_role: self.help_role.map_or(0, |role| role.0.into()),
            jgt_target_date: self.help_by.map(|day| day.to_string()).unwrap_or_default(),
            jgt_category: self.help_about.map_or(0, |about| about.0.into()),
            summary: self.summary.unwrap_or_default(),
            actions: self.action.iter().map(|action| action.wire(names)).collect::<Outcome<_>>()?,
            agreement: self.agreement.map_or(0, |agreement| agreement.0.into()),
            not_decided: self.not_decided,
            not_held: self.not_held,
            ..Default::default()
        };
        let (name, etag) = self.which.read(session).await?;
        let asked = pb::RecordOutcomeRequest { name, outcome: Some(outcome), etag, request_id: request_id() };
        call!(session, consultation.record_outcome(asked))
    }
}

/// Something that somebody will do.
#[derive(Debug, Clone, PartialEq)]
struct Action {
    text: String,
    owner: Reference,
    due: NaiveDate,
}

impl FromStr for Action {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let pairs = pairs(text, &["text", "owner", "due"])?;
        let value = |key| {
            let found = pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
            found.ok_or_else(|| format!("`{key}=` is missing"))
        };
        Ok(Self {
            text: value("text")?.to_owned(),
            owner: Reference(value("owner")?.to_owned()),
            due: value("due")?.parse().map_err(|_| "write the day as due=2026-12-01".to_owned())?,
        })
    }
}

impl Action {
    fn wire(&self, names: &Names) -> Outcome<pb::outcome::Action> {
        Ok(pb::outcome::Action {
            name: String::new(),
            text: self.text.clone(),
            owner: names.resolve(&self.owner)?,
            due_date: self.due.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_has_a_text_an_owner_and_a_day() {
        let action: Action = "text=Rooster maken, samen,owner=@iber,due=2026-12-01".parse().unwrap();
        assert_eq!(action.text, "Rooster maken, samen");
        assert_eq!(action.owner, Reference("@iber".into()));
        for wrong in ["text=x,owner=@iber", "text=x,owner=@iber,due=soon", "Rooster maken"] {
            assert!(wrong.parse::<Action>().is_err(), "{wrong}");
        }
    }
}
