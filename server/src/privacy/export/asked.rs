//! Requests for a helper about the case, in an export.

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::access::Class;
use serde::Serialize;

use super::gather::Gatherer;
use crate::{error::Result, hulpvraag::request::Hulpvraag};

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Request {
    pub hulpvraag: String,
    pub state: String,
    pub school: Option<String>,
    pub team: Option<String>,
    pub role: String,
    pub target_date: NaiveDate,
    pub category: Option<String>,
    pub question: Option<String>,
    pub reason: Option<String>,
    pub created_at: DateTime<Utc>,
    pub answered_at: Option<DateTime<Utc>>,
    pub answer_due_date: NaiveDate,
    pub consultation: Option<String>,
}

impl Gatherer<'_> {
    /// One of them, as far as the caller may see it.
    pub(super) async fn request(&self, asked: &Hulpvraag) -> Result<Request> {
        let keys = self.tx.subject_keys(&[asked.subject]).await?;
        let open = |column, sealed: Option<&[u8]>| {
            let sealed = sealed.filter(|_| self.classes.has(Class::K4));
            keys.open_if(asked.subject, asked.place(column), sealed)
        };
        let state: &str = asked.state.into();
        Ok(Request {
            hulpvraag: asked.id.to_string(),
            state: state.to_owned(),
            school: self.called(Some(asked.school.0)),
            team: self.called(Some(asked.team.0)),
            role: asked.role.to_string(),
            target_date: asked.target,
            category: asked.category.map(|category| category.to_string()),
            question: open("sealed_question", Some(&asked.sealed_question))?,
            reason: open("sealed_reason", asked.sealed_reason.as_deref())?,
            created_at: asked.created,
            answered_at: asked.answered,
            answer_due_date: asked.answer_due,
            consultation: asked.state.consultation().map(|meeting| meeting.to_string()),
        })
    }
}
