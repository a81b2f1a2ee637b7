//! A school answers all questions of a round at once.

use schakel_domain::{
    access::{Class, Classes},
    ids::SurveyId,
    monitor::survey::{Value, misfits},
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

/// Keeps it in the place of what the caller's school answered before.
///
/// # Errors
/// `SURVEY_NOT_FOUND`, `ALREADY_ENDED`; every value that does not fit its question.
pub(super) async fn answer(tx: &Tx, id: SurveyId, values: &[Option<Value>]) -> Result<pb::SurveyReply> {
    let day = today(tx.now());
    let survey = store::get_to_answer(tx, id, day).await?;
    survey.round.is_open(day)?;
    let wrong = misfits(&survey.questions, values);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    // Who acts for a school acts for one.
    let school = store::own_schools(tx).and_then(|own| own.first().copied());
    let school = school.ok_or(Error::NotFound("SURVEY"))?;
    // What is left open at the end is left open all the same.
    let mut whole = values.to_vec();
    whole.resize(survey.questions.len(), None);
    let reply = store::answer(tx, (id, school), &whole).await?;
    let (object, classes) = ("survey", Classes::of(&[Class::K0]));
    tx.audit(Line { deed: Deed::U, object, id: Some(id.0), subject: None, classes }).await?;
    let mut answer = named(tx, id, vec![reply]).await?;
    Ok(answer.remove(0))
}
