//! A short text that names somebody after all goes for good, also once the round is closed.

use schakel_domain::{
    access::{Class, Classes},
    ids::{SchoolId, SurveyId},
    monitor::survey::Form,
    refusal::Refusal,
};
use schakel_proto::v1 as pb;

use super::{show::named, store};
use crate::{
    access::authenticate::today,
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// Whose answer to which question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub survey: SurveyId,
    pub school: SchoolId,
    /// Its place among the questions.
    pub question: usize,
}

/// Leaves the answer open.
///
/// # Errors
/// `SURVEY_NOT_FOUND`, also of a school that is not asked; a question that no short text answers.
pub(super) async fn redact(tx: &Tx, wish: Wish) -> Result<pb::SurveyReply> {
    let survey = store::get(tx, wish.survey, today(tx.now())).await?;
    let asked = survey.questions.get(wish.question);
    if !asked.is_some_and(|question| matches!(question.form, Form::ShortText)) {
        return Err(Error::field("question", Refusal::FieldInvalid));
    }
    let reply = store::redact(tx, (wish.survey, wish.school), wish.question).await?;
    let (object, classes) = ("survey", Classes::of(&[Class::K0]));
    tx.audit(Line { deed: Deed::U, object, id: Some(wish.survey.0), subject: None, classes }).await?;
    let mut answer = named(tx, wish.survey, vec![reply]).await?;
    Ok(answer.remove(0))
}
